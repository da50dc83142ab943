//! A session that has met its conversations allocates nothing more.

#![expect(clippy::unwrap_used, reason = "a test's own packets are sound")]

use etherparse::PacketBuilder;
use netsonde_dissect::{LinkType, Packet};
use netsonde_session::{Session, Settings};
use netsonde_units::Timestamp;

const PACKETS: u64 = 1_000_000;
const FLOWS: u64 = 500;

fn segment(flow: u8, port: u16, sequence: u32) -> Vec<u8> {
    let mut bytes = Vec::new();
    PacketBuilder::ethernet2([2; 6], [4; 6])
        .ipv4([10, 0, 0, flow], [203, 0, 113, 7], 64)
        .tcp(port, 443, sequence, 512)
        .ack(1)
        .write(&mut bytes, &[0; 100])
        .unwrap();
    bytes
}

#[test]
fn steady_state_allocates_nothing() {
    let frames: Vec<_> = (0..FLOWS)
        .map(|flow| {
            segment(u8::try_from(flow % 250).unwrap(), 40_000 + u16::try_from(flow / 250).unwrap(), 1)
        })
        .collect();
    let mut session = Session::new(Settings::default());
    let mut million = |first: u64| {
        for number in first..first + PACKETS {
            // A millisecond between packets: each million takes a quarter of an hour of packet time.
            let at = Timestamp::from_parts(1_700_000_000, 0).plus_nanos(number * 1_000_000);
            let bytes = &frames[usize::try_from(number % FLOWS).unwrap()];
            let wire_len = u32::try_from(bytes.len()).unwrap();
            session.push_all(&[Packet {
                at: Some(at),
                link: LinkType::ETHERNET,
                interface: 0,
                wire_len,
                bytes,
            }]);
        }
    };
    million(0);
    let allocations = allocation_counter::measure(|| million(PACKETS));
    assert_eq!(allocations.count_total, 0, "{allocations:?}");
}
