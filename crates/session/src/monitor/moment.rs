//! What viewers are shown.

use std::sync::Arc;

use netsonde_messages::stream::{HistoryPoint, HostsTopic, ProtocolsTopic, Status, TotalsTopic};
use netsonde_messages::{SessionReport, Summary};

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
}

/// Everything a viewer needs to begin with; the publications after it continue it.
#[derive(Clone, Debug)]
pub struct Moment {
    /// What is going on.
    pub status: Status,
    /// The newest publication.
    pub publication: Arc<Publication>,
    /// The points of the charts so far, those of the publication included, oldest first.
    pub history: Vec<HistoryPoint>,
    /// The packets of the session; none without one.
    pub packets: Option<Packets>,
    /// What was said of it last while it ran; none before anything was.
    pub summary: Option<Arc<Summary>>,
    /// Its report; none before it is written.
    pub report: Option<Arc<SessionReport>>,
}
