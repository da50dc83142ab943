//! What is found, and what is not: each rule at its limits, over the time of a session.

#![expect(clippy::unwrap_used, reason = "a test's own values")]

use std::net::{IpAddr, Ipv4Addr};

use netsonde_messages::stream::{ClearText, FlowListed, HistoryPoint, State, Status};
use netsonde_messages::{
    Evidence, EvidenceKind, FactValue, Finding, FindingRule, Findings, Flow, MosBasis, Relation, RtpStream,
    Severity, StreamKind, StreamSign, Subject,
};
use netsonde_session::{Credential, CredentialKind, FlowSymptom, Publication, Scan, Unanswered};
use netsonde_summarizer::Figures;
use netsonde_summarizer::findings::{self, Memory};

const BEGIN: u64 = 1_700_000_000;
const CLIENT: IpAddr = IpAddr::V4(Ipv4Addr::new(10, 0, 0, 1));
const SERVER: IpAddr = IpAddr::V4(Ipv4Addr::new(192, 0, 2, 80));

/// A session that is looked at again and again.
#[derive(Default)]
struct Watched {
    memory: Memory,
}

impl Watched {
    fn look(&mut self, publication: &Publication) -> Findings {
        let status = Status {
            state: State::Running,
            problem: None,
            session: 1,
            source: None,
            filter: None,
            started_at: None,
            summarizing: false,
        };
        findings::of(&Figures { status: &status, measured: publication }, &mut self.memory)
    }
}

/// A session in which so many packets of 100 bytes came in so many seconds.
fn session(seconds: u32, packets: u64) -> Publication {
    let mut publication = Publication { session: 1, ..Publication::default() };
    let totals = &mut publication.totals;
    totals.elapsed_s = f64::from(seconds);
    totals.now_ms = Some(BEGIN as f64 * 1_000.0 + totals.elapsed_s * 1_000.0);
    (totals.traffic.packets, totals.traffic.bytes) = (packets, packets * 100);
    publication
}

fn once(publication: &Publication) -> Vec<Finding> {
    Watched::default().look(publication).findings
}

/// The one finding there is.
fn only(found: &[Finding]) -> (FindingRule, Severity, &str) {
    assert_eq!(found.len(), 1, "{found:?}");
    let finding = found.first().unwrap();
    (finding.rule, finding.severity, &finding.value)
}

/// A second with so many data segments of which some are sent again.
fn second(place: u64, data: u64, resent: u64) -> HistoryPoint {
    HistoryPoint {
        second: BEGIN + place,
        stretch: 1,
        packets: data,
        data_segments: data,
        resent_segments: resent,
        ..HistoryPoint::default()
    }
}

fn listed(id: u64) -> FlowListed {
    let flow = Flow {
        protocol: "TLS".into(),
        transport: "TCP".into(),
        client: CLIENT,
        client_port: Some(50_000),
        server: SERVER,
        server_port: Some(443),
        first_seen: None,
        last_seen: None,
        duration_s: None,
        state: None,
        packets_up: 0,
        packets_down: 0,
        bytes_up: 0,
        bytes_down: 0,
        goodput_bytes_up: 0,
        goodput_bytes_down: 0,
        icmp_errors: 0,
        retransmissions: None,
        rtt_ms_mean: None,
        initial_rtt_ms: None,
        app: None,
        category: None,
        evidence: Evidence { kind: EvidenceKind::None, value: None, learned_at: None },
        hostname: Some("example.org".into()),
        sni: None,
        alpn: None,
        ja3: None,
        ja4: None,
        encrypted: true,
    };
    FlowListed { id, active: true, up_bps: None, down_bps: None, recent_bps: Vec::new(), flow }
}

