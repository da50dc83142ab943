//! QUIC long headers (RFC 8999, RFC 9000 section 17.2, RFC 9369) and Google's forerunner.

use super::{Guess, Ports};
use crate::Protocol;

const QUIC: Guess = Guess::Certain(Protocol::Quic);

const LONG_FORM: u8 = 0x80;
const FIXED_BIT: u8 = 0x40;
const VERSION_1: u32 = 1;
const VERSION_2: u32 = 0x6b33_43cf;
/// RFC 9000 section 17.2.
const MAX_CONNECTION_ID: u8 = 20;
/// A client pads the datagram with its first packet to this size (RFC 9000 section 14.1).
const MIN_FIRST_DATAGRAM: usize = 1200;
/// Packet number and payload leave 16 bytes to sample for header protection (RFC 9001 section 5.4.2).
const MIN_PROTECTED: usize = 20;
const INTEGRITY_TAG: usize = 16;

/// Recognises the long header that begins a datagram; short headers say nothing by themselves.
pub(super) fn probe(payload: &[u8], _: Ports) -> Guess {
    let Some((&[first, v0, v1, v2, v3], rest)) = payload.split_first_chunk::<5>() else {
        return Guess::Nothing;
    };
    if first & LONG_FORM == 0 {
        return probe_google(payload);
    }
    let version = [v0, v1, v2, v3];
    if version == [0; 4] {
        return probe_version_negotiation(rest);
    }
    if first & FIXED_BIT == 0 {
        return Guess::Nothing;
    }
    match version {
        [b'Q', b'0', tens, ones] if is_digits(tens, ones) => QUIC,
        _ if is_greased(version) => probe_unknown_version(payload, rest),
        _ => match packet_type(first, u32::from_be_bytes(version)) {
            Some(packet_type) => probe_packet(packet_type, rest),
            None => Guess::Nothing,
        },
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum PacketType {
    Initial,
    ZeroRtt,
    Handshake,
    Retry,
}

/// Reads the type bits, whose meaning version 2 has shifted (RFC 9369 section 3.2); none for a version that
/// is not known.
fn packet_type(first: u8, version: u32) -> Option<PacketType> {
    let bits = (first >> 4) & 3;
    let bits = match version {
        // Version 1, the drafts of the working group, and those of one large deployment.
        VERSION_1 | 0xff00_0001..=0xff00_00ff | 0xface_b000..=0xface_b00f => bits,
        VERSION_2 => bits.wrapping_sub(1) & 3,
        _ => return None,
    };
    Some(match bits {
        0 => PacketType::Initial,
        1 => PacketType::ZeroRtt,
        2 => PacketType::Handshake,
        _ => PacketType::Retry,
    })
}

fn probe_packet(packet_type: PacketType, rest: &[u8]) -> Guess {
    let Some(rest) = after_connection_ids(rest) else { return Guess::Nothing };
    let protected = match packet_type {
        PacketType::Retry => {
            return if rest.len() >= INTEGRITY_TAG { QUIC } else { Guess::Nothing };
        }
        PacketType::Initial => after_token(rest),
        PacketType::ZeroRtt | PacketType::Handshake => Some(rest),
    };
    match protected.and_then(split_variable) {
        None => Guess::Nothing,
        Some((length, _)) if length < MIN_PROTECTED => Guess::Nothing,
        Some((length, rest)) if length <= rest.len() => QUIC,
        // Cut by the capture, or no QUIC.
        Some(_) => Guess::Unsure,
    }
}

/// A version that nobody speaks, sent to provoke negotiation (RFC 9000 section 15).
fn is_greased(version: [u8; 4]) -> bool {
    version.iter().all(|byte| byte & 0x0f == 0x0a)
}

fn probe_unknown_version(payload: &[u8], rest: &[u8]) -> Guess {
    let is_first = payload.len() >= MIN_FIRST_DATAGRAM && after_connection_ids(rest).is_some();
    if is_first { QUIC } else { Guess::Nothing }
}

/// Recognises a list of versions of which at least one is known (RFC 9000 section 17.2.1).
fn probe_version_negotiation(rest: &[u8]) -> Guess {
    let Some(list) = after_connection_ids(rest) else { return Guess::Nothing };
    let (versions, remainder) = list.as_chunks::<4>();
    let is_known = |version: &[u8; 4]| {
        matches!(version, [b'Q', b'0', ..])
            || is_greased(*version)
            || packet_type(0, u32::from_be_bytes(*version)).is_some()
    };
    if remainder.is_empty() && versions.iter().any(is_known) { QUIC } else { Guess::Nothing }
}

/// Recognises the public header of Google's versions up to 43: flags, connection identifier, version.
fn probe_google(payload: &[u8]) -> Guess {
    const VERSION_AND_IDENTIFIER: u8 = 0x09;
    match payload {
        [flags, _, _, _, _, _, _, _, _, b'Q', b'0', tens, ones, _, ..]
            if flags & VERSION_AND_IDENTIFIER == VERSION_AND_IDENTIFIER && is_digits(*tens, *ones) =>
        {
            QUIC
        }
        _ => Guess::Nothing,
    }
}

fn is_digits(tens: u8, ones: u8) -> bool {
    tens.is_ascii_digit() && ones.is_ascii_digit()
}

fn after_connection_ids(rest: &[u8]) -> Option<&[u8]> {
    after_connection_id(after_connection_id(rest)?)
}

fn after_connection_id(rest: &[u8]) -> Option<&[u8]> {
    let (&len, rest) = rest.split_first()?;
    if len <= MAX_CONNECTION_ID { rest.get(usize::from(len)..) } else { None }
}

fn after_token(rest: &[u8]) -> Option<&[u8]> {
    let (len, rest) = split_variable(rest)?;
    rest.get(len..)
}

/// Takes a variable-length integer off the front (RFC 9000 section 16); none where it does not fit 16 bits of
/// length, which is more than a datagram has.
fn split_variable(bytes: &[u8]) -> Option<(usize, &[u8])> {
    let (&first, rest) = bytes.split_first()?;
    let low = first & 0x3f;
    match first >> 6 {
        0 => Some((usize::from(low), rest)),
        1 => {
            let (&second, rest) = rest.split_first()?;
            Some((usize::from(u16::from_be_bytes([low, second])), rest))
        }
        2 => {
            let (&[b, c, d], rest) = rest.split_first_chunk::<3>()?;
            let value = u32::from_be_bytes([low, b, c, d]);
            Some((usize::from(u16::try_from(value).ok()?), rest))
        }
        _ => None,
    }
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
        assert_eq!(probe(&long(0xc3, VERSION_1, &initial_body())), QUIC);
        assert_eq!(probe(&long(0xc3, 0xff00_001d, &initial_body())), QUIC);
        assert_eq!(probe(&long(0xd3, VERSION_2, &initial_body())), QUIC);
    }

    #[test]
    fn initial_whose_length_exceeds_the_datagram_is_unsure() {
        let packet = long(0xc3, VERSION_1, &initial_body());
        assert_eq!(probe(&packet[..packet.len() - 1]), Guess::Unsure);
    }

    #[test]
    fn handshake_and_retry_are_certain() {
        assert_eq!(probe(&long(0xe0, VERSION_1, &[&[20][..], &[0; 20]].concat())), QUIC);
        assert_eq!(probe(&long(0xf0, VERSION_1, &[7; 20])), QUIC);
        assert_eq!(probe(&long(0xf0, VERSION_1, &[7; 15])), Guess::Nothing);
    }

    #[test]
    fn missing_fixed_bit_long_identifier_or_unknown_version_is_nothing() {
        assert_eq!(probe(&long(0x83, VERSION_1, &initial_body())), Guess::Nothing);
        assert_eq!(probe(&long(0xc3, 0x1234_5678, &initial_body())), Guess::Nothing);
        let mut packet = long(0xc3, VERSION_1, &initial_body());
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
