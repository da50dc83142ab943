//! Link layer: Ethernet, VLAN tags, Linux cooked captures, BSD loopback, raw IP, PPP, 802.11, netfilter logs; `PPPoE`
//! and MPLS.

mod bare;
mod cooked;
mod ethernet;
mod mpls;
mod nflog;
pub(crate) mod ppp;
mod wireless;

use std::fmt;

use crate::span::Span;
use crate::{LinkType, Malformed};

/// An Ethernet address.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct MacAddr(pub [u8; 6]);

impl MacAddr {
    /// The address of every station.
    pub const BROADCAST: Self = Self([0xff; 6]);

    /// Tells to how many stations this destination speaks, by the group bit (IEEE 802 section 8.2).
    #[inline]
    pub const fn cast(self) -> Cast {
        match self.0 {
            [0xff, 0xff, 0xff, 0xff, 0xff, 0xff] => Cast::Broadcast,
            [first, ..] if first & 1 == 1 => Cast::Multicast,
            _ => Cast::Unicast,
        }
    }
}

/// Six bytes in hexadecimal, `02:00:5e:10:00:ff`.
impl fmt::Display for MacAddr {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let [first, rest @ ..] = self.0;
        write!(f, "{first:02x}")?;
        rest.iter().try_for_each(|byte| write!(f, ":{byte:02x}"))
    }
}

/// An `EtherType` (IEEE 802 numbers), or 0 where the link has none.
///
/// Frames with a length in place of the type (802.3) get [`Self::LLC`], [`Self::STP`], or the type that their
/// SNAP header names; numbers up to 1500 are free for that, being lengths.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct EtherType(pub u16);

impl EtherType {
    /// The link names no type.
    pub const NONE: Self = Self(0);
    /// An 802.2 frame; the number is the one Linux gives it in cooked captures.
    pub const LLC: Self = Self(0x0004);
    /// A spanning tree frame; the number is its 802.2 service access point.
    pub const STP: Self = Self(0x0042);
    /// IPv4.
    pub const IPV4: Self = Self(0x0800);
    /// ARP.
    pub const ARP: Self = Self(0x0806);
    /// An Ethernet frame inside a tunnel (transparent bridging).
    pub const BRIDGED: Self = Self(0x6558);
    /// An 802.1Q tag.
    pub const VLAN: Self = Self(0x8100);
    /// IPv6.
    pub const IPV6: Self = Self(0x86dd);
    /// PPP.
    pub const PPP: Self = Self(0x880b);
    /// MPLS, one next hop.
    pub const MPLS: Self = Self(0x8847);
    /// MPLS, multicast or upstream-assigned label.
    pub const MPLS_MULTICAST: Self = Self(0x8848);
    /// `PPPoE`, discovery stage.
    pub const PPPOE_DISCOVERY: Self = Self(0x8863);
    /// `PPPoE`, session stage.
    pub const PPPOE_SESSION: Self = Self(0x8864);
    /// EAP over LAN (802.1X).
    pub const EAPOL: Self = Self(0x888e);
    /// An 802.1ad service tag.
    pub const SERVICE_VLAN: Self = Self(0x88a8);
    /// LLDP.
    pub const LLDP: Self = Self(0x88cc);
    /// A service tag as sent before 802.1ad settled on another number.
    pub const OLD_SERVICE_VLAN: Self = Self(0x9100);

    /// The largest number that is a length rather than a type (802.3 section 3.2.6).
    const MAX_LENGTH: u16 = 1500;

    /// Tells whether a VLAN tag follows.
    #[inline]
    pub(crate) const fn is_tag(self) -> bool {
        matches!(self, Self::VLAN | Self::SERVICE_VLAN | Self::OLD_SERVICE_VLAN)
    }

    /// Tells whether it is a length, and 802.2 follows.
    #[inline]
    pub(crate) const fn is_length(self) -> bool {
        self.0 <= Self::MAX_LENGTH
    }

    /// Returns the name of what it stands for, or none for a number that is not named here.
    pub const fn name(self) -> Option<&'static str> {
        Some(match self {
            Self::LLC => "LLC",
            Self::STP => "STP",
            Self::IPV4 => "IPv4",
            Self::ARP => "ARP",
            Self::BRIDGED => "Ethernet",
            Self::VLAN => "802.1Q",
            Self::IPV6 => "IPv6",
            Self::PPP => "PPP",
            Self::MPLS | Self::MPLS_MULTICAST => "MPLS",
            Self::PPPOE_DISCOVERY | Self::PPPOE_SESSION => "PPPoE",
            Self::EAPOL => "EAPOL",
            Self::SERVICE_VLAN | Self::OLD_SERVICE_VLAN => "802.1ad",
            Self::LLDP => "LLDP",
            _ => return None,
        })
    }
}

/// The name, or the number as `0x88b5`.
impl fmt::Display for EtherType {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.name() {
            Some(name) => f.write_str(name),
            None => write!(f, "{:#06x}", self.0),
        }
    }
}

