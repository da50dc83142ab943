/** The jitter and the loss of RTP over time. */

import type { Series } from "../../components/lines";
import { TimeChart } from "../../components/TimeChart";
import { delayText, percentageText } from "../../lib/format";
import { strings } from "../../lib/strings";
import { ChartMeta } from "./ChartMeta";
import { CHART_EVENTS, chartLines, derivedLines, onTotals } from "./lines";

const { series, ...words } = strings.dashboard;

const JITTER: readonly Series[] = [{ label: series.mean, color: "--rtp", fill: true }];
const JITTER_LINES = chartLines(["jitter_ms"]);

const LOST: readonly Series[] = [{ label: series.rtpLost, color: "--rtp", fill: true }];

/** Unknown where nothing was sent: a share of nothing is no loss of zero. */
export const RTP_LOSS_LINES = derivedLines(
  ["rtp_lost", "rtp_expected"],
  [
    ([lost = null, expected = null]) =>
      lost === null || expected === null || expected === 0 ? null : (lost / expected) * 100,
  ],
);

interface Props {
  range: string;
  className: string;
}

export function JitterChart({ range, className }: Props) {
  return (
    <TimeChart
      title={words.jitter}
      unit="ms"
      meta={<ChartMeta range={range} />}
      series={JITTER}
      read={JITTER_LINES}
      format={delayText}
      subscribe={onTotals}
      events={CHART_EVENTS}
      unknown={words.noJitter}
      className={className}
    />
  );
}

export function RtpLossChart({ range, className }: Props) {
  return (
    <TimeChart
      title={words.rtpLost}
      unit="%"
      meta={<ChartMeta range={range} />}
      series={LOST}
      read={RTP_LOSS_LINES}
      format={percentageText}
      subscribe={onTotals}
      events={CHART_EVENTS}
      unknown={words.noRtp}
      className={className}
    />
  );
}
