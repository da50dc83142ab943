//! Remembers which conversations were evicted, so that one that speaks again is not counted twice.

use std::hash::BuildHasherDefault;

use hashbrown::HashSet;

/// Passes a 64-bit hash through.
#[derive(Clone, Copy, Debug, Default)]
struct Identity(u64);

impl std::hash::Hasher for Identity {
    fn finish(&self) -> u64 {
        self.0
    }
    fn write(&mut self, bytes: &[u8]) {
        for byte in bytes {
            self.0 = self.0.rotate_left(8) ^ u64::from(*byte);
        }
    }
    fn write_u64(&mut self, hash: u64) {
        self.0 = hash;
    }
}

type Fingerprints = HashSet<u64, BuildHasherDefault<Identity>>;

/// The keys of evicted conversations as 64-bit hashes, in two generations: when the younger one is full the older
/// one is forgotten.
#[derive(Debug)]
pub(crate) struct Departed {
    young: Fingerprints,
    old: Fingerprints,
    generation: usize,
}

impl Departed {
    pub(crate) fn new(bound: u32) -> Self {
        let generation = usize::try_from(bound / 2).unwrap_or(usize::MAX).max(1);
        Self { young: Fingerprints::default(), old: Fingerprints::default(), generation }
    }

    pub(crate) fn insert(&mut self, hash: u64) {
        if self.young.len() >= self.generation {
            std::mem::swap(&mut self.young, &mut self.old);
            self.young.clear();
        }
        self.young.insert(hash);
    }

    /// Takes a key out; true where it was there.
    pub(crate) fn take(&mut self, hash: u64) -> bool {
        if self.young.is_empty() && self.old.is_empty() {
            return false;
        }
        self.young.remove(&hash) || self.old.remove(&hash)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_departed_key_comes_back_once() {
        let mut departed = Departed::new(4);
        departed.insert(7);
        assert!(departed.take(7));
        assert!(!departed.take(7));
    }

    #[test]
    fn the_older_generation_is_forgotten_at_the_bound() {
        let mut departed = Departed::new(4);
        for key in 1..=5 {
            departed.insert(key);
        }
        assert!(!departed.take(1));
        assert!(departed.take(3));
        assert!(departed.take(5));
    }
}
