/** What is known of a host: what it is called, what it is, where it is, and who says so. */

import { Flag } from "../../components/CountryFlag";
import { PlaceName } from "../../components/PlaceName";
import { Stranger } from "../../components/Stranger";
import { Term } from "../../components/Term";
import type { HostDetail } from "../../generated/HostDetail";
import type { HostListed } from "../../generated/HostListed";
import { bitRateText, byteCountText, count, dateAndUtc, delayText, packetTime } from "../../lib/format";
import { hostStrings } from "../../lib/host-strings";
import { originStrings } from "../../lib/origin-strings";
import { asnText, doubtText, placeParts, placeSourceText, precisionText } from "../../lib/places";
import { Fact, Facts } from "../parts/Fact";

const { columns, hints, sheet } = hostStrings;

export function HostFacts({ detail }: { detail: HostDetail }) {
  const { listed: host } = detail;
  return (
    <section aria-label={sheet.facts} className="panel px-3 py-2 text-table">
      <Facts>
        {host.named.length > 0 && (
          <Fact label={sheet.names} wide>
            <Names host={host} />
          </Fact>
        )}
        <Fact label={sheet.address} wide>
          <span className="mono break-all">{host.address}</span>{" "}
          <span className="text-fg-3">
            {host.local && `${hostStrings.local}, `}
            {originStrings.scopes[host.scope]}: {originStrings.scopeHints[host.scope]}
          </span>
        </Fact>
        <Fact label={sheet.place} wide>
          <Where detail={detail} />
        </Fact>
        {host.organization !== null && (
          <Fact label={sheet.organization} wide={host.asn === null}>
            <Stranger name={host.organization} className="block" />
          </Fact>
        )}
        {host.asn !== null && (
          <Fact label={<Term label={sheet.asn} hint={hints.asn} />} wide={host.organization === null}>
            {asnText(host.asn)}
          </Fact>
        )}
        {(host.in_bps !== null || host.out_bps !== null) && (
          <Fact label={sheet.rate} wide>
            {sheet.inOut(bitRateText(host.in_bps), bitRateText(host.out_bps))}
          </Fact>
        )}
        <Fact label={sheet.bytes} wide>
          {sheet.inOut(byteCountText(host.bytes_in), byteCountText(host.bytes_out))}
        </Fact>
        <Fact label={sheet.packets} wide>
          {sheet.inOut(count(host.packets_in), count(host.packets_out))}
        </Fact>
        <Fact label={<Term label={columns.rtt} hint={hints.rtt} />}>
          {host.rtt_ms === null ? (
            <span className="text-fg-3">{sheet.notMeasured}</span>
          ) : (
            delayText(host.rtt_ms)
          )}
        </Fact>
        <Fact label={<Term label={columns.resent} hint={hints.resent} />}>{count(host.resent)}</Fact>
        <Fact label={columns.firstSeen}>
          <Stamp stamp={host.first_seen} />
        </Fact>
        <Fact label={columns.lastSeen}>
          <Stamp stamp={host.last_seen} />
        </Fact>
      </Facts>
    </section>
  );
}

/** Each with who says so. */
function Names({ host: { named } }: { host: HostListed }) {
  return (
    <ul>
      {named.map(({ name, source }) => (
        <li key={name} className="flex min-w-0 items-baseline gap-2">
          <Stranger name={name} />
          <span className="shrink-0 text-fg-3 text-meta" title={originStrings.nameSourceHints[source]}>
            {originStrings.nameSources[source]}
          </span>
        </li>
      ))}
    </ul>
  );
}

function Where({ detail: { listed: host, said } }: { detail: HostDetail }) {
  const isKnown = placeParts(host).length > 0;
  const { country, place_source: source, doubt } = host;
  const counts = said.find((one) => one.source === source) ?? null;
  return (
    <>
      {!isKnown ? (
        <span className="text-fg-3">{host.scope === "global" ? sheet.unknownPlace : sheet.nowhere}</span>
      ) : (
        <span className="flex flex-wrap items-baseline gap-x-2">
          <span>
            {country !== null && <Flag code={country} />}{" "}
            <span className={doubt === null ? "" : "line-through"}>
              <PlaceName place={host} />
            </span>
          </span>
          <span className="text-fg-3">{precisionText(host)}</span>
          {source !== null && (
            <span className="text-fg-3" title={originStrings.placeSourceHints[source]}>
              {sheet.placeSource.toLowerCase()} {placeSourceText(source, counts?.file ?? null)}
            </span>
          )}
        </span>
      )}
      {doubt !== null && (
        <p className="text-fg-2">
          <span className="mr-1.5 text-warn" aria-hidden="true">
            ▲
          </span>
          {doubtText(doubt)}
        </p>
      )}
    </>
  );
}

function Stamp({ stamp }: { stamp: string | null }) {
  const ms = stamp === null ? null : Date.parse(stamp);
  return <span title={dateAndUtc(ms)}>{packetTime(ms)}</span>;
}
