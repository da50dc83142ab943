/** Why the list of hosts is empty, and what can be done about it. */

import { hostStrings } from "../../lib/host-strings";
import { countryName } from "../../lib/places";
import { NoRows } from "../parts/list/NoRows";
import type { HostList, HostOrder } from "./host-list";

interface Props {
  list: Pick<HostList, "matched" | "total" | "problem">;
  order: HostOrder;
  onClear: () => void;
}

export function NoHosts({ list, order, onClear }: Props) {
  return <NoRows words={hostStrings} list={list} reason={reasonFor(order)} onClear={onClear} />;
}

function reasonFor({ text, local, country, app, active }: HostOrder): string {
  const side = local === null ? null : local ? hostStrings.side.local : hostStrings.side.remote;
  const from = country === "" ? hostStrings.noCountry : country === null ? null : countryName(country);
  const words = [side, from, app, text].filter((word) => word !== null).join(" ");
  if (words !== "") return hostStrings.noMatchText(words);
  return active ? hostStrings.noneActive : hostStrings.noMatch;
}
