/** What only TCP has: round trips, what was sent again, and how connections ended. */

import { useMemo } from "react";
import type { Figure } from "../../components/Figures";
import { Panel } from "../../components/Panel";
import type { FlowState } from "../../generated/FlowState";
import type { TcpCounts } from "../../generated/TcpCounts";
import { count, percentageText } from "../../lib/format";
import { protocolStrings } from "../../lib/protocol-strings";
import type { FlowsSearch } from "../flows/address";
import { Retransmissions } from "../parts/Retransmissions";
import { RoundTrips } from "../parts/RoundTrips";
import { delayTable, tcpDelays } from "./delays";
import { FigurePanel } from "./FigurePanel";
import { TcpEvents } from "./TcpEvents";

interface Props {
  tcp: TcpCounts;
  range: string;
  /** Constant or memoised. */
  onFlows: (search: FlowsSearch) => void;
}

export function Tcp({ tcp, range, onFlows }: Props) {
  const words = protocolStrings.tcp;
  const delays = useMemo(() => delayTable(tcpDelays(tcp)), [tcp]);
  const figures = useMemo(() => figuresOf(tcp, onFlows), [tcp, onFlows]);
  return (
    <>
      <RoundTrips range={range} className="col-span-12 @min-[1040px]/page:col-span-6" />
      <Retransmissions range={range} className="col-span-12 @min-[1040px]/page:col-span-6" />
      <Panel
        title={words.delays}
        meta={protocolStrings.session}
        table={delays}
        className="col-span-12 @min-[1040px]/page:col-span-7"
      />
      <FigurePanel
        title={words.connections}
        figures={figures}
        className="col-span-12 @min-[1040px]/page:col-span-5"
      />
      <TcpEvents tcp={tcp} onFlows={onFlows} className="col-span-12" />
    </>
  );
}

function figuresOf(tcp: TcpCounts, onFlows: Props["onFlows"]): readonly Figure[] {
  const { counts } = protocolStrings.tcp;
  const figure = ([label, hint]: readonly [string, string], value: string): Figure => ({
    label,
    hint,
    value,
  });
  // There is nothing to list of what there is none of.
  const flowsIn = (state: FlowState, n: number): Pick<Figure, "link"> =>
    n === 0 ? {} : { link: { hint: protocolStrings.flowsInState, go: () => onFlows({ filter: state }) } };
  return [
    figure(counts.connections, count(tcp.connections)),
    { ...figure(counts.resets, count(tcp.resets)), ...flowsIn("reset", tcp.resets) },
    { ...figure(counts.refused, count(tcp.refused)), ...flowsIn("refused", tcp.refused) },
    { ...figure(counts.timedOut, count(tcp.timed_out)), ...flowsIn("timed_out", tcp.timed_out) },
    figure(counts.dataSegments, count(tcp.data_segments)),
    figure(counts.resent, `${count(tcp.packet_loss)} (${percentageText(tcp.packet_loss_percentage)})`),
    figure(counts.ambiguous, count(tcp.rtt_ambiguous)),
  ];
}
