//! Sums by quarter of a second: what makes seconds, peaks and the sliding window.

use netsonde_units::{NANOS_PER_SECOND, Timestamp};

use crate::{Quality, Sums};

/// Quarters in a second.
const PER_SECOND: u64 = 4;
const QUARTER_NANOS: u64 = NANOS_PER_SECOND / PER_SECOND;
/// Quarters kept: those of the open second, the window's four, and the newest.
const KEPT: usize = 8;
/// Seconds kept of how well the network did: the open one, the four before it that the window has too, and the one that
/// begins when a capture has ended.
const KEPT_SECONDS: usize = 6;
/// Full seconds in the window of latency, loss and DNS; the open one comes on top.
const FULL_SECONDS: u64 = 4;
/// How long after its end a second stays open for packets out of order.
const GRACE_NANOS: u64 = NANOS_PER_SECOND / 10;
/// Closed seconds there is room for without allocation: those that may wait, and three for each packet that comes
/// before the engine is asked again.
const ROOM: usize = 128;
/// Closed seconds that may wait before they should be taken.
const WAITING: usize = 64;

/// One closed second of packet time.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Second {
    /// Which stretch of continuous time it belongs to, from 1.
    pub stretch: u32,
    /// Seconds since the epoch.
    pub second: u64,
    /// What was counted in it.
    pub sums: Sums,
    /// How well the network did in it.
    pub quality: Quality,
}

impl Second {
    /// Adds what another worker counted in the same second.
    pub fn merge(&mut self, other: &Self) {
        self.sums.add(&other.sums);
        self.quality.add(&other.quality);
    }
}

/// A ring of quarters and the sum of everything older.
#[derive(Debug)]
pub(crate) struct Quarters {
    ring: [Sums; KEPT],
    /// The newest quarter, in quarters since the epoch.
    newest: u64,
    /// The open second: quarters from its start on are not in `closed` yet.
    open_second: u64,
    closed: Sums,
    /// Of the closed seconds too.
    closed_quality: Quality,
    /// By second.
    qualities: [Quality; KEPT_SECONDS],
    /// Closed seconds: the first `waiting` wait, the others are room to be used again.
    seconds: Vec<Second>,
    waiting: usize,
    /// The first quarter of the stretch.
    first: u64,
    /// The last second of a capture that has ended.
    last_second: Option<Sums>,
    /// Which one that is.
    ended: Option<u64>,
}

impl Quarters {
    pub(crate) fn new() -> Self {
        Self {
            ring: [Sums::default(); KEPT],
            newest: 0,
            open_second: 0,
            closed: Sums::default(),
            closed_quality: Quality::default(),
            qualities: std::array::from_fn(|_| Quality::default()),
            seconds: Vec::with_capacity(ROOM),
            waiting: 0,
            first: 0,
            last_second: None,
            ended: None,
        }
    }

    /// Returns the sums that a packet stamped `at` counts in; a late one counts in the open second.
    #[inline]
    pub(crate) fn at(&mut self, at: Timestamp) -> &mut Sums {
        let quarter = (at.nanos() / QUARTER_NANOS).max(self.open_second * PER_SECOND).min(self.newest);
        self.quarter(quarter)
    }

    /// Returns the second of the same packet.
    #[inline]
    pub(crate) fn quality(&mut self, at: Timestamp) -> &mut Quality {
        let second = at.second().max(self.open_second).min(self.newest / PER_SECOND);
        self.quality_mut(second)
    }

    /// Returns the newest second.
    #[inline]
    pub(crate) fn newest_quality(&mut self) -> &mut Quality {
        self.quality_mut(self.newest / PER_SECOND)
    }

    /// Moves on to `now`, closing the seconds that end with it.
    #[inline]
    pub(crate) fn advance(&mut self, now: Timestamp, stretch: u32) {
        let quarter = now.nanos() / QUARTER_NANOS;
        if quarter > self.newest {
            self.enter(quarter, stretch);
        }
        if now.nanos() >= (self.open_second + 1).saturating_mul(NANOS_PER_SECOND).saturating_add(GRACE_NANOS)
        {
            self.close_until(now, stretch);
        }
    }

