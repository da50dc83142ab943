/** What the address of the page of summaries holds, and what it leaves in the list. */

import type { Severity } from "../../generated/Severity";
import type { Summary } from "../../generated/Summary";

export interface SummariesSearch {
  /** The least severity that is shown; left out for all. */
  severity?: Exclude<Severity, "info">;
}

/** An address is typed and pasted by people: what does not fit is left out. */
export function summariesSearch(search: Record<string, unknown>): SummariesSearch {
  const { severity } = search;
  return severity === "warning" || severity === "critical" ? { severity } : {};
}

const RANK: Record<Severity, number> = { info: 0, warning: 1, critical: 2 };

/** The newest first, those that are severe enough. */
export function shownOf(
  list: readonly Summary[],
  { severity = "info" }: SummariesSearch | { severity?: Severity },
) {
  return list.filter((summary) => RANK[summary.severity] >= RANK[severity]).toReversed();
}
