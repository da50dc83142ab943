//! QUIC packets (RFC 8999, RFC 9000 section 17, RFC 9369), as far as they are in clear.

use super::line::Line;
use super::wire::Wire;

const LONG_FORM: u8 = 0x80;
const FIXED_BIT: u8 = 0x40;
const VERSION_1: u32 = 1;
const VERSION_2: u32 = 0x6b33_43cf;
/// Initial, 0-RTT and Handshake packets share a datagram; more of a kind are rare.
const MAX_PACKETS: usize = 6;
const MAX_VERSIONS: usize = 8;

/// Writes the packets of a datagram; none where it cannot be QUIC.
pub(super) fn describe(line: &mut Line, payload: &[u8]) -> Option<()> {
    let mut wire = Wire(payload);
    describe_packet(line, &mut wire, true)?;
    for _ in 1..MAX_PACKETS {
        // Zeros pad a datagram outside its packets.
        if wire.0.first().is_none_or(|first| *first == 0) {
            break;
        }
        write!(line, "; ");
        if describe_packet(line, &mut wire, false).is_none() {
            write!(line, "{} more bytes", wire.0.len());
            break;
        }
    }
    Some(())
}

/// Writes one packet and passes it; what follows the first of a datagram has its connection identifiers.
fn describe_packet(line: &mut Line, wire: &mut Wire<'_>, is_first: bool) -> Option<()> {
    let len = wire.0.len();
    let mut ahead = *wire;
    let first = ahead.byte()?;
    if first & LONG_FORM == 0 {
        if first & FIXED_BIT == 0 {
            return None;
        }
        wire.take(len)?;
        write!(line, "1-RTT, {len} bytes");
        return Some(());
    }
    let version = ahead.be32()?;
    let (destination, source) = (ahead.short_piece()?, ahead.short_piece()?);
    let kind = if version == 0 { Kind::VersionNegotiation } else { Kind::of(first, version) };
    write!(line, "{}", kind.name());
    if is_first {
        write_version(line, version);
        write_identifier(line, " to", destination);
        write_identifier(line, " from", source);
    }
    match kind {
        Kind::VersionNegotiation => {
            write!(line, ", speaks");
            for version in std::iter::from_fn(|| ahead.be32()).take(MAX_VERSIONS) {
                write!(line, " {version:#x}");
            }
            wire.take(len)?;
        }
        Kind::Retry | Kind::Unknown => {
            wire.take(len)?;
        }
        Kind::Initial | Kind::ZeroRtt | Kind::Handshake => {
            if kind == Kind::Initial {
                let token = variable(&mut ahead)?;
                ahead.take_cut(token);
            }
            let protected = variable(&mut ahead)?;
            write!(line, ", {protected} bytes");
            ahead.take_cut(protected);
            *wire = ahead;
        }
    }
    Some(())
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    Initial,
    ZeroRtt,
    Handshake,
    Retry,
    VersionNegotiation,
    Unknown,
}

impl Kind {
    /// Reads the type bits, which version 2 numbers one higher (RFC 9369 section 3.2).
    const fn of(first: u8, version: u32) -> Self {
        let bits = first >> 4;
        let bits = match version {
            VERSION_1 | 0xff00_0001..=0xff00_00ff => bits,
            VERSION_2 => bits.wrapping_sub(1),
            _ => return Self::Unknown,
        };
        match bits & 3 {
            0 => Self::Initial,
            1 => Self::ZeroRtt,
            2 => Self::Handshake,
            _ => Self::Retry,
        }
    }

    const fn name(self) -> &'static str {
        match self {
            Self::Initial => "Initial",
            Self::ZeroRtt => "0-RTT",
            Self::Handshake => "Handshake",
            Self::Retry => "Retry",
            Self::VersionNegotiation => "version negotiation",
            Self::Unknown => "long header",
        }
    }
}

fn write_version(line: &mut Line, version: u32) {
    match version {
        0 => {}
        VERSION_1 => write!(line, ", version 1"),
        VERSION_2 => write!(line, ", version 2"),
        other => write!(line, ", version {other:#x}"),
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

/// Reads a number whose first two bits tell how long it is (RFC 9000 section 16).
fn variable(wire: &mut Wire<'_>) -> Option<usize> {
    const VALUE: u8 = 0x3f;
    let first = wire.byte()?;
    let more = (1_usize << (first >> 6)) - 1;
    let rest = wire.take(more)?;
    let value = rest.iter().fold(u64::from(first & VALUE), |value, byte| value << 8 | u64::from(*byte));
    usize::try_from(value).ok()
}
