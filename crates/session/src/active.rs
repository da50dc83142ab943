//! How many conversations spoke in the last second, or the last few.

use netsonde_units::{NANOS_PER_SECOND, Timestamp};

/// Parts of a second that are told apart.
const PER_SECOND: u64 = 16;
const PART_NANOS: u64 = NANOS_PER_SECOND / PER_SECOND;

/// Those that spoke in the last second.
pub(crate) type Active = Speakers<1, 32>;

/// Those that spoke in the last 5 s.
pub(crate) type LatelyActive = Speakers<5, 128>;

/// Conversations by when they spoke last, for as long as that matters: some `SECONDS`. A change costs the same however
/// many there are. `KEPT` parts are kept: those of the window, the newest, and some for rows that come late.
#[derive(Clone, Debug)]
pub(crate) struct Speakers<const SECONDS: u64, const KEPT: usize> {
    /// By number of the part, modulo `KEPT`.
    parts: [Part; KEPT],
}

#[derive(Clone, Copy, Debug, Default)]
struct Part {
    /// Parts since the epoch.
    number: u64,
    conversations: u64,
}

impl<const SECONDS: u64, const KEPT: usize> Default for Speakers<SECONDS, KEPT> {
    fn default() -> Self {
        Self { parts: [Part::default(); KEPT] }
    }
}

impl<const SECONDS: u64, const KEPT: usize> Speakers<SECONDS, KEPT> {
    /// Takes note that a conversation spoke at `now`, and at `before` when it was noted last.
    pub(crate) fn spoke(&mut self, before: Option<Timestamp>, now: Timestamp) {
        if let Some(before) = before {
            self.left(before);
        }
        let now = number(now);
        let Some(part) = self.part(now) else { return };
        // Rows come in no order, and those of one publication may span minutes: the newest stay.
        if part.number > now {
            return;
        }
        if part.number != now {
            *part = Part { number: now, conversations: 0 };
        }
        part.conversations += 1;
    }

    /// Takes note that a conversation, noted last at `before`, does not count any more.
    pub(crate) fn left(&mut self, before: Timestamp) {
        let before = number(before);
        if let Some(part) = self.part(before)
            && part.number == before
        {
            // Where a clock was set back, it may be one that was not counted.
            part.conversations = part.conversations.saturating_sub(1);
        }
    }

    /// Counts the conversations that spoke in the seconds before `now`; what lies behind it is of an earlier stretch.
    pub(crate) fn count(&mut self, now: Timestamp) -> u64 {
        let newest = number(now);
        for part in self.parts.iter_mut().filter(|part| part.number > newest) {
            *part = Part::default();
        }
        let window = newest.saturating_sub(SECONDS * PER_SECOND)..=newest;
        self.parts.iter().filter(|part| window.contains(&part.number)).map(|part| part.conversations).sum()
    }

    fn part(&mut self, number: u64) -> Option<&mut Part> {
        let place = usize::try_from(number % KEPT as u64).ok()?;
        self.parts.get_mut(place)
    }
}

const fn number(at: Timestamp) -> u64 {
    at.nanos() / PART_NANOS
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(ms: u64) -> Timestamp {
        Timestamp::from_nanos(1_700_000_000 * NANOS_PER_SECOND + ms * 1_000_000)
    }

    #[test]
    fn a_conversation_counts_once_for_a_second_after_it_spoke_last() {
        let mut active = Active::default();
        active.spoke(None, at(0));
        active.spoke(None, at(100));
        assert_eq!(active.count(at(900)), 2);
        // The first speaks again: the second alone falls silent.
        active.spoke(Some(at(0)), at(1_000));
        assert_eq!(active.count(at(1_000)), 2);
        assert_eq!(active.count(at(1_200)), 1);
        assert_eq!(active.count(at(3_000)), 0);
        // What spoke so long ago that its part is used again takes nothing away.
        active.spoke(None, at(9_000));
        active.spoke(Some(at(1_000)), at(9_000));
        assert_eq!(active.count(at(9_000)), 2);
    }

    #[test]
    fn a_stretch_before_the_last_one_starts_anew() {
        let mut active = Active::default();
        active.spoke(None, at(60_000));
        assert_eq!(active.count(at(0)), 0);
        active.spoke(None, at(0));
        assert_eq!(active.count(at(0)), 1);
    }

    #[test]
    fn rows_of_more_than_the_kept_time_in_no_order_leave_the_newest_counted() {
        let mut active = Active::default();
        // 32 parts of 62.5 ms are 2 s: all three fall on the same part.
        active.spoke(None, at(4_000));
        active.spoke(None, at(2_000));
        active.spoke(None, at(4_000));
        assert_eq!(active.count(at(4_000)), 2);
        // The older one speaks again, then both of the others: each is counted once.
        active.spoke(Some(at(2_000)), at(4_100));
        active.spoke(Some(at(4_000)), at(4_100));
        active.spoke(Some(at(4_000)), at(4_100));
        assert_eq!(active.count(at(4_100)), 3);
        assert_eq!(active.count(at(6_000)), 0);
    }

    #[test]
    fn a_clock_set_back_wraps_no_count() {
        let mut active = Active::default();
        active.spoke(None, at(2_000));
        // Not counted: a newer one is there.
        active.spoke(None, at(0));
        assert_eq!(active.count(at(0)), 0);
        active.spoke(None, at(0));
        // The one that was not counted leaves first, then the one that was.
        active.spoke(Some(at(0)), at(100));
        active.spoke(Some(at(0)), at(100));
        assert_eq!(active.count(at(100)), 2);
    }
}
