//! Captures whose packets have no time stamps.

#![expect(clippy::unwrap_used, reason = "a test's own packets are sound")]

use std::io::Cursor;
use std::ops::ControlFlow;

use etherparse::PacketBuilder;
use netsonde_capture::Source;
use netsonde_messages::Capture;
use netsonde_session::{FlowLimit, Session, Settings};

/// A little-endian pcapng block.
fn block(kind: u32, body: &[u8]) -> Vec<u8> {
    let body = [body, &vec![0; body.len().next_multiple_of(4) - body.len()]].concat();
    let length = u32::try_from(body.len() + 12).unwrap().to_le_bytes();
    [&kind.to_le_bytes()[..], &length, &body, &length].concat()
}

/// An enhanced packet block (type 6) for the packet at `micros`.
fn stamped(micros: u32, packet: &[u8]) -> Vec<u8> {
    let length = u32::try_from(packet.len()).unwrap();
    let head = [0, 0, micros, length, length].map(u32::to_le_bytes).concat();
    block(6, &[&head, packet].concat())
}

/// A simple packet block (type 3), which has no stamp.
fn unstamped(packet: &[u8]) -> Vec<u8> {
    let length = u32::try_from(packet.len()).unwrap().to_le_bytes();
    block(3, &[&length, packet].concat())
}

fn capture(blocks: &[Vec<u8>]) -> Capture {
    let section = [&0x1a2b_3c4d_u32.to_le_bytes()[..], &[1, 0, 0, 0], &[0xff; 8]].concat();
    let interface = [1, 0, 0, 0, 0, 0, 4, 0];
    let file = [block(0x0a0d_0d0a, &section), block(1, &interface), blocks.concat()].concat();
    let mut session = Session::new(Settings::default());
    let mut source = Source::reader("capture", Box::new(Cursor::new(file))).unwrap();
    session.drive(&mut source, &mut |_, _| ControlFlow::Continue(())).unwrap();
    session.finish();
    let report = session.report(FlowLimit::All);
    let flow = report.flows.iter().next().unwrap();
    assert_eq!(
        (flow.first_seen, flow.duration_s),
        (report.capture.first_seen.clone(), report.capture.duration_s)
    );
    report.capture
}

/// Ethernet 14, IPv4 20, UDP 8, payload 60: 102 bytes.
fn datagram() -> Vec<u8> {
    let mut datagram = Vec::new();
    let ip = PacketBuilder::ethernet2([2; 6], [4; 6]).ipv4([10, 0, 0, 1], [203, 0, 113, 7], 64);
    ip.udp(40_000, 53).write(&mut datagram, &[0; 60]).unwrap();
    datagram
}

#[test]
fn packets_without_stamps_are_counted_and_have_no_time() {
    let capture = capture(&[unstamped(&datagram())]);
    assert_eq!((capture.packets, capture.bytes, capture.stamps_missing), (1, 102, 1));
    assert_eq!((capture.first_seen, capture.last_seen, capture.duration_s), (None, None, None));
    assert_eq!(capture.stretches, 0);
}

#[test]
fn packets_without_stamps_do_not_lend_a_time_to_the_others() {
    let packet = datagram();
    let blocks =
        [unstamped(&packet), stamped(7_000_000, &packet), unstamped(&packet), stamped(7_500_000, &packet)];
    let capture = capture(&blocks);
    assert_eq!((capture.packets, capture.stamps_missing, capture.stretches), (4, 2, 1));
    assert_eq!(capture.first_seen.as_deref(), Some("1970-01-01T00:00:07.000000000Z"));
    assert_eq!(capture.duration_s, Some(0.5));
}
