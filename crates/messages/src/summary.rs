use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::Name;

/// What was said of a session in words: the answer to `GET /api/v1/summaries`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct Summaries {
    /// Names the session, as `Status::session`; 0 without one.
    pub session: u64,
    /// What was said while it ran, oldest first; of a long session the newest.
    pub periodic: Vec<Summary>,
    /// The report of a session that has ended; `None` before it is written.
    pub report: Option<SessionReport>,
}

/// A few sentences about a running session.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct Summary {
    /// The session's time when it was written, RFC 3339 in UTC.
    pub at: String,
    /// How long had been measured by then, in whole seconds.
    pub duration_s: u64,
    /// The sentences.
    pub text: String,
}

/// The report of a session that has ended.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct SessionReport {
    /// What matters most, in a paragraph.
    pub summary: String,
    /// Its parts, always the same nine in the same order: Overall Throughput, IP Composition, Encryption Composition, TCP,
    /// RTP, UDP, QUIC, DNS, IGMP.
    pub breakdown: Vec<ReportPart>,
}

/// One part of a [`SessionReport`].
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct ReportPart {
    /// Names the part.
    pub name: Name,
    /// The numbers, in the order to be shown.
    pub key_metrics: Vec<KeyMetric>,
    /// What they mean, in a sentence or two.
    pub observations: String,
}

/// One number of a [`ReportPart`], as people read it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct KeyMetric {
    /// Says what was measured.
    pub key: Name,
    /// Holds the number with its unit.
    pub value: String,
}
