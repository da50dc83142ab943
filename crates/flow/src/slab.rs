//! Records by number, in blocks that never move.

/// Records in a block.
const BLOCK: u32 = 1 << 12;

/// A list that grows block by block: no record is copied when it grows, and the time to append is even.
#[derive(Clone, Debug)]
pub struct Slab<T> {
    blocks: Vec<Vec<T>>,
    len: u32,
}

impl<T> Default for Slab<T> {
    fn default() -> Self {
        Self { blocks: Vec::new(), len: 0 }
    }
}

impl<T> Slab<T> {
    /// Returns how many records there are.
    pub const fn len(&self) -> u32 {
        self.len
    }

    /// Tells whether there are none.
    pub const fn is_empty(&self) -> bool {
        self.len == 0
    }

    /// Appends a record and returns its number. At 2^32 - 1 records, which no bound allows, it is dropped.
    pub fn push(&mut self, record: T) -> u32 {
        let number = self.len;
        if number.is_multiple_of(BLOCK) {
            self.blocks.push(Vec::with_capacity(BLOCK as usize));
        }
        if let Some(block) = self.blocks.last_mut()
            && number < u32::MAX
        {
            block.push(record);
            self.len += 1;
        }
        number
    }

    /// Returns a record.
    #[inline]
    pub fn get(&self, number: u32) -> Option<&T> {
        self.blocks.get((number / BLOCK) as usize)?.get((number % BLOCK) as usize)
    }

    /// Returns a record to be changed.
    #[inline]
    pub fn get_mut(&mut self, number: u32) -> Option<&mut T> {
        self.blocks.get_mut((number / BLOCK) as usize)?.get_mut((number % BLOCK) as usize)
    }

    /// Counts how many of these numbers lie in each block, for [`Self::let_go`].
    pub(crate) fn wanted(&self, numbers: impl Iterator<Item = u32>) -> Wanted {
        let mut blocks = vec![0; self.blocks.len()];
        for number in numbers {
            if let Some(wanted) = blocks.get_mut((number / BLOCK) as usize) {
                *wanted += 1;
            }
        }
        Wanted(blocks)
    }

    /// Lets go of one of the wanted records; with the last one of a block goes the block, and nothing is found in it any
    /// more. The newest block stays, for the next record goes there.
    pub(crate) fn let_go(&mut self, wanted: &mut Wanted, number: u32) {
        let block = (number / BLOCK) as usize;
        let Some(left) = wanted.0.get_mut(block) else { return };
        *left = left.saturating_sub(1);
        if *left == 0
            && block + 1 < self.blocks.len()
            && let Some(records) = self.blocks.get_mut(block)
        {
            *records = Vec::new();
        }
    }

    /// Returns all records in the order of their numbers.
    pub fn iter(&self) -> impl Iterator<Item = &T> {
        self.blocks.iter().flatten()
    }
}

/// How many records of each block somebody still wants.
#[derive(Debug)]
pub(crate) struct Wanted(Vec<u32>);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn records_keep_their_numbers_across_blocks() {
        let mut slab = Slab::default();
        for number in 0..BLOCK * 2 + 7 {
            assert_eq!(slab.push(number), number);
        }
        assert_eq!(slab.len(), BLOCK * 2 + 7);
        assert!([0, BLOCK - 1, BLOCK, BLOCK * 2 + 6].iter().all(|&number| slab.get(number) == Some(&number)));
        assert_eq!(slab.get(BLOCK * 2 + 7), None);
        *slab.get_mut(BLOCK).unwrap() = 1;
        assert_eq!(slab.iter().filter(|&&record| record == 1).count(), 2);
    }

    #[test]
    fn a_block_goes_with_the_last_record_wanted_of_it_and_the_newest_stays() {
        let mut slab = Slab::default();
        for number in 0..BLOCK + 5 {
            slab.push(number);
        }
        let numbers = [3, BLOCK + 4, 7];
        let mut wanted = slab.wanted(numbers.into_iter());
        slab.let_go(&mut wanted, 3);
        assert_eq!(slab.get(7), Some(&7));
        slab.let_go(&mut wanted, BLOCK + 4);
        slab.let_go(&mut wanted, 7);
        assert_eq!((slab.get(7), slab.get(BLOCK + 4)), (None, Some(&(BLOCK + 4))));
        assert_eq!((slab.push(9), slab.get(BLOCK + 5), slab.len()), (BLOCK + 5, Some(&9), BLOCK + 6));
    }
}
