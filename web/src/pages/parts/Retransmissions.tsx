/** The share of TCP's segments that were sent again, over time. */

import type { Series } from "../../components/lines";
import { TimeChart } from "../../components/TimeChart";
import { percentageText } from "../../lib/format";
import { strings } from "../../lib/strings";
import { ChartMeta } from "./ChartMeta";
import { CHART_EVENTS, derivedLines, onTotals } from "./lines";

const SERIES: readonly Series[] = [{ label: strings.dashboard.series.resent, color: "--warn", fill: true }];

/** Unknown where nothing was sent: a share of nothing is no loss of zero. */
export const RESENT_LINES = derivedLines(
  ["resent_segments", "data_segments"],
  [
    ([resent = null, sent = null]) =>
      resent === null || sent === null || sent === 0 ? null : (resent / sent) * 100,
  ],
);

export function Retransmissions({ range, className }: { range: string; className: string }) {
  return (
    <TimeChart
      title={strings.dashboard.retransmissionRate}
      unit="%"
      meta={<ChartMeta range={range} />}
      series={SERIES}
      read={RESENT_LINES}
      format={percentageText}
      subscribe={onTotals}
      events={CHART_EVENTS}
      unknown={strings.dashboard.noSegments}
      className={className}
    />
  );
}
