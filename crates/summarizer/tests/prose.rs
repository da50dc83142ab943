//! What is said of many sessions, sentence by sentence: every number and every name in one is a fact's.

#![expect(clippy::unwrap_used, clippy::expect_used, reason = "a test stops, and says why")]

use std::collections::BTreeSet;
use std::fs;
use std::io::Read;
use std::net::SocketAddr;
use std::ops::ControlFlow;
use std::path::Path;

use netsonde_capture::Source;
use netsonde_messages::stream::{SourceKind, State, Status, StatusSource};
use netsonde_messages::{
    Fact, FactValue, Finding, FindingRule, Findings, RtpStream, Sentence, SessionReport, Severity, Span,
    Subject, Summary, Unit,
};
use netsonde_session::{Publication, Session, Settings};
use netsonde_summarizer::findings::{self, Memory};
use netsonde_summarizer::{Figures, Minutes, report};
use netsonde_synth::demo::{SEED, Story};
use netsonde_synth::plan::{call, mix, scenario, trouble};
use netsonde_synth::{Arrivals, Packets, PcapRead, Resolution};

/// Monday, 2026-01-05 09:00:00 UTC, in nanoseconds since the Unix epoch.
const BASE: u64 = 1_767_603_600_000_000_000;
/// Names of protocols are ordinary words, though an application or a class goes by one.
const PROTOCOLS: [&str; 7] = ["DNS", "QUIC", "RTP", "TCP", "TLS", "UDP", "other protocols"];
/// What is said of two minutes of the demo.
const DEMO: &str = include_str!("golden/demo.txt");
/// So often something is said, in nanoseconds.
const MINUTE: u64 = 60_000_000_000;
/// The demo has fewer; a mix goes on for ever.
const MOST_PACKETS: u64 = 200_000;

/// A session that was read to its end.
struct Told {
    status: Status,
    measured: Publication,
    /// What was said of its minutes.
    minutes: Vec<Summary>,
    /// What was found out of it.
    found: Findings,
}

fn status(name: &str) -> Status {
    let source = StatusSource { kind: SourceKind::File, name: name.into(), progress_percentage: None };
    Status {
        state: State::Finished,
        problem: None,
        session: 1,
        source: Some(source),
        filter: None,
        started_at: None,
        summarizing: true,
    }
}

fn read(name: &str, input: impl Read + Send + 'static) -> Option<Told> {
    let mut source = Source::reader(name, Box::new(input)).ok()?;
    let mut session = Session::new(Settings::default());
    let status = status(name);
    let mut memory = Memory::default();
    let (mut minutes, mut said, mut seconds) = (Minutes::default(), Vec::new(), Vec::new());
    let mut next = None;
    // What breaks off is measured up to there.
    let _ = session.drive(&mut source, &mut |session, beat| {
        let now = beat.now.nanos();
        if beat.packets > 0 && now >= *next.get_or_insert(now + MINUTE) {
            next = Some(now + MINUTE);
            let measured = session.publication();
            seconds.extend_from_slice(&measured.totals.points);
            let figures = Figures { status: &status, measured: &measured };
            let found = findings::of(&figures, &mut memory);
            said.extend(minutes.next(&figures, &found, &seconds));
        }
        ControlFlow::Continue(())
    });
    session.finish();
    let measured = session.publication();
    let found = findings::of(&Figures { status: &status, measured: &measured }, &mut memory);
    Some(Told { status, measured, minutes: said, found })
}

fn plan(name: &str, plan: impl Arrivals + 'static) -> Told {
    read(name, PcapRead::new(Packets::new(plan).limit(MOST_PACKETS), Resolution::Nanoseconds))
        .expect("a capture")
}

fn said(session: &Told) -> SessionReport {
    report(&Figures { status: &session.status, measured: &session.measured }, &session.found)
}

/// What breaks a rule of how sentences are made.
fn complaints_of(sentences: &[Sentence], facts: &[Fact]) -> Vec<String> {
    let mut complaints = Vec::new();
    let mut numbers = BTreeSet::new();
    for sentence in sentences {
        let text = sentence.text();
        let mut complain = |what: &str| complaints.push(format!("{what}: {text}"));
        if !text.ends_with('.') || text.ends_with("..") {
            complain("no full stop");
        }
        if text.contains("  ") || text.contains(" ,") || text.contains(" .") || text.trim() != text {
            complain("a space too many");
        }
        if text.chars().next().is_some_and(char::is_lowercase)
            && sentence.pieces.first().is_some_and(|piece| piece.fact.is_none())
        {
            complain("a small letter first");
        }
        for piece in &sentence.pieces {
            let Some(id) = piece.fact else {
                if piece.text.chars().any(char::is_numeric) {
                    complain("a number that is no fact");
                }
                for fact in facts {
                    let name = matches!(&fact.value, FactValue::Text(name) if name.len() > 3 && piece.text.contains(name));
                    if name && !PROTOCOLS.contains(&fact.text.as_str()) {
                        complain("a name that is no fact");
                    }
                }
                continue;
            };
            let Some(fact) = facts.iter().find(|fact| fact.id == id) else {
                complain("a fact that is none");
                continue;
            };
            if fact.text != piece.text {
                complain("a fact in other words");
            }
            let is_number = matches!(fact.value, FactValue::Number { .. });
            if is_number && !numbers.insert((fact.label.clone(), fact.subject.clone())) {
                complain("a number said before");
            }
        }
    }
    complaints
}

