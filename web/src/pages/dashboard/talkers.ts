/** Which way talkers go, and what they are called. */

import type { Host } from "../../generated/Host";
import type { TopTalker } from "../../generated/TopTalker";
import { bestName } from "../../lib/places";
import { strings } from "../../lib/strings";

/** Which way a conversation goes, seen from the local networks. */
export type Direction = "in" | "out" | "internal" | "transit";

export const DIRECTION_COLORS: Record<Direction, string> = {
  in: "var(--in)",
  out: "var(--out)",
  internal: "var(--fg-2)",
  transit: "var(--warn)",
};

export const DIRECTION_LABELS: Record<Direction, string> = {
  in: strings.dashboard.series.in,
  out: strings.dashboard.series.out,
  internal: strings.dashboard.series.internal,
  transit: strings.dashboard.series.transit,
};

export function directionOf({ source_local, destination_local }: TopTalker): Direction {
  if (source_local) return destination_local ? "internal" : "out";
  return destination_local ? "in" : "transit";
}

/** What is written at the ends of talkers, by address; an address that nothing is known of is not among them. */
export type EndNames = ReadonlyMap<string, { name: string | null; country: string | null }>;

export function namesOf(hosts: readonly Host[]): EndNames {
  const ends = hosts.map(
    (host) =>
      [
        host.address,
        // Where something speaks against a country it is not told here, where there is no room to say so.
        { name: bestName(host), country: host.doubt === null ? host.country : null },
      ] as const,
  );
  return new Map(ends);
}
