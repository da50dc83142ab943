//! The latency of one connection in the current second, each packet of it counting once.
//!
//! What a second's connections add up to is the sum of packets × mean round trip over all of them, and of those
//! packets: the weighted mean is one divided by the other. Each packet tells by how much it changed its connection's
//! part of both, so nothing has to be gone through at the end of a second, and workers' sums merge in any order.

use crate::{Direction, HandshakeRtt, Side};

/// No round trip counts for more than an hour, so that sums of products stay far from their bounds.
const LONGEST_NANOS: u64 = 3_600_000_000_000;

/// By how much a packet changes what the second in which it is taken in adds up to. The changes of a second sum to
/// what its connections contribute.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct LatencyChange {
    /// Packets × mean round trip, in nanoseconds.
    pub weighted_nanos: i64,
    /// Packets of connections with a round trip in this second.
    pub packets: i64,
}

/// Follows the round trips of one connection.
///
/// A connection with one local end has one half that counts, that of the far side. Where both ends are local or
/// neither is, we stand between them, and the round trip is the sum of both halves; the half without a sample in this
/// second counts with what was known of it last, at first by the handshake.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Latency {
    /// The table's number of the second that the sums are of.
    second: u32,
    packets: u32,
    /// The mean round trip of this second, in nanoseconds.
    mean_nanos: u64,
    halves: [Half; 2],
}

/// The way between here and one end.
#[derive(Clone, Copy, Debug, Default)]
struct Half {
    sum_nanos: u64,
    /// The mean of an earlier second or of the handshake, at most 4.29 s; 0 where nothing is known.
    known_nanos: u32,
    samples: u32,
}

impl Latency {
    /// Counts a packet of `side` that goes `direction` and completes a round trip of `sample` nanoseconds, if any.
    #[inline]
    pub(crate) fn count(
        &mut self,
        second: u32,
        side: Side,
        direction: Direction,
        sample: Option<u64>,
    ) -> LatencyChange {
        if self.second != second {
            self.begin(second);
        }
        let before = self.contribution();
        self.packets = self.packets.saturating_add(1);
        // Our own side's acknowledgements say nothing of the network.
        if let Some(nanos) = sample
            && direction != Direction::Outbound
        {
            self.sample(side, direction, nanos.min(LONGEST_NANOS));
        }
        let after = self.contribution();
        LatencyChange {
            weighted_nanos: after.weighted_nanos.wrapping_sub(before.weighted_nanos),
            packets: after.packets.wrapping_sub(before.packets),
        }
    }

    /// Learns what the handshake tells of both halves, for as long as there is nothing better.
    pub(crate) fn learn(&mut self, client: Side, handshake: &HandshakeRtt) {
        for (side, nanos) in [(client, handshake.client_nanos()), (client.other(), handshake.server_nanos)] {
            let half = self.half(side);
            if half.known_nanos == 0 {
                half.known_nanos = narrow(nanos.unwrap_or(0));
            }
        }
    }

    /// Returns a field of its last bytes.
    #[inline]
    pub(crate) const fn last_line(&self) -> u32 {
        let [_, high] = &self.halves;
        high.samples
    }

    fn begin(&mut self, second: u32) {
        for half in &mut self.halves {
            half.known_nanos = half.mean().map_or(half.known_nanos, narrow);
            (half.sum_nanos, half.samples) = (0, 0);
        }
        (self.second, self.packets, self.mean_nanos) = (second, 0, 0);
    }

    fn sample(&mut self, side: Side, direction: Direction, nanos: u64) {
        let half = self.half(side);
        half.sum_nanos = half.sum_nanos.saturating_add(nanos);
        half.samples = half.samples.saturating_add(1);
        let is_between = direction != Direction::Inbound;
        let means = self.halves.map(|half| match half.mean() {
            Some(mean) => mean,
            None if is_between => half.known_nanos.into(),
            None => 0,
        });
        self.mean_nanos = means.iter().sum();
    }

