//! A table with one value for each member of an enumeration.

use std::marker::PhantomData;
use std::ops::{Index, IndexMut};

/// An enumeration whose members number 0 to N - 1.
pub trait PerKey: Copy {
    /// Returns the member's number.
    fn number(self) -> usize;
}

/// One value for each member of the enumeration `K` of `N` members.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Per<K, V, const N: usize> {
    values: [V; N],
    key: PhantomData<K>,
}

impl<K, V: Copy + Default, const N: usize> Default for Per<K, V, N> {
    fn default() -> Self {
        Self { values: [V::default(); N], key: PhantomData }
    }
}

impl<K, V, const N: usize> Per<K, V, N> {
    /// Returns the values in the order of their members.
    pub const fn values(&self) -> &[V; N] {
        &self.values
    }

    /// Combines each value with the one for the same member in `other`.
    pub fn zip_with(&mut self, other: &Self, mut combine: impl FnMut(&mut V, &V)) {
        for (mine, theirs) in self.values.iter_mut().zip(&other.values) {
            combine(mine, theirs);
        }
    }
}

#[expect(clippy::indexing_slicing, reason = "N is the number of members of K, so every number is below it")]
impl<K: PerKey, V, const N: usize> Index<K> for Per<K, V, N> {
    type Output = V;
    #[inline]
    fn index(&self, key: K) -> &V {
        &self.values[key.number()]
    }
}

#[expect(clippy::indexing_slicing, reason = "N is the number of members of K, so every number is below it")]
impl<K: PerKey, V, const N: usize> IndexMut<K> for Per<K, V, N> {
    #[inline]
    fn index_mut(&mut self, key: K) -> &mut V {
        &mut self.values[key.number()]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(Clone, Copy)]
    enum Coin {
        Heads,
        Tails,
    }

    impl PerKey for Coin {
        fn number(self) -> usize {
            self as usize
        }
    }

    #[test]
    fn each_member_has_its_own_value() {
        let mut counts: Per<Coin, u32, 2> = Per::default();
        counts[Coin::Tails] += 3;
        assert_eq!((counts[Coin::Heads], counts[Coin::Tails]), (0, 3));
        let other = counts;
        counts.zip_with(&other, |mine, theirs| *mine += theirs);
        assert_eq!(counts.values(), &[0, 6]);
    }
}
