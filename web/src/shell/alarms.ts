/** Something critical that begins is said once, on whichever page. */

import { useEffect, useRef } from "react";
import type { Findings } from "../generated/Findings";
import { announce } from "../lib/announce";
import { strings } from "../lib/strings";
import { useSession } from "../live/session";

export function useAlarms(): void {
  const findings = useSession((session) => session.findings);
  const told = useRef<Told | null>(null);
  useEffect(() => {
    if (findings === null) return;
    const before = told.current?.session === findings.session ? told.current.ids : null;
    const critical = findings.findings.filter(({ holds, severity }) => holds && severity === "critical");
    // What held already when the page came is no news: it stands where everybody sees it.
    const news = before === null ? undefined : critical.find(({ id }) => !before.has(id));
    if (news !== undefined) announce(strings.announce.critical(news.title));
    told.current = { session: findings.session, ids: withThose(before, critical) };
  }, [findings]);
}

interface Told {
  session: number;
  ids: ReadonlySet<number>;
}

/** One that ends and begins again is not said again. */
function withThose(before: ReadonlySet<number> | null, critical: Findings["findings"]): ReadonlySet<number> {
  return new Set([...(before ?? []), ...critical.map(({ id }) => id)]);
}
