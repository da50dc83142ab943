//! Drives sources through the engine.

use std::collections::VecDeque;
use std::net::IpAddr;
use std::ops::ControlFlow;
use std::sync::Arc;
use std::time::Duration;

use ipnet::IpNet;
use netsonde_capture::{Polled, Progress, ReadError, Source, Steady};
use netsonde_dissect::{MacAddr, Packet};
use netsonde_flow::{DnsEvent, Fact, FlowEvent, FlowRow, LocalNetworks, StreamRow, TcpVerdict};
use netsonde_geolocation::{Locator, Standpoint};
use netsonde_messages::stream::{FlowQuery, FlowWindow, History, HistoryPoint, HostQuery, HostWindow};
use netsonde_metrics::{MetricsCalculator, Peaks, Second, Tick};
use netsonde_units::{Timestamp, Volume};

use crate::archive::{Archive, HistoryQuery, Weights};
use crate::groups::Groups;
use crate::limits::{Limits, TICK_NANOS, WAITING_POINTS};
use crate::listing::Listing;
use crate::names::Answer;
use crate::packets::PacketStore;
use crate::places::Whereabouts;
use crate::sources::Sources;
use crate::symptoms::{Sender, Sent};
use crate::view::View;
use crate::{FilterError, Rules, history};

/// How many packets may pass before the engine is asked whether it wants relief: each closes at most three
/// seconds, for which it has room.
const RELIEF_EVERY: usize = 16;

/// How long a program that captures may take to hand over its last packets and end.
const LAST_PACKETS: Duration = Duration::from_millis(1_500);

/// What a session is told at its start.
#[derive(Clone, Debug, Default)]
pub struct Settings {
    /// Networks that the user calls local; empty for the rule that fits the source.
    pub local: Vec<IpNet>,
    /// Whether the source is live: it publishes by its clock, and this machine's addresses are local.
    pub live: bool,
    /// The port that this program serves its dashboard at, whose traffic is left out.
    pub own_port: Option<u16>,
    /// Bounds.
    pub limits: Limits,
    /// The user's rules of what is which application.
    pub rules: Rules,
    /// Who says where addresses are.
    pub places: Arc<Locator>,
    /// Where the capture is taken, as the user says, or in a live one by the time zone; none where nobody knows.
    pub here: Option<Standpoint>,
}

/// Where a session stands after each poll of its source.
#[derive(Clone, Copy, Debug)]
pub struct Beat {
    /// The session's time.
    pub now: Timestamp,
    /// Packets so far, of all sources.
    pub packets: u64,
    /// How far a file has been read.
    pub progress: Option<Progress>,
}

/// A directed pair of addresses and what went from one to the other.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Talker {
    /// Who sent.
    pub source: IpAddr,
    /// To whom.
    pub destination: IpAddr,
    /// How much.
    pub volume: Volume,
}

/// A packet that tells something.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Finding {
    /// Its number, from 1, over all sources.
    pub packet: u64,
    /// What was found.
    pub found: Found,
}

/// What was found of a packet.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Found {
    /// Something by TCP's analysis.
    Tcp {
        /// Its connection's number in order of first packets, from 0.
        stream: u32,
        /// What.
        verdict: TcpVerdict,
    },
    /// A DNS message.
    Dns(DnsEvent),
}

impl Finding {
    fn of_tcp(packet: u64, verdict: TcpVerdict) -> Option<Self> {
        let TcpVerdict { stream, events, rtt, handshake, .. } = verdict;
        let tells = !events.is_empty() || rtt.is_some() || handshake.is_some();
        let found = |stream| Self { packet, found: Found::Tcp { stream, verdict } };
        stream.filter(|_| tells).map(found)
    }

    /// The DNS messages of a packet in order: those `before` the one that it tells.
    fn of_dns(packet: u64, before: &[DnsEvent], event: Option<FlowEvent>) -> impl Iterator<Item = Self> {
        let last = match event {
            Some(FlowEvent::Dns(event)) => Some(event),
            Some(_) | None => None,
        };
        before.iter().copied().chain(last).map(move |event| Self { packet, found: Found::Dns(event) })
    }
}

/// A session's numbers at one moment.
#[derive(Clone, Debug, PartialEq)]
pub struct Snapshot {
    /// What was measured.
    pub metrics: netsonde_metrics::Snapshot,
    /// The largest pairs.
    pub top_talkers: Vec<Talker>,
}

