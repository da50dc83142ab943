//! Takes pieces off the front of some bytes.

use super::Fault;

/// What is left to read; what does not fit is a fault, and takes nothing.
#[derive(Clone, Copy, Debug)]
pub(super) struct Reader<'a>(pub(super) &'a [u8]);

impl<'a> Reader<'a> {
    pub(super) fn byte(&mut self) -> Result<u8, Fault> {
        self.array().map(|[byte]| byte)
    }

    pub(super) fn array<const N: usize>(&mut self) -> Result<[u8; N], Fault> {
        let (taken, rest) = self.0.split_first_chunk().ok_or(Fault::Cut)?;
        self.0 = rest;
        Ok(*taken)
    }

    pub(super) fn take(&mut self, len: u64) -> Result<&'a [u8], Fault> {
        let len = usize::try_from(len).map_err(|_| Fault::Cut)?;
        let (taken, rest) = self.0.split_at_checked(len).ok_or(Fault::Cut)?;
        self.0 = rest;
        Ok(taken)
    }

    /// Takes a number whose first two bits tell how long it is (RFC 9000 section 16).
    pub(super) fn variable(&mut self) -> Result<u64, Fault> {
        const VALUE: u8 = 0x3f;
        let mut ahead = *self;
        let first = ahead.byte()?;
        let more = ahead.take((1_u64 << (first >> 6)).saturating_sub(1))?;
        *self = ahead;
        Ok(more.iter().fold(u64::from(first & VALUE), |value, byte| value << 8 | u64::from(*byte)))
    }
}
