//! Links without addresses: BSD loopback, raw IP, PPP, netfilter logs.

use super::{EtherType, nflog, ppp};
use crate::span::Span;
use crate::{Layer, LinkType, Malformed, Reason};

const FAMILY_LEN: usize = 4;

/// Tells which protocol follows, and where.
pub(super) fn parse(span: Span<'_>, link_type: LinkType) -> Result<(EtherType, Span<'_>), Malformed> {
    match link_type {
        LinkType::RAW | LinkType::RAW_BSD | LinkType::RAW_OPENBSD => Ok((by_version(span)?, span)),
        LinkType::IPV4 => Ok((EtherType::IPV4, span)),
        LinkType::IPV6 => Ok((EtherType::IPV6, span)),
        LinkType::PPP | LinkType::PPP_HDLC | LinkType::CISCO_HDLC => ppp::parse(span),
        LinkType::NFLOG => nflog::parse(span),
        LinkType::LOOP => {
            let (family, rest) = span.split::<FAMILY_LEN>(Layer::Link)?;
            Ok((by_family(u32::from_be_bytes(*family), span)?, rest))
        }
        LinkType::NULL => {
            let (family, rest) = span.split::<FAMILY_LEN>(Layer::Link)?;
            // The capturing host wrote it in its own byte order; every family fits the low half of its word.
            let little = u32::from_le_bytes(*family);
            let family = if u16::try_from(little).is_ok() { little } else { little.swap_bytes() };
            Ok((by_family(family, span)?, rest))
        }
        _ => Err(span.malformed(Layer::Link, Reason::NotSupported, 0, 0)),
    }
}

pub(super) fn by_version(span: Span<'_>) -> Result<EtherType, Malformed> {
    let [first] = span.header::<1>(Layer::Link)?;
    match first >> 4 {
        4 => Ok(EtherType::IPV4),
        6 => Ok(EtherType::IPV6),
        _ => Err(span.malformed(Layer::Link, Reason::BadVersion, 0, 0)),
    }
}

/// Maps an address family: `AF_INET` is 2 everywhere, `AF_INET6` differs between systems.
fn by_family(family: u32, span: Span<'_>) -> Result<EtherType, Malformed> {
    match family {
        2 => Ok(EtherType::IPV4),
        // Linux 10, NetBSD and OpenBSD 24, FreeBSD 28, macOS 30.
        10 | 24 | 28 | 30 => Ok(EtherType::IPV6),
        _ => Err(span.malformed(Layer::Link, Reason::NotSupported, 0, 0)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn carried(link_type: LinkType, bytes: &[u8]) -> Result<EtherType, Reason> {
        parse(Span::of_bytes(bytes), link_type).map(|(carried, _)| carried).map_err(|it| it.reason)
    }

    #[test]
    fn family_is_read_in_either_byte_order() {
        assert_eq!(carried(LinkType::NULL, &[2, 0, 0, 0]), Ok(EtherType::IPV4));
        assert_eq!(carried(LinkType::NULL, &[0, 0, 0, 2]), Ok(EtherType::IPV4));
        for family in [10, 24, 28, 30] {
            assert_eq!(carried(LinkType::NULL, &[family, 0, 0, 0]), Ok(EtherType::IPV6));
            assert_eq!(carried(LinkType::NULL, &[0, 0, 0, family]), Ok(EtherType::IPV6));
        }
    }

    #[test]
    fn loop_is_network_byte_order_only() {
        assert_eq!(carried(LinkType::LOOP, &[0, 0, 0, 24]), Ok(EtherType::IPV6));
        assert_eq!(carried(LinkType::LOOP, &[24, 0, 0, 0]), Err(Reason::NotSupported));
    }

    #[test]
    fn raw_follows_the_version_nibble() {
        for link_type in [LinkType::RAW, LinkType::RAW_BSD, LinkType::RAW_OPENBSD] {
            assert_eq!(carried(link_type, &[0x45]), Ok(EtherType::IPV4));
            assert_eq!(carried(link_type, &[0x60]), Ok(EtherType::IPV6));
            assert_eq!(carried(link_type, &[0x50]), Err(Reason::BadVersion));
            assert_eq!(carried(link_type, &[]), Err(Reason::TooShort));
        }
    }

    #[test]
    fn other_link_types_are_not_supported() {
        assert_eq!(carried(LinkType(999), &[0; 64]), Err(Reason::NotSupported));
    }
}
