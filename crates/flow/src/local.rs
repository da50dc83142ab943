//! Which addresses are ours, and so which way a packet went.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use ipnet::{IpNet, Ipv4Net, Ipv6Net};
use netsonde_dissect::{Cast, Frame, MacAddr, Network, Travel};
use netsonde_units::PerKey;

/// Which way a packet went, seen from the local networks (METRICS.md "Direction").
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[repr(u8)]
pub enum Direction {
    /// From elsewhere to a local address.
    Inbound,
    /// From a local address to elsewhere.
    Outbound,
    /// Both ends are local.
    Internal,
    /// Neither end is local.
    #[default]
    Transit,
}

impl Direction {
    /// How many there are.
    pub const COUNT: usize = 4;
    /// All of them, in the order of their numbers.
    pub const ALL: [Self; Self::COUNT] = [Self::Inbound, Self::Outbound, Self::Internal, Self::Transit];
}

impl PerKey for Direction {
    #[inline]
    fn number(self) -> usize {
        self as usize
    }
}

/// How it was decided which addresses are local.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum LocalRule {
    /// Private, link-local and loopback ranges: for a capture file.
    #[default]
    PrivateRanges,
    /// Networks that the user named.
    Given,
    /// The addresses of this machine's interfaces: live.
    InterfaceAddresses,
}

/// RFC 1918, RFC 3927, RFC 4193, RFC 4291, and loopback, which leaves no machine.
const PRIVATE_RANGES: [IpNet; 8] = [
    IpNet::V4(Ipv4Net::new_assert(Ipv4Addr::new(10, 0, 0, 0), 8)),
    IpNet::V4(Ipv4Net::new_assert(Ipv4Addr::new(172, 16, 0, 0), 12)),
    IpNet::V4(Ipv4Net::new_assert(Ipv4Addr::new(192, 168, 0, 0), 16)),
    IpNet::V4(Ipv4Net::new_assert(Ipv4Addr::new(169, 254, 0, 0), 16)),
    IpNet::V4(Ipv4Net::new_assert(Ipv4Addr::new(127, 0, 0, 0), 8)),
    IpNet::V6(Ipv6Net::new_assert(Ipv6Addr::new(0xfc00, 0, 0, 0, 0, 0, 0, 0), 7)),
    IpNet::V6(Ipv6Net::new_assert(Ipv6Addr::new(0xfe80, 0, 0, 0, 0, 0, 0, 0), 10)),
    IpNet::V6(Ipv6Net::new_assert(Ipv6Addr::LOCALHOST, 128)),
];

/// The local networks of one session.
#[derive(Clone, Debug)]
pub struct LocalNetworks {
    rule: LocalRule,
    networks: Vec<IpNet>,
    broadcasts: Vec<Ipv4Addr>,
    hardware: Vec<MacAddr>,
}

impl Default for LocalNetworks {
    fn default() -> Self {
        Self {
            rule: LocalRule::PrivateRanges,
            networks: PRIVATE_RANGES.to_vec(),
            broadcasts: Vec::new(),
            hardware: Vec::new(),
        }
    }
}

impl LocalNetworks {
    /// Makes the networks that the user named.
    pub fn given(networks: Vec<IpNet>) -> Self {
        let broadcasts = broadcasts_of(&networks);
        Self { rule: LocalRule::Given, networks, broadcasts, hardware: Vec::new() }
    }

    /// Makes the addresses of this machine's interfaces, each with the prefix of its network.
    ///
    /// Only the addresses themselves are local; the prefixes tell the networks' broadcast addresses.
    pub fn of_interfaces(addresses: &[IpNet], hardware: Vec<MacAddr>) -> Self {
        let networks = addresses.iter().map(|address| IpNet::from(address.addr())).collect();
        Self { rule: LocalRule::InterfaceAddresses, networks, broadcasts: broadcasts_of(addresses), hardware }
    }

    /// Returns how the networks were decided.
    pub const fn rule(&self) -> LocalRule {
        self.rule
    }

    /// Returns the networks.
    pub fn networks(&self) -> &[IpNet] {
        &self.networks
    }

    /// Tells whether an address is local.
    pub fn contains(&self, address: IpAddr) -> bool {
        self.networks.iter().any(|network| network.contains(&address))
    }

    /// Tells whether an address is local, or one that no router of the Internet forwards.
    pub(crate) fn is_near(&self, address: IpAddr) -> bool {
        self.contains(address) || PRIVATE_RANGES.iter().any(|network| network.contains(&address))
    }

    /// Returns which way a packet went; `cast` is what the link layer says of its destination.
    pub fn direction(&self, source: IpAddr, destination: IpAddr, cast: Cast) -> Direction {
        let from_us = source.is_unspecified() || self.contains(source);
        if self.is_to_many(destination, cast) {
            return if from_us { Direction::Outbound } else { Direction::Inbound };
        }
        match (from_us, self.contains(destination)) {
            (true, false) => Direction::Outbound,
            (false, true) => Direction::Inbound,
            (true, true) => Direction::Internal,
            (false, false) => Direction::Transit,
        }
    }

