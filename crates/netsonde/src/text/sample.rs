//! Reports made by hand for the tests of the page.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use netsonde_messages::{
    App, Call, CallState, Capture, CountrySums, Delays, DirectionTotal, DnsCounts, EncryptionComposition,
    Evidence, EvidenceKind, Flow, FlowState, Host, HostGroup, HostName, IpComposition, Local, LocalRule,
    MalformedCount, MosBasis, NameSource, Places, Protocol, QuicCounts, Rates, Report, RtpCounts, RtpReport,
    RtpStream, SCHEMA, Scope, StreamSign, TcpCounts, Throughput, TlsCounts, ToldBy, TopTalker, Totals,
    UdpCounts, Unlabelled, rfc3339,
};

const CLIENT: IpAddr = IpAddr::V4(Ipv4Addr::new(10, 0, 0, 1));
const SERVER: IpAddr = IpAddr::V4(Ipv4Addr::new(192, 0, 2, 80));
const LONG: IpAddr =
    IpAddr::V6(Ipv6Addr::new(0x2001, 0xdb81, 0x1111, 0x2222, 0x3333, 0x4444, 0x5555, 0x6666));
/// 2001-09-09T01:46:40Z in nanoseconds.
const BILLION: u64 = 1_000_000_000_000_000_000;

/// What a reader sees of [`office`] and [`flows`].
pub(super) const OFFICE_PAGE: &str = include_str!("office.txt");

/// Makes the report of a small capture with one TLS connection and one DNS query, broken off at the end.
pub(super) fn office() -> Report<()> {
    Report {
        capture: Capture {
            file: Some("office.pcap".into()),
            files: vec!["office.pcap".into()],
            packets: 31,
            bytes: 4100,
            first_seen: Some(rfc3339(BILLION)),
            last_seen: Some(rfc3339(BILLION + 1_500_000_000)),
            duration_s: Some(1.5),
            link_types: vec!["Ethernet".into()],
            malformed_packets: 2,
            malformed: vec![MalformedCount {
                layer: "IPv4".into(),
                reason: "header length".into(),
                packets: 2,
            }],
            stretches: 1,
            complete: false,
            problem: Some("office.pcap: record 32 is cut short at byte 4620".into()),
            ..Capture::default()
        },
        totals: Totals {
            inbound: DirectionTotal { packets: 20, bytes: 3000, goodput_bytes: 2000 },
            outbound: DirectionTotal { packets: 11, bytes: 1100, goodput_bytes: 500 },
            ..Totals::default()
        },
        throughput: Throughput {
            inbound: throughput(24_000.0, 16_000.0, 24_000.0, 20.0),
            outbound: throughput(8_800.0, 5_866.7, 8_800.0, 11.0),
            internal: throughput(0.0, 0.0, 0.0, 0.0),
            transit: Rates::default(),
            outward: Rates::default(),
            total: throughput(32_800.0, 21_866.7, 32_800.0, 31.0),
        },
        protocols: vec![protocol("TLS", 25, 3700), protocol("TCP", 4, 220), protocol("DNS", 2, 180)],
        ip_composition: IpComposition {
            ipv4_packets: 31,
            ipv4_bytes: 4100,
            ipv4_percentage: Some(100.0),
            ipv6_percentage: Some(0.0),
            ..IpComposition::default()
        },
        encryption_composition: EncryptionComposition {
            encrypted_packets: 29,
            unencrypted_packets: 2,
            encrypted_bytes: 3920,
            unencrypted_bytes: 180,
            encrypted_percentage: Some(93.548),
        },
        tcp: tcp(),
        dns: dns(),
        udp: UdpCounts { conversations: 1, packets: 2 },
        flows_omitted: 1234,
        apps: vec![
            app("Netflix", "Video", 3_600, EvidenceKind::TlsSni),
            app("DNS", "Network", 180, EvidenceKind::Signature),
        ],
        apps_unlabelled: Unlabelled { flows: 1, packets: 4, bytes: 320 },
        top_talkers: vec![TopTalker {
            source: CLIENT,
            source_local: true,
            destination: SERVER,
            destination_local: false,
            packets: 10,
            bytes: 1025,
        }],
        ..empty()
    }
}

/// Makes the flows of [`office`], the smaller one first.
pub(super) fn flows() -> Vec<Flow> {
    vec![
        Flow {
            protocol: "DNS".into(),
            transport: "UDP".into(),
            server_port: Some(53),
            state: None,
            duration_s: Some(0.0124),
            bytes_up: 75,
            bytes_down: 105,
            ..tls(CLIENT, SERVER)
        },
        tls(CLIENT, SERVER),
    ]
}

