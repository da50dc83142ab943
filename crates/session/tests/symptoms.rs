//! What captures of known troubles tell, and what one tells in which nothing is wrong.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::io::Cursor;
use std::net::IpAddr;
use std::ops::ControlFlow;

use netsonde_capture::Source;
use netsonde_session::CredentialKind::{Ftp, HttpBasic, Imap, Pop3, Smtp};
use netsonde_session::{FlowLimit, Session, Settings, Symptoms};
use netsonde_synth::plan::{mix::Mix, trouble};
use netsonde_synth::{Arrivals, Capture, Packets, Resolution, Truth};

/// When the captures begin: 2026-01-01, in nanoseconds since the Unix epoch.
const BASE: u64 = 1_767_225_600_000_000_000;

fn session(name: &str) -> Session {
    measured(trouble::named(name).unwrap().arrivals(BASE, 1).into_iter(), u64::MAX).0
}

/// Measures so many packets of a plan, as a file that is read in one go.
fn measured(plan: impl Arrivals, packets: u64) -> (Session, Truth) {
    let mut packets = Packets::new(plan).limit(packets);
    let mut capture = Capture::new(Vec::new(), Resolution::Nanoseconds).unwrap();
    while let Some(packet) = packets.advance() {
        capture.write(packet.time, packet.bytes).unwrap();
    }
    let mut session = Session::new(Settings::default());
    let mut source = Source::reader("made up", Box::new(Cursor::new(capture.finish().unwrap()))).unwrap();
    session.drive(&mut source, &mut |_, _| ControlFlow::Continue(())).unwrap();
    session.finish();
    (session, packets.into_truth())
}

fn symptoms(name: &str) -> Symptoms {
    session(name).publication().symptoms
}

fn address(text: &str) -> IpAddr {
    text.parse().unwrap()
}

#[test]
fn where_nothing_is_wrong_little_is_told() {
    let told = symptoms("quiet");
    let resent: Vec<_> = told.resent.iter().map(|it| it.count).collect();
    assert_eq!(resent, [1]);
    let failed: Vec<_> =
        told.unanswered.iter().map(|it| (it.port, it.tried, it.unanswered, it.refused)).collect();
    assert_eq!(failed, [(8_080, 1, 0, 1)]);
    assert!(told.zero_windows.is_empty() && told.scans.is_empty() && told.credentials.is_empty());
    assert_eq!((told.link_bps, told.dropped), (None, 0));
}

#[test]
fn services_that_refuse_or_stay_silent_are_told() {
    let told = symptoms("refused").unanswered;
    let counts: Vec<_> =
        told.iter().map(|it| (it.address, it.port, it.tried, it.unanswered, it.refused)).collect();
    assert_eq!(counts, [(address("192.168.1.5"), 5_432, 15, 0, 15)]);
    let told = symptoms("unanswered").unanswered;
    let counts: Vec<_> =
        told.iter().map(|it| (it.address, it.port, it.tried, it.unanswered, it.refused)).collect();
    assert_eq!(counts, [(address("203.0.113.9"), 8_443, 12, 12, 0)]);
    // The first began 5.2 s after the beginning, 1 ms from the tap.
    assert_eq!(told[0].first_ms, Some(1_767_225_605_201.0));
}

#[test]
fn scans_are_told_with_what_was_tried() {
    let scanner = address("192.168.1.66");
    let told = symptoms("scan-ports").scans;
    let [scan] = &told[..] else { panic!("{told:?}") };
    // Of 120 ports three are open; one and all at the same address.
    assert_eq!(
        (scan.host, scan.addresses, scan.ports, scan.failed, scan.answered),
        (scanner, 1, 117, 117, 3)
    );
    assert_eq!(scan.target, address("192.168.1.5"));
    let told = symptoms("scan-addresses").scans;
    let [scan] = &told[..] else { panic!("{told:?}") };
    assert_eq!((scan.host, scan.addresses, scan.ports, scan.failed, scan.answered), (scanner, 98, 1, 98, 2));
}

#[test]
fn the_connection_that_suffers_is_told() {
    let archive = (address("203.0.113.80"), Some(9_000));
    let stalled = symptoms("zero-window").zero_windows;
    assert_eq!(stalled.len(), 1);
    assert_eq!((stalled[0].flow.flow.server, stalled[0].flow.flow.server_port), archive);
    assert!(stalled[0].count >= 3);
    let lossy = symptoms("retransmissions").resent;
    assert_eq!((lossy[0].flow.flow.server, lossy[0].flow.flow.server_port), archive);
    // 43 of 700 segments are sent again, so that 743 pass, and the question before them.
    assert_eq!((lossy.len(), lossy[0].count, lossy[0].of), (1, 43, 744));
    let filled = symptoms("link-filled").largest;
    assert_eq!((filled[0].flow.flow.server, filled[0].flow.flow.server_port), archive);
    assert!(filled[0].count * 10 > filled[0].of * 9);
}

#[test]
fn passwords_are_told_and_never_what_they_are() {
    let mut session = session("clear-passwords");
    let publication = session.publication();
    let told: Vec<_> = publication
        .symptoms
        .credentials
        .iter()
        .map(|it| (it.kind, it.client.to_string(), it.server.to_string(), it.server_port, it.count))
        .collect();
    let (store, mail) = ("192.168.1.5", "203.0.113.25");
    let (first, second, third) = ("192.168.1.20", "192.168.1.21", "192.168.1.22");
    let expected = [
        (HttpBasic, first, store, 80, 2),
        (HttpBasic, second, store, 80, 1),
        // The third desk's login to it was anonymous.
        (Ftp, first, store, 21, 1),
        (Pop3, first, mail, 110, 1),
        (Imap, first, mail, 143, 1),
        (Imap, second, mail, 143, 1),
        (Smtp, first, mail, 587, 1),
        (Smtp, third, mail, 587, 1),
    ];
    let expected =
        expected.map(|(kind, client, server, port, count)| (kind, client.into(), server.into(), port, count));
    assert_eq!(told, expected);
    let report = serde_json::to_string(&session.report(FlowLimit::All)).unwrap();
    let said = format!("{report}{publication:?}");
    // As it is, and as each way writes it in Base64.
    let ways = [
        "correct-horse-17",
        "YW5uYTpjb3JyZWN0LWhvcnNlLTE3",
        "AGFubmEAY29ycmVjdC1ob3JzZS0xNw==",
        "Y29ycmVjdC1ob3JzZS0xNw==",
    ];
    for way in ways {
        assert!(!said.contains(way), "{way}");
    }
}

#[test]
fn errors_about_conversations_are_in_their_rows_when_a_file_is_read_in_one_go() {
    let (mut session, truth) = measured(Mix::new(BASE, 60_000, 1), 60_000);
    let report = serde_json::to_value(session.report(FlowLimit::All)).unwrap();
    let flows = report["flows"].as_array().unwrap();
    let errors: u64 = flows.iter().filter_map(|flow| flow["icmp_errors"].as_u64()).sum();
    assert!(truth.icmp.errors > 0);
    assert_eq!(errors, truth.icmp.errors);
}
