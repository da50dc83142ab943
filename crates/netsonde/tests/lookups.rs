//! Names and places from those who are asked: from the packets of a file, over name server and web server, to the hosts that
//! the dashboard tells.

#![expect(clippy::expect_used, clippy::panic, reason = "a test fails by panicking")]
#![expect(clippy::indexing_slicing, reason = "JSON that lacks a part is null there, and the test fails")]

#[path = "support/api.rs"]
mod api;
#[path = "../../geolocation/tests/ask/name_server.rs"]
#[expect(dead_code, reason = "made for tests of all that name servers may do")]
mod name_server;
mod support;
#[path = "../../geolocation/tests/ask/web_server.rs"]
#[expect(dead_code, reason = "made for tests of all that ip-api.com may do")]
mod web_server;

use std::collections::BTreeSet;
use std::fs;
use std::net::{IpAddr, TcpStream};
use std::process::{Command, Stdio};

use serde_json::{Value, json};
use support::{NETSONDE, PATIENCE, Program};
use tempfile::TempDir;
use tungstenite::Message as Frame;

use name_server::NameServer;
use web_server::WebServer;

/// What the two servers go by: nobody moves a clock here.
mod hands {
    use std::time::Duration;

    pub(crate) use crate::support::PATIENCE;

    pub(crate) const fn shown() -> Duration {
        Duration::ZERO
    }
}

/// Hosts of the Internet of which no table says a city.
const UNPLACED: [&str; 2] = ["5.9.77.1", "2a01:4f8::1"];
/// One that is announced from many places, which the table of services says: there is nothing to ask ip-api.com.
const EVERYWHERE: &str = "8.8.8.8";
/// Whose addresses tell nobody anything: private, of carriers, of links, of documents, of groups.
const NOBODYS: [&str; 10] = [
    "172.16.0.9",
    "192.168.7.9",
    "100.64.0.9",
    "169.254.1.9",
    "192.0.2.9",
    "224.0.0.251",
    "fd00::9",
    "fe80::9",
    "2001:db8::9",
    "ff02::fb",
];

/// A program that reads the file, and those whom it may ask.
struct Scene {
    program: Program,
    _folder: TempDir,
    address: String,
    name_server: NameServer,
    ip_api: WebServer,
}

impl Scene {
    fn new(options: &[&str]) -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        fs::write(folder.path().join("hosts.pcap"), pcap()).expect("the folder is writable");
        let name_server = NameServer::play(|_| name_server::Act::Names(3600, &["host.example"]));
        let ip_api = WebServer::play(|_, address| web_server::right(address, ""));
        let mut command = Command::new(NETSONDE);
        command.args(["serve", "--listen", "127.0.0.1:0", "--data", "data", "--read", "hosts.pcap"]);
        command.arg("--name-servers").arg(name_server.address.to_string());
        command.arg("--ip-api-url").arg(ip_api.base()).args(options);
        let mut program = Program::start(command.env_clear().current_dir(folder.path()).stdin(Stdio::null()));
        let line = program.stdout.wait_for(|line| line.starts_with("netsonde is at "));
        let address = line.rsplit_once("http://").expect("an address").1.trim_end_matches('/').to_owned();
        Self { program, _folder: folder, address, name_server, ip_api }
    }

    /// Waits until hosts are told as wanted.
    fn hosts(&self, is_wanted: impl Fn(&[Value]) -> bool) -> Vec<Value> {
        let rows = |told: &Value| told["rows"].as_array().cloned().unwrap_or_default();
        rows(&api::until(&self.address, "hosts?limit=100", |told| is_wanted(&rows(told))))
    }

    /// Turns the switches of the page of hosts.
    fn turn(&self, on: bool) {
        let socket = TcpStream::connect(&self.address).expect("the program listens");
        socket.set_read_timeout(Some(PATIENCE)).expect("a time to wait");
        let url = format!("ws://{}/api/v1/stream", self.address);
        let (mut socket, _) = tungstenite::client(url, socket).expect("WebSocket");
        let command = json!({"id": 7, "command": "set_lookups", "reverse_dns": on, "ip_api": on});
        socket.send(Frame::text(command.to_string())).expect("the program reads");
        loop {
            let Frame::Text(text) = socket.read().expect("the program speaks in time") else { continue };
            let message: Value = serde_json::from_str(&text).expect("it speaks JSON");
            if message["id"] == 7 {
                assert_eq!(message["type"], "reply", "{message}");
                return;
            }
        }
    }

    /// Waits for all answers and checks them, who was asked and how often, and that all of it ends when it is told to.
    fn everything_is_answered(self) {
        let rows = self.hosts(|rows| {
            UNPLACED.iter().all(|address| has_name(rows, address) && source(rows, address) == "ip_api")
                && has_name(rows, EVERYWHERE)
        });
        for address in UNPLACED {
            let host = row(&rows, address);
            let place = ["country", "city", "latitude", "longitude"].map(|field| host[field].clone());
            // What the web server says of everybody.
            assert_eq!(place, [json!("IS"), json!(format!("C{address}")), json!(64.1), json!(-21.9)]);
        }
        assert_ne!(source(&rows, EVERYWHERE), "ip_api");
        let named: Vec<_> = rows.iter().filter(|host| has_reverse_name(host)).collect();
        assert_eq!(named.len(), UNPLACED.len() + 1);
        let others = rows.iter().filter(|host| NOBODYS.iter().any(|address| host["address"] == *address));
        let unknown = others.filter(|host| host["place_source"].is_null() && host["names"] == json!([]));
        assert_eq!(unknown.count(), NOBODYS.len());

        let asked: Vec<_> = self.name_server.so_far().iter().map(|question| question.address).collect();
        let expected: BTreeSet<IpAddr> = parsed(&UNPLACED).chain(parsed(&[EVERYWHERE])).collect();
        assert_eq!((asked.len(), asked.into_iter().collect()), (3, expected));
        let asked: Vec<_> = self.ip_api.so_far().iter().map(|request| request.address).collect();
        assert_eq!(
            (asked.len(), asked.into_iter().collect()),
            (2, parsed(&UNPLACED).collect::<BTreeSet<_>>())
        );

        self.program.signal("TERM");
        let ended = self.program.end_within(PATIENCE);
        assert_eq!((ended.status.code(), ended.stdout.len()), (Some(0), 1), "{:?}", ended.stdout);
        assert!(ended.stderr.concat().contains("shutdown complete"), "{:?}", ended.stderr);
    }
}

