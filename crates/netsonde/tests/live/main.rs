//! Captures live in network namespaces of its own, where every packet sent is known.
//!
//! Needs root and the `ip` command; without them the tests say so and pass, but not in continuous integration.

#![expect(clippy::expect_used, clippy::panic, reason = "a test fails by panicking")]
#![expect(clippy::print_stderr, reason = "a test that is skipped says so")]

mod bad_line;
mod call;
mod dashboard;
mod faults;
mod forwarder;
mod labels;
mod lookups;
mod netpulse;
mod own_traffic;
#[path = "../support.rs"]
mod support;
mod tshark;
mod wire;

use std::net::UdpSocket;
use std::time::Duration;

use netsonde_messages::{Flow, Report};
use support::{Ended, PATIENCE, Program};
use wire::{HERE, LINK, THERE, Wire};

const SENDER_PORT: u16 = 40_000;
const DATAGRAMS: usize = 2000;
/// Sizes that never make a frame the link would have to fragment.
const LARGEST_PAYLOAD: usize = 1400;
/// Ethernet, IPv4 without options, UDP.
const HEADERS: usize = 14 + 20 + 8;

#[test]
fn totals_of_a_known_stream_are_exact() {
    let Some(wire) = Wire::new("x") else { return };
    let mut capture = Program::start(&mut wire.watch(SENDER_PORT, &["--duration", "4"]));
    capture.stderr.wait_for(|line| line.contains("capturing on"));
    wire.run_there("sender");
    let ended = capture.end_within(PATIENCE);
    assert_eq!(ended.status.code(), Some(0), "{:?}", ended.stderr);
    let reports = reports(&ended);
    assert!(reports.len() >= 3, "one report a second and the final one: {}", reports.len());
    assert_exact(reports.last().expect("there is a report"));
}

#[test]
fn sigterm_ends_a_capture_with_its_final_report() {
    let Some(wire) = Wire::new("t") else { return };
    let mut capture = Program::start(&mut wire.watch(SENDER_PORT, &[]));
    capture.stderr.wait_for(|line| line.contains("capturing on"));
    wire.run_there("sender");
    capture.stdout.wait_for(|line| report(line).capture.packets == DATAGRAMS as u64);
    capture.signal("TERM");
    let ended = capture.end_within(Duration::from_secs(3));
    assert_eq!(ended.status.code(), Some(0), "{:?}", ended.stderr);
    let log = ended.stderr.join("\n");
    assert!(log.contains("stopping") && log.contains("shutdown complete"), "{log}");
    assert_exact(reports(&ended).last().expect("there is a final report"));
}

/// No test: the live tests start it inside their second namespace.
#[test]
#[ignore = "sends the datagrams of the live tests, from inside their namespace"]
fn sender() {
    let socket = UdpSocket::bind((THERE, SENDER_PORT)).expect("the namespace has the address");
    let payload = [0x55; LARGEST_PAYLOAD];
    for number in 0..DATAGRAMS {
        // Nobody listens over there, so some sends report the ICMP error to an earlier one instead of sending.
        while socket.send_to(&payload[..payload_bytes(number)], (HERE, 9)).is_err() {}
    }
}

fn payload_bytes(number: usize) -> usize {
    // A prime step visits all sizes in no simple order.
    number * 611 % LARGEST_PAYLOAD + 1
}

fn assert_exact(report: &Report<Vec<Flow>>) {
    let payload: usize = (0..DATAGRAMS).map(payload_bytes).sum();
    let (packets, bytes) = (DATAGRAMS as u64, (payload + DATAGRAMS * HEADERS) as u64);
    let inbound = &report.totals.inbound;
    assert_eq!((report.capture.packets, report.capture.bytes), (packets, bytes));
    assert_eq!((inbound.packets, inbound.bytes, inbound.goodput_bytes), (packets, bytes, payload as u64));
    assert_eq!((report.capture.kernel_drops, report.capture.interface_drops), (Some(0), Some(0)));
    assert_eq!((report.udp.conversations, report.flows.len()), (1, 1));
    assert_eq!(report.capture.interface.as_deref(), Some(LINK));
    assert!(report.capture.complete);
}

fn report(line: &str) -> Report<Vec<Flow>> {
    serde_json::from_str(line).unwrap_or_else(|error| panic!("{error}: {line}"))
}

fn reports(ended: &Ended) -> Vec<Report<Vec<Flow>>> {
    ended.stdout.iter().map(|line| report(line)).collect()
}
