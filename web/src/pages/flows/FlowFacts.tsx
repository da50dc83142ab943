/** What is known of a flow as a whole. */

import { Filter } from "lucide-react";
import type { ReactNode } from "react";
import { Term } from "../../components/Term";
import type { FlowDetail } from "../../generated/FlowDetail";
import { endText } from "../../lib/flow-names";
import { flowStrings } from "../../lib/flow-strings";
import { count, dateAndUtc, delayText, durationText, packetTime } from "../../lib/format";

const { columns: names, hints, sheet } = flowStrings;

interface Props {
  detail: FlowDetail;
  onFilter: (text: string) => void;
}

export function FlowFacts({ detail: { listed: flow, tcp }, onFilter }: Props) {
  return (
    <section aria-label={sheet.facts} className="panel px-3 py-2 text-table">
      <dl className="grid @lg:grid-cols-[max-content_minmax(0,1fr)_max-content_minmax(0,1fr)] grid-cols-[max-content_minmax(0,1fr)] items-center gap-x-3">
        <Fact label={names.client}>
          <End address={flow.client} port={flow.client_port} onFilter={onFilter} />
        </Fact>
        <Fact label={names.server}>
          <End address={flow.server} port={flow.server_port} onFilter={onFilter} />
        </Fact>
        <Fact label={names.firstSeen}>
          <Stamp stamp={flow.first_seen} />
        </Fact>
        <Fact label={names.lastSeen}>
          <Stamp stamp={flow.last_seen} />
        </Fact>
        <Fact label={names.duration}>{durationText(flow.duration_s)}</Fact>
        <Fact label={names.encrypted}>{flow.encrypted ? flowStrings.yes : flowStrings.no}</Fact>
        {tcp !== null && (
          <>
            <Fact label={<Term label={names.rtt} hint={hints.rtt} />}>{delayText(flow.rtt_ms_mean)}</Fact>
            <Fact label={<Term label={sheet.response} hint={sheet.responseHint} />}>
              {delayText(tcp.server_response_ms_mean)}
            </Fact>
            <Fact label={<Term label={names.handshake} hint={hints.handshake} />}>
              {delayText(flow.initial_rtt_ms)}
              {tcp.handshake_server_ms !== null && tcp.handshake_client_ms !== null && (
                <span className="text-fg-3">
                  {" "}
                  (
                  {sheet.handshakeHalves(
                    delayText(tcp.handshake_client_ms),
                    delayText(tcp.handshake_server_ms),
                  )}
                  )
                </span>
              )}
            </Fact>
          </>
        )}
        {flow.icmp_errors > 0 && (
          <Fact label={<Term label={names.icmpErrors} hint={hints.icmpErrors} />}>
            {count(flow.icmp_errors)}
          </Fact>
        )}
      </dl>
    </section>
  );
}

function Fact({ label, children }: { label: ReactNode; children: ReactNode }) {
  return (
    <>
      <dt className="flex min-h-6 items-center text-fg-3">{label}</dt>
      <dd className="min-w-0 break-words">{children}</dd>
    </>
  );
}

function Stamp({ stamp }: { stamp: string | null }) {
  const ms = stamp === null ? null : Date.parse(stamp);
  return <span title={dateAndUtc(ms)}>{packetTime(ms)}</span>;
}

interface EndProps {
  address: string;
  port: number | null;
  onFilter: (text: string) => void;
}

function End({ address, port, onFilter }: EndProps) {
  const label = sheet.filterBy(address);
  return (
    <span className="inline-flex max-w-full items-center gap-1">
      <span className="mono break-all">{endText(address, port)}</span>
      <button
        type="button"
        className="grid size-6 shrink-0 place-items-center rounded text-fg-3 hover:bg-raised hover:text-fg"
        aria-label={label}
        title={label}
        onClick={() => onFilter(address)}
      >
        <Filter size={12} aria-hidden="true" />
      </button>
    </span>
  );
}
