//! What NetPulse's viewers follow: a moment about every second, and the texts made of it.

use std::sync::{Arc, Mutex, OnceLock};
use std::time::Duration;

use axum::extract::ws::Utf8Bytes;
use netsonde_messages::stream::{State as Stage, Status};
use netsonde_session::{Ended, Moment, Monitor, Packets, lock};
use tokio::sync::{Notify, watch};
use tokio::time::{Instant, sleep_until};

use super::messages::{InitialState, Interface, Message, PacketRow, Update};
use super::numbers::{self, Marks};
use super::places::{self, Geolocation, Located};
use super::rows::Rows;

/// The time between two updates.
const PACE: Duration = Duration::from_secs(1);

/// A moment, to be told.
#[derive(Debug)]
pub(crate) struct Beat {
    /// Counts the moments in the order in which they were taken.
    pub(super) serial: u64,
    /// What it is, but for the packets, which are in the rows.
    pub(super) moment: Moment,
    /// How far it is.
    pub(super) marks: Marks,
    /// How far the update before was.
    before: Marks,
    /// When, by the wall clock, in nanoseconds since the epoch.
    at: u64,
    /// The newest packets; none while nobody watches.
    rows: Option<Rows>,
    /// Where addresses are, in the order in which it became known.
    located: Arc<Vec<Arc<Geolocation>>>,
    /// The number of the newest packet, of which there may be no row yet.
    newest_packet: u64,
    /// The updates by where they begin, made when the first viewer needs them: viewers that keep up share one.
    updates: Mutex<Vec<(Marks, Utf8Bytes)>>,
    /// What `get_status` tells, made when the first viewer asks.
    status: OnceLock<Utf8Bytes>,
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

    /// Tells whether it came before anybody watched: there are no rows to show.
    pub(super) fn is_unwatched(&self) -> bool {
        self.rows.is_none()
    }

    /// Tells whether a session is over whose last packets have no rows yet: the next moment has them.
    pub(super) fn is_behind(&self) -> bool {
        is_over(&self.moment) && self.rows.as_ref().is_some_and(|rows| rows.newest < self.newest_packet)
    }

    /// Returns how a session ended.
    pub(super) fn end_of(&self, session: u64) -> Option<&Arc<Ended>> {
        self.moment.ended.iter().find(|ended| ended.session == session)
    }

    /// Returns the update for a viewer that has come as far as `since`.
    pub(super) fn update(&self, since: Marks) -> Utf8Bytes {
        let mut updates = lock(&self.updates);
        if let Some((_, text)) = updates.iter().find(|(held, _)| *held == since) {
            return text.clone();
        }
        let state = numbers::state(&self.moment, since, self.rows_behind(since.newest_packet), self.at);
        let new = self.located.get(since.located..).unwrap_or_default();
        let new_geolocations = new.iter().take(places::MOST).map(|place| &**place).collect();
        let made = text(&Message::Update(Box::new(Update { state, new_geolocations })));
        updates.push((since, made.clone()));
        made
    }

    /// Returns the first message of a viewer that comes in, with the newest packets.
    pub(super) fn whole(&self, interfaces: Vec<Interface>) -> Utf8Bytes {
        self.initial_state(self.rows_behind(0), interfaces)
    }

    /// Returns the message that has the client forget an earlier session; what is new comes in the update behind it.
    pub(super) fn anew(&self, interfaces: Vec<Interface>) -> Utf8Bytes {
        self.initial_state(&[], interfaces)
    }

    /// Nothing in it is new: it follows no update, and those behind it go on from its moment.
    fn initial_state(&self, packets: &[PacketRow], interfaces: Vec<Interface>) -> Utf8Bytes {
        let state = numbers::state(&self.moment, self.marks, &[], self.at);
        text(&Message::InitialState(Box::new(InitialState { state, packets, interfaces })))
    }

    /// Returns the answer to `get_status`, whose plain counts are those since the newest update.
    pub(super) fn status(&self) -> Utf8Bytes {
        let made = || {
            let metrics = Box::new(numbers::metrics(&self.moment, self.before, self.at));
            text(&Message::StatusResponse { metrics })
        };
        self.status.get_or_init(made).clone()
    }

    fn rows_behind(&self, seen: u64) -> &[PacketRow] {
        self.rows.as_ref().map_or(&[], |rows| rows.behind(seen))
    }
}

/// Takes the moments and hands them to whoever watches.
#[derive(Clone, Debug)]
pub(crate) struct Pulse {
    monitor: Monitor,
    taken: Arc<Mutex<Taken>>,
    newest: Arc<watch::Sender<Arc<Beat>>>,
    /// Somebody waits for rows.
    asked: Arc<Notify>,
}

#[derive(Debug, Default)]
struct Taken {
    serial: u64,
    /// How far the update before is.
    told: Marks,
    /// The rows as made last; none while nobody watches.
    rows: Option<Rows>,
    located: Located,
    newest: Option<Arc<Beat>>,
}

