//! Holds the messages of the stream against texts that the dashboard reads too: `stream.jsonl` and `requests.jsonl`,
//! one message a line. Names, order and nulls are a contract.

#![expect(clippy::expect_used, reason = "a test stops, and says why")]

use std::net::{IpAddr, Ipv4Addr};

use netsonde_messages::stream::{
    AppRow, AppsTopic, Command, FindingCount, FlowColumn, FlowCourse, FlowDetail, FlowFinding, FlowListed,
    FlowQuery, FlowStep, FlowTotals, FlowWindow, HistoryPoint, HostColumn, HostQuery, HostsTopic,
    InitialState, Message, PacketRow, PacketWindow, PacketsTopic, ProtocolsTopic, RefusalCode, Reply,
    ReplyData, Request, SourceChoice, SourceKind, State, Status, StatusSource, Topic, TopicState,
    TotalsTopic, TrafficTotals,
};
use netsonde_messages::{
    App, AppRule, Call, CallState, Calls, CaptureEngine, ClockSource, Evidence, EvidenceKind, EvidenceLink,
    EvidenceVerdict, Flow, FlowQuic, FlowState, FlowTcp, FlowTcpSide, FlowTls, Host, HostApp, HostName,
    InterfaceRow, InterfaceState, MosBasis, MosMissing, NameSource, PayloadType, Place, Protocol,
    ProtocolRates, Rates, ReportedQuality, RtpStream, Scope, StreamCourse, StreamKind, StreamSign,
    StreamStep, ToldBy, TopTalker, Unlabelled,
};
use serde::Serialize;
use serde::de::DeserializeOwned;

#[path = "support/places.rs"]
mod places;
#[path = "support/words.rs"]
mod words;

const GOLDEN_MESSAGES: &str = include_str!("stream.jsonl");
const GOLDEN_REQUESTS: &str = include_str!("requests.jsonl");
const LOCAL: IpAddr = IpAddr::V4(Ipv4Addr::new(10, 0, 0, 1));
const REMOTE: IpAddr = IpAddr::V4(Ipv4Addr::new(203, 0, 113, 7));

#[test]
fn messages_are_written_and_read_as_the_golden_lines() {
    assert_golden(&messages(), GOLDEN_MESSAGES);
}

#[test]
fn requests_are_written_and_read_as_the_golden_lines() {
    assert_golden(&requests(), GOLDEN_REQUESTS);
}

#[test]
fn what_a_request_leaves_out_is_none() {
    let request = r#"{"id":1,"command":"find_packets","limit":5}"#;
    let command = Command::FindPackets { from: None, limit: 5, text: None, flow: None };
    let read: Request = serde_json::from_str(request).expect("optional parts may be left out");
    assert_eq!(read, Request { id: 1, command });
    let request = r#"{"id":2,"command":"find_flows","limit":5}"#;
    let command = Command::FindFlows(FlowQuery { limit: 5, ..FlowQuery::default() });
    let read: Request = serde_json::from_str(request).expect("optional parts may be left out");
    assert_eq!(read, Request { id: 2, command });
}

fn assert_golden<T: Serialize + DeserializeOwned + PartialEq + std::fmt::Debug>(values: &[T], golden: &str) {
    let written = values.iter().map(|value| serde_json::to_string(value).expect("plain values serialise"));
    assert_eq!(written.collect::<Vec<_>>(), golden.lines().collect::<Vec<_>>());
    for (value, line) in values.iter().zip(golden.lines()) {
        assert_eq!(&serde_json::from_str::<T>(line).expect(line), value);
    }
}

