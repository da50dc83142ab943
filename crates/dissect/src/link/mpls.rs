//! MPLS (RFC 3032) and the Ethernet frames of pseudowires (RFC 4448).

use super::{EtherType, ethernet};
use crate::span::{Span, be32, field};
use crate::{Layer, Malformed, Reason};

const ENTRY_LEN: usize = 4;
const BOTTOM_OF_STACK: u32 = 1 << 8;

/// Service providers stack up to six labels; beyond sixteen the bytes are noise.
const MAX_LABELS: usize = 16;

/// Where an Ethernet header names its type.
const TYPE: usize = 12;

/// Walks the label stack and tells what lies below it; none where nothing there can be recognised.
///
/// No label says what it carries: it is IP by its first half-byte (RFC 4928 section 3), a control word where that is 0,
/// and else an Ethernet frame, where its type is one that is known.
pub(super) fn carried(span: Span<'_>) -> Result<Option<(EtherType, Span<'_>)>, Malformed> {
    let mut rest = span;
    for _ in 0..MAX_LABELS {
        let (entry, below) = rest.split::<ENTRY_LEN>(Layer::Link)?;
        rest = below;
        if be32::<0, _>(entry) & BOTTOM_OF_STACK != 0 {
            return Ok(below_labels(rest));
        }
    }
    Err(rest.malformed(Layer::Link, Reason::TooManyHeaders, 0, 0))
}

fn below_labels(span: Span<'_>) -> Option<(EtherType, Span<'_>)> {
    match span.bytes.first()? >> 4 {
        4 => Some((EtherType::IPV4, span)),
        6 => Some((EtherType::IPV6, span)),
        0 if is_ethernet(span.skip(ENTRY_LEN)) => Some((EtherType::BRIDGED, span.skip(ENTRY_LEN))),
        _ if is_ethernet(span) => Some((EtherType::BRIDGED, span)),
        _ => None,
    }
}

fn is_ethernet(span: Span<'_>) -> bool {
    span.bytes.first_chunk::<{ ethernet::LEN }>().is_some_and(|header| {
        let ether_type = EtherType(u16::from_be_bytes(field::<TYPE, 2, _>(header)));
        ether_type.name().is_some() || ether_type.is_length()
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Labels 16 and 17, the second at the bottom of the stack, time to live 64.
    const LABELS: [u8; 8] = [0, 1, 0, 64, 0, 1, 0x11, 64];
    const FRAME: [u8; 15] = [2, 0, 0, 0, 0, 2, 2, 0, 0, 0, 0, 1, 8, 0, 0x45];

    fn read(below: &[u8]) -> Option<(EtherType, Vec<u8>)> {
        let bytes = [&LABELS, below].concat();
        let carried = carried(Span::of_bytes(&bytes)).unwrap();
        carried.map(|(ether_type, rest)| (ether_type, rest.bytes.to_vec()))
    }

    #[test]
    fn first_half_byte_tells_the_version_of_ip() {
        assert_eq!(read(&[0x45, 1]), Some((EtherType::IPV4, vec![0x45, 1])));
        assert_eq!(read(&[0x60, 1]), Some((EtherType::IPV6, vec![0x60, 1])));
    }

    #[test]
    fn a_pseudowire_has_a_control_word_or_none() {
        let controlled = [&[0, 0, 0, 9][..], &FRAME].concat();
        assert_eq!(read(&controlled), Some((EtherType::BRIDGED, FRAME.to_vec())));
        assert_eq!(read(&FRAME), Some((EtherType::BRIDGED, FRAME.to_vec())));
    }

    #[test]
    fn what_is_neither_is_left_alone() {
        assert_eq!(read(&[0xff; 40]), None);
        assert_eq!(read(&[]), None);
    }

    #[test]
    fn an_endless_stack_is_too_many_headers() {
        let malformed = carried(Span::of_bytes(&[0; 200])).unwrap_err();
        assert_eq!(malformed.reason, Reason::TooManyHeaders);
    }
}
