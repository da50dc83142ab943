//! Why a frame could not be read to its end.

use std::fmt;

use netsonde_units::PerKey;

/// The layer that could not be read.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[repr(u8)]
pub enum Layer {
    /// Ethernet, SLL, BSD loopback, raw IP, PPP, 802.11, netfilter logs; `PPPoE` and MPLS.
    Link,
    /// 802.1Q and 802.1ad tags.
    Vlan,
    /// ARP.
    Arp,
    /// IPv4.
    Ipv4,
    /// IPv6 and its extension headers.
    Ipv6,
    /// TCP.
    Tcp,
    /// UDP.
    Udp,
    /// ICMP and ICMPv6.
    Icmp,
    /// IGMP.
    Igmp,
}

impl Layer {
    /// How many layers there are.
    pub const COUNT: usize = 9;

    /// Every layer, in the order of the enumeration.
    pub const ALL: [Self; Self::COUNT] = [
        Self::Link,
        Self::Vlan,
        Self::Arp,
        Self::Ipv4,
        Self::Ipv6,
        Self::Tcp,
        Self::Udp,
        Self::Icmp,
        Self::Igmp,
    ];

    /// Returns the layer's name.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Link => "link",
            Self::Vlan => "VLAN",
            Self::Arp => "ARP",
            Self::Ipv4 => "IPv4",
            Self::Ipv6 => "IPv6",
            Self::Tcp => "TCP",
            Self::Udp => "UDP",
            Self::Icmp => "ICMP",
            Self::Igmp => "IGMP",
        }
    }
}

impl PerKey for Layer {
    #[inline]
    fn number(self) -> usize {
        // Lossless: the enumeration is a byte.
        self as usize
    }
}

/// What is wrong with the layer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[repr(u8)]
pub enum Reason {
    /// The capture kept fewer bytes than the header needs (snaplen); the packet itself may be sound.
    CutByCapture,
    /// The packet itself ends before the header does.
    TooShort,
    /// A length field contradicts the header or the packet.
    BadLength,
    /// A version field says something else than the layer below did.
    BadVersion,
    /// More headers in a row than any sane sender writes.
    TooManyHeaders,
    /// A link type or link header that is not read here.
    NotSupported,
}

impl Reason {
    /// How many reasons there are.
    pub const COUNT: usize = 6;

    /// Every reason, in the order of the enumeration.
    pub const ALL: [Self; Self::COUNT] = [
        Self::CutByCapture,
        Self::TooShort,
        Self::BadLength,
        Self::BadVersion,
        Self::TooManyHeaders,
        Self::NotSupported,
    ];

    /// Returns the reason in words.
    pub const fn name(self) -> &'static str {
        match self {
            Self::CutByCapture => "cut by the capture",
            Self::TooShort => "too short",
            Self::BadLength => "bad length",
            Self::BadVersion => "bad version",
            Self::TooManyHeaders => "too many headers",
            Self::NotSupported => "not supported",
        }
    }

    /// Tells whether the packet itself breaks a rule, rather than the capture or this program falling short.
    pub const fn is_packets_fault(self) -> bool {
        !matches!(self, Self::CutByCapture | Self::NotSupported)
    }
}

impl PerKey for Reason {
    #[inline]
    fn number(self) -> usize {
        // Lossless: the enumeration is a byte.
        self as usize
    }
}

/// Why a frame stopped: which layer, where it began, what it needed and what was there.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Malformed {
    /// The layer that could not be read.
    pub layer: Layer,
    /// What is wrong with it.
    pub reason: Reason,
    /// Where the layer begins, in bytes from the start of the packet.
    pub offset: u32,
    /// Bytes needed.
    pub needed: u32,
    /// Bytes there.
    pub had: u32,
}

impl Malformed {
    /// Tells whether the packet itself breaks a rule, rather than the capture or this program falling short.
    pub const fn is_packets_fault(self) -> bool {
        self.reason.is_packets_fault()
    }
}

impl fmt::Display for Malformed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { layer, reason, offset, needed, had } = self;
        write!(f, "{} at byte {offset}: {} (needed {needed}, had {had})", layer.name(), reason.name())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn all_lists_every_layer_and_reason_in_order() {
        assert!(Layer::ALL.into_iter().map(PerKey::number).eq(0..Layer::COUNT));
        assert!(Reason::ALL.into_iter().map(PerKey::number).eq(0..Reason::COUNT));
    }

    #[test]
    fn shows_where_and_why() {
        let malformed =
            Malformed { layer: Layer::Tcp, reason: Reason::CutByCapture, offset: 34, needed: 20, had: 6 };
        assert_eq!(malformed.to_string(), "TCP at byte 34: cut by the capture (needed 20, had 6)");
        assert!(!malformed.is_packets_fault());
    }
}
