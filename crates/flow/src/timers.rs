//! When each record is to be looked at again.

use netsonde_units::{NANOS_PER_SECOND, Timestamp};

/// Buckets of one second; longer waits than this are split.
const BUCKETS: u64 = 1024;

/// The end of a list of records.
pub(crate) const NONE: u32 = u32::MAX;

/// A wheel of one-second buckets, each a list threaded through the records themselves.
///
/// A record is in one bucket and is looked at when its second has passed; if it has spoken since, it goes into a
/// later bucket. So a packet never touches the wheel, and a silent record costs one look in its time-out.
#[derive(Debug)]
pub(crate) struct Timers {
    heads: Vec<u32>,
    /// The next second to be looked at.
    second: u64,
}

impl Timers {
    pub(crate) fn new() -> Self {
        Self { heads: (0..BUCKETS).map(|_| NONE).collect(), second: 0 }
    }

    /// Starts anew at another time; what waits keeps waiting, at most one turn of the wheel.
    pub(crate) fn restart(&mut self, now: Timestamp) {
        self.second = now.second();
    }

    /// Puts a record on the list for `deadline` and returns the record that follows it there.
    pub(crate) fn arm(&mut self, slot: u32, deadline: Timestamp) -> u32 {
        let second = (deadline.nanos() / NANOS_PER_SECOND)
            .saturating_add(1)
            .clamp(self.second.saturating_add(1), self.second.saturating_add(BUCKETS - 1));
        match self.head(second) {
            Some(head) => std::mem::replace(head, slot),
            None => NONE,
        }
    }

    /// Takes the list of the next second that has passed, if any has.
    ///
    /// After a long silence one turn of the wheel is enough: every record is looked at.
    pub(crate) fn due(&mut self, now: Timestamp) -> Option<u32> {
        let current = now.second();
        self.second = self.second.max(current.saturating_sub(BUCKETS));
        while self.second < current {
            self.second += 1;
            let second = self.second;
            if let Some(head) = self.head(second) {
                let first = std::mem::replace(head, NONE);
                if first != NONE {
                    return Some(first);
                }
            }
        }
        None
    }

    fn head(&mut self, second: u64) -> Option<&mut u32> {
        usize::try_from(second % BUCKETS).ok().and_then(|bucket| self.heads.get_mut(bucket))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(seconds: u64) -> Timestamp {
        Timestamp::from_parts(seconds, 0)
    }

    #[test]
    fn a_record_is_due_once_after_its_deadline() {
        let mut timers = Timers::new();
        timers.restart(at(100));
        assert_eq!(timers.arm(7, at(110)), NONE);
        assert_eq!(timers.due(at(110)), None);
        assert_eq!(timers.due(at(111)), Some(7));
        assert_eq!(timers.due(at(2000)), None);
    }

    #[test]
    fn records_of_one_second_are_chained() {
        let mut timers = Timers::new();
        timers.restart(at(100));
        assert_eq!(timers.arm(1, at(105)), NONE);
        assert_eq!(timers.arm(2, at(105)), 1);
        assert_eq!(timers.due(at(200)), Some(2));
    }

    #[test]
    fn a_deadline_beyond_the_wheel_is_looked_at_early() {
        let mut timers = Timers::new();
        timers.restart(at(100));
        timers.arm(1, at(9_000));
        assert_eq!(timers.due(at(100 + BUCKETS - 2)), None);
        assert_eq!(timers.due(at(100 + BUCKETS)), Some(1));
    }

    #[test]
    fn a_leap_of_years_finds_everything_in_one_turn() {
        let mut timers = Timers::new();
        timers.restart(at(100));
        timers.arm(1, at(700));
        assert_eq!(timers.due(at(500_000_000)), Some(1));
    }
}
