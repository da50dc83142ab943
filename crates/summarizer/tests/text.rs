//! The words of a report, from numbers made by hand.

#![expect(clippy::expect_used, reason = "a test stops, and says why")]

use netsonde_messages::stream::{FlowTotals, SourceKind, State, Status, StatusSource, TrafficTotals};
use netsonde_messages::{
    DirectionTotal, EncryptionComposition, Findings, Host, IpComposition, ProtocolRates, Rates, ReportPart,
    SessionReport, Volume,
};
use netsonde_session::Publication;
use netsonde_summarizer::Figures;

const NINE: [&str; 9] = [
    "Overall Throughput",
    "IP Composition",
    "Encryption Composition",
    "TCP",
    "RTP",
    "UDP",
    "QUIC",
    "DNS",
    "IGMP",
];

fn report(figures: &Figures<'_>) -> SessionReport {
    netsonde_summarizer::report(figures, &Findings::default())
}

fn status(state: State, problem: Option<&str>) -> Status {
    Status {
        state,
        problem: problem.map(Into::into),
        session: 1,
        source: Some(StatusSource {
            kind: SourceKind::Interface,
            name: "eth0".into(),
            progress_percentage: None,
        }),
        filter: None,
        started_at: None,
        summarizing: true,
    }
}

/// Two minutes: 900 packets of 900 bytes came in, 100 of 1,000 went out.
fn measured() -> Publication {
    let mut measured = Publication { session: 1, sequence: 9, ..Publication::default() };
    let totals = &mut measured.totals;
    totals.elapsed_s = 125.0;
    totals.traffic = TrafficTotals { packets: 1_000, bytes: 910_000, ..TrafficTotals::default() };
    totals.totals.inbound = DirectionTotal { packets: 900, bytes: 810_000, goodput_bytes: 700_000 };
    totals.totals.outbound = DirectionTotal { packets: 100, bytes: 100_000, goodput_bytes: 90_000 };
    // 810,000 B in 125 s are 51,840 bps; 100,000 B are 6,400 bps; together 58,240.
    let rates = |average: f64, peak: f64, payload: f64, packets: f64| Rates {
        throughput_bps_average: Some(average),
        throughput_bps_peak: Some(peak),
        goodput_bps_average: Some(payload),
        goodput_bps_peak: Some(payload),
        packets_per_second_average: Some(packets),
        packets_per_second_peak: Some(packets),
        ..Rates::default()
    };
    totals.throughput.inbound = rates(51_840.0, 518_400.0, 44_800.0, 7.2);
    totals.throughput.outbound = rates(6_400.0, 8_000.0, 5_760.0, 0.8);
    // 790,000 B of payload in 125 s are 50,560 bps: 86.8 % of 58,240.
    totals.throughput.total = rates(58_240.0, 524_160.0, 50_560.0, 8.0);
    totals.ip_composition = IpComposition {
        ipv4_packets: 750,
        ipv6_packets: 250,
        ipv4_bytes: 600_000,
        ipv6_bytes: 310_000,
        ipv4_percentage: Some(75.0),
        ipv6_percentage: Some(25.0),
        ..IpComposition::default()
    };
    totals.encryption_composition = EncryptionComposition {
        encrypted_packets: 900,
        unencrypted_packets: 100,
        encrypted_bytes: 864_500,
        unencrypted_bytes: 45_500,
        encrypted_percentage: Some(90.0),
    };
    totals.flows = FlowTotals { tcp_connections: 10, udp_conversations: 4, ..FlowTotals::default() };
    let tcp = ProtocolRates {
        packets: 800,
        bytes: 728_000,
        outward_throughput_bps_average: Some(46_592.0),
        outward_throughput_bps_peak: Some(419_328.0),
        ..ProtocolRates::default()
    };
    measured.protocols.rates = [("TCP".into(), tcp)].into();
    let distribution = &mut measured.protocols.distribution;
    distribution.tls = Volume { packets: 600, bytes: 546_000 };
    distribution.quic = Volume { packets: 300, bytes: 318_500 };
    distribution.dns = Volume { packets: 100, bytes: 45_500 };
    let host = |address: [u8; 4], local, bytes_in, bytes_out| Host {
        local,
        packets_in: 1,
        packets_out: 1,
        bytes_in,
        bytes_out,
        ..Host::silent(address.into())
    };
    measured.hosts.hosts = vec![
        host([10, 0, 0, 1], true, 810_000, 100_000),
        host([203, 0, 113, 7], false, 91_000, 637_000),
        host([203, 0, 113, 8], false, 9_000, 173_000),
    ];
    measured
}

