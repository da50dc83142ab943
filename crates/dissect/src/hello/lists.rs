//! The lists of hellos.

use crate::Wire;

/// Numbers of 16 bits, in the order of the message; a byte left over is nothing.
#[derive(Clone, Debug, Default)]
pub struct Words<'a>(pub(super) &'a [u8]);

impl Iterator for Words<'_> {
    type Item = u16;

    fn next(&mut self) -> Option<u16> {
        let mut wire = Wire(self.0);
        let word = wire.be16()?;
        self.0 = wire.0;
        Some(word)
    }
}

/// Names of up to 255 bytes, in the order of the message, up to the first that is cut.
#[derive(Clone, Debug, Default)]
pub struct Pieces<'a>(pub(super) &'a [u8]);

impl<'a> Iterator for Pieces<'a> {
    type Item = &'a [u8];

    fn next(&mut self) -> Option<&'a [u8]> {
        let mut wire = Wire(self.0);
        let piece = wire.short_piece()?;
        self.0 = wire.0;
        Some(piece)
    }
}

/// Extensions, each with its number, in the order of the message, up to the first that is cut.
#[derive(Clone, Debug)]
pub struct Extensions<'a> {
    list: &'a [u8],
    left: u16,
}

impl<'a> Extensions<'a> {
    /// As many as fit into a record of 16 KiB when all are empty; a hello has a few dozen.
    const MAX: u16 = 1 << 12;

    pub(super) const fn new(list: &'a [u8]) -> Self {
        Self { list, left: Self::MAX }
    }
}

impl<'a> Iterator for Extensions<'a> {
    type Item = (u16, &'a [u8]);

    fn next(&mut self) -> Option<(u16, &'a [u8])> {
        self.left = self.left.checked_sub(1)?;
        let mut wire = Wire(self.list);
        let extension = (wire.be16()?, wire.long_piece()?);
        self.list = wire.0;
        Some(extension)
    }
}
