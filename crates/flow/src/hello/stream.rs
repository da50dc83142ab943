//! The beginning of a stream: records of TLS up to the hello, or a request of HTTP/1.

use netsonde_dissect::hello::{self, MessageHeader, RecordHeader};
use netsonde_dissect::http::{self, Asked};

use super::{Greeting, Heard, Terms, name};
use crate::{ClientHello, Clue, HelloOver, ServerHello};

/// Records before a hello: alerts of a server, and one that means nothing (RFC 8446 appendix D.4).
const MAX_RECORDS: usize = 4;
/// The high byte of every version of TLS.
const MAJOR: u8 = 3;

/// Reads the bytes from the beginning of a stream, or from where something new may begin in it. Behind those that are
/// cut nothing will come.
pub(super) fn read(bytes: &[u8], is_cut: bool) -> Heard {
    match bytes {
        [RecordHeader::CHANGE_CIPHER_SPEC..=RecordHeader::HANDSHAKE, ..] => read_records(bytes, is_cut),
        [b'A'..=b'Z' | b'\r' | b'\n', ..] => read_request(bytes),
        _ => Heard::Nothing,
    }
}

/// Reads what a handshake message says by its body.
pub(super) fn read_message(kind: u8, body: &[u8], over: HelloOver) -> Heard {
    match kind {
        MessageHeader::CLIENT_HELLO => match ClientHello::read(body, over) {
            Some(hello) => {
                // Asked to try again, some say the name then.
                let is_last = hello.server_name.is_some();
                let greeting =
                    Greeting { clue: Clue::Client(Box::new(hello)), terms: Terms::of_client(body, over) };
                if is_last { Heard::Last(greeting) } else { Heard::First(greeting) }
            }
            None => Heard::Nothing,
        },
        MessageHeader::SERVER_HELLO => match hello::ServerHello::parse(body) {
            Ok(hello) if !hello.is_retry => {
                let hello::ServerHello { version, cipher_suite: cipher, session_id, .. } = hello;
                let clue = Clue::Server(ServerHello { version, cipher, resumed: hello.is_resumed() });
                let terms = Terms { session_id, is_whole: hello.is_whole, ..Terms::default() };
                Heard::Last(Greeting { clue, terms })
            }
            _ => Heard::Nothing,
        },
        _ => Heard::Nothing,
    }
}

fn read_request(bytes: &[u8]) -> Heard {
    match http::host_asked(bytes) {
        Asked::Host { host, is_connect } => match name::of_host(host) {
            // What is spoken with the host begins after the answer.
            Some(name) if is_connect => Heard::First(Clue::HttpHost(name).into()),
            Some(name) => Heard::Last(Clue::HttpHost(name).into()),
            None => Heard::Nothing,
        },
        Asked::NotYet => Heard::NotYet(bytes.len() + 1),
        Asked::Nobody => Heard::Nothing,
    }
}

fn read_records(bytes: &[u8], is_cut: bool) -> Heard {
    let mut rest = bytes;
    for _ in 0..MAX_RECORDS {
        let before = bytes.len() - rest.len();
        let Some(header) = RecordHeader::parse(rest) else {
            let may_begin =
                !rest.is_empty() && rest.len() < RecordHeader::LEN && RecordHeader::may_begin(rest);
            return if may_begin { Heard::NotYet(before + RecordHeader::LEN) } else { Heard::Nothing };
        };
        let whole = RecordHeader::LEN + usize::from(header.len);
        match header.kind {
            RecordHeader::HANDSHAKE => return read_handshake(rest, before, is_cut),
            RecordHeader::CHANGE_CIPHER_SPEC | RecordHeader::ALERT => {
                rest = rest.get(whole..).unwrap_or_default();
            }
            _ => return Heard::Nothing,
        }
    }
    Heard::Nothing
}

/// Reads the message that begins with a record; `before` it lie so many bytes.
fn read_handshake(records: &[u8], before: usize, is_cut: bool) -> Heard {
    let Some((content, len)) = content(records) else { return Heard::Nothing };
    if !may_be_hello(content) {
        return Heard::Nothing;
    }
    let Some(header) = MessageHeader::parse(content) else {
        return read_scattered(records, before, is_cut);
    };
    let whole = MessageHeader::LEN.saturating_add(usize::try_from(header.len).unwrap_or(usize::MAX));
    if whole > len {
        return read_scattered(records, before, is_cut);
    }
    let (body, is_whole) = match content.get(MessageHeader::LEN..whole) {
        Some(body) => (body, true),
        None => (content.get(MessageHeader::LEN..).unwrap_or_default(), false),
    };
    if is_whole || is_cut {
        read_message(header.kind, body, HelloOver::Tls)
    } else {
        Heard::NotYet(before + RecordHeader::LEN + whole)
    }
}

/// Reads a message that is longer than its first record; the few that are, are copied together.
fn read_scattered(records: &[u8], before: usize, is_cut: bool) -> Heard {
    let (mut rest, mut message) = (records, Vec::new());
    // Each step takes a header and a byte at least.
    loop {
        let at = before + records.len() - rest.len();
        let (Some(header), Some((content, len))) = (RecordHeader::parse(rest), content(rest)) else {
            let may_begin = rest.len() < RecordHeader::LEN && RecordHeader::may_begin(rest);
            return match may_begin {
                true if is_cut => read_cut(&message),
                true => Heard::NotYet(at + RecordHeader::LEN),
                false => Heard::Nothing,
            };
        };
        if header.kind != RecordHeader::HANDSHAKE {
            return Heard::Nothing;
        }
        message.extend_from_slice(content);
        if !may_be_hello(&message) {
            return Heard::Nothing;
        }
        if let Some(header) = MessageHeader::parse(&message)
            && let Ok(len) = usize::try_from(header.len)
            && let Some(body) = message.get(MessageHeader::LEN..).and_then(|body| body.get(..len))
        {
            return read_message(header.kind, body, HelloOver::Tls);
        }
        match rest.get(RecordHeader::LEN + len..) {
            Some(behind) => rest = behind,
            None if is_cut => return read_cut(&message),
            None => return Heard::NotYet(at + RecordHeader::LEN + len),
        }
    }
}

/// Reads a message of which the end will not come.
fn read_cut(message: &[u8]) -> Heard {
    let Some(header) = MessageHeader::parse(message) else { return Heard::Nothing };
    read_message(header.kind, message.get(MessageHeader::LEN..).unwrap_or_default(), HelloOver::Tls)
}

/// Returns what is there of a record's content, and how long it is as a whole.
fn content(record: &[u8]) -> Option<(&[u8], usize)> {
    let len = usize::from(RecordHeader::parse(record)?.len);
    let there = record.get(RecordHeader::LEN..)?;
    Some((there.get(..len).unwrap_or(there), len))
}

/// Tells whether a hello may begin so: encrypted messages look otherwise, nearly always.
fn may_be_hello(message: &[u8]) -> bool {
    message
        .first()
        .is_none_or(|kind| matches!(*kind, MessageHeader::CLIENT_HELLO | MessageHeader::SERVER_HELLO))
        && message.get(1).is_none_or(|&high| high == 0)
        && message.get(4).is_none_or(|&major| major == MAJOR)
}
