//! The report does not depend on how the bytes of a capture arrive.

#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test's own packets are sound")]

use std::io::Read;
use std::ops::ControlFlow;

use etherparse::PacketBuilder;
use netsonde_capture::Source;
use netsonde_session::{FlowLimit, Session, Settings};
use proptest::prelude::*;

/// Hands out a file in pieces of given sizes, over and over.
struct Pieces {
    bytes: std::io::Cursor<Vec<u8>>,
    sizes: Vec<usize>,
    turn: usize,
}

impl Read for Pieces {
    fn read(&mut self, into: &mut [u8]) -> std::io::Result<usize> {
        let size = self.sizes[self.turn % self.sizes.len()].min(into.len());
        self.turn += 1;
        self.bytes.read(&mut into[..size])
    }
}

/// A little-endian microsecond pcap of five minutes: datagrams, data, SYNs and, long after their time-out, the RSTs
/// that answer them.
fn capture() -> Vec<u8> {
    let mut file = Vec::new();
    file.extend(0xa1b2_c3d4_u32.to_le_bytes());
    file.extend([2, 0, 4, 0, 0, 0, 0, 0, 0, 0, 0, 0]);
    file.extend(65_535_u32.to_le_bytes());
    file.extend(1_u32.to_le_bytes());
    for number in 0..300_u16 {
        let frame = frame(number);
        let length = u32::try_from(frame.len()).unwrap();
        for field in [1_700_000_000 + u32::from(number), 0, length, length] {
            file.extend(field.to_le_bytes());
        }
        file.extend(frame);
    }
    file
}

fn frame(number: u16) -> Vec<u8> {
    const CLIENT: [u8; 4] = [10, 0, 0, 1];
    const SERVER: [u8; 4] = [203, 0, 113, 7];
    let ethernet = PacketBuilder::ethernet2([2; 6], [4; 6]);
    let [high, low] = number.to_be_bytes();
    let payload = vec![low; usize::from(low)];
    let mut frame = Vec::new();
    match number % 4 {
        0 => ethernet.ipv4([10, 0, high, low % 9], SERVER, 64).udp(40_000, 53).write(&mut frame, &payload),
        1 => ethernet.ipv4(CLIENT, SERVER, 64).tcp(50_000 + number, 80, 7, 512).syn().write(&mut frame, &[]),
        // 69 packets and seconds after the SYN.
        2 => {
            let port = 50_000 + number.saturating_sub(69);
            ethernet.ipv4(SERVER, CLIENT, 64).tcp(80, port, 0, 512).rst().ack(8).write(&mut frame, &[])
        }
        _ => {
            let sequence = u32::from(number) * 300;
            ethernet
                .ipv4(CLIENT, SERVER, 64)
                .tcp(40_000, 443, sequence, 512)
                .ack(1)
                .write(&mut frame, &payload)
        }
    }
    .unwrap();
    frame
}

fn report(input: Box<dyn Read + Send>) -> String {
    let mut session = Session::new(Settings::default());
    let mut source = Source::reader("capture", input).unwrap();
    session.drive(&mut source, &mut |_, _| ControlFlow::Continue(())).unwrap();
    session.finish();
    serde_json::to_string(&session.report(FlowLimit::All)).unwrap()
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 32, ..ProptestConfig::default() })]

    #[test]
    fn every_read_chunking_gives_an_equal_report(sizes in prop::collection::vec(1..5_000_usize, 1..20)) {
        let whole = report(Box::new(std::io::Cursor::new(capture())));
        let pieces = Pieces { bytes: std::io::Cursor::new(capture()), sizes, turn: 0 };
        prop_assert_eq!(report(Box::new(pieces)), whole);
    }
}
