//! The demo as a newcomer meets it: no rights, no traffic, and numbers that are true of what is played.

#![expect(clippy::expect_used, clippy::panic, reason = "a test fails by panicking")]
#![expect(clippy::indexing_slicing, reason = "JSON that lacks a part is null there, and the test fails")]

#[path = "support/api.rs"]
mod api;
mod support;

use std::net::TcpStream;
use std::process::{Command, Stdio};

use netsonde_synth::demo::{OFFICE, SEED, Story};
use serde_json::{Value, json};
use support::{NETSONDE, PATIENCE, Program};
use tempfile::TempDir;
use tungstenite::{Message as Frame, WebSocket};

/// Number of packets that the client waits for: every class of traffic is among the first ones.
const ENOUGH: u64 = 5_000;

/// A program that plays its demo, seen by NetPulse's client.
struct Client {
    socket: WebSocket<TcpStream>,
    /// What every update so far said of itself, added up.
    counted: [u64; 3],
}

impl Client {
    /// Connects, and returns what it is told at first.
    fn meet(address: &str) -> (Self, Value) {
        let socket = TcpStream::connect(address).expect("the program listens");
        socket.set_read_timeout(Some(PATIENCE)).expect("a time to wait");
        let (socket, _) = tungstenite::client(format!("ws://{address}/"), socket).expect("WebSocket");
        let mut client = Self { socket, counted: [0; 3] };
        let first = client.next();
        (client, first)
    }

    fn next(&mut self) -> Value {
        loop {
            if let Frame::Text(text) = self.socket.read().expect("the program speaks in time") {
                let message: Value = serde_json::from_str(&text).expect("it speaks JSON");
                if message["type"] == "update" {
                    for (sum, counted) in self.counted.iter_mut().zip(of_this_update(&message)) {
                        *sum += counted;
                    }
                }
                return message;
            }
        }
    }

    fn until(&mut self, is_wanted: impl Fn(&Value) -> bool) -> Value {
        loop {
            let message = self.next();
            if is_wanted(&message) {
                return message;
            }
        }
    }

    fn say(&mut self, message: &Value) {
        self.socket.send(Frame::text(message.to_string())).expect("the program reads");
    }

    fn answer(&mut self, command: &str) -> Value {
        self.until(|message| message["type"] == "command_response" && message["command"] == command)
    }
}

fn number(message: &Value, place: &str) -> u64 {
    let number = message.pointer(place).and_then(Value::as_u64);
    number.unwrap_or_else(|| panic!("{place} is no whole number in {message}"))
}

/// Packets, then those of IPv4 and IPv6, as they came with an update.
fn of_this_update(message: &Value) -> [u64; 3] {
    ["/metrics/totalPackets", "/ip_composition/ipv4_packets", "/ip_composition/ipv6_packets"]
        .map(|place| number(message, place))
}

/// Packets, then those of IPv4 and IPv6, of the whole session.
fn of_all(message: &Value) -> [u64; 3] {
    let classes = message["metrics"]["protocol_distribution"].as_object().expect("classes");
    [
        classes.values().filter_map(Value::as_u64).sum(),
        number(message, "/ip_composition/ipv4_packets_cumulative"),
        number(message, "/ip_composition/ipv6_packets_cumulative"),
    ]
}

/// What is true of the first packets of the story.
fn truth(packets: u64) -> netsonde_synth::Truth {
    let mut story = Story::new(SEED, 1_700_000_000_000_000_000).packets();
    for _ in 0..packets {
        assert!(story.advance().is_some(), "a round has more packets than that");
    }
    story.truth().clone()
}

fn demo(folder: &TempDir, options: &[&str]) -> (Program, String) {
    let mut program = Command::new(NETSONDE);
    program.args(["demo", "--listen", "127.0.0.1:0", "--data"]).arg(folder.path()).args(options);
    let mut program = Program::start(program.env_clear().current_dir(folder.path()).stdin(Stdio::null()));
    let line = program.stdout.wait_for(|line| line.starts_with("netsonde is at "));
    let address = line.rsplit_once("http://").expect("an address").1.to_owned();
    (program, address)
}

