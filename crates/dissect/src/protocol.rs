//! Names of protocols, and the eight classes they fold into.

use netsonde_units::PerKey;

use crate::{EtherType, IpProtocol};

/// The highest protocol recognised in a packet (METRICS.md "Protocols").
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[repr(u8)]
pub enum Protocol {
    /// A frame whose network layer was not reached or is not known.
    #[default]
    Unknown,
    /// ARP.
    Arp,
    /// IPv4 with nothing recognised above.
    Ipv4,
    /// IPv6 with nothing recognised above.
    Ipv6,
    /// TCP with nothing recognised above.
    Tcp,
    /// UDP or UDP-Lite with nothing recognised above.
    Udp,
    /// ICMP.
    Icmp,
    /// ICMPv6.
    Icmpv6,
    /// IGMP.
    Igmp,
    /// SCTP.
    Sctp,
    /// DCCP.
    Dccp,
    /// GRE.
    Gre,
    /// IPsec encapsulating security payload.
    Esp,
    /// IPsec authentication header that could not be passed.
    Ah,
    /// OSPF.
    Ospf,
    /// EIGRP.
    Eigrp,
    /// PIM.
    Pim,
    /// VRRP.
    Vrrp,
    /// RSVP.
    Rsvp,
    /// L2TP: version 3 over IP, version 2 over UDP.
    L2tp,
    /// IPv4 inside IP.
    Ipv4InIp,
    /// IPv6 inside IP.
    Ipv6InIp,
    /// LLDP.
    Lldp,
    /// Spanning tree.
    Stp,
    /// EAP over LAN.
    Eapol,
    /// `PPPoE`, both stages.
    Pppoe,
    /// MPLS.
    Mpls,
    /// 802.2 with nothing recognised above.
    Llc,
    /// TLS.
    Tls,
    /// DTLS.
    Dtls,
    /// QUIC, and the HTTP/3 inside.
    Quic,
    /// DNS over UDP or TCP.
    Dns,
    /// Multicast DNS (RFC 6762).
    Mdns,
    /// Link-local multicast name resolution (RFC 4795).
    Llmnr,
    /// `NetBIOS` name and datagram services (RFC 1002).
    NetBios,
    /// HTTP/1, and HTTP/2 without TLS.
    Http,
    /// SSDP, the discovery of `UPnP`.
    Ssdp,
    /// SSH.
    Ssh,
    /// DHCP.
    Dhcp,
    /// `DHCPv6`.
    Dhcpv6,
    /// NTP.
    Ntp,
    /// STUN and TURN.
    Stun,
    /// SIP.
    Sip,
    /// RTSP.
    Rtsp,
    /// RTP.
    Rtp,
    /// RTCP.
    Rtcp,
    /// SRTP.
    Srtp,
    /// WireGuard.
    WireGuard,
    /// PPP that carries no IP.
    Ppp,
    /// VXLAN that carries no packet that is read.
    Vxlan,
    /// GENEVE, likewise.
    Geneve,
    /// GTP, likewise.
    Gtp,
    /// Teredo, likewise.
    Teredo,
}

impl Protocol {
    /// How many protocols there are; at most 64, so that a set of them fits a machine word.
    pub const COUNT: usize = Self::ALL.len();

    /// Every protocol, in the order of the enumeration.
    pub const ALL: [Self; 53] = [
        Self::Unknown,
        Self::Arp,
        Self::Ipv4,
        Self::Ipv6,
        Self::Tcp,
        Self::Udp,
        Self::Icmp,
        Self::Icmpv6,
        Self::Igmp,
        Self::Sctp,
        Self::Dccp,
        Self::Gre,
        Self::Esp,
        Self::Ah,
        Self::Ospf,
        Self::Eigrp,
        Self::Pim,
        Self::Vrrp,
        Self::Rsvp,
        Self::L2tp,
        Self::Ipv4InIp,
        Self::Ipv6InIp,
        Self::Lldp,
        Self::Stp,
        Self::Eapol,
        Self::Pppoe,
        Self::Mpls,
        Self::Llc,
        Self::Tls,
        Self::Dtls,
        Self::Quic,
        Self::Dns,
        Self::Mdns,
        Self::Llmnr,
        Self::NetBios,
        Self::Http,
        Self::Ssdp,
        Self::Ssh,
        Self::Dhcp,
        Self::Dhcpv6,
        Self::Ntp,
        Self::Stun,
        Self::Sip,
        Self::Rtsp,
        Self::Rtp,
        Self::Rtcp,
        Self::Srtp,
        Self::WireGuard,
        Self::Ppp,
        Self::Vxlan,
        Self::Geneve,
        Self::Gtp,
        Self::Teredo,
    ];

