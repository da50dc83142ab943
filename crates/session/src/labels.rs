//! Who conversations are with: clues and names are kept beside their rows, and decide their label (METRICS.md
//! "Application"; design document: `detect_application`, `cache_dns_mapping`).

mod apps;
mod judge;
mod known;
pub(crate) mod rules;
mod sums;
#[cfg(test)]
mod tests;
mod waiting;
pub(crate) mod words;

use std::collections::{BTreeSet, HashMap};
use std::net::IpAddr;

use foldhash::fast::RandomState;
use netsonde_app_detector::Catalogue;
use netsonde_flow::{Clue, FlowId, FlowRow};
use netsonde_units::{NANOS_PER_SECOND, Timestamp};

pub(crate) use self::apps::AppNumber;
pub(crate) use self::judge::{Judge, is_accepted};
pub(crate) use self::known::{Identity, Known, Label};
use self::rules::Rules;
pub(crate) use self::sums::{Added, OfApp, Sums};
use self::waiting::Waiting;
use crate::limits::EARLY_CLUES;
use crate::names::{How, Names};

/// How long after its first packet, or after it was told its name, a conversation may still get a better one from an
/// answer that comes late: longer than packets are late.
const SETTLES_NANOS: u64 = 10 * NANOS_PER_SECOND;

/// Everything that labels are made of and all that is summed by them.
#[derive(Debug)]
pub(crate) struct Labels {
    pub(crate) judge: Judge,
    pub(crate) names: Names,
    pub(crate) sums: Sums,
    /// Clues whose conversation's row has not come yet, by its serial number.
    early: HashMap<u64, Box<Known>, RandomState>,
    clues_dropped: u64,
    waiting: Waiting,
    /// Conversations that have not been looked at since their client was told something of their server.
    to_name: Vec<FlowId>,
    /// Addresses of which everybody on the link was told a name: conversations with them have not been looked at since.
    told_to_everybody: BTreeSet<IpAddr>,
}

impl Labels {
    pub(crate) fn new(catalogue: &'static Catalogue) -> Self {
        Self {
            judge: Judge::new(catalogue),
            names: Names::default(),
            sums: Sums::default(),
            early: HashMap::default(),
            clues_dropped: 0,
            waiting: Waiting::default(),
            to_name: Vec::new(),
            told_to_everybody: BTreeSet::new(),
        }
    }

    /// Begins with a conversation: finds its name and decides its label.
    pub(crate) fn begin(&mut self, row: &FlowRow, now: Timestamp) -> Identity {
        let mut identity = Identity::default();
        if !self.early.is_empty() {
            identity.known = self.early.remove(&row.id.serial);
        }
        if let Some(known) = &identity.known {
            self.call(row, known);
        }
        self.find_name(row, &mut identity, now);
        identity.label = self.judge.decide(row, identity.known.as_deref());
        self.sums.begin(identity.label);
        identity
    }

    /// Decides anew, after something that matters has changed. Returns the label from before where it is another; what
    /// the conversation had added by `summed` has moved then.
    pub(crate) fn decide_again(
        &mut self,
        row: &FlowRow,
        summed: &FlowRow,
        identity: &mut Identity,
    ) -> Option<Label> {
        let label = self.judge.decide(row, identity.known.as_deref());
        let before = std::mem::replace(&mut identity.label, label);
        if before == label {
            return None;
        }
        self.sums.move_over(before, label, summed);
        Some(before)
    }

    /// Keeps a clue until the row of its conversation comes.
    pub(crate) fn keep_for_later(&mut self, serial: u64, clue: Clue, at: Timestamp) {
        if self.early.len() >= EARLY_CLUES && !self.early.contains_key(&serial) {
            self.clues_dropped += 1;
            return;
        }
        self.early.entry(serial).or_default().add(clue, at);
    }

    /// Tells whether so many clues wait for their rows that those should be handed over.
    pub(crate) fn wants_rows(&self) -> bool {
        self.early.len() >= EARLY_CLUES / 2
    }

    /// Takes note of what the clues of a conversation call its server.
    pub(crate) fn call(&mut self, row: &FlowRow, known: &Known) {
        for name in known.names() {
            if let Some(source) = name.source() {
                self.names.call(row.server_address(), name.text, source);
            }
        }
    }

    /// Finds the name that DNS gave the server of a conversation; one that may still get a better one is remembered.
    /// Tells whether it has got a better one than before.
    pub(crate) fn find_name(&mut self, row: &FlowRow, identity: &mut Identity, now: Timestamp) -> bool {
        if self.names.told.is_empty() {
            return false;
        }
        let ends @ (client, server) = (row.client_address(), row.server_address());
        if server.is_multicast() {
            return false;
        }
        let held = identity.known.as_ref().and_then(|known| known.dns.as_ref());
        let found = self.names.told.named(client, server, row.first_seen);
        let better = found.filter(|found| held.is_none_or(|held| found.is_better_than(held)));
        let is_settled = better.as_ref().or(held).is_some_and(|named| {
            let since = match named.how {
                How::Before => Some(row.first_seen),
                How::After => Some(named.at),
                How::EverybodyBefore | How::EverybodyAfter => None,
            };
            since.is_some_and(|since| now.nanos_since(since) > SETTLES_NANOS)
        });
        if !is_settled {
            self.waiting.add(ends, row.id);
        }
        let Some(better) = better else { return false };
        identity.known.get_or_insert_default().dns = Some(better);
        true
    }

    /// Takes note that a name of an address was told, to a client or to everybody.
    pub(crate) fn note_told(&mut self, client: Option<IpAddr>, address: IpAddr) {
        if let Some(client) = client {
            self.to_name.extend(self.waiting.take(&(client, address)));
        } else {
            self.told_to_everybody.insert(address);
        }
    }

    /// Hands over the conversations that what was told since the last time may name: each once, however often its client
    /// was told something of its server.
    pub(crate) fn named_since(&mut self) -> Vec<FlowId> {
        let mut flows = std::mem::take(&mut self.to_name);
        if !self.told_to_everybody.is_empty() {
            let told = std::mem::take(&mut self.told_to_everybody);
            for ends in self.waiting.ends_of(|server| told.contains(&server)) {
                flows.extend(self.waiting.take(&ends));
            }
        }
        flows.sort_unstable_by_key(|flow| (flow.serial, flow.slot));
        flows.dedup();
        flows
    }

    /// Counts what was told and not kept, for want of room.
    pub(crate) const fn dropped(&self) -> u64 {
        self.names.told.forgotten() + self.names.refused() + self.clues_dropped
    }

    /// Replaces the user's rules; what is listed is to be decided anew.
    pub(crate) fn set_rules(&mut self, rules: Rules) {
        let Self { judge, sums, .. } = self;
        judge.set_rules(rules, |app| sums.is_empty(app));
    }
}
