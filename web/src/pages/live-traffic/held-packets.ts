/** Every packet the program holds, by number: windows of rows are fetched as they come into sight. */

import type { PacketCells } from "../../components/grid-row";
import type { RowSource } from "../../components/grid-view";
import type { PacketRow } from "../../generated/PacketRow";
import type { PacketsTopic } from "../../generated/PacketsTopic";
import type { PacketWindow } from "../../generated/PacketWindow";
import type { PacketQuery } from "../../live/client";

/** As many rows as one answer brings. */
const WINDOW_ROWS = 200;

/** Windows kept for scrolling back and forth; the one longest out of sight makes room. */
const MOST_WINDOWS = 32;

interface Window {
  rows: Map<number, PacketRow>;
  /** No more rows will come: all its packets were there when it was asked for. */
  complete: boolean;
}

export type Find = (query: PacketQuery) => Promise<PacketWindow>;

export class HeldPackets implements RowSource {
  private base = 1;
  private newest = 0;
  private held = 1;
  private tail = new Map<number, PacketRow>();
  private readonly windows = new Map<number, Window>();
  private fetching = false;
  private wanted: [first: number, last: number] | null = null;

  constructor(
    private readonly find: Find,
    private readonly changed: () => void,
  ) {}

  get count(): number {
    return Math.max(0, this.newest - this.base + 1);
  }

  /** Takes the newest rows. A list that is not followed keeps its ends, so that nothing moves under the reader. */
  update(topic: PacketsTopic, followed: boolean): void {
    this.held = topic.oldest ?? this.held;
    if (!followed && this.count > 0) return;
    this.base = topic.oldest ?? 1;
    this.newest = topic.newest ?? 0;
    this.tail = new Map(topic.rows.map((row) => [row.number, row]));
  }

  rowAt(index: number): PacketCells | "loading" | "gone" {
    const number = this.base + index;
    const window = this.windows.get(windowOf(number));
    const row = this.tail.get(number) ?? window?.rows.get(number);
    if (row !== undefined) return row;
    return number < this.held || window?.complete === true ? "gone" : "loading";
  }

  numberAt(index: number): number | null {
    return index >= 0 && index < this.count ? this.base + index : null;
  }

  indexOf(number: number): number | null {
    return number >= this.base && number <= this.newest ? number - this.base : null;
  }

  want(first: number, last: number): void {
    this.wanted = [this.base + first, this.base + last];
    void this.fetchWanted();
  }

  /** One request at a time, always for what is in sight by then: what was scrolled past is never asked for. */
  private async fetchWanted(): Promise<void> {
    if (this.fetching) return;
    this.fetching = true;
    try {
      for (let start = this.firstMissing(); start !== null; start = this.firstMissing()) {
        this.keep(start, await this.find({ from: start, limit: WINDOW_ROWS, text: null }));
        this.changed();
      }
    } catch {
      // Not connected or refused: the rows stay empty, and the next time they are in sight they are asked for again.
    } finally {
      this.fetching = false;
    }
  }

  /** Where the first window begins that is in sight and not there. */
  private firstMissing(): number | null {
    if (this.wanted === null) return null;
    const [first, last] = this.wanted;
    for (let number = Math.max(first, this.held); number <= last; number += 1) {
      if (this.tail.has(number)) continue;
      const window = this.windows.get(windowOf(number));
      if (window?.complete !== true && window?.rows.has(number) !== true) return windowOf(number);
    }
    return null;
  }

  private keep(start: number, answer: PacketWindow): void {
    const end = start + WINDOW_ROWS;
    const rows = new Map(answer.rows.filter((row) => row.number < end).map((row) => [row.number, row]));
    this.held = answer.oldest ?? this.held;
    this.windows.delete(start);
    this.windows.set(start, { rows, complete: (answer.newest ?? 0) >= end - 1 || rows.size === 0 });
    for (const key of this.windows.keys()) {
      if (this.windows.size <= MOST_WINDOWS) break;
      this.windows.delete(key);
    }
  }
}

/** Windows begin at fixed numbers, so that the same rows are always fetched together. */
function windowOf(number: number): number {
  return Math.floor((number - 1) / WINDOW_ROWS) * WINDOW_ROWS + 1;
}
