//! Protocols whose messages begin with a line of text: HTTP/1 (RFC 9112), SIP, RTSP, SSDP, SSH.

use netsonde_dissect::http::{Asked, host_asked};

use super::line::Line;

const VERSIONS: [&[u8]; 4] = [b"HTTP/1.", b"HTTP/2.0", b"SIP/2.0", b"RTSP/"];
const MAX_METHOD: usize = 20;

/// Writes a request line with the host that it asks for, or a status line; none where the payload begins with neither.
pub(super) fn describe(line: &mut Line, payload: &[u8]) -> Option<()> {
    let first = first_line(payload)?;
    let is_status = VERSIONS.iter().any(|version| first.starts_with(version));
    if !is_status && !is_request(first) {
        return None;
    }
    line.wire(first);
    if let Asked::Host { host, .. } = host_asked(payload) {
        write!(line, ", host ");
        line.wire(host);
    }
    Some(())
}

/// Tells whether a line begins with a method and ends with a version.
fn is_request(line: &[u8]) -> bool {
    let mut words = line.splitn(2, |byte| *byte == b' ');
    let (Some(method), Some(rest)) = (words.next(), words.next()) else { return false };
    let is_method = |byte: &u8| byte.is_ascii_uppercase() || matches!(byte, b'-' | b'_');
    if method.is_empty() || method.len() > MAX_METHOD || !method.iter().all(is_method) {
        return false;
    }
    let last = rest.rsplit(|byte| *byte == b' ').next().unwrap_or_default();
    VERSIONS.iter().any(|version| last.starts_with(version))
}

/// Writes the banner that either side of SSH begins with (RFC 4253 section 4.2).
pub(super) fn describe_ssh(line: &mut Line, payload: &[u8]) -> Option<()> {
    let banner = first_line(payload)?;
    if !banner.starts_with(b"SSH-") {
        return None;
    }
    line.wire(banner);
    Some(())
}

fn first_line(payload: &[u8]) -> Option<&[u8]> {
    Some(payload.split(|byte| *byte == b'\n').next()?.trim_ascii_end())
}
