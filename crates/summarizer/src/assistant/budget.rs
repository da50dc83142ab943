use std::collections::VecDeque;
use std::time::{Duration, Instant};

use crate::prompt::Kind;
use crate::provider::ProviderError;

/// How long a call counts.
const HOUR: Duration = Duration::from_hours(1);
/// The most calls that are kept for reports: all the tries of one.
const KEPT_MOST: u32 = 3;
/// One of so many calls is kept for reports.
const KEPT_ONE_IN: u32 = 10;

/// How many calls may be made within any hour. Some of them are kept for reports: summaries, of which there is one each
/// minute, would use them all.
#[derive(Debug)]
pub(crate) struct Budget {
    most: u32,
    /// When those of the last hour were made and what for, oldest first.
    made: VecDeque<(Instant, Kind)>,
}

impl Budget {
    pub(crate) const fn new(most: u32) -> Self {
        Self { most, made: VecDeque::new() }
    }

    /// Counts a call.
    ///
    /// # Errors
    ///
    /// [`ProviderError::NoCallsLeft`] where there is none left to be made for that.
    pub(crate) fn take(&mut self, kind: Kind, now: Instant) -> Result<(), ProviderError> {
        let left = self.left(now);
        let kept = match kind {
            Kind::Final => 0,
            Kind::Minute => self.kept(),
        };
        let of_reports = self.made.iter().filter(|(_, kind)| *kind == Kind::Final).count();
        // What reports have used of theirs is not kept a second time.
        let still_kept = kept.saturating_sub(u32::try_from(of_reports).unwrap_or(u32::MAX));
        if left <= still_kept {
            return Err(ProviderError::NoCallsLeft { most: self.most, kept });
        }
        self.made.push_back((now, kind));
        Ok(())
    }

    /// Returns how many calls of an hour are for reports only.
    const fn kept(&self) -> u32 {
        match (self.most, self.most / KEPT_ONE_IN) {
            (0 | 1, _) => 0,
            (_, 0) => 1,
            (_, tenth) if tenth < KEPT_MOST => tenth,
            _ => KEPT_MOST,
        }
    }

    /// Returns how many calls are left, those for reports among them.
    pub(crate) fn left(&mut self, now: Instant) -> u32 {
        let is_old = |(made, _): &(Instant, Kind)| now.saturating_duration_since(*made) >= HOUR;
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
        let none_left = Err(ProviderError::NoCallsLeft { most: 2, kept: 0 });
        assert_eq!(budget.take(Kind::Final, minute(0)), Ok(()));
        assert_eq!(budget.take(Kind::Final, minute(30)), Ok(()));
        assert_eq!(budget.take(Kind::Final, minute(59)), none_left);
        // The first is an hour old, the second is not.
        assert_eq!(budget.left(minute(60)), 1);
        assert_eq!(budget.take(Kind::Final, minute(61)), Ok(()));
        assert_eq!(budget.take(Kind::Final, minute(89)), none_left);
        assert_eq!(budget.left(minute(90)), 1);
    }

    #[test]
    fn summaries_of_every_minute_leave_the_tries_of_a_report() {
        let start = Instant::now();
        let minute = |minutes| start + Duration::from_mins(minutes);
        let mut budget = Budget::new(30);
        // 30 less the 3 that are kept.
        for minutes in 0..27 {
            assert_eq!(budget.take(Kind::Minute, minute(minutes)), Ok(()));
        }
        let none_left = Err(ProviderError::NoCallsLeft { most: 30, kept: 3 });
        assert_eq!(budget.take(Kind::Minute, minute(27)), none_left);
        assert_eq!(budget.left(minute(28)), 3);
        for _ in 0..3 {
            assert_eq!(budget.take(Kind::Final, minute(29)), Ok(()));
        }
        assert_eq!(
            budget.take(Kind::Final, minute(30)),
            Err(ProviderError::NoCallsLeft { most: 30, kept: 0 })
        );
        // The first summary is an hour old, and the report has used what was kept for it.
        assert_eq!(budget.take(Kind::Minute, minute(60)), Ok(()));
    }

    #[test]
    fn a_tenth_of_a_small_budget_is_kept_and_one_call_of_the_smallest() {
        let kept = [0, 1, 2, 9, 10, 19, 20, 29, 30, 1000].map(|most| Budget::new(most).kept());
        assert_eq!(kept, [0, 0, 1, 1, 1, 1, 2, 2, 3, 3]);
    }
}
