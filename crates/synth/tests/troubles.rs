//! What follows from each trouble by what it says of itself, worked out by hand.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::collections::BTreeSet;

use netsonde_synth::plan::trouble;
use netsonde_synth::{Packets, Truth};

/// When they begin, in nanoseconds since the Unix epoch.
const BASE: u64 = 1_000_000_000;
const SECOND: u64 = 1_000_000_000;

/// The truth about a trouble.
fn truth(name: &str) -> Truth {
    let case = trouble::named(name).unwrap();
    let mut packets = Packets::new(case.arrivals(BASE, 1).into_iter());
    while packets.advance().is_some() {}
    packets.into_truth()
}

/// Visits of the office: one each three seconds of two and a half minutes.
const VISITS: u64 = 50;

#[test]
fn every_trouble_lasts_minutes_and_is_a_small_file() {
    let names: BTreeSet<&str> = trouble::all().iter().map(|case| case.name).collect();
    assert_eq!(names.len(), 12);
    for case in trouble::all() {
        let truth = truth(case.name);
        // A file header, and a record header of 16 bytes a packet.
        let file = 24 + truth.total.bytes + 16 * truth.total.packets;
        // What fills a link takes some bytes.
        let most = if case.name == "link-filled" { 24 } else { 2 };
        assert!(file < most * 1024 * 1024, "{}: {file} bytes", case.name);
        let lasts = (truth.last_nanos.unwrap() - truth.first_nanos.unwrap()) / SECOND;
        assert!((120..=180).contains(&lasts), "{}: {lasts} s", case.name);
    }
    assert!(trouble::named("nothing that happens").is_none());
}

#[test]
fn quiet_has_one_of_each_that_is_ordinary() {
    let truth = truth("quiet");
    // The visits, one more in which a segment is lost, and the one that is refused.
    assert_eq!((truth.tcp.connections, truth.tcp.refused), (VISITS + 2, 1));
    assert_eq!((truth.tcp.judged.sent_again(), truth.tcp.judged.zero_window), (1, 0));
    assert_eq!((truth.dns.queries, truth.dns.timeouts), (VISITS + 1, 0));
    assert_eq!(truth.dns.rcodes.into_iter().collect::<Vec<_>>(), [(0, VISITS), (3, 1)]);
}

#[test]
fn attempts_in_vain_are_as_many_as_are_told() {
    let tcp = |name| truth(name).tcp;
    // Of 120 ports 3 are open and 13 silent.
    assert_eq!((tcp("scan-ports").connections, tcp("scan-ports").refused), (VISITS + 120, 104));
    assert_eq!((tcp("scan-addresses").connections, tcp("scan-addresses").refused), (VISITS + 100, 0));
    assert_eq!((tcp("refused").connections, tcp("refused").refused), (VISITS + 15, 15));
    let silent = tcp("unanswered");
    assert_eq!((silent.connections, silent.refused), (VISITS + 12, 0));
    // Two SYNs of each visit, three of each attempt.
    assert_eq!(silent.syn, 2 * VISITS + 3 * 12);
}

#[test]
fn a_download_stalls_three_times_or_loses_each_sixteenth_segment() {
    let stalled = truth("zero-window").tcp;
    assert!(stalled.judged.zero_window >= 3, "{:?}", stalled.judged);
    let lossy = truth("retransmissions").tcp;
    assert_eq!((lossy.simulated.lost_behind_tap, lossy.judged.sent_again()), (43, 43));
    let still = truth("link-filled");
    let share = still.classes["download"].bytes * 100 / still.total.bytes;
    assert!(share > 90, "{share} %");
    assert_eq!(still.tcp.judged.sent_again(), 0);
}

#[test]
fn names_are_slow_or_fail_as_often_as_is_told() {
    let slow = truth("dns-slow").dns;
    assert_eq!((slow.queries, slow.answers, slow.timeouts), (VISITS, VISITS, 0));
    let failing = truth("dns-failing").dns;
    assert_eq!((failing.queries, failing.timeouts), (VISITS, 10));
    assert_eq!(failing.rcodes.into_iter().collect::<Vec<_>>(), [(0, 20), (2, 20)]);
}

#[test]
fn a_round_trip_that_rises_is_no_loss() {
    let truth = truth("rtt-rise");
    // A visit each three seconds of three minutes.
    assert_eq!((truth.tcp.connections, truth.tcp.judged.sent_again()), (60, 0));
}

#[test]
fn passwords_go_over_nine_connections_and_one_is_none() {
    let truth = truth("clear-passwords");
    // HTTP and FTP over two each, POP3, two of IMAP and of SMTP, and mail that needs none.
    assert_eq!(truth.tcp.connections, VISITS + 10);
    assert_eq!(truth.http_requests, 3);
}
