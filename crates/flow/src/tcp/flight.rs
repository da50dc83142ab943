//! Segments that were sent and not yet acknowledged, in the order of sending.
//!
//! Copies stay, each with its own time: which one an acknowledgement is measured from is a rule of the judge's, not of
//! the list's.

mod chunks;

use netsonde_units::{SeqNumber, Timestamp};

use self::chunks::{ChunkId, Chunks, IN_CHUNK, Segment};
use crate::limits;

/// Half of the sequence space: nearer than this, order is what it seems.
const HALF: u32 = 1 << 31;

/// How far each segment may reach beyond the one before it so that a whole list, in order, spans less than half of the
/// sequence space. The widest frame there is reaches a third of it.
const STEP: u32 = HALF / limits::FLIGHT as u32;

/// The span of a list that reaches so far that its numbers have no least.
const WILD: u32 = u32::MAX;

/// What a direction has in flight.
///
/// One segment is held here and takes nothing from the pool, however many connections wait for an answer to their SYN.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) enum Flight {
    #[default]
    Empty,
    /// A segment alone; a longer one than this can say is held in a list.
    One { at: Timestamp, first: SeqNumber, len: u16, repeats: bool },
    /// A [`List`], its fields side by side with the tag.
    Many { first: ChunkId, last: ChunkId, least: SeqNumber, count: u16, is_mixed: bool },
}

/// It shares a cache line with the rest of a sender.
const _: () = assert!(size_of::<Flight>() == 16);

/// A list in the pool.
#[derive(Clone, Copy, Debug, Default)]
struct List {
    first: ChunkId,
    last: ChunkId,
    /// The least number of a mixed list.
    least: SeqNumber,
    count: u16,
    /// A segment does not follow from the one before it, so that acknowledgements look at all of them.
    is_mixed: bool,
}

impl From<List> for Flight {
    fn from(List { first, last, least, count, is_mixed }: List) -> Self {
        if count == 0 { Self::Empty } else { Self::Many { first, last, least, count, is_mixed } }
    }
}

impl Flight {
    /// Tells whether another segment may be listed.
    pub(crate) const fn has_room(&self) -> bool {
        self.count() < limits::FLIGHT
    }

    const fn count(&self) -> u16 {
        match self {
            Self::Empty => 0,
            Self::One { .. } => 1,
            Self::Many { count, .. } => *count,
        }
    }

    /// Holds a segment that is short enough to be held alone.
    fn one(segment: Segment, repeats: bool) -> Option<Self> {
        let Segment { first, end, at } = segment;
        let len = u16::try_from(end.distance_from(first)).ok()?;
        Some(Self::One { at, first, len, repeats })
    }
}

/// What an acknowledgement ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Acknowledged {
    /// When the oldest listed segment that ends exactly there was sent.
    pub(crate) at: Timestamp,
    /// Whether it was seen more than once.
    pub(crate) repeated: bool,
}

/// The lists of all connections.
#[derive(Debug)]
pub(crate) struct FlightPool {
    chunks: Chunks,
    forgotten: u64,
    /// Steps that walks through mixed lists may take before the lists are forgotten instead.
    steps_left: u32,
}

impl Default for FlightPool {
    fn default() -> Self {
        Self { chunks: Chunks::default(), forgotten: 0, steps_left: limits::FLIGHT_STEPS }
    }
}

impl FlightPool {
    /// Returns how many segments were not listed because there were too many, or forgotten for the cost of their order.
    pub(crate) const fn forgotten(&self) -> u64 {
        self.forgotten
    }

    /// Tells whether more than half of what there may be is in use.
    pub(crate) const fn is_scarce(&self) -> bool {
        self.chunks.used > limits::FLIGHT_CHUNKS / 2
    }

    /// Reads a field of the chunk that an acknowledgement of these looks at first, to have it at hand.
    #[inline]
    pub(crate) fn touched_line(&self, flight: &Flight) -> u8 {
        let Flight::Many { first, .. } = flight else { return 0 };
        self.chunks.get(*first).map_or(0, |chunk| chunk.begin)
    }

