//! A capped table of sums.

use std::hash::{BuildHasher, Hasher};
use std::net::IpAddr;

use foldhash::fast::RandomState;
use netsonde_flow::{Index, Slab};

/// How many entries are looked at to find a small one to drop.
const EVICTION_SAMPLE: u32 = 8;

/// What sums are kept by.
pub(crate) trait Key: Copy + Eq {
    /// Feeds the key to a hasher in few wide words.
    fn feed(&self, hasher: &mut impl Hasher);
}

impl Key for IpAddr {
    #[inline]
    fn feed(&self, hasher: &mut impl Hasher) {
        match self {
            Self::V4(address) => hasher.write_u32(address.to_bits()),
            Self::V6(address) => hasher.write_u128(address.to_bits()),
        }
    }
}

impl Key for (IpAddr, IpAddr) {
    #[inline]
    fn feed(&self, hasher: &mut impl Hasher) {
        self.0.feed(hasher);
        self.1.feed(hasher);
    }
}

/// A sum that has a size.
pub(crate) trait Weight: Copy + Default {
    /// Returns what entries are ranked by.
    fn weight(&self) -> u64;
}

/// Sums by key, at most a given number. When it is full, a small entry makes room, and is handed back.
#[derive(Debug)]
pub(crate) struct Ranked<K, V> {
    bound: u32,
    hasher: RandomState,
    index: Index,
    entries: Slab<(K, V)>,
    hand: u32,
}

/// Where an entry was found; to be checked by its key when used again.
pub(crate) type Place = u32;

impl<K: Key, V: Weight> Ranked<K, V> {
    pub(crate) fn new(bound: u32) -> Self {
        Self {
            bound: bound.max(1),
            hasher: RandomState::default(),
            index: Index::default(),
            entries: Slab::default(),
            hand: 0,
        }
    }

    pub(crate) const fn entries(&self) -> &Slab<(K, V)> {
        &self.entries
    }

    /// Returns the sum of a key, if it is held.
    pub(crate) fn find(&self, key: &K) -> Option<&V> {
        self.entries.get(self.place_of(key)?).map(|(_, value)| value)
    }

    /// Returns where the entry of a key is, if it is held.
    pub(crate) fn place_of(&self, key: &K) -> Option<Place> {
        self.index.find(self.hash(key), |place| self.is_held_at(place, key))
    }

    /// Returns the entry at a place, to be changed.
    pub(crate) fn get_mut(&mut self, place: Place) -> Option<&mut (K, V)> {
        self.entries.get_mut(place)
    }

    pub(crate) fn get(&self, place: Place) -> Option<&(K, V)> {
        self.entries.get(place)
    }

    /// Returns where a key's entry probably is, if it has one, to be fetched before it is asked for.
    #[inline]
    pub(crate) fn guess(&self, key: &K) -> Option<Place> {
        self.index.guess(self.hash(key))
    }

    /// Reads an entry, to have it at hand.
    #[inline]
    pub(crate) fn fetch(&self, place: Option<Place>) {
        if let Some((_, value)) = place.and_then(|place| self.entries.get(place)) {
            std::hint::black_box(value.weight());
        }
    }

    /// Finds or makes the entry for a key, trying `hint` first. Tells what made room for it, if anything had to.
    pub(crate) fn entry(&mut self, key: K, hint: Place) -> (Place, Option<&mut V>, Option<(K, V)>) {
        let (place, dropped) = match self.entries.get(hint) {
            Some((held, _)) if *held == key => (hint, None),
            _ => self.find_or_insert(key),
        };
        (place, self.entries.get_mut(place).map(|(_, value)| value), dropped)
    }

    fn find_or_insert(&mut self, key: K) -> (Place, Option<(K, V)>) {
        let hash = self.hash(&key);
        if let Some(place) = self.index.find(hash, |place| self.is_held_at(place, &key)) {
            return (place, None);
        }
        let (place, dropped) = if self.entries.len() < self.bound {
            (self.entries.push((key, V::default())), None)
        } else {
            self.replace_a_small_one(key)
        };
        self.index.insert(hash, place);
        (place, dropped)
    }

    fn is_held_at(&self, place: Place, key: &K) -> bool {
        self.entries.get(place).is_some_and(|(held, _)| held == key)
    }

    fn replace_a_small_one(&mut self, key: K) -> (Place, Option<(K, V)>) {
        let sample = (0..EVICTION_SAMPLE).map(|step| (self.hand + step) % self.bound);
        let place = sample
            .min_by_key(|&place| self.entries.get(place).map_or(u64::MAX, |(_, value)| value.weight()))
            .unwrap_or(0);
        self.hand = (self.hand + EVICTION_SAMPLE) % self.bound;
        let dropped = self.entries.get_mut(place).map(|entry| std::mem::replace(entry, (key, V::default())));
        if let Some((held, _)) = &dropped {
            self.index.remove(self.hash(held), place);
        }
        (place, dropped)
    }

    #[inline]
    fn hash(&self, key: &K) -> u64 {
        let mut hasher = self.hasher.build_hasher();
        key.feed(&mut hasher);
        hasher.finish()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn host(number: u8) -> IpAddr {
        [192, 0, 2, number].into()
    }

    fn add(table: &mut Ranked<IpAddr, u64>, number: u8, amount: u64) -> Option<(IpAddr, u64)> {
        let (_, value, dropped) = table.entry(host(number), 0);
        *value.unwrap() += amount;
        dropped
    }

    fn entries(table: &Ranked<IpAddr, u64>) -> Vec<(IpAddr, u64)> {
        table.entries().iter().copied().collect()
    }

    #[test]
    fn sums_by_key_whatever_the_hint() {
        let mut table = Ranked::new(4);
        for (number, amount) in [(7, 1), (8, 2), (7, 3)] {
            assert_eq!(add(&mut table, number, amount), None);
        }
        assert_eq!(entries(&table), [(host(7), 4), (host(8), 2)]);
    }

    #[test]
    fn the_smallest_makes_room_and_is_handed_back() {
        let mut table = Ranked::new(3);
        for (number, amount) in [(1, 10), (2, 5), (3, 20)] {
            add(&mut table, number, amount);
        }
        assert_eq!(add(&mut table, 4, 1), Some((host(2), 5)));
        assert_eq!(add(&mut table, 1, 1), None);
        assert_eq!(entries(&table), [(host(1), 11), (host(4), 1), (host(3), 20)]);
    }
}
