/** The streams of RTP in a table: its headings sort, its rows open what is known of one. */

import { useMemo, useState } from "react";
import { Panel } from "../../../components/Panel";
import { SortHeading } from "../../../components/SortHeading";
import type { Calls } from "../../../generated/Calls";
import type { RtpStream } from "../../../generated/RtpStream";
import { count } from "../../../lib/format";
import { mediaStrings } from "../../../lib/media-strings";
import { useHeldOrder } from "../../parts/use-held-order";
import { STREAM_ROOM } from "./columns";
import { type Order, type StreamSort, sortedStreams } from "./order";
import { StreamRow } from "./StreamRow";
import { streamTable } from "./tables";

const { streams: words } = mediaStrings;

/** As many rows as are drawn until all are asked for: what stands below the table stays near. */
const FIRST_ROWS = 25;

interface Props {
  /** `null` while they are on their way. */
  topic: Calls | null;
  order: Order<StreamSort>;
  onSort: (sort: StreamSort) => void;
  /** The stream whose details are open. */
  selected: number | null;
  onOpen: (stream: number) => void;
  className: string;
}

export function StreamTable({ topic, order, onSort, selected, onOpen, className }: Props) {
  const [all, setAll] = useState(false);
  const streams = topic?.streams;
  const sorted = useMemo(() => sortedStreams(streams ?? [], order), [streams, order]);
  const { rows, watch } = useHeldOrder(sorted, nameOf, `${order.sort} ${order.rising}`);
  const table = useMemo(() => streamTable(sorted), [sorted]);
  const shown = all ? rows : rows.slice(0, FIRST_ROWS);
  const omitted = topic?.streams_omitted ?? 0;
  return (
    <Panel
      title={words.title}
      meta={words.seen(count(sorted.length + omitted))}
      table={table}
      className={className}
    >
      <div className="@container px-1 pb-2" {...watch}>
        <table className="w-full table-fixed text-table">
          <thead className="text-fg-3 text-meta">
            <tr className="h-7 border-line border-b">
              {COLUMNS.map(({ by, right = false, className: room }) => (
                <SortHeading
                  key={by}
                  label={words.columns[by]}
                  {...hintOf(by)}
                  right={right}
                  sorted={order.sort !== by ? null : order.rising ? "ascending" : "descending"}
                  onSort={() => onSort(by)}
                  className={room}
                />
              ))}
            </tr>
          </thead>
          <tbody>
            {shown.map((stream) => (
              <StreamRow key={stream.id} stream={stream} selected={stream.id === selected} onOpen={onOpen} />
            ))}
          </tbody>
        </table>
        {rows.length === 0 && (
          <p className="px-2 py-3 text-fg-3">{topic === null ? words.loading : words.none}</p>
        )}
      </div>
      {(shown.length < rows.length || omitted > 0) && (
        <footer className="flex flex-wrap items-center gap-3 px-3 pb-3 text-fg-3 text-meta">
          {shown.length < rows.length && (
            <button type="button" className="button" onClick={() => setAll(true)}>
              {words.showAll(count(rows.length))}
            </button>
          )}
          {omitted > 0 && <p>{words.omitted(count(omitted))}</p>}
        </footer>
      )}
    </Panel>
  );
}

interface TableColumn {
  by: StreamSort;
  right?: boolean;
  className: string;
}

const COLUMNS: readonly TableColumn[] = [
  { by: "ends", className: "" },
  { by: "codec", className: `w-36 ${STREAM_ROOM.codec}` },
  { by: "kind", className: `w-20 ${STREAM_ROOM.kind}` },
  { by: "packets", right: true, className: `w-20 ${STREAM_ROOM.packets}` },
  { by: "lost", right: true, className: "w-17 @xl:w-30" },
  { by: "jitter", right: true, className: `w-20 ${STREAM_ROOM.jitter}` },
  { by: "mos", className: "w-26 @xl:w-32" },
  { by: "found", className: `w-22 ${STREAM_ROOM.found}` },
  { by: "began", className: `w-26 ${STREAM_ROOM.began}` },
];

function hintOf(by: StreamSort): { hint?: string } {
  if (by === "mos") return { hint: mediaStrings.mos.hint };
  const hints: Partial<Record<StreamSort, string>> = words.hints;
  const hint = hints[by];
  return hint === undefined ? {} : { hint };
}

function nameOf({ id }: RtpStream): string {
  return String(id);
}
