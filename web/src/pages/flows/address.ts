/** What the address of the page of flows holds. */

import type { FlowColumn } from "../../generated/FlowColumn";

export interface FlowsSearch {
  filter?: string;
  protocol?: string;
  /** An application; blank for the flows of which it is not known. */
  app?: string;
  active?: true;
  sort?: FlowColumn;
  /** Whether the smallest come first; left out where the largest do. */
  rising?: true;
  /** The names of the columns, with commas between them. */
  columns?: string;
  /** The flow whose sheet is open. */
  sel?: number;
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
  const found: FlowsSearch = {};
  const filter = textOf(search.filter);
  if (filter !== "") found.filter = filter;
  const protocol = textOf(search.protocol);
  if (protocol !== "") found.protocol = protocol;
  if (search.app === "") found.app = "";
  else if (textOf(search.app) !== "") found.app = textOf(search.app);
  if (search.active === true) found.active = true;
  if (isSort(search.sort)) found.sort = search.sort;
  if (search.rising === true) found.rising = true;
  const columns = textOf(search.columns);
  if (columns !== "") found.columns = columns;
  const sel = Number(search.sel);
  if (search.sel !== null && search.sel !== "" && Number.isSafeInteger(sel) && sel >= 0) found.sel = sel;
  return found;
}

/** A filter of digits is read as a number by the router. */
function textOf(value: unknown): string {
  return typeof value === "string" || typeof value === "number" ? String(value).trim() : "";
}

function isSort(value: unknown): value is FlowColumn {
  return typeof value === "string" && Object.hasOwn(SORTS, value);
}
