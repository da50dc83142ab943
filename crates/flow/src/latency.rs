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
    /// The round trip that the packet completes, in nanoseconds: to the far side, or between two ends of which both or
    /// neither are local both halves, the other one as far as it is known. None where the capture sits at the end that
    /// acknowledges.
    pub round_trip_nanos: Option<u64>,
}

/// Follows the round trips of one connection.
///
/// A connection with one local end has one half that counts, that of the far side. Where both ends are local or
/// neither is, we stand between them, and the round trip is the sum of both halves; the half without a sample in this
/// second counts with what was known of it last, at first by the handshake. A half at whose end the capture sits
/// ([`HandshakeRtt::is_near`]) counts as the handshake told it: what it takes beyond that are delayed acknowledgements.
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
    known: Known,
    samples: u32,
}

/// What is known of a half from before this second: the mean of an earlier one or of the handshake, in nanoseconds, at
/// most 2.14 s and 0 for nothing; the highest bit tells that the capture sits at its end. A connection's state has no
/// room for more.
#[derive(Clone, Copy, Debug, Default)]
struct Known(u32);

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
        let round_trip_nanos =
            sample.and_then(|nanos| self.sample(side, direction, nanos.min(LONGEST_NANOS)));
        let after = self.contribution();
        LatencyChange {
            weighted_nanos: after.weighted_nanos.wrapping_sub(before.weighted_nanos),
            packets: after.packets.wrapping_sub(before.packets),
            round_trip_nanos,
        }
    }

    /// Learns what the handshake tells of both halves, for as long as there is nothing better.
    pub(crate) fn learn(&mut self, client: Side, handshake: &HandshakeRtt) {
        for (side, nanos) in [(client, handshake.client_nanos()), (client.other(), handshake.server_nanos)] {
            let Some(nanos) = nanos else { continue };
            let known = &mut self.half(side).known;
            if handshake.is_near(nanos) {
                *known = Known::near(nanos);
            } else if known.0 == 0 {
                *known = Known::of(nanos);
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
            if let Some(mean) = half.mean()
                && !half.known.is_near()
            {
                half.known = Known::of(mean);
            }
            (half.sum_nanos, half.samples) = (0, 0);
        }
        (self.second, self.packets, self.mean_nanos) = (second, 0, 0);
    }

    /// Takes in a sample and returns the round trip that it completes, if it says anything of the network.
    fn sample(&mut self, side: Side, direction: Direction, nanos: u64) -> Option<u64> {
        let is_between = match direction {
            // Our own side's acknowledgements say nothing of the network.
            Direction::Outbound => return None,
            Direction::Inbound => false,
            Direction::Internal | Direction::Transit => true,
        };
        if is_between && self.half(side).known.is_near() {
            return None;
        }
        let half = self.half(side);
        half.sum_nanos = half.sum_nanos.saturating_add(nanos);
        half.samples = half.samples.saturating_add(1);
        if is_between {
            self.mean_nanos = self.halves.iter().map(Half::nanos).sum();
            Some(nanos.saturating_add(self.half(side.other()).nanos()))
        } else {
            self.mean_nanos = self.halves.iter().filter_map(Half::mean).sum();
            Some(nanos)
        }
    }

    /// Returns what the connection contributes to its second: nothing before its first round trip.
    fn contribution(&self) -> LatencyChange {
        let [low, high] = &self.halves;
        if low.samples == 0 && high.samples == 0 {
            return LatencyChange::default();
        }
        // Two hours at most times 2^32 could pass 2^63; what is added and taken away modulo 2^64 still cancels out.
        let weighted = self.mean_nanos.wrapping_mul(self.packets.into());
        LatencyChange {
            weighted_nanos: weighted.cast_signed(),
            packets: self.packets.into(),
            round_trip_nanos: None,
        }
    }

    const fn half(&mut self, side: Side) -> &mut Half {
        let [low, high] = &mut self.halves;
        match side {
            Side::Low => low,
            Side::High => high,
        }
    }
}

impl Known {
    const NEAR: u32 = 1 << 31;

