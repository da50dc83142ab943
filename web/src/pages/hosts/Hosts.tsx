/** The hosts: who takes part, what they are called, where they are; one of them in full beside the list. */

import { useSearch } from "@tanstack/react-router";
import { useCallback, useEffect, useMemo, useRef } from "react";
import { Boundary } from "../../components/Boundary";
import { PlaceCredits } from "../../components/PlaceCredits";
import { useSize } from "../../components/size";
import { Toolbar } from "../../components/Toolbar";
import type { HostListed } from "../../generated/HostListed";
import { hostStrings } from "../../lib/host-strings";
import { keep, kept } from "../../lib/storage";
import { strings } from "../../lib/strings";
import { useAnotherSession } from "../../live/another-session";
import { findHosts } from "../../live/client";
import { useSession } from "../../live/session";
import { useTitle } from "../../live/title";
import { AppChip } from "../parts/AppChip";
import { isNarrow, ListFrame } from "../parts/list/ListFrame";
import { ListGrid } from "../parts/list/ListGrid";
import { ColumnChoice, Counts, SaveButton } from "../parts/list/ListTools";
import { rowsForFile } from "../parts/list/row-list";
import { useRowList } from "../parts/list/use-row-list";
import { useChange } from "../parts/use-change";
import { useEscape } from "../parts/use-escape";
import { type HostsSearch, hostsSearch, USUAL_SORT } from "./address";
import { besideSheet, COLUMNS, type ColumnId, chosenColumns, fileColumns, type ListColumn } from "./columns";
import { HostCell } from "./HostCell";
import { HostSheet } from "./HostSheet";
import { ActiveButton, CountryChoice, SideChoice } from "./HostTools";
import { addressOf, HostList, type HostOrder } from "./host-list";
import { LookupsPanel } from "./LookupsPanel";
import { NoHosts } from "./NoHosts";

export function Hosts() {
  const session = useSession((state) => state.status?.session ?? 0);
  const places = useSession((state) => state.places);
  const change = useChange("/hosts", hostsSearch);
  useAnotherSession(useCallback(() => change({ sel: undefined }, "replace"), [change]));
  useTitle(strings.pages.hosts);
  return (
    <div className="flex h-full flex-col gap-2">
      <h1 className="sr-only">{strings.pages.hosts}</h1>
      {/* Where the window is low the page scrolls: the list keeps its tools and at least eight rows. */}
      <div className="flex min-h-[416px] flex-1 flex-col">
        <Boundary>
          {/* Another session is another list: nothing of the one before may be left. */}
          <List key={session} />
        </Boundary>
      </div>
      {places !== null && (
        <Boundary>
          <LookupsPanel places={places} />
        </Boundary>
      )}
      <PlaceCredits className="px-3" />
    </div>
  );
}

