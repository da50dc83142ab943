//! Capture time as the engine sees it: it never goes back, and what does not fit starts a new stretch.

use std::time::Duration;

use netsonde_units::{NANOS_PER_SECOND, Timestamp};

/// How far behind a stamp may be and still count as late rather than as another time.
const LATE_NANOS: u64 = 5 * NANOS_PER_SECOND;
/// How far ahead a stamp may be and still be silence rather than a leap.
const LEAP_NANOS: u64 = 3600 * NANOS_PER_SECOND;

/// From when to when was measured.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct TimeSpan {
    /// Earliest stamp.
    pub first: Option<Timestamp>,
    /// Latest stamp.
    pub last: Option<Timestamp>,
    /// The sum of all stretches, silence included: what averages are taken over.
    pub elapsed: Duration,
    /// Stretches of continuous time.
    pub stretches: u32,
    /// Packets that came behind their time.
    pub late: u64,
}

impl TimeSpan {
    /// Joins what another worker saw of the same time.
    pub fn merge(&mut self, other: &Self) {
        self.first = [self.first, other.first].into_iter().flatten().min();
        self.last = self.last.max(other.last);
        self.elapsed = self.elapsed.max(other.elapsed);
        self.stretches = self.stretches.max(other.stretches);
        self.late += other.late;
    }
}

/// What a stamp means to the clock.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Arrival {
    /// Time goes on; the moment to count at.
    Flows(Timestamp),
    /// The stamp does not follow from what came before: a new stretch begins with it.
    Leaps(Timestamp),
}

/// The engine's time.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Clock {
    span: TimeSpan,
    /// Time of the finished stretches.
    finished: Duration,
    stretch_start: Timestamp,
    now: Timestamp,
}

impl Clock {
    pub(crate) const fn now(&self) -> Timestamp {
        self.now
    }

    pub(crate) const fn stretch(&self) -> u32 {
        self.span.stretches
    }

    pub(crate) const fn span(&self) -> TimeSpan {
        TimeSpan { elapsed: self.elapsed(), ..self.span }
    }

    /// Takes a packet's stamp. A late packet counts at its own time; whoever counts puts it into the open second. One
    /// without a stamp comes now, and before the first stamp at the epoch, without beginning a stretch.
    #[inline]
    pub(crate) fn admit(&mut self, at: Option<Timestamp>) -> Arrival {
        let Some(at) = at else { return Arrival::Flows(self.now) };
        if self.span.first.is_none_or(|first| at < first) {
            self.span.first = Some(at);
        }
        if self.span.last.is_none_or(|last| at > last) {
            self.span.last = Some(at);
        }
        let arrival = self.witness(at);
        self.span.late += u64::from(arrival == Arrival::Flows(at) && at < self.now);
        arrival
    }

    /// Takes a moment at which another worker saw a packet, or at which the source was idle.
    #[inline]
    pub(crate) fn witness(&mut self, at: Timestamp) -> Arrival {
        let follows = at.nanos_since(self.now) <= LEAP_NANOS && self.now.nanos_since(at) <= LATE_NANOS;
        if follows && self.span.stretches > 0 {
            self.now = self.now.max(at);
            self.stretch_start = self.stretch_start.min(at);
            return Arrival::Flows(at);
        }
        self.finished = self.elapsed();
        self.span.stretches += 1;
        self.stretch_start = at;
        self.now = at;
        Arrival::Leaps(at)
    }

    const fn elapsed(&self) -> Duration {
        self.finished.saturating_add(self.now.since(self.stretch_start))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(seconds: u64) -> Timestamp {
        Timestamp::from_parts(seconds, 0)
    }

    #[test]
    fn silence_counts_as_elapsed_time() {
        let mut clock = Clock::default();
        assert_eq!(clock.admit(Some(at(1_000))), Arrival::Leaps(at(1_000)));
        assert_eq!(clock.admit(Some(at(1_600))), Arrival::Flows(at(1_600)));
        assert_eq!(clock.span().elapsed, Duration::from_mins(10));
        assert_eq!(clock.span().stretches, 1);
    }

    #[test]
    fn a_late_stamp_does_not_turn_time_back() {
        let mut clock = Clock::default();
        clock.admit(Some(at(1_000)));
        clock.admit(Some(at(1_010)));
        assert_eq!(clock.admit(Some(at(1_005))), Arrival::Flows(at(1_005)));
        assert_eq!((clock.now(), clock.span().late), (at(1_010), 1));
    }

    #[test]
    fn leaps_in_either_direction_start_a_stretch() {
        let mut clock = Clock::default();
        clock.admit(Some(at(10_000)));
        clock.admit(Some(at(10_002)));
        assert_eq!(clock.admit(Some(at(9_990))), Arrival::Leaps(at(9_990)));
        clock.admit(Some(at(9_993)));
        assert_eq!(clock.admit(Some(at(9_993 + 3_601))), Arrival::Leaps(at(13_594)));
        let span = clock.span();
        assert_eq!((span.stretches, span.elapsed), (3, Duration::from_secs(2 + 3)));
        assert_eq!((span.first, span.last), (Some(at(9_990)), Some(at(13_594))));
    }
}
