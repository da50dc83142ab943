//! Capture time.

use std::fmt;
use std::time::Duration;

/// Nanoseconds in a second.
pub const NANOS_PER_SECOND: u64 = 1_000_000_000;

/// A moment of capture time: nanoseconds since the Unix epoch, from 1970 to 2554.
///
/// Stamps outside that range saturate; whoever reads them from a file counts it.
#[derive(Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Timestamp(u64);

impl Timestamp {
    /// The Unix epoch, the earliest moment.
    pub const EPOCH: Self = Self(0);
    /// The latest moment, in the year 2554.
    pub const MAX: Self = Self(u64::MAX);

    /// Makes a time stamp from nanoseconds since the Unix epoch.
    pub const fn from_nanos(nanos: u64) -> Self {
        Self(nanos)
    }

    /// Makes a time stamp from whole seconds since the epoch and nanoseconds, saturating.
    pub const fn from_parts(seconds: u64, nanos: u64) -> Self {
        Self(seconds.saturating_mul(NANOS_PER_SECOND).saturating_add(nanos))
    }

    /// Returns the nanoseconds since the Unix epoch.
    pub const fn nanos(self) -> u64 {
        self.0
    }

    /// Returns the whole second since the epoch that this moment lies in.
    pub const fn second(self) -> u64 {
        self.0 / NANOS_PER_SECOND
    }

    /// Returns the nanoseconds within its second, 0 to 999,999,999.
    pub const fn subsecond_nanos(self) -> u64 {
        self.0 % NANOS_PER_SECOND
    }

    /// Returns the nanoseconds from `earlier` to this moment, 0 where `earlier` is later.
    pub const fn nanos_since(self, earlier: Self) -> u64 {
        self.0.saturating_sub(earlier.0)
    }

    /// Returns the time from `earlier` to this moment, zero where `earlier` is later.
    pub const fn since(self, earlier: Self) -> Duration {
        Duration::from_nanos(self.nanos_since(earlier))
    }

    /// Returns the moment `nanos` later, saturating.
    #[must_use]
    pub const fn plus_nanos(self, nanos: u64) -> Self {
        Self(self.0.saturating_add(nanos))
    }

    /// Returns the moment `nanos` earlier, saturating at the epoch.
    #[must_use]
    pub const fn minus_nanos(self, nanos: u64) -> Self {
        Self(self.0.saturating_sub(nanos))
    }
}

/// Seconds since the epoch with nine decimals.
impl fmt::Display for Timestamp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{:09}", self.second(), self.subsecond_nanos())
    }
}

impl fmt::Debug for Timestamp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Timestamp({self})")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parts_beyond_the_range_saturate() {
        assert_eq!(Timestamp::from_parts(u64::MAX, 0), Timestamp::MAX);
        assert_eq!(Timestamp::EPOCH.minus_nanos(1), Timestamp::EPOCH);
        assert_eq!(Timestamp::MAX.plus_nanos(1), Timestamp::MAX);
    }

    #[test]
    fn a_later_moment_is_no_time_before_an_earlier_one() {
        let earlier = Timestamp::from_parts(10, 5);
        let later = Timestamp::from_parts(11, 4);
        assert_eq!(later.nanos_since(earlier), NANOS_PER_SECOND - 1);
        assert_eq!(earlier.nanos_since(later), 0);
    }

    #[test]
    fn display_keeps_nine_decimals() {
        assert_eq!(Timestamp::from_parts(7, 42).to_string(), "7.000000042");
    }
}
