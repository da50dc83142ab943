//! Packets that Linux's netfilter logged (`LINKTYPE_NFLOG`).

use super::{EtherType, bare};
use crate::span::{Span, byte, field};
use crate::{Layer, Malformed, Reason};

const LEN: usize = 4;
const VERSION: usize = 1;

const ATTRIBUTE_LEN: usize = 4;
const ATTRIBUTE_TYPE: usize = 2;
/// The attribute that holds the packet (`NFULA_PAYLOAD`).
const PAYLOAD: u16 = 9;
/// The kernel knows some twenty attributes; what has more of them is noise.
const MAX_ATTRIBUTES: usize = 64;

/// Finds the logged packet: which IP it is, by its version, and where.
pub(super) fn parse(span: Span<'_>) -> Result<(EtherType, Span<'_>), Malformed> {
    let (header, mut rest) = span.split::<LEN>(Layer::Link)?;
    if byte::<VERSION, _>(header) != 0 {
        return Err(span.malformed(Layer::Link, Reason::BadVersion, 0, byte::<VERSION, _>(header).into()));
    }
    for _ in 0..MAX_ATTRIBUTES {
        let attribute = rest.header::<ATTRIBUTE_LEN>(Layer::Link)?;
        let length = field::<0, 2, _>(attribute);
        let kind = field::<ATTRIBUTE_TYPE, 2, _>(attribute);
        // Written in the byte order of the host that logged; every type is small.
        let is_little = u16::from_le_bytes(kind) <= u16::from_be_bytes(kind);
        let number = |bytes| if is_little { u16::from_le_bytes(bytes) } else { u16::from_be_bytes(bytes) };
        let length = number(length);
        if usize::from(length) < ATTRIBUTE_LEN {
            return Err(rest.malformed(Layer::Link, Reason::BadLength, 4, length.into()));
        }
        if number(kind) == PAYLOAD {
            let packet = rest.limit(length.into()).skip(ATTRIBUTE_LEN);
            return Ok((bare::by_version(packet)?, packet));
        }
        rest = rest.skip(usize::from(length).next_multiple_of(4));
    }
    Err(rest.malformed(Layer::Link, Reason::TooManyHeaders, 0, 0))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(bytes: &[u8]) -> Result<(EtherType, Vec<u8>), Reason> {
        let parsed = parse(Span::of_bytes(bytes));
        parsed.map(|(carried, rest)| (carried, rest.bytes.to_vec())).map_err(|it| it.reason)
    }

    #[test]
    fn payload_is_found_behind_other_attributes_in_either_byte_order() {
        // A prefix of two bytes (type 10, padded to 8), then the payload of two bytes.
        let little = [2, 0, 0, 1, 6, 0, 10, 0, b'a', 0, 0, 0, 6, 0, 9, 0, 0x45, 7, 0, 0];
        let big = [2, 0, 0, 1, 0, 6, 0, 10, b'a', 0, 0, 0, 0, 6, 0, 9, 0x45, 7, 0, 0];
        assert_eq!(read(&little), Ok((EtherType::IPV4, vec![0x45, 7])));
        assert_eq!(read(&big), Ok((EtherType::IPV4, vec![0x45, 7])));
    }

    #[test]
    fn attributes_without_a_packet_or_without_a_length_are_malformed() {
        assert_eq!(read(&[2, 0, 0, 1, 4, 0, 1, 0]), Err(Reason::TooShort));
        assert_eq!(read(&[2, 0, 0, 1, 3, 0, 1, 0]), Err(Reason::BadLength));
        assert_eq!(read(&[2, 1, 0, 1]), Err(Reason::BadVersion));
        assert_eq!(read(&[4, 0, 1, 0].repeat(100)), Err(Reason::TooManyHeaders));
    }

    #[test]
    fn attribute_longer_than_the_frame_is_too_short_where_the_frame_ends() {
        // An attribute of 302 bytes in a frame of 8.
        let malformed = parse(Span::of_bytes(&[0, 0, 0, 0, 0x2e, 1, 0x2e, 1])).unwrap_err();
        assert_eq!((malformed.reason, malformed.offset), (Reason::TooShort, 8));
    }
}