function List() {
  const search = useSearch({ from: "/hosts", select: readSearch, structuralSharing: true });
  const change = useChange("/hosts", hostsSearch);
  const frame = useRef<HTMLDivElement>(null);
  const grid = useRef<HTMLDivElement>(null);
  const { width } = useSize(frame);
  const live = useSession(({ status }) => status?.source?.kind !== "file");
  const order = useOrder(search);
  const list = useRowList((changed) => new HostList(findHosts, changed), {
    order,
    filtered: isFiltered(order),
    words: hostStrings,
  });
  const byLink = useRef(isFiltered(order));
  useEffect(() => {
    // Who came by a link of another page has left it behind: without it the focus would be nowhere.
    if (byLink.current && document.activeElement === document.body)
      grid.current?.focus({ preventScroll: true });
  }, []);
  const narrow = isNarrow(width);
  const selected = search.sel ?? null;
  const isOpen = selected !== null;
  const columns = useMemo(() => {
    const chosen = chosenColumns({ names: search.columns ?? kept("host_columns"), live, narrow });
    return isOpen ? besideSheet(chosen, order.sort) : chosen;
  }, [search.columns, live, narrow, isOpen, order.sort]);
  // Letter by letter it is one step in the history; a press elsewhere is a step of its own.
  const typeFilter = useCallback((filter: string) => change({ filter }, "replace"), [change]);
  // From row to row the sheet stays open: back closes it at once.
  const open = useCallback((sel: string) => change({ sel }, isOpen ? "replace" : "push"), [change, isOpen]);
  // A peer is another host and not the next row: back leads to the one it was found in.
  const goTo = useCallback((sel: string) => change({ sel }), [change]);
  const close = useCallback(() => {
    change({ sel: undefined });
    grid.current?.focus({ preventScroll: true });
  }, [change]);
  useEscape(selected === null ? null : close);
  const sortBy = (column: ListColumn) => {
    if (column.sort === null) return;
    // Of numbers the large ones are of interest first, of words the first ones.
    const rising = column.sort === order.sort ? order.descending : !column.right;
    change({ sort: column.sort, rising: rising ? true : undefined });
  };
  const columnsTo = (ids: readonly ColumnId[] | null) => {
    keep("host_columns", ids?.join(",") ?? "");
    change({ columns: ids?.join(",") }, "replace");
  };
  const clear = () =>
    change({ filter: undefined, local: undefined, country: undefined, app: undefined, active: undefined });
  const pane = (
    <section
      className="panel @container flex min-h-0 min-w-0 flex-col overflow-hidden"
      aria-label={hostStrings.label}
    >
      <Toolbar
        filter={search.filter ?? ""}
        onFilter={typeFilter}
        words={hostStrings}
        problem={list.problem}
        crowded
        inset
      >
        {order.app !== null && (
          <AppChip
            label={hostStrings.ofApp(order.app)}
            removeLabel={hostStrings.allApps}
            onRemove={() => change({ app: undefined })}
          />
        )}
        <SideChoice local={order.local} onLocal={(local) => change({ local: local ?? undefined })} />
        <CountryChoice
          country={order.country}
          onCountry={(country) => change({ country: country ?? undefined })}
        />
        <ActiveButton
          active={order.active}
          onActive={(active) => change({ active: active ? true : undefined })}
        />
        <Counts words={hostStrings} list={list} />
        {/* Where there is no room they go on together. */}
        <div className="flex gap-2">
          {!narrow && (
            <ColumnChoice words={hostStrings} columns={COLUMNS} shown={columns} onColumns={columnsTo} />
          )}
          <SaveButton
            words={hostStrings}
            rows={() => rowsForFile(order, findHosts, addressOf)}
            columns={fileColumns(columns)}
          />
        </div>
      </Toolbar>
      <div className="relative min-h-0 flex-1">
        <ListGrid
          words={hostStrings}
          grid={grid}
          list={list}
          columns={columns}
          sort={order.sort}
          descending={order.descending}
          onSort={sortBy}
          selected={selected}
          onOpen={open}
          cell={showCell}
          isQuiet={isQuiet}
        />
        <NoHosts list={list} order={order} onClear={clear} />
      </div>
    </section>
  );
  return (
    <ListFrame
      frame={frame}
      width={width}
      name="pane.host"
      label={hostStrings.sheet.width}
      list={pane}
      sheet={selected === null ? null : <HostSheet address={selected} onClose={close} onOpen={goTo} />}
    />
  );
}

function showCell(column: ListColumn, host: HostListed) {
  return <HostCell column={column} host={host} />;
}

/** A host that fell silent steps back. */
function isQuiet(host: HostListed): boolean {
  return !host.active;
}

/** The router hands on what the address holds, also what was left out at its door. */
function readSearch(search: HostsSearch): HostsSearch {
  return hostsSearch({ ...search });
}

function isFiltered({ text, local, country, app, active }: HostOrder): boolean {
  return text !== null || local !== null || country !== null || app !== null || active;
}

function useOrder({ sort, rising, filter, local, country, app, active }: HostsSearch): HostOrder {
  return useMemo(
    () => ({
      sort: sort ?? USUAL_SORT,
      descending: rising !== true,
      text: filter ?? null,
      local: local ?? null,
      country: country ?? null,
      app: app ?? null,
      active: active === true,
    }),
    [sort, rising, filter, local, country, app, active],
  );
}
