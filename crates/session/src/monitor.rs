//! Runs sessions on command, one after the other, and publishes what they measure (design document: `shared_state`,
//! part of `capture_manager`).
//!
//! Two threads do the work: the *opener*, which alone needs the right to capture, and one that measures while a
//! session runs. Whoever commands or looks holds a [`Monitor`] and never waits for either, but for a source that is
//! being opened.

mod busy;
mod later;
mod lister;
mod measuring;
mod moment;
mod opener;
mod refusal;
mod said;
mod settings;
mod states;
mod trial;

use std::fs::File;
use std::io::empty;
use std::net::IpAddr;
use std::path::Path;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Condvar, Mutex, MutexGuard};
use std::time::Duration;

use netsonde_capture::{InterfacesError, LiveSettings, OpenError, ReplaySpeed, Source};
use netsonde_geolocation::Locator;
use netsonde_messages::stream::{
    self, AppsTopic, FlowDetail, FlowQuery, FlowWindow, HistoryPoint, HostDetail, HostQuery, HostWindow,
    HostsTopic, PacketWindow, Status,
};
use netsonde_messages::{
    AppRule, Assistant, Findings, Host, InterfaceRow, SessionReport, StreamCourse, Summaries, Summary,
};
use netsonde_units::Timestamp;

use self::later::{Held, Later};
use self::measuring::{Measuring, Progress};
pub use self::moment::{Ended, Moment, Publication};
use self::opener::Opener;
pub use self::refusal::Refusal;
use self::said::Said;
pub(crate) use self::settings::DEMO;
pub use self::settings::{Demo, MonitorSettings, Origin, Start};
use self::states::{Attempt, States};
use crate::archive::{Archive, HistoryQuery};
use crate::history::History;
use crate::interfaces::rows;
use crate::listing::{self, Labelled, Listing};
use crate::topics::Topics;
use crate::{FilterError, PacketStore, Packets, RuleError, Rules, Session, Settings, lock};

/// Called when there is a new publication or status; must not wait.
type Wake = Box<dyn Fn() + Send + Sync>;

/// The handle of all sessions; clones are the same monitor.
#[derive(Clone)]
pub struct Monitor {
    shared: Arc<Shared>,
}

struct Shared {
    settings: MonitorSettings,
    opener: Opener,
    state: Mutex<States>,
    /// Signalled when a session has ended.
    ends: Condvar,
    published: Mutex<Published>,
    /// The user's rules, for all sessions. Replaced while the states are held.
    rules: Mutex<Rules>,
    wakes: Mutex<Vec<Wake>>,
    /// Whether a language model may be asked.
    may_ask: AtomicBool,
}

#[derive(Default)]
struct Published {
    newest: Arc<Publication>,
    history: History,
    archive: Archive,
    packets: Option<Packets>,
    listing: Option<Listing>,
    said: Said,
    /// Dropped with the rest: nobody follows what becomes known later of what is gone.
    held: Option<Held>,
}

impl Published {
    fn of_nothing(rules: &Rules, locator: &Locator) -> Self {
        Self { newest: Arc::new(blank(0, rules, locator)), ..Self::default() }
    }

    /// Publishes anew what labels say: the session may have ended, and nothing else would.
    fn relabel(&mut self, labelled: Option<Labelled>, rules: &Rules) {
        let newest = &*self.newest;
        let of_nothing = || AppsTopic { rules: rules.given().to_vec(), ..newest.apps.clone() };
        let (apps, hosts) = match labelled {
            Some(Labelled { apps, hosts }) => (apps, HostsTopic { hosts, ..newest.hosts.clone() }),
            None => (of_nothing(), newest.hosts.clone()),
        };
        self.newest = Arc::new(Publication { hosts, apps, ..self.next() });
    }
}

/// Returns the publication of a session that has measured nothing.
fn blank(session: u64, rules: &Rules, locator: &Locator) -> Publication {
    let apps = AppsTopic { rules: rules.given().to_vec(), ..AppsTopic::default() };
    let places = Arc::new(later::of_nowhere(locator));
    Publication { session, apps, places, ..Publication::default() }
}