    /// Closes the open seconds of a stretch that has ended and begins at another time.
    pub(crate) fn leap(&mut self, now: Timestamp, ended_stretch: u32) {
        self.close_all(ended_stretch);
        self.ring = [Sums::default(); KEPT];
        self.qualities.iter_mut().for_each(Quality::clear);
        self.newest = now.nanos() / QUARTER_NANOS;
        self.first = self.newest;
        self.open_second = now.second();
        (self.last_second, self.ended) = (None, None);
    }

    /// Closes every open second, at the end of the capture. What might still come counts in the second after.
    pub(crate) fn close_all(&mut self, stretch: u32) {
        if self.last_second.is_none() && stretch > 0 {
            // A stretch shorter than a second has no four complete quarters: all of it is its last second.
            let is_short = self.newest - self.first < PER_SECOND;
            self.last_second = Some(self.four_before(self.newest + u64::from(is_short)));
            self.ended = Some(self.newest / PER_SECOND);
        }
        self.close_through(self.newest / PER_SECOND, stretch);
        self.newest = self.open_second * PER_SECOND;
        *self.quarter(self.newest) = Sums::default();
        self.quality_mut(self.open_second).clear();
    }

    /// Returns everything counted so far.
    pub(crate) fn total(&self) -> Sums {
        let mut total = self.closed;
        for quarter in self.open_second * PER_SECOND..=self.newest {
            total.add(self.kept(quarter));
        }
        total
    }

    /// Returns how well the network did so far.
    pub(crate) fn quality_total(&self) -> Quality {
        let mut total = self.closed_quality.clone();
        for second in self.open_second..=self.newest / PER_SECOND {
            total.add(self.kept_quality(second));
        }
        total
    }

    /// Returns the last four quarters that are complete at `now`, or were when the capture ended. None before the
    /// first quarter of a stretch is complete.
    pub(crate) fn window(&self, now: Timestamp) -> Option<Sums> {
        let end = now.nanos() / QUARTER_NANOS;
        self.last_second.or_else(|| (end > self.first).then(|| self.four_before(end)))
    }

    /// Returns how well the network did in the newest second and the four before it; of a capture that has ended, in
    /// its last one.
    pub(crate) fn recent(&self) -> Quality {
        let newest = self.newest / PER_SECOND;
        let last = self.ended.unwrap_or(newest);
        let mut recent = Quality::default();
        for second in last.saturating_sub(FULL_SECONDS)..=last {
            if newest - second < KEPT_SECONDS as u64 {
                recent.add(self.kept_quality(second));
            }
        }
        recent
    }

    fn four_before(&self, end: u64) -> Sums {
        let mut window = Sums::default();
        for quarter in end.saturating_sub(PER_SECOND)..end {
            if quarter <= self.newest && self.newest - quarter < KEPT as u64 {
                window.add(self.kept(quarter));
            }
        }
        window
    }

    /// Tells whether so many closed seconds wait that they should be handed over.
    pub(crate) const fn wants_relief(&self) -> bool {
        self.waiting > WAITING
    }

    /// Hands over the closed seconds in which anything was counted.
    pub(crate) fn hand_over(&mut self, each: impl FnMut(&Second)) {
        self.seconds.iter().take(self.waiting).for_each(each);
        self.waiting = 0;
    }

