/** The same two splits over time: areas on each other, so that the whole is seen as well. */

import type { ReadLines, Series } from "../../components/lines";
import { TimeChart } from "../../components/TimeChart";
import { compositionStrings } from "../../lib/composition-strings";
import { bitRateText } from "../../lib/format";
import { ChartMeta } from "../parts/ChartMeta";
import { CHART_EVENTS, derivedLines, onTotals, sumOf } from "../parts/lines";

interface Props {
  title: string;
  series: readonly Series[];
  read: ReadLines;
  range: string;
  className: string;
}

export function SplitChart({ title, series, read, range, className }: Props) {
  return (
    <TimeChart
      stacked
      title={title}
      unit="b/s"
      meta={<ChartMeta range={range} />}
      series={series}
      read={read}
      format={bitRateText}
      subscribe={onTotals}
      events={CHART_EVENTS}
      className={className}
    />
  );
}

export const IP_SERIES: readonly Series[] = [
  { label: compositionStrings.ipv4, color: "--accent" },
  { label: compositionStrings.ipv6, color: "--fg-2", dash: [6, 3] },
  { label: compositionStrings.otherIp, color: "--others", dash: [2, 3] },
];

export const ENCRYPTION_SERIES: readonly Series[] = [
  { label: compositionStrings.encrypted, color: "--accent" },
  { label: compositionStrings.clear, color: "--warn", dash: [6, 3] },
];

const WHOLE = ["inbound_bits", "outbound_bits", "internal_bits", "transit_bits"] as const;

export const IP_LINES = derivedLines(
  ["ipv4_bits", "ipv6_bits", ...WHOLE],
  [
    ([v4 = null]) => v4,
    ([, v6 = null]) => v6,
    ([v4 = null, v6 = null, ...whole]) => rest(sumOf(whole), [v4, v6]),
  ],
);

export const ENCRYPTION_LINES = derivedLines(
  ["encrypted_bits", ...WHOLE],
  [([encrypted = null]) => encrypted, ([encrypted = null, ...whole]) => rest(sumOf(whole), [encrypted])],
);

/** What is left of the whole; rounding on the way never makes it less than nothing. */
function rest(whole: number | null, parts: readonly (number | null)[]): number | null {
  const known = sumOf(parts);
  return whole === null || known === null ? null : Math.max(0, whole - known);
}
