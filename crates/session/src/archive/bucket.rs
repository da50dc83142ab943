//! Some seconds of the charts, added up.

use std::collections::BTreeMap;

use netsonde_flow::Direction;
use netsonde_messages::Name;
use netsonde_messages::stream::{HistoryKind, HistoryPoint, HistoryRates};
use netsonde_metrics::{Kind, Second, Sums};
use netsonde_units::Per;

use super::Asked;
use crate::parts;

/// Counts of a second: bits by direction, of goodput, of IPv4, of IPv6, encrypted; packets, data segments and those
/// sent again, packets of RTP and those lost.
const COUNTS: usize = 13;
/// Delays of a second: latency, median and 95th percentile of round trips, DNS, jitter.
const DELAYS: usize = 5;
/// Counts of a protocol: bits in, bits that are not inbound, packets.
const KIND_COUNTS: usize = 3;

/// Some seconds of one stretch.
#[derive(Clone, Copy, Debug)]
pub(super) struct Bucket {
    /// The first second, a multiple of the step.
    pub(super) start: u64,
    pub(super) stretch: u32,
    /// The first and the last second in which anything happened.
    pub(super) happened: (u64, u64),
    sum: [u64; COUNTS],
    max: [u64; COUNTS],
    delays: [Delay; DELAYS],
}

/// How much the delays of a second weigh beside those of another one.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Weights {
    /// Packets of connections with a round trip.
    pub(super) latency: u64,
    /// Round trips that the percentiles are made of.
    pub(super) round_trips: u64,
    /// Answers of DNS.
    pub(super) dns: u64,
    /// Packets of RTP whose stream has a jitter.
    pub(super) jitter: u64,
}

impl Weights {
    /// Returns those of a closed second of a session that has, or has not, round trips to a far side.
    pub(crate) fn of(second: &Second, has_far: bool) -> Self {
        let net = &second.quality;
        Self {
            latency: net.latency.packets(),
            round_trips: net.round_trips(has_far).count(),
            dns: net.dns.count(),
            jitter: net.jitter.count(),
        }
    }
}

/// A delay in milliseconds over the seconds that had a sample, and what they weigh together.
#[derive(Clone, Copy, Debug, Default)]
struct Delay {
    mean: f64,
    max: f64,
    weight: u64,
}

/// What protocols did in some seconds. Charts show four digits; these hold seven.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Kinds {
    sum: Per<Kind, [f32; KIND_COUNTS], { Kind::COUNT }>,
    max: Per<Kind, [f32; KIND_COUNTS], { Kind::COUNT }>,
}

/// What the limits say that an archive costs at most goes by this.
const _: () = assert!(size_of::<Bucket>() + size_of::<Kinds>() == 600);

impl Bucket {
    pub(super) fn of(point: &HistoryPoint, weights: Weights) -> Self {
        let &HistoryPoint { second, stretch, inbound_bits, outbound_bits, internal_bits, .. } = point;
        let &HistoryPoint { transit_bits, goodput_bits, packets, .. } = point;
        let &HistoryPoint { ipv4_bits, ipv6_bits, encrypted_bits, .. } = point;
        let &HistoryPoint { data_segments, resent_segments, rtp_expected, rtp_lost, .. } = point;
        let &HistoryPoint { latency_ms, rtt_p50_ms, rtt_p95_ms, dns_latency_ms, jitter_ms, .. } = point;
        let sum = [
            inbound_bits,
            outbound_bits,
            internal_bits,
            transit_bits,
            goodput_bits,
            packets,
            ipv4_bits,
            ipv6_bits,
            encrypted_bits,
            data_segments,
            resent_segments,
            rtp_expected,
            rtp_lost,
        ];
        let Weights { latency, round_trips, dns, jitter } = weights;
        let delays = [
            Delay::of(latency_ms, latency),
            Delay::of(rtt_p50_ms, round_trips),
            Delay::of(rtt_p95_ms, round_trips),
            Delay::of(dns_latency_ms, dns),
            Delay::of(jitter_ms, jitter),
        ];
        Self { start: second, stretch, happened: (second, second), sum, max: sum, delays }
    }

    /// Returns the same as the beginning of a longer bucket.
    pub(super) const fn beginning(&self, start: u64) -> Self {
        Self { start, ..*self }
    }

    pub(super) fn merge(&mut self, later: &Self) {
        self.happened = (self.happened.0.min(later.happened.0), self.happened.1.max(later.happened.1));
        for (sum, more) in self.sum.iter_mut().zip(later.sum) {
            *sum = sum.saturating_add(more);
        }
        for (max, other) in self.max.iter_mut().zip(later.max) {
            *max = (*max).max(other);
        }
        for (delay, later) in self.delays.iter_mut().zip(later.delays) {
            delay.merge(later);
        }
    }

    /// Returns the rates over so many seconds; of delays each second weighs as many as it has
    /// samples.
    pub(super) fn mean(&self, seconds: u64) -> HistoryRates {
        rates(self.sum, seconds, self.delays.map(Delay::mean))
    }

