/**
 * The packets whose row contains a text, or those of one flow, or both. The program searches; the page keeps what it found.
 *
 * It begins with the newest matches and grows at both ends: forwards with the capture, backwards while scrolling up.
 */

import type { PacketCells } from "../../components/grid-row";
import type { RowSource } from "../../components/grid-view";
import type { PacketRow } from "../../generated/PacketRow";
import type { PacketsTopic } from "../../generated/PacketsTopic";
import { type PacketQuery, Refused } from "../../live/client";
import type { Find } from "./held-packets";

/** As many rows as one answer brings. */
const MOST_ROWS = 200;

/** Matches kept; while the list is followed the oldest make room. */
const MOST_MATCHES = 40_000;

/** Packets searched without being asked, so that the count of matches is whole; of longer captures it is "at least". */
const MOST_UNASKED = 500_000;

/** Between two searches without being asked the program has time for others. */
const UNASKED_EVERY_MS = 20;

/** The program searches upwards only, so that older matches are looked for in stretches of packets before the oldest one. */
const FIRST_STRETCH = 2_000;
const LONGEST_STRETCH = 256_000;

/** Rows before the first one in sight at which older ones are fetched. */
const LOOK_AHEAD = 50;

/** Which packets are looked for. */
export type Wanted = Pick<PacketQuery, "text" | "flow">;

export class MatchingPackets implements RowSource {
  private rows: PacketRow[] = [];
  /** Everything before this number has yet to be searched. */
  private searchedFrom: number | null = null;
  /** Where the search for newer matches goes on. */
  private searchedTo = 1;
  private held = 1;
  private newest = 0;
  private stretch = FIRST_STRETCH;
  private busy = false;
  private closed = false;
  /** Before this packet is searched only when asked. */
  private mayReach = 1;
  private timer: ReturnType<typeof setTimeout> | undefined;

  constructor(
    private readonly wanted: Wanted,
    private readonly find: Find,
    private readonly changed: () => void,
  ) {
    void this.alone(() => this.begin()).then(() => {
      this.mayReach = this.newest - MOST_UNASKED;
      this.searchOn();
    });
  }

  get count(): number {
    return this.rows.length;
  }

  /** A search is on its way, or goes on by itself. */
  get searching(): boolean {
    return this.busy || this.searchedFrom === null || this.timer !== undefined;
  }

  /** How many packets were searched so far, the newest of those held. */
  get searched(): number {
    return this.searchedFrom === null ? 0 : this.newest - Math.max(this.held, this.searchedFrom) + 1;
  }

  /** Searches as many packets more. */
  searchMore(): void {
    this.mayReach -= MOST_UNASKED;
    this.searchOn();
  }

  /** Everything held was searched: the count of matches is whole. */
  get complete(): boolean {
    return this.searchedFrom !== null && this.searchedFrom <= this.held;
  }

  /** Ends it: answers that are still to come are dropped. */
  close(): void {
    this.closed = true;
    clearTimeout(this.timer);
  }

  update(topic: PacketsTopic, followed: boolean): void {
    this.held = topic.oldest ?? this.held;
    this.newest = topic.newest ?? 0;
    if (!followed || this.newest < this.searchedTo) return;
    void this.alone(() => (this.searchedFrom === null ? this.begin() : this.newer()));
  }

  rowAt(index: number): PacketCells | "loading" {
    return this.rows[index] ?? "loading";
  }

  numberAt(index: number): number | null {
    return this.rows[index]?.number ?? null;
  }

  indexOf(number: number): number | null {
    let low = 0;
    let high = this.rows.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((this.rows[middle]?.number ?? 0) < number) low = middle + 1;
      else high = middle;
    }
    return this.rows[low]?.number === number ? low : null;
  }

  want(first: number): void {
    const from = this.searchedFrom;
    if (first > LOOK_AHEAD || from === null || this.complete || this.rows.length >= MOST_MATCHES) return;
    void this.alone(() => this.older(from));
  }

  /** Goes on backwards, a stretch at a time, until all is searched or it becomes too much. */
  private searchOn(): void {
    this.timer = undefined;
    const from = this.searchedFrom;
    const enough = this.rows.length >= MOST_MATCHES || (from ?? 0) <= this.mayReach;
    if (this.closed || from === null || this.complete || enough) return;
    this.timer = setTimeout(
      () => void this.alone(() => this.older(from)).then(() => this.searchOn()),
      UNASKED_EVERY_MS,
    );
  }

  /** One search at a time. What fails is tried again at the next occasion. */
  private async alone(search: () => Promise<void>): Promise<void> {
    if (this.busy || this.closed) return;
    this.busy = true;
    try {
      await search();
    } catch (error) {
      // Not connected or refused: what was found stays.
      if (error instanceof Refused && error.code === "not_found") this.giveUp();
    } finally {
      this.busy = false;
      if (!this.closed) this.changed();
    }
  }

  /** The flow is not listed any more: nobody knows which packets were its own. */
  private giveUp(): void {
    this.searchedFrom = this.held;
    this.changed();
    this.close();
  }

  private async begin(): Promise<void> {
    const answer = await this.find({ from: null, limit: MOST_ROWS, ...this.wanted });
    this.held = answer.oldest ?? this.held;
    this.newest = answer.newest ?? 0;
    this.rows = answer.rows;
    this.searchedTo = this.newest + 1;
    // With fewer matches than asked for, and nothing left to look at, there is nothing older.
    const all = answer.next === null && answer.rows.length < MOST_ROWS;
    this.searchedFrom = all ? this.held : (answer.rows[0]?.number ?? this.newest + 1);
  }

  private async newer(): Promise<void> {
    const answer = await this.find({ from: this.searchedTo, limit: MOST_ROWS, ...this.wanted });
    const last = this.rows.at(-1)?.number ?? 0;
    this.rows = [...this.rows, ...answer.rows.filter((row) => row.number > last)];
    this.searchedTo = answer.next ?? (answer.newest ?? 0) + 1;
    const over = this.rows.length - MOST_MATCHES;
    if (over > 0) {
      this.rows = this.rows.slice(over);
      this.searchedFrom = this.rows[0]?.number ?? this.searchedFrom;
    }
  }

  private async older(until: number): Promise<void> {
    const start = Math.max(this.held, until - this.stretch);
    const found: PacketRow[] = [];
    for (let from: number | null = start; from !== null && from < until && !this.closed; ) {
      const answer = await this.find({ from, limit: MOST_ROWS, ...this.wanted });
      found.push(...answer.rows.filter((row) => row.number < until));
      const passed = (answer.rows.at(-1)?.number ?? 0) >= until;
      from = passed ? null : answer.next;
    }
    this.rows = [...found, ...this.rows];
    this.searchedFrom = start;
    // Few matches in a stretch: the next one is longer.
    this.stretch = found.length < MOST_ROWS ? Math.min(LONGEST_STRETCH, this.stretch * 2) : FIRST_STRETCH;
  }
}
