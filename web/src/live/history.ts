/** The seconds of the charts, in columns of typed arrays, and how they become the points of a line. */

import type { HistoryPoint } from "../generated/HistoryPoint";

/** What is counted: in a second without a packet it is 0. */
const COUNTED = [
  "inbound_bits",
  "outbound_bits",
  "internal_bits",
  "transit_bits",
  "goodput_bits",
  "packets",
  "ipv4_bits",
  "ipv6_bits",
  "encrypted_bits",
  "data_segments",
  "resent_segments",
  "rtp_expected",
  "rtp_lost",
] as const satisfies readonly (keyof HistoryPoint)[];

/** What is sampled: in a second without a sample it is unknown. */
const SAMPLED = [
  "latency_ms",
  "rtt_p50_ms",
  "rtt_p95_ms",
  "dns_latency_ms",
  "jitter_ms",
] as const satisfies readonly (keyof HistoryPoint)[];

export const COLUMNS = [...COUNTED, ...SAMPLED] as const;

export type Column = (typeof COLUMNS)[number];

/** Tells whether silence leaves a column unknown instead of 0. */
export function isSampled(column: Column): boolean {
  return (SAMPLED as readonly Column[]).includes(column);
}

/** A day of seconds with a packet in each: 7.3 MB. The oldest seconds make room. */
const CAPACITY = 86_400;

/** What a step of several seconds becomes: its least and its greatest second, so that no spike is lost, or their mean. */
export type Steps = "extremes" | "means";

/** The points of a chart's lines. */
export interface Plot {
  /** Seconds since the epoch, rising. */
  x: number[];
  /** One list a column: a value at each `x`, `null` where nobody was looking. */
  y: (number | null)[][];
  /** The times between two stretches, where nobody was looking. */
  breaks: [from: number, to: number][];
}

export interface Span {
  /** The first second. */
  from: number;
  /** The last second. */
  to: number;
}

interface Stretch extends Span {
  /** The places of its points, the second one excluded. */
  first: number;
  end: number;
}

/** The seconds of one step, put together. */
interface StepValues {
  least: number | null;
  greatest: number | null;
  mean: number | null;
}

const UNKNOWN_STEP: StepValues = { least: null, greatest: null, mean: null };

export class History {
  private readonly seconds: Float64Array;
  private readonly stretches: Uint32Array;
  private readonly columns: Record<Column, Float32Array>;
  private readonly capacity: number;
  private start = 0;
  private held = 0;

  constructor(capacity: number = CAPACITY) {
    this.capacity = capacity;
    this.seconds = new Float64Array(capacity);
    this.stretches = new Uint32Array(capacity);
    const empty = COLUMNS.map((column) => [column, new Float32Array(capacity)]);
    this.columns = Object.fromEntries(empty) as Record<Column, Float32Array>;
  }

  get length(): number {
    return this.held;
  }

  clear(): void {
    this.start = 0;
    this.held = 0;
  }

  /** Adds a second. One that is there already is replaced if it is the last, and left as it is if it is older. */
  push(point: HistoryPoint): void {
    const last = this.lastSecond();
    if (last !== null && point.second < last) return;
    if (last === null || point.second > last) this.grow();
    const place = this.place(this.held - 1);
    this.seconds[place] = point.second;
    this.stretches[place] = point.stretch;
    // Typed arrays hold numbers only: what is unknown is NaN in here, and `null` to whoever asks.
    for (const column of COLUMNS) this.columns[column][place] = point[column] ?? Number.NaN;
  }

  /** From the first second held to the last; `null` without any. */
  span(): Span | null {
    const to = this.lastSecond();
    return to === null ? null : { from: this.second(0), to };
  }

  /** The stretch of the first second held; `null` without any. */
  firstStretch(): number | null {
    return this.held === 0 ? null : (this.stretches[this.place(0)] ?? null);
  }

  /**
   * The lines of `columns` over `span`, both ends included, in at most `most` steps, as many as there are seconds if infinite.
   *
   * Seconds without a point are 0 inside a stretch, where the column counts something, and unknown outside. Where a
   * step holds several seconds it becomes what `steps` says. `lookingUntil` is the second up to which silence is known
   * to be silence: the session's own time while it runs.
   */
  plot(
    columns: readonly Column[],
    span: Span,
    most: number,
    lookingUntil: number | null = null,
    steps: Steps = "extremes",
  ): Plot {
    const stretches = this.stretchesIn(span, lookingUntil);
    const step = Math.max(1, Math.ceil((span.to - span.from + 1) / Math.max(1, most)));
    const plot: Plot = { x: [], y: columns.map(() => []), breaks: [] };
    let previous: Stretch | null = null;
    for (const stretch of stretches) {
      if (previous !== null) breakLines(plot, previous.to, stretch.from);
      this.drawStretch(plot, columns, stretch, { step, steps });
      previous = stretch;
    }
    return plot;
  }