    /// Returns the largest single seconds.
    pub(super) fn max(&self) -> HistoryRates {
        rates(self.max, 1, self.delays.map(Delay::max))
    }
}

impl Delay {
    fn of(milliseconds: Option<f64>, weight: u64) -> Self {
        milliseconds.map_or_else(Self::default, |ms| Self { mean: ms, max: ms, weight })
    }

    fn merge(&mut self, later: Self) {
        self.weight = self.weight.saturating_add(later.weight);
        if later.weight > 0 {
            // So that a second alone keeps its mean to the last bit.
            self.mean += (later.mean - self.mean) * (later.weight as f64 / self.weight as f64);
        }
        self.max = self.max.max(later.max);
    }

    fn mean(self) -> Option<f64> {
        (self.weight > 0).then_some(self.mean)
    }

    fn max(self) -> Option<f64> {
        (self.weight > 0).then_some(self.max)
    }
}

impl Kinds {
    pub(super) fn of(sums: &Sums) -> Self {
        let mut sum = Per::default();
        for kind in Kind::ALL {
            let inbound = sums.kinds[kind][Direction::Inbound].bytes * 8;
            let outward = sums.outward_kind(kind).bytes * 8;
            sum[kind] = [inbound, outward, sums.kind(kind).packets].map(|count| count as f32);
        }
        Self { sum, max: sum }
    }

    pub(super) fn merge(&mut self, later: &Self) {
        let each = |mine: &mut [f32; KIND_COUNTS], theirs: &[f32; KIND_COUNTS], join: fn(f32, f32) -> f32| {
            for (mine, theirs) in mine.iter_mut().zip(theirs) {
                *mine = join(*mine, *theirs);
            }
        };
        self.sum.zip_with(&later.sum, |mine, theirs| each(mine, theirs, |sum, more| sum + more));
        self.max.zip_with(&later.max, |mine, theirs| each(mine, theirs, f32::max));
    }

    /// Returns the rates of some protocols over so many seconds.
    pub(super) fn mean(&self, asked: Asked, seconds: u64) -> BTreeMap<Name, HistoryKind> {
        kinds(&self.sum, asked, seconds)
    }

    /// Returns the largest single seconds of some protocols.
    pub(super) fn max(&self, asked: Asked) -> BTreeMap<Name, HistoryKind> {
        kinds(&self.max, asked, 1)
    }
}

fn kinds(
    counts: &Per<Kind, [f32; KIND_COUNTS], { Kind::COUNT }>,
    asked: Asked,
    seconds: u64,
) -> BTreeMap<Name, HistoryKind> {
    let message = |kind| {
        let [inbound_bps, outward_bps, packets_per_second] =
            counts[kind].map(|count| f64::from(count) / seconds as f64);
        (Name::Borrowed(parts::kind_name(kind)), HistoryKind { inbound_bps, outward_bps, packets_per_second })
    };
    Kind::ALL.into_iter().filter(|&kind| asked.contains(kind)).map(message).collect()
}

fn rates(counts: [u64; COUNTS], seconds: u64, delays: [Option<f64>; DELAYS]) -> HistoryRates {
    let [
        inbound,
        outbound,
        internal,
        transit,
        goodput,
        packets,
        ipv4,
        ipv6,
        encrypted,
        data,
        resent,
        expected,
        lost,
    ] = counts.map(|count| count as f64 / seconds as f64);
    let [latency_ms, rtt_p50_ms, rtt_p95_ms, dns_latency_ms, jitter_ms] = delays;
    HistoryRates {
        inbound_bps: inbound,
        outbound_bps: outbound,
        internal_bps: internal,
        transit_bps: transit,
        goodput_bps: goodput,
        packets_per_second: packets,
        ipv4_bps: ipv4,
        ipv6_bps: ipv6,
        encrypted_bps: encrypted,
        data_segments: data,
        resent_segments: resent,
        latency_ms,
        rtt_p50_ms,
        rtt_p95_ms,
        dns_latency_ms,
        jitter_ms,
        rtp_expected: expected,
        rtp_lost: lost,
        protocols: BTreeMap::new(),
    }
}

#[cfg(test)]
mod tests {
    use netsonde_metrics::Quality;

    use super::*;

    #[test]
    fn delays_of_a_second_weigh_as_many_as_it_has_samples() {
        let mut quality = Quality::default();
        for nanos in 1..=3 {
            quality.dns.observe(nanos);
        }
        for nanos in 4..=5 {
            quality.far.observe(nanos);
        }
        quality.between.observe(6);
        let second = Second { stretch: 1, second: 100, sums: Sums::default(), quality };
        let weighed = |has_far| {
            let Weights { latency, round_trips, dns, .. } = Weights::of(&second, has_far);
            (latency, round_trips, dns)
        };
        assert_eq!((weighed(true), weighed(false)), ((0, 2, 3), (0, 1, 3)));
    }
}
