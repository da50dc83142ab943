//! The same packets come out however the bytes come in.

use netsonde_capture::{Damage, ReadError, Source};
use proptest::prelude::*;

use crate::compressed::{gzip, zstd};
use crate::reading::{Pieces, drain, read};
use crate::writer::{Order, Pcap, Pcapng};

fn order() -> impl Strategy<Value = Order> {
    prop_oneof![Just(Order::Little), Just(Order::Big)]
}

fn packets() -> impl Strategy<Value = Vec<(u32, Vec<u8>)>> {
    let packet = (any::<u32>(), prop::collection::vec(any::<u8>(), 0..300));
    prop::collection::vec(packet, 0..20)
}

fn pcap() -> impl Strategy<Value = Vec<u8>> {
    (order(), any::<bool>(), packets()).prop_map(|(order, nanos, packets)| {
        let magic = if nanos { Pcap::NANOS } else { Pcap::MICROS };
        packets
            .iter()
            .fold(Pcap::new(order, magic, 1), |file, (seconds, packet)| file.packet(*seconds, 0, packet))
            .bytes()
    })
}

fn pcapng() -> impl Strategy<Value = Vec<u8>> {
    prop::collection::vec((order(), any::<u8>(), packets()), 1..4).prop_map(|sections| {
        let (first, ..) = sections[0];
        let mut file = Pcapng::new(first);
        for (order, resolution, packets) in &sections {
            file = file.section(*order).clock(1, *resolution, 0);
            for (ticks, packet) in packets {
                file = match ticks % 4 {
                    0 => file.obsolete(0, u64::from(*ticks), packet),
                    1 => file.simple(u32::try_from(packet.len()).unwrap(), packet),
                    2 => file.block(*ticks | 0x8000_0000, &[0; 8]),
                    _ => file.packet(0, u64::from(*ticks) << 20, packet),
                };
            }
        }
        file.bytes()
    })
}

/// A capture, perhaps packed, perhaps cut, perhaps with a byte changed.
fn capture() -> impl Strategy<Value = Vec<u8>> {
    let file = prop_oneof![pcap(), pcapng()];
    let flaw = proptest::option::of((any::<prop::sample::Index>(), any::<u8>()));
    let cut = proptest::option::of(any::<prop::sample::Index>());
    (file, 0..3, flaw, cut).prop_map(|(mut file, packing, flaw, cut)| {
        if let Some(cut) = cut {
            file.truncate(28 + cut.index(file.len()));
        }
        if let Some((place, value)) = flaw {
            // Beyond the first header, so that the file opens.
            let place = 28 + place.index(file.len());
            if let Some(byte) = file.get_mut(place) {
                *byte = value;
            }
        }
        match packing {
            0 => file,
            1 => gzip(&file),
            _ => zstd(&file),
        }
    })
}

#[test]
fn damage_in_the_last_bytes_is_told_from_a_cut_in_any_chunks() {
    // 8 bytes of a block whose length is impossible, then 2 more: not enough for any block.
    let mut file = Pcapng::new(Order::Little).interface(1, 0, &[]).bytes();
    file.extend([10, 0, 0, 0, 0, 0, 0, 0, 1, 24]);
    for size in [1, 5, 24, 1_000] {
        let pieces = Pieces::new(file.clone(), vec![size]);
        let reading = drain(Source::reader("pieces", Box::new(pieces)).unwrap());
        let damage = Damage::BlockLength { kind: 10, length: 0 };
        assert!(
            matches!(reading.error, Some(ReadError::Damaged { offset: 48, damage: seen, .. }) if seen == damage),
            "{size}: {:?}",
            reading.error
        );
    }
}

#[test]
fn a_length_that_had_to_be_raised_is_counted_once_in_any_chunks() {
    let mut file = Pcap::new(Order::Little, Pcap::MICROS, 1).packet(1, 0, &[7; 40]).bytes();
    // The length on the wire, behind the file's header of 24 bytes, the stamp and the captured length.
    file[24 + 12] = 20;
    for size in [1, 17, 1_000] {
        let pieces = Pieces::new(file.clone(), vec![size]);
        let reading = drain(Source::reader("pieces", Box::new(pieces)).unwrap());
        assert_eq!(reading.source.counters().wire_lengths_raised, 1, "{size}");
    }
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(256) })]

    #[test]
    fn chunks_do_not_matter(file in capture(), sizes in prop::collection::vec(1_usize..200, 1..5)) {
        let at_once = read(&file);
        for sizes in [sizes, vec![1]] {
            let pieces = Pieces::new(file.clone(), sizes);
            let reading = drain(Source::reader("pieces", Box::new(pieces)).unwrap());
            prop_assert_eq!(&reading.packets, &at_once.packets);
            prop_assert_eq!(reading.source.counters(), at_once.source.counters());
            prop_assert_eq!(reading.error.map(|e| e.to_string()), at_once.error.as_ref().map(ToString::to_string));
        }
    }
}
