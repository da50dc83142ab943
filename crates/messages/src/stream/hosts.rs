//! The page of hosts: what it asks for and what it is told.

use std::net::IpAddr;

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use super::FlowListed;
use crate::{Host, HostApp, Lookups, Name, Place, PlaceDoubt, PlaceSource, Places, Volume};

/// Which hosts are wanted, in which order.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, TS)]
pub struct HostQuery {
    /// The column to sort by; equal ones in order of address.
    #[serde(default)]
    pub sort: HostColumn,
    /// Whether the largest come first.
    #[serde(default)]
    pub descending: bool,
    /// Words that all must fit: an address, `ADDRESS/PREFIX`, a part of a name, of the organization, the city or an
    /// application, `AS64496`; one with `!` before it must not.
    #[serde(default)]
    pub text: Option<String>,
    /// Only hosts that are local, or that are not.
    #[serde(default)]
    pub local: Option<bool>,
    /// Only hosts of this country, ISO 3166-1 alpha-2; blank for those of none.
    #[serde(default)]
    pub country: Option<Name>,
    /// Only hosts with a flow of this application.
    #[serde(default)]
    pub app: Option<Name>,
    /// Only hosts with a packet in the last 5 s.
    #[serde(default)]
    pub active: bool,
    /// How many to pass over.
    #[serde(default)]
    pub offset: u64,
    /// The most rows wanted, at most 200.
    pub limit: u32,
}

/// A column of the page of hosts.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum HostColumn {
    /// Bytes both ways.
    #[default]
    Bytes,
    /// Bytes to the address.
    BytesIn,
    /// Bytes from the address.
    BytesOut,
    /// Packets both ways.
    Packets,
    /// Flows.
    Flows,
    /// The shortest round trip.
    Rtt,
    /// Segments sent again.
    Resent,
    /// When it was first seen.
    FirstSeen,
    /// When it was seen last.
    LastSeen,
    /// The address.
    Address,
    /// The most trusted name.
    Name,
    /// The country.
    Country,
    /// Who runs the address.
    Organization,
}

impl HostColumn {
    /// All of them.
    pub const ALL: [Self; 13] = [
        Self::Bytes,
        Self::BytesIn,
        Self::BytesOut,
        Self::Packets,
        Self::Flows,
        Self::Rtt,
        Self::Resent,
        Self::FirstSeen,
        Self::LastSeen,
        Self::Address,
        Self::Name,
        Self::Country,
        Self::Organization,
    ];
}

/// A part of the hosts that fit a [`HostQuery`].
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, TS)]
pub struct HostWindow {
    /// Counts all hosts listed.
    pub total: u64,
    /// Counts those that fit.
    pub matched: u64,
    /// Counts hosts that are not listed any more, because there were too many.
    pub forgotten: u64,
    /// The session's time, in milliseconds since the epoch; `None` before the first packet.
    pub now_ms: Option<f64>,
    /// The rows.
    pub rows: Vec<HostListed>,
}

/// One host in the list.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
pub struct HostListed {
    /// Whether it spoke, or was spoken to, in the last 5 s.
    pub active: bool,
    /// Bits per second to it over the last seconds; `None` in a file.
    pub in_bps: Option<f64>,
    /// Bits per second from it over the last seconds; `None` in a file.
    pub out_bps: Option<f64>,
    /// Bits per second both ways, every 2 s of the last 60 s, oldest first; empty in a file.
    pub recent_bps: Vec<f64>,
    /// The host.
    #[serde(flatten)]
    pub host: Host,
}

/// Everything about one host.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
pub struct HostDetail {
    /// The host in the list.
    pub listed: HostListed,
    /// Everything that is said of where it is, the one that counts first.
    pub said: Vec<PlaceSaid>,
    /// All its applications, largest first, at most 64.
    pub apps: Vec<HostApp>,
    /// Volume by highest protocol, of the flows still listed, largest first.
    pub protocols: Vec<HostProtocol>,
    /// Those it exchanged the most bytes with, largest first, at most 20.
    pub peers: Vec<HostPeer>,
    /// Its flows with the most bytes, largest first, at most 10.
    pub flows: Vec<FlowListed>,
    /// Counts its flows that are still listed.
    pub flows_listed: u64,
    /// What was measured over its time, from the packets that are still kept.
    pub course: HostCourse,
}

/// What one source says of where an address is.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
pub struct PlaceSaid {
    /// Who says so.
    pub source: PlaceSource,
    /// The database's file, where it is one.
    pub file: Option<String>,
    /// What it says.
    pub place: Place,
}

/// A protocol of a host.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct HostProtocol {
    /// Its name.
    pub name: Name,
    /// Packets and bytes, both ways.
    #[serde(flatten)]
    pub volume: Volume,
}

/// Somebody that a host exchanged packets with.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
pub struct HostPeer {
    /// The other address.
    pub address: IpAddr,
    /// Its most trusted name.
    pub name: Option<String>,
    /// Its country, ISO 3166-1 alpha-2.
    pub country: Option<Name>,
    /// Why it is not there; `None` where nothing speaks against it.
    pub doubt: Option<PlaceDoubt>,
    /// What the host sent to it.
    pub sent: Volume,
    /// What the host received from it.
    pub received: Volume,
}

/// A host over its time, in equal steps, from the packets that are still kept.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, TS)]
pub struct HostCourse {
    /// Counts the packets it is made from; fewer than the host has where the oldest are gone.
    pub packets: u64,
    /// The number of the first of them; `None` without any.
    pub first_packet: Option<u64>,
    /// The number of the last of them.
    pub last_packet: Option<u64>,
    /// Whether more packets were kept than were looked at.
    pub is_cut: bool,
    /// When the first step begins, in milliseconds since the epoch; `None` without a packet that has a stamp.
    pub from_ms: Option<f64>,
    /// How long a step is, in seconds.
    pub step_s: f64,
    /// The steps, oldest first, at most 120.
    pub steps: Vec<HostStep>,
}

/// One step of a host's time.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize, TS)]
pub struct HostStep {
    /// Bits per second to the host.
    pub in_bps: f64,
    /// Bits per second from the host.
    pub out_bps: f64,
    /// Packets per second, both ways.
    pub packets_per_second: f64,
    /// The mean round trip to the host, in milliseconds; `None` without a sample.
    pub rtt_ms: Option<f64>,
    /// Segments sent again in its flows, by either end, except spurious ones.
    pub resent: u64,
}

/// Where hosts are, and who is asked.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, TS)]
pub struct PlacesTopic {
    /// Where hosts are.
    #[serde(flatten)]
    pub places: Places,
    /// Who is asked about addresses over the network.
    pub lookups: Lookups,
}