#[test]
fn the_demo_is_told_from_its_office_unless_the_user_says_where_it_is() {
    let (north, east) = OFFICE;
    let office = json!({"country": null, "latitude": north, "longitude": east, "source": "demo"});
    let chosen = json!({"country": null, "latitude": 52.5, "longitude": 13.4, "source": "configured"});
    for (options, expected) in [(&[][..], office), (&["--here", "52.5,13.4"], chosen)] {
        let folder = tempfile::tempdir().expect("a folder");
        let (_program, address) = demo(&folder, options);
        let here = api::until(&address, "places", |places| !places["here"].is_null())["here"].take();
        assert_eq!(here, expected);
    }
}

#[test]
fn what_the_client_shows_of_the_demo_is_true_of_what_is_played() {
    let folder = tempfile::tempdir().expect("a folder");
    let (program, address) = demo(&folder, &[]);
    let (mut client, first) = Client::meet(&address);
    assert_eq!((&first["type"], &first["metrics"]["status"]), (&json!("initial_state"), &json!("running")));
    let ids: Vec<_> = first["interfaces"].as_array().expect("a list").iter().map(|one| &one["id"]).collect();
    assert!(ids.contains(&&json!("demo")), "{ids:?}");

    // Another start is refused, and nothing is lost by it.
    client.say(&json!({"command": "start_capture", "interface": "demo"}));
    let refused = client.answer("start_capture");
    let words = json!("capture already running on demo");
    assert_eq!((&refused["success"], &refused["message"]), (&json!(false), &words));

    let moving = client.until(|message| message["type"] == "update" && of_all(message)[0] > ENOUGH);
    for way in ["inbound", "outbound"] {
        for place in ["metrics/WAY_throughput", "metrics/WAY_goodput", "tcp_metrics/WAY_throughput"] {
            let rate = moving.pointer(&format!("/{}", place.replace("WAY", way))).and_then(Value::as_f64);
            assert!(rate.is_some_and(|rate| rate > 0.0), "{place} {way}: {moving}");
        }
    }
    assert!(number(&moving, "/metrics/streamCount") > 0);
    assert_eq!(moving["top_talkers"].as_array().map(Vec::len), Some(7));

    client.say(&json!({"command": "stop_capture", "duration": "nonsense"}));
    assert_eq!(client.answer("stop_capture_ack")["success"], json!(true));
    let report = client.answer("stop_capture");
    let parts = report["summary"]["breakdown"].as_array().expect("parts");
    assert_eq!(parts.len(), 9, "{report}");

    // What was played is the beginning of the story, and all of it was counted, once.
    let (mut again, last) = Client::meet(&address);
    assert_eq!(last["metrics"]["status"], json!("stopped"));
    let all = of_all(&last);
    let truth = truth(all[0]);
    assert_eq!(all, [truth.total.packets, truth.ipv4.packets, truth.ipv6.packets]);
    // The call is among it, found by its signalling from the first packet on.
    let media = number(&last, "/metrics/protocol_distribution/RTP");
    assert_eq!((media, media > 0), (truth.protocols["RTP"].packets, true));
    let (before, counted) = (of_all(&first), client.counted);
    assert_eq!([0, 1, 2].map(|place| before[place] + counted[place]), all);
    let split = ["encrypted", "unencrypted"]
        .map(|part| number(&last, &format!("/encryption_composition/{part}_packets_cumulative")));
    assert_eq!(split.iter().sum::<u64>(), all[0]);

    again.say(&json!({"command": "stop_capture"}));
    assert_eq!(again.answer("stop_capture_ack")["message"], json!("no capture is running"));
    // It can be played again.
    again.say(&json!({"command": "start_capture", "interface": "demo"}));
    let begun = again.answer("start_capture");
    assert_eq!((&begun["success"], &begun["message"]), (&json!(true), &json!("Capture started on demo")));

    program.signal("TERM");
    let ended = program.end_within(PATIENCE);
    assert_eq!((ended.status.code(), ended.stdout.len()), (Some(0), 1), "{:?}", ended.stdout);
    assert!(ended.stderr.concat().contains("shutdown complete"), "{:?}", ended.stderr);
}
