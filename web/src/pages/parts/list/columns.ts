/** What a column of a list is made of, whatever its rows are. */

import { packetTime, UNKNOWN } from "../../../lib/format";
import type { Cell } from "../../../lib/table";

export interface ListColumn<Row, Id extends string, Sort extends string> {
  id: Id;
  label: string;
  hint?: string;
  /** What the program sorts by; `null` where it does not. */
  sort: Sort | null;
  /** The least width, which it keeps unless it may grow. */
  width: number;
  /** Its part of the room that is left. */
  grow?: number;
  /** Numbers stand under each other at their right end. */
  right: boolean;
  text: (row: Row) => string;
  /** For a file: a number in `unit`, or a text. */
  cell: (row: Row) => Cell;
  unit?: string;
}

/** By what the columns of a list are chosen. */
export interface ColumnChoice {
  /** What the address says, or was kept; `null` where nobody chose. */
  names: string | null;
  live: boolean;
  narrow: boolean;
}

interface Looks<Id extends string, Sort extends string> {
  id: Id;
  label: string;
  hint?: string;
  sort?: Sort;
  width: number;
  grow?: number;
}

interface Number<Row, Id extends string, Sort extends string> extends Looks<Id, Sort> {
  unit?: string;
  value: (row: Row) => number | null;
  text: (value: number | null) => string;
}

interface Words<Row, Id extends string, Sort extends string> extends Looks<Id, Sort> {
  words: (row: Row) => string;
}

interface Names<Row, Id extends string, Sort extends string> extends Looks<Id, Sort> {
  /** `null` where nobody knows it. */
  name: (row: Row) => string | null;
}

interface Times<Row, Id extends string, Sort extends string> extends Looks<Id, Sort> {
  /** RFC 3339. */
  stamp: (row: Row) => string | null;
}

/** The kinds of columns that a list of `Row` may have. */
export interface ColumnKinds<Row, Id extends string, Sort extends string> {
  number: (parts: Number<Row, Id, Sort>) => ListColumn<Row, Id, Sort>;
  words: (parts: Words<Row, Id, Sort>) => ListColumn<Row, Id, Sort>;
  name: (parts: Names<Row, Id, Sort>) => ListColumn<Row, Id, Sort>;
  time: (parts: Times<Row, Id, Sort>) => ListColumn<Row, Id, Sort>;
}

export function columnKinds<Row, Id extends string, Sort extends string>(): ColumnKinds<Row, Id, Sort> {
  return {
    number: ({ sort, value, text, ...rest }) => ({
      ...rest,
      sort: sort ?? null,
      right: true,
      text: (row) => text(value(row)),
      cell: value,
    }),
    words: ({ sort, words, ...rest }) => ({
      ...rest,
      sort: sort ?? null,
      right: false,
      text: words,
      cell: words,
    }),
    name: ({ sort, name, ...rest }) => ({
      ...rest,
      sort: sort ?? null,
      right: false,
      text: (row) => name(row) ?? UNKNOWN,
      cell: name,
    }),
    time: ({ sort, stamp, ...rest }) => ({
      ...rest,
      sort: sort ?? null,
      right: true,
      text: (row) => packetTime(msOf(stamp(row))),
      // In a file that is opened elsewhere only a time with its zone means anything.
      cell: stamp,
    }),
  };
}

function msOf(stamp: string | null): number | null {
  return stamp === null ? null : Date.parse(stamp);
}

/** The largest of a line's values; `null` without any. */
export function peakOf(values: readonly number[]): number | null {
  return values.length === 0 ? null : Math.max(...values);
}

/** The tracks of a grid of these columns, and how wide it is at least. */
export function tracksOf(columns: readonly { width: number; grow?: number }[]): {
  tracks: string;
  least_px: number;
} {
  const track = ({ width, grow }: { width: number; grow?: number }) =>
    grow === undefined ? `${width}px` : `minmax(${width}px, ${grow}fr)`;
  return {
    tracks: columns.map(track).join(" "),
    least_px: columns.reduce((sum, { width }) => sum + width, 0),
  };
}

/** The columns beside an open sheet, which leaves less room: what the list is sorted by comes right after `after`. */
export function sortedAfter<C extends { id: string; sort: string | null }>(
  columns: readonly C[],
  sort: string,
  after: readonly string[],
): readonly C[] {
  const sorted = columns.find((column) => column.sort === sort);
  const ends = columns.findLastIndex(({ id }) => after.includes(id));
  if (sorted === undefined || columns.indexOf(sorted) <= ends) return columns;
  const rest = columns.filter((column) => column !== sorted);
  return [...rest.slice(0, ends + 1), sorted, ...rest.slice(ends + 1)];
}
