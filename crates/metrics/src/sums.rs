//! What is added up for a stretch of time.

use netsonde_flow::Direction;
use netsonde_units::{Per, PerKey, Volume};

use crate::calculator::{Class, Protocol};

/// The protocols whose rates are shown, each inclusive: a TLS packet counts in IPv4, TCP and TLS.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
pub enum Kind {
    /// TCP.
    Tcp,
    /// UDP.
    Udp,
    /// RTP and SRTP.
    Rtp,
    /// QUIC.
    Quic,
    /// DNS.
    Dns,
    /// TLS and DTLS.
    Tls,
    /// IGMP.
    Igmp,
    /// ICMP and ICMPv6.
    Icmp,
    /// Outermost network header IPv4.
    Ipv4,
    /// Outermost network header IPv6.
    Ipv6,
}

impl Kind {
    /// How many there are.
    pub const COUNT: usize = 10;
    /// All of them, in the order of their numbers.
    pub const ALL: [Self; Self::COUNT] = [
        Self::Tcp,
        Self::Udp,
        Self::Rtp,
        Self::Quic,
        Self::Dns,
        Self::Tls,
        Self::Igmp,
        Self::Icmp,
        Self::Ipv4,
        Self::Ipv6,
    ];

    /// Returns the kind that a transport counts in.
    pub(crate) const fn of_transport(transport: Protocol) -> Option<Self> {
        match transport {
            Protocol::Tcp => Some(Self::Tcp),
            Protocol::Udp => Some(Self::Udp),
            Protocol::Igmp => Some(Self::Igmp),
            Protocol::Icmp | Protocol::Icmpv6 => Some(Self::Icmp),
            _ => None,
        }
    }

    /// Returns the kind that a recognised protocol counts in beside its transport.
    pub(crate) const fn of_class(class: Class) -> Option<Self> {
        match class {
            Class::Rtp => Some(Self::Rtp),
            Class::Quic => Some(Self::Quic),
            Class::Dns => Some(Self::Dns),
            Class::Tls => Some(Self::Tls),
            Class::Tcp | Class::Udp | Class::Igmp | Class::Others => None,
        }
    }
}

impl PerKey for Kind {
    #[inline]
    fn number(self) -> usize {
        self as usize
    }
}

/// Packets, bytes and application bytes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Traffic {
    /// Packets and bytes on the wire.
    pub volume: Volume,
    /// Application bytes, each once.
    pub goodput_bytes: u64,
}

impl Traffic {
    /// Adds other traffic.
    #[inline]
    pub const fn add(&mut self, other: &Self) {
        self.volume.packets += other.volume.packets;
        self.volume.bytes += other.volume.bytes;
        self.goodput_bytes += other.goodput_bytes;
    }
}

/// The directions beside inbound: where only two are told apart, the others belong to the second.
const OUTWARD: [Direction; Direction::COUNT - 1] =
    [Direction::Outbound, Direction::Internal, Direction::Transit];

/// Volumes by direction.
pub type ByDirection = Per<Direction, Volume, { Direction::COUNT }>;

/// Everything that is added up packet by packet, as judged when each packet came.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Sums {
    /// All traffic by direction.
    pub traffic: Per<Direction, Traffic, { Direction::COUNT }>,
    /// Inclusive volumes by protocol and direction.
    pub kinds: Per<Kind, ByDirection, { Kind::COUNT }>,
    /// Volume by highest protocol.
    pub protocols: Per<Protocol, Volume, { Protocol::COUNT }>,
    /// Volume of conversations known to be encrypted.
    pub encrypted: Volume,
}

impl Sums {
    /// Adds other sums.
    pub fn add(&mut self, other: &Self) {
        self.traffic.zip_with(&other.traffic, Traffic::add);
        self.kinds.zip_with(&other.kinds, |mine, theirs| mine.zip_with(theirs, |a, b| *a += *b));
        self.protocols.zip_with(&other.protocols, |a, b| *a += *b);
        self.encrypted += other.encrypted;
    }

    /// Returns the traffic of all directions together.
    pub fn total(&self) -> Traffic {
        let mut total = Traffic::default();
        for traffic in self.traffic.values() {
            total.add(traffic);
        }
        total
    }

    /// Returns the traffic of all directions but inbound.
    pub fn outward(&self) -> Traffic {
        let mut outward = Traffic::default();
        for direction in OUTWARD {
            outward.add(&self.traffic[direction]);
        }
        outward
    }

    /// Returns the inclusive volume of a protocol in all directions but inbound.
    pub fn outward_kind(&self, kind: Kind) -> Volume {
        OUTWARD.into_iter().map(|direction| self.kinds[kind][direction]).sum()
    }

    /// Returns the inclusive volume of a protocol, all directions together.
    pub fn kind(&self, kind: Kind) -> Volume {
        self.kinds[kind].values().iter().copied().sum()
    }
}
