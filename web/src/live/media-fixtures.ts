/** Small, valid streams and calls for the tests of this folder and of the pages. */

import type { Call } from "../generated/Call";
import type { Calls } from "../generated/Calls";
import type { RtpStream } from "../generated/RtpStream";
import type { StreamCourse } from "../generated/StreamCourse";
import type { StreamStep } from "../generated/StreamStep";

export function rtpStream(id: number, parts: Partial<RtpStream> = {}): RtpStream {
  return {
    id,
    flow: 10,
    call: null,
    ssrc: 0x0a1b2c3d,
    src: "192.168.1.10",
    src_port: 10_000,
    dst: "170.114.52.2",
    dst_port: 20_000,
    payload_type: 8,
    payload_types: [{ payload_type: 8, packets: 1_000 }],
    codec: "PCMA",
    clock_rate: 8_000,
    clock_by: "signalling",
    kind: "audio",
    encrypted: false,
    found_by: "signalling",
    active: true,
    first_seen: "2026-11-20T14:02:00.000000000Z",
    duration_s: 20,
    packets: 990,
    bytes: 211_860,
    expected: 1_000,
    lost: 10,
    lost_percentage: 1,
    out_of_order: 0,
    duplicates: 0,
    restarts: 0,
    longest_loss: 2,
    talk_spurts: 1,
    jitter_ms: 1.5,
    jitter_ms_mean: 2,
    jitter_ms_max: 6.25,
    mos: 4.12,
    mos_basis: {
      missing: null,
      r_factor: 82.3,
      delay_ms: 60,
      delay_is_measured: false,
      codec_impairment: 0,
      loss_robustness: 25.1,
      burst_ratio: 1,
    },
    reported: null,
    ...parts,
  };
}

export function call(id: number, parts: Partial<Call> = {}): Call {
  return {
    id,
    call_id: "a84b4c76e66710@desk.example",
    state: "talking",
    from: "sip:desk@example.net",
    to: "sip:bridge@example.net",
    caller: "192.168.1.10",
    callee: "170.114.52.2",
    started: "2026-11-20T14:02:00.000000000Z",
    duration_s: 20,
    post_dial_delay_ms: 64,
    result: null,
    codecs: ["PCMA"],
    streams: [],
    mos: 4.12,
    ...parts,
  };
}

export function callsTopic(parts: Partial<Calls> = {}): Calls {
  return { calls: [], calls_omitted: 0, streams: [], streams_omitted: 0, ...parts };
}

export function streamStep(parts: Partial<StreamStep> = {}): StreamStep {
  return { packets: 50, lost_percentage: 0, jitter_ms: 1, mos: 4.4, ...parts };
}

export function streamCourse(stream: number, parts: Partial<StreamCourse> = {}): StreamCourse {
  return { stream, from_ms: 100_000, step_s: 1, steps: [], ...parts };
}
