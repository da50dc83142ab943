//! Which packets of a stream came, by their numbers (RFC 3550 appendices A.1 and A.3).

use crate::RtpEvent;

/// A jump ahead this far is a restart, once a second packet confirms it (RFC 3550 appendix A.1).
const MAX_DROPOUT: u16 = 3_000;
/// Numbers behind the highest of which is known whether they came: a packet this late is late, one later begins anew.
/// RFC 3550 has 100; at 1,000 packets a second of video, one that is sent again is later than that.
const WINDOW: u64 = 1_024;
/// Words of the window.
const WORDS: usize = 16;
/// Numbers in a word.
const WORD: u64 = 64;
/// Numbers before they begin anew.
const CYCLE: u64 = 1 << 16;

/// The numbers of one stream. They wrap (RFC 3550 section 5.1), so they are extended by the cycles that have passed,
/// from one on: a packet before the first may be of the cycle before.
///
/// A packet that came late is not lost, so that a number is given up only when it leaves the window.
#[derive(Clone, Debug)]
pub(super) struct Sequence {
    lowest: u64,
    highest: u64,
    /// Which of the numbers came, each at its number modulo [`WINDOW`].
    window: [u64; WORDS],
    /// A packet beyond any gap, should the next one follow it: its number, and how often it came.
    strayed: Option<(u16, u32)>,
    /// What was sent in the segments before this one.
    sent_before: u64,
    received_before: u64,
    received: u64,
    duplicates: u64,
    out_of_order: u64,
    restarts: u32,
    /// What left the window without having come.
    losses: Losses,
}

/// Runs of lost packets.
#[derive(Clone, Copy, Debug, Default)]
struct Losses {
    /// Packets lost in this segment.
    lost: u64,
    /// Those of them that the latest run has so far.
    run: u32,
    runs: u32,
    longest: u32,
}

impl Losses {
    fn note(&mut self, came: bool) {
        if came {
            self.run = 0;
            return;
        }
        self.lost += 1;
        self.runs = self.runs.saturating_add(u32::from(self.run == 0));
        self.run = self.run.saturating_add(1);
        self.longest = self.longest.max(self.run);
    }
}

/// What a stream's numbers tell.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Counts {
    pub(super) expected: u64,
    pub(super) received: u64,
    pub(super) duplicates: u64,
    pub(super) out_of_order: u64,
    pub(super) restarts: u32,
    pub(super) loss_runs: u32,
    pub(super) longest_loss: u32,
}

/// How a packet came.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Came {
    /// Ahead of all others, by so many numbers.
    Ahead(u16),
    /// Late, or as the copy of another.
    Behind,
    /// Beyond any gap; what it is, the next packet shows.
    Strayed,
    /// The second one of a stream that has begun anew.
    Restarted,
}

impl Sequence {
    /// Begins with a packet.
    pub(super) fn begin(number: u16) -> Self {
        let mut sequence = Self {
            lowest: 0,
            highest: 0,
            window: [0; WORDS],
            strayed: None,
            sent_before: 0,
            received_before: 0,
            received: 0,
            duplicates: 0,
            out_of_order: 0,
            restarts: 0,
            losses: Losses::default(),
        };
        sequence.begin_segment(number);
        sequence
    }

    /// Takes in a packet; tells how it came, and what it changes.
    #[inline]
    pub(super) fn take_in(&mut self, number: u16) -> (Came, RtpEvent) {
        let ahead = number.wrapping_sub(self.low_bits());
        let behind = ahead.wrapping_neg();
        if ahead == 0 {
            return (Came::Behind, self.copy());
        }
        if ahead < MAX_DROPOUT {
            return (Came::Ahead(ahead), self.advance(ahead));
        }
        if u64::from(behind) < WINDOW {
            return (Came::Behind, self.come_late(u64::from(behind)));
        }
        self.stray(number)
    }