fn stream(id: u64, mos: Option<f64>, lost: u64, jitter_ms: f64) -> RtpStream {
    RtpStream {
        id,
        flow: 7,
        call: None,
        ssrc: 1,
        src: CLIENT,
        src_port: 4_000,
        dst: SERVER,
        dst_port: 4_000,
        payload_type: 0,
        payload_types: Vec::new(),
        codec: None,
        clock_rate: Some(8_000),
        clock_by: None,
        kind: Some(StreamKind::Audio),
        encrypted: false,
        found_by: StreamSign::Shape,
        active: true,
        first_seen: None,
        duration_s: None,
        packets: 1_000,
        bytes: 200_000,
        expected: 1_000 + lost,
        lost,
        lost_percentage: Some(lost as f64 * 100.0 / (1_000 + lost) as f64),
        out_of_order: 0,
        duplicates: 0,
        restarts: 0,
        longest_loss: 0,
        talk_spurts: 0,
        jitter_ms: None,
        jitter_ms_mean: Some(jitter_ms),
        jitter_ms_max: None,
        mos,
        mos_basis: MosBasis::default(),
        reported: None,
    }
}

#[test]
fn a_session_in_which_all_is_well_has_no_finding() {
    let mut publication = session(60, 1_000);
    publication.totals.points = (0..60).map(|place| second(place, 100, 0)).collect();
    publication.calls.streams = vec![stream(1, Some(4.3), 0, 2.0), stream(2, None, 0, 24.0)];
    let found = Watched::default().look(&publication);
    assert_eq!((found.findings, found.facts, found.changes), (vec![], vec![], vec![]));
}

#[test]
fn drops_are_found_from_a_thousandth_on() {
    let dropped = |drops| {
        let mut publication = session(60, 100_000 - drops);
        publication.totals.traffic.kernel_drops = Some(drops);
        once(&publication)
    };
    // 99 of 100,000 are 0.099 %, 100 are 0.1 %, 5,000 are 5 %.
    assert!(dropped(99).is_empty());
    assert_eq!(only(&dropped(100)), (FindingRule::CaptureDrops, Severity::Warning, "0.1 %"));
    assert_eq!(only(&dropped(5_000)), (FindingRule::CaptureDrops, Severity::Critical, "5.0 %"));
}

#[test]
fn segments_sent_again_are_found_from_one_in_a_hundred_on() {
    let resent = |data, resent| {
        let mut publication = session(30, 1_000);
        publication.totals.points = vec![second(0, data, resent)];
        publication.symptoms.resent = vec![FlowSymptom { flow: listed(3), count: resent, of: data }];
        once(&publication)
    };
    let found = resent(500, 5);
    assert_eq!(only(&found), (FindingRule::Retransmissions, Severity::Warning, "1.0 %"));
    assert_eq!(found[0].limit.as_deref(), Some("1.0 %"));
    assert_eq!(found[0].evidence[0].flow, Some(3));
    let text = "10.0.0.1 port 50000 to example.org port 443: 5 segments sent again (1.0 % of its data)";
    assert_eq!(found[0].evidence[0].text, text);
    assert_eq!(only(&resent(100, 5)).1, Severity::Critical);
    // Less than one in a hundred; four only; too few to tell.
    assert!(resent(501, 5).is_empty());
    assert!(resent(100, 4).is_empty());
    assert!(resent(99, 20).is_empty());
}

#[test]
fn a_connection_of_few_segments_has_a_count_sent_again_and_no_share() {
    let shown = |resent, data| {
        let mut publication = session(30, 1_000);
        publication.totals.points = vec![second(0, 100, 5)];
        publication.symptoms.resent = vec![FlowSymptom { flow: listed(3), count: resent, of: data }];
        once(&publication)[0].evidence[0].text.clone()
    };
    assert!(shown(3, 4).ends_with(": 3 segments sent again"));
    assert!(shown(1, 19).ends_with(": 1 segment sent again"));
    // 5 of 20 are a quarter.
    assert!(shown(5, 20).ends_with(": 5 segments sent again (25.0 % of its data)"));
}

