//! Captures of tunnelled traffic, of fragments and of questions given up, from the file to the report.

#![expect(clippy::unwrap_used, reason = "a test's own packets are sound")]

use std::io::Cursor;
use std::ops::ControlFlow;

use etherparse::{IpFragOffset, IpHeaders, IpNumber, Ipv4Header, PacketBuilder};
use netsonde_capture::Source;
use netsonde_session::{FlowLimit, Session, Settings};
use serde_json::{Value, json};

const CLIENT: [u8; 4] = [192, 168, 7, 2];
const SERVER: [u8; 4] = [203, 0, 113, 7];
/// The tunnel's ends, which speak for others only.
const NEAR: [u8; 4] = [10, 0, 0, 1];
const FAR: [u8; 4] = [10, 0, 0, 2];

/// A segment of a connection, as VXLAN carries it.
fn carried(from_client: bool, syn: bool, sequence: u32, payload: &[u8]) -> Vec<u8> {
    let (source, destination) = if from_client { (CLIENT, SERVER) } else { (SERVER, CLIENT) };
    let (from, to) = if from_client { (40_000, 80) } else { (80, 40_000) };
    let ip = PacketBuilder::ethernet2([2; 6], [4; 6]).ipv4(source, destination, 64);
    let segment = ip.tcp(from, to, sequence, 512);
    let segment = if syn { segment.syn() } else { segment };
    let segment = if syn && from_client { segment } else { segment.ack(1) };
    let mut frame = vec![8, 0, 0, 0, 0, 0, 7, 0];
    segment.write(&mut frame, payload).unwrap();
    let (source, destination) = if from_client { (NEAR, FAR) } else { (FAR, NEAR) };
    let mut packet = Vec::new();
    let ip = PacketBuilder::ethernet2([6; 6], [8; 6]).ipv4(source, destination, 64);
    ip.udp(50_000, 4_789).write(&mut packet, &frame).unwrap();
    packet
}

/// A little-endian pcap file of Ethernet frames with the seconds of their stamps, a millisecond further each.
fn pcap(packets: &[(u32, Vec<u8>)]) -> Vec<u8> {
    let mut file = [0xa1b2_c3d4_u32, 0x0004_0002, 0, 0, 65_535, 1].map(u32::to_le_bytes).concat();
    for (number, (second, packet)) in (0_u32..).zip(packets) {
        let length = u32::try_from(packet.len()).unwrap();
        file.extend([*second, number * 1_000, length, length].map(u32::to_le_bytes).concat());
        file.extend(packet);
    }
    file
}

fn report(packets: &[Vec<u8>]) -> Value {
    report_of(&packets.iter().map(|packet| (1_700_000_000, packet.clone())).collect::<Vec<_>>())
}

fn report_of(packets: &[(u32, Vec<u8>)]) -> Value {
    let mut session = Session::new(Settings::default());
    let mut source = Source::reader("capture", Box::new(Cursor::new(pcap(packets)))).unwrap();
    session.drive(&mut source, &mut |_, _| ControlFlow::Continue(())).unwrap();
    session.finish();
    serde_json::to_value(session.report(FlowLimit::All)).unwrap()
}

#[test]
fn a_tunnels_ends_are_neither_hosts_nor_talkers_of_what_they_carry() {
    let packets = [
        carried(true, true, 100, b""),
        carried(false, true, 500, b""),
        carried(true, false, 101, b"GET / HTTP/1.1\r\n\r\n"),
        carried(false, false, 501, b"HTTP/1.1 200 OK\r\n\r\n"),
    ];
    let report = report(&packets);
    assert_eq!(report.pointer("/tcp/connections"), Some(&json!(1)));
    // Request and answer; to the tunnel the SYNs are payload, too.
    assert_eq!(report.pointer("/tcp/data_segments"), Some(&json!(2)));
    // Both ends of a VXLAN send to its port, from ports of their own: one conversation each way.
    assert_eq!(report.pointer("/udp/conversations"), Some(&json!(2)));

    // Each frame has 50 bytes around the one inside: Ethernet 14, IPv4 20, UDP 8, VXLAN 8; that one has 54 and payload.
    let up = (104, 104 + 18);
    let down = (104, 104 + 19);
    let mut hosts: Vec<_> = report.get("hosts").and_then(Value::as_array).unwrap().iter().collect();
    hosts.sort_by_key(|host| host.get("address").and_then(Value::as_str).unwrap());
    let addresses: Vec<_> = hosts.iter().filter_map(|host| host.get("address")?.as_str()).collect();
    assert_eq!(addresses, ["192.168.7.2", "203.0.113.7"]);
    assert_eq!(report.pointer("/top_talkers/0/source"), Some(&json!("192.168.7.2")));
    assert_eq!(report.pointer("/top_talkers/0/bytes"), Some(&json!(up.0 + up.1)));
    assert_eq!(report.pointer("/capture/bytes"), Some(&json!(up.0 + up.1 + down.0 + down.1)));

    let flows = report.get("flows").and_then(Value::as_array).unwrap();
    let named = |protocol: &str| {
        flows.iter().find(|flow| flow.get("protocol").and_then(Value::as_str) == Some(protocol)).unwrap()
    };
    assert_eq!(named("HTTP").pointer("/client"), Some(&json!("192.168.7.2")));
    assert_eq!(named("VXLAN").pointer("/bytes_up"), Some(&json!(0)));
    // Every packet is one of the connection's: both with payload are HTTP, the others TCP.
    let packets: u64 = report
        .get("protocols")
        .and_then(Value::as_array)
        .unwrap()
        .iter()
        .filter_map(|protocol| protocol.get("packets")?.as_u64())
        .sum();
    assert_eq!(packets, 4);
}

