//! Captures inside gzip and zstd.

use std::io::Write;

use flate2::Compression as Level;
use flate2::write::GzEncoder;
use netsonde_capture::{Compression, OpenError, ReadError};

use crate::reading::{open, read};
use crate::writer::{Order, Pcap};

/// Packs bytes as one gzip member.
pub(crate) fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Level::default());
    encoder.write_all(bytes).unwrap();
    encoder.finish().unwrap()
}

/// Packs bytes as one Zstandard frame with a checksum.
pub(crate) fn zstd(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = zstd::Encoder::new(Vec::new(), 3).unwrap();
    encoder.include_checksum(true).unwrap();
    encoder.write_all(bytes).unwrap();
    encoder.finish().unwrap()
}

fn capture() -> Vec<u8> {
    Pcap::new(Order::Little, Pcap::MICROS, 1).packet(1, 0, &[1; 60]).packet(2, 0, &[2; 60]).bytes()
}

#[test]
fn several_members_and_frames_are_one_capture() {
    let file = capture();
    // Cut inside the first record: the parts make sense only together.
    let (head, tail) = file.split_at(50);
    let bare = read(&file).packets;
    for (packed, compression) in [
        ([gzip(head), gzip(tail)].concat(), Compression::Gzip),
        ([zstd(head), zstd(tail)].concat(), Compression::Zstd),
    ] {
        let reading = read(&packed);
        assert!(reading.error.is_none(), "{:?}", reading.error);
        assert_eq!(reading.packets, bare);
        assert_eq!(reading.source.compression(), Some(compression));
    }
}

#[test]
fn a_damaged_stream_delivers_what_came_before() {
    // More than two blocks of either compression, which hold 128 KiB at most.
    let file = (0..400).fold(Pcap::new(Order::Little, Pcap::MICROS, 1), |file, second| {
        let packet: Vec<u8> = (0..1_000_u32).map(|place| (second * place % 251).to_le_bytes()[0]).collect();
        file.packet(second, 0, &packet)
    });
    let file = file.bytes();
    let all = read(&file).packets;
    for mut packed in [gzip(&file), zstd(&file)] {
        // The checksum is the last thing, or only the length is behind it.
        for byte in packed.iter_mut().rev().take(8) {
            *byte ^= 0x55;
        }
        let reading = read(&packed);
        assert!(all.starts_with(&reading.packets));
        assert!(reading.packets.len() > 200, "{}", reading.packets.len());
        assert!(matches!(reading.error, Some(ReadError::Decompression { .. })), "{:?}", reading.error);
    }
}

#[test]
fn compression_inside_compression_is_refused() {
    let error = open(&gzip(&gzip(&capture()))).unwrap_err();
    assert!(error.to_string().contains("gzip file inside"), "{error}");
}

#[test]
fn compressed_nothing_is_empty() {
    assert!(matches!(open(&gzip(&[])).unwrap_err(), OpenError::Empty { .. }));
}