#[test]
fn a_finding_holds_until_its_number_was_clearly_below_its_limit_for_ten_seconds() {
    let mut watched = Watched::default();
    let mut run = |places: std::ops::RangeInclusive<u64>, resent: u64| {
        let mut found = Findings::default();
        for place in places {
            let mut publication = session(u32::try_from(place).unwrap() + 1, 1_000);
            publication.totals.points = vec![second(place, 100, resent)];
            found = watched.look(&publication);
        }
        found
    };
    let begun = run(0..=1, 10);
    let (id, first) = (begun.findings[0].id, begun.findings[0].first_ms);
    assert_eq!(first, Some((BEGIN + 1) as f64 * 1_000.0));
    // 20 of 2,000 segments are 1.0 %, 20 of 2,500 are 0.8 %: clearly below the limit are those of 26 s.
    let held = run(2..=19, 0);
    assert!(held.findings[0].holds);
    let last_ms = Some((BEGIN + 20) as f64 * 1_000.0);
    assert_eq!((held.findings[0].value.as_str(), held.findings[0].last_ms), ("1.0 %", last_ms));
    let calm = run(20..=34, 0);
    assert!(calm.findings[0].holds, "calm for nine seconds");
    let over = run(35..=35, 0);
    assert_eq!((over.findings[0].holds, over.findings[0].last_ms), (false, last_ms));
    // What is over is told as it was at its worst: 20 of 200.
    assert_eq!((over.findings[0].value.as_str(), over.findings[0].severity), ("10.0 %", Severity::Critical));
    let said: Vec<_> = over.changes.iter().map(|change| change.sentence.text()).collect();
    assert_eq!(said[0], "Over: Many TCP segments are sent again.");
    assert!(said.last().unwrap().starts_with("Many TCP segments are sent again: "), "{said:?}");
    // It comes again: it is the same one.
    let again = run(36..=40, 50);
    assert_eq!((again.findings.len(), again.findings[0].id, again.findings[0].holds), (1, id, true));
    assert_eq!(again.findings[0].first_ms, first);
}

/// A session of so many seconds at 20 ms, then 30 s at another round trip.
fn risen(before: u64, rtt_ms: f64) -> Vec<Finding> {
    let mut publication = session(u32::try_from(before).unwrap() + 30, 10_000);
    publication.protocols.tcp.rtt_far_ms.samples = 1_000;
    let rtt = |place| if place < before { 20.0 } else { rtt_ms };
    publication.totals.points = (0..before + 30)
        .map(|place| HistoryPoint { rtt_p50_ms: Some(rtt(place)), ..second(place, 0, 0) })
        .collect();
    once(&publication)
}

#[test]
fn a_round_trip_that_rose_is_held_against_the_sessions_own() {
    // Twice 20 ms, and 20 ms above it.
    let found = risen(90, 40.0);
    assert_eq!(only(&found), (FindingRule::RoundTripRose, Severity::Warning, "2.0 times 20.0 ms"));
    assert_eq!(only(&risen(90, 60.0)).1, Severity::Critical);
    // 1.95 times as long, but less than 20 ms longer; and a session too young to have a usual one.
    assert!(risen(90, 39.0).is_empty());
    assert!(risen(59, 60.0).is_empty());
}

#[test]
fn what_people_hear_is_found_by_mos_else_by_loss_or_jitter() {
    let heard = |stream| {
        let mut publication = session(30, 1_000);
        publication.calls.streams = vec![stream];
        once(&publication)
    };
    assert!(heard(stream(1, Some(3.6), 0, 1.0)).is_empty());
    assert_eq!(
        only(&heard(stream(1, Some(3.59), 0, 1.0))),
        (FindingRule::PoorCall, Severity::Warning, "3.59")
    );
    assert_eq!(only(&heard(stream(1, Some(3.09), 0, 1.0))).1, Severity::Critical);
    // 11 of 1,011 are 1.1 %, 9 of 1,009 are 0.9 %.
    assert_eq!(only(&heard(stream(1, None, 11, 1.0))), (FindingRule::PoorCall, Severity::Warning, "1.1 %"));
    assert!(heard(stream(1, None, 9, 1.0)).is_empty());
    assert_eq!(only(&heard(stream(1, None, 0, 30.0))), (FindingRule::PoorCall, Severity::Warning, "30.0 ms"));
    // A moving picture sends its packets in bunches; and two seconds are needed to tell.
    assert!(heard(RtpStream { kind: Some(StreamKind::Video), ..stream(1, None, 0, 60.0) }).is_empty());
    assert!(heard(RtpStream { packets: 99, ..stream(1, Some(2.0), 0, 1.0) }).is_empty());
}

