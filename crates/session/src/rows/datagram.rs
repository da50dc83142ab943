//! Small datagrams: NTP, STUN, WireGuard.

use super::line::Line;
use netsonde_dissect::Wire;

const NTP_MODES: [&str; 8] = [
    "reserved",
    "symmetric active",
    "symmetric passive",
    "client",
    "server",
    "broadcast",
    "control",
    "private",
];

/// Writes version, mode and stratum (RFC 5905 section 7.3).
pub(super) fn describe_ntp(line: &mut Line, payload: &[u8]) -> Option<()> {
    let [first, stratum] = Wire(payload).array()?;
    let (version, mode) = (first >> 3 & 7, first & 7);
    write!(line, "version {version}, {}", NTP_MODES.get(usize::from(mode))?);
    match (mode, stratum) {
        (4 | 5, 0) => write!(line, ", refuses"),
        (6 | 7, _) | (_, 0) => {}
        (_, 16) => write!(line, ", not synchronised"),
        _ => write!(line, ", stratum {stratum}"),
    }
    Some(())
}

const STUN_COOKIE: u32 = 0x2112_a442;
/// IANA STUN Methods.
const STUN_METHODS: [(u16, &str); 7] = [
    (1, "binding"),
    (3, "allocate"),
    (4, "refresh"),
    (6, "send"),
    (7, "data"),
    (8, "create permission"),
    (9, "channel bind"),
];
const STUN_CLASSES: [&str; 4] = ["request", "indication", "success", "error"];

/// Writes method and class, whose bits lie among each other (RFC 8489 section 5).
pub(super) fn describe_stun(line: &mut Line, payload: &[u8]) -> Option<()> {
    let mut wire = Wire(payload);
    let kind = wire.be16()?;
    wire.be16()?;
    if kind & 0xc000 != 0 || wire.be32()? != STUN_COOKIE {
        return None;
    }
    let method = kind & 0x0f | kind >> 1 & 0x70 | kind >> 2 & 0x0f80;
    let class = usize::from(kind >> 4 & 1 | kind >> 7 & 2);
    match STUN_METHODS.iter().find(|(number, _)| *number == method) {
        Some((_, name)) => write!(line, "{name} "),
        None => write!(line, "method {method:#05x} "),
    }
    write!(line, "{}", STUN_CLASSES.get(class)?);
    Some(())
}

const WIREGUARD_TYPES: [&str; 4] =
    ["handshake initiation", "handshake response", "cookie reply", "transport data"];

/// Writes the type of a message (WireGuard white paper section 5.4).
pub(super) fn describe_wireguard(line: &mut Line, payload: &[u8]) -> Option<()> {
    let [kind, 0, 0, 0] = Wire(payload).array()? else { return None };
    let name = WIREGUARD_TYPES.get(usize::from(kind).checked_sub(1)?)?;
    write!(line, "{name}, {} bytes", payload.len());
    Some(())
}
