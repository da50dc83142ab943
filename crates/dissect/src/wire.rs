//! Numbers and pieces off the front of some bytes.

/// What is left to read; every method takes from the front, or gives none and takes nothing.
#[derive(Clone, Copy, Debug)]
pub struct Wire<'a>(pub &'a [u8]);

impl<'a> Wire<'a> {
    /// Takes `N` bytes.
    pub fn array<const N: usize>(&mut self) -> Option<[u8; N]> {
        let (taken, rest) = self.0.split_first_chunk()?;
        self.0 = rest;
        Some(*taken)
    }

    /// Takes `len` bytes.
    pub fn take(&mut self, len: usize) -> Option<&'a [u8]> {
        let (taken, rest) = self.0.split_at_checked(len)?;
        self.0 = rest;
        Some(taken)
    }

    /// Takes `len` bytes, or all there are of them: the capture may have cut the end.
    pub fn take_cut(&mut self, len: usize) -> &'a [u8] {
        let (taken, rest) = self.0.split_at_checked(len).unwrap_or((self.0, &[]));
        self.0 = rest;
        taken
    }

    /// Takes a byte.
    pub fn byte(&mut self) -> Option<u8> {
        self.array().map(|[byte]| byte)
    }

    /// Takes 16 bits in network byte order.
    pub fn be16(&mut self) -> Option<u16> {
        self.array().map(u16::from_be_bytes)
    }

    /// Takes 24 bits in network byte order.
    pub fn be24(&mut self) -> Option<u32> {
        self.array().map(|[a, b, c]| u32::from_be_bytes([0, a, b, c]))
    }

    /// Takes 32 bits in network byte order.
    pub fn be32(&mut self) -> Option<u32> {
        self.array().map(u32::from_be_bytes)
    }

    /// Takes bytes whose length stands before them in 8 bits.
    pub fn short_piece(&mut self) -> Option<&'a [u8]> {
        let mut ahead = *self;
        let len = ahead.byte()?;
        let piece = ahead.take(len.into())?;
        *self = ahead;
        Some(piece)
    }

    /// Takes bytes whose length stands before them in 16 bits.
    pub fn long_piece(&mut self) -> Option<&'a [u8]> {
        let mut ahead = *self;
        let len = ahead.be16()?;
        let piece = ahead.take(len.into())?;
        *self = ahead;
        Some(piece)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_too_short_takes_nothing() {
        let mut wire = Wire(&[2, 7]);
        assert_eq!(wire.be32(), None);
        assert_eq!(wire.short_piece(), None);
        assert_eq!(wire.take(3), None);
        assert_eq!(wire.0, [2, 7]);
        assert_eq!(wire.be16(), Some(0x0207));
        assert_eq!(wire.byte(), None);
    }

    #[test]
    fn pieces_end_where_their_length_says() {
        let mut wire = Wire(&[1, 9, 6, 5]);
        assert_eq!(wire.short_piece(), Some(&[9][..]));
        assert_eq!(wire.take_cut(9), [6, 5]);
        assert!(wire.0.is_empty());
    }
}