    /// Returns the name that the trade gives it, `TLS`, `mDNS`.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Unknown => "other",
            Self::Arp => "ARP",
            Self::Ipv4 => "IPv4",
            Self::Ipv6 => "IPv6",
            Self::Tcp => "TCP",
            Self::Udp => "UDP",
            Self::Icmp => "ICMP",
            Self::Icmpv6 => "ICMPv6",
            Self::Igmp => "IGMP",
            Self::Sctp => "SCTP",
            Self::Dccp => "DCCP",
            Self::Gre => "GRE",
            Self::Esp => "ESP",
            Self::Ah => "AH",
            Self::Ospf => "OSPF",
            Self::Eigrp => "EIGRP",
            Self::Pim => "PIM",
            Self::Vrrp => "VRRP",
            Self::Rsvp => "RSVP",
            Self::L2tp => "L2TP",
            Self::Ipv4InIp => "IPv4-in-IP",
            Self::Ipv6InIp => "IPv6-in-IP",
            Self::Lldp => "LLDP",
            Self::Stp => "STP",
            Self::Eapol => "EAPOL",
            Self::Pppoe => "PPPoE",
            Self::Mpls => "MPLS",
            Self::Llc => "LLC",
            Self::Tls => "TLS",
            Self::Dtls => "DTLS",
            Self::Quic => "QUIC",
            Self::Dns => "DNS",
            Self::Mdns => "mDNS",
            Self::Llmnr => "LLMNR",
            Self::NetBios => "NetBIOS",
            Self::Http => "HTTP",
            Self::Ssdp => "SSDP",
            Self::Ssh => "SSH",
            Self::Dhcp => "DHCP",
            Self::Dhcpv6 => "DHCPv6",
            Self::Ntp => "NTP",
            Self::Stun => "STUN",
            Self::Sip => "SIP",
            Self::Rtsp => "RTSP",
            Self::Rtp => "RTP",
            Self::Rtcp => "RTCP",
            Self::Srtp => "SRTP",
            Self::WireGuard => "WireGuard",
            Self::Ppp => "PPP",
            Self::Vxlan => "VXLAN",
            Self::Geneve => "GENEVE",
            Self::Gtp => "GTP",
            Self::Teredo => "Teredo",
        }
    }

    /// Returns the class that it folds into (METRICS.md "Protocol distribution").
    pub const fn class(self) -> Class {
        match self {
            Self::Tcp => Class::Tcp,
            Self::Udp => Class::Udp,
            Self::Rtp | Self::Srtp => Class::Rtp,
            Self::Tls | Self::Dtls => Class::Tls,
            Self::Quic => Class::Quic,
            Self::Dns => Class::Dns,
            Self::Igmp => Class::Igmp,
            Self::Unknown
            | Self::Arp
            | Self::Ipv4
            | Self::Ipv6
            | Self::Icmp
            | Self::Icmpv6
            | Self::Sctp
            | Self::Dccp
            | Self::Gre
            | Self::Esp
            | Self::Ah
            | Self::Ospf
            | Self::Eigrp
            | Self::Pim
            | Self::Vrrp
            | Self::Rsvp
            | Self::L2tp
            | Self::Ipv4InIp
            | Self::Ipv6InIp
            | Self::Lldp
            | Self::Stp
            | Self::Eapol
            | Self::Pppoe
            | Self::Mpls
            | Self::Llc
            | Self::Mdns
            | Self::Llmnr
            | Self::NetBios
            | Self::Http
            | Self::Ssdp
            | Self::Ssh
            | Self::Dhcp
            | Self::Dhcpv6
            | Self::Ntp
            | Self::Stun
            | Self::Sip
            | Self::Rtsp
            | Self::Rtcp
            | Self::WireGuard
            | Self::Ppp
            | Self::Vxlan
            | Self::Geneve
            | Self::Gtp
            | Self::Teredo => Class::Others,
        }
    }

    /// Tells whether a conversation that speaks it is encrypted (METRICS.md "Encryption composition").
    pub const fn is_encrypted(self) -> bool {
        matches!(
            self,
            Self::Esp | Self::Tls | Self::Dtls | Self::Quic | Self::Ssh | Self::Srtp | Self::WireGuard
        )
    }

    /// Returns the protocol that an IP protocol number stands for, if it is one of these.
    #[inline]
    pub(crate) const fn of_ip_protocol(number: IpProtocol) -> Option<Self> {
        Some(match number {
            IpProtocol::TCP => Self::Tcp,
            IpProtocol::UDP | IpProtocol::UDP_LITE => Self::Udp,
            IpProtocol::ICMP => Self::Icmp,
            IpProtocol::ICMPV6 => Self::Icmpv6,
            IpProtocol::IGMP => Self::Igmp,
            IpProtocol::SCTP => Self::Sctp,
            IpProtocol::DCCP => Self::Dccp,
            IpProtocol::GRE => Self::Gre,
            IpProtocol::ESP => Self::Esp,
            IpProtocol::AH => Self::Ah,
            IpProtocol::OSPF => Self::Ospf,
            IpProtocol::EIGRP => Self::Eigrp,
            IpProtocol::PIM => Self::Pim,
            IpProtocol::VRRP => Self::Vrrp,
            IpProtocol::RSVP => Self::Rsvp,
            IpProtocol::L2TP => Self::L2tp,
            IpProtocol::IPV4 => Self::Ipv4InIp,
            IpProtocol::IPV6 => Self::Ipv6InIp,
            IpProtocol::MPLS => Self::Mpls,
            _ => return None,
        })
    }

    /// Returns the protocol that an `EtherType` stands for where IP and ARP were not read.
    pub(crate) const fn of_ether_type(ether_type: EtherType) -> Self {
        match ether_type {
            EtherType::ARP => Self::Arp,
            EtherType::LLDP => Self::Lldp,
            EtherType::STP => Self::Stp,
            EtherType::LLC => Self::Llc,
            EtherType::EAPOL => Self::Eapol,
            EtherType::PPPOE_DISCOVERY | EtherType::PPPOE_SESSION => Self::Pppoe,
            EtherType::PPP => Self::Ppp,
            EtherType::MPLS | EtherType::MPLS_MULTICAST => Self::Mpls,
            _ => Self::Unknown,
        }
    }
}

