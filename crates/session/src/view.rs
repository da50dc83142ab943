//! The conversations as last published, and sums over them: hosts and talkers, kept from the rows that each tick touches.

use std::collections::VecDeque;
use std::sync::Arc;

use netsonde_flow::{FlowRow, LocalNetworks, Sent, Side, Slab};
use netsonde_units::Timestamp;

use crate::active::Active;
use crate::clear_text::ClearText;
use crate::limits::Limits;
use crate::pace::Pace;
use crate::totals::{Pair, Places, TalkerSums, Totals};

/// A conversation as last published, and where its sums were found.
#[derive(Debug)]
struct Kept {
    row: FlowRow,
    places: Places,
    /// What it sent lately, in sessions that go at the pace of time.
    pace: Option<Box<Pace>>,
}

/// A conversation whose place in the flow table another one has taken.
#[derive(Debug)]
struct Ended {
    row: FlowRow,
}

/// A conversation in the list.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Listed<'a> {
    pub(crate) row: &'a FlowRow,
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
    pub(crate) flows_dropped: u64,
    pub(crate) totals: Totals,
    pub(crate) active: Active,
    pub(crate) clear_text: ClearText,
    /// The session's time as of the last tick.
    pub(crate) now: Timestamp,
    /// Whether what conversations sent lately is kept.
    pub(crate) is_paced: bool,
    pub(crate) local: Arc<LocalNetworks>,
}

impl View {
    pub(crate) fn new(limits: Limits) -> Self {
        Self {
            limits,
            current: Slab::default(),
            ended: VecDeque::new(),
            flows_dropped: 0,
            totals: Totals::new(limits),
            active: Active::default(),
            clear_text: ClearText::new(),
            now: Timestamp::EPOCH,
            is_paced: false,
            local: Arc::default(),
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
            if self.ended.len() >= self.limits.ended_flows {
                self.ended.pop_front();
                self.flows_dropped += 1;
            }
            self.ended.push_back(Ended { row: replaced.row });
            used_pace = replaced.pace.take();
            *place = None;
        }
        let before = place.as_ref().map(|kept| &kept.row);
        self.clear_text.add(before, row);
        self.active.spoke(before.map(|before| before.last_seen), row.last_seen);
        let kept = place.get_or_insert_with(|| Kept {
            row: FlowRow { up: Sent::default(), down: Sent::default(), ..*row },
            places: Places::default(),
            pace: self.is_paced.then(|| emptied(used_pace)),
        });
        if let Some(pace) = &mut kept.pace {
            let sent = |now: &Sent, before: &Sent| (now.volume - before.volume).bytes;
            pace.add(row.last_seen, sent(&row.up, &kept.row.up), sent(&row.down, &kept.row.down));
        }
        let added = TalkerSums {
            from_low: sent_by(row, Side::Low).volume - sent_by(&kept.row, Side::Low).volume,
            from_high: sent_by(row, Side::High).volume - sent_by(&kept.row, Side::High).volume,
        };
        self.totals.add(pair(row), &mut kept.places, &added, &self.local);
        kept.row = *row;
    }

    /// Returns all conversations still listed and where they stand, in no order.
    pub(crate) fn listed(&self) -> impl Iterator<Item = (FlowPlace, Listed<'_>)> {
        let current = (0..).zip(self.current.iter()).filter_map(|(slot, kept)| {
            let Kept { row, pace, .. } = kept.as_ref()?;
            Some((FlowPlace::Current(slot), Listed { row, pace: pace.as_deref() }))
        });
        let ended = self.ended.iter().enumerate();
        current.chain(
            ended.map(|(number, Ended { row })| (FlowPlace::Ended(number), Listed { row, pace: None })),
        )
    }

    /// Returns the conversation that stands there.
    pub(crate) fn at(&self, place: FlowPlace) -> Option<Listed<'_>> {
        match place {
            FlowPlace::Current(slot) => {
                let Kept { row, pace, .. } = self.current.get(slot)?.as_ref()?;
                Some(Listed { row, pace: pace.as_deref() })
            }
            FlowPlace::Ended(number) => Some(Listed { row: &self.ended.get(number)?.row, pace: None }),
        }
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
