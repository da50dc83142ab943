//! How many conversations spoke in the last second.

use netsonde_units::{NANOS_PER_SECOND, Timestamp};

/// Parts of a second that are told apart.
const PER_SECOND: u64 = 16;
const PART_NANOS: u64 = NANOS_PER_SECOND / PER_SECOND;
/// Parts kept: those of the window, the newest, and some for rows that come late.
const KEPT: usize = 32;

/// Conversations by when they spoke last, for as long as that matters. A change costs the same however many there are.
#[derive(Clone, Debug, Default)]
pub(crate) struct Active {
    /// By number of the part, modulo [`KEPT`].
    parts: [Part; KEPT],
}

#[derive(Clone, Copy, Debug, Default)]
struct Part {
    /// Parts since the epoch.
    number: u64,
    conversations: u64,
}

impl Active {
    /// Takes note that a conversation spoke at `now`, and at `before` when it was noted last.
    pub(crate) fn spoke(&mut self, before: Option<Timestamp>, now: Timestamp) {
        if let Some(before) = before.map(number)
            && let Some(part) = self.part(before)
            && part.number == before
        {
            part.conversations -= 1;
        }
        let now = number(now);
        let Some(part) = self.part(now) else { return };
        if part.number != now {
            // A new stretch may lie before the old one; what spoke then does not matter any more.
            *part = Part { number: now, conversations: 0 };
        }
        part.conversations += 1;
    }

    /// Counts the conversations that spoke in the second before `now`.
    pub(crate) fn count(&self, now: Timestamp) -> u64 {
        let newest = number(now);
        let window = newest.saturating_sub(PER_SECOND)..=newest;
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
        active.spoke(None, at(0));
        assert_eq!(active.count(at(0)), 1);
    }
}
