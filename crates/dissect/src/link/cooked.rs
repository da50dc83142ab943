//! Linux cooked captures, versions 1 and 2 (`LINKTYPE_LINUX_SLL`, `LINKTYPE_LINUX_SLL2`).

use super::{Cast, EtherType, Link, MacAddr, Travel, Vlans, ethernet};
use crate::span::{Span, be16, byte, field};
use crate::{Layer, Malformed};

mod v1 {
    pub(super) const LEN: usize = 16;
    pub(super) const PACKET_TYPE: usize = 0;
    pub(super) const ADDRESS_LEN: usize = 4;
    pub(super) const ADDRESS: usize = 6;
    pub(super) const PROTOCOL: usize = 14;
}

mod v2 {
    pub(super) const LEN: usize = 20;
    pub(super) const PROTOCOL: usize = 0;
    pub(super) const PACKET_TYPE: usize = 10;
    pub(super) const ADDRESS_LEN: usize = 11;
    pub(super) const ADDRESS: usize = 12;
}

/// The length of an address that is an Ethernet address.
const MAC_LEN: u16 = 6;

pub(super) fn parse_v1(span: Span<'_>) -> Result<(Link, EtherType, Span<'_>), Malformed> {
    let (header, rest) = span.split::<{ v1::LEN }>(Layer::Link)?;
    let address = field::<{ v1::ADDRESS }, 6, _>(header);
    let source = (be16::<{ v1::ADDRESS_LEN }, _>(header) == MAC_LEN).then_some(MacAddr(address));
    let protocol = EtherType(be16::<{ v1::PROTOCOL }, _>(header));
    Ok(cooked(source, be16::<{ v1::PACKET_TYPE }, _>(header), protocol, rest))
}

pub(super) fn parse_v2(span: Span<'_>) -> Result<(Link, EtherType, Span<'_>), Malformed> {
    let (header, rest) = span.split::<{ v2::LEN }>(Layer::Link)?;
    let address = field::<{ v2::ADDRESS }, 6, _>(header);
    let source = (u16::from(byte::<{ v2::ADDRESS_LEN }, _>(header)) == MAC_LEN).then_some(MacAddr(address));
    let protocol = EtherType(be16::<{ v2::PROTOCOL }, _>(header));
    Ok(cooked(source, u16::from(byte::<{ v2::PACKET_TYPE }, _>(header)), protocol, rest))
}

fn cooked(
    source: Option<MacAddr>,
    packet_type: u16,
    protocol: EtherType,
    rest: Span<'_>,
) -> (Link, EtherType, Span<'_>) {
    let (cast, travel) = match packet_type {
        0 => (Cast::Unicast, Travel::ToUs),
        1 => (Cast::Broadcast, Travel::ToUs),
        2 => (Cast::Multicast, Travel::ToUs),
        3 => (Cast::Unicast, Travel::Others),
        // Of what the host sends the header does not say to how many.
        4 => (Cast::Unknown, Travel::FromUs),
        _ => (Cast::Unknown, Travel::Unknown),
    };
    let (ether_type, rest) =
        if protocol == EtherType::LLC { ethernet::read_llc(rest) } else { (protocol, rest) };
    let link = Link { source, destination: None, cast, travel, vlans: Vlans::default(), ether_type };
    (link, ether_type, rest)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn version_1_gives_sender_and_travel() {
        let bytes = [
            0, 4, // from us
            0, 1, // Ethernet hardware
            0, 6, 2, 0, 0, 0, 0, 7, 0, 0, // address of 6 bytes, padded to 8
            0x08, 0x00, 0x45,
        ];
        let (link, carried, rest) = parse_v1(Span::of_bytes(&bytes)).unwrap();
        assert_eq!(link.source, Some(MacAddr([2, 0, 0, 0, 0, 7])));
        assert_eq!((link.cast, link.travel), (Cast::Unknown, Travel::FromUs));
        assert_eq!(carried, EtherType::IPV4);
        assert_eq!(rest.bytes, [0x45]);
    }

    #[test]
    fn version_2_without_an_address_gives_none() {
        let bytes = [
            0x86, 0xdd, 0, 0, // IPv6, reserved
            0, 0, 0, 3, // interface index
            0xff, 0xfe, // no hardware
            2,    // multicast to us
            0, 0, 0, 0, 0, 0, 0, 0, 0, // no address
            0x60,
        ];
        let (link, carried, rest) = parse_v2(Span::of_bytes(&bytes)).unwrap();
        assert_eq!(link.source, None);
        assert_eq!((link.cast, link.travel), (Cast::Multicast, Travel::ToUs));
        assert_eq!(carried, EtherType::IPV6);
        assert_eq!(rest.bytes, [0x60]);
    }

    #[test]
    fn protocol_4_is_802_2() {
        let mut bytes = [0; 18];
        bytes[15] = 4;
        bytes[16..].copy_from_slice(&[0x42, 0x42]);
        let (link, carried, _) = parse_v1(Span::of_bytes(&bytes)).unwrap();
        assert_eq!((link.ether_type, carried), (EtherType::STP, EtherType::STP));
    }
}