/// Every kind of message; the numbers of one all differ.
fn messages() -> Vec<Message> {
    let update = |topic| Message::Update { sequence: 5, session: 2, topic };
    let reply = |data| Message::Reply(Reply::done(7, Some(data)));
    let state = InitialState {
        status: status(),
        history: vec![point()],
        totals: Some(totals()),
        protocols: Some(protocols()),
        hosts: Some(hosts()),
        packets: Some(packets()),
        apps: Some(apps()),
        calls: Some(calls()),
        places: Some(places::topic()),
        findings: Some(words::findings()),
        summaries: Some(words::summaries()),
    };
    let nothing = InitialState {
        status: Status { source: None, started_at: None, ..idle() },
        history: Vec::new(),
        totals: None,
        protocols: None,
        hosts: None,
        packets: None,
        apps: None,
        calls: None,
        places: None,
        findings: None,
        summaries: None,
    };
    let refused = "capture already running on eth0".to_owned();
    let window = PacketWindow { oldest: Some(1), newest: Some(900), rows: vec![row()], next: Some(500) };
    vec![
        Message::Hello { stream_version: 1, version: "0.1.0".into(), commit: None },
        Message::InitialState(Box::new(state)),
        Message::InitialState(Box::new(nothing)),
        Message::Status(status()),
        update(TopicState::Totals(Box::new(totals()))),
        update(TopicState::Protocols(Box::new(protocols()))),
        update(TopicState::Hosts(hosts())),
        update(TopicState::Packets(packets())),
        update(TopicState::Apps(apps())),
        update(TopicState::Calls(calls())),
        update(TopicState::Places(Box::new(places::topic()))),
        update(TopicState::Findings(Box::new(words::findings()))),
        update(TopicState::Summaries(Box::new(words::summaries()))),
        Message::Gap { skipped: 3 },
        reply(ReplyData::Interfaces(vec![interface()])),
        reply(ReplyData::Status(idle())),
        reply(ReplyData::Packet { row: row(), bytes: "00ff".into() }),
        reply(ReplyData::Packets(window)),
        reply(ReplyData::Flows(flows())),
        reply(ReplyData::Flow(Box::new(flow_detail()))),
        reply(ReplyData::Hosts(places::window())),
        reply(ReplyData::Host(Box::new(places::detail(flow())))),
        reply(ReplyData::Stream(course())),
        Message::Reply(Reply::done(8, None)),
        Message::Reply(Reply::refused(9, RefusalCode::WrongState, refused)),
        Message::Error { message: "not JSON".into() },
    ]
}

fn requests() -> Vec<Request> {
    let upload = SourceChoice::Upload("abc".into());
    let interface = SourceChoice::Interface("eth0".into());
    let commands = [
        Command::Subscribe {
            topics: vec![
                Topic::Totals,
                Topic::Protocols,
                Topic::Hosts,
                Topic::Packets,
                Topic::Apps,
                Topic::Calls,
                Topic::Places,
                Topic::Findings,
                Topic::Summaries,
            ],
        },
        Command::GetInterfaces,
        Command::GetStatus,
        Command::StartCapture { source: interface, filter: Some("not port 22".into()), duration_s: Some(60) },
        Command::StartCapture { source: upload, filter: None, duration_s: None },
        Command::StartCapture { source: SourceChoice::Demo, filter: None, duration_s: None },
        Command::StopCapture,
        Command::Reset,
        Command::GetPacket { number: 4711 },
        Command::FindPackets { from: Some(100), limit: 200, text: Some("tls".into()), flow: None },
        Command::FindPackets { from: None, limit: 50, text: None, flow: Some(40) },
        Command::FindFlows(FlowQuery {
            sort: FlowColumn::LastSeen,
            descending: true,
            text: Some("10.0.0.0/8 !:443".into()),
            protocol: Some("TLS".into()),
            app: Some("Netflix".into()),
            active: true,
            offset: 200,
            limit: 100,
        }),
        Command::GetFlow { flow: 40 },
        Command::FindHosts(HostQuery {
            sort: HostColumn::Rtt,
            descending: true,
            text: Some("10.0.0.0/8 !netflix".into()),
            local: Some(false),
            country: Some("US".into()),
            app: Some("Netflix".into()),
            active: true,
            offset: 200,
            limit: 100,
        }),
        Command::GetHost { address: REMOTE },
        Command::SetLookups { reverse_dns: Some(true), ip_api: None },
        Command::GetStream { stream: 90 },
        Command::AllowAssistant { allowed: true },
        Command::SetRules { rules: vec![rule()] },
    ];
    (1..).zip(commands).map(|(id, command)| Request { id, command }).collect()
}

