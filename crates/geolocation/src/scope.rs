//! What an address is by IANA's special-purpose address registries (design document: `is_public_ip`).

use std::net::{IpAddr, Ipv4Addr};

use netsonde_messages::Scope::{
    self, Benchmarking, Broadcast, Documentation, Global, Ipv4Mapped, LinkLocal, Loopback, Multicast, Nat64,
    Private, Reserved, Shared, SixToFour, Teredo, Unspecified,
};

use crate::prefix::Prefix;

/// A block of addresses that is for something of its own.
#[derive(Clone, Copy, Debug)]
pub struct Special {
    /// The block.
    pub prefix: Prefix,
    /// What it is for.
    pub scope: Scope,
    /// The document that says so.
    pub source: &'static str,
}

/// IANA's IPv4 special-purpose address registry and the classes beside it, the longest prefixes first.
pub const SPECIAL_V4: &[Special] = &[
    v4([0, 0, 0, 0], 32, Unspecified, "RFC 1122"),
    v4([192, 0, 0, 8], 32, Reserved, "RFC 7600"),
    v4([192, 0, 0, 9], 32, Global, "RFC 7723"),
    v4([192, 0, 0, 10], 32, Global, "RFC 8155"),
    v4([192, 0, 0, 170], 32, Reserved, "RFC 7050"),
    v4([192, 0, 0, 171], 32, Reserved, "RFC 7050"),
    v4([192, 88, 99, 2], 32, Reserved, "RFC 6751"),
    v4([255, 255, 255, 255], 32, Broadcast, "RFC 919"),
    v4([192, 0, 0, 0], 29, Reserved, "RFC 7335"),
    v4([192, 0, 0, 0], 24, Reserved, "RFC 6890"),
    v4([192, 0, 2, 0], 24, Documentation, "RFC 5737"),
    v4([192, 31, 196, 0], 24, Global, "RFC 7535"),
    v4([192, 52, 193, 0], 24, Global, "RFC 7450"),
    v4([192, 88, 99, 0], 24, SixToFour, "RFC 7526"),
    v4([192, 175, 48, 0], 24, Global, "RFC 7534"),
    v4([198, 51, 100, 0], 24, Documentation, "RFC 5737"),
    v4([203, 0, 113, 0], 24, Documentation, "RFC 5737"),
    v4([169, 254, 0, 0], 16, LinkLocal, "RFC 3927"),
    v4([192, 168, 0, 0], 16, Private, "RFC 1918"),
    v4([198, 18, 0, 0], 15, Benchmarking, "RFC 2544"),
    v4([172, 16, 0, 0], 12, Private, "RFC 1918"),
    v4([100, 64, 0, 0], 10, Shared, "RFC 6598"),
    v4([0, 0, 0, 0], 8, Unspecified, "RFC 791"),
    v4([10, 0, 0, 0], 8, Private, "RFC 1918"),
    v4([127, 0, 0, 0], 8, Loopback, "RFC 1122"),
    v4([224, 0, 0, 0], 4, Multicast, "RFC 5771"),
    v4([240, 0, 0, 0], 4, Reserved, "RFC 1112"),
];

/// IANA's registry of IPv6 unicast address assignments: the blocks out of which it gives to the regional registries. Those of
/// 8 bits have room that it has not given out yet; what is in none of them belongs to nobody.
const UNICAST: &str = "RFC 7249";

