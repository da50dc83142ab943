/** Distributions of delays as a table. */

import type { Delays } from "../../generated/Delays";
import { count, delayText } from "../../lib/format";
import { protocolStrings } from "../../lib/protocol-strings";
import type { Column, Table } from "../../lib/table";

/** A name and what was measured of it. */
export type DelayRow = readonly [label: string, delays: Delays];

export function delayTable(rows: readonly DelayRow[]): Table {
  const { delays } = protocolStrings;
  const ms = (label: string, roomy = false): Column => ({ label, unit: "ms", text: delayText, roomy });
  return {
    columns: [
      { label: delays.delay },
      { label: delays.samples, text: count, roomy: true },
      ms(delays.min, true),
      ms(delays.mean, true),
      ms(delays.p50),
      ms(delays.p95),
      ms(delays.p99, true),
      ms(delays.max),
    ],
    rows: () =>
      rows.map(([label, { samples, min, mean, p50, p95, p99, max }]) => [
        label,
        samples,
        min,
        mean,
        p50,
        p95,
        p99,
        max,
      ]),
  };
}
