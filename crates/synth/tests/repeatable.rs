//! The same seed gives the same bytes, on every machine.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::io::Read as _;

use netsonde_synth::plan::mix::Mix;
use netsonde_synth::{Capture, Packets, PcapRead, Resolution};
use ring::digest::{SHA256, digest};

/// When the captures begin: 2026-01-01, in nanoseconds since the Unix epoch.
const BASE: u64 = 1_767_225_600_000_000_000;

/// Enough for every kind of conversation to begin.
const PACKETS: u64 = 20_000;

/// The SHA-256 of the mix with seed 1: changes with whatever changes a byte of it, and only in a commit that says so.
const MIX: &str = "SHA256:7e86a7b91a3c04cfda47cb6c8d2e92e56dfb8024aad33fb8de81457cd8c22cbb";

fn plan(seed: u64) -> Packets<Mix> {
    Packets::new(Mix::new(BASE, PACKETS, seed)).limit(PACKETS)
}

fn written(seed: u64) -> Vec<u8> {
    let mut packets = plan(seed);
    let mut capture = Capture::new(Vec::new(), Resolution::Nanoseconds).unwrap();
    while let Some(packet) = packets.advance() {
        capture.write(packet.time, packet.bytes).unwrap();
    }
    capture.finish().unwrap()
}

#[test]
fn a_seed_gives_the_bytes_that_it_gave_elsewhere() {
    let bytes = written(1);
    assert_eq!(format!("{:?}", digest(&SHA256, &bytes)), MIX);
    assert!(written(2) != bytes, "two seeds gave the same bytes");
}

#[test]
fn a_stream_that_is_read_in_pieces_is_the_file_that_is_written() {
    let mut reader = PcapRead::new(plan(1), Resolution::Nanoseconds);
    let (mut read, mut piece) = (Vec::new(), [0; 977]);
    loop {
        let count = reader.read(&mut piece).unwrap();
        if count == 0 {
            break;
        }
        read.extend_from_slice(piece.get(..count).unwrap());
    }
    assert!(read == written(1), "the stream differs from the file");
    assert_eq!(reader.packets().truth().total.packets, PACKETS);
}

#[test]
fn packets_come_in_order_of_time() {
    let mut packets = plan(3);
    let mut last = 0;
    while let Some(packet) = packets.advance() {
        assert!(packet.time >= last && packet.bytes.len() >= 60);
        last = packet.time;
    }
    assert!(last > BASE);
}
