//! QUIC's long headers and those of Google's forerunner.

use super::{Guess, Ports};
use crate::Protocol;
use crate::quic::{FIXED_BIT, Fault, Packet, PacketType, Version, google};

const QUIC: Guess = Guess::Certain(Protocol::Quic);

/// The port of HTTP/3 (RFC 9114 section 3.1): what begins so there, and was cut by the capture, is nothing else.
const PORT: u16 = 443;
/// A client pads the datagram with its first packet to this size (RFC 9000 section 14.1).
const MIN_FIRST_DATAGRAM: usize = 1200;
/// Packet number and payload leave 16 bytes to sample for header protection (RFC 9001 section 5.4.2).
const MIN_PROTECTED: u64 = 20;
/// No datagram is longer.
const MAX_PROTECTED: u64 = 65_535;

/// Recognises the long header that begins a datagram; short headers say nothing by themselves.
pub(super) fn probe(payload: &[u8], ports: Ports) -> Guess {
    let Some(&first) = payload.first() else { return Guess::Nothing };
    let packet = match Packet::parse(payload) {
        Ok((packet, _)) => packet,
        Err(Fault::NoLongHeader) if google::has_public_header(payload) => return QUIC,
        Err(_) => return Guess::Nothing,
    };
    match packet.kind {
        // No end has agreed to leave the bit to chance before the first packet.
        PacketType::Initial | PacketType::ZeroRtt | PacketType::Handshake | PacketType::Retry
            if first & FIXED_BIT == 0 =>
        {
            Guess::Nothing
        }
        _ if packet.version.google().is_some() => QUIC,
        _ if packet.version.is_greased() => sure_if(payload.len() >= MIN_FIRST_DATAGRAM),
        PacketType::Unknown => Guess::Nothing,
        PacketType::Retry => QUIC,
        PacketType::VersionNegotiation => probe_version_negotiation(&packet),
        PacketType::Initial | PacketType::ZeroRtt | PacketType::Handshake => match packet.announced {
            MIN_PROTECTED..=MAX_PROTECTED if packet.is_cut() && !ports.include(PORT) => Guess::Unsure,
            MIN_PROTECTED..=MAX_PROTECTED => QUIC,
            _ => Guess::Nothing,
        },
    }
}

/// Recognises a list of versions of which at least one is known (RFC 9000 section 17.2.1).
fn probe_version_negotiation(packet: &Packet<'_>) -> Guess {
    let is_known =
        |version: Version| version.is_known() || version.is_greased() || version.google().is_some();
    sure_if(packet.behind.len().is_multiple_of(4) && packet.versions().any(is_known))
}

const fn sure_if(is_sure: bool) -> Guess {
    if is_sure { QUIC } else { Guess::Nothing }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::probe_udp;

    fn probe(payload: &[u8]) -> Guess {
        probe_udp(payload, 40_000, 443)
    }

    /// A long header: first byte, version, identifiers of 8 and 0 bytes, then what the test puts behind.
    fn long(first: u8, version: u32, behind: &[u8]) -> Vec<u8> {
        let mut bytes = vec![first];
        bytes.extend(version.to_be_bytes());
        bytes.extend([8, 1, 2, 3, 4, 5, 6, 7, 8, 0]);
        bytes.extend(behind);
        bytes
    }

    /// A token of 2 bytes, a length of 40 in the two-byte form, 40 bytes.
    fn initial_body() -> Vec<u8> {
        [vec![2, 9, 9, 0x40, 40], vec![0; 40]].concat()
    }

    #[test]
    fn initial_of_every_known_version_is_certain() {
        assert_eq!(probe(&long(0xc3, 1, &initial_body())), QUIC);
        assert_eq!(probe(&long(0xc3, 0xff00_001d, &initial_body())), QUIC);
        assert_eq!(probe(&long(0xd3, 0x6b33_43cf, &initial_body())), QUIC);
    }

    #[test]
    fn initial_whose_length_exceeds_the_datagram_is_certain_on_its_port_alone() {
        let packet = long(0xc3, 1, &initial_body());
        let cut = &packet[..packet.len() - 1];
        assert_eq!([probe_udp(cut, 40_000, 4433), probe_udp(cut, 443, 40_000)], [Guess::Unsure, QUIC]);
    }

    #[test]
    fn handshake_and_retry_are_certain() {
        assert_eq!(probe(&long(0xe0, 1, &[&[20][..], &[0; 20]].concat())), QUIC);
        assert_eq!(probe(&long(0xf0, 1, &[7; 20])), QUIC);
        assert_eq!(probe(&long(0xf0, 1, &[7; 15])), Guess::Nothing);
    }

    #[test]
    fn missing_fixed_bit_long_identifier_or_unknown_version_is_nothing() {
        assert_eq!(probe(&long(0x83, 1, &initial_body())), Guess::Nothing);
        assert_eq!(probe(&long(0xc3, 0x1234_5678, &initial_body())), Guess::Nothing);
        let mut packet = long(0xc3, 1, &initial_body());
        packet[5] = 21;
        assert_eq!(probe(&packet), Guess::Nothing);
    }

    #[test]
    fn version_negotiation_names_a_known_version() {
        assert_eq!(probe(&long(0x80, 0, &[0x1a, 0x2a, 0x3a, 0x4a, 0, 0, 0, 1])), QUIC);
        assert_eq!(probe(&long(0x80, 0, &[0, 0, 0, 1, 0])), Guess::Nothing);
        assert_eq!(probe(&long(0x80, 0, &[9, 9, 9, 9])), Guess::Nothing);
    }

    #[test]
    fn greased_version_needs_a_datagram_of_full_size() {
        assert_eq!(probe(&long(0xc0, 0x1a2a_3a4a, &[0; 1200])), QUIC);
        assert_eq!(probe(&long(0xc0, 0x1a2a_3a4a, &[0; 100])), Guess::Nothing);
    }

    #[test]
    fn forerunner_is_certain_by_its_version() {
        assert_eq!(probe(b"\x0d\x01\x02\x03\x04\x05\x06\x07\x08Q043\x01"), QUIC);
        assert_eq!(probe(b"\x0d\x01\x02\x03\x04\x05\x06\x07\x08Qxyz\x01"), Guess::Nothing);
        assert_eq!(probe(&long(0xc3, u32::from_be_bytes(*b"Q046"), &[0; 30])), QUIC);
    }
}