    /// Lists a segment as sent.
    #[inline]
    pub(crate) fn send(
        &mut self,
        flight: &mut Flight,
        first: SeqNumber,
        end: SeqNumber,
        at: Timestamp,
        repeats: bool,
    ) {
        let segment = Segment { first, end, at };
        let mut list = List::default();
        match *flight {
            Flight::Empty => {
                if let Some(one) = Flight::one(segment, repeats) {
                    *flight = one;
                    return;
                }
            }
            Flight::One { at, first, len, repeats } => {
                let one = Segment { first, end: first.plus(len.into()), at };
                if !self.list(&mut list, one, repeats) {
                    self.forgotten += 1;
                    return;
                }
            }
            Flight::Many { first, last, least, count, is_mixed } => {
                list = List { first, last, least, count, is_mixed };
            }
        }
        let is_hog = list.count >= limits::FLIGHT_WHEN_SCARCE && self.is_scarce();
        if is_hog || !self.list(&mut list, segment, repeats) {
            self.forgotten += 1;
        }
        *flight = list.into();
    }

    /// Takes out what is acknowledged and tells of the segment that ends exactly there.
    #[inline]
    pub(crate) fn acknowledge(
        &mut self,
        flight: &mut Flight,
        acknowledged: SeqNumber,
    ) -> Option<Acknowledged> {
        match *flight {
            Flight::Empty => None,
            Flight::One { at, first, len, repeats } => {
                let end = first.plus(len.into());
                if end.is_after(acknowledged) {
                    if acknowledged.is_after(first) {
                        *flight = Flight::one(Segment { first: acknowledged, end, at }, repeats)?;
                    }
                    return None;
                }
                *flight = Flight::Empty;
                (end == acknowledged).then_some(Acknowledged { at, repeated: repeats })
            }
            Flight::Many { first, last, least, count, is_mixed } => {
                let mut list = List { first, last, least, count, is_mixed };
                let found = self.acknowledge_many(&mut list, acknowledged);
                *flight = list.into();
                found
            }
        }
    }

    /// Gives back a whole list.
    pub(crate) fn release(&mut self, flight: &mut Flight) {
        if let Flight::Many { first, .. } = *flight {
            self.chunks.give_back_all(first);
        }
        *flight = Flight::Empty;
    }

    #[inline]
    fn acknowledge_many(&mut self, list: &mut List, acknowledged: SeqNumber) -> Option<Acknowledged> {
        let refilled = self.steps_left.saturating_add(limits::FLIGHT_STEPS_EACH);
        self.steps_left = refilled.min(limits::FLIGHT_STEPS);
        let front = self.chunks.get(list.first)?;
        if list.is_mixed {
            if list.least.distance_from(acknowledged) <= HALF.saturating_sub(front.span) && front.span < HALF
            {
                // It lies before all of them.
                return None;
            }
            return self.sift(list, acknowledged);
        }
        if acknowledged.distance_from(front.at(front.begin)?.first) < HALF {
            return self.take_from_front(list, acknowledged);
        }
        let last = self.chunks.get(list.last)?;
        let back = last.at(last.end.saturating_sub(1))?;
        if back.end.distance_from(acknowledged) <= HALF {
            // As above; half the space away, too, its end comes after.
            return None;
        }
        self.sift(list, acknowledged)
    }

    /// Takes segments in order of their sequence numbers, which is that of their sending.
    fn take_from_front(&mut self, list: &mut List, acknowledged: SeqNumber) -> Option<Acknowledged> {
        while let Some(chunk) = self.chunks.chunk(list.first) {
            let (id, next) = (list.first, chunk.next);
            while chunk.begin < chunk.end {
                let (place, repeats) = (usize::from(chunk.begin), chunk.repeats(chunk.begin));
                let front = chunk.segments.get_mut(place)?;
                if front.end.is_after(acknowledged) {
                    if acknowledged.is_after(front.first) {
                        front.first = acknowledged;
                    }
                    return None;
                }
                let found = (front.end == acknowledged).then_some(front.at);
                chunk.begin += 1;
                list.count -= 1;
                if let Some(at) = found {
                    let is_empty = chunk.begin == chunk.end;
                    if is_empty {
                        self.drop_front(list, id, next);
                    }
                    return Some(Acknowledged { at, repeated: repeats });
                }
            }
            self.drop_front(list, id, next);
        }
        None
    }

