//! Streams of RTP, calls, and what QUIC and TLS did.

use std::collections::BTreeMap;
use std::net::IpAddr;

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::{Delays, Latency, Loss, Name};

/// What RTP did over the whole capture (RFC 3550).
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, TS)]
pub struct RtpReport {
    /// Adds up all streams.
    #[serde(flatten)]
    pub counts: RtpCounts,
    /// Lists the streams in the order in which they were found.
    pub streams: Vec<RtpStream>,
    /// Counts the streams left out of `streams`.
    pub streams_omitted: u64,
}

/// What all streams of RTP did over the whole capture.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize, TS)]
pub struct RtpCounts {
    /// Counts the streams.
    pub streams_seen: u64,
    /// Counts those with a packet in the last 5 s.
    pub streams_active: u64,
    /// Counts packets of streams, copies included; none whose numbers fit no place in their stream.
    pub packets: u64,
    /// Counts packets that their sequence numbers say were sent.
    pub expected: u64,
    /// Counts those of them that were not seen.
    pub lost: u64,
    /// Gives `lost` in `expected`, 0 to 100; `None` without a packet.
    pub lost_percentage: Option<f64>,
    /// Counts packets seen again.
    pub duplicates: u64,
    /// Counts packets that came after a later one.
    pub out_of_order: u64,
    /// Counts packets of RTCP.
    pub rtcp_packets: u64,
    /// The streams' jitter after each of their packets.
    pub jitter_ms: Delays,
    /// The same as it stands: the mean of the streams' jitter, each weighted by its packets.
    pub jitter: Latency,
    /// Lost packets in expected ones, as it stands.
    pub loss: Loss,
    /// From here to who receives a stream and back, by the reports of RTCP.
    pub rtcp_rtt_ms: Delays,
}

/// One stream of RTP: an end, its peer and a synchronisation source.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
pub struct RtpStream {
    /// Names the stream in this session; never used again.
    pub id: u64,
    /// Names the flow that it is a part of, as `FlowListed::id`.
    pub flow: u64,
    /// Names the call that it belongs to, as [`Call::id`]; `None` where none is known.
    pub call: Option<u64>,
    /// The synchronisation source.
    pub ssrc: u32,
    /// Who sends it.
    pub src: IpAddr,
    /// The sender's port.
    pub src_port: u16,
    /// Who receives it.
    pub dst: IpAddr,
    /// The receiver's port.
    pub dst_port: u16,
    /// The payload type of most of its packets.
    pub payload_type: u8,
    /// All payload types and their packets, in order of first use, the first 8.
    pub payload_types: Vec<PayloadType>,
    /// The encoding's name; `None` where nothing tells.
    pub codec: Option<String>,
    /// The clock of its timestamps, in hertz; `None` while unknown.
    pub clock_rate: Option<u32>,
    /// Where the clock is known from; `None` while unknown.
    pub clock_by: Option<ClockSource>,
    /// What it carries; `None` where nothing tells.
    pub kind: Option<StreamKind>,
    /// Tells whether its payload is encrypted as far as known (SRTP).
    pub encrypted: bool,
    /// How it was found.
    pub found_by: StreamSign,
    /// Tells whether it had a packet in the last 5 s.
    pub active: bool,
    /// When its first packet was seen, RFC 3339 in UTC; `None` without a stamp.
    pub first_seen: Option<String>,
    /// Spans the latest less the earliest packet time, in seconds; `None` without a stamp.
    pub duration_s: Option<f64>,
    /// Counts packets, copies included.
    pub packets: u64,
    /// Sums the wire lengths, in bytes.
    pub bytes: u64,
    /// Counts packets that its sequence numbers say were sent.
    pub expected: u64,
    /// Counts those of them that were not seen.
    pub lost: u64,
    /// Gives `lost` in `expected`, 0 to 100; `None` without a packet.
    pub lost_percentage: Option<f64>,
    /// Counts packets that came after a later one, copies not included.
    pub out_of_order: u64,
    /// Counts packets seen again.
    pub duplicates: u64,
    /// Counts times that its sequence numbers began anew.
    pub restarts: u64,
    /// Counts packets lost in the longest run of them.
    pub longest_loss: u64,
    /// Counts times that sound began again after a silence.
    pub talk_spurts: u64,
    /// The jitter as of the latest packet, in milliseconds; `None` without a clock.
    pub jitter_ms: Option<f64>,
    /// The mean of the jitter after each packet, in milliseconds; `None` without a clock.
    pub jitter_ms_mean: Option<f64>,
    /// The largest of them, in milliseconds; `None` without a clock.
    pub jitter_ms_max: Option<f64>,
    /// What a listener would say of it, 1.0 to 4.5 (ITU-T G.107); `None` where it is not speech of a codec that has figures.
    pub mos: Option<f64>,
    /// What `mos` rests on, or why there is none.
    pub mos_basis: MosBasis,
    /// What its receiver reported of it; `None` where it did not.
    pub reported: Option<ReportedQuality>,
}

