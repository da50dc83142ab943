//! Packets and bytes, and what they make per second.

use std::ops::{Add, AddAssign, Sub, SubAssign};
use std::time::Duration;

/// A number of packets and their bytes on the wire.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct Volume {
    /// Packets.
    pub packets: u64,
    /// Bytes on the wire: original frame lengths, not captured ones.
    pub bytes: u64,
}

impl Volume {
    /// No packets, no bytes.
    pub const ZERO: Self = Self { packets: 0, bytes: 0 };

    /// Makes the volume of one packet of `bytes` bytes.
    pub const fn packet(bytes: u64) -> Self {
        Self { packets: 1, bytes }
    }

    /// Tells whether nothing was counted.
    pub const fn is_zero(self) -> bool {
        self.packets == 0 && self.bytes == 0
    }
}

impl Add for Volume {
    type Output = Self;
    fn add(self, other: Self) -> Self {
        Self {
            packets: self.packets.wrapping_add(other.packets),
            bytes: self.bytes.wrapping_add(other.bytes),
        }
    }
}

impl AddAssign for Volume {
    fn add_assign(&mut self, other: Self) {
        *self = *self + other;
    }
}

/// Modulo 2^64, so that a sum of differences is right in any order.
impl Sub for Volume {
    type Output = Self;
    fn sub(self, other: Self) -> Self {
        Self {
            packets: self.packets.wrapping_sub(other.packets),
            bytes: self.bytes.wrapping_sub(other.bytes),
        }
    }
}

impl SubAssign for Volume {
    fn sub_assign(&mut self, other: Self) {
        *self = *self - other;
    }
}

impl std::iter::Sum for Volume {
    fn sum<I: Iterator<Item = Self>>(volumes: I) -> Self {
        volumes.fold(Self::ZERO, Add::add)
    }
}

/// Bits a second.
#[derive(Clone, Copy, Debug, Default, PartialEq, PartialOrd)]
pub struct BitsPerSecond(pub f64);

impl BitsPerSecond {
    /// Returns the rate that carries `bytes` in `time`; none where `time` is zero.
    pub fn of(bytes: u64, time: Duration) -> Option<Self> {
        (!time.is_zero()).then(|| Self(bytes as f64 * 8.0 / time.as_secs_f64()))
    }
}

/// Packets a second.
#[derive(Clone, Copy, Debug, Default, PartialEq, PartialOrd)]
pub struct PacketsPerSecond(pub f64);

impl PacketsPerSecond {
    /// Returns the rate that carries `packets` in `time`; none where `time` is zero.
    pub fn of(packets: u64, time: Duration) -> Option<Self> {
        (!time.is_zero()).then(|| Self(packets as f64 / time.as_secs_f64()))
    }
}

/// A part of a whole, 0 to 1.
#[derive(Clone, Copy, Debug, Default, PartialEq, PartialOrd)]
pub struct Ratio(f64);

impl Ratio {
    /// Returns `part / whole`; none where the whole is zero.
    pub fn of(part: u64, whole: u64) -> Option<Self> {
        (whole != 0).then(|| Self(part as f64 / whole as f64))
    }

    /// Returns the ratio, 0 to 1.
    pub const fn value(self) -> f64 {
        self.0
    }

    /// Returns the ratio in percent, 0 to 100, for messages.
    pub const fn percentage(self) -> f64 {
        self.0 * 100.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_difference_added_back_restores_the_sum() {
        let small = Volume { packets: 1, bytes: 60 };
        let large = Volume { packets: 3, bytes: 1_000 };
        assert_eq!(small - large + large, small);
    }

    #[test]
    fn rates_need_time() {
        // 1,000 bytes in 2 s: 8,000 bits / 2 = 4,000 bit/s.
        assert_eq!(BitsPerSecond::of(1_000, Duration::from_secs(2)), Some(BitsPerSecond(4_000.0)));
        assert_eq!(BitsPerSecond::of(1_000, Duration::ZERO), None);
        assert_eq!(PacketsPerSecond::of(7, Duration::ZERO), None);
    }

    #[test]
    fn a_ratio_of_nothing_is_absent() {
        assert_eq!(Ratio::of(0, 0), None);
        assert_eq!(Ratio::of(1, 4).map(Ratio::percentage), Some(25.0));
    }
}