#[test]
fn hosts_are_called_and_placed_by_those_who_are_asked_and_nobody_hears_of_private_ones() {
    Scene::new(&["--reverse-dns", "--ip-api"]).everything_is_answered();
}

#[test]
fn nobody_is_asked_before_the_switch_is_on_and_everybody_then() {
    let scene = Scene::new(&["--replay-speed", "1"]);
    // The two that send are hosts, too.
    let hosts = UNPLACED.len() + 1 + NOBODYS.len() + 2;
    let rows = scene.hosts(|rows| rows.len() == hosts);
    // Nothing but what the program brings: the table of services, and the countries where it has them.
    assert!(rows.iter().all(|host| host["place_source"] != "ip_api" && !has_reverse_name(host)), "{rows:?}");
    // All three of the Internet have been looked at, which is when they would be asked about.
    let places = api::until(&scene.address, "places", |places| {
        let of_countries =
            places["countries"].as_array().into_iter().flatten().map(|country| &country["sums"]);
        of_countries.chain([&places["unknown"]]).filter_map(|sums| sums["hosts"].as_u64()).sum::<u64>() == 3
    });
    for lookup in ["reverse_dns", "ip_api"] {
        let standing = &places["lookups"][lookup];
        assert_eq!((&standing["on"], &standing["asked"]), (&json!(false), &json!(0)));
    }
    assert_eq!(scene.name_server.so_far(), []);
    assert_eq!(scene.ip_api.so_far().len(), 0);
    scene.turn(true);
    scene.everything_is_answered();
}

fn row<'a>(rows: &'a [Value], address: &str) -> &'a Value {
    rows.iter().find(|host| host["address"] == address).unwrap_or(&Value::Null)
}

fn source<'a>(rows: &'a [Value], address: &str) -> &'a str {
    row(rows, address)["place_source"].as_str().unwrap_or_default()
}

fn has_name(rows: &[Value], address: &str) -> bool {
    has_reverse_name(row(rows, address))
}

fn has_reverse_name(host: &Value) -> bool {
    let reverse = json!({"name": "host.example", "source": "reverse_dns"});
    host["named"].as_array().is_some_and(|names| names.contains(&reverse))
}

fn parsed(addresses: &[&str]) -> impl Iterator<Item = IpAddr> {
    addresses.iter().map(|address| address.parse().expect("an address"))
}

/// A microsecond pcap of Ethernet: an empty datagram to each of the hosts, from a private address of its family; an hour
/// later another to the first, for which nobody waits who plays it back at its pace.
fn pcap() -> Vec<u8> {
    let mut file = [0xa1b2_c3d4_u32, 0x0004_0002, 0, 0, 65_535, 1].map(u32::to_le_bytes).concat();
    let all = || parsed(&UNPLACED).chain(parsed(&[EVERYWHERE])).chain(parsed(&NOBODYS));
    let now = all().map(|to| (1_700_000_000, to));
    for (second, to) in now.chain(all().take(1).map(|to| (1_700_003_600, to))) {
        let frame = datagram(to);
        let length = u32::try_from(frame.len()).expect("a short packet");
        file.extend([second, 0, length, length].map(u32::to_le_bytes).concat());
        file.extend(frame);
    }
    file
}

/// Two hardware addresses and a type, the header of IP with 64 as the time to live and UDP inside, ports 40000 and 9999, 8
/// bytes, no checksum.
fn datagram(to: IpAddr) -> Vec<u8> {
    let udp = [0x9c, 0x40, 0x27, 0x0f, 0, 8, 0, 0];
    let hardware = [2, 0, 0, 0, 0, 2, 2, 0, 0, 0, 0, 1];
    match to {
        IpAddr::V4(to) => {
            let ip = [8, 0, 0x45, 0, 0, 28, 0, 0, 0, 0, 64, 17, 0, 0, 10, 0, 0, 1];
            [&hardware[..], &ip, &to.octets(), &udp].concat()
        }
        IpAddr::V6(to) => {
            let from: std::net::Ipv6Addr = "fd00::1".parse().expect("an address");
            let ip = [0x86, 0xdd, 0x60, 0, 0, 0, 0, 8, 17, 64];
            [&hardware[..], &ip, &from.octets(), &to.octets(), &udp].concat()
        }
    }
}