    fn drop_front(&mut self, list: &mut List, id: ChunkId, next: ChunkId) {
        self.chunks.give_back(id);
        list.first = next;
        if next == ChunkId::NONE {
            *list = List::default();
        }
    }

    /// Looks at every segment: copies lie among them, or the acknowledgement lies half the sequence space away.
    ///
    /// Where a sender has this done so often that it would take the others' time, the list is forgotten.
    fn sift(&mut self, list: &mut List, acknowledged: SeqNumber) -> Option<Acknowledged> {
        let Some(steps_left) = self.steps_left.checked_sub(list.count.into()) else {
            self.forgotten += u64::from(list.count);
            self.chunks.give_back_all(list.first);
            *list = List::default();
            return None;
        };
        self.steps_left = steps_left;
        let (mut found, mut holding) = (None, 0_u32);
        let mut kept = List::default();
        // All that stays lies within half the space beyond the acknowledgement, and so has a least and a greatest.
        let (mut least, mut greatest) = (u32::MAX, 0);
        let mut into = Place { chunk: list.first, at: 0 };
        let mut before = None;
        let mut id = list.first;
        while let Some(&chunk) = self.chunks.get(id) {
            for place in chunk.begin..chunk.end {
                let Some(mut segment) = chunk.at(place).copied() else { continue };
                let repeats = chunk.repeats(place);
                holding += u32::from(segment.ends_or_holds(acknowledged));
                if segment.end == acknowledged {
                    found = found.or(Some((segment.at, repeats)));
                    continue;
                }
                if acknowledged.is_after(segment.first) && acknowledged.is_at_or_before(segment.end) {
                    segment.first = acknowledged;
                } else if !segment.end.is_after(acknowledged) {
                    continue;
                }
                into = self.keep(into, segment, repeats);
                kept.note(segment, before.unwrap_or(segment.first));
                least = least.min(segment.first.distance_from(acknowledged));
                greatest = greatest.max(segment.end.distance_from(acknowledged));
                before = Some(segment.end);
            }
            id = chunk.next;
        }
        kept.least = acknowledged.plus(least);
        self.close(list, kept, into, greatest.saturating_sub(least));
        found.map(|(at, repeats)| Acknowledged { at, repeated: repeats || holding > 1 })
    }

    /// Writes a segment that stays at or before the place where it was read.
    fn keep(&mut self, into: Place, segment: Segment, repeats: bool) -> Place {
        let mut into = into;
        if usize::from(into.at) >= IN_CHUNK {
            let next = self.chunks.get(into.chunk).map_or(ChunkId::NONE, |chunk| chunk.next);
            into = Place { chunk: next, at: 0 };
        }
        if let Some(chunk) = self.chunks.chunk(into.chunk) {
            chunk.begin = 0;
            chunk.end = into.at + 1;
            chunk.put(into.at, segment, repeats);
        }
        Place { at: into.at + 1, ..into }
    }

    /// Ends a list after what stays in it.
    fn close(&mut self, list: &mut List, kept: List, into: Place, span: u32) {
        if kept.count == 0 {
            self.chunks.give_back_all(list.first);
            *list = List::default();
            return;
        }
        let beyond = match self.chunks.chunk(into.chunk) {
            Some(last) => std::mem::replace(&mut last.next, ChunkId::NONE),
            None => ChunkId::NONE,
        };
        self.chunks.give_back_all(beyond);
        *list = List { first: list.first, last: into.chunk, ..kept };
        if let Some(front) = self.chunks.chunk(list.first) {
            front.span = span;
        }
    }

