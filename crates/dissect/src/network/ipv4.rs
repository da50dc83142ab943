//! IPv4 (RFC 791).

use std::net::Ipv4Addr;

use super::{AH_LEN, Fragment, IpProtocol, Ipv4, authentication_len};
use crate::span::{Span, be16, byte, field};
use crate::{Layer, Malformed, Reason};

const LEN: usize = 20;
const VERSION_IHL: usize = 0;
const TOTAL_LENGTH: usize = 2;
const IDENTIFICATION: usize = 4;
const FLAGS_OFFSET: usize = 6;
const TTL: usize = 8;
const PROTOCOL: usize = 9;
const SOURCE: usize = 12;
const DESTINATION: usize = 16;

const MORE_FRAGMENTS: u16 = 0x2000;
const OFFSET: u16 = 0x1fff;

/// Sixty bytes of header leave room for forty options of one byte.
const MAX_OPTIONS: usize = 40;
const END_OF_OPTIONS: u8 = 0;
const NO_OPERATION: u8 = 1;
const LOOSE_SOURCE_ROUTE: u8 = 131;
const STRICT_SOURCE_ROUTE: u8 = 137;

impl Ipv4 {
    /// Reads the header and its options: the header, and what the datagram carries.
    #[inline]
    pub(crate) fn parse(span: Span<'_>) -> Result<(Self, Span<'_>), Malformed> {
        let header = span.header::<LEN>(Layer::Ipv4)?;
        let version_ihl = byte::<VERSION_IHL, _>(header);
        if version_ihl >> 4 != 4 {
            return Err(span.malformed(Layer::Ipv4, Reason::BadVersion, 4, u32::from(version_ihl >> 4)));
        }
        let header_len = usize::from(version_ihl & 0x0f) << 2;
        let total_len = u32::from(be16::<TOTAL_LENGTH, _>(header));
        let datagram = measure(span, header_len, total_len)?;
        let rest = datagram.skip(header_len);

        let mut destination = Ipv4Addr::from(field::<DESTINATION, 4, _>(header));
        if header_len > LEN {
            let options = span.bytes.get(LEN..header_len).unwrap_or_default();
            destination = final_hop(options).unwrap_or(destination);
        }
        let ipv4 = Self {
            source: field::<SOURCE, 4, _>(header).into(),
            destination,
            protocol: IpProtocol(byte::<PROTOCOL, _>(header)),
            ttl: byte::<TTL, _>(header),
            fragment: fragment(be16::<FLAGS_OFFSET, _>(header), be16::<IDENTIFICATION, _>(header)),
            payload_len: rest.wire_len,
            offloaded: total_len == 0,
        };
        Ok((ipv4, rest))
    }

    /// Tells whether an authentication header follows.
    #[inline]
    pub(crate) fn has_authentication(&self) -> bool {
        self.protocol == IpProtocol::AH && !self.fragment.is_some_and(Fragment::is_later)
    }

    /// Passes an authentication header, so that `protocol` and `payload_len` speak of what it protects.
    pub(crate) fn walk_authentication<'a>(&mut self, span: Span<'a>) -> Result<Span<'a>, Malformed> {
        if !self.has_authentication() {
            return Ok(span);
        }
        let &[next, length, ..] = span.header::<AH_LEN>(Layer::Ipv4)?;
        let len = authentication_len(length);
        let rest = span.skip(len);
        self.protocol = IpProtocol(next);
        self.payload_len = rest.wire_len;
        Ok(rest)
    }
}

