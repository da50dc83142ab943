/** The flows: who talks to whom, how much, how well; one of them in full beside the list. */

import { useSearch } from "@tanstack/react-router";
import { useCallback, useEffect, useMemo, useReducer, useRef, useState } from "react";
import { Boundary } from "../../components/Boundary";
import { Split } from "../../components/Split";
import { useSize } from "../../components/size";
import { Toolbar } from "../../components/Toolbar";
import type { FlowListed } from "../../generated/FlowListed";
import { announce } from "../../lib/announce";
import { flowStrings } from "../../lib/flow-strings";
import { count } from "../../lib/format";
import { keep, kept } from "../../lib/storage";
import { strings } from "../../lib/strings";
import { useAnotherSession } from "../../live/another-session";
import { findFlows } from "../../live/client";
import { useSession } from "../../live/session";
import { useTitle } from "../../live/title";
import { useAskAgain } from "../parts/ask-again";
import { RulesDialog } from "../parts/rules/RulesDialog";
import { useChange } from "../parts/use-change";
import { useEscape } from "../parts/use-escape";
import { AppChip } from "./AppChip";
import { type FlowsSearch, flowsSearch, USUAL_SORT } from "./address";
import { besideSheet, type ColumnId, chosenColumns, type ListColumn } from "./columns";
import { FlowGrid } from "./FlowGrid";
import { FlowSheet } from "./FlowSheet";
import { ColumnChoice, Counts, ProtocolChoice, SaveButton, Scope } from "./FlowTools";
import { FlowList, type FlowOrder } from "./flow-list";
import { NoFlows } from "./NoFlows";

/** From here on there is room for list and sheet beside each other. */
const BESIDE_PX = 860;
/** Below this three columns are all that fit. */
const NARROW_PX = 560;

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
  const list = useFlowList(order);
  const byApp = useRef(order.app !== null);
  useEffect(() => {
    // Who came by an application's link has left it behind: without it the focus would be nowhere.
    if (byApp.current && document.activeElement === document.body)
      grid.current?.focus({ preventScroll: true });
  }, []);
  const narrow = width > 0 && width < NARROW_PX;
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
        {order.app !== null && <AppChip app={order.app} onRemove={() => change({ app: undefined })} />}
        <ProtocolChoice protocol={search.protocol ?? ""} onProtocol={(protocol) => change({ protocol })} />
        <Scope
          active={search.active === true}
          onActive={(active) => change({ active: active ? true : undefined })}
        />
        <Counts list={list} />
        {/* Where there is no room they go on together. */}
        <div className="flex gap-2">
          {!narrow && <ColumnChoice shown={columns} onColumns={columnsTo} />}
          <SaveButton order={order} columns={columns} />
        </div>
      </Toolbar>
      <div className="relative min-h-0 flex-1">
        <FlowGrid
          grid={grid}
          list={list}
          columns={columns}
          sort={order.sort}
          descending={order.descending}
          onSort={sortBy}
          selected={selected}
          onOpen={open}
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
  const beside = width === 0 || width >= BESIDE_PX;
  return (
    <div ref={frame} className="relative min-h-0 flex-1">
      <Split
        name="pane.flow"
        label={flowStrings.sheet.width}
        initial={0.42}
        first={pane}
        second={beside ? sheet : null}
        className={`h-full ${!beside && sheet !== null ? "invisible" : ""}`}
      />
      {/* Without room for both the sheet lies over the list, which keeps its place. */}
      {!beside && sheet !== null && <div className="absolute inset-0 grid">{sheet}</div>}
      {/* Outside the sheet, which is another one where the room for it changes. */}
      {labelled !== null && <RulesDialog flow={labelled} onClose={() => setLabelled(null)} />}
    </div>
  );
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

function useFlowList(order: FlowOrder): FlowList {
  const [, changed] = useReducer((times: number) => times + 1, 0);
  const list = useMemo(() => new FlowList(findFlows, changed), []);
  useAskAgain(useCallback(() => list.refresh(), [list]));
  useEffect(() => list.arrange(order), [list, order]);
  const filtered = order.text !== null || order.protocol !== null || order.app !== null || order.active;
  const matched = filtered && list.isCurrent ? list.matched : null;
  const told = useRef<FlowOrder | null>(null);
  useEffect(() => {
    // Said once for each filter: a count that moves every second is no news.
    if (matched === null || told.current === order) return;
    told.current = order;
    announce(flowStrings.found(count(matched)));
  }, [matched, order]);
  return list;
}