fn part<'a>(parts: &'a [ReportPart], name: &str) -> &'a ReportPart {
    parts.iter().find(|part| part.name == name).expect("every part is always there")
}

fn value<'a>(part: &'a ReportPart, key: &str) -> &'a str {
    let metric = part.key_metrics.iter().find(|metric| metric.key == key);
    metric.map(|metric| metric.value.as_str()).expect("the part has the number")
}

#[test]
fn a_report_says_what_was_measured() {
    let (status, measured) = (status(State::Finished, None), measured());
    let report = report(&Figures { status: &status, measured: &measured });
    // 546,000 of 910,000 B are 60 %, 318,500 are 35 %; 45,500 are 5 %, too little for the top; 728,000 are 80 %.
    assert_eq!(
        report.summary,
        "In 2 m 05 s, 1,000 packets with 910.0 kB were measured on eth0. 810.0 kB came in (51.8 kbps on average, 518.4 kbps \
         in the busiest second) and 100.0 kB went out (6.4 kbps on average, 8.0 kbps in the busiest second). Of the bytes, \
         60.0 % were TLS and 35.0 % QUIC. Of the addresses elsewhere, 203.0.113.7 had the most: 80.0 % of all bytes. \
         Nothing in it tells how well the network does. 90.0 % of the packets belonged to encrypted conversations."
    );
    let names: Vec<_> = report.breakdown.iter().map(|part| part.name.as_ref()).collect();
    assert_eq!(names, NINE);

    let throughput = part(&report.breakdown, "Overall Throughput");
    assert_eq!(value(throughput, "Inbound throughput"), "51.8 kbps average, 518.4 kbps peak");
    assert_eq!(value(throughput, "Packets per second"), "8 average, 8 peak");
    // 810 of 910 kB are 89 %; 524,160 are nine times 58,240.
    assert_eq!(
        throughput.observations,
        "Mostly inbound: 89.0 % of what came in or went out. It came in bursts: the busiest second had 9 times the average. \
         86.8 % of the bits were new application data."
    );
    let ip = part(&report.breakdown, "IP Composition");
    assert_eq!((value(ip, "IPv4"), value(ip, "IPv6")), ("750 packets (75.0 %)", "250 packets (25.0 %)"));
    // 310 of 910 kB.
    assert_eq!(ip.observations, "Both are in use: IPv6 carried 34.1 % of their bytes.");
    let encryption = part(&report.breakdown, "Encryption Composition");
    assert_eq!(value(encryption, "Unencrypted"), "100 packets (10.0 %)");
    let tcp = part(&report.breakdown, "TCP");
    assert_eq!((value(tcp, "Connections"), value(tcp, "Volume")), ("10", "728.0 kB (80.0 %)"));
    assert_eq!(tcp.observations, "10 connections, with 80 packets each on average.");
    // What did not occur says so, and claims no rate.
    let rtp = part(&report.breakdown, "RTP");
    assert_eq!((rtp.key_metrics.len(), value(rtp, "Packets")), (1, "0"));
    assert_eq!(rtp.observations, "No RTP was recognised.");
}

