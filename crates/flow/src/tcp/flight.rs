//! Segments that were sent and not yet acknowledged, in the order of sending.
//!
//! Copies stay, each with its own time: which one an acknowledgement is measured from is a rule of the judge's, not of
//! the list's.

use netsonde_units::{SeqNumber, Timestamp};

use crate::Slab;
use crate::limits;

/// Segments in a chunk: with what links it, one cache line.
const IN_CHUNK: usize = 3;

/// Half of the sequence space: nearer than this, order is what it seems.
const HALF: u32 = 1 << 31;

/// How far each segment may reach beyond the one before it so that a whole list, in order, spans less than half of the
/// sequence space. The widest frame there is reaches a third of it.
const STEP: u32 = HALF / limits::FLIGHT as u32;

/// A segment in flight.
#[derive(Clone, Copy, Debug, Default)]
struct Segment {
    first: SeqNumber,
    end: SeqNumber,
    at: Timestamp,
}

impl Segment {
    /// Tells whether the last byte before `acknowledged` is in it.
    const fn ends_or_holds(&self, acknowledged: SeqNumber) -> bool {
        self.first.is_before(acknowledged) && acknowledged.is_at_or_before(self.end)
    }
}

/// Which list of the pool belongs to a direction.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Flight {
    first: ChunkId,
    last: ChunkId,
    count: u16,
    /// A segment does not follow from the one before it, so that acknowledgements look at all of them.
    is_mixed: bool,
}

impl Flight {
    /// Tells whether another segment may be listed.
    pub(crate) const fn has_room(&self) -> bool {
        self.count < limits::FLIGHT
    }
}

/// A chunk by its number, from 1; 0 for none.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
struct ChunkId(u32);

impl ChunkId {
    const NONE: Self = Self(0);
}

/// A stretch of a list.
#[derive(Clone, Copy, Debug, Default)]
#[repr(align(64))]
struct Chunk {
    segments: [Segment; IN_CHUNK],
    next: ChunkId,
    begin: u8,
    end: u8,
    /// Which of them repeat what was seen before.
    repeats: [bool; IN_CHUNK],
}

const _: () = assert!(size_of::<Chunk>() == 64);

impl Chunk {
    fn at(&self, place: u8) -> Option<&Segment> {
        self.segments.get(usize::from(place))
    }

    fn repeats(&self, place: u8) -> bool {
        self.repeats.get(usize::from(place)).copied().unwrap_or_default()
    }

    fn put(&mut self, place: u8, segment: Segment, repeats: bool) {
        let place = usize::from(place);
        if let (Some(held), Some(mark)) = (self.segments.get_mut(place), self.repeats.get_mut(place)) {
            (*held, *mark) = (segment, repeats);
        }
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

/// The lists of all connections: chunks that are used again.
#[derive(Debug, Default)]
pub(crate) struct FlightPool {
    chunks: Slab<Chunk>,
    free: ChunkId,
    used: u32,
    forgotten: u64,
}

impl FlightPool {
    /// Returns how many segments were not listed because there were too many.
    pub(crate) const fn forgotten(&self) -> u64 {
        self.forgotten
    }

    /// Tells whether more than half of what there may be is in use.
    pub(crate) const fn is_scarce(&self) -> bool {
        self.used > limits::FLIGHT_CHUNKS / 2
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
        if self.is_scarce() && flight.count >= limits::FLIGHT_WHEN_SCARCE {
            self.forgotten += 1;
            return;
        }
        let segment = Segment { first, end, at };
        let Some(last) = self.chunk(flight.last) else {
            return self.append(flight, segment, repeats, first);
        };
        let before = last.at(last.end.saturating_sub(1)).map_or(first, |last| last.end);
        if usize::from(last.end) >= IN_CHUNK {
            return self.append(flight, segment, repeats, before);
        }
        let place = last.end;
        last.end += 1;
        last.put(place, segment, repeats);
        flight.note(segment, before);
    }

    /// Takes out what is acknowledged and tells of the segment that ends exactly there.
    #[inline]
    pub(crate) fn acknowledge(
        &mut self,
        flight: &mut Flight,
        acknowledged: SeqNumber,
    ) -> Option<Acknowledged> {
        if flight.count == 0 {
            return None;
        }
        if flight.is_mixed {
            return self.sift(flight, acknowledged);
        }
        let front = *self.front(flight)?;
        if acknowledged.distance_from(front.first) < HALF {
            return self.take_from_front(flight, acknowledged);
        }
        let last = self.chunk(flight.last)?;
        let back = *last.at(last.end.saturating_sub(1))?;
        if back.end.distance_from(acknowledged) < HALF {
            // It lies before all of them.
            return None;
        }
        self.sift(flight, acknowledged)
    }

    /// Gives back a whole list.
    pub(crate) fn release(&mut self, flight: &mut Flight) {
        let mut id = flight.first;
        while let Some(chunk) = self.chunk(id) {
            let next = chunk.next;
            self.give_back(id);
            id = next;
        }
        *flight = Flight::default();
    }

    /// Takes segments in order of their sequence numbers, which is that of their sending.
    fn take_from_front(&mut self, flight: &mut Flight, acknowledged: SeqNumber) -> Option<Acknowledged> {
        while let Some(chunk) = self.chunk(flight.first) {
            let (id, next) = (flight.first, chunk.next);
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
                flight.count -= 1;
                if let Some(at) = found {
                    let is_empty = chunk.begin == chunk.end;
                    if is_empty {
                        self.drop_front(flight, id, next);
                    }
                    return Some(Acknowledged { at, repeated: repeats });
                }
            }
            self.drop_front(flight, id, next);
        }
        None
    }

    fn drop_front(&mut self, flight: &mut Flight, id: ChunkId, next: ChunkId) {
        self.give_back(id);
        flight.first = next;
        if next == ChunkId::NONE {
            *flight = Flight::default();
        }
    }

    /// Looks at every segment: copies lie among them, or the acknowledgement lies half the sequence space away.
    fn sift(&mut self, flight: &mut Flight, acknowledged: SeqNumber) -> Option<Acknowledged> {
        let (mut found, mut holding) = (None, 0_u32);
        let mut kept = Flight::default();
        let mut into = Place { chunk: flight.first, at: 0 };
        let mut before = None;
        let mut id = flight.first;
        while let Some(&chunk) = self.chunk(id).map(|chunk| &*chunk) {
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
                before = Some(segment.end);
            }
            id = chunk.next;
        }
        self.close(flight, kept, into);
        found.map(|(at, repeats)| Acknowledged { at, repeated: repeats || holding > 1 })
    }

