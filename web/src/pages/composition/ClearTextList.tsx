/** The conversations that anybody on the way can read: who, on which port, and why it matters. */

import { useMemo } from "react";
import { Panel } from "../../components/Panel";
import type { ClearText } from "../../generated/ClearText";
import { compositionStrings } from "../../lib/composition-strings";
import { byteCountText, count } from "../../lib/format";
import type { Table } from "../../lib/table";

interface Props {
  rows: readonly ClearText[];
  onPick: (protocol: string) => void;
  className: string;
}

export function ClearTextList({ rows, onPick, className }: Props) {
  const table = useMemo(() => tableOf(rows), [rows]);
  const words = compositionStrings;
  return (
    <Panel title={words.clearText} meta={words.clearTextHint} table={table} className={className}>
      {rows.length === 0 ? (
        <div className="grid min-h-32 flex-1 place-items-center px-3 pb-3 text-center">
          <div>
            <p className="font-medium">{words.clearTextNone}</p>
            <p className="text-fg-3">{words.clearTextNoneHint}</p>
          </div>
        </div>
      ) : (
        <ul className="px-1 pb-2 text-table">
          {rows.map((row) => (
            <li key={`${row.protocol} ${row.server_port ?? ""}`}>
              <Row row={row} onPick={onPick} />
            </li>
          ))}
        </ul>
      )}
    </Panel>
  );
}

function Row({ row, onPick }: { row: ClearText; onPick: Props["onPick"] }) {
  const { protocol, server_port, flows, bytes, largest_client, largest_server } = row;
  const words = compositionStrings;
  return (
    <button
      type="button"
      className="block w-full rounded px-2 py-1.5 text-left hover:bg-raised"
      title={words.byProtocol(protocol)}
      onClick={() => onPick(protocol)}
    >
      <span className="flex flex-wrap items-baseline gap-x-2">
        <span className="font-semibold">{protocol}</span>
        <span className="text-fg-2">
          {server_port === null ? words.noPort : words.onPort(String(server_port))}
        </span>
        <span className="mono min-w-0 break-all text-fg-2">{words.ends(largest_client, largest_server)}</span>
        <span className="ml-auto text-fg-3">{words.conversations(count(flows))}</span>
        <span className="min-w-16 text-right font-medium">{byteCountText(bytes)}</span>
      </span>
      <span className="block text-fg-3">{words.whyOf(protocol)}</span>
    </button>
  );
}

function tableOf(rows: readonly ClearText[]): Table {
  const words = compositionStrings;
  return {
    columns: [
      { label: words.protocol },
      { label: words.port },
      { label: words.client, roomy: true },
      { label: words.server },
      { label: words.flows, text: count, roomy: true },
      { label: words.packets, text: count, roomy: true },
      { label: words.bytes, unit: "bytes", text: byteCountText },
      { label: words.why, roomy: true },
    ],
    rows: () =>
      rows.map(({ protocol, server_port, flows, packets, bytes, largest_client, largest_server }) => [
        protocol,
        server_port === null ? "" : String(server_port),
        largest_client,
        largest_server,
        flows,
        packets,
        bytes,
        words.whyOf(protocol),
      ]),
  };
}
