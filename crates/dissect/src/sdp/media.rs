//! One stream of a description.

use std::net::IpAddr;

use super::{attribute, values};
use crate::head::number;

/// What the next port is for: RTP has the even one of a pair, RTCP the odd one (RFC 3550 section 11).
const PAIR: u16 = 2;

/// A stream, or several on ports that follow each other: its `m=` line and those behind it (RFC 8866 section 5.14).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Media<'a> {
    /// What it carries: `audio`, `video`, `image`, `text`, `application` or another.
    pub kind: &'a [u8],
    /// The port that it comes to; 0 where it is refused (RFC 3264 section 6).
    pub port: u16,
    /// How many streams there are, each two ports further.
    pub count: u16,
    /// How it travels, such as `RTP/AVP`.
    pub protocol: &'a [u8],
    session: &'a [u8],
    lines: &'a [u8],
}

/// What a payload type means (RFC 8866 section 6.6).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Rtpmap<'a> {
    /// The payload type, 0 to 127.
    pub payload_type: u8,
    /// The encoding's name.
    pub encoding: &'a [u8],
    /// The clock of its timestamps, in hertz; none where it is not said, or 0.
    pub clock_rate: Option<u32>,
}

/// An address that a stream may come to in place of the first one (RFC 8839 section 5.1).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Candidate {
    /// Which component: 1 for RTP, 2 for RTCP.
    pub component: u16,
    /// The address.
    pub address: IpAddr,
    /// The port.
    pub port: u16,
}

impl<'a> Media<'a> {
    /// Reads the value of the `m=` line; `session` and `lines` are those before all streams and behind this one's.
    pub(super) fn parse(first: &'a [u8], session: &'a [u8], lines: &'a [u8]) -> Option<Self> {
        let mut words = words(first);
        let (kind, ports, protocol) = (words.next()?, words.next()?, words.next()?);
        let mut ports = ports.split(|&byte| byte == b'/');
        let port = number(ports.next()?)?;
        let count = ports.next().and_then(number).unwrap_or(1);
        Some(Self { kind, port, count, protocol, session, lines })
    }

    /// Tells whether it is RTP over UDP, in clear or not.
    pub fn is_rtp(&self) -> bool {
        let mut parts = self.protocol.split(|&byte| byte == b'/');
        let is_over_tcp = self.protocol.get(..4).is_some_and(|it| it.eq_ignore_ascii_case(b"TCP/"));
        !is_over_tcp
            && parts.any(|part| part.eq_ignore_ascii_case(b"RTP"))
            && parts.next().is_some_and(|profile| {
                let profile = profile.strip_prefix(b"S").unwrap_or(profile);
                profile.eq_ignore_ascii_case(b"AVP") || profile.eq_ignore_ascii_case(b"AVPF")
            })
    }

    /// Tells whether it is encrypted: its profile says so, keys are in the description (RFC 4568), or a certificate's
    /// fingerprint (RFC 8122).
    pub fn is_protected(&self) -> bool {
        let is_secure =
            |part: &[u8]| part.eq_ignore_ascii_case(b"SAVP") || part.eq_ignore_ascii_case(b"SAVPF");
        self.protocol.split(|&byte| byte == b'/').any(is_secure)
            || self.attributes().any(|(name, _)| matches!(name, b"crypto" | b"fingerprint"))
            || values(self.session, b'a').any(|value| attribute(value).0 == b"fingerprint")
    }

    /// Returns the address that it comes to, its own or that of all; none where it is a name, or no address.
    pub fn address(&self) -> Option<IpAddr> {
        let own = values(self.lines, b'c').next();
        connection_address(own.or_else(|| values(self.session, b'c').next())?)
    }

    /// Returns the port of RTCP: the same where both share it (RFC 5761), the one that is named (RFC 3605), else the
    /// next one.
    pub fn rtcp_port(&self) -> u16 {
        if self.attributes().any(|(name, _)| name == b"rtcp-mux") {
            return self.port;
        }
        let named = self.attributes().find(|(name, _)| *name == b"rtcp");
        let named = named.and_then(|(_, value)| number(words(value).next()?));
        named.unwrap_or(self.port.saturating_add(1))
    }

    /// Tells whether nothing will be sent: neither way is open (RFC 8866 section 6.7).
    pub fn is_inactive(&self) -> bool {
        let is_direction =
            |name: &[u8]| matches!(name, b"inactive" | b"sendrecv" | b"sendonly" | b"recvonly");
        let own = self.attributes().map(|(name, _)| name).find(|name| is_direction(name));
        let all = || values(self.session, b'a').find(|name| is_direction(name));
        own.or_else(all) == Some(b"inactive")
    }

    /// Returns what its payload types mean, as far as it says.
    pub fn rtpmaps(&self) -> impl Iterator<Item = Rtpmap<'a>> {
        self.attributes().filter(|(name, _)| *name == b"rtpmap").filter_map(|(_, value)| rtpmap(value))
    }

    /// Returns the other addresses that it may come to over UDP; names are left out.
    pub fn candidates(&self) -> impl Iterator<Item = Candidate> {
        self.attributes().filter(|(name, _)| *name == b"candidate").filter_map(|(_, value)| candidate(value))
    }

    /// Returns the address that RTSP sets it up by (RFC 2326 appendix C.1.1).
    pub fn control(&self) -> Option<&'a [u8]> {
        self.attributes().find(|(name, _)| *name == b"control").map(|(_, value)| value.trim_ascii())
    }

    /// Returns the port of one of its streams, counted from 0.
    pub fn port_of(&self, number: u16) -> Option<u16> {
        self.port.checked_add(number.checked_mul(PAIR)?)
    }

    fn attributes(&self) -> impl Iterator<Item = (&'a [u8], &'a [u8])> {
        values(self.lines, b'a').map(attribute)
    }
}

fn words(line: &[u8]) -> impl Iterator<Item = &[u8]> {
    line.split(u8::is_ascii_whitespace).filter(|word| !word.is_empty())
}

/// Reads the address of a `c=` line, without time to live and count (RFC 8866 section 5.7).
fn connection_address(value: &[u8]) -> Option<IpAddr> {
    let word = words(value).nth(2)?;
    ip_address(word.split(|&byte| byte == b'/').next()?)
}

fn ip_address(word: &[u8]) -> Option<IpAddr> {
    str::from_utf8(word).ok()?.parse().ok()
}

fn rtpmap(value: &[u8]) -> Option<Rtpmap<'_>> {
    let mut words = words(value);
    let payload_type = number(words.next()?).filter(|&it| it < 128)?;
    let mut parts = words.next()?.split(|&byte| byte == b'/');
    let encoding = parts.next().filter(|it| !it.is_empty())?;
    let clock_rate = parts.next().and_then(number).filter(|&rate| rate > 0);
    Some(Rtpmap { payload_type, encoding, clock_rate })
}

fn candidate(value: &[u8]) -> Option<Candidate> {
    let mut words = words(value);
    let component = number(words.nth(1)?)?;
    let is_over_udp = words.next()?.eq_ignore_ascii_case(b"udp");
    let (address, port) = (ip_address(words.nth(1)?)?, number(words.next()?)?);
    is_over_udp.then_some(Candidate { component, address, port })
}
