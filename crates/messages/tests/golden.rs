//! Holds the JSON of the report against a text written by hand: names, order and nulls are a contract.

use std::collections::BTreeMap;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use netsonde_messages::{
    App, Call, CallState, Capture, CaptureEngine, Check, ClockSource, Delays, DirectionTotal, DnsCounts,
    DoctorReport, EncryptionComposition, Evidence, EvidenceKind, Flow, FlowState, FlowTable, Host, HostApp,
    HostName, IcmpCounts, IgmpCounts, InterfaceRow, InterfaceState, IpComposition, Latency, LearnedNames,
    Local, LocalRule, Loss, MalformedCount, MosBasis, MulticastGroup, NameSource, Outcome, PayloadType,
    Place, Places, Protocol, ProtocolDistribution, ProtocolRates, QuicCounts, Rates, Report, ReportedQuality,
    RtpCounts, RtpReport, RtpStream, SCHEMA, Scope, StreamKind, StreamSign, TcpCounts, Throughput, TlsCounts,
    ToldBy, TopTalker, Totals, UdpCounts, Unlabelled, Volume, rfc3339,
};

const GOLDEN_REPORT: &str = include_str!("report.json");
const CLIENT: IpAddr = IpAddr::V4(Ipv4Addr::new(10, 0, 0, 1));
const SERVER: IpAddr = IpAddr::V6(Ipv6Addr::new(0x2001, 0xdb8, 0, 0, 0, 0, 0, 1));
/// 2001-09-09T01:46:40Z, the famous round second.
const BILLION: u64 = 1_000_000_000_000_000_000;

#[test]
fn report_is_written_as_the_golden_text() {
    let written = serde_json::to_string_pretty(&report()).expect("plain numbers and texts serialise");
    assert_eq!(written, GOLDEN_REPORT.trim_end());
}

#[test]
fn golden_text_is_read_as_the_report() {
    let read: Report<Vec<Flow>> = serde_json::from_str(GOLDEN_REPORT).expect("the golden text is a report");
    assert_eq!(read, report());
}

#[test]
fn interface_row_is_written_with_null_for_unknown() {
    let row = InterfaceRow {
        name: "eth0".into(),
        description: None,
        addresses: vec![CLIENT, SERVER],
        state: InterfaceState::Up,
        loopback: false,
        may_capture: Some(false),
        capture_problem: Some("no".into()),
        remedy: Some("sudo setcap".into()),
        bytes_received: Some(12),
        bytes_sent: None,
        engines: vec![CaptureEngine::Libpcap],
    };
    assert_eq!(
        serde_json::to_string(&row).expect("plain texts serialise"),
        r#"{"name":"eth0","description":null,"addresses":["10.0.0.1","2001:db8::1"],"state":"up","loopback":false,"may_capture":false,"capture_problem":"no","remedy":"sudo setcap","bytes_received":12,"bytes_sent":null,"engines":["libpcap"]}"#
    );
}

#[test]
fn doctor_report_is_written_and_read_with_words_for_outcomes_and_null_where_nothing_is_to_be_done() {
    let check = |name: &'static str, outcome, mend: Option<&str>| Check {
        name: name.into(),
        outcome,
        finding: "found".into(),
        mend: mend.map(Into::into),
    };
    let report = DoctorReport {
        schema: SCHEMA,
        ok: false,
        checks: vec![
            check("disk", Outcome::Ok, None),
            check("tshark", Outcome::Note, None),
            check("ports", Outcome::No, Some("choose another")),
        ],
    };
    let golden = r#"{"schema":1,"ok":false,"checks":[{"name":"disk","outcome":"ok","finding":"found","mend":null},{"name":"tshark","outcome":"note","finding":"found","mend":null},{"name":"ports","outcome":"no","finding":"found","mend":"choose another"}]}"#;
    assert_eq!(serde_json::to_string(&report).expect("plain texts serialise"), golden);
    assert_eq!(serde_json::from_str::<DoctorReport>(golden).expect("the golden text is a report"), report);
}

