//! Time that passes evenly, from a wall clock that people set.

use std::time::Duration;

use netsonde_units::Timestamp;

/// How long something has lasted, by a wall clock that is read now and then.
///
/// A clock that is set back or forward meanwhile adds nothing: whoever counts with it reads it several times a second,
/// so that a leap of more than [`Self::LEAP`] was none of time.
#[derive(Clone, Copy, Debug)]
pub struct Steady {
    read: Timestamp,
    elapsed: Duration,
}

impl Steady {
    /// The longest time between two readings that is believed: more than a busy machine makes anybody wait.
    pub const LEAP: Duration = Duration::from_secs(5);

    /// Begins to count.
    pub const fn starting(now: Timestamp) -> Self {
        Self { read: now, elapsed: Duration::ZERO }
    }

    /// Takes in a reading of the clock; returns how long it has lasted.
    pub fn read(&mut self, now: Timestamp) -> Duration {
        let passed = now.since(self.read);
        self.read = now;
        if passed <= Self::LEAP {
            self.elapsed += passed;
        }
        self.elapsed
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_clock_that_is_set_makes_nothing_longer_or_shorter() {
        let at = |seconds| Timestamp::from_parts(seconds, 0);
        let mut steady = Steady::starting(at(1_000));
        assert_eq!(steady.read(at(1_002)), Duration::from_secs(2));
        // Set back an hour, then on; set forward a day, then on.
        for (now, lasted) in [(at(1), 2), (at(3), 4), (at(86_403), 4), (at(86_404), 5)] {
            assert_eq!(steady.read(now), Duration::from_secs(lasted));
        }
    }
}
