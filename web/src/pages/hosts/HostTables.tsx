/** What a host has to do with: applications, protocols, others, flows, and all that is said of its place. */

import { Link } from "@tanstack/react-router";
import type { ReactNode } from "react";
import { CategoryMark } from "../../components/CategoryMark";
import { CountryFlag } from "../../components/CountryFlag";
import { HostName } from "../../components/HostName";
import { PlaceName } from "../../components/PlaceName";
import { Stranger } from "../../components/Stranger";
import type { HostDetail } from "../../generated/HostDetail";
import type { PlaceSaid } from "../../generated/PlaceSaid";
import { flowName } from "../../lib/flow-names";
import { byteCountText, count, UNKNOWN } from "../../lib/format";
import { hostStrings } from "../../lib/host-strings";
import { asnText, placeParts, placeSourceText } from "../../lib/places";
import { classColor, protocolClass } from "../../lib/protocols";
import { SheetPart } from "../parts/Sheet";

const { sheet, columns } = hostStrings;

interface Props {
  detail: HostDetail;
}

export function HostApps({ detail: { apps, listed } }: Props) {
  if (apps.length === 0) return null;
  return (
    <SheetPart title={sheet.apps}>
      <Rows heads={[sheet.app, columns.bytes]}>
        {apps.map(({ app, bytes }) => (
          <tr key={app} className="h-(--row)">
            <th scope="row" className="max-w-0 font-normal">
              <Link
                to="/flows"
                search={{ app, filter: listed.address }}
                title={sheet.flowsOfApp(app)}
                className="flex min-h-6 min-w-0 items-center hover:underline"
              >
                <Stranger name={app} />
              </Link>
            </th>
            <Amount text={byteCountText(bytes)} />
          </tr>
        ))}
      </Rows>
    </SheetPart>
  );
}

export function HostProtocols({ detail: { protocols } }: Props) {
  if (protocols.length === 0) return null;
  return (
    <SheetPart title={sheet.protocols}>
      <Rows heads={[sheet.protocol, columns.packets, columns.bytes]}>
        {protocols.map(({ name, packets, bytes }) => (
          <tr key={name} className="h-(--row)">
            <th scope="row" className="text-left font-normal">
              <i
                className="swatch mr-1.5 inline-block size-2 rounded-xs"
                style={{ background: classColor(protocolClass(name)) }}
              />
              {name}
            </th>
            <Amount text={count(packets)} />
            <Amount text={byteCountText(bytes)} />
          </tr>
        ))}
      </Rows>
    </SheetPart>
  );
}

interface PeersProps extends Props {
  onOpen: (address: string) => void;
}

export function HostPeers({ detail: { peers }, onOpen }: PeersProps) {
  if (peers.length === 0) return null;
  return (
    <SheetPart title={sheet.peers}>
      <Rows heads={[sheet.peer, sheet.sent, sheet.received]}>
        {peers.map(({ address, name, country, doubt, sent, received }) => (
          <tr key={address} className="h-(--row)">
            <th scope="row" className="max-w-0 font-normal">
              <span className="flex min-w-0 items-center gap-1.5">
                {country !== null && <CountryFlag code={country} doubt={doubt} className="shrink-0" />}
                <button
                  type="button"
                  title={sheet.openHost(address)}
                  className="flex min-h-6 min-w-0 items-center text-left hover:underline"
                  onClick={() => onOpen(address)}
                >
                  <HostName address={address} name={name} />
                </button>
              </span>
            </th>
            <Amount text={byteCountText(sent.bytes)} />
            <Amount text={byteCountText(received.bytes)} />
          </tr>
        ))}
      </Rows>
    </SheetPart>
  );
}

export function HostFlows({ detail: { flows, flows_listed, listed } }: Props) {
  if (flows.length === 0) return null;
  const meta =
    flows.length < flows_listed ? { meta: sheet.flowsMeta(count(flows.length), count(flows_listed)) } : {};
  return (
    <SheetPart title={sheet.flows} {...meta}>
      <Rows heads={[sheet.flow, sheet.protocol, columns.bytes]}>
        {flows.map((flow) => (
          <tr key={flow.id} className="h-(--row)">
            <th scope="row" className="max-w-0 font-normal">
              <Link
                to="/flows"
                search={{ filter: listed.address, sel: flow.id }}
                title={sheet.openFlow(flowName(flow))}
                className="flex min-h-6 min-w-0 items-center gap-1.5 hover:underline"
              >
                {flow.app !== null && <CategoryMark category={flow.category} />}
                <span className="mono truncate">{flowName(flow)}</span>
              </Link>
            </th>
            <td className="whitespace-nowrap pl-3">{flow.protocol}</td>
            <Amount text={byteCountText(flow.bytes_up + flow.bytes_down)} />
          </tr>
        ))}
      </Rows>
    </SheetPart>
  );
}

/** Each source with what it says: they may differ. */
export function PlaceSaidTable({ said }: { said: readonly PlaceSaid[] }) {
  if (said.length === 0) return null;
  return (
    <SheetPart title={sheet.said}>
      <table className="w-full">
        <thead className="text-fg-3 text-meta">
          <tr className="h-6 text-left">
            {[sheet.saidBy, columns.place, sheet.coordinates, sheet.organization, sheet.asn].map((head) => (
              <th key={head} scope="col" className="pr-3 font-medium">
                {head}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {said.map(({ source, file, place }) => (
            <tr key={`${source} ${file}`} className="h-(--row) align-baseline">
              <th scope="row" className="pr-3 text-left font-normal">
                <bdi>{placeSourceText(source, file)}</bdi>
              </th>
              <td className="pr-3">
                {placeParts(place).length === 0 ? UNKNOWN : <PlaceName place={place} />}
                {place.anycast && <span className="ml-1.5 text-fg-3">{sheet.anycast.toLowerCase()}</span>}
              </td>
              <td className="whitespace-nowrap pr-3">{coordinatesText(place)}</td>
              <td className="pr-3">
                <bdi>{place.organization ?? UNKNOWN}</bdi>
              </td>
              <td>{place.asn === null ? UNKNOWN : asnText(place.asn)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </SheetPart>
  );
}

/** More digits would say more than databases know: a tenth of a degree is 11 km. */
const DEGREE_DIGITS = 1;

function coordinatesText({ latitude, longitude }: PlaceSaid["place"]): string {
  if (latitude === null || longitude === null) return UNKNOWN;
  const half = (value: number, [above, below]: readonly [string, string]) =>
    `${Math.abs(value).toFixed(DEGREE_DIGITS)}° ${value < 0 ? below : above}`;
  return `${half(latitude, ["N", "S"])}, ${half(longitude, ["E", "W"])}`;
}

/** A table whose first column takes the room that is left, and whose others are numbers. */
function Rows({ heads, children }: { heads: readonly string[]; children: ReactNode }) {
  return (
    <table className="w-full">
      <thead className="text-fg-3 text-meta">
        <tr className="h-6">
          {heads.map((head, place) => (
            <th
              key={head}
              scope="col"
              className={place === 0 ? "w-full text-left font-medium" : "pl-3 text-right font-medium"}
            >
              {head}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>{children}</tbody>
    </table>
  );
}

function Amount({ text }: { text: string }) {
  return (
    <td className={`whitespace-nowrap pl-3 text-right ${/^0( |$)/.test(text) ? "text-fg-3" : ""}`}>{text}</td>
  );
}
