/** The flows that fit, in their order. */

import type { FlowListed } from "../../generated/FlowListed";
import type { FlowQuery } from "../../generated/FlowQuery";
import type { FlowWindow } from "../../generated/FlowWindow";
import { RowList, rowsForFile } from "../parts/list/row-list";

/** What is wanted of the list, wherever in it one looks. */
export type FlowOrder = Omit<FlowQuery, "offset" | "limit">;

export type FindFlows = (query: FlowQuery) => Promise<FlowWindow>;

export const idOf = ({ id }: FlowListed): number => id;

export class FlowList extends RowList<FlowListed, number, FlowOrder> {
  constructor(find: FindFlows, changed: () => void) {
    super(find, idOf, changed);
  }
}

/** The flows that fit, in their order, for a file. */
export function flowsForFile(order: FlowOrder, find: FindFlows): Promise<FlowListed[]> {
  return rowsForFile(order, find, idOf);
}
