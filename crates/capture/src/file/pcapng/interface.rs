//! What a section says of an interface, and how its clock counts.

use netsonde_dissect::LinkType;
use netsonde_units::{NANOS_PER_SECOND, Timestamp};

use super::super::record::ByteOrder;
use crate::error::Damage;

/// End of the options.
const OPT_END: u16 = 0;
/// Resolution of the stamps, 1 byte.
const IF_TSRESOL: u16 = 9;
/// Seconds to be added to the stamps, 8 bytes, signed.
const IF_TSOFFSET: u16 = 14;

/// Bit of `if_tsresol` that says the rest is a power of 2, not of 10.
const POWER_OF_TWO: u8 = 0x80;
/// Decimals of a second in a nanosecond.
const NANO_DECIMALS: u32 = 9;

/// One described interface.
#[derive(Clone, Copy, Debug)]
pub(super) struct Interface {
    pub(super) link: LinkType,
    /// The most bytes that were captured of a packet; 0 for no limit.
    pub(super) snaplen: u32,
    pub(super) clock: Clock,
}

impl Interface {
    /// Reads the body of an interface description block.
    pub(super) fn parse<B: ByteOrder>(body: &[u8]) -> Result<Self, Damage> {
        /// Bytes of the block around its body.
        const AROUND: usize = 12;
        let length = u32::try_from(body.len() + AROUND).unwrap_or(u32::MAX);
        let bad_length = Damage::BlockLength { kind: 1, length };
        let (&[l0, l1, _, _, s0, s1, s2, s3], mut options) =
            body.split_first_chunk::<8>().ok_or(bad_length)?;
        let mut clock = Clock::default();
        while let Some((option, behind)) = TypedOption::split::<B>(options)? {
            match (option.code, option.value) {
                (IF_TSRESOL, &[exponent, ..]) => clock.resolution = Resolution::new(exponent),
                (IF_TSOFFSET, value) => {
                    if let Some(&seconds) = value.first_chunk::<8>() {
                        clock.offset_nanos = i128::from(B::i64(seconds)) * i128::from(NANOS_PER_SECOND);
                    }
                }
                _ => {}
            }
            options = behind;
        }
        let link = LinkType(B::u16([l0, l1]));
        Ok(Self { link, snaplen: B::u32([s0, s1, s2, s3]), clock })
    }
}

/// An option of a block: a number for its kind, and its value.
pub(super) struct TypedOption<'a> {
    pub(super) code: u16,
    pub(super) value: &'a [u8],
}

impl<'a> TypedOption<'a> {
    /// Splits the next option off `options`; none at their end, which needs no mark.
    pub(super) fn split<B: ByteOrder>(options: &'a [u8]) -> Result<Option<(Self, &'a [u8])>, Damage> {
        let Some((&[c0, c1, l0, l1], behind)) = options.split_first_chunk::<4>() else {
            return Ok(None);
        };
        let (code, length) = (B::u16([c0, c1]), B::u16([l0, l1]));
        if code == OPT_END {
            return Ok(None);
        }
        let value_len = usize::from(length);
        let value = behind.get(..value_len).ok_or(Damage::OptionBeyondBlock { code, length })?;
        // Values are padded to 4 bytes; some writers leave the padding of the last one out.
        let behind = behind.get(value_len.next_multiple_of(4)..).unwrap_or_default();
        Ok(Some((Self { code, value }, behind)))
    }
}

/// How an interface's ticks become time.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Clock {
    resolution: Resolution,
    offset_nanos: i128,
}

impl Clock {
    /// Makes a stamp from ticks; says false when it had to be moved into the range of [`Timestamp`].
    pub(super) fn stamp(self, ticks: u64) -> (Timestamp, bool) {
        let nanos = self.resolution.nanos(ticks);
        if self.offset_nanos == 0
            && let Ok(nanos) = u64::try_from(nanos)
        {
            return (Timestamp::from_nanos(nanos), true);
        }
        // At most 2^64 x 10^9 nanoseconds and 2^63 x 10^9 of offset: below 2^95.
        let Ok(nanos) = i128::try_from(nanos).map(|nanos| nanos + self.offset_nanos) else {
            return (Timestamp::MAX, false);
        };
        match u64::try_from(nanos) {
            Ok(nanos) => (Timestamp::from_nanos(nanos), true),
            Err(_) if nanos < 0 => (Timestamp::EPOCH, false),
            Err(_) => (Timestamp::MAX, false),
        }
    }
}

/// The length of a tick.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Resolution {
    /// A tick is so many nanoseconds.
    Nanos(u64),
    /// A nanosecond has so many ticks.
    PerNano(u128),
    /// A second has 2 to this power of ticks.
    PowerOfTwo(u32),
}

