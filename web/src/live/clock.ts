/** The session's own time, which the pages show instead of the viewer's clock. */

import { model } from "./model";
import { useSession } from "./session";

/** How long the program waits for late packets of a second that is over, before it counts it. */
const GRACE_MS = 100;

/** The last second that is over and counted, as far as it is shown; `null` before the first packet. */
export function lastSecond(): number | null {
  const held = model.history.span()?.to ?? null;
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