/// Cuts `span` to the datagram: padding goes, and a total length of 0 (offload) or beyond the wire gives way
/// to what the wire had.
#[inline]
fn measure(span: Span<'_>, header_len: usize, total_len: u32) -> Result<Span<'_>, Malformed> {
    let needed = crate::span::saturate(header_len);
    if header_len < LEN || (total_len != 0 && total_len < needed) {
        return Err(span.malformed(Layer::Ipv4, Reason::BadLength, needed, total_len));
    }
    if span.wire_len < needed {
        return Err(span.too_short(Layer::Ipv4, header_len));
    }
    Ok(if total_len == 0 { span } else { span.limit(total_len) })
}

#[inline]
fn fragment(flags_offset: u16, id: u16) -> Option<Fragment> {
    let more = flags_offset & MORE_FRAGMENTS != 0;
    let offset = u32::from(flags_offset & OFFSET) << 3;
    (more || offset > 0).then_some(Fragment { id: u32::from(id), offset, more })
}

/// Finds the last address of a source route that has hops left (RFC 791 section 3.1).
#[cold]
fn final_hop(options: &[u8]) -> Option<Ipv4Addr> {
    let mut rest = options;
    for _ in 0..MAX_OPTIONS {
        let &kind = rest.first()?;
        if kind == END_OF_OPTIONS {
            return None;
        }
        let len = if kind == NO_OPERATION { 1 } else { usize::from(*rest.get(1)?) };
        let option = rest.get(..len).filter(|option| !option.is_empty())?;
        if matches!(kind, LOOSE_SOURCE_ROUTE | STRICT_SOURCE_ROUTE) {
            // The pointer counts from 1 and passes the length once the route is used up.
            let [_, _, pointer, addresses @ ..] = option else { return None };
            let hops_left = usize::from(*pointer) <= len;
            return addresses.last_chunk::<4>().filter(|_| hops_left).map(|last| Ipv4Addr::from(*last));
        }
        rest = rest.get(len..)?;
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A header of 20 bytes with the given total length, UDP inside.
    fn header(total_len: u16) -> Vec<u8> {
        let [high, low] = total_len.to_be_bytes();
        vec![0x45, 0, high, low, 0x12, 0x34, 0, 0, 64, 17, 0, 0, 192, 0, 2, 1, 198, 51, 100, 2]
    }

    fn with_payload(total_len: u16, payload: &[u8]) -> Vec<u8> {
        [header(total_len), payload.to_vec()].concat()
    }

    #[test]
    fn plain_header_gives_every_field() {
        let bytes = with_payload(23, &[1, 2, 3]);
        let (ipv4, rest) = Ipv4::parse(Span::of_bytes(&bytes)).unwrap();
        assert_eq!(ipv4.source.octets(), [192, 0, 2, 1]);
        assert_eq!(ipv4.destination.octets(), [198, 51, 100, 2]);
        assert_eq!((ipv4.protocol, ipv4.ttl), (IpProtocol::UDP, 64));
        assert_eq!((ipv4.fragment, ipv4.payload_len, ipv4.offloaded), (None, 3, false));
        assert_eq!(rest.bytes, [1, 2, 3]);
    }

    #[test]
    fn padding_is_not_payload() {
        let bytes = with_payload(21, &[1, 0, 0, 0]);
        let (ipv4, rest) = Ipv4::parse(Span::of_bytes(&bytes)).unwrap();
        assert_eq!(ipv4.payload_len, 1);
        assert_eq!(rest.bytes, [1]);
    }

    #[test]
    fn total_length_zero_or_beyond_the_wire_takes_the_remainder() {
        for (total_len, offloaded) in [(0, true), (1500, false)] {
            let bytes = with_payload(total_len, &[1, 2]);
            let (ipv4, rest) = Ipv4::parse(Span::of_bytes(&bytes)).unwrap();
            assert_eq!((ipv4.payload_len, ipv4.offloaded), (2, offloaded));
            assert_eq!(rest.bytes, [1, 2]);
        }
    }

    #[test]
    fn total_length_below_the_header_is_bad() {
        let malformed = Ipv4::parse(Span::of_bytes(&header(19))).unwrap_err();
        assert_eq!((malformed.reason, malformed.needed, malformed.had), (Reason::BadLength, 20, 19));
    }

    #[test]
    fn header_length_below_five_words_is_bad() {
        let mut bytes = header(20);
        bytes[0] = 0x44;
        assert_eq!(Ipv4::parse(Span::of_bytes(&bytes)).unwrap_err().reason, Reason::BadLength);
    }

    #[test]
    fn options_beyond_the_wire_are_too_short() {
        let mut bytes = header(60);
        bytes[0] = 0x4f;
        assert_eq!(Ipv4::parse(Span::of_bytes(&bytes)).unwrap_err().reason, Reason::TooShort);
    }

    #[test]
    fn version_6_is_bad() {
        let mut bytes = header(20);
        bytes[0] = 0x65;
        assert_eq!(Ipv4::parse(Span::of_bytes(&bytes)).unwrap_err().reason, Reason::BadVersion);
    }

    #[test]
    fn fragments_give_offset_in_bytes() {
        let mut bytes = header(20);
        bytes[6..8].copy_from_slice(&[0x20, 0xb9]); // more follow, 185 * 8 = 1480
        let (ipv4, _) = Ipv4::parse(Span::of_bytes(&bytes)).unwrap();
        assert_eq!(ipv4.fragment, Some(Fragment { id: 0x1234, offset: 1480, more: true }));
        bytes[6..8].copy_from_slice(&[0x40, 0]); // do not fragment
        let (ipv4, _) = Ipv4::parse(Span::of_bytes(&bytes)).unwrap();
        assert_eq!(ipv4.fragment, None);
    }

    #[test]
    fn source_route_with_hops_left_names_the_final_destination() {
        // One no-operation, a loose route of 11 bytes with two addresses, pointer at the first: 12 bytes.
        let mut route = vec![1, 131, 11, 4, 10, 0, 0, 1, 10, 0, 0, 2];
        assert_eq!(final_hop(&route).map(|hop| hop.octets()), Some([10, 0, 0, 2]));
        // The pointer past the length: the route is used up.
        route[3] = 12;
        assert_eq!(final_hop(&route), None);
    }

    #[test]
    fn broken_options_end_the_search() {
        assert_eq!(final_hop(&[7, 0, 131, 7]), None);
        assert_eq!(final_hop(&[131, 3, 4]), None);
        assert_eq!(final_hop(&[1; 40]), None);
        assert_eq!(final_hop(&[131, 40, 4, 1, 2, 3, 4]), None);
    }

    #[test]
    fn authentication_header_is_passed() {
        // Next header TCP, length field 1: (1 + 2) * 4 = 12 bytes.
        let ah = [6, 1, 0, 0, 0, 0, 0, 1, 0, 0, 0, 2, 0xaa];
        let mut bytes = with_payload(33, &ah);
        bytes[9] = 51;
        let (mut ipv4, rest) = Ipv4::parse(Span::of_bytes(&bytes)).unwrap();
        let rest = ipv4.walk_authentication(rest).unwrap();
        assert_eq!((ipv4.protocol, ipv4.payload_len), (IpProtocol::TCP, 1));
        assert_eq!(rest.bytes, [0xaa]);
    }
}
