/** The session's own time, which the pages show instead of the viewer's clock. */

import { model } from "./model";
import { useSession } from "./session";

/** The last second that is over, as far as it is shown; `null` before the first packet. */
export function lastSecond(): number | null {
  const held = model.history.span()?.to ?? null;
  const now_ms = model.shown.totals?.now_ms ?? null;
  if (now_ms === null) return held;
  const over = Math.floor(now_ms / 1000) - 1;
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
