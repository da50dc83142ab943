/** What happened to TCP's segments, each event with what it says. */

import { useMemo } from "react";
import { FigureButton } from "../../components/Figures";
import { Panel } from "../../components/Panel";
import type { TcpCounts } from "../../generated/TcpCounts";
import { count } from "../../lib/format";
import { protocolStrings } from "../../lib/protocol-strings";
import type { Table } from "../../lib/table";
import type { FlowsSearch } from "../flows/address";

type EventName = keyof typeof protocolStrings.tcpEvents;

const EVENTS = Object.keys(protocolStrings.tcpEvents) as EventName[];

/** These are counted among the retransmissions too. */
const NESTED: ReadonlySet<EventName> = new Set(["fast_retransmissions", "spurious_retransmissions"]);

interface Props {
  tcp: TcpCounts;
  onFlows: (search: FlowsSearch) => void;
  className: string;
}

export function TcpEvents({ tcp, onFlows, className }: Props) {
  const table = useMemo(() => tableOf(tcp), [tcp]);
  const { events, eventsHint } = protocolStrings.tcp;
  return (
    <Panel title={events} meta={eventsHint} table={table} className={className}>
      <dl className="gap-x-8 px-3 pb-2 text-table xl:columns-2">
        {EVENTS.map((name) => {
          const [label, meaning] = protocolStrings.tcpEvents[name];
          const quiet = tcp[name] === 0;
          return (
            <div
              key={name}
              className="grid min-h-(--row) break-inside-avoid grid-cols-[minmax(0,1fr)_auto] items-baseline gap-x-4 border-line border-b py-1 sm:grid-cols-[170px_minmax(0,1fr)_auto]"
            >
              <dt className={`${NESTED.has(name) ? "pl-4" : ""} ${quiet ? "text-fg-2" : "font-medium"}`}>
                {label}
              </dt>
              <dd className="text-fg-3 max-sm:order-last max-sm:col-span-2">{meaning}</dd>
              <dd className={`text-right ${quiet ? "text-fg-3" : "font-medium"}`}>
                {name === "retransmissions" && !quiet ? (
                  <FigureButton
                    value={count(tcp[name])}
                    link={{ hint: protocolStrings.flowsResent, go: () => onFlows({ sort: "resent" }) }}
                  />
                ) : (
                  count(tcp[name])
                )}
              </dd>
            </div>
          );
        })}
      </dl>
    </Panel>
  );
}

function tableOf(tcp: TcpCounts): Table {
  const words = protocolStrings.tcp;
  return {
    columns: [
      { label: words.event },
      { label: words.count, text: count },
      { label: words.meaning, roomy: true },
    ],
    rows: () =>
      EVENTS.map((name) => {
        const [label, meaning] = protocolStrings.tcpEvents[name];
        return [label, tcp[name], meaning];
      }),
  };
}
