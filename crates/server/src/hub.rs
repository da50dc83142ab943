//! One serialised text for each topic and publication, however many watch.

use std::sync::Arc;

use axum::extract::ws::Utf8Bytes;
use netsonde_messages::stream::{InitialState, Message, PacketsTopic, Topic, TopicState};
use netsonde_session::{Moment, Monitor};
use tokio::sync::watch;

/// The most packets of a publication: a screen of rows and some to scroll.
pub(crate) const NEWEST_PACKETS: u32 = 200;

/// The newest state of everything, as texts.
#[derive(Clone, Debug)]
pub(crate) struct Frames {
    /// The session it is about.
    pub(crate) session: u64,
    /// The publication of the session.
    pub(crate) sequence: u64,
    /// What is going on.
    pub(crate) status: Utf8Bytes,
    topics: [Utf8Bytes; TOPICS.len()],
}

const TOPICS: [Topic; 4] = [Topic::Totals, Topic::Protocols, Topic::Hosts, Topic::Packets];

impl Frames {
    /// Returns the text of a topic.
    pub(crate) fn topic(&self, topic: Topic) -> Option<&Utf8Bytes> {
        TOPICS.iter().zip(&self.topics).find(|(held, _)| **held == topic).map(|(_, text)| text)
    }
}

/// Makes the texts and hands them to whoever watches.
#[derive(Clone, Debug)]
pub(crate) struct Hub {
    monitor: Monitor,
    newest: watch::Receiver<Arc<Frames>>,
}

impl Hub {
    /// Starts a task that follows the monitor; it ends with the runtime.
    pub(crate) fn start(monitor: Monitor) -> Self {
        let (changed, mut changes) = watch::channel(());
        monitor.subscribe(move || {
            changed.send_replace(());
        });
        let (sender, newest) = watch::channel(Arc::new(frames(&monitor)));
        let followed = monitor.clone();
        tokio::spawn(async move {
            while changes.changed().await.is_ok() {
                sender.send_replace(Arc::new(frames(&followed)));
            }
        });
        Self { monitor, newest }
    }

    /// Returns where the newest texts appear; a slow watcher misses some and never holds up anybody.
    pub(crate) fn watch(&self) -> watch::Receiver<Arc<Frames>> {
        self.newest.clone()
    }

    /// Returns everything a viewer of some topics needs to begin with, and the publication that it is of.
    pub(crate) fn initial_state(&self, topics: &[Topic]) -> (Utf8Bytes, u64, u64) {
        let Moment { status, publication, history } = self.monitor.moment();
        let wants = |topic| topics.contains(&topic);
        let state = InitialState {
            status,
            history: if wants(Topic::Totals) { history } else { Vec::new() },
            totals: wants(Topic::Totals).then(|| publication.totals.clone()),
            protocols: wants(Topic::Protocols).then(|| publication.protocols.clone()),
            hosts: wants(Topic::Hosts).then(|| publication.hosts.clone()),
            packets: wants(Topic::Packets).then(|| packets(&self.monitor)),
        };
        (text(&Message::InitialState(Box::new(state))), publication.session, publication.sequence)
    }
}

fn frames(monitor: &Monitor) -> Frames {
    let (status, publication) = (monitor.status(), monitor.publication());
    let (session, sequence) = (publication.session, publication.sequence);
    let update = |topic| text(&Message::Update { sequence, session, topic });
    Frames {
        session,
        sequence,
        status: text(&Message::Status(status)),
        topics: [
            update(TopicState::Totals(Box::new(publication.totals.clone()))),
            update(TopicState::Protocols(publication.protocols.clone())),
            update(TopicState::Hosts(publication.hosts.clone())),
            update(TopicState::Packets(packets(monitor))),
        ],
    }
}

fn packets(monitor: &Monitor) -> PacketsTopic {
    monitor.packets().map(|packets| packets.newest_rows(NEWEST_PACKETS)).unwrap_or_default()
}

/// Writes a message; plain numbers and texts always can be.
pub(crate) fn text(message: &Message) -> Utf8Bytes {
    serde_json::to_string(message).unwrap_or_default().into()
}
