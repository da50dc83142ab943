//! What is found out of a session that is measured here, without a monitor: its findings.

use netsonde_messages::Findings;
use netsonde_messages::stream::{SourceKind, State, Status, StatusSource};
use netsonde_session::Session;
use netsonde_summarizer::Figures;
use netsonde_summarizer::findings::{self, Memory};

/// Looks for findings again and again in one session, or once in one that has ended.
#[derive(Debug)]
pub(crate) struct Finder {
    memory: Memory,
    status: Status,
}

impl Finder {
    /// Makes one for the packets of a source.
    pub(crate) fn new(kind: SourceKind, name: &str) -> Self {
        let state = if kind == SourceKind::File { State::Finished } else { State::Running };
        let source = Some(StatusSource { kind, name: name.to_owned(), progress_percentage: None });
        let status = Status {
            state,
            problem: None,
            session: 1,
            source,
            filter: None,
            started_at: None,
            summarizing: false,
        };
        Self { memory: Memory::default(), status }
    }

    /// Returns what is wrong or worth knowing, as of the session's last tick.
    pub(crate) fn look(&mut self, session: &mut Session) -> Findings {
        let measured = session.publication();
        findings::of(&Figures { status: &self.status, measured: &measured }, &mut self.memory)
    }
}