#[test]
fn what_makes_the_numbers_short_stands_at_the_end() {
    let status = status(State::Failed, Some("eth0 is gone"));
    let mut measured = measured();
    measured.totals.traffic.kernel_drops = Some(200);
    measured.totals.traffic.interface_drops = Some(50);
    let report = report(&Figures { status: &status, measured: &measured });
    // 250 of 1,250 packets.
    let words = "250 packets (20.0 %) were dropped before netsonde saw them, so that the numbers are short. It ended early: eth0 \
                 is gone.";
    assert!(report.summary.ends_with(words), "{}", report.summary);
    assert_eq!(value(part(&report.breakdown, "Overall Throughput"), "Packets missed"), "250");
}

#[test]
fn a_session_without_a_packet_has_all_nine_parts_and_no_invented_number() {
    let status = status(State::Finished, None);
    let mut measured = Publication { session: 1, ..Publication::default() };
    measured.totals.elapsed_s = 30.0;
    let report = report(&Figures { status: &status, measured: &measured });
    assert_eq!(report.summary, "No packet was seen on eth0 in 30.0 s.");
    assert_eq!(report.breakdown.len(), NINE.len());
    let throughput = part(&report.breakdown, "Overall Throughput");
    assert_eq!(value(throughput, "Inbound throughput"), "unknown");
    assert_eq!(throughput.observations, "Nothing was transferred.");
    assert_eq!(part(&report.breakdown, "IP Composition").observations, "No IP packet was seen.");
}

/// Sessions that are not like others, each with what the report says of it at the top.
#[test]
fn odd_sessions_are_told_in_sentences_that_are_true() {
    // One datagram that stays within: no time has passed, so there is no rate.
    let mut one = Publication { session: 1, ..Publication::default() };
    (one.totals.traffic.packets, one.totals.traffic.bytes) = (1, 60);
    one.totals.totals.internal = DirectionTotal { packets: 1, bytes: 60, goodput_bytes: 18 };
    one.protocols.distribution.udp = Volume { packets: 1, bytes: 60 };
    one.totals.encryption_composition.unencrypted_packets = 1;
    one.totals.encryption_composition.encrypted_percentage = Some(0.0);
    one.totals.encryption_composition.unencrypted_bytes = 60;
    one.totals.flows.udp_conversations = 1;
    one.protocols.rates =
        [("UDP".into(), ProtocolRates { packets: 1, bytes: 60, ..ProtocolRates::default() })].into();
    // Nothing but ARP, in half a second: the average is above the busiest second.
    let mut arp = Publication { session: 1, ..Publication::default() };
    arp.totals.elapsed_s = 0.5;
    (arp.totals.traffic.packets, arp.totals.traffic.bytes) = (2, 120);
    arp.totals.totals.outbound = DirectionTotal { packets: 2, bytes: 120, goodput_bytes: 0 };
    arp.totals.throughput.outbound.throughput_bps_average = Some(1_920.0);
    arp.totals.throughput.outbound.throughput_bps_peak = Some(960.0);
    arp.totals.throughput.total = arp.totals.throughput.outbound;
    arp.totals.throughput.total.goodput_bps_average = Some(0.0);
    arp.totals.encryption_composition.unencrypted_packets = 2;
    arp.totals.encryption_composition.encrypted_percentage = Some(0.0);
    arp.protocols.distribution.others = Volume { packets: 2, bytes: 120 };
    // A mirror port, where nothing is local.
    let mut transit = measured();
    transit.totals.totals.transit = DirectionTotal { packets: 1_000, bytes: 910_000, goodput_bytes: 790_000 };
    transit.totals.totals.inbound = DirectionTotal::default();
    transit.totals.totals.outbound = DirectionTotal::default();
    transit.totals.throughput.transit = transit.totals.throughput.total;

    let status = status(State::Finished, None);
    let of = |measured: &Publication| report(&Figures { status: &status, measured });
    let (one, arp, transit) = (of(&one), of(&arp), of(&transit));
    assert_eq!(
        one.summary,
        "1 packet with 60 B was measured on eth0, all in one moment. 60 B stayed within the local networks. All of it was UDP. \
         Nothing in it tells how well the network does. Nothing of it is known to be encrypted."
    );
    let udp = part(&one.breakdown, "UDP");
    assert_eq!(udp.observations, "1 conversation.");
    let all_of_it = "100.0 % of the bytes stayed within the local networks.";
    assert_eq!(part(&one.breakdown, "Overall Throughput").observations, all_of_it);
    let encryption = part(&one.breakdown, "Encryption Composition");
    assert_eq!(encryption.observations, "Nothing is known to be encrypted.");

    assert_eq!(
        arp.summary,
        "In 500.0 ms, 2 packets with 120 B were measured on eth0. 120 B went out (1.9 kbps on average). All of it was other \
         protocols. Nothing in it tells how well the network does. Nothing of it is known to be encrypted."
    );
    let words = "Mostly outbound: 100.0 % of what came in or went out. None of it was application data.";
    assert_eq!(part(&arp.breakdown, "Overall Throughput").observations, words);

    assert!(transit.summary.contains("910.0 kB passed through (58.2 kbps on average"), "{}", transit.summary);
    let observed = &part(&transit.breakdown, "Overall Throughput").observations;
    let words = "100.0 % of the bytes passed through, between addresses that are not local.";
    assert!(observed.starts_with(words), "{observed}");
    // What is not inbound is never zero where there is traffic.
    let tcp = part(&transit.breakdown, "TCP");
    assert_eq!(value(tcp, "Throughput outbound, within and through"), "46.6 kbps average, 419.3 kbps peak");
}