/// Builds a report of one TLS conversation whose numbers all differ, so that no two can be confused.
fn report() -> Report<Vec<Flow>> {
    Report {
        schema: SCHEMA,
        capture: capture(),
        local: Local { rule: LocalRule::PrivateRanges, networks: vec!["10.0.0.0/8".into()] },
        totals: Totals {
            inbound: DirectionTotal { packets: 20, bytes: 3000, goodput_bytes: 2000 },
            outbound: DirectionTotal { packets: 11, bytes: 1100, goodput_bytes: 500 },
            ..Totals::default()
        },
        throughput: Throughput { inbound: rates(), ..Throughput::default() },
        protocol_rates: BTreeMap::from([("TLS".into(), protocol_rates())]),
        protocol_distribution: ProtocolDistribution {
            tcp: Volume { packets: 6, bytes: 400 },
            tls: Volume { packets: 25, bytes: 3700 },
            ..ProtocolDistribution::default()
        },
        protocols: vec![
            Protocol { name: "TLS".into(), packets: 25, bytes: 3700 },
            Protocol { name: "TCP".into(), packets: 6, bytes: 400 },
        ],
        ip_composition: IpComposition {
            ipv4_packets: 30,
            other_packets: 1,
            ipv4_bytes: 4040,
            other_bytes: 60,
            ipv4_percentage: Some(100.0),
            ipv6_percentage: Some(0.0),
            ..IpComposition::default()
        },
        encryption_composition: EncryptionComposition {
            encrypted_packets: 29,
            unencrypted_packets: 2,
            encrypted_bytes: 4000,
            unencrypted_bytes: 100,
            encrypted_percentage: Some(93.5),
        },
        tcp: tcp(),
        udp: UdpCounts { conversations: 4, packets: 5 },
        rtp: rtp(),
        calls: vec![call()],
        calls_omitted: 7,
        quic: quic(),
        tls: tls(),
        dns: dns(),
        icmp: icmp(),
        igmp: igmp(),
        findings: Vec::new(),
        facts: Vec::new(),
        flows: vec![flow()],
        flows_omitted: 7,
        flow_table: FlowTable {
            flows_open: 8,
            evicted: 9,
            resumed: 10,
            cap: 1_000_000,
            facts_dropped: 19,
            gaps_forgotten: 20,
            segments_forgotten: 21,
            datagrams_reassembled: 22,
            datagrams_given_up: 23,
        },
        hosts: vec![host()],
        hosts_omitted: 12,
        places: Places::default(),
        apps: vec![app()],
        apps_unlabelled: Unlabelled { flows: 2, packets: 22, bytes: 2_300 },
        top_talkers: vec![TopTalker {
            source: CLIENT,
            source_local: true,
            destination: SERVER,
            destination_local: false,
            packets: 11,
            bytes: 1100,
        }],
        top_talkers_evicted: Volume { packets: 13, bytes: 1400 },
    }
}

fn host() -> Host {
    Host {
        address: CLIENT,
        local: true,
        scope: Scope::Private,
        names: vec!["www.netflix.com".into()],
        named: vec![HostName { name: "www.netflix.com".into(), source: NameSource::TlsSni }],
        place: Place::default(),
        doubt: None,
        packets_in: 20,
        packets_out: 11,
        bytes_in: 3000,
        bytes_out: 1100,
        flows: 2,
        resent: 1,
        protocols: vec!["DNS".into(), "TLS".into()],
        rtt_ms: Some(0.5),
        first_seen: Some(rfc3339(BILLION)),
        last_seen: Some(rfc3339(BILLION + 1)),
        apps: vec![HostApp { app: "Netflix".into(), bytes: 75 }],
    }
}

fn capture() -> Capture {
    Capture {
        file: Some("office.pcap".into()),
        files: vec!["office.pcap".into()],
        interface: None,
        packets: 31,
        bytes: 4100,
        first_seen: Some(rfc3339(BILLION)),
        last_seen: Some(rfc3339(BILLION + 1_500_000_000)),
        duration_s: Some(1.5),
        link_types: vec!["Ethernet".into()],
        truncated_packets: 1,
        not_understood_packets: 21,
        malformed_packets: 2,
        malformed: vec![MalformedCount { layer: "IPv4".into(), reason: "header length".into(), packets: 2 }],
        kernel_drops: None,
        interface_drops: Some(14),
        super_packets: 15,
        late_packets: 16,
        stretches: 1,
        stamps_out_of_range: 17,
        stamps_missing: 18,
        complete: false,
        problem: Some("office.pcap: cut short".into()),
    }
}

