//! The beginning of a stream, or a message in pieces, of which something is missing.

use netsonde_units::SeqNumber;

use crate::gathered::Gathered;

/// A hello of two kilobytes of which every second byte came has as many runs.
const MAX_RUNS: usize = 1024;
/// What noting a run takes.
const RUN: usize = size_of::<(usize, usize)>();

/// What has come.
#[derive(Debug)]
pub(super) struct Held {
    /// Tells it from one before for the same speaker.
    pub(super) number: u64,
    /// How many bytes there must be before it is worth reading.
    pub(super) needed: usize,
    begins: SeqNumber,
    gathered: Gathered,
}

impl Held {
    /// Holds nothing yet of what begins at `begins`.
    pub(super) fn new(number: u64, begins: SeqNumber, needed: usize) -> Self {
        Self { number, needed, begins, gathered: Gathered::default() }
    }

    /// Tells whether it is the message of that number and length.
    pub(super) fn is(&self, begins: SeqNumber, needed: usize) -> bool {
        self.begins == begins && self.needed == needed
    }

    /// Returns how many bytes it takes, gaps included.
    pub(super) const fn len(&self) -> usize {
        self.gathered.len()
    }

    /// Returns how much memory it takes.
    pub(super) const fn weight(&self) -> usize {
        size_of::<Self>() + self.len() + self.gathered.runs() * RUN
    }

    /// Returns the bytes before the first gap.
    pub(super) fn front(&self) -> &[u8] {
        self.gathered.front()
    }

    /// Adds bytes; what lies before the beginning is left out. Tells whether there was room.
    pub(super) fn add(&mut self, first: SeqNumber, bytes: &[u8], room: usize) -> bool {
        let distance = |to: SeqNumber, from| usize::try_from(to.distance_from(from)).unwrap_or(usize::MAX);
        let (offset, bytes) = if first.is_before(self.begins) {
            (0, bytes.get(distance(self.begins, first)..).unwrap_or_default())
        } else {
            (distance(first, self.begins), bytes)
        };
        if bytes.is_empty() {
            return true;
        }
        offset.saturating_add(bytes.len()) <= room
            && self.gathered.put(offset, bytes).is_some()
            && self.gathered.runs() <= MAX_RUNS
    }
}
