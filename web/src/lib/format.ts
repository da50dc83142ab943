/**
 * Turns numbers into what stands on the screen: one formatter for each quantity.
 *
 * `null` and what is not a finite number mean "not known" and read "–", never 0.
 */

/** A number and its unit apart, so that a card can set them in two sizes. */
export interface Reading {
  number: string;
  unit: string;
}

export const UNKNOWN = "–";

const PREFIXES = ["", "k", "M", "G", "T", "P"] as const;

/** From here on three significant digits round up to the next prefix: 999.5 reads 1.00 k. */
const NEXT_PREFIX = 999.5;

/** Three significant digits with an SI prefix. Whole numbers below a thousand stay whole. */
function scaled(value: number | null, unit: string): Reading {
  if (value === null || !Number.isFinite(value)) return { number: UNKNOWN, unit };
  let rest = value;
  let step = 0;
  while (Math.abs(rest) >= NEXT_PREFIX && step < PREFIXES.length - 1) {
    rest /= 1000;
    step += 1;
  }
  const whole = step === 0 && Number.isInteger(rest);
  return { number: whole ? String(rest) : threeDigits(rest), unit: `${PREFIXES[step] ?? ""}${unit}` };
}

/** The thresholds are where rounding adds a digit: 9.996 is 10.0, not 10.00. */
function threeDigits(value: number): string {
  const size = Math.abs(value);
  return value.toFixed(size >= 99.95 ? 0 : size >= 9.995 ? 1 : 2);
}

function joined({ number, unit }: Reading): string {
  return number === UNKNOWN || unit === "" ? number : `${number} ${unit}`;
}

/** Bits per second. */
export function bitRate(bps: number | null): Reading {
  return scaled(bps, "b/s");
}

/** Packets per second. */
export function packetRate(packetsPerSecond: number | null): Reading {
  return scaled(packetsPerSecond, "pkt/s");
}

/** Bytes on the wire or in memory, in powers of a thousand. */
export function byteCount(bytes: number | null): Reading {
  return scaled(bytes, "B");
}

export function bitRateText(bps: number | null): string {
  return joined(bitRate(bps));
}

export function packetRateText(packetsPerSecond: number | null): string {
  return joined(packetRate(packetsPerSecond));
}

export function byteCountText(bytes: number | null): string {
  return joined(byteCount(bytes));
}

/** A delay, given in milliseconds, in the unit that suits it: `310 µs`, `24.2 ms`, `1.25 s`. */
export function delay(ms: number | null): Reading {
  if (ms === null || !Number.isFinite(ms)) return { number: UNKNOWN, unit: "ms" };
  const size = Math.abs(ms);
  if (size >= NEXT_PREFIX) return { number: threeDigits(ms / 1000), unit: "s" };
  if (size > 0 && size < 0.9995) return { number: threeDigits(ms * 1000), unit: "µs" };
  return { number: threeDigits(ms), unit: "ms" };
}

export function delayText(ms: number | null): string {
  return joined(delay(ms));
}

/** From here on how long something lasted reads better in minutes. */
const MINUTES_FROM_S = 100;

/** How long something lasted, in its two largest units: `18.2 ms`, `14.3 s`, `2 min 13 s`, `3 h 5 min`. */
export function durationText(seconds: number | null): string {
  if (seconds !== null && Number.isFinite(seconds) && seconds >= MINUTES_FROM_S) return inWords(seconds);
  return delayText(seconds === null ? null : seconds * 1000);
}

function inWords(seconds: number): string {
  const whole = Math.floor(seconds);
  const minutes = Math.floor(whole / 60);
  const hours = Math.floor(minutes / 60);
  if (hours === 0) return `${minutes} min ${whole % 60} s`;
  if (hours < 24) return `${hours} h ${minutes % 60} min`;
  return `${Math.floor(hours / 24)} d ${hours % 24} h`;
}

const COUNT = new Intl.NumberFormat("en", { maximumFractionDigits: 0 });

/** How many of something, with its digits in groups: `106,000`. */
export function count(value: number | null): string {
  return value === null || !Number.isFinite(value) ? UNKNOWN : COUNT.format(value);
}

/** A number of six digits without a unit, for tables whose rows have units of their own. */
export function plainNumber(value: number | null): string {
  return value === null || !Number.isFinite(value) ? UNKNOWN : String(Number(value.toPrecision(6)));
}

/** How many of something where there is no room for every digit: `47.6k`. */
export function compactCount(value: number | null): string {
  const { number, unit } = scaled(value, "");
  return `${number}${unit}`;
}

/** A share of 0 to 1 as a percentage with one decimal. */
export function share(ratio: number | null): string {
  if (ratio === null || !Number.isFinite(ratio)) return UNKNOWN;
  if (ratio > 0 && ratio < 0.0005) return "<0.1%";
  return `${(ratio * 100).toFixed(1)}%`;
}

/** A percentage as the program gives it, 0 to 100: finer than `share` where it is small, because a loss is. */
export function percentage(value: number | null): Reading {
  if (value === null || !Number.isFinite(value)) return { number: UNKNOWN, unit: "%" };
  if (value === 0 || value === 100) return { number: String(value), unit: "%" };
  if (value < 0.005) return { number: "<0.01", unit: "%" };
  return { number: value.toFixed(value >= 9.995 ? 1 : 2), unit: "%" };
}

export function percentageText(value: number | null): string {
  return joined(percentage(value));
}

/** A mean opinion score, 1 to 4.5. */
export function mosText(mos: number | null): string {
  return mos === null || !Number.isFinite(mos) ? UNKNOWN : mos.toFixed(2);
}

