/** The calls in a table: its headings sort, its rows open what is known of one. */

import { useMemo, useState } from "react";
import { Panel } from "../../../components/Panel";
import { SortHeading } from "../../../components/SortHeading";
import type { Call } from "../../../generated/Call";
import type { Calls } from "../../../generated/Calls";
import { count } from "../../../lib/format";
import { mediaStrings } from "../../../lib/media-strings";
import { useHeldOrder } from "../../parts/use-held-order";
import { useOver } from "../../parts/use-over";
import { CallRow } from "./CallRow";
import { CALL_ROOM } from "./columns";
import { type CallSort, type Order, sortedCalls } from "./order";
import { callTable } from "./tables";

const { calls: words } = mediaStrings;

/** As many rows as are drawn until all are asked for: what stands below the table stays near. */
const FIRST_ROWS = 25;

interface Props {
  topic: Calls;
  order: Order<CallSort>;
  onSort: (sort: CallSort) => void;
  /** The call whose details are open. */
  selected: number | null;
  onOpen: (call: number) => void;
}

export function CallTable({ topic, order, onSort, selected, onOpen }: Props) {
  const [all, setAll] = useState(false);
  const sorted = useMemo(() => sortedCalls(topic.calls, order), [topic, order]);
  const { rows, watch } = useHeldOrder(sorted, nameOf, `${order.sort} ${order.rising}`);
  const over = useOver();
  const table = useMemo(() => callTable(sorted, over), [sorted, over]);
  const listed = useMemo(() => new Map(topic.streams.map((stream) => [stream.id, stream])), [topic]);
  const shown = all ? rows : rows.slice(0, FIRST_ROWS);
  const { calls_omitted } = topic;
  return (
    <Panel
      title={words.title}
      color="var(--rtp)"
      meta={words.seen(count(sorted.length + calls_omitted))}
      table={table}
    >
      <div className="@container px-1 pb-2" {...watch}>
        <table className="w-full table-fixed text-table">
          <thead className="text-fg-3 text-meta">
            <tr className="h-7 border-line border-b">
              {COLUMNS.map(({ by, right = false, className }) =>
                by === "codecs" ? (
                  <th key={by} scope="col" className={`px-2 text-left font-medium ${className}`}>
                    {words.columns.codecs}
                  </th>
                ) : (
                  <SortHeading
                    key={by}
                    label={words.columns[by]}
                    {...hintOf(by)}
                    right={right}
                    sorted={order.sort !== by ? null : order.rising ? "ascending" : "descending"}
                    onSort={() => onSort(by)}
                    className={className}
                  />
                ),
              )}
            </tr>
          </thead>
          <tbody>
            {shown.map((call) => (
              <CallRow
                key={call.id}
                call={call}
                streams={call.streams.map((id) => listed.get(id)).filter((stream) => stream !== undefined)}
                selected={call.id === selected}
                onOpen={onOpen}
              />
            ))}
          </tbody>
        </table>
      </div>
      {(shown.length < rows.length || calls_omitted > 0) && (
        <footer className="flex flex-wrap items-center gap-3 px-3 pb-3 text-fg-3 text-meta">
          {shown.length < rows.length && (
            <button type="button" className="button" onClick={() => setAll(true)}>
              {words.showAll(count(rows.length))}
            </button>
          )}
          {calls_omitted > 0 && <p>{words.omitted(count(calls_omitted))}</p>}
        </footer>
      )}
    </Panel>
  );
}

interface TableColumn {
  by: CallSort | "codecs";
  right?: boolean;
  className: string;
}

const COLUMNS: readonly TableColumn[] = [
  { by: "from", className: "" },
  { by: "to", className: CALL_ROOM.to },
  { by: "state", className: `w-22 @xl:w-37 ${CALL_ROOM.state}` },
  { by: "began", className: `w-20 ${CALL_ROOM.began}` },
  { by: "duration", right: true, className: `w-24 ${CALL_ROOM.duration}` },
  { by: "codecs", className: `w-26 ${CALL_ROOM.codecs}` },
  { by: "delay", right: true, className: `w-30 ${CALL_ROOM.delay}` },
  { by: "result", className: `w-28 ${CALL_ROOM.result}` },
  { by: "mos", className: "w-26 @xl:w-28" },
];

function hintOf(by: CallSort): { hint?: string } {
  const hints: Partial<Record<CallSort, string>> = words.hints;
  const hint = hints[by];
  return hint === undefined ? {} : { hint };
}

function nameOf({ id }: Call): string {
  return String(id);
}
