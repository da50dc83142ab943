/** Where the keyboard stands in a list, and where a key takes it. */

import type { KeyedRows } from "./row-list";

export type Cursor<Key> =
  | { at: "nowhere" }
  /** On the heading of a column. */
  | { at: "heading"; column: number }
  /** On a row, wherever it moves; of a row that is not there yet only the place is known. */
  | { at: "row"; place: number; id: Key | null };

/** The place of the row that the cursor is on; `null` where it is on none. */
export function placeOfCursor<Key>(
  cursor: Cursor<Key>,
  list: Pick<KeyedRows<Key>, "placeOf" | "matched">,
): number | null {
  if (cursor.at !== "row") return null;
  const known = cursor.id === null ? null : list.placeOf(cursor.id);
  const last = (list.matched ?? 0) - 1;
  return last < 0 ? null : Math.min(last, known ?? cursor.place);
}

interface Sortable {
  /** `null` where the list is not sorted by it. */
  sort: string | null;
}

export interface Surroundings<Key> {
  cursor: Cursor<Key>;
  /** Where the cursor's row stands. */
  place: number | null;
  list: Pick<KeyedRows<Key>, "keyAt" | "matched">;
  columns: readonly Sortable[];
  /** How many rows are a page. */
  page: number;
  /** The first place in sight. */
  first: number;
}

/** Where `key` takes the cursor; `null` for a key that is none of the grid's. */
export function moved<Key>(key: string, around: Surroundings<Key>): Cursor<Key> | null {
  const { cursor, page } = around;
  if (cursor.at === "heading") return fromHeading(key, cursor.column, around);
  switch (key) {
    case "ArrowDown":
    case "j":
      return step(1, around);
    case "ArrowUp":
      // Above the first row are the headings.
      if (around.place === 0 || around.place === null) return heading(0, 1, around.columns);
      return step(-1, around);
    case "k":
      return step(-1, around);
    case "PageDown":
      return step(page, around);
    case "PageUp":
      return step(-page, around);
    case "Home":
      return row(0, around);
    case "End":
      return row(Number.POSITIVE_INFINITY, around);
    default:
      return null;
  }
}

function fromHeading<Key>(key: string, column: number, around: Surroundings<Key>): Cursor<Key> | null {
  switch (key) {
    case "ArrowLeft":
      return heading(column - 1, -1, around.columns) ?? around.cursor;
    case "ArrowRight":
      return heading(column + 1, 1, around.columns) ?? around.cursor;
    case "ArrowDown":
    case "j":
      return row(0, around);
    case "ArrowUp":
    case "k":
      return around.cursor;
    default:
      return null;
  }
}

/** The nearest heading that sorts, from `column` on in a direction. */
function heading<Key>(column: number, direction: -1 | 1, columns: readonly Sortable[]): Cursor<Key> | null {
  for (let at = column; at >= 0 && at < columns.length; at += direction) {
    if (columns[at]?.sort !== null) return { at: "heading", column: at };
  }
  return null;
}

function step<Key>(by: number, around: Surroundings<Key>): Cursor<Key> {
  return row(around.place === null ? around.first : around.place + by, around);
}

function row<Key>(wanted: number, { list }: Surroundings<Key>): Cursor<Key> {
  const last = (list.matched ?? 0) - 1;
  if (last < 0) return { at: "nowhere" };
  const place = Math.min(last, Math.max(0, wanted));
  return { at: "row", place, id: list.keyAt(place) };
}
