/** A list, with the keyboard of a grid: its headings sort, its rows open. */

import { type KeyboardEvent, type ReactNode, type RefObject, useEffect, useId, useState } from "react";
import { useVirtualRows } from "../../../components/virtual-rows";
import { ROW_PX, useDensity } from "../../../lib/density";
import { tracksOf } from "./columns";
import { type Cursor, moved, placeOfCursor } from "./cursor";
import { HEADER_PX, type Heading, ListHeader } from "./ListHeader";
import { ListRow } from "./ListRow";
import type { RowList } from "./row-list";
import type { ListWords } from "./words";

/** What a list draws of its column. */
export interface GridColumn extends Heading {
  width: number;
  grow?: number;
}

interface Props<Row, Key, Order extends object, Column extends GridColumn> {
  words: ListWords;
  grid: RefObject<HTMLDivElement | null>;
  list: RowList<Row, Key, Order>;
  columns: readonly Column[];
  sort: string;
  descending: boolean;
  onSort: (column: Column) => void;
  /** The row whose sheet is open. */
  selected: Key | null;
  onOpen: (key: Key) => void;
  /** What a cell shows. */
  cell: (column: Column, row: Row) => ReactNode;
  /** Whether a row steps back behind those that speak. */
  isQuiet: (row: Row) => boolean;
}

export function ListGrid<Row, Key, Order extends object, Column extends GridColumn>(
  props: Props<Row, Key, Order, Column>,
) {
  const { words, grid, list, columns, selected, onOpen } = props;
  const id = useId();
  const row_px = ROW_PX[useDensity((choice) => choice.density)];
  const count = list.matched ?? 0;
  const rows = useVirtualRows(grid, count, row_px, HEADER_PX);
  const [cursor, setCursor] = useState<Cursor<Key>>({ at: "nowhere" });
  const place = placeOfCursor(cursor, list);

  // What is in sight may have changed with every render.
  useEffect(() => {
    if (rows.last >= rows.first) list.look(rows.first, rows.last);
  });

  const goTo = (next: Cursor<Key>) => {
    setCursor(next);
    if (next.at !== "row") return;
    rows.reveal(next.place);
    // An open sheet goes along.
    if (selected !== null && next.id !== null) onOpen(next.id);
  };
  const choose = () => {
    if (cursor.at === "heading") {
      const column = columns[cursor.column];
      if (column !== undefined) props.onSort(column);
    } else {
      const key = place === null ? null : list.keyAt(place);
      if (key !== null) onOpen(key);
    }
  };
  const press = (event: KeyboardEvent) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.key === "Enter" || (event.key === " " && cursor.at === "heading")) {
      event.preventDefault();
      choose();
      return;
    }
    const next = moved(event.key, { cursor, place, list, columns, page: rows.page, first: rows.first });
    if (next === null) return;
    event.preventDefault();
    goTo(next);
  };

  const { tracks, least_px } = tracksOf(columns);
  const rowId = (at: number) => `${id}-row-${at}`;
  const headingId = (column: number) => `${id}-heading-${column}`;
  const pointed =
    cursor.at === "heading"
      ? headingId(cursor.column)
      : place !== null && place >= rows.first && place <= rows.last
        ? rowId(place)
        : undefined;
  const places = Array.from({ length: Math.max(0, rows.last - rows.first + 1) }, (_, n) => rows.first + n);
  return (
    // biome-ignore lint/a11y/useSemanticElements: a table of which only the rows in sight are there
    <div
      ref={grid}
      role="grid"
      tabIndex={0}
      aria-label={words.label}
      aria-rowcount={count + 1}
      aria-colcount={columns.length}
      aria-multiselectable={false}
      aria-activedescendant={pointed}
      onKeyDown={press}
      className="relative h-full overflow-auto text-table focus-visible:-outline-offset-2"
    >
      <ListHeader
        {...props}
        tracks={tracks}
        least_px={least_px}
        cursor={cursor.at === "heading" ? cursor.column : null}
        headingId={headingId}
      />
      <div role="presentation" className="sticky z-0 h-0" style={{ top: HEADER_PX, minWidth: least_px }}>
        {places.map((at) => {
          const row = list.rowAt(at);
          const key = list.keyAt(at);
          return (
            <ListRow
              key={at}
              id={rowId(at)}
              place={at}
              top_px={rows.top(at)}
              columns={columns}
              tracks={tracks}
              loading={words.loading}
              isQuiet={row !== null && props.isQuiet(row)}
              isSelected={key !== null && key === selected}
              isPointed={at === place && cursor.at === "row"}
              cell={row === null ? null : (column) => props.cell(column, row)}
              onPress={() => {
                if (key === null) return;
                setCursor({ at: "row", place: at, id: key });
                grid.current?.focus({ preventScroll: true });
                onOpen(key);
              }}
            />
          );
        })}
      </div>
      <div role="presentation" style={{ height: rows.height }} />
    </div>
  );
}