impl Monitor {
    /// Starts the opener's thread; nothing is captured yet.
    ///
    /// The opener keeps the rights that the calling thread has at this moment. Every other thread of the monitor is
    /// started by whoever calls [`start`](Self::start) and has the rights of that one, never the opener's.
    ///
    /// # Errors
    ///
    /// When the system refuses the thread.
    pub fn new(settings: MonitorSettings) -> std::io::Result<Self> {
        let opener = Opener::start(settings.engine.clone(), settings.clock)?;
        let rules = settings.rules.clone();
        let may_ask = AtomicBool::new(settings.assistant_allowed);
        let published = Mutex::new(Published::of_nothing(&rules, &settings.places));
        let shared = Shared {
            settings,
            opener,
            state: Mutex::default(),
            ends: Condvar::new(),
            published,
            rules: Mutex::new(rules),
            wakes: Mutex::default(),
            may_ask,
        };
        Ok(Self { shared: Arc::new(shared) })
    }

    /// Begins a session; what an earlier one measured is dropped once its source is open. Returns its number.
    ///
    /// # Errors
    ///
    /// [`Refusal`], with which everything stays as it was, but for a source that does not open: then the state is
    /// `failed`, and what an earlier session measured stays.
    pub fn start(&self, start: &Start) -> Result<u64, Refusal> {
        self.start_held(start, None)
    }

    /// Begins a session as [`start`](Self::start) does; `held` is the file of its origin where that is open already.
    ///
    /// # Errors
    ///
    /// Those of [`start`](Self::start).
    pub fn start_held(&self, start: &Start, held: Option<File>) -> Result<u64, Refusal> {
        match start {
            Start { origin: Origin::File { name, .. }, filter: Some(_), .. } => {
                return Err(Refusal::FilterOnFile { source_name: name.clone() });
            }
            Start { origin: Origin::Demo, filter: Some(_), .. } => return Err(Refusal::FilterOnDemo),
            Start { origin: Origin::Demo, .. } if self.shared.settings.demo.is_none() => {
                return Err(Refusal::NoDemo);
            }
            _ => {}
        }
        let _beginning = self.shared.opener.begin();
        let attempt = self.shared.states().begin_starting(start)?;
        self.shared.wake();
        let opened =
            self.open(start, held, &attempt).map_err(|error| Refusal::to_open(error, self.program()));
        let begun = opened.and_then(|source| self.measure(source, start, &attempt));
        if let Err(refusal) = &begun {
            self.shared.states().starting_failed(&attempt, refusal);
        }
        self.shared.wake();
        begun
    }

    fn open(&self, start: &Start, held: Option<File>, attempt: &Attempt) -> Result<Source, OpenError> {
        let clock = self.shared.settings.clock;
        match &start.origin {
            Origin::Interface(name) => {
                let settings = LiveSettings {
                    engine: self.shared.settings.engine.clone(),
                    interface: name.clone(),
                    filter: start.filter.clone(),
                    ..LiveSettings::default()
                };
                self.shared.opener.open(settings, Arc::clone(&attempt.stop))
            }
            Origin::File { path, name, speed } => match (held, *speed) {
                (None, None) => Source::file_called(path, name.clone()),
                (None, Some(speed)) => Source::replay(path, name.clone(), speed, clock),
                (Some(file), None) => Source::opened(name.clone(), file),
                (Some(file), Some(speed)) => Source::replay_opened(name.clone(), file, speed, clock),
            },
            Origin::Demo => {
                let demo = self
                    .shared
                    .settings
                    .demo
                    .map_or_else(|| Box::new(empty()) as Box<_>, |demo| demo(clock()));
                Source::replay_reader(DEMO, demo, ReplaySpeed::ORIGINAL, clock)
            }
        }
    }

    /// Lists the interfaces of this machine, with the opener's right to capture on each.
    ///
    /// # Errors
    ///
    /// [`InterfacesError`] when the system cannot list them; one for all who asked at the same time.
    pub fn interfaces(&self) -> Result<Vec<InterfaceRow>, Arc<InterfacesError>> {
        Ok(rows(self.shared.opener.interfaces()?, self.program()))
    }

    /// Ends the running session and waits until it is `finished` and its report is written, at most about `patience`.
    /// One whose source is being opened is called off: all is as it was before.
    ///
    /// # Errors
    ///
    /// [`Refusal::NotRunning`].
    pub fn stop(&self, patience: Duration) -> Result<(), Refusal> {
        self.shared.states().stop()?;
        self.shared.wake();
        let states = self.shared.states();
        // Whoever asks next sees how far it came.
        let waited = self.shared.ends.wait_timeout_while(states, patience, |states| states.is_ending());
        drop(waited);
        Ok(())
    }

