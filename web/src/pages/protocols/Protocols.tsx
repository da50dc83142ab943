/** Single protocols: how much of each there is, and what only it has. */

import { useNavigate, useSearch } from "@tanstack/react-router";
import { useCallback, useMemo, useState } from "react";
import type { ProtocolsTopic } from "../../generated/ProtocolsTopic";
import type { Status } from "../../generated/Status";
import type { TotalsTopic } from "../../generated/TotalsTopic";
import { strings } from "../../lib/strings";
import { useSession } from "../../live/session";
import { useTitle } from "../../live/title";
import { useRangeLabel } from "../../range/label";
import type { FlowsSearch } from "../flows/address";
import { Waiting } from "../parts/Waiting";
import { PacketRateChart, ThroughputChart } from "./Charts";
import { chosenOf, PROTOCOLS, type ProtocolName, searchOf } from "./chosen";
import { Dns } from "./Dns";
import { Icmp, Igmp, Udp } from "./Others";
import { Picker } from "./Picker";
import { Tcp } from "./Tcp";
import { Volume } from "./Volume";

export function Protocols() {
  const known = useSession((session) => session.status !== null);
  const over = useSession(({ status }) => isOver(status));
  const totals = useSession((session) => session.totals);
  const protocols = useSession((session) => session.protocols);
  useTitle(strings.pages.protocols);
  const seen = totals !== null && protocols !== null && totals.traffic.packets > 0;
  return (
    <>
      <h1 className="sr-only">{strings.pages.protocols}</h1>
      {!known && <Skeleton />}
      {known && !seen && <Waiting />}
      {known && seen && <Numbers totals={totals} protocols={protocols} over={over} />}
    </>
  );
}

interface Props {
  totals: TotalsTopic;
  protocols: ProtocolsTopic;
  /** Whether nothing more will come. */
  over: boolean;
}

function isOver(status: Status | null): boolean {
  return status?.state === "finished" || status?.state === "failed";
}

function Numbers({ totals, protocols, over }: Props) {
  const search = useSearch({ from: "/protocols" });
  const { rates } = protocols;
  const seen = (name: ProtocolName) => (rates[name]?.packets ?? 0) > 0;
  // While packets come, another may become the first at any moment: a page does not change under its reader.
  const names = chosenOf(search, (name) => over && seen(name)).join(",");
  const chosen = useMemo(() => PROTOCOLS.filter((name) => names.split(",").includes(name)), [names]);
  const [asked, setComparing] = useState(false);
  const comparing = asked || chosen.length > 1;
  const navigate = useNavigate();
  const range = useRangeLabel();
  const choose = useCallback(
    (next: readonly ProtocolName[]) => void navigate({ to: "/protocols", search: searchOf(next) }),
    [navigate],
  );
  const packets = useCallback(
    (filter: string) => void navigate({ to: "/live", search: { filter } }),
    [navigate],
  );
  const flows = useCallback((search: FlowsSearch) => void navigate({ to: "/flows", search }), [navigate]);
  const compare = (on: boolean) => {
    setComparing(on);
    if (!on) choose(chosen.slice(0, 1));
  };
  return (
    <div className="grid grid-cols-12 gap-3">
      <div className="col-span-12">
        <Picker chosen={chosen} onChoose={choose} comparing={comparing} onCompare={compare} seen={seen} />
      </div>
      {chosen.map((name) => (
        <Volume
          key={name}
          name={name}
          rates={rates[name]}
          totals={totals}
          over={over}
          onPackets={packets}
          onFlows={(protocol) => flows({ protocol })}
          className={VOLUME_SPANS[chosen.length] ?? ""}
        />
      ))}
      <ThroughputChart chosen={chosen} range={range} className={THROUGHPUT_SPANS[chosen.length] ?? ""} />
      <PacketRateChart chosen={chosen} range={range} className={PACKET_RATE_SPANS[chosen.length] ?? ""} />
      {chosen.map((name) => (
        <div key={name} className="col-span-12 grid grid-cols-12 gap-3 empty:hidden">
          <Details name={name} protocols={protocols} range={range} onPackets={packets} onFlows={flows} />
        </div>
      ))}
    </div>
  );
}

/** How wide the first panels are beside so many protocols: one shares its row with its charts. */
const ROW = "col-span-12";
const VOLUME_SPANS = [
  "",
  `${ROW} xl:col-span-4`,
  `${ROW} lg:col-span-6`,
  `${ROW} lg:col-span-6 wide:col-span-4`,
  `${ROW} lg:col-span-6 min-[1700px]:col-span-3`,
];
const THROUGHPUT_SPANS = ["", `${ROW} xl:col-span-8 wide:col-span-5`, ...beside("xl:col-span-8")];
const PACKET_RATE_SPANS = ["", `${ROW} wide:col-span-3`, ...beside("xl:col-span-4")];

function beside(span: string): readonly string[] {
  return [2, 3, 4].map(() => `${ROW} ${span}`);
}

interface DetailsProps {
  name: ProtocolName;
  protocols: ProtocolsTopic;
  range: string;
  onPackets: (text: string) => void;
  onFlows: (search: FlowsSearch) => void;
}

/** QUIC, TLS and RTP are measured by their volume alone. */
function Details({ name, protocols, range, onPackets, onFlows }: DetailsProps) {
  const nothing = (protocols.rates[name]?.packets ?? 0) === 0;
  if (nothing) return null;
  switch (name) {
    case "TCP":
      return <Tcp tcp={protocols.tcp} range={range} onFlows={onFlows} />;
    case "UDP":
      return <Udp udp={protocols.udp} />;
    case "DNS":
      return <Dns dns={protocols.dns} range={range} onPackets={onPackets} />;
    case "ICMP":
      return <Icmp icmp={protocols.icmp} />;
    case "IGMP":
      return <Igmp igmp={protocols.igmp} onPackets={onPackets} />;
    case "QUIC":
    case "TLS":
    case "RTP":
      return null;
  }
}

function Skeleton() {
  return (
    <div className="grid grid-cols-12 gap-3" aria-hidden="true">
      <div className="skeleton col-span-12 h-7 max-w-xl" />
      <div className="skeleton col-span-12 h-60 xl:col-span-4" />
      <div className="skeleton col-span-12 h-60 xl:col-span-8" />
      <div className="skeleton col-span-12 h-60" />
    </div>
  );
}
