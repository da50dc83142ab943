//! The list of conversations, for whoever looks through it while a session measures and after.

mod columns;
mod course;
mod filter;
pub(crate) mod hosts;

use std::sync::{Arc, Mutex, MutexGuard};

use netsonde_flow::{FlowId, FlowRow, LocalNetworks};
use netsonde_messages::stream::{AppsTopic, FlowDetail, FlowListed, FlowQuery, FlowWindow};
use netsonde_messages::{Host, StreamCourse};
use netsonde_units::{NANOS_PER_SECOND, Timestamp};

use self::columns::{Page, Rank};
use self::filter::Filter;
pub use self::filter::FilterError;
use crate::labels::rules::Rules;
use crate::labels::words;
use crate::limits::Limits;
use crate::packets::{OfFlow, Packets};
use crate::view::{Listed, View};
use crate::{flows, lock, parts, quic};

/// The most flows told at once.
pub(crate) const MAX_FLOWS: u32 = 200;

/// How long a conversation counts as active after it spoke.
const ACTIVE_NANOS: u64 = 5 * NANOS_PER_SECOND;

/// The view of one session; clones are the same one.
///
/// The measuring thread writes it at each tick and not between, so a query delays no packet that the kernel has room
/// for, and at most one tick by the time that one look through the list takes (bench `flows`).
#[derive(Clone, Debug)]
pub(crate) struct Listing {
    view: Arc<Mutex<View>>,
    /// Held by who has a conversation analysed: one at a time is work enough beside measuring.
    analysing: Arc<Mutex<()>>,
    /// Held by who looks: of those who wait for the view, only one is not the measuring thread.
    looking: Arc<Mutex<()>>,
}

/// What is told of labels.
#[derive(Debug)]
pub(crate) struct Labelled {
    pub(crate) apps: AppsTopic,
    pub(crate) hosts: Vec<Host>,
}

impl Listing {
    pub(crate) fn new(limits: Limits) -> Self {
        let view = Arc::new(Mutex::new(View::new(limits)));
        Self { view, analysing: Arc::default(), looking: Arc::default() }
    }

    /// Returns the view, for its session.
    pub(crate) fn view(&self) -> MutexGuard<'_, View> {
        lock(&self.view)
    }

    /// Replaces the user's rules and labels everything listed by them.
    pub(crate) fn set_rules(&self, rules: Rules) {
        let _looking = lock(&self.looking);
        self.view().set_rules(rules);
    }

    /// Returns what labels say as of the last tick.
    pub(crate) fn labelled(&self) -> Labelled {
        let mut view = self.view();
        Labelled { hosts: view.told_hosts(), apps: view.apps_topic() }
    }

    /// Returns a page of the conversations that fit.
    pub(crate) fn find(&self, query: &FlowQuery) -> Result<FlowWindow, FilterError> {
        let filter = Filter::new(query)?;
        let page = Page::of(query.offset, query.limit);
        let _looking = lock(&self.looking);
        let view = self.view();
        let mut total = 0;
        let filter = filter.in_view(&view);
        let mut fitting = Rank::new(query.sort, query.descending, &view);
        for (place, listed) in view.listed() {
            total += 1;
            if filter.fits(listed, &view) {
                fitting.add(place, listed, &view);
            }
        }
        let matched = fitting.len();
        let places = fitting.page(page);
        let rows = places.iter().filter_map(|&place| Some(message(&view.at(place)?, &view))).collect();
        let now_ms = (view.now > Timestamp::EPOCH).then(|| parts::milliseconds(view.now));
        Ok(FlowWindow { total, matched, forgotten: view.flows_dropped, now_ms, rows })
    }

    /// Returns everything about a conversation; none where it is not listed. Its course is made from the packets that
    /// are still kept, and takes as long as that.
    pub(crate) fn detail(&self, id: u64, packets: &Packets) -> Option<FlowDetail> {
        let (row, of_flow, (listed, evidence, tls, streams), local) =
            self.with(id, |row, of_flow, view, listed| {
                let evidence = view.labels.judge.chain(row, listed.identity);
                let tls = listed.identity.known.as_deref().and_then(words::tls);
                let streams = view.streams.of_flow(id, &view.call_of, view.now);
                let told = (message(&listed, view), evidence, tls, streams);
                (*row, of_flow, told, LocalNetworks::clone(&view.local))
            })?;
        let _analysing = lock(&self.analysing);
        let (course, findings, counts) = course::of(&row, &of_flow, local, packets);
        let tcp = row.tcp().map(flows::tcp);
        let quic = row.quic().map(quic::flow);
        Some(FlowDetail { listed, evidence, tls, tcp, quic, streams, course, findings, counts })
    }

    /// Returns how a stream of RTP fared over its time; none where it is not listed.
    pub(crate) fn stream(&self, id: u64) -> Option<StreamCourse> {
        let _looking = lock(&self.looking);
        self.view().streams.course(id)
    }

    /// Tells which packets are of a conversation; none where it is not listed.
    pub(crate) fn packets_of(&self, id: u64) -> Option<OfFlow> {
        self.with(id, |_, of_flow, _, _| of_flow)
    }

    /// Looks for a conversation by its number.
    fn with<T>(&self, id: u64, look: impl FnOnce(&FlowRow, OfFlow, &View, Listed<'_>) -> T) -> Option<T> {
        let _looking = lock(&self.looking);
        let view = self.view();
        let (_, wanted) = view.listed().find(|(_, listed)| listed.row.id.serial == id)?;
        let FlowRow { key, id: FlowId { slot, serial }, first_seen, .. } = *wanted.row;
        let mut of_flow = OfFlow { key, slot, from: None, until: None };
        for (_, Listed { row, .. }) in view.listed() {
            if row.key != key {
                continue;
            }
            if row.id.serial < serial {
                of_flow.from = Some(first_seen);
            } else if row.id.serial > serial {
                let until = of_flow.until.map_or(row.first_seen, |until| until.min(row.first_seen));
                of_flow.until = Some(until);
            }
        }
        Some(look(wanted.row, of_flow, &view, wanted))
    }
}

/// Says what is wrong with a query of a list that is empty, if anything.
pub(crate) fn check(query: &FlowQuery) -> Result<(), FilterError> {
    Filter::new(query).map(drop)
}

/// Tells whether a conversation spoke in the last 5 s.
fn is_active(listed: Listed<'_>, view: &View) -> bool {
    spoke_lately(listed.row.last_seen, view.now)
}

/// Tells whether what spoke last then did so in the last 5 s.
pub(crate) fn spoke_lately(last_seen: Timestamp, now: Timestamp) -> bool {
    last_seen > Timestamp::EPOCH && now.nanos_since(last_seen) <= ACTIVE_NANOS
}

pub(crate) fn message(listed: &Listed<'_>, view: &View) -> FlowListed {
    let Listed { row, pace, .. } = *listed;
    let throughput = pace.map(|pace| pace.throughput_bps(view.now));
    // What ended is not followed any more: it sends nothing.
    let throughput = throughput.or(view.is_paced.then_some((0.0, 0.0)));
    FlowListed {
        id: row.id.serial,
        active: is_active(*listed, view),
        up_bps: throughput.map(|(up, _)| up),
        down_bps: throughput.map(|(_, down)| down),
        recent_bps: pace.map(|pace| pace.steps_bps(view.now)).unwrap_or_default(),
        flow: flows::message(listed, view),
    }
}

#[cfg(test)]
mod tests;
