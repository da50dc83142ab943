/** The list of flows, with the keyboard of a grid: its headings sort, its rows open. */

import { type KeyboardEvent, type RefObject, useEffect, useId, useState } from "react";
import { useVirtualRows } from "../../components/virtual-rows";
import type { FlowColumn } from "../../generated/FlowColumn";
import { ROW_PX, useDensity } from "../../lib/density";
import { flowStrings } from "../../lib/flow-strings";
import { type ListColumn, tracksOf } from "./columns";
import { type Cursor, moved, placeOfCursor } from "./cursor";
import { FlowHeader, HEADER_PX } from "./FlowHeader";
import { FlowRow } from "./FlowRow";
import type { FlowList } from "./flow-list";

interface Props {
  grid: RefObject<HTMLDivElement | null>;
  list: FlowList;
  columns: readonly ListColumn[];
  sort: FlowColumn;
  descending: boolean;
  onSort: (column: ListColumn) => void;
  /** The flow whose sheet is open. */
  selected: number | null;
  onOpen: (id: number) => void;
}

export function FlowGrid(props: Props) {
  const { grid, list, columns, selected, onOpen } = props;
  const id = useId();
  const row_px = ROW_PX[useDensity((choice) => choice.density)];
  const count = list.matched ?? 0;
  const rows = useVirtualRows(grid, count, row_px, HEADER_PX);
  const [cursor, setCursor] = useState<Cursor>({ at: "nowhere" });
  const place = placeOfCursor(cursor, list);

  // What is in sight may have changed with every render.
  useEffect(() => {
    if (rows.last >= rows.first) list.look(rows.first, rows.last);
  });

  const goTo = (next: Cursor) => {
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
      const flow = place === null ? null : list.rowAt(place);
      if (flow !== null) onOpen(flow.id);
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
      aria-label={flowStrings.label}
      aria-rowcount={count + 1}
      aria-colcount={columns.length}
      aria-multiselectable={false}
      aria-activedescendant={pointed}
      onKeyDown={press}
      className="relative h-full overflow-auto text-table focus-visible:-outline-offset-2"
    >
      <FlowHeader
        {...props}
        tracks={tracks}
        least_px={least_px}
        cursor={cursor.at === "heading" ? cursor.column : null}
        headingId={headingId}
      />
      <div role="presentation" className="sticky z-0 h-0" style={{ top: HEADER_PX, minWidth: least_px }}>
        {places.map((at) => (
          <FlowRow
            key={at}
            id={rowId(at)}
            place={at}
            top_px={rows.top(at)}
            flow={list.rowAt(at)}
            columns={columns}
            tracks={tracks}
            selected={selected}
            pointed={at === place && cursor.at === "row"}
            onPress={(flow) => {
              setCursor({ at: "row", place: at, id: flow });
              grid.current?.focus({ preventScroll: true });
              onOpen(flow);
            }}
          />
        ))}
      </div>
      <div role="presentation" style={{ height: rows.height }} />
    </div>
  );
}
