use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// What is going on.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
pub struct Status {
    /// The state of the session.
    pub state: State,
    /// Says why the state is `failed`, what went wrong on the way to `finished`, or what keeps packets away while
    /// `running`.
    pub problem: Option<String>,
    /// Numbers the session, from 1; 0 before the first one and after a reset.
    pub session: u64,
    /// Where the packets come from; `None` without a session.
    pub source: Option<StatusSource>,
    /// The BPF filter of the capture.
    pub filter: Option<String>,
    /// When the session began, RFC 3339 in UTC, by the clock of the machine; `None` before it runs.
    pub started_at: Option<String>,
    /// Tells whether the report of a finished session is still being written.
    pub summarizing: bool,
}

/// Where the packets of a session come from.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
pub struct StatusSource {
    /// Tells what kind of source it is.
    pub kind: SourceKind,
    /// The interface, the file's own name without its folder, or `demo`.
    pub name: String,
    /// How far a file is read, 0 to 100; `None` where that is unknown.
    pub progress_percentage: Option<f64>,
}

/// Kinds of sources.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum SourceKind {
    /// A live interface.
    Interface,
    /// A capture file.
    File,
    /// The traffic that the program makes itself.
    Demo,
}

/// The states of a session, in the order it goes through them.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum State {
    /// Nothing was started yet, or everything was dropped.
    #[default]
    Idle,
    /// The source is being opened.
    Starting,
    /// Packets are measured.
    Running,
    /// The source is being closed and the last packets are measured.
    Stopping,
    /// The source ended or was stopped; everything measured stays.
    Finished,
    /// The source did not open, or measuring broke; what was measured stays.
    Failed,
}
