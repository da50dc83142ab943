//! Two minutes in the life of a small home office, seen at its router, told again and again.
//!
//! Everything moves from the first second: pages, two videos, a call, shells, and what a network says by itself.
//! From 25 to 60 s the call gets worse; from 45 to about 70 s a download comes over a line that loses one segment in
//! fifty; from 70 to 85 s a guest tries the doors of the store; then all is well again. A name is asked for before
//! it is used, now and then in vain. Who lives here says its name as its kind does. Services are well known ones at addresses that they publish.
//!
//! Each *round* has ports, numbers and identifiers of its own, so that no conversation is seen twice; ports come
//! back after 192 rounds, more than six hours.

mod call;
mod cast;
mod chatter;
mod introduce;
mod resolve;
mod stage;
mod stream;
mod trouble;
mod web;

use std::fmt;
use std::io::{self, Read};

use crate::packets::{Arrival, Packets};
use crate::pcap::Resolution;
use stage::Stage;

/// Nanoseconds in a millisecond.
const MILLISECOND: u64 = 1_000_000;

/// The length of a round, in nanoseconds.
pub const ROUND: u64 = 120_000 * MILLISECOND;

/// The seed of the story that netsonde plays: the one that the tests try.
pub const SEED: u64 = 1;

/// Where the office is, in degrees north and east: made up, in Brussels, from where light comes to all services in Europe and
/// back in the time that they take to answer.
pub const OFFICE: (f64, f64) = (50.85, 4.35);

/// How much [`read`] prepares at a time, in bytes: little, because whoever plays the packets at their pace shall not
/// have to wait for many.
const READ_AHEAD: usize = 16 * 1024;

/// The conversations of one round, in order of time.
pub struct Story {
    arrivals: Box<dyn Iterator<Item = Arrival> + Send>,
}

impl Story {
    /// Tells the first round, from `start` on, in nanoseconds since the Unix epoch.
    pub fn new(seed: u64, start: u64) -> Self {
        Self::round(seed, 0, start)
    }

    /// Tells round number `round`, which begins at `start`; all its packets pass within [`ROUND`].
    pub fn round(seed: u64, round: u64, start: u64) -> Self {
        let mut stage = Stage::new(seed, round, start);
        call::stage(&mut stage);
        stream::stage(&mut stage);
        web::stage(&mut stage);
        chatter::stage(&mut stage);
        resolve::stage(&mut stage);
        trouble::stage(&mut stage);
        introduce::stage(&mut stage);
        Self { arrivals: Box::new(stage.into_arrivals()) }
    }

    /// Returns the packets of the round.
    pub fn packets(self) -> Packets<Self> {
        Packets::new(self)
    }
}

impl Iterator for Story {
    type Item = Arrival;

    fn next(&mut self) -> Option<Arrival> {
        self.arrivals.next()
    }
}

impl fmt::Debug for Story {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Story").finish_non_exhaustive()
    }
}

/// Reads the story as a capture that never ends: classic pcap, nanoseconds, Ethernet.
///
/// Stamps go on from `start`, in nanoseconds since the Unix epoch, round after round without a gap. Packets are made
/// as they are read, and a round is forgotten when it ends.
pub fn read(seed: u64, start: u64) -> impl Read + Send + fmt::Debug {
    Endless {
        seed,
        start,
        round: 0,
        packets: Story::new(seed, start).packets(),
        ready: Resolution::Nanoseconds.file_header(),
        taken: 0,
    }
}

#[derive(Debug)]
struct Endless {
    seed: u64,
    start: u64,
    round: u64,
    packets: Packets<Story>,
    ready: Vec<u8>,
    taken: usize,
}

impl Endless {
    fn prepare(&mut self) {
        self.ready.clear();
        self.taken = 0;
        while self.ready.len() < READ_AHEAD {
            if let Some(packet) = self.packets.advance() {
                self.ready.extend(Resolution::Nanoseconds.record_header(packet.time, packet.bytes.len()));
                self.ready.extend(packet.bytes);
            } else {
                self.round = self.round.wrapping_add(1);
                let start = self.start.saturating_add(self.round.saturating_mul(ROUND));
                self.packets = Story::round(self.seed, self.round, start).packets();
            }
        }
    }
}

impl Read for Endless {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        if self.taken == self.ready.len() {
            self.prepare();
        }
        let mut rest = self.ready.get(self.taken..).unwrap_or_default();
        let count = rest.read(buffer)?;
        self.taken += count;
        Ok(count)
    }
}
