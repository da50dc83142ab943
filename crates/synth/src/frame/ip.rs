//! IPv4, IPv6, and what stands on them with a checksum over the addresses: UDP and ICMP.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use super::{ethernet, ethertype, fold, len16, patch, sum};
use crate::path::{Endpoint, Tags};

/// IP protocol numbers.
pub mod protocol {
    /// ICMP (RFC 792).
    pub const ICMP: u8 = 1;
    /// IGMP (RFC 3376).
    pub const IGMP: u8 = 2;
    /// TCP (RFC 9293).
    pub const TCP: u8 = 6;
    /// UDP (RFC 768).
    pub const UDP: u8 = 17;
    /// ICMPv6 (RFC 4443).
    pub const ICMPV6: u8 = 58;
}

/// Router alert with padding, the option that IGMP carries (RFC 2113).
const ROUTER_ALERT: [u8; 4] = [0x94, 0x04, 0, 0];

/// Don't fragment.
const DONT_FRAGMENT: u16 = 0x4000;

/// More fragments follow.
const MORE_FRAGMENTS: u16 = 0x2000;

/// Length of the UDP header, in bytes.
const UDP_HEADER_LEN: usize = 8;

/// Where the checksum stands in the header of UDP.
const UDP_CHECKSUM: usize = 6;

/// Where the checksum stands in a message of ICMP, ICMPv6 and IGMP.
const MESSAGE_CHECKSUM: usize = 2;

/// Hop counts: of a neighbour's link-local talk (RFC 4861), of a client behind one router, of a server behind eight.
const HOPS_LOCAL: u8 = 255;
const HOPS_NEAR: u8 = 63;
const HOPS_FAR: u8 = 56;

/// What varies in the header of IP.
#[derive(Clone, Copy, Debug, Default)]
pub struct Header {
    /// The number of the protocol above.
    pub protocol: u8,
    /// The identification of IPv4.
    pub identification: u16,
    /// Whether routers shall look at the packet (IPv4 only).
    pub router_alert: bool,
    /// Which part of a datagram this is; `None` for a whole one (IPv4 only).
    pub fragment: Option<Fragment>,
}

/// A part of a datagram of IPv4.
#[derive(Clone, Copy, Debug)]
pub struct Fragment {
    /// Where the part begins in the payload of IP, in bytes: a multiple of 8.
    pub offset: usize,
    /// Whether other parts follow.
    pub more: bool,
}

/// Appends the headers of Ethernet and IP before a payload of `len` bytes.
///
/// Of two addresses of different families both are written as IPv6, the other as mapped (RFC 4291 section 2.5.5.2).
pub fn header(out: &mut Vec<u8>, src: Endpoint, dst: Endpoint, tags: Tags, header: Header, len: usize) {
    if let (IpAddr::V4(from), IpAddr::V4(to)) = (src.ip, dst.ip) {
        ethernet(out, src.mac, dst.mac, tags, ethertype::IPV4);
        ipv4(out, from, to, header, len);
    } else {
        ethernet(out, src.mac, dst.mac, tags, ethertype::IPV6);
        let (from, to) = (as_ipv6(src.ip), as_ipv6(dst.ip));
        out.extend([0x60, 0, 0, 0]);
        out.extend(len16(len).to_be_bytes());
        out.extend([header.protocol, hops_ipv6(from, to)]);
        out.extend(from.octets());
        out.extend(to.octets());
    }
}

fn ipv4(out: &mut Vec<u8>, src: Ipv4Addr, dst: Ipv4Addr, header: Header, len: usize) {
    let begin = out.len();
    let options: &[u8] = if header.router_alert { &ROUTER_ALERT } else { &[] };
    let header_len = 20 + options.len();
    let words = u8::try_from(header_len / 4).unwrap_or(5);
    let fragment = header.fragment.map_or(DONT_FRAGMENT, |fragment| {
        len16(fragment.offset / 8) | if fragment.more { MORE_FRAGMENTS } else { 0 }
    });
    out.extend([0x40 | words, 0]);
    out.extend(len16(header_len + len).to_be_bytes());
    out.extend(header.identification.to_be_bytes());
    out.extend(fragment.to_be_bytes());
    let hops = if header.router_alert { 1 } else { hops_ipv4(src, dst) };
    out.extend([hops, header.protocol, 0, 0]);
    out.extend(src.octets());
    out.extend(dst.octets());
    out.extend(options);
    let checksum = fold(sum(0, out.get(begin..).unwrap_or_default()));
    patch(out, begin + 10, checksum.to_be_bytes());
}

fn hops_ipv4(src: Ipv4Addr, dst: Ipv4Addr) -> u8 {
    if dst.is_multicast() || dst.is_broadcast() || src.is_unspecified() {
        HOPS_LOCAL
    } else if src.is_private() {
        HOPS_NEAR
    } else {
        HOPS_FAR
    }
}

fn hops_ipv6(src: Ipv6Addr, dst: Ipv6Addr) -> u8 {
    if dst.is_multicast() || src.is_unicast_link_local() || dst.is_unicast_link_local() {
        HOPS_LOCAL
    } else {
        HOPS_FAR
    }
}

fn as_ipv6(ip: IpAddr) -> Ipv6Addr {
    match ip {
        IpAddr::V4(ip) => ip.to_ipv6_mapped(),
        IpAddr::V6(ip) => ip,
    }
}

/// Sums the pseudo-header of TCP, UDP and ICMPv6 (RFC 9293 section 3.1, RFC 8200 section 8.1).
pub fn pseudo_sum(src: IpAddr, dst: IpAddr, protocol: u8, len: usize) -> u64 {
    let addresses = if let (IpAddr::V4(from), IpAddr::V4(to)) = (src, dst) {
        sum(sum(0, &from.octets()), &to.octets())
    } else {
        sum(sum(0, &as_ipv6(src).octets()), &as_ipv6(dst).octets())
    };
    addresses + u64::from(protocol) + u64::try_from(len).unwrap_or_default()
}

/// Appends a datagram of UDP, header and payload, without the layers below.
pub fn udp(out: &mut Vec<u8>, src: Endpoint, dst: Endpoint, payload: &[u8]) {
    let (begin, len) = (out.len(), UDP_HEADER_LEN + payload.len());
    out.extend(src.port.to_be_bytes());
    out.extend(dst.port.to_be_bytes());
    out.extend(len16(len).to_be_bytes());
    out.extend([0, 0]);
    out.extend(payload);
    let pseudo = pseudo_sum(src.ip, dst.ip, protocol::UDP, len);
    let checksum = match fold(sum(pseudo, out.get(begin..).unwrap_or_default())) {
        // Zero on the wire would mean that there is no checksum (RFC 768).
        0 => 0xffff,
        checksum => checksum,
    };
    patch(out, begin + UDP_CHECKSUM, checksum.to_be_bytes());
}

/// Appends a message of ICMP, ICMPv6 or IGMP with its checksum put in; bytes 2 and 3 of `message` are ignored.
pub fn message(out: &mut Vec<u8>, src: Endpoint, dst: Endpoint, protocol: u8, message: &[u8]) {
    let begin = out.len();
    out.extend(message);
    patch(out, begin + MESSAGE_CHECKSUM, [0, 0]);
    let start =
        if protocol == protocol::ICMPV6 { pseudo_sum(src.ip, dst.ip, protocol, message.len()) } else { 0 };
    let checksum = fold(sum(start, out.get(begin..).unwrap_or_default()));
    patch(out, begin + MESSAGE_CHECKSUM, checksum.to_be_bytes());
}
