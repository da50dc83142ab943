/**
 * The rows of a list that fit, of which only those in sight are ever asked for.
 *
 * What the program refuses leaves what was shown before it: a filter that is being typed empties no list.
 */

import { Refused, reasonOf } from "../../../live/client";

/** Which part of a list is wanted. */
export interface Part {
  offset: number;
  /** At most 200. */
  limit: number;
}

/** A part of what fits. */
export interface Window<Row> {
  /** Counts all that are listed, and those that fit. */
  total: number;
  matched: number;
  /** Counts those that are not listed any more. */
  forgotten: number;
  rows: readonly Row[];
}

/** Asks for rows; `Order` is what is wanted of the list, wherever in it one looks. */
export type Find<Row, Order> = (query: Order & Part) => Promise<Window<Row>>;

/** What the keyboard needs of a list: which row stands where. */
export interface KeyedRows<Key> {
  /** Counts the rows that fit; `null` before the first answer. */
  readonly matched: number | null;
  keyAt(place: number): Key | null;
  /** Where a row stands, as far as it is near what is in sight. */
  placeOf(key: Key): number | null;
}

/** Rows asked for above and below those in sight, so that a turn of the wheel finds them there. */
const MARGIN_ROWS = 40;

/** As many rows as one answer brings. */
const MOST_ROWS = 200;

/** Rows kept beyond those of the last answer, for scrolling back: they may be a little old. */
const KEPT_ROWS = 400;

export class RowList<Row, Key, Order extends object> implements KeyedRows<Key> {
  /** Counts the rows that fit, and all that are listed; `null` before the first answer. */
  matched: number | null = null;
  total = 0;
  /** Counts those that are not listed any more. */
  forgotten = 0;
  /** Why the last question was refused; `null` where it was answered. */
  problem: string | null = null;
  private readonly rows = new Map<number, Row>();
  private order: Order | null = null;
  /** The order that the rows are in. */
  private shown: Order | null = null;
  private inSight: [first: number, last: number] = [0, 0];
  /** The places asked for last: what is missing among them will not come sooner by asking at once again. */
  private asked: [from: number, end: number] = [0, 0];
  private due = false;
  private asking = false;

  constructor(
    private readonly find: Find<Row, Order>,
    /** What tells a row from all others, wherever it moves. */
    private readonly keyOf: (row: Row) => Key,
    private readonly changed: () => void,
  ) {}

  rowAt(place: number): Row | null {
    return this.rows.get(place) ?? null;
  }

  keyAt(place: number): Key | null {
    const row = this.rows.get(place);
    return row === undefined ? null : this.keyOf(row);
  }

  placeOf(key: Key): number | null {
    for (const [place, row] of this.rows) if (this.keyOf(row) === key) return place;
    return null;
  }

  /** Whether the rows are those of the order that is wanted. */
  get isCurrent(): boolean {
    return this.shown !== null && this.shown === this.order;
  }

  /** Asks for another order of the list, or other rows. */
  arrange(order: Order): void {
    if (this.order === order) return;
    this.order = order;
    this.refresh();
  }

  /** Says which places are in sight. Asks for them where they are not there. */
  look(first: number, last: number): void {
    this.inSight = [first, last];
    const end = Math.min(last, (this.matched ?? 0) - 1);
    const [from, to] = this.asked;
    let missing = false;
    for (let place = first; place <= end && !missing; place += 1) {
      missing = !this.rows.has(place) && (place < from || place >= to);
    }
    if (missing) this.refresh();
  }

  /** Asks again for what is in sight. One question at a time, always for what is wanted by then. */
  refresh(): void {
    this.due = true;
    void this.ask();
  }

  private async ask(): Promise<void> {
    if (this.asking) return;
    this.asking = true;
    while (this.due && this.order !== null) {
      this.due = false;
      const { order } = this;
      const [offset, limit] = windowAround(this.inSight);
      this.asked = [offset, offset + limit];
      try {
        const answer = await this.find({ ...order, offset, limit });
        if (order === this.order) this.keep(order, offset, answer);
      } catch (error) {
        // Whoever is not connected is told so elsewhere; the rows stay.
        if (order === this.order) this.problem = isRefusal(error) ? reasonOf(error) : null;
      }
      this.changed();
    }
    this.asking = false;
  }

  private keep(order: Order, offset: number, { rows, total, matched, forgotten }: Window<Row>): void {
    if (order !== this.shown) this.rows.clear();
    this.shown = order;
    this.problem = null;
    this.total = total;
    this.matched = matched;
    this.forgotten = forgotten;
    for (const [index, row] of rows.entries()) this.rows.set(offset + index, row);
    const end = offset + rows.length;
    for (const place of this.rows.keys()) {
      const near = place >= offset - KEPT_ROWS && place < end + KEPT_ROWS;
      if (!near || place >= matched) this.rows.delete(place);
    }
  }
}

function isRefusal(error: unknown): boolean {
  return error instanceof Refused && error.code !== null;
}

function windowAround([first, last]: [number, number]): [offset: number, limit: number] {
  const offset = Math.max(0, first - MARGIN_ROWS);
  return [offset, Math.min(MOST_ROWS, last + MARGIN_ROWS + 1 - offset)];
}

/** As many rows as one file is made of. */
export const MOST_SAVED = 10_000;

/** The rows that fit, in their order, for a file: each once, although the list moves while it is asked for. */
export async function rowsForFile<Row, Key, Order extends object>(
  order: Order,
  find: Find<Row, Order>,
  keyOf: (row: Row) => Key,
): Promise<Row[]> {
  const found = new Map<Key, Row>();
  for (let offset = 0; offset < MOST_SAVED; offset += MOST_ROWS) {
    const { rows, matched } = await find({ ...order, offset, limit: MOST_ROWS });
    for (const row of rows) found.set(keyOf(row), row);
    if (rows.length === 0 || offset + rows.length >= matched) break;
  }
  return [...found.values()];
}
