//! Logins in clear text: whether what a client says carries a password. The password itself is never handed on.

use crate::head::{Head, split_line};
use crate::http;

/// How a login goes whose password anybody on the way can read.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[repr(u8)]
pub enum Login {
    /// `Authorization: Basic` of HTTP, also towards a proxy (RFC 7617).
    HttpBasic,
    /// `PASS` of FTP (RFC 959 section 4.1.1), but for those that anybody may come in with.
    Ftp,
    /// `PASS` of POP3 (RFC 1939 section 7), `AUTH PLAIN` and `LOGIN` (RFC 5034).
    Pop3,
    /// `LOGIN` of IMAP (RFC 3501 section 6.2.3), `AUTHENTICATE PLAIN` and `LOGIN`.
    Imap,
    /// `AUTH PLAIN` and `LOGIN` of SMTP (RFC 4954).
    Smtp,
}

/// How far a client has come with a login that takes several lines.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[repr(u8)]
pub enum Step {
    /// Nothing has begun.
    #[default]
    Nothing,
    /// Who comes is nobody, and what is given for a password is none (RFC 1635).
    Anonymous,
    /// A name comes next in Base64, then the password.
    Name,
    /// The password comes next in Base64.
    Password,
    /// The name comes next as it is, of as many bytes as were told (RFC 3501 section 4.3), then the password.
    LiteralName,
    /// The password comes next as it is.
    LiteralPassword,
}

/// Lines of a segment that are looked at: clients that do not wait for answers send a handful at once.
const MAX_LINES: usize = 8;

/// Name and password, both empty, as `Basic` writes them.
const NOBODY: &[u8] = b"Og==";

impl Login {
    /// Returns which logins are spoken with a server's port, where its protocol begins in clear text.
    pub const fn at_port(port: u16) -> Option<Self> {
        match port {
            21 => Some(Self::Ftp),
            25 | 587 => Some(Self::Smtp),
            110 => Some(Self::Pop3),
            143 => Some(Self::Imap),
            _ => None,
        }
    }

    /// Takes in a segment of a client; returns how far it has come with it, and whether the segment carries a password.
    pub fn hear(self, mut step: Step, segment: &[u8]) -> (Step, bool) {
        // A mail has lines like these in it too; those that are commands are waited for, and so come first.
        let most = if self == Self::Smtp { 1 } else { MAX_LINES };
        let (mut left, mut has_password) = (segment, false);
        for _ in 0..most {
            let Some((line, rest)) = split_line(left) else { break };
            let (after, is_password) = self.line(step, line);
            step = after;
            has_password |= is_password;
            left = rest;
        }
        (step, has_password)
    }

    fn line(self, step: Step, line: &[u8]) -> (Step, bool) {
        match step {
            Step::Name if is_base64(line) => return (Step::Password, false),
            Step::Password if is_base64(line) => return (Step::Nothing, true),
            Step::LiteralName if line.ends_with(b"}") => return (Step::LiteralPassword, false),
            Step::LiteralName => return (Step::Nothing, line.contains(&b' ')),
            Step::LiteralPassword => return (Step::Nothing, !line.is_empty()),
            // What is none of what was asked for is a command: the login was not to be.
            Step::Nothing | Step::Anonymous | Step::Name | Step::Password => {}
        }
        let mut words = line.split(|&byte| byte == b' ').filter(|word| !word.is_empty());
        if self == Self::Imap {
            // Each command has a mark before it.
            words.next();
        }
        let Some(command) = words.next() else { return (step, false) };
        let is = |name: &[u8]| command.eq_ignore_ascii_case(name);
        let (first, second) = (words.next(), words.next());
        match self {
            Self::Ftp if is(b"USER") => {
                let is_nobody = first.is_some_and(is_anonymous);
                (if is_nobody { Step::Anonymous } else { Step::Nothing }, false)
            }
            Self::Ftp if is(b"PASS") => (Step::Nothing, first.is_some() && step != Step::Anonymous),
            Self::Pop3 if is(b"PASS") => (Step::Nothing, first.is_some()),
            Self::Imap if is(b"LOGIN") => match (first, second) {
                (Some(name), None) if name.ends_with(b"}") => (Step::LiteralName, false),
                (Some(_), Some(password)) if password.ends_with(b"}") => (Step::LiteralPassword, false),
                (Some(_), password) => (Step::Nothing, password.is_some()),
                (None, _) => (Step::Nothing, false),
            },
            Self::Imap if is(b"AUTHENTICATE") => authenticate(first, second),
            Self::Smtp | Self::Pop3 if is(b"AUTH") => authenticate(first, second),
            Self::HttpBasic | Self::Ftp | Self::Pop3 | Self::Imap | Self::Smtp => (step, false),
        }
    }
}

/// Reads which way of SASL is asked for, and what comes with it at once (RFC 4616, RFC 4954 section 4).
fn authenticate(way: Option<&[u8]>, initial: Option<&[u8]>) -> (Step, bool) {
    let is = |name: &[u8]| way.is_some_and(|way| way.eq_ignore_ascii_case(name));
    match initial {
        None if is(b"PLAIN") => (Step::Password, false),
        Some(_) if is(b"PLAIN") => (Step::Nothing, true),
        None if is(b"LOGIN") => (Step::Name, false),
        Some(_) if is(b"LOGIN") => (Step::Password, false),
        _ => (Step::Nothing, false),
    }
}

fn is_anonymous(user: &[u8]) -> bool {
    user.eq_ignore_ascii_case(b"anonymous") || user.eq_ignore_ascii_case(b"ftp")
}

