use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::Name;

/// Says what was read, over which time, and what is missing from it.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, TS)]
pub struct Capture {
    /// Names the file read, the first one of several; `None` for a live capture.
    pub file: Option<String>,
    /// Names all files read as one capture, in the order read; empty for a live capture.
    pub files: Vec<String>,
    /// Names the interface of a live capture.
    pub interface: Option<String>,
    /// Counts the packets measured.
    pub packets: u64,
    /// Sums the original lengths of the packets on the wire, in bytes.
    pub bytes: u64,
    /// Holds the earliest packet time, RFC 3339 in UTC; `None` without a packet that has a stamp.
    pub first_seen: Option<String>,
    /// Holds the latest packet time, RFC 3339 in UTC; `None` without a packet that has a stamp.
    pub last_seen: Option<String>,
    /// Spans the latest less the earliest packet time, in seconds; `None` without a packet that has a stamp.
    pub duration_s: Option<f64>,
    /// Names the link types that the sources announced.
    pub link_types: Vec<Name>,
    /// Counts packets captured shorter than they were on the wire.
    pub truncated_packets: u64,
    /// Counts packets of a link type or with a link header that is not read; they count as far as they were understood.
    pub not_understood_packets: u64,
    /// Counts packets with a layer that breaks its own rules.
    pub malformed_packets: u64,
    /// Counts the malformed packets by layer and reason.
    pub malformed: Vec<MalformedCount>,
    /// Counts packets the kernel dropped because we were too slow; `None` where nobody counts.
    pub kernel_drops: Option<u64>,
    /// Counts packets the interface dropped; `None` where nobody counts.
    pub interface_drops: Option<u64>,
    /// Counts packets longer than the link carries, joined by segmentation offload.
    pub super_packets: u64,
    /// Counts packets stamped up to 5 s before a packet already seen.
    pub late_packets: u64,
    /// Counts the runs of packet time without a jump; 1 for an ordinary capture, 0 without a packet.
    pub stretches: u64,
    /// Counts time stamps outside 1970 to 2554, which were moved to the nearest end.
    pub stamps_out_of_range: u64,
    /// Counts packets that the file gives no time stamp, measured at the newest time before them.
    pub stamps_missing: u64,
    /// Tells whether everything asked for was read.
    pub complete: bool,
    /// Says which file stopped where and why, if not complete.
    pub problem: Option<String>,
}

/// Counts the packets malformed in one layer for one reason.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct MalformedCount {
    /// Names the broken layer.
    pub layer: Name,
    /// Says what is wrong with it.
    pub reason: Name,
    /// Counts the packets.
    pub packets: u64,
}

/// Tells which addresses counted as local.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct Local {
    /// Names the rule that chose the networks.
    pub rule: LocalRule,
    /// Lists the local networks in CIDR notation.
    pub networks: Vec<String>,
}

/// The rule that decides which addresses are local.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub enum LocalRule {
    /// Takes the networks named by the user.
    #[serde(rename = "--local")]
    Given,
    /// Takes the private and link-local ranges (RFC 1918, RFC 4193, RFC 3927, RFC 4291).
    #[serde(rename = "private ranges")]
    PrivateRanges,
    /// Takes the addresses of this machine's interfaces.
    #[serde(rename = "interface addresses")]
    InterfaceAddresses,
}

impl LocalRule {
    /// Returns the rule's name as the report writes it.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Given => "--local",
            Self::PrivateRanges => "private ranges",
            Self::InterfaceAddresses => "interface addresses",
        }
    }
}