/// To how many the link layer addressed the packet.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Cast {
    /// The link does not say.
    #[default]
    Unknown,
    /// To one.
    Unicast,
    /// To a group.
    Multicast,
    /// To all.
    Broadcast,
}

/// Which way the capturing host says the packet went (SLL packet type).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Travel {
    /// The link does not say.
    #[default]
    Unknown,
    /// To the capturing host (also broadcast and multicast that it received).
    ToUs,
    /// From the capturing host.
    FromUs,
    /// Between others.
    Others,
}

/// VLAN identifiers, outermost first.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Vlans {
    count: u8,
    ids: [u16; Self::MAX],
}

impl Vlans {
    /// How many identifiers are kept: a service tag and a customer tag (802.1ad). Deeper tags are passed over.
    pub const MAX: usize = 2;

    /// Returns the identifiers, outermost first, each 0 to 4095; 0 marks a priority tag.
    pub fn ids(&self) -> &[u16] {
        self.ids.get(..usize::from(self.count)).unwrap_or(&self.ids)
    }

    fn push(&mut self, id: u16) {
        if let Some(free) = self.ids.get_mut(usize::from(self.count)) {
            *free = id;
            self.count = self.count.saturating_add(1);
        }
    }
}

/// The link layer of a frame.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Link {
    /// The sender's address, where the link has one of 6 bytes.
    pub source: Option<MacAddr>,
    /// The receiver's address, where the link has one of 6 bytes.
    pub destination: Option<MacAddr>,
    /// To how many it was addressed.
    pub cast: Cast,
    /// Which way it went, where the link says so.
    pub travel: Travel,
    /// VLAN tags.
    pub vlans: Vlans,
    /// What the link carries.
    pub ether_type: EtherType,
}

impl Link {
    /// The length of an Ethernet header.
    pub(crate) const ETHERNET_LEN: usize = ethernet::LEN;

    /// Reads an Ethernet header; [`Self::walk`] goes on if its type is a tag or a length.
    #[inline]
    pub(crate) fn read_ethernet(header: &[u8; Self::ETHERNET_LEN]) -> Self {
        ethernet::read(header)
    }

    /// Reads the header of another link: it, which protocol follows, and that.
    pub(crate) fn parse_other(
        span: Span<'_>,
        link_type: LinkType,
    ) -> Result<(Self, EtherType, Span<'_>), Malformed> {
        match link_type {
            LinkType::LINUX_SLL => cooked::parse_v1(span),
            LinkType::LINUX_SLL2 => cooked::parse_v2(span),
            LinkType::IEEE802_11 => wireless::parse(span),
            LinkType::IEEE802_11_RADIOTAP => wireless::parse_radiotap(span),
            _ => bare::parse(span, link_type).map(|(carried, rest)| (Self::default(), carried, rest)),
        }
    }

    /// Walks tags and 802.2 until `ether_type` is that of a protocol: what that protocol wrote.
    pub(crate) fn walk<'a>(&mut self, span: Span<'a>) -> Result<Span<'a>, Malformed> {
        ethernet::walk(self, span)
    }

    /// Opens what wraps a packet without being a network layer (`PPPoE`, MPLS, bridged Ethernet, tags inside of those):
    /// which protocol lies below, and where; none where `wrapper` is no such thing, or nothing known is inside.
    pub(crate) fn unwrap(
        wrapper: EtherType,
        span: Span<'_>,
    ) -> Result<Option<(EtherType, Span<'_>)>, Malformed> {
        match wrapper {
            EtherType::PPPOE_SESSION => ppp::in_session(span),
            EtherType::MPLS | EtherType::MPLS_MULTICAST => mpls::carried(span),
            _ => Ok(None),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn mac_address_shows_as_hexadecimal() {
        assert_eq!(MacAddr([2, 0, 0x5e, 0x10, 0, 0xff]).to_string(), "02:00:5e:10:00:ff");
    }

    #[test]
    fn group_bit_decides_the_cast() {
        assert_eq!(MacAddr::BROADCAST.cast(), Cast::Broadcast);
        assert_eq!(MacAddr([0x33, 0x33, 0, 0, 0, 1]).cast(), Cast::Multicast);
        assert_eq!(MacAddr([0x02, 0, 0, 0, 0, 1]).cast(), Cast::Unicast);
    }

    #[test]
    fn third_vlan_identifier_is_passed_over() {
        let mut vlans = Vlans::default();
        for id in [10, 20, 30] {
            vlans.push(id);
        }
        assert_eq!(vlans.ids(), [10, 20]);
    }

    #[test]
    fn ether_type_without_a_name_shows_its_number() {
        assert_eq!(EtherType(0x88b5).to_string(), "0x88b5");
        assert_eq!(EtherType::LLDP.to_string(), "LLDP");
    }
}
