//! Where the writer puts chunks and readers find them.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex, MutexGuard};

use super::chunk::Chunk;
use crate::lock;

/// The published chunks.
///
/// A lock, not a list swapped as a whole: to swap a list the writer would allocate one for each publication. Whoever
/// holds the lock moves or clones one pointer, after a binary search among at most some thousand chunks, and
/// allocates nothing; the writer comes here at a tick and once for each mebibyte, never for a packet.
#[derive(Debug)]
pub(super) struct Shelf {
    published: Mutex<Published>,
}

/// No chunk here is empty, and their numbers follow each other.
#[derive(Debug)]
struct Published {
    full: VecDeque<Arc<Chunk>>,
    /// A copy of the open chunk as it was at the last tick.
    copy: Option<Arc<Chunk>>,
}

impl Shelf {
    /// Makes a shelf with room for so many full chunks.
    pub(super) fn new(full_chunks: usize) -> Self {
        let full = VecDeque::with_capacity(full_chunks);
        Self { published: Mutex::new(Published { full, copy: None }) }
    }

    /// Shows a copy of the open chunk in place of the one before, and returns that.
    pub(super) fn show(&self, copy: Arc<Chunk>) -> Option<Arc<Chunk>> {
        self.lock().copy.replace(copy)
    }

    /// Takes the oldest full chunk away if there are `full_chunks`.
    pub(super) fn take_oldest(&self, full_chunks: usize) -> Option<Arc<Chunk>> {
        let mut published = self.lock();
        if published.full.len() < full_chunks { None } else { published.full.pop_front() }
    }

    /// Adds a full chunk, whose copy goes and is returned.
    pub(super) fn add(&self, full: Arc<Chunk>) -> Option<Arc<Chunk>> {
        let mut published = self.lock();
        published.full.push_back(full);
        published.copy.take()
    }

    /// Returns the numbers of the oldest and of the newest packet.
    pub(super) fn range(&self) -> Option<(u64, u64)> {
        let published = self.lock();
        let oldest = published.full.front().or(published.copy.as_ref())?;
        let newest = published.copy.as_ref().or(published.full.back())?;
        Some((oldest.first(), newest.end() - 1))
    }

    /// Returns the chunk that holds the packet with this number.
    pub(super) fn chunk(&self, number: u64) -> Option<Arc<Chunk>> {
        let published = self.lock();
        let place = published.full.partition_point(|chunk| chunk.end() <= number);
        let chunk = published.full.get(place).or(published.copy.as_ref())?;
        chunk.contains(number).then(|| Arc::clone(chunk))
    }

    fn lock(&self) -> MutexGuard<'_, Published> {
        lock(&self.published)
    }
}
