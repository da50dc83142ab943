/** The round trips of TCP to the far side over time. */

import type { Series } from "../../components/lines";
import { Term } from "../../components/Term";
import { TimeChart } from "../../components/TimeChart";
import { delayText } from "../../lib/format";
import { strings } from "../../lib/strings";
import { useSession } from "../../live/session";
import { ChartMeta } from "./ChartMeta";
import { onlyHalves } from "./halves";
import { CHART_EVENTS, chartLines, onTotals } from "./lines";

const SERIES: readonly Series[] = [
  { label: strings.dashboard.series.mean, color: "--accent" },
  { label: strings.dashboard.series.p50, color: "--fg-2", dash: [6, 3] },
  { label: strings.dashboard.series.p95, color: "--warn", dash: [2, 3] },
];

const LINES = chartLines(["latency_ms", "rtt_p50_ms", "rtt_p95_ms"]);

export function RoundTrips({ range, className }: { range: string; className: string }) {
  const halves = useSession(({ protocols }) => onlyHalves(protocols));
  const { weighted, bothHalves } = strings.dashboard;
  return (
    <TimeChart
      title={strings.dashboard.roundTrips}
      unit="ms"
      meta={
        <>
          <span className="mr-2">
            <Term {...(halves ? bothHalves : weighted)} />
          </span>
          <ChartMeta range={range} />
        </>
      }
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
