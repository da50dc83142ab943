//! From a key's hash to its record: one cache line a look-up.

/// Marks a free place.
const FREE: u64 = 0;
/// Places of an empty index.
const SMALLEST: usize = 1 << 10;

/// An open-addressing table of 8-byte entries, each a 32-bit tag and a slot.
///
/// The tag is the upper half of the key's hash; its lower bits choose the place, so that growing needs no key, and
/// the whole of it is compared, so that another key's record is looked at once in billions of look-ups. General
/// hash tables keep tags and values apart: two cache misses where this has one (bench `push`, 200,000 flows).
#[derive(Clone, Debug)]
pub struct Index {
    entries: Vec<u64>,
    len: usize,
}

impl Default for Index {
    fn default() -> Self {
        Self { entries: vec![FREE; SMALLEST], len: 0 }
    }
}

impl Index {
    /// Returns the slot that is probably the key's, for fetching it ahead of its use.
    #[inline]
    pub fn guess(&self, hash: u64) -> Option<u32> {
        self.find(hash, |_| true)
    }

    /// Returns the key's slot; `is_it` tells whether a slot holds the key.
    #[inline]
    pub fn find(&self, hash: u64, mut is_it: impl FnMut(u32) -> bool) -> Option<u32> {
        let tag = tag(hash);
        let mut place = self.home(tag);
        loop {
            let entry = self.entry(place);
            if entry == FREE {
                return None;
            }
            let (held, slot) = parts(entry);
            if held == tag && is_it(slot) {
                return Some(slot);
            }
            place = self.next(place);
        }
    }

    /// Enters a slot whose key is not in the index.
    pub fn insert(&mut self, hash: u64, slot: u32) {
        if (self.len + 1) * 3 > self.entries.len() * 2 {
            self.grow();
        }
        self.put(entry(tag(hash), slot));
        self.len += 1;
    }

    /// Takes a slot out, moving later entries of its run up so that no look-up meets a gap before its key.
    pub fn remove(&mut self, hash: u64, slot: u32) {
        let wanted = entry(tag(hash), slot);
        let mut place = self.home(tag(hash));
        while self.entry(place) != wanted {
            if self.entry(place) == FREE {
                return;
            }
            place = self.next(place);
        }
        self.len -= 1;
        let mut gap = place;
        loop {
            place = self.next(place);
            let moving = self.entry(place);
            if moving == FREE {
                self.set(gap, FREE);
                return;
            }
            let home = self.home(parts(moving).0);
            if self.distance(home, place) >= self.distance(gap, place) {
                self.set(gap, moving);
                gap = place;
            }
        }
    }

    fn grow(&mut self) {
        let doubled = vec![FREE; self.entries.len() * 2];
        let entries = std::mem::replace(&mut self.entries, doubled);
        for entry in entries.into_iter().filter(|&entry| entry != FREE) {
            self.put(entry);
        }
    }

    fn put(&mut self, entry: u64) {
        let mut place = self.home(parts(entry).0);
        while self.entry(place) != FREE {
            place = self.next(place);
        }
        self.set(place, entry);
    }

    /// The number of places is a power of two.
    const fn mask(&self) -> usize {
        self.entries.len() - 1
    }

    #[inline]
    const fn home(&self, tag: u32) -> usize {
        tag as usize & self.mask()
    }

    #[inline]
    const fn next(&self, place: usize) -> usize {
        (place + 1) & self.mask()
    }

    /// How far `to` lies behind `from`, round the end.
    const fn distance(&self, from: usize, to: usize) -> usize {
        to.wrapping_sub(from) & self.mask()
    }

    #[inline]
    fn entry(&self, place: usize) -> u64 {
        self.entries.get(place).copied().unwrap_or(FREE)
    }

    fn set(&mut self, place: usize, entry: u64) {
        if let Some(held) = self.entries.get_mut(place) {
            *held = entry;
        }
    }
}

/// The upper half of a hash.
const fn tag(hash: u64) -> u32 {
    (hash >> 32) as u32
}

/// An entry is never [`FREE`]: slots count from 1 in it.
const fn entry(tag: u32, slot: u32) -> u64 {
    (tag as u64) << 32 | (slot.wrapping_add(1)) as u64
}

#[expect(clippy::cast_possible_truncation, reason = "an entry is two numbers of 32 bits")]
const fn parts(entry: u64) -> (u32, u32) {
    ((entry >> 32) as u32, (entry as u32).wrapping_sub(1))
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeMap;

    /// Hashes that crowd into few homes.
    fn crowded(key: u32) -> u64 {
        u64::from(key % 13) << 32 | u64::from(key / 13) << 52
    }

    #[test]
    fn finds_what_was_entered_and_not_what_was_removed() {
        let (mut index, mut model) = (Index::default(), BTreeMap::new());
        let mut random = 12_345_u32;
        for step in 0..20_000_u32 {
            random = random.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            let key = (random >> 8) % 600;
            if let Some(slot) = model.remove(&key) {
                index.remove(crowded(key), slot);
            } else {
                index.insert(crowded(key), step);
                model.insert(key, step);
            }
            let (asked, expected) = ((random >> 20) % 600, model.get(&((random >> 20) % 600)).copied());
            assert_eq!(index.find(crowded(asked), |slot| Some(slot) == expected), expected);
            assert_eq!(index.len, model.len());
        }
    }

    #[test]
    fn growing_keeps_every_entry() {
        let mut index = Index::default();
        let hash = |key: u32| u64::from(key.wrapping_mul(2_654_435_761)) << 32;
        for slot in 0..10_000 {
            index.insert(hash(slot), slot);
        }
        assert!((0..10_000).all(|slot| index.guess(hash(slot)) == Some(slot)));
    }
}
