/** All that was measured, wherever it is kept: the page's seconds, and the program's archive before them. */

import { Archive, getJson, joined } from "./archive";
import { bus } from "./bus";
import { lookingUntil } from "./clock";
import type { Column, Plot, Span } from "./history";
import { model } from "./model";
import { useSession } from "./session";

const archive = new Archive(getJson, () => bus.markAll());

/** Asks how far back a session goes, at each of its beginnings: a page may come late. */
useSession.subscribe(({ status, connection }, before) => {
  const session = status?.session ?? 0;
  const another = session !== (before.status?.session ?? 0);
  const back = connection.state === "open" && before.connection.state !== "open";
  if (another || back) archive.begin(session);
});

/** From the first second that is kept to the last; `null` before the first packet. */
export function measured(): Span | null {
  const held = model.history.span();
  if (held === null) return null;
  archive.beganWith(held.from);
  return { from: Math.min(held.from, archive.earliest ?? held.from), to: held.to };
}

/** The lines of `columns` over `span`: in about so many steps with least and greatest value, or every value kept. */
export function measuredPlot(columns: readonly Column[], span: Span, steps: number | "every"): Plot {
  const held = model.history.span();
  const every = steps === "every";
  const most = every ? Number.POSITIVE_INFINITY : steps;
  const recent = model.history.plot(columns, span, most, lookingUntil(span.to));
  if (held === null || span.from >= held.from || (archive.earliest ?? held.from) >= held.from) return recent;
  const part = { from: span.from, to: Math.min(span.to, held.from - 1) };
  return joined(archive.plot(columns, part, every), recent, model.history.firstStretch());
}
