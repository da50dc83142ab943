//! What travels below IP: ARP, and all that is only named.

use netsonde_dissect::{Arp, EtherType, MacAddr};

use super::line::Line;

/// ARP operations (RFC 826, RFC 903).
const REQUEST: u16 = 1;
const REPLY: u16 = 2;
const REVERSE_REQUEST: u16 = 3;
const REVERSE_REPLY: u16 = 4;

/// Ethernet, IPv4, and the lengths of their addresses: how the ARP packets begin that are read.
const FIXED: [u8; 6] = [0, 1, 8, 0, 6, 4];
const SENDER_HARDWARE: usize = 8;
const LEN: usize = 28;
/// The longest link header, a cooked one, and two tags are shorter.
const MAX_LINK_HEADER: usize = 64;

/// Writes who asks and who answers.
pub(super) fn describe_arp(line: &mut Line, arp: &Arp, bytes: &[u8]) {
    let Arp { operation, sender, target } = arp;
    match *operation {
        REQUEST if sender == target => write!(line, "{sender} announces itself"),
        REQUEST if sender.is_unspecified() => write!(line, "who has {target}? (probe)"),
        REQUEST => write!(line, "who has {target}? tell {sender}"),
        REPLY => match sender_hardware(bytes) {
            Some(hardware) => write!(line, "{sender} is at {hardware}"),
            None => write!(line, "{sender} answers"),
        },
        REVERSE_REQUEST => write!(line, "reverse request"),
        REVERSE_REPLY => write!(line, "reverse reply: {target}"),
        other => write!(line, "operation {other}, {sender} to {target}"),
    }
}

/// Finds the hardware address that an ARP packet names, which need not be the one that sent the frame.
///
/// Where the packet begins depends on the link and its tags; its first bytes are always the same.
fn sender_hardware(bytes: &[u8]) -> Option<MacAddr> {
    let mut places = bytes.windows(LEN).take(MAX_LINK_HEADER);
    let packet = places.find(|place| place.starts_with(&FIXED))?;
    packet.get(SENDER_HARDWARE..)?.first_chunk().map(|address| MacAddr(*address))
}

/// Writes the name of a protocol that is not read, and how long the frame is.
pub(super) fn describe(line: &mut Line, ether_type: EtherType, wire_len: u32) {
    match ether_type {
        EtherType::STP => write!(line, "spanning tree"),
        EtherType::LLDP => write!(line, "neighbour announcement"),
        EtherType::PPPOE_DISCOVERY => write!(line, "PPPoE discovery"),
        EtherType::PPPOE_SESSION => write!(line, "PPPoE session"),
        EtherType::NONE => write!(line, "no protocol named"),
        named if named.name().is_some() => write!(line, "{named}"),
        unnamed => write!(line, "EtherType {unnamed}"),
    }
    write!(line, ", {wire_len} bytes");
}
