/** The numbers of the dashboard's cards. */

import type { ReadLines } from "../../components/lines";
import type { Latency } from "../../generated/Latency";
import type { Loss } from "../../generated/Loss";
import type { Rates } from "../../generated/Rates";
import {
  bitRate,
  compactCount,
  count,
  delay,
  packetRate,
  percentage,
  type Reading,
  UNKNOWN,
} from "../../lib/format";
import { strings } from "../../lib/strings";
import type { Column } from "../../live/history";
import { measuredPlot } from "../../live/measured";
import { model } from "../../live/model";
import { useSession } from "../../live/session";
import { shownSpan } from "../../range/store";
import { RTP_LOSS_LINES } from "../parts/MediaCharts";
import { RESENT_LINES } from "../parts/Retransmissions";

/** A sparkline is narrow: more points than this cannot be told apart. */
const SPARKLINE_POINTS = 120;

/** After so long without the program, the cards' numbers are no longer those of this moment. */
const STALE_AFTER_MS = 5_000;

/** A small line over time; `null` where nobody was looking. */
export interface Sparkline {
  x: readonly number[];
  y: readonly (number | null)[];
}

const NO_LINE: Sparkline = { x: [], y: [] };

/** One column over the range on the screen. */
function recent(column: Column): Sparkline {
  const span = shownSpan();
  if (span === null) return NO_LINE;
  const { x, y } = measuredPlot([column], span, SPARKLINE_POINTS);
  return { x, y: y[0] ?? [] };
}

function recentFlows(): Sparkline {
  const span = shownSpan();
  return span === null ? NO_LINE : model.activeFlows.between(span.from, span.to, SPARKLINE_POINTS);
}

/** What a card shows. */
export interface CardReading {
  reading: Reading;
  /** At most three; where there is no room the last ones are left out. */
  details: readonly string[];
}

export interface Card {
  label: string;
  hint?: string;
  color: `--${string}`;
  read: () => CardReading;
  sparkline: () => Sparkline;
}

/** Two numbers that say the same of different things, and are never added up. */
export interface PairCard {
  label: string;
  pair: readonly [Card, Card];
}

/** Tells whether the program has been away for so long that its last numbers say nothing of this moment. */
export function isStale(): boolean {
  const { lost_at_ms } = useSession.getState();
  return lost_at_ms !== null && Date.now() - lost_at_ms >= STALE_AFTER_MS;
}

export const STALE_CHECK_MS = STALE_AFTER_MS + 50;

/** Less than a second gives a peak, which is of a whole second, but no average that could stand beside it. */
function averaged(average: number | null): number | null {
  return (model.shown.totals?.elapsed_s ?? 0) < 1 ? null : average;
}

function rates(direction: "inbound" | "outbound" | "total"): Rates | null {
  return model.shown.totals?.throughput[direction] ?? null;
}

type Formatter = (value: number | null) => Reading;

/** What stands beside the number of this moment: in its unit where theirs is the same. */
type Beside = readonly [words: (text: string) => string, value: number | null];

function withBeside(format: Formatter, now: number | null, ...values: Beside[]): CardReading {
  const reading = format(now);
  const beside = (value: number | null) => {
    const { number, unit } = format(value);
    return unit === reading.unit || number === UNKNOWN ? number : `${number} ${unit}`;
  };
  return { reading, details: values.map(([words, value]) => words(beside(value))) };
}

function besideAverageAndPeak(
  format: Formatter,
  now: number | null,
  average: number | null,
  peak: number | null,
): CardReading {
  const { dashboard } = strings;
  return withBeside(format, now, [dashboard.average, average], [dashboard.peak, peak]);
}

function throughput(direction: "inbound" | "outbound"): CardReading {
  const now = rates(direction);
  return besideAverageAndPeak(
    bitRate,
    now?.throughput_bps ?? null,
    averaged(now?.throughput_bps_average ?? null),
    now?.throughput_bps_peak ?? null,
  );
}

function goodput(): CardReading {
  const now = rates("total");
  return besideAverageAndPeak(
    bitRate,
    now?.goodput_bps ?? null,
    averaged(now?.goodput_bps_average ?? null),
    now?.goodput_bps_peak ?? null,
  );
}

function packets(): CardReading {
  const now = rates("total");
  return besideAverageAndPeak(
    packetRate,
    now?.packets_per_second ?? null,
    averaged(now?.packets_per_second_average ?? null),
    now?.packets_per_second_peak ?? null,
  );
}

/** The round trip of TCP, or the jitter of RTP. */
function delayOf(now: Latency | undefined): CardReading {
  const { dashboard } = strings;
  return withBeside(
    delay,
    now?.now_ms ?? null,
    [dashboard.average, now?.average_ms ?? null],
    [dashboard.peak, now?.peak_ms ?? null],
    [dashboard.p95, now?.p95_ms ?? null],
  );
}

function lossOf(now: Loss | undefined): CardReading {
  return besideAverageAndPeak(
    percentage,
    now?.now_percentage ?? null,
    now?.average_percentage ?? null,
    now?.peak_percentage ?? null,
  );
}

function recentShares(read: ReadLines): Sparkline {
  const { x, y } = read(SPARKLINE_POINTS);
  return { x, y: (y[0] ?? []).map((value) => value ?? null) };
}

function flows(): CardReading {
  const now = model.shown.totals?.flows;
  return {
    reading: { number: count(now?.active ?? null), unit: strings.dashboard.activeFlows },
    details: [
      strings.dashboard.openFlows(compactCount(now?.open ?? null)),
      strings.dashboard.allFlows(
        compactCount(now?.tcp_connections ?? null),
        compactCount(now?.udp_conversations ?? null),
      ),
    ],
  };
}

export const CARDS: readonly (Card | PairCard)[] = [
  {
    label: strings.dashboard.inbound,
    color: "--in",
    read: () => throughput("inbound"),
    sparkline: () => recent("inbound_bits"),
  },
  {
    label: strings.dashboard.outbound,
    color: "--out",
    read: () => throughput("outbound"),
    sparkline: () => recent("outbound_bits"),
  },
  {
    label: strings.dashboard.goodput,
    hint: strings.dashboard.goodputHint,
    color: "--in",
    read: goodput,
    sparkline: () => recent("goodput_bits"),
  },
  {
    label: strings.dashboard.packets,
    color: "--accent",
    read: packets,
    sparkline: () => recent("packets"),
  },
  {
    label: strings.dashboard.roundTrip,
    hint: strings.dashboard.roundTripHint,
    color: "--accent",
    read: () => delayOf(model.shown.totals?.latency),
    sparkline: () => recent("latency_ms"),
  },
  {
    label: strings.dashboard.jitter,
    hint: strings.dashboard.jitterHint,
    color: "--rtp",
    read: () => delayOf(model.shown.totals?.jitter),
    sparkline: () => recent("jitter_ms"),
  },
  {
    label: strings.dashboard.loss,
    pair: [
      {
        label: strings.dashboard.resentShort,
        hint: strings.dashboard.retransmissionRateHint,
        color: "--warn",
        read: () => lossOf(model.shown.totals?.loss),
        sparkline: () => recentShares(RESENT_LINES),
      },
      {
        label: strings.dashboard.rtpLost,
        hint: strings.dashboard.rtpLostHint,
        color: "--rtp",
        read: () => lossOf(model.shown.totals?.rtp_loss),
        sparkline: () => recentShares(RTP_LOSS_LINES),
      },
    ],
  },
  {
    label: strings.dashboard.flows,
    hint: strings.dashboard.flowsHint,
    color: "--fg-2",
    read: flows,
    sparkline: recentFlows,
  },
];
