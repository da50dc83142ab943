/** The door for what says how well the network does. */

import type { ClearText } from "../generated/ClearText";
import type { Delays } from "../generated/Delays";
import type { DnsCounts } from "../generated/DnsCounts";
import type { IcmpCounts } from "../generated/IcmpCounts";
import type { IgmpCounts } from "../generated/IgmpCounts";
import type { Latency } from "../generated/Latency";
import type { LearnedNames } from "../generated/LearnedNames";
import type { Loss } from "../generated/Loss";
import type { Messages } from "../generated/Messages";
import type { MulticastGroup } from "../generated/MulticastGroup";
import type { TcpCounts } from "../generated/TcpCounts";
import type { UdpCounts } from "../generated/UdpCounts";
import { fields, listOf, nullable, number, recordOf, text } from "../lib/shape";

export const delays = fields<Delays>({
  samples: number,
  min: nullable(number),
  mean: nullable(number),
  p50: nullable(number),
  p95: nullable(number),
  p99: nullable(number),
  max: nullable(number),
});

export const latency = fields<Latency>({
  now_ms: nullable(number),
  peak_ms: nullable(number),
  average_ms: nullable(number),
  p50_ms: nullable(number),
  p95_ms: nullable(number),
  p99_ms: nullable(number),
});

export const loss = fields<Loss>({
  now_percentage: nullable(number),
  peak_percentage: nullable(number),
  average_percentage: nullable(number),
});

export const tcpCounts = fields<TcpCounts>({
  connections: number,
  packets: number,
  data_segments: number,
  resets: number,
  refused: number,
  timed_out: number,
  packet_loss: number,
  packet_loss_percentage: nullable(number),
  retransmissions: number,
  fast_retransmissions: number,
  spurious_retransmissions: number,
  out_of_order: number,
  lost_segments: number,
  ack_lost_segments: number,
  duplicate_acks: number,
  keep_alives: number,
  keep_alive_acks: number,
  zero_windows: number,
  zero_window_probes: number,
  zero_window_probe_acks: number,
  window_full: number,
  window_updates: number,
  ports_reused: number,
  rtt_ms: delays,
  rtt_far_ms: delays,
  rtt_near_ms: delays,
  initial_rtt_ms: delays,
  server_response_ms: delays,
  rtt_ambiguous: number,
  latency,
  loss,
});

export const udpCounts = fields<UdpCounts>({
  conversations: number,
  packets: number,
});

const learnedNames = fields<LearnedNames>({
  address: text,
  names: listOf(text),
});

const messages = fields<Messages>({
  queries: number,
  responses: number,
});

export const dnsCounts = fields<DnsCounts>({
  queries: number,
  responses: number,
  timeouts: number,
  forgotten: number,
  rcodes: recordOf(number),
  latency_ms: delays,
  latency,
  mdns: messages,
  llmnr: messages,
  learned: listOf(learnedNames),
  learned_omitted: number,
});

export const icmpCounts = fields<IcmpCounts>({
  packets: number,
  echo_requests: number,
  echo_replies: number,
  echo_lost: number,
  echo_forgotten: number,
  echo_rtt_ms: delays,
  errors: number,
});

const multicastGroup = fields<MulticastGroup>({
  address: text,
  members: number,
  joins: number,
  leaves: number,
});

export const igmpCounts = fields<IgmpCounts>({
  packets: number,
  queries: number,
  reports: number,
  joins: number,
  leaves: number,
  queriers: listOf(text),
  groups: listOf(multicastGroup),
  groups_omitted: number,
});

export const clearText = fields<ClearText>({
  protocol: text,
  server_port: nullable(number),
  flows: number,
  packets: number,
  bytes: number,
  largest_server: text,
  largest_client: text,
});
