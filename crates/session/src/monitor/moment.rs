//! What viewers are shown.

use std::sync::Arc;

use netsonde_messages::stream::{AppsTopic, HostsTopic, ProtocolsTopic, Status, TotalsTopic};
use netsonde_messages::{Calls, SessionReport, Summary};

use crate::Packets;

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
}

/// How a session ended.
#[derive(Clone, Debug, PartialEq, Eq)]
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
    /// How the newest sessions ended since the last reset, the oldest first; one that waits for its report is not over.
    pub ended: Vec<Arc<Ended>>,
}
