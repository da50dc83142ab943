//! The conversations as last published, and sums over them: hosts, talkers and applications, kept from the rows that each
//! tick touches.

mod labelling;

use std::collections::{HashMap, VecDeque};
use std::sync::Arc;

use foldhash::fast::RandomState;
use netsonde_app_detector::Catalogue;
use netsonde_flow::{FlowRow, LocalNetworks, Sent, Side, Slab};
use netsonde_messages::Call;
use netsonde_units::{Timestamp, Volume};

use crate::active::Active;
use crate::calls::{Calls, Which};
use crate::clear_text::ClearText;
use crate::hosts::Grown;
use crate::labels::{Added, Identity, Labels, OfApp};
use crate::limits::Limits;
use crate::pace::Pace;
use crate::places::Whereabouts;
use crate::streams::{CallOf, Streams};
use crate::symptoms::{Change, Signs};
use crate::totals::{Pair, Places, TalkerSums, Totals};

/// A conversation as last published, and where its sums were found.
#[derive(Debug)]
struct Kept {
    row: FlowRow,
    places: Places,
    identity: Identity,
    /// What it sent lately, in sessions that go at the pace of time.
    pace: Option<Box<Pace>>,
}

/// A conversation whose place in the flow table another one has taken.
#[derive(Debug)]
struct Ended {
    row: FlowRow,
    places: Places,
    identity: Identity,
}

impl Kept {
    fn listed(&self) -> Listed<'_> {
        let Self { row, identity, pace, .. } = self;
        Listed { row, identity, pace: pace.as_deref() }
    }
}

impl Ended {
    const fn listed(&self) -> Listed<'_> {
        let Self { row, identity, .. } = self;
        Listed { row, identity, pace: None }
    }
}

/// A conversation in the list.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Listed<'a> {
    pub(crate) row: &'a FlowRow,
    pub(crate) identity: &'a Identity,
    pub(crate) pace: Option<&'a Pace>,
}

/// Where a conversation stands in the list until the next row comes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum FlowPlace {
    Current(u32),
    Ended(usize),
}

/// All conversations as last published, and the sums over them.
#[derive(Debug)]
pub(crate) struct View {
    limits: Limits,
    /// By place in the flow table.
    current: Slab<Option<Kept>>,
    ended: VecDeque<Ended>,
    /// Where those stand by serial number: how many had ended before.
    ended_before: HashMap<u64, u64, RandomState>,
    pub(crate) flows_dropped: u64,
    pub(crate) totals: Totals,
    pub(crate) labels: Labels,
    /// Everything measured, as of the last tick.
    pub(crate) measured: Volume,
    pub(crate) active: Active,
    pub(crate) clear_text: ClearText,
    /// What speaks for trouble.
    pub(crate) signs: Signs,
    pub(crate) streams: Streams,
    pub(crate) calls: Calls,
    /// Which calls streams belong to.
    pub(crate) call_of: CallOf,
    /// The session's time as of the last tick.
    pub(crate) now: Timestamp,
    /// Whether what conversations sent lately is kept.
    pub(crate) is_paced: bool,
    pub(crate) local: Arc<LocalNetworks>,
    /// Where hosts are.
    pub(crate) whereabouts: Whereabouts,
}

impl View {
    pub(crate) fn new(limits: Limits) -> Self {
        Self::knowing(Catalogue::built_in(), limits)
    }

    /// Makes a view that knows the applications of a catalogue.
    pub(crate) fn knowing(catalogue: &'static Catalogue, limits: Limits) -> Self {
        Self {
            limits,
            current: Slab::default(),
            ended: VecDeque::new(),
            ended_before: HashMap::default(),
            flows_dropped: 0,
            totals: Totals::new(limits),
            labels: Labels::new(catalogue),
            measured: Volume::ZERO,
            active: Active::default(),
            clear_text: ClearText::new(),
            signs: Signs::new(),
            streams: Streams::default(),
            calls: Calls::default(),
            call_of: CallOf::default(),
            now: Timestamp::EPOCH,
            is_paced: false,
            local: Arc::default(),
            whereabouts: Whereabouts::default(),
        }
    }

    /// Takes in rows in order: what each adds to the one before of its conversation goes to both hosts and both directed
    /// pairs.
    pub(crate) fn update(&mut self, rows: &[FlowRow]) {
        for batch in rows.chunks(Self::BATCH) {
            let mut begun = [None; Self::BATCH];
            for (begun, row) in begun.iter_mut().zip(batch) {
                *begun = self.begins(row).then(|| pair(row));
            }
            self.totals.fetch(&begun);
            for row in batch {
                self.update_one(row);
            }
        }
    }

    /// How many rows are best taken in at once: the waits for what their sums are added to overlap (capture *small* of
    /// docs/benchmarks.md).
    pub(crate) const BATCH: usize = Totals::FETCHED;

    /// Tells whether a row is the first one of its conversation.
    fn begins(&self, row: &FlowRow) -> bool {
        let kept = self.current.get(row.id.slot).and_then(Option::as_ref);
        kept.is_none_or(|kept| kept.row.id.serial != row.id.serial)
    }

