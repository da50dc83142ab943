//! The points of the charts.

use std::collections::VecDeque;

use netsonde_flow::Direction;
use netsonde_messages::stream::HistoryPoint;
use netsonde_metrics::{Kind, Second};

use crate::limits::HISTORY_SECONDS;
use crate::quality;

/// The newest seconds of a session in which anything was counted, at most [`HISTORY_SECONDS`].
#[derive(Clone, Debug, Default)]
pub(crate) struct History {
    points: VecDeque<HistoryPoint>,
}

impl History {
    /// Appends points, oldest first; the oldest of all give way.
    pub(crate) fn extend(&mut self, points: &[HistoryPoint]) {
        self.points.extend(points);
        let beyond = self.points.len().saturating_sub(HISTORY_SECONDS);
        self.points.drain(..beyond);
    }

    /// Returns the points, oldest first.
    pub(crate) fn points(&self) -> Vec<HistoryPoint> {
        self.points.iter().copied().collect()
    }
}

/// Makes the point of a closed second of a session that has, or has not, round trips to a far side.
pub(crate) fn point(second: &Second, has_far: bool) -> HistoryPoint {
    let total = second.sums.total();
    let (sums, net) = (&second.sums, &second.quality);
    let bits = |direction| sums.traffic[direction].volume.bytes * 8;
    let round_trips = net.round_trips(has_far);
    let percentile = |percent| round_trips.percentile(percent, 100).map(quality::milliseconds);
    HistoryPoint {
        second: second.second,
        stretch: second.stretch,
        inbound_bits: bits(Direction::Inbound),
        outbound_bits: bits(Direction::Outbound),
        internal_bits: bits(Direction::Internal),
        transit_bits: bits(Direction::Transit),
        goodput_bits: total.goodput_bytes * 8,
        packets: total.volume.packets,
        ipv4_bits: sums.kind(Kind::Ipv4).bytes * 8,
        ipv6_bits: sums.kind(Kind::Ipv6).bytes * 8,
        encrypted_bits: sums.encrypted.bytes * 8,
        data_segments: net.data_segments,
        resent_segments: net.resent_data_segments,
        latency_ms: net.latency.mean().map(quality::mean_milliseconds),
        rtt_p50_ms: percentile(50),
        rtt_p95_ms: percentile(95),
        dns_latency_ms: net.dns.mean().map(quality::mean_milliseconds),
        jitter_ms: net.jitter.mean().map(quality::mean_milliseconds),
        rtp_expected: net.rtp.expected,
        rtp_lost: net.rtp.lost(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_oldest_points_give_way() {
        let mut history = History::default();
        let points: Vec<_> = (0..HISTORY_SECONDS as u64 + 5)
            .map(|second| HistoryPoint { second, ..HistoryPoint::default() })
            .collect();
        history.extend(&points[..7]);
        history.extend(&points[7..]);
        assert_eq!(history.points(), points[5..]);
    }
}
