/** What only TCP has: round trips, what was sent again, and how connections ended. */

import { useMemo } from "react";
import type { Figure } from "../../components/Figures";
import { Panel } from "../../components/Panel";
import type { TcpCounts } from "../../generated/TcpCounts";
import { count, percentageText } from "../../lib/format";
import { protocolStrings } from "../../lib/protocol-strings";
import { Retransmissions } from "../parts/Retransmissions";
import { RoundTrips } from "../parts/RoundTrips";
import { delayTable, tcpDelays } from "./delays";
import { FigurePanel } from "./FigurePanel";
import { TcpEvents } from "./TcpEvents";

export function Tcp({ tcp, range }: { tcp: TcpCounts; range: string }) {
  const words = protocolStrings.tcp;
  const delays = useMemo(() => delayTable(tcpDelays(tcp)), [tcp]);
  const figures = useMemo(() => figuresOf(tcp), [tcp]);
  return (
    <>
      <RoundTrips range={range} className="col-span-12 xl:col-span-6" />
      <Retransmissions range={range} className="col-span-12 xl:col-span-6" />
      <Panel
        title={words.delays}
        meta={protocolStrings.session}
        table={delays}
        className="col-span-12 xl:col-span-7"
      />
      <FigurePanel title={words.connections} figures={figures} className="col-span-12 xl:col-span-5" />
      <TcpEvents tcp={tcp} className="col-span-12" />
    </>
  );
}

function figuresOf(tcp: TcpCounts): readonly Figure[] {
  const { counts } = protocolStrings.tcp;
  const figure = ([label, hint]: readonly [string, string], value: string): Figure => ({
    label,
    hint,
    value,
  });
  return [
    figure(counts.connections, count(tcp.connections)),
    figure(counts.resets, count(tcp.resets)),
    figure(counts.refused, count(tcp.refused)),
    figure(counts.timedOut, count(tcp.timed_out)),
    figure(counts.dataSegments, count(tcp.data_segments)),
    figure(counts.resent, `${count(tcp.packet_loss)} (${percentageText(tcp.packet_loss_percentage)})`),
    figure(counts.ambiguous, count(tcp.rtt_ambiguous)),
  ];
}
