//! When packets of a stream came against when they were due: its clock, and its jitter (RFC 3550 section 6.4.1).

use std::collections::VecDeque;

use netsonde_units::{NANOS_PER_SECOND, Timestamp};

/// The clocks in use: those of RFC 3551 section 6, and of the encodings that have come since.
const KNOWN: [u32; 9] = [8_000, 11_025, 16_000, 22_050, 24_000, 32_000, 44_100, 48_000, 90_000];
/// What a pace is told over: long enough that the jitter of a bad network is a few percent of it.
const MIN_SPAN_NANOS: u64 = NANOS_PER_SECOND;
const MIN_PACKETS: u32 = 50;
/// A pace further than this from every known clock, in percent of that, is none of them; soon only one that is close
/// is, for 44.1 and 48 kHz are not far from each other.
const TOLERANCE: u64 = 10;
const TOLERANCE_SOON: u64 = 3;
const SOON_NANOS: u64 = 5 * NANOS_PER_SECOND;
/// Packets kept until the clock is known: a quarter of a second of video, and five of sound.
const KEPT: usize = 256;

/// Returns nanoseconds as the signed number that they fit in: no capture is 292 years long.
fn signed(nanos: u64) -> i64 {
    i64::try_from(nanos).unwrap_or(i64::MAX)
}

/// Returns how much later a packet came than another one; negative where the capture's clock went back.
fn later(at: Timestamp, before: Timestamp) -> i64 {
    signed(at.nanos_since(before)).saturating_sub(signed(before.nanos_since(at)))
}

/// Returns how far a timestamp is ahead of another one, which may be across the wrap.
const fn ahead(timestamp: u32, before: u32) -> i32 {
    timestamp.wrapping_sub(before).cast_signed()
}

/// The interarrival jitter of one stream.
#[derive(Clone, Debug, Default)]
pub(super) struct Jitter {
    /// The packet before, and the clock of its timestamp.
    previous: Option<(Timestamp, u32, u32)>,
    /// In sixteenths of a nanosecond, as in RFC 3550 appendix A.8.
    scaled: u64,
    count: u64,
    sum: u128,
    max: u64,
}

impl Jitter {
    /// Takes in a packet; tells the jitter after it, in nanoseconds. None after the first one, and after one whose clock
    /// is another than that of the one before.
    ///
    /// `J += (|D| - J) / 16`, `D` the change of transit time (RFC 3550 section 6.4.1, appendix A.8).
    #[inline]
    pub(super) fn observe(&mut self, at: Timestamp, timestamp: u32, clock_rate: u32) -> Option<u64> {
        let (before_at, before, before_rate) = self.previous.replace((at, timestamp, clock_rate))?;
        if before_rate != clock_rate {
            return None;
        }
        // Less than 2^31 ticks, each a second at most.
        let due = i64::from(ahead(timestamp, before)).saturating_mul(signed(NANOS_PER_SECOND))
            / i64::from(clock_rate.max(1));
        let transit = later(at, before_at).saturating_sub(due).unsigned_abs();
        self.scaled = self.scaled.saturating_add(transit) - (self.scaled.saturating_add(8) >> 4);
        let nanos = self.scaled >> 4;
        self.count += 1;
        self.sum += u128::from(nanos);
        self.max = self.max.max(nanos);
        Some(nanos)
    }

    /// The next packet is the first one of another count of time.
    pub(super) const fn restart(&mut self) {
        self.previous = None;
    }

    /// Returns the jitter after the latest packet, its mean over all packets that have one, and its largest value.
    pub(super) fn nanos(&self) -> Option<(u64, u64, u64)> {
        let mean = self.sum.checked_div(self.count.into())?;
        Some((self.scaled >> 4, u64::try_from(mean).unwrap_or(u64::MAX), self.max))
    }
}

/// Finds a clock by the pace of timestamps.
#[derive(Clone, Debug, Default)]
pub(super) struct Pace {
    /// The latest packet.
    latest: Option<(Timestamp, u32)>,
    first_at: Timestamp,
    /// By how much timestamps have grown since the first packet.
    ticks: i64,
    packets: u32,
    /// After how long a time to look next.
    next_look_nanos: u64,
    /// The latest packets, to be measured once the clock is known.
    kept: VecDeque<(Timestamp, u32)>,
}

impl Pace {
    /// Takes in a packet; tells the clock once it is known.
    pub(super) fn observe(&mut self, at: Timestamp, timestamp: u32) -> Option<u32> {
        if self.kept.len() == KEPT {
            self.kept.pop_front();
        }
        self.kept.push_back((at, timestamp));
        match self.latest.replace((at, timestamp)) {
            None => {
                (self.first_at, self.ticks, self.packets) = (at, 0, 1);
                self.next_look_nanos = MIN_SPAN_NANOS;
                return None;
            }
            Some((_, before)) => {
                self.ticks = self.ticks.saturating_add(ahead(timestamp, before).into());
                self.packets = self.packets.saturating_add(1);
            }
        }
        let span = at.nanos_since(self.first_at);
        if span < self.next_look_nanos || self.packets < MIN_PACKETS {
            return None;
        }
        // After twice the time; but once when more will do.
        let twice = span.saturating_mul(2);
        self.next_look_nanos = if span < SOON_NANOS { twice.min(SOON_NANOS) } else { twice };
        let ticks = u128::try_from(self.ticks).ok()?;
        let per_second = ticks * u128::from(NANOS_PER_SECOND) / u128::from(span.max(1));
        snap(u64::try_from(per_second).ok()?, if span < SOON_NANOS { TOLERANCE_SOON } else { TOLERANCE })
    }