    /// Clears the quarters between the newest one and `quarter`, closing seconds before their quarters are used
    /// again.
    fn enter(&mut self, quarter: u64, stretch: u32) {
        (self.last_second, self.ended) = (None, None);
        let first_new = self.newest / PER_SECOND + 1;
        if quarter - self.newest >= KEPT as u64 {
            self.close_through(self.newest / PER_SECOND, stretch);
            self.ring = [Sums::default(); KEPT];
            self.open_second = (quarter / PER_SECOND).max(self.open_second);
        } else {
            for cleared in self.newest + 1..=quarter {
                while cleared - self.open_second * PER_SECOND >= KEPT as u64 {
                    self.close_one(stretch);
                }
                *self.quarter(cleared) = Sums::default();
            }
        }
        // Those that a silence passed over count in the window too, as far back as it goes.
        let newest = quarter / PER_SECOND;
        for second in first_new.max((newest + 1).saturating_sub(KEPT_SECONDS as u64))..=newest {
            self.quality_mut(second).clear();
        }
        self.newest = quarter;
    }

    fn close_until(&mut self, now: Timestamp, stretch: u32) {
        if let Some(last) = now.minus_nanos(GRACE_NANOS).second().checked_sub(1) {
            self.close_through(last, stretch);
        }
    }

    fn close_through(&mut self, last: u64, stretch: u32) {
        while self.open_second <= last {
            self.close_one(stretch);
        }
    }

    /// Closes the open second. Its quarters stay for the window.
    fn close_one(&mut self, stretch: u32) {
        let first = self.open_second * PER_SECOND;
        if first <= self.newest {
            let mut sums = Sums::default();
            for quarter in first..=(first + PER_SECOND - 1).min(self.newest) {
                sums.add(self.kept(quarter));
            }
            // What a late packet tells of its connection counts in the newest second, which may have no packet itself.
            if sums.total().volume.packets > 0 || self.kept_quality(self.open_second).latency.has_changed() {
                self.closed.add(&sums);
                if let Some(quality) = self.qualities.get(place_of_second(self.open_second)) {
                    self.closed_quality.add(quality);
                }
                // Before the first stamp there is no time, and so no second.
                if stretch > 0 {
                    self.keep(stretch, &sums);
                }
            }
        }
        self.open_second += 1;
    }

    /// Puts the open second among those that wait, in a place that was used before where there is one.
    fn keep(&mut self, stretch: u32, sums: &Sums) {
        let second = self.open_second;
        if self.seconds.len() == self.waiting {
            self.seconds.push(Second { stretch, second, sums: *sums, quality: Quality::default() });
        }
        let quality = self.qualities.get(place_of_second(second));
        if let (Some(place), Some(quality)) = (self.seconds.get_mut(self.waiting), quality) {
            (place.stretch, place.second, place.sums) = (stretch, second, *sums);
            place.quality.clear();
            place.quality.add(quality);
            self.waiting += 1;
        }
    }

    #[expect(clippy::indexing_slicing, reason = "the remainder is below the ring's length")]
    fn quality_mut(&mut self, second: u64) -> &mut Quality {
        &mut self.qualities[place_of_second(second)]
    }

    #[expect(clippy::indexing_slicing, reason = "the remainder is below the ring's length")]
    const fn kept_quality(&self, second: u64) -> &Quality {
        &self.qualities[place_of_second(second)]
    }

    #[expect(clippy::indexing_slicing, reason = "the remainder is below the ring's length")]
    fn quarter(&mut self, quarter: u64) -> &mut Sums {
        &mut self.ring[place(quarter)]
    }

    #[expect(clippy::indexing_slicing, reason = "the remainder is below the ring's length")]
    const fn kept(&self, quarter: u64) -> &Sums {
        &self.ring[place(quarter)]
    }
}

/// The ring's place for a quarter: below [`KEPT`], so it fits any index type.
#[expect(clippy::cast_possible_truncation, reason = "the remainder is below 8")]
const fn place(quarter: u64) -> usize {
    (quarter % KEPT as u64) as usize
}

/// The ring's place for a second: below [`KEPT_SECONDS`], so it fits any index type.
#[expect(clippy::cast_possible_truncation, reason = "the remainder is below 6")]
const fn place_of_second(second: u64) -> usize {
    (second % KEPT_SECONDS as u64) as usize
}

