//! ICMP (RFC 792) and ICMPv6 (RFC 4443).

use std::net::{IpAddr, Ipv6Addr};

use super::membership::{Change, Membership};
use super::{Echo, Icmp, Quoted};
use crate::span::{Span, byte, field};
use crate::{Fragment, IpProtocol, Ipv4, Ipv6, Layer, Malformed};

const LEN: usize = 8;
const KIND: usize = 0;
const CODE: usize = 1;
const REST: usize = 4;

impl<'a> Icmp<'a> {
    /// ICMP echo reply.
    pub const ECHO_REPLY: u8 = 0;
    /// ICMP destination unreachable.
    pub const UNREACHABLE: u8 = 3;
    /// ICMP source quench.
    pub const SOURCE_QUENCH: u8 = 4;
    /// ICMP redirect.
    pub const REDIRECT: u8 = 5;
    /// ICMP echo request.
    pub const ECHO_REQUEST: u8 = 8;
    /// ICMP time exceeded.
    pub const TIME_EXCEEDED: u8 = 11;
    /// ICMP parameter problem.
    pub const PARAMETER_PROBLEM: u8 = 12;
    /// ICMPv6 destination unreachable.
    pub const V6_UNREACHABLE: u8 = 1;
    /// ICMPv6 packet too big.
    pub const V6_PACKET_TOO_BIG: u8 = 2;
    /// ICMPv6 time exceeded.
    pub const V6_TIME_EXCEEDED: u8 = 3;
    /// ICMPv6 parameter problem.
    pub const V6_PARAMETER_PROBLEM: u8 = 4;
    /// ICMPv6 echo request.
    pub const V6_ECHO_REQUEST: u8 = 128;
    /// ICMPv6 echo reply.
    pub const V6_ECHO_REPLY: u8 = 129;
    /// Multicast listener query, of either version (RFC 2710, RFC 3810).
    pub const V6_LISTENER_QUERY: u8 = 130;
    /// Multicast listener report, version 1.
    pub const V6_LISTENER_REPORT: u8 = 131;
    /// Multicast listener done.
    pub const V6_LISTENER_DONE: u8 = 132;
    /// Multicast listener report, version 2.
    pub const V6_LISTENER_REPORT_V2: u8 = 143;

    #[inline]
    pub(crate) fn parse(span: Span<'a>) -> Result<Self, Malformed> {
        let (header, body) = span.split::<LEN>(Layer::Icmp)?;
        Ok(Self {
            kind: byte::<KIND, _>(header),
            code: byte::<CODE, _>(header),
            rest: field::<REST, 4, _>(header),
            body: body.bytes,
        })
    }

    /// Returns what an echo request or reply says; `v6` tells ICMPv6 from ICMP.
    pub fn echo(&self, v6: bool) -> Option<Echo> {
        let is_reply = match (v6, self.kind) {
            (false, Self::ECHO_REQUEST) | (true, Self::V6_ECHO_REQUEST) => false,
            (false, Self::ECHO_REPLY) | (true, Self::V6_ECHO_REPLY) => true,
            _ => return None,
        };
        let [id0, id1, seq0, seq1] = self.rest;
        Some(Echo {
            is_reply,
            identifier: u16::from_be_bytes([id0, id1]),
            sequence: u16::from_be_bytes([seq0, seq1]),
        })
    }

    /// Tells whether it is an error: the types that [`Self::quoted`] names.
    pub const fn is_error(&self, v6: bool) -> bool {
        if v6 {
            return matches!(self.kind, Self::V6_UNREACHABLE..=Self::V6_PARAMETER_PROBLEM);
        }
        matches!(
            self.kind,
            Self::UNREACHABLE
                | Self::SOURCE_QUENCH
                | Self::REDIRECT
                | Self::TIME_EXCEEDED
                | Self::PARAMETER_PROBLEM
        )
    }

    /// Returns what a message of ICMPv6 says about multicast groups; none for other types.
    pub fn membership(&self) -> Option<Membership<'a>> {
        let group = || self.body.first_chunk().map(|&group: &[u8; 16]| Ipv6Addr::from(group).into());
        match self.kind {
            Self::V6_LISTENER_QUERY => Some(Membership::Query),
            Self::V6_LISTENER_REPORT => Some(Membership::report_of(group()?, Change::Joins)),
            Self::V6_LISTENER_DONE => Some(Membership::report_of(group()?, Change::Leaves)),
            Self::V6_LISTENER_REPORT_V2 => {
                let [_, _, high, low] = self.rest;
                Some(Membership::report_v6(self.body, u16::from_be_bytes([high, low])))
            }
            _ => None,
        }
    }

    /// Returns the packet that an error speaks of; `v6` tells ICMPv6 from ICMP.
    ///
    /// Errors are the types 3, 4, 5, 11 and 12 of ICMP and 1 to 4 of ICMPv6. None for other types, and where
    /// the quoted IP header is cut or broken.
    pub fn quoted(&self, v6: bool) -> Option<Quoted> {
        if !self.is_error(v6) {
            return None;
        }
        let span = Span::of_bytes(self.body);
        if v6 { quoted_v6(span) } else { quoted_v4(span) }
    }
}

