//! The charts of a whole session: the older, the coarser.

mod asked;
mod bucket;

use std::collections::VecDeque;
use std::sync::{Arc, Mutex, MutexGuard};

use netsonde_messages::stream::{History, HistoryBucket, HistoryPoint, HistoryRates};
use netsonde_metrics::Sums;

pub use self::asked::{Asked, HistoryQuery};
pub(crate) use self::bucket::Weights;
use self::bucket::{Bucket, Kinds};
use crate::limits::{ARCHIVE_TIERS, MAX_BUCKETS};
use crate::lock;

/// All closed seconds of a session; clones are the same archive.
///
/// The measuring thread adds a second when it closes, a reader folds at most some thousand buckets: each holds the
/// lock for microseconds, and neither comes for a packet.
#[derive(Clone, Debug, Default)]
pub(crate) struct Archive {
    tiers: Arc<Mutex<Tiers>>,
}

/// The same seconds several times, each tier coarser and longer than the one before.
#[derive(Debug)]
struct Tiers {
    tiers: [Tier; ARCHIVE_TIERS.len()],
}

#[derive(Clone, Debug)]
struct Tier {
    step_s: u64,
    most: usize,
    buckets: VecDeque<Bucket>,
    /// As many as there are buckets, apart from them because few queries ask for them.
    kinds: VecDeque<Kinds>,
}

/// How to answer a query.
struct Plan {
    earliest: u64,
    latest: u64,
    from: u64,
    to: u64,
    step_s: u64,
    tier: Tier,
}

impl Archive {
    /// Adds a second, what its delays weigh and what its protocols did; those of a stretch come in order.
    pub(crate) fn add(&self, point: &HistoryPoint, weights: Weights, sums: &Sums) {
        let (second, kinds) = (Bucket::of(point, weights), Kinds::of(sums));
        for tier in &mut self.lock().tiers {
            tier.add(&second, &kinds);
        }
    }

    /// Returns what is kept of a span, as fine as it is kept and `query` allows.
    pub(crate) fn history(&self, session: u64, query: HistoryQuery) -> History {
        let Some(plan) = self.lock().plan(query) else {
            return History { session, step_s: 1, ..History::default() };
        };
        // Folding can take long: meanwhile seconds go on to close.
        let Plan { earliest, latest, from, to, step_s, tier } = plan;
        let buckets = tier.fold(from, to, step_s, query.protocols);
        History { session, earliest: Some(earliest), latest: Some(latest), step_s, buckets }
    }

    fn lock(&self) -> MutexGuard<'_, Tiers> {
        lock(&self.tiers)
    }
}

impl Default for Tiers {
    fn default() -> Self {
        let tier = |(step_s, most)| Tier { step_s, most, buckets: VecDeque::new(), kinds: VecDeque::new() };
        Self { tiers: ARCHIVE_TIERS.map(tier) }
    }
}

impl Tiers {
    /// Chooses the tier for a query and copies it; nothing without a second.
    fn plan(&self, query: HistoryQuery) -> Option<Plan> {
        let [.., coarsest] = &self.tiers;
        let all = || coarsest.buckets.iter();
        let earliest = all().map(|bucket| bucket.happened.0).min()?;
        let latest = all().map(|bucket| bucket.happened.1).max()?;
        let from = query.from.unwrap_or(earliest).max(earliest);
        let to = query.to.unwrap_or(latest).min(latest);
        let points = query.points.unwrap_or(MAX_BUCKETS).clamp(1, MAX_BUCKETS);
        let wanted_step = (to + 1).saturating_sub(from).div_ceil(points).max(1);
        let tier = self.finest_that_reaches(from, wanted_step);
        let step_s = wanted_step.next_multiple_of(tier.step_s);
        Some(Plan { earliest, latest, from, to, step_s, tier: tier.copy(query.protocols) })
    }

    /// Returns the tier that answers with the least work: the coarsest that is fine enough, among those whose
    /// memory goes back to `from`; of these the finest where none is fine enough.
    fn finest_that_reaches(&self, from: u64, wanted_step: u64) -> &Tier {
        let [.., coarsest] = &self.tiers;
        let reaching = || self.tiers.iter().filter(|tier| tier.reaches(from));
        let fine_enough = reaching().rfind(|tier| tier.step_s <= wanted_step);
        fine_enough.or_else(|| reaching().next()).unwrap_or(coarsest)
    }
}

