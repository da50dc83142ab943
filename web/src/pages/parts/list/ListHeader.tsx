/** The headings of a list. The keyboard reaches them from the first row. */

import { ArrowDown, ArrowUp } from "lucide-react";
import type { ListWords } from "./words";

export const HEADER_PX = 26;

/** What a heading shows of its column. */
export interface Heading {
  id: string;
  label: string;
  hint?: string;
  sort: string | null;
  right: boolean;
}

interface Props<Column extends Heading> {
  words: Pick<ListWords, "sorted">;
  columns: readonly Column[];
  tracks: string;
  least_px: number;
  sort: string;
  descending: boolean;
  onSort: (column: Column) => void;
  /** The heading that the keyboard is on. */
  cursor: number | null;
  headingId: (column: number) => string;
}

export function ListHeader<Column extends Heading>({
  words,
  columns,
  tracks,
  least_px,
  sort,
  descending,
  onSort,
  cursor,
  headingId,
}: Props<Column>) {
  return (
    // biome-ignore lint/a11y/useSemanticElements: as the grid
    // biome-ignore lint/a11y/useFocusableInteractive: the grid has the focus
    <div
      role="row"
      aria-rowindex={1}
      className="sticky top-0 z-10 grid items-center border-line border-y bg-panel text-fg-3 text-meta"
      style={{ height: HEADER_PX, gridTemplateColumns: tracks, minWidth: least_px }}
    >
      {columns.map((column, place) => {
        const sorted = column.sort !== null && column.sort === sort;
        const Arrow = descending ? ArrowDown : ArrowUp;
        return (
          // biome-ignore lint/a11y/useSemanticElements: as the grid
          // biome-ignore lint/a11y/useFocusableInteractive: the grid has the focus
          <div
            key={column.id}
            id={headingId(place)}
            role="columnheader"
            aria-colindex={place + 1}
            aria-sort={sorted ? (descending ? "descending" : "ascending") : "none"}
            title={column.hint}
            className={`min-w-0 font-medium ${cursor === place ? "outline-2 outline-accent -outline-offset-2" : ""}`}
          >
            {column.sort === null ? (
              <span className={`block truncate px-2 ${column.right ? "text-right" : ""}`}>
                {column.label}
              </span>
            ) : (
              <button
                type="button"
                tabIndex={-1}
                className={`flex h-6 w-full items-center gap-1 px-2 hover:text-fg ${column.right ? "justify-end" : ""} ${sorted ? "text-fg" : ""}`}
                onClick={() => onSort(column)}
              >
                <span className="truncate">{column.label}</span>
                {sorted && <Arrow size={11} aria-hidden="true" className="shrink-0" />}
                {sorted && (
                  <span className="sr-only">
                    {descending ? words.sorted.descending : words.sorted.ascending}
                  </span>
                )}
              </button>
            )}
          </div>
        );
      })}
    </div>
  );
}
