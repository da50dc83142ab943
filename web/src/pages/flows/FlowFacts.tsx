/** What is known of a flow as a whole. */

import { Term } from "../../components/Term";
import type { FlowDetail } from "../../generated/FlowDetail";
import { flowStrings } from "../../lib/flow-strings";
import { count, dateAndUtc, delayText, durationText, packetTime } from "../../lib/format";
import { Fact, Facts } from "../parts/Fact";

const { columns: names, hints, sheet } = flowStrings;

export function FlowFacts({ detail: { listed: flow, tcp } }: { detail: FlowDetail }) {
  return (
    <section aria-label={sheet.facts} className="panel px-3 py-2 text-table">
      <Facts>
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
            <Fact label={<Term label={names.handshake} hint={hints.handshake} />} wide>
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
      </Facts>
    </section>
  );
}

function Stamp({ stamp }: { stamp: string | null }) {
  const ms = stamp === null ? null : Date.parse(stamp);
  return <span title={dateAndUtc(ms)}>{packetTime(ms)}</span>;
}
