/** One row of a list. */

import type { ReactNode } from "react";

interface Props<Column> {
  id: string;
  place: number;
  top_px: number;
  columns: readonly Column[];
  tracks: string;
  /** What stands in a row that is not there yet. */
  loading: string;
  /** Whether it steps back behind others. */
  isQuiet: boolean;
  isSelected: boolean;
  /** Whether the keyboard is on it. */
  isPointed: boolean;
  /** What its cells show; `null` until it is there. */
  cell: ((column: Column) => ReactNode) | null;
  onPress: () => void;
}

export function ListRow<Column extends { id: string; right: boolean }>({
  id,
  place,
  top_px,
  columns,
  tracks,
  loading,
  isQuiet,
  isSelected,
  isPointed,
  cell,
  onPress,
}: Props<Column>) {
  return (
    // biome-ignore lint/a11y/useSemanticElements: as the grid
    // biome-ignore lint/a11y/useFocusableInteractive: the grid has the focus
    // biome-ignore lint/a11y/useKeyWithClickEvents: the grid hears the keys
    <div
      id={id}
      role="row"
      // The headings are row 1.
      aria-rowindex={place + 2}
      aria-selected={isSelected}
      data-cursor={isPointed ? "" : undefined}
      className={`list-row cursor-default ${isQuiet ? "text-fg-2" : ""}`}
      style={{ gridTemplateColumns: tracks, transform: `translateY(${top_px}px)` }}
      onClick={onPress}
    >
      {columns.map((column, at) => (
        // biome-ignore lint/a11y/useSemanticElements: as the grid
        // biome-ignore lint/a11y/useFocusableInteractive: the grid has the focus
        <span
          key={column.id}
          role="gridcell"
          aria-colindex={at + 1}
          className={column.right ? "text-right" : ""}
        >
          {cell === null ? at === 0 && loading : cell(column)}
        </span>
      ))}
    </div>
  );
}
