/** The door for streams of RTP, calls, QUIC and TLS. */

import type { Call } from "../generated/Call";
import type { Calls } from "../generated/Calls";
import type { FlowQuic } from "../generated/FlowQuic";
import type { MosBasis } from "../generated/MosBasis";
import type { PayloadType } from "../generated/PayloadType";
import type { QuicCounts } from "../generated/QuicCounts";
import type { ReportedQuality } from "../generated/ReportedQuality";
import type { RtpCounts } from "../generated/RtpCounts";
import type { RtpStream } from "../generated/RtpStream";
import type { StreamCourse } from "../generated/StreamCourse";
import type { StreamStep } from "../generated/StreamStep";
import type { TlsCounts } from "../generated/TlsCounts";
import { fields, flag, listOf, nullable, number, oneOf, recordOf, text } from "../lib/shape";
import { delays, latency, loss } from "./quality";

export const rtpCounts = fields<RtpCounts>({
  streams_seen: number,
  streams_active: number,
  packets: number,
  expected: number,
  lost: number,
  lost_percentage: nullable(number),
  duplicates: number,
  out_of_order: number,
  rtcp_packets: number,
  jitter_ms: delays,
  jitter: latency,
  loss,
  rtcp_rtt_ms: delays,
});

const payloadType = fields<PayloadType>({ payload_type: number, packets: number });

const mosBasis = fields<MosBasis>({
  missing: nullable(oneOf("unknown_codec", "no_figures", "not_speech")),
  r_factor: nullable(number),
  delay_ms: nullable(number),
  delay_is_measured: flag,
  codec_impairment: nullable(number),
  loss_robustness: nullable(number),
  burst_ratio: nullable(number),
});

const reportedQuality = fields<ReportedQuality>({
  reports: number,
  lost: number,
  lost_percentage: number,
  jitter_ms: nullable(number),
  rtt_ms_mean: nullable(number),
});

export const rtpStream = fields<RtpStream>({
  id: number,
  flow: number,
  call: nullable(number),
  ssrc: number,
  src: text,
  src_port: number,
  dst: text,
  dst_port: number,
  payload_type: number,
  payload_types: listOf(payloadType),
  codec: nullable(text),
  clock_rate: nullable(number),
  clock_by: nullable(oneOf("signalling", "payload_type", "pace")),
  kind: nullable(oneOf("audio", "video", "other")),
  encrypted: flag,
  found_by: oneOf("signalling", "rtcp", "shape"),
  active: flag,
  first_seen: nullable(text),
  duration_s: nullable(number),
  packets: number,
  bytes: number,
  expected: number,
  lost: number,
  lost_percentage: nullable(number),
  out_of_order: number,
  duplicates: number,
  restarts: number,
  longest_loss: number,
  talk_spurts: number,
  jitter_ms: nullable(number),
  jitter_ms_mean: nullable(number),
  jitter_ms_max: nullable(number),
  mos: nullable(number),
  mos_basis: mosBasis,
  reported: nullable(reportedQuality),
});

const call = fields<Call>({
  id: number,
  call_id: nullable(text),
  state: oneOf("calling", "ringing", "talking", "ended", "cancelled", "failed"),
  from: nullable(text),
  to: nullable(text),
  caller: text,
  callee: text,
  started: nullable(text),
  duration_s: nullable(number),
  post_dial_delay_ms: nullable(number),
  result: nullable(text),
  codecs: listOf(text),
  streams: listOf(number),
  mos: nullable(number),
});

export const calls = fields<Calls>({
  calls: listOf(call),
  calls_omitted: number,
  streams: listOf(rtpStream),
  streams_omitted: number,
});

const streamStep = fields<StreamStep>({
  packets: number,
  lost_percentage: nullable(number),
  jitter_ms: nullable(number),
  mos: nullable(number),
});

export const streamCourse = fields<StreamCourse>({
  stream: number,
  from_ms: nullable(number),
  step_s: number,
  steps: listOf(streamStep),
});

export const quicCounts = fields<QuicCounts>({
  connections: number,
  google_connections: number,
  packets: number,
  versions: recordOf(number),
  packet_types: recordOf(number),
  migrations: number,
  handshake_rtt_ms: delays,
  handshake_rtt: latency,
  spin_rtt_ms: delays,
  spin_rtt: latency,
});

export const tlsCounts = fields<TlsCounts>({
  client_hellos: number,
  server_hellos: number,
  versions: recordOf(number),
  ciphers: recordOf(number),
  resumed: number,
  full: number,
  encrypted_hellos: number,
  handshake_ms: delays,
  handshake: latency,
});

export const flowQuic = fields<FlowQuic>({
  version: nullable(text),
  handshake_rtt_ms: nullable(number),
  spin_rtt_ms: nullable(number),
  retried: flag,
  migrated_from: nullable(number),
});