fn status() -> Status {
    Status {
        state: State::Running,
        session: 2,
        source: Some(StatusSource {
            kind: SourceKind::File,
            name: "office.pcap".into(),
            progress_percentage: Some(12.5),
        }),
        filter: Some("tcp".into()),
        started_at: Some("2001-09-09T01:46:40.000000000Z".into()),
        ..idle()
    }
}

fn idle() -> Status {
    Status {
        state: State::Idle,
        problem: None,
        session: 0,
        source: None,
        filter: None,
        started_at: None,
        summarizing: false,
    }
}

fn totals() -> TotalsTopic {
    let mut totals = TotalsTopic {
        now_ms: Some(1_000_000_000_000.5),
        elapsed_s: 12.25,
        traffic: TrafficTotals {
            packets: 1,
            bytes: 2,
            kernel_drops: Some(3),
            interface_drops: None,
            malformed_packets: 4,
            own_packets: 5,
        },
        flows: FlowTotals { open: 6, active: 7, tcp_connections: 8, udp_conversations: 9 },
        points: vec![point()],
        ..TotalsTopic::default()
    };
    totals.throughput.total = Rates { throughput_bps: Some(10.5), ..Rates::default() };
    totals
}

fn protocols() -> ProtocolsTopic {
    let tls = Protocol { name: "TLS".into(), packets: 11, bytes: 12 };
    let rates = ProtocolRates { packets: 13, bytes: 14, ..ProtocolRates::default() };
    ProtocolsTopic {
        protocols: vec![tls],
        rates: [("TCP".into(), rates)].into(),
        ..ProtocolsTopic::default()
    }
}

fn hosts() -> HostsTopic {
    HostsTopic {
        hosts_seen: 15,
        hosts: vec![Host {
            address: LOCAL,
            local: true,
            scope: Scope::Private,
            names: vec!["www.netflix.com".into()],
            named: vec![HostName { name: "www.netflix.com".into(), source: NameSource::TlsSni }],
            place: Place::default(),
            doubt: None,
            packets_in: 16,
            packets_out: 17,
            bytes_in: 18,
            bytes_out: 19,
            flows: 2,
            resent: 1,
            protocols: vec!["DNS".into(), "TLS".into()],
            rtt_ms: Some(0.5),
            first_seen: Some("2001-09-09T01:46:40.000000000Z".into()),
            last_seen: None,
            apps: vec![HostApp { app: "Netflix".into(), bytes: 75 }],
        }],
        talkers: vec![TopTalker {
            source: LOCAL,
            source_local: true,
            destination: REMOTE,
            destination_local: false,
            packets: 20,
            bytes: 21,
        }],
    }
}

fn apps() -> AppsTopic {
    let told_by = vec![ToldBy { kind: EvidenceKind::TlsSni, flows: 84 }];
    let app =
        App { app: "Netflix".into(), category: "Video".into(), flows: 76, packets: 77, bytes: 78, told_by };
    AppsTopic {
        apps: vec![AppRow {
            app,
            bytes_up: 79,
            bytes_down: 80,
            active_flows: 81,
            bps: Some(82.5),
            recent_bps: vec![0.0, 83.5],
        }],
        omitted: 85,
        unlabelled: Unlabelled { flows: 86, packets: 87, bytes: 88 },
        unlabelled_bytes_up: 89,
        unlabelled_bytes_down: 90,
        unlabelled_active_flows: 91,
        unlabelled_bps: None,
        unlabelled_recent_bps: vec![0.0, 92.5],
        rules: vec![rule()],
    }
}

fn rule() -> AppRule {
    AppRule { app: "Backup".into(), matches: "10.0.0.9".into(), category: Some("Work".into()) }
}

