//! TCP sequence numbers.

use std::fmt;

/// A 32-bit sequence number that wraps (RFC 9293 section 3.4), compared by serial arithmetic (RFC 1982).
///
/// There is no `Ord`: the order of wrapping numbers is not transitive.
#[derive(Clone, Copy, Default, PartialEq, Eq, Hash)]
pub struct SeqNumber(u32);

impl SeqNumber {
    /// Makes a sequence number from its 32 bits on the wire.
    pub const fn new(raw: u32) -> Self {
        Self(raw)
    }

    /// Returns the 32 bits on the wire.
    pub const fn raw(self) -> u32 {
        self.0
    }

    /// Returns the number `count` bytes later, wrapping.
    #[must_use]
    pub const fn plus(self, count: u32) -> Self {
        Self(self.0.wrapping_add(count))
    }

    /// Returns the number `count` bytes earlier, wrapping.
    #[must_use]
    pub const fn minus(self, count: u32) -> Self {
        Self(self.0.wrapping_sub(count))
    }

    /// Returns the bytes from `earlier` to this number, modulo 2^32.
    pub const fn distance_from(self, earlier: Self) -> u32 {
        self.0.wrapping_sub(earlier.0)
    }

    /// Tells whether this number comes before `other`.
    pub const fn is_before(self, other: Self) -> bool {
        self.0.wrapping_sub(other.0) > u32::MAX / 2
    }

    /// Tells whether this number comes after `other`.
    pub const fn is_after(self, other: Self) -> bool {
        other.is_before(self)
    }

    /// Tells whether this number is `other` or comes before it.
    pub const fn is_at_or_before(self, other: Self) -> bool {
        self.0 == other.0 || self.is_before(other)
    }
}

impl fmt::Debug for SeqNumber {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "SeqNumber({})", self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn order_holds_across_the_wrap() {
        let before = SeqNumber::new(u32::MAX - 1);
        let after = before.plus(4);
        assert_eq!(after.raw(), 2);
        assert!(before.is_before(after));
        assert!(after.is_after(before));
        assert_eq!(after.distance_from(before), 4);
        assert_eq!(after.minus(4), before);
    }

    #[test]
    fn two_numbers_half_the_space_apart_come_before_and_after_each_other() {
        let seq = SeqNumber::new(77);
        let opposite = seq.plus(1 << 31);
        assert!(seq.is_before(opposite) && seq.is_after(opposite));
        assert!(seq.is_at_or_before(opposite) && opposite.is_at_or_before(seq));
    }

    #[test]
    fn a_number_is_neither_before_nor_after_itself() {
        let seq = SeqNumber::new(77);
        assert!(!seq.is_before(seq));
        assert!(!seq.is_after(seq));
        assert!(seq.is_at_or_before(seq));
    }
}
