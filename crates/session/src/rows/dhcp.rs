//! DHCP (RFC 2131, RFC 2132) and its sibling for IPv6 (RFC 8415).

use netsonde_dissect::dhcp::{Message, MessageType, MessageV6};

use super::line::Line;

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
    let message = Message::parse(payload)?;
    match message.kind() {
        Some(MessageType(kind)) => write_type(line, kind, &MESSAGE_TYPES),
        None => write!(line, "{}", if message.is_request { "BOOTP request" } else { "BOOTP reply" }),
    }
    write!(line, " {:#010x}, client {}", message.transaction, message.mac());
    if !message.your_address.is_unspecified() {
        write!(line, ", gets {}", message.your_address);
    }
    if let Some(wanted) = message.requested_address() {
        write!(line, ", wants {wanted}");
    }
    if let Some(name) = message.host_name() {
        write!(line, ", named ");
        line.wire(name);
    }
    Some(())
}

fn write_type(line: &mut Line, kind: u8, names: &[&str]) {
    match names.get(usize::from(kind)) {
        Some(name) => write!(line, "{name}"),
        None => write!(line, "type {kind}"),
    }
}

/// Writes type and transaction of a message for IPv6; relays have none.
pub(super) fn describe_v6(line: &mut Line, payload: &[u8]) -> Option<()> {
    let message = MessageV6::parse(payload)?;
    write_type(line, message.kind.0, &MESSAGE_TYPES_V6);
    if let Some(transaction) = message.transaction {
        write!(line, " {transaction:#08x}");
    }
    Some(())
}
