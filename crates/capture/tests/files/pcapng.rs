//! The block format.

use netsonde_capture::{Damage, Format, OpenError, ReadError};
use netsonde_dissect::LinkType;

use crate::reading::{Reading, open, read};
use crate::writer::{Order, Pcapng};

/// Microseconds since the epoch in which the examples play.
const TICKS: u64 = 1_700_000_000_000_000;

fn ethernet(order: Order) -> Pcapng {
    Pcapng::new(order).interface(1, 0, &[])
}

/// Returns the damage that a file ends in, and where.
fn damage(reading: &Reading) -> (Damage, u64) {
    match reading.error {
        Some(ReadError::Damaged { damage, offset, .. }) => (damage, offset),
        ref other => panic!("{other:?}"),
    }
}

#[test]
fn all_packet_blocks_are_read_in_both_orders() {
    for order in [Order::Little, Order::Big] {
        let file = ethernet(order)
            .packet(0, TICKS, &[1, 2, 3])
            .obsolete(0, TICKS + 1, &[4, 5])
            .simple(2, &[6, 7])
            .enhanced(0, TICKS + 2, 1, 1_500, &[8])
            .bytes();
        let reading = read(&file);
        assert!(reading.error.is_none());
        let seen: Vec<_> = reading
            .packets
            .iter()
            .map(|p| (p.nanos.map(|nanos| nanos / 1_000 - TICKS), p.wire_len, p.bytes.clone()))
            .collect();
        // A simple packet has no stamp.
        let wanted = [
            (Some(0), 3, vec![1, 2, 3]),
            (Some(1), 2, vec![4, 5]),
            (None, 2, vec![6, 7]),
            (Some(2), 1_500, vec![8]),
        ];
        assert_eq!(seen, wanted);
        assert_eq!(reading.source.counters().stamps_missing, 1);
        assert_eq!(reading.source.format(), Some(Format::Pcapng));
    }
}

#[test]
fn interfaces_are_counted_over_all_sections() {
    let file = Pcapng::new(Order::Little)
        .interface(113, 0, &[])
        .interface(1, 0, &[])
        .packet(1, TICKS, &[1])
        .section(Order::Big)
        .interface(0, 0, &[])
        .packet(0, TICKS, &[2])
        .section(Order::Little)
        .interface(1, 0, &[])
        .simple(1, &[3])
        .bytes();
    let reading = read(&file);
    assert!(reading.error.is_none());
    let seen: Vec<_> = reading.packets.iter().map(|packet| (packet.interface, packet.link)).collect();
    assert_eq!(seen, [(1, 1), (2, 0), (3, 1)]);
    assert_eq!(reading.source.link_types(), [LinkType::NULL, LinkType::ETHERNET, LinkType::LINUX_SLL]);
}

#[test]
fn every_interface_has_its_own_clock() {
    let file = Pcapng::new(Order::Big)
        .clock(1, 9, 0)
        .clock(1, 0x8a, 100)
        .clock(1, 3, -1)
        .packet(0, 1_500_000_000, &[])
        // 512 of 1,024 ticks a second.
        .packet(1, 512, &[])
        .packet(2, 3_250, &[])
        .bytes();
    let nanos: Vec<_> = read(&file).packets.iter().map(|packet| packet.nanos).collect();
    assert_eq!(nanos, [1_500_000_000, 100_500_000_000, 2_250_000_000].map(Some));
}

#[test]
fn stamps_out_of_range_saturate_and_are_counted() {
    let file = Pcapng::new(Order::Little)
        .clock(1, 6, 0)
        .clock(1, 6, -5)
        .packet(0, u64::MAX, &[])
        .packet(1, 0, &[])
        .packet(0, 1, &[])
        .bytes();
    let reading = read(&file);
    let nanos: Vec<_> = reading.packets.iter().map(|packet| packet.nanos).collect();
    assert_eq!(nanos, [u64::MAX, 0, 1_000].map(Some));
    assert_eq!(reading.source.counters().stamps_out_of_range, 2);
}

