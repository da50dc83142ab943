/** Distributions of delays as a table. */

import type { Delays } from "../../generated/Delays";
import type { TcpCounts } from "../../generated/TcpCounts";
import { count, delayText } from "../../lib/format";
import { protocolStrings } from "../../lib/protocol-strings";
import type { Column, Table } from "../../lib/table";

/** A name, what was measured of it, and what the name means. */
export type DelayRow = readonly [label: string, delays: Delays, hint?: string];

export function delayTable(rows: readonly DelayRow[]): Table {
  const { delays } = protocolStrings;
  const hints = new Map(rows.map(([label, , hint]) => [label, hint]));
  const ms = (label: string, roomy = false): Column => ({ label, unit: "ms", text: delayText, roomy });
  return {
    columns: [
      { label: delays.delay, hint: (text) => hints.get(text) },
      { label: delays.samples, text: count, roomy: true },
      ms(delays.min, true),
      ms(delays.mean, true),
      ms(delays.p50),
      ms(delays.p95),
      ms(delays.p99, true),
      ms(delays.max),
    ],
    rows: () =>
      rows.map(([label, { samples, min, mean, p50, p95, p99, max }]) => [
        label,
        samples,
        min,
        mean,
        p50,
        p95,
        p99,
        max,
      ]),
  };
}

type TcpDelays = Pick<
  TcpCounts,
  "rtt_ms" | "rtt_far_ms" | "rtt_near_ms" | "initial_rtt_ms" | "server_response_ms"
>;

/** Between local ends, and between ends of which none is, there is no far side: then those of both halves are told. */
export function tcpDelays(tcp: TcpDelays): readonly DelayRow[] {
  const words = protocolStrings.tcp;
  const hasSides = tcp.rtt_far_ms.samples > 0 || tcp.rtt_near_ms.samples > 0;
  const sides: readonly DelayRow[] = [
    [words.far, tcp.rtt_far_ms, words.farHint],
    [words.near, tcp.rtt_near_ms, words.nearHint],
  ];
  return [
    ...sides,
    ...(hasSides || tcp.rtt_ms.samples === 0 ? [] : [[words.either, tcp.rtt_ms, words.eitherHint] as const]),
    [words.handshake, tcp.initial_rtt_ms],
    [words.response, tcp.server_response_ms],
  ];
}
