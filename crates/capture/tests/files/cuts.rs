//! Files cut at every byte: what is whole before the cut is delivered, and no more.

use netsonde_capture::{OpenError, ReadError};

use crate::compressed::{gzip, zstd};
use crate::reading::{drain, open, read};
use crate::writer::{Order, Pcap, Pcapng};

/// A small file, the bytes of its header, and where its packets end.
struct Example {
    bytes: Vec<u8>,
    header: usize,
    /// Ends of all records, packets or not.
    boundaries: Vec<usize>,
    /// Ends of the packets.
    packet_ends: Vec<usize>,
}

fn pcap() -> Example {
    let bytes = Pcap::new(Order::Big, Pcap::NANOS, 1)
        .packet(1, 0, &[1; 5])
        .packet(2, 0, &[])
        .packet(3, 0, &[3; 40])
        .bytes();
    // 24 bytes of header; records of 16 bytes and 5, 0, 40 of packet.
    Example { bytes, header: 24, boundaries: vec![24, 45, 61, 117], packet_ends: vec![45, 61, 117] }
}

fn pcapng() -> Example {
    let bytes = Pcapng::new(Order::Big)
        .interface(1, 0, &[])
        .packet(0, 1, &[1; 5])
        .section(Order::Little)
        .clock(113, 9, 0)
        .simple(4, &[2; 4])
        .block(5, &[0; 8])
        .packet(0, 3, &[3; 8])
        .bytes();
    // Section 28, interface 20, packet 32 + 8; section 28, interface 20 + 8 + 12 + 4, simple 16 + 4,
    // statistics 20, packet 32 + 8.
    let boundaries = vec![28, 48, 88, 116, 160, 180, 200, 240];
    Example { bytes, header: 28, boundaries, packet_ends: vec![88, 180, 240] }
}

#[test]
fn a_cut_anywhere_delivers_the_packets_before_it() {
    for example in [pcap(), pcapng()] {
        let all = read(&example.bytes).packets;
        assert_eq!(example.boundaries.last(), Some(&example.bytes.len()));
        for cut in 0..example.bytes.len() {
            let part = &example.bytes[..cut];
            if cut < example.header {
                let error = open(part).unwrap_err();
                assert!(
                    matches!(
                        error,
                        OpenError::Empty { .. } | OpenError::CutHeader { .. } | OpenError::NotACapture { .. }
                    ),
                    "{cut}: {error}"
                );
                continue;
            }
            let reading = read(part);
            let whole = example.packet_ends.iter().filter(|end| **end <= cut).count();
            assert_eq!(reading.packets, all[..whole], "cut at {cut}");
            let last = example.boundaries.iter().rev().find(|end| **end <= cut).unwrap();
            match reading.error {
                None => assert_eq!(*last, cut),
                Some(ReadError::Cut { offset, had, needed, packets }) => {
                    assert_eq!((offset, had), (*last as u64, cut - last));
                    assert!(needed > had);
                    assert_eq!(packets, whole as u64);
                }
                Some(other) => panic!("cut at {cut}: {other}"),
            }
        }
    }
}

#[test]
fn a_cut_of_a_compressed_file_delivers_a_prefix_and_says_so() {
    for example in [pcap(), pcapng()] {
        let all = read(&example.bytes).packets;
        for packed in [gzip(&example.bytes), zstd(&example.bytes)] {
            for cut in 0..packed.len() {
                // Cut in its header nothing is known of the file.
                let Ok(source) = open(&packed[..cut]) else { continue };
                let reading = drain(source);
                assert!(all.starts_with(&reading.packets));
                assert!(matches!(reading.error, Some(ReadError::Decompression { .. })), "cut at {cut}");
            }
        }
    }
}