    fn update_one(&mut self, row: &FlowRow) {
        while self.current.len() <= row.id.slot {
            self.current.push(None);
        }
        let Some(place) = self.current.get_mut(row.id.slot) else { return };
        let mut used_pace = None;
        if let Some(replaced) = place
            && replaced.row.id.serial != row.id.serial
        {
            used_pace = replaced.pace.take();
            if let Some(Kept { row, places, identity, .. }) = place.take() {
                self.list_as_ended(Ended { row, places, identity });
            }
        }
        let Some(place) = self.current.get_mut(row.id.slot) else { return };
        let before = place.as_ref().map(|kept| &kept.row);
        self.clear_text.add(before, row);
        let change = self.signs.add(before, row);
        self.active.spoke(before.map(|before| before.last_seen), row.last_seen);
        let spoke_before = before.map(|before| before.last_seen);
        let kept = place.get_or_insert_with(|| Kept {
            row: FlowRow { up: Sent::default(), down: Sent::default(), ..*row },
            places: Places::default(),
            identity: self.labels.begin(row, self.now),
            pace: self.is_paced.then(|| emptied(used_pace)),
        });
        if labelling::may_change_label(&kept.row, row) {
            let before = self.labels.decide_again(row, &kept.row, &mut kept.identity);
            let change = before.map(|before| (before, kept.identity.label));
            labelling::move_hosts(&mut self.labels, change, &kept.row, &kept.places, &self.totals);
        }
        let (up, down) = (row.up.volume - kept.row.up.volume, row.down.volume - kept.row.down.volume);
        if let Some(pace) = &mut kept.pace {
            pace.add(row.last_seen, up.bytes, down.bytes);
        }
        let added = TalkerSums {
            from_low: sent_by(row, Side::Low).volume - sent_by(&kept.row, Side::Low).volume,
            from_high: sent_by(row, Side::High).volume - sent_by(&kept.row, Side::High).volume,
        };
        let grown = Grown::between(&kept.row, row);
        self.totals.add(pair(row), &mut kept.places, (&added, &grown), &self.local);
        if let Some(change) = change {
            note_answered(&mut self.totals, row, &kept.places, change);
        }
        let app = Added { up, down, spoke_before, spoke: row.last_seen };
        self.labels.sums.add(kept.identity.label, &app, self.is_paced);
        let of_app =
            OfApp { app: kept.identity.label.app, flows: u32::from(grown.is_new), bytes: (up + down).bytes };
        labelling::add_to_hosts(&mut self.labels, row, &kept.places, of_app);
        kept.row = *row;
    }

    fn list_as_ended(&mut self, ended: Ended) {
        if self.ended.len() >= self.limits.ended_flows
            && let Some(dropped) = self.ended.pop_front()
        {
            self.ended_before.remove(&dropped.row.id.serial);
            self.flows_dropped += 1;
        }
        // Lossless: usize has at most 64 bits.
        self.ended_before.insert(ended.row.id.serial, self.flows_dropped + self.ended.len() as u64);
        self.ended.push_back(ended);
    }

    /// Returns calls, and how many there are beside them; their streams are known by them from here on.
    pub(crate) fn told_calls(&mut self, which: Which) -> (Vec<Call>, u64) {
        self.call_of = self.calls.join(|| self.streams.rows());
        let asked = |flow| {
            let row = self.at(self.place_of(flow)?)?.row;
            Some((row.client_address(), row.server_address()))
        };
        self.calls.told(which, self.streams.rows(), &self.call_of, asked, self.now)
    }

    /// Returns all conversations still listed and where they stand, in no order.
    pub(crate) fn listed(&self) -> impl Iterator<Item = (FlowPlace, Listed<'_>)> {
        let current = (0..)
            .zip(self.current.iter())
            .filter_map(|(slot, kept)| Some((FlowPlace::Current(slot), kept.as_ref()?.listed())));
        let ended = self.ended.iter().enumerate();
        current.chain(ended.map(|(number, ended)| (FlowPlace::Ended(number), ended.listed())))
    }

    /// Returns the conversation that stands there.
    pub(crate) fn at(&self, place: FlowPlace) -> Option<Listed<'_>> {
        match place {
            FlowPlace::Current(slot) => self.current.get(slot)?.as_ref().map(Kept::listed),
            FlowPlace::Ended(number) => self.ended.get(number).map(Ended::listed),
        }
    }
}

/// Counts at its client that a conversation was answered, or that it was not after all.
fn note_answered(totals: &mut Totals, row: &FlowRow, places: &Places, change: Change) {
    let [low, high] = places.hosts;
    let place = if row.client == Side::Low { low } else { high };
    if change.was_answered() != change.is_answered() {
        totals.note_answered(place, row.client_address(), change.is_answered());
    }
}

/// Returns what was kept of another conversation, to begin anew with, or what takes its place.
#[expect(clippy::unnecessary_box_returns, reason = "it is the allocation that is used again")]
fn emptied(pace: Option<Box<Pace>>) -> Box<Pace> {
    let mut pace = pace.unwrap_or_default();
    *pace = Pace::default();
    pace
}

fn pair(row: &FlowRow) -> Pair {
    (row.key.address(Side::Low), row.key.address(Side::High))
}

const fn sent_by(row: &FlowRow, side: Side) -> &Sent {
    match (row.client, side) {
        (Side::Low, Side::Low) | (Side::High, Side::High) => &row.up,
        (Side::Low, Side::High) | (Side::High, Side::Low) => &row.down,
    }
}