/// Every session of `synth` and, where they are there, of the real captures.
fn sessions() -> Vec<Told> {
    let mut sessions =
        vec![plan("demo", Story::new(SEED, BASE)), plan("mix.pcap", mix::Mix::new(BASE, 30_000, 7))];
    for case in call::all() {
        sessions.push(plan("call.pcap", case.arrivals(BASE, 1).into_iter()));
    }
    for case in scenario::all() {
        sessions.push(plan("scenario.pcap", case.arrivals(BASE, 1).into_iter()));
    }
    for case in trouble::all() {
        sessions.push(plan("trouble.pcap", case.arrivals(BASE, 1).into_iter()));
    }
    let corpus = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/corpus/dev");
    for entry in fs::read_dir(corpus).into_iter().flatten() {
        let path = entry.unwrap().path();
        let name = path.file_name().unwrap().to_string_lossy().into_owned();
        sessions.extend(read(&name, fs::File::open(&path).unwrap()));
    }
    sessions
}

#[test]
fn every_number_and_name_of_a_sentence_is_a_fact() {
    let (mut read, mut minutes) = (0, 0);
    for session in sessions() {
        let report = said(&session);
        let complaints = complaints_of(&report.sentences, &report.facts);
        assert!(complaints.is_empty(), "{:?}: {complaints:#?}", session.status.source);
        let joined: Vec<_> = report.sentences.iter().map(Sentence::text).collect();
        assert_eq!(report.summary, joined.join(" "));
        assert_eq!(report.breakdown.len(), 9);
        for minute in &session.minutes {
            let complaints = complaints_of(&minute.sentences, &minute.facts);
            assert!(complaints.is_empty(), "{:?}: {complaints:#?}", session.status.source);
            // Two findings, how many more, how much, what, how well, and what is missing.
            assert!((1..=7).contains(&minute.sentences.len()), "{minute:?}");
        }
        minutes += session.minutes.len();
        read += 1;
    }
    assert!(read > 20 && minutes > 20, "{read} sessions, {minutes} minutes");
}

/// What the parts of a report say agrees: a protocol with packets has a rate, and what is carried counts in its carrier.
#[test]
fn the_parts_of_a_report_do_not_contradict_each_other() {
    let demo = plan("demo", Story::new(SEED, BASE));
    let rates = |name: &'static str| demo.measured.protocols.rates.get(name).copied().unwrap_or_default();
    let report = said(&demo);
    for name in ["TCP", "RTP", "UDP", "QUIC", "DNS", "IGMP"] {
        let rates = rates(name);
        assert!(rates.packets > 0, "{name}");
        assert!(
            rates.inbound_throughput_bps_average > Some(0.0)
                || rates.outward_throughput_bps_average > Some(0.0),
            "{name}"
        );
        let part = report.breakdown.iter().find(|part| part.name == name).unwrap();
        let of = |key| &part.key_metrics.iter().find(|metric| metric.key == key).unwrap().value;
        assert_eq!(*of("Packets"), netsonde_units::quantity::count(rates.packets));
        assert!(!part.observations.contains("No "), "{part:?}");
    }
    // TLS is carried by TCP, the others by UDP.
    let distribution = &demo.measured.protocols.distribution;
    assert!(rates("TCP").packets >= distribution.tls.packets + distribution.tcp.packets);
    let carried = rates("QUIC").packets + rates("DNS").packets + rates("RTP").packets;
    assert!(rates("UDP").packets >= carried);
}

/// A finding of a rule with its numbers, about something that `measured` below lists.
fn finding(id: u64, rule: FindingRule, severity: Severity, subject: Subject, facts: Vec<u32>) -> Finding {
    Finding {
        id,
        rule,
        severity,
        title: "A title".into(),
        subject,
        value: "a value".into(),
        limit: None,
        meaning: String::new(),
        advice: String::new(),
        evidence: Vec::new(),
        facts,
        first_ms: None,
        last_ms: None,
        holds: true,
        see: "/findings".into(),
    }
}