/// One measurement, from its first packet to its report.
#[derive(Debug)]
pub struct Session {
    pub(crate) settings: Settings,
    pub(crate) engine: MetricsCalculator,
    pub(crate) published: Published,
    pub(crate) sources: Sources,
    pub(crate) problem: Option<String>,
    facts: Vec<Fact>,
    /// Rows on their way to the view, at most [`View::BATCH`].
    rows: Vec<FlowRow>,
    store: Option<PacketStore>,
    /// What was found since somebody took it; none while nobody listens.
    findings: Option<Vec<Finding>>,
    packets: u64,
    ticks: u64,
    next_tick: Timestamp,
}

/// What ticks have handed over.
#[derive(Debug)]
pub(crate) struct Published {
    pub(crate) listing: Listing,
    pub(crate) groups: Groups,
    pub(crate) peaks: Peaks,
    /// Points of the charts that nobody has taken yet; beyond the bound the oldest give way.
    pub(crate) points: VecDeque<HistoryPoint>,
    /// All closed seconds, where somebody may ask for them.
    pub(crate) archive: Option<Archive>,
}

impl Session {
    /// Makes a session that has measured nothing.
    pub fn new(settings: Settings) -> Self {
        let local = match (settings.local.is_empty(), settings.live) {
            (false, _) => LocalNetworks::given(settings.local.clone()),
            (true, true) => LocalNetworks::of_interfaces(&[], Vec::new()),
            (true, false) => LocalNetworks::default(),
        };
        let mut engine = MetricsCalculator::new(settings.limits.flow, local);
        if let Some(port) = settings.own_port {
            engine.leave_out(port, Vec::new());
        }
        let listing = Listing::new(settings.limits);
        listing.set_rules(settings.rules.clone());
        listing.view().whereabouts = Whereabouts::new(Arc::clone(&settings.places), settings.here.clone());
        Self {
            engine,
            published: Published {
                listing,
                groups: Groups::default(),
                peaks: Peaks::default(),
                points: VecDeque::with_capacity(WAITING_POINTS),
                archive: None,
            },
            sources: Sources::default(),
            problem: None,
            facts: Vec::new(),
            rows: Vec::with_capacity(View::BATCH),
            store: None,
            findings: None,
            packets: 0,
            ticks: 0,
            next_tick: Timestamp::EPOCH,
            settings,
        }
    }

    /// Reads a source until it ends or `beat` breaks; calls `beat` after every poll.
    ///
    /// # Errors
    /// When reading stopped early. What was read until then is measured.
    pub fn drive(
        &mut self,
        source: &mut Source,
        beat: &mut dyn FnMut(&mut Self, Beat) -> ControlFlow<()>,
    ) -> Result<(), ReadError> {
        let ended = self.drive_until_end(source, beat);
        self.sources.ask(source);
        self.sources.finish();
        ended
    }

    /// Takes in what a live source captured before whoever drove it had enough, and has a program that captures end;
    /// `clock` says when it is enough. Files have nothing more.
    ///
    /// # Errors
    /// When reading stopped early. What was read until then is measured.
    pub fn conclude(&mut self, source: &mut Source, clock: fn() -> Timestamp) -> Result<(), ReadError> {
        if let Some(gathering) = source.gathering() {
            self.drive_on(source, clock, gathering)?;
        }
        if source.stop() { self.drive_on(source, clock, LAST_PACKETS) } else { Ok(()) }
    }

