//! The signs of trouble of a session, kept from the rows that each tick touches.

use std::cmp::Reverse;

use netsonde_flow::{FlowId, FlowRow};

use super::attempts::{Attempts, Change, Outcome};
use super::credentials::Credentials;
use super::scans::Scans;
use super::{FlowSymptom, Symptoms};
use crate::flows::retransmissions;
use crate::limits::TOLD_FLOWS;
use crate::top::Top;
use crate::view::View;

/// What of the conversations speaks for trouble.
#[derive(Debug)]
pub(crate) struct Signs {
    resent: Worst,
    zero_windows: Worst,
    largest: Worst,
    attempts: Attempts,
    scans: Scans,
    pub(crate) credentials: Credentials,
}

/// The conversations that show something most.
type Worst = Top<FlowId, TOLD_FLOWS>;

impl Signs {
    pub(crate) fn new() -> Self {
        Self {
            resent: Worst::default(),
            zero_windows: Worst::default(),
            largest: Worst::default(),
            attempts: Attempts::new(),
            scans: Scans::default(),
            credentials: Credentials::new(),
        }
    }

    /// Takes in a row and the one before of its conversation; tells where it is known anew what became of it.
    #[inline]
    pub(crate) fn add(&mut self, before: Option<&FlowRow>, row: &FlowRow) -> Option<Change> {
        offer(&mut self.largest, row, row.volume().bytes);
        if row.tcp().is_some() {
            offer(&mut self.resent, row, sent_again(row));
            offer(&mut self.zero_windows, row, zero_windows(row));
        }
        let change = Change { before: before.and_then(Outcome::of), after: Outcome::of(row) };
        (change.before != change.after).then(|| {
            self.change(row, change);
            change
        })
    }

    fn change(&mut self, row: &FlowRow, change: Change) {
        self.attempts.change(row, change);
        let failed = |outcome: Option<Outcome>| outcome.is_some_and(Outcome::is_failure);
        match (failed(change.before), failed(change.after)) {
            (false, true) => self.scans.fail(row),
            (true, false) => self.scans.take_back(row),
            (false, false) | (true, true) => {}
        }
    }
}

#[inline]
fn offer(worst: &mut Worst, row: &FlowRow, size: u64) {
    if size > 0 && worst.would_take(size) {
        worst.offer(row.id, size);
    }
}

fn sent_again(row: &FlowRow) -> u64 {
    retransmissions(row).unwrap_or_default()
}

fn zero_windows(row: &FlowRow) -> u64 {
    row.tcp().map_or(0, |tcp| u64::from(tcp.up.zero_windows) + u64::from(tcp.down.zero_windows))
}

fn data_segments(row: &FlowRow) -> u64 {
    row.tcp().map_or(0, |tcp| u64::from(tcp.up.data_segments) + u64::from(tcp.down.data_segments))
}

impl View {
    /// Tells the signs of trouble; `bytes` were seen in the session.
    pub(crate) fn symptoms(&mut self, bytes: u64) -> Symptoms {
        self.forget_unlisted();
        let Signs { resent, zero_windows: full, largest, attempts, scans, credentials } = &self.signs;
        Symptoms {
            resent: self.worst(resent, sent_again, data_segments),
            zero_windows: self.worst(full, zero_windows, |row| row.volume().packets),
            largest: self.worst(largest, |row| row.volume().bytes, |_| bytes),
            unanswered: attempts.told(),
            scans: scans.told(|host| self.totals.answered(host)),
            credentials: credentials.told(),
            link_bps: None,
            dropped: attempts.dropped + scans.dropped + credentials.dropped,
        }
    }

    /// Forgets conversations that are not listed any more, in whose place others can be told.
    fn forget_unlisted(&mut self) {
        let gone = |worst: &Worst| -> Vec<FlowId> {
            worst.entries().copied().filter(|&flow| self.place_of(flow).is_none()).collect()
        };
        let Signs { resent, zero_windows, largest, .. } = &self.signs;
        let gone = [gone(resent), gone(zero_windows), gone(largest)];
        let Signs { resent, zero_windows, largest, .. } = &mut self.signs;
        for (worst, gone) in [resent, zero_windows, largest].into_iter().zip(gone) {
            if !gone.is_empty() {
                worst.forget(|flow| gone.contains(flow));
            }
        }
    }

    fn worst(
        &self,
        worst: &Worst,
        count: impl Fn(&FlowRow) -> u64,
        of: impl Fn(&FlowRow) -> u64,
    ) -> Vec<FlowSymptom> {
        let places = worst.entries().filter_map(|&flow| self.at(self.place_of(flow)?));
        let mut told: Vec<_> = places.map(|listed| (count(listed.row), listed)).collect();
        told.sort_unstable_by_key(|(count, listed)| (Reverse(*count), listed.row.id.serial));
        told.into_iter()
            .map(|(count, listed)| FlowSymptom {
                flow: crate::listing::message(&listed, self),
                count,
                of: of(listed.row),
            })
            .collect()
    }
}
