/** Asks the program again while what it says may change. */

import { useEffect } from "react";
import type { AppsTopic } from "../../generated/AppsTopic";
import { useSession } from "../../live/session";

const ASK_EVERY_MS = 1_000;

/** Tells whether the session goes on, so that what was asked a second ago may be different. */
function useGoesOn(): boolean {
  return useSession(
    ({ status, pausedAtPackets }) =>
      pausedAtPackets === null && (status?.state === "running" || status?.state === "stopping"),
  );
}

/** What the rules are: another one labels everything anew, also in a session that has ended. */
function rulesKey(apps: AppsTopic | null): string {
  return apps === null ? "" : JSON.stringify(apps.rules);
}

/**
 * Calls `ask` at once, whenever it is another one, when the connection or the session comes back or ends, when there
 * are other rules for labels, and once a second while the session runs and the page is in sight. A paused view asks for nothing by itself.
 */
export function useAskAgain(ask: () => void): void {
  const connected = useSession((session) => session.connection.state === "open");
  const goesOn = useGoesOn();
  const rules = useSession(({ apps }) => rulesKey(apps));
  // biome-ignore lint/correctness/useExhaustiveDependencies: other rules are a reason to ask
  useEffect(() => {
    if (!connected) return;
    ask();
    if (!goesOn) return;
    const timer = setInterval(() => {
      if (!document.hidden) ask();
    }, ASK_EVERY_MS);
    return () => clearInterval(timer);
  }, [ask, connected, goesOn, rules]);
}