impl Pulse {
    /// Starts a task that follows the monitor; it ends with the runtime.
    pub(crate) fn start(monitor: Monitor) -> Self {
        let (changed, changes) = watch::channel(());
        monitor.subscribe(move || {
            changed.send_replace(());
        });
        let mut taken = Taken::default();
        let (newest, _) = watch::channel(taken.beat(&monitor));
        let taken = Arc::new(Mutex::new(taken));
        let pulse = Self { monitor, taken, newest: Arc::new(newest), asked: Arc::default() };
        tokio::spawn(pulse.clone().follow(changes));
        pulse
    }

    /// Returns where the newest moment appears; a slow watcher misses some and never holds up anybody.
    pub(crate) fn watch(&self) -> watch::Receiver<Arc<Beat>> {
        self.newest.subscribe()
    }

    /// Returns this moment, with the rows as made last.
    pub(super) fn now(&self) -> Arc<Beat> {
        lock(&self.taken).beat(&self.monitor)
    }

    /// Returns the moment that was taken last.
    pub(super) fn newest(&self) -> Arc<Beat> {
        let mut taken = lock(&self.taken);
        let newest = taken.newest.clone();
        newest.unwrap_or_else(|| taken.beat(&self.monitor))
    }

    /// Asks for a moment with rows, where the newest is of a time when nobody watched.
    pub(super) fn ask_for_rows(&self) {
        self.asked.notify_one();
    }

    async fn follow(self, mut changes: watch::Receiver<()>) {
        let mut due = Instant::now();
        let mut told = Stretch::of(&self.monitor.status());
        loop {
            let mut is_asked = tokio::select! {
                changed = changes.changed() => if changed.is_ok() { false } else { return },
                () = self.asked.notified() => true,
            };
            // A rate; but what begins and ends is told at once.
            while !is_asked && Stretch::of(&self.monitor.status()) == told && Instant::now() < due {
                tokio::select! {
                    () = sleep_until(due) => {}
                    () = self.asked.notified() => is_asked = true,
                    changed = changes.changed() => if changed.is_err() { return },
                }
            }
            due = due.max(Instant::now()) + PACE;
            let beat = self.beat().await;
            told = Stretch::of(&beat.moment.status);
            self.newest.send_replace(beat);
        }
    }

    /// Takes the next moment; of a session that is over it has the last rows.
    async fn beat(&self) -> Arc<Beat> {
        loop {
            let rows = self.rows().await;
            let located = self.located().await;
            let mut taken = lock(&self.taken);
            taken.rows = rows;
            taken.located = located;
            let beat = taken.beat(&self.monitor);
            if !beat.is_behind() {
                taken.told = beat.marks;
                return beat;
            }
        }
    }

    /// Goes on with where addresses are, if somebody watches, on a thread that may wait.
    async fn located(&self) -> Located {
        let held = lock(&self.taken).located.clone();
        if self.newest.receiver_count() == 0 {
            return held;
        }
        let monitor = self.monitor.clone();
        tokio::task::spawn_blocking(move || held.read_on(&monitor)).await.unwrap_or_default()
    }

    /// Makes the rows of the newest packets, if there are newer ones and somebody watches, on a thread that may wait.
    async fn rows(&self) -> Option<Rows> {
        if self.newest.receiver_count() == 0 {
            return None;
        }
        let moment = self.monitor.moment();
        let (session, newest) = (moment.publication.session, newest_packet(&moment));
        let Some(packets) = moment.packets else { return Some(Rows::none(session, 0)) };
        let held = lock(&self.taken).rows.clone();
        if let Some(held) = held.filter(|held| (held.session, held.newest) == (session, newest)) {
            return Some(held);
        }
        let read = tokio::task::spawn_blocking(move || Rows::read(session, &packets, newest)).await;
        Some(read.unwrap_or_else(|_| Rows::none(session, newest)))
    }
}

impl Taken {
    /// Takes a moment, with what rows there are of its session: no packet counts as seen that has none.
    fn beat(&mut self, monitor: &Monitor) -> Arc<Beat> {
        let mut moment = monitor.moment();
        let newest_packet = newest_packet(&moment);
        moment.packets = None;
        let session = moment.publication.session;
        let of_session =
            |rows: &Rows| if rows.session == session { rows.clone() } else { Rows::none(session, 0) };
        let rows = self.rows.as_ref().map(of_session);
        let located = self.located.in_session(session);
        self.serial += 1;
        let beat = Arc::new(Beat {
            serial: self.serial,
            marks: Marks::of(&moment, rows.as_ref().map_or(0, |rows| rows.newest), located.len()),
            before: self.told,
            at: monitor.now().nanos(),
            rows,
            located,
            newest_packet,
            moment,
            updates: Mutex::default(),
            status: OnceLock::new(),
        });
        self.newest = Some(Arc::clone(&beat));
        beat
    }
}