fn evidence() -> Evidence {
    Evidence {
        kind: EvidenceKind::TlsSni,
        value: Some("www.netflix.com".into()),
        learned_at: Some("2001-09-09T01:46:40.250000000Z".into()),
    }
}

fn packets() -> PacketsTopic {
    PacketsTopic { oldest: Some(22), newest: Some(23), rows: vec![row()] }
}

fn flows() -> FlowWindow {
    let idle = FlowListed { active: false, up_bps: None, down_bps: None, recent_bps: Vec::new(), ..flow() };
    FlowWindow { total: 34, matched: 35, forgotten: 36, now_ms: Some(37.5), rows: vec![flow(), idle] }
}

fn flow() -> FlowListed {
    FlowListed {
        id: 40,
        active: true,
        up_bps: Some(41.5),
        down_bps: Some(42.5),
        recent_bps: vec![0.0, 43.5],
        flow: Flow {
            protocol: "TLS".into(),
            transport: "TCP".into(),
            client: LOCAL,
            client_port: Some(50_000),
            server: REMOTE,
            server_port: Some(443),
            first_seen: Some("2001-09-09T01:46:40.000000000Z".into()),
            last_seen: Some("2001-09-09T01:46:42.500000000Z".into()),
            duration_s: Some(2.5),
            state: Some(FlowState::Established),
            packets_up: 44,
            packets_down: 45,
            bytes_up: 46,
            bytes_down: 47,
            goodput_bytes_up: 48,
            goodput_bytes_down: 49,
            icmp_errors: 50,
            retransmissions: Some(51),
            rtt_ms_mean: Some(52.5),
            initial_rtt_ms: Some(53.5),
            app: Some("Netflix".into()),
            category: Some("Video".into()),
            evidence: evidence(),
            hostname: Some("www.netflix.com".into()),
            sni: Some("www.netflix.com".into()),
            alpn: Some("h2,http/1.1".into()),
            ja3: Some("773906b0efdefa24a7f2b8eb6985bf37".into()),
            ja4: Some("t13d1516h2_8daaf6152771_b0da82dd1658".into()),
            encrypted: true,
        },
    }
}

fn calls() -> Calls {
    Calls { calls: vec![call()], calls_omitted: 106, streams: vec![media()], streams_omitted: 107 }
}

fn call() -> Call {
    Call {
        id: 89,
        call_id: Some("a84b4c76e66710".into()),
        state: CallState::Talking,
        from: Some("sip:alice@example.org".into()),
        to: Some("sip:bob@example.org".into()),
        caller: LOCAL,
        callee: REMOTE,
        started: Some("2001-09-09T01:46:40.000000000Z".into()),
        duration_s: Some(91.5),
        post_dial_delay_ms: Some(92.5),
        result: None,
        codecs: vec!["PCMA".into()],
        streams: vec![90],
        mos: Some(3.5),
    }
}

/// A stream of pictures: it has no MOS.
fn media() -> RtpStream {
    RtpStream {
        id: 90,
        flow: 40,
        call: Some(89),
        ssrc: 93,
        src: LOCAL,
        src_port: 5004,
        dst: REMOTE,
        dst_port: 6004,
        payload_type: 97,
        payload_types: vec![PayloadType { payload_type: 97, packets: 94 }],
        codec: Some("H264".into()),
        clock_rate: Some(90_000),
        clock_by: Some(ClockSource::Signalling),
        kind: Some(StreamKind::Video),
        encrypted: true,
        found_by: StreamSign::Rtcp,
        active: true,
        first_seen: Some("2001-09-09T01:46:40.000000000Z".into()),
        duration_s: Some(95.5),
        packets: 96,
        bytes: 97,
        expected: 98,
        lost: 99,
        lost_percentage: Some(1.5),
        out_of_order: 100,
        duplicates: 101,
        restarts: 102,
        longest_loss: 103,
        talk_spurts: 104,
        jitter_ms: Some(2.5),
        jitter_ms_mean: Some(3.5),
        jitter_ms_max: Some(4.5),
        mos: None,
        mos_basis: MosBasis { missing: Some(MosMissing::NotSpeech), ..MosBasis::default() },
        reported: Some(ReportedQuality { reports: 105, ..ReportedQuality::default() }),
    }
}