/** A clock's rate, given in hertz, with all its digits: `8 kHz`, `11.025 kHz`. */
export function clockText(hertz: number | null): string {
  if (hertz === null || !Number.isFinite(hertz)) return UNKNOWN;
  return hertz < 1000 ? `${hertz} Hz` : `${hertz / 1000} kHz`;
}

/** A number of 32 bits that names something, as others write it: `0x0a1b2c3d`. */
export function idText(id: number): string {
  return `0x${id.toString(16).padStart(8, "0")}`;
}

/** Units before which another prefix would name another unit, or none that exists. */
const UNITS_WITHOUT_PREFIX: ReadonlySet<string> = new Set(["ms", "%"]);

/** More digits are noise of the arithmetic. */
const MOST_TICK_DIGITS = 9;

/**
 * A tick of an axis whose ticks are `step` apart, with as many digits as tell them apart.
 *
 * The prefix only, because the `unit` stands in the panel's title: a title in ms has an axis in ms. Both halves of a
 * mirrored axis read positive.
 */
export function axisTick(value: number, step: number, unit: string): string {
  let rest = precise(Math.abs(value));
  let apart = Math.abs(step);
  let prefix = 0;
  while (rest >= 1000 && prefix < PREFIXES.length - 1 && !UNITS_WITHOUT_PREFIX.has(unit)) {
    rest /= 1000;
    apart /= 1000;
    prefix += 1;
  }
  const number = rest.toFixed(digitsOf(apart));
  return `${number.includes(".") ? number.replace(/\.?0+$/, "") : number}${PREFIXES[prefix] ?? ""}`;
}

/** How many digits after the point `step` has. */
function digitsOf(step: number): number {
  for (let digits = 0; digits < MOST_TICK_DIGITS; digits += 1) {
    if (precise(step) === Number(step.toFixed(digits))) return digits;
  }
  return MOST_TICK_DIGITS;
}

/** Without the last digits, in which sums of fractions are wrong. */
function precise(value: number): number {
  return Number(value.toPrecision(12));
}

/** Seconds gone by, as `00:14:22`; days in front where there are any. */
export function elapsed(seconds: number | null): string {
  if (seconds === null || !Number.isFinite(seconds)) return UNKNOWN;
  const whole = Math.floor(seconds);
  const days = Math.floor(whole / 86_400);
  const clock = [Math.floor(whole / 3600) % 24, Math.floor(whole / 60) % 60, whole % 60]
    .map((part) => String(part).padStart(2, "0"))
    .join(":");
  return days > 0 ? `${days} d ${clock}` : clock;
}

function padded(value: number, width = 2): string {
  return String(value).padStart(width, "0");
}

/** A time of day in the viewer's zone, as `20:43:50`. */
export function timeOfDay(ms: number | null): string {
  if (ms === null || !Number.isFinite(ms)) return UNKNOWN;
  const date = new Date(ms);
  return `${padded(date.getHours())}:${padded(date.getMinutes())}:${padded(date.getSeconds())}`;
}

/** A packet's time of day in the viewer's zone, as `20:43:50.123`. */
export function packetTime(ms: number | null): string {
  if (ms === null || !Number.isFinite(ms)) return UNKNOWN;
  return `${timeOfDay(ms)}.${padded(new Date(ms).getMilliseconds(), 3)}`;
}

function day(date: Date): string {
  return `${date.getFullYear()}-${padded(date.getMonth() + 1)}-${padded(date.getDate())}`;
}

/** Two times of day in the viewer's zone; with their dates where not both are on the day of `today_ms`. */
export function timeSpan(from_ms: number, to_ms: number, today_ms: number): string {
  const today = day(new Date(today_ms));
  const from = day(new Date(from_ms));
  const to = day(new Date(to_ms));
  if (from === today && to === today) return `${timeOfDay(from_ms)} – ${timeOfDay(to_ms)}`;
  return `${from} ${timeOfDay(from_ms)} – ${to === from ? "" : `${to} `}${timeOfDay(to_ms)}`;
}

const DAY = new Intl.DateTimeFormat("en", { month: "short", day: "numeric" });

/** The time of day of a point of a chart; with milliseconds where it is between two seconds. */
export function pointTime(ms: number | null): string {
  return ms === null || Math.round(ms) % 1000 === 0 ? timeOfDay(ms) : packetTime(Math.round(ms));
}

/** A tick of a time axis: the time of day, at midnight the date. */
export function timeTick(ms: number): string {
  const text = pointTime(ms);
  return text === "00:00:00" ? DAY.format(ms) : text;
}

/** Date and time in the viewer's zone and in UTC, for where the time of day is not enough. */
export function dateAndUtc(ms: number | null): string {
  if (ms === null || !Number.isFinite(ms)) return UNKNOWN;
  const date = new Date(ms);
  return `${day(date)} ${packetTime(ms)} local, ${date.toISOString()}`;
}

/** A second since the epoch in the form that a field for date and time holds: the viewer's zone, and not a word of it. */
export function localInput(second: number | null): string {
  if (second === null || !Number.isFinite(second)) return "";
  const date = new Date(second * 1000);
  return `${day(date)}T${timeOfDay(second * 1000)}`;
}

/** The second since the epoch that such a field holds; `null` where it is empty or incomplete. */
export function secondOfInput(value: string): number | null {
  const ms = Date.parse(value);
  return Number.isNaN(ms) ? null : Math.floor(ms / 1000);
}
