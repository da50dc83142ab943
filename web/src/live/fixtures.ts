/** Small, valid messages for the tests of this folder and of the pages. */

import type { AppRow } from "../generated/AppRow";
import type { AppsTopic } from "../generated/AppsTopic";
import type { FlowListed } from "../generated/FlowListed";
import type { HistoryPoint } from "../generated/HistoryPoint";
import type { Message } from "../generated/Message";
import type { PacketRow } from "../generated/PacketRow";
import type { Rates } from "../generated/Rates";
import type { Status } from "../generated/Status";
import type { TotalsTopic } from "../generated/TotalsTopic";

export function status(parts: Partial<Status> = {}): Status {
  return {
    state: "idle",
    problem: null,
    session: 0,
    source: null,
    filter: null,
    started_at: null,
    summarizing: false,
    ...parts,
  };
}

const NO_RATES: Rates = {
  throughput_bps: null,
  throughput_bps_peak: null,
  throughput_bps_average: null,
  goodput_bps: null,
  goodput_bps_peak: null,
  goodput_bps_average: null,
  packets_per_second: null,
  packets_per_second_peak: null,
  packets_per_second_average: null,
};

const NOTHING = { packets: 0, bytes: 0, goodput_bytes: 0 };

export function totals(parts: Partial<TotalsTopic> = {}): TotalsTopic {
  return {
    now_ms: null,
    elapsed_s: 0,
    traffic: {
      packets: 0,
      bytes: 0,
      kernel_drops: null,
      interface_drops: null,
      malformed_packets: 0,
      own_packets: 0,
    },
    totals: { inbound: NOTHING, outbound: NOTHING, internal: NOTHING, transit: NOTHING },
    throughput: {
      inbound: NO_RATES,
      outbound: NO_RATES,
      internal: NO_RATES,
      transit: NO_RATES,
      outward: NO_RATES,
      total: NO_RATES,
    },
    ip_composition: {
      ipv4_packets: 0,
      ipv6_packets: 0,
      other_packets: 0,
      ipv4_bytes: 0,
      ipv6_bytes: 0,
      other_bytes: 0,
      ipv4_percentage: null,
      ipv6_percentage: null,
    },
    encryption_composition: {
      encrypted_packets: 0,
      unencrypted_packets: 0,
      encrypted_bytes: 0,
      unencrypted_bytes: 0,
      encrypted_percentage: null,
    },
    flows: { open: 0, active: 0, tcp_connections: 0, udp_conversations: 0 },
    latency: { now_ms: null, peak_ms: null, average_ms: null, p50_ms: null, p95_ms: null, p99_ms: null },
    loss: { now_percentage: null, peak_percentage: null, average_percentage: null },
    jitter: { now_ms: null, peak_ms: null, average_ms: null, p50_ms: null, p95_ms: null, p99_ms: null },
    rtp_loss: { now_percentage: null, peak_percentage: null, average_percentage: null },
    points: [],
    ...parts,
  };
}

type InitialState = Omit<Extract<Message, { type: "initial_state" }>, "type">;

export function initialState(parts: Partial<InitialState> = {}): InitialState {
  return {
    status: status(),
    history: [],
    totals: totals(),
    protocols: null,
    hosts: null,
    packets: null,
    apps: null,
    calls: null,
    places: null,
    findings: null,
    summaries: null,
    ...parts,
  };
}

export function packetRow(number: number, parts: Partial<PacketRow> = {}): PacketRow {
  return {
    number,
    time_ms: 1_700_000_000_000 + number,
    source: "10.0.0.1",
    destination: "10.0.0.2",
    protocol: "TCP",
    length: 60,
    info: `packet ${number}`,
    ...parts,
  };
}

export function point(second: number, parts: Partial<HistoryPoint> = {}): HistoryPoint {
  return {
    second,
    stretch: 1,
    inbound_bits: 0,
    outbound_bits: 0,
    internal_bits: 0,
    transit_bits: 0,
    goodput_bits: 0,
    packets: 0,
    ipv4_bits: 0,
    ipv6_bits: 0,
    encrypted_bits: 0,
    data_segments: 0,
    resent_segments: 0,
    latency_ms: null,
    rtt_p50_ms: null,
    rtt_p95_ms: null,
    dns_latency_ms: null,
    jitter_ms: null,
    rtp_expected: 0,
    rtp_lost: 0,
    ...parts,
  };
}

export function flowListed(id: number, parts: Partial<FlowListed> = {}): FlowListed {
  return {
    id,
    active: true,
    up_bps: 0,
    down_bps: 0,
    recent_bps: [],
    protocol: "TLS",
    transport: "TCP",
    client: "10.0.0.1",
    client_port: 50_000,
    server: "10.0.0.2",
    server_port: 443,
    first_seen: "2026-11-20T14:02:00.000000000Z",
    last_seen: "2026-11-20T14:02:01.500000000Z",
    duration_s: 1.5,
    state: "established",
    packets_up: 1,
    packets_down: 1,
    bytes_up: 60,
    bytes_down: 60,
    goodput_bytes_up: 0,
    goodput_bytes_down: 0,
    icmp_errors: 0,
    retransmissions: 0,
    rtt_ms_mean: 18.5,
    initial_rtt_ms: 19,
    app: null,
    category: null,
    evidence: { kind: "none", value: null, learned_at: null },
    hostname: null,
    sni: null,
    alpn: null,
    ja3: null,
    ja4: null,
    encrypted: true,
    ...parts,
  };
}

export function appRow(app: string, parts: Partial<AppRow> = {}): AppRow {
  return {
    app,
    category: "Web",
    flows: 1,
    packets: 10,
    bytes: 1_000,
    bytes_up: 400,
    bytes_down: 600,
    active_flows: 1,
    bps: 800,
    recent_bps: [0, 800],
    told_by: [{ kind: "tls_sni", flows: 1 }],
    ...parts,
  };
}

export function appsTopic(apps: AppRow[], parts: Partial<AppsTopic> = {}): AppsTopic {
  return {
    apps,
    omitted: 0,
    unlabelled: { flows: 0, packets: 0, bytes: 0 },
    unlabelled_bytes_up: 0,
    unlabelled_bytes_down: 0,
    unlabelled_active_flows: 0,
    unlabelled_bps: 0,
    unlabelled_recent_bps: [],
    rules: [],
    ...parts,
  };
}
