/** Which protocols are looked at: one, or some beside each other. */

import { type MediaSearch, mediaSearch } from "./media/address";

/** Those with numbers of their own, as the program keys them. */
export const PROTOCOLS = ["TCP", "UDP", "QUIC", "DNS", "TLS", "RTP", "ICMP", "IGMP"] as const;

export type ProtocolName = (typeof PROTOCOLS)[number];

/** More lines in one chart cannot be told apart. */
export const MOST_COMPARED = 4;

/** What the address of the page holds. */
export interface ProtocolSearch extends MediaSearch {
  /** Names with commas between; left out where nobody chose. */
  protocols?: string;
}

/** Puts another search in the place of the one there is. */
export type Change = (search: ProtocolSearch, how?: "push" | "replace") => void;

/** Where nobody chose, and until it is known what there was. */
const USUAL: ProtocolName = "TCP";

/** An address is typed and pasted by people: what does not fit is left out. */
export function protocolSearch(search: Record<string, unknown>): ProtocolSearch {
  return { ...chosenSearch(search.protocols), ...mediaSearch(search) };
}

function chosenSearch(protocols: unknown): ProtocolSearch {
  if (typeof protocols !== "string") return {};
  const named = protocols.toUpperCase().split(",");
  const known = PROTOCOLS.filter((name) => named.includes(name)).slice(0, MOST_COMPARED);
  return searchOf(known);
}

/** `seen` tells what there was of a protocol: where nobody chose, the first that there was is shown. */
export function chosenOf(
  { protocols }: ProtocolSearch,
  seen: (name: ProtocolName) => boolean,
): readonly ProtocolName[] {
  const named = protocols?.split(",") ?? [];
  const known = PROTOCOLS.filter((name) => named.includes(name));
  return known.length === 0 ? [PROTOCOLS.find(seen) ?? USUAL] : known;
}

export function searchOf(chosen: readonly ProtocolName[]): ProtocolSearch {
  return chosen.length === 0 ? {} : { protocols: chosen.join(",") };
}

/** What is chosen after a press on `name`; the order stays that of the list. */
export function afterPress(
  chosen: readonly ProtocolName[],
  name: ProtocolName,
  comparing: boolean,
): readonly ProtocolName[] {
  if (!comparing) return [name];
  if (!chosen.includes(name)) {
    if (chosen.length >= MOST_COMPARED) return chosen;
    return PROTOCOLS.filter((other) => other === name || chosen.includes(other));
  }
  return chosen.length === 1 ? chosen : chosen.filter((other) => other !== name);
}
