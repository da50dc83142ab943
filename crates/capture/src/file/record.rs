//! What the two file formats have in common.

use crate::error::Damage;

/// The longest packet that is read, in bytes.
///
/// The largest that Linux hands over is a 512 KiB "big TCP" segment; libpcap reads at most 256 KiB from
/// network files, and USB captures know larger ones. More than this is a damaged length, and the bound
/// keeps a hostile one from growing the buffer.
pub(crate) const MAX_PACKET_LEN: u32 = 16 << 20;

/// What a walk over the buffer did.
#[derive(Debug)]
pub(super) struct Walk {
    /// Bytes of whole records that were read.
    pub(super) consumed: usize,
    /// Packets handed over.
    pub(super) packets: usize,
    /// Why it went no further.
    pub(super) stop: Stop,
}

/// Why a walk went no further.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Stop {
    /// The next record is not whole; it needs so many bytes, as far as its readable part tells.
    Incomplete { needed: usize },
    /// The next record contradicts itself.
    Damaged(Damage),
}

/// What is counted while walking.
#[derive(Debug, Default)]
pub(super) struct Tally {
    pub(super) packets: u64,
    pub(super) stamps_out_of_range: u64,
    pub(super) stamps_missing: u64,
    pub(super) wire_lengths_raised: u64,
    pub(super) blocks_skipped: u64,
    /// What the program that wrote the capture says it dropped; none where it does not say.
    pub(super) reported_drops: Option<u64>,
}

/// Widens a length from a file: lossless, as every target with an operating system has 32 bits or more.
pub(super) const fn size(length: u32) -> usize {
    length as usize
}

/// The order in which a file writes the bytes of its numbers.
///
/// A type parameter instead of a value, so that the loops over records are compiled once for each order.
pub(super) trait ByteOrder {
    fn u16(bytes: [u8; 2]) -> u16;
    fn u32(bytes: [u8; 4]) -> u32;
    fn i64(bytes: [u8; 8]) -> i64;
}

#[derive(Debug)]
pub(super) struct LittleEndian;

impl ByteOrder for LittleEndian {
    fn u16(bytes: [u8; 2]) -> u16 {
        u16::from_le_bytes(bytes)
    }

    fn u32(bytes: [u8; 4]) -> u32 {
        u32::from_le_bytes(bytes)
    }

    fn i64(bytes: [u8; 8]) -> i64 {
        i64::from_le_bytes(bytes)
    }
}

#[derive(Debug)]
pub(super) struct BigEndian;

impl ByteOrder for BigEndian {
    fn u16(bytes: [u8; 2]) -> u16 {
        u16::from_be_bytes(bytes)
    }

    fn u32(bytes: [u8; 4]) -> u32 {
        u32::from_be_bytes(bytes)
    }

    fn i64(bytes: [u8; 8]) -> i64 {
        i64::from_be_bytes(bytes)
    }
}