/// IANA's IPv6 special-purpose address registry and the space beside it, the longest prefixes first.
///
/// ORCHIDs and the tags of drones (RFC 7343, RFC 9374) are routable by the registry, and still the names of keys and not of places.
pub const SPECIAL_V6: &[Special] = &[
    one_v6([0, 0, 0, 0, 0, 0, 0, 0], Unspecified, "RFC 4291"),
    one_v6([0, 0, 0, 0, 0, 0, 0, 1], Loopback, "RFC 4291"),
    one_v6([0x2001, 1, 0, 0, 0, 0, 0, 1], Global, "RFC 7723"),
    one_v6([0x2001, 1, 0, 0, 0, 0, 0, 2], Global, "RFC 8155"),
    one_v6([0x2001, 1, 0, 0, 0, 0, 0, 3], Global, "RFC 9665"),
    Special {
        prefix: Prefix::one_v6([0, 0, 0, 0, 0, 0xffff, 0, 0]).shortened(96),
        scope: Ipv4Mapped,
        source: "RFC 4291",
    },
    v6([0x64, 0xff9b, 0, 0, 0], 96, Nat64, "RFC 6052"),
    v6([0x100, 0, 0, 0, 0], 64, Reserved, "RFC 6666"),
    v6([0x100, 0, 0, 1, 0], 64, Reserved, "RFC 9780"),
    v6([0x64, 0xff9b, 1, 0, 0], 48, Nat64, "RFC 8215"),
    v6([0x2001, 2, 0, 0, 0], 48, Benchmarking, "RFC 5180"),
    v6([0x2001, 4, 0x112, 0, 0], 48, Global, "RFC 7535"),
    v6([0x2620, 0x4f, 0x8000, 0, 0], 48, Global, "RFC 7534"),
    v6([0x2001, 0, 0, 0, 0], 32, Teredo, "RFC 4380"),
    v6([0x2001, 3, 0, 0, 0], 32, Global, "RFC 7450"),
    v6([0x2001, 0xdb8, 0, 0, 0], 32, Documentation, "RFC 3849"),
    v6([0x2001, 0x10, 0, 0, 0], 28, Reserved, "RFC 4843"),
    v6([0x2001, 0x20, 0, 0, 0], 28, Reserved, "RFC 7343"),
    v6([0x2001, 0x30, 0, 0, 0], 28, Reserved, "RFC 9374"),
    v6([0x2001, 0, 0, 0, 0], 23, Reserved, "RFC 2928"),
    v6([0x3fff, 0, 0, 0, 0], 20, Documentation, "RFC 9637"),
    v6([0x2001, 0, 0, 0, 0], 16, Global, UNICAST),
    v6([0x2002, 0, 0, 0, 0], 16, SixToFour, "RFC 3056"),
    v6([0x2003, 0, 0, 0, 0], 16, Global, UNICAST),
    v6([0x5f00, 0, 0, 0, 0], 16, Reserved, "RFC 9602"),
    v6([0xfe80, 0, 0, 0, 0], 10, LinkLocal, "RFC 4291"),
    v6([0xfec0, 0, 0, 0, 0], 10, Reserved, "RFC 3879"),
    v6([0x2400, 0, 0, 0, 0], 8, Global, UNICAST),
    v6([0x2600, 0, 0, 0, 0], 8, Global, UNICAST),
    v6([0x2800, 0, 0, 0, 0], 8, Global, UNICAST),
    v6([0x2a00, 0, 0, 0, 0], 8, Global, UNICAST),
    v6([0x2c00, 0, 0, 0, 0], 8, Global, UNICAST),
    v6([0xff00, 0, 0, 0, 0], 8, Multicast, "RFC 4291"),
    v6([0xfc00, 0, 0, 0, 0], 7, Private, "RFC 4193"),
    v6([0, 0, 0, 0, 0], 0, Reserved, "RFC 4291"),
];

/// Tells what an address is (RFC 6890 and the registries that it set up).
pub fn scope(address: IpAddr) -> Scope {
    let table = if address.is_ipv4() { SPECIAL_V4 } else { SPECIAL_V6 };
    table.iter().find(|special| special.prefix.contains(address)).map_or(Global, |special| special.scope)
}

/// Returns the IPv4 address that an IPv6 one carries: mapped (RFC 4291), behind a translator with the well-known prefix
/// (RFC 6052) or at the end of a tunnel of 6to4 (RFC 3056).
pub fn embedded_ipv4(address: IpAddr) -> Option<Ipv4Addr> {
    let IpAddr::V6(address) = address else { return None };
    match address.segments() {
        [0, 0, 0, 0, 0, 0xffff, high, low]
        | [0x64, 0xff9b, 0, 0, 0, 0, high, low]
        | [0x2002, high, low, ..] => {
            let ([a, b], [c, d]) = (high.to_be_bytes(), low.to_be_bytes());
            Some(Ipv4Addr::new(a, b, c, d))
        }
        _ => None,
    }
}

const fn v4(octets: [u8; 4], length: u8, scope: Scope, source: &'static str) -> Special {
    Special { prefix: Prefix::v4(octets, length), scope, source }
}

const fn v6(groups: [u16; 5], length: u8, scope: Scope, source: &'static str) -> Special {
    Special { prefix: Prefix::v6(groups, length), scope, source }
}

const fn one_v6(groups: [u16; 8], scope: Scope, source: &'static str) -> Special {
    Special { prefix: Prefix::one_v6(groups), scope, source }
}

