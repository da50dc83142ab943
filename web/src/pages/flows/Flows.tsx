/** The flows: who talks to whom, how much, how well; one of them in full beside the list. */

import { useSearch } from "@tanstack/react-router";
import { useCallback, useMemo, useState } from "react";
import { Boundary } from "../../components/Boundary";
import type { FlowListed } from "../../generated/FlowListed";
import { flowStrings } from "../../lib/flow-strings";
import { strings } from "../../lib/strings";
import { useAnotherSession } from "../../live/another-session";
import { findFlows } from "../../live/client";
import { useSession } from "../../live/session";
import { useTitle } from "../../live/title";
import { AppChip } from "../parts/AppChip";
import type { ColumnChoice } from "../parts/list/columns";
import { ListPage } from "../parts/list/ListPage";
import { RulesDialog } from "../parts/rules/RulesDialog";
import { useChange } from "../parts/use-change";
import { type FlowsSearch, flowsSearch, USUAL_SORT } from "./address";
import { besideSheet, COLUMNS, chosenColumns, fileColumns, type ListColumn } from "./columns";
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
  const order = useOrder(search);
  const { app } = order;
  const columns = useMemo(() => columnsOf(app !== null), [app]);
  const filterBy = useCallback((filter: string) => change({ filter }), [change]);
  return (
    <>
      <ListPage
        name="flow"
        words={flowStrings}
        search={search}
        change={change}
        order={order}
        filtered={order.text !== null || order.protocol !== null || app !== null || order.active}
        byLink={app !== null}
        make={makeList}
        columns={columns}
        cell={showCell}
        rows={() => flowsForFile(order, findFlows)}
        choices={
          <>
            {app !== null && (
              <AppChip
                label={flowStrings.ofApp(app === "" ? flowStrings.withoutApp : app)}
                removeLabel={flowStrings.allApps}
                onRemove={() => change({ app: undefined })}
              />
            )}
            <ProtocolChoice
              protocol={search.protocol ?? ""}
              onProtocol={(protocol) => change({ protocol })}
            />
            <Scope
              active={order.active}
              onActive={(active) => change({ active: active ? true : undefined })}
            />
          </>
        }
        empty={(list) => (
          <NoFlows
            list={list}
            order={order}
            onClear={() =>
              change({ filter: undefined, protocol: undefined, app: undefined, active: undefined })
            }
          />
        )}
        sheet={(id, close) => <FlowSheet id={id} onClose={close} onFilter={filterBy} onLabel={setLabelled} />}
      />
      {/* Outside the sheet, which is another one where the room for it changes. */}
      {labelled !== null && <RulesDialog flow={labelled} onClose={() => setLabelled(null)} />}
    </>
  );
}

function makeList(changed: () => void): FlowList {
  return new FlowList(findFlows, changed);
}

function columnsOf(ofOneApp: boolean) {
  return {
    all: COLUMNS,
    chosen: (choice: ColumnChoice) => chosenColumns({ ...choice, ofOneApp }),
    besideSheet,
    ofFile: fileColumns,
  };
}

function showCell(column: ListColumn, flow: FlowListed) {
  return <FlowCell column={column} flow={flow} />;
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
