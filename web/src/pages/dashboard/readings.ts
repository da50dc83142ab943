/** What the dashboard reads from the model: the window of its charts, and the numbers of its cards. */

import type { Lines } from "../../components/TimeChart";
import type { Rates } from "../../generated/Rates";
import { bitRate, bitRateText, count, packetRate, packetRateText, type Reading } from "../../lib/format";
import { strings } from "../../lib/strings";
import { bus } from "../../live/bus";
import type { Column, Span } from "../../live/history";
import { model } from "../../live/model";
import { useSession } from "../../live/session";

/** How much of a live capture the charts show. */
const WINDOW_S = 300;

/** A chart of a young capture is not squeezed into its right edge. */
const LEAST_WINDOW_S = 60;

const SPARKLINE_S = 60;

/** After so long without the program, the cards' numbers are no longer those of this moment. */
const STALE_AFTER_MS = 5_000;

/** Paints at each update of the totals while `element` is in sight. */
export function onTotals(paint: () => void, element: Element): () => void {
  return bus.view(["totals"], paint, { element });
}

/** The last second that is over, by the session's time. */
function lastSecond(): number | null {
  const held = model.history.span()?.to ?? null;
  const now_ms = model.totals?.now_ms ?? null;
  if (now_ms === null) return held;
  return Math.max(held ?? 0, Math.floor(now_ms / 1000) - 1);
}

/** Up to when silence is silence: while a capture runs, and not beyond the end of a file. */
function lookingUntil(to: number): number | null {
  const status = useSession.getState().status;
  return status?.source?.kind === "interface" && status.state === "running" ? to : null;
}

function chartSpan(): Span | null {
  const held = model.history.span();
  if (held === null) return null;
  if (useSession.getState().status?.source?.kind === "file") return held;
  const to = lastSecond() ?? held.to;
  return { from: Math.max(to - WINDOW_S + 1, Math.min(held.from, to - LEAST_WINDOW_S + 1)), to };
}

/** A reader of the given columns for a chart. */
export function chartLines(columns: readonly Column[]): (most: number) => Lines {
  return (most) => {
    const span = chartSpan();
    if (span === null) return { x: [], y: columns.map(() => []), breaks: [], span };
    return { ...model.history.plot(columns, span, most, lookingUntil(span.to)), span };
  };
}

/** The last minute of one column, second by second. */
function recent(column: Column): (number | null)[] {
  const to = lastSecond();
  if (to === null) return [];
  const span = { from: to - SPARKLINE_S + 1, to };
  return model.history.plot([column], span, SPARKLINE_S, lookingUntil(to)).y[0] ?? [];
}

/** What a card shows. */
export interface CardReading {
  reading: Reading;
  details: string[];
}

export interface Card {
  label: string;
  hint?: string;
  color: `--${string}`;
  /** The points that fill the sparkline's width. */
  points: number;
  read: () => CardReading;
  sparkline: () => readonly (number | null)[];
}

/** Tells whether the program has been away for so long that its last numbers say nothing of this moment. */
export function isStale(): boolean {
  const { lost_at_ms } = useSession.getState();
  return lost_at_ms !== null && Date.now() - lost_at_ms >= STALE_AFTER_MS;
}

export const STALE_CHECK_MS = STALE_AFTER_MS + 50;

function rates(direction: "inbound" | "outbound" | "total"): Rates | null {
  return model.totals?.throughput[direction] ?? null;
}

function averageAndPeak(average: string, peak: string): string[] {
  return [strings.dashboard.average(average), strings.dashboard.peak(peak)];
}

function throughput(direction: "inbound" | "outbound"): CardReading {
  const now = rates(direction);
  return {
    reading: bitRate(now?.throughput_bps ?? null),
    details: averageAndPeak(
      bitRateText(now?.throughput_bps_average ?? null),
      bitRateText(now?.throughput_bps_peak ?? null),
    ),
  };
}

function goodput(): CardReading {
  const now = rates("total");
  return {
    reading: bitRate(now?.goodput_bps ?? null),
    details: averageAndPeak(
      bitRateText(now?.goodput_bps_average ?? null),
      bitRateText(now?.goodput_bps_peak ?? null),
    ),
  };
}

function packets(): CardReading {
  const now = rates("total");
  return {
    reading: packetRate(now?.packets_per_second ?? null),
    details: averageAndPeak(
      packetRateText(now?.packets_per_second_average ?? null),
      packetRateText(now?.packets_per_second_peak ?? null),
    ),
  };
}

function flows(): CardReading {
  const now = model.totals?.flows;
  return {
    reading: { number: count(now?.open ?? null), unit: "" },
    details:
      now === undefined
        ? []
        : [
            strings.dashboard.flowDetail(
              count(now.active),
              count(now.tcp_connections),
              count(now.udp_conversations),
            ),
          ],
  };
}

export const CARDS: readonly Card[] = [
  {
    label: strings.dashboard.inbound,
    color: "--in",
    points: SPARKLINE_S,
    read: () => throughput("inbound"),
    sparkline: () => recent("inbound_bits"),
  },
  {
    label: strings.dashboard.outbound,
    color: "--out",
    points: SPARKLINE_S,
    read: () => throughput("outbound"),
    sparkline: () => recent("outbound_bits"),
  },
  {
    label: strings.dashboard.goodput,
    hint: strings.dashboard.goodputHint,
    color: "--in",
    points: SPARKLINE_S,
    read: goodput,
    sparkline: () => recent("goodput_bits"),
  },
  {
    label: strings.dashboard.packets,
    color: "--tls",
    points: SPARKLINE_S,
    read: packets,
    sparkline: () => recent("packets"),
  },
  {
    label: strings.dashboard.flows,
    hint: strings.dashboard.flowsHint,
    color: "--quic",
    points: 240,
    read: flows,
    sparkline: () => model.openFlows,
  },
];
