/** The stretch of time that the pages show, and how an address says it: `?from=now-5m&to=now`, or two moments. */

/** Seconds since the epoch, both ends included. */
export interface Span {
  from: number;
  to: number;
}

export type Range =
  /** The newest so many seconds, moving on with the session. */
  | { kind: "following"; seconds: number }
  /** Everything from the session's first packet on. */
  | { kind: "whole" }
  /** Two moments that stay where they are. */
  | ({ kind: "between" } & Span);

/** What an address holds of a range. */
export interface RangeSearch {
  from?: string | undefined;
  to?: string | undefined;
}

/** The ranges offered at a click, in seconds. */
export const PRESETS_S = [60, 300, 600, 3_600] as const;

/** Where nobody chose: long enough for a trend, short enough to see what happens at this moment. */
export const DEFAULT_LIVE: Range = { kind: "following", seconds: 300 };

/** A chart of less than this shows a handful of points and no trend. */
const SHORTEST_S = 5;

const LONGEST_S = 30 * 86_400;

const UNIT_S: Record<string, number> = { s: 1, m: 60, h: 3_600, d: 86_400 };

/** Reads an address; `null` where it says nothing, or nothing that can be read. */
export function rangeOf({ from, to }: RangeSearch): Range | null {
  if (from === undefined) return null;
  if (to === undefined || to === "now") {
    if (from === "start") return { kind: "whole" };
    const seconds = lengthOf(from);
    if (seconds !== null) return { kind: "following", seconds };
  }
  const first = momentOf(from);
  const last = momentOf(to ?? "");
  return first === null || last === null || last <= first ? null : between(first, last);
}

/** `now-5m` is 300. */
function lengthOf(from: string): number | null {
  const [, digits = "", unit = ""] = /^now-(\d{1,7})([smhd])$/.exec(from) ?? [];
  const seconds = Number(digits) * (UNIT_S[unit] ?? Number.NaN);
  return seconds >= SHORTEST_S && seconds <= LONGEST_S ? seconds : null;
}

/** Dates alone and other short forms mean different things in different browsers: only a whole time stamp counts. */
function momentOf(text: string): number | null {
  if (!/^\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d(\.\d+)?)?(Z|[+-]\d\d:\d\d)$/.test(text)) return null;
  const ms = Date.parse(text);
  return Number.isNaN(ms) ? null : Math.floor(ms / 1000);
}

/** What the address says of `range`. */
export function searchOf(range: Range | null): RangeSearch {
  switch (range?.kind) {
    case "following":
      return { from: `now-${shortLength(range.seconds)}`, to: "now" };
    case "whole":
      return { from: "start", to: "now" };
    case "between":
      return { from: moment(range.from), to: moment(range.to) };
    case undefined:
      return {};
  }
}

function moment(second: number): string {
  return new Date(second * 1000).toISOString().replace(".000Z", "Z");
}

/** The length in its largest whole unit: `5m`, `90s`, `1h`. */
export function shortLength(seconds: number): string {
  for (const unit of ["d", "h", "m"]) {
    const size = UNIT_S[unit] ?? 1;
    if (seconds >= size && seconds % size === 0) return `${seconds / size}${unit}`;
  }
  return `${seconds}s`;
}

/** Two moments in whole seconds, at least as far apart as a chart needs. */
export function between(from: number, to: number): Extract<Range, { kind: "between" }> {
  const first = Math.floor(Math.min(from, to));
  const last = Math.ceil(Math.max(from, to));
  const missing = Math.max(0, SHORTEST_S - (last - first));
  const before = Math.floor(missing / 2);
  return { kind: "between", from: first - before, to: last + missing - before };
}

export function sameRange(a: Range | null, b: Range | null): boolean {
  if (a === null || b === null || a.kind !== b.kind) return a === b;
  if (a.kind === "following" && b.kind === "following") return a.seconds === b.seconds;
  return a.kind !== "between" || b.kind !== "between" || (a.from === b.from && a.to === b.to);
}

/** A capture younger than its window is not squeezed into the right edge, down to this. */
const LEAST_WINDOW_S = 30;

/**
 * The seconds that `range` shows of a session with seconds from `held.from` on, at its second `now`.
 *
 * A window that follows begins with the session where the session is shorter.
 */
export function spanOf(range: Range, held: Span, now: number): Span {
  switch (range.kind) {
    case "between":
      return { from: range.from, to: range.to };
    case "whole":
      return { from: held.from, to: Math.max(now, held.to) };
    case "following": {
      const longest = now - range.seconds + 1;
      const shortest = now - Math.min(LEAST_WINDOW_S, range.seconds) + 1;
      return { from: Math.max(longest, Math.min(held.from, shortest)), to: now };
    }
  }
}

/** `span` moved by `seconds`, but not past `limits`: its length stays. */
export function moved(span: Span, seconds: number, limits: Span): Span {
  const earliest = Math.min(0, limits.from - span.from);
  const latest = Math.max(0, limits.to - span.to);
  const by = Math.round(Math.min(latest, Math.max(earliest, seconds)));
  return { from: span.from + by, to: span.to + by };
}

/** `span` made longer or shorter by `factor` around its middle. */
export function scaled(span: Span, factor: number): Span {
  const middle = (span.from + span.to) / 2;
  const half = ((span.to - span.from) / 2) * factor;
  return { from: middle - half, to: middle + half };
}
