//! What tells one conversation from another.

use std::hash::{Hash, Hasher};
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use netsonde_dissect::IpProtocol;

/// Which of the two ends of a [`FlowKey`] sent a packet.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[repr(u8)]
pub enum Side {
    /// The end with the lower address (and port).
    Low,
    /// The other end.
    High,
}

impl Side {
    /// Returns the other end.
    #[must_use]
    pub const fn other(self) -> Self {
        match self {
            Self::Low => Self::High,
            Self::High => Self::Low,
        }
    }
}

/// Protocol, both addresses, both ports: the same for either direction (METRICS.md "Conversations").
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct FlowKey {
    low: Address,
    high: Address,
    low_port: u16,
    high_port: u16,
    protocol: IpProtocol,
    shape: Shape,
}

/// An address's 128 bits in two words: a 128-bit integer would align the key, and every record, to 16 bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Address {
    upper: u64,
    lower: u64,
}

impl Address {
    #[inline]
    #[expect(clippy::cast_possible_truncation, reason = "each half of 128 bits is 64 bits")]
    const fn new(bits: u128) -> Self {
        Self { upper: (bits >> 64) as u64, lower: bits as u64 }
    }

    const fn bits(self) -> u128 {
        (self.upper as u128) << 64 | self.lower as u128
    }
}

/// What a key's addresses and ports are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
enum Shape {
    Ipv4WithPorts,
    Ipv4,
    Ipv6WithPorts,
    Ipv6,
}

impl FlowKey {
    /// Makes the key of a packet from `source` to `destination` and tells which end sent it.
    ///
    /// Both addresses must be of one version; a mixed pair is kept apart from every real one.
    #[inline]
    pub fn new(
        protocol: IpProtocol,
        source: IpAddr,
        destination: IpAddr,
        ports: Option<(u16, u16)>,
    ) -> (Self, Side) {
        match (source, destination) {
            (IpAddr::V4(source), IpAddr::V4(destination)) => Self::v4(protocol, source, destination, ports),
            (source, destination) => Self::v6(protocol, mapped(source), mapped(destination), ports),
        }
    }

    /// Makes the key of an IPv4 packet.
    #[inline]
    pub fn v4(
        protocol: IpProtocol,
        source: Ipv4Addr,
        destination: Ipv4Addr,
        ports: Option<(u16, u16)>,
    ) -> (Self, Side) {
        let shape = if ports.is_some() { Shape::Ipv4WithPorts } else { Shape::Ipv4 };
        Self::ordered(
            protocol,
            shape,
            Address { upper: 0, lower: source.to_bits().into() },
            Address { upper: 0, lower: destination.to_bits().into() },
            ports.unwrap_or((0, 0)),
        )
    }

    /// Makes the key of an IPv6 packet.
    #[inline]
    pub fn v6(
        protocol: IpProtocol,
        source: Ipv6Addr,
        destination: Ipv6Addr,
        ports: Option<(u16, u16)>,
    ) -> (Self, Side) {
        let shape = if ports.is_some() { Shape::Ipv6WithPorts } else { Shape::Ipv6 };
        let (source, destination) = (Address::new(source.to_bits()), Address::new(destination.to_bits()));
        Self::ordered(protocol, shape, source, destination, ports.unwrap_or((0, 0)))
    }

    #[inline]
    fn ordered(
        protocol: IpProtocol,
        shape: Shape,
        source: Address,
        destination: Address,
        ports: (u16, u16),
    ) -> (Self, Side) {
        if (source, ports.0) <= (destination, ports.1) {
            let key = Self {
                low: source,
                high: destination,
                low_port: ports.0,
                high_port: ports.1,
                protocol,
                shape,
            };
            (key, Side::Low)
        } else {
            let key = Self {
                low: destination,
                high: source,
                low_port: ports.1,
                high_port: ports.0,
                protocol,
                shape,
            };
            (key, Side::High)
        }
    }

    /// Returns the IP protocol.
    pub const fn protocol(&self) -> IpProtocol {
        self.protocol
    }