    /// Drops everything measured.
    ///
    /// # Errors
    ///
    /// [`Refusal`] while a session runs.
    pub fn reset(&self) -> Result<(), Refusal> {
        let mut states = self.shared.states();
        states.reset()?;
        let mut published = self.shared.published();
        let said = Said::of(0, published.said.assistant().clone());
        let nothing = Published::of_nothing(&lock(&self.shared.rules), &self.shared.settings.places);
        *published = Published { said, ..nothing };
        drop(published);
        drop(states);
        self.shared.wake();
        Ok(())
    }

    /// Replaces the user's rules, for this session and those after it; everything listed is labelled by them.
    ///
    /// # Errors
    ///
    /// [`RuleError`], with which the rules stay as they were.
    pub fn set_rules(&self, given: &[AppRule]) -> Result<(), RuleError> {
        let rules = Rules::read(given)?;
        let states = self.shared.states();
        (*lock(&self.shared.rules)).clone_from(&rules);
        let listing = self.shared.published().listing.clone();
        let labelled = listing.map(|listing| {
            listing.set_rules(rules.clone());
            listing.labelled()
        });
        self.shared.published().relabel(labelled, &rules);
        drop(states);
        self.shared.wake();
        Ok(())
    }

    /// Returns the user's rules, in their order.
    pub fn rules(&self) -> Vec<AppRule> {
        lock(&self.shared.rules).given().to_vec()
    }

    /// Returns what is going on.
    pub fn status(&self) -> Status {
        self.shared.states().status()
    }

    /// Returns the time by the wall clock of its settings.
    pub fn now(&self) -> Timestamp {
        (self.shared.settings.clock)()
    }

    /// Tells whether there is a demo to start.
    pub fn has_demo(&self) -> bool {
        self.shared.settings.demo.is_some()
    }

    /// Returns the newest publication.
    pub fn publication(&self) -> Arc<Publication> {
        let mut published = self.shared.published();
        published.keep_up(&self.shared.settings.places);
        Arc::clone(&published.newest)
    }

    /// Returns the packets of the session; none without one.
    pub fn packets(&self) -> Option<Packets> {
        self.shared.published().packets.clone()
    }

    /// Returns a page of the conversations of the session that fit; nothing without a session.
    ///
    /// # Errors
    ///
    /// [`FilterError`] where the query is not understood.
    pub fn find_flows(&self, query: &FlowQuery) -> Result<FlowWindow, FilterError> {
        let listing = self.shared.published().listing.clone();
        match listing {
            Some(listing) => listing.find(query),
            None => listing::check(query).map(|()| FlowWindow::default()),
        }
    }

    /// Returns everything about a flow by its number in the list; none where it is not listed. Its course is made from
    /// the packets that are still kept, which takes up to some tenths of a second.
    pub fn flow(&self, id: u64) -> Option<FlowDetail> {
        let (packets, listing) = self.packets_and_listing()?;
        listing.detail(id, &packets)
    }

    /// Returns a page of the hosts of the session that fit; nothing without a session.
    ///
    /// # Errors
    ///
    /// [`FilterError`] where the query is not understood.
    pub fn find_hosts(&self, query: &HostQuery) -> Result<HostWindow, FilterError> {
        let listing = self.shared.published().listing.clone();
        match listing {
            Some(listing) => listing.find_hosts(query),
            None => listing::hosts::check(query).map(|()| HostWindow::default()),
        }
    }

    /// Returns everything about a host by its address; none where it is not listed. Its course is made from the packets
    /// that are still kept, which takes up to some tenths of a second.
    pub fn host(&self, address: IpAddr) -> Option<HostDetail> {
        let (packets, listing) = self.packets_and_listing()?;
        listing.host(address, &packets)
    }

    /// Says whether others may be asked about addresses, as `Locator::set_lookups` does.
    pub fn set_lookups(&self, reverse_dns: Option<bool>, ip_api: Option<bool>) {
        let locator = &self.shared.settings.places;
        locator.set_lookups(reverse_dns, ip_api);
        // The session may have ended, and nothing else would tell.
        self.shared.published().look_up(locator.lookups());
        self.shared.wake();
    }

    /// Returns the hosts of the session that were located, in the order in which they were, from the `from`th on, at most
    /// `most`: each once, with the coordinates of its place or of the middle of its country.
    pub fn located(&self, from: usize, most: usize) -> Vec<Host> {
        let listing = self.shared.published().listing.clone();
        listing.map(|listing| listing.located(from, most)).unwrap_or_default()
    }

