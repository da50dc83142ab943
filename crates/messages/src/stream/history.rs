use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::Name;

/// The charts of a span of time, the answer to `GET /api/v1/metrics/history`.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, TS)]
pub struct History {
    /// Names the session, as `Status::session`; 0 without one.
    pub session: u64,
    /// The earliest second of the session that is still kept, since the epoch; `None` without a packet.
    pub earliest: Option<u64>,
    /// The latest second of the session that is closed, since the epoch; `None` without a packet.
    pub latest: Option<u64>,
    /// The seconds that one bucket covers.
    pub step_s: u64,
    /// The buckets in which anything happened, in the order they were measured; a missing one inside a stretch means
    /// that nothing did.
    pub buckets: Vec<HistoryBucket>,
}

/// Some seconds of the charts.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, TS)]
pub struct HistoryBucket {
    /// Its first second since the epoch, a multiple of the step.
    pub second: u64,
    /// Which stretch of continuous time, from 1: the line breaks between two.
    pub stretch: u32,
    /// The averages over the whole bucket; of delays each second weighs as many as it has samples.
    pub mean: HistoryRates,
    /// The largest single seconds, each for itself, so that a spike survives.
    pub max: HistoryRates,
}

/// What happened in a second.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, TS)]
pub struct HistoryRates {
    /// Bits per second on the wire from elsewhere to local addresses.
    pub inbound_bps: f64,
    /// Bits per second on the wire from local addresses to elsewhere.
    pub outbound_bps: f64,
    /// Bits per second on the wire between local addresses.
    pub internal_bps: f64,
    /// Bits per second on the wire between addresses that are not local.
    pub transit_bps: f64,
    /// Bits per second of application payload, each byte once.
    pub goodput_bps: f64,
    /// Packets per second.
    pub packets_per_second: f64,
    /// Bits per second of IPv4 packets, by outermost network header.
    pub ipv4_bps: f64,
    /// Bits per second of IPv6 packets, by outermost network header.
    pub ipv6_bps: f64,
    /// Bits per second of flows known to be encrypted at the time.
    pub encrypted_bps: f64,
    /// TCP segments with payload, per second.
    pub data_segments: f64,
    /// TCP segments with payload sent again except spurious ones, per second.
    pub resent_segments: f64,
    /// The round trip to the far side, each flow weighted by its packets, in milliseconds; `None` without a sample.
    pub latency_ms: Option<f64>,
    /// Half of the round trips are not larger, in milliseconds; over several seconds the mean of their medians, each
    /// weighted by its round trips.
    pub rtt_p50_ms: Option<f64>,
    /// 95 of 100 round trips are not larger, in milliseconds; over several seconds the mean of theirs, each weighted by
    /// its round trips.
    pub rtt_p95_ms: Option<f64>,
    /// The mean time from a DNS query to its answer, in milliseconds; `None` without an answer.
    pub dns_latency_ms: Option<f64>,
    /// The mean of the jitter of the streams of RTP, each weighted by its packets, in milliseconds; `None` without a stream
    /// whose clock is known.
    pub jitter_ms: Option<f64>,
    /// Packets that the streams of RTP sent, by their sequence numbers, per second.
    pub rtp_expected: f64,
    /// Those of them that were not seen, per second.
    pub rtp_lost: f64,
    /// By protocol, inclusive, keyed as in the report; those that were asked for.
    #[serde(default)]
    pub protocols: BTreeMap<Name, HistoryKind>,
}

/// What one protocol did in a second.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize, TS)]
pub struct HistoryKind {
    /// Bits per second on the wire from elsewhere to local addresses.
    pub inbound_bps: f64,
    /// Bits per second on the wire, all but the inbound ones.
    pub outward_bps: f64,
    /// Packets per second.
    pub packets_per_second: f64,
}
