//! What hosts are called in a report, from their packets on.

#![expect(clippy::unwrap_used, reason = "a test's own packets are sound")]

use std::io::Cursor;
use std::ops::ControlFlow;

use etherparse::PacketBuilder;
use netsonde_capture::Source;
use netsonde_session::{FlowLimit, Session, Settings};
use serde_json::{Value, json};

const CLIENT: [u8; 4] = [192, 0, 2, 7];
const SERVER: [u8; 4] = [192, 0, 2, 1];

fn udp(from: ([u8; 4], u16), to: ([u8; 4], u16), payload: &[u8]) -> Vec<u8> {
    let mut bytes = Vec::new();
    let ip = PacketBuilder::ethernet2([2; 6], [4; 6]).ipv4(from.0, to.0, 64);
    ip.udp(from.1, to.1).write(&mut bytes, payload).unwrap();
    bytes
}

/// A message of DHCP (RFC 2131 section 2): operation, `yiaddr`, options.
fn dhcp(operation: u8, yours: [u8; 4], options: &[u8]) -> Vec<u8> {
    let mut message = vec![operation, 1, 6, 0, 0, 0, 0xbe, 0xef];
    message.resize(16, 0);
    message.extend(yours);
    message.resize(28, 0);
    message.extend([2, 0, 0, 0, 0, 5]);
    message.resize(236, 0);
    message.extend([99, 130, 83, 99]);
    message.extend(options);
    message
}

/// A file of packets (draft-ietf-opsawg-pcap), one a second.
fn capture(packets: &[Vec<u8>]) -> Vec<u8> {
    let mut file = [0xa1b2_c3d4_u32, 0x0002_0004, 0, 0, 65_535, 1].map(u32::to_be_bytes).concat();
    for (second, packet) in (1..).zip(packets) {
        let len = u32::try_from(packet.len()).unwrap();
        file.extend([second, 0, len, len].map(u32::to_be_bytes).concat());
        file.extend(packet);
    }
    file
}

/// The report on packets where networks are local; none for the rule of files.
fn report(packets: &[Vec<u8>], local: &[&str]) -> Value {
    let mut source = Source::reader("capture", Box::new(Cursor::new(capture(packets)))).unwrap();
    let local = local.iter().map(|network| network.parse().unwrap()).collect();
    let mut session = Session::new(Settings { local, ..Settings::default() });
    session.drive(&mut source, &mut |_, _| ControlFlow::Continue(())).unwrap();
    session.finish();
    serde_json::to_value(session.report(FlowLimit::All)).unwrap()
}

/// What packets show that hosts are called; names that come with the program are left out.
fn named(report: &Value) -> Vec<String> {
    let names_of = |host: &Value| {
        let named = host["named"].as_array().unwrap().iter().filter(|named| named["source"] != "table");
        named.map(|named| [&host["address"], &named["source"], &named["name"]].map(text).join(" ")).collect()
    };
    report["hosts"].as_array().unwrap().iter().flat_map(|host| -> Vec<_> { names_of(host) }).collect()
}

fn text(value: &Value) -> &str {
    value.as_str().unwrap()
}

/// The names by which conversations go.
fn hostnames(report: &Value) -> Vec<&str> {
    report["flows"].as_array().unwrap().iter().filter_map(|flow| flow["hostname"].as_str()).collect()
}

#[test]
fn a_host_is_called_what_it_called_itself_when_it_was_given_its_address() {
    let request = dhcp(1, [0; 4], b"\x35\x01\x03\x0c\x05My-Pc\xff");
    let packets = [
        udp(([0; 4], 68), ([255; 4], 67), &request),
        udp((SERVER, 67), (CLIENT, 68), &dhcp(2, CLIENT, b"\x35\x01\x05\xff")),
        udp((CLIENT, 40_000), (SERVER, 7), b"echo"),
    ];
    let report = report(&packets, &[]);
    assert_eq!(named(&report), ["192.0.2.7 dhcp my-pc"]);
    // It is no name of DNS.
    assert_eq!(report["dns"]["learned"], json!([]));
}

