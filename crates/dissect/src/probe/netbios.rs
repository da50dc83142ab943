//! `NetBIOS` name service and datagram service (RFC 1002), on their ports.

use super::{Guess, Ports};
use crate::Protocol;
use crate::span::be16;

pub(super) const NAME_PORT: u16 = 137;
const DATAGRAM_PORT: u16 = 138;

const NETBIOS: Guess = Guess::Certain(Protocol::NetBios);
/// A name of sixteen bytes, each written as two letters (RFC 1001 section 14.1).
const ENCODED_NAME: usize = 32;
const DATAGRAM_HEADER_LEN: usize = 10;
const DATAGRAM_SOURCE_PORT: usize = 8;

pub(super) fn probe(payload: &[u8], ports: Ports) -> Guess {
    let is_netbios = if ports.include(NAME_PORT) {
        is_name_message(payload)
    } else {
        ports.include(DATAGRAM_PORT) && is_datagram(payload)
    };
    if is_netbios { NETBIOS } else { Guess::Nothing }
}

/// Looks for the encoded name behind the twelve bytes of header.
pub(super) fn is_name_message(payload: &[u8]) -> bool {
    let [_, _, flags, _, _, _, _, _, _, _, _, _, 0x20, name @ ..] = payload else { return false };
    let operation = (flags >> 3) & 0x0f;
    let name = name.get(..ENCODED_NAME).unwrap_or(name);
    matches!(operation, 0 | 5..=9) && name.iter().all(|letter| (b'A'..=b'P').contains(letter))
}

/// Types 16 to 22; the header repeats the source port. Of the flags, systems set reserved ones too.
fn is_datagram(payload: &[u8]) -> bool {
    payload.first_chunk::<DATAGRAM_HEADER_LEN>().is_some_and(|header| {
        matches!(header, [0x10..=0x16, ..]) && be16::<DATAGRAM_SOURCE_PORT, _>(header) == DATAGRAM_PORT
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::probe_udp;

    #[test]
    fn name_query_is_certain_on_its_port() {
        let mut query = vec![0x80, 1, 1, 0x10, 0, 1, 0, 0, 0, 0, 0, 0, 0x20];
        query.extend(b"CKAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA\x00\x00\x21\x00\x01"); // the name "*"
        assert_eq!(probe_udp(&query, 137, 137), NETBIOS);
        assert_eq!(probe_udp(&query, 1370, 1370), Guess::Nothing);
        query[20] = b'z';
        assert_eq!(probe_udp(&query, 137, 137), Guess::Nothing);
    }

    #[test]
    fn datagram_repeats_its_source_port() {
        let mut datagram = [0x11, 0x1a, 0, 7, 192, 0, 2, 1, 0, 138, 0, 100];
        assert_eq!(probe_udp(&datagram, 138, 138), NETBIOS);
        datagram[9] = 139;
        assert_eq!(probe_udp(&datagram, 138, 138), Guess::Nothing);
    }
}