    /// Puts a segment at the end of a list; false where there is no chunk for it.
    #[inline]
    fn list(&mut self, list: &mut List, segment: Segment, repeats: bool) -> bool {
        let last = self.chunks.get(list.last);
        let before = last.and_then(|last| last.at(last.end.saturating_sub(1))).map(|last| last.end);
        if last.is_none_or(|last| usize::from(last.end) >= IN_CHUNK) && !self.append(list) {
            return false;
        }
        if let Some(last) = self.chunks.chunk(list.last) {
            last.put(last.end, segment, repeats);
            last.end += 1;
        }
        let was_mixed = list.is_mixed;
        list.note(segment, before.unwrap_or(segment.first));
        if list.is_mixed {
            self.widen(list, segment, before.filter(|_| !was_mixed));
        }
        true
    }

    /// Takes a segment into the bounds of a mixed list, which was in order up to `ordered_to`, or mixed before.
    fn widen(&mut self, list: &mut List, segment: Segment, ordered_to: Option<SeqNumber>) {
        let (count, least) = (list.count, list.least);
        let Some(front) = self.chunks.chunk(list.first) else { return };
        let first = front.at(front.begin).map_or(segment.first, |front| front.first);
        let (least, span) = match ordered_to {
            _ if count == 1 => (segment.first, segment.end.distance_from(segment.first)),
            Some(end) => (first, end.distance_from(first)),
            None => (least, front.span),
        };
        let ahead = segment.first.distance_from(least);
        let (new_least, reach) = if ahead < HALF {
            (least, span.max(ahead.saturating_add(segment.end.distance_from(segment.first))))
        } else {
            let behind = least.distance_from(segment.first);
            (segment.first, span.saturating_add(behind).max(segment.end.distance_from(segment.first)))
        };
        list.least = new_least;
        front.span = if reach < HALF { reach } else { WILD };
    }

    #[cold]
    fn append(&mut self, list: &mut List) -> bool {
        let Some(id) = self.chunks.reserve() else { return false };
        match self.chunks.chunk(list.last) {
            Some(last) => last.next = id,
            None => list.first = id,
        }
        list.last = id;
        true
    }
}

/// Where the next segment that stays is written.
#[derive(Clone, Copy)]
struct Place {
    chunk: ChunkId,
    at: u8,
}

