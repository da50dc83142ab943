/** The round trips of TCP to the far side over time, and beside them the jitter of RTP where a page wants both. */

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

const WITH_JITTER: readonly Series[] = [
  ...SERIES,
  { label: strings.dashboard.series.jitter, color: "--rtp", dash: [8, 2] },
];
const LINES_WITH_JITTER = chartLines(["latency_ms", "rtt_p50_ms", "rtt_p95_ms", "jitter_ms"]);

interface Props {
  range: string;
  /** Draws the jitter of RTP too, once there was any. */
  jitter?: boolean;
  className: string;
}

export function RoundTrips({ range, jitter = false, className }: Props) {
  const halves = useSession(({ protocols }) => onlyHalves(protocols));
  const both = useSession(({ totals }) => jitter && totals !== null && totals.jitter.peak_ms !== null);
  const { weighted, bothHalves, ...words } = strings.dashboard;
  return (
    <TimeChart
      title={both ? words.roundTripsAndJitter : words.roundTrips}
      unit="ms"
      meta={
        <>
          <span className="mr-2">
            <Term {...(halves ? bothHalves : weighted)} />
          </span>
          <ChartMeta range={range} />
        </>
      }
      series={both ? WITH_JITTER : SERIES}
      read={both ? LINES_WITH_JITTER : LINES}
      format={delayText}
      subscribe={onTotals}
      events={CHART_EVENTS}
      unknown={both ? words.noRoundTripsNorJitter : words.noRoundTrips}
      className={className}
    />
  );
}