/// A payload type of a stream.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct PayloadType {
    /// The payload type.
    pub payload_type: u8,
    /// Counts its packets.
    pub packets: u64,
}

/// How a stream was found to be RTP.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum StreamSign {
    /// SDP announced its address.
    Signalling,
    /// RTCP speaks of it.
    Rtcp,
    /// Its packets follow each other as those of a stream do.
    Shape,
}

/// Where the clock of a stream is known from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum ClockSource {
    /// SDP says it.
    Signalling,
    /// The payload type has a fixed one (RFC 3551).
    PayloadType,
    /// The timestamps go at its pace.
    Pace,
}

/// What a stream carries.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum StreamKind {
    /// Sound.
    Audio,
    /// Moving pictures.
    Video,
    /// Anything else.
    Other,
}

/// What a stream's MOS rests on.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, TS)]
pub struct MosBasis {
    /// Says why there is no MOS; `None` where there is one.
    pub missing: Option<MosMissing>,
    /// The rating that the MOS was made from, 0 to 100; `None` without one.
    pub r_factor: Option<f64>,
    /// The delay from mouth to ear that it assumes, in milliseconds; `None` without a MOS.
    pub delay_ms: Option<f64>,
    /// Tells whether the delay of the way is a part of that, by RTCP; else it is taken as 0.
    pub delay_is_measured: bool,
    /// The codec's impairment without loss, Ie (ITU-T G.113); `None` without a MOS.
    pub codec_impairment: Option<f64>,
    /// How well the codec bears loss, Bpl (ITU-T G.113); `None` without a MOS.
    pub loss_robustness: Option<f64>,
    /// How much losses come in bursts, `BurstR`: 1 where they come at random; `None` without a MOS.
    pub burst_ratio: Option<f64>,
}

/// Why a stream has no MOS.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum MosMissing {
    /// Nothing tells its codec.
    UnknownCodec,
    /// ITU-T G.113 has no figures for its codec.
    NoFigures,
    /// It is not speech.
    NotSpeech,
}

/// What a receiver reported of a stream over RTCP, as of its latest report.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize, TS)]
pub struct ReportedQuality {
    /// Counts the reports.
    pub reports: u64,
    /// Counts packets lost since the beginning; negative where copies came.
    pub lost: i64,
    /// The share lost since the report before, 0 to 100.
    pub lost_percentage: f64,
    /// Its jitter, in milliseconds; `None` without a clock.
    pub jitter_ms: Option<f64>,
    /// The mean round trip from here to the receiver, in milliseconds; `None` without one.
    pub rtt_ms_mean: Option<f64>,
}

/// A call: a dialogue of SIP with its streams, or streams both ways without one.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
pub struct Call {
    /// Names the call in this session; never used again.
    pub id: u64,
    /// Its `Call-ID`; `None` without signalling.
    pub call_id: Option<String>,
    /// How far it has come.
    pub state: CallState,
    /// Who calls: the address in `From`; `None` without signalling, or where it does not say.
    pub from: Option<String>,
    /// Who is called: the address in `To`; `None` without signalling, or where it does not say.
    pub to: Option<String>,
    /// The address that calls; without signalling the client of the flow.
    pub caller: IpAddr,
    /// The address that is called.
    pub callee: IpAddr,
    /// When it began, RFC 3339 in UTC; `None` without a stamp.
    pub started: Option<String>,
    /// From the answer to the end, or until now, in seconds; `None` before the answer.
    pub duration_s: Option<f64>,
    /// From the request to the first sign of ringing or the answer, in milliseconds; `None` without one.
    pub post_dial_delay_ms: Option<f64>,
    /// How it ended or failed, such as `486 Busy Here`; `None` where nothing says.
    pub result: Option<String>,
    /// The encodings that its streams use, in order of first use.
    pub codecs: Vec<String>,
    /// Its streams, as [`RtpStream::id`], in the order in which they were found.
    pub streams: Vec<u64>,
    /// The least MOS of them; `None` where none has one.
    pub mos: Option<f64>,
}