    /// Begins anew with the next packet: timestamps have jumped.
    pub(super) fn restart(&mut self) {
        self.latest = None;
        self.kept.clear();
    }

    /// Hands over the packets that were kept.
    pub(super) fn take_kept(&mut self) -> VecDeque<(Timestamp, u32)> {
        std::mem::take(&mut self.kept)
    }
}

/// Returns the known clock nearest to a pace, and not further from it than so many percent.
fn snap(per_second: u64, tolerance: u64) -> Option<u32> {
    let distance = |clock: &u32| u64::from(*clock).abs_diff(per_second);
    let nearest = KNOWN.into_iter().min_by_key(distance)?;
    (distance(&nearest) * 100 <= u64::from(nearest) * tolerance).then_some(nearest)
}

#[cfg(test)]
mod tests {
    use super::*;

    const MS: u64 = 1_000_000;

    fn at(nanos: u64) -> Timestamp {
        Timestamp::from_parts(1_000, 0).plus_nanos(nanos)
    }

    /// RFC 3550's own arithmetic in floating point, in nanoseconds after each packet but the first.
    fn by_hand(packets: &[(u64, u32)], clock_rate: f64) -> Vec<f64> {
        let mut jitter = 0.0;
        let pairs = packets.windows(2).map(|pair| {
            let arrived = pair[1].0 as f64 - pair[0].0 as f64;
            let due = f64::from(pair[1].1.wrapping_sub(pair[0].1).cast_signed()) * 1e9 / clock_rate;
            jitter += ((arrived - due).abs() - jitter) / 16.0;
            jitter
        });
        pairs.collect()
    }

    #[test]
    fn jitter_is_that_of_the_formula_over_the_wrap_of_timestamps() {
        // 20 ms of sound each, late by 0 to 6 ms in a pattern; the timestamps wrap after ten packets.
        let first = 0_u32.wrapping_sub(1_600);
        let packets: Vec<(u64, u32)> = (0..400_u32)
            .map(|n| (u64::from(n) * 20 * MS + u64::from(n * 7 % 13) * MS / 2, first.wrapping_add(n * 160)))
            .collect();
        let expected = by_hand(&packets, 8_000.0);
        let mut jitter = Jitter::default();
        let ours: Vec<u64> =
            packets.iter().filter_map(|&(nanos, ticks)| jitter.observe(at(nanos), ticks, 8_000)).collect();
        assert_eq!(ours.len(), 399);
        // Within a microsecond of values around 2 ms.
        assert!(ours.iter().zip(&expected).all(|(&ours, expected)| (ours as f64 - expected).abs() < 1_000.0));
        let (latest, mean, max) = jitter.nanos().unwrap();
        assert_eq!((latest, max), (*ours.last().unwrap(), *ours.iter().max().unwrap()));
        assert!((mean as f64 - expected.iter().sum::<f64>() / 399.0).abs() < 1_000.0);
    }

    #[test]
    fn another_clock_begins_a_new_transit_time() {
        let mut jitter = Jitter::default();
        assert_eq!(jitter.nanos(), None);
        assert_eq!(jitter.observe(at(0), 0, 8_000), None);
        assert_eq!(jitter.observe(at(20 * MS), 160, 8_000), Some(0));
        assert_eq!(jitter.observe(at(40 * MS), 9_000, 16_000), None);
        assert_eq!(jitter.observe(at(60 * MS), 9_320, 16_000), Some(0));
        // 16 ms late: (16 - 0) / 16.
        assert_eq!(jitter.observe(at(96 * MS), 9_640, 16_000), Some(MS));
    }

    #[test]
    fn a_capture_whose_clock_goes_back_has_the_difference_as_jitter() {
        let mut jitter = Jitter::default();
        jitter.observe(at(20 * MS), 0, 8_000);
        // Due 20 ms later, and 12 ms earlier: 32 ms / 16.
        assert_eq!(jitter.observe(at(8 * MS), 160, 8_000), Some(2 * MS));
    }

    /// Feeds packets of `step` ticks each `every` nanoseconds; tells the clock and when it was known.
    fn pace(step: u32, every: u64) -> Option<(u32, u32)> {
        let mut pace = Pace::default();
        (0..2_000_u32).find_map(|n| Some((pace.observe(at(u64::from(n) * every), n.wrapping_mul(step))?, n)))
    }

    #[test]
    fn clock_is_known_after_a_second_and_fifty_packets() {
        assert_eq!(pace(960, 20 * MS), Some((48_000, 50)));
        assert_eq!(pace(320, 20 * MS), Some((16_000, 50)));
        // 25 pictures a second need two seconds for fifty packets.
        assert_eq!(pace(3_600, 40 * MS), Some((90_000, 49)));
        // 6 % slow is still 8 kHz, but after five seconds only.
        assert_eq!(pace(150, 20 * MS), Some((8_000, 250)));
    }

    #[test]
    fn a_pace_that_fits_no_clock_stays_unknown() {
        assert_eq!(pace(1_200, 20 * MS), None);
        assert_eq!(pace(0, 20 * MS), None);
    }

    #[test]
    fn packets_of_before_are_kept_to_be_measured() {
        let mut pace = Pace::default();
        for n in 0..300_u32 {
            pace.observe(at(u64::from(n) * MS), n * 90);
        }
        let kept = pace.take_kept();
        assert_eq!((kept.len(), kept.front().copied()), (KEPT, Some((at(44 * MS), 44 * 90))));
    }
}