impl Tier {
    fn add(&mut self, second: &Bucket, kinds: &Kinds) {
        let start = second.start - second.start % self.step_s;
        match (self.buckets.back_mut(), self.kinds.back_mut()) {
            (Some(last), Some(last_kinds)) if (last.start, last.stretch) == (start, second.stretch) => {
                last.merge(second);
                last_kinds.merge(kinds);
            }
            _ => {
                if self.buckets.len() >= self.most {
                    self.buckets.pop_front();
                    self.kinds.pop_front();
                }
                self.buckets.push_back(second.beginning(start));
                self.kinds.push_back(*kinds);
            }
        }
    }

    /// Returns a copy, of the protocols only where some are asked for.
    fn copy(&self, asked: Asked) -> Self {
        let kinds = if asked.is_empty() { VecDeque::new() } else { self.kinds.clone() };
        Self { buckets: self.buckets.clone(), kinds, ..*self }
    }

    /// Tells whether nothing from `from` on was dropped here.
    fn reaches(&self, from: u64) -> bool {
        self.buckets.len() < self.most || self.buckets.front().is_some_and(|oldest| oldest.start <= from)
    }

    fn fold(&self, from: u64, to: u64, step_s: u64, asked: Asked) -> Vec<HistoryBucket> {
        let mut folded: Vec<(Bucket, Kinds)> = Vec::new();
        let kinds = self.kinds.iter().copied().chain(std::iter::repeat(Kinds::default()));
        for (bucket, kinds) in self.buckets.iter().zip(kinds) {
            let start = bucket.start - bucket.start % step_s;
            match folded.last_mut() {
                Some((last, last_kinds)) if (last.start, last.stretch) == (start, bucket.stretch) => {
                    last.merge(bucket);
                    last_kinds.merge(&kinds);
                }
                _ => folded.push((bucket.beginning(start), kinds)),
            }
        }
        let stretch_at = |place: Option<usize>| folded.get(place?).map(|(bucket, _)| bucket.stretch);
        let measured = |place: usize, bucket: &Bucket| {
            let stretch = Some(bucket.stretch);
            // Where a stretch begins or ends, the bucket is as long as what was measured of it.
            let begins = stretch_at(place.checked_sub(1)) != stretch;
            let ends = stretch_at(place.checked_add(1)) != stretch;
            let first = if begins { bucket.happened.0 } else { bucket.start };
            let end = if ends { bucket.happened.1 + 1 } else { bucket.start + step_s };
            end.saturating_sub(first).max(1)
        };
        let is_wanted = |bucket: &Bucket| bucket.start + step_s > from && bucket.start <= to;
        let wanted = folded.iter().enumerate().filter(|(_, (bucket, _))| is_wanted(bucket));
        let message = |(place, (bucket, kinds)): (usize, &(Bucket, Kinds))| {
            let seconds = measured(place, bucket);
            HistoryBucket {
                second: bucket.start,
                stretch: bucket.stretch,
                mean: HistoryRates { protocols: kinds.mean(asked, seconds), ..bucket.mean(seconds) },
                max: HistoryRates { protocols: kinds.max(asked), ..bucket.max() },
            }
        };
        let mut buckets: Vec<HistoryBucket> = wanted.map(message).collect();
        // Each stretch has buckets of its own, and a capture may have any number of stretches.
        let most = usize::try_from(MAX_BUCKETS).unwrap_or(usize::MAX);
        buckets.drain(..buckets.len().saturating_sub(most));
        buckets
    }
}

#[cfg(test)]
mod tests {
    use netsonde_flow::Direction;
    use netsonde_metrics::Kind;
    use netsonde_units::Volume;

    use super::*;

    /// A second with so many packets; its bits are eight times that inbound.
    fn point(second: u64, stretch: u32, packets: u64) -> HistoryPoint {
        HistoryPoint { second, stretch, packets, inbound_bits: packets * 8, ..HistoryPoint::default() }
    }

