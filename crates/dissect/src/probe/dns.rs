//! DNS (RFC 1035), multicast DNS (RFC 6762) and LLMNR (RFC 4795), each on its port; DNS elsewhere too, where there is
//! no doubt.

use super::{Guess, Ports, netbios};
use crate::Protocol;
use crate::dns::Message;
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
const OPERATION: u8 = 0x78;
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
    let Some(protocol) = protocol(ports) else { return Guess::Nothing };
    let is_message = is_message(payload, protocol)
        // What is damaged, cut or made up by somebody who tries what a server takes.
        || (protocol == Protocol::Dns && (asks_one_thing(payload) || asks_plainly(payload)));
    if is_message { Guess::Certain(protocol) } else { Guess::Nothing }
}

/// On other ports all of it must make sense, and be none of `NetBIOS`'s messages, which look alike.
pub(super) fn probe_elsewhere(payload: &[u8], ports: Ports) -> Guess {
    let is_netbios = ports.include(netbios::NAME_PORT) || netbios::is_name_message(payload);
    if is_beyond_doubt(payload) && !is_netbios { Guess::Certain(Protocol::Dns) } else { Guess::Nothing }
}

/// Over TCP two bytes of length come before each message (RFC 1035 section 4.2.2); some senders give them a segment of
/// their own.
pub(super) fn probe_tcp(payload: &[u8], ports: Ports) -> Guess {
    let Some(protocol) = protocol(ports) else { return Guess::Nothing };
    if protocol == Protocol::Dns && is_beyond_doubt(payload) {
        return Guess::Certain(protocol);
    }
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

/// Tells whether all of a message makes sense.
fn is_beyond_doubt(message: &[u8]) -> bool {
    asks_one_thing(message) && is_message(message, Protocol::Dns) && asks_plainly(message)
}

/// Tells whether a header says, as far as it goes, that this is about one question of the usual kind.
fn asks_one_thing(message: &[u8]) -> bool {
    let Some(&[_, _, flags, codes, q0, q1]) = message.first_chunk() else { return false };
    flags & OPERATION == 0 && codes & RESERVED == 0 && u16::from_be_bytes([q0, q1]) == 1
}

fn asks_plainly(message: &[u8]) -> bool {
    Message::parse(message).is_ok_and(|message| message.asks_plainly())
}

/// Tells whether a whole header makes sense, and a name comes behind it where it says so.
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
    }

    #[test]
    fn plain_query_and_its_answer_are_dns_on_any_port() {
        assert_eq!(probe_udp(QUERY, 40_000, 5300), Guess::Certain(Protocol::Dns));
        let mut answer = QUERY.to_vec();
        (answer[2], answer[3]) = (0x81, 0x83);
        assert_eq!(probe_udp(&answer, 5300, 40_000), Guess::Certain(Protocol::Dns));
        // Two questions; a name with a control character; a class of its own; cut before its class.
        for (at, value) in [(5, 2), (13, 7), (26, 3)] {
            let mut message = QUERY.to_vec();
            message[at] = value;
            assert_eq!(probe_udp(&message, 40_000, 5300), Guess::Nothing, "byte {at} = {value:#x}");
        }
        assert_eq!(probe_udp(&QUERY[..26], 40_000, 5300), Guess::Nothing);
    }

    #[test]
    fn refusal_without_a_question_is_dns() {
        let refused = [0x12, 0x34, 0x81, 0x05, 0, 0, 0, 0, 0, 0, 0, 0];
        assert_eq!(probe_udp(&refused, 53, 40_000), Guess::Certain(Protocol::Dns));
    }

    #[test]
    fn damaged_header_or_question_is_dns_on_its_port_and_both_are_nothing() {
        // A reserved bit, an operation that does not exist, 65,281 questions.
        for (at, value) in [(3, 0x40), (2, 0x78), (4, 0xff)] {
            let mut message = QUERY.to_vec();
            message[at] = value;
            assert_eq!(
                probe_udp(&message, 40_000, 53),
                Guess::Certain(Protocol::Dns),
                "byte {at} = {value:#x}"
            );
            for (at, value) in [(12, 0xc0), (12, 0x7f), (26, 3)] {
                let mut message = message.clone();
                message[at] = value;
                assert_eq!(probe_udp(&message, 40_000, 53), Guess::Nothing, "byte {at} = {value:#x}");
                (message[2], message[3], message[4]) = (QUERY[2], QUERY[3], QUERY[4]);
                assert_eq!(probe_udp(&message, 40_000, 53), Guess::Certain(Protocol::Dns));
            }
        }
    }

    #[test]
    fn header_may_be_cut_by_the_capture_behind_its_first_count() {
        assert_eq!(probe_udp(&QUERY[..6], 40_000, 53), Guess::Certain(Protocol::Dns));
        assert_eq!(probe_udp(&QUERY[..5], 40_000, 53), Guess::Nothing);
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
        // The length came in a segment before.
        assert_eq!(probe_tcp(QUERY, 40_000, 53), Guess::Certain(Protocol::Dns));
        assert_eq!(probe_tcp(&[0, 3, 1, 2, 3], 40_000, 53), Guess::Nothing);
    }
}
