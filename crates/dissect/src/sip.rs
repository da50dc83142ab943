//! Messages of SIP, which begins and ends calls (RFC 3261).

use crate::head::{Head, Start, number};
use crate::sdp;

/// What the versions of it begin with.
const VERSION: &[u8] = b"SIP/";
/// The parameter of an address that one end of a dialogue is known by.
const TAG: &[u8] = b"tag=";

/// A message, as far as it is there.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Message<'a> {
    /// Its first line.
    pub start: Start<'a>,
    head: Head<'a>,
}

impl<'a> Message<'a> {
    /// Reads a message; none where the bytes begin none.
    pub fn parse(bytes: &'a [u8]) -> Option<Self> {
        let head = Head::parse(bytes)?;
        Some(Self { start: head.start(VERSION)?, head })
    }

    /// Names the call (RFC 3261 section 20.8).
    pub fn call_id(&self) -> Option<&'a [u8]> {
        self.head.value(b"call-id", Some(b'i')).filter(|id| !id.is_empty())
    }

    /// Returns the address of who began the dialogue (RFC 3261 section 20.20).
    pub fn from(&self) -> Option<&'a [u8]> {
        self.head.value(b"from", Some(b'f')).map(address)
    }

    /// Returns the address of whom it is with (RFC 3261 section 20.39).
    pub fn to(&self) -> Option<&'a [u8]> {
        self.head.value(b"to", Some(b't')).map(address)
    }

    /// Tells whether both ends have agreed on a dialogue: who it is with has a tag (RFC 3261 section 12).
    pub fn has_to_tag(&self) -> bool {
        let value = self.head.value(b"to", Some(b't')).unwrap_or_default();
        let parameters = match bracketed(value) {
            Some(_) => value.rsplit(|&byte| byte == b'>').next().unwrap_or_default(),
            None => value,
        };
        let is_tag = |it: &[u8]| it.get(..TAG.len()).is_some_and(|it| it.eq_ignore_ascii_case(TAG));
        parameters.split(|&byte| byte == b';').skip(1).any(|it| is_tag(it.trim_ascii()))
    }

    /// Returns number and method of the request that it is, or answers (RFC 3261 section 20.16).
    pub fn sequence(&self) -> Option<(u32, &'a [u8])> {
        let value = self.head.value(b"cseq", None)?;
        let mut words = value.split(u8::is_ascii_whitespace).filter(|word| !word.is_empty());
        Some((number(words.next()?)?, words.next()?))
    }

    /// Returns the description of streams in its body, alone or among other parts.
    pub fn description(&self) -> Option<sdp::Description<'a>> {
        let kind = self.head.value(b"content-type", Some(b'c'));
        sdp::Description::within(kind.unwrap_or_default(), self.head.body())
    }
}

/// Returns the address of a header like `From`: without the name before it, and without parameters (RFC 3261 section 20.10).
fn address(value: &[u8]) -> &[u8] {
    let uri = match bracketed(value) {
        Some(uri) => uri,
        None => value,
    };
    // What stands before the @ may have semicolons of its own (RFC 3261 section 25.1).
    let host = uri.iter().rposition(|&byte| byte == b'@').unwrap_or(0);
    let is_end = |byte: &u8| matches!(byte, b';' | b'?' | b'>' | b',') || byte.is_ascii_whitespace();
    let rest = uri.get(host..).unwrap_or_default();
    let len = rest.iter().position(is_end).unwrap_or(rest.len());
    uri.get(..host.saturating_add(len)).unwrap_or(uri).trim_ascii()
}

/// Returns what stands in angle brackets behind a name, which may be in quotes and have brackets of its own.
fn bracketed(value: &[u8]) -> Option<&[u8]> {
    let mut is_quoted = false;
    let mut is_escaped = false;
    let opens = value.iter().position(|&byte| {
        match byte {
            _ if is_escaped => is_escaped = false,
            b'\\' => is_escaped = is_quoted,
            b'"' => is_quoted = !is_quoted,
            b'<' => return !is_quoted,
            _ => {}
        }
        false
    })?;
    let behind = value.get(opens..)?.get(1..)?;
    let closes = behind.iter().position(|&byte| byte == b'>').unwrap_or(behind.len());
    behind.get(..closes)
}

#[cfg(test)]
mod tests {
    use super::*;

    const INVITE: &[u8] = b"INVITE sip:bob@b.example SIP/2.0\r\n\
        v: SIP/2.0/UDP pc.a.example;branch=z9hG4bK1\r\n\
        f: \"Alice <of> \\\"A\\\"\" <sip:alice@a.example;transport=udp>;tag=1\r\n\
        To: sip:bob@b.example;tag=7\r\n\
        i: one@pc.a.example\r\n\
        CSeq:  314159\t INVITE\r\n\
        c: application/sdp\r\n\
        l: 5\r\n\r\nv=0\r\nm=audio";

    #[test]
    fn request_with_compact_headers_is_read() {
        let message = Message::parse(INVITE).unwrap();
        assert_eq!(message.start, Start::Request { method: b"INVITE", target: b"sip:bob@b.example" });
        assert_eq!(message.call_id(), Some(&b"one@pc.a.example"[..]));
        assert_eq!(message.from(), Some(&b"sip:alice@a.example"[..]));
        assert_eq!(message.to(), Some(&b"sip:bob@b.example"[..]));
        assert_eq!(message.sequence(), Some((314_159, &b"INVITE"[..])));
        // The length says that the body ends before the stream.
        assert_eq!(message.description().unwrap().media().count(), 0);
    }

    #[test]
    fn addresses_have_neither_names_nor_tags_nor_parameters() {
        let cases: [(&[u8], &[u8]); 8] = [
            (b"<sip:a@b>;tag=1", b"sip:a@b"),
            (b"A B <sip:a@b:5060;lr?x=y>", b"sip:a@b:5060"),
            (b"sip:a@b;tag=1", b"sip:a@b"),
            (b"<tel:+1-201;phone-context=x>", b"tel:+1-201"),
            (b"<sip:a;day=tue@b;x>", b"sip:a;day=tue@b"),
            (b"\"a\\\\\" <sips:c@[2001:db8::1]>", b"sips:c@[2001:db8::1]"),
            (b"A\r\n <sip:a@b", b"sip:a@b"),
            (b"", b""),
        ];
        for (value, expected) in cases {
            assert_eq!(address(value), expected, "{}", value.escape_ascii());
        }
    }

    #[test]
    fn tag_of_the_other_end_is_behind_its_address() {
        let has_tag = |to: &str| {
            let text = format!("BYE sip:b SIP/2.0\r\nTo: {to}\r\n\r\n");
            Message::parse(text.as_bytes()).unwrap().has_to_tag()
        };
        assert!(has_tag("<sip:b@b.example>; Tag=x") && has_tag("sip:b@b.example;tag=x"));
        assert!(!has_tag("<sip:b@b.example;tag=x>") && !has_tag("\"a;tag=x\" <sip:b>") && !has_tag("sip:b"));
    }

    #[test]
    fn what_is_missing_is_none() {
        let message = Message::parse(b"SIP/2.0 180 Ringing\r\nCall-ID: \r\nCSeq: INVITE\r\n\r\n").unwrap();
        assert_eq!(message.start, Start::Response { code: 180, reason: b"Ringing" });
        assert_eq!((message.call_id(), message.sequence(), message.from()), (None, None, None));
        assert_eq!(message.description(), None);
        assert_eq!(Message::parse(b"OPTIONS rtsp://a RTSP/1.0\r\n\r\n"), None);
    }
}
