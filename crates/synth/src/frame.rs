//! The bytes of a frame: headers with right lengths and checksums around a payload.
//!
//! Each function appends one layer to a buffer that is used again for every packet. Ethernet comes without its
//! checksum and padded to 60 bytes, as a network card hands it over.

pub mod ip;
pub mod tcp;

use std::net::Ipv4Addr;

use crate::path::{Mac, Tags, mac_of};

/// The shortest frame without its checksum, in bytes (IEEE 802.3).
pub const MIN_LEN: usize = 60;

/// `EtherType` values.
pub mod ethertype {
    /// IPv4.
    pub const IPV4: u16 = 0x0800;
    /// ARP (RFC 826).
    pub const ARP: u16 = 0x0806;
    /// IPv6.
    pub const IPV6: u16 = 0x86dd;
    /// A VLAN tag (IEEE 802.1Q).
    pub const VLAN: u16 = 0x8100;
    /// The outer of two tags (IEEE 802.1ad).
    pub const QINQ: u16 = 0x88a8;
}

/// Appends the header of Ethernet, with tags.
pub fn ethernet(out: &mut Vec<u8>, src: Mac, dst: Mac, tags: Tags, ethertype: u16) {
    out.extend(dst);
    out.extend(src);
    let mut tag = |ethertype: u16, id: u16| {
        out.extend(ethertype.to_be_bytes());
        out.extend((id & 0x0fff).to_be_bytes());
    };
    match tags {
        Tags::None => {}
        Tags::Vlan(id) => tag(ethertype::VLAN, id),
        Tags::QinQ(outer, inner) => {
            tag(ethertype::QINQ, outer);
            tag(ethertype::VLAN, inner);
        }
    }
    out.extend(ethertype.to_be_bytes());
}

/// What an ARP packet does (RFC 826).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ArpOperation {
    /// Asks who has an address.
    Request,
    /// Answers.
    Reply,
}

/// Appends a whole frame of ARP: `sender` asks for or answers `target`.
pub fn arp(out: &mut Vec<u8>, operation: ArpOperation, sender: Ipv4Addr, target: Ipv4Addr, tags: Tags) {
    let (src, asked) = (mac_of(sender.into()), mac_of(target.into()));
    let (code, dst, target_mac) = match operation {
        ArpOperation::Request => (1_u16, [0xff; 6], [0; 6]),
        ArpOperation::Reply => (2, asked, asked),
    };
    ethernet(out, src, dst, tags, ethertype::ARP);
    // Ethernet, IPv4, and the lengths of their addresses.
    out.extend([0x00, 0x01, 0x08, 0x00, 6, 4]);
    out.extend(code.to_be_bytes());
    out.extend(src);
    out.extend(sender.octets());
    out.extend(target_mac);
    out.extend(target.octets());
}

/// Pads a frame to its least length.
pub fn pad(out: &mut Vec<u8>) {
    if out.len() < MIN_LEN {
        out.resize(MIN_LEN, 0);
    }
}

/// Sums bytes as 16-bit words for the checksum of the Internet (RFC 1071), on top of an earlier sum.
///
/// All parts but the last must have an even length.
pub fn sum(start: u64, bytes: &[u8]) -> u64 {
    let (chunks, rest) = bytes.as_chunks::<4>();
    let mut sum = chunks.iter().fold(start, |sum, chunk| sum + u64::from(u32::from_be_bytes(*chunk)));
    let (pairs, last) = rest.as_chunks::<2>();
    sum += pairs.iter().map(|pair| u64::from(u16::from_be_bytes(*pair))).sum::<u64>();
    sum + last.iter().map(|byte| u64::from(*byte) << 8).sum::<u64>()
}

/// Folds a sum into the checksum that makes the whole come out as zero.
pub fn fold(mut sum: u64) -> u16 {
    while sum > 0xffff {
        sum = (sum >> 16) + (sum & 0xffff);
    }
    !u16::try_from(sum).unwrap_or_default()
}

/// Overwrites bytes in the middle of a frame; what would pass its end is left as it is.
pub(crate) fn patch(out: &mut [u8], at: usize, value: [u8; 2]) {
    if let Some(place) = out.get_mut(at..at + 2) {
        place.copy_from_slice(&value);
    }
}

/// Returns a length as a field of 16 bits; what does not fit is no packet that a plan makes.
pub(crate) fn len16(len: usize) -> u16 {
    u16::try_from(len).unwrap_or(u16::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn checksum_is_that_of_the_worked_example() {
        // RFC 1071 section 3: 0001 f203 f4f5 f6f7 sum to 2ddf0, folded ddf2, so that the checksum is 220d.
        let bytes = [0x00, 0x01, 0xf2, 0x03, 0xf4, 0xf5, 0xf6, 0xf7];
        assert_eq!(fold(sum(0, &bytes)), 0x220d);
        // In two parts, and with an odd last byte, which counts as the high one: ddf2 + 0100 = def2.
        assert_eq!(fold(sum(sum(0, &bytes[..2]), &bytes[2..])), 0x220d);
        assert_eq!(fold(sum(sum(0, &bytes), &[0x01])), !0xdef2);
    }

    #[test]
    fn tags_stand_between_addresses_and_type() {
        let mut out = Vec::new();
        ethernet(&mut out, [1; 6], [2; 6], Tags::QinQ(100, 7), ethertype::IPV6);
        assert_eq!(out[..12], [2, 2, 2, 2, 2, 2, 1, 1, 1, 1, 1, 1]);
        assert_eq!(out[12..], [0x88, 0xa8, 0, 100, 0x81, 0x00, 0, 7, 0x86, 0xdd]);
    }
}