#[cfg(test)]
mod tests {
    use std::net::Ipv6Addr;

    use super::*;

    /// Every row with what lies just before and just behind it, read off the registries by hand: block, what is before,
    /// what it is, what is behind. `-`: there is nothing.
    const ROWS: &[(&str, &str, Scope, &str)] = &[
        ("0.0.0.0/32", "-", Unspecified, "Unspecified"),
        ("0.0.0.0/8", "-", Unspecified, "Global"),
        ("10.0.0.0/8", "Global", Private, "Global"),
        ("100.64.0.0/10", "Global", Shared, "Global"),
        ("127.0.0.0/8", "Global", Loopback, "Global"),
        ("169.254.0.0/16", "Global", LinkLocal, "Global"),
        ("172.16.0.0/12", "Global", Private, "Global"),
        ("192.0.0.0/29", "Global", Reserved, "Reserved"),
        ("192.0.0.0/24", "Global", Reserved, "Global"),
        ("192.0.0.8/32", "Reserved", Reserved, "Global"),
        ("192.0.0.9/32", "Reserved", Global, "Global"),
        ("192.0.0.10/32", "Global", Global, "Reserved"),
        ("192.0.0.170/32", "Reserved", Reserved, "Reserved"),
        ("192.0.0.171/32", "Reserved", Reserved, "Reserved"),
        ("192.0.2.0/24", "Global", Documentation, "Global"),
        ("192.31.196.0/24", "Global", Global, "Global"),
        ("192.52.193.0/24", "Global", Global, "Global"),
        ("192.88.99.0/24", "Global", SixToFour, "Global"),
        ("192.88.99.2/32", "SixToFour", Reserved, "SixToFour"),
        ("192.168.0.0/16", "Global", Private, "Global"),
        ("192.175.48.0/24", "Global", Global, "Global"),
        ("198.18.0.0/15", "Global", Benchmarking, "Global"),
        ("198.51.100.0/24", "Global", Documentation, "Global"),
        ("203.0.113.0/24", "Global", Documentation, "Global"),
        ("224.0.0.0/4", "Global", Multicast, "Reserved"),
        ("240.0.0.0/4", "Multicast", Reserved, "-"),
        ("255.255.255.255/32", "Reserved", Broadcast, "-"),
        ("::/0", "-", Reserved, "-"),
        ("::/128", "-", Unspecified, "Loopback"),
        ("::1/128", "Unspecified", Loopback, "Reserved"),
        ("::ffff:0:0/96", "Reserved", Ipv4Mapped, "Reserved"),
        ("64:ff9b::/96", "Reserved", Nat64, "Reserved"),
        ("64:ff9b:1::/48", "Reserved", Nat64, "Reserved"),
        ("100::/64", "Reserved", Reserved, "Reserved"),
        ("100:0:0:1::/64", "Reserved", Reserved, "Reserved"),
        ("2001::/16", "Reserved", Global, "SixToFour"),
        ("2001::/23", "Reserved", Reserved, "Global"),
        ("2001::/32", "Reserved", Teredo, "Reserved"),
        ("2001:1::1/128", "Reserved", Global, "Global"),
        ("2001:1::2/128", "Global", Global, "Global"),
        ("2001:1::3/128", "Global", Global, "Reserved"),
        ("2001:2::/48", "Reserved", Benchmarking, "Reserved"),
        ("2001:3::/32", "Reserved", Global, "Reserved"),
        ("2001:4:112::/48", "Reserved", Global, "Reserved"),
        ("2001:10::/28", "Reserved", Reserved, "Reserved"),
        ("2001:20::/28", "Reserved", Reserved, "Reserved"),
        ("2001:30::/28", "Reserved", Reserved, "Reserved"),
        ("2001:db8::/32", "Global", Documentation, "Global"),
        ("2002::/16", "Global", SixToFour, "Global"),
        ("2003::/16", "SixToFour", Global, "Reserved"),
        ("2400::/8", "Reserved", Global, "Reserved"),
        ("2600::/8", "Reserved", Global, "Reserved"),
        ("2800::/8", "Reserved", Global, "Reserved"),
        ("2a00::/8", "Reserved", Global, "Reserved"),
        ("2c00::/8", "Reserved", Global, "Reserved"),
        ("2620:4f:8000::/48", "Global", Global, "Global"),
        ("3fff::/20", "Reserved", Documentation, "Reserved"),
        ("5f00::/16", "Reserved", Reserved, "Reserved"),
        ("fc00::/7", "Reserved", Private, "Reserved"),
        ("fe80::/10", "Reserved", LinkLocal, "Reserved"),
        ("fec0::/10", "LinkLocal", Reserved, "Multicast"),
        ("ff00::/8", "Reserved", Multicast, "-"),
    ];

