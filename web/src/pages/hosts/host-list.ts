/** The hosts that fit, in their order. */

import type { HostListed } from "../../generated/HostListed";
import type { HostQuery } from "../../generated/HostQuery";
import type { HostWindow } from "../../generated/HostWindow";
import { RowList } from "../parts/list/row-list";

/** What is wanted of the list, wherever in it one looks. */
export type HostOrder = Omit<HostQuery, "offset" | "limit">;

export type FindHosts = (query: HostQuery) => Promise<HostWindow>;

export const addressOf = ({ address }: HostListed): string => address;

export class HostList extends RowList<HostListed, string, HostOrder> {
  constructor(find: FindHosts, changed: () => void) {
    super(find, addressOf, changed);
  }
}
