use netsonde_dissect::quic::Version;
use proptest::prelude::*;

use super::keys::{Keys, Peer};
use super::*;

/// The identifier that the client chooses for the server, the client's own, and the server's own.
const ORIGINAL: [u8; 8] = [7; 8];
const CLIENT: [u8; 3] = [1, 2, 3];
const SERVER: [u8; 4] = [4; 4];

/// The sides of the conversation; the client has the higher address.
const UP: Side = Side::High;
const DOWN: Side = Side::Low;

/// What one conversation says.
#[derive(Debug, PartialEq, Eq)]
enum Told {
    Client(Vec<u8>),
    Google(String),
    Server(u16),
}

/// Hellos that are sought in one conversation.
struct Seeker {
    quic: Quic,
    id: SoughtId,
    goes_on: bool,
}

impl Seeker {
    fn new() -> Self {
        let mut quic = Quic::default();
        let id = quic.begin(9).unwrap();
        Self { quic, id, goes_on: true }
    }

    fn hear(&mut self, side: Side, payload: &[u8]) -> Vec<Told> {
        let mut told = Vec::new();
        let heard = Heard { conversation: 9, side, payload };
        self.goes_on = self.quic.hear(self.id, &heard, |said| {
            told.push(match said {
                Said::Client(body) => Told::Client(body.to_vec()),
                Said::GoogleClient(hello) => {
                    Told::Google(String::from_utf8(hello.server_name().unwrap().to_vec()).unwrap())
                }
                Said::Server(hello) => Told::Server(hello.cipher_suite),
            });
        });
        told
    }
}

/// An Initial: its version, its two identifiers and its number; keys are made from `original`.
struct Initial<'a> {
    version: Version,
    original: &'a [u8],
    destination: &'a [u8],
    source: &'a [u8],
    peer: Peer,
    number: u16,
}

const FIRST: Initial<'static> = Initial {
    version: Version::ONE,
    original: &ORIGINAL,
    destination: &ORIGINAL,
    source: &CLIENT,
    peer: Peer::Client,
    number: 0,
};
const ANSWER: Initial<'static> =
    Initial { destination: &CLIENT, source: &SERVER, peer: Peer::Server, ..FIRST };

impl Initial<'_> {
    fn with(&self, frames: &[u8]) -> Vec<u8> {
        // Padding makes room for the sample.
        let content = [frames, &[0; 4]].concat();
        let first = if self.version == Version::TWO { 0xd1 } else { 0xc1 };
        let id = |id: &[u8]| [&[u8::try_from(id.len()).unwrap()], id].concat();
        let len = u16::try_from(2 + content.len() + 16).unwrap() | 0x4000;
        let header = [
            &[first][..],
            &self.version.0.to_be_bytes(),
            &id(self.destination),
            &id(self.source),
            &[0],
            &len.to_be_bytes(),
            &self.number.to_be_bytes(),
        ]
        .concat();
        let protected_like = if self.version.is_greased() { Version::DRAFT_29 } else { self.version };
        let keys = Keys::derive(protected_like, self.original, self.peer).unwrap();
        keys.protect(&header, self.number, &content)
    }
}

/// A CRYPTO frame with a piece of a message.
fn crypto(message: &[u8], begin: usize, end: usize) -> Vec<u8> {
    let two = |number: usize| (0x4000 | u16::try_from(number).unwrap()).to_be_bytes();
    [&[6][..], &two(begin), &two(end - begin), &message[begin..end]].concat()
}

/// A handshake message with a body of so many bytes, all different from their neighbours.
fn message(kind: u8, body_len: usize) -> Vec<u8> {
    let len = u32::try_from(body_len).unwrap().to_be_bytes();
    let body = (0..body_len).map(|at| u8::try_from(at * 7 % 251).unwrap());
    [kind, len[1], len[2], len[3]].into_iter().chain(body).collect()
}

fn client_said(message: &[u8]) -> Vec<Told> {
    vec![Told::Client(message[4..].to_vec())]
}

/// A server's hello with this cipher suite; one that asks for another hello where it says so (RFC 8446 section 4.1.3).
fn server_hello(cipher: u8, is_retry: bool) -> Vec<u8> {
    const RETRY: [u8; 32] = [
        0xcf, 0x21, 0xad, 0x74, 0xe5, 0x9a, 0x61, 0x11, 0xbe, 0x1d, 0x8c, 0x02, 0x1e, 0x65, 0xb8, 0x91, 0xc2,
        0xa2, 0x11, 0x16, 0x7a, 0xbb, 0x8c, 0x5e, 0x07, 0x9e, 0x09, 0xe2, 0xc8, 0xa8, 0x33, 0x9c,
    ];
    let random = if is_retry { RETRY } else { [5; 32] };
    // Version, random, no session, suite, no compression, no extensions: 40 bytes.
    [&[2, 0, 0, 40, 3, 3][..], &random, &[0, 0x13, cipher, 0, 0, 0]].concat()
}

