/** The round trips of TCP to the far side over time. */

import type { Series } from "../../components/lines";
import { TimeChart } from "../../components/TimeChart";
import { delayText } from "../../lib/format";
import { strings } from "../../lib/strings";
import { ChartMeta } from "./ChartMeta";
import { CHART_EVENTS, chartLines, onTotals } from "./lines";

const SERIES: readonly Series[] = [
  { label: strings.dashboard.series.mean, color: "--dns" },
  { label: strings.dashboard.series.p50, color: "--tcp", dash: [6, 3] },
  { label: strings.dashboard.series.p95, color: "--rtp", dash: [2, 3] },
];

const LINES = chartLines(["latency_ms", "rtt_p50_ms", "rtt_p95_ms"]);

export function RoundTrips({ range, className }: { range: string; className: string }) {
  return (
    <TimeChart
      title={strings.dashboard.roundTrips}
      unit="ms"
      meta={<ChartMeta range={range} />}
      series={SERIES}
      read={LINES}
      format={delayText}
      subscribe={onTotals}
      events={CHART_EVENTS}
      unknown={strings.dashboard.noRoundTrips}
      className={className}
    />
  );
}
