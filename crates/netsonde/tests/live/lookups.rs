//! Who is asked about addresses: nobody, unless somebody turned that on.

#![expect(clippy::indexing_slicing, reason = "JSON that lacks a part is null there, and the test fails")]

use std::io::Write as _;
use std::net::TcpStream;
use std::process::{Command, Stdio};
use std::thread;
use std::time::Duration;

use serde_json::Value;
use tempfile::TempDir;
use tungstenite::{Message as Frame, WebSocket};

use crate::support::{NETSONDE, PATIENCE, Program};
use crate::wire::{LINK, THERE, Wire};

const THERE_HARDWARE: &str = "02:00:00:00:00:02";
/// Hosts of the Internet in the capture.
const HOSTS: u8 = 20;

#[test]
fn no_packet_leaves_unless_somebody_asked_for_it() {
    let Some(wire) = Wire::new("q") else { return };
    let there = THERE.to_string();
    // Whatever is sent to anywhere goes over the wire at once, without a question before it.
    wire.ask_here(
        "ip",
        &["neigh", "replace", &there, "lladdr", THERE_HARDWARE, "dev", LINK, "nud", "permanent"],
    );
    wire.ask_here("ip", &["route", "add", "default", "via", &there]);
    wire.run_here("lookups::inside_nothing_is_sent");
    wire.run_here("lookups::inside_both_are_asked");
}

#[test]
#[ignore = "runs in the first namespace of the test above"]
fn inside_nothing_is_sent() {
    let before = sent();
    let folder = TempDir::new().expect("a folder");
    let (mut program, address) = serve(&folder, &[]);
    let places = places(&address, |places| hosts(places) == u64::from(HOSTS));
    for lookup in ["reverse_dns", "ip_api"] {
        let standing = &places["lookups"][lookup];
        assert_eq!(
            (&standing["on"], &standing["asked"], &standing["waiting"]),
            (&false.into(), &0.into(), &0.into())
        );
    }
    program.signal("TERM");
    program.stderr.wait_for(|line| line.contains("shutdown complete"));
    assert_eq!(sent(), before, "packets left");
}

#[test]
#[ignore = "runs in the first namespace of the test above"]
fn inside_both_are_asked() {
    let before = sent();
    let folder = TempDir::new().expect("a folder");
    let (_program, address) = serve(&folder, &["--reverse-dns", "--ip-api"]);
    places(&address, |places| hosts(places) == u64::from(HOSTS));
    // A datagram to the name server, and what opens a connection to ip-api.com: nobody answers either.
    for _ in 0..10_000 {
        if sent() >= before + 2 {
            return;
        }
        thread::park_timeout(Duration::from_millis(1));
    }
    panic!("what was asked was not sent: {} packets", sent() - before);
}

/// Counts the packets that this namespace has sent over the wire.
fn sent() -> u64 {
    let count = std::fs::read_to_string(format!("/sys/class/net/{LINK}/statistics/tx_packets"));
    count.expect("the wire is there").trim().parse().expect("a number")
}

/// Starts the program with a capture of hosts of the Internet; whoever could be asked is at the other end of the wire.
fn serve(folder: &TempDir, more: &[&str]) -> (Program, String) {
    let mut file = std::fs::File::create(folder.path().join("office.pcap")).expect("the folder is writable");
    file.write_all(&pcap()).expect("it is writable");
    let mut command = Command::new(NETSONDE);
    command.args(["serve", "--listen", "127.0.0.1:0", "--data", "data", "--read", "office.pcap"]);
    command.arg("--name-servers").arg(THERE.to_string());
    command.arg("--ip-api-url").arg(format!("http://{THERE}")).args(more);
    let mut program = Program::start(command.current_dir(folder.path()).stdin(Stdio::null()));
    let line = program.stdout.wait_for(|line| line.starts_with("netsonde is at http://"));
    (program, line.trim_start_matches("netsonde is at http://").trim_end_matches('/').to_owned())
}

/// Waits for places that are as the caller wants them.
fn places(address: &str, is_wanted: impl Fn(&Value) -> bool) -> Value {
    let socket = TcpStream::connect(address).expect("the program listens");
    socket.set_read_timeout(Some(PATIENCE)).expect("a time to wait");
    let (mut socket, _): (WebSocket<TcpStream>, _) =
        tungstenite::client(format!("ws://{address}/api/v1/stream"), socket).expect("WebSocket");
    let subscribe = r#"{"id":1,"command":"subscribe","topics":["places"]}"#;
    socket.send(Frame::text(subscribe)).expect("the program reads");
    let mut newest = Value::Null;
    for _ in 0..200 {
        let Frame::Text(text) = socket.read().expect("the program speaks in time") else { continue };
        let message: Value = serde_json::from_str(&text).expect("it speaks JSON");
        newest = match message["type"].as_str() {
            Some("initial_state") => message["places"].clone(),
            Some("update") if message["topic"] == "places" => message["data"].clone(),
            _ => continue,
        };
        if is_wanted(&newest) {
            return newest;
        }
    }
    panic!("they are not told: {newest}")
}

/// Counts the hosts with a global address, wherever they are.
fn hosts(places: &Value) -> u64 {
    let count = |group: &Value| group["hosts"].as_u64().unwrap_or_default();
    let placed: u64 =
        places["countries"].as_array().into_iter().flatten().map(|country| count(&country["sums"])).sum();
    placed + count(&places["unknown"])
}

/// A microsecond pcap: a datagram from here to each of the hosts, one a second.
fn pcap() -> Vec<u8> {
    let mut file = [&[0xd4, 0xc3, 0xb2, 0xa1, 2, 0, 4, 0][..], &[0; 8], &[0, 0, 4, 0, 1, 0, 0, 0]].concat();
    for host in 0..HOSTS {
        file.extend([1_700_000_000 + u32::from(host), 0, 42, 42].map(u32::to_le_bytes).concat());
        // Ethernet; IPv4, 28 bytes, UDP, 10.0.0.1 to 5.9.77.0 and up; ports 40000 to 9999, no data, no checksum.
        file.extend([2, 0, 0, 0, 0, 1, 2, 0, 0, 0, 0, 2, 8, 0, 0x45, 0, 0, 28, 0, 0, 0, 0, 64, 17, 0, 0]);
        file.extend([10, 0, 0, 1, 5, 9, 77, host, 0x9c, 0x40, 0x27, 0x0f, 0, 8, 0, 0]);
    }
    file
}