    fn archive(points: impl IntoIterator<Item = HistoryPoint>) -> Archive {
        let archive = Archive::default();
        points.into_iter().for_each(|point| archive.add(&point, Weights::default(), &Sums::default()));
        archive
    }

    fn packets(history: &History) -> Vec<(u64, f64, f64)> {
        let rates = |bucket: &HistoryBucket| {
            (bucket.second, bucket.mean.packets_per_second, bucket.max.packets_per_second)
        };
        history.buckets.iter().map(rates).collect()
    }

    #[test]
    fn a_short_session_is_given_second_by_second() {
        let archive = archive([point(100, 1, 4), point(103, 1, 2)]);
        let history = archive.history(7, HistoryQuery::default());
        assert_eq!((history.session, history.step_s), (7, 1));
        assert_eq!((history.earliest, history.latest), (Some(100), Some(103)));
        assert_eq!(packets(&history), [(100, 4.0, 4.0), (103, 2.0, 2.0)]);
        assert_eq!(history.buckets.first().map(|bucket| bucket.mean.inbound_bps), Some(32.0));
    }

    #[test]
    fn a_spike_survives_in_a_coarse_answer() {
        // 1,000 seconds from 10,000 on, one packet in each, 901 in the 500th.
        let points = (0..1_000).map(|second| point(10_000 + second, 1, if second == 500 { 901 } else { 1 }));
        let query = HistoryQuery { points: Some(10), ..HistoryQuery::default() };
        let history = archive(points).history(1, query);
        // 100 s each, and minutes are fine enough for that.
        assert_eq!(history.step_s, 120);
        let spike = history.buckets.iter().find(|bucket| bucket.second == 10_440).unwrap();
        // 119 seconds of one packet and one of 901: 1,020 in 120 s.
        assert_eq!((spike.mean.packets_per_second, spike.max.packets_per_second), (8.5, 901.0));
    }

    #[test]
    fn silence_counts_inside_a_stretch_and_not_at_its_ends() {
        // One stretch from 1,005 to 1,029, another from 1,035 on; asked for in steps of 10 s.
        let points = [point(1_005, 1, 50), point(1_012, 1, 20), point(1_029, 1, 30), point(1_035, 2, 8)];
        let query = HistoryQuery { points: Some(4), ..HistoryQuery::default() };
        let history = archive(points).history(1, query);
        // 31 seconds in 4 buckets are 8 s each: (1,000..1,007), (1,008..1,015), (1,024..1,031), (1,032..1,039).
        assert_eq!(history.step_s, 8);
        // 50 in the 3 s from 1,005; 20 in 8 s; 30 in the 6 s up to 1,029; 8 in the one second of the second stretch.
        let expected = [(1_000, 50.0 / 3.0, 50.0), (1_008, 2.5, 20.0), (1_024, 5.0, 30.0), (1_032, 8.0, 8.0)];
        assert_eq!(packets(&history), expected);
    }

    #[test]
    fn what_is_older_than_an_hour_is_kept_coarser() {
        let [(_, hour), ..] = ARCHIVE_TIERS;
        let archive = archive((0..hour as u64 * 3).map(|second| point(second, 1, 1)));
        let newest = HistoryQuery { from: Some(hour as u64 * 3 - 60), ..HistoryQuery::default() };
        assert_eq!(archive.history(1, newest).step_s, 1);
        let whole = archive.history(1, HistoryQuery::default());
        assert_eq!((whole.step_s, whole.buckets.len()), (10, hour * 3 / 10));
        assert!(whole.buckets.iter().all(|bucket| (bucket.mean.packets_per_second - 1.0).abs() < 1e-9));
    }

    #[test]
    fn the_archive_is_bounded() {
        let [.., (step_s, most)] = ARCHIVE_TIERS;
        let archive = archive((0..most as u64 + 5).map(|minute| point(minute * step_s, 1, 1)));
        let history = archive.history(1, HistoryQuery::default());
        assert_eq!(history.earliest, Some(5 * step_s));
        assert!(history.buckets.len() as u64 <= MAX_BUCKETS);
    }