#[test]
fn both_hellos_are_told_and_then_nothing_is_held() {
    let mut seeker = Seeker::new();
    let hello = message(1, 300);
    assert_eq!(seeker.hear(UP, &FIRST.with(&crypto(&hello, 0, 304))), client_said(&hello));
    assert!(seeker.goes_on);
    // An acknowledgement of number 0 comes first.
    let answer = [&[2, 0, 0, 0, 0][..], &crypto(&server_hello(1, false), 0, 44)].concat();
    assert_eq!(seeker.hear(DOWN, &ANSWER.with(&answer)), [Told::Server(0x1301)]);
    assert!(!seeker.goes_on);
    assert_eq!((seeker.quic.buffered, seeker.quic.given_up()), (0, 0));
    assert!(seeker.quic.places.iter().all(Option::is_none));
}

#[test]
fn every_version_with_tls_is_opened() {
    let greased = Version(0x1a2a_3a4a);
    let drafts = [22, 27, 29, 32, 34].map(|draft| Version(0xff00_0000 | draft));
    let versions =
        [Version::ONE, Version::TWO, Version::T050, Version::T051, greased].into_iter().chain(drafts);
    for version in versions {
        let hello = message(1, 50);
        let initial = Initial { version, ..FIRST }.with(&crypto(&hello, 0, 54));
        assert_eq!(Seeker::new().hear(UP, &initial), client_said(&hello), "{version:?}");
    }
}

#[test]
fn pieces_of_several_initials_in_a_datagram_are_joined_with_early_data_between() {
    let mut seeker = Seeker::new();
    let hello = message(1, 96);
    let piece = |number, begin, end| Initial { number, ..FIRST }.with(&crypto(&hello, begin, end));
    // A 0-RTT packet: the same identifiers, a length of 20.
    let early = [&[0xd0, 0, 0, 0, 1, 8][..], &ORIGINAL, &[3], &CLIENT, &[20], &[0xee; 20]].concat();
    let last = [piece(1, 60, 100), early.clone(), piece(2, 0, 30)].concat();
    assert_eq!(seeker.hear(UP, &last), []);
    assert_eq!(seeker.hear(UP, &early), []);
    assert_eq!(seeker.hear(UP, &piece(0, 20, 70)), client_said(&hello));
}

#[test]
fn hello_after_a_retry_is_found_by_the_new_destination() {
    let mut seeker = Seeker::new();
    let (before, hello) = (message(1, 40), message(1, 60));
    // Half of it is lost, or not sent again before the Retry, which names the server.
    assert_eq!(seeker.hear(UP, &FIRST.with(&crypto(&before, 20, 44))), []);
    let retry = [&[0xf0, 0, 0, 0, 1, 3][..], &CLIENT, &[4], &SERVER, &[9; 40]].concat();
    assert_eq!(seeker.hear(DOWN, &retry), []);
    let again = Initial { original: &SERVER, destination: &SERVER, number: 1, ..FIRST };
    assert_eq!(seeker.hear(UP, &again.with(&crypto(&hello, 0, 20))), []);
    assert_eq!(seeker.hear(UP, &again.with(&crypto(&hello, 20, 64))), client_said(&hello));
    let answer = Initial { original: &SERVER, ..ANSWER };
    let told = seeker.hear(DOWN, &answer.with(&crypto(&server_hello(2, false), 0, 44)));
    assert_eq!(told, [Told::Server(0x1302)]);
}

#[test]
fn second_half_goes_to_the_identifier_that_the_server_chose() {
    let mut seeker = Seeker::new();
    let hello = message(1, 60);
    assert_eq!(seeker.hear(UP, &FIRST.with(&crypto(&hello, 0, 30))), []);
    // The server acknowledges the first half under the identifier that the client writes to from here on.
    assert_eq!(seeker.hear(DOWN, &ANSWER.with(&[2, 0, 0, 0, 0])), []);
    let second = Initial { destination: &SERVER, number: 1, ..FIRST };
    assert_eq!(seeker.hear(UP, &second.with(&crypto(&hello, 30, 64))), client_said(&hello));
}

#[test]
fn hello_in_another_version_after_negotiation_begins_anew() {
    let mut seeker = Seeker::new();
    let (before, hello) = (message(1, 60), message(1, 70));
    assert_eq!(seeker.hear(UP, &FIRST.with(&crypto(&before, 0, 30))), []);
    let other = Initial { version: Version::TWO, ..FIRST };
    assert_eq!(seeker.hear(UP, &other.with(&crypto(&hello, 30, 74))), []);
    assert_eq!(seeker.hear(UP, &other.with(&crypto(&hello, 0, 30))), client_said(&hello));
}