/// Microseconds, where an interface says nothing.
impl Default for Resolution {
    fn default() -> Self {
        Self::Nanos(1_000)
    }
}

impl Resolution {
    fn new(exponent: u8) -> Self {
        if exponent & POWER_OF_TWO != 0 {
            return Self::PowerOfTwo(u32::from(exponent & !POWER_OF_TWO));
        }
        let decimals = u32::from(exponent);
        match NANO_DECIMALS.checked_sub(decimals) {
            Some(missing) => Self::Nanos(10_u64.saturating_pow(missing)),
            // Far finer ticks than 10^-47 s leave nothing of any stamp, however the power saturates.
            None => Self::PerNano(10_u128.saturating_pow(decimals - NANO_DECIMALS)),
        }
    }

    /// Turns ticks into whole nanoseconds, rounding down.
    fn nanos(self, ticks: u64) -> u128 {
        match self {
            Self::Nanos(nanos) => u128::from(ticks) * u128::from(nanos),
            Self::PerNano(count) => u128::from(ticks) / count,
            // Below 2^94, so that the product fits; powers of 2 up to 127 fit as a shift.
            Self::PowerOfTwo(power) => (u128::from(ticks) * u128::from(NANOS_PER_SECOND)) >> power,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::super::record::{BigEndian, LittleEndian};
    use super::*;

    fn clock(exponent: u8, offset_s: i64) -> Clock {
        Clock {
            resolution: Resolution::new(exponent),
            offset_nanos: i128::from(offset_s) * i128::from(NANOS_PER_SECOND),
        }
    }

    #[test]
    fn decimal_ticks_become_nanoseconds() {
        // 1.5 s in seconds (rounded down), milli-, micro-, nano- and picoseconds.
        for (exponent, ticks, nanos) in [
            (0, 1, 1_000_000_000),
            (3, 1_500, 1_500_000_000),
            (6, 1_500_000, 1_500_000_000),
            (9, 1_500_000_000, 1_500_000_000),
            (12, 1_500_000_000_999, 1_500_000_000),
            (127, u64::MAX, 0),
        ] {
            let (at, fits) = clock(exponent, 0).stamp(ticks);
            assert_eq!((at.nanos(), fits), (nanos, true), "10^-{exponent}");
        }
    }

    #[test]
    fn binary_ticks_become_nanoseconds() {
        // 2^-10 s: 1,536 ticks are 1.5 s; 2^-32 s: 3 x 2^31 ticks are 1.5 s.
        assert_eq!(clock(0x8a, 0).stamp(1_536).0.nanos(), 1_500_000_000);
        assert_eq!(clock(0xa0, 0).stamp(3 << 31).0.nanos(), 1_500_000_000);
        assert_eq!(clock(0xff, 0).stamp(u64::MAX).0.nanos(), 0);
    }

    #[test]
    fn stamps_out_of_range_saturate_and_say_so() {
        assert_eq!(clock(0, 0).stamp(u64::MAX), (Timestamp::MAX, false));
        assert_eq!(clock(6, -10).stamp(5_000_000), (Timestamp::EPOCH, false));
        assert_eq!(clock(0, i64::MAX).stamp(u64::MAX), (Timestamp::MAX, false));
        assert_eq!(clock(0, i64::MIN).stamp(0), (Timestamp::EPOCH, false));
        assert_eq!(clock(6, -10).stamp(15_000_000), (Timestamp::from_parts(5, 0), true));
    }

    #[test]
    fn options_are_read_in_either_byte_order() {
        // Ethernet, snaplen 96, if_tsresol 9, if_tsoffset 1, no end mark.
        let big = [0, 1, 0, 0, 0, 0, 0, 96, 0, 9, 0, 1, 9, 0, 0, 0, 0, 14, 0, 8, 0, 0, 0, 0, 0, 0, 0, 1];
        let little = [1, 0, 0, 0, 96, 0, 0, 0, 9, 0, 1, 0, 9, 0, 0, 0, 14, 0, 8, 0, 1, 0, 0, 0, 0, 0, 0, 0];
        for interface in
            [Interface::parse::<BigEndian>(&big).unwrap(), Interface::parse::<LittleEndian>(&little).unwrap()]
        {
            assert_eq!(interface.link, LinkType::ETHERNET);
            assert_eq!(interface.snaplen, 96);
            assert_eq!(interface.clock.stamp(7), (Timestamp::from_parts(1, 7), true));
        }
    }

    #[test]
    fn an_option_beyond_its_block_is_damage() {
        let body = [1, 0, 0, 0, 0, 0, 0, 0, 9, 0, 200, 0, 9, 0, 0, 0];
        let damage = Interface::parse::<LittleEndian>(&body).unwrap_err();
        assert_eq!(damage, Damage::OptionBeyondBlock { code: 9, length: 200 });
    }
}
