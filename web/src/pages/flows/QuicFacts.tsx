/** What is known of a flow as a connection of QUIC. */

import { Link } from "@tanstack/react-router";
import { Term } from "../../components/Term";
import type { FlowQuic } from "../../generated/FlowQuic";
import { flowStrings } from "../../lib/flow-strings";
import { delayText } from "../../lib/format";
import { mediaStrings } from "../../lib/media-strings";
import { Fact, Facts } from "../parts/Fact";

const { flow: words, quic } = mediaStrings;

export function QuicFacts({ quic: facts }: { quic: FlowQuic }) {
  const { version, migrated_from } = facts;
  return (
    <section aria-label={words.quic} className="panel px-3 py-2 text-table">
      <h3 className="font-semibold text-fg-2">{words.quic}</h3>
      <Facts>
        <Fact label={words.version}>{version ?? <span className="text-fg-3">{words.noVersion}</span>}</Fact>
        <Fact label={<Term label={words.retried} hint={words.retriedHint} />}>
          {facts.retried ? flowStrings.yes : flowStrings.no}
        </Fact>
        <Fact label={<Term label={quic.handshake} hint={quic.handshakeHint} />}>
          {delayText(facts.handshake_rtt_ms)}
        </Fact>
        <Fact label={<Term label={quic.spin} hint={quic.spinHint} />}>{delayText(facts.spin_rtt_ms)}</Fact>
        {migrated_from !== null && (
          <Fact label={words.migratedFrom} wide>
            <Link
              to="/flows"
              search={{ sel: migrated_from }}
              className="inline-flex min-h-6 items-center text-accent hover:underline"
            >
              {words.migratedLink(String(migrated_from))}
            </Link>
          </Fact>
        )}
      </Facts>
    </section>
  );
}