#[test]
fn both_ways_of_a_call_are_one_finding() {
    let mut publication = session(30, 1_000);
    let of_call = |id, mos| RtpStream { call: Some(5), ..stream(id, Some(mos), 40, 1.0) };
    publication.calls.streams = vec![of_call(1, 3.5), of_call(2, 3.0)];
    let found = once(&publication);
    assert_eq!(only(&found), (FindingRule::PoorCall, Severity::Critical, "3.00"));
    assert_eq!(
        (found[0].evidence.len(), found[0].evidence[0].see.as_str()),
        (2, "/protocols?protocols=RTP&stream=2")
    );
    assert_eq!(found[0].see, "/protocols?view=calls&call=5");
}

#[test]
fn two_poor_streams_between_the_same_hosts_show_their_ports() {
    let mut publication = session(30, 1_000);
    let of = |id, src_port| RtpStream { src_port, dst_port: 40_002, ..stream(id, Some(3.0), 40, 1.0) };
    publication.calls.streams = vec![of(1, 5_004), of(2, 5_006)];
    let mut shown: Vec<_> =
        once(&publication).into_iter().map(|found| found.evidence[0].text.clone()).collect();
    shown.sort();
    assert_eq!(shown.len(), 2);
    assert!(shown[0].contains(":5004 to ") && shown[1].contains(":5006 to "), "{shown:?}");
    assert!(shown.iter().all(|text| text.contains(":40002: MOS 3.00")), "{shown:?}");
}

#[test]
fn a_receiver_without_room_is_found_from_ten_segments_on() {
    let windows = |count| {
        let mut publication = session(30, 1_000);
        publication.symptoms.zero_windows = vec![FlowSymptom { flow: listed(4), count, of: 500 }];
        once(&publication)
    };
    assert!(windows(9).is_empty());
    assert_eq!(only(&windows(10)), (FindingRule::ZeroWindows, Severity::Warning, "10"));
    assert_eq!(only(&windows(100)).1, Severity::Critical);
}

fn unanswered(tried: u64, unanswered: u64, refused: u64) -> Unanswered {
    let last_ms = Some((BEGIN + 29) as f64 * 1_000.0);
    Unanswered {
        address: SERVER,
        port: 5_432,
        tried,
        unanswered,
        refused,
        client: CLIENT,
        flow: 9,
        first_ms: None,
        last_ms,
    }
}

#[test]
fn a_service_that_does_not_answer_is_found_and_one_of_which_single_tries_fail_is_not() {
    let tried = |service| {
        let mut publication = session(30, 1_000);
        publication.symptoms.unanswered = vec![service];
        once(&publication)
    };
    let found = tried(unanswered(3, 3, 0));
    assert_eq!(only(&found), (FindingRule::NoAnswer, Severity::Warning, "3 of 3 connections"));
    assert_eq!(found[0].title, "192.0.2.80 does not answer on port 5432");
    assert_eq!(only(&tried(unanswered(10, 0, 10))).1, Severity::Critical);
    assert!(tried(unanswered(10, 0, 10))[0].title.contains("refuses connections to port 5432"));
    assert_eq!(only(&tried(unanswered(20, 10, 0))).1, Severity::Warning);
    assert!(tried(unanswered(2, 2, 0)).is_empty());
    assert!(tried(unanswered(100, 49, 0)).is_empty());
}

fn scan(addresses: u64, ports: u64, answered: u64) -> Scan {
    let failed = addresses * ports;
    let last_ms = Some((BEGIN + 29) as f64 * 1_000.0);
    Scan {
        host: CLIENT,
        addresses,
        ports,
        failed,
        answered,
        target: SERVER,
        flow: 11,
        first_ms: None,
        last_ms,
    }
}

