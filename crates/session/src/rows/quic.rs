//! QUIC packets, as far as they are in clear.

use netsonde_dissect::quic::{FIXED_BIT, LONG_FORM, Packet, PacketType, Version};

use super::line::Line;

/// Initial, 0-RTT and Handshake packets share a datagram; more of a kind are rare.
const MAX_PACKETS: usize = 6;
const MAX_VERSIONS: usize = 8;

/// Writes the packets of a datagram; none where it cannot be QUIC.
pub(super) fn describe(line: &mut Line, payload: &[u8]) -> Option<()> {
    let mut rest = describe_packet(line, payload, true)?;
    for _ in 1..MAX_PACKETS {
        // Zeros pad a datagram outside its packets.
        if rest.first().is_none_or(|first| *first == 0) {
            break;
        }
        write!(line, "; ");
        let Some(behind) = describe_packet(line, rest, false) else {
            write!(line, "{} more bytes", rest.len());
            break;
        };
        rest = behind;
    }
    Some(())
}

/// Writes one packet and returns what is behind it; what follows the first of a datagram has its connection identifiers.
fn describe_packet<'a>(line: &mut Line, bytes: &'a [u8], is_first: bool) -> Option<&'a [u8]> {
    let first = *bytes.first()?;
    if first & LONG_FORM == 0 {
        if first & FIXED_BIT == 0 {
            return None;
        }
        write!(line, "1-RTT, {} bytes", bytes.len());
        return Some(&[]);
    }
    let (packet, behind) = Packet::parse(bytes).ok()?;
    write!(line, "{}", name(packet.kind));
    if is_first {
        write_version(line, packet.version);
        write_identifier(line, " to", packet.destination);
        write_identifier(line, " from", packet.source);
    }
    match packet.kind {
        PacketType::VersionNegotiation => {
            write!(line, ", speaks");
            for Version(version) in packet.versions().take(MAX_VERSIONS) {
                write!(line, " {version:#x}");
            }
        }
        PacketType::Retry | PacketType::Unknown => {}
        PacketType::Initial | PacketType::ZeroRtt | PacketType::Handshake => {
            write!(line, ", {} bytes", packet.announced);
        }
    }
    Some(behind)
}

const fn name(kind: PacketType) -> &'static str {
    match kind {
        PacketType::Initial => "Initial",
        PacketType::ZeroRtt => "0-RTT",
        PacketType::Handshake => "Handshake",
        PacketType::Retry => "Retry",
        PacketType::VersionNegotiation => "version negotiation",
        PacketType::Unknown => "long header",
    }
}

fn write_version(line: &mut Line, version: Version) {
    match version {
        Version::NEGOTIATION => {}
        Version::ONE => write!(line, ", version 1"),
        Version::TWO => write!(line, ", version 2"),
        Version(other) => write!(line, ", version {other:#x}"),
    }
}

fn write_identifier(line: &mut Line, name: &str, identifier: &[u8]) {
    if identifier.is_empty() {
        return;
    }
    write!(line, "{name} ");
    for byte in identifier {
        write!(line, "{byte:02x}");
    }
}