/// A piece of a datagram, `offset` in units of 8 bytes.
fn fragment(id: u16, offset: u16, more_fragments: bool, bytes: &[u8]) -> Vec<u8> {
    let length = u16::try_from(bytes.len()).unwrap();
    let mut header = Ipv4Header::new(length, 64, IpNumber::UDP, CLIENT, SERVER).unwrap();
    header.identification = id;
    header.more_fragments = more_fragments;
    header.dont_fragment = false;
    header.fragment_offset = IpFragOffset::try_new(offset).unwrap();
    let mut packet = Vec::new();
    let headers = IpHeaders::Ipv4(header, etherparse::Ipv4Extensions::default());
    PacketBuilder::ethernet2([2; 6], [4; 6]).ip(headers).write(&mut packet, IpNumber::UDP, bytes).unwrap();
    packet
}

#[test]
fn datagrams_put_together_and_given_up_are_in_the_report() {
    // UDP from port 9999 to 9998, 8 bytes of header and 16 of payload.
    let mut datagram = [9_999_u16, 9_998, 24, 0].map(u16::to_be_bytes).concat();
    datagram.extend([7; 16]);
    let (first, last) = datagram.split_at(16);
    let report = report(&[
        fragment(1, 0, true, first),
        fragment(1, 2, false, last),
        // Ends at byte 24, and has bytes beyond.
        fragment(2, 2, false, last),
        fragment(2, 3, true, last),
        // Still waited for.
        fragment(3, 0, true, first),
    ]);
    assert_eq!(report.pointer("/flow_table/datagrams_reassembled"), Some(&json!(1)));
    assert_eq!(report.pointer("/flow_table/datagrams_given_up"), Some(&json!(1)));
}

#[test]
fn questions_that_time_left_behind_are_in_the_report_as_forgotten() {
    let packet = |ports: Option<(u16, u16)>, payload: &[u8]| {
        let ip = PacketBuilder::ethernet2([2; 6], [4; 6]).ipv4(CLIENT, SERVER, 64);
        let mut packet = Vec::new();
        match ports {
            Some((from, to)) => ip.udp(from, to).write(&mut packet, payload).unwrap(),
            None => ip.icmpv4_echo_request(7, 1).write(&mut packet, payload).unwrap(),
        }
        packet
    };
    // Number 9, recursion desired, one question: "a", type A, class IN.
    let query = [0, 9, 1, 0, 0, 1, 0, 0, 0, 0, 0, 0, 1, b'a', 0, 0, 1, 0, 1];
    let report = report_of(&[
        (1_700_000_000, packet(Some((40_000, 53)), &query)),
        (1_700_000_000, packet(None, b"ping")),
        // The clock is set back by 100 s before the 5 s have passed.
        (1_699_999_900, packet(Some((40_001, 9)), b"later")),
    ]);
    assert_eq!(report.pointer("/dns/forgotten"), Some(&json!(1)));
    assert_eq!(report.pointer("/dns/timeouts"), Some(&json!(0)));
    assert_eq!(report.pointer("/icmp/echo_forgotten"), Some(&json!(1)));
    assert_eq!(report.pointer("/icmp/echo_lost"), Some(&json!(0)));
}
