//! L2TP version 2 (RFC 2661 section 3.1): PPP in sessions.

use super::Opened;
use crate::link::ppp;
use crate::span::{Span, be16, be32};

const LEN: usize = 2;
const CONTROL: u16 = 0x8000;
const HAS_LENGTH: u16 = 0x4000;
const HAS_SEQUENCE: u16 = 0x0800;
const HAS_OFFSET: u16 = 0x0200;
/// Bits that must be 0, and the version.
const RESERVED: u16 = 0x34f0;
const VERSION: u16 = 0x000f;

/// The length field, and the field of an offset.
const HALF_WORD: usize = 2;
/// Tunnel and session; both sequence numbers.
const WORD: usize = 4;

pub(super) fn open(span: Span<'_>) -> Option<Opened<'_>> {
    let flags = be16::<0, LEN>(span.bytes.first_chunk()?);
    if flags & (CONTROL | RESERVED) != 0 || flags & VERSION != 2 {
        return None;
    }
    let mut rest = span.skip(LEN);
    if flags & HAS_LENGTH != 0 {
        let length = u32::from(be16::<0, HALF_WORD>(rest.bytes.first_chunk()?));
        if length > span.wire_len {
            return None;
        }
        rest = span.limit(length).skip(LEN).skip(HALF_WORD);
    }
    let id = be32::<0, WORD>(rest.bytes.first_chunk()?);
    rest = rest.skip(WORD);
    if flags & HAS_SEQUENCE != 0 {
        rest = rest.skip(WORD);
    }
    if flags & HAS_OFFSET != 0 {
        let offset = be16::<0, HALF_WORD>(rest.bytes.first_chunk()?);
        rest = rest.skip(HALF_WORD).skip(offset.into());
    }
    let (carried, rest) = ppp::carried(rest)?;
    Some(Opened { id: Some(id), carried, rest })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::EtherType;

    fn read(bytes: &[u8]) -> Option<(Option<u32>, EtherType, Vec<u8>)> {
        open(Span::of_bytes(bytes)).map(|it| (it.id, it.carried, it.rest.bytes.to_vec()))
    }

    #[test]
    fn optional_fields_are_passed() {
        let plain = [0, 2, 0, 1, 0, 2, 0xff, 3, 0, 0x21, 0x45];
        assert_eq!(read(&plain), Some((Some(0x1_0002), EtherType::IPV4, vec![0x45])));
        // Length 19, tunnel and session, both numbers, an offset of one byte; the last byte is beyond the length.
        let all = [0x4a, 2, 0, 19, 0, 1, 0, 2, 0, 0, 0, 0, 0, 1, 0xee, 0xff, 3, 0x57, 0x60, 0xee];
        assert_eq!(read(&all), Some((Some(0x1_0002), EtherType::IPV6, vec![0x60])));
    }

    #[test]
    fn control_messages_and_other_versions_carry_nothing() {
        assert_eq!(read(&[0xc8, 2, 0, 12, 0, 1, 0, 0, 0, 0, 0, 0]), None);
        assert_eq!(read(&[0, 3, 0, 1, 0, 2, 0xff, 3, 0, 0x21, 0x45]), None);
    }
}
