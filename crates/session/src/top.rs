//! The largest entries of a table.

/// The `N` largest entries of a table whose sums only grow: one can only come in when it is added to, so whoever adds
/// offers it here, and nobody ever looks through the table.
#[derive(Debug)]
pub(crate) struct Top<T, const N: usize> {
    entries: [Option<Ranking<T>>; N],
    /// The least size among them, once all places are taken.
    least: u64,
}

#[derive(Clone, Copy, Debug)]
struct Ranking<T> {
    entry: T,
    size: u64,
}

impl<T: Copy, const N: usize> Default for Top<T, N> {
    fn default() -> Self {
        Self { entries: [None; N], least: 0 }
    }
}

impl<T: Copy + PartialEq, const N: usize> Top<T, N> {
    /// Returns the entries, in no order.
    pub(crate) fn entries(&self) -> impl Iterator<Item = &T> {
        self.entries.iter().flatten().map(|ranking| &ranking.entry)
    }

    /// Tells whether an entry of this size would be among the largest.
    pub(crate) const fn would_take(&self, size: u64) -> bool {
        size >= self.least
    }

    /// Takes note that an entry has grown to `size`.
    pub(crate) fn offer(&mut self, entry: T, size: u64) {
        if !self.would_take(size) {
            return;
        }
        let is_it = |ranking: &Ranking<T>| ranking.entry == entry;
        let held = self.entries.iter().position(|place| place.as_ref().is_some_and(is_it));
        let smallest = || {
            let sizes = self.entries.iter().enumerate();
            sizes.min_by_key(|(_, place)| place.map_or(0, |ranking| ranking.size)).map(|(number, _)| number)
        };
        if let Some(place) = held.or_else(smallest).and_then(|number| self.entries.get_mut(number))
            && place.is_none_or(|ranking| is_it(&ranking) || size > ranking.size)
        {
            *place = Some(Ranking { entry, size });
        }
        self.least =
            self.entries.iter().map(|place| place.map_or(0, |ranking| ranking.size)).min().unwrap_or(0);
    }

    /// Drops the entries that have become something else.
    pub(crate) fn forget(&mut self, is_gone: impl Fn(&T) -> bool) {
        for place in &mut self.entries {
            if place.as_ref().is_some_and(|ranking| is_gone(&ranking.entry)) {
                *place = None;
                self.least = 0;
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sorted(top: &Top<u32, 3>) -> Vec<u32> {
        let mut entries: Vec<_> = top.entries().copied().collect();
        entries.sort_unstable();
        entries
    }

    #[test]
    fn keeps_the_largest_and_each_once() {
        let mut top = Top::default();
        for (entry, size) in [(1, 10), (2, 20), (1, 15), (3, 5), (4, 12), (5, 4)] {
            top.offer(entry, size);
        }
        assert_eq!(sorted(&top), [1, 2, 4]);
        top.forget(|&entry| entry == 2);
        top.offer(3, 5);
        assert_eq!(sorted(&top), [1, 3, 4]);
    }
}