fn made_up() -> Findings {
    let mut facts = Vec::new();
    let mut add = |label: &'static str, subject: Subject, value: f64, unit: Unit, text: &str| {
        let id = u32::try_from(facts.len() + 1).unwrap();
        let value = FactValue::Number { value, unit };
        facts.push(Fact {
            id,
            label: label.into(),
            subject,
            value,
            text: text.into(),
            span: Span::default(),
            method: "made up".into(),
            see: "/".into(),
        });
        id
    };
    let tcp = || Subject::Protocol("TCP".into());
    let http = || Subject::Protocol("HTTP".into());
    let sip = || Subject::Protocol("SIP".into());
    let service = || Subject::Service { address: [10, 0, 0, 9].into(), port: Some(443) };
    let host = || Subject::Host([10, 0, 0, 66].into());
    let pair = || Subject::Pair([10, 0, 0, 1].into(), [10, 0, 0, 2].into());
    let rows = vec![
        (
            FindingRule::ClearText,
            Severity::Info,
            Subject::Protocol("HTTP".into()),
            vec![add("In clear text", http(), 1_500.0, Unit::Bytes, "1.5 kB")],
        ),
        (
            FindingRule::Retransmissions,
            Severity::Warning,
            tcp(),
            vec![add("TCP loss", tcp(), 3.2, Unit::Percent, "3.2 %")],
        ),
        (
            FindingRule::NoAnswer,
            Severity::Critical,
            service(),
            vec![
                add("Connections that came to nothing", service(), 3.0, Unit::Count, "3"),
                add("Connections tried", service(), 4.0, Unit::Count, "4"),
            ],
        ),
        (
            FindingRule::RoundTripRose,
            Severity::Warning,
            tcp(),
            vec![
                add("Round trip p50", tcp(), 120.0, Unit::Milliseconds, "120.0 ms"),
                add("Round trip p50, before", tcp(), 40.0, Unit::Milliseconds, "40.0 ms"),
                add("Round trip beside before", tcp(), 3.0, Unit::Times, "3.0 times"),
            ],
        ),
        (
            FindingRule::Scan,
            Severity::Critical,
            host(),
            vec![add("Ports tried in vain", host(), 1.0, Unit::Count, "1")],
        ),
        (
            FindingRule::Credentials,
            Severity::Critical,
            pair(),
            vec![add("Passwords in clear text", pair(), 2.0, Unit::Count, "2")],
        ),
        (
            FindingRule::ClearText,
            Severity::Info,
            Subject::Protocol("SIP".into()),
            vec![add("In clear text", sip(), 2_500.0, Unit::Bytes, "2.5 kB")],
        ),
        // Of a flow that nothing lists there is no more than the title.
        (FindingRule::ZeroWindows, Severity::Info, Subject::Flow(7), vec![]),
    ];
    let rows = (1..).zip(rows);
    let findings = rows
        .map(|(id, (rule, severity, subject, facts))| finding(id, rule, severity, subject, facts))
        .collect();
    Findings { session: 1, findings, facts, ..Findings::default() }
}

#[test]
fn the_most_severe_findings_stand_first_and_the_rest_is_counted() {
    let session = plan("call.pcap", call::all().first().unwrap().arrivals(BASE, 1).into_iter());
    let report = report(&Figures { status: &session.status, measured: &session.measured }, &made_up());
    // Eight are listed and four named; one sentence for what goes in clear text would tell two.
    let words = "3 of 4 connections to 10.0.0.9:443 came to nothing. 10.0.0.66 tried 1 port in vain. 2 logins with their \
                 password in clear text went from 10.0.0.1 to 10.0.0.2. 3.2 % of the TCP data segments were sent again. 4 more findings are listed. In ";
    assert!(report.summary.starts_with(words), "{}", report.summary);
    assert_eq!(report.severity, Severity::Critical);
    assert_eq!(complaints_of(&report.sentences, &report.facts), Vec::<String>::new());
    // The parts say what concerns them.
    let tcp = report.breakdown.iter().find(|part| part.name == "TCP").unwrap();
    let words = "3 of 4 connections to 10.0.0.9:443 came to nothing. 10.0.0.66 tried 1 port in vain. 3.2 % of the TCP data \
                 segments were sent again.";
    assert!(tcp.observations.ends_with(words), "{tcp:?}");
    let encryption = report.breakdown.iter().find(|part| part.name == "Encryption Composition").unwrap();
    assert!(
        encryption.observations.ends_with("2.5 kB of SIP and 1.5 kB of HTTP went in clear text."),
        "{encryption:?}"
    );
    // Every fact of a finding is one of the report's.
    for id in report.findings.iter().flat_map(|finding| &finding.facts) {
        assert!(report.facts.iter().any(|fact| fact.id == *id && fact.method == "made up"));
    }
}

