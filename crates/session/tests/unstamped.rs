//! Captures whose packets have no time stamps.

#![expect(clippy::unwrap_used, reason = "a test's own packets are sound")]

use std::io::Cursor;
use std::ops::ControlFlow;

use etherparse::PacketBuilder;
use netsonde_capture::Source;
use netsonde_session::{FlowLimit, Session, Settings};

/// A little-endian pcapng block.
fn block(kind: u32, body: &[u8]) -> Vec<u8> {
    let body = [body, &vec![0; body.len().next_multiple_of(4) - body.len()]].concat();
    let length = u32::try_from(body.len() + 12).unwrap().to_le_bytes();
    [&kind.to_le_bytes()[..], &length, &body, &length].concat()
}

/// A section, an Ethernet interface, and a datagram in a simple packet block (type 3), which has no stamp.
fn unstamped() -> Vec<u8> {
    let mut datagram = Vec::new();
    let ip = PacketBuilder::ethernet2([2; 6], [4; 6]).ipv4([10, 0, 0, 1], [203, 0, 113, 7], 64);
    ip.udp(40_000, 53).write(&mut datagram, &[0; 60]).unwrap();
    let length = u32::try_from(datagram.len()).unwrap().to_le_bytes();
    let section = [&0x1a2b_3c4d_u32.to_le_bytes()[..], &[1, 0, 0, 0], &[0xff; 8]].concat();
    let interface = [1, 0, 0, 0, 0, 0, 4, 0];
    [block(0x0a0d_0d0a, &section), block(1, &interface), block(3, &[&length[..], &datagram].concat())]
        .concat()
}

#[test]
fn packets_without_stamps_are_counted_and_have_no_time() {
    let mut session = Session::new(Settings::default());
    let mut source = Source::reader("capture", Box::new(Cursor::new(unstamped()))).unwrap();
    session.drive(&mut source, &mut |_, _| ControlFlow::Continue(())).unwrap();
    session.finish();
    let capture = session.report(FlowLimit::All).capture;
    // Ethernet 14, IPv4 20, UDP 8, payload 60.
    assert_eq!((capture.packets, capture.bytes, capture.stamps_missing), (1, 102, 1));
    assert_eq!((capture.first_seen, capture.last_seen, capture.duration_s), (None, None, None));
}
