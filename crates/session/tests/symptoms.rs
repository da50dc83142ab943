//! What captures of known troubles tell, and what one tells in which nothing is wrong.

#![expect(clippy::unwrap_used, clippy::panic, reason = "a test stops, and says why")]

use std::io::Cursor;
use std::net::IpAddr;
use std::ops::ControlFlow;

use netsonde_capture::Source;
use netsonde_session::{Session, Settings, Symptoms};
use netsonde_synth::plan::trouble;
use netsonde_synth::{Capture, Packets, Resolution};

/// When the captures begin: 2026-01-01, in nanoseconds since the Unix epoch.
const BASE: u64 = 1_767_225_600_000_000_000;

fn session(name: &str) -> Session {
    let case = trouble::named(name).unwrap();
    let mut packets = Packets::new(case.arrivals(BASE, 1).into_iter());
    let mut capture = Capture::new(Vec::new(), Resolution::Nanoseconds).unwrap();
    while let Some(packet) = packets.advance() {
        capture.write(packet.time, packet.bytes).unwrap();
    }
    let mut session = Session::new(Settings::default());
    let mut source = Source::reader(name, Box::new(Cursor::new(capture.finish().unwrap()))).unwrap();
    session.drive(&mut source, &mut |_, _| ControlFlow::Continue(())).unwrap();
    session.finish();
    session
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