#[test]
fn a_host_that_tries_everything_is_found_and_what_it_met_is_not() {
    let mut publication = session(30, 1_000);
    publication.symptoms.scans = vec![scan(1, 200, 3)];
    publication.symptoms.unanswered = vec![unanswered(5, 0, 5)];
    let found = once(&publication);
    assert_eq!(only(&found), (FindingRule::Scan, Severity::Critical, "200 ports"));
    assert_eq!(found[0].title, "10.0.0.1 tries many ports");
    // Few; and one that is answered mostly.
    publication.symptoms.unanswered.clear();
    publication.symptoms.scans = vec![scan(19, 1, 0), scan(20, 1, 20)];
    assert!(once(&publication).is_empty());
    publication.symptoms.scans = vec![scan(20, 1, 0)];
    assert_eq!(only(&once(&publication)), (FindingRule::Scan, Severity::Warning, "20 addresses"));
}

#[test]
fn dns_is_found_slow_silent_or_failing() {
    let asked = |mean: f64, timeouts, failures: u64| {
        let mut publication = session(30, 1_000);
        let dns = &mut publication.protocols.dns;
        (dns.queries, dns.responses, dns.timeouts) = (100, 100, timeouts);
        (dns.latency_ms.samples, dns.latency_ms.mean) = (100, Some(mean));
        dns.rcodes.extend([("NXDOMAIN".into(), 40), ("SERVFAIL".into(), failures)]);
        once(&publication)
    };
    // That a name does not exist is an answer.
    assert!(asked(149.0, 4, 4).is_empty());
    assert_eq!(only(&asked(150.0, 0, 0)), (FindingRule::Dns, Severity::Warning, "150.0 ms"));
    assert_eq!(only(&asked(20.0, 20, 0)), (FindingRule::Dns, Severity::Critical, "20.0 %"));
    let failing = asked(20.0, 0, 5);
    assert_eq!(only(&failing), (FindingRule::Dns, Severity::Warning, "5.0 %"));
    assert_eq!(failing[0].evidence[0].text, "SERVFAIL 5");
    assert_eq!(asked(600.0, 20, 20).len(), 3);
}

#[test]
fn a_finding_is_over_in_time_also_where_stamps_jump_back() {
    let mut watched = Watched::default();
    let mut run = |seconds: std::ops::RangeInclusive<u32>, back_ms: f64| {
        let mut found = Findings::default();
        for second in seconds {
            let mut publication = session(second, 1_000);
            publication.totals.now_ms = publication.totals.now_ms.map(|now| now - back_ms);
            (publication.protocols.dns.queries, publication.protocols.dns.timeouts) = (100, 20);
            found = watched.look(&publication);
        }
        found.findings.first().map(|finding| finding.holds)
    };
    assert_eq!(run(1..=20, 0.0), Some(true));
    // A day back: nothing is asked there, which is calm from the second look on.
    assert_eq!(run(21..=31, 86_400_000.0), Some(true));
    assert_eq!(run(32..=33, 86_400_000.0), Some(false));
}

#[test]
fn pages_in_clear_text_are_worth_knowing_and_names_asked_for_are_not() {
    let clear = |protocol: &'static str, packets| ClearText {
        protocol: protocol.into(),
        server_port: Some(80),
        flows: 2,
        packets,
        bytes: packets * 500,
        largest_server: SERVER,
        largest_client: CLIENT,
    };
    let mut publication = session(30, 1_000);
    publication.protocols.clear_text = vec![clear("HTTP", 10), clear("DNS", 500), clear("SIP", 9)];
    let found = once(&publication);
    assert_eq!(only(&found), (FindingRule::ClearText, Severity::Info, "5.0 kB"));
    assert_eq!(found[0].limit, None);
}

