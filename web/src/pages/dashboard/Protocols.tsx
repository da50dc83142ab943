/** The eight classes of protocols by their bytes. */

import { Link } from "@tanstack/react-router";
import { useMemo } from "react";
import { Panel } from "../../components/Panel";
import { ShareBar } from "../../components/ShareBar";
import type { ProtocolsTopic } from "../../generated/ProtocolsTopic";
import { byteCountText, count, share } from "../../lib/format";
import { classColor, PROTOCOL_CLASSES } from "../../lib/protocols";
import { strings } from "../../lib/strings";
import type { Table } from "../../lib/table";
import { PROTOCOLS, searchOf } from "../protocols/chosen";

export function Protocols({ protocols, className }: { protocols: ProtocolsTopic; className: string }) {
  const rows = PROTOCOL_CLASSES.map((name) => ({ name, ...protocols.distribution[name] })).sort(
    (a, b) => b.bytes - a.bytes,
  );
  const whole = rows.reduce((sum, row) => sum + row.bytes, 0);
  const table = useMemo(() => tableOf(protocols), [protocols]);
  return (
    <Panel
      title={strings.dashboard.protocols}
      meta={strings.dashboard.shareOfBytes}
      className={className}
      table={table}
    >
      <div className="px-3 pt-1 pb-2">
        <ShareBar
          parts={rows.map(({ name, bytes }) => ({ key: name, value: bytes, color: classColor(name) }))}
        />
      </div>
      <table className="mb-1.5 w-full flex-1 text-table">
        <thead className="sr-only">
          <tr>
            <th scope="col">{strings.dashboard.protocol}</th>
            <th scope="col">{strings.dashboard.share}</th>
            <th scope="col">{strings.dashboard.bytes}</th>
            <th scope="col">{strings.dashboard.packets}</th>
          </tr>
        </thead>
        <tbody>
          {rows.map(({ name, bytes, packets }) => (
            <tr key={name} className="h-(--row) hover:bg-raised">
              <th scope="row" className="pl-3 text-left font-medium">
                <i
                  className="swatch mr-2 inline-block size-2 rounded-xs"
                  style={{ background: classColor(name) }}
                />
                <ProtocolName name={name} />
              </th>
              <td className="text-right text-fg-2">{share(whole === 0 ? null : bytes / whole)}</td>
              <td className="text-right">{byteCountText(bytes)}</td>
              <td className="pr-3 text-right text-fg-3" title={strings.status.packets(count(packets))}>
                {count(packets)} <span className="text-meta">pkt</span>
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </Panel>
  );
}

/** A class with a page of its own leads there. */
function ProtocolName({ name }: { name: string }) {
  const known = PROTOCOLS.find((other) => other === name);
  if (known === undefined) return name;
  return (
    <Link to="/protocols" search={searchOf([known])} className="hover:underline">
      {name}
    </Link>
  );
}

/** Every protocol by its own name, which the drawing folds into eight classes. */
function tableOf({ protocols }: ProtocolsTopic): Table {
  const { dashboard } = strings;
  const whole = protocols.reduce((sum, { bytes }) => sum + bytes, 0);
  return {
    columns: [
      { label: dashboard.protocol },
      { label: dashboard.share, unit: "0 to 1", text: share },
      { label: dashboard.bytes, unit: "bytes", text: byteCountText },
      { label: dashboard.packets, text: count },
    ],
    rows: () =>
      protocols
        .toSorted((a, b) => b.bytes - a.bytes)
        .map(({ name, bytes, packets }) => [name, whole === 0 ? null : bytes / whole, bytes, packets]),
  };
}