#[test]
fn a_simple_packet_is_cut_at_the_snapshot_length() {
    let file = Pcapng::new(Order::Little).interface(1, 4, &[]).simple(100, &[1, 2, 3, 4]).bytes();
    let reading = read(&file);
    assert_eq!((reading.packets[0].wire_len, &reading.packets[0].bytes[..]), (100, &[1, 2, 3, 4][..]));
}

#[test]
fn blocks_without_packets_are_skipped_and_counted() {
    let file = ethernet(Order::Little)
        // Name resolution, statistics, custom, and one that nobody has invented.
        .block(4, &[0; 4])
        .block(5, &[0; 12])
        .block(0x0bad, &[0; 8])
        .block(0x7777_7777, &[])
        .packet(0, TICKS, &[1])
        .bytes();
    let reading = read(&file);
    assert_eq!(reading.packets.len(), 1);
    assert_eq!(reading.source.counters().blocks_skipped, 4);
}

#[test]
fn options_behind_a_packet_are_not_packet() {
    let mut body = vec![0; 4];
    for number in [0_u32, 7, 3, 3] {
        body.extend(number.to_le_bytes());
    }
    // Three bytes, padding, and an end-of-options mark.
    body.extend([1, 2, 3, 0, 0, 0, 0, 0]);
    let reading = read(&ethernet(Order::Little).block(6, &body).bytes());
    assert_eq!(reading.packets[0].bytes, [1, 2, 3]);
}

#[test]
fn hostile_lengths_are_damage_at_their_block() {
    // 28 bytes of section header and 20 of interface description come before.
    let kind = 6;
    let long = [0; 20];
    let cases: [(Pcapng, Damage); 9] = [
        (ethernet(Order::Little).framed(kind, 0, &[], 0), Damage::BlockLength { kind, length: 0 }),
        (ethernet(Order::Little).framed(kind, 11, &long, 11), Damage::BlockLength { kind, length: 11 }),
        (ethernet(Order::Little).framed(kind, 33, &long, 33), Damage::BlockLength { kind, length: 33 }),
        (
            ethernet(Order::Little).framed(kind, u32::MAX - 3, &long, 0),
            Damage::BlockLength { kind, length: u32::MAX - 3 },
        ),
        (
            ethernet(Order::Little).framed(kind, 32, &long, 36),
            Damage::BlockTrailer { kind, leading: 32, trailing: 36 },
        ),
        (ethernet(Order::Big).block(kind, &[0; 16]), Damage::BlockLength { kind, length: 28 }),
        (
            ethernet(Order::Big).enhanced(0, 0, 5, 5, &[1; 4]),
            Damage::PacketBeyondBlock { captured: 5, room: 4 },
        ),
        (
            ethernet(Order::Big).enhanced(0, 0, u32::MAX, 5, &[1; 4]),
            Damage::PacketTooLong { captured: u32::MAX, max: 16 << 20 },
        ),
        (ethernet(Order::Little).packet(1, 0, &[1]), Damage::UnknownInterface { id: 1, described: 1 }),
    ];
    for (file, wanted) in cases {
        assert_eq!(damage(&read(&file.bytes())), (wanted, 48));
    }
}

#[test]
fn a_packet_of_a_section_without_interfaces_is_damage() {
    let file = ethernet(Order::Little).section(Order::Big).simple(1, &[1]).bytes();
    assert_eq!(damage(&read(&file)), (Damage::UnknownInterface { id: 0, described: 0 }, 76));
}

#[test]
fn interfaces_have_a_bound() {
    let mut file = Pcapng::new(Order::Little);
    for _ in 0..=1 << 16 {
        file = file.interface(1, 0, &[]);
    }
    assert_eq!(damage(&read(&file.bytes())).0, Damage::TooManyInterfaces { max: 1 << 16 });
}

#[test]
fn a_damaged_first_section_does_not_open() {
    let mut order = Pcapng::new(Order::Little).bytes();
    order[8] = 0;
    assert!(matches!(
        open(&order).unwrap_err(),
        OpenError::DamagedHeader { damage: Damage::ByteOrder { .. }, .. }
    ));
    let mut version = Pcapng::new(Order::Little).bytes();
    version[12] = 2;
    assert!(matches!(
        open(&version).unwrap_err(),
        OpenError::DamagedHeader { damage: Damage::Version { major: 2, minor: 0 }, .. }
    ));
}