#[cfg(test)]
mod tests {
    use super::*;
    use netsonde_flow::{Direction, LatencyChange};

    fn millis(millis: u64) -> Timestamp {
        Timestamp::from_nanos(1_000_000_000_000 + millis * 1_000_000)
    }

    fn start() -> Quarters {
        let mut quarters = Quarters::new();
        quarters.leap(millis(0), 0);
        quarters
    }

    fn packet(quarters: &mut Quarters, at: Timestamp, now: Timestamp) {
        quarters.advance(now, 1);
        quarters.at(at).traffic[Direction::Inbound].volume.packets += 1;
    }

    fn closed(quarters: &mut Quarters) -> Vec<(u64, u64)> {
        let mut closed = Vec::new();
        quarters.hand_over(|second| closed.push((second.second, second.sums.total().volume.packets)));
        closed
    }

    #[test]
    fn latency_that_a_late_packet_tells_is_kept_with_a_second_without_packets() {
        let mut quarters = start();
        packet(&mut quarters, millis(900), millis(900));
        quarters.advance(millis(1_050), 1);
        let change = LatencyChange { weighted_nanos: 6_000, packets: 2, ..LatencyChange::default() };
        quarters.newest_quality().note_latency(change);
        quarters.close_all(1);
        let mut latencies = Vec::new();
        quarters.hand_over(|second| latencies.push((second.second, second.quality.latency.mean())));
        assert_eq!(latencies, [(1_000, None), (1_001, Some(3_000.0))]);
    }

    #[test]
    fn a_second_closes_a_tenth_after_its_end() {
        let mut quarters = start();
        packet(&mut quarters, millis(900), millis(900));
        packet(&mut quarters, millis(1_050), millis(1_050));
        // Out of order, but its second is still open.
        packet(&mut quarters, millis(999), millis(1_050));
        assert_eq!(closed(&mut quarters), []);
        quarters.advance(millis(1_100), 1);
        assert_eq!(closed(&mut quarters), [(1_000, 2)]);
        // Its second has closed: a late packet counts in the open one.
        packet(&mut quarters, millis(999), millis(1_200));
        quarters.close_all(1);
        assert_eq!(closed(&mut quarters), [(1_001, 2)]);
        assert_eq!(quarters.total().total().volume.packets, 4);
    }

    #[test]
    fn silence_closes_what_was_open_and_nothing_else() {
        let mut quarters = start();
        packet(&mut quarters, millis(100), millis(100));
        packet(&mut quarters, millis(3_000_000), millis(3_000_000));
        assert_eq!(closed(&mut quarters), [(1_000, 1)]);
        quarters.close_all(1);
        assert_eq!(closed(&mut quarters), [(4_000, 1)]);
    }

    #[test]
    fn the_window_is_the_last_four_complete_quarters() {
        let mut quarters = start();
        for at in [100, 400, 600, 800, 1_100, 1_300] {
            packet(&mut quarters, millis(at), millis(at));
        }
        // At 1.3 s the complete quarters begin at 0.25 s and end at 1.25 s: 400, 600, 800, 1100.
        assert_eq!(quarters.window(millis(1_300)).unwrap().total().volume.packets, 4);
        quarters.advance(millis(2_600), 1);
        assert_eq!(quarters.window(millis(2_600)).unwrap().total().volume.packets, 0);
    }

    #[test]
    fn the_window_of_an_ended_capture_is_its_last_second() {
        // Ten packets a second; it ends in the first quarter of a second, whose ring places are used again.
        let mut quarters = start();
        for at in (0..=10_200).step_by(100) {
            packet(&mut quarters, millis(at), millis(at));
        }
        quarters.close_all(1);
        // From 9.0 s to 10.0 s: ten packets.
        assert_eq!(quarters.window(millis(10_200)).unwrap().total().volume.packets, 10);
    }

