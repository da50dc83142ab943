//! The head of a message of text, as SIP and RTSP have it: a first line and headers behind it (RFC 3261 section 7,
//! RFC 7826 section 5).

/// The head of a message, and what is there behind it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Head<'a> {
    /// The first line, without its end.
    pub first: &'a [u8],
    /// The lines behind it up to the empty one, or all there are.
    lines: &'a [u8],
    /// What lies behind the empty line: the body, and in a stream what follows it.
    pub rest: &'a [u8],
    /// Whether the empty line is there; else the head is cut, and a header of it may be.
    pub is_whole: bool,
}

/// The first line of a message.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Start<'a> {
    /// Somebody wants something.
    Request {
        /// What: in capitals.
        method: &'a [u8],
        /// Of whom.
        target: &'a [u8],
    },
    /// The answer to it.
    Response {
        /// How it went, 100 to 699.
        code: u16,
        /// The same in words.
        reason: &'a [u8],
    },
}

impl<'a> Head<'a> {
    /// Reads what is there of a head; none where nothing is. Empty lines before it are none of it (RFC 3261 section 7.5).
    pub fn parse(bytes: &'a [u8]) -> Option<Self> {
        let bytes = without_empty_lines(bytes);
        if bytes.is_empty() {
            return None;
        }
        let Some((first, behind)) = split_line(bytes) else {
            return Some(Self { first: bytes, lines: &[], rest: &[], is_whole: false });
        };
        let mut left = behind;
        while let Some((line, after)) = split_line(left) {
            if line.is_empty() {
                return Some(Self { first, lines: before(behind, left), rest: after, is_whole: true });
            }
            left = after;
        }
        Some(Self { first, lines: behind, rest: &[], is_whole: false })
    }

    /// Reads the first line of a protocol whose versions begin with `version`, such as `SIP/`.
    pub fn start(&self, version: &[u8]) -> Option<Start<'a>> {
        if self.first.starts_with(version) {
            let mut words = self.first.splitn(3, |&byte| byte == b' ');
            let code = number(words.nth(1)?).filter(|code| (100..=699).contains(code))?;
            return Some(Start::Response { code, reason: words.next().unwrap_or_default().trim_ascii() });
        }
        let mut words = self.first.split(|&byte| byte == b' ').filter(|word| !word.is_empty());
        let (method, target) = (words.next()?, words.next()?);
        let is_method = method.iter().all(|byte| byte.is_ascii_uppercase() || *byte == b'_');
        (is_method && words.next()?.starts_with(version)).then_some(Start::Request { method, target })
    }

    /// Returns the headers in order, folded ones whole.
    pub const fn headers(&self) -> Headers<'a> {
        Headers { left: self.lines }
    }

    /// Returns the value of the first header of a name, in any case; `compact` is another name for it, of one letter (RFC
    /// 3261 section 7.3.3).
    pub fn value(&self, name: &[u8], compact: Option<u8>) -> Option<&'a [u8]> {
        let is_named = |it: &[u8]| match it {
            [letter] => compact.is_some_and(|compact| letter.eq_ignore_ascii_case(&compact)),
            _ => it.eq_ignore_ascii_case(name),
        };
        self.headers().find(|(it, _)| is_named(it)).map(|(_, value)| value)
    }

    /// Returns how many bytes of body the head says there are; none where it does not say.
    pub fn content_length(&self) -> Option<usize> {
        number(self.value(b"content-length", Some(b'l'))?)
    }

    /// Returns the body as far as it is there; without a length it is all that is.
    pub fn body(&self) -> &'a [u8] {
        self.content_length().and_then(|len| self.rest.get(..len)).unwrap_or(self.rest)
    }
}

/// Returns how long the message is that these bytes begin with, empty lines before it included; none where its head is cut.
/// In a stream one that does not say how long its body is has none (RFC 3261 section 18.3).
pub fn message_len(bytes: &[u8]) -> Option<usize> {
    let head = Head::parse(bytes).filter(|head| head.is_whole)?;
    let head_len = bytes.len().saturating_sub(head.rest.len());
    Some(head_len.saturating_add(head.content_length().unwrap_or(0)))
}

/// The headers of a message: names and values without the blanks around them.
#[derive(Clone, Debug)]
pub struct Headers<'a> {
    left: &'a [u8],
}

impl<'a> Iterator for Headers<'a> {
    type Item = (&'a [u8], &'a [u8]);

