//! One captured packet, as every source hands it over.

use std::fmt;

use netsonde_units::Timestamp;

/// What the first bytes of a packet are: the `LINKTYPE_` number of pcap and pcapng.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct LinkType(pub u16);

impl LinkType {
    /// BSD loopback: a 4-byte address family in the byte order of the capturing host.
    pub const NULL: Self = Self(0);
    /// Ethernet.
    pub const ETHERNET: Self = Self(1);
    /// PPP with HDLC-like framing or a bare protocol field.
    pub const PPP: Self = Self(9);
    /// Raw IP as Linux, macOS and FreeBSD number it inside `DLT_`.
    pub const RAW_BSD: Self = Self(12);
    /// Raw IP as OpenBSD numbers it inside `DLT_`.
    pub const RAW_OPENBSD: Self = Self(14);
    /// PPP in HDLC-like framing, or Cisco's HDLC.
    pub const PPP_HDLC: Self = Self(50);
    /// Raw IP, version 4 or 6 by the first nibble.
    pub const RAW: Self = Self(101);
    /// Cisco's HDLC, or PPP in HDLC-like framing.
    pub const CISCO_HDLC: Self = Self(104);
    /// IEEE 802.11.
    pub const IEEE802_11: Self = Self(105);
    /// OpenBSD loopback: a 4-byte address family in network byte order.
    pub const LOOP: Self = Self(108);
    /// Linux "cooked" capture, version 1.
    pub const LINUX_SLL: Self = Self(113);
    /// IEEE 802.11 behind a radiotap header.
    pub const IEEE802_11_RADIOTAP: Self = Self(127);
    /// Raw IPv4.
    pub const IPV4: Self = Self(228);
    /// Raw IPv6.
    pub const IPV6: Self = Self(229);
    /// Linux netfilter log.
    pub const NFLOG: Self = Self(239);
    /// Linux "cooked" capture, version 2.
    pub const LINUX_SLL2: Self = Self(276);

    /// Returns the name that the tcpdump group's registry gives it, or none for a number we do not know.
    pub const fn name(self) -> Option<&'static str> {
        Some(match self {
            Self::NULL => "NULL",
            Self::ETHERNET => "ETHERNET",
            Self::PPP => "PPP",
            Self::PPP_HDLC => "PPP_HDLC",
            Self::RAW_BSD | Self::RAW_OPENBSD | Self::RAW => "RAW",
            Self::CISCO_HDLC => "C_HDLC",
            Self::IEEE802_11 => "IEEE802_11",
            Self::LOOP => "LOOP",
            Self::LINUX_SLL => "LINUX_SLL",
            Self::IEEE802_11_RADIOTAP => "IEEE802_11_RADIOTAP",
            Self::IPV4 => "IPV4",
            Self::IPV6 => "IPV6",
            Self::NFLOG => "NFLOG",
            Self::LINUX_SLL2 => "LINUX_SLL2",
            _ => return None,
        })
    }
}

/// The registry's name, or `LINKTYPE 123`.
impl fmt::Display for LinkType {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.name() {
            Some(name) => f.write_str(name),
            None => write!(f, "LINKTYPE {}", self.0),
        }
    }
}

/// One captured packet, borrowed from the ring or the read buffer.
#[derive(Clone, Copy, Debug, Default)]
pub struct Packet<'a> {
    /// When it was captured; none where the capture does not say.
    pub at: Option<Timestamp>,
    /// What its first bytes are.
    pub link: LinkType,
    /// Which interface of the source it came from, counted from 0 over the whole source.
    pub interface: u32,
    /// How long it was on the wire, in bytes; never less than `bytes.len()`.
    pub wire_len: u32,
    /// What was captured of it.
    pub bytes: &'a [u8],
}