/// Five services got a password, two calls are poor, and DNS is slow and leaves questions unanswered.
#[test]
fn many_findings_of_a_rule_leave_room_for_those_of_others() {
    let mut facts = Vec::new();
    let mut rows = Vec::new();
    let mut add = |rule, severity, subject: Subject, label: &'static str, unit, value: f64, text: &str| {
        let id = u32::try_from(facts.len() + 1).unwrap();
        facts.push(Fact {
            id,
            label: label.into(),
            subject: subject.clone(),
            value: FactValue::Number { value, unit },
            text: text.into(),
            span: Span::default(),
            method: "made up".into(),
            see: "/".into(),
        });
        rows.push(finding(u64::from(id), rule, severity, subject, vec![id]));
    };
    let service = |last: u8| Subject::Service { address: [10, 0, 0, last].into(), port: Some(21) };
    let dns = || Subject::Protocol("DNS".into());
    let (critical, warning) = (Severity::Critical, Severity::Warning);
    for (last, times) in [(1, 1.0), (2, 9.0), (3, 2.0), (4, 1.0), (5, 1.0)] {
        let label = "Passwords in clear text";
        let (rule, text) = (FindingRule::Credentials, times.to_string());
        add(rule, critical, service(last), label, Unit::Count, times, &text);
    }
    for (stream, mos, text) in [(1, 3.4, "3.40"), (2, 3.2, "3.20")] {
        add(FindingRule::PoorCall, warning, Subject::Stream(stream), "MOS", Unit::Mos, mos, text);
    }
    let rule = FindingRule::Dns;
    add(rule, warning, dns(), "DNS questions without an answer, share", Unit::Percent, 7.0, "7.0 %");
    add(rule, critical, dns(), "DNS latency", Unit::Milliseconds, 700.0, "700.0 ms");
    let found = Findings { session: 1, findings: rows, facts, ..Findings::default() };
    let session = plan("trouble.pcap", trouble::named("quiet").unwrap().arrivals(BASE, 1).into_iter());
    let report = report(&Figures { status: &session.status, measured: &session.measured }, &found);
    let words = "9 logins with their password in clear text went to 10.0.0.2:21; more went so to 4 other services. DNS \
                 took 700.0 ms to answer on average; 7.0 % of the DNS questions stayed without an answer. Speech had a \
                 MOS of 3.20; 1 more call or stream was poor. In ";
    assert!(report.summary.starts_with(words), "{}", report.summary);
    assert_eq!(complaints_of(&report.sentences, &report.facts), Vec::<String>::new());
}

/// The first stream of a call is poor; a second one between the same hosts differs by its ports only.
#[test]
fn a_poor_stream_is_named_by_its_ports_where_its_hosts_have_another() {
    let mut session = plan("call.pcap", call::all().first().unwrap().arrivals(BASE, 1).into_iter());
    let first = session.measured.calls.streams.first().unwrap().clone();
    let subject = Subject::Stream(first.id);
    let fact = Fact {
        id: 1,
        label: "MOS".into(),
        subject: subject.clone(),
        value: FactValue::Number { value: 3.2, unit: Unit::Mos },
        text: "3.20".into(),
        span: Span::default(),
        method: "made up".into(),
        see: "/".into(),
    };
    let poor = finding(1, FindingRule::PoorCall, Severity::Warning, subject, vec![1]);
    let found = Findings { session: 1, findings: vec![poor], facts: vec![fact], ..Findings::default() };
    let summary = |session: &Told| {
        report(&Figures { status: &session.status, measured: &session.measured }, &found).summary
    };
    let (src, dst) = (first.src, first.dst);
    let alone = summary(&session);
    assert!(alone.starts_with(&format!("Between {src} and {dst}, speech had a MOS of 3.20.")), "{alone}");
    let ports = (SocketAddr::new(src, first.src_port), SocketAddr::new(dst, first.dst_port));
    let other = RtpStream { id: first.id + 100, dst_port: first.dst_port + 2, ..first };
    session.measured.calls.streams.push(other);
    let both = summary(&session);
    let (src, dst) = ports;
    assert!(both.starts_with(&format!("Between {src} and {dst}, speech had a MOS of 3.20.")), "{both}");
}

#[test]
fn what_is_said_of_the_demo_is_the_golden_text() {
    let report = said(&plan("demo", Story::new(SEED, BASE)));
    let mut lines = vec![report.summary];
    for part in &report.breakdown {
        lines.extend([String::new(), part.name.to_string()]);
        lines.extend(part.key_metrics.iter().map(|metric| format!("  {}: {}", metric.key, metric.value)));
        lines.push(format!("  {}", part.observations));
    }
    let text = lines.join("\n") + "\n";
    assert_eq!(text, DEMO, "{text}");
}
