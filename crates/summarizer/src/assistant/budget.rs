use std::collections::VecDeque;
use std::time::{Duration, Instant};

use crate::provider::ProviderError;

/// How long a call counts.
const HOUR: Duration = Duration::from_hours(1);

/// How many calls may be made within any hour.
#[derive(Debug)]
pub(crate) struct Budget {
    most: u32,
    /// When those of the last hour were made, oldest first.
    made: VecDeque<Instant>,
}

impl Budget {
    pub(crate) const fn new(most: u32) -> Self {
        Self { most, made: VecDeque::new() }
    }

    /// Counts a call.
    ///
    /// # Errors
    ///
    /// [`ProviderError::NoCallsLeft`] where there is none left to be made.
    pub(crate) fn take(&mut self, now: Instant) -> Result<(), ProviderError> {
        if self.left(now) == 0 {
            return Err(ProviderError::NoCallsLeft(self.most));
        }
        self.made.push_back(now);
        Ok(())
    }

    /// Returns how many calls are left.
    pub(crate) fn left(&mut self, now: Instant) -> u32 {
        let is_old = |made: &Instant| now.saturating_duration_since(*made) >= HOUR;
        while self.made.front().is_some_and(is_old) {
            self.made.pop_front();
        }
        self.most.saturating_sub(u32::try_from(self.made.len()).unwrap_or(u32::MAX))
    }
}

#[cfg(test)]
mod tests {
    #![expect(clippy::disallowed_methods, reason = "a moment to count from")]

    use super::*;

    #[test]
    fn any_hour_has_as_many_calls_as_it_may() {
        let start = Instant::now();
        let minute = |minutes| start + Duration::from_mins(minutes);
        let mut budget = Budget::new(2);
        assert_eq!(budget.take(minute(0)), Ok(()));
        assert_eq!(budget.take(minute(30)), Ok(()));
        assert_eq!(budget.take(minute(59)), Err(ProviderError::NoCallsLeft(2)));
        // The first is an hour old, the second is not.
        assert_eq!(budget.left(minute(60)), 1);
        assert_eq!(budget.take(minute(61)), Ok(()));
        assert_eq!(budget.take(minute(89)), Err(ProviderError::NoCallsLeft(2)));
        assert_eq!(budget.left(minute(90)), 1);
    }
}
