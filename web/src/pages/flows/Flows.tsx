/** The flows: who talks to whom, how much, how well; one of them in full beside the list. */

import { useSearch } from "@tanstack/react-router";
import { useCallback, useEffect, useMemo, useRef, useState } from "react";
import { Boundary } from "../../components/Boundary";
import { useSize } from "../../components/size";
import { Toolbar } from "../../components/Toolbar";
import type { FlowListed } from "../../generated/FlowListed";
import { flowStrings } from "../../lib/flow-strings";
import { keep, kept } from "../../lib/storage";
import { strings } from "../../lib/strings";
import { useAnotherSession } from "../../live/another-session";
import { findFlows } from "../../live/client";
import { useSession } from "../../live/session";
import { useTitle } from "../../live/title";
import { AppChip } from "../parts/AppChip";
import { isNarrow, ListFrame } from "../parts/list/ListFrame";
import { ListGrid } from "../parts/list/ListGrid";
import { ColumnChoice, Counts, SaveButton } from "../parts/list/ListTools";
import { useRowList } from "../parts/list/use-row-list";
import { RulesDialog } from "../parts/rules/RulesDialog";
import { useChange } from "../parts/use-change";
import { useEscape } from "../parts/use-escape";
import { type FlowsSearch, flowsSearch, USUAL_SORT } from "./address";
import { besideSheet, COLUMNS, type ColumnId, chosenColumns, fileColumns, type ListColumn } from "./columns";
import { FlowCell } from "./FlowCell";
import { FlowSheet } from "./FlowSheet";
import { ProtocolChoice, Scope } from "./FlowTools";
import { FlowList, type FlowOrder, flowsForFile } from "./flow-list";
import { NoFlows } from "./NoFlows";

export function Flows() {
  const session = useSession((state) => state.status?.session ?? 0);
  const change = useChange("/flows", flowsSearch);
  useAnotherSession(useCallback(() => change({ sel: undefined }, "replace"), [change]));
  useTitle(strings.pages.flows);
  return (
    <div className="flex h-full min-h-80 flex-col">
      <h1 className="sr-only">{strings.pages.flows}</h1>
      <Boundary>
        {/* Another session is another list: nothing of the one before may be left. */}
        <List key={session} />
      </Boundary>
    </div>
  );
}

function List() {
  const search = useSearch({ from: "/flows", select: readSearch, structuralSharing: true });
  const change = useChange("/flows", flowsSearch);
  const [labelled, setLabelled] = useState<FlowListed | null>(null);
  const frame = useRef<HTMLDivElement>(null);
  const grid = useRef<HTMLDivElement>(null);
  const { width } = useSize(frame);
  const live = useSession(({ status }) => status?.source?.kind !== "file");
  const order = useOrder(search);
  const filtered = order.text !== null || order.protocol !== null || order.app !== null || order.active;
  const list = useRowList((changed) => new FlowList(findFlows, changed), {
    order,
    filtered,
    words: flowStrings,
  });
  const byApp = useRef(order.app !== null);
  useEffect(() => {
    // Who came by an application's link has left it behind: without it the focus would be nowhere.
    if (byApp.current && document.activeElement === document.body)
      grid.current?.focus({ preventScroll: true });
  }, []);
  const narrow = isNarrow(width);
  const selected = search.sel ?? null;
  const isOpen = selected !== null;
  const columns = useMemo(() => {
    const chosen = chosenColumns({
      names: search.columns ?? kept("flow_columns"),
      live,
      narrow,
      ofOneApp: order.app !== null,
    });
    return isOpen ? besideSheet(chosen, order.sort) : chosen;
  }, [search.columns, live, narrow, isOpen, order.sort, order.app]);
  // Letter by letter it is one step in the history; a press elsewhere is a step of its own.
  const typeFilter = useCallback((filter: string) => change({ filter }, "replace"), [change]);
  const filterBy = useCallback((filter: string) => change({ filter }), [change]);
  // From row to row the sheet stays open: back closes it at once.
  const open = useCallback((sel: number) => change({ sel }, isOpen ? "replace" : "push"), [change, isOpen]);
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
    keep("flow_columns", ids?.join(",") ?? "");
    change({ columns: ids?.join(",") }, "replace");
  };
  const pane = (
    <section
      className="panel @container flex min-h-0 min-w-0 flex-col overflow-hidden"
      aria-label={flowStrings.label}
    >
      <Toolbar
        filter={search.filter ?? ""}
        onFilter={typeFilter}
        words={flowStrings}
        problem={list.problem}
        crowded
        inset
      >
        {order.app !== null && (
          <AppChip
            label={flowStrings.ofApp(order.app === "" ? flowStrings.withoutApp : order.app)}
            removeLabel={flowStrings.allApps}
            onRemove={() => change({ app: undefined })}
          />
        )}
        <ProtocolChoice protocol={search.protocol ?? ""} onProtocol={(protocol) => change({ protocol })} />
        <Scope
          active={search.active === true}
          onActive={(active) => change({ active: active ? true : undefined })}
        />
        <Counts words={flowStrings} list={list} />
        {/* Where there is no room they go on together. */}
        <div className="flex gap-2">
          {!narrow && (
            <ColumnChoice words={flowStrings} columns={COLUMNS} shown={columns} onColumns={columnsTo} />
          )}
          <SaveButton
            words={flowStrings}
            rows={() => flowsForFile(order, findFlows)}
            columns={fileColumns(columns)}
          />
        </div>
      </Toolbar>
      <div className="relative min-h-0 flex-1">
        <ListGrid
          words={flowStrings}
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
        <NoFlows
          list={list}
          order={order}
          onClear={() =>
            change({ filter: undefined, protocol: undefined, app: undefined, active: undefined })
          }
        />
      </div>
    </section>
  );
  const sheet =
    selected === null ? null : (
      <FlowSheet id={selected} onClose={close} onFilter={filterBy} onLabel={setLabelled} />
    );
  return (
    <>
      <ListFrame
        frame={frame}
        width={width}
        name="pane.flow"
        label={flowStrings.sheet.width}
        list={pane}
        sheet={sheet}
      />
      {/* Outside the sheet, which is another one where the room for it changes. */}
      {labelled !== null && <RulesDialog flow={labelled} onClose={() => setLabelled(null)} />}
    </>
  );
}

function showCell(column: ListColumn, flow: FlowListed) {
  return <FlowCell column={column} flow={flow} />;
}

/** A flow that fell silent steps back. */
function isQuiet(flow: FlowListed): boolean {
  return !flow.active;
}

/** The router hands on what the address holds, also what was left out at its door. */
function readSearch(search: FlowsSearch): FlowsSearch {
  return flowsSearch({ ...search });
}

function useOrder({ sort, rising, filter, protocol, app, active }: FlowsSearch): FlowOrder {
  return useMemo(
    () => ({
      sort: sort ?? USUAL_SORT,
      descending: rising !== true,
      text: filter ?? null,
      protocol: protocol ?? null,
      app: app ?? null,
      active: active === true,
    }),
    [sort, rising, filter, protocol, app, active],
  );
}
