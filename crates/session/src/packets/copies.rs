//! Packets are copied into chunks.
//!
//! The measuring thread copies each packet once into the open chunk and takes no lock for it. What a tick publishes, readers see.
//! A chunk that is not full yet is published as a copy that grows with it: two such copies take turns, because the
//! one that readers see must not change. So a quiet line wastes nothing however often it is published, and a busy
//! one copies at most a chunk twice a tick.

use std::mem;
use std::sync::Arc;

use netsonde_dissect::Packet;
use netsonde_metrics::Verdict;

use super::chunk::Chunk;
use super::shelf::Shelf;

/// Copies of the newest packets.
#[derive(Debug)]
pub(super) struct Copies {
    /// Takes the packets; readers never see it.
    open: Chunk,
    /// The number of the first packet that readers do not see yet.
    unsealed: u64,
    /// Copies of the open chunk, or of earlier ones, that are not published; at most two.
    idle: Vec<Arc<Chunk>>,
    /// How many full chunks are published at most.
    full_chunks: usize,
    shelf: Arc<Shelf>,
}

impl Copies {
    /// The fewest chunks that work: the partial ones, a full one that is replaced and one that is not meanwhile.
    const FEWEST_CHUNKS: usize = Self::PARTIAL_CHUNKS + 2;
    /// Chunks that are not full ones: the open one and its two copies.
    const PARTIAL_CHUNKS: usize = 3;

    /// Makes an empty store that holds at most `bound_bytes`, but [`Self::FEWEST_CHUNKS`] at least; and what its
    /// readers see.
    pub(super) fn new(bound_bytes: usize) -> (Self, Arc<Shelf>) {
        let chunks = (bound_bytes / Chunk::BYTES).max(Self::FEWEST_CHUNKS);
        let full_chunks = chunks - Self::PARTIAL_CHUNKS;
        let shelf = Arc::new(Shelf::new(full_chunks));
        let idle = Vec::with_capacity(2);
        let readers = Arc::clone(&shelf);
        (Self { open: Chunk::starting(1), unsealed: 1, idle, full_chunks, shelf }, readers)
    }

    /// Keeps a copy of what was captured of a packet; readers see it after the next [`Self::seal`].
    ///
    /// A packet larger than a chunk is cut to what fits one, and its row says so.
    #[inline]
    pub(super) fn keep(&mut self, packet: &Packet<'_>, verdict: Verdict) {
        if !self.open.push(packet, verdict) {
            self.turn_over();
            self.open.push(packet, verdict);
        }
    }

    /// Shows readers what was kept since the last time.
    pub(super) fn seal(&mut self) {
        if self.unsealed == self.open.end() {
            return;
        }
        // A reader that still holds the copy keeps it; the store makes a new one.
        let unheld = self.idle.pop().and_then(|mut copy| Arc::get_mut(&mut copy).is_some().then_some(copy));
        let mut copy = unheld.unwrap_or_else(|| Arc::new(Chunk::starting(self.open.first())));
        if let Some(chunk) = Arc::get_mut(&mut copy) {
            chunk.catch_up(&self.open);
        }
        self.idle.extend(self.shelf.show(copy));
        self.unsealed = self.open.end();
    }

    /// Publishes the open chunk, which is full, in place of its copy, and opens another.
    #[cold]
    fn turn_over(&mut self) {
        let next = self.open.end();
        let oldest = self.shelf.take_oldest(self.full_chunks);
        let mut full = oldest.unwrap_or_else(|| Arc::new(Chunk::starting(next)));
        match Arc::get_mut(&mut full) {
            Some(unheld) => mem::swap(unheld, &mut self.open),
            None => full = Arc::new(mem::replace(&mut self.open, Chunk::starting(next))),
        }
        self.open.restart(next);
        self.idle.extend(self.shelf.add(full));
        self.unsealed = next;
    }
}

#[cfg(test)]
mod tests {
    use netsonde_dissect::LinkType;

    use super::*;

    #[test]
    fn chunk_that_a_reader_holds_stays_as_it_is() {
        let (mut store, shelf) = Copies::new(0);
        keep(&mut store, &[1]);
        store.seal();
        let held = shelf.chunk(1).unwrap();
        for round in 0..40_000_u32 {
            keep(&mut store, &round.to_be_bytes().repeat(50));
            if round % 100 == 0 {
                store.seal();
            }
        }
        assert_eq!((held.first(), held.end()), (1, 2));
        assert_eq!(held.packet(1).unwrap().packet.bytes, [1]);
        assert!(shelf.chunk(1).is_none());
        assert!(shelf.range().is_some_and(|(oldest, _)| oldest > 1));
    }

    fn keep(store: &mut Copies, bytes: &[u8]) {
        let verdict = Verdict::default();
        let wire_len = u32::try_from(bytes.len()).unwrap();
        store.keep(&Packet { at: None, link: LinkType::RAW, interface: 0, wire_len, bytes }, verdict);
    }
}
