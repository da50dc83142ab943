//! TLS (RFC 8446 section 5.1) and DTLS (RFC 9147 section 4) records.

use super::{Guess, Ports};
use crate::Protocol;
use crate::span::be16;

const CHANGE_CIPHER_SPEC: u8 = 20;
const ALERT: u8 = 21;
const HANDSHAKE: u8 = 22;
const APPLICATION_DATA: u8 = 23;

const CLIENT_HELLO: u8 = 1;
const SERVER_HELLO: u8 = 2;
const HELLO_VERIFY_REQUEST: u8 = 3;

const HEADER_LEN: usize = 5;
const LENGTH: usize = 3;
/// 2^14 bytes and the 2048 that TLS 1.2 allows encryption to add (RFC 5246 section 6.2.3).
const MAX_RECORD: u16 = (1 << 14) + 2048;
/// Version, random, an empty session identifier.
const MIN_HELLO: u16 = 35;
/// The shortest record that encryption leaves of an alert: two bytes and an authentication tag.
const MIN_ENCRYPTED: usize = 18;

/// Recognises the records of a TCP stream.
pub(super) fn probe(payload: &[u8], _: Ports) -> Guess {
    if !is_sane_header(payload) {
        return Guess::Nothing;
    }
    let Some((header, rest)) = payload.split_first_chunk::<HEADER_LEN>() else { return Guess::Unsure };
    let [content_type, ..] = *header;
    if content_type == HANDSHAKE
        && let guess @ (Guess::Certain(_) | Guess::Unsure) = probe_hello(rest)
    {
        return guess;
    }
    let len = usize::from(be16::<LENGTH, _>(header));
    // A record that ends beyond the payload may be one; the next segment does not begin with a header either.
    let Some((record, next)) = rest.split_at_checked(len) else { return Guess::Unsure };
    let is_sane = match content_type {
        CHANGE_CIPHER_SPEC => record == [1],
        ALERT => matches!(record, [1 | 2, _]) || len >= MIN_ENCRYPTED,
        _ => true,
    };
    if is_sane && is_sane_header(next) { Guess::Certain(Protocol::Tls) } else { Guess::Nothing }
}

/// Tells whether a record header is sane as far as it is there; nothing at all is.
fn is_sane_header(bytes: &[u8]) -> bool {
    let length = bytes.first_chunk::<HEADER_LEN>().map(be16::<LENGTH, HEADER_LEN>);
    bytes.first().is_none_or(|kind| (CHANGE_CIPHER_SPEC..=APPLICATION_DATA).contains(kind))
        && bytes.get(1).is_none_or(|&major| major == 3)
        && bytes.get(2).is_none_or(|&minor| minor <= 4)
        && length.is_none_or(|length| (1..=MAX_RECORD).contains(&length))
}

/// Recognises a client or server hello, which may be longer than its first segment.
fn probe_hello(handshake: &[u8]) -> Guess {
    let is_sane = handshake.first().is_none_or(|kind| matches!(*kind, CLIENT_HELLO | SERVER_HELLO))
        && handshake.get(1).is_none_or(|&high| high == 0)
        && handshake.get(4).is_none_or(|&major| major == 3)
        && handshake.get(5).is_none_or(|&minor| minor <= 4);
    match handshake {
        _ if !is_sane => Guess::Nothing,
        [_, _, high, low, _, _, ..] if u16::from_be_bytes([*high, *low]) >= MIN_HELLO => {
            Guess::Certain(Protocol::Tls)
        }
        [_, _, _, _, _, _, ..] => Guess::Nothing,
        _ => Guess::Unsure,
    }
}

const DATAGRAM_HEADER_LEN: usize = 13;
const DATAGRAM_EPOCH: usize = 3;
const DATAGRAM_LENGTH: usize = 11;
/// DTLS 1.3 marks its short headers with the bits 001 (RFC 9147 section 4).
const UNIFIED_FIRST: u8 = 0b0010_0000;
const UNIFIED_LAST: u8 = 0b0011_1111;

/// Recognises the records of a datagram; RFC 7983 keeps their first byte apart from STUN, TURN and RTP.
pub(super) fn probe_datagram(payload: &[u8], _: Ports) -> Guess {
    let Some((header, rest)) = payload.split_first_chunk::<DATAGRAM_HEADER_LEN>() else {
        return Guess::Nothing;
    };
    let [content_type, 0xfe, 0xfc | 0xfd | 0xff, ..] = *header else { return Guess::Nothing };
    let len = be16::<DATAGRAM_LENGTH, _>(header);
    if !(CHANGE_CIPHER_SPEC..=APPLICATION_DATA).contains(&content_type) || !(1..=MAX_RECORD).contains(&len) {
        return Guess::Nothing;
    }
    let is_plain_handshake = content_type == HANDSHAKE && be16::<DATAGRAM_EPOCH, _>(header) == 0;
    if is_plain_handshake && !rest.first().is_none_or(|&kind| is_datagram_handshake(kind)) {
        return Guess::Nothing;
    }
    match rest.get(usize::from(len)..) {
        None => Guess::Unsure,
        Some([] | [CHANGE_CIPHER_SPEC..=APPLICATION_DATA, 0xfe, ..] | [UNIFIED_FIRST..=UNIFIED_LAST, ..]) => {
            Guess::Certain(Protocol::Dtls)
        }
        Some(_) => Guess::Nothing,
    }
}