    /// Returns which way a frame went that belongs to no conversation: ARP by its protocol addresses, the rest
    /// by what the link says of it, which only a live capture can be asked.
    pub fn direction_of_frame(&self, frame: &Frame<'_>) -> Direction {
        match frame.network {
            Network::Arp(arp) => self.direction(arp.sender.into(), arp.target.into(), Cast::Unicast),
            Network::Ipv4(ip) => self.direction(ip.source.into(), ip.destination.into(), frame.link.cast),
            Network::Ipv6(ip) => self.direction(ip.source.into(), ip.destination.into(), frame.link.cast),
            Network::None | Network::Other(_) => self.direction_by_link(frame),
        }
    }

    fn direction_by_link(&self, frame: &Frame<'_>) -> Direction {
        if self.rule != LocalRule::InterfaceAddresses {
            return Direction::Transit;
        }
        let ours = |address: Option<MacAddr>| address.is_some_and(|mac| self.hardware.contains(&mac));
        match frame.link.travel {
            Travel::FromUs => Direction::Outbound,
            Travel::ToUs => Direction::Inbound,
            Travel::Unknown if ours(frame.link.source) => Direction::Outbound,
            Travel::Unknown if ours(frame.link.destination) || is_group(frame.link.cast) => {
                Direction::Inbound
            }
            Travel::Unknown | Travel::Others => Direction::Transit,
        }
    }

    /// Tells whether a packet is for many. The link layer tells the broadcast addresses of networks whose prefix is not
    /// known; a group of stations says nothing, because clusters are reached at one address through it.
    pub(crate) fn is_to_many(&self, destination: IpAddr, cast: Cast) -> bool {
        match destination {
            IpAddr::V4(address) => {
                cast == Cast::Broadcast
                    || address.is_multicast()
                    || address.is_broadcast()
                    || self.broadcasts.contains(&address)
            }
            IpAddr::V6(address) => address.is_multicast(),
        }
    }
}

const fn is_group(cast: Cast) -> bool {
    matches!(cast, Cast::Multicast | Cast::Broadcast)
}

/// The directed broadcast addresses of networks that have one (RFC 919; none on a link of two, RFC 3021).
fn broadcasts_of(networks: &[IpNet]) -> Vec<Ipv4Addr> {
    networks
        .iter()
        .filter_map(|network| match network {
            IpNet::V4(network) if network.prefix_len() < 31 => Some(network.broadcast()),
            _ => None,
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ip(text: &str) -> IpAddr {
        text.parse().unwrap()
    }

    fn unicast(local: &LocalNetworks, source: &str, destination: &str) -> Direction {
        local.direction(ip(source), ip(destination), Cast::Unicast)
    }

    #[test]
    fn private_ranges_tell_all_four_directions() {
        let local = LocalNetworks::default();
        assert_eq!(unicast(&local, "192.168.1.2", "1.1.1.1"), Direction::Outbound);
        assert_eq!(unicast(&local, "2600::1", "fd00::1"), Direction::Inbound);
        assert_eq!(unicast(&local, "10.0.0.1", "172.31.0.1"), Direction::Internal);
        assert_eq!(unicast(&local, "172.32.0.1", "8.8.8.8"), Direction::Transit);
    }

    #[test]
    fn to_many_is_the_other_side_of_its_source() {
        let local = LocalNetworks::default();
        assert_eq!(unicast(&local, "192.168.1.2", "224.0.0.251"), Direction::Outbound);
        assert_eq!(unicast(&local, "8.8.8.8", "ff02::1"), Direction::Inbound);
        assert_eq!(unicast(&local, "0.0.0.0", "255.255.255.255"), Direction::Outbound);
        assert_eq!(
            local.direction(ip("192.168.1.2"), ip("192.168.1.255"), Cast::Broadcast),
            Direction::Outbound
        );
    }

    #[test]
    fn one_address_behind_a_group_of_stations_is_one_address() {
        let local = LocalNetworks::default();
        let through_group = |from: &str, to: &str| local.direction(ip(from), ip(to), Cast::Multicast);
        assert_eq!(through_group("2600::1", "2600::2"), Direction::Transit);
        assert_eq!(through_group("192.168.1.2", "192.168.1.9"), Direction::Internal);
    }

    #[test]
    fn an_interface_address_is_local_and_its_neighbour_is_not() {
        let local = LocalNetworks::of_interfaces(&["192.168.1.2/24".parse().unwrap()], Vec::new());
        assert_eq!(unicast(&local, "192.168.1.3", "192.168.1.2"), Direction::Inbound);
        assert_eq!(unicast(&local, "192.168.1.3", "192.168.1.4"), Direction::Transit);
        assert_eq!(unicast(&local, "192.168.1.2", "192.168.1.255"), Direction::Outbound);
        assert_eq!(local.networks(), ["192.168.1.2/32".parse::<IpNet>().unwrap()]);
    }

    #[test]
    fn named_networks_replace_the_rule() {
        let local = LocalNetworks::given(vec!["8.8.0.0/16".parse().unwrap()]);
        assert_eq!(unicast(&local, "8.8.8.8", "192.168.1.1"), Direction::Outbound);
        assert_eq!(local.rule(), LocalRule::Given);
    }
}
