/** The door: what the program sends becomes a typed message here, or is turned away with a reason. */

import type { DirectionTotal } from "../generated/DirectionTotal";
import type { EncryptionComposition } from "../generated/EncryptionComposition";
import type { FlowTotals } from "../generated/FlowTotals";
import type { HistoryPoint } from "../generated/HistoryPoint";
import type { HostsTopic } from "../generated/HostsTopic";
import type { InterfaceRow } from "../generated/InterfaceRow";
import type { IpComposition } from "../generated/IpComposition";
import type { Message } from "../generated/Message";
import type { PacketRow } from "../generated/PacketRow";
import type { PacketsTopic } from "../generated/PacketsTopic";
import type { PacketWindow } from "../generated/PacketWindow";
import type { Protocol } from "../generated/Protocol";
import type { ProtocolDistribution } from "../generated/ProtocolDistribution";
import type { ProtocolRates } from "../generated/ProtocolRates";
import type { ProtocolsTopic } from "../generated/ProtocolsTopic";
import type { Rates } from "../generated/Rates";
import type { RefusalCode } from "../generated/RefusalCode";
import type { Reply } from "../generated/Reply";
import type { ReplyData } from "../generated/ReplyData";
import type { Status } from "../generated/Status";
import type { StatusSource } from "../generated/StatusSource";
import type { Throughput } from "../generated/Throughput";
import type { Topic } from "../generated/Topic";
import type { TopTalker } from "../generated/TopTalker";
import type { Totals } from "../generated/Totals";
import type { TotalsTopic } from "../generated/TotalsTopic";
import type { TrafficTotals } from "../generated/TrafficTotals";
import type { Volume } from "../generated/Volume";
import {
  fields,
  flag,
  isRecord,
  listOf,
  nullable,
  number,
  oneOf,
  recordOf,
  type Shape,
  text,
} from "../lib/shape";
import { appsTopic } from "./app-shapes";
import { flowDetail, flowWindow } from "./flow-shapes";
import { calls, quicCounts, rtpCounts, streamCourse, tlsCounts } from "./media-shapes";
import { host, hostDetail, hostWindow, placesTopic } from "./place-shapes";
import { clearText, dnsCounts, icmpCounts, igmpCounts, latency, loss, tcpCounts, udpCounts } from "./quality";
import { findings, summaries } from "./word-shapes";

/** The version of the messages that this page was built for. */
export const STREAM_VERSION = 1;

export type Decoded =
  | { kind: "message"; message: Message }
  /** Of a kind that a newer program knows and this page does not: not an error. */
  | { kind: "unknown"; type: string }
  | { kind: "malformed"; reason: string };

export function decodeMessage(frame: string): Decoded {
  let value: unknown;
  try {
    value = JSON.parse(frame);
  } catch {
    return { kind: "malformed", reason: "a message is not JSON" };
  }
  if (!isRecord(value) || typeof value.type !== "string") {
    return { kind: "malformed", reason: "a message has no type" };
  }
  const shape = shapeOf(value.type, value.topic);
  if (shape === null) return { kind: "unknown", type: value.type };
  const reason = shape(value, value.type);
  if (reason !== null) return { kind: "malformed", reason };
  return { kind: "message", message: value as Message };
}

type MessageOf<Type extends Message["type"]> = Extract<Message, { type: Type }>;

function shapeOf(type: string, topic: unknown): Shape<unknown> | null {
  if (type === "update") return typeof topic === "string" ? (updates.get(topic) ?? null) : null;
  return messages.get(type) ?? null;
}

const rates = fields<Rates>({
  throughput_bps: nullable(number),
  throughput_bps_peak: nullable(number),
  throughput_bps_average: nullable(number),
  goodput_bps: nullable(number),
  goodput_bps_peak: nullable(number),
  goodput_bps_average: nullable(number),
  packets_per_second: nullable(number),
  packets_per_second_peak: nullable(number),
  packets_per_second_average: nullable(number),
});

