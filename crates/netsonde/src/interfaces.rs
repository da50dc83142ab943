//! `netsonde interfaces`: where we can capture.

use std::io::Write as _;

use netsonde_capture::{Interface, LinkState, Permission};
use netsonde_messages::{InterfaceRow, InterfaceState};

use crate::config::Config;
use crate::ending::{Ending, Failure};
use crate::output;
use crate::text;

/// Lists the interfaces of this machine.
pub(crate) fn run(config: &Config) -> Result<Ending, Failure> {
    let interfaces = netsonde_capture::interfaces().map_err(|error| Failure::Failed(error.to_string()))?;
    let rows = interfaces.into_iter().map(row).collect::<Vec<_>>();
    let mut out = output::standard();
    if config.json {
        serde_json::to_writer(&mut out, &rows).map_err(std::io::Error::from)?;
        out.write_all(b"\n")?;
    } else {
        out.write_all(text::interfaces(&rows).as_bytes())?;
    }
    out.flush()?;
    Ok(Ending::Done)
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
    }
}
