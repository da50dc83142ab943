//! A session that has met its conversations allocates nothing more.

#![expect(clippy::unwrap_used, reason = "a test's own packets are sound")]

use etherparse::PacketBuilder;
use netsonde_dissect::{LinkType, Packet};
use netsonde_flow::TcpEvent;
use netsonde_session::{Session, Settings};
use netsonde_units::Timestamp;

const PACKETS: u64 = 1_000_000;
const FLOWS: u64 = 500;

/// Where the sequence number of a segment begins: behind 14 bytes of Ethernet, 20 of IPv4 and the ports.
const SEQUENCE: usize = 38;

fn segment(from: ([u8; 4], u16), to: ([u8; 4], u16), payload: &[u8]) -> Vec<u8> {
    let mut bytes = Vec::new();
    PacketBuilder::ethernet2([2; 6], [4; 6])
        .ipv4(from.0, to.0, 64)
        .tcp(from.1, to.1, 0, 512)
        .ack(0)
        .write(&mut bytes, payload)
        .unwrap();
    bytes
}

/// A segment of 100 bytes of a connection, and its acknowledgement.
fn exchange(flow: u64) -> [Vec<u8>; 2] {
    let here = ([10, 0, 0, u8::try_from(flow % 250).unwrap()], 40_000 + u16::try_from(flow / 250).unwrap());
    let there = ([203, 0, 113, 7], 443);
    [segment(here, there, &[0; 100]), segment(there, here, &[])]
}

/// Writes the numbers of the `turn`th segment or acknowledgement.
fn number(bytes: &mut [u8], turn: u64) {
    let round = u32::try_from(turn / 2).unwrap();
    let (sequence, acknowledgement) =
        if turn.is_multiple_of(2) { (round * 100 + 1, 1) } else { (1, round * 100 + 101) };
    let numbers = [sequence, acknowledgement].map(u32::to_be_bytes);
    bytes.get_mut(SEQUENCE..SEQUENCE + 8).unwrap().copy_from_slice(numbers.as_flattened());
}

#[test]
fn steady_state_allocates_nothing() {
    let mut frames: Vec<_> = (0..FLOWS).map(exchange).collect();
    let mut session = Session::new(Settings::default());
    let mut million = |first: u64| {
        for packet in first..first + PACKETS {
            // A millisecond between packets: each million takes a quarter of an hour of packet time, and each round
            // trip half a second.
            let at = Timestamp::from_parts(1_700_000_000, 0).plus_nanos(packet * 1_000_000);
            let (flow, turn) = (packet % FLOWS, packet / FLOWS);
            let bytes = &mut frames[usize::try_from(flow).unwrap()][usize::try_from(turn % 2).unwrap()];
            number(bytes, turn);
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
    // Every acknowledgement completed a round trip: half of all packets.
    let tcp = session.snapshot().metrics.tcp;
    assert_eq!((tcp.rtt_far.samples, tcp.resent, tcp.events[TcpEvent::LostSegment]), (PACKETS, 0, 0));
}

/// A packet of RTP: a fifth of a second of sound, without fixed or signalled clock.
fn sound(stream: u64) -> Vec<u8> {
    let mut bytes = Vec::new();
    let host = u8::try_from(stream).unwrap();
    PacketBuilder::ethernet2([2; 6], [4; 6])
        .ipv4([10, 0, 0, host], [203, 0, 113, 7], 64)
        .udp(40_000, 5_004)
        .write(&mut bytes, &[&[0x80, 96, 0, 0, 0, 0, 0, 0, 0, 0, 0, host][..], &[0xd5; 60]].concat())
        .unwrap();
    bytes
}

#[test]
fn steady_streams_allocate_nothing() {
    /// Where the number and the time of a packet stand: behind Ethernet, IPv4, UDP and two bytes.
    const NUMBER: usize = 44;
    const STREAMS: u64 = 100;
    const ROUNDS: u64 = 2_000;

    let mut frames: Vec<_> = (0..STREAMS).map(sound).collect();
    let mut session = Session::new(Settings::default());
    let mut rounds = |first: u64| {
        for packet in first * STREAMS..(first + ROUNDS) * STREAMS {
            let (stream, round) = (packet % STREAMS, u32::try_from(packet / STREAMS).unwrap());
            let at = Timestamp::from_parts(1_700_000_000, 0).plus_nanos(packet * 2_000_000);
            let bytes = &mut frames[usize::try_from(stream).unwrap()];
            bytes[NUMBER..NUMBER + 2].copy_from_slice(&round.to_be_bytes()[2..]);
            bytes[NUMBER + 2..NUMBER + 6].copy_from_slice(&(round * 9_600).to_be_bytes());
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
    rounds(0);
    let allocations = allocation_counter::measure(|| rounds(ROUNDS));
    assert_eq!(allocations.count_total, 0, "{allocations:?}");
    let rtp = session.snapshot().metrics.rtp.sums;
    assert_eq!((rtp.expected, rtp.received), (2 * ROUNDS * STREAMS, 2 * ROUNDS * STREAMS));
}
