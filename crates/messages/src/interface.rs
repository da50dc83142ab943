use std::fmt;
use std::net::IpAddr;

use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// One row of `netsonde interfaces --json`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct InterfaceRow {
    /// The name to give to `--interface`.
    pub name: String,
    /// Describes the interface in the system's words, where it has any.
    pub description: Option<String>,
    /// Lists the interface's own addresses.
    pub addresses: Vec<IpAddr>,
    /// Tells whether the link carries traffic.
    pub state: InterfaceState,
    /// Tells whether packets sent here come back to this machine.
    pub loopback: bool,
    /// Tells whether this process has the right to capture here; `None` where it cannot be told.
    pub may_capture: Option<bool>,
    /// Says why not and what to do, where this process may not capture here.
    pub capture_problem: Option<String>,
    /// Gives the command that mends it, ready to paste into a shell, where what is missing is the right to capture.
    pub remedy: Option<String>,
    /// Counts the bytes received since the interface came up, as the system does; `None` where it does not.
    pub bytes_received: Option<u64>,
    /// Counts the bytes sent since the interface came up, as the system does; `None` where it does not.
    pub bytes_sent: Option<u64>,
    /// Lists what can capture here; tshark only where the program was told to capture with it (`--engine tshark`).
    pub engines: Vec<CaptureEngine>,
}

/// What captures packets.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum CaptureEngine {
    /// libpcap, inside the program.
    Libpcap,
    /// tshark, a program of its own.
    Tshark,
}

/// The state of a network interface.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum InterfaceState {
    /// The link carries traffic.
    Up,
    /// The interface is switched off or has no link.
    Down,
    /// The system does not say.
    Unknown,
}

impl fmt::Display for InterfaceState {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Self::Up => "up",
            Self::Down => "down",
            Self::Unknown => "unknown",
        })
    }
}
