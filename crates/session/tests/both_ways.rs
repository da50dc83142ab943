//! What the numbers of a capture owe to both of its ends, from the file to the report.

#![expect(clippy::unwrap_used, reason = "a test's own packets are sound")]

use std::io::Cursor;
use std::ops::ControlFlow;

use etherparse::PacketBuilder;
use netsonde_capture::Source;
use netsonde_messages::{Flow, Report};
use netsonde_session::{FlowLimit, Session, Settings};

const LOOPBACK: [u8; 4] = [127, 0, 0, 1];
const CLIENT: [u8; 4] = [192, 168, 7, 2];
const SERVER: [u8; 4] = [203, 0, 113, 7];
const OTHER: [u8; 4] = [203, 0, 113, 8];
/// Ethernet, IPv4 and UDP.
const HEADERS: u64 = 14 + 20 + 8;

fn datagram(source: ([u8; 4], u16), destination: ([u8; 4], u16), len: usize) -> Vec<u8> {
    let mut packet = Vec::new();
    let ip = PacketBuilder::ethernet2([2; 6], [4; 6]).ipv4(source.0, destination.0, 64);
    ip.udp(source.1, destination.1).write(&mut packet, &vec![0xff; len]).unwrap();
    packet
}

/// Reads a little-endian pcap file of Ethernet frames, one a millisecond.
fn report(packets: &[Vec<u8>]) -> Report<Vec<Flow>> {
    let mut file = [0xa1b2_c3d4_u32, 0x0004_0002, 0, 0, 65_535, 1].map(u32::to_le_bytes).concat();
    for (number, packet) in (0_u32..).zip(packets) {
        let length = u32::try_from(packet.len()).unwrap();
        file.extend([1_700_000_000, number * 1_000, length, length].map(u32::to_le_bytes).concat());
        file.extend(packet);
    }
    let mut session = Session::new(Settings::default());
    let mut source = Source::reader("capture", Box::new(Cursor::new(file))).unwrap();
    session.drive(&mut source, &mut |_, _| ControlFlow::Continue(())).unwrap();
    session.finish();
    serde_json::from_value(serde_json::to_value(session.report(FlowLimit::All)).unwrap()).unwrap()
}

#[test]
fn on_loopback_traffic_is_internal_and_each_conversation_has_both_ways() {
    let report = report(&[
        datagram((LOOPBACK, 40_000), (LOOPBACK, 9_999), 100),
        datagram((LOOPBACK, 9_999), (LOOPBACK, 40_000), 300),
        datagram((LOOPBACK, 9_999), (LOOPBACK, 40_000), 300),
    ]);
    let (up, down) = (100 + HEADERS, 2 * (300 + HEADERS));
    assert_eq!(report.totals.internal.bytes, up + down);
    assert_eq!((report.totals.inbound.bytes, report.totals.outbound.bytes), (0, 0));
    assert_eq!(report.flows.len(), 1);
    assert_eq!((report.flows[0].bytes_up, report.flows[0].bytes_down), (up, down));
}

#[test]
fn a_download_ranks_by_what_came_in_and_not_by_what_asked_for_it() {
    // To SERVER more is sent than to OTHER, which answers with far more.
    let report = report(&[
        datagram((CLIENT, 40_000), (SERVER, 9_999), 200),
        datagram((CLIENT, 40_001), (OTHER, 9_999), 20),
        datagram((OTHER, 9_999), (CLIENT, 40_001), 1_200),
        datagram((OTHER, 9_999), (CLIENT, 40_001), 1_200),
    ]);
    let down = 2 * (1_200 + HEADERS);
    let (asked_much, asked_little) = (200 + HEADERS, 20 + HEADERS);
    let hosts: Vec<_> =
        report.hosts.iter().map(|host| (host.address.to_string(), host.bytes_in, host.bytes_out)).collect();
    // The largest first, by both ways together.
    assert_eq!(
        hosts,
        [
            ("192.168.7.2".into(), down, asked_much + asked_little),
            ("203.0.113.8".into(), asked_little, down),
            ("203.0.113.7".into(), asked_much, 0),
        ]
    );
    let downloaded = report.flows.iter().find(|flow| flow.bytes_down > 0).unwrap();
    assert_eq!((downloaded.bytes_up, downloaded.bytes_down), (asked_little, down));
}
