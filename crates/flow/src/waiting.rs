//! Questions that wait for their answers.

use std::collections::VecDeque;
use std::hash::BuildHasher as _;

use foldhash::fast::RandomState;
use hashbrown::HashTable;
use netsonde_units::Timestamp;

use crate::{Side, limits};

/// What tells one question from another.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) struct Question {
    /// The conversation's serial number.
    pub(crate) conversation: u64,
    /// Who asked.
    pub(crate) asker: Side,
    /// What the answer repeats.
    pub(crate) id: u32,
}

#[derive(Clone, Copy, Debug)]
struct Asked {
    question: Question,
    at: Timestamp,
    is_open: bool,
}

impl Asked {
    /// Tells whether an answer comes too late: judged by packet time alone, so that it makes no difference when
    /// somebody looks.
    fn is_overdue(&self, now: Timestamp) -> bool {
        now.nanos_since(self.at) > limits::ANSWER_NANOS
    }
}

/// A bounded list of questions in the order they were asked. One that is repeated keeps its first time: who asks waits
/// from then on.
#[derive(Debug, Default)]
pub(crate) struct Waiting {
    asked: VecDeque<Asked>,
    /// Number of the first one in the list.
    first: u64,
    /// Numbers of the open ones.
    index: HashTable<u64>,
    hasher: RandomState,
    unanswered: u64,
    forgotten: u64,
}

impl Waiting {
    /// Takes a question that came `at`; `now` is never earlier.
    pub(crate) fn ask(&mut self, question: Question, at: Timestamp, now: Timestamp) {
        self.expire(now);
        if let Some((number, asked)) = self.find(question) {
            if !asked.is_overdue(now) {
                return;
            }
            self.close(number);
            self.unanswered += 1;
        }
        if self.asked.len() >= limits::WAITING {
            self.forget_first();
        }
        let number = self.first + self.asked.len() as u64;
        self.asked.push_back(Asked { question, at, is_open: true });
        let Self { asked, first, index, hasher, .. } = self;
        let hash_of = |&number: &u64| hash_of(hasher, asked, *first, number);
        index.insert_unique(hasher.hash_one(question), number, hash_of);
    }

    /// Returns how long the asker of a question waited for its first answer, in nanoseconds; none for an answer to
    /// nothing, one too late, and one stamped before its question.
    pub(crate) fn answer(&mut self, question: Question, at: Timestamp, now: Timestamp) -> Option<u64> {
        at.nanos().checked_sub(self.close_answered(question, now)?.nanos())
    }

    /// Returns when a question was asked that is answered; none where it was not, was answered before, or is too old.
    pub(crate) fn close_answered(&mut self, question: Question, now: Timestamp) -> Option<Timestamp> {
        self.expire(now);
        let (number, asked) = self.find(question)?;
        self.close(number);
        if asked.is_overdue(now) {
            self.unanswered += 1;
            return None;
        }
        Some(asked.at)
    }

    /// Gives up what has waited for too long.
    pub(crate) fn expire(&mut self, now: Timestamp) {
        while let Some(asked) = self.asked.front().copied() {
            if asked.is_open && !asked.is_overdue(now) {
                return;
            }
            self.drop_first();
            self.unanswered += u64::from(asked.is_open);
        }
    }

    /// Time goes on elsewhere: questions of the future will never be answered, and were not given the time.
    pub(crate) fn leap(&mut self, ended: Timestamp, begun: Timestamp) {
        self.expire(ended.max(begun));
        if begun < ended {
            while !self.asked.is_empty() {
                self.forget_first();
            }
        }
    }

    /// Counts the questions that nobody answered in time.
    pub(crate) const fn unanswered(&self) -> u64 {
        self.unanswered
    }

    /// Counts the questions of which nobody knows.
    pub(crate) const fn forgotten(&self) -> u64 {
        self.forgotten
    }

    fn find(&self, question: Question) -> Option<(u64, Asked)> {
        let hash = self.hasher.hash_one(question);
        let is_it = |&number: &u64| self.at(number).is_some_and(|asked| asked.question == question);
        let &number = self.index.find(hash, is_it)?;
        Some((number, *self.at(number)?))
    }

    fn at(&self, number: u64) -> Option<&Asked> {
        self.asked.get(usize::try_from(number.checked_sub(self.first)?).ok()?)
    }

    /// Takes a question off the index; its place in the list goes when it is the first.
    fn close(&mut self, number: u64) {
        let Some(asked) = self.at(number).copied() else { return };
        let hash = self.hasher.hash_one(asked.question);
        if let Ok(found) = self.index.find_entry(hash, |&held| held == number) {
            found.remove();
        }
        let place = usize::try_from(number - self.first).ok();
        if let Some(asked) = place.and_then(|place| self.asked.get_mut(place)) {
            asked.is_open = false;
        }
    }

    fn drop_first(&mut self) {
        self.close(self.first);
        self.asked.pop_front();
        self.first += 1;
    }

    fn forget_first(&mut self) {
        self.forgotten += u64::from(self.asked.front().is_some_and(|asked| asked.is_open));
        self.drop_first();
    }
}

/// The hash of a question held, for when the index grows.
fn hash_of(hasher: &RandomState, asked: &VecDeque<Asked>, first: u64, number: u64) -> u64 {
    let place = usize::try_from(number - first).ok();
    place.and_then(|place| asked.get(place)).map_or(0, |asked| hasher.hash_one(asked.question))
}

#[cfg(test)]
mod tests {
    use super::*;

    const SECOND: u64 = 1_000_000_000;

