/** What the address of the page of hosts holds. */

import type { HostColumn } from "../../generated/HostColumn";
import { type ListSearch, listSearch, textOf } from "../parts/list/address";

export interface HostsSearch extends ListSearch<string, HostColumn> {
  /** Only local hosts, or only others. */
  local?: boolean;
  /** ISO 3166-1 alpha-2; blank for hosts of which none is known. */
  country?: string;
  app?: string;
  active?: true;
}

/** Every column the program sorts by; the compiler asks for each. */
const SORTS: Record<HostColumn, true> = {
  bytes: true,
  bytes_in: true,
  bytes_out: true,
  packets: true,
  flows: true,
  rtt: true,
  resent: true,
  first_seen: true,
  last_seen: true,
  address: true,
  name: true,
  country: true,
  organization: true,
};

/** Where nobody chose: who moves most comes first. */
export const USUAL_SORT: HostColumn = "bytes";

const COUNTRY = /^[A-Z]{2}$/;

/** An address is typed and pasted by people: what does not fit is left out. */
export function hostsSearch(search: Record<string, unknown>): HostsSearch {
  const found: HostsSearch = listSearch(search, SORTS);
  if (typeof search.local === "boolean") found.local = search.local;
  const country = textOf(search.country).toUpperCase();
  if (search.country === "" || COUNTRY.test(country)) found.country = country;
  const app = textOf(search.app);
  if (app !== "") found.app = app;
  if (search.active === true) found.active = true;
  const sel = textOf(search.sel);
  if (isAddress(sel)) found.sel = sel;
  return found;
}

/** What an address of IPv6 is made of; whether it is one, the browser knows. */
const MAY_BE_IPV6 = /^[\da-f:.]*:[\da-f:.]*$/i;
const IPV4 = /^(?:(?:25[0-5]|2[0-4]\d|1\d\d|[1-9]?\d)(?:\.(?!$)|$)){4}$/;

/** Whether it is an IP address, without a zone or a prefix. */
function isAddress(text: string): boolean {
  return IPV4.test(text) || (MAY_BE_IPV6.test(text) && URL.canParse(`http://[${text}]`));
}
