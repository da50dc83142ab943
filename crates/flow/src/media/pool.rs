//! Things by number, whose places are used again.

/// A list whose places are used again once they are empty.
#[derive(Debug)]
pub(super) struct Pool<T> {
    places: Vec<Option<Box<T>>>,
    free: Vec<u32>,
}

impl<T> Default for Pool<T> {
    fn default() -> Self {
        Self { places: Vec::new(), free: Vec::new() }
    }
}

impl<T> Pool<T> {
    /// Returns how many there are.
    pub(super) const fn len(&self) -> usize {
        self.places.len() - self.free.len()
    }

    /// Returns how many places there have been at once.
    pub(super) fn places(&self) -> u32 {
        u32::try_from(self.places.len()).unwrap_or(u32::MAX)
    }

    /// Puts a thing into a place and returns its number.
    pub(super) fn put(&mut self, thing: T) -> u32 {
        if let Some(number) = self.free.pop()
            && let Some(place) = self.places.get_mut(number as usize)
        {
            *place = Some(Box::new(thing));
            return number;
        }
        let number = self.places();
        self.places.push(Some(Box::new(thing)));
        number
    }

    #[inline]
    pub(super) fn get(&self, number: u32) -> Option<&T> {
        self.places.get(number as usize)?.as_deref()
    }

    #[inline]
    pub(super) fn get_mut(&mut self, number: u32) -> Option<&mut T> {
        self.places.get_mut(number as usize)?.as_deref_mut()
    }

    /// Empties a place.
    pub(super) fn take(&mut self, number: u32) -> Option<Box<T>> {
        let thing = self.places.get_mut(number as usize)?.take()?;
        self.free.push(number);
        Some(thing)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_empty_place_is_used_again() {
        let mut pool = Pool::default();
        assert_eq!((pool.put('a'), pool.put('b')), (0, 1));
        assert_eq!((pool.take(0).as_deref(), pool.take(0), pool.get(0)), (Some(&'a'), None, None));
        assert_eq!((pool.len(), pool.put('c'), pool.places()), (1, 0, 2));
        *pool.get_mut(1).unwrap() = 'd';
        assert_eq!((pool.get(0), pool.get(1), pool.get(2)), (Some(&'c'), Some(&'d'), None));
    }
}
