//! An office, seen at its uplink: everything that a day brings, in a hundred seconds.
//!
//! About a quarter of it is IPv6 and a fifth is tagged. Conversations arrive evenly, each kind as often as its weight
//! says; the first ones go through all kinds once, so that a small mix has everything too.

mod call;
mod chores;
mod lookups;
mod names;
mod web;
mod world;

use std::collections::BTreeMap;

use crate::packets::{Arrival, Conversation};
use crate::rng::Rng;
use world::World;

/// How long a mix of the default size or a smaller one lasts, in nanoseconds; a larger one is longer, not denser.
const DURATION: u64 = 100_000_000_000;

/// The size by default, in packets.
pub const DEFAULT_PACKETS: u64 = 5_000_000;

/// How many packets an arrival brings on the average, with what it brings along: measured.
const PACKETS_PER_ARRIVAL: u64 = 64;

/// What may arrive, and how often among [`WEIGHTS`] arrivals.
const KINDS: [(u64, Visit); 24] = [
    (3_800, lookups::lookup),
    (2_400, web::page),
    (500, web::quic_page),
    (300, web::clear_page),
    (8, web::download),
    (3, web::clear_download),
    (2, web::upload),
    (9, web::video),
    (6, web::quic_video),
    (14, call::call),
    (6, call::video_call),
    (40, chores::scan),
    (60, chores::shell),
    (60, chores::mail),
    (350, chores::clock),
    (60, chores::neighbourhood),
    (30, chores::lease),
    (160, chores::resolve),
    (40, chores::groups),
    (50, chores::ping),
    (20, chores::unreachable),
    (120, chores::opaque),
    (10, chores::large_datagram),
    (30, chores::unanswered),
];

/// The sum of the weights in [`KINDS`].
const WEIGHTS: u64 = 8_078;

/// Adds the conversations of one arrival at a moment.
type Visit = fn(&mut Mix, u64, &mut Rng);

/// The arrivals of a mix: without an end, to be cut at a number of packets.
#[derive(Debug)]
pub struct Mix {
    seed: u64,
    /// When the next arrival may be, and how far arrivals are apart.
    next: u64,
    spacing: u64,
    arrived: u64,
    streams: u64,
    calls: u64,
    /// How large the largest transfers may be, in bytes, so that none outgrows a small mix.
    largest: u64,
    world: World,
    pending: BTreeMap<(u64, u64), Box<dyn Conversation>>,
}

impl Mix {
    /// Plans a mix of about so many packets that begins at `base`, in nanoseconds since the Unix epoch.
    pub fn new(base: u64, packets: u64, seed: u64) -> Self {
        let arrivals = (packets / PACKETS_PER_ARRIVAL).max(1);
        let duration = DURATION / DEFAULT_PACKETS * packets.max(DEFAULT_PACKETS);
        Self {
            seed,
            next: base,
            spacing: (duration / arrivals).max(1),
            arrived: 0,
            streams: 0,
            calls: 0,
            largest: (packets * 60).clamp(30_000, 16_000_000),
            world: World::new(packets),
            pending: BTreeMap::new(),
        }
    }

    /// Returns a stream of chance that nobody else draws from.
    fn chance(&mut self) -> Rng {
        self.streams += 1;
        Rng::new(self.seed, self.streams)
    }

    /// Adds a conversation that arrives later on.
    fn add(&mut self, (at, conversation): Arrival) {
        self.streams += 1;
        self.pending.insert((at, self.streams), conversation);
    }

    /// Numbers a call.
    fn call_number(&mut self) -> u64 {
        self.calls += 1;
        self.calls
    }

    fn arrive(&mut self) {
        let mut rng = self.chance();
        let at = self.next + rng.below(self.spacing);
        self.next += self.spacing;
        let kinds = u64::try_from(KINDS.len()).unwrap_or_default();
        let visit = if self.arrived < kinds {
            usize::try_from(self.arrived).ok().and_then(|kind| KINDS.get(kind))
        } else {
            let mut drawn = rng.below(WEIGHTS);
            KINDS.iter().find(|(weight, _)| {
                let hit = drawn < *weight;
                drawn = drawn.saturating_sub(*weight);
                hit
            })
        };
        self.arrived += 1;
        if let Some((_, visit)) = visit {
            visit(self, at, &mut rng);
        }
    }
}

impl Iterator for Mix {
    type Item = Arrival;

    fn next(&mut self) -> Option<Arrival> {
        loop {
            if let Some(first) = self.pending.first_entry()
                && first.key().0 <= self.next
            {
                let ((at, _), conversation) = first.remove_entry();
                return Some((at, conversation));
            }
            self.arrive();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn weights_sum_to_their_sum() {
        assert_eq!(KINDS.iter().map(|(weight, _)| weight).sum::<u64>(), WEIGHTS);
    }
}
