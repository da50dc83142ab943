//! How conversations end: silence, eviction, new use of their ports.

use std::hash::BuildHasher as _;

use netsonde_units::Timestamp;

use super::{FlowTable, touch};
use crate::{Fact, FlowRow, Side, limits};

impl FlowTable {
    /// Tells whether so much waits that it should be handed over.
    pub const fn wants_relief(&self) -> bool {
        self.ended.len() >= limits::ENDED_ROWS
            || self.facts.held.len() >= limits::FACTS / 2
            || self.media.wants_relief()
    }

    /// Retires what was silent at the end of a stretch of time, and begins to measure silence anew.
    pub fn leap(&mut self, ended: Timestamp, begun: Timestamp) {
        self.retire_silent(ended);
        self.dns.leap(ended, begun);
        self.echoes.leap(ended, begun);
        self.second.1 = self.second.1.wrapping_add(1);
        self.timers.restart(begun);
    }

    /// Hands over what must not wait for long: retires what has been silent, gives the last rows of ended
    /// conversations and returns the facts.
    pub fn relieve(&mut self, now: Timestamp, mut each: impl FnMut(&FlowRow)) -> std::vec::Drain<'_, Fact> {
        self.retire_silent(now);
        self.dns.expire(now);
        self.echoes.expire(now);
        for row in self.ended.drain(..) {
            each(&row);
        }
        self.facts.held.drain(..)
    }

    /// Ends the last tick as [`Self::tick`] does, and gives back memory on the way, so that whoever keeps the rows takes
    /// the place of what they came from: a million conversations weigh as much in either. A packet after it may begin
    /// another conversation.
    pub fn conclude(&mut self, mut each: impl FnMut(&FlowRow)) {
        let touched = std::mem::take(&mut self.touched);
        let mut wanted = self.records.wanted(touched.iter().copied());
        let connections = touched.iter().filter_map(|&slot| self.records.get(slot)?.connection);
        let mut wanted_connections = self.connections.wanted(connections);
        for slot in touched {
            let Some(record) = self.records.get(slot) else { continue };
            each(&record.row(slot, &self.connections, &self.courses));
            if let Some(connection) = record.connection {
                self.connections.let_go(&mut wanted_connections, connection);
            }
            self.records.let_go(&mut wanted, slot);
        }
        self.tick = self.tick.wrapping_add(1).max(1);
    }

    /// Sends a record's last row.
    pub(super) fn end(&mut self, slot: u32) {
        if let Some(record) = self.records.get_mut(slot) {
            self.ended.push(FlowRow { ended: true, ..record.row(slot, &self.connections, &self.courses) });
            record.release(&mut self.connections, &mut self.courses);
            if let Some(id) = record.media.take() {
                self.media.end(id, record.serial());
            }
            if record.settle() {
                self.hellos.forget_both(slot);
            }
        }
    }

    /// Ends the retired or else longest silent one of a few records and returns its place.
    pub(super) fn evict(&mut self) -> u32 {
        let mut chosen = self.eviction_hand;
        let mut best = (false, Timestamp::MAX);
        for _ in 0..limits::EVICTION_SAMPLE {
            let slot = self.eviction_hand;
            self.eviction_hand = (slot + 1) % self.limits.flows.max(1);
            let Some(record) = self.records.get(slot) else { continue };
            if (record.retired, std::cmp::Reverse(record.last_seen)) > (best.0, std::cmp::Reverse(best.1)) {
                best = (record.retired, record.last_seen);
                chosen = slot;
            }
        }
        if let Some(record) = self.records.get(chosen) {
            let hash = self.hasher.hash_one(record.key);
            self.index.remove(hash, chosen);
            if record.key.port(Side::Low).is_some() {
                self.departed.insert(hash);
            }
        }
        self.counters.evicted += 1;
        self.end(chosen);
        chosen
    }

    pub(super) fn arm(&mut self, slot: u32) {
        if let Some(record) = self.records.get_mut(slot) {
            record.timer_next = self.timers.arm(slot, record.next_look(record.last_seen));
        }
    }

    fn retire_silent(&mut self, now: Timestamp) {
        while let Some(first) = self.timers.due(now) {
            let mut next = first;
            while let Some(record) = self.records.get_mut(next) {
                let slot = std::mem::replace(&mut next, record.timer_next);
                if record.deadline() > now && record.last_seen <= now {
                    record.timer_next = self.timers.arm(slot, record.next_look(now));
                } else {
                    let times_out = record.fall_silent(&mut self.connections, now);
                    self.counters.tcp_timed_out += u64::from(times_out);
                    record.retired = true;
                    if record.let_go_of_beginning() {
                        self.hellos.forget_both(slot);
                    }
                    if let Some(id) = record.media {
                        self.media.retire(id, record.serial());
                    }
                    self.open -= 1;
                    touch(record, &mut self.touched, self.tick, slot);
                }
            }
        }
    }
}
