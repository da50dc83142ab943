//! Blocks of addresses.

use std::fmt;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

/// A block of addresses: those that begin with the same bits.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Prefix {
    network: IpAddr,
    length: u8,
}

impl Prefix {
    /// A block of IPv4, the length 32 at most and the bits behind it zero.
    pub(crate) const fn v4(octets: [u8; 4], length: u8) -> Self {
        let [a, b, c, d] = octets;
        Self { network: IpAddr::V4(Ipv4Addr::new(a, b, c, d)), length }
    }

    /// A block of IPv6, the length 128 at most and the bits behind it zero; the last three groups are zero.
    pub(crate) const fn v6(groups: [u16; 5], length: u8) -> Self {
        let of = groups;
        Self { network: IpAddr::V6(Ipv6Addr::new(of[0], of[1], of[2], of[3], of[4], 0, 0, 0)), length }
    }

    /// A single address of IPv6.
    pub(crate) const fn one_v6(groups: [u16; 8]) -> Self {
        let of = groups;
        let address = Ipv6Addr::new(of[0], of[1], of[2], of[3], of[4], of[5], of[6], of[7]);
        Self { network: IpAddr::V6(address), length: 128 }
    }

    /// The same block with fewer bits the same; those behind them are zero.
    pub(crate) const fn shortened(self, length: u8) -> Self {
        Self { network: self.network, length }
    }

    /// Reads `ADDRESS/LENGTH`, or an address alone; none where bits behind the length are set.
    pub(crate) fn parse(text: &str) -> Option<Self> {
        let (network, length) = match text.split_once('/') {
            Some((network, length)) => (network.parse().ok()?, Some(length.parse().ok()?)),
            None => (text.parse().ok()?, None),
        };
        let bits = bits(network);
        let prefix = Self { network, length: length.unwrap_or(bits) };
        (prefix.length <= bits && prefix.first() == network).then_some(prefix)
    }

    /// Returns how many bits are the same.
    pub fn length(&self) -> u8 {
        self.length
    }

    /// Returns the lowest address.
    pub fn first(&self) -> IpAddr {
        match self.network {
            IpAddr::V4(network) => Ipv4Addr::from(u32::from(network) & mask_v4(self.length)).into(),
            IpAddr::V6(network) => Ipv6Addr::from(u128::from(network) & mask_v6(self.length)).into(),
        }
    }

    /// Returns the highest address.
    pub fn last(&self) -> IpAddr {
        match self.network {
            IpAddr::V4(network) => Ipv4Addr::from(u32::from(network) | !mask_v4(self.length)).into(),
            IpAddr::V6(network) => Ipv6Addr::from(u128::from(network) | !mask_v6(self.length)).into(),
        }
    }

    /// Tells whether an address is of the block.
    pub fn contains(&self, address: IpAddr) -> bool {
        match (self.network, address) {
            (IpAddr::V4(network), IpAddr::V4(address)) => {
                (u32::from(network) ^ u32::from(address)) & mask_v4(self.length) == 0
            }
            (IpAddr::V6(network), IpAddr::V6(address)) => {
                (u128::from(network) ^ u128::from(address)) & mask_v6(self.length) == 0
            }
            _ => false,
        }
    }
}

impl fmt::Display for Prefix {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{}/{}", self.network, self.length)
    }
}

const fn bits(address: IpAddr) -> u8 {
    if address.is_ipv4() { 32 } else { 128 }
}

fn mask_v4(length: u8) -> u32 {
    !u32::MAX.checked_shr(length.into()).unwrap_or(0)
}

fn mask_v6(length: u8) -> u128 {
    !u128::MAX.checked_shr(length.into()).unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_block_holds_what_lies_between_its_ends() {
        let block = Prefix::parse("192.0.2.64/26").unwrap();
        assert_eq!(block.first(), IpAddr::from([192, 0, 2, 64]));
        assert_eq!(block.last(), IpAddr::from([192, 0, 2, 127]));
        assert!(block.contains(IpAddr::from([192, 0, 2, 100])));
        assert!(!block.contains(IpAddr::from([192, 0, 2, 128])));
        assert!(!block.contains("::ffff:192.0.2.100".parse().unwrap()));
        assert_eq!(block.to_string(), "192.0.2.64/26");
    }

    #[test]
    fn the_shortest_and_the_longest_lengths_hold_all_and_one() {
        let all = Prefix::parse("::/0").unwrap();
        assert!(all.contains("ff02::1".parse().unwrap()));
        assert_eq!(Prefix::parse("0.0.0.0/0").unwrap().last(), IpAddr::from([255; 4]));
        let one = Prefix::parse("2001:db8::1").unwrap();
        assert_eq!((one.length(), one.first()), (128, one.last()));
    }

    #[test]
    fn what_is_no_block_is_refused() {
        for text in ["", "192.0.2.0/33", "192.0.2.1/24", "2001:db8::/129", "192.0.2/24", "192.0.2.0/", "::/x"]
        {
            assert_eq!(Prefix::parse(text), None, "{text}");
        }
    }
}