    fn at(nanos: u64) -> Timestamp {
        Timestamp::from_parts(1_700_000_000, 0).plus_nanos(nanos)
    }

    fn question(id: u32) -> Question {
        Question { conversation: 7, asker: Side::Low, id }
    }

    fn ask(waiting: &mut Waiting, id: u32, nanos: u64) {
        waiting.ask(question(id), at(nanos), at(nanos));
    }

    fn answer(waiting: &mut Waiting, id: u32, nanos: u64) -> Option<u64> {
        waiting.answer(question(id), at(nanos), at(nanos))
    }

    #[test]
    fn first_answer_counts_once() {
        let mut waiting = Waiting::default();
        ask(&mut waiting, 1, 0);
        ask(&mut waiting, 2, 10);
        assert_eq!(answer(&mut waiting, 2, 40), Some(30));
        assert_eq!(answer(&mut waiting, 2, 50), None);
        assert_eq!(answer(&mut waiting, 1, 60), Some(60));
        assert_eq!(answer(&mut waiting, 3, 60), None);
        waiting.expire(at(60 * SECOND));
        assert_eq!((waiting.unanswered(), waiting.forgotten(), waiting.asked.len()), (0, 0, 0));
    }

    #[test]
    fn answer_after_exactly_five_seconds_is_in_time_and_a_nanosecond_later_is_not() {
        let mut waiting = Waiting::default();
        ask(&mut waiting, 1, 0);
        assert_eq!(answer(&mut waiting, 1, 5 * SECOND), Some(5 * SECOND));
        ask(&mut waiting, 2, 0);
        assert_eq!(answer(&mut waiting, 2, 5 * SECOND + 1), None);
        assert_eq!(waiting.unanswered(), 1);
    }

    #[test]
    fn silence_makes_a_time_out_only_when_the_time_has_passed() {
        let mut waiting = Waiting::default();
        ask(&mut waiting, 1, 0);
        waiting.expire(at(5 * SECOND));
        assert_eq!(waiting.unanswered(), 0);
        waiting.expire(at(5 * SECOND + 1));
        waiting.expire(at(50 * SECOND));
        assert_eq!(waiting.unanswered(), 1);
    }

    #[test]
    fn repeated_question_waits_from_its_first_copy_and_begins_anew_after_the_time_out() {
        let mut waiting = Waiting::default();
        ask(&mut waiting, 1, 0);
        ask(&mut waiting, 1, 3 * SECOND);
        assert_eq!(answer(&mut waiting, 1, 3 * SECOND + 20), Some(3 * SECOND + 20));
        // The same number again: another question.
        ask(&mut waiting, 1, 4 * SECOND);
        ask(&mut waiting, 1, 9 * SECOND + 1);
        assert_eq!(waiting.unanswered(), 1);
        assert_eq!(answer(&mut waiting, 1, 9 * SECOND + 31), Some(30));
    }

    #[test]
    fn side_and_conversation_tell_questions_apart() {
        let mut waiting = Waiting::default();
        ask(&mut waiting, 1, 0);
        let other_side = Question { asker: Side::High, ..question(1) };
        let other_conversation = Question { conversation: 8, ..question(1) };
        assert_eq!(waiting.answer(other_side, at(1), at(1)), None);
        assert_eq!(waiting.answer(other_conversation, at(1), at(1)), None);
        assert_eq!(answer(&mut waiting, 1, 2), Some(2));
    }

    #[test]
    fn late_stamps_wait_no_longer_than_others() {
        let mut waiting = Waiting::default();
        let now = at(10 * SECOND);
        waiting.ask(question(1), now, now);
        // Stamped 4 s earlier, and so overdue 4 s earlier, though it stands behind the other one.
        waiting.ask(question(2), at(6 * SECOND), now);
        let later = at(11 * SECOND + 1);
        assert_eq!(waiting.answer(question(2), later, later), None);
        assert_eq!(waiting.unanswered(), 1);
        // An answer stamped before its question has no latency, and is an answer.
        assert_eq!(waiting.answer(question(1), at(9 * SECOND), later), None);
        waiting.expire(at(60 * SECOND));
        assert_eq!(waiting.unanswered(), 1);
    }

    #[test]
    fn leap_ahead_is_silence_and_a_leap_back_says_nothing() {
        let mut waiting = Waiting::default();
        ask(&mut waiting, 1, 0);
        waiting.leap(at(0), at(7_200 * SECOND));
        assert_eq!((waiting.unanswered(), waiting.forgotten()), (1, 0));
        ask(&mut waiting, 2, 7_200 * SECOND);
        waiting.leap(at(7_200 * SECOND), at(0));
        assert_eq!((waiting.unanswered(), waiting.forgotten()), (1, 1));
    }

    #[test]
    fn flood_is_held_to_the_bound_and_what_was_forgotten_is_counted() {
        let mut waiting = Waiting::default();
        let flood = u32::try_from(limits::WAITING).unwrap() + 10_000;
        for id in 0..flood {
            ask(&mut waiting, id, u64::from(id));
        }
        assert_eq!((waiting.asked.len(), waiting.index.len()), (limits::WAITING, limits::WAITING));
        assert_eq!(waiting.forgotten(), 10_000);
        assert_eq!(answer(&mut waiting, 9_999, u64::from(flood)), None);
        // Asked at 10,000 ns.
        assert_eq!(answer(&mut waiting, 10_000, u64::from(flood)), Some(u64::from(flood) - 10_000));
        waiting.expire(at(60 * SECOND));
        assert_eq!(waiting.unanswered(), limits::WAITING as u64 - 1);
        assert!(waiting.index.is_empty());
    }
}
