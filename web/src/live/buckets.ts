/** The answer to `GET /api/v1/metrics/history`: its door, and how its buckets become the points of a line. */

import type { History as Answer } from "../generated/History";
import type { HistoryBucket } from "../generated/HistoryBucket";
import type { HistoryKind } from "../generated/HistoryKind";
import type { HistoryRates } from "../generated/HistoryRates";
import { fields, listOf, nullable, number, recordOf } from "../lib/shape";
import type { Plot, Span, Steps } from "./history";

export type { Answer };

const rates = fields<HistoryRates>({
  inbound_bps: number,
  outbound_bps: number,
  internal_bps: number,
  transit_bps: number,
  goodput_bps: number,
  packets_per_second: number,
  ipv4_bps: number,
  ipv6_bps: number,
  encrypted_bps: number,
  data_segments: number,
  resent_segments: number,
  latency_ms: nullable(number),
  rtt_p50_ms: nullable(number),
  rtt_p95_ms: nullable(number),
  dns_latency_ms: nullable(number),
  jitter_ms: nullable(number),
  rtp_expected: number,
  rtp_lost: number,
  protocols: recordOf(
    fields<HistoryKind>({ inbound_bps: number, outward_bps: number, packets_per_second: number }),
  ),
});

const answerShape = fields<Answer>({
  session: number,
  earliest: nullable(number),
  latest: nullable(number),
  step_s: number,
  buckets: listOf(fields<HistoryBucket>({ second: number, stretch: number, mean: rates, max: rates })),
});

export type Get = (address: string) => Promise<unknown>;

/** Asks for a history; `null` where what comes is none. */
export async function getHistory(get: Get, query: string): Promise<Answer | null> {
  const answer = await get(`/api/v1/metrics/history?${query}`);
  return answerShape(answer, "history") === null ? (answer as Answer) : null;
}

/** Reads JSON from the program. */
export async function getJson(address: string): Promise<unknown> {
  const answer = await fetch(address);
  if (!answer.ok) throw new Error(String(answer.status));
  return answer.json();
}

/** What one line shows of a bucket. */
export interface Reader {
  of: (rates: HistoryRates) => number | null;
  /** What a missing bucket means: nothing happened, or nothing is known. */
  silence: 0 | null;
}

/** Part of a chart, and which stretch it ends with. */
export interface ArchivePlot extends Plot {
  lastStretch: number | null;
}

/**
 * Each bucket becomes its mean and its largest second, so that a spike is seen, or its mean alone. A missing one inside
 * a stretch is silence.
 */
export function bucketPlot(
  answer: Pick<Answer, "step_s" | "buckets"> | null,
  readers: readonly Reader[],
  span: Span,
  steps: Steps = "extremes",
): ArchivePlot {
  const plot: ArchivePlot = { x: [], y: readers.map(() => []), breaks: [], lastStretch: null };
  if (answer === null) return plot;
  const { step_s } = answer;
  // Of a single second mean and maximum are the same.
  const two = steps === "extremes" && step_s > 1;
  let end = 0;
  for (const bucket of answer.buckets) {
    if (bucket.second > span.to) break;
    if (bucket.second + step_s <= span.from) {
      // A stretch that began before the window fills it from the window's edge.
      plot.lastStretch = bucket.stretch;
      end = span.from;
      continue;
    }
    if (plot.lastStretch !== null && plot.lastStretch !== bucket.stretch) breakAt(plot, end, bucket.second);
    else if (plot.lastStretch !== null && bucket.second > end) silence(plot, readers, end, bucket.second - 1);
    plot.x.push(bucket.second, ...(two ? [bucket.second + step_s / 2] : []));
    for (const [index, { of }] of readers.entries()) {
      plot.y[index]?.push(of(bucket.mean), ...(two ? [of(bucket.max)] : []));
    }
    end = bucket.second + step_s;
    plot.lastStretch = bucket.stretch;
  }
  return plot;
}

export function breakAt(plot: Plot, from: number, to: number): void {
  plot.breaks.push([from, to]);
  plot.x.push((from + to) / 2);
  for (const line of plot.y) line.push(null);
}

/** Nothing happened from `from` to `to`: each line says what that means for it. */
export function silence(plot: Plot, readers: readonly Reader[], from: number, to: number): void {
  plot.x.push(from);
  if (to > from) plot.x.push(to);
  for (const [index, line] of plot.y.entries()) {
    const value = readers[index]?.silence ?? null;
    line.push(value, ...(to > from ? [value] : []));
  }
}