/// Tells whether an unencrypted handshake message can be of this type (RFC 5246 section 7.4, RFC 6347).
fn is_datagram_handshake(kind: u8) -> bool {
    matches!(kind, 0 | CLIENT_HELLO | SERVER_HELLO | HELLO_VERIFY_REQUEST | 4 | 11..=16 | 20..=24)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{probe_tcp, probe_udp};

    const TLS: Guess = Guess::Certain(Protocol::Tls);

    fn tcp(payload: &[u8]) -> Guess {
        probe_tcp(payload, 40_000, 50_000)
    }

    fn udp(payload: &[u8]) -> Guess {
        probe_udp(payload, 40_000, 50_000)
    }

    /// A client hello of 508 bytes in a record of 512, of which only the front is in this segment.
    const CLIENT_HELLO_START: [u8; 15] = [22, 3, 1, 2, 0, 1, 0, 1, 0xfc, 3, 3, 0xaa, 0xbb, 0xcc, 0xdd];

    #[test]
    fn client_hello_longer_than_its_segment_is_certain() {
        assert_eq!(tcp(&CLIENT_HELLO_START), TLS);
    }

    #[test]
    fn prefix_of_a_client_hello_is_unsure() {
        for len in 1..11 {
            assert_eq!(tcp(&CLIENT_HELLO_START[..len]), Guess::Unsure, "{len} bytes");
        }
    }

    #[test]
    fn application_data_is_certain_where_the_record_fits_or_another_follows() {
        assert_eq!(tcp(&[23, 3, 3, 0, 2, 9, 9]), TLS);
        assert_eq!(tcp(&[23, 3, 3, 0, 2, 9, 9, 23, 3, 3, 0, 50, 1]), TLS);
        assert_eq!(tcp(&[23, 3, 3, 0, 2, 9, 9, 99]), Guess::Nothing);
        assert_eq!(tcp(&[23, 3, 3, 0, 20, 9, 9]), Guess::Unsure);
    }

    #[test]
    fn change_cipher_spec_and_alerts_are_checked() {
        assert_eq!(tcp(&[20, 3, 3, 0, 1, 1]), TLS);
        assert_eq!(tcp(&[20, 3, 3, 0, 1, 2]), Guess::Nothing);
        assert_eq!(tcp(&[21, 3, 3, 0, 2, 1, 0]), TLS);
        assert_eq!(tcp(&[21, 3, 3, 0, 2, 7, 0]), Guess::Nothing);
    }

    #[test]
    fn oversized_record_or_other_version_is_nothing() {
        assert_eq!(tcp(&[23, 3, 3, 0x48, 0x01, 0]), Guess::Nothing);
        assert_eq!(tcp(&[22, 4, 1, 0, 50, 1]), Guess::Nothing);
    }

    /// A record header: type, version, epoch 0, sequence number 1, length.
    fn record(content_type: u8, version: u8, body: &[u8]) -> Vec<u8> {
        let mut bytes = vec![content_type, 0xfe, version, 0, 0, 0, 0, 0, 0, 0, 1, 0];
        bytes.push(u8::try_from(body.len()).unwrap());
        bytes.extend(body);
        bytes
    }

    #[test]
    fn dtls_records_are_certain_where_they_fill_the_datagram() {
        let dtls = Guess::Certain(Protocol::Dtls);
        let hello = record(22, 0xff, &[1, 0, 0, 9]);
        assert_eq!(udp(&hello), dtls);
        assert_eq!(udp(&[hello.clone(), record(20, 0xfd, &[1])].concat()), dtls);
        assert_eq!(udp(&[hello.clone(), vec![0x2f, 1]].concat()), dtls);
        assert_eq!(udp(&[hello.clone(), vec![0, 1]].concat()), Guess::Nothing);
        assert_eq!(udp(&hello[..15]), Guess::Unsure);
        assert_eq!(udp(&record(22, 0xff, &[99, 0, 0, 9])), Guess::Nothing);
        assert_eq!(udp(&record(22, 0xf0, &[1, 0, 0, 9])), Guess::Nothing);
    }
}
