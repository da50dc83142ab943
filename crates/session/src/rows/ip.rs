//! What IP carries without ports: IGMP, IPsec and all that is only named.

use std::net::Ipv4Addr;

use netsonde_dissect::{Frame, Igmp, IpProtocol, Network, Packet, Payload};

use super::line::Line;
use netsonde_dissect::Wire;

/// Where the source address stands in an IPv4 header (RFC 791 section 3.1).
const SOURCE: usize = 12;
/// The longest link header with its tags, and the part of IPv4 before the addresses, are shorter.
const MAX_BEFORE_ADDRESSES: usize = 80;

/// Writes what is in clear of another IP protocol.
pub(super) fn describe(line: &mut Line, protocol: IpProtocol, payload: Payload<'_>) {
    let mut wire = Wire(payload.bytes);
    match (protocol, wire.be32(), wire.be32()) {
        // RFC 4303 section 2.
        (IpProtocol::ESP, Some(index), Some(sequence)) => {
            write!(line, "security association {index:#010x}, seq {sequence}, ");
        }
        // RFC 9260 section 3.1: ports and verification tag.
        (IpProtocol::SCTP, Some(ports), Some(tag)) => {
            write!(line, "{} → {}, tag {tag:#010x}, ", ports >> 16, ports & 0xffff);
        }
        (IpProtocol::NO_NEXT_HEADER, ..) => write!(line, "no next header, "),
        _ => write!(line, "{protocol}, "),
    }
    write!(line, "{} bytes", payload.wire_len);
}

/// Finds what an IPv4 header carries; none where a source route hides the destination the header names.
pub(super) fn payload<'a>(packet: &Packet<'a>, frame: &Frame<'_>) -> Option<&'a [u8]> {
    let Network::Ipv4(ip) = frame.network else { return None };
    let mut addresses = ip.source.octets().to_vec();
    addresses.extend(ip.destination.octets());
    let mut places = packet.bytes.windows(addresses.len()).take(MAX_BEFORE_ADDRESSES);
    let start = places.position(|place| place == addresses)?.checked_sub(SOURCE)?;
    let header = packet.bytes.get(start..)?;
    let header_len = usize::from(header.first()? & 0x0f) << 2;
    let carried = header.get(header_len..)?;
    usize::try_from(ip.payload_len).ok().and_then(|len| carried.get(..len)).or(Some(carried))
}

/// Writes an IGMP message (RFC 2236 section 2, RFC 3376 section 4).
pub(super) fn describe_igmp(line: &mut Line, kind: u8, message: Option<&[u8]>) {
    let group =
        message.and_then(|message| message.get(4..)?.first_chunk()).map(|group| Ipv4Addr::from(*group));
    let name = match kind {
        Igmp::QUERY => "query",
        Igmp::REPORT_V1 => "version 1 report",
        Igmp::REPORT_V2 => "version 2 report",
        Igmp::LEAVE => "leaves",
        Igmp::REPORT_V3 => {
            write!(line, "version 3 report");
            return describe_records(line, message.unwrap_or_default());
        }
        other => return write!(line, "type {other:#04x}"),
    };
    match group {
        Some(group) if group.is_unspecified() => write!(line, "{name}: all groups"),
        Some(group) => write!(line, "{name}: {group}"),
        None => write!(line, "{name}"),
    }
}

/// The record types of a version 3 report (RFC 3376 section 4.2.12).
const RECORD_TYPES: [(u8, &str); 6] = [
    (1, "is include"),
    (2, "is exclude"),
    (3, "to include"),
    (4, "to exclude"),
    (5, "allows new"),
    (6, "blocks old"),
];
/// As many as could be shown in a line.
const MAX_RECORDS: u16 = 10;

fn describe_records(line: &mut Line, message: &[u8]) {
    let mut wire = Wire(message);
    let Some([.., high, low]) = wire.array::<8>() else { return };
    for number in 0..u16::from_be_bytes([high, low]).min(MAX_RECORDS) {
        let Some([kind, words, s0, s1, g0, g1, g2, g3]) = wire.array() else { return };
        let name = RECORD_TYPES.iter().find(|(number, _)| *number == kind).map_or("record", |(_, name)| name);
        let sources = usize::from(u16::from_be_bytes([s0, s1]));
        write!(line, "{} {} {name}", if number == 0 { ":" } else { "," }, Ipv4Addr::from([g0, g1, g2, g3]));
        match sources {
            0 => {}
            1 => write!(line, " 1 source"),
            _ => write!(line, " {sources} sources"),
        }
        if wire.take((sources + usize::from(words)) << 2).is_none() {
            return;
        }
    }
}
