//! The list of conversations, for whoever looks through it while a session measures and after.

mod columns;
mod filter;

use std::sync::{Arc, Mutex, MutexGuard};

use netsonde_messages::stream::{FlowListed, FlowQuery, FlowWindow};
use netsonde_units::{NANOS_PER_SECOND, Timestamp};

use self::columns::{Page, Rank};
use self::filter::Filter;
pub use self::filter::FilterError;
use crate::limits::Limits;
use crate::view::{Listed, View};
use crate::{flows, lock, parts};

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
    /// Held by who looks: of those who wait for the view, only one is not the measuring thread.
    looking: Arc<Mutex<()>>,
}

impl Listing {
    pub(crate) fn new(limits: Limits) -> Self {
        Self { view: Arc::new(Mutex::new(View::new(limits))), looking: Arc::default() }
    }

    /// Returns the view, for its session.
    pub(crate) fn view(&self) -> MutexGuard<'_, View> {
        lock(&self.view)
    }

    /// Returns a page of the conversations that fit.
    pub(crate) fn find(&self, query: &FlowQuery) -> Result<FlowWindow, FilterError> {
        let filter = Filter::new(query)?;
        let page = Page::of(query);
        let _looking = lock(&self.looking);
        let view = self.view();
        let mut total = 0;
        let mut fitting = Rank::new(query.sort, query.descending);
        for (place, listed) in view.listed() {
            total += 1;
            if filter.fits(listed.row, &view) {
                fitting.add(place, listed, &view);
            }
        }
        let matched = fitting.len();
        let places = fitting.page(page);
        let rows = places.iter().filter_map(|&place| Some(message(&view.at(place)?, &view))).collect();
        let now_ms = (view.now > Timestamp::EPOCH).then(|| parts::milliseconds(view.now));
        Ok(FlowWindow { total, matched, forgotten: view.flows_dropped, now_ms, rows })
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

fn spoke_lately(last_seen: Timestamp, now: Timestamp) -> bool {
    last_seen > Timestamp::EPOCH && now.nanos_since(last_seen) <= ACTIVE_NANOS
}

fn message(listed: &Listed<'_>, view: &View) -> FlowListed {
    let Listed { row, pace } = *listed;
    let throughput = pace.map(|pace| pace.throughput_bps(view.now));
    // What ended is not followed any more: it sends nothing.
    let throughput = throughput.or(view.is_paced.then_some((0.0, 0.0)));
    FlowListed {
        id: row.id.serial,
        active: is_active(*listed, view),
        up_bps: throughput.map(|(up, _)| up),
        down_bps: throughput.map(|(_, down)| down),
        recent_bps: pace.map(|pace| pace.steps_bps(view.now)).unwrap_or_default(),
        flow: flows::message(row, &view.local),
    }
}

#[cfg(test)]
mod tests;
