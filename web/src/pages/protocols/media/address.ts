/** What the address holds of streams and calls. */

import { CALL_SORTS, type CallSort, type Order, STREAM_SORTS, type StreamSort } from "./order";

export interface MediaSearch {
  /** Left out where single protocols are looked at. */
  view?: "calls";
  /** What the list in sight is sorted by; left out where the newest come first. */
  sort?: StreamSort | CallSort;
  /** Whether the smallest come first; left out where the largest do. */
  rising?: true;
  /** The stream whose sheet is open. */
  stream?: number;
  /** The call whose sheet is open. */
  call?: number;
}

/** What does not fit is left out, also what belongs to the other list. */
export function mediaSearch(search: Record<string, unknown>): MediaSearch {
  const found: MediaSearch = {};
  const calls = search.view === "calls";
  if (calls) found.view = "calls";
  const sort = [...(calls ? CALL_SORTS : STREAM_SORTS)].find((name) => name === search.sort);
  if (sort !== undefined) found.sort = sort;
  if (search.rising === true) found.rising = true;
  const open = calls ? "call" : "stream";
  const id = idOf(search[open]);
  if (id !== null) found[open] = id;
  return found;
}

function idOf(value: unknown): number | null {
  const id = typeof value === "number" ? value : Number.NaN;
  return Number.isSafeInteger(id) && id >= 0 ? id : null;
}

export function streamOrder({ sort, rising }: MediaSearch): Order<StreamSort> {
  return { sort: STREAM_SORTS.find((name) => name === sort) ?? "began", rising: rising === true };
}

export function callOrder({ sort, rising }: MediaSearch): Order<CallSort> {
  return { sort: CALL_SORTS.find((name) => name === sort) ?? "began", rising: rising === true };
}

/** As the address says an order: the usual one is left out. */
export function orderSearch({ sort, rising }: Order<StreamSort | CallSort>): MediaSearch {
  return { ...(sort === "began" ? {} : { sort }), ...(rising ? { rising } : {}) };
}