/// How far a call has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum CallState {
    /// It was asked for.
    Calling,
    /// The other end rings.
    Ringing,
    /// It was answered, or its streams flow.
    Talking,
    /// It ended in order.
    Ended,
    /// It was given up before the answer.
    Cancelled,
    /// It was refused, or failed.
    Failed,
}

impl CallState {
    /// Says it in a word.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Calling => "calling",
            Self::Ringing => "ringing",
            Self::Talking => "talking",
            Self::Ended => "ended",
            Self::Cancelled => "cancelled",
            Self::Failed => "failed",
        }
    }
}

/// A stream over its time.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, TS)]
pub struct StreamCourse {
    /// Names the stream, as [`RtpStream::id`].
    pub stream: u64,
    /// When its first step begins, in milliseconds since the epoch; `None` without a stamp.
    pub from_ms: Option<f64>,
    /// How long a step is, in seconds.
    pub step_s: f64,
    /// The steps, oldest first, at most 64.
    pub steps: Vec<StreamStep>,
}

/// One step of a stream's time.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize, TS)]
pub struct StreamStep {
    /// Counts packets, copies included.
    pub packets: u64,
    /// Gives lost packets in expected ones, 0 to 100; `None` without a packet.
    pub lost_percentage: Option<f64>,
    /// The mean of the jitter, in milliseconds; `None` without a clock or a packet.
    pub jitter_ms: Option<f64>,
    /// The MOS of this step alone; `None` where the stream has none.
    pub mos: Option<f64>,
}

/// The calls and streams of a session: the newest ones of each.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, TS)]
pub struct Calls {
    /// The calls, newest first.
    pub calls: Vec<Call>,
    /// Counts the calls that are not in `calls`.
    pub calls_omitted: u64,
    /// The streams: those of `calls`, then the newest others.
    pub streams: Vec<RtpStream>,
    /// Counts the streams that are not in `streams`.
    pub streams_omitted: u64,
}

/// What QUIC did over the whole capture (RFC 9000).
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, TS)]
pub struct QuicCounts {
    /// Counts connections; one that goes on from another address or port counts once.
    pub connections: u64,
    /// Counts connections of Google's QUIC of before, which are in nothing else here but `packets`.
    pub google_connections: u64,
    /// Counts packets.
    pub packets: u64,
    /// Counts packets with a long header by the version in it, such as `0x00000001`.
    pub versions: BTreeMap<Name, u64>,
    /// Counts packets with a long header by type: `initial`, `0-rtt`, `handshake`, `retry`, `version_negotiation`.
    pub packet_types: BTreeMap<Name, u64>,
    /// Counts times that a connection went on from another address or port.
    pub migrations: u64,
    /// From the client's first Initial to the server's first packet.
    pub handshake_rtt_ms: Delays,
    /// The same as it stands.
    pub handshake_rtt: Latency,
    /// By the spin bit, of connections where it behaves like one.
    pub spin_rtt_ms: Delays,
    /// The same as it stands.
    pub spin_rtt: Latency,
}

/// What TLS over TCP did over the whole capture.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, TS)]
pub struct TlsCounts {
    /// Counts clients' hellos.
    pub client_hellos: u64,
    /// Counts servers' hellos.
    pub server_hellos: u64,
    /// Counts servers' hellos by the version that they chose, such as `TLS 1.3`.
    pub versions: BTreeMap<Name, u64>,
    /// Counts them by the cipher suite that they chose, such as `AES_128_GCM_SHA256`.
    pub ciphers: BTreeMap<Name, u64>,
    /// Counts those that go on with what was agreed before.
    pub resumed: u64,
    /// Counts those that agree anew.
    pub full: u64,
    /// Counts clients' hellos with an encrypted one inside, real or not.
    pub encrypted_hellos: u64,
    /// From the client's hello to the end of the handshake.
    pub handshake_ms: Delays,
    /// The same as it stands.
    pub handshake: Latency,
}

/// What is known of one connection of QUIC.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, TS)]
pub struct FlowQuic {
    /// Its version, such as `QUIC 1`; `None` where no long header was seen.
    pub version: Option<Name>,
    /// The server's first packet after the client's, in milliseconds; `None` where either was not seen.
    pub handshake_rtt_ms: Option<f64>,
    /// The mean round trip by the spin bit, in milliseconds; `None` where it does not behave like one.
    pub spin_rtt_ms: Option<f64>,
    /// Tells whether the server asked the client to prove its address (Retry).
    pub retried: bool,
    /// The flow that it went on from, as `FlowListed::id`; `None` where it began here.
    pub migrated_from: Option<u64>,
}
