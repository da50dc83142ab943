//! Any bytes read as a datagram of QUIC, as the inside of an Initial, and as a hello of Google's end without a panic, and
//! what is read lies inside them.
//!
//! Input: the datagram, or what was inside a packet.

#![no_main]

use libfuzzer_sys::fuzz_target;
use netsonde_dissect::quic::google::Hello;
use netsonde_dissect::quic::{Frame, Frames, Packet, Version, packets};

fn read_packet(bytes: &[u8]) {
    let Ok((packet, rest)) = Packet::parse(bytes) else { return };
    assert_eq!(packet.header.len() + packet.behind.len() + rest.len(), bytes.len());
    assert!(packet.destination.len() + packet.source.len() + packet.token.len() < packet.header.len());
    assert!(u64::try_from(packet.behind.len()).unwrap() <= packet.announced);
    assert!(!packet.is_cut() || rest.is_empty());
    assert!(packet.versions().count() <= packet.behind.len() / 4);
}

fn read_frames(version: Version, bytes: &[u8]) {
    let mut pieces = 0;
    for frame in Frames::new(version, bytes).flatten() {
        if let Frame::Crypto { bytes, .. } = frame {
            pieces += bytes.len();
        }
    }
    assert!(pieces <= bytes.len());
}

fuzz_target!(|input: &[u8]| {
    read_packet(input);
    assert!(packets(input).count() <= 8);
    read_frames(Version::ONE, input);
    read_frames(Version::Q050, input);
    for hello in [Hello::find(input), Hello::parse(input)].into_iter().flatten() {
        assert!(hello.server_name().is_none_or(|name| name.len() < input.len()));
    }
});