/// Makes a report whose every cell is about as long as it can be.
pub(super) fn widest() -> (Report<()>, Vec<Flow>) {
    let large = 999_900_000_000_000_000;
    let mut report = office();
    report.capture.bytes = large;
    let widest = DirectionTotal { packets: 9_999_999_999, bytes: large, goodput_bytes: large };
    report.totals = Totals { inbound: widest, outbound: widest, internal: widest, transit: widest };
    report.throughput.total = throughput(999.9e9, 999.9e9, 999.9e9, 999.9e6);
    report.local.rule = LocalRule::Given;
    report.local.networks = vec![format!("{LONG}/128"); 20];
    report.capture.problem = Some("a word or two ".repeat(30));
    report.top_talkers = vec![TopTalker {
        source: LONG,
        source_local: false,
        destination: LONG,
        destination_local: false,
        packets: large,
        bytes: large,
    }];
    let named = vec![HostName { name: "a".repeat(98), source: NameSource::Dns }];
    let host =
        Host { named, scope: Scope::Ipv4Mapped, bytes_in: large, bytes_out: large, ..Host::silent(LONG) };
    report.hosts = vec![host];
    let group = HostGroup { hosts: 9_999_999_999, flows: large, bytes_from: large, bytes_to: 0 };
    // The longest name of a country.
    report.places.countries = vec![CountrySums { country: "GS".into(), sums: group, doubtful: group }];
    let flow = Flow { bytes_up: large, bytes_down: large, duration_s: Some(86_399.0), ..tls(LONG, LONG) };
    (report, vec![flow])
}

/// Makes the report of two calls: one that suffered, one that failed, and pictures beside them.
pub(super) fn calls() -> Report<()> {
    let counts = RtpCounts {
        streams_seen: 3,
        packets: 4_600,
        lost: 120,
        lost_percentage: Some(2.54),
        out_of_order: 4,
        duplicates: 5,
        jitter_ms: delays(2.0, 14.5, 31.0),
        ..RtpCounts::default()
    };
    let good = stream(0, CLIENT, SERVER);
    let bad = RtpStream { lost_percentage: Some(6.0), mos: Some(2.914), ..stream(1, SERVER, CLIENT) };
    let pictures = RtpStream {
        codec: None,
        payload_type: 97,
        encrypted: true,
        jitter_ms_mean: None,
        jitter_ms_max: None,
        mos: None,
        ..stream(2, LONG, LONG)
    };
    let talked = Call {
        id: 0,
        call_id: Some("a@192.0.2.80".into()),
        state: CallState::Ended,
        from: Some("sip:alice@example.org".into()),
        to: Some("sip:bob@example.net".into()),
        caller: CLIENT,
        callee: SERVER,
        started: None,
        duration_s: Some(42.5),
        post_dial_delay_ms: Some(180.0),
        result: None,
        codecs: vec!["PCMA".into()],
        streams: vec![0, 1],
        mos: Some(2.914),
    };
    let failed = Call {
        id: 1,
        state: CallState::Failed,
        result: Some("486 Busy\u{1b} Here".into()),
        from: None,
        to: Some(format!("sip:{}@example.net", "b".repeat(60))),
        duration_s: None,
        codecs: Vec::new(),
        mos: None,
        ..talked.clone()
    };
    Report {
        rtp: RtpReport { counts, streams: vec![good, bad, pictures], streams_omitted: 7 },
        calls: vec![failed, talked],
        calls_omitted: 1,
        ..empty()
    }
}

fn stream(id: u64, src: IpAddr, dst: IpAddr) -> RtpStream {
    RtpStream {
        id,
        flow: 0,
        call: None,
        ssrc: 1,
        src,
        src_port: 6_000,
        dst,
        dst_port: 7_000,
        payload_type: 8,
        payload_types: Vec::new(),
        codec: Some("PCMA".into()),
        clock_rate: Some(8_000),
        clock_by: None,
        kind: None,
        encrypted: false,
        found_by: StreamSign::Shape,
        active: false,
        first_seen: None,
        duration_s: None,
        packets: 2_000,
        bytes: 428_000,
        expected: 2_000,
        lost: 0,
        lost_percentage: Some(0.0),
        out_of_order: 0,
        duplicates: 0,
        restarts: 0,
        longest_loss: 0,
        talk_spurts: 0,
        jitter_ms: Some(2.0),
        jitter_ms_mean: Some(2.5),
        jitter_ms_max: Some(31.0),
        mos: Some(4.38),
        mos_basis: MosBasis::default(),
        reported: None,
    }
}

