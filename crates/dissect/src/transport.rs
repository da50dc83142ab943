//! Transport layer: TCP, UDP, ICMP, ICMPv6, IGMP.

mod icmp;
mod igmp;
mod membership;
mod tcp;
mod tcp_options;
mod udp;

use std::fmt;
use std::net::IpAddr;
use std::ops::BitOr;

use netsonde_units::SeqNumber;

use crate::IpProtocol;

pub use membership::{Change, GroupChange, GroupChanges, Membership};
pub use tcp_options::{TcpOption, TcpOptions};
pub(crate) use udp::LengthField;

/// TCP control bits, the low byte (RFC 9293 section 3.1).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct TcpFlags(pub u8);

impl TcpFlags {
    /// No more data from the sender.
    pub const FIN: Self = Self(0x01);
    /// Synchronise sequence numbers.
    pub const SYN: Self = Self(0x02);
    /// Reset the connection.
    pub const RST: Self = Self(0x04);
    /// Push.
    pub const PSH: Self = Self(0x08);
    /// The acknowledgement field counts.
    pub const ACK: Self = Self(0x10);
    /// The urgent pointer counts.
    pub const URG: Self = Self(0x20);
    /// ECN echo (RFC 3168).
    pub const ECE: Self = Self(0x40);
    /// Congestion window reduced (RFC 3168).
    pub const CWR: Self = Self(0x80);

    const NAMES: [(Self, &'static str); 8] = [
        (Self::FIN, "FIN"),
        (Self::SYN, "SYN"),
        (Self::RST, "RST"),
        (Self::PSH, "PSH"),
        (Self::ACK, "ACK"),
        (Self::URG, "URG"),
        (Self::ECE, "ECE"),
        (Self::CWR, "CWR"),
    ];

    /// Tells whether every bit of `other` is set.
    #[inline]
    pub const fn contains(self, other: Self) -> bool {
        self.0 & other.0 == other.0
    }

    /// Tells whether any bit of `other` is set.
    #[inline]
    pub const fn intersects(self, other: Self) -> bool {
        self.0 & other.0 != 0
    }

    /// Tells whether FIN is set.
    #[inline]
    pub const fn fin(self) -> bool {
        self.contains(Self::FIN)
    }

    /// Tells whether SYN is set.
    #[inline]
    pub const fn syn(self) -> bool {
        self.contains(Self::SYN)
    }

    /// Tells whether RST is set.
    #[inline]
    pub const fn rst(self) -> bool {
        self.contains(Self::RST)
    }

    /// Tells whether ACK is set.
    #[inline]
    pub const fn ack(self) -> bool {
        self.contains(Self::ACK)
    }
}

impl BitOr for TcpFlags {
    type Output = Self;

    fn bitor(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }
}

/// The names of the bits that are set, `SYN, ACK`; nothing where none is.
impl fmt::Display for TcpFlags {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut separator = "";
        for (flag, name) in Self::NAMES {
            if self.contains(flag) {
                write!(f, "{separator}{name}")?;
                separator = ", ";
            }
        }
        Ok(())
    }
}

/// A TCP header.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Tcp<'a> {
    /// Source port.
    pub source: u16,
    /// Destination port.
    pub destination: u16,
    /// Sequence number of the first payload byte (of the SYN where set).
    pub sequence: SeqNumber,
    /// The acknowledgement field, whether or not the ACK bit is set.
    pub acknowledgement: SeqNumber,
    /// Control bits.
    pub flags: TcpFlags,
    /// The window field, unscaled.
    pub window: u16,
    /// How long the header is, and whether its fixed part was captured.
    pub extent: TcpExtent,
    /// What was captured of the options.
    pub options: &'a [u8],
}

/// How long a TCP header claims to be, and whether the capture holds its fixed part; a byte, as each packet has one.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct TcpExtent(u8);

impl TcpExtent {
    const FIXED_PART_CUT: u8 = 0x80;

    /// Makes one of the upper four bits of the data offset's byte.
    #[inline]
    pub(crate) const fn new(data_offset: u8, fixed_part_captured: bool) -> Self {
        let cut = if fixed_part_captured { 0 } else { Self::FIXED_PART_CUT };
        Self(data_offset >> 4 | cut)
    }

    /// Returns the header's length in bytes by its data offset, which may be less than the 20 bytes that it has.
    #[inline]
    pub const fn header_len(self) -> u32 {
        ((self.0 & 0x0f) as u32) << 2
    }

    /// Tells whether the capture cut the header before its twentieth byte.
    #[inline]
    pub const fn is_fixed_part_cut(self) -> bool {
        self.0 & Self::FIXED_PART_CUT != 0
    }
}

/// A UDP header (RFC 768).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Udp {
    /// Source port.
    pub source: u16,
    /// Destination port.
    pub destination: u16,
}

/// An ICMP (RFC 792) or ICMPv6 (RFC 4443) header.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Icmp<'a> {
    /// Type.
    pub kind: u8,
    /// Code.
    pub code: u8,
    /// The four bytes after the checksum, whose meaning the type decides.
    pub rest: [u8; 4],
    /// What was captured after the first 8 bytes: in an error, the packet it speaks of.
    pub body: &'a [u8],
}

/// An echo request or reply (RFC 792, RFC 4443 section 4).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Echo {
    /// Whether it answers.
    pub is_reply: bool,
    /// Tells the processes of one host apart.
    pub identifier: u16,
    /// Tells the requests of one process apart.
    pub sequence: u16,
}

/// The packet that an ICMP or ICMPv6 error speaks of, as far as the error quotes it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Quoted {
    /// What it carries, after extension headers.
    pub protocol: IpProtocol,
    /// Its source address.
    pub source: IpAddr,
    /// Its destination address.
    pub destination: IpAddr,
    /// Its source port, where the protocol has ports and they were quoted.
    pub source_port: Option<u16>,
    /// Its destination port, likewise.
    pub destination_port: Option<u16>,
}

/// An IGMP message (RFC 2236, RFC 3376).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Igmp<'a> {
    /// Type.
    pub kind: u8,
    /// The four bytes after the checksum: the group, except in a report of version 3.
    pub rest: [u8; 4],
    /// What was captured after the first 8 bytes.
    pub body: &'a [u8],
}

/// The transport layer of a frame.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Transport<'a> {
    /// None was reached.
    #[default]
    None,
    /// TCP.
    Tcp(Tcp<'a>),
    /// UDP (and UDP-Lite).
    Udp(Udp),
    /// ICMP.
    Icmp(Icmp<'a>),
    /// ICMPv6.
    Icmpv6(Icmp<'a>),
    /// IGMP.
    Igmp(Igmp<'a>),
    /// A fragment other than the first: its transport header travelled in another packet.
    LaterFragment(IpProtocol),
    /// Another IP protocol.
    Other(IpProtocol),
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn flags_show_as_names() {
        assert_eq!((TcpFlags::SYN | TcpFlags::ACK).to_string(), "SYN, ACK");
        assert_eq!(TcpFlags::default().to_string(), "");
    }

    #[test]
    fn contains_asks_for_all_and_intersects_for_any() {
        let answer = TcpFlags::SYN | TcpFlags::ACK;
        assert!(answer.contains(TcpFlags::SYN));
        assert!(!answer.contains(TcpFlags::SYN | TcpFlags::FIN));
        assert!(answer.intersects(TcpFlags::SYN | TcpFlags::FIN));
        assert!(!answer.intersects(TcpFlags::RST));
    }
}