#[test]
fn what_a_protocol_carries_is_named_where_it_occurred() {
    let (status, mut measured) = (status(State::Finished, None), measured());
    for (name, packets) in [("UDP", 400), ("QUIC", 300), ("DNS", 100), ("IGMP", 1)] {
        let rates = ProtocolRates { packets, bytes: packets * 455, ..ProtocolRates::default() };
        measured.protocols.rates.insert(name.into(), rates);
    }
    let report = report(&Figures { status: &status, measured: &measured });
    let observed = |name| part(&report.breakdown, name).observations.as_str();
    assert_eq!(observed("UDP"), "4 conversations; QUIC and DNS are among them.");
    assert_eq!(observed("QUIC"), "No connection could be told from its packets.");
    let words = "5.0 % of the bytes are not known to be encrypted, name resolution among them.";
    assert_eq!(observed("Encryption Composition"), words);
    assert_eq!(observed("IGMP"), "1 message.");
}

#[test]
fn what_tcp_and_dns_suffered_is_said() {
    let (status, mut measured) = (status(State::Finished, None), measured());
    let rates = ProtocolRates { packets: 100, bytes: 45_500, ..ProtocolRates::default() };
    measured.protocols.rates.insert("DNS".into(), rates);
    let tcp = &mut measured.protocols.tcp;
    (tcp.data_segments, tcp.packet_loss, tcp.packet_loss_percentage) = (400, 8, Some(2.0));
    (tcp.retransmissions, tcp.fast_retransmissions, tcp.spurious_retransmissions) = (9, 3, 1);
    (tcp.loss.average_percentage, tcp.loss.peak_percentage) = (Some(2.0), Some(25.0));
    (tcp.latency.average_ms, tcp.latency.peak_ms) = (Some(180.0), Some(420.5));
    (tcp.refused, tcp.timed_out) = (1, 2);
    tcp.rtt_far_ms.p50 = Some(0.4);
    (tcp.rtt_far_ms.p95, tcp.rtt_far_ms.p99) = (Some(210.0), Some(1_500.0));
    let dns = &mut measured.protocols.dns;
    (dns.queries, dns.responses, dns.timeouts) = (50, 40, 10);
    dns.rcodes = [("NOERROR".into(), 30), ("NXDOMAIN".into(), 10)].into();
    dns.latency.average_ms = Some(12.5);
    let report = report(&Figures { status: &status, measured: &measured });
    let tcp = part(&report.breakdown, "TCP");
    assert_eq!(value(tcp, "Latency"), "180.0 ms average, 420.5 ms peak");
    let round_trips = "half within 400 µs, 95 % within 210.0 ms, 99 % within 1.5 s";
    assert_eq!(value(tcp, "Round trips to the far side"), round_trips);
    assert_eq!(value(tcp, "Retransmission rate"), "2.0 % average, 25.0 % peak");
    let again = "9, of which 3 fast and 1 although they had arrived";
    assert_eq!(value(tcp, "Segments sent again"), again);
    assert_eq!(
        tcp.observations,
        "10 connections, with 80 packets each on average. 2.0 % of the data segments were sent again. Round trips to the far \
         side took 180.0 ms on average. 3 connections did not come about: 1 refused and 2 without an answer."
    );
    let dns = part(&report.breakdown, "DNS");
    assert_eq!((value(dns, "Unanswered"), value(dns, "Latency")), ("10 (20.0 %)", "12.5 ms average"));
    assert_eq!(value(dns, "Response codes"), "NOERROR 30, NXDOMAIN 10");
    // 10 of 50 questions, 10 of 40 answers.
    let words = "10 questions (20.0 %) stayed without an answer. 25.0 % of the answers had a code other than NOERROR.";
    assert!(dns.observations.ends_with(words), "{}", dns.observations);
}

