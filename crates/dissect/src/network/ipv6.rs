//! IPv6 and its extension headers (RFC 8200).

use std::net::Ipv6Addr;

use super::{Fragment, IpProtocol, Ipv6, authentication_len};
use crate::span::{Span, be16, be32, byte, field};
use crate::{Layer, Malformed, Reason};

const LEN: usize = 40;
const VERSION: usize = 0;
const PAYLOAD_LENGTH: usize = 4;
const NEXT_HEADER: usize = 6;
const HOP_LIMIT: usize = 7;
const SOURCE: usize = 8;
const DESTINATION: usize = 24;

/// Every extension header has at least this many bytes.
const EXTENSION_LEN: usize = 8;
const EXTENSION_LENGTH: usize = 1;
/// RFC 8200 section 4.1 lists seven headers, once each but destination options; sixteen leave room for odd
/// stacks and end hostile ones.
const MAX_EXTENSIONS: usize = 16;

const FRAGMENT_OFFSET: usize = 2;
const FRAGMENT_ID: usize = 4;
const FRAGMENT_OFFSET_BITS: u16 = 0xfff8;
const MORE_FRAGMENTS: u16 = 1;

const ROUTING_TYPE: usize = 2;
const SEGMENTS_LEFT: usize = 3;
const ADDRESSES: usize = 8;

impl IpProtocol {
    const fn is_extension(self) -> bool {
        matches!(
            self,
            Self::HOP_BY_HOP
                | Self::ROUTING
                | Self::FRAGMENT
                | Self::AH
                | Self::DESTINATION_OPTIONS
                | Self::MOBILITY
                | Self::HIP
                | Self::SHIM6
        )
    }
}

impl Ipv6 {
    /// Reads the fixed header: the header, and what follows it.
    #[inline]
    pub(crate) fn parse(span: Span<'_>) -> Result<(Self, Span<'_>), Malformed> {
        let (header, rest) = span.split::<LEN>(Layer::Ipv6)?;
        let version = byte::<VERSION, _>(header) >> 4;
        if version != 6 {
            return Err(span.malformed(Layer::Ipv6, Reason::BadVersion, 6, u32::from(version)));
        }
        let protocol = IpProtocol(byte::<NEXT_HEADER, _>(header));
        let payload_len = u32::from(be16::<PAYLOAD_LENGTH, _>(header));
        // 0 means a jumbogram (RFC 2675) or offload, unless nothing follows at all.
        let takes_remainder = payload_len == 0 && protocol != IpProtocol::NO_NEXT_HEADER;
        let rest = if takes_remainder { rest } else { rest.limit(payload_len) };
        let ipv6 = Self {
            source: Ipv6Addr::from(field::<SOURCE, 16, _>(header)),
            destination: Ipv6Addr::from(field::<DESTINATION, 16, _>(header)),
            protocol,
            hop_limit: byte::<HOP_LIMIT, _>(header),
            fragment: None,
            payload_len: rest.wire_len,
        };
        Ok((ipv6, rest))
    }

    /// Tells whether an extension header follows.
    #[inline]
    pub(crate) const fn has_extensions(&self) -> bool {
        self.protocol.is_extension()
    }

    /// Walks the extension headers: what the packet carries after them.
    ///
    /// After an error the fields tell how far the walk came.
    pub(crate) fn walk_extensions<'a>(&mut self, span: Span<'a>) -> Result<Span<'a>, Malformed> {
        let mut rest = span;
        for _ in 0..=MAX_EXTENSIONS {
            // What follows in a later fragment is data, whatever header the number names.
            if !self.has_extensions() || self.fragment.is_some_and(Fragment::is_later) {
                return Ok(rest);
            }
            let header = rest.header::<EXTENSION_LEN>(Layer::Ipv6)?;
            let len = extension_len(self.protocol, byte::<EXTENSION_LENGTH, _>(header));
            match self.protocol {
                IpProtocol::FRAGMENT => self.fragment = fragment(*header),
                IpProtocol::ROUTING => {
                    let whole = rest.bytes.get(..len).unwrap_or_default();
                    self.destination = final_segment(whole, self.destination).unwrap_or(self.destination);
                }
                _ => {}
            }
            if rest.wire_len < crate::span::saturate(len) {
                return Err(rest.too_short(Layer::Ipv6, len));
            }
            rest = rest.skip(len);
            self.protocol = IpProtocol(byte::<0, _>(header));
            self.payload_len = rest.wire_len;
        }
        Err(rest.malformed(Layer::Ipv6, Reason::TooManyHeaders, 0, 0))
    }
}

