//! What is said of a session in words.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::stream::{AppsTopic, History, HostsTopic, ProtocolsTopic, Status, TotalsTopic};
use crate::{Author, Calls, Fact, Finding, Name, Places, Sentence, Severity, Span};

/// What was said of a session in words: the answer to `GET /api/v1/summaries`, and with the newest 20 the topic `summaries`.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, TS)]
pub struct Summaries {
    /// Names the session, as `Status::session`; 0 without one.
    pub session: u64,
    /// What was said while it ran, oldest first; of a long session the newest.
    pub periodic: Vec<Summary>,
    /// The report of a session that has ended; `None` before it is written.
    pub report: Option<Box<SessionReport>>,
    /// What words it otherwise, and whether it may.
    pub assistant: Assistant,
}

/// A few sentences about a running session.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, TS)]
pub struct Summary {
    /// Names it in its session, from 1.
    pub id: u64,
    /// The session's time when it was written, RFC 3339 in UTC.
    pub at: String,
    /// How long had been measured by then, in whole seconds.
    pub duration_s: u64,
    /// The time that it is about.
    pub span: Span,
    /// How bad the worst of it is.
    pub severity: Severity,
    /// The sentences, joined.
    pub text: String,
    /// The sentences.
    pub sentences: Vec<Sentence>,
    /// The facts that they stand on.
    pub facts: Vec<Fact>,
    /// Who worded it: a model where it worded any sentence.
    pub author: Author,
    /// Says in a line why no model worded it although one was asked; `None` where all is well.
    pub notice: Option<String>,
}

/// The report of a session that has ended.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, TS)]
pub struct SessionReport {
    /// What matters most, in a paragraph: the sentences, joined.
    pub summary: String,
    /// The sentences.
    pub sentences: Vec<Sentence>,
    /// How bad the worst of it is.
    pub severity: Severity,
    /// Its parts, always the same nine in the same order: Overall Throughput, IP Composition, Encryption Composition, TCP,
    /// RTP, UDP, QUIC, DNS, IGMP.
    pub breakdown: Vec<ReportPart>,
    /// What is wrong or worth knowing, the most severe first.
    pub findings: Vec<Finding>,
    /// The facts that sentences and findings stand on.
    pub facts: Vec<Fact>,
    /// Who worded it: a model where it worded any sentence.
    pub author: Author,
    /// Says in a line why no model worded it although one was asked; `None` where all is well.
    pub notice: Option<String>,
}

/// The report of a session in a file, with everything that it was made from: the answer to `GET /api/v1/report.json`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
pub struct ReportFile {
    /// Holds the version, [`SCHEMA`](crate::SCHEMA).
    pub schema: u32,
    /// Holds the version of the program.
    pub version: String,
    /// Tells what was measured, and whether it is over.
    pub status: Status,
    /// The networks that the user called local, in CIDR notation; none where the rule of the source decided.
    pub local: Vec<String>,
    /// What is said of it.
    pub report: SessionReport,
    /// Rates, totals, composition.
    pub totals: TotalsTopic,
    /// Protocols.
    pub protocols: ProtocolsTopic,
    /// Hosts and talkers.
    pub hosts: HostsTopic,
    /// Applications.
    pub apps: AppsTopic,
    /// The newest calls and streams.
    pub calls: Calls,
    /// Where hosts are, by place and country, and whom the licences of what that is known by ask to be named.
    pub places: Places,
    /// The charts of the whole session.
    pub history: History,
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

/// A language model that words summaries and reports, as it stands. Without one everything is worded by rules.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct Assistant {
    /// Whether it is asked.
    pub state: AssistantState,
    /// Names the provider, such as `Gemini`; `None` where none is configured.
    pub provider: Option<String>,
    /// Names the model; `None` where none is configured.
    pub model: Option<String>,
    /// Names the host that is sent to, with its port where that is not the usual one; `None` where none is configured.
    pub host: Option<String>,
    /// Tells whether addresses and names are replaced by aliases before anything is sent.
    pub redacted: bool,
    /// Counts the calls left in this hour; `None` where none is configured.
    pub calls_left: Option<u32>,
    /// Says in a line what came of the last call; `None` where it went well, or there was none.
    pub problem: Option<String>,
}

/// Whether a model is asked.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum AssistantState {
    /// None is configured.
    #[default]
    Off,
    /// It is configured, and nothing is sent before somebody has allowed it.
    Waiting,
    /// It is asked.
    Allowed,
}

/// What would be sent to a model now: the answer to `GET /api/v1/assistant/preview`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct AssistantPreview {
    /// Where it would be sent.
    pub assistant: Assistant,
    /// What it is told of its task.
    pub instructions: String,
    /// The facts as it would get them, as JSON.
    pub facts: String,
}