/// Makes the report of a capture without a packet.
pub(super) fn empty() -> Report<()> {
    Report {
        places: Places::default(),
        schema: SCHEMA,
        capture: Capture { complete: true, ..Capture::default() },
        local: Local { rule: LocalRule::PrivateRanges, networks: vec!["10.0.0.0/8".into()] },
        totals: Totals::default(),
        throughput: Throughput::default(),
        protocol_rates: std::collections::BTreeMap::new(),
        protocol_distribution: netsonde_messages::ProtocolDistribution::default(),
        protocols: Vec::new(),
        ip_composition: IpComposition::default(),
        encryption_composition: EncryptionComposition::default(),
        tcp: TcpCounts::default(),
        udp: UdpCounts::default(),
        rtp: RtpReport::default(),
        calls: Vec::new(),
        calls_omitted: 0,
        quic: QuicCounts::default(),
        tls: TlsCounts::default(),
        dns: DnsCounts::default(),
        icmp: netsonde_messages::IcmpCounts::default(),
        igmp: netsonde_messages::IgmpCounts::default(),
        findings: Vec::new(),
        facts: Vec::new(),
        flows: (),
        flows_omitted: 0,
        flow_table: netsonde_messages::FlowTable::default(),
        hosts: Vec::new(),
        hosts_omitted: 0,
        apps: Vec::new(),
        apps_unlabelled: Unlabelled::default(),
        top_talkers: Vec::new(),
        top_talkers_evicted: netsonde_messages::Volume::default(),
    }
}

fn throughput(now: f64, average: f64, peak: f64, packets: f64) -> Rates {
    Rates {
        throughput_bps: Some(now),
        throughput_bps_average: Some(average),
        throughput_bps_peak: Some(peak),
        packets_per_second: Some(packets),
        packets_per_second_average: Some(packets / 2.0),
        packets_per_second_peak: Some(packets),
        ..Rates::default()
    }
}

fn tcp() -> TcpCounts {
    TcpCounts {
        connections: 1,
        packets: 29,
        data_segments: 25,
        packet_loss: 1,
        packet_loss_percentage: Some(4.0),
        spurious_retransmissions: 2,
        lost_segments: 1,
        rtt_far_ms: delays(20.0, 41.5, 42.0),
        rtt_near_ms: delays(0.35, 40.0, 40.0),
        initial_rtt_ms: delays(21.3, 21.3, 21.3),
        server_response_ms: delays(1_210.0, 1_210.0, 1_210.0),
        ..TcpCounts::default()
    }
}

fn dns() -> DnsCounts {
    DnsCounts {
        queries: 1,
        responses: 1,
        rcodes: [("NOERROR".into(), 1)].into(),
        latency_ms: delays(12.4, 12.4, 12.4),
        ..DnsCounts::default()
    }
}

fn delays(p50: f64, p95: f64, p99: f64) -> Delays {
    Delays { samples: 1, p50: Some(p50), p95: Some(p95), p99: Some(p99), ..Delays::default() }
}

fn app(name: &'static str, category: &'static str, bytes: u64, kind: EvidenceKind) -> App {
    let told_by = vec![ToldBy { kind, flows: 1 }];
    App { app: name.into(), category: category.into(), flows: 1, packets: 2, bytes, told_by }
}

fn protocol(name: &'static str, packets: u64, bytes: u64) -> Protocol {
    Protocol { name: name.into(), packets, bytes }
}

fn tls(client: IpAddr, server: IpAddr) -> Flow {
    Flow {
        protocol: "TLS".into(),
        transport: "TCP".into(),
        client,
        client_port: Some(50_000),
        server,
        server_port: Some(443),
        first_seen: Some(rfc3339(BILLION)),
        last_seen: Some(rfc3339(BILLION + 1_500_000_000)),
        duration_s: Some(1.5),
        state: Some(FlowState::Established),
        packets_up: 10,
        packets_down: 19,
        bytes_up: 1025,
        bytes_down: 2895,
        goodput_bytes_up: 500,
        goodput_bytes_down: 2000,
        icmp_errors: 0,
        retransmissions: Some(0),
        rtt_ms_mean: None,
        initial_rtt_ms: None,
        app: None,
        category: None,
        evidence: Evidence::default(),
        hostname: None,
        sni: None,
        alpn: None,
        ja3: None,
        ja4: None,
        encrypted: true,
    }
}