/// Whose addresses everybody knows.
const PUBLIC: [u8; 4] = [9, 9, 9, 9];

/// A query of `www.example`, or a response with a record of each name: `www` in the answer, what else beside it.
fn dns(number: u8, names: &[(&str, [u8; 4])]) -> Vec<u8> {
    let written = |name: &str| {
        let labels =
            name.split('.').map(|label| [&[u8::try_from(label.len()).unwrap()], label.as_bytes()].concat());
        [labels.collect::<Vec<_>>().concat(), vec![0]].concat()
    };
    let (kind, count) = if names.is_empty() { (1, 0) } else { (0x81, 1) };
    let beside = u8::try_from(names.len().saturating_sub(1)).unwrap();
    let mut message = vec![0, number, kind, 0, 0, 1, 0, count, 0, 0, 0, beside];
    message.extend([&written("www.example")[..], &[0, 1, 0, 1]].concat());
    for (name, address) in names {
        message.extend([&written(name)[..], &[0, 1, 0, 1, 0, 0, 0, 60, 0, 4], address].concat());
    }
    message
}

/// That `pc.local` is at an address, said to everybody on the link over multicast DNS.
fn announced(from: [u8; 4], address: [u8; 4]) -> Vec<u8> {
    let record = [&b"\x02pc\x05local\0\0\x01\0\x01\0\0\0\x78\0\x04"[..], &address].concat();
    let message = [&[0, 0, 0x84, 0, 0, 0, 0, 1, 0, 0, 0, 0][..], &record].concat();
    udp((from, 5353), ([224, 0, 0, 251], 5353), &message)
}

#[test]
fn nobody_of_the_link_names_an_address_of_the_internet_but_that_address_itself() {
    let request = dhcp(1, [0; 4], b"\x35\x01\x03\x0c\x05My-Pc\xff");
    let leased = [
        udp(([0; 4], 68), ([255; 4], 67), &request),
        udp((SERVER, 67), (CLIENT, 68), &dhcp(2, PUBLIC, b"\x35\x01\x05\xff")),
    ];
    let spoken = |from| vec![announced(from, PUBLIC), udp((CLIENT, 40_000), (PUBLIC, 7), b"echo")];
    let leased = [&leased[..], &spoken(CLIENT)].concat();
    assert_eq!(named(&report(&leased, &[])), [""; 0]);
    // No conversation goes by it either.
    assert_eq!(hostnames(&report(&spoken(CLIENT), &[])), [""; 0]);
    // Where the network is ours, its server gives its addresses, and who is on it may speak for another.
    let ours = ["9.9.9.0/24", "192.0.2.0/24"];
    assert_eq!(named(&report(&leased, &ours)), ["9.9.9.9 mdns pc.local", "9.9.9.9 dhcp my-pc"]);
    assert_eq!(named(&report(&spoken(PUBLIC), &[])), ["9.9.9.9 mdns pc.local"]);
}

#[test]
fn dns_names_what_was_asked_for_and_not_what_stands_beside_it() {
    let beside = [("www.example", [198, 51, 100, 9]), ("bank.example", PUBLIC)];
    let unasked = [("www.example", PUBLIC)];
    let packets = [
        udp((CLIENT, 40_000), (SERVER, 53), &dns(7, &[])),
        udp((SERVER, 53), (CLIENT, 40_000), &dns(7, &beside)),
        // A number that was not asked for, at ports that were not either.
        udp((SERVER, 53), (CLIENT, 40_001), &dns(8, &unasked)),
        udp((CLIENT, 40_002), ([198, 51, 100, 9], 7), b"echo"),
        udp((CLIENT, 40_003), (PUBLIC, 7), b"echo"),
    ];
    let report = report(&packets, &[]);
    assert_eq!(named(&report), ["198.51.100.9 dns www.example"]);
    assert_eq!(hostnames(&report), ["www.example"]);
    // What was said is listed.
    assert_eq!(
        report["dns"]["learned"],
        json!([
            { "address": "9.9.9.9", "names": ["bank.example", "www.example"] },
            { "address": "198.51.100.9", "names": ["www.example"] }
        ])
    );
}
