//! DHCP (RFC 2131, RFC 2132) and its sibling for IPv6 (RFC 8415).

use std::net::Ipv4Addr;

use netsonde_dissect::MacAddr;

use super::line::Line;
use netsonde_dissect::Wire;

/// Where the options begin, and what begins them (RFC 2131 section 3).
const COOKIE: [u8; 4] = [99, 130, 83, 99];
const PAD: u8 = 0;
const HOST_NAME: u8 = 12;
const REQUESTED_ADDRESS: u8 = 50;
const MESSAGE_TYPE: u8 = 53;
const END: u8 = 255;
/// A message of 64 KiB could hold more, an honest one never does.
const MAX_OPTIONS: usize = 100;

const MESSAGE_TYPES: [&str; 9] =
    ["type 0", "discover", "offer", "request", "decline", "ack", "nak", "release", "inform"];
const MESSAGE_TYPES_V6: [&str; 14] = [
    "type 0",
    "solicit",
    "advertise",
    "request",
    "confirm",
    "renew",
    "rebind",
    "reply",
    "release",
    "decline",
    "reconfigure",
    "information request",
    "relay forward",
    "relay reply",
];

/// Writes type, client and addresses of a message; none where it is too short for one.
pub(super) fn describe(line: &mut Line, payload: &[u8]) -> Option<()> {
    let mut wire = Wire(payload);
    let [operation, _, _, _] = wire.array()?;
    let transaction = wire.be32()?;
    // Seconds and flags.
    wire.take(4)?;
    let [_, yours, _, _] = [wire.be32()?, wire.be32()?, wire.be32()?, wire.be32()?].map(Ipv4Addr::from);
    let client = MacAddr(wire.array()?);
    // The rest of the hardware address, the server's name, the boot file.
    wire.take(10 + 64 + 128)?;
    let options = if wire.array()? == COOKIE { wire.0 } else { &[] };
    match option(options, MESSAGE_TYPE) {
        Some(&[kind]) => write_type(line, kind, &MESSAGE_TYPES),
        _ => write!(line, "{}", if operation == 1 { "BOOTP request" } else { "BOOTP reply" }),
    }
    write!(line, " {transaction:#010x}, client {client}");
    if !yours.is_unspecified() {
        write!(line, ", gets {yours}");
    }
    if let Some(&wanted) = option(options, REQUESTED_ADDRESS).and_then(<[u8]>::as_array::<4>) {
        write!(line, ", wants {}", Ipv4Addr::from(wanted));
    }
    if let Some(name) = option(options, HOST_NAME) {
        write!(line, ", named ");
        line.wire(name);
    }
    Some(())
}

fn option(options: &[u8], wanted: u8) -> Option<&[u8]> {
    let mut wire = Wire(options);
    for _ in 0..MAX_OPTIONS {
        match wire.byte()? {
            PAD => {}
            END => return None,
            kind => {
                let content = wire.short_piece()?;
                if kind == wanted {
                    return Some(content);
                }
            }
        }
    }
    None
}

fn write_type(line: &mut Line, kind: u8, names: &[&str]) {
    match names.get(usize::from(kind)) {
        Some(name) => write!(line, "{name}"),
        None => write!(line, "type {kind}"),
    }
}

/// Writes type and transaction of a message for IPv6.
pub(super) fn describe_v6(line: &mut Line, payload: &[u8]) -> Option<()> {
    let mut wire = Wire(payload);
    let (kind, transaction) = (wire.byte()?, wire.be24()?);
    write_type(line, kind, &MESSAGE_TYPES_V6);
    // Relays write a hop count and an address there.
    if !matches!(kind, 12 | 13) {
        write!(line, " {transaction:#08x}");
    }
    Some(())
}
