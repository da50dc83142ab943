//! Streams of RTP as the table tells them.

mod announced;
mod beat;
mod course;
mod engine;
mod named;
mod pool;
mod sequence;
mod session;
mod stream;
mod timing;

use netsonde_units::Timestamp;

use crate::{DelaySums, FlowId, FlowKey, Side};

pub(crate) use self::engine::{Heard, Media, MediaId};

/// How a stream was found to be RTP.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[repr(u8)]
pub enum FoundBy {
    /// SDP announced its address (RFC 8866).
    Signalling,
    /// RTCP speaks of its source (RFC 3550 section 6).
    Rtcp,
    /// Its packets follow each other as those of a stream do.
    Shape,
}

/// What a stream carries.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[repr(u8)]
pub enum MediaKind {
    /// Sound.
    Audio,
    /// Moving pictures.
    Video,
    /// Anything else: text, fax, tones.
    Other,
}

/// Where the clock of a stream's timestamps is known from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[repr(u8)]
pub enum ClockBy {
    /// SDP says it.
    Signalling,
    /// The payload type has a fixed one (RFC 3551 section 6).
    PayloadType,
    /// The timestamps go at its pace.
    Pace,
}

/// One stream as it stands: an end, its peer and a synchronisation source. All counters since its first packet.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct StreamRow<'a> {
    /// Its number in the order in which streams were found, from 0; never used again.
    pub serial: u64,
    /// The conversation that it is a part of.
    pub conversation: FlowId,
    /// The addresses and ports of that.
    pub key: FlowKey,
    /// Which end sends it.
    pub sender: Side,
    /// Its synchronisation source.
    pub ssrc: u32,
    /// How it was found to be RTP.
    pub found_by: FoundBy,
    /// Whether its payload is encrypted as far as known: SDP or a handshake of DTLS says so (SRTP, RFC 3711).
    pub is_protected: bool,
    /// What it carries; none where nothing tells.
    pub kind: Option<MediaKind>,
    /// The payload type of most of its packets.
    pub payload_type: u8,
    /// The payload types that it used and their packets, the first 8 of them.
    pub payload_types: &'a [(u8, u32)],
    /// The encoding's name of `payload_type`, as SDP or RFC 3551 has it; none where nothing tells.
    pub codec: Option<&'a str>,
    /// The clock of its timestamps, in hertz; none while unknown.
    pub clock_rate: Option<u32>,
    /// Where that is known from.
    pub clock_by: Option<ClockBy>,
    /// The call that announced it, by its `Call-ID`.
    pub call: Option<&'a str>,
    /// When its first packet was seen.
    pub first_seen: Timestamp,
    /// When its latest packet was seen.
    pub last_seen: Timestamp,
    /// Packets, copies included.
    pub packets: u64,
    /// Bytes of them on the wire.
    pub bytes: u64,
    /// Bytes of payload in them, copies included: without header, sources and extension.
    pub payload_bytes: u64,
    /// Packets that its sequence numbers say were sent (RFC 3550 appendix A.3), over all its segments.
    pub expected: u64,
    /// Those of them that were seen, each once.
    pub received: u64,
    /// Packets seen again.
    pub duplicates: u64,
    /// Packets that came after one with a later sequence number, copies not included.
    pub out_of_order: u64,
    /// Times that its sequence numbers began anew (RFC 3550 appendix A.1).
    pub restarts: u32,
    /// Times that a packet ended a silence or a gap in sending: a marked packet of sound (RFC 3551 section 4.1).
    pub talk_spurts: u32,
    /// Runs of lost packets.
    pub loss_runs: u32,
    /// Packets lost in the longest of them.
    pub longest_loss: u32,
    /// The interarrival jitter as of the latest packet, in nanoseconds (RFC 3550 section 6.4.1); none without a clock.
    pub jitter_nanos: Option<u64>,
    /// The mean of the jitter after each packet.
    pub jitter_nanos_mean: Option<u64>,
    /// The largest of them.
    pub jitter_nanos_max: Option<u64>,
    /// What the receiver reported of it; none where it did not.
    pub reported: Option<Reported>,
    /// How it fared over its time, in equal steps from `first_seen` on, at most 64.
    pub course: &'a [StreamStep],
    /// How long a step is, in nanoseconds.
    pub step_nanos: u64,
    /// Whether its conversation has ended.
    pub ended: bool,
}

/// What the receiver of a stream reported of it (RFC 3550 section 6.4.1), as of its latest report.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Reported {
    /// Reports seen.
    pub reports: u32,
    /// Packets lost since the last report in 256.
    pub fraction_lost: u8,
    /// Packets lost since the beginning; negative where copies came.
    pub lost: i32,
    /// Jitter in units of the stream's clock.
    pub jitter: u32,
    /// From here to the receiver and back, each time that a report answers one of the sender.
    pub round_trip: DelaySums,
}

/// How a stream fared in a step of its time.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct StreamStep {
    /// Packets, copies included.
    pub packets: u32,
    /// By how many the packets sent grew; a late packet's step may differ from that in which it was missed.
    pub expected: u32,
    /// Packets that were seen for the first time.
    pub received: u32,
    /// The sum of the jitter after each packet that has one, in microseconds.
    pub jitter_micros_sum: u64,
    /// Packets that have one.
    pub jitter_packets: u32,
    /// The largest of them, in microseconds.
    pub jitter_micros_max: u32,
}