    /// Takes in a packet after a silence longer than any way takes: one that is not ahead is neither late nor a copy, but
    /// perhaps the first one of another segment.
    #[cold]
    pub(super) fn take_in_after_silence(&mut self, number: u16) -> (Came, RtpEvent) {
        match number.wrapping_sub(self.low_bits()) {
            1..MAX_DROPOUT => self.take_in(number),
            _ => self.stray(number),
        }
    }

    /// Tells what the numbers seen so far say.
    pub(super) fn counts(&self) -> Counts {
        let mut losses = self.losses;
        // Nothing missing in the window, nothing to look for.
        if self.sent() - self.received > losses.lost {
            self.window_numbers().for_each(|number| losses.note(self.came(number)));
        }
        Counts {
            expected: self.sent_before + self.sent(),
            received: self.received_before + self.received,
            duplicates: self.duplicates,
            out_of_order: self.out_of_order,
            restarts: self.restarts,
            loss_runs: losses.runs,
            longest_loss: losses.longest,
        }
    }

    /// Returns the 16 bits of the highest number that packets carry.
    #[expect(clippy::cast_possible_truncation, reason = "the cycles are what is left out")]
    const fn low_bits(&self) -> u16 {
        self.highest as u16
    }

    const fn sent(&self) -> u64 {
        self.highest - self.lowest + 1
    }

    /// Returns the numbers of this segment that may still come.
    fn window_numbers(&self) -> std::ops::RangeInclusive<u64> {
        self.lowest.max(self.highest.saturating_sub(WINDOW - 1))..=self.highest
    }

    fn begin_segment(&mut self, number: u16) {
        self.highest = CYCLE + u64::from(number);
        self.lowest = self.highest;
        self.received = 1;
        self.window = [0; WORDS];
        self.mark(self.highest);
    }

    fn copy(&mut self) -> RtpEvent {
        self.duplicates += 1;
        RtpEvent { duplicates: 1, ..RtpEvent::default() }
    }

    #[inline]
    fn advance(&mut self, ahead: u16) -> RtpEvent {
        for number in self.highest + 1..=self.highest + u64::from(ahead) {
            // Its place is that of the number that leaves the window.
            if number >= self.lowest + WINDOW {
                self.losses.note(self.came(number));
            }
            self.clear(number);
        }
        self.highest += u64::from(ahead);
        self.mark(self.highest);
        self.received += 1;
        self.strayed = None;
        RtpEvent { expected: ahead.into(), received: 1, ..RtpEvent::default() }
    }

    /// A packet behind the highest by less than the window, perhaps before the first one.
    #[cold]
    fn come_late(&mut self, behind: u64) -> RtpEvent {
        let number = self.highest - behind;
        if self.came(number) && number >= self.lowest {
            return self.copy();
        }
        let before_first = self.lowest.saturating_sub(number);
        self.lowest -= before_first;
        self.mark(number);
        self.received += 1;
        self.out_of_order += 1;
        RtpEvent {
            // Less than the window.
            expected: u32::try_from(before_first).unwrap_or_default(),
            received: 1,
            out_of_order: 1,
            duplicates: 0,
            jitter_nanos: None,
        }
    }

    /// A packet beyond any gap: the beginning of another segment if the one before it strayed too, else perhaps damaged.
    #[cold]
    fn stray(&mut self, number: u16) -> (Came, RtpEvent) {
        match self.strayed {
            Some((strayed, copies)) if number == strayed.wrapping_add(1) => {
                self.end_segment();
                self.begin_segment(strayed);
                self.duplicates += u64::from(copies);
                self.restarts = self.restarts.saturating_add(1);
                let second = self.advance(1);
                let event = RtpEvent {
                    expected: second.expected + 1,
                    received: second.received + 1,
                    duplicates: copies,
                    ..second
                };
                return (Came::Restarted, event);
            }
            Some((strayed, copies)) if number == strayed => {
                self.strayed = Some((number, copies.saturating_add(1)));
            }
            Some(_) | None => self.strayed = Some((number, 0)),
        }
        (Came::Strayed, RtpEvent::default())
    }

