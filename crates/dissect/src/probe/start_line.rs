//! Protocols that begin with a line of text: HTTP/1 (RFC 9112), SIP, RTSP, SSDP, SSH.

use super::{Guess, Ports};
use crate::Protocol;

/// What ends a request line and begins a status line.
const VERSIONS: [(&[u8], Protocol); 6] = [
    (b"HTTP/1.1", Protocol::Http),
    (b"HTTP/1.0", Protocol::Http),
    // Only in the preface of a client that knows what the server speaks (RFC 9113 section 3.4).
    (b"HTTP/2.0", Protocol::Http),
    (b"SIP/2.0", Protocol::Sip),
    (b"RTSP/1.0", Protocol::Rtsp),
    (b"RTSP/2.0", Protocol::Rtsp),
];

/// The methods of HTTP/1, SIP and RTSP.
pub(crate) const METHODS: [&[u8]; 44] = [
    // RFC 9110, RFC 5789, and the preface of HTTP/2.
    b"GET",
    b"POST",
    b"HEAD",
    b"PUT",
    b"DELETE",
    b"OPTIONS",
    b"CONNECT",
    b"TRACE",
    b"PATCH",
    b"PRI",
    // Web folders and calendars (RFC 4918, RFC 3253, RFC 4791).
    b"PROPFIND",
    b"PROPPATCH",
    b"MKCOL",
    b"COPY",
    b"MOVE",
    b"LOCK",
    b"UNLOCK",
    b"REPORT",
    b"MKCALENDAR",
    // Discovery and its events.
    b"M-SEARCH",
    b"NOTIFY",
    b"SUBSCRIBE",
    b"UNSUBSCRIBE",
    // SIP (RFC 3261 and its extensions).
    b"INVITE",
    b"ACK",
    b"BYE",
    b"CANCEL",
    b"REGISTER",
    b"PRACK",
    b"UPDATE",
    b"INFO",
    b"REFER",
    b"MESSAGE",
    b"PUBLISH",
    // RTSP (RFC 2326, RFC 7826).
    b"DESCRIBE",
    b"SETUP",
    b"PLAY",
    b"PAUSE",
    b"TEARDOWN",
    b"ANNOUNCE",
    b"RECORD",
    b"GET_PARAMETER",
    b"SET_PARAMETER",
    b"REDIRECT",
];

const SSDP_PORT: u16 = 1900;
const SSH_BANNER: &[u8] = b"SSH-";
/// Servers refuse request lines longer than this (RFC 9112 section 3 asks for at least 8000).
const MAX_LINE: usize = 8192;

/// Recognises a request line or a status line.
pub(super) fn probe(payload: &[u8], _: Ports) -> Guess {
    if !begins_in_capitals(payload) {
        return Guess::Nothing;
    }
    match probe_status(payload) {
        Guess::Nothing => probe_request(payload),
        guess => guess,
    }
}

/// Tells whether a method or a version can stand at the start; turns almost everything else away at two bytes.
fn begins_in_capitals(payload: &[u8]) -> bool {
    let first_two = payload.get(..2).unwrap_or(payload);
    first_two.iter().all(|byte| byte.is_ascii_uppercase() || *byte == b'-')
}

/// Likewise in a datagram, where HTTP means the discovery protocol on its port.
pub(super) fn probe_datagram(payload: &[u8], ports: Ports) -> Guess {
    match probe(payload, ports) {
        Guess::Certain(Protocol::Http) if ports.include(SSDP_PORT) => Guess::Certain(Protocol::Ssdp),
        Guess::Certain(Protocol::Http) => Guess::Nothing,
        guess => guess,
    }
}

/// Recognises the banner that both sides of SSH begin with (RFC 4253 section 4.2).
pub(super) fn probe_ssh(payload: &[u8], _: Ports) -> Guess {
    if payload.starts_with(SSH_BANNER) {
        Guess::Certain(Protocol::Ssh)
    } else if SSH_BANNER.starts_with(payload) {
        Guess::Unsure
    } else {
        Guess::Nothing
    }
}

/// Recognises `HTTP/1.1 200`.
fn probe_status(payload: &[u8]) -> Guess {
    for (version, protocol) in VERSIONS {
        if version.starts_with(payload) {
            return Guess::Unsure;
        }
        match payload.strip_prefix(version) {
            None => {}
            Some([b' ', b'1'..=b'6', b'0'..=b'9', b'0'..=b'9', ..]) => return Guess::Certain(protocol),
            Some([] | [b' '] | [b' ', b'1'..=b'6'] | [b' ', b'1'..=b'6', b'0'..=b'9']) => {
                return Guess::Unsure;
            }
            Some(_) => return Guess::Nothing,
        }
    }
    Guess::Nothing
}

