//! Ethernet, 802.1Q and 802.1ad tags, 802.2 behind a length field.

use super::{EtherType, Link, MacAddr, Travel, Vlans};
use crate::span::{Span, be16, field};
use crate::{Layer, Malformed, Reason};

pub(super) const LEN: usize = 14;
const DESTINATION: usize = 0;
const SOURCE: usize = 6;
const TYPE: usize = 12;

const TAG_LEN: usize = 4;
const TAG_CONTROL: usize = 0;
const TAG_TYPE: usize = 2;
const VLAN_ID: u16 = 0x0fff;

/// Two tags are the rule and four the deepest stacking in use; beyond eight the bytes are noise.
const MAX_TAGS: usize = 8;

const LLC_LEN: usize = 3;
const SNAP_LEN: usize = 8;

/// Reads a header; [`walk`] goes on where its type is a tag or a length.
#[inline]
pub(super) fn read(header: &[u8; LEN]) -> Link {
    let destination = MacAddr(field::<DESTINATION, 6, _>(header));
    Link {
        source: Some(MacAddr(field::<SOURCE, 6, _>(header))),
        destination: Some(destination),
        cast: destination.cast(),
        travel: Travel::Unknown,
        vlans: Vlans::default(),
        ether_type: EtherType(be16::<TYPE, _>(header)),
    }
}

/// Walks tags and 802.2 until the link's type is that of a protocol: what that protocol wrote.
pub(super) fn walk<'a>(link: &mut Link, span: Span<'a>) -> Result<Span<'a>, Malformed> {
    let mut rest = span;
    for _ in 0..=MAX_TAGS {
        if link.ether_type.is_length() {
            (link.ether_type, rest) = read_llc(rest.limit(u32::from(link.ether_type.0)));
            return Ok(rest);
        }
        if !link.ether_type.is_tag() {
            return Ok(rest);
        }
        let (tag, behind) = rest.split::<TAG_LEN>(Layer::Vlan)?;
        link.vlans.push(be16::<TAG_CONTROL, _>(tag) & VLAN_ID);
        link.ether_type = EtherType(be16::<TAG_TYPE, _>(tag));
        rest = behind;
    }
    Err(rest.malformed(Layer::Vlan, Reason::TooManyHeaders, 0, 0))
}

/// Reads 802.2, which is never malformed: what is not recognised is [`EtherType::LLC`].
pub(super) fn read_llc(span: Span<'_>) -> (EtherType, Span<'_>) {
    match span.bytes {
        // SNAP under organisation 0 carries an EtherType (RFC 1042), as it does under that of bridge tunnels (802.1H).
        [0xaa, 0xaa, 0x03, 0, 0, 0 | 0xf8, high, low, ..] => {
            (EtherType(u16::from_be_bytes([*high, *low])), span.skip(SNAP_LEN))
        }
        // IP has a service access point of its own (RFC 1010).
        [0x06, 0x06, 0x03, ..] => (EtherType::IPV4, span.skip(LLC_LEN)),
        // Per-VLAN spanning tree.
        [0x42, 0x42, ..] | [0xaa, 0xaa, 0x03, 0, 0, 0x0c, 0x01, 0x0b, ..] => (EtherType::STP, span),
        _ => (EtherType::LLC, span),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Cast;

    /// Both addresses, then what the test puts behind them.
    fn ethernet(behind: &[u8]) -> Vec<u8> {
        [&[0x01, 0, 0x5e, 0, 0, 1, 2, 0, 0, 0, 0, 9], behind].concat()
    }

    fn read_frame(behind: &[u8]) -> (Link, Vec<u8>) {
        let bytes = ethernet(behind);
        let (header, rest) = Span::of_bytes(&bytes).split(Layer::Link).unwrap();
        let mut link = read(header);
        let rest = walk(&mut link, rest).unwrap();
        (link, rest.bytes.to_vec())
    }

    #[test]
    fn plain_frame_gives_addresses_cast_and_type() {
        let (link, rest) = read_frame(&[0x08, 0x00, 7]);
        assert_eq!(link.source, Some(MacAddr([2, 0, 0, 0, 0, 9])));
        assert_eq!(link.destination, Some(MacAddr([1, 0, 0x5e, 0, 0, 1])));
        assert_eq!(link.cast, Cast::Multicast);
        assert_eq!(link.ether_type, EtherType::IPV4);
        assert_eq!(rest, [7]);
    }

    #[test]
    fn service_and_customer_tag_give_both_identifiers() {
        // 0x88a8 tag: priority 5, id 100; 0x8100 tag: id 0xfff; then IPv6.
        let (link, rest) = read_frame(&[0x88, 0xa8, 0xa0, 100, 0x81, 0x00, 0x0f, 0xff, 0x86, 0xdd, 0x60]);
        assert_eq!(link.vlans.ids(), [100, 4095]);
        assert_eq!(link.ether_type, EtherType::IPV6);
        assert_eq!(rest, [0x60]);
    }

    #[test]
    fn endless_tags_are_too_many_headers() {
        let bytes = ethernet(&[0x81, 0x00, 0x00, 0x01].repeat(40));
        let (header, rest) = Span::of_bytes(&bytes).split(Layer::Link).unwrap();
        let mut link = read(header);
        let malformed = walk(&mut link, rest).unwrap_err();
        assert_eq!((malformed.layer, malformed.reason), (Layer::Vlan, Reason::TooManyHeaders));
    }

    #[test]
    fn length_field_with_snap_gives_the_type_inside_without_padding() {
        // Length 9: 8 bytes of LLC and SNAP, one byte of ARP, one byte of padding.
        let (link, rest) = read_frame(&[0, 9, 0xaa, 0xaa, 3, 0, 0, 0, 0x08, 0x06, 1, 0xee]);
        assert_eq!(link.ether_type, EtherType::ARP);
        assert_eq!(rest, [1]);
    }

    #[test]
    fn spanning_tree_and_unknown_service_access_points_are_told_apart() {
        assert_eq!(read_frame(&[0, 3, 0x42, 0x42, 3]).0.ether_type, EtherType::STP);
        assert_eq!(read_frame(&[0, 3, 0xe0, 0xe0, 3]).0.ether_type, EtherType::LLC);
        assert_eq!(read_frame(&[0, 4, 6, 6, 3, 0x45]).0.ether_type, EtherType::IPV4);
        assert_eq!(read_frame(&[0, 0]).0.ether_type, EtherType::LLC);
    }

    #[test]
    fn snap_behind_a_tag_is_read() {
        let (link, _) = read_frame(&[0x81, 0, 0, 5, 0, 8, 0xaa, 0xaa, 3, 0, 0, 0, 0x08, 0x00]);
        assert_eq!(link.ether_type, EtherType::IPV4);
        assert_eq!(link.vlans.ids(), [5]);
    }
}