/// Tells whether a line is Base64 as it answers a server; commands without a word behind them look like it and are none.
fn is_base64(line: &[u8]) -> bool {
    let is_digit = |byte: &u8| byte.is_ascii_alphanumeric() || b"+/=".contains(byte);
    !line.is_empty()
        && line.len().is_multiple_of(4)
        && line.iter().all(is_digit)
        && !line.iter().all(u8::is_ascii_uppercase)
}

/// Tells whether a request of HTTP/1, as far as it is there, carries a password.
pub fn request_has_password(request: &[u8]) -> bool {
    if !http::may_begin(request) {
        return false;
    }
    let Some(head) = Head::parse(request) else { return false };
    head.headers().any(|(name, value)| {
        (name.eq_ignore_ascii_case(b"authorization") || name.eq_ignore_ascii_case(b"proxy-authorization"))
            && is_basic(value)
    })
}

fn is_basic(value: &[u8]) -> bool {
    const BASIC: &[u8] = b"basic ";
    let Some((scheme, token)) = value.split_at_checked(BASIC.len()) else { return false };
    let token = token.trim_ascii();
    scheme.eq_ignore_ascii_case(BASIC) && !token.is_empty() && token != NOBODY
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Says lines one by one, a segment each; returns how many of them carry a password.
    fn passwords(login: Login, lines: &[&str]) -> usize {
        let mut step = Step::Nothing;
        let carries = |line: &&&str| {
            let (after, has_password) = login.hear(step, format!("{line}\r\n").as_bytes());
            step = after;
            has_password
        };
        lines.iter().filter(carries).count()
    }

    #[test]
    fn a_password_is_heard_where_it_is_said() {
        for (login, lines, said) in [
            (Login::Ftp, &["USER anna", "PASS secret"][..], 1),
            (Login::Ftp, &["user anna", "pass secret", "PASS"], 1),
            (Login::Pop3, &["USER anna", "PASS secret"], 1),
            (Login::Pop3, &["AUTH PLAIN AGFubmEAeA=="], 1),
            (Login::Imap, &["a1 LOGIN anna secret"], 1),
            (Login::Imap, &["a1 LOGIN anna {6}", "secret"], 1),
            (Login::Imap, &["a1 LOGIN {4}", "anna {6}", "secret"], 1),
            (Login::Imap, &["a1 LOGIN {4+}", "anna \"secret\""], 1),
            (Login::Imap, &["a1 AUTHENTICATE PLAIN", "AGFubmEAeA=="], 1),
            (Login::Smtp, &["EHLO desk", "AUTH LOGIN", "YW5uYQ==", "c2VjcmV0"], 1),
            (Login::Smtp, &["auth login YW5uYQ==", "c2VjcmV0"], 1),
        ] {
            assert_eq!(passwords(login, lines), said, "{lines:?}");
        }
    }

    #[test]
    fn what_only_looks_like_one_is_none() {
        for (login, lines) in [
            (Login::Ftp, &["USER anonymous", "PASS guest@example.com"][..]),
            (Login::Ftp, &["USER ftp", "PASS x"]),
            (Login::Ftp, &["PASV", "LIST"]),
            (Login::Pop3, &["APOP anna c4c9334bac560ecc979e58001b3e22fb"]),
            (Login::Smtp, &["AUTH CRAM-MD5", "YW5uYSBiOTEz"]),
            // The server said no, and the client goes on or leaves.
            (Login::Smtp, &["AUTH PLAIN", "QUIT"]),
            (Login::Smtp, &["AUTH LOGIN", "STARTTLS"]),
            (Login::Smtp, &["AUTH LOGIN", "*", "c2VjcmV0"]),
            (Login::Imap, &["a1 LOGOUT", "a2 LOGIN anna"]),
        ] {
            assert_eq!(passwords(login, lines), 0, "{lines:?}");
        }
    }

    #[test]
    fn lines_said_at_once_are_heard_and_those_of_a_mail_are_not() {
        let (_, has_password) = Login::Ftp.hear(Step::Nothing, b"USER anna\r\nPASS secret\r\n");
        assert!(has_password);
        let (_, has_password) = Login::Ftp.hear(Step::Nothing, b"USER ftp\r\nPASS secret\r\n");
        assert!(!has_password);
        let mail = b"Subject: how to\r\n\r\nAUTH PLAIN AGFubmEAeA==\r\n";
        assert_eq!(Login::Smtp.hear(Step::Nothing, mail), (Step::Nothing, false));
    }

    #[test]
    fn basic_is_found_in_any_request_whatever_its_case() {
        for (request, has_password) in [
            (&b"GET / HTTP/1.1\r\nHost: a\r\nAuthorization: Basic YW5uYTp4\r\n\r\n"[..], true),
            (b"GET / HTTP/1.1\r\nPROXY-authorization:  bAsIc YW5uYTp4\r\nHost: a\r\n", true),
            (b"GET / HTTP/1.1\r\nAuthorization: Bearer YW5uYTp4\r\n\r\n", false),
            (b"GET / HTTP/1.1\r\nAuthorization: Basic Og==\r\n\r\n", false),
            (b"GET / HTTP/1.1\r\nAuthorization: Basic\r\n\r\n", false),
            // What follows the head is content.
            (b"POST / HTTP/1.1\r\n\r\nAuthorization: Basic YW5uYTp4\r\n", false),
            (b"HTTP/1.1 200 OK\r\nAuthorization: Basic YW5uYTp4\r\n\r\n", false),
        ] {
            assert_eq!(request_has_password(request), has_password, "{}", request.escape_ascii());
        }
    }
}
