//! Whoever reads the packets tells the same applications: a file, its replay, and a capture of the same frames.

use std::collections::BTreeMap;
use std::fs::File;
use std::io::{BufWriter, Read as _, Write as _};
use std::net::{IpAddr, TcpStream};
use std::process::Stdio;
use std::thread;
use std::time::Duration;

use netsonde_messages::stream::FlowWindow;
use netsonde_messages::{EvidenceKind, Flow, Report};
use netsonde_synth::demo::{SEED, Story};
use netsonde_synth::{Capture, Resolution};

use crate::report;
use crate::support::{NETSONDE, PATIENCE, Program};
use crate::wire::{LINK, Wire, must};

/// 2023-11-14 22:13:20 UTC, in nanoseconds since the epoch.
const START: u64 = 1_700_000_000_000_000_000;
/// How much of the demo is told, in nanoseconds: pages, videos, the call, and the names asked for before.
const SPAN: u64 = 20_000_000_000;
/// Lets the large frames through that a tap sees of a card that cuts segments itself.
const WIDE: [&str; 6] = ["link", "set", LINK, "mtu", "65000", "up"];
/// As many flows as a page of the list holds.
const PAGE: usize = 200;

/// The frames of the demo, with their stamps.
fn frames() -> Vec<(u64, Vec<u8>)> {
    let mut packets = Story::new(SEED, START).packets();
    let mut frames = Vec::new();
    while let Some(packet) = packets.advance() {
        if packet.time >= START + SPAN {
            break;
        }
        frames.push((packet.time, packet.bytes.to_vec()));
    }
    frames
}

/// Everything by which a conversation is known.
type Key = (String, IpAddr, Option<u16>, IpAddr, Option<u16>);

/// What is said of who it is with; when it was learned is the capture's own.
type Label = (String, Option<String>, Option<String>, EvidenceKind, Option<String>, [Option<String>; 5]);

fn labels(flows: impl IntoIterator<Item = Flow>) -> BTreeMap<Key, Label> {
    let one = |flow: Flow| {
        let name = |name: netsonde_messages::Name| name.to_string();
        let key = (name(flow.transport), flow.client, flow.client_port, flow.server, flow.server_port);
        let names = [flow.hostname, flow.sni, flow.alpn, flow.ja3, flow.ja4];
        let (kind, value) = (flow.evidence.kind, flow.evidence.value);
        (key, (name(flow.protocol), flow.app.map(name), flow.category.map(name), kind, value, names))
    };
    flows.into_iter().map(one).collect()
}

#[test]
fn file_replay_and_live_capture_tell_the_same_applications() {
    let Some(wire) = Wire::new("l") else { return };
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("demo.pcap");
    let path = path.to_str().expect("a plain path");
    let frames = frames();
    write(path, &frames);

    let from_file = labels(analyzed(path).flows);
    let kinds = |wanted| from_file.values().filter(|label| label.3 == wanted).count();
    for kind in [EvidenceKind::TlsSni, EvidenceKind::QuicSni, EvidenceKind::Dns, EvidenceKind::Signature] {
        assert!(kinds(kind) > 0, "nothing is told by {kind:?}: {from_file:#?}");
    }
    assert_same("replayed", &labels(replayed(path, from_file.len())), &from_file);
    assert_same("live", &labels(captured(&wire, frames.len()).flows), &from_file);
}

/// Says only what differs: all of it would fill the screen.
fn assert_same(what: &str, labels: &BTreeMap<Key, Label>, from_file: &BTreeMap<Key, Label>) {
    let keys = labels.keys().chain(from_file.keys());
    let differing: Vec<_> = keys
        .filter(|key| labels.get(key) != from_file.get(key))
        .map(|key| (key, labels.get(key), from_file.get(key)))
        .collect();
    assert!(differing.is_empty(), "{what}, and from the file: {differing:#?}");
}

