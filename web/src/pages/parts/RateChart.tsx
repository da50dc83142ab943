/** A rate over time, whichever lines a page draws of it. */

import type { ReadLines, Series } from "../../components/lines";
import { TimeChart } from "../../components/TimeChart";
import { bitRateText, packetRateText } from "../../lib/format";
import { strings } from "../../lib/strings";
import { ChartMeta } from "./ChartMeta";
import { CHART_EVENTS, onTotals } from "./lines";

const RATES = {
  throughput: { title: strings.dashboard.throughput, unit: "b/s", format: bitRateText },
  packetRate: { title: strings.dashboard.packetRate, unit: "pkt/s", format: packetRateText },
} as const;

interface Props {
  rate: keyof typeof RATES;
  /** Constant or memoised, as is `read`. */
  series: readonly Series[];
  read: ReadLines;
  range: string;
  className: string;
}

export function RateChart({ rate, series, read, range, className }: Props) {
  return (
    <TimeChart
      {...RATES[rate]}
      meta={<ChartMeta range={range} />}
      series={series}
      read={read}
      subscribe={onTotals}
      events={CHART_EVENTS}
      className={className}
    />
  );
}
