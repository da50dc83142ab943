//! DNS (RFC 1035), multicast DNS (RFC 6762) and LLMNR (RFC 4795), each on its port.

use super::{Guess, Ports};
use crate::Protocol;
use crate::span::{be16, byte};

const DNS_PORT: u16 = 53;
const MDNS_PORT: u16 = 5353;
const LLMNR_PORT: u16 = 5355;

const HEADER_LEN: usize = 12;
const FLAGS: usize = 2;
const RESPONSE_CODE: usize = 3;
const QUESTIONS: usize = 4;
const ANSWERS: usize = 6;
const AUTHORITIES: usize = 8;
const ADDITIONALS: usize = 10;

const RESPONSE: u8 = 0x80;
const RESERVED: u8 = 0x40;
/// The codes above are for extensions that put them elsewhere.
const MAX_RESPONSE_CODE: u8 = 11;
/// A message of 64 KiB holds fewer than six thousand records of the smallest size.
const MAX_RECORDS: u16 = 6000;
/// RFC 9619 allows one question; multicast DNS asks many at once.
const MAX_QUESTIONS: u16 = 1;
const MAX_QUESTIONS_MDNS: u16 = 256;
/// Names have 255 bytes, a label at least two of them (RFC 1035 section 3.1).
const MAX_LABELS: usize = 128;
const MAX_LABEL: u8 = 63;

pub(super) fn probe_udp(payload: &[u8], ports: Ports) -> Guess {
    match protocol(ports) {
        Some(protocol) if is_message(payload, protocol) => Guess::Certain(protocol),
        _ => Guess::Nothing,
    }
}

/// Over TCP two bytes of length come before each message (RFC 1035 section 4.2.2).
pub(super) fn probe_tcp(payload: &[u8], ports: Ports) -> Guess {
    let Some(protocol) = protocol(ports) else { return Guess::Nothing };
    let Some((&length, message)) = payload.split_first_chunk::<2>() else { return Guess::Unsure };
    if usize::from(u16::from_be_bytes(length)) < HEADER_LEN {
        Guess::Nothing
    } else if message.len() < HEADER_LEN {
        Guess::Unsure
    } else if is_message(message, protocol) {
        Guess::Certain(protocol)
    } else {
        Guess::Nothing
    }
}

fn protocol(ports: Ports) -> Option<Protocol> {
    if ports.include(DNS_PORT) {
        Some(Protocol::Dns)
    } else if ports.include(MDNS_PORT) {
        Some(Protocol::Mdns)
    } else if ports.include(LLMNR_PORT) {
        Some(Protocol::Llmnr)
    } else {
        None
    }
}

fn is_message(message: &[u8], protocol: Protocol) -> bool {
    let Some((header, body)) = message.split_first_chunk::<HEADER_LEN>() else { return false };
    let questions = be16::<QUESTIONS, _>(header);
    let answers = be16::<ANSWERS, _>(header);
    let records = [answers, be16::<AUTHORITIES, _>(header), be16::<ADDITIONALS, _>(header)];
    let is_response = byte::<FLAGS, _>(header) & RESPONSE != 0;
    let operation = (byte::<FLAGS, _>(header) >> 3) & 0x0f;
    let max_questions = if protocol == Protocol::Mdns { MAX_QUESTIONS_MDNS } else { MAX_QUESTIONS };
    // A query has a question and no answers yet; multicast DNS sends those it knows already.
    let is_plain_query = operation == 0 && !is_response && protocol != Protocol::Mdns;
    let codes = byte::<RESPONSE_CODE, _>(header);
    // Query, inverse query, status, notify, update.
    matches!(operation, 0 | 1 | 2 | 4 | 5)
        && codes & RESERVED == 0
        && codes & 0x0f <= MAX_RESPONSE_CODE
        && questions <= max_questions
        && records.iter().all(|&count| count <= MAX_RECORDS)
        && (!is_plain_query || (questions == 1 && answers == 0))
        && (is_response || questions > 0 || records.iter().any(|&count| count > 0))
        && ((questions == 0 && answers == 0) || begins_with_name(body))
}

/// Tells whether a name is well formed as far as it was captured.
fn begins_with_name(body: &[u8]) -> bool {
    let mut rest = body;
    for _ in 0..MAX_LABELS {
        match rest.split_first() {
            // The capture may have cut the name.
            None | Some((0, _)) => return true,
            Some((&len, behind)) if len <= MAX_LABEL => {
                rest = behind.get(usize::from(len)..).unwrap_or_default();
            }
            // A pointer can only lead back, and before the first name is the header.
            Some(_) => return false,
        }
    }
    false
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{probe_tcp, probe_udp};

    /// A query for the address of `a.example`, with an EDNS record.
    const QUERY: &[u8] =
        b"\x12\x34\x01\x00\x00\x01\x00\x00\x00\x00\x00\x01\x01a\x07example\x00\x00\x01\x00\x01\
        \x00\x00\x29\x04\xd0\x00\x00\x00\x00\x00\x00";

    #[test]
    fn query_is_named_by_its_port() {
        assert_eq!(probe_udp(QUERY, 40_000, 53), Guess::Certain(Protocol::Dns));
        assert_eq!(probe_udp(QUERY, 5353, 5353), Guess::Certain(Protocol::Mdns));
        assert_eq!(probe_udp(QUERY, 40_000, 5355), Guess::Certain(Protocol::Llmnr));
        assert_eq!(probe_udp(QUERY, 40_000, 5300), Guess::Nothing);
    }

    #[test]
    fn refusal_without_a_question_is_dns() {
        let refused = [0x12, 0x34, 0x81, 0x05, 0, 0, 0, 0, 0, 0, 0, 0];
        assert_eq!(probe_udp(&refused, 53, 40_000), Guess::Certain(Protocol::Dns));
    }

    #[test]
    fn reserved_bit_many_questions_or_a_broken_name_is_nothing() {
        for (at, value) in [(3, 0x40), (2, 0x78), (4, 0xff), (7, 1), (12, 0xc0), (12, 0x7f)] {
            let mut message = QUERY.to_vec();
            message[at] = value;
            assert_eq!(probe_udp(&message, 40_000, 53), Guess::Nothing, "byte {at} = {value:#x}");
        }
    }

    #[test]
    fn multicast_query_may_bring_known_answers_and_several_questions() {
        let mut message = QUERY.to_vec();
        message[5] = 3;
        message[7] = 2;
        assert_eq!(probe_udp(&message, 5353, 5353), Guess::Certain(Protocol::Mdns));
    }

    #[test]
    fn tcp_message_has_a_length_before_it() {
        let message = [&[0, u8::try_from(QUERY.len()).unwrap()], QUERY].concat();
        assert_eq!(probe_tcp(&message, 40_000, 53), Guess::Certain(Protocol::Dns));
        assert_eq!(probe_tcp(&message[..2], 40_000, 53), Guess::Unsure);
        assert_eq!(probe_tcp(&[0, 3, 1, 2, 3], 40_000, 53), Guess::Nothing);
    }
}
