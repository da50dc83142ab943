/** The session's own time, which the pages show instead of the viewer's clock. */

import type { Span } from "./history";
import { model } from "./model";
import { useSession } from "./session";

/** How long the program waits for late packets of a second that is over, before it counts it. */
const GRACE_MS = 100;

/** A first second in part and a last one in part have a whole one between them. */
const WHOLE_FROM_S = 2;

/**
 * The second in which the session's time stands, if something was counted in it; `null` while there is none.
 *
 * Seconds are counted when they are over, but for the one in which a capture or a file ends. A part drawn like the
 * whole ones would be a dive that never was. Where there is no whole second the parts are all there is.
 */
function cutOff(): number | null {
  const held = model.history.span();
  // The seconds come in also while the view is paused.
  const now_ms = model.latest.totals?.now_ms ?? null;
  if (held === null || now_ms === null || held.to - held.from < WHOLE_FROM_S) return null;
  return now_ms < (held.to + 1) * 1000 ? held.to : null;
}

/** As much of `span` as may be drawn: not the second in which the session ended. */
export function drawable(span: Span): Span {
  const end = cutOff();
  return end !== null && span.to >= end ? { from: span.from, to: end - 1 } : span;
}

/** From the first second that is held to the last that may be drawn; `null` before the first packet. */
export function heldSpan(): Span | null {
  const held = model.history.span();
  return held === null ? null : drawable(held);
}

/** The last second that is over and counted, as far as it is shown; `null` before the first packet. */
export function lastSecond(): number | null {
  const held = heldSpan()?.to ?? null;
  const now_ms = model.shown.totals?.now_ms ?? null;
  if (now_ms === null) return held;
  // Any later and a second that is not counted yet would be drawn as silence, at each of its ends.
  const over = Math.floor((now_ms - GRACE_MS) / 1000) - 1;
  // While the view is paused the seconds go on to come in, but its time stands still.
  return isPaused() ? over : Math.max(held ?? over, over);
}

function isPaused(): boolean {
  return useSession.getState().pausedAtPackets !== null;
}

/** Up to when silence is silence: while a capture or the demo runs, and not beyond the end of a file. */
export function lookingUntil(to: number): number | null {
  const status = useSession.getState().status;
  const now = lastSecond();
  if (status?.state !== "running" || status.source?.kind === "file" || now === null) return null;
  return Math.min(to, now);
}
