/** What the hellos of a flow say: what both ends agreed on, what the client offers, and its fingerprints. */

import { CopyButton } from "../../components/CopyButton";
import { Term } from "../../components/Term";
import type { FlowTls } from "../../generated/FlowTls";
import { appStrings } from "../../lib/app-strings";
import { delayText, UNKNOWN } from "../../lib/format";
import { mediaStrings } from "../../lib/media-strings";
import { Fact, Facts } from "../parts/Fact";

const words = appStrings.tls;
const { flow } = mediaStrings;

export function TlsFacts({ tls }: { tls: FlowTls }) {
  return (
    <section aria-label={words.title} className="panel px-3 py-2 text-table">
      <h3 className="font-semibold text-fg-2">{words.title}</h3>
      <Facts>
        <Fact label={words.version} wide={tls.encrypted_hello}>
          {tls.version ?? UNKNOWN}
        </Fact>
        <Fact label={words.hidden} wide={tls.encrypted_hello}>
          {tls.encrypted_hello ? words.hiddenYes : words.hiddenNo}
        </Fact>
        <Fact label={words.cipher} wide>
          {tls.cipher ?? <span className="text-fg-3">{words.cipherUnknown}</span>}
        </Fact>
        <Fact label={flow.resumed} wide>
          {resumedText(tls.resumed)}
        </Fact>
        {tls.handshake_ms !== null && (
          <Fact label={<Term label={flow.handshake} hint={flow.handshakeHint} />} wide>
            {delayText(tls.handshake_ms)}
          </Fact>
        )}
        <Fact label={words.alpn} wide>
          <bdi className="mono wrap-anywhere">{listText(tls.alpn)}</bdi>
        </Fact>
        <Fact label={words.groups} wide>
          {listText(tls.groups)}
        </Fact>
        {tls.ja3 !== null && (
          <Fact label={<Term label={words.ja3} hint={words.ja3Hint} />} wide>
            <Print label={words.copy(words.ja3)} text={tls.ja3} />
          </Fact>
        )}
        {tls.ja4 !== null && (
          <Fact label={<Term label={words.ja4} hint={words.ja4Hint} />} wide>
            <Print label={words.copy(words.ja4)} text={tls.ja4} />
          </Fact>
        )}
      </Facts>
    </section>
  );
}

function resumedText(resumed: boolean | null): string {
  if (resumed === null) return flow.resumedUnknown;
  return resumed ? flow.resumedYes : flow.resumedNo;
}

/** A fingerprint, to be compared with others elsewhere. */
function Print({ label, text }: { label: string; text: string }) {
  return (
    <span className="flex items-center gap-2 py-0.5">
      <span className="mono wrap-anywhere min-w-0">{text}</span>
      <CopyButton text={() => text} label={label} compact className="h-6! px-1.5!" />
    </span>
  );
}

function listText(names: readonly string[]): string {
  return names.length === 0 ? UNKNOWN : names.join(", ");
}
