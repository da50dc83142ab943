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

    /// Returns all records in the order of their numbers.
    pub fn iter(&self) -> impl Iterator<Item = &T> {
        self.blocks.iter().flatten()
    }
}

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
}
