//! Counts by number, of which senders may make up as many as they like.

/// Counts by number: the first `N` different ones, in their order, and all others together.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Counted<const N: usize> {
    counts: [(u32, u64); N],
    len: usize,
    others: u64,
}

impl<const N: usize> Default for Counted<N> {
    fn default() -> Self {
        Self { counts: [(0, 0); N], len: 0, others: 0 }
    }
}

impl<const N: usize> Counted<N> {
    /// Returns the numbers that were counted, the least first, each with its count.
    pub fn iter(&self) -> impl Iterator<Item = (u32, u64)> {
        self.counts.into_iter().take(self.len)
    }

    /// Returns how often there was a number for which there was no room.
    pub const fn others(&self) -> u64 {
        self.others
    }

    pub(crate) fn add(&mut self, number: u32, more: u64) {
        let listed = self.counts.get(..self.len).unwrap_or_default();
        match listed.binary_search_by_key(&number, |&(number, _)| number) {
            Ok(place) => {
                if let Some((_, count)) = self.counts.get_mut(place) {
                    *count += more;
                }
            }
            Err(place) if self.len < N => {
                if let Some(behind) = self.counts.get_mut(place..=self.len) {
                    behind.rotate_right(1);
                    if let Some(first) = behind.first_mut() {
                        *first = (number, more);
                    }
                    self.len += 1;
                }
            }
            Err(_) => self.others += more,
        }
    }

    pub(crate) fn merge(&mut self, other: &Self) {
        other.iter().for_each(|(number, count)| self.add(number, count));
        self.others += other.others;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_stand_in_their_order_and_those_without_room_are_others() {
        let mut counted = Counted::<3>::default();
        for number in [7, 2, 7, 9, 1, 2, 1] {
            counted.add(number, 1);
        }
        // 7, 2 and 9 came first; 1 came twice.
        assert!(counted.iter().eq([(2, 2), (7, 2), (9, 1)]));
        assert_eq!(counted.others(), 2);
    }

    #[test]
    fn counts_merge_in_any_order() {
        let (mut one, mut two) = (Counted::<4>::default(), Counted::<4>::default());
        one.add(5, 1);
        one.add(3, 2);
        two.add(5, 4);
        two.add(4, 8);
        let mut both = one;
        both.merge(&two);
        two.merge(&one);
        assert_eq!(both, two);
        assert!(both.iter().eq([(3, 2), (4, 8), (5, 5)]));
    }
}
