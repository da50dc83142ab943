//! What is wrong or worth knowing, with its evidence: findings.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::{Fact, Sentence, Subject};

/// What was found out about a session, as it stands.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, TS)]
pub struct Findings {
    /// Names the session, as `Status::session`; 0 without one.
    pub session: u64,
    /// What is wrong or worth knowing: what still holds first, then the most severe, then the newest.
    pub findings: Vec<Finding>,
    /// Counts findings left out, the least severe of those that are over.
    pub findings_omitted: u64,
    /// What has changed, the newest first, at most 20.
    pub changes: Vec<Change>,
    /// The facts that findings and changes stand on.
    pub facts: Vec<Fact>,
}

/// Something wrong or worth knowing.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
pub struct Finding {
    /// Names it in its session; the same as long as it is about the same thing.
    pub id: u64,
    /// Which rule found it.
    pub rule: FindingRule,
    /// How bad it is.
    pub severity: Severity,
    /// Says what it is, in a few words.
    pub title: String,
    /// What it is about.
    pub subject: Subject,
    /// The number that the rule looked at, as people read it.
    pub value: String,
    /// The number from which on the rule speaks; `None` where anything at all is enough.
    pub limit: Option<String>,
    /// Says what it means for whoever uses the network.
    pub meaning: String,
    /// Says what to do next.
    pub advice: String,
    /// What shows it, the best evidence first, at most 10.
    pub evidence: Vec<EvidenceItem>,
    /// The facts that it stands on, by their ids in [`Findings::facts`].
    pub facts: Vec<u32>,
    /// When it was seen first, in milliseconds since the epoch; `None` without stamps.
    pub first_ms: Option<f64>,
    /// When it was seen last, in milliseconds since the epoch; `None` without stamps.
    pub last_ms: Option<f64>,
    /// Tells whether it still holds; of a capture that has ended, whether it did at the end.
    pub holds: bool,
    /// Where the dashboard shows what it is about: a path with its search.
    pub see: String,
}

/// Something that shows a [`Finding`].
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct EvidenceItem {
    /// Says it in a few words.
    pub text: String,
    /// The flow that shows it, by its id in the list of flows.
    pub flow: Option<u64>,
    /// The packet that shows it, by its number from 1.
    pub packet: Option<u64>,
    /// Where the dashboard shows it: a path with its search.
    pub see: String,
}

/// The rules of findings.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum FindingRule {
    /// Packets were dropped before they were measured: all numbers are short.
    CaptureDrops,
    /// Many TCP segments are sent again.
    Retransmissions,
    /// The round trip is longer than it was in this session before.
    RoundTripRose,
    /// A stream's jitter or loss is such that a person hears it.
    PoorCall,
    /// A receiver has no room: it is slower than the network.
    ZeroWindows,
    /// Connections that nobody answers, or that are refused.
    NoAnswer,
    /// DNS is slow or fails.
    Dns,
    /// What anybody on the way can read.
    ClearText,
    /// A password went over the network in clear text.
    Credentials,
    /// One host tries many ports or addresses.
    Scan,
    /// One conversation fills the link.
    LinkFilled,
}

impl FindingRule {
    /// All of them.
    pub const ALL: [Self; 11] = [
        Self::CaptureDrops,
        Self::Retransmissions,
        Self::RoundTripRose,
        Self::PoorCall,
        Self::ZeroWindows,
        Self::NoAnswer,
        Self::Dns,
        Self::ClearText,
        Self::Credentials,
        Self::Scan,
        Self::LinkFilled,
    ];
}

/// How bad something is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum Severity {
    /// Worth knowing.
    #[default]
    Info,
    /// People notice it, or will.
    Warning,
    /// Something does not work.
    Critical,
}

/// Something that has changed.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
pub struct Change {
    /// When, in milliseconds since the epoch; `None` without stamps.
    pub at_ms: Option<f64>,
    /// What is about.
    pub subject: Subject,
    /// Says it.
    pub sentence: Sentence,
    /// Where the dashboard shows it: a path with its search.
    pub see: String,
}