    #[test]
    fn every_row_begins_and_ends_where_the_registry_says() {
        for &(block, before, expected, behind) in ROWS {
            let prefix = Prefix::parse(block).unwrap();
            let longer = |address| {
                ROWS.iter().any(|(other, _, special, _)| {
                    let other = Prefix::parse(other).unwrap();
                    other.length() > prefix.length() && other.contains(address) && *special != expected
                })
            };
            for end in [prefix.first(), prefix.last()] {
                assert!(scope(end) == expected || longer(end), "{end} of {block} is {:?}", scope(end));
            }
            let beside =
                |address: Option<IpAddr>| address.map_or("-".to_owned(), |it| format!("{:?}", scope(it)));
            assert_eq!(beside(stepped(prefix.first(), false)), before, "before {block}");
            assert_eq!(beside(stepped(prefix.last(), true)), behind, "behind {block}");
        }
    }

    #[test]
    fn the_test_knows_every_row_and_the_table_no_other() {
        let blocks = |table: &[Special]| -> Vec<String> {
            table.iter().map(|special| special.prefix.to_string()).collect()
        };
        let mut ours = [blocks(SPECIAL_V4), blocks(SPECIAL_V6)].concat();
        let mut tested: Vec<_> = ROWS.iter().map(|row| Prefix::parse(row.0).unwrap().to_string()).collect();
        ours.sort();
        tested.sort();
        assert_eq!(ours, tested);
    }

    #[test]
    fn the_most_specific_row_is_found_first() {
        for table in [SPECIAL_V4, SPECIAL_V6] {
            assert!(table.is_sorted_by(|a, b| a.prefix.length() >= b.prefix.length()));
            assert!(table.iter().all(|row| Prefix::parse(&row.prefix.to_string()) == Some(row.prefix)));
        }
    }

    #[test]
    fn addresses_behind_a_carriers_translator_are_not_public() {
        for address in ["100.64.0.0", "100.100.100.100", "100.127.255.255"] {
            assert_eq!(scope(address.parse().unwrap()), Shared, "{address}");
        }
        assert_eq!(scope("100.63.255.255".parse().unwrap()), Global);
        assert_eq!(scope("100.128.0.0".parse().unwrap()), Global);
    }

    #[test]
    fn addresses_that_everybody_knows_are_public() {
        for address in
            ["1.1.1.1", "8.8.8.8", "193.0.6.139", "2001:4860:4860::8888", "2a00:1450::1", "2606:4700::1111"]
        {
            assert_eq!(scope(address.parse().unwrap()), Global, "{address}");
        }
    }

    #[test]
    fn an_ipv6_address_gives_away_the_ipv4_one_inside() {
        let inside = |address: &str| embedded_ipv4(address.parse().unwrap()).map(|inside| inside.to_string());
        assert_eq!(inside("::ffff:192.0.2.33").as_deref(), Some("192.0.2.33"));
        assert_eq!(inside("64:ff9b::192.0.2.33").as_deref(), Some("192.0.2.33"));
        // c000:0221 is 192.0.2.33.
        assert_eq!(inside("2002:c000:221::1").as_deref(), Some("192.0.2.33"));
        for address in
            ["192.0.2.33", "64:ff9b:1::192.0.2.33", "2001:0:c000:221::1", "::192.0.2.33", "2001:db8::1"]
        {
            assert_eq!(inside(address), None, "{address}");
        }
    }

    /// Returns the address beside one; none behind the last and before the first.
    fn stepped(address: IpAddr, up: bool) -> Option<IpAddr> {
        Some(match address {
            IpAddr::V4(address) => {
                let bits = u32::from(address);
                Ipv4Addr::from(if up { bits.checked_add(1)? } else { bits.checked_sub(1)? }).into()
            }
            IpAddr::V6(address) => {
                let bits = u128::from(address);
                Ipv6Addr::from(if up { bits.checked_add(1)? } else { bits.checked_sub(1)? }).into()
            }
        })
    }
}