fn course() -> StreamCourse {
    StreamCourse {
        stream: 90,
        from_ms: Some(1_000_000_000_000.5),
        step_s: 0.5,
        steps: vec![
            StreamStep { packets: 25, lost_percentage: Some(4.5), jitter_ms: Some(5.5), mos: Some(4.1) },
            StreamStep::default(),
        ],
    }
}

fn flow_detail() -> FlowDetail {
    FlowDetail {
        listed: flow(),
        evidence: vec![EvidenceLink {
            evidence: evidence(),
            app: Some("Netflix".into()),
            rule: Some("netflix.com".into()),
            verdict: EvidenceVerdict::Decides,
        }],
        tls: Some(FlowTls {
            version: Some("TLS 1.3".into()),
            cipher: Some("AES_128_GCM_SHA256".into()),
            resumed: Some(false),
            handshake_ms: Some(110.5),
            alpn: vec!["h2".into()],
            groups: vec!["x25519".into()],
            encrypted_hello: true,
            ja3: Some("773906b0efdefa24a7f2b8eb6985bf37".into()),
            ja4: Some("t13d1516h2_8daaf6152771_b0da82dd1658".into()),
        }),
        quic: Some(FlowQuic {
            version: Some("QUIC 1".into()),
            handshake_rtt_ms: Some(108.5),
            spin_rtt_ms: None,
            retried: true,
            migrated_from: Some(39),
        }),
        streams: vec![media()],
        tcp: Some(FlowTcp {
            up: FlowTcpSide {
                data_segments: 54,
                resent: 55,
                spurious: 56,
                out_of_order: 57,
                lost: 58,
                duplicate_acks: 59,
                zero_windows: 60,
                rtt_ms_mean: Some(61.5),
                rtt_ms_min: Some(62.5),
                rtt_samples: 63,
            },
            down: FlowTcpSide::default(),
            handshake_server_ms: Some(64.5),
            handshake_client_ms: Some(65.5),
            server_response_ms_mean: Some(66.5),
        }),
        course: FlowCourse {
            packets: 67,
            first_packet: Some(68),
            last_packet: Some(69),
            is_cut: true,
            from_ms: Some(70.5),
            step_s: 71.5,
            steps: vec![FlowStep {
                up_bps: 72.5,
                down_bps: 73.5,
                packets_per_second: 74.5,
                rtt_client_ms: Some(75.5),
                rtt_server_ms: None,
                resent: 76,
                disordered: 77,
            }],
        },
        findings: vec![FlowFinding {
            number: 78,
            time_ms: Some(79.5),
            by_client: true,
            event: "fast_retransmission".into(),
        }],
        counts: vec![FindingCount { event: "fast_retransmission".into(), count: 80 }],
    }
}

fn row() -> PacketRow {
    PacketRow {
        number: 24,
        time_ms: Some(25.5),
        source: "10.0.0.1".into(),
        destination: "203.0.113.7".into(),
        protocol: "TLS".into(),
        length: 26,
        info: "Client Hello for example.org".into(),
    }
}

fn point() -> HistoryPoint {
    HistoryPoint {
        second: 1_000_000_000,
        stretch: 1,
        inbound_bits: 27,
        outbound_bits: 28,
        internal_bits: 29,
        transit_bits: 30,
        goodput_bits: 31,
        packets: 32,
        ..HistoryPoint::default()
    }
}

fn interface() -> InterfaceRow {
    InterfaceRow {
        name: "eth0".into(),
        description: None,
        addresses: vec![LOCAL],
        state: InterfaceState::Up,
        loopback: false,
        may_capture: Some(false),
        capture_problem: Some("not permitted".into()),
        remedy: Some("sudo setcap".into()),
        bytes_received: Some(33),
        bytes_sent: Some(34),
        engines: vec![CaptureEngine::Libpcap, CaptureEngine::Tshark],
    }
}