const historyPoint = fields<HistoryPoint>({
  second: number,
  stretch: number,
  inbound_bits: number,
  outbound_bits: number,
  internal_bits: number,
  transit_bits: number,
  goodput_bits: number,
  packets: number,
  ipv4_bits: number,
  ipv6_bits: number,
  encrypted_bits: number,
  data_segments: number,
  resent_segments: number,
  latency_ms: nullable(number),
  rtt_p50_ms: nullable(number),
  rtt_p95_ms: nullable(number),
  dns_latency_ms: nullable(number),
  jitter_ms: nullable(number),
  rtp_expected: number,
  rtp_lost: number,
});

const directionTotal = fields<DirectionTotal>({ packets: number, bytes: number, goodput_bytes: number });

const totalsTopic = fields<TotalsTopic>({
  now_ms: nullable(number),
  elapsed_s: number,
  traffic: fields<TrafficTotals>({
    packets: number,
    bytes: number,
    kernel_drops: nullable(number),
    interface_drops: nullable(number),
    malformed_packets: number,
    own_packets: number,
  }),
  totals: fields<Totals>({
    inbound: directionTotal,
    outbound: directionTotal,
    internal: directionTotal,
    transit: directionTotal,
  }),
  throughput: fields<Throughput>({
    inbound: rates,
    outbound: rates,
    internal: rates,
    transit: rates,
    outward: rates,
    total: rates,
  }),
  ip_composition: fields<IpComposition>({
    ipv4_packets: number,
    ipv6_packets: number,
    other_packets: number,
    ipv4_bytes: number,
    ipv6_bytes: number,
    other_bytes: number,
    ipv4_percentage: nullable(number),
    ipv6_percentage: nullable(number),
  }),
  encryption_composition: fields<EncryptionComposition>({
    encrypted_packets: number,
    unencrypted_packets: number,
    encrypted_bytes: number,
    unencrypted_bytes: number,
    encrypted_percentage: nullable(number),
  }),
  flows: fields<FlowTotals>({
    open: number,
    active: number,
    tcp_connections: number,
    udp_conversations: number,
  }),
  latency,
  loss,
  jitter: latency,
  rtp_loss: loss,
  points: listOf(historyPoint),
});

const volume = fields<Volume>({ packets: number, bytes: number });

const protocolsTopic = fields<ProtocolsTopic>({
  distribution: fields<ProtocolDistribution>({
    TCP: volume,
    UDP: volume,
    RTP: volume,
    TLS: volume,
    QUIC: volume,
    DNS: volume,
    IGMP: volume,
    Others: volume,
  }),
  protocols: listOf(fields<Protocol>({ name: text, packets: number, bytes: number })),
  rates: recordOf(
    fields<ProtocolRates>({
      packets: number,
      bytes: number,
      packets_per_second: nullable(number),
      packets_per_second_peak: nullable(number),
      packets_per_second_average: nullable(number),
      inbound_throughput_bps: nullable(number),
      inbound_throughput_bps_peak: nullable(number),
      inbound_throughput_bps_average: nullable(number),
      outbound_throughput_bps: nullable(number),
      outbound_throughput_bps_peak: nullable(number),
      outbound_throughput_bps_average: nullable(number),
      outward_throughput_bps: nullable(number),
      outward_throughput_bps_peak: nullable(number),
      outward_throughput_bps_average: nullable(number),
    }),
  ),
  tcp: tcpCounts,
  udp: udpCounts,
  rtp: rtpCounts,
  quic: quicCounts,
  tls: tlsCounts,
  dns: dnsCounts,
  icmp: icmpCounts,
  igmp: igmpCounts,
  clear_text: listOf(clearText),
});

const hostsTopic = fields<HostsTopic>({
  hosts_seen: number,
  hosts: listOf(host),
  talkers: listOf(
    fields<TopTalker>({
      source: text,
      source_local: flag,
      destination: text,
      destination_local: flag,
      packets: number,
      bytes: number,
    }),
  ),
});

const packetRow = fields<PacketRow>({
  number,
  time_ms: nullable(number),
  source: text,
  destination: text,
  protocol: text,
  length: number,
  info: text,
});

const packetsTopic = fields<PacketsTopic>({
  oldest: nullable(number),
  newest: nullable(number),
  rows: listOf(packetRow),
});