/// Tells whether the session of a moment is over.
const fn is_over(moment: &Moment) -> bool {
    matches!(moment.status.state, Stage::Idle | Stage::Finished | Stage::Failed)
}

/// Returns the number of the newest packet that may be told. Packets can be looked at before the numbers that they are
/// part of are published; shown before, they would belong to nobody. Of a session that is over, all may be.
fn newest_packet(moment: &Moment) -> u64 {
    let newest = moment.packets.as_ref().and_then(Packets::newest).unwrap_or(0);
    if is_over(moment) { newest } else { newest.min(moment.publication.totals.traffic.packets) }
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
pub(super) fn text(message: &Message<'_>) -> Utf8Bytes {
    serde_json::to_string(message).unwrap_or_default().into()
}

#[cfg(test)]
mod tests {
    use netsonde_session::{MonitorSettings, Origin, Start};
    use netsonde_units::Timestamp;

    use super::*;

    /// Returns a pulse whose monitor has read a capture of so many packets, a second apart, and its file.
    fn over(packets: u32) -> (Pulse, tempfile::NamedTempFile) {
        let monitor = Monitor::new(MonitorSettings::new(|| Timestamp::EPOCH)).unwrap();
        let mut capture =
            [&[0xd4, 0xc3, 0xb2, 0xa1, 2, 0, 4, 0][..], &[0; 8], &[0, 0, 4, 0, 1, 0, 0, 0]].concat();
        for second in 0..packets {
            capture.extend([second, 0, 60, 60].map(u32::to_le_bytes).concat());
            capture.extend([7; 60]);
        }
        let file = tempfile::NamedTempFile::new().unwrap();
        std::fs::write(file.path(), capture).unwrap();
        let (changed, changes) = std::sync::mpsc::channel();
        monitor.subscribe(move || {
            let _ = changed.send(());
        });
        let origin = Origin::File { path: file.path().into(), name: "office.pcap".into(), speed: None };
        monitor.start(&Start { origin, filter: None, duration: None, needs_viewers: false }).unwrap();
        while monitor.status().state != Stage::Finished {
            changes.recv_timeout(Duration::from_secs(30)).unwrap();
        }
        (Pulse::start(monitor), file)
    }

    fn numbers_of(update: &Utf8Bytes) -> Vec<u64> {
        let update: serde_json::Value = serde_json::from_str(update).unwrap();
        let rows = update["new_packets"].as_array().unwrap();
        rows.iter().map(|row| row["no"].as_str().unwrap().parse().unwrap()).collect()
    }

    /// Reading packets again may wait for the disk: once for a moment, not for each place that viewers have come to.
    #[tokio::test]
    async fn rows_are_read_once_however_far_viewers_have_come() {
        let (pulse, file) = over(20);
        let mut watching = pulse.watch();
        assert!(watching.borrow().is_unwatched());
        pulse.ask_for_rows();
        watching.changed().await.unwrap();
        let beat = watching.borrow_and_update().clone();
        assert!(!beat.is_behind() && !beat.is_unwatched());
        // Whoever reads the file from here on finds nothing.
        file.as_file().set_len(0).unwrap();
        let beginning = beat.marks.at_the_beginning();
        for seen in [0, 5, 19, 20] {
            let mut since = beginning;
            since.newest_packet = seen;
            assert_eq!(numbers_of(&beat.update(since)), (seen + 1..=20).collect::<Vec<_>>());
        }
        // Nor does a moment that is taken for one viewer read anything.
        assert_eq!(numbers_of(&pulse.now().update(beginning)), (1..=20).collect::<Vec<_>>());
    }

    /// Packets are there to be looked at a moment before the numbers that count them.
    #[tokio::test]
    async fn packets_are_told_with_the_numbers_that_count_them_and_not_before() {
        let (pulse, _file) = over(20);
        let mut moment = pulse.monitor.moment();
        assert_eq!(newest_packet(&moment), 20);
        moment.status.state = Stage::Running;
        assert_eq!(newest_packet(&moment), 20);
        Arc::make_mut(&mut moment.publication).totals.traffic.packets = 5;
        assert_eq!(newest_packet(&moment), 5);
        // Those of a session that failed on the way, too, where no numbers are to come.
        moment.status.state = Stage::Failed;
        assert_eq!(newest_packet(&moment), 20);
        let rows = Rows::read(1, &moment.packets.unwrap(), 5);
        let told: Vec<_> = rows.behind(3).iter().map(|row| row.no).collect();
        assert_eq!((rows.newest, told), (5, vec![4, 5]));
    }

    /// A page may ask as fast as it can: what is told is made once for a moment, and no moment is taken for it.
    #[tokio::test]
    async fn whoever_asks_for_the_status_again_is_told_the_same_text() {
        let (pulse, _file) = over(1);
        let serial = pulse.newest().serial;
        let told = pulse.newest().status();
        for _ in 0..100 {
            assert_eq!(pulse.newest().status().as_ptr(), told.as_ptr());
        }
        assert_eq!(pulse.newest().serial, serial);
    }
}
