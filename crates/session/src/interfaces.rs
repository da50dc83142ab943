//! The interfaces, in the words of the messages.

use std::path::Path;

use netsonde_capture::{Engine, Interface, InterfacesError, LinkState, Permission};
use netsonde_messages::{CaptureEngine, InterfaceRow, InterfaceState};

use crate::rights::{advice, remedy};

/// Lists the interfaces of this machine, and tries on each whether a capture opens.
///
/// `program` is the file that the program runs from, for advice about a missing right; none where it is not known.
///
/// # Errors
///
/// [`InterfacesError`] when the system cannot list them.
pub fn interfaces(program: Option<&Path>) -> Result<Vec<InterfaceRow>, InterfacesError> {
    interfaces_of(&Engine::Libpcap, program)
}

/// Lists the interfaces as [`interfaces`] does, those of an engine.
///
/// # Errors
///
/// [`InterfacesError`] when the system or the engine cannot list them.
pub fn interfaces_of(engine: &Engine, program: Option<&Path>) -> Result<Vec<InterfaceRow>, InterfacesError> {
    Ok(rows(netsonde_capture::interfaces_of(engine)?, program))
}

/// Puts interfaces into the words of the messages.
pub(crate) fn rows(interfaces: Vec<Interface>, program: Option<&Path>) -> Vec<InterfaceRow> {
    interfaces.into_iter().map(|interface| row(interface, program)).collect()
}

fn row(interface: Interface, program: Option<&Path>) -> InterfaceRow {
    let (may_capture, capture_problem, remedy) = match interface.may_capture {
        Permission::Yes => (Some(true), None, None),
        Permission::Denied(reason) => {
            (Some(false), Some(format!("{reason}; {}", advice(program))), program.and_then(remedy))
        }
        Permission::Failed(reason) => (Some(false), Some(reason), None),
        Permission::Unknown => (None, None, None),
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
        remedy,
        bytes_received: interface.bytes.received,
        bytes_sent: interface.bytes.sent,
        engines: [
            (interface.by_libpcap, CaptureEngine::Libpcap),
            (interface.by_tshark, CaptureEngine::Tshark),
        ]
        .into_iter()
        .filter_map(|(knows, engine)| knows.then_some(engine))
        .collect(),
    }
}

#[cfg(test)]
mod tests {
    use netsonde_capture::ByteCounters;

    use super::*;

    fn interface(may_capture: Permission) -> Interface {
        Interface {
            name: "eth0".into(),
            description: None,
            addresses: Vec::new(),
            state: LinkState::Up,
            loopback: false,
            may_capture,
            bytes: ByteCounters::default(),
            by_libpcap: true,
            by_tshark: false,
        }
    }

    #[test]
    fn a_missing_right_comes_with_the_command_for_this_program() {
        let denied = interface(Permission::Denied("not permitted".into()));
        let row = row(denied, Some(Path::new("/opt/netsonde")));
        let command = "sudo setcap cap_net_raw,cap_net_admin=eip /opt/netsonde";
        assert_eq!((row.may_capture, row.remedy.as_deref()), (Some(false), Some(command)));
        let problem = row.capture_problem.unwrap();
        assert!(problem.starts_with("not permitted; run `") && problem.contains(command), "{problem}");
    }

    #[test]
    fn what_no_right_would_mend_has_no_remedy() {
        for may_capture in [Permission::Yes, Permission::Failed("is down".into()), Permission::Unknown] {
            assert_eq!(row(interface(may_capture), Some(Path::new("/opt/netsonde"))).remedy, None);
        }
        let denied = interface(Permission::Denied("not permitted".into()));
        assert_eq!(row(denied, None).remedy, None);
    }
}