#[test]
fn server_that_chooses_another_version_is_understood() {
    let mut seeker = Seeker::new();
    let hello = message(1, 60);
    seeker.hear(UP, &FIRST.with(&crypto(&hello, 0, 64)));
    // RFC 9368 section 2.3: it answers in version 2, with keys from the same identifier.
    let answer = Initial { version: Version::TWO, ..ANSWER };
    let told = seeker.hear(DOWN, &answer.with(&crypto(&server_hello(3, false), 0, 44)));
    assert_eq!(told, [Told::Server(0x1303)]);
}

#[test]
fn request_for_another_hello_is_passed_over() {
    let mut seeker = Seeker::new();
    let hello = message(1, 60);
    seeker.hear(UP, &FIRST.with(&crypto(&hello, 0, 64)));
    let answers = [server_hello(1, true), server_hello(2, false)].concat();
    assert_eq!(seeker.hear(DOWN, &ANSWER.with(&crypto(&answers, 0, 44))), []);
    let second = Initial { number: 1, ..ANSWER };
    assert_eq!(seeker.hear(DOWN, &second.with(&crypto(&answers, 44, 88))), [Told::Server(0x1302)]);
}

#[test]
fn hello_of_google_is_told_in_clear_and_protected() {
    let hello = [&b"CHLO\x01\x00\x00\x00SNI\x00\x09\x00\x00\x00"[..], b"a.example"].concat();
    let stream = [&[0x80, 1][..], &hello].concat();
    let clear = [&b"\x09"[..], &[7; 8], b"Q043", &[1], &[0x55; 12], &stream].concat();
    assert_eq!(Seeker::new().hear(UP, &clear), [Told::Google("a.example".to_owned())]);
    // Google's CRYPTO frame has number 8.
    let mut frame = crypto(&hello, 0, hello.len());
    frame[0] = 8;
    let protected = Initial { version: Version::Q050, ..FIRST }.with(&frame);
    let mut seeker = Seeker::new();
    assert_eq!(seeker.hear(UP, &protected), [Told::Google("a.example".to_owned())]);
    assert!(!seeker.goes_on);
}

#[test]
fn conversation_that_began_before_the_capture_is_given_up_and_no_hello_is_missed() {
    let mut seeker = Seeker::new();
    // Nobody saw the identifier that the keys of this answer come from.
    let answer = ANSWER.with(&crypto(&server_hello(1, false), 0, 44));
    let packets = [answer, vec![0x40; 60]];
    let datagrams = packets.iter().cycle().take(limits::QUIC_DATAGRAMS.into());
    let still_sought: Vec<bool> = datagrams
        .map(|datagram| {
            assert_eq!(seeker.hear(DOWN, datagram), []);
            seeker.goes_on
        })
        .collect();
    assert_eq!(
        still_sought.iter().position(|goes_on| !goes_on),
        Some(usize::from(limits::QUIC_DATAGRAMS) - 1)
    );
    assert_eq!(seeker.quic.given_up(), 0);
}

#[test]
fn hello_that_never_is_whole_or_too_long_is_given_up_and_counted() {
    let mut seeker = Seeker::new();
    let hello = message(1, 200);
    for number in 0..u16::from(limits::QUIC_DATAGRAMS) {
        assert!(seeker.goes_on);
        seeker.hear(UP, &Initial { number, ..FIRST }.with(&crypto(&hello, 0, 100)));
    }
    assert_eq!((seeker.goes_on, seeker.quic.given_up(), seeker.quic.buffered), (false, 1, 0));
    let mut seeker = Seeker::new();
    let too_long = [&[1, 0, 0x40, 0][..], &[0; 40]].concat();
    seeker.hear(UP, &FIRST.with(&crypto(&too_long, 0, 44)));
    assert_eq!((seeker.goes_on, seeker.quic.given_up(), seeker.quic.buffered), (false, 1, 0));
}

#[test]
fn piece_beyond_the_bound_takes_no_room() {
    let mut seeker = Seeker::new();
    // Offset 2^30 - 1 in four bytes; then the last byte within the bound.
    seeker.hear(UP, &FIRST.with(&[6, 0xbf, 0xff, 0xff, 0xff, 1, 9]));
    assert_eq!(seeker.quic.buffered, 0);
    let last = u32::try_from(limits::QUIC_HELLO).unwrap() - 1;
    let offset = (0x8000_0000 | last).to_be_bytes();
    seeker.hear(UP, &FIRST.with(&[&[6][..], &offset, &[1, 9]].concat()));
    assert_eq!(seeker.quic.buffered, limits::QUIC_HELLO);
}

