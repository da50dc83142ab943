/** The door for flows. */

import type { Evidence } from "../generated/Evidence";
import type { FindingCount } from "../generated/FindingCount";
import type { FlowCourse } from "../generated/FlowCourse";
import type { FlowDetail } from "../generated/FlowDetail";
import type { FlowFinding } from "../generated/FlowFinding";
import type { FlowListed } from "../generated/FlowListed";
import type { FlowState } from "../generated/FlowState";
import type { FlowStep } from "../generated/FlowStep";
import type { FlowTcp } from "../generated/FlowTcp";
import type { FlowTcpSide } from "../generated/FlowTcpSide";
import type { FlowWindow } from "../generated/FlowWindow";
import { fields, flag, listOf, nullable, number, oneOf, type Shape, text } from "../lib/shape";
import { evidence, evidenceLink, flowTls } from "./app-shapes";
import { flowQuic, rtpStream } from "./media-shapes";

const flowState: Shape<FlowState> = oneOf(
  "opening",
  "established",
  "closing",
  "closed",
  "reset",
  "refused",
  "timed_out",
);

export const flowListed = fields<FlowListed>({
  id: number,
  active: flag,
  up_bps: nullable(number),
  down_bps: nullable(number),
  recent_bps: listOf(number),
  protocol: text,
  transport: text,
  client: text,
  client_port: nullable(number),
  server: text,
  server_port: nullable(number),
  first_seen: nullable(text),
  last_seen: nullable(text),
  duration_s: nullable(number),
  state: nullable(flowState),
  packets_up: number,
  packets_down: number,
  bytes_up: number,
  bytes_down: number,
  goodput_bytes_up: number,
  goodput_bytes_down: number,
  icmp_errors: number,
  retransmissions: nullable(number),
  rtt_ms_mean: nullable(number),
  initial_rtt_ms: nullable(number),
  app: nullable(text),
  category: nullable(text),
  evidence: fields<Evidence>(evidence),
  hostname: nullable(text),
  sni: nullable(text),
  alpn: nullable(text),
  ja3: nullable(text),
  ja4: nullable(text),
  encrypted: flag,
});

export const flowWindow = fields<FlowWindow>({
  total: number,
  matched: number,
  forgotten: number,
  now_ms: nullable(number),
  rows: listOf(flowListed),
});

const flowTcpSide = fields<FlowTcpSide>({
  data_segments: number,
  resent: number,
  spurious: number,
  out_of_order: number,
  lost: number,
  duplicate_acks: number,
  zero_windows: number,
  rtt_ms_mean: nullable(number),
  rtt_ms_min: nullable(number),
  rtt_samples: number,
});

const flowTcp = fields<FlowTcp>({
  up: flowTcpSide,
  down: flowTcpSide,
  handshake_server_ms: nullable(number),
  handshake_client_ms: nullable(number),
  server_response_ms_mean: nullable(number),
});

const flowStep = fields<FlowStep>({
  up_bps: number,
  down_bps: number,
  packets_per_second: number,
  rtt_client_ms: nullable(number),
  rtt_server_ms: nullable(number),
  resent: number,
  disordered: number,
});

const flowCourse = fields<FlowCourse>({
  packets: number,
  first_packet: nullable(number),
  last_packet: nullable(number),
  is_cut: flag,
  from_ms: nullable(number),
  step_s: number,
  steps: listOf(flowStep),
});

const flowFinding = fields<FlowFinding>({
  number,
  time_ms: nullable(number),
  by_client: flag,
  event: text,
});

const findingCount = fields<FindingCount>({
  event: text,
  count: number,
});

export const flowDetail = fields<FlowDetail>({
  listed: flowListed,
  evidence: listOf(evidenceLink),
  tls: nullable(flowTls),
  tcp: nullable(flowTcp),
  quic: nullable(flowQuic),
  streams: listOf(rtpStream),
  course: flowCourse,
  findings: listOf(flowFinding),
  counts: listOf(findingCount),
});
