//! The interfaces, in the words of the messages.

use netsonde_capture::{Interface, InterfacesError, LinkState, Permission};
use netsonde_messages::{InterfaceRow, InterfaceState};

/// Lists the interfaces of this machine, and tries on each whether a capture opens.
///
/// # Errors
///
/// [`InterfacesError`] when the system cannot list them.
pub fn interfaces() -> Result<Vec<InterfaceRow>, InterfacesError> {
    Ok(netsonde_capture::interfaces()?.into_iter().map(row).collect())
}

fn row(interface: Interface) -> InterfaceRow {
    let (may_capture, capture_problem) = match interface.may_capture {
        Permission::Yes => (Some(true), None),
        Permission::No(reason) => (Some(false), Some(reason)),
        Permission::Unknown => (None, None),
    };
    InterfaceRow {
        name: interface.name,
        description: interface.description,
        addresses: interface.addresses.iter().map(ipnet::IpNet::addr).collect(),
        state: match interface.state {
            LinkState::Up => InterfaceState::Up,
            LinkState::Down => InterfaceState::Down,
            LinkState::Unknown => InterfaceState::Unknown,
        },
        loopback: interface.loopback,
        may_capture,
        capture_problem,
        bytes_received: interface.bytes.received,
        bytes_sent: interface.bytes.sent,
    }
}