#[test]
fn oldest_hello_is_given_up_where_there_is_no_room_for_all() {
    let mut quic = Quic::default();
    let last = u32::try_from(limits::QUIC_HELLO).unwrap() - 1;
    let initial = FIRST.with(&[&[6][..], &(0x8000_0000 | last).to_be_bytes(), &[1, 9]].concat());
    // Each holds as much as one may.
    let room_for = u64::try_from(limits::QUIC_BYTES / limits::QUIC_HELLO).unwrap();
    let heard = |conversation| Heard { conversation, side: UP, payload: &initial };
    let first = quic.begin(0).unwrap();
    assert!(quic.hear(first, &heard(0), |_| {}));
    for conversation in 1..=room_for {
        let id = quic.begin(conversation).unwrap();
        assert!(quic.hear(id, &heard(conversation), |_| {}));
    }
    assert_eq!((quic.given_up(), quic.buffered), (1, limits::QUIC_BYTES));
    assert!(!quic.hear(first, &heard(0), |_| {}));
}

#[test]
fn oldest_conversation_makes_room_for_a_new_one() {
    let mut quic = Quic::default();
    let begun = FIRST.with(&crypto(&message(1, 60), 0, 30));
    let heard = |conversation| Heard { conversation, side: UP, payload: &begun };
    let oldest = quic.begin(0).unwrap();
    assert!(quic.hear(oldest, &heard(0), |_| {}));
    for conversation in 1..u64::try_from(limits::QUIC_SOUGHT).unwrap() {
        quic.begin(conversation);
    }
    assert!(quic.hear(oldest, &heard(0), |_| {}));
    let newest = quic.begin(u64::MAX).unwrap();
    assert_eq!((newest, quic.given_up(), quic.buffered), (oldest, 1, 0));
    assert!(!quic.hear(oldest, &heard(0), |_| {}), "its place is another's");
    assert_eq!(quic.places.len(), limits::QUIC_SOUGHT);
}

/// How a hello is cut: its length, where pieces begin and how long they are, and how many are in a packet and a datagram.
fn cuts() -> impl Strategy<Value = (usize, Vec<(usize, usize)>, Vec<bool>)> {
    (1_usize..3_000).prop_flat_map(|body_len| {
        let extra = prop::collection::vec((0..body_len, 1..400_usize), 0..20);
        let cover = prop::collection::vec(1..400_usize, 1..40);
        (Just(body_len), extra, cover, prop::collection::vec(any::<bool>(), 60)).prop_flat_map(
            |(body_len, extra, cover, joins)| {
                let len = body_len + 4;
                let mut pieces: Vec<_> =
                    extra.into_iter().map(|(begin, more)| (begin, (begin + more).min(len))).collect();
                let mut begin = 0;
                for piece in cover {
                    pieces.push((begin, (begin + piece).min(len)));
                    begin = (begin + piece).min(len);
                }
                // What is left comes in one piece.
                pieces.push((begin, len));
                pieces.retain(|(begin, end)| begin < end);
                (Just(body_len), Just(pieces).prop_shuffle(), Just(joins))
            },
        )
    })
}

proptest! {
    #[test]
    fn hello_cut_in_any_way_is_told_once((body_len, pieces, joins) in cuts()) {
        let hello = message(1, body_len);
        let mut seeker = Seeker::new();
        let (mut told, mut frames, mut datagram, mut number) = (Vec::new(), Vec::new(), Vec::new(), 0);
        let count = pieces.len();
        for (place, (begin, end)) in pieces.into_iter().enumerate() {
            frames.extend(crypto(&hello, begin, end));
            // A packet has one or two pieces, a datagram one or two packets.
            if !joins[place % joins.len()] || frames.len() > 800 || place + 1 == count {
                datagram.extend(Initial { number, ..FIRST }.with(&std::mem::take(&mut frames)));
                number += 1;
            }
            let is_full = number % 2 == 0 || datagram.len() > 1_000 || place + 1 == count;
            if frames.is_empty() && is_full {
                told.extend(seeker.hear(UP, &std::mem::take(&mut datagram)));
            }
        }
        prop_assert_eq!(told, client_said(&hello));
    }

    #[test]
    fn any_frames_of_any_peer_keep_the_bounds(
        packets in prop::collection::vec((any::<bool>(), any::<bool>(), prop::collection::vec(any::<u8>(), 0..200)), 1..40),
    ) {
        let mut seeker = Seeker::new();
        for (number, (is_client, crypto_first, noise)) in (0..).zip(packets) {
            let frames = if crypto_first { [&[6, 0x40], noise.as_slice()].concat() } else { noise };
            let initial = if is_client { Initial { number, ..FIRST } } else { Initial { number, ..ANSWER } };
            seeker.hear(if is_client { UP } else { DOWN }, &initial.with(&frames));
            prop_assert!(seeker.quic.buffered <= 2 * limits::QUIC_HELLO);
            if !seeker.goes_on {
                prop_assert_eq!(seeker.quic.buffered, 0);
                return Ok(());
            }
        }
    }
}