/// Recognises `GET /index.html HTTP/1.1`.
fn probe_request(payload: &[u8]) -> Guess {
    if METHODS.iter().any(|method| method.starts_with(payload)) {
        return Guess::Unsure;
    }
    let begins_with = |method: &&&[u8]| payload.strip_prefix(**method).is_some_and(|it| it.starts_with(b" "));
    let Some(method) = METHODS.iter().find(begins_with) else { return Guess::Nothing };
    let target = payload.get(method.len()..).unwrap_or_default();
    let target = target.get(..MAX_LINE).unwrap_or(target);
    match target.iter().position(|&byte| byte == b'\n').and_then(|end| target.get(..end)) {
        Some(line) => probe_version(line.trim_ascii_end()),
        // A long target may fill more than the first segment.
        None if target.len() < MAX_LINE && target.iter().all(|&byte| is_printable(byte)) => Guess::Unsure,
        None => Guess::Nothing,
    }
}

/// Looks for ` VERSION` at the end of a request line.
fn probe_version(line: &[u8]) -> Guess {
    let ends_with = |version: &[u8]| line.strip_suffix(version).is_some_and(|it| it.ends_with(b" "));
    VERSIONS
        .iter()
        .find(|(version, _)| ends_with(version))
        .map_or(Guess::Nothing, |&(_, protocol)| Guess::Certain(protocol))
}

fn is_printable(byte: u8) -> bool {
    matches!(byte, b' '..=b'~' | 0x80.. | b'\r')
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{probe_tcp, probe_udp};

    fn tcp(payload: &[u8]) -> Guess {
        probe_tcp(payload, 40_000, 50_000)
    }

    #[test]
    fn request_lines_are_named_by_their_version() {
        assert_eq!(tcp(b"GET / HTTP/1.1\r\nHost: a\r\n"), Guess::Certain(Protocol::Http));
        assert_eq!(tcp(b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"), Guess::Certain(Protocol::Http));
        assert_eq!(tcp(b"REGISTER sip:a.example SIP/2.0\r\n"), Guess::Certain(Protocol::Sip));
        assert_eq!(tcp(b"OPTIONS rtsp://a/ RTSP/1.0\r\n"), Guess::Certain(Protocol::Rtsp));
        assert_eq!(tcp(b"GET / GOPHER\r\n"), Guess::Nothing);
        assert_eq!(tcp(b"FETCH / HTTP/1.1\r\n"), Guess::Nothing);
    }

    #[test]
    fn status_lines_are_named_by_their_version() {
        assert_eq!(tcp(b"HTTP/1.0 404 Not Found\r\n"), Guess::Certain(Protocol::Http));
        assert_eq!(tcp(b"SIP/2.0 180 Ringing\r\n"), Guess::Certain(Protocol::Sip));
        assert_eq!(tcp(b"HTTP/1.1 abc"), Guess::Nothing);
    }

    #[test]
    fn prefixes_are_unsure() {
        for line in [&b"GET /a HTTP/1.1\r"[..], b"HTTP/1.1 20", b"SSH", b"SUBSCRIBE sip:a"] {
            for len in 1..=line.len() {
                assert_eq!(tcp(&line[..len]), Guess::Unsure, "{:?}", line[..len].escape_ascii().to_string());
            }
        }
    }

    #[test]
    fn binary_behind_a_method_is_nothing() {
        assert_eq!(tcp(b"GET \x00\x01\x02"), Guess::Nothing);
    }

    #[test]
    fn banner_is_ssh() {
        assert_eq!(tcp(b"SSH-2.0-OpenSSH_9.6\r\n"), Guess::Certain(Protocol::Ssh));
    }

    #[test]
    fn discovery_is_ssdp_on_its_port_only() {
        let search = b"M-SEARCH * HTTP/1.1\r\nMAN: \"ssdp:discover\"\r\n";
        assert_eq!(probe_udp(search, 40_000, 1900), Guess::Certain(Protocol::Ssdp));
        assert_eq!(probe_udp(search, 40_000, 1901), Guess::Nothing);
        assert_eq!(probe_udp(b"INVITE sip:b SIP/2.0\r\n", 5060, 5060), Guess::Certain(Protocol::Sip));
    }
}
