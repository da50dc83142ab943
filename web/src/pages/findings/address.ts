/** What the address of the page of findings holds, and what it leaves in the list. */

import type { Finding } from "../../generated/Finding";
import { byGravity } from "../parts/words/gravity";

export interface FindingsSearch {
  /** Also those that are over. */
  all?: true;
  /** The finding whose details are open, by its id. */
  sel?: number;
}

/** An address is typed and pasted by people: what does not fit is left out. */
export function findingsSearch(search: Record<string, unknown>): FindingsSearch {
  const found: FindingsSearch = {};
  if (search.all === true) found.all = true;
  const sel = typeof search.sel === "number" ? search.sel : Number.NaN;
  if (Number.isSafeInteger(sel) && sel >= 0) found.sel = sel;
  return found;
}

/**
 * In the order of the program: what holds first, then the gravest, then the newest. Of a session that has ended nothing
 * is left out, and the gravest comes first: there is no now that it could be over at.
 */
export function shownOf(
  list: readonly Finding[],
  { all }: FindingsSearch,
  ended: boolean,
): readonly Finding[] {
  if (ended) return byGravity(list);
  return all === true ? list : list.filter(({ holds }) => holds);
}
