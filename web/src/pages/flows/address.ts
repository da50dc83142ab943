/** What the address of the page of flows holds. */

import type { FlowColumn } from "../../generated/FlowColumn";
import { type ListSearch, listSearch, textOf } from "../parts/list/address";

export interface FlowsSearch extends ListSearch<number, FlowColumn> {
  protocol?: string;
  /** An application; blank for the flows of which it is not known. */
  app?: string;
  active?: true;
}

/** Every column the program sorts by; the compiler asks for each. */
const SORTS: Record<FlowColumn, true> = {
  bytes: true,
  bytes_up: true,
  bytes_down: true,
  packets: true,
  throughput: true,
  first_seen: true,
  last_seen: true,
  duration: true,
  rtt: true,
  resent: true,
  client: true,
  server: true,
  protocol: true,
  state: true,
  app: true,
  hostname: true,
};

/** Where nobody chose: who moves most comes first. */
export const USUAL_SORT: FlowColumn = "bytes";

/** An address is typed and pasted by people: what does not fit is left out. */
export function flowsSearch(search: Record<string, unknown>): FlowsSearch {
  const found: FlowsSearch = listSearch(search, SORTS);
  const protocol = textOf(search.protocol);
  if (protocol !== "") found.protocol = protocol;
  if (search.app === "") found.app = "";
  else if (textOf(search.app) !== "") found.app = textOf(search.app);
  if (search.active === true) found.active = true;
  const sel = Number(search.sel);
  if (search.sel !== null && search.sel !== "" && Number.isSafeInteger(sel) && sel >= 0) found.sel = sel;
  return found;
}
