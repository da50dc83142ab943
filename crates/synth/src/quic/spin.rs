//! The spin bit, by which an observer between the peers sees their round trip (RFC 9000 section 17.4).

use std::collections::VecDeque;

/// More changes than are on their way at a time, because each takes a round trip.
const MAX_EDGES: usize = 4;

/// The bit of both sides: the server repeats what it got, the client sends the contrary.
#[derive(Debug)]
pub(super) struct Spin {
    /// From the tap to the client and back, and to the server and back, in nanoseconds.
    near_round_trip: u64,
    far_round_trip: u64,
    client: Edges,
    server: Edges,
}

impl Spin {
    pub(super) fn new(near_round_trip: u64, far_round_trip: u64) -> Self {
        Self { near_round_trip, far_round_trip, client: Edges::default(), server: Edges::default() }
    }

    /// Returns the bit of a packet of the client that passes the tap.
    pub(super) fn client(&mut self, now: u64) -> bool {
        // What the client had got when it sent this passed the tap a round trip between the two before.
        let bit = self.server.at(now.saturating_sub(self.near_round_trip)).is_some_and(|bit| !bit);
        self.client.note(now, bit);
        bit
    }

    /// Returns the bit of a packet of the server that passes the tap.
    pub(super) fn server(&mut self, now: u64) -> bool {
        let bit = self.client.at(now.saturating_sub(self.far_round_trip)).unwrap_or(false);
        self.server.note(now, bit);
        bit
    }
}

/// When the bit of a side took another value as its packets passed the tap, newest last.
#[derive(Debug, Default)]
struct Edges(VecDeque<(u64, bool)>);

impl Edges {
    fn note(&mut self, now: u64, bit: bool) {
        if self.0.back().is_none_or(|(_, last)| *last != bit) {
            self.0.push_back((now, bit));
        }
        while self.0.len() > MAX_EDGES {
            self.0.pop_front();
        }
    }

    /// Returns the value at a moment; none where nothing had passed.
    fn at(&self, moment: u64) -> Option<bool> {
        self.0.iter().rev().find(|(since, _)| *since <= moment).map(|(_, bit)| *bit)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bit_turns_once_a_round_trip() {
        // Packets both ways every millisecond over 2 ms before and 8 ms behind the tap: it turns every 10 ms.
        let mut spin = Spin::new(2, 8);
        let mut bits = Vec::new();
        for now in 0..100 {
            spin.server(now);
            bits.push(spin.client(now));
        }
        let edges: Vec<usize> = (1..100).filter(|at| bits[*at] != bits[*at - 1]).collect();
        assert!(edges.len() >= 8, "{edges:?}");
        for pair in edges.windows(2) {
            assert_eq!(pair[1] - pair[0], 10);
        }
    }
}