    /// Returns what the connection contributes to its second: nothing before its first round trip.
    fn contribution(&self) -> LatencyChange {
        let [low, high] = &self.halves;
        if low.samples == 0 && high.samples == 0 {
            return LatencyChange { weighted_nanos: 0, packets: 0 };
        }
        // Two hours at most times 2^32 could pass 2^63; what is added and taken away modulo 2^64 still cancels out.
        let weighted = self.mean_nanos.wrapping_mul(self.packets.into());
        LatencyChange { weighted_nanos: weighted.cast_signed(), packets: self.packets.into() }
    }

    const fn half(&mut self, side: Side) -> &mut Half {
        let [low, high] = &mut self.halves;
        match side {
            Side::Low => low,
            Side::High => high,
        }
    }
}

/// A connection's state has room for no more.
fn narrow(nanos: u64) -> u32 {
    u32::try_from(nanos).unwrap_or(u32::MAX)
}

impl Half {
    /// Returns the mean of this second, to the nanosecond below.
    fn mean(&self) -> Option<u64> {
        self.sum_nanos.checked_div(self.samples.into())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use Direction::{Inbound, Internal, Outbound, Transit};

    /// Feeds packets and returns what each second's changes add up to: the weighted sum and its packets.
    fn seconds(
        latency: &mut Latency,
        packets: &[(u32, Side, Direction, Option<u64>)],
    ) -> Vec<(u32, i64, i64)> {
        let mut sums: Vec<(u32, i64, i64)> = Vec::new();
        for &(second, side, direction, sample) in packets {
            let change = latency.count(second, side, direction, sample);
            if sums.last().is_none_or(|last| last.0 != second) {
                sums.push((second, 0, 0));
            }
            let last = sums.last_mut().unwrap();
            last.1 += change.weighted_nanos;
            last.2 += change.packets;
        }
        sums
    }

    #[test]
    fn a_second_counts_all_its_packets_with_the_mean_of_its_far_round_trips() {
        let packets = [
            (1, Side::Low, Outbound, None),
            (1, Side::High, Inbound, Some(100)),
            (1, Side::Low, Outbound, Some(7)),
            (1, Side::High, Inbound, Some(200)),
            (2, Side::Low, Outbound, None),
            (3, Side::High, Inbound, Some(50)),
        ];
        // Four packets and a mean of 150; our own acknowledgement's 7 counts for nothing. Then nothing; then one of 50.
        let expected = [(1, 600, 4), (2, 0, 0), (3, 50, 1)];
        assert_eq!(seconds(&mut Latency::default(), &packets), expected);
    }

    #[test]
    fn between_two_ends_the_halves_add_up() {
        let packets = [
            // The high end's half only: nothing is known of the other.
            (1, Side::High, Transit, Some(100)),
            // Both: 3 packets of 130.
            (1, Side::Low, Transit, Some(20)),
            (1, Side::Low, Transit, Some(40)),
            // The low half was 30 in the second before: 2 packets of 230.
            (2, Side::High, Transit, Some(200)),
            (2, Side::High, Transit, None),
        ];
        assert_eq!(seconds(&mut Latency::default(), &packets), [(1, 390, 3), (2, 460, 2)]);
    }

    #[test]
    fn a_half_never_sampled_counts_as_the_handshake_told_it() {
        // 100 in all, of which 60 to the server: 40 to the client, which is the high end.
        let handshake = HandshakeRtt { nanos: 100, server_nanos: Some(60) };
        let mut latency = Latency::default();
        latency.learn(Side::High, &handshake);
        // 1 packet of 70 + 40.
        assert_eq!(seconds(&mut latency, &[(1, Side::Low, Internal, Some(70))]), [(1, 110, 1)]);
        // A connection with a local end has no other half.
        let mut latency = Latency::default();
        latency.learn(Side::High, &handshake);
        assert_eq!(seconds(&mut latency, &[(1, Side::Low, Inbound, Some(70))]), [(1, 70, 1)]);
    }

    #[test]
    fn a_round_trip_beyond_all_bounds_leaves_sums_that_cancel_out() {
        let mut latency = Latency::default();
        let packets = [(1, Side::High, Inbound, Some(u64::MAX)), (1, Side::High, Inbound, Some(u64::MAX))];
        // An hour each: 2 packets of 3.6e12.
        assert_eq!(seconds(&mut latency, &packets), [(1, 7_200_000_000_000, 2)]);
    }
}