fn rates() -> Rates {
    Rates {
        throughput_bps: Some(1.5),
        throughput_bps_peak: Some(2.5),
        throughput_bps_average: Some(3.5),
        goodput_bps: Some(4.5),
        goodput_bps_peak: Some(5.5),
        goodput_bps_average: Some(6.5),
        packets_per_second: Some(7.5),
        packets_per_second_peak: Some(8.5),
        packets_per_second_average: None,
    }
}

fn protocol_rates() -> ProtocolRates {
    ProtocolRates {
        packets: 25,
        bytes: 3700,
        packets_per_second: Some(1.5),
        packets_per_second_peak: Some(2.5),
        packets_per_second_average: Some(3.5),
        inbound_throughput_bps: Some(4.5),
        inbound_throughput_bps_peak: Some(5.5),
        inbound_throughput_bps_average: Some(6.5),
        outbound_throughput_bps: Some(7.5),
        outbound_throughput_bps_peak: Some(8.5),
        outbound_throughput_bps_average: None,
        outward_throughput_bps: Some(9.5),
        outward_throughput_bps_peak: Some(10.5),
        outward_throughput_bps_average: None,
    }
}

fn app() -> App {
    App {
        app: "Netflix".into(),
        category: "Video".into(),
        flows: 1,
        packets: 20,
        bytes: 21_000,
        told_by: vec![ToldBy { kind: EvidenceKind::TlsSni, flows: 1 }],
    }
}

fn flow() -> Flow {
    Flow {
        protocol: "TLS".into(),
        transport: "TCP".into(),
        client: CLIENT,
        client_port: Some(50_000),
        server: SERVER,
        server_port: Some(443),
        first_seen: Some(rfc3339(BILLION)),
        last_seen: Some(rfc3339(BILLION + 250_000_000)),
        duration_s: Some(0.25),
        state: Some(FlowState::TimedOut),
        packets_up: 11,
        packets_down: 20,
        bytes_up: 1100,
        bytes_down: 3000,
        goodput_bytes_up: 500,
        goodput_bytes_down: 2000,
        icmp_errors: 18,
        retransmissions: Some(2),
        rtt_ms_mean: Some(12.5),
        initial_rtt_ms: None,
        app: Some("Netflix".into()),
        category: Some("Video".into()),
        evidence: Evidence {
            kind: EvidenceKind::TlsSni,
            value: Some("www.netflix.com".into()),
            learned_at: Some(rfc3339(BILLION)),
        },
        hostname: Some("www.netflix.com".into()),
        sni: Some("www.netflix.com".into()),
        alpn: Some("h2,http/1.1".into()),
        ja3: Some("773906b0efdefa24a7f2b8eb6985bf37".into()),
        ja4: Some("t13d1516h2_8daaf6152771_b0da82dd1658".into()),
        encrypted: true,
    }
}

fn tcp() -> TcpCounts {
    TcpCounts {
        connections: 1,
        packets: 28,
        data_segments: 15,
        resets: 2,
        refused: 3,
        packet_loss: 3,
        packet_loss_percentage: Some(20.0),
        retransmissions: 4,
        fast_retransmissions: 2,
        spurious_retransmissions: 1,
        rtt_ms: Delays {
            samples: 2,
            min: Some(1.0),
            mean: Some(1.5),
            p50: Some(1.0),
            p95: Some(2.0),
            p99: Some(2.0),
            max: Some(2.0),
        },
        latency: Latency { now_ms: Some(1.5), ..Latency::default() },
        loss: Loss { average_percentage: Some(20.0), ..Loss::default() },
        ..TcpCounts::default()
    }
}

