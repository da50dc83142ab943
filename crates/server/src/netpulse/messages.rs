//! What the program says in NetPulse's words: every name and type is its client's.
//!
//! The client calls methods of numbers on what should be one, so no number is ever null: what is unknown is 0.

use serde::{Serialize, Serializer};

use super::places::Geolocation;

/// One message to a viewer.
#[derive(Clone, Debug, Serialize)]
#[serde(tag = "type", rename_all = "snake_case")]
pub(super) enum Message<'a> {
    /// Everything there is; the client forgets what it showed before.
    InitialState(Box<InitialState<'a>>),
    /// What is new, about once a second.
    Update(Box<Update<'a>>),
    /// Answers `get_interfaces`.
    InterfacesResponse { interfaces: Vec<Interface> },
    /// Answers `get_status`.
    StatusResponse { metrics: Box<Metrics> },
    /// Answers `start_capture` and `stop_capture`; the end of a session is told as the answer to a stop.
    CommandResponse(CommandResponse),
    /// What is said of a running session, every minute.
    PeriodicSummary { summary: PeriodicSummary },
    /// Says what was wrong with a message.
    Error { message: String },
}

#[derive(Clone, Debug, Serialize)]
pub(super) struct InitialState<'a> {
    #[serde(flatten)]
    pub(super) state: State<'a>,
    /// The newest packets, oldest of them first.
    pub(super) packets: &'a [PacketRow],
    pub(super) interfaces: Vec<Interface>,
}

#[derive(Clone, Debug, Serialize)]
pub(super) struct Update<'a> {
    #[serde(flatten)]
    pub(super) state: State<'a>,
    /// Where addresses are that the viewer has not been told of.
    pub(super) new_geolocations: Vec<&'a Geolocation>,
}

/// What both of them hold.
#[derive(Clone, Debug, Serialize)]
pub(super) struct State<'a> {
    pub(super) metrics: Metrics,
    /// The packets since the message before, oldest first.
    pub(super) new_packets: &'a [PacketRow],
    #[serde(rename = "packets_Per_Second")]
    pub(super) packets_per_second: f64,
    pub(super) tcp_metrics: TcpMetrics,
    pub(super) rtp_metrics: RtpMetrics,
    pub(super) quic_metrics: ProtocolMetrics,
    pub(super) udp_metrics: ProtocolMetrics,
    pub(super) dns_metrics: ProtocolMetrics,
    pub(super) igmp_metrics: ProtocolMetrics,
    pub(super) ipv4_metrics: ProtocolMetrics,
    pub(super) ipv6_metrics: ProtocolMetrics,
    pub(super) ip_composition: IpComposition,
    pub(super) encryption_composition: EncryptionComposition,
    pub(super) top_talkers: Vec<Talker>,
}

/// Rates in bits per second, times in milliseconds.
#[derive(Clone, Debug, Serialize)]
pub(super) struct Metrics {
    pub(super) status: &'static str,
    /// ISO 8601, in UTC.
    pub(super) last_update: String,
    pub(super) inbound_throughput: f64,
    pub(super) inbound_throughput_peak: f64,
    pub(super) inbound_throughput_avg: f64,
    pub(super) outbound_throughput: f64,
    pub(super) outbound_throughput_peak: f64,
    pub(super) outbound_throughput_avg: f64,
    pub(super) inbound_goodput: f64,
    pub(super) inbound_goodput_peak: f64,
    pub(super) inbound_goodput_avg: f64,
    pub(super) outbound_goodput: f64,
    pub(super) outbound_goodput_peak: f64,
    pub(super) outbound_goodput_avg: f64,
    pub(super) latency: f64,
    pub(super) jitter: f64,
    pub(super) packets_per_second: f64,
    /// Packets of the session by class.
    pub(super) protocol_distribution: ProtocolDistribution,
    /// Conversations with a packet in the last second.
    #[serde(rename = "streamCount")]
    pub(super) stream_count: u64,
    /// Packets since the message before.
    #[serde(rename = "totalPackets")]
    pub(super) total_packets: u64,
}

#[derive(Clone, Debug, Serialize)]
pub(super) struct ProtocolDistribution {
    #[serde(rename = "TCP")]
    pub(super) tcp: u64,
    #[serde(rename = "UDP")]
    pub(super) udp: u64,
    #[serde(rename = "RTP")]
    pub(super) rtp: u64,
    #[serde(rename = "TLS")]
    pub(super) tls: u64,
    #[serde(rename = "QUIC")]
    pub(super) quic: u64,
    #[serde(rename = "DNS")]
    pub(super) dns: u64,
    #[serde(rename = "IGMP")]
    pub(super) igmp: u64,
    #[serde(rename = "Others")]
    pub(super) others: u64,
}