#[test]
fn a_password_in_clear_text_is_critical_at_once() {
    let credential = |client, count| Credential {
        kind: CredentialKind::Ftp,
        client,
        server: SERVER,
        server_port: 21,
        count,
        flow: 2,
        first_ms: Some(BEGIN as f64 * 1_000.0),
        last_ms: Some(BEGIN as f64 * 1_000.0),
    };
    let mut publication = session(3_600, 1_000);
    publication.symptoms.credentials = vec![credential(CLIENT, 1), credential(SERVER, 2)];
    let found = once(&publication);
    assert_eq!(only(&found), (FindingRule::Credentials, Severity::Critical, "3 times"));
    assert_eq!(found[0].evidence[0].text, "10.0.0.1 to 192.0.2.80 port 21: FTP password, 1 time");
    // It was an hour ago.
    assert!(!found[0].holds);
    assert_eq!(found[0].first_ms, Some(BEGIN as f64 * 1_000.0));
}

#[test]
fn one_conversation_fills_a_link_that_is_full() {
    let moved = |seconds, share: u64, link_bps| {
        // 10 Mbps on average and at most.
        let mut publication = session(seconds, u64::from(seconds) * 12_500);
        let total = u64::from(seconds) * 1_250_000;
        publication.totals.throughput.total.throughput_bps_peak = Some(10_000_000.0);
        let (count, of) = (total * share / 100, total);
        publication.symptoms.largest = vec![FlowSymptom { flow: listed(1), count, of }];
        publication.symptoms.link_bps = link_bps;
        once(&publication)
    };
    assert_eq!(
        only(&moved(20, 60, Some(12_500_000))),
        (FindingRule::LinkFilled, Severity::Warning, "60.0 %")
    );
    assert_eq!(only(&moved(20, 60, None)), (FindingRule::LinkFilled, Severity::Info, "60.0 %"));
    // Another has its part; the link has room; it took no time.
    assert!(moved(20, 59, Some(12_500_000)).is_empty());
    assert!(moved(20, 60, Some(12_600_000)).is_empty());
    assert!(moved(9, 60, None).is_empty());
}

#[test]
fn half_a_minute_is_held_against_the_one_before() {
    let mut publication = session(61, 1_000);
    // 2 Mbps for 30 s, then 8 Mbps for 30 s, and a second that closes them.
    publication.totals.points = (0..61)
        .map(|place| {
            let inbound_bits = if place < 30 { 2_000_000 } else { 8_000_000 };
            HistoryPoint { inbound_bits, ..second(place, 0, 0) }
        })
        .collect();
    let found = Watched::default().look(&publication);
    let [change] = &found.changes[..] else { panic!("{found:?}") };
    assert_eq!(change.sentence.text(), "Throughput rose from 2.0 Mbps to 8.0 Mbps.");
    assert_eq!(change.at_ms, Some((BEGIN + 60) as f64 * 1_000.0));
    let said = change.sentence.pieces.iter().filter_map(|piece| piece.fact).collect::<Vec<_>>();
    let rose = found.facts.iter().find(|fact| fact.id == said[0]).unwrap();
    assert_eq!(rose.value, FactValue::Comparison { of: said[2], with: said[1], relation: Relation::Rose });
}

#[test]
fn the_most_findings_are_kept_and_ids_stand_for_one_subject() {
    let mut watched = Watched::default();
    let mut publication = session(30, 1_000);
    publication.calls.streams = (0..220).map(|id| stream(id, Some(2.0), 90, 1.0)).collect();
    let found = watched.look(&publication);
    assert_eq!((found.findings.len(), found.findings_omitted), (200, 20));
    let of = |found: &Findings, subject: u64| {
        let finding = found.findings.iter().find(|finding| finding.subject == Subject::Stream(subject));
        finding.map(|finding| finding.id)
    };
    publication.calls.streams.reverse();
    let again = watched.look(&publication);
    assert_eq!(of(&again, 7), of(&found, 7));
    assert!(again.findings.iter().all(|finding| !finding.facts.is_empty() && !finding.evidence.is_empty()));
    let known = |id: &u32| again.facts.iter().any(|fact| fact.id == *id);
    assert!(again.findings.iter().flat_map(|finding| &finding.facts).all(known));
}
