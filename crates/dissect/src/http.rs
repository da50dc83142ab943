//! Requests of HTTP/1 (RFC 9112), as far as they say which host is asked.

use crate::probe::METHODS;

/// Which host a request asks for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Asked<'a> {
    /// This one, without port, as it is written.
    Host {
        /// Its name.
        host: &'a [u8],
        /// Whether the request wants a connection to it, and what follows is spoken with it (RFC 9110 section 9.3.6).
        is_connect: bool,
    },
    /// More of the request is needed.
    NotYet,
    /// Nobody, or it is no request.
    Nobody,
}

const CONNECT: &[u8] = b"CONNECT";
const HOST: &[u8] = b"host";
const VERSION: &[u8] = b"HTTP/1.";

/// Reads the host out of the beginning of a request: of its target where that has one, else of its `Host` (RFC 9112
/// section 3.2.2, RFC 9110 section 7.2). Only known methods make a request. An empty line before it is none of it (RFC 9112
/// section 2.2).
pub fn host_asked(bytes: &[u8]) -> Asked<'_> {
    if matches!(bytes, [] | [b'\r']) {
        return Asked::NotYet;
    }
    let bytes = bytes.strip_prefix(b"\r\n").or_else(|| bytes.strip_prefix(b"\n")).unwrap_or(bytes);
    if !may_begin(bytes) {
        return Asked::Nobody;
    }
    let Some((first, headers)) = split_line(bytes) else { return Asked::NotYet };
    let mut words = first.split(|&byte| byte == b' ').filter(|word| !word.is_empty());
    let (Some(method), Some(target), Some(version)) = (words.next(), words.next(), words.next_back()) else {
        return Asked::Nobody;
    };
    if !METHODS.contains(&method) || !version.starts_with(VERSION) {
        return Asked::Nobody;
    }
    let is_connect = method == CONNECT;
    let named = if is_connect { Some(without_user(target)) } else { authority(target) };
    let host = match named {
        Some(authority) => Found::Value(authority),
        None => host_header(headers),
    };
    match host {
        Found::Value(authority) => match without_port(authority) {
            [] => Asked::Nobody,
            host => Asked::Host { host, is_connect },
        },
        Found::NotYet => Asked::NotYet,
        Found::Nothing => Asked::Nobody,
    }
}

/// Tells whether a request may begin so, however few the bytes are.
pub fn may_begin(bytes: &[u8]) -> bool {
    METHODS.iter().any(|method| match bytes.strip_prefix(*method) {
        Some(rest) => rest.first().is_none_or(|&byte| byte == b' '),
        None => method.starts_with(bytes),
    })
}

enum Found<'a> {
    Value(&'a [u8]),
    NotYet,
    Nothing,
}

/// Looks for `Host` up to the empty line; bounded by the bytes.
fn host_header(mut headers: &[u8]) -> Found<'_> {
    while let Some((line, rest)) = split_line(headers) {
        if line.is_empty() {
            return Found::Nothing;
        }
        let mut parts = line.splitn(2, |&byte| byte == b':');
        if let (Some(name), Some(value)) = (parts.next(), parts.next())
            && name.eq_ignore_ascii_case(HOST)
        {
            // Who asks is no part of it; those that name him all the same mean the host behind.
            return Found::Value(without_user(value.trim_ascii()));
        }
        headers = rest;
    }
    Found::NotYet
}

/// Splits off a line, without what ends it.
fn split_line(bytes: &[u8]) -> Option<(&[u8], &[u8])> {
    let end = bytes.iter().position(|&byte| byte == b'\n')?;
    let (line, rest) = bytes.split_at_checked(end)?;
    Some((line.strip_suffix(b"\r").unwrap_or(line), rest.get(1..)?))
}

/// Returns the authority of a target in absolute form (RFC 3986 section 3.2), without who asks.
fn authority(target: &[u8]) -> Option<&[u8]> {
    let scheme = target.iter().position(|byte| !byte.is_ascii_alphanumeric() && !b"+-.".contains(byte))?;
    let rest = target.get(scheme..)?.strip_prefix(b"://")?;
    let end = rest.iter().position(|byte| b"/?#".contains(byte)).unwrap_or(rest.len());
    rest.get(..end).map(without_user)
}

/// Returns an authority without who asks.
fn without_user(authority: &[u8]) -> &[u8] {
    authority.rsplit(|&byte| byte == b'@').next().unwrap_or(authority)
}