/// The rates of one protocol, in bits per second.
#[derive(Clone, Copy, Debug, Serialize)]
pub(super) struct ProtocolMetrics {
    pub(super) packets_per_second: f64,
    pub(super) inbound_throughput: f64,
    pub(super) inbound_throughput_peak: f64,
    pub(super) inbound_throughput_avg: f64,
    pub(super) outbound_throughput: f64,
    pub(super) outbound_throughput_peak: f64,
    pub(super) outbound_throughput_avg: f64,
}

#[derive(Clone, Copy, Debug, Serialize)]
pub(super) struct TcpMetrics {
    #[serde(flatten)]
    pub(super) rates: ProtocolMetrics,
    /// In milliseconds.
    pub(super) latency: f64,
    pub(super) latency_peak: f64,
    pub(super) latency_avg: f64,
    #[serde(flatten)]
    pub(super) loss: Loss,
}

#[derive(Clone, Copy, Debug, Serialize)]
pub(super) struct RtpMetrics {
    #[serde(flatten)]
    pub(super) rates: ProtocolMetrics,
    /// In milliseconds.
    pub(super) jitter: f64,
    pub(super) jitter_peak: f64,
    pub(super) jitter_avg: f64,
    #[serde(flatten)]
    pub(super) loss: Loss,
}

#[derive(Clone, Copy, Debug, Default, Serialize)]
pub(super) struct Loss {
    pub(super) packet_loss: u64,
    pub(super) packet_loss_percentage: f64,
}

/// Packets since the message before, `_cumulative` of the session; percentages of the session.
#[derive(Clone, Copy, Debug, Serialize)]
pub(super) struct IpComposition {
    pub(super) ipv4_packets: u64,
    pub(super) ipv6_packets: u64,
    pub(super) ipv4_packets_cumulative: u64,
    pub(super) ipv6_packets_cumulative: u64,
    /// The two together.
    pub(super) total_packets: u64,
    pub(super) ipv4_percentage: f64,
    pub(super) ipv6_percentage: f64,
}

/// Packets since the message before, `_cumulative` of the session; percentages of the session.
#[derive(Clone, Copy, Debug, Serialize)]
pub(super) struct EncryptionComposition {
    pub(super) encrypted_packets: u64,
    pub(super) unencrypted_packets: u64,
    pub(super) encrypted_packets_cumulative: u64,
    pub(super) unencrypted_packets_cumulative: u64,
    /// The two together.
    pub(super) total_packets: u64,
    pub(super) encrypted_percentage: f64,
    pub(super) unencrypted_percentage: f64,
}

/// Source, destination, packets, bytes: the client reads the bytes out of a text, whatever stands behind its digits.
#[derive(Clone, Debug, Serialize)]
pub(super) struct Talker(pub(super) String, pub(super) String, pub(super) u64, pub(super) String);

/// One packet, all of it text.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub(super) struct PacketRow {
    #[serde(serialize_with = "as_text")]
    pub(super) no: u64,
    /// The time of day in UTC, as `HH:MM:SS.mmm`; blank where the capture does not say.
    pub(super) time: String,
    pub(super) source: String,
    pub(super) destination: String,
    pub(super) protocol: String,
    pub(super) length: String,
    pub(super) info: String,
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "the form that serde asks for")]
fn as_text<S: Serializer>(number: &u64, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.collect_str(number)
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub(super) struct Interface {
    /// What `start_capture` takes.
    pub(super) id: String,
    /// What people read.
    pub(super) name: String,
    pub(super) full_path: String,
}

#[derive(Clone, Debug, Serialize)]
pub(super) struct CommandResponse {
    pub(super) command: &'static str,
    pub(super) success: bool,
    pub(super) message: String,
    /// Left out where there is none: the client shows whatever stands here.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) summary: Option<Report>,
}

#[derive(Clone, Debug, Serialize)]
pub(super) struct Report {
    pub(super) summary: String,
    pub(super) breakdown: Vec<ReportPart>,
}

#[derive(Clone, Debug, Serialize)]
pub(super) struct ReportPart {
    pub(super) protocol: String,
    /// Lines of `Key: Value`.
    #[serde(rename = "keyMetrics")]
    pub(super) key_metrics: String,
    pub(super) observations: String,
}

#[derive(Clone, Debug, Serialize)]
pub(super) struct PeriodicSummary {
    pub(super) summary: String,
    /// The session's time, ISO 8601.
    pub(super) timestamp: String,
    pub(super) duration_seconds: u64,
}