  private drawStretch(
    plot: Plot,
    columns: readonly Column[],
    stretch: Stretch,
    { step, steps }: { step: number; steps: Steps },
  ): void {
    let next = stretch.first;
    // Steps begin at multiples of their width, so that the same seconds stay together while the window slides.
    for (let at = Math.floor(stretch.from / step) * step; at <= stretch.to; at += step) {
      const from = Math.max(at, stretch.from);
      const to = Math.min(at + step - 1, stretch.to);
      const first = next;
      while (next < stretch.end && this.second(next) <= to) next += 1;
      const two = to > from && steps === "extremes";
      plot.x.push(from);
      if (two) plot.x.push((from + to) / 2);
      for (const [index, column] of columns.entries()) {
        const { least, greatest, mean } = this.step(column, first, next, to - from + 1);
        if (two) plot.y[index]?.push(least, greatest);
        else plot.y[index]?.push(to > from ? mean : greatest);
      }
    }
  }

  /** What a column was in a step of so many `seconds`, of which those from `first` to before `end` have a point. */
  private step(column: Column, first: number, end: number, seconds: number): StepValues {
    const values = this.columns[column];
    let known = 0;
    let sum = 0;
    let least = Number.POSITIVE_INFINITY;
    let greatest = Number.NEGATIVE_INFINITY;
    for (let index = first; index < end; index += 1) {
      const value = values[this.place(index)] ?? Number.NaN;
      if (Number.isNaN(value)) continue;
      known += 1;
      sum += value;
      if (value < least) least = value;
      if (value > greatest) greatest = value;
    }
    if (isSampled(column)) return known === 0 ? UNKNOWN_STEP : { least, greatest, mean: sum / known };
    const silent = known < seconds;
    return {
      least: silent ? Math.min(0, least) : least,
      greatest: silent ? Math.max(0, greatest) : greatest,
      mean: sum / seconds,
    };
  }

  private stretchesIn(span: Span, lookingUntil: number | null): Stretch[] {
    const found: Stretch[] = [];
    let current: number | null = null;
    for (let index = this.firstFrom(span.from); index < this.held; index += 1) {
      const second = this.second(index);
      if (second > span.to) break;
      const stretch = this.stretches[this.place(index)] ?? 0;
      const last = found.at(-1);
      if (last !== undefined && stretch === current) {
        last.to = second;
        last.end = index + 1;
      } else {
        // A stretch that began before the window fills it from the window's edge.
        const before = index > 0 && this.stretches[this.place(index - 1)] === stretch;
        found.push({ from: before ? span.from : second, to: second, first: index, end: index + 1 });
        current = stretch;
      }
    }
    return this.withSilence(found, span, lookingUntil);
  }

  /** Draws the last stretch on to where silence is known, be it that the window shows nothing but silence. */
  private withSilence(found: Stretch[], span: Span, lookingUntil: number | null): Stretch[] {
    const until = Math.min(span.to, lookingUntil ?? Number.NEGATIVE_INFINITY);
    const last = found.at(-1);
    if (last !== undefined) last.to = Math.max(last.to, until);
    else if (this.held > 0 && until >= span.from && this.second(this.held - 1) < span.from) {
      found.push({ from: span.from, to: until, first: this.held, end: this.held });
    }
    return found;
  }

  private grow(): void {
    if (this.held < this.capacity) this.held += 1;
    else this.start = (this.start + 1) % this.capacity;
  }

  private place(index: number): number {
    return (this.start + index) % this.capacity;
  }

  private second(index: number): number {
    return this.seconds[this.place(index)] ?? 0;
  }

  private lastSecond(): number | null {
    return this.held === 0 ? null : this.second(this.held - 1);
  }

  /** The first point at or after `second`, by halving. */
  private firstFrom(second: number): number {
    let low = 0;
    let high = this.held;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (this.second(middle) < second) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}

/** Between two stretches each line is lifted once. */
function breakLines(plot: Plot, from: number, to: number): void {
  plot.breaks.push([from, to]);
  plot.x.push((from + to) / 2);
  for (const line of plot.y) line.push(null);
}
