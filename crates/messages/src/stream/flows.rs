//! The page of flows: what it asks for and what it is told.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::{EvidenceLink, Flow, FlowQuic, FlowTcp, FlowTls, Name, RtpStream};

/// Which flows are wanted, in which order.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, TS)]
pub struct FlowQuery {
    /// The column to sort by; equal ones in order of first packet.
    #[serde(default)]
    pub sort: FlowColumn,
    /// Whether the largest come first.
    #[serde(default)]
    pub descending: bool,
    /// Words that all must fit: an address, `ADDRESS/PREFIX`, `:PORT`, `ADDRESS:PORT`, a protocol, a state, a part of the
    /// application's or the server's name; one with `!` before it must not.
    #[serde(default)]
    pub text: Option<String>,
    /// Only flows of this highest protocol, or of this transport.
    #[serde(default)]
    pub protocol: Option<Name>,
    /// Only flows of this application; blank for those of which it is not known.
    #[serde(default)]
    pub app: Option<Name>,
    /// Only flows with a packet in the last 5 s.
    #[serde(default)]
    pub active: bool,
    /// How many to pass over.
    #[serde(default)]
    pub offset: u64,
    /// The most rows wanted, at most 200.
    pub limit: u32,
}

/// A column of the page of flows.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum FlowColumn {
    /// Bytes of both ends.
    #[default]
    Bytes,
    /// Bytes of the client.
    BytesUp,
    /// Bytes of the server.
    BytesDown,
    /// Packets of both ends.
    Packets,
    /// Bits per second of both ends over the last seconds.
    Throughput,
    /// When it began.
    FirstSeen,
    /// When it spoke last.
    LastSeen,
    /// How long it has lasted.
    Duration,
    /// The mean round trip.
    Rtt,
    /// Segments sent again, for whatever reason.
    Resent,
    /// The address of the client.
    Client,
    /// The address of the server.
    Server,
    /// The highest protocol.
    Protocol,
    /// The state of the connection.
    State,
    /// The application's name.
    App,
    /// The server's name.
    Hostname,
}

impl FlowColumn {
    /// All of them.
    pub const ALL: [Self; 16] = [
        Self::Bytes,
        Self::BytesUp,
        Self::BytesDown,
        Self::Packets,
        Self::Throughput,
        Self::FirstSeen,
        Self::LastSeen,
        Self::Duration,
        Self::Rtt,
        Self::Resent,
        Self::Client,
        Self::Server,
        Self::Protocol,
        Self::State,
        Self::App,
        Self::Hostname,
    ];
}

/// A part of the flows that fit a [`FlowQuery`].
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, TS)]
pub struct FlowWindow {
    /// Counts all flows listed.
    pub total: u64,
    /// Counts those that fit.
    pub matched: u64,
    /// Counts flows that are not listed any more, because too many ended.
    pub forgotten: u64,
    /// The session's time, in milliseconds since the epoch; `None` before the first packet.
    pub now_ms: Option<f64>,
    /// The rows.
    pub rows: Vec<FlowListed>,
}

/// One flow in the list.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
pub struct FlowListed {
    /// Names the flow in this session; never used again.
    pub id: u64,
    /// Whether it spoke in the last 5 s.
    pub active: bool,
    /// Bits per second from client to server over the last seconds; `None` in a file.
    pub up_bps: Option<f64>,
    /// Bits per second from server to client over the last seconds; `None` in a file.
    pub down_bps: Option<f64>,
    /// Bits per second of both ends, every 2 s of the last 60 s, oldest first; empty in a file.
    pub recent_bps: Vec<f64>,
    /// The flow.
    #[serde(flatten)]
    pub flow: Flow,
}

/// Everything about one flow.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
pub struct FlowDetail {
    /// The flow in the list.
    pub listed: FlowListed,
    /// Everything known of who it is with, strongest first; the one that decides is among them.
    pub evidence: Vec<EvidenceLink>,
    /// What its hellos say; `None` where none was seen.
    pub tls: Option<FlowTls>,
    /// What TCP's analysis says of it; `None` for other transports.
    pub tcp: Option<FlowTcp>,
    /// What is known of it as a connection of QUIC; `None` for others.
    pub quic: Option<FlowQuic>,
    /// Its streams of RTP, in the order in which they were found.
    pub streams: Vec<RtpStream>,
    /// What was measured over its time, from the packets that are still kept.
    pub course: FlowCourse,
    /// The newest findings in it, oldest of them first.
    pub findings: Vec<FlowFinding>,
    /// Counts the findings among the packets that are still kept, by name, largest first.
    pub counts: Vec<FindingCount>,
}

/// A flow over its time, in equal steps, from the packets that are still kept.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, TS)]
pub struct FlowCourse {
    /// Counts the packets it is made from; fewer than the flow has where the oldest are gone.
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
    pub steps: Vec<FlowStep>,
}

/// One step of a flow's time.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize, TS)]
pub struct FlowStep {
    /// Bits per second from client to server.
    pub up_bps: f64,
    /// Bits per second from server to client.
    pub down_bps: f64,
    /// Packets per second of both ends.
    pub packets_per_second: f64,
    /// The mean round trip to the client, in milliseconds; `None` without a sample.
    pub rtt_client_ms: Option<f64>,
    /// The mean round trip to the server, in milliseconds; `None` without a sample.
    pub rtt_server_ms: Option<f64>,
    /// Segments sent again, except spurious ones.
    pub resent: u64,
    /// Segments out of order that were not sent again, or after a hole.
    pub disordered: u64,
}

/// Something found in a packet of a flow.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
pub struct FlowFinding {
    /// The packet's number.
    pub number: u64,
    /// When, in milliseconds since the epoch; `None` where the capture does not say.
    pub time_ms: Option<f64>,
    /// Whether the client sent it.
    pub by_client: bool,
    /// What was found, as in METRICS.md "TCP".
    pub event: Name,
}

/// How often something was found.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
pub struct FindingCount {
    /// What was found.
    pub event: Name,
    /// How often.
    pub count: u64,
}