    fn of(nanos: u64) -> Self {
        Self(u32::try_from(nanos).unwrap_or(u32::MAX).min(Self::NEAR - 1))
    }

    fn near(nanos: u64) -> Self {
        Self(Self::of(nanos).0 | Self::NEAR)
    }

    const fn is_near(self) -> bool {
        self.0 & Self::NEAR != 0
    }

    fn nanos(self) -> u64 {
        (self.0 & !Self::NEAR).into()
    }
}

impl Half {
    /// Returns what it counts with between two ends: its mean, else what is known, which alone counts where we are.
    fn nanos(&self) -> u64 {
        let mean = self.mean().filter(|_| !self.known.is_near());
        mean.unwrap_or_else(|| self.known.nanos())
    }

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
        let handshake = HandshakeRtt { nanos: 100, server_nanos: Some(60), ambiguous: false };
        let mut latency = Latency::default();
        latency.learn(Side::High, &handshake);
        // 1 packet of 70 + 40.
        assert_eq!(seconds(&mut latency, &[(1, Side::Low, Internal, Some(70))]), [(1, 110, 1)]);
        // A connection with a local end has no other half.
        let mut latency = Latency::default();
        latency.learn(Side::High, &handshake);
        assert_eq!(seconds(&mut latency, &[(1, Side::Low, Inbound, Some(70))]), [(1, 70, 1)]);
    }

    const MS: u64 = 1_000_000;

    /// A client and a server in one network, captured at the client: the server is 1 ms away, and the client
    /// acknowledges 40 ms after what it got.
    #[test]
    fn delayed_acknowledgements_of_the_end_where_the_capture_sits_are_no_part_of_the_way() {
        let mut latency = Latency::default();
        let mut changes = vec![latency.count(1, Side::High, Internal, Some(MS))];
        // 0.02 ms of 1.02 are the client's: less than a tenth.
        latency
            .learn(Side::Low, &HandshakeRtt { nanos: 1_020_000, server_nanos: Some(MS), ambiguous: false });
        for second in [1, 1, 2] {
            changes.push(latency.count(second, Side::High, Internal, Some(MS)));
            changes.push(latency.count(second, Side::Low, Internal, Some(40 * MS)));
        }
        let round_trips: Vec<_> = changes.iter().map(|change| change.round_trip_nanos).collect();
        // At the answer to SYN nothing is known of the client's half; then it counts with what the handshake told.
        let whole = Some(1_020_000);
        assert_eq!(round_trips, [Some(MS), whole, None, whole, None, whole, None]);
        let weighted: i64 = changes.iter().map(|change| change.weighted_nanos).sum();
        let packets: i64 = changes.iter().map(|change| change.packets).sum();
        // All 5 packets of the first second and 2 of the next with 1.02 ms.
        assert_eq!((weighted, packets), (7 * 1_020_000, 7));
    }

    #[test]
    fn at_a_mirror_port_every_round_trip_is_of_both_halves() {
        let mut latency = Latency::default();
        // The server is 30 ms away, the client 10, which is a quarter of 40.
        let server = latency.count(1, Side::High, Transit, Some(30 * MS));
        latency.learn(
            Side::Low,
            &HandshakeRtt { nanos: 40 * MS, server_nanos: Some(30 * MS), ambiguous: false },
        );
        let client = latency.count(1, Side::Low, Transit, Some(10 * MS));
        let answer = latency.count(1, Side::High, Transit, Some(34 * MS));
        let round_trips = [server, client, answer].map(|change| change.round_trip_nanos);
        // 10 with the 30 of the other half so far, 34 with 10.
        assert_eq!(round_trips, [Some(30 * MS), Some(40 * MS), Some(44 * MS)]);
    }

    #[test]
    fn a_round_trip_beyond_all_bounds_leaves_sums_that_cancel_out() {
        let mut latency = Latency::default();
        let packets = [(1, Side::High, Inbound, Some(u64::MAX)), (1, Side::High, Inbound, Some(u64::MAX))];
        // An hour each: 2 packets of 3.6e12.
        assert_eq!(seconds(&mut latency, &packets), [(1, 7_200_000_000_000, 2)]);
    }
}