    /// Returns the address of one end.
    pub fn address(&self, side: Side) -> IpAddr {
        let bits = match side {
            Side::Low => self.low.bits(),
            Side::High => self.high.bits(),
        };
        match self.shape {
            Shape::Ipv4WithPorts | Shape::Ipv4 => match u32::try_from(bits) {
                Ok(bits) => IpAddr::V4(Ipv4Addr::from_bits(bits)),
                Err(_) => IpAddr::V6(Ipv6Addr::from_bits(bits)),
            },
            Shape::Ipv6WithPorts | Shape::Ipv6 => IpAddr::V6(Ipv6Addr::from_bits(bits)),
        }
    }

    /// Returns the port of one end; none where the protocol has no ports.
    pub const fn port(&self, side: Side) -> Option<u16> {
        match (self.shape, side) {
            (Shape::Ipv4 | Shape::Ipv6, _) => None,
            (Shape::Ipv4WithPorts | Shape::Ipv6WithPorts, Side::Low) => Some(self.low_port),
            (Shape::Ipv4WithPorts | Shape::Ipv6WithPorts, Side::High) => Some(self.high_port),
        }
    }
}

/// The address as IPv6, an IPv4 one in its mapped form.
fn mapped(address: IpAddr) -> Ipv6Addr {
    match address {
        IpAddr::V4(address) => address.to_ipv6_mapped(),
        IpAddr::V6(address) => address,
    }
}

/// Few wide words rather than many small ones: the hash is on the path of every packet.
impl Hash for FlowKey {
    #[inline]
    fn hash<H: Hasher>(&self, state: &mut H) {
        let ports = u64::from(self.low_port) << 48
            | u64::from(self.high_port) << 32
            | u64::from(self.protocol.0) << 8
            | u64::from(self.shape as u8);
        match self.shape {
            Shape::Ipv4 | Shape::Ipv4WithPorts => {
                state.write_u64(self.low.lower << 32 | self.high.lower);
            }
            Shape::Ipv6 | Shape::Ipv6WithPorts => {
                state.write_u64(self.low.upper);
                state.write_u64(self.low.lower);
                state.write_u64(self.high.upper);
                state.write_u64(self.high.lower);
            }
        }
        state.write_u64(ports);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const TCP: IpProtocol = IpProtocol(6);

    #[test]
    fn both_directions_share_one_key() {
        let (a, b) = (Ipv4Addr::new(10, 0, 0, 9), Ipv4Addr::new(10, 0, 0, 1));
        let (there, from_a) = FlowKey::v4(TCP, a, b, Some((4000, 80)));
        let (back, from_b) = FlowKey::v4(TCP, b, a, Some((80, 4000)));
        assert_eq!(there, back);
        assert_eq!(from_a, from_b.other());
        assert_eq!(there.address(from_a), IpAddr::V4(a));
        assert_eq!(there.port(from_b), Some(80));
    }

    #[test]
    fn one_address_talking_to_itself_is_ordered_by_port() {
        let a = Ipv6Addr::LOCALHOST;
        let (there, from) = FlowKey::v6(TCP, a, a, Some((9, 7)));
        let (back, to) = FlowKey::v6(TCP, a, a, Some((7, 9)));
        assert_eq!(there, back);
        assert_ne!(from, to);
        assert_eq!(there.port(from), Some(9));
    }

    #[test]
    fn a_mapped_address_is_not_its_ipv4_one() {
        let (a, b) = (Ipv4Addr::new(192, 0, 2, 1), Ipv4Addr::new(192, 0, 2, 2));
        let (v4, _) = FlowKey::v4(TCP, a, b, Some((1, 2)));
        let (v6, _) = FlowKey::v6(TCP, a.to_ipv6_mapped(), b.to_ipv6_mapped(), Some((1, 2)));
        assert_ne!(v4, v6);
    }

    #[test]
    fn portless_conversations_have_a_key_of_their_own() {
        let (a, b) = (Ipv4Addr::new(192, 0, 2, 1), Ipv4Addr::new(192, 0, 2, 2));
        let (ported, side) = FlowKey::v4(TCP, a, b, Some((0, 0)));
        let (bare, _) = FlowKey::v4(TCP, a, b, None);
        assert_ne!(ported, bare);
        assert_eq!((ported.port(side), bare.port(side)), (Some(0), None));
    }
}
