/** Why the list of flows is empty, and what can be done about it. */

import { flowStrings } from "../../lib/flow-strings";
import { NoRows } from "../parts/list/NoRows";
import type { FlowList, FlowOrder } from "./flow-list";

interface Props {
  list: Pick<FlowList, "matched" | "total" | "problem">;
  order: FlowOrder;
  onClear: () => void;
}

export function NoFlows({ list, order, onClear }: Props) {
  return <NoRows words={flowStrings} list={list} reason={reasonFor(order)} onClear={onClear} />;
}

function reasonFor({ text, protocol, app, active }: FlowOrder): string {
  const words = [app === "" ? flowStrings.withoutApp : app, protocol, text]
    .filter((word) => word !== null)
    .join(" ");
  if (words !== "") return flowStrings.noMatchText(words);
  return active ? flowStrings.noneActive : flowStrings.noMatch;
}
