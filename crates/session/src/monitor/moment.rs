//! What viewers are shown.

use std::sync::Arc;

use netsonde_messages::stream::{AppsTopic, HostsTopic, PlacesTopic, ProtocolsTopic, Status, TotalsTopic};
use netsonde_messages::{Calls, Findings, SessionReport, Summaries, Summary};

use crate::topics::Topics;
use crate::{Packets, Session, Symptoms};

/// What a session has measured, as last published.
#[derive(Clone, Debug, Default)]
pub struct Publication {
    /// Which session, as [`Status::session`].
    pub session: u64,
    /// Counts the publications of the session, from 1; 0 where there is none.
    pub sequence: u64,
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
    /// Where hosts are.
    pub places: Arc<PlacesTopic>,
    /// What speaks for trouble.
    pub symptoms: Symptoms,
}

/// How a session ended.
#[derive(Clone, Debug, PartialEq)]
pub struct Ended {
    /// Which session, as [`Status::session`].
    pub session: u64,
    /// Its interface or file.
    pub source: String,
    /// What went wrong; none where nothing did.
    pub problem: Option<String>,
    /// Its report; none where nobody writes reports.
    pub report: Option<Arc<SessionReport>>,
}

impl Publication {
    pub(super) fn of(session: u64, sequence: u64, topics: Topics) -> Self {
        let Topics { totals, protocols, hosts, apps, calls, places, symptoms } = topics;
        Self { session, sequence, totals, protocols, hosts, apps, calls, places, symptoms }
    }
}

impl Session {
    /// Returns what has been measured as of the last tick, as a monitor publishes it, with the session's number 1.
    pub fn publication(&mut self) -> Publication {
        let topics = self.topics();
        Publication::of(1, 1, topics)
    }
}

/// Everything a viewer needs to begin with, but for the charts; the publications after it continue it.
#[derive(Clone, Debug)]
pub struct Moment {
    /// What is going on.
    pub status: Status,
    /// The newest publication.
    pub publication: Arc<Publication>,
    /// The packets of the session; none without one.
    pub packets: Option<Packets>,
    /// What was said of it last while it ran; none before anything was.
    pub summary: Option<Arc<Summary>>,
    /// Its report; none before it is written.
    pub report: Option<Arc<SessionReport>>,
    /// What was found out of it; empty before anything was.
    pub findings: Arc<Findings>,
    /// Everything that was said, the newest 20 summaries of it.
    pub summaries: Arc<Summaries>,
    /// How the newest sessions ended since the last reset, the oldest first; one that waits for its report is not over.
    pub ended: Vec<Arc<Ended>>,
}
