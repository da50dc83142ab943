//! Captures live in network namespaces of its own, where every packet sent is known.
//!
//! Needs root and the `ip` command; without them the tests say so and pass.

#![expect(clippy::expect_used, clippy::panic, reason = "a test fails by panicking")]
#![expect(clippy::print_stderr, reason = "a test that is skipped says so")]

mod support;

use std::net::{Ipv4Addr, UdpSocket};
use std::process::{Command, Stdio};
use std::time::Duration;

use netsonde_messages::{Flow, Report};
use support::{Ended, NETSONDE, PATIENCE, Program};

const LINK: &str = "sonde0";
const HERE: Ipv4Addr = Ipv4Addr::new(198, 51, 100, 1);
const THERE: Ipv4Addr = Ipv4Addr::new(198, 51, 100, 2);
const SENDER_PORT: u16 = 40_000;
const DATAGRAMS: usize = 2000;
/// Sizes that never make a frame the link would have to fragment.
const LARGEST_PAYLOAD: usize = 1400;
/// Ethernet, IPv4 without options, UDP.
const HEADERS: usize = 14 + 20 + 8;

#[test]
fn totals_of_a_known_stream_are_exact() {
    let Some(wire) = Wire::new("x") else { return };
    let mut capture = Program::start(&mut wire.watch(&["--duration", "4"]));
    capture.stderr.wait_for(|line| line.contains("capturing on"));
    wire.send_datagrams();
    let ended = capture.end_within(PATIENCE);
    assert_eq!(ended.status.code(), Some(0), "{:?}", ended.stderr);
    let reports = reports(&ended);
    assert!(reports.len() >= 3, "one report a second and the final one: {}", reports.len());
    assert_exact(reports.last().expect("there is a report"));
}

#[test]
fn sigterm_ends_a_capture_with_its_final_report() {
    let Some(wire) = Wire::new("t") else { return };
    let mut capture = Program::start(&mut wire.watch(&[]));
    capture.stderr.wait_for(|line| line.contains("capturing on"));
    wire.send_datagrams();
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

/// Two namespaces joined by a wire that carries nothing but what the test sends.
struct Wire {
    here: String,
    there: String,
}

impl Wire {
    /// Lays the wire; `None`, with a loud line, where the system does not let us.
    fn new(test: &str) -> Option<Self> {
        let id = std::process::id();
        let wire =
            Self { here: format!("sonde-{id}-{test}-here"), there: format!("sonde-{id}-{test}-there") };
        for namespace in [&wire.here, &wire.there] {
            if let Err(problem) = ip(&["netns", "add", namespace]) {
                eprintln!("LIVE TEST SKIPPED, needs root and the ip command: {problem}");
                return None;
            }
            // IPv6 would speak first: router solicitations, multicast reports.
            let quiet = ["net.ipv6.conf.all.disable_ipv6=1", "net.ipv6.conf.default.disable_ipv6=1"];
            must(&[&["netns", "exec", namespace, "sysctl", "-qw"], &quiet[..]].concat());
        }
        let (here, there) = (wire.here.as_str(), wire.there.as_str());
        must(&["-n", here, "link", "add", LINK, "type", "veth", "peer", "name", LINK, "netns", there]);
        for (namespace, address) in [(here, HERE), (there, THERE)] {
            must(&["-n", namespace, "addr", "add", &format!("{address}/24"), "dev", LINK]);
            must(&["-n", namespace, "link", "set", LINK, "up"]);
        }
        Some(wire)
    }

    /// Makes the command that watches the wire for the sender's datagrams.
    fn watch(&self, more: &[&str]) -> Command {
        let mut command = Command::new("ip");
        command
            .args(["netns", "exec", &self.here, NETSONDE, "watch", "--json", "--interface", LINK])
            .args(["--filter", &format!("udp and src port {SENDER_PORT}")])
            .args(more)
            .stdin(Stdio::null());
        command
    }

    fn send_datagrams(&self) {
        let this = std::env::current_exe().expect("a test knows its program");
        let sent = Command::new("ip")
            .args(["netns", "exec", &self.there])
            .arg(this)
            .args(["--exact", "sender", "--ignored"])
            .output()
            .expect("the sender starts");
        let text = String::from_utf8_lossy(&sent.stdout);
        assert!(sent.status.success() && text.contains("1 passed"), "{text}");
    }
}

impl Drop for Wire {
    fn drop(&mut self) {
        // A namespace that was never made cannot be deleted; the wire goes with its ends.
        for namespace in [&self.here, &self.there] {
            let _ = ip(&["netns", "delete", namespace]);
        }
    }
}

fn must(arguments: &[&str]) {
    ip(arguments).unwrap_or_else(|problem| panic!("ip {}: {problem}", arguments.join(" ")));
}

fn ip(arguments: &[&str]) -> Result<(), String> {
    let output = Command::new("ip").args(arguments).output().map_err(|error| error.to_string())?;
    if output.status.success() {
        Ok(())
    } else {
        Err(String::from_utf8_lossy(&output.stderr).trim().to_owned())
    }
}
