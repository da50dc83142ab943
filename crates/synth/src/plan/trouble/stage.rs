//! Where conversations are put together: the moment they begin, and ports and chance of their own.

use std::net::IpAddr;

use super::MILLISECOND;
use crate::dialogue::Dialogue;
use crate::packets::Arrival;
use crate::path::{Endpoint, Path};
use crate::rng::Rng;
use crate::tcp::{Setup, Tcp};

/// The first port that clients use; each conversation has the next one.
const FIRST_PORT: u16 = 40_000;

/// The conversations so far.
#[derive(Debug)]
pub(super) struct Stage {
    base: u64,
    seed: u64,
    rng: Rng,
    begun: u16,
    arrivals: Vec<Arrival>,
}

impl Stage {
    pub(super) fn new(base: u64, seed: u64) -> Self {
        Self { base, seed, rng: Rng::new(seed, 0), begun: 0, arrivals: Vec::new() }
    }

    /// Returns a moment, in nanoseconds since the Unix epoch, from milliseconds since the beginning.
    pub(super) const fn at(&self, milliseconds: u64) -> u64 {
        self.base + milliseconds * MILLISECOND
    }

    pub(super) const fn rng(&mut self) -> &mut Rng {
        &mut self.rng
    }

    /// Returns a path from a port that no other conversation uses.
    pub(super) fn path(&mut self, client: impl Into<IpAddr>, server: impl Into<IpAddr>, port: u16) -> Path {
        self.begun += 1;
        Path::new(Endpoint::new(client.into(), FIRST_PORT + self.begun), Endpoint::new(server.into(), port))
    }

    /// Adds a connection that begins so many milliseconds after the beginning.
    pub(super) fn tcp(&mut self, milliseconds: u64, setup: Setup) {
        let rng = Rng::new(self.seed, u64::from(self.begun) + 1);
        self.arrivals.push(Tcp::new(setup, rng).arrival(self.at(milliseconds)));
    }

    /// Adds what is said at moments of its own.
    pub(super) fn dialogue(&mut self, dialogue: Dialogue) {
        self.arrivals.push(dialogue.arrival());
    }

    pub(super) fn into_arrivals(mut self) -> Vec<Arrival> {
        self.arrivals.sort_by_key(|(at, _)| *at);
        self.arrivals
    }
}