    /// Writes a segment that stays at or before the place where it was read.
    fn keep(&mut self, into: Place, segment: Segment, repeats: bool) -> Place {
        let mut into = into;
        if usize::from(into.at) >= IN_CHUNK {
            let next = self.chunk(into.chunk).map_or(ChunkId::NONE, |chunk| chunk.next);
            into = Place { chunk: next, at: 0 };
        }
        if let Some(chunk) = self.chunk(into.chunk) {
            chunk.begin = 0;
            chunk.end = into.at + 1;
            chunk.put(into.at, segment, repeats);
        }
        Place { at: into.at + 1, ..into }
    }

    /// Ends a list after what stays in it.
    fn close(&mut self, flight: &mut Flight, kept: Flight, into: Place) {
        if kept.count == 0 {
            return self.release(flight);
        }
        let beyond = match self.chunk(into.chunk) {
            Some(last) => std::mem::replace(&mut last.next, ChunkId::NONE),
            None => ChunkId::NONE,
        };
        self.release(&mut Flight { first: beyond, ..Flight::default() });
        *flight = Flight { first: flight.first, last: into.chunk, ..kept };
    }

    #[cold]
    fn append(&mut self, flight: &mut Flight, segment: Segment, repeats: bool, before: SeqNumber) {
        let Some(id) = self.reserve() else {
            self.forgotten += 1;
            return;
        };
        if let Some(chunk) = self.chunk(id) {
            *chunk = Chunk { end: 1, ..Chunk::default() };
            chunk.put(0, segment, repeats);
        }
        match self.chunk(flight.last) {
            Some(last) => last.next = id,
            None => flight.first = id,
        }
        flight.last = id;
        flight.note(segment, before);
    }

    fn reserve(&mut self) -> Option<ChunkId> {
        if self.used >= limits::FLIGHT_CHUNKS {
            return None;
        }
        self.used += 1;
        if let Some(&mut Chunk { next, .. }) = self.chunk(self.free) {
            return Some(std::mem::replace(&mut self.free, next));
        }
        Some(ChunkId(self.chunks.push(Chunk::default()).saturating_add(1)))
    }

    fn give_back(&mut self, id: ChunkId) {
        let free = self.free;
        if let Some(chunk) = self.chunk(id) {
            chunk.next = free;
            self.free = id;
            self.used -= 1;
        }
    }

    fn front(&self, flight: &Flight) -> Option<&Segment> {
        let chunk = self.chunks.get(flight.first.0.checked_sub(1)?)?;
        chunk.at(chunk.begin)
    }

    fn chunk(&mut self, id: ChunkId) -> Option<&mut Chunk> {
        self.chunks.get_mut(id.0.checked_sub(1)?)
    }
}

/// Where the next segment that stays is written.
#[derive(Clone, Copy)]
struct Place {
    chunk: ChunkId,
    at: u8,
}

impl Flight {
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
        (found, pool.used)
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
        pool.used = limits::FLIGHT_CHUNKS / 2 + 1;
        for number in 0..u32::from(limits::FLIGHT_WHEN_SCARCE) + 5 {
            let (first, end) = (SeqNumber::new(number * 10), SeqNumber::new(number * 10 + 10));
            pool.send(&mut hog, first, end, at(1), false);
        }
        assert_eq!((hog.count, pool.forgotten()), (limits::FLIGHT_WHEN_SCARCE, 5));
        let chunks = pool.chunks.len();
        pool.release(&mut hog);
        assert_eq!((hog.count, pool.used), (0, limits::FLIGHT_CHUNKS / 2 + 1));
        pool.send(&mut hog, SeqNumber::new(0), SeqNumber::new(10), at(1), false);
        assert_eq!(pool.chunks.len(), chunks);
    }
}