    fn next(&mut self) -> Option<Self::Item> {
        loop {
            let begins = self.left;
            if begins.is_empty() {
                return None;
            }
            self.left = behind_line(begins);
            while let [b' ' | b'\t', ..] = self.left {
                self.left = behind_line(self.left);
            }
            if let Some((name, value)) = split_once(before(begins, self.left), b':') {
                return Some((name.trim_ascii(), value.trim_ascii()));
            }
        }
    }
}

/// Splits off a line, without what ends it.
pub(crate) fn split_line(bytes: &[u8]) -> Option<(&[u8], &[u8])> {
    let (line, rest) = split_once(bytes, b'\n')?;
    Some((line.strip_suffix(b"\r").unwrap_or(line), rest))
}

/// Returns what stands before a byte and what behind it.
pub(crate) fn split_once(bytes: &[u8], at: u8) -> Option<(&[u8], &[u8])> {
    let place = bytes.iter().position(|&byte| byte == at)?;
    let (before, behind) = bytes.split_at_checked(place)?;
    Some((before, behind.get(1..)?))
}

/// Reads a number of digits and nothing else.
pub(crate) fn number<T: std::str::FromStr>(bytes: &[u8]) -> Option<T> {
    let digits = bytes.first()?.is_ascii_digit().then_some(bytes)?;
    str::from_utf8(digits).ok()?.parse().ok()
}

fn without_empty_lines(mut bytes: &[u8]) -> &[u8] {
    while let [b'\r' | b'\n', rest @ ..] = bytes {
        bytes = rest;
    }
    bytes
}

fn behind_line(bytes: &[u8]) -> &[u8] {
    split_line(bytes).map_or(&[], |(_, behind)| behind)
}

/// Returns the bytes of `whole` before `end`, which is its end.
fn before<'a>(whole: &'a [u8], end: &[u8]) -> &'a [u8] {
    whole.get(..whole.len().saturating_sub(end.len())).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn headers_are_found_in_any_case_by_either_name_and_folded() {
        let head =
            Head::parse(b"\r\n\r\nX sip:a SIP/2.0\r\nSubject: one\r\n\ttwo\r\nL : 3\r\nnone\r\n\r\nabcd")
                .unwrap();
        assert_eq!(head.first, b"X sip:a SIP/2.0");
        assert_eq!(head.value(b"subject", Some(b's')), Some(&b"one\r\n\ttwo"[..]));
        assert_eq!(head.content_length(), Some(3));
        assert_eq!(head.headers().count(), 2, "a line without colon is no header");
        assert_eq!((head.body(), head.is_whole), (&b"abc"[..], true));
    }

    #[test]
    fn head_that_is_cut_gives_what_is_there() {
        let head = Head::parse(b"SIP/2.0 200 OK\r\nCall-ID: a\r\nFrom: <sip:b").unwrap();
        assert_eq!(head.value(b"call-id", Some(b'i')), Some(&b"a"[..]));
        assert_eq!(head.value(b"from", Some(b'f')), Some(&b"<sip:b"[..]));
        assert_eq!((head.is_whole, head.body()), (false, &b""[..]));
        assert_eq!(Head::parse(b"\r\n\r\n"), None, "a keep-alive");
    }

    #[test]
    fn start_is_a_request_or_an_answer_of_that_protocol() {
        let start = |first: &'static [u8]| Head::parse(first).unwrap().start(b"SIP/");
        let invite = Start::Request { method: b"INVITE", target: b"sip:b@c" };
        assert_eq!(start(b"INVITE sip:b@c SIP/2.0\r\n"), Some(invite));
        assert_eq!(
            start(b"SIP/2.0 486 Busy Here\r\n"),
            Some(Start::Response { code: 486, reason: b"Busy Here" })
        );
        assert_eq!(start(b"SIP/2.0 200\r\n"), Some(Start::Response { code: 200, reason: b"" }));
        for other in [
            &b"SIP/2.0 999 x"[..],
            b"SIP/2.0 +20 x",
            b"DESCRIBE rtsp://a RTSP/1.0",
            b"SIP/2.0",
            b"a b SIP/2.0",
        ] {
            assert_eq!(start(other), None, "{}", other.escape_ascii());
        }
    }

    #[test]
    fn message_is_as_long_as_its_head_says() {
        // 2 + 14 + 2 bytes of first line, 19 of header, 2, and 4 of body.
        let bytes = b"\r\nSIP/2.0 200 OK\r\nContent-Length: 4\r\n\r\nabcdNEXT";
        assert_eq!(message_len(bytes), Some(2 + 16 + 19 + 2 + 4));
        assert_eq!(message_len(b"SIP/2.0 200 OK\r\n\r\nabc"), Some(18), "no length is none");
        assert_eq!(message_len(&bytes[..30]), None);
    }
}
