//! Network layer: IPv4, IPv6, ARP.

mod arp;
mod ipv4;
mod ipv6;

use std::fmt;
use std::net::{Ipv4Addr, Ipv6Addr};

use crate::EtherType;

/// An IP protocol number (IANA).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct IpProtocol(pub u8);

impl IpProtocol {
    /// IPv6 hop-by-hop options (RFC 8200 section 4.3).
    pub const HOP_BY_HOP: Self = Self(0);
    /// ICMP.
    pub const ICMP: Self = Self(1);
    /// IGMP.
    pub const IGMP: Self = Self(2);
    /// IPv4 inside IP.
    pub const IPV4: Self = Self(4);
    /// TCP.
    pub const TCP: Self = Self(6);
    /// UDP.
    pub const UDP: Self = Self(17);
    /// DCCP.
    pub const DCCP: Self = Self(33);
    /// IPv6 inside IP.
    pub const IPV6: Self = Self(41);
    /// IPv6 routing header (RFC 8200 section 4.4).
    pub const ROUTING: Self = Self(43);
    /// IPv6 fragment header (RFC 8200 section 4.5).
    pub const FRAGMENT: Self = Self(44);
    /// RSVP.
    pub const RSVP: Self = Self(46);
    /// GRE.
    pub const GRE: Self = Self(47);
    /// IPsec encapsulating security payload.
    pub const ESP: Self = Self(50);
    /// IPsec authentication header (RFC 4302).
    pub const AH: Self = Self(51);
    /// ICMPv6.
    pub const ICMPV6: Self = Self(58);
    /// No next header (RFC 8200 section 4.7).
    pub const NO_NEXT_HEADER: Self = Self(59);
    /// IPv6 destination options (RFC 8200 section 4.6).
    pub const DESTINATION_OPTIONS: Self = Self(60);
    /// EIGRP.
    pub const EIGRP: Self = Self(88);
    /// OSPF.
    pub const OSPF: Self = Self(89);
    /// PIM.
    pub const PIM: Self = Self(103);
    /// VRRP.
    pub const VRRP: Self = Self(112);
    /// L2TP version 3.
    pub const L2TP: Self = Self(115);
    /// SCTP.
    pub const SCTP: Self = Self(132);
    /// IPv6 mobility header (RFC 6275).
    pub const MOBILITY: Self = Self(135);
    /// MPLS inside IP (RFC 4023).
    pub const MPLS: Self = Self(137);
    /// UDP-Lite (RFC 3828).
    pub const UDP_LITE: Self = Self(136);
    /// Host Identity Protocol (RFC 7401).
    pub const HIP: Self = Self(139);
    /// Shim6 (RFC 5533).
    pub const SHIM6: Self = Self(140);

    /// Returns the name, or none for a number that is not named here.
    pub const fn name(self) -> Option<&'static str> {
        Some(match self {
            Self::HOP_BY_HOP => "hop-by-hop options",
            Self::ICMP => "ICMP",
            Self::IGMP => "IGMP",
            Self::IPV4 => "IPv4-in-IP",
            Self::TCP => "TCP",
            Self::UDP => "UDP",
            Self::DCCP => "DCCP",
            Self::IPV6 => "IPv6-in-IP",
            Self::ROUTING => "routing header",
            Self::FRAGMENT => "fragment header",
            Self::RSVP => "RSVP",
            Self::GRE => "GRE",
            Self::ESP => "ESP",
            Self::AH => "AH",
            Self::ICMPV6 => "ICMPv6",
            Self::NO_NEXT_HEADER => "no next header",
            Self::DESTINATION_OPTIONS => "destination options",
            Self::EIGRP => "EIGRP",
            Self::OSPF => "OSPF",
            Self::PIM => "PIM",
            Self::VRRP => "VRRP",
            Self::L2TP => "L2TP",
            Self::SCTP => "SCTP",
            Self::MOBILITY => "mobility header",
            Self::MPLS => "MPLS-in-IP",
            Self::UDP_LITE => "UDP-Lite",
            Self::HIP => "HIP",
            Self::SHIM6 => "Shim6",
            _ => return None,
        })
    }
}

/// The name, or `protocol 253`.
impl fmt::Display for IpProtocol {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.name() {
            Some(name) => f.write_str(name),
            None => write!(f, "protocol {}", self.0),
        }
    }
}

/// Where a fragment belongs (RFC 791 section 3.1, RFC 8200 section 4.5).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Fragment {
    /// Identification: 16 bits in IPv4, 32 in IPv6.
    pub id: u32,
    /// Where its data begin in the datagram, in bytes; 0 for the first.
    pub offset: u32,
    /// Whether more follow.
    pub more: bool,
}

impl Fragment {
    /// Tells whether its transport header travelled in another packet.
    pub const fn is_later(self) -> bool {
        self.offset > 0
    }
}

/// An IPv4 header (RFC 791).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Ipv4 {
    /// Source address.
    pub source: Ipv4Addr,
    /// Destination; the final one where a source route with hops left names it.
    pub destination: Ipv4Addr,
    /// What it carries, after an authentication header.
    pub protocol: IpProtocol,
    /// Time to live.
    pub ttl: u8,
    /// Fragment position, none for a whole datagram.
    pub fragment: Option<Fragment>,
    /// Bytes after the header (and an authentication header) on the wire.
    pub payload_len: u32,
    /// The total length was 0: the sender's hardware was to fill it in (offload).
    pub offloaded: bool,
}

/// An IPv6 header with its extension headers (RFC 8200).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Ipv6 {
    /// Source address.
    pub source: Ipv6Addr,
    /// Destination; the final one where a routing header with segments left names it.
    pub destination: Ipv6Addr,
    /// What it carries after the extension headers.
    pub protocol: IpProtocol,
    /// Hop limit.
    pub hop_limit: u8,
    /// Fragment position, none for a whole datagram.
    pub fragment: Option<Fragment>,
    /// Bytes after the header and its extension headers on the wire.
    pub payload_len: u32,
}

/// An ARP packet for IPv4 over Ethernet (RFC 826).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Arp {
    /// 1 request, 2 reply.
    pub operation: u16,
    /// Sender's protocol address.
    pub sender: Ipv4Addr,
    /// Target's protocol address.
    pub target: Ipv4Addr,
}

/// The outermost network layer of a frame.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Network {
    /// None was reached.
    #[default]
    None,
    /// IPv4.
    Ipv4(Ipv4),
    /// IPv6.
    Ipv6(Ipv6),
    /// ARP.
    Arp(Arp),
    /// Something else, by its `EtherType`.
    Other(EtherType),
}

const AH_LEN: usize = 8;

/// Computes the length in bytes of an authentication header, whose field counts words beyond the second
/// (RFC 4302 section 2.2).
fn authentication_len(length_field: u8) -> usize {
    usize::from(length_field).saturating_add(2) << 2
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn protocol_number_without_a_name_shows_as_a_number() {
        assert_eq!(IpProtocol(253).to_string(), "protocol 253");
        assert_eq!(IpProtocol::ESP.to_string(), "ESP");
    }
}