impl PerKey for Protocol {
    #[inline]
    fn number(self) -> usize {
        // Lossless: the enumeration is a byte.
        self as usize
    }
}

/// The eight classes of the protocol distribution.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[repr(u8)]
pub enum Class {
    /// TCP with nothing recognised above.
    Tcp,
    /// UDP with nothing recognised above.
    Udp,
    /// RTP and SRTP.
    Rtp,
    /// TLS and DTLS.
    Tls,
    /// QUIC and HTTP/3.
    Quic,
    /// DNS over UDP or TCP.
    Dns,
    /// IGMP.
    Igmp,
    /// All else.
    Others,
}

impl Class {
    /// How many classes there are.
    pub const COUNT: usize = Self::ALL.len();

    /// Every class, in the order of the enumeration.
    pub const ALL: [Self; 8] =
        [Self::Tcp, Self::Udp, Self::Rtp, Self::Tls, Self::Quic, Self::Dns, Self::Igmp, Self::Others];
}

impl PerKey for Class {
    #[inline]
    fn number(self) -> usize {
        // Lossless: the enumeration is a byte.
        self as usize
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn all_lists_every_protocol_in_order_and_fits_a_word() {
        for (number, protocol) in Protocol::ALL.into_iter().enumerate() {
            assert_eq!(protocol.number(), number);
        }
        for (number, class) in Class::ALL.into_iter().enumerate() {
            assert_eq!(class.number(), number);
        }
        const { assert!(Protocol::COUNT <= 64) }
    }

    #[test]
    fn names_differ() {
        let mut names = Protocol::ALL.map(Protocol::name);
        names.sort_unstable();
        assert!(names.windows(2).all(|pair| pair[0] != pair[1]));
    }

    #[test]
    fn classes_fold_as_the_definition_says() {
        let members = |class| Protocol::ALL.into_iter().filter(move |it| it.class() == class);
        assert!(members(Class::Tls).eq([Protocol::Tls, Protocol::Dtls]));
        assert!(members(Class::Rtp).eq([Protocol::Rtp, Protocol::Srtp]));
        assert!(members(Class::Dns).eq([Protocol::Dns]));
        assert_eq!(Protocol::Mdns.class(), Class::Others);
        assert_eq!(Protocol::Rtcp.class(), Class::Others);
        assert_eq!(Protocol::Icmp.class(), Class::Others);
    }
}
