//! Packets inside packets: which tunnel, and where the inner packet begins.

mod datagram;
mod gre;
mod l2tp;
mod teredo;

use crate::span::Span;
use crate::{EtherType, Frame, IpProtocol, Protocol, Udp};

/// How a packet travels inside another.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
pub enum Tunnel {
    /// IPv4 or IPv6 straight behind an IP header (RFC 2003, RFC 4213, RFC 2473).
    Ip,
    /// MPLS straight behind an IP header (RFC 4023).
    Mpls,
    /// GRE (RFC 2784, RFC 2890; RFC 2637 for PPTP), with ERSPAN inside or not.
    Gre,
    /// VXLAN (RFC 7348).
    Vxlan,
    /// GENEVE (RFC 8926).
    Geneve,
    /// GTP-U (3GPP TS 29.281).
    Gtp,
    /// Teredo (RFC 4380).
    Teredo,
    /// L2TP version 2 (RFC 2661).
    L2tp,
}

impl Tunnel {
    /// Returns the name that the trade gives it.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Ip => "IP-in-IP",
            Self::Mpls => "MPLS-in-IP",
            Self::Gre => "GRE",
            Self::Vxlan => "VXLAN",
            Self::Geneve => "GENEVE",
            Self::Gtp => "GTP",
            Self::Teredo => "Teredo",
            Self::L2tp => "L2TP",
        }
    }

    /// Returns the protocol that a conversation over UDP speaks which carries packets so; none for tunnels that make
    /// no conversation.
    pub const fn protocol(self) -> Option<Protocol> {
        match self {
            Self::Ip | Self::Mpls | Self::Gre => None,
            Self::Vxlan => Some(Protocol::Vxlan),
            Self::Geneve => Some(Protocol::Geneve),
            Self::Gtp => Some(Protocol::Gtp),
            Self::Teredo => Some(Protocol::Teredo),
            Self::L2tp => Some(Protocol::L2tp),
        }
    }

    /// Tells which tunnel an IP protocol number may stand for.
    pub(crate) const fn of_ip_protocol(number: IpProtocol) -> Option<Self> {
        match number {
            IpProtocol::IPV4 | IpProtocol::IPV6 => Some(Self::Ip),
            IpProtocol::MPLS => Some(Self::Mpls),
            IpProtocol::GRE => Some(Self::Gre),
            _ => None,
        }
    }

    /// Tells which tunnel the ports of a datagram may stand for. A port is no proof: the header must bear it out.
    #[inline]
    pub(crate) const fn of_ports(udp: Udp) -> Option<Self> {
        match (udp.source, udp.destination) {
            // Source ports of these tell flows apart, in either direction.
            (_, 4789 | 8472) => Some(Self::Vxlan),
            (_, 6081) => Some(Self::Geneve),
            (2152, _) | (_, 2152) => Some(Self::Gtp),
            (3544, _) | (_, 3544) => Some(Self::Teredo),
            (1701, _) | (_, 1701) => Some(Self::L2tp),
            _ => None,
        }
    }

    /// Reads the tunnel's header: what the inner packet is, and where; none where the bytes do not bear it out.
    fn open(self, span: Span<'_>) -> Option<Opened<'_>> {
        match self {
            Self::Ip => Some(Opened { id: None, carried: version(span)?, rest: span }),
            Self::Mpls => Some(Opened { id: None, carried: EtherType::MPLS, rest: span }),
            Self::Gre => gre::open(span),
            Self::Vxlan => datagram::open_vxlan(span),
            Self::Geneve => datagram::open_geneve(span),
            Self::Gtp => datagram::open_gtp(span),
            Self::Teredo => teredo::open(span),
            Self::L2tp => l2tp::open(span),
        }
    }
}

/// A packet found inside another.
#[derive(Clone, Copy, Debug)]
pub struct Inner<'a> {
    /// How it travels.
    pub tunnel: Tunnel,
    /// What tells tunnels between the same ends apart: a GRE key, VNI, TEID or L2TP tunnel and session, where there is one.
    pub id: Option<u32>,
    /// The packet. Offsets in it count from its own beginning.
    pub frame: Frame<'a>,
}

impl<'a> Inner<'a> {
    /// How many tunnels in one another are opened: three are met in mobile networks (GTP in IPsec-less IP, IPv6 in IPv4
    /// inside); eight leave room and end hostile nests.
    pub const MAX_DEPTH: usize = 8;

    /// Opens the tunnel that `span` may begin with.
    ///
    /// None unless a packet is read inside, down to a network layer that is known by name: a guess by port must not
    /// invent conversations.
    pub(crate) fn read(tunnel: Tunnel, span: Span<'a>) -> Option<Self> {
        let Opened { id, carried, rest } = tunnel.open(span)?;
        let frame = Frame::carried_as(carried, rest)?;
        Some(Self { tunnel, id, frame })
    }
}

/// What a tunnel's header says.
#[derive(Clone, Copy, Debug)]
struct Opened<'a> {
    id: Option<u32>,
    carried: EtherType,
    rest: Span<'a>,
}

/// Tells which IP begins here, by its version.
fn version(span: Span<'_>) -> Option<EtherType> {
    match span.bytes.first()? >> 4 {
        4 => Some(EtherType::IPV4),
        6 => Some(EtherType::IPV6),
        _ => None,
    }
}
