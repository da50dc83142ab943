use serde::{Deserialize, Serialize};
use ts_rs::TS;

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
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize, TS)]
pub struct HistoryBucket {
    /// Its first second since the epoch, a multiple of the step.
    pub second: u64,
    /// Which stretch of continuous time, from 1: the line breaks between two.
    pub stretch: u32,
    /// The averages over the whole bucket.
    pub mean: HistoryRates,
    /// The largest single seconds, each for itself, so that a spike survives.
    pub max: HistoryRates,
}

/// What happened in a second.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize, TS)]
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
}
