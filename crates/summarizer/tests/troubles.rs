//! What is found in made-up offices, each with one trouble: that one and no other.

#![expect(clippy::unwrap_used, reason = "a test stops, and says why")]

use std::ops::ControlFlow;

use netsonde_capture::Source;
use netsonde_messages::stream::{SourceKind, State, Status, StatusSource};
use netsonde_messages::{Finding, FindingRule, Severity};
use netsonde_session::{Session, Settings};
use netsonde_summarizer::Figures;
use netsonde_summarizer::findings::{self, Memory};
use netsonde_synth::plan::{call, trouble};
use netsonde_synth::{Arrival, Packets, PcapRead, Resolution};

/// Monday, 2026-01-05 09:00:00 UTC, in nanoseconds since the Unix epoch.
const BASE: u64 = 1_767_603_600_000_000_000;

/// Returns what is found in a case that is read as a file.
fn found(name: &str) -> Vec<Finding> {
    findings_of(name, trouble::named(name).unwrap().arrivals(BASE, 1))
}

fn findings_of(name: &str, arrivals: Vec<Arrival>) -> Vec<Finding> {
    let packets = Packets::new(arrivals.into_iter());
    let mut source = Source::reader(name, Box::new(PcapRead::new(packets, Resolution::Nanoseconds))).unwrap();
    let mut session = Session::new(Settings::default());
    session.drive(&mut source, &mut |_, _| ControlFlow::Continue(())).unwrap();
    session.finish();
    let source = StatusSource { kind: SourceKind::File, name: name.into(), progress_percentage: None };
    let status = Status {
        state: State::Finished,
        problem: None,
        session: 1,
        source: Some(source),
        filter: None,
        started_at: None,
        summarizing: true,
    };
    let measured = session.publication();
    findings::of(&Figures { status: &status, measured: &measured }, &mut Memory::default()).findings
}

/// Returns the rules that spoke, each once, with the worst that they said.
fn rules(name: &str) -> Vec<(FindingRule, Severity)> {
    spoken(&found(name))
}

fn spoken(findings: &[Finding]) -> Vec<(FindingRule, Severity)> {
    let worst = |rule| findings.iter().filter(|it| it.rule == rule).map(|it| it.severity).max();
    FindingRule::ALL.into_iter().filter_map(|rule| Some((rule, worst(rule)?))).collect()
}

#[test]
fn an_office_in_which_all_is_ordinary_has_no_finding() {
    // One connection is refused, one segment sent again, one name does not exist.
    assert_eq!(rules("quiet"), []);
}

#[test]
fn every_trouble_is_found_and_nothing_else() {
    use FindingRule::{
        ClearText, Credentials, Dns, LinkFilled, NoAnswer, Retransmissions, RoundTripRose, Scan, ZeroWindows,
    };
    use Severity::{Critical, Info, Warning};
    let expected = [
        // 117 of 120 ports of one address, 100 addresses.
        ("scan-ports", vec![(Scan, Warning)]),
        ("scan-addresses", vec![(Scan, Warning)]),
        // 15 of 15 and 12 of 12 connections to one service.
        ("refused", vec![(NoAnswer, Critical)]),
        ("unanswered", vec![(NoAnswer, Critical)]),
        ("zero-window", vec![(ZeroWindows, Warning)]),
        // 43 of 688 segments of the download, one in sixteen.
        ("retransmissions", vec![(Retransmissions, Critical)]),
        // 20 ms, then 60 ms.
        ("rtt-rise", vec![(RoundTripRose, Warning)]),
        // 700 ms each; 20 of 50 fail and 10 have no answer.
        ("dns-slow", vec![(Dns, Critical)]),
        ("dns-failing", vec![(Dns, Critical)]),
        ("clear-passwords", vec![(ClearText, Info), (Credentials, Critical)]),
        // The speed of the link is not in a file.
        ("link-filled", vec![(LinkFilled, Info)]),
    ];
    let all: Vec<_> = expected.iter().map(|(name, _)| (*name, rules(name))).collect();
    assert_eq!(all, expected);
}

#[test]
fn every_finding_says_what_it_means_what_to_do_and_what_shows_it() {
    for case in trouble::all() {
        for finding in found(case.name) {
            assert!(finding.meaning.ends_with('.') && finding.advice.ends_with('.'), "{finding:?}");
            assert!(!finding.title.is_empty() && !finding.value.is_empty(), "{finding:?}");
            assert!(!finding.facts.is_empty() && finding.see.starts_with('/'), "{finding:?}");
            // The round trip and DNS are the session's: no flow alone shows them.
            let shows_flows = finding.rule != FindingRule::RoundTripRose && finding.rule != FindingRule::Dns;
            assert!(
                !shows_flows || finding.evidence.iter().any(|item| item.see.starts_with("/flows")),
                "{finding:?}"
            );
            assert!(finding.evidence.len() <= 10, "{finding:?}");
        }
    }
}

#[test]
fn calls_that_people_hear_to_be_bad_are_found_and_clear_sound_only_where_it_was_announced() {
    use FindingRule::{ClearText, PoorCall};
    use Severity::{Info, Warning};
    let told = |name| spoken(&findings_of(name, call::named(name).unwrap().arrivals(BASE, 1)));
    let clear = (ClearText, Info);
    assert_eq!(told("all goes well"), [clear]);
    // G.711 hides one lost packet in a hundred.
    assert_eq!(told("lost 1 %"), [clear]);
    assert_eq!(told("lost 5 %"), [(PoorCall, Warning), clear]);
    // The MOS knows nothing of jitter; delays between 0 and 80 ms, more than most receivers wait, are 29 ms of it.
    assert_eq!(told("jitter 80 ms"), [(PoorCall, Warning), clear]);
    // Nothing says whether what nobody announced is encrypted.
    assert_eq!(told("without signalling"), []);
}
