//! Wireless frames (IEEE 802.11), bare or behind a radiotap header.

use super::{EtherType, Link, MacAddr, ethernet};
use crate::span::{Span, byte, field};
use crate::{Layer, Malformed, Reason};

mod radiotap {
    pub(super) const LEN: usize = 8;
    pub(super) const LENGTH: usize = 2;
    pub(super) const PRESENT: usize = 4;
    /// A bit of a word of presence: another word follows.
    pub(super) const MORE_WORDS: u32 = 1 << 31;
    /// Radios with several antennas write one word for each; sixteen are more than any has.
    pub(super) const MAX_WORDS: usize = 16;
    pub(super) const HAS_TIMER: u32 = 1 << 0;
    pub(super) const HAS_FLAGS: u32 = 1 << 1;
    /// A flag: the header is padded to a multiple of four bytes.
    pub(super) const PADDED: u8 = 0x20;
}

/// The shortest header, that of an acknowledgement: control, duration, one address.
const SHORTEST: usize = 10;
const LEN: usize = 24;
const CONTROL: usize = 0;
const FLAGS: usize = 1;
const FIRST: usize = 4;
const SECOND: usize = 10;
const THIRD: usize = 16;
const SEQUENCE: usize = 22;
const FRAGMENT_NUMBER: u8 = 0x0f;

/// Bits of the first control byte, without the version.
const TYPE: u8 = 0x0c;
const DATA: u8 = 0x08;
const NO_DATA: u8 = 0x40;
const QUALITY_OF_SERVICE: u8 = 0x80;

/// Bits of the second.
const TO_SYSTEM: u8 = 0x01;
const FROM_SYSTEM: u8 = 0x02;
const MORE_FRAGMENTS: u8 = 0x04;
const PROTECTED: u8 = 0x40;
const ORDERED: u8 = 0x80;

const ADDRESS_LEN: usize = 6;
const QUALITY_LEN: usize = 2;
const HIGH_THROUGHPUT_LEN: usize = 4;
/// A bit of the quality-of-service control: several frames in one.
const AGGREGATED: u8 = 0x80;

/// Reads what a radio heard: its radiotap header, then the frame.
pub(super) fn parse_radiotap(span: Span<'_>) -> Result<(Link, EtherType, Span<'_>), Malformed> {
    let header = span.header::<{ radiotap::LEN }>(Layer::Link)?;
    let len = usize::from(u16::from_le_bytes(field::<{ radiotap::LENGTH }, 2, _>(header)));
    if byte::<0, _>(header) != 0 {
        return Err(span.malformed(Layer::Link, Reason::BadVersion, 0, byte::<0, _>(header).into()));
    }
    if len < radiotap::LEN {
        return Err(span.malformed(Layer::Link, Reason::BadLength, 8, crate::span::saturate(len)));
    }
    span.require(Layer::Link, len)?;
    let padded = span.bytes.get(..len).and_then(flags).is_some_and(|flags| flags & radiotap::PADDED != 0);
    parse_frame(span.skip(len), padded)
}

/// Finds the flags of a radiotap header, which come behind the words of presence and the timer, if there is one.
fn flags(header: &[u8]) -> Option<u8> {
    let mut words = header.get(radiotap::PRESENT..)?.chunks_exact(4);
    let mut next = || Some(u32::from_le_bytes(*words.next()?.first_chunk()?));
    let present = next()?;
    let mut at = radiotap::LEN;
    let mut word = present;
    for _ in 0..radiotap::MAX_WORDS {
        if word & radiotap::MORE_WORDS == 0 {
            break;
        }
        word = next()?;
        at = at.saturating_add(4);
    }
    if present & radiotap::HAS_TIMER != 0 {
        at = at.next_multiple_of(8).saturating_add(8);
    }
    (present & radiotap::HAS_FLAGS != 0).then(|| header.get(at).copied())?
}

/// Reads a frame. What it carries is known for data that is in the clear and in one piece; else it is no type.
pub(super) fn parse(span: Span<'_>) -> Result<(Link, EtherType, Span<'_>), Malformed> {
    parse_frame(span, false)
}

fn parse_frame(span: Span<'_>, padded: bool) -> Result<(Link, EtherType, Span<'_>), Malformed> {
    let short = span.header::<SHORTEST>(Layer::Link)?;
    if byte::<CONTROL, _>(short) & TYPE != DATA {
        let destination = MacAddr(field::<FIRST, 6, _>(short));
        let link = Link { destination: Some(destination), cast: destination.cast(), ..Link::default() };
        return Ok((link, EtherType::NONE, span));
    }
    let (header, rest) = span.split::<LEN>(Layer::Link)?;
    let (control, flags) = (byte::<CONTROL, _>(header), byte::<FLAGS, _>(header));
    let (link, mut rest) = addresses(header, flags, rest)?;
    let mut optional = 0_usize;
    let mut aggregated = false;
    if control & QUALITY_OF_SERVICE != 0 {
        let (quality, behind) = rest.split::<QUALITY_LEN>(Layer::Link)?;
        aggregated = byte::<0, _>(quality) & AGGREGATED != 0;
        rest = behind;
        optional = QUALITY_LEN;
        if flags & ORDERED != 0 {
            rest = rest.skip(HIGH_THROUGHPUT_LEN);
        }
    }
    if padded {
        // Three addresses are whole words, the fourth is not.
        let fourth =
            if flags & (TO_SYSTEM | FROM_SYSTEM) == TO_SYSTEM | FROM_SYSTEM { ADDRESS_LEN } else { 0 };
        let len = fourth.saturating_add(optional);
        rest = rest.skip(len.next_multiple_of(4).saturating_sub(len));
    }
    let in_pieces = flags & MORE_FRAGMENTS != 0 || byte::<SEQUENCE, _>(header) & FRAGMENT_NUMBER != 0;
    if control & NO_DATA != 0 || flags & PROTECTED != 0 || aggregated || in_pieces {
        return Ok((link, EtherType::NONE, rest));
    }
    let (ether_type, rest) = ethernet::read_llc(rest);
    Ok((Link { ether_type, ..link }, ether_type, rest))
}