#[test]
fn what_media_and_quic_suffered_is_said() {
    let (status, mut measured) = (status(State::Finished, None), measured());
    let rates = ProtocolRates { packets: 100, bytes: 45_500, ..ProtocolRates::default() };
    measured.protocols.rates.insert("RTP".into(), rates);
    measured.protocols.rates.insert("QUIC".into(), rates);
    let rtp = &mut measured.protocols.rtp;
    (rtp.streams_seen, rtp.expected, rtp.lost, rtp.lost_percentage) = (2, 200, 6, Some(3.0));
    (rtp.loss.average_percentage, rtp.loss.peak_percentage) = (Some(3.0), Some(12.0));
    (rtp.jitter.average_ms, rtp.jitter.peak_ms) = (Some(35.0), Some(60.5));
    (rtp.out_of_order, rtp.duplicates) = (4, 7);
    (rtp.jitter_ms.p50, rtp.jitter_ms.p95, rtp.jitter_ms.p99) = (Some(30.0), Some(58.0), Some(75.0));
    let quic = &mut measured.protocols.quic;
    (quic.connections, quic.google_connections, quic.migrations) = (3, 1, 1);
    (quic.handshake_rtt.average_ms, quic.handshake_rtt.peak_ms) = (Some(180.0), Some(420.5));
    let report = report(&Figures { status: &status, measured: &measured });
    let rtp = part(&report.breakdown, "RTP");
    assert_eq!((value(rtp, "Streams"), value(rtp, "Packets lost")), ("2", "6 (3.0 %)"));
    assert_eq!((value(rtp, "Loss"), value(rtp, "Packets out of order")), ("3.0 % average, 12.0 % peak", "4"));
    assert_eq!(value(rtp, "Copies"), "7");
    assert_eq!(value(rtp, "Jitter"), "35.0 ms average, 60.5 ms peak");
    let after = "half within 30.0 ms, 95 % within 58.0 ms, 99 % within 75.0 ms";
    assert_eq!(value(rtp, "Jitter after each packet"), after);
    assert_eq!(
        rtp.observations,
        "2 streams with 100 packets. 3.0 % of the packets were lost. The mean jitter was 35.0 ms."
    );
    let quic = part(&report.breakdown, "QUIC");
    assert_eq!((value(quic, "Connections"), value(quic, "Connections that moved")), ("4", "1"));
    assert_eq!(value(quic, "Handshake"), "180.0 ms average, 420.5 ms peak");
    let words = "4 connections with 100 packets. Handshakes took 180.0 ms on average.";
    assert_eq!(quic.observations, words);
}