    fn drive_on(
        &mut self,
        source: &mut Source,
        clock: fn() -> Timestamp,
        time: Duration,
    ) -> Result<(), ReadError> {
        self.sources.go_on();
        let mut lasting = Steady::starting(clock());
        // Packets may come without end, and another machine's may be stamped as much later as its clock is ahead.
        self.drive(source, &mut |_, _| {
            if lasting.read(clock()) >= time { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
        })
    }

    /// Takes in this machine's addresses, each with its network's prefix, and the interfaces' hardware addresses: by
    /// them its own traffic is known and, unless the user named the local networks, what is local.
    pub fn learn_addresses(&mut self, addresses: &[IpNet], hardware: Vec<MacAddr>) {
        if let Some(port) = self.settings.own_port {
            self.engine.leave_out(port, addresses.iter().map(IpNet::addr).collect());
        }
        if self.settings.live && self.settings.local.is_empty() {
            self.engine.set_local(LocalNetworks::of_interfaces(addresses, hardware));
        }
    }

    /// Keeps the packets that come from here on, so that people can look at them.
    pub fn keep_packets(&mut self, store: PacketStore) {
        self.store = Some(store);
    }

    /// Keeps the seconds that close from here on, so that people can look back.
    pub(crate) fn keep_seconds(&mut self, archive: Archive) {
        self.published.archive = Some(archive);
    }

    /// Keeps the seconds that close from here on, for [`Self::history`].
    pub fn keep_history(&mut self) {
        self.keep_seconds(Archive::default());
    }

    /// Returns the charts of a span, of the seconds that were kept; nothing where none were.
    pub fn history(&self, query: HistoryQuery) -> History {
        let archive = self.published.archive.as_ref();
        archive.map(|archive| archive.history(1, query)).unwrap_or_default()
    }

    /// Keeps what is found of packets from here on, for [`Self::drain_findings`].
    pub fn keep_findings(&mut self) {
        self.findings.get_or_insert_default();
    }

    /// Hands over what was found since the last time, in the order of packets. Whoever keeps findings takes them after
    /// every poll; nothing else bounds them.
    pub fn drain_findings(&mut self) -> impl Iterator<Item = Finding> {
        self.findings.iter_mut().flat_map(|findings| findings.drain(..))
    }

    /// Has conversations listed with what they sent lately: the session goes at the pace of time.
    pub fn keep_pace(&mut self) {
        self.published.listing.view().is_paced = true;
    }

    /// Returns a page of the conversations that fit, as of the last tick.
    ///
    /// # Errors
    ///
    /// [`FilterError`] where the query is not understood.
    pub fn find_flows(&self, query: &FlowQuery) -> Result<FlowWindow, FilterError> {
        self.published.listing.find(query)
    }

    /// Returns a page of the hosts that fit, as of the last tick.
    ///
    /// # Errors
    ///
    /// [`FilterError`] where the query is not understood.
    pub fn find_hosts(&self, query: &HostQuery) -> Result<HostWindow, FilterError> {
        self.published.listing.find_hosts(query)
    }

    /// Returns the list of conversations, for whoever looks through it.
    pub(crate) fn listing(&self) -> Listing {
        self.published.listing.clone()
    }

    /// Replaces the user's rules and labels everything listed by them.
    pub fn set_rules(&mut self, rules: Rules) {
        self.published.listing.set_rules(rules);
    }

    /// Takes note that something could not be read.
    pub fn note_problem(&mut self, problem: String) {
        self.problem.get_or_insert(problem);
    }

    /// Says what keeps packets away at the moment, as of the last tick; none where nothing does.
    pub fn outage(&self) -> Option<String> {
        self.sources.outage()
    }

    /// Says what the program that captures has reported in the last seconds, as of the last tick; none where it has not.
    pub fn note(&self) -> Option<String> {
        self.sources.note()
    }

    /// Closes the open seconds at the end of the measurement.
    pub fn finish(&mut self) {
        self.engine.finish();
        // What conversations taught of others is in the last rows of those.
        self.hand_over(Extent::Waiting);
        self.end_tick(Extent::Last);
        let whereabouts = &mut self.published.listing.view().whereabouts;
        (whereabouts.is_due, whereabouts.is_over) = (true, true);
    }

    /// Returns the numbers as of the last tick.
    pub fn snapshot(&self) -> Arc<Snapshot> {
        let Published { listing, peaks, .. } = &self.published;
        let metrics = netsonde_metrics::Snapshot::new(&self.engine.tally(), peaks);
        Arc::new(Snapshot { metrics, top_talkers: listing.view().totals.top_talkers() })
    }

    /// Measures packets.
    #[inline]
    pub fn push_all(&mut self, packets: &[Packet<'_>]) {
        for batch in packets.chunks(RELIEF_EVERY) {
            let store = &mut self.store;
            let findings = &mut self.findings;
            let mut number = self.packets;
            self.engine.push_all(batch, |packet, verdict, messages| {
                if let Some(store) = store
                    && !verdict.own
                {
                    store.keep(packet, verdict);
                }
                number += 1;
                if let Some(findings) = findings {
                    findings.extend(Finding::of_tcp(number, verdict.tcp));
                    findings.extend(Finding::of_dns(number, messages, verdict.event));
                }
            });
            self.packets += batch.len() as u64;
            if self.engine.wants_relief() {
                let has_room = !self.published.listing.view().labels.wants_rows();
                self.hand_over(if has_room { Extent::Waiting } else { Extent::Everything });
            }
        }
    }

    /// Tells whether the session knows what time it is: a packet has come, or its source has told.
    pub(crate) fn has_time(&self) -> bool {
        self.engine.now() > Timestamp::EPOCH
    }

    /// Returns how many ticks there have been.
    pub(crate) const fn ticks(&self) -> u64 {
        self.ticks
    }

    /// Hands over what was touched since the last tick to the view.
    pub fn tick(&mut self) {
        self.end_tick(Extent::Everything);
    }

    fn end_tick(&mut self, extent: Extent) {
        self.hand_over(extent);
        if let Some(store) = &mut self.store {
            store.seal();
        }
        self.ticks += 1;
        self.next_tick = self.engine.now().plus_nanos(TICK_NANOS);
    }

    fn hand_over(&mut self, extent: Extent) {
        let Published { listing, peaks, points, archive, groups } = &mut self.published;
        let mut view = listing.view();
        view.local = Arc::clone(self.engine.local());
        view.now = self.engine.now();
        let archive = archive.as_ref();
        let (facts, rows) = (&mut self.facts, &mut self.rows);
        let mut tick = ViewTick { view: &mut view, peaks, points, archive, groups, facts, rows };
        match extent {
            Extent::Waiting => self.engine.relieve(&mut tick),
            Extent::Everything => self.engine.tick(&mut tick),
            Extent::Last => self.engine.conclude(&mut tick),
        }
        view.update(&self.rows);
        self.rows.clear();
        view.settle_names();
        drop(view);
        for fact in self.facts.drain(..) {
            self.engine.learn(&fact);
        }
    }

    fn drive_until_end(
        &mut self,
        source: &mut Source,
        beat: &mut dyn FnMut(&mut Self, Beat) -> ControlFlow<()>,
    ) -> Result<(), ReadError> {
        loop {
            let polled = source.poll(|packets| self.push_all(packets))?;
            if let Some(store) = &mut self.store {
                store.point(source.take_span());
            }
            match polled {
                Polled::Idle(Some(now)) => self.engine.witness(now),
                // Without time there are no ticks, and still something may be told of the source.
                Polled::Idle(None) if self.settings.live => self.sources.ask(source),
                Polled::Idle(None) | Polled::Packets(_) | Polled::End => {}
            }
            if self.is_tick_due() {
                self.tick();
                self.sources.ask(source);
            }
            let now = Beat { now: self.engine.now(), packets: self.packets, progress: source.progress() };
            if matches!(polled, Polled::End) || beat(self, now).is_break() {
                return Ok(());
            }
        }
    }

    /// A live session ticks by its clock. A file read at full speed ticks when somebody asks for its numbers: rows
    /// wait in the flow table, which is bounded.
    fn is_tick_due(&self) -> bool {
        self.settings.live && (self.engine.now() >= self.next_tick || self.time_went_back())
    }

    /// A new stretch may lie before the last tick.
    fn time_went_back(&self) -> bool {
        self.next_tick.nanos_since(self.engine.now()) > TICK_NANOS
    }
}

/// How much the engine hands over.
#[derive(Clone, Copy, Debug)]
enum Extent {
    /// Only what must not wait for long.
    Waiting,
    /// All that has changed.
    Everything,
    /// The same for the last time.
    Last,
}

/// Receives a tick for the view.
struct ViewTick<'a> {
    view: &'a mut View,
    peaks: &'a mut Peaks,
    points: &'a mut VecDeque<HistoryPoint>,
    archive: Option<&'a Archive>,
    groups: &'a mut Groups,
    facts: &'a mut Vec<Fact>,
    /// Rows that wait for some more, to be taken in together.
    rows: &'a mut Vec<FlowRow>,
}

impl Tick for ViewTick<'_> {
    fn second(&mut self, second: &Second) {
        self.peaks.observe(second);
        let has_far = self.peaks.has_far();
        let point = history::point(second, has_far);
        if let Some(archive) = self.archive {
            archive.add(&point, Weights::of(second, has_far), &second.sums);
        }
        if self.points.len() >= WAITING_POINTS {
            self.points.pop_front();
        }
        self.points.push_back(point);
    }

    fn row(&mut self, row: &FlowRow) {
        self.rows.push(*row);
        if self.rows.len() >= View::BATCH {
            self.view.update(self.rows);
            self.rows.clear();
        }
    }

    fn stream(&mut self, row: &StreamRow<'_>) {
        self.view.streams.update(row);
    }

    fn fact(&mut self, fact: Fact) {
        match fact {
            Fact::IcmpError { .. } | Fact::Media(_) => self.facts.push(fact),
            Fact::Clue { about, clue, at } => self.view.take_clue(about, clue, at),
            Fact::Name { client, name, address, ttl_s, at, by, credit } => {
                self.view.learn(Answer { client, name: &name, address, ttl_s, at, by, credit });
            }
            Fact::Dhcp(part) => self.view.lease(*part),
            Fact::Member { group, member, joins } => self.groups.change(group, member, joins),
            Fact::Querier { address } => self.groups.query(address),
            Fact::Password { login, client, server, server_port, flow, at } => {
                let sender = Sender { kind: login.into(), client, server, server_port };
                self.view.signs.credentials.add(&Sent { sender, flow, at });
            }
            Fact::Sip(message) => self.view.calls.take(&message),
        }
    }
}
