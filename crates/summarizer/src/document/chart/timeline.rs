//! The time of a chart: its stretches one after the other, with room between them.

use netsonde_messages::stream::History;

use super::super::times;

/// The room between two stretches, as a share of all.
const GAP: f64 = 0.03;
const MINUTE: u64 = 60;
const HOUR: u64 = 60 * MINUTE;
const DAY: u64 = 24 * HOUR;
/// How far apart moments with a label may be, in seconds: parts of a minute, an hour and a day, then days.
const STEPS: [u64; 24] = [
    1,
    2,
    5,
    10,
    15,
    30,
    MINUTE,
    2 * MINUTE,
    5 * MINUTE,
    10 * MINUTE,
    15 * MINUTE,
    30 * MINUTE,
    HOUR,
    2 * HOUR,
    3 * HOUR,
    6 * HOUR,
    12 * HOUR,
    DAY,
    2 * DAY,
    7 * DAY,
    14 * DAY,
    28 * DAY,
    91 * DAY,
    365 * DAY,
];

/// Where a second is from left to right. Of several stretches each has the room of its seconds, and between two of them
/// the line breaks: what lies between, or whether time went back, nobody can tell from a width.
#[derive(Clone, Debug, Default)]
pub(crate) struct Timeline {
    pub(super) step_s: u64,
    stretches: Vec<Stretch>,
    /// How wide all is, in seconds.
    width: f64,
}

#[derive(Clone, Debug)]
struct Stretch {
    number: u32,
    from: u64,
    /// The end of its last step.
    to: u64,
    /// Where it begins, in seconds.
    left: f64,
}

/// A moment with a label.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Tick {
    /// Where it is, 0 to 1.
    pub(super) across: f64,
    pub(super) label: String,
}

impl Timeline {
    /// Lays out the stretches of the charts.
    pub(crate) fn of(history: &History) -> Self {
        let step_s = history.step_s.max(1);
        let mut stretches: Vec<Stretch> = Vec::new();
        for bucket in &history.buckets {
            let to = bucket.second.saturating_add(step_s);
            match stretches.last_mut() {
                Some(last) if last.number == bucket.stretch => last.to = last.to.max(to),
                _ => stretches.push(Stretch { number: bucket.stretch, from: bucket.second, to, left: 0.0 }),
            }
        }
        let seconds: f64 = stretches.iter().map(Stretch::seconds).sum();
        let gap = seconds * GAP;
        let mut left = 0.0;
        for stretch in &mut stretches {
            stretch.left = left;
            left += stretch.seconds() + gap;
        }
        let width = (left - gap).max(1.0);
        Self { step_s, stretches, width }
    }

    /// Returns how far to the right a second of a stretch begins, 0 to 1.
    pub(super) fn across(&self, stretch: u32, second: f64) -> f64 {
        let Some(stretch) = self.stretches.iter().find(|one| one.number == stretch) else { return 0.0 };
        let within = (second - stretch.from as f64).clamp(0.0, stretch.seconds());
        (stretch.left + within) / self.width
    }

    /// Returns its first second and the end of its last.
    pub(super) fn ends(&self) -> (u64, u64) {
        let from = self.stretches.first().map_or(0, |stretch| stretch.from);
        (from, self.stretches.last().map_or(from, |stretch| stretch.to))
    }

    /// Returns the rooms between stretches, from and to, 0 to 1.
    pub(super) fn gaps(&self) -> impl Iterator<Item = (f64, f64)> {
        let pairs = self.stretches.iter().zip(self.stretches.iter().skip(1));
        pairs.map(|(one, next)| ((one.left + one.seconds()) / self.width, next.left / self.width))
    }

    /// Returns about `wanted` moments with a label, none nearer to the one before than `apart`.
    pub(super) fn ticks(&self, wanted: f64, apart: f64) -> Vec<Tick> {
        let seconds: f64 = self.stretches.iter().map(Stretch::seconds).sum();
        let fits = |step: &&u64| seconds / **step as f64 <= wanted;
        let step = STEPS.iter().find(fits).or(STEPS.last()).copied().unwrap_or(DAY);
        let mut ticks: Vec<Tick> = Vec::new();
        for stretch in &self.stretches {
            let mut second = stretch.from.next_multiple_of(step);
            while second <= stretch.to {
                let across = self.across(stretch.number, second as f64);
                if ticks.last().is_none_or(|last| across - last.across >= apart) {
                    ticks.push(Tick { across, label: label(second, step) });
                }
                second = second.saturating_add(step);
            }
        }
        ticks
    }
}

impl Stretch {
    fn seconds(&self) -> f64 {
        self.to.saturating_sub(self.from) as f64
    }
}

fn label(second: u64, step: u64) -> String {
    let at = times::of_second(second);
    let part = if step < MINUTE {
        times::clock(&at)
    } else if step < DAY {
        at.get(11..16).unwrap_or_default()
    } else {
        times::date(&at)
    };
    part.to_owned()
}

#[cfg(test)]
mod tests {
    use netsonde_messages::stream::HistoryBucket;

    use super::*;

    fn history(seconds: &[(u32, u64)]) -> History {
        let bucket =
            |&(stretch, second): &(u32, u64)| HistoryBucket { stretch, second, ..HistoryBucket::default() };
        History { step_s: 1, buckets: seconds.iter().map(bucket).collect(), ..History::default() }
    }

    #[test]
    fn a_stretch_begins_where_the_one_before_ends_whatever_the_clock_says() {
        // 10 s and, an hour before, 10 s: the room between is 3 % of 20 s, all 20.6 s wide.
        let timeline = Timeline::of(&history(&[(1, 3_600), (1, 3_609), (2, 0), (2, 9)]));
        assert!((timeline.across(1, 3_610.0) - 10.0 / 20.6).abs() < 1e-12);
        assert!((timeline.across(2, 0.0) - 10.6 / 20.6).abs() < 1e-12);
        assert_eq!(timeline.gaps().count(), 1);
    }

    #[test]
    fn labels_stand_at_round_moments() {
        // 60 s with at most 6 labels: every 10 s.
        let timeline = Timeline::of(&history(&[(1, 5), (1, 64)]));
        let labels: Vec<_> = timeline.ticks(6.0, 0.0).into_iter().map(|tick| tick.label).collect();
        assert_eq!(labels, ["00:00:10", "00:00:20", "00:00:30", "00:00:40", "00:00:50", "00:01:00"]);
        // Of those that are 10 of 60 apart only every second has room of a quarter.
        assert_eq!(timeline.ticks(6.0, 0.25).len(), 3);
    }
}
