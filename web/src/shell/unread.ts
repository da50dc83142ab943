/** How many summaries nobody has looked at in this tab, and that there are new ones, said once. */

import { useEffect, useRef } from "react";
import { announce } from "../lib/announce";
import { count } from "../lib/format";
import { strings } from "../lib/strings";
import { useSession } from "../live/session";
import { sessionName, unreadOf, useSeen } from "../live/unread";

export function useUnread(): number {
  const status = useSession((session) => session.status);
  const summaries = useSession((session) => session.summaries);
  const seen = useSeen((state) => state.seen);
  const known = status !== null && summaries !== null;
  const unread = known ? unreadOf(summaries, sessionName(status), seen) : 0;
  const before = useRef<number | null>(null);
  useEffect(() => {
    if (!known) return;
    // What was there when the page came is no news: the mark says it.
    if (before.current !== null && unread > before.current) announce(strings.announce.said(count(unread)));
    before.current = unread;
  }, [known, unread]);
  return unread;
}
