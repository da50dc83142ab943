/** The packets before and after one between the same two addresses. */

import type { PacketRow } from "../../generated/PacketRow";
import type { Find } from "./held-packets";

/** As many rows as one answer brings. */
const MOST_ROWS = 200;

/** Packets looked through for one step; a conversation this quiet is followed better with a filter. */
const FARTHEST = 100_000;

/** The program searches upwards only: earlier packets are looked for in stretches before the one at hand. */
const STRETCH = 2_000;

export type Ends = Pick<PacketRow, "source" | "destination">;

function between(a: Ends, b: Ends): boolean {
  const same = a.source === b.source && a.destination === b.destination;
  return same || (a.source === b.destination && a.destination === b.source);
}

/** The number of the next packet between the ends of `row`; `null` where there is none near. */
export async function nextBetween(row: PacketRow, find: Find): Promise<number | null> {
  let from: number | null = row.number + 1;
  while (from !== null && from <= row.number + FARTHEST) {
    const { rows, next } = await find({ from, limit: MOST_ROWS, text: row.source });
    const found = rows.find((other) => between(row, other));
    if (found !== undefined) return found.number;
    from = next;
  }
  return null;
}

/** The number of the packet before between the ends of `row`; `null` where there is none near. */
export async function previousBetween(row: PacketRow, find: Find): Promise<number | null> {
  let end = row.number;
  let stretch = STRETCH;
  while (end > 1 && end > row.number - FARTHEST) {
    const start = Math.max(1, end - stretch);
    let from: number | null = start;
    let last: number | null = null;
    let oldest: number | null = null;
    while (from !== null && from < end) {
      const answer = await find({ from, limit: MOST_ROWS, text: row.source });
      const before = answer.rows.filter((other) => other.number < end);
      last = before.findLast((other) => between(row, other))?.number ?? last;
      oldest = answer.oldest;
      from = before.length < answer.rows.length ? null : answer.next;
    }
    if (last !== null) return last;
    if (oldest === null || start <= oldest) return null;
    end = start;
    stretch *= 2;
  }
  return null;
}
