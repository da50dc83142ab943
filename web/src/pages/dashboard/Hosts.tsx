/** The addresses with the most bytes. */

import { Link } from "@tanstack/react-router";
import { useMemo } from "react";
import { CountryFlag } from "../../components/CountryFlag";
import { HostName } from "../../components/HostName";
import { Panel } from "../../components/Panel";
import { PlaceCredits } from "../../components/PlaceCredits";
import { Stranger } from "../../components/Stranger";
import type { Host } from "../../generated/Host";
import type { HostsTopic } from "../../generated/HostsTopic";
import { byteCountText, count } from "../../lib/format";
import { bestName, countryName } from "../../lib/places";
import { strings } from "../../lib/strings";
import type { Table } from "../../lib/table";

interface Props {
  hosts: HostsTopic;
  onPick: (address: string) => void;
  className: string;
}

const SHOWN = 11;

/** Left out where there is room for nothing but addresses and numbers. */
const ROOMY = "@max-3xl/panel:hidden";

export function Hosts({ hosts, onPick, className }: Props) {
  const shown = hosts.hosts.slice(0, SHOWN);
  const table = useMemo(() => tableOf(hosts.hosts, onPick), [hosts, onPick]);
  const most = Math.max(1, ...shown.map((host) => Math.max(host.bytes_in, host.bytes_out)));
  return (
    <Panel
      title={strings.dashboard.hosts}
      meta={strings.dashboard.hostsSeen(count(hosts.hosts_seen))}
      className={className}
      table={table}
    >
      <table className="w-full table-fixed text-table">
        <thead className="text-fg-3 text-meta">
          <tr className="h-6">
            <th scope="col" className="pl-3 text-left font-medium">
              {strings.dashboard.host}
            </th>
            <th scope="col" className={`w-[18%] pl-3 text-left font-medium ${ROOMY}`}>
              {strings.dashboard.organization}
            </th>
            <th scope="col" className={`w-[18%] pl-3 text-left font-medium ${ROOMY}`}>
              {strings.dashboard.hostApps}
            </th>
            <th scope="col" className="@3xl/panel:w-[15%] w-[26%] text-right font-medium">
              {strings.dashboard.received}
            </th>
            <th scope="col" className="@3xl/panel:w-[15%] w-[26%] pr-3 text-right font-medium">
              {strings.dashboard.sent}
            </th>
          </tr>
        </thead>
        <tbody>
          {shown.map((host) => (
            <tr key={host.address} className="h-(--row) hover:bg-raised">
              <th scope="row" className="pl-3 text-left font-normal">
                <span className="flex min-w-0 items-center gap-1.5">
                  {/* Of one width, so that names stand under each other. */}
                  <span className="w-11 shrink-0">
                    {host.country !== null && <CountryFlag code={host.country} doubt={host.doubt} />}
                  </span>
                  <Link
                    to="/hosts"
                    search={{ sel: host.address }}
                    className="flex min-h-6 min-w-0 items-center hover:underline"
                  >
                    <HostName address={host.address} name={bestName(host)} />
                  </Link>
                  {host.local && <span className="text-fg-3 text-meta">{strings.dashboard.local}</span>}
                </span>
              </th>
              <Words words={host.organization === null ? [] : [host.organization]} />
              <Words words={appsOf(host)} />
              <Amount bytes={host.bytes_in} most={most} color="var(--in)" />
              <Amount bytes={host.bytes_out} most={most} color="var(--out)" last />
            </tr>
          ))}
        </tbody>
      </table>
      <PlaceCredits className="mt-auto px-3 pt-1 pb-2" />
    </Panel>
  );
}

/** Its applications, the one with most of its bytes first. */
function appsOf({ apps }: Host): readonly string[] {
  return apps.map(({ app }) => app);
}

/** What there is room for; all of it is in the title. */
function Words({ words }: { words: readonly string[] }) {
  return (
    <td className={`truncate pl-3 text-fg-2 ${ROOMY}`}>
      {words.length > 0 && <Stranger name={words.join(", ")} className="block" />}
    </td>
  );
}

/** Every host that the program tells of, not only those there is room for. */
function tableOf(hosts: readonly Host[], pick: (address: string) => void): Table {
  const { dashboard } = strings;
  return {
    columns: [
      { label: dashboard.address, pick },
      { label: dashboard.scope },
      { label: dashboard.names, roomy: true },
      { label: dashboard.country, roomy: true },
      { label: dashboard.organization, roomy: true },
      { label: dashboard.hostApps, roomy: true },
      { label: dashboard.received, unit: "bytes", text: byteCountText },
      { label: dashboard.sent, unit: "bytes", text: byteCountText },
      { label: dashboard.packetsReceived, text: count },
      { label: dashboard.packetsSent, text: count },
    ],
    rows: () =>
      hosts.map((host) => [
        host.address,
        host.local ? dashboard.local : "",
        host.names.join(" "),
        host.country === null ? "" : countryName(host.country),
        host.organization ?? "",
        appsOf(host).join(", "),
        host.bytes_in,
        host.bytes_out,
        host.packets_in,
        host.packets_out,
      ]),
  };
}

function Amount({
  bytes,
  most,
  color,
  last = false,
}: {
  bytes: number;
  most: number;
  color: string;
  last?: boolean;
}) {
  return (
    <td className={last ? "pr-3 pl-3" : "pl-3"}>
      <span className="block text-right leading-4">{byteCountText(bytes)}</span>
      <span className="flex h-[3px] justify-end" aria-hidden="true">
        <i className="swatch rounded-xs" style={{ width: `${(bytes / most) * 100}%`, background: color }} />
      </span>
    </td>
  );
}