fn write(path: &str, frames: &[(u64, Vec<u8>)]) {
    let file = BufWriter::new(File::create(path).expect("a file"));
    let mut capture = Capture::new(file, Resolution::Nanoseconds).expect("it takes a header");
    for (time, bytes) in frames {
        capture.write(*time, bytes).expect("it takes a packet");
    }
    capture.finish().expect("it is written");
}

fn analyzed(path: &str) -> Report<Vec<Flow>> {
    let output = std::process::Command::new(NETSONDE)
        .args(["analyze", "--json", "--flows", "all", path])
        .stdin(Stdio::null())
        .output()
        .expect("the program starts");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    serde_json::from_slice(&output.stdout).expect("a report")
}

/// Plays the file back at a pace, and asks for the flows when it has ended.
fn replayed(path: &str, flows: usize) -> Vec<Flow> {
    let folder = tempfile::tempdir().expect("a folder");
    let data = folder.path().to_str().expect("a plain path");
    let serve = ["serve", "--listen", "127.0.0.1:0", "--read", path, "--replay-speed", "20", "--data", data];
    let mut command = std::process::Command::new(NETSONDE);
    let mut program = Program::start(command.args(serve).stdin(Stdio::null()));
    let line = program.stdout.wait_for(|line| line.contains("http://"));
    let address = line.split_once("http://").expect("an address").1.to_owned();
    let step = Duration::from_millis(50);
    let mut left = PATIENCE;
    while !get(&address, "/api/v1/status").contains("\"state\":\"finished\"") {
        left = left.checked_sub(step).expect("the replay ends");
        thread::park_timeout(step);
    }
    let page = |number: usize| {
        let offset = number * PAGE;
        let text = get(&address, &format!("/api/v1/flows?sort=first_seen&offset={offset}&limit={PAGE}"));
        let window: FlowWindow =
            serde_json::from_str(&text).unwrap_or_else(|error| panic!("{error}: {text}"));
        window.rows.into_iter().map(|row| row.flow)
    };
    (0..flows.div_ceil(PAGE)).flat_map(page).collect()
}

/// Returns the body of an answer.
fn get(address: &str, path: &str) -> String {
    let mut socket = TcpStream::connect(address).expect("the program listens");
    socket.set_read_timeout(Some(PATIENCE)).expect("a time to wait");
    write!(socket, "GET {path} HTTP/1.1\r\nHost: {address}\r\nConnection: close\r\n\r\n").expect("it reads");
    let mut answer = String::new();
    socket.read_to_string(&mut answer).expect("it answers");
    assert!(answer.starts_with("HTTP/1.1 200 "), "{path}: {answer}");
    answer.split_once("\r\n\r\n").expect("an answer has a body").1.to_owned()
}

/// Captures all frames, sent by the other end of the wire as fast as it can.
fn captured(wire: &Wire, frames: usize) -> Report<Vec<Flow>> {
    wire.ask_here("ip", &WIDE);
    let watch = ["watch", "--json", "--flows", "all", "--interface", LINK];
    let mut capture = Program::start(&mut wire.netsonde(&watch));
    capture.stderr.wait_for(|line| line.contains("capturing on"));
    wire.run_there("labels::sender");
    let all = u64::try_from(frames).expect("it is small");
    capture.stdout.wait_for(|line| report(line).capture.packets >= all);
    capture.signal("TERM");
    let ended = capture.end_within(PATIENCE);
    assert_eq!(ended.status.code(), Some(0), "{:?}", ended.stderr);
    let last = crate::reports(&ended).pop().expect("there is a final report");
    assert_eq!((last.capture.packets, last.capture.kernel_drops), (all, Some(0)));
    last
}

/// No test: sends the frames of the demo from inside the second namespace.
#[test]
#[ignore = "sends from inside a namespace"]
fn sender() {
    must(&WIDE[..]);
    let capture = pcap::Capture::from_device(LINK).expect("the wire ends here");
    let mut wire = capture.open().expect("root may send");
    for (_, bytes) in frames() {
        wire.sendpacket(bytes).expect("the wire takes it");
    }
}