fn quoted_v4(span: Span<'_>) -> Option<Quoted> {
    let (mut header, rest) = Ipv4::parse(span).ok()?;
    let carried = header.walk_authentication(rest).ok();
    let (source, destination) = (header.source.into(), header.destination.into());
    Some(quoted(source, destination, header.protocol, header.fragment, carried))
}

fn quoted_v6(span: Span<'_>) -> Option<Quoted> {
    let (mut header, rest) = Ipv6::parse(span).ok()?;
    let carried = header.walk_extensions(rest).ok();
    let (source, destination) = (header.source.into(), header.destination.into());
    Some(quoted(source, destination, header.protocol, header.fragment, carried))
}

fn quoted(
    source: IpAddr,
    destination: IpAddr,
    protocol: IpProtocol,
    fragment: Option<Fragment>,
    carried: Option<Span<'_>>,
) -> Quoted {
    let has_ports = matches!(
        protocol,
        IpProtocol::TCP | IpProtocol::UDP | IpProtocol::DCCP | IpProtocol::SCTP | IpProtocol::UDP_LITE
    );
    let ports = carried
        .filter(|_| has_ports && !fragment.is_some_and(Fragment::is_later))
        .and_then(|span| span.bytes.first_chunk::<4>())
        .map(|&[s0, s1, d0, d1]| (u16::from_be_bytes([s0, s1]), u16::from_be_bytes([d0, d1])));
    Quoted {
        protocol,
        source,
        destination,
        source_port: ports.map(|(source, _)| source),
        destination_port: ports.map(|(_, destination)| destination),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// An IPv4 header that says 1500 bytes, and the 8 bytes of UDP that a classic error quotes.
    const QUOTE: [u8; 28] = [
        0x45, 0, 5, 220, 0, 1, 0, 0, 63, 17, 0, 0, 192, 0, 2, 1, 198, 51, 100, 2, // UDP
        0x30, 0x39, 0, 53, 5, 200, 0, 0,
    ];

    fn error(kind: u8, body: &[u8]) -> Icmp<'_> {
        Icmp { kind, code: 0, rest: [0; 4], body }
    }

    #[test]
    fn header_gives_type_code_rest_and_body() {
        let bytes = [8, 1, 0xff, 0xff, 0x12, 0x34, 0, 7, 0xaa];
        let icmp = Icmp::parse(Span::of_bytes(&bytes)).unwrap();
        assert_eq!((icmp.kind, icmp.code, icmp.body), (Icmp::ECHO_REQUEST, 1, &[0xaa][..]));
        assert_eq!(icmp.echo(false), Some(Echo { is_reply: false, identifier: 0x1234, sequence: 7 }));
        assert_eq!(icmp.echo(true), None);
        assert!(Icmp::parse(Span::of_bytes(&bytes[..7])).is_err());
    }

    #[test]
    fn error_gives_addresses_and_ports_of_the_quoted_packet() {
        for kind in [3, 4, 5, 11, 12] {
            let quoted = error(kind, &QUOTE).quoted(false).unwrap();
            assert_eq!(quoted.protocol, IpProtocol::UDP);
            assert_eq!(quoted.source.to_string(), "192.0.2.1");
            assert_eq!(quoted.destination.to_string(), "198.51.100.2");
            assert_eq!((quoted.source_port, quoted.destination_port), (Some(12345), Some(53)));
        }
    }

    #[test]
    fn no_error_quotes_nothing() {
        assert_eq!(error(Icmp::ECHO_REQUEST, &QUOTE).quoted(false), None);
        assert_eq!(error(Icmp::V6_ECHO_REQUEST, &QUOTE).quoted(true), None);
    }

    #[test]
    fn quote_cut_before_the_ports_keeps_the_addresses() {
        let quoted = error(Icmp::TIME_EXCEEDED, &QUOTE[..23]).quoted(false).unwrap();
        assert_eq!((quoted.source_port, quoted.destination_port), (None, None));
        assert_eq!(error(Icmp::TIME_EXCEEDED, &QUOTE[..19]).quoted(false), None);
    }

    #[test]
    fn later_fragment_has_no_ports() {
        let mut quote = QUOTE;
        quote[7] = 1;
        assert_eq!(error(Icmp::TIME_EXCEEDED, &quote).quoted(false).unwrap().source_port, None);
    }

    #[test]
    fn ipv6_error_gives_addresses_and_ports_behind_extension_headers() {
        let mut quote = vec![0x60, 0, 0, 0, 4, 0, 60, 64];
        quote.extend([0; 15].iter().chain(&[1]).chain(&[0; 15]).chain(&[2])); // from ::1 to ::2
        quote.extend([6, 0, 1, 4, 0, 0, 0, 0]); // destination options, TCP follows
        quote.extend([0, 80, 0x30, 0x39]);
        let quoted = error(Icmp::V6_PACKET_TOO_BIG, &quote).quoted(true).unwrap();
        assert_eq!(quoted.protocol, IpProtocol::TCP);
        assert_eq!(quoted.destination.to_string(), "::2");
        assert_eq!((quoted.source_port, quoted.destination_port), (Some(80), Some(12345)));
    }
}