const status = fields<Status>({
  state: oneOf("idle", "starting", "running", "stopping", "finished", "failed"),
  problem: nullable(text),
  session: number,
  source: nullable(
    fields<StatusSource>({
      kind: oneOf("interface", "file", "demo"),
      name: text,
      progress_percentage: nullable(number),
    }),
  ),
  filter: nullable(text),
  started_at: nullable(text),
  summarizing: flag,
});

const packetWindow = fields<PacketWindow>({
  oldest: nullable(number),
  newest: nullable(number),
  rows: listOf(packetRow),
  next: nullable(number),
});

const interfaceRow = fields<InterfaceRow>({
  name: text,
  description: nullable(text),
  addresses: listOf(text),
  state: oneOf("up", "down", "unknown"),
  loopback: flag,
  may_capture: nullable(flag),
  capture_problem: nullable(text),
  remedy: nullable(text),
  bytes_received: nullable(number),
  bytes_sent: nullable(number),
  engines: listOf(oneOf("libpcap", "tshark")),
});

const packetWithBytes = fields<{ row: PacketRow; bytes: string }>({ row: packetRow, bytes: text });

/** What a reply brings is told by its one key; a key this page does not know is let through and unused. */
const replyData: Shape<ReplyData> = (value, at) => {
  if (!isRecord(value)) return `${at} is not an object`;
  if ("interfaces" in value) return listOf(interfaceRow)(value.interfaces, `${at}.interfaces`);
  if ("status" in value) return status(value.status, `${at}.status`);
  if ("packet" in value) return packetWithBytes(value.packet, `${at}.packet`);
  if ("packets" in value) return packetWindow(value.packets, `${at}.packets`);
  if ("flows" in value) return flowWindow(value.flows, `${at}.flows`);
  if ("flow" in value) return flowDetail(value.flow, `${at}.flow`);
  if ("hosts" in value) return hostWindow(value.hosts, `${at}.hosts`);
  if ("host" in value) return hostDetail(value.host, `${at}.host`);
  if ("stream" in value) return streamCourse(value.stream, `${at}.stream`);
  return null;
};

const refusalCode: Shape<RefusalCode> = oneOf(
  "bad_request",
  "bad_filter",
  "no_permission",
  "no_such_interface",
  "not_found",
  "cannot_open",
  "wrong_state",
  "failed",
);

const messages = new Map<string, Shape<unknown>>([
  [
    "hello",
    fields<Omit<MessageOf<"hello">, "type">>({
      stream_version: number,
      version: text,
      commit: nullable(text),
    }),
  ],
  [
    "initial_state",
    fields<Omit<MessageOf<"initial_state">, "type">>({
      status,
      history: listOf(historyPoint),
      totals: nullable(totalsTopic),
      protocols: nullable(protocolsTopic),
      hosts: nullable(hostsTopic),
      packets: nullable(packetsTopic),
      apps: nullable(appsTopic),
      calls: nullable(calls),
      places: nullable(placesTopic),
      findings: nullable(findings),
      summaries: nullable(summaries),
    }),
  ],
  ["status", status],
  ["gap", fields<Omit<MessageOf<"gap">, "type">>({ skipped: number })],
  [
    "reply",
    fields<Reply>({
      id: number,
      ok: flag,
      error: nullable(text),
      code: nullable(refusalCode),
      data: nullable(replyData),
    }),
  ],
  ["error", fields<Omit<MessageOf<"error">, "type">>({ message: text })],
]);

function updateOf<T>(data: Shape<T>): Shape<unknown> {
  return fields<{ sequence: number; session: number; data: T }>({ sequence: number, session: number, data });
}

const updates = new Map<string, Shape<unknown>>(
  Object.entries({
    totals: updateOf(totalsTopic),
    protocols: updateOf(protocolsTopic),
    hosts: updateOf(hostsTopic),
    packets: updateOf(packetsTopic),
    apps: updateOf(appsTopic),
    calls: updateOf(calls),
    places: updateOf(placesTopic),
    findings: updateOf(findings),
    summaries: updateOf(summaries),
  } satisfies Record<Topic, Shape<unknown>>),
);