    /// Returns how a stream of RTP fared over its time, by its number in the list; none where it is not listed.
    pub fn stream(&self, id: u64) -> Option<StreamCourse> {
        let listing = self.shared.published().listing.clone();
        listing?.stream(id)
    }

    /// Returns rows of packets as [`Packets::find`] does, of one flow where its number in the list is given; none
    /// without a session, or where that flow is not listed.
    pub fn find_packets(
        &self,
        from: Option<u64>,
        limit: u32,
        text: Option<&str>,
        flow: Option<u64>,
    ) -> Option<PacketWindow> {
        let (packets, listing) = self.packets_and_listing()?;
        let of_flow = match flow {
            Some(id) => Some(listing.packets_of(id)?),
            None => None,
        };
        Some(packets.find_of(from, limit, text, of_flow.as_ref()))
    }

    fn packets_and_listing(&self) -> Option<(Packets, Listing)> {
        let published = self.shared.published();
        published.packets.clone().zip(published.listing.clone())
    }

    /// Returns the charts of a span of the session.
    pub fn history(&self, query: HistoryQuery) -> stream::History {
        let published = self.shared.published();
        let (session, archive) = (published.newest.session, published.archive.clone());
        drop(published);
        archive.history(session, query)
    }

    /// Returns everything a new viewer needs but for the charts, of one moment; takes no longer the longer it runs.
    pub fn moment(&self) -> Moment {
        self.shared.moment().0
    }

    /// Returns a moment and the points of its charts, those of its publication included, the oldest first: up to an
    /// hour of them, which are copied.
    pub fn moment_with_points(&self) -> (Moment, Vec<HistoryPoint>) {
        let (moment, published) = self.shared.moment();
        (moment, published.history.points())
    }

    /// Returns everything that was said of the session in words.
    pub fn summaries(&self) -> Summaries {
        self.shared.published().said.all()
    }

    /// Keeps what is said of a running session, [`Publication::session`]; of one that is gone nothing is kept.
    pub fn add_summary(&self, session: u64, summary: Summary) {
        if self.shared.published().said.add(session, summary) {
            self.shared.wake();
        }
    }

    /// Keeps what was found out of a session, [`Publication::session`]; of one that is gone nothing is kept.
    pub fn set_findings(&self, findings: Findings) {
        if self.shared.published().said.find(findings) {
            self.shared.wake();
        }
    }

    /// Tells how it stands with the language model that words summaries and reports.
    pub fn set_assistant(&self, assistant: Assistant) {
        self.shared.published().said.assist(assistant);
        self.shared.wake();
    }

    /// Tells how it stands with the language model, as last told.
    pub fn assistant(&self) -> Assistant {
        self.shared.published().said.assistant().clone()
    }

    /// Says whether the language model may be asked; whoever asks it looks with [`Self::may_ask`].
    pub fn allow_assistant(&self, allowed: bool) {
        self.shared.may_ask.store(allowed, Ordering::Relaxed);
        self.shared.wake();
    }

    /// Tells whether the language model may be asked, as [`MonitorSettings::assistant_allowed`] until somebody says.
    pub fn may_ask(&self) -> bool {
        self.shared.may_ask.load(Ordering::Relaxed)
    }

    /// Keeps a report of a session that has ended while a better one is being written; of one that is gone nothing is
    /// kept.
    pub fn draft(&self, session: u64, report: SessionReport) {
        if self.shared.published().said.conclude(session, Arc::new(report)) {
            self.shared.wake();
        }
    }

    /// Keeps the report of a session that has ended, which waits for it; of one that is gone nothing is kept.
    pub fn conclude(&self, session: u64, report: SessionReport) {
        let report = Arc::new(report);
        let mut states = self.shared.states();
        if !self.shared.published().said.conclude(session, Arc::clone(&report)) {
            return;
        }
        states.concluded(session, report);
        drop(states);
        self.shared.ends.notify_all();
        self.shared.wake();
    }

    /// Has `wake` called at every publication and change of status.
    pub fn subscribe(&self, wake: impl Fn() + Send + Sync + 'static) {
        lock(&self.shared.wakes).push(Box::new(wake));
    }

    /// Counts a viewer in until the value is dropped.
    pub fn viewer(&self) -> Viewer {
        self.shared.states().viewer_came();
        Viewer { shared: Arc::clone(&self.shared) }
    }

