/**
 * The charts from before the seconds that this page holds: asked for over HTTP, as fine as the screen can show.
 *
 * What lies before the held seconds does not change any more, so that one answer serves until another part, or the same
 * part closer, is looked at.
 */

import type { History as Answer } from "../generated/History";
import type { HistoryBucket } from "../generated/HistoryBucket";
import type { HistoryKind } from "../generated/HistoryKind";
import type { HistoryRates } from "../generated/HistoryRates";
import { fields, listOf, nullable, number, recordOf } from "../lib/shape";
import type { Column, Plot, Span } from "./history";

const RATES: Record<Column, Exclude<keyof HistoryRates, "protocols">> = {
  inbound_bits: "inbound_bps",
  outbound_bits: "outbound_bps",
  internal_bits: "internal_bps",
  transit_bits: "transit_bps",
  goodput_bits: "goodput_bps",
  packets: "packets_per_second",
};

/** Two values for each bucket make as many points as a wide screen has pixels. */
const MOST_BUCKETS = 1_000;

/** More than is asked for at both ends, so that a window that moves needs no answer for each second. */
const MARGIN = 0.25;

/** A window this much shorter than what was asked for deserves a finer answer. */
const FINER_FROM = 0.5;

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

/** Part of a chart, and which stretch it ends with. */
export interface ArchivePlot extends Plot {
  lastStretch: number | null;
}

export type Get = (address: string) => Promise<unknown>;

export class Archive {
  /** The earliest second that the program keeps; `null` until it said so. */
  earliest: number | null = null;
  private session: number | null = null;
  /** The program said how far back it goes, be it that there was nothing yet. */
  private answered = false;
  private kept: { span: Span; answer: Answer } | null = null;
  private asking: Span | null = null;

  constructor(
    private readonly get: Get,
    private readonly changed: () => void,
  ) {}

  /** Forgets another session, and asks how far back this one goes. */
  begin(session: number): void {
    if (session !== this.session) {
      this.earliest = null;
      this.answered = false;
      this.kept = null;
    }
    this.session = session;
    if (session > 0) void this.ask(null);
  }

  /** Where the program had nothing when it was asked, the page's own first second is the session's. */
  beganWith(second: number): void {
    if (this.answered) this.earliest ??= second;
  }

  /** The lines of `columns` over `span`; what is not there yet is asked for and drawn when it comes. */
  plot(columns: readonly Column[], span: Span, meansOnly = false): ArchivePlot {
    if (this.wants(span)) void this.ask(widened(span));
    return bucketPlot(this.kept?.answer ?? null, columns, span, meansOnly);
  }

  private wants(span: Span): boolean {
    if (this.asking !== null || this.earliest === null) return false;
    const { kept } = this;
    if (kept === null) return true;
    const from = Math.max(span.from, this.earliest);
    if (from < kept.span.from || span.to > kept.span.to) return true;
    const shorter = (span.to - span.from) / (kept.span.to - kept.span.from);
    return shorter < FINER_FROM && kept.answer.step_s > 1;
  }

  private async ask(span: Span | null): Promise<void> {
    const { session } = this;
    if (span !== null) this.asking = span;
    const query = span === null ? "points=1" : `from=${span.from}&to=${span.to}&points=${MOST_BUCKETS}`;
    try {
      const answer = await this.get(`/api/v1/metrics/history?${query}`);
      if (answerShape(answer, "history") !== null || session !== this.session) return;
      this.take(span, answer as Answer);
    } catch {
      // Not connected: the part stays blank, and the next time it is in sight it is asked for again.
    } finally {
      if (span !== null) this.asking = null;
    }
  }

  private take(span: Span | null, answer: Answer): void {
    if (answer.session !== this.session) return;
    this.answered = true;
    this.earliest = answer.earliest;
    if (span !== null) this.kept = { span, answer };
    this.changed();
  }
}

function widened({ from, to }: Span): Span {
  const margin = Math.ceil((to - from) * MARGIN);
  return { from: Math.max(0, Math.floor(from) - margin), to: Math.ceil(to) + margin };
}

/**
 * Each bucket becomes its mean and its largest second, so that a spike is seen, or its mean alone, for a table. A missing
 * one inside a stretch is silence.
 */
export function bucketPlot(
  answer: Answer | null,
  columns: readonly Column[],
  span: Span,
  meansOnly = false,
): ArchivePlot {
  const plot: ArchivePlot = { x: [], y: columns.map(() => []), breaks: [], lastStretch: null };
  if (answer === null) return plot;
  const { step_s } = answer;
  let end = 0;
  for (const bucket of answer.buckets) {
    if (bucket.second + step_s <= span.from || bucket.second > span.to) continue;
    if (plot.lastStretch !== null && plot.lastStretch !== bucket.stretch) breakAt(plot, end, bucket.second);
    else if (plot.lastStretch !== null && bucket.second > end) silence(plot, end, bucket.second - 1);
    plot.x.push(bucket.second, ...(meansOnly ? [] : [bucket.second + step_s / 2]));
    for (const [index, column] of columns.entries()) {
      const rate = RATES[column];
      plot.y[index]?.push(bucket.mean[rate], ...(meansOnly ? [] : [bucket.max[rate]]));
    }
    end = bucket.second + step_s;
    plot.lastStretch = bucket.stretch;
  }
  return plot;
}

function breakAt(plot: Plot, from: number, to: number): void {
  plot.breaks.push([from, to]);
  plot.x.push((from + to) / 2);
  for (const line of plot.y) line.push(null);
}

function silence(plot: Plot, from: number, to: number): void {
  plot.x.push(from);
  if (to > from) plot.x.push(to);
  for (const line of plot.y) line.push(0, ...(to > from ? [0] : []));
}

/** `later` after `earlier`; between two stretches the lines break. */
export function joined(earlier: ArchivePlot, later: Plot, firstStretch: number | null): Plot {
  const last = earlier.x.at(-1);
  const first = later.x[0];
  if (last === undefined || first === undefined) return earlier.x.length > 0 ? earlier : later;
  if (earlier.lastStretch !== firstStretch) breakAt(earlier, last, first);
  return {
    x: [...earlier.x, ...later.x],
    y: earlier.y.map((line, index) => [...line, ...(later.y[index] ?? [])]),
    breaks: [...earlier.breaks, ...later.breaks],
  };
}

/** Reads JSON from the program. */
export async function getJson(address: string): Promise<unknown> {
  const answer = await fetch(address);
  if (!answer.ok) throw new Error(String(answer.status));
  return answer.json();
}
