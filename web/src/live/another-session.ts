/** What belonged to one session means something else in the next. */

import { useEffect, useRef } from "react";
import { useSession } from "./session";

/** Calls `then`, constant or memoised, when another session takes the place of the one that was looked at. */
export function useAnotherSession(then: () => void): void {
  const session = useSession((state) => state.status?.session ?? null);
  const before = useRef<number | null>(null);
  useEffect(() => {
    const another = before.current !== null && session !== null && before.current !== session;
    before.current = session ?? before.current;
    if (another) then();
  }, [session, then]);
}