/// Which address is whose depends on which way the frame crosses the distribution system (802.11 section 9.3.2.1).
fn addresses<'a>(header: &[u8; LEN], flags: u8, rest: Span<'a>) -> Result<(Link, Span<'a>), Malformed> {
    let first = field::<FIRST, 6, _>(header);
    let second = field::<SECOND, 6, _>(header);
    let third = field::<THIRD, 6, _>(header);
    let (source, destination, rest) = match (flags & TO_SYSTEM != 0, flags & FROM_SYSTEM != 0) {
        (false, false) => (second, first, rest),
        (true, false) => (second, third, rest),
        (false, true) => (third, first, rest),
        (true, true) => {
            let (fourth, rest) = rest.split::<ADDRESS_LEN>(Layer::Link)?;
            (*fourth, third, rest)
        }
    };
    let destination = MacAddr(destination);
    let link = Link {
        source: Some(MacAddr(source)),
        destination: Some(destination),
        cast: destination.cast(),
        ..Link::default()
    };
    Ok((link, rest))
}

#[cfg(test)]
mod tests {
    use super::*;

    const SNAP_IPV4: [u8; 8] = [0xaa, 0xaa, 3, 0, 0, 0, 8, 0];
    const A: [u8; 6] = [2, 0, 0, 0, 0, 0xa];
    const B: [u8; 6] = [2, 0, 0, 0, 0, 0xb];
    const C: [u8; 6] = [2, 0, 0, 0, 0, 0xc];

    /// A header with the given control bytes and three addresses.
    fn header(control: u8, flags: u8) -> Vec<u8> {
        [&[control, flags, 0, 0][..], &A, &B, &C, &[0x10, 0]].concat()
    }

    fn read(bytes: &[u8]) -> (Option<MacAddr>, Option<MacAddr>, EtherType, Vec<u8>) {
        let (link, carried, rest) = parse(Span::of_bytes(bytes)).unwrap();
        (link.source, link.destination, carried, rest.bytes.to_vec())
    }

    #[test]
    fn each_way_across_the_system_has_its_own_order_of_addresses() {
        let expected = |source, destination| {
            (Some(MacAddr(source)), Some(MacAddr(destination)), EtherType::IPV4, vec![0x45])
        };
        let frame = |flags| [&header(DATA, flags)[..], &SNAP_IPV4, &[0x45]].concat();
        assert_eq!(read(&frame(0)), expected(B, A));
        assert_eq!(read(&frame(TO_SYSTEM)), expected(B, C));
        assert_eq!(read(&frame(FROM_SYSTEM)), expected(C, A));
        let bridged = [&header(DATA, TO_SYSTEM | FROM_SYSTEM)[..], &B, &SNAP_IPV4, &[0x45]].concat();
        assert_eq!(read(&bridged), expected(B, C));
    }

    #[test]
    fn quality_of_service_lengthens_the_header() {
        let bytes =
            [&header(DATA | QUALITY_OF_SERVICE, TO_SYSTEM)[..], &[0, 0], &SNAP_IPV4, &[0x45]].concat();
        assert_eq!(read(&bytes).2, EtherType::IPV4);
    }

    #[test]
    fn what_is_no_data_in_the_clear_carries_no_type() {
        let quality = [&header(DATA | QUALITY_OF_SERVICE, 0)[..], &[AGGREGATED, 0], &SNAP_IPV4].concat();
        let mut later = header(DATA, 0);
        later[SEQUENCE] |= 1;
        for bytes in [
            header(0x80, 0),
            header(DATA, PROTECTED),
            header(DATA | NO_DATA, 0),
            header(DATA, 4),
            later,
            quality,
        ] {
            assert_eq!(read(&bytes).2, EtherType::NONE);
        }
    }

    #[test]
    fn an_acknowledgement_has_one_address() {
        let bytes = [&[0xd4, 0, 0, 0][..], &A].concat();
        assert_eq!(read(&bytes), (None, Some(MacAddr(A)), EtherType::NONE, bytes.clone()));
    }

    #[test]
    fn radiotap_flags_tell_of_padding_behind_the_header() {
        // Timer and flags are present: 8 bytes of header, 8 of timer, one of flags.
        let mut bytes = vec![0, 0, 17, 0, 3, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, radiotap::PADDED];
        bytes.extend(header(DATA | QUALITY_OF_SERVICE, 0));
        // Twenty-six bytes of header, padded to twenty-eight.
        bytes.extend([0, 0, 0xee, 0xee]);
        bytes.extend(SNAP_IPV4);
        let (_, carried, _) = parse_radiotap(Span::of_bytes(&bytes)).unwrap();
        assert_eq!(carried, EtherType::IPV4);
    }

    #[test]
    fn a_radiotap_header_shorter_than_itself_is_bad() {
        let malformed = parse_radiotap(Span::of_bytes(&[0, 0, 7, 0, 0, 0, 0, 0])).unwrap_err();
        assert_eq!(malformed.reason, Reason::BadLength);
    }
}
