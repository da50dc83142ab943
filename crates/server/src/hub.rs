//! One serialised text for each topic and publication, however many watch.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use axum::extract::ws::Utf8Bytes;
use netsonde_messages::stream::{
    HistoryPoint, InitialState, Message, PacketsTopic, PlacesTopic, State, Status, Topic, TopicState,
};
use netsonde_messages::{Findings, Summaries};
use netsonde_session::{Moment, Monitor, Packets, lock};
use tokio::sync::watch;
use tokio::time::Instant;

/// The most packets of a publication: a screen of rows and some to scroll.
pub(crate) const NEWEST_PACKETS: u32 = 200;
/// The time between two texts: what is published in between becomes one.
const PACE: Duration = Duration::from_millis(250);

/// The newest state of everything, as texts, all of one moment.
#[derive(Debug)]
pub(crate) struct Frames {
    /// The session it is about.
    pub(crate) session: u64,
    /// The publication of the session.
    pub(crate) sequence: u64,
    /// The publication of the session that the texts before were of: whoever has seen that one misses nothing.
    pub(crate) follows: u64,
    /// What is going on.
    pub(crate) status: Utf8Bytes,
    topics: [Utf8Bytes; MEASURED.len()],
    /// What was found out and said, which changes at other times than what is measured.
    words: [Utf8Bytes; WORDS.len()],
    moment: Moment,
    /// The points of the charts so far, oldest first.
    points: Vec<HistoryPoint>,
    /// The whole state by choices of topics, made when the first viewer needs it.
    wholes: Mutex<Vec<(Vec<Topic>, Utf8Bytes)>>,
}

/// The topics that every publication tells anew.
const MEASURED: [Topic; 7] =
    [Topic::Totals, Topic::Protocols, Topic::Hosts, Topic::Packets, Topic::Apps, Topic::Calls, Topic::Places];
/// The topics that are told when there is something to say, also of a session that has ended.
const WORDS: [Topic; 2] = [Topic::Findings, Topic::Summaries];

impl Frames {
    /// Makes the texts of a moment, to follow those of an earlier one.
    fn of((moment, points): (Moment, Vec<HistoryPoint>), before: Option<&Self>) -> Self {
        let publication = &moment.publication;
        let (session, sequence) = (publication.session, publication.sequence);
        let before = before.filter(|before| before.session == session);
        let (follows, topics) = match before {
            // Only the status is another.
            Some(before) if before.sequence == sequence => (before.follows, before.topics.clone()),
            _ => (before.map_or(0, |before| before.sequence), topics(&moment, &points, before)),
        };
        let words = words(&moment, before);
        let status = text(&Message::Status(moment.status.clone()));
        Self { session, sequence, follows, status, topics, words, moment, points, wholes: Mutex::default() }
    }

    /// Tells whether a session was about to end.
    fn is_stopping(&self) -> bool {
        self.moment.status.state == State::Stopping
    }

    /// Returns the text of a topic that is measured.
    pub(crate) fn measured(&self, topic: Topic) -> Option<&Utf8Bytes> {
        MEASURED.iter().zip(&self.topics).find(|(held, _)| **held == topic).map(|(_, text)| text)
    }

    /// Returns the text of a topic that is put into words.
    pub(crate) fn words(&self, topic: Topic) -> Option<&Utf8Bytes> {
        WORDS.iter().zip(&self.words).find(|(held, _)| **held == topic).map(|(_, text)| text)
    }

    /// Returns everything a viewer of some topics (sorted, each once) needs to begin with.
    ///
    /// It holds the charts of an hour, more than a megabyte: viewers of the same topics share one text.
    pub(crate) fn whole(&self, topics: &[Topic]) -> Utf8Bytes {
        let mut wholes = lock(&self.wholes);
        if let Some((_, whole)) = wholes.iter().find(|(held, _)| held == topics) {
            return whole.clone();
        }
        let Moment { status, publication, packets, findings, summaries, .. } = &self.moment;
        let wants = |topic| topics.contains(&topic);
        let whole = text(&Message::InitialState(Box::new(InitialState {
            status: status.clone(),
            history: if wants(Topic::Totals) { self.points.clone() } else { Vec::new() },
            totals: wants(Topic::Totals).then(|| publication.totals.clone()),
            protocols: wants(Topic::Protocols).then(|| publication.protocols.clone()),
            hosts: wants(Topic::Hosts).then(|| publication.hosts.clone()),
            packets: wants(Topic::Packets).then(|| newest(packets.as_ref())),
            apps: wants(Topic::Apps).then(|| publication.apps.clone()),
            calls: wants(Topic::Calls).then(|| publication.calls.clone()),
            places: wants(Topic::Places).then(|| PlacesTopic::clone(&publication.places)),
            findings: wants(Topic::Findings).then(|| Findings::clone(findings)),
            summaries: wants(Topic::Summaries).then(|| Summaries::clone(summaries)),
        })));
        wholes.push((topics.to_vec(), whole.clone()));
        whole
    }
}