/// Returns an authority without its port; the colons of an address in brackets are none of a port.
fn without_port(authority: &[u8]) -> &[u8] {
    let Some(colon) = authority.iter().rposition(|&byte| byte == b':') else { return authority };
    match authority.split_at_checked(colon) {
        Some((host, [_, port @ ..])) if port.iter().all(u8::is_ascii_digit) => host,
        _ => authority,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn host(request: &[u8]) -> Asked<'_> {
        host_asked(request)
    }

    const fn named(host: &[u8]) -> Asked<'_> {
        Asked::Host { host, is_connect: false }
    }

    #[test]
    fn host_is_found_whatever_its_case_and_place() {
        assert_eq!(
            host(b"GET / HTTP/1.1\r\nAccept: */*\r\nhOsT: \ta.example:8080 \r\n"),
            named(b"a.example")
        );
        assert_eq!(host(b"POST /x HTTP/1.0\nHost:[2001:db8::1]:80\n"), named(b"[2001:db8::1]"));
        assert_eq!(host(b"GET / HTTP/1.1\r\nHost: [::1]\r\n"), named(b"[::1]"));
    }

    #[test]
    fn target_with_a_host_beats_the_header() {
        let request = b"GET http://me@b.example:80/?x HTTP/1.1\r\nHost: a.example\r\n\r\n";
        assert_eq!(host(request), named(b"b.example"));
        let connect = Asked::Host { host: b"c.example", is_connect: true };
        assert_eq!(host(b"CONNECT c.example:443 HTTP/1.1\r\n"), connect);
        // A path is no authority, though it has the look of one inside.
        let inside = b"GET /?to=http://b.example HTTP/1.1\r\nHost: a.example\r\n";
        assert_eq!(host(inside), named(b"a.example"));
    }

    #[test]
    fn an_empty_line_before_a_request_is_none_of_it() {
        for request in
            [&b"\r\nGET / HTTP/1.1\r\nHost: a.example\r\n"[..], b"\nGET / HTTP/1.1\nHost: a.example\n"]
        {
            for len in 0..request.len() {
                assert_eq!(host(&request[..len]), Asked::NotYet, "{len} bytes");
            }
            assert_eq!(host(request), named(b"a.example"));
        }
        assert_eq!(host(b"\r\n\r\nGET / HTTP/1.1\r\nHost: a.example\r\n"), Asked::Nobody);
        assert_eq!(host(b"\rGET / HTTP/1.1\r\nHost: a.example\r\n"), Asked::Nobody);
    }

    #[test]
    fn who_asks_is_no_part_of_the_host() {
        assert_eq!(host(b"GET / HTTP/1.1\r\nHost: me@a.example:80\r\n"), named(b"a.example"));
        assert_eq!(host(b"GET / HTTP/1.1\r\nHost: a@b:c@a.example\r\n"), named(b"a.example"));
        assert_eq!(host(b"GET / HTTP/1.1\r\nHost: me@\r\n"), Asked::Nobody);
        let connect = Asked::Host { host: b"c.example", is_connect: true };
        assert_eq!(host(b"CONNECT me@c.example:443 HTTP/1.1\r\n"), connect);
    }

    #[test]
    fn every_beginning_of_a_request_asks_for_more() {
        let request = b"GET /index.html HTTP/1.1\r\nUser-Agent: x\r\nHost: a.example\r\n";
        for len in 0..request.len() {
            assert_eq!(host(&request[..len]), Asked::NotYet, "{len} bytes");
        }
        assert_eq!(host(request), named(b"a.example"));
    }

    #[test]
    fn without_a_host_or_a_known_method_nobody_is_asked() {
        assert_eq!(host(b"GET / HTTP/1.0\r\n\r\nHost: late.example\r\n"), Asked::Nobody);
        assert_eq!(host(b"GET / HTTP/1.1\r\nHost: \r\n"), Asked::Nobody);
        assert_eq!(host(b"FETCH / HTTP/1.1\r\nHost: a.example\r\n"), Asked::Nobody);
        assert_eq!(host(b"OPTIONS sip:b SIP/2.0\r\nHost: a.example\r\n"), Asked::Nobody);
        assert_eq!(host(b"HTTP/1.1 200 OK\r\n"), Asked::Nobody);
    }
}