    #[test]
    fn a_capture_shorter_than_a_quarter_is_all_window_at_its_end_and_unknown_before() {
        let mut quarters = start();
        packet(&mut quarters, millis(100), millis(100));
        assert_eq!(quarters.window(millis(200)), None);
        quarters.close_all(1);
        assert_eq!(quarters.window(millis(200)).unwrap().total().volume.packets, 1);
    }

    #[test]
    fn nothing_is_lost_or_doubled_whatever_the_pace() {
        let mut quarters = start();
        let (mut at, mut sum) = (0, 0);
        for step in (0..2_000_u64).map(|n| (n * n * 7) % 1_900) {
            at += step;
            packet(&mut quarters, millis(at), millis(at));
            sum += closed(&mut quarters).iter().map(|second| second.1).sum::<u64>();
        }
        assert_eq!(quarters.total().total().volume.packets, 2_000);
        quarters.close_all(1);
        sum += closed(&mut quarters).iter().map(|second| second.1).sum::<u64>();
        assert_eq!((sum, quarters.total().total().volume.packets), (2_000, 2_000));
    }

    fn segment(quarters: &mut Quarters, at: u64) {
        packet(quarters, millis(at), millis(at));
        quarters.quality(millis(at)).data_segments += 1;
        quarters.newest_quality().dns.observe(at);
    }

    #[test]
    fn the_window_of_quality_is_the_open_second_and_four_before() {
        let mut quarters = start();
        for at in [500, 1_500, 2_500, 3_500, 4_500, 5_500, 6_500] {
            segment(&mut quarters, at);
        }
        // At 6.5 s: those of 2.5 s and later.
        let recent = quarters.recent();
        let first = recent.dns.percentiles().map(|it| it.min);
        assert_eq!((recent.data_segments, first), (5, Some(2_500)));
        // Silence empties it second by second, and altogether at a stroke.
        quarters.advance(millis(8_000), 1);
        assert_eq!(quarters.recent().data_segments, 3);
        quarters.advance(millis(60_000), 1);
        assert_eq!(quarters.recent(), Quality::default());
    }

    #[test]
    fn the_window_of_quality_stays_when_the_capture_ends_and_goes_with_the_stretch() {
        let mut quarters = start();
        for at in [500, 1_500, 2_500, 3_500, 4_500, 5_500] {
            segment(&mut quarters, at);
        }
        let before = quarters.recent();
        quarters.close_all(1);
        assert_eq!((before.data_segments, quarters.recent()), (5, before));
        quarters.leap(millis(900_000_000), 1);
        assert_eq!(quarters.recent(), Quality::default());
    }

    #[test]
    fn a_closed_second_takes_its_quality_along_whoever_waited_in_its_place() {
        let mut quarters = start();
        let mut closed = Vec::new();
        for at in [500, 600, 1_500, 2_500, 3_500] {
            segment(&mut quarters, at);
            quarters.hand_over(|second| closed.push((second.second, second.quality.data_segments)));
        }
        quarters.close_all(1);
        quarters.hand_over(|second| closed.push((second.second, second.quality.data_segments)));
        assert_eq!(closed, [(1_000, 2), (1_001, 1), (1_002, 1), (1_003, 1)]);
    }

    #[test]
    fn a_late_packet_counts_in_its_open_second_and_the_newest_one_knows_when_it_came() {
        let mut quarters = start();
        packet(&mut quarters, millis(900), millis(900));
        quarters.advance(millis(1_050), 1);
        quarters.quality(millis(950)).data_segments += 1;
        quarters.newest_quality().data_segments += 10;
        packet(&mut quarters, millis(1_200), millis(1_200));
        quarters.close_all(1);
        let mut closed = Vec::new();
        quarters.hand_over(|second| closed.push((second.second, second.quality.data_segments)));
        assert_eq!(closed, [(1_000, 1), (1_001, 10)]);
    }
}
