//! The topic of applications.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::{App, AppRule, Unlabelled};

/// The applications.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, TS)]
pub struct AppsTopic {
    /// The applications with the most bytes, largest first, at most 500.
    pub apps: Vec<AppRow>,
    /// Counts the applications left out.
    pub omitted: u64,
    /// What could be said of no application.
    pub unlabelled: Unlabelled,
    /// Sums what clients sent in its flows, in bytes; packets that belong to no flow are neither in it nor in the next.
    pub unlabelled_bytes_up: u64,
    /// Sums what servers sent in its flows, in bytes.
    pub unlabelled_bytes_down: u64,
    /// Counts its flows that spoke in the last 5 s.
    pub unlabelled_active_flows: u64,
    /// The bits per second of it over the last seconds; `None` in a file.
    pub unlabelled_bps: Option<f64>,
    /// Bits per second of it, every 2 s of the last 60 s, oldest first; empty in a file.
    pub unlabelled_recent_bps: Vec<f64>,
    /// The user's rules, in their order: the first that fits counts.
    pub rules: Vec<AppRule>,
}

/// One application.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, TS)]
pub struct AppRow {
    /// How much it has moved.
    #[serde(flatten)]
    pub app: App,
    /// Sums the lengths on the wire from clients to servers, in bytes.
    pub bytes_up: u64,
    /// Sums the lengths on the wire from servers to clients, in bytes.
    pub bytes_down: u64,
    /// Counts its flows that spoke in the last 5 s.
    pub active_flows: u64,
    /// Bits per second of both ends over the last seconds; `None` in a file.
    pub bps: Option<f64>,
    /// Bits per second of both ends, every 2 s of the last 60 s, oldest first; empty in a file.
    pub recent_bps: Vec<f64>,
}