    /// Gives up what has not come.
    fn end_segment(&mut self) {
        let mut losses = self.losses;
        self.window_numbers().for_each(|number| losses.note(self.came(number)));
        self.sent_before += self.sent();
        self.received_before += self.received;
        self.losses = Losses { lost: 0, run: 0, ..losses };
        self.strayed = None;
    }

    /// Returns the word and the bit of a number.
    #[inline]
    const fn place(number: u64) -> (usize, u64) {
        ((number % WINDOW / WORD) as usize, 1 << (number % WORD))
    }

    #[inline]
    fn came(&self, number: u64) -> bool {
        let (word, bit) = Self::place(number);
        self.window.get(word).is_some_and(|word| word & bit != 0)
    }

    #[inline]
    fn mark(&mut self, number: u64) {
        let (word, bit) = Self::place(number);
        if let Some(word) = self.window.get_mut(word) {
            *word |= bit;
        }
    }

    #[inline]
    fn clear(&mut self, number: u64) {
        let (word, bit) = Self::place(number);
        if let Some(word) = self.window.get_mut(word) {
            *word &= !bit;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Takes in numbers and adds up what each changes; the first one changes what a beginning does.
    fn take_in(numbers: impl IntoIterator<Item = u16>) -> Counts {
        let mut numbers = numbers.into_iter();
        let mut sequence = Sequence::begin(numbers.next().unwrap());
        let mut sum = Counts { expected: 1, received: 1, ..Counts::default() };
        for number in numbers {
            let (came, event) = sequence.take_in(number);
            sum.expected += u64::from(event.expected);
            sum.received += u64::from(event.received);
            sum.duplicates += u64::from(event.duplicates);
            sum.out_of_order += u64::from(event.out_of_order);
            sum.restarts += u32::from(came == Came::Restarted);
        }
        let counts = sequence.counts();
        let Counts { loss_runs, longest_loss, .. } = counts;
        assert_eq!(counts, Counts { loss_runs, longest_loss, ..sum }, "what changes adds up to what is");
        counts
    }

    /// Numbers from `first` on, modulo 2^16.
    fn from(first: u16, count: u16) -> impl Iterator<Item = u16> {
        (0..count).map(move |index| first.wrapping_add(index))
    }

    #[test]
    fn a_stream_without_loss_over_the_wrap_lost_nothing() {
        let counts = take_in(from(65_000, 2_000));
        assert_eq!(counts, Counts { expected: 2_000, received: 2_000, ..Counts::default() });
    }

    #[test]
    fn losses_over_the_wrap_are_counted_in_runs() {
        // 65,534 to 2 are missing, five numbers; and 10, one.
        let counts = take_in(from(65_500, 100).filter(|number| !matches!(number, 65_534..|0..=2| 10)));
        let expected =
            Counts { expected: 100, received: 94, loss_runs: 2, longest_loss: 5, ..Counts::default() };
        assert_eq!(counts, expected);
    }

    /// Fault 5 of the design's public implementation: ten packets late over the wrap were 65,536 lost.
    #[test]
    fn packets_late_over_the_wrap_are_late_and_none_is_lost() {
        let counts = take_in(from(65_530, 3).chain(from(2, 5)).chain([65_533, 65_534, 65_535, 0, 1]));
        // 65,530 to 6: 13 numbers; the last five came behind 6.
        let expected = Counts { expected: 13, received: 13, out_of_order: 5, ..Counts::default() };
        assert_eq!(counts, expected);
    }

    /// Fault 4 of the design's public implementation: 30 swaps were 60 lost.
    #[test]
    fn thirty_swaps_lose_nothing() {
        let swapped = (0..1_500_u16).map(|index| match index % 50 {
            10 => index + 1,
            11 => index - 1,
            _ => index,
        });
        let expected = Counts { expected: 1_500, received: 1_500, out_of_order: 30, ..Counts::default() };
        assert_eq!(take_in(swapped), expected);
    }

    #[test]
    fn everything_twice_is_a_duplicate_each_also_much_later() {
        let twice = take_in(from(7, 500).flat_map(|number| [number, number]));
        assert_eq!(twice, Counts { expected: 500, received: 500, duplicates: 500, ..Counts::default() });
        let again = take_in(from(7, 900).chain(from(7, 900)));
        assert_eq!(again, Counts { expected: 900, received: 900, duplicates: 900, ..Counts::default() });
    }

    #[test]
    fn a_packet_before_the_first_lowers_what_was_expected() {
        // 5 came first, then 3: 3 to 6 are four numbers, of which 4 is missing.
        let counts = take_in([5, 3, 6]);
        let expected = Counts {
            expected: 4,
            received: 3,
            out_of_order: 1,
            loss_runs: 1,
            longest_loss: 1,
            ..Counts::default()
        };
        assert_eq!(counts, expected);
        // Over the wrap too, and a copy of it is a copy.
        let counts = take_in([0, 65_535, 65_535, 1]);
        assert_eq!((counts.expected, counts.received, counts.duplicates), (3, 3, 1));
    }

    #[test]
    fn a_restart_is_confirmed_by_a_second_packet_and_lost_is_what_each_segment_lost() {
        // 100 numbers without 50, then 40 from 30,000 on without 30,010.
        let numbers = from(0, 100).filter(|&number| number != 50);
        let counts = take_in(numbers.chain(from(30_000, 40).filter(|&number| number != 30_010)));
        let expected = Counts {
            expected: 140,
            received: 138,
            restarts: 1,
            loss_runs: 2,
            longest_loss: 1,
            ..Counts::default()
        };
        assert_eq!(counts, expected);
        // Each packet twice: the copy of the first one of the new segment is a copy.
        let counts = take_in(from(0, 5).chain(from(30_000, 5)).flat_map(|number| [number, number]));
        assert_eq!((counts.expected, counts.received, counts.duplicates), (10, 10, 10));
    }

    #[test]
    fn after_a_silence_numbers_of_before_begin_anew_and_later_ones_go_on() {
        let mut sequence = Sequence::begin(7);
        for number in 8..107 {
            sequence.take_in(number);
        }
        assert_eq!(sequence.take_in_after_silence(110).0, Came::Ahead(4));
        assert_eq!(sequence.take_in_after_silence(110).0, Came::Strayed);
        assert_eq!(sequence.take_in_after_silence(7).0, Came::Strayed);
        assert_eq!(sequence.take_in_after_silence(8).0, Came::Restarted);
        // 7 to 110 without three of them, then 7 and 8 again.
        let counts = sequence.counts();
        assert_eq!((counts.expected, counts.received, counts.duplicates, counts.restarts), (106, 103, 0, 1));
    }

    #[test]
    fn a_damaged_number_changes_nothing() {
        let counts = take_in(from(0, 10).chain([40_000]).chain(from(10, 10)).chain([40_001]));
        assert_eq!(counts, Counts { expected: 20, received: 20, ..Counts::default() });
    }

    #[test]
    fn the_longest_gap_is_loss_and_one_more_is_a_restart() {
        let counts = take_in([0, 2_999, 3_000]);
        // 1 to 2,998 are missing; all but the last 1,023 numbers have left the window, and the run is one.
        let gap =
            Counts { expected: 3_001, received: 3, loss_runs: 1, longest_loss: 2_998, ..Counts::default() };
        assert_eq!(counts, gap);
        let counts = take_in([0, 3_000, 3_001]);
        assert_eq!(counts, Counts { expected: 3, received: 3, restarts: 1, ..Counts::default() });
    }

    #[test]
    fn what_is_filled_within_the_window_was_never_lost() {
        // 100 is missing until 1,122 has come, the last number that leaves it in the window.
        let late = from(0, 1_123).filter(|&number| number != 100).chain([100]);
        let expected = Counts { expected: 1_123, received: 1_123, out_of_order: 1, ..Counts::default() };
        assert_eq!(take_in(late), expected);
    }
}