/// Writes the topics of a moment, with the points of every publication of the session since an earlier one.
fn topics(moment: &Moment, points: &[HistoryPoint], before: Option<&Frames>) -> [Utf8Bytes; MEASURED.len()] {
    let Moment { publication, packets, .. } = moment;
    let (session, sequence) = (publication.session, publication.sequence);
    let mut totals = publication.totals.clone();
    if let Some(before) = before
        && sequence > before.sequence + 1
    {
        totals.points = missed(points, before.points.last()).to_vec();
    }
    let update = |topic| text(&Message::Update { sequence, session, topic });
    [
        update(TopicState::Totals(Box::new(totals))),
        update(TopicState::Protocols(Box::new(publication.protocols.clone()))),
        update(TopicState::Hosts(publication.hosts.clone())),
        update(TopicState::Packets(newest(packets.as_ref()))),
        update(TopicState::Apps(publication.apps.clone())),
        update(TopicState::Calls(publication.calls.clone())),
        update(TopicState::Places(Box::new(PlacesTopic::clone(&publication.places)))),
    ]
}

/// Writes what was found out and said, where it is not what an earlier moment's texts say.
fn words(moment: &Moment, before: Option<&Frames>) -> [Utf8Bytes; WORDS.len()] {
    let Moment { publication, findings, summaries, .. } = moment;
    let (session, sequence) = (publication.session, publication.sequence);
    let update = |topic| text(&Message::Update { sequence, session, topic });
    let written = |is_same: fn(&Moment, &Moment) -> bool, place: usize| {
        before
            .filter(|before| is_same(&before.moment, moment))
            .and_then(|before| before.words.get(place).cloned())
    };
    let same_findings = |one: &Moment, other: &Moment| Arc::ptr_eq(&one.findings, &other.findings);
    let same_summaries = |one: &Moment, other: &Moment| Arc::ptr_eq(&one.summaries, &other.summaries);
    [
        written(same_findings, 0)
            .unwrap_or_else(|| update(TopicState::Findings(Box::new(Findings::clone(findings))))),
        written(same_summaries, 1)
            .unwrap_or_else(|| update(TopicState::Summaries(Box::new(Summaries::clone(summaries))))),
    ]
}

/// Returns the points behind `last`, all where it is not there any more.
fn missed<'a>(points: &'a [HistoryPoint], last: Option<&HistoryPoint>) -> &'a [HistoryPoint] {
    let known = last.and_then(|last| points.iter().rposition(|point| point == last));
    points.get(known.map_or(0, |known| known + 1)..).unwrap_or_default()
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
        let mut last = Arc::new(Frames::of(monitor.moment_with_points(), None));
        let (sender, newest) = watch::channel(Arc::clone(&last));
        let followed = monitor.clone();
        tokio::spawn(async move {
            // A rate, not a pause: a publication that came late does not put off those after it.
            let mut due = Instant::now();
            while changes.changed().await.is_ok() {
                due = due.max(Instant::now());
                tokio::time::sleep_until(due).await;
                due += PACE;
                changes.borrow_and_update();
                last = Arc::new(Frames::of(followed.moment_with_points(), Some(&last)));
                sender.send_replace(Arc::clone(&last));
            }
        });
        Self { monitor, newest }
    }

    /// Returns where the newest texts appear; a slow watcher misses some and never holds up anybody.
    pub(crate) fn watch(&self) -> watch::Receiver<Arc<Frames>> {
        self.newest.clone()
    }

    /// Returns what is going on at this moment; the texts say it a little later.
    pub(crate) fn status(&self) -> Status {
        self.monitor.status()
    }

    /// Tells whether a session is about to end, or the texts still say that it is.
    pub(crate) fn is_stopping(&self, texts: &Frames) -> bool {
        texts.is_stopping() || self.status().state == State::Stopping
    }
}

fn newest(packets: Option<&Packets>) -> PacketsTopic {
    packets.map(|packets| packets.newest_rows(NEWEST_PACKETS)).unwrap_or_default()
}

/// Writes a message; plain numbers and texts always can be.
pub(crate) fn text(message: &Message) -> Utf8Bytes {
    serde_json::to_string(message).unwrap_or_default().into()
}
