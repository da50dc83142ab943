//! Messages of ICMP (RFC 792) and ICMPv6 (RFC 4443, RFC 4861), their checksum zero until a frame is put around.

use std::net::Ipv6Addr;

use super::bytes::Bytes;

/// How much of the packet at fault an error quotes, so that it fits into 576 bytes (RFC 1812 section 4.3.2.3).
const MAX_QUOTE: usize = 548;

/// The way an echo goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Echo {
    /// Asks.
    Request,
    /// Answers.
    Reply,
}

/// Returns an echo of IPv4 with the 56 bytes of content that `ping` sends.
pub fn echo_v4(echo: Echo, identifier: u16, sequence: u16) -> Vec<u8> {
    let kind = if echo == Echo::Request { 8 } else { 0 };
    write_echo(kind, identifier, sequence)
}

/// Returns an echo of IPv6.
pub fn echo_v6(echo: Echo, identifier: u16, sequence: u16) -> Vec<u8> {
    let kind = if echo == Echo::Request { 128 } else { 129 };
    write_echo(kind, identifier, sequence)
}

fn write_echo(kind: u8, identifier: u16, sequence: u16) -> Vec<u8> {
    let mut out = Bytes::new();
    out.u8(kind).u8(0).u16s([0, identifier, sequence]).zeros(8);
    for byte in 0x08..0x38 {
        out.u8(byte);
    }
    out.into_vec()
}

/// Returns an error of IPv4 about a packet, whose bytes begin with its IP header: code 1 is an unreachable host, 3
/// an unreachable port.
pub fn unreachable_v4(code: u8, packet: &[u8]) -> Vec<u8> {
    let mut out = Bytes::new();
    out.u8(3).u8(code).zeros(6).put(packet.get(..MAX_QUOTE).unwrap_or(packet));
    out.into_vec()
}

/// Asks who has an address (RFC 4861 section 4.3), with the asker's own Ethernet address.
pub fn neighbour_solicitation(target: Ipv6Addr, mac: [u8; 6]) -> Vec<u8> {
    let mut out = Bytes::new();
    // Option 1, one unit of 8 bytes: the source's address.
    out.u8(135).u8(0).zeros(6).put(&target.octets()).put(&[1, 1]).put(&mac);
    out.into_vec()
}

/// Answers [`neighbour_solicitation`] (RFC 4861 section 4.4).
pub fn neighbour_advertisement(target: Ipv6Addr, mac: [u8; 6]) -> Vec<u8> {
    let mut out = Bytes::new();
    // Solicited, and replaces what was known; option 2 is the target's address.
    out.u8(136).u8(0).u16(0).u32(0x6000_0000).put(&target.octets()).put(&[2, 1]).put(&mac);
    out.into_vec()
}

/// Tells everybody about the prefix of this network, 64 bits long (RFC 4861 section 4.2).
pub fn router_advertisement(prefix: Ipv6Addr, mac: [u8; 6]) -> Vec<u8> {
    let mut out = Bytes::new();
    // 64 hops, 30 minutes as default router, no other times given.
    out.u8(134).u8(0).u16(0).put(&[64, 0]).u16(1800).zeros(8);
    // Option 3: on this link, for addresses of one's own, valid a day, preferred four hours.
    out.put(&[3, 4, 64, 0xc0]).u32(86_400).u32(14_400).u32(0).put(&prefix.octets()).put(&[1, 1]).put(&mac);
    out.into_vec()
}

/// Joins groups (`MLDv2`, RFC 3810 section 5.2): everything but an empty list of sources is wanted.
pub fn multicast_report(groups: &[Ipv6Addr]) -> Vec<u8> {
    let mut out = Bytes::new();
    out.u8(143).u8(0).u16s([0, 0, super::bytes::len16(groups.len())]);
    for group in groups {
        out.put(&[4, 0]).u16(0).put(&group.octets());
    }
    out.into_vec()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn echo_is_header_and_56_bytes() {
        let echo = echo_v4(Echo::Request, 0x1234, 7);
        assert_eq!((echo.len(), &echo[..8]), (64, &[8, 0, 0, 0, 0x12, 0x34, 0, 7][..]));
        assert_eq!((echo_v4(Echo::Reply, 1, 1)[0], echo_v6(Echo::Reply, 1, 1)[0]), (0, 129));
    }

    #[test]
    fn error_quotes_no_more_than_fits() {
        assert_eq!(unreachable_v4(3, &[0x45; 28]).len(), 8 + 28);
        assert_eq!(unreachable_v4(3, &[0x45; 1500]).len(), 8 + 548);
    }

    #[test]
    fn options_are_whole_units_of_eight_bytes() {
        let target = Ipv6Addr::LOCALHOST;
        // Header 8, address 16, option 8; the router's: 16, prefix 32, address 8.
        assert_eq!(neighbour_solicitation(target, [1; 6]).len(), 32);
        assert_eq!(neighbour_advertisement(target, [1; 6]).len(), 32);
        assert_eq!(router_advertisement(target, [1; 6]).len(), 56);
        assert_eq!(multicast_report(&[target, target]).len(), 8 + 2 * 20);
    }
}
