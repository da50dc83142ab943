/** The chosen protocols over time. */

import { useMemo } from "react";
import type { ReadLines, Series } from "../../components/lines";
import { protocolStrings } from "../../lib/protocol-strings";
import { protocolClass } from "../../lib/protocols";
import { protocolPlot } from "../../live/measured";
import type { ProtocolLine } from "../../live/protocol-history";
import { shownSpan } from "../../range/store";
import { RateChart } from "../parts/RateChart";
import type { ProtocolName } from "./chosen";

interface Props {
  chosen: readonly ProtocolName[];
  range: string;
  className: string;
}

interface Drawn extends Series, ProtocolLine {}

export function ThroughputChart({ chosen, range, className }: Props) {
  const series = useMemo(() => throughputOf(chosen), [chosen]);
  const read = useMemo(() => reader(chosen, series), [chosen, series]);
  return <RateChart rate="throughput" series={series} read={read} range={range} className={className} />;
}

export function PacketRateChart({ chosen, range, className }: Props) {
  const series = useMemo(() => packetRatesOf(chosen), [chosen]);
  const read = useMemo(() => reader(chosen, series), [chosen, series]);
  return <RateChart rate="packetRate" series={series} read={read} range={range} className={className} />;
}

/** Lines beside each other also differ in their dashes. */
const DASHES: readonly (number[] | undefined)[] = [undefined, [6, 3], [10, 2], [8, 3, 2, 3]];
/** The other way of the same protocol has its colour, and dashes of its own. */
const OTHER_DASHES: readonly number[][] = [
  [2, 2],
  [3, 4],
  [2, 5],
  [4, 2, 1, 2],
];

const COLORS: Record<ReturnType<typeof protocolClass>, Series["color"]> = {
  TCP: "--tcp",
  UDP: "--udp",
  QUIC: "--quic",
  TLS: "--tls",
  DNS: "--dns",
  RTP: "--rtp",
  IGMP: "--igmp",
  Others: "--others",
};

function looks(
  name: ProtocolName,
  place: number,
  dashes: readonly (number[] | undefined)[] = DASHES,
): Pick<Series, "color" | "dash"> {
  const dash = dashes[place];
  return { color: COLORS[protocolClass(name)], ...(dash === undefined ? {} : { dash }) };
}

/** A protocol alone has the colours of the directions; several have each its own, and out is below zero. */
function throughputOf(chosen: readonly ProtocolName[]): readonly Drawn[] {
  const [only] = chosen;
  if (chosen.length === 1 && only !== undefined) {
    return [
      { protocol: only, rate: "inbound_bps", label: protocolStrings.volume.in, color: "--in", fill: true },
      {
        protocol: only,
        rate: "outward_bps",
        label: protocolStrings.volume.out,
        color: "--out",
        fill: true,
        below: true,
      },
    ];
  }
  return chosen.flatMap((protocol, place): Drawn[] => [
    { protocol, rate: "inbound_bps", label: protocolStrings.lineIn(protocol), ...looks(protocol, place) },
    {
      protocol,
      rate: "outward_bps",
      label: protocolStrings.lineOut(protocol),
      below: true,
      ...looks(protocol, place, OTHER_DASHES),
    },
  ]);
}

function packetRatesOf(chosen: readonly ProtocolName[]): readonly Drawn[] {
  return chosen.map((protocol, place) => ({
    protocol,
    rate: "packets_per_second",
    label: protocol,
    fill: chosen.length === 1,
    ...looks(protocol, place),
  }));
}

function reader(chosen: readonly ProtocolName[], lines: readonly ProtocolLine[]): ReadLines {
  return (steps) => {
    const span = shownSpan();
    const nothing = { x: [], y: lines.map(() => []), breaks: [] };
    if (span === null) return { ...nothing, span };
    const plot = protocolPlot(chosen, lines, span, steps === "every" ? "means" : "extremes");
    return plot === null ? { ...nothing, span, waiting: true } : { ...plot, span };
  };
}
