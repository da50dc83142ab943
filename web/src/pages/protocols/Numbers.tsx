/** The chosen protocols beside each other, or the calls. */

import { useNavigate } from "@tanstack/react-router";
import { useCallback, useMemo, useState } from "react";
import type { Calls as CallsTopic } from "../../generated/Calls";
import type { ProtocolsTopic } from "../../generated/ProtocolsTopic";
import type { TotalsTopic } from "../../generated/TotalsTopic";
import { useRangeLabel } from "../../range/label";
import type { FlowsSearch } from "../flows/address";
import { PacketRateChart, ThroughputChart } from "./Charts";
import { type Change, chosenOf, PROTOCOLS, type ProtocolName, type ProtocolSearch, searchOf } from "./chosen";
import { Details } from "./Details";
import { callOrder, orderSearch } from "./media/address";
import { Calls } from "./media/Calls";
import { afterPress } from "./media/order";
import { Picker } from "./Picker";
import { Volume } from "./Volume";

interface Props {
  totals: TotalsTopic;
  protocols: ProtocolsTopic;
  /** `null` while they are on their way. */
  calls: CallsTopic | null;
  /** Whether nothing more will come. */
  over: boolean;
  search: ProtocolSearch;
  change: Change;
}

export function Numbers({ totals, protocols, calls, over, search, change }: Props) {
  const { rates } = protocols;
  const seen = (name: ProtocolName) => (rates[name]?.packets ?? 0) > 0;
  // While packets come, another may become the first at any moment: a page does not change under its reader.
  const names = chosenOf(search, (name) => over && seen(name)).join(",");
  const chosen = useMemo(() => PROTOCOLS.filter((name) => names.split(",").includes(name)), [names]);
  const [asked, setComparing] = useState(false);
  const comparing = asked || chosen.length > 1;
  const range = useRangeLabel();
  const choose = useCallback((next: readonly ProtocolName[]) => change(searchOf(next)), [change]);
  const go = useWays();
  const compare = (on: boolean) => {
    setComparing(on);
    if (!on) choose(chosen.slice(0, 1));
  };
  const inCalls = search.view === "calls";
  const picker = (
    <Picker
      chosen={chosen}
      onChoose={choose}
      comparing={comparing}
      onCompare={compare}
      seen={seen}
      calls={inCalls}
      onCalls={() => change({ view: "calls" })}
    />
  );
  if (inCalls) {
    const order = callOrder(search);
    return (
      <div className="@container/page flex flex-col gap-3">
        {picker}
        <Calls
          topic={calls}
          order={order}
          onSort={(sort) => change({ ...kept(search), ...orderSearch(afterPress(order, sort)) })}
          selected={search.call ?? null}
          onOpen={(call) => change({ ...search, call }, search.call === undefined ? "push" : "replace")}
          onStreams={() => choose(["RTP"])}
        />
      </div>
    );
  }
  return (
    <div className="@container/page">
      <div className="grid grid-cols-12 gap-3">
        <div className="col-span-12">{picker}</div>
        {chosen.map((name) => (
          <Volume
            key={name}
            name={name}
            rates={rates[name]}
            totals={totals}
            over={over}
            onPackets={go.packets}
            onFlows={(protocol) => go.flows({ protocol })}
            className={VOLUME_SPANS[chosen.length] ?? ""}
          />
        ))}
        <ThroughputChart chosen={chosen} range={range} className={THROUGHPUT_SPANS[chosen.length] ?? ""} />
        <PacketRateChart chosen={chosen} range={range} className={PACKET_RATE_SPANS[chosen.length] ?? ""} />
        {chosen.map((name) => (
          <div key={name} className="col-span-12 grid grid-cols-12 gap-3 empty:hidden">
            <Details
              name={name}
              protocols={protocols}
              calls={calls}
              range={range}
              search={search}
              change={change}
              onPackets={go.packets}
              onFlows={go.flows}
            />
          </div>
        ))}
      </div>
    </div>
  );
}

/** What an order does not change. */
function kept({ sort: _, rising: __, ...rest }: ProtocolSearch): ProtocolSearch {
  return rest;
}

/** The ways to the packets and flows behind a number. */
function useWays() {
  const navigate = useNavigate();
  return useMemo(
    () => ({
      packets: (filter: string) => void navigate({ to: "/live", search: { filter } }),
      flows: (search: FlowsSearch) => void navigate({ to: "/flows", search }),
    }),
    [navigate],
  );
}

/** How wide the first panels are beside so many protocols: one shares its row with its charts. */
const ROW = "col-span-12";
const VOLUME_SPANS = [
  "",
  `${ROW} @min-[1040px]/page:col-span-4`,
  `${ROW} @min-[800px]/page:col-span-6`,
  `${ROW} @min-[800px]/page:col-span-6 @min-[1160px]/page:col-span-4`,
  `${ROW} @min-[800px]/page:col-span-6 @min-[1460px]/page:col-span-3`,
];
const THROUGHPUT_SPANS = [
  "",
  `${ROW} @min-[1040px]/page:col-span-8 @min-[1160px]/page:col-span-5`,
  ...beside("@min-[1040px]/page:col-span-8"),
];
const PACKET_RATE_SPANS = [
  "",
  `${ROW} @min-[1160px]/page:col-span-3`,
  ...beside("@min-[1040px]/page:col-span-4"),
];

function beside(span: string): readonly string[] {
  return [2, 3, 4].map(() => `${ROW} ${span}`);
}
