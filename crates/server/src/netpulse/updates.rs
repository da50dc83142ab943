//! What NetPulse's viewers follow: a moment about every second, and the texts made of it.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use axum::extract::ws::Utf8Bytes;
use netsonde_messages::stream::{State as Stage, Status};
use netsonde_session::{Moment, Monitor, lock};
use tokio::sync::watch;
use tokio::time::{Instant, sleep_until};

use super::messages::{InitialState, Interface, Message, Metrics, Update};
use super::numbers::{self, MOST_PACKETS, Marks};

/// The time between two updates.
const PACE: Duration = Duration::from_secs(1);

/// A moment, to be told.
#[derive(Debug)]
pub(crate) struct Beat {
    /// Counts the moments in the order in which they were taken.
    pub(super) serial: u64,
    /// What it is.
    pub(super) moment: Moment,
    /// How far it is.
    pub(super) marks: Marks,
    /// How far the update before was.
    before: Marks,
    /// When, by the wall clock, in nanoseconds since the epoch.
    at: u64,
    /// The updates by where they begin, made when the first viewer needs them: viewers that keep up share one.
    updates: Mutex<Vec<(Marks, Utf8Bytes)>>,
}

impl Beat {
    /// Tells whether a session is ending, or its report being written.
    pub(super) fn is_ending(&self) -> bool {
        self.moment.status.state == Stage::Stopping || self.moment.status.summarizing
    }

    /// Tells whether a session goes on, or is ending.
    pub(super) fn is_open(&self) -> bool {
        self.moment.status.state == Stage::Running || self.is_ending()
    }

    /// Returns the update for a viewer that has come as far as `since`.
    pub(super) fn update(&self, since: Marks) -> Utf8Bytes {
        let mut updates = lock(&self.updates);
        if let Some((_, text)) = updates.iter().find(|(held, _)| *held == since) {
            return text.clone();
        }
        let state = numbers::state(&self.moment, self.marks, since, self.at);
        let made = text(&Message::Update(Box::new(Update { state, new_geolocations: [] })));
        updates.push((since, made.clone()));
        made
    }

    /// Returns the first message of a viewer that comes in, with the newest packets.
    pub(super) fn whole(&self, interfaces: Vec<Interface>) -> Utf8Bytes {
        let newest = self.marks.newest_packet;
        let packets = numbers::packets(&self.moment, newest.saturating_sub(MOST_PACKETS), newest);
        // They stand in the list of all, and nowhere else.
        let since = self.before.in_session(self.marks.session).with_packets_to(newest);
        let state = numbers::state(&self.moment, self.marks, since, self.at);
        text(&Message::InitialState(Box::new(InitialState { state, packets, interfaces })))
    }

    /// Returns the message that has the client forget an earlier session; what is new comes in the update behind it.
    pub(super) fn anew(&self, interfaces: Vec<Interface>) -> Utf8Bytes {
        let state = numbers::state(&self.moment, self.marks, self.marks, self.at);
        text(&Message::InitialState(Box::new(InitialState { state, packets: Vec::new(), interfaces })))
    }

    /// Returns what `get_status` tells.
    pub(super) fn metrics(&self) -> Metrics {
        numbers::metrics(&self.moment, self.before, self.at)
    }
}

/// Takes the moments and hands them to whoever watches.
#[derive(Clone, Debug)]
pub(crate) struct Pulse {
    monitor: Monitor,
    taken: Arc<Mutex<Taken>>,
    newest: Arc<watch::Sender<Arc<Beat>>>,
}

#[derive(Debug, Default)]
struct Taken {
    serial: u64,
    /// How far the update before is.
    told: Marks,
}

impl Pulse {
    /// Starts a task that follows the monitor while anybody watches; it ends with the runtime.
    pub(crate) fn start(monitor: Monitor) -> Self {
        let (changed, changes) = watch::channel(());
        monitor.subscribe(move || {
            changed.send_replace(());
        });
        let mut taken = Taken::default();
        let first = taken.beat(&monitor);
        let (newest, _) = watch::channel(Arc::new(first));
        let pulse = Self { monitor, taken: Arc::new(Mutex::new(taken)), newest: Arc::new(newest) };
        tokio::spawn(pulse.clone().follow(changes));
        pulse
    }

    /// Returns where the newest moment appears; a slow watcher misses some and never holds up anybody.
    pub(crate) fn watch(&self) -> watch::Receiver<Arc<Beat>> {
        self.newest.subscribe()
    }

    /// Returns this moment.
    pub(super) fn now(&self) -> Beat {
        lock(&self.taken).beat(&self.monitor)
    }

    /// Keeps no packets of a session that nobody looks at.
    fn let_go(&self) {
        if self.newest.borrow().moment.packets.is_some() {
            let mut beat = self.now();
            beat.moment.packets = None;
            self.newest.send_replace(Arc::new(beat));
        }
    }

    async fn follow(self, mut changes: watch::Receiver<()>) {
        let mut due = Instant::now();
        let mut told = Stretch::of(&self.monitor.status());
        while changes.changed().await.is_ok() {
            // A rate; but what begins and ends is told at once.
            while Stretch::of(&self.monitor.status()) == told && Instant::now() < due {
                tokio::select! {
                    () = sleep_until(due) => {}
                    changed = changes.changed() => if changed.is_err() { return },
                }
            }
            due = due.max(Instant::now()) + PACE;
            if self.newest.receiver_count() == 0 {
                self.let_go();
                continue;
            }
            let mut taken = lock(&self.taken);
            let beat = Arc::new(taken.beat(&self.monitor));
            taken.told = beat.marks;
            drop(taken);
            told = Stretch::of(&beat.moment.status);
            self.newest.send_replace(beat);
        }
    }
}

impl Taken {
    fn beat(&mut self, monitor: &Monitor) -> Beat {
        self.serial += 1;
        let moment = monitor.moment();
        let marks = Marks::of(&moment);
        Beat {
            serial: self.serial,
            marks,
            before: self.told,
            at: monitor.now().nanos(),
            moment,
            updates: Mutex::default(),
        }
    }
}

/// The part of a session's life that viewers tell from the one before.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Stretch {
    Measured(u64),
    Summarized(u64),
    Over(u64),
}

impl Stretch {
    fn of(status: &Status) -> Self {
        match status.state {
            // The last numbers of a session that is being stopped come with its end.
            Stage::Running | Stage::Stopping => Self::Measured(status.session),
            _ if status.summarizing => Self::Summarized(status.session),
            // What is being opened has no numbers.
            Stage::Starting | Stage::Idle | Stage::Finished | Stage::Failed => Self::Over(status.session),
        }
    }
}

/// Writes a message; plain numbers and texts always can be.
pub(super) fn text(message: &Message) -> Utf8Bytes {
    serde_json::to_string(message).unwrap_or_default().into()
}
