/**
 * The charts of single protocols, which the stream does not carry.
 *
 * Asked for over HTTP when a chart in sight reads them: the whole span at first, then about once a second what came
 * since, in buckets of the same length.
 */

import type { HistoryKind } from "../generated/HistoryKind";
import {
  type Answer,
  type ArchivePlot,
  bucketPlot,
  type Get,
  getHistory,
  type Reader,
  silence,
} from "./buckets";
import type { Span, Steps } from "./history";

/** Two values for each bucket make as many points as a wide screen has pixels. */
const MOST_BUCKETS = 1_000;

/** What came since is asked for no more often. */
const ASK_EVERY_MS = 950;

/** After an answer that was none. */
const RETRY_AFTER_MS = 5_000;

/** A window this much shorter than what is kept deserves finer buckets. */
const FINER_FROM = 0.5;

/** A second may close after it was asked for: so many buckets at the end are asked for again. */
const OVERLAP = 3;

/** One number of one protocol. */
export interface ProtocolLine {
  protocol: string;
  rate: keyof HistoryKind;
}

/** What is looked at: whose numbers, of which session, from when to when. */
interface Wish {
  session: number;
  protocols: string;
  span: Span;
}

interface Kept extends Pick<Answer, "step_s" | "buckets"> {
  session: number;
  protocols: string;
  /** The first second that is covered. */
  from: number;
  /** The first second that is not: a multiple of the step. */
  until: number;
}

export class ProtocolHistory {
  private kept: Kept | null = null;
  private asking = false;
  private ask_at_ms = Number.NEGATIVE_INFINITY;

  constructor(
    private readonly get: Get,
    private readonly changed: () => void,
    private readonly now_ms: () => number = Date.now,
  ) {}

  /** The lines over the span of `wish`, as far as they are there; `null` before the first answer. Asks for the rest. */
  plot(
    wish: Wish,
    lines: readonly ProtocolLine[],
    quietUntil: number | null,
    steps: Steps,
  ): ArchivePlot | null {
    this.follow(wish);
    const { kept } = this;
    if (kept === null || !isAbout(kept, wish)) return null;
    const readers = lines.map(readerOf);
    const plot = bucketPlot(kept, readers, wish.span, steps);
    const end = Math.max(wish.span.from, (kept.buckets.at(-1)?.second ?? wish.span.from) + kept.step_s);
    const until = Math.min(quietUntil ?? 0, kept.until - 1);
    if (plot.lastStretch !== null && until >= end) silence(plot, readers, end, until);
    return plot;
  }

  private follow(wish: Wish): void {
    if (this.asking || wish.session === 0) return;
    const { kept } = this;
    const now_ms = this.now_ms();
    if (kept === null || !isAbout(kept, wish) || !isFineEnough(kept, wish.span)) {
      if (now_ms >= this.ask_at_ms || kept !== null) void this.askAll(wish);
      return;
    }
    const missing = Math.floor((wish.span.to + 1 - kept.until) / kept.step_s);
    if (missing >= 1 && now_ms >= this.ask_at_ms) void this.askNewer(wish, kept, missing);
  }

  private async askAll(wish: Wish): Promise<void> {
    const { from, to } = wish.span;
    const answer = await this.ask(wish, `from=${from}&to=${to}&points=${MOST_BUCKETS}`);
    if (answer === null) {
      this.kept = null;
      return;
    }
    const { step_s, buckets } = answer;
    const { session, protocols } = wish;
    this.kept = { session, protocols, from, until: multiple(to + 1, step_s), step_s, buckets };
    this.changed();
  }

  /** Only whole buckets: so the program makes them as long as those that are kept. */
  private async askNewer(wish: Wish, kept: Kept, missing: number): Promise<void> {
    const { step_s } = kept;
    const from = Math.max(multiple(kept.from, step_s), kept.until - OVERLAP * step_s);
    const until = kept.until + missing * step_s;
    const points = (until - from) / step_s;
    const answer = await this.ask(wish, `from=${from}&to=${until - 1}&points=${points}`);
    if (answer === null || this.kept !== kept) return;
    if (answer.step_s !== step_s && answer.buckets.length > 0) {
      this.kept = null;
      return;
    }
    const before = kept.buckets.filter(
      ({ second }) => second < from && second + step_s > wish.span.from - step_s,
    );
    const after = answer.buckets.filter(({ second }) => second >= from);
    this.kept = {
      ...kept,
      from: Math.max(kept.from, wish.span.from),
      until,
      buckets: [...before, ...after],
    };
    this.changed();
  }

  private async ask({ session, protocols }: Wish, span: string): Promise<Answer | null> {
    this.asking = true;
    let answer: Answer | null = null;
    try {
      answer = await getHistory(this.get, `${span}&protocols=${encodeURIComponent(protocols)}`);
    } catch {
      // Not connected: asked again after a while, as long as a chart is in sight.
    } finally {
      this.asking = false;
    }
    const fits = answer !== null && answer.session === session;
    this.ask_at_ms = this.now_ms() + (fits ? ASK_EVERY_MS : RETRY_AFTER_MS);
    return fits ? answer : null;
  }
}

function isAbout(kept: Kept, { session, protocols }: Wish): boolean {
  return kept.session === session && kept.protocols === protocols;
}

function isFineEnough(kept: Kept, span: Span): boolean {
  if (span.from < kept.from || kept.buckets.length > 2 * MOST_BUCKETS) return false;
  return kept.step_s === 1 || span.to - span.from > FINER_FROM * (kept.until - kept.from);
}

/** The last multiple of `step` that is not after `second`. */
function multiple(second: number, step: number): number {
  return Math.floor(second / step) * step;
}

function readerOf({ protocol, rate }: ProtocolLine): Reader {
  return { of: ({ protocols }) => protocols[protocol]?.[rate] ?? 0, silence: 0 };
}
