/** A list with all that is done to one: narrowed, sorted, its columns chosen, saved, and one row of it opened in full. */

import { type ReactNode, type RefObject, useCallback, useEffect, useMemo, useRef } from "react";
import { useSize } from "../../../components/size";
import type { FilterProps } from "../../../components/TextFilter";
import { Toolbar } from "../../../components/Toolbar";
import { keep, kept } from "../../../lib/storage";
import { useSession } from "../../../live/session";
import type { Change } from "../use-change";
import { useEscape } from "../use-escape";
import type { ListSearch } from "./address";
import type { ColumnChoice, ListColumn } from "./columns";
import { isNarrow, ListFrame } from "./ListFrame";
import { ListGrid } from "./ListGrid";
import { ColumnMenu, Counts, SaveButton } from "./ListTools";
import type { RowList } from "./row-list";
import { useRowList } from "./use-row-list";
import type { ListWords } from "./words";

/** The columns of a list. */
interface Columns<Column, Sort> {
  all: readonly Column[];
  /** Those to show. Constant or memoised. */
  chosen: (choice: ColumnChoice) => readonly Column[];
  /** The same beside an open sheet. */
  besideSheet: (chosen: readonly Column[], sort: Sort) => readonly Column[];
  /** Those of a file. */
  ofFile: (shown: readonly Column[]) => readonly Column[];
}

interface Props<Row extends { active: boolean }, Key, Order, Id extends string, Sort extends string> {
  /** What choices are kept under. */
  name: "flow" | "host";
  words: ListWords & FilterProps["words"] & { sheet: { width: string } };
  search: ListSearch<Key, Sort>;
  change: Change<ListSearch<Key, Sort>>;
  /** The same from one drawing to the next, unless another is wanted. */
  order: Order;
  /** Whether it leaves rows out. */
  filtered: boolean;
  /** Whether it does so because of a link of another page. */
  byLink: boolean;
  make: (changed: () => void) => RowList<Row, Key, Order & object>;
  columns: Columns<ListColumn<Row, Id, Sort>, Sort>;
  cell: (column: ListColumn<Row, Id, Sort>, row: Row) => ReactNode;
  /** What fits, in its order, for a file. */
  rows: () => Promise<readonly Row[]>;
  /** What else narrows the list. */
  choices: ReactNode;
  /** Lies over a list without rows. */
  empty: (list: RowList<Row, Key, Order & object>) => ReactNode;
  sheet: (selected: Key, close: () => void) => ReactNode;
}

export function ListPage<
  Row extends { active: boolean },
  Key,
  Order extends { sort: Sort; descending: boolean },
  Id extends string,
  Sort extends string,
>(props: Props<Row, Key, Order, Id, Sort>) {
  const { name, words, search, change, order, filtered, columns: of, choices } = props;
  const frame = useRef<HTMLDivElement>(null);
  const grid = useRef<HTMLDivElement>(null);
  const { width } = useSize(frame);
  const list = useRowList(props.make, { order, filtered, words });
  useFocusAfter(props.byLink, grid);
  const narrow = isNarrow(width);
  const selected = search.sel ?? null;
  const isOpen = selected !== null;
  const columns = useColumns(name, of, { named: search.columns, narrow, isOpen, sort: order.sort });
  const close = useCallback(() => {
    change({ sel: undefined });
    grid.current?.focus({ preventScroll: true });
  }, [change]);
  useEscape(isOpen ? close : null);
  // Letter by letter it is one step in the history; a press elsewhere is a step of its own.
  const typeFilter = useCallback((filter: string) => change({ filter }, "replace"), [change]);
  // From row to row the sheet stays open: back closes it at once.
  const open = useCallback((sel: Key) => change({ sel }, isOpen ? "replace" : "push"), [change, isOpen]);
  const columnsTo = (ids: readonly Id[] | null) => {
    keep(`${name}_columns`, ids?.join(",") ?? "");
    change({ columns: ids?.join(",") }, "replace");
  };
  const pane = (
    <section
      className="panel @container flex min-h-0 min-w-0 flex-col overflow-hidden"
      aria-label={words.label}
    >
      <Toolbar
        filter={search.filter ?? ""}
        onFilter={typeFilter}
        words={words}
        problem={list.problem}
        crowded
        inset
      >
        {choices}
        <Counts words={words} list={list} />
        {/* Where there is no room they go on together. */}
        <div className="flex gap-2">
          {!narrow && <ColumnMenu words={words} columns={of.all} shown={columns} onColumns={columnsTo} />}
          <SaveButton words={words} rows={props.rows} columns={of.ofFile(columns)} />
        </div>
      </Toolbar>
      <div className="relative min-h-0 flex-1">
        <ListGrid
          words={words}
          grid={grid}
          list={list}
          columns={columns}
          sort={order.sort}
          descending={order.descending}
          onSort={({ sort, right }) => sort !== null && change(sortedBy(sort, right, order))}
          selected={selected}
          onOpen={open}
          cell={props.cell}
          isQuiet={isQuiet}
        />
        {props.empty(list)}
      </div>
    </section>
  );
  return (
    <ListFrame
      frame={frame}
      width={width}
      name={`pane.${name}`}
      label={words.sheet.width}
      list={pane}
      sheet={selected === null ? null : props.sheet(selected, close)}
    />
  );
}

/** The order after a press on a heading: of numbers the large ones are of interest first, of words the first ones. */
function sortedBy<Sort>(sort: Sort, right: boolean, order: { sort: Sort; descending: boolean }) {
  const rising = sort === order.sort ? order.descending : !right;
  return { sort, rising: rising ? (true as const) : undefined };
}

/** Who came by a link of another page has left it behind: without it the focus would be nowhere. */
function useFocusAfter(link: boolean, grid: RefObject<HTMLElement | null>): void {
  const byLink = useRef(link);
  useEffect(() => {
    if (byLink.current && document.activeElement === document.body)
      grid.current?.focus({ preventScroll: true });
  }, [grid]);
}

/** The columns that the address names, else those that were kept, else the usual ones. */
function useColumns<Column, Sort>(
  name: "flow" | "host",
  { chosen, besideSheet }: Pick<Columns<Column, Sort>, "chosen" | "besideSheet">,
  by: { named: string | undefined; narrow: boolean; isOpen: boolean; sort: Sort },
): readonly Column[] {
  const { named, narrow, isOpen, sort } = by;
  const live = useSession(({ status }) => status?.source?.kind !== "file");
  return useMemo(() => {
    const shown = chosen({ names: named ?? kept(`${name}_columns`), live, narrow });
    return isOpen ? besideSheet(shown, sort) : shown;
  }, [chosen, besideSheet, named, name, live, narrow, isOpen, sort]);
}

/** What fell silent steps back. */
function isQuiet({ active }: { active: boolean }): boolean {
  return !active;
}
