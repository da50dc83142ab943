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

/// A little-endian microsecond pcap of UDP datagrams and TCP segments.
fn capture() -> Vec<u8> {
    let mut file = Vec::new();
    file.extend(0xa1b2_c3d4_u32.to_le_bytes());
    file.extend([2, 0, 4, 0, 0, 0, 0, 0, 0, 0, 0, 0]);
    file.extend(65_535_u32.to_le_bytes());
    file.extend(1_u32.to_le_bytes());
    for number in 0..300_u32 {
        let [_, _, high, low] = number.to_be_bytes();
        let ip = PacketBuilder::ethernet2([2; 6], [4; 6]).ipv4([10, 0, high, low % 9], [203, 0, 113, 7], 64);
        let mut frame = Vec::new();
        let payload = vec![low; usize::from(low)];
        if number % 3 == 0 {
            ip.udp(40_000, 53).write(&mut frame, &payload).unwrap();
        } else {
            ip.tcp(40_000, 443, number * 300, 512).ack(1).write(&mut frame, &payload).unwrap();
        }
        let length = u32::try_from(frame.len()).unwrap();
        for field in [1_700_000_000 + number / 7, number % 7 * 100_000, length, length] {
            file.extend(field.to_le_bytes());
        }
        file.extend(frame);
    }
    file
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