    #[test]
    fn an_answer_is_bounded_however_many_stretches_there_are() {
        let points = (0..20_000).map(|number| point(u64::from(number) * 100, number, 1));
        let query = HistoryQuery { points: Some(1), ..HistoryQuery::default() };
        let history = archive(points).history(1, query);
        assert_eq!(history.buckets.len() as u64, MAX_BUCKETS);
        assert_eq!(history.buckets.last().map(|bucket| bucket.stretch), Some(19_999));
    }

    #[test]
    fn nothing_measured_is_no_history() {
        let history =
            Archive::default().history(0, HistoryQuery { points: Some(0), ..HistoryQuery::default() });
        assert_eq!(history, History { step_s: 1, ..History::default() });
    }

    /// Fault 18 of the design's public implementation: its averages were those of the ticks' means.
    #[test]
    fn a_bucket_weighs_each_second_by_its_samples() {
        let with = |second, delay_ms: Option<f64>, resent_segments| HistoryPoint {
            latency_ms: delay_ms,
            rtt_p50_ms: delay_ms.map(|ms| ms * 2.0),
            rtt_p95_ms: delay_ms.map(|ms| ms * 3.0),
            dns_latency_ms: delay_ms,
            resent_segments,
            data_segments: 10,
            ..point(second, 1, 1)
        };
        let archive = Archive::default();
        let weights = |latency, round_trips, dns| Weights { latency, round_trips, dns, jitter: 0 };
        for (point, weights) in [
            (with(100, Some(30.0), 1), weights(1, 3, 0)),
            (with(101, None, 0), Weights::default()),
            (with(102, Some(10.0), 5), weights(3, 1, 0)),
            (with(103, None, 0), Weights::default()),
        ] {
            archive.add(&point, weights, &Sums::default());
        }
        let query = HistoryQuery { points: Some(1), ..HistoryQuery::default() };
        let history = archive.history(1, query);
        let [bucket] = history.buckets.as_slice() else { panic!("{history:?}") };
        let delays = |rates: &HistoryRates| (rates.latency_ms, rates.rtt_p50_ms, rates.rtt_p95_ms);
        // (30 x 1 + 10 x 3) / 4; (60 x 3 + 20 x 1) / 4; (90 x 3 + 30 x 1) / 4.
        assert_eq!(delays(&bucket.mean), (Some(15.0), Some(50.0), Some(75.0)));
        assert_eq!(delays(&bucket.max), (Some(30.0), Some(60.0), Some(90.0)));
        // No answer of DNS is no delay of it.
        assert_eq!((bucket.mean.dns_latency_ms, bucket.max.dns_latency_ms), (None, None));
        // 6 sent again and 40 sent in 4 s.
        let HistoryRates { resent_segments, data_segments, .. } = bucket.mean;
        assert_eq!((resent_segments, data_segments, bucket.max.resent_segments), (1.5, 10.0, 5.0));
    }

    #[test]
    fn protocols_are_told_to_who_asks_for_them() {
        let archive = Archive::default();
        for (second, bytes) in [(100, 100), (101, 500)] {
            let mut sums = Sums::default();
            sums.kinds[Kind::Dns][Direction::Inbound] = Volume { packets: 2, bytes };
            sums.kinds[Kind::Dns][Direction::Transit] = Volume { packets: 1, bytes: 10 };
            archive.add(&point(second, 1, 3), Weights::default(), &sums);
        }
        let ask = |names| {
            let query = HistoryQuery {
                points: Some(1),
                protocols: Asked::named(names).unwrap(),
                ..HistoryQuery::default()
            };
            archive.history(1, query).buckets.pop().unwrap()
        };
        assert!(ask("").mean.protocols.is_empty());
        let bucket = ask("DNS,TCP");
        let figures = |rates: &HistoryRates, name| {
            let kind = rates.protocols.get(name).unwrap();
            (kind.inbound_bps, kind.outward_bps, kind.packets_per_second)
        };
        // 600 bytes in and 20 through in 2 s, 500 in the larger second.
        assert_eq!(figures(&bucket.mean, "DNS"), (2_400.0, 80.0, 3.0));
        assert_eq!(figures(&bucket.max, "DNS"), (4_000.0, 80.0, 3.0));
        assert_eq!(figures(&bucket.mean, "TCP"), (0.0, 0.0, 0.0));
    }
}
