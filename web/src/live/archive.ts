/**
 * The charts from before the seconds that this page holds: asked for over HTTP, as fine as the screen can show.
 *
 * What lies before the held seconds does not change any more, so that one answer serves until another part, or the same
 * part closer, is looked at.
 */

import type { HistoryRates } from "../generated/HistoryRates";
import {
  type Answer,
  type ArchivePlot,
  breakAt,
  bucketPlot,
  type Get,
  getHistory,
  type Reader,
} from "./buckets";
import { type Column, isSampled, type Plot, type Span, type Steps } from "./history";

const RATES: Record<Column, Exclude<keyof HistoryRates, "protocols">> = {
  inbound_bits: "inbound_bps",
  outbound_bits: "outbound_bps",
  internal_bits: "internal_bps",
  transit_bits: "transit_bps",
  goodput_bits: "goodput_bps",
  packets: "packets_per_second",
  ipv4_bits: "ipv4_bps",
  ipv6_bits: "ipv6_bps",
  encrypted_bits: "encrypted_bps",
  data_segments: "data_segments",
  resent_segments: "resent_segments",
  latency_ms: "latency_ms",
  rtt_p50_ms: "rtt_p50_ms",
  rtt_p95_ms: "rtt_p95_ms",
  dns_latency_ms: "dns_latency_ms",
  jitter_ms: "jitter_ms",
  rtp_expected: "rtp_expected",
  rtp_lost: "rtp_lost",
};

/** How a bucket tells of a column. */
export function readerOf(column: Column): Reader {
  const rate = RATES[column];
  return { of: (rates) => rates[rate], silence: isSampled(column) ? null : 0 };
}

/** Two values for each bucket make as many points as a wide screen has pixels. */
const MOST_BUCKETS = 1_000;

/** More than is asked for at both ends, so that a window that moves needs no answer for each second. */
const MARGIN = 0.25;

/** A window this much shorter than what was asked for deserves a finer answer. */
const FINER_FROM = 0.5;

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
  plot(columns: readonly Column[], span: Span, steps: Steps = "extremes"): ArchivePlot {
    if (this.wants(span)) void this.ask(widened(span));
    return bucketPlot(this.kept?.answer ?? null, columns.map(readerOf), span, steps);
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
      const answer = await getHistory(this.get, query);
      if (answer !== null && session === this.session) this.take(span, answer);
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
