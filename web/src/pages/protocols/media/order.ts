/** In which order streams and calls are listed. */

import type { Call } from "../../../generated/Call";
import type { RtpStream } from "../../../generated/RtpStream";

export const STREAM_SORTS = [
  "began",
  "ends",
  "codec",
  "kind",
  "packets",
  "lost",
  "jitter",
  "mos",
  "found",
] as const;
export const CALL_SORTS = ["began", "from", "to", "state", "duration", "delay", "result", "mos"] as const;

export type StreamSort = (typeof STREAM_SORTS)[number];
export type CallSort = (typeof CALL_SORTS)[number];

/** What a list is sorted by; what is of interest first may be its smallest: the worst MOS. */
export interface Order<Sort> {
  sort: Sort;
  rising: boolean;
}

/** Words from the first letter on, and MOS from the worst; of other numbers the large ones are of interest first. */
const RISING_FIRST: ReadonlySet<string> = new Set([
  "ends",
  "codec",
  "kind",
  "found",
  "from",
  "to",
  "state",
  "result",
  "mos",
] satisfies (StreamSort | CallSort)[]);

/** The order after a press on a column's heading. */
export function afterPress<Sort extends StreamSort | CallSort>(now: Order<Sort>, sort: Sort): Order<Sort> {
  return { sort, rising: sort === now.sort ? !now.rising : RISING_FIRST.has(sort) };
}

type Key = string | number | null;

const STREAM_KEYS: Record<StreamSort, (stream: RtpStream) => Key> = {
  began: (stream) => stream.first_seen,
  ends: (stream) => stream.src,
  codec: (stream) => stream.codec,
  kind: (stream) => stream.kind,
  packets: (stream) => stream.packets,
  lost: (stream) => stream.lost_percentage,
  jitter: (stream) => stream.jitter_ms_mean,
  mos: (stream) => stream.mos,
  found: (stream) => stream.found_by,
};

const CALL_KEYS: Record<CallSort, (call: Call) => Key> = {
  began: (call) => call.started,
  from: (call) => call.from ?? call.caller,
  to: (call) => call.to ?? call.callee,
  state: (call) => call.state,
  duration: (call) => call.duration_s,
  delay: (call) => call.post_dial_delay_ms,
  result: (call) => call.result,
  mos: (call) => call.mos,
};

export function sortedStreams(
  streams: readonly RtpStream[],
  { sort, rising }: Order<StreamSort>,
): RtpStream[] {
  return sorted(streams, STREAM_KEYS[sort], rising);
}

export function sortedCalls(calls: readonly Call[], { sort, rising }: Order<CallSort>): Call[] {
  return sorted(calls, CALL_KEYS[sort], rising);
}

/** What is not known comes last either way; of equals the newest first. */
function sorted<Row extends { id: number }>(
  rows: readonly Row[],
  keyOf: (row: Row) => Key,
  rising: boolean,
): Row[] {
  const way = rising ? 1 : -1;
  return rows.toSorted((a, b) => {
    const [one, other] = [keyOf(a), keyOf(b)];
    if (one === null || other === null) return Number(one === null) - Number(other === null) || b.id - a.id;
    return way * compared(one, other) || b.id - a.id;
  });
}

function compared(one: string | number, other: string | number): number {
  if (typeof one === "number" && typeof other === "number") return one - other;
  return String(one).localeCompare(String(other), "en", { numeric: true });
}