    /// Opens nothing any more, and waits until no session runs and no program is left of one that was being opened,
    /// for each at most about `patience`; tells whether that is so.
    pub fn end(&self, patience: Duration) -> bool {
        self.shared.opener.end();
        // Not running is what is wanted.
        let _ = self.stop(patience);
        self.shared.published().held = None;
        self.shared.opener.has_let_go(patience) && !self.shared.states().is_stopping()
    }

    fn program(&self) -> Option<&Path> {
        self.shared.settings.program.as_deref()
    }

    fn measure(&self, source: Source, start: &Start, attempt: &Attempt) -> Result<u64, Refusal> {
        let settings = &self.shared.settings;
        let live = matches!(start.origin, Origin::Interface(_));
        let mut states = self.shared.states();
        if !states.is_starting(attempt) {
            return Err(Refusal::CalledOff);
        }
        let session = states.next_session();
        let (store, packets) = PacketStore::of_source(&source, settings.limits.packet_bytes);
        let archive = Archive::default();
        let mut measured = Session::new(Settings {
            local: settings.local.clone(),
            live,
            own_port: settings.own_port.filter(|_| live),
            limits: settings.limits,
            rules: lock(&self.shared.rules).clone(),
            places: Arc::clone(&settings.places),
            here: settings.here.clone().or_else(|| settings.here_of(&start.origin)),
        });
        measured.keep_packets(store);
        measured.keep_seconds(archive.clone());
        if !matches!(start.origin, Origin::File { speed: None, .. }) {
            measured.keep_pace();
        }
        let listing = Some(measured.listing());
        let (later, held) = Later::of(session, &self.shared);
        let measuring = Measuring {
            shared: Arc::clone(&self.shared),
            session,
            live,
            duration: start.duration,
            stop: Arc::clone(&attempt.stop),
            later,
        };
        measuring.start(source, measured).map_err(Refusal::Thread)?;
        states.run(session, start, (settings.clock)());
        let mut published = self.shared.published();
        let assistant = published.said.assistant().clone();
        *published = Published {
            newest: Arc::new(blank(session, &lock(&self.shared.rules), &settings.places)),
            history: History::default(),
            archive,
            packets: Some(packets),
            listing,
            said: Said::of(session, assistant),
            held: Some(held),
        };
        Ok(session)
    }
}

impl std::fmt::Debug for Monitor {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Monitor").field("status", &self.status()).finish_non_exhaustive()
    }
}

/// A viewer that is counted in.
pub struct Viewer {
    shared: Arc<Shared>,
}

impl Drop for Viewer {
    fn drop(&mut self) {
        self.shared.states().viewer_left();
    }
}

impl std::fmt::Debug for Viewer {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Viewer").finish_non_exhaustive()
    }
}

impl Shared {
    fn states(&self) -> MutexGuard<'_, States> {
        lock(&self.state)
    }

    fn published(&self) -> MutexGuard<'_, Published> {
        lock(&self.published)
    }

    /// Returns a moment, and the lock under which it stays the newest.
    fn moment(&self) -> (Moment, MutexGuard<'_, Published>) {
        // In the order in which publishing takes them.
        let states = self.states();
        let mut published = self.published();
        published.keep_up(&self.settings.places);
        let moment = Moment {
            status: states.status(),
            publication: Arc::clone(&published.newest),
            packets: published.packets.clone(),
            summary: published.said.newest(),
            report: published.said.report(),
            findings: published.said.findings(),
            summaries: published.said.newest_ones(),
            ended: states.ends(),
        };
        (moment, published)
    }

    fn wake(&self) {
        for wake in lock(&self.wakes).iter() {
            wake();
        }
    }

    /// Publishes what a session measured, unless another has taken its place.
    fn publish(&self, session: u64, mut topics: Topics, progress: Progress) {
        let mut states = self.states();
        if !states.advance(session, progress) {
            return;
        }
        let mut published = self.published();
        // Rules may have been replaced since the topics were made.
        if topics.apps.rules != lock(&self.rules).given()
            && let Some(listing) = &published.listing
        {
            Labelled { apps: topics.apps, hosts: topics.hosts.hosts } = listing.labelled();
        }
        published.history.extend(&topics.totals.points);
        let sequence = published.newest.sequence + 1;
        published.newest = Arc::new(Publication::of(session, sequence, topics));
        drop((published, states));
        self.wake();
    }

    /// Takes note of how a session ended.
    fn ended(&self, session: u64, end: measuring::End) {
        self.states().ended(session, end, self.settings.summarized);
        self.ends.notify_all();
        self.wake();
    }
}
