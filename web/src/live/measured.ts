/** All that was measured, wherever it is kept: the page's seconds, and the program's archive before them. */

import { Archive, joined } from "./archive";
import { getJson } from "./buckets";
import { bus } from "./bus";
import { drawable, heldSpan, lookingUntil } from "./clock";
import type { Column, Plot, Span, Steps } from "./history";
import { model } from "./model";
import { ProtocolHistory, type ProtocolLine } from "./protocol-history";
import { useSession } from "./session";

const archive = new Archive(getJson, () => bus.markAll());
const protocols = new ProtocolHistory(getJson, () => bus.markAll());

/** Asks how far back a session goes, at each of its beginnings: a page may come late. */
useSession.subscribe(({ status, connection }, before) => {
  const session = status?.session ?? 0;
  const another = session !== (before.status?.session ?? 0);
  const back = connection.state === "open" && before.connection.state !== "open";
  if (another || back) archive.begin(session);
});

/** From the first second that is kept to the last that may be drawn; `null` before the first packet. */
export function measured(): Span | null {
  const held = heldSpan();
  if (held === null) return null;
  archive.beganWith(held.from);
  return { from: Math.min(held.from, archive.earliest ?? held.from), to: held.to };
}

/**
 * The lines of `columns` over `span`: in about so many steps, each of them what `how` says, or every value kept, where a
 * bucket of the archive is its mean.
 */
export function measuredPlot(
  columns: readonly Column[],
  span: Span,
  steps: number | "every",
  how: Steps = "extremes",
): Plot {
  const held = heldSpan();
  const shown = drawable(span);
  const every = steps === "every";
  const most = every ? Number.POSITIVE_INFINITY : steps;
  const recent = model.history.plot(columns, shown, most, lookingUntil(shown.to), how);
  if (held === null || span.from >= held.from || (archive.earliest ?? held.from) >= held.from) return recent;
  const part = { from: span.from, to: Math.min(span.to, held.from - 1) };
  const older = archive.plot(columns, part, every ? "means" : how);
  return joined(older, recent, model.history.firstStretch());
}

/** The lines over `span`; `null` until something came. `chosen` are all protocols that are looked at. */
export function protocolPlot(
  chosen: readonly string[],
  lines: readonly ProtocolLine[],
  span: Span,
  how: Steps,
): Plot | null {
  const kept = measured();
  if (kept === null) return null;
  const { from, to } = drawable(span);
  const whole = { from: Math.max(Math.floor(from), kept.from), to: Math.floor(to) };
  const session = useSession.getState().status?.session ?? 0;
  return protocols.plot(
    { session, protocols: chosen.join(","), span: whole },
    lines,
    lookingUntil(whole.to),
    how,
  );
}