impl List {
    /// Takes note of a segment behind one that ends at `before`.
    const fn note(&mut self, segment: Segment, before: SeqNumber) {
        self.count += 1;
        let follows = !segment.first.is_before(before) && segment.end.distance_from(before) <= STEP;
        self.is_mixed |= !follows;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(nanos: u64) -> Timestamp {
        Timestamp::from_nanos(nanos)
    }

    /// Lists segments, each sent a nanosecond after the one before, and acknowledges.
    fn acknowledged(segments: &[(u32, u32)], acknowledgements: &[u32]) -> (Vec<Option<(u64, bool)>>, u32) {
        let (mut pool, mut flight) = (FlightPool::default(), Flight::default());
        for (nanos, &(first, end)) in (1..).zip(segments) {
            pool.send(&mut flight, SeqNumber::new(first), SeqNumber::new(end), at(nanos), false);
        }
        let found = acknowledgements
            .iter()
            .map(|&number| pool.acknowledge(&mut flight, SeqNumber::new(number)))
            .map(|found| found.map(|found| (found.at.nanos(), found.repeated)))
            .collect();
        (found, pool.chunks.used)
    }

    #[test]
    fn an_acknowledgement_takes_what_it_passes_and_finds_what_ends_there() {
        let segments = [(0, 10), (10, 20), (20, 30), (30, 40), (40, 50)];
        let (found, used) = acknowledged(&segments, &[40, 40, 45, 50]);
        assert_eq!((found, used), (vec![Some((4, false)), None, None, Some((5, false))], 0));
    }

    #[test]
    fn an_acknowledgement_before_all_segments_takes_none_and_one_half_the_space_away_takes_those_it_passes() {
        assert_eq!(acknowledged(&[(100, 110)], &[50, 110]).0, [None, Some((1, false))]);
        // The first ends 2^31 - 1 ahead of 5 and stays; the second ends 2^31 + 9 ahead, which is behind.
        let half = 0x8000_0000;
        let segments = [(half - 10, half + 4), (half + 4, half + 14)];
        let (found, used) = acknowledged(&segments, &[5, half + 4, half + 14]);
        assert_eq!((found, used), (vec![None, Some((1, false)), None], 0));
    }

    #[test]
    fn the_oldest_of_two_copies_is_found_and_called_repeated() {
        let (found, used) = acknowledged(&[(0, 10), (10, 20), (0, 10), (20, 30)], &[10, 20, 30]);
        assert_eq!((found, used), (vec![Some((1, true)), Some((2, false)), Some((4, false))], 0));
    }

    #[test]
    fn a_copy_that_covers_more_makes_the_sample_ambiguous_too() {
        let (found, _) = acknowledged(&[(0, 10), (10, 20), (0, 20)], &[10, 20]);
        assert_eq!(found, [Some((1, true)), Some((2, true))]);
    }

    #[test]
    fn order_holds_across_the_wrap() {
        let start = u32::MAX - 14;
        let segments = [(start, start + 10), (start + 10, 5), (5, 15)];
        assert_eq!(acknowledged(&segments, &[5, 15]).0, [Some((2, false)), Some((3, false))]);
    }

    #[test]
    fn where_chunks_are_scarce_a_direction_lists_few_and_what_it_gives_back_is_used_again() {
        let (mut pool, mut hog) = (FlightPool::default(), Flight::default());
        pool.chunks.used = limits::FLIGHT_CHUNKS / 2 + 1;
        for number in 0..u32::from(limits::FLIGHT_WHEN_SCARCE) + 5 {
            let (first, end) = (SeqNumber::new(number * 10), SeqNumber::new(number * 10 + 10));
            pool.send(&mut hog, first, end, at(1), false);
        }
        assert_eq!((hog.count(), pool.forgotten()), (limits::FLIGHT_WHEN_SCARCE, 5));
        let chunks = pool.chunks.most_used();
        pool.release(&mut hog);
        assert_eq!((hog.count(), pool.chunks.used), (0, limits::FLIGHT_CHUNKS / 2 + 1));
        pool.send(&mut hog, SeqNumber::new(0), SeqNumber::new(10), at(1), false);
        assert_eq!(pool.chunks.most_used(), chunks);
    }

    #[test]
    fn a_segment_alone_takes_no_chunk_and_is_timed_where_there_is_none_left() {
        let mut pool = FlightPool::default();
        pool.chunks.used = limits::FLIGHT_CHUNKS;
        let (mut flight, number) = (Flight::default(), SeqNumber::new);
        pool.send(&mut flight, number(u32::MAX), number(9), at(1), false);
        // For a second one there is no room; the first stays, cut to what the other end still lacks.
        pool.send(&mut flight, number(9), number(19), at(2), false);
        assert_eq!((flight.count(), pool.forgotten()), (1, 1));
        assert_eq!(pool.acknowledge(&mut flight, number(4)), None);
        let found = pool.acknowledge(&mut flight, number(9));
        assert_eq!(found, Some(Acknowledged { at: at(1), repeated: false }));
        assert_eq!((flight.count(), pool.chunks.used), (0, limits::FLIGHT_CHUNKS));
    }

    #[test]
    fn a_segment_longer_than_65535_bytes_is_held_in_a_list() {
        let (found, used) = acknowledged(&[(0, 0x1_0000)], &[1, 0x1_0000]);
        assert_eq!((found, used), (vec![None, Some((1, false))], 0));
    }

    /// Lists 1,000 segments of 10 bytes from 1,000 on, every second of which overlaps the one before it.
    fn mixed() -> (FlightPool, Flight) {
        let (mut pool, mut flight) = (FlightPool::default(), Flight::default());
        for number in 0..1000_u32 {
            let first = SeqNumber::new(1000 + number * 10 - if number % 2 == 1 { 5 } else { 0 });
            pool.send(&mut flight, first, first.plus(10), at(number.into()), false);
        }
        (pool, flight)
    }

    #[test]
    fn acknowledgements_before_all_of_a_mixed_list_walk_through_none_of_it() {
        let (mut pool, mut flight) = mixed();
        for turn in 0..2000 {
            let number = SeqNumber::new(900 + turn % 2);
            assert_eq!(pool.acknowledge(&mut flight, number), None);
        }
        assert_eq!((flight.count(), pool.steps_left), (1000, limits::FLIGHT_STEPS));
    }

    #[test]
    fn an_acknowledgement_said_again_walks_once_however_it_alternates_with_older_ones() {
        let (mut pool, mut flight) = mixed();
        // 1,012 is in the second segment, 1,005 to 1,015; the first, to 1,010, is taken.
        for turn in 0..10 {
            let number = SeqNumber::new(if turn % 2 == 0 { 1012 } else { 1003 });
            assert_eq!(pool.acknowledge(&mut flight, number), None);
        }
        // The first of the ten walks through 1,000 segments; each of the nine after it gives back 64 steps.
        assert_eq!((flight.count(), pool.steps_left), (999, limits::FLIGHT_STEPS - 1000 + 9 * 64));
    }

    #[test]
    fn a_mixed_list_whose_walks_use_up_all_steps_is_forgotten_and_counted() {
        let (mut pool, mut flight) = mixed();
        pool.steps_left = 1000;
        // 1,064 steps allow for the walk through 1,000 segments; 64 + 64 do not for one through 999.
        assert_eq!(pool.acknowledge(&mut flight, SeqNumber::new(1012)), None);
        assert_eq!((flight.count(), pool.steps_left), (999, 64));
        assert_eq!(pool.acknowledge(&mut flight, SeqNumber::new(1013)), None);
        assert_eq!((flight.count(), pool.forgotten(), pool.chunks.used), (0, 999, 0));
    }

    /// The rule itself, of one segment after the other.
    fn by_the_rule(flight: &mut Vec<(Segment, bool)>, acknowledged: SeqNumber) -> Option<Acknowledged> {
        let holding = flight.iter().filter(|(segment, _)| segment.ends_or_holds(acknowledged)).count();
        let oldest = flight.iter().find(|(segment, _)| segment.end == acknowledged);
        let found = oldest.map(|&(segment, repeats)| (segment.at, repeats));
        flight.retain_mut(|(segment, _)| {
            let stays = segment.end.is_after(acknowledged);
            if stays && acknowledged.is_after(segment.first) {
                segment.first = acknowledged;
            }
            stays
        });
        found.map(|(at, repeats)| Acknowledged { at, repeated: repeats || holding > 1 })
    }

    /// A number below `bound`, from the upper bits of a linear congruential generator (Knuth's MMIX).
    fn drawn(state: &mut u64, bound: u32) -> u32 {
        *state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        u32::try_from(*state >> 33).unwrap() % bound
    }

    #[test]
    fn lists_are_acknowledged_as_by_the_rule_of_each_segment() {
        let rounds = 4000_u64;
        for round in 0..rounds {
            let mut state = round;
            let (mut pool, mut flight, mut plain) = (FlightPool::default(), Flight::default(), Vec::new());
            for nanos in 1..60 {
                // Mostly near each other across the wrap, now and then about half the space away.
                let far = [HALF, HALF - 30, 0, 0, 0, 0].get(drawn(&mut state, 6) as usize).copied().unwrap();
                let far = if round % 2 == 0 { 0 } else { far };
                let number = SeqNumber::new(u32::MAX - 20).plus(far).plus(drawn(&mut state, 60));
                if drawn(&mut state, 5) < 3 {
                    let end = number.plus(1 + drawn(&mut state, 30));
                    let repeats = drawn(&mut state, 2) == 1;
                    pool.send(&mut flight, number, end, at(nanos), repeats);
                    plain.push((Segment { first: number, end, at: at(nanos) }, repeats));
                } else {
                    let found = pool.acknowledge(&mut flight, number);
                    assert_eq!(found, by_the_rule(&mut plain, number), "round {round}, step {nanos}");
                }
                assert_eq!(usize::from(flight.count()), plain.len(), "round {round}, step {nanos}");
            }
            pool.release(&mut flight);
            assert_eq!(pool.chunks.used, 0);
        }
    }
}
