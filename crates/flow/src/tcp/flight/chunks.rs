//! Where lists of segments are kept: chunks of a few, used again.

use netsonde_units::{SeqNumber, Timestamp};

use crate::Slab;
use crate::limits;

/// Segments in a chunk: with what links it, one cache line.
pub(super) const IN_CHUNK: usize = 3;

/// A segment in flight.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Segment {
    pub(super) first: SeqNumber,
    pub(super) end: SeqNumber,
    pub(super) at: Timestamp,
}

impl Segment {
    /// Tells whether the last byte before `acknowledged` is in it.
    pub(super) const fn ends_or_holds(&self, acknowledged: SeqNumber) -> bool {
        self.first.is_before(acknowledged) && acknowledged.is_at_or_before(self.end)
    }
}

/// A chunk by its number, from 1; 0 for none.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct ChunkId(u32);

impl ChunkId {
    pub(super) const NONE: Self = Self(0);
}

/// A stretch of a list.
#[derive(Clone, Copy, Debug, Default)]
#[repr(align(64))]
pub(super) struct Chunk {
    pub(super) segments: [Segment; IN_CHUNK],
    pub(super) next: ChunkId,
    /// In the first chunk of a mixed list, how far the list reaches beyond its least number.
    pub(super) span: u32,
    pub(super) begin: u8,
    pub(super) end: u8,
    /// Which of them repeat what was seen before.
    repeats: [bool; IN_CHUNK],
}

const _: () = assert!(size_of::<Chunk>() == 64);

impl Chunk {
    pub(super) fn at(&self, place: u8) -> Option<&Segment> {
        self.segments.get(usize::from(place))
    }

    pub(super) fn repeats(&self, place: u8) -> bool {
        self.repeats.get(usize::from(place)).copied().unwrap_or_default()
    }

    pub(super) fn put(&mut self, place: u8, segment: Segment, repeats: bool) {
        let place = usize::from(place);
        if let (Some(held), Some(mark)) = (self.segments.get_mut(place), self.repeats.get_mut(place)) {
            (*held, *mark) = (segment, repeats);
        }
    }
}

/// The chunks of all lists.
#[derive(Debug, Default)]
pub(super) struct Chunks {
    places: Slab<Chunk>,
    free: ChunkId,
    pub(super) used: u32,
}

impl Chunks {
    /// Takes an empty chunk, unless all that there may be are in use.
    pub(super) fn reserve(&mut self) -> Option<ChunkId> {
        if self.used >= limits::FLIGHT_CHUNKS {
            return None;
        }
        self.used += 1;
        if let Some(chunk) = self.chunk(self.free) {
            let next = std::mem::take(chunk).next;
            return Some(std::mem::replace(&mut self.free, next));
        }
        Some(ChunkId(self.places.push(Chunk::default()).saturating_add(1)))
    }

    pub(super) fn give_back(&mut self, id: ChunkId) {
        let free = self.free;
        if let Some(chunk) = self.chunk(id) {
            chunk.next = free;
            self.free = id;
            self.used -= 1;
        }
    }

    /// Gives back a chunk and all that follow it.
    pub(super) fn give_back_all(&mut self, first: ChunkId) {
        let mut id = first;
        while let Some(chunk) = self.chunk(id) {
            let next = chunk.next;
            self.give_back(id);
            id = next;
        }
    }

    pub(super) fn get(&self, id: ChunkId) -> Option<&Chunk> {
        self.places.get(id.0.checked_sub(1)?)
    }

    pub(super) fn chunk(&mut self, id: ChunkId) -> Option<&mut Chunk> {
        self.places.get_mut(id.0.checked_sub(1)?)
    }

    /// Returns how many chunks were ever in use at once.
    #[cfg(test)]
    pub(super) const fn most_used(&self) -> u32 {
        self.places.len()
    }
}
