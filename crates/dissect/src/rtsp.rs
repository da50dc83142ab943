//! Messages of RTSP, which has streams sent (RFC 2326, RFC 7826).

use std::net::IpAddr;

use crate::head::{Head, Start, number, split_once};
use crate::sdp;

/// What the versions of it begin with.
const VERSION: &[u8] = b"RTSP/";

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

    /// Returns the number of the request that it is, or answers (RFC 7826 section 18.20).
    pub fn sequence(&self) -> Option<u32> {
        number(self.head.value(b"cseq", None)?)
    }

    /// Returns the description of streams in its body.
    pub fn description(&self) -> Option<sdp::Description<'a>> {
        sdp::Description::within(self.head.value(b"content-type", None).unwrap_or_default(), self.head.body())
    }

    /// Returns the ways that a stream may travel, the best first (RFC 2326 section 12.39, RFC 7826 section 18.54).
    pub fn transports(&self) -> impl Iterator<Item = Transport<'a>> {
        let value = self.head.value(b"transport", None).unwrap_or_default();
        value.split(|&byte| byte == b',').map(|it| Transport(it.trim_ascii())).filter(|it| !it.0.is_empty())
    }
}

/// One way that a stream may travel: a profile, and parameters.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Transport<'a>(&'a [u8]);

/// Where one end of a stream is, as far as it is said.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct End {
    /// The address; none where it is that of who speaks, or a name.
    pub address: Option<IpAddr>,
    /// The port of RTP.
    pub port: Option<u16>,
    /// The port of RTCP.
    pub rtcp_port: Option<u16>,
}

impl<'a> Transport<'a> {
    /// Tells whether it is RTP over UDP.
    pub fn is_rtp_over_udp(&self) -> bool {
        let mut parts = self.profile().split(|&byte| byte == b'/');
        parts.next().is_some_and(|it| it.eq_ignore_ascii_case(b"RTP"))
            && !parts.any(|it| it.eq_ignore_ascii_case(b"TCP"))
            && self.parameter(b"interleaved").is_none()
    }

    /// Tells whether it is encrypted (RFC 3711, RFC 5124).
    pub fn is_protected(&self) -> bool {
        let is_secure =
            |part: &[u8]| part.eq_ignore_ascii_case(b"SAVP") || part.eq_ignore_ascii_case(b"SAVPF");
        self.profile().split(|&byte| byte == b'/').any(is_secure)
    }

    /// Returns where the client takes or sends the stream, or the group that it is sent to.
    pub fn client(&self) -> End {
        let named = self.parameter(b"destination").and_then(ip_address);
        let ports = self.parameter(b"client_port").or_else(|| self.parameter(b"port"));
        self.end(named, ports, b"dest_addr")
    }

    /// Returns where the server does.
    pub fn server(&self) -> End {
        let named = self.parameter(b"source").and_then(ip_address);
        self.end(named, self.parameter(b"server_port"), b"src_addr")
    }

    /// Makes an end out of version 1.0's parameters, or out of the one that 2.0 has in their place:
    /// `dest_addr="192.0.2.5:3456"/"192.0.2.5:3457"`, in which an address may be left out.
    fn end(&self, address: Option<IpAddr>, ports: Option<&[u8]>, addresses: &[u8]) -> End {
        if let Some(ports) = ports {
            let (port, rtcp) = split_once(ports, b'-').unwrap_or((ports, &[]));
            return End { address, port: number(port), rtcp_port: number(rtcp) };
        }
        let mut hosts = self.parameter(addresses).unwrap_or_default().split(|&byte| byte == b'/');
        let (first, second) = (hosts.next().unwrap_or_default(), hosts.next().unwrap_or_default());
        let (named, port) = host_and_port(unquoted(first));
        End { address: named.or(address), port, rtcp_port: host_and_port(unquoted(second)).1 }
    }

    fn profile(&self) -> &'a [u8] {
        self.0.split(|&byte| byte == b';').next().unwrap_or_default().trim_ascii()
    }

    fn parameter(&self, name: &[u8]) -> Option<&'a [u8]> {
        let mut parameters = self.0.split(|&byte| byte == b';').skip(1).map(<[u8]>::trim_ascii);
        parameters.find_map(|parameter| {
            let (it, value) = split_once(parameter, b'=')?;
            it.eq_ignore_ascii_case(name).then_some(value)
        })
    }
}

fn unquoted(value: &[u8]) -> &[u8] {
    value.strip_prefix(b"\"").and_then(|it| it.strip_suffix(b"\"")).unwrap_or(value)
}

/// Splits `192.0.2.5:3456`, `[2001:db8::1]:3456` or `:3456`.
fn host_and_port(value: &[u8]) -> (Option<IpAddr>, Option<u16>) {
    let Some(colon) = value.iter().rposition(|&byte| byte == b':') else { return (None, None) };
    let (host, port) = value.split_at_checked(colon).unwrap_or_default();
    let host = host.strip_prefix(b"[").and_then(|it| it.strip_suffix(b"]")).unwrap_or(host);
    (ip_address(host), number(port.get(1..).unwrap_or_default()))
}

fn ip_address(value: &[u8]) -> Option<IpAddr> {
    str::from_utf8(unquoted(value)).ok()?.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn transports(value: &str) -> Vec<(bool, End, End)> {
        let text = format!("SETUP rtsp://a/1 RTSP/1.0\r\nCSeq: 3\r\nTransport: {value}\r\n\r\n");
        let message = Message::parse(text.as_bytes()).unwrap();
        assert_eq!(message.sequence(), Some(3));
        message.transports().map(|it| (it.is_rtp_over_udp(), it.client(), it.server())).collect()
    }

    fn end(address: Option<&str>, port: u16) -> End {
        let address = address.map(|it| it.parse().unwrap());
        End { address, port: Some(port), rtcp_port: port.checked_add(1) }
    }

    #[test]
    fn ports_of_version_one_are_read() {
        let answer =
            "RTP/AVP;unicast;source=192.0.2.1;client_port=4588-4589;server_port=6256-6257;ssrc=2A3F93ED";
        assert_eq!(transports(answer), [(true, end(None, 4_588), end(Some("192.0.2.1"), 6_256))]);
        let group = "RTP/AVP/UDP;multicast;destination=224.2.0.1;port=3456-3457;ttl=16";
        assert_eq!(transports(group), [(true, end(Some("224.2.0.1"), 3_456), End::default())]);
    }

    #[test]
    fn addresses_of_version_two_are_read() {
        let answer =
            "RTP/AVP/UDP;unicast;dest_addr=\":8000\"/\":8001\";src_addr=\"[2001:db8::1]:9000\"/\":9001\"";
        assert_eq!(transports(answer), [(true, end(None, 8_000), end(Some("2001:db8::1"), 9_000))]);
    }

    #[test]
    fn what_goes_over_tcp_is_no_stream_over_udp() {
        let ways = transports("RTP/AVP/TCP;interleaved=0-1, RTP/AVP;unicast;client_port=5000");
        let one_port = End { port: Some(5_000), ..End::default() };
        assert_eq!(ways, [(false, End::default(), End::default()), (true, one_port, End::default())]);
        assert_eq!(transports(""), []);
    }
}
