//! The classic format.

use netsonde_capture::{Damage, Format, OpenError, ReadError};
use netsonde_dissect::LinkType;

use crate::reading::{open, read};
use crate::writer::{Order, Pcap};

#[test]
fn every_magic_gives_the_same_packets() {
    for (order, magic, fraction) in [
        (Order::Little, Pcap::MICROS, 250_000),
        (Order::Big, Pcap::MICROS, 250_000),
        (Order::Little, Pcap::NANOS, 250_000_000),
        (Order::Big, Pcap::NANOS, 250_000_000),
    ] {
        let file = Pcap::new(order, magic, 1).packet(7, fraction, &[1, 2, 3]).packet(8, 0, &[]).bytes();
        let reading = read(&file);
        assert!(reading.error.is_none());
        let [first, second] = &reading.packets[..] else { panic!("{:?}", reading.packets) };
        assert_eq!((first.nanos, &first.bytes[..], first.wire_len), (Some(7_250_000_000), &[1, 2, 3][..], 3));
        assert_eq!((second.nanos, second.bytes.len(), second.link), (Some(8_000_000_000), 0, 1));
        assert_eq!(reading.source.format(), Some(Format::Pcap));
        assert_eq!(reading.source.link_types(), [LinkType::ETHERNET]);
    }
}

#[test]
fn bits_above_the_link_type_are_ignored() {
    // A frame check sequence of 4 bytes, link type 113.
    let reading = read(&Pcap::new(Order::Big, Pcap::MICROS, 0x2400_0071).packet(0, 0, &[9]).bytes());
    assert_eq!(reading.packets[0].link, 113);
}

#[test]
fn a_wire_length_below_the_captured_one_is_raised_and_counted() {
    let file = Pcap::new(Order::Little, Pcap::MICROS, 1)
        .record([0, 0, 4, 0], &[1; 4])
        .record([0, 0, 4, 1_500], &[2; 4])
        .bytes();
    let reading = read(&file);
    assert_eq!(reading.packets.iter().map(|packet| packet.wire_len).collect::<Vec<_>>(), [4, 1_500]);
    assert_eq!(reading.source.counters().wire_lengths_raised, 1);
}

#[test]
fn swapped_lengths_of_old_versions_are_swapped_back() {
    let file = Pcap::versioned(Order::Big, Pcap::MICROS, 1, 2, 2).record([0, 0, 60, 4], &[1; 4]).bytes();
    let reading = read(&file);
    assert_eq!((reading.packets[0].wire_len, reading.packets[0].bytes.len()), (60, 4));
    assert!(reading.error.is_none());
}

#[test]
fn a_fraction_above_a_second_carries() {
    let reading = read(&Pcap::new(Order::Little, Pcap::MICROS, 1).packet(1, 2_000_000, &[]).bytes());
    assert_eq!(reading.packets[0].nanos, Some(3_000_000_000));
}

#[test]
fn the_last_second_of_32_bits_is_read() {
    let file = Pcap::new(Order::Little, Pcap::NANOS, 1).packet(u32::MAX, u32::MAX, &[]).bytes();
    assert_eq!(read(&file).packets[0].nanos, Some(4_294_967_295 * 1_000_000_000 + 4_294_967_295));
}

#[test]
fn a_hostile_length_is_damage_behind_the_packets_before() {
    let file = Pcap::new(Order::Little, Pcap::MICROS, 1)
        .packet(1, 0, &[1; 10])
        .record([0, 0, u32::MAX, 60], &[0; 60]);
    let reading = read(&file.bytes());
    assert_eq!(reading.packets.len(), 1);
    // 24 bytes of file header, 16 of record header, 10 of packet.
    let Some(ReadError::Damaged { offset: 50, packets: 1, damage }) = reading.error else {
        panic!("{:?}", reading.error)
    };
    assert_eq!(damage, Damage::PacketTooLong { captured: u32::MAX, max: 16 << 20 });
}

#[test]
fn a_packet_larger_than_the_buffer_is_read() {
    let large = vec![0x5a; 3 << 20];
    let file = Pcap::new(Order::Little, Pcap::MICROS, 1).packet(1, 0, &large).packet(2, 0, &[1]).bytes();
    let reading = read(&file);
    assert_eq!(reading.packets.len(), 2);
    assert_eq!(reading.packets[0].bytes, large);
}

#[test]
fn an_unknown_version_does_not_open() {
    let error = open(&Pcap::versioned(Order::Big, Pcap::MICROS, 1, 9, 1).bytes()).unwrap_err();
    assert_eq!(error.to_string(), "the pcap header of test is damaged: version 9.1 is not known");
}

#[test]
fn what_is_no_capture_does_not_open_and_says_why() {
    assert!(matches!(open(&[]).unwrap_err(), OpenError::Empty { .. }));
    let modified = open(&Pcap::new(Order::Little, 0xa1b2_cd34, 1).bytes()).unwrap_err();
    assert!(modified.to_string().contains("Kuznetzov"), "{modified}");
    let page = open(b"<html><body>404</body></html>").unwrap_err();
    assert!(page.to_string().contains("HTML"), "{page}");
    let file = netsonde_capture::Source::file(std::path::Path::new("/nonexistent/x.pcap")).unwrap_err();
    assert!(matches!(file, OpenError::File { .. }), "{file}");
}