fn dns() -> DnsCounts {
    DnsCounts {
        queries: 2,
        responses: 1,
        timeouts: 1,
        forgotten: 24,
        rcodes: BTreeMap::from([("NXDOMAIN".into(), 1)]),
        learned: vec![LearnedNames { address: SERVER, names: vec!["example.org".into()] }],
        ..DnsCounts::default()
    }
}

fn icmp() -> IcmpCounts {
    IcmpCounts {
        packets: 3,
        echo_requests: 2,
        echo_replies: 1,
        echo_lost: 1,
        echo_forgotten: 25,
        ..IcmpCounts::default()
    }
}

fn igmp() -> IgmpCounts {
    let address = IpAddr::V4(Ipv4Addr::new(239, 1, 2, 3));
    IgmpCounts {
        packets: 6,
        queries: 1,
        reports: 9,
        joins: 3,
        leaves: 2,
        queriers: vec![CLIENT],
        groups: vec![MulticastGroup { address, members: 1, joins: 3, leaves: 2 }],
        groups_omitted: 0,
    }
}

/// A stream of speech with a loss, as the demo has.
fn stream() -> RtpStream {
    RtpStream {
        id: 31,
        flow: 32,
        call: Some(33),
        ssrc: 34,
        src: CLIENT,
        src_port: 5004,
        dst: SERVER,
        dst_port: 6004,
        payload_type: 8,
        payload_types: vec![PayloadType { payload_type: 8, packets: 36 }],
        codec: Some("PCMA".into()),
        clock_rate: Some(8000),
        clock_by: Some(ClockSource::PayloadType),
        kind: Some(StreamKind::Audio),
        encrypted: false,
        found_by: StreamSign::Signalling,
        active: true,
        first_seen: Some(rfc3339(BILLION)),
        duration_s: Some(37.5),
        packets: 38,
        bytes: 39,
        expected: 40,
        lost: 41,
        lost_percentage: Some(42.5),
        out_of_order: 43,
        duplicates: 44,
        restarts: 45,
        longest_loss: 46,
        talk_spurts: 47,
        jitter_ms: Some(48.5),
        jitter_ms_mean: Some(49.5),
        jitter_ms_max: Some(50.5),
        mos: Some(3.5),
        mos_basis: MosBasis {
            missing: None,
            r_factor: Some(70.5),
            delay_ms: Some(51.5),
            delay_is_measured: true,
            codec_impairment: Some(0.0),
            loss_robustness: Some(4.3),
            burst_ratio: Some(1.5),
        },
        reported: Some(ReportedQuality {
            reports: 52,
            lost: -53,
            lost_percentage: 54.5,
            jitter_ms: Some(55.5),
            rtt_ms_mean: Some(56.5),
        }),
    }
}

fn rtp() -> RtpReport {
    RtpReport {
        counts: RtpCounts { streams_seen: 57, packets: 58, lost: 59, ..RtpCounts::default() },
        streams: vec![stream()],
        streams_omitted: 60,
    }
}

fn call() -> Call {
    Call {
        id: 33,
        call_id: Some("a84b4c76e66710".into()),
        state: CallState::Ended,
        from: Some("sip:alice@example.org".into()),
        to: Some("sip:bob@example.org".into()),
        caller: CLIENT,
        callee: SERVER,
        started: Some(rfc3339(BILLION)),
        duration_s: Some(61.5),
        post_dial_delay_ms: Some(62.5),
        result: None,
        codecs: vec!["PCMA".into()],
        streams: vec![31],
        mos: Some(3.5),
    }
}

fn quic() -> QuicCounts {
    QuicCounts {
        connections: 63,
        google_connections: 74,
        packets: 64,
        versions: BTreeMap::from([("0x00000001".into(), 65)]),
        packet_types: BTreeMap::from([("initial".into(), 66)]),
        migrations: 67,
        ..QuicCounts::default()
    }
}

fn tls() -> TlsCounts {
    TlsCounts {
        client_hellos: 68,
        server_hellos: 69,
        versions: BTreeMap::from([("TLS 1.3".into(), 70)]),
        ciphers: BTreeMap::from([("TLS_AES_128_GCM_SHA256".into(), 71)]),
        resumed: 72,
        full: 73,
        ..TlsCounts::default()
    }
}