fn extension_len(protocol: IpProtocol, length_field: u8) -> usize {
    match protocol {
        IpProtocol::FRAGMENT => EXTENSION_LEN,
        IpProtocol::AH => authentication_len(length_field),
        _ => usize::from(length_field).saturating_add(1) << 3,
    }
}

/// Reads a fragment header; one that fragments nothing (RFC 6946) is none.
fn fragment(header: [u8; EXTENSION_LEN]) -> Option<Fragment> {
    let field = be16::<FRAGMENT_OFFSET, _>(&header);
    let offset = u32::from(field & FRAGMENT_OFFSET_BITS);
    let more = field & MORE_FRAGMENTS != 0;
    (more || offset > 0).then_some(Fragment { id: be32::<FRAGMENT_ID, _>(&header), offset, more })
}

/// Finds the last segment of a routing header that has segments left.
fn final_segment(header: &[u8], destination: Ipv6Addr) -> Option<Ipv6Addr> {
    let fixed = header.first_chunk::<ADDRESSES>()?;
    let addresses = header.get(ADDRESSES..)?;
    if byte::<SEGMENTS_LEFT, _>(fixed) == 0 {
        return None;
    }
    match byte::<ROUTING_TYPE, _>(fixed) {
        // Source route (RFC 2460 section 4.4) and Mobile IPv6 (RFC 6275 section 6.4): in order of travel.
        0 | 2 => addresses.last_chunk::<16>().map(|last| Ipv6Addr::from(*last)),
        // RPL (RFC 6554 section 3): like a source route, without the bytes shared with the destination.
        3 => {
            let shared = usize::from(byte::<4, _>(fixed) & 0x0f);
            let padding = usize::from(byte::<5, _>(fixed) >> 4);
            let addresses = addresses.get(..addresses.len().checked_sub(padding)?)?;
            let tail = addresses.get(addresses.len().checked_sub(16_usize.checked_sub(shared)?)?..)?;
            let mut octets = destination.octets();
            octets.get_mut(shared..)?.copy_from_slice(tail);
            Some(octets.into())
        }
        // Segment routing (RFC 8754 section 2): the last segment comes first.
        4 => addresses.first_chunk::<16>().map(|last| Ipv6Addr::from(*last)),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A packet from `2001:db8::1` to `2001:db8::2`.
    fn packet(payload_len: u16, next: u8, payload: &[u8]) -> Vec<u8> {
        let mut bytes = vec![0x60, 0, 0, 0];
        bytes.extend(payload_len.to_be_bytes());
        bytes.extend([next, 64]);
        for last in [1, 2] {
            bytes.extend(address(last).octets());
        }
        bytes.extend(payload);
        bytes
    }

    fn address(last: u16) -> Ipv6Addr {
        Ipv6Addr::new(0x2001, 0xdb8, 0, 0, 0, 0, 0, last)
    }

    fn read(bytes: &[u8]) -> (Ipv6, Result<Vec<u8>, Reason>) {
        let (mut ipv6, rest) = Ipv6::parse(Span::of_bytes(bytes)).unwrap();
        let walked = ipv6.walk_extensions(rest);
        (ipv6, walked.map(|rest| rest.bytes.to_vec()).map_err(|it| it.reason))
    }

    #[test]
    fn plain_header_gives_every_field() {
        let (ipv6, rest) = read(&packet(2, 17, &[1, 2, 0xee]));
        assert_eq!((ipv6.source, ipv6.destination), (address(1), address(2)));
        assert_eq!((ipv6.protocol, ipv6.hop_limit), (IpProtocol::UDP, 64));
        assert_eq!((ipv6.fragment, ipv6.payload_len), (None, 2));
        assert_eq!(rest, Ok(vec![1, 2]));
    }

    #[test]
    fn payload_length_zero_takes_the_remainder_unless_nothing_follows() {
        assert_eq!(read(&packet(0, 17, &[1, 2])).0.payload_len, 2);
        assert_eq!(read(&packet(0, 59, &[1, 2])).0.payload_len, 0);
    }

    #[test]
    fn chain_of_extension_headers_is_walked() {
        let chain = [
            60, 0, 1, 4, 0, 0, 0, 0, // hop-by-hop, destination options follow
            51, 1, 1, 12, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, // 16 bytes, AH follows
            44, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, // (1 + 2) * 4 bytes, a fragment follows
            6, 0, 0x00, 0x01, 0, 0, 0, 9, // the first of several, TCP inside
            0xaa,
        ];
        let (ipv6, rest) = read(&packet(u16::try_from(chain.len()).unwrap(), 0, &chain));
        assert_eq!(ipv6.protocol, IpProtocol::TCP);
        assert_eq!(ipv6.fragment, Some(Fragment { id: 9, offset: 0, more: true }));
        assert_eq!((ipv6.payload_len, rest), (1, Ok(vec![0xaa])));
    }

    #[test]
    fn later_fragment_ends_the_walk_even_before_another_extension() {
        let (ipv6, rest) = read(&packet(10, 44, &[60, 0, 0x05, 0xa8, 0, 0, 0, 9, 1, 2]));
        assert_eq!(ipv6.fragment, Some(Fragment { id: 9, offset: 1448, more: false }));
        assert_eq!((ipv6.protocol, rest), (IpProtocol::DESTINATION_OPTIONS, Ok(vec![1, 2])));
    }

    #[test]
    fn atomic_fragment_is_a_whole_datagram() {
        assert_eq!(read(&packet(8, 44, &[6, 0, 0, 0, 0, 0, 0, 9])).0.fragment, None);
    }

    #[test]
    fn routing_header_with_segments_left_names_the_final_destination() {
        for (kind, last) in [(0, 8), (2, 8), (4, 7)] {
            let mut header = vec![6, 4, kind, 1, 0, 0, 0, 0];
            header.extend(address(7).octets());
            header.extend(address(8).octets());
            assert_eq!(read(&packet(40, 43, &header)).0.destination, address(last), "type {kind}");
            header[3] = 0;
            assert_eq!(read(&packet(40, 43, &header)).0.destination, address(2), "type {kind}, used up");
        }
    }

    #[test]
    fn compressed_route_shares_the_front_of_the_destination() {
        // RPL: 15 bytes shared, 6 of padding: two addresses of one byte, 7 and 8.
        let header = [6, 1, 3, 1, 0xff, 0x60, 0, 0, 7, 8, 0, 0, 0, 0, 0, 0];
        assert_eq!(read(&packet(16, 43, &header)).0.destination, address(8));
    }

    #[test]
    fn endless_extension_headers_are_too_many() {
        let (_, rest) = read(&packet(0, 0, &[0; 8].repeat(40)));
        assert_eq!(rest, Err(Reason::TooManyHeaders));
    }

    #[test]
    fn extension_header_beyond_the_payload_is_too_short() {
        assert_eq!(read(&packet(8, 0, &[6, 9, 0, 0, 0, 0, 0, 0])).1, Err(Reason::TooShort));
        assert_eq!(read(&packet(4, 0, &[6, 0, 0, 0])).1, Err(Reason::TooShort));
    }
}
