//! Splits blocks off the buffer and takes their fields apart.

use super::super::record::{BigEndian, ByteOrder, LittleEndian, MAX_PACKET_LEN, Stop, size};
use super::MAJOR_VERSION;
use crate::error::Damage;

/// Bytes of a block without body: type, length, length again.
pub(in super::super) const BLOCK_MIN_LEN: usize = 12;

/// Bytes of a section header without options.
const SECTION_MIN_LEN: usize = 28;

/// The longest block that is read: a packet, and room for its options.
const MAX_BLOCK_LEN: u32 = MAX_PACKET_LEN + (1 << 20);

/// Section header block; reads the same in both byte orders.
const SECTION_HEADER: u32 = 0x0a0d_0d0a;
/// Interface description block.
const INTERFACE_DESCRIPTION: u32 = 1;
/// Packet block, obsolete, with a 16-bit interface.
const PACKET: u32 = 2;
/// Simple packet block, without interface and stamp.
const SIMPLE_PACKET: u32 = 3;
/// Interface statistics block.
const INTERFACE_STATISTICS: u32 = 5;
/// Enhanced packet block.
const ENHANCED_PACKET: u32 = 6;

/// Byte-order magic of a section header in the order of its writer.
const BYTE_ORDER_MAGIC: u32 = 0x1a2b_3c4d;

/// A block whose two lengths agree, whole in the buffer.
#[derive(Debug)]
pub(super) struct Block<'a> {
    kind: u32,
    len: u32,
    body: &'a [u8],
    /// What comes after it.
    pub(super) behind: &'a [u8],
}

/// The parts of a block that a reader of packets needs.
#[derive(Debug)]
pub(super) enum Body<'a> {
    Interface(&'a [u8]),
    /// `room` is the packet, its padding and the options behind it.
    Packet {
        interface: u32,
        ticks: u64,
        captured: u32,
        wire_len: u32,
        room: &'a [u8],
    },
    SimplePacket {
        wire_len: u32,
        room: &'a [u8],
    },
    /// The options of an interface's statistics.
    Statistics(&'a [u8]),
    /// Names, secrets, journals, custom blocks, and whatever is invented later.
    Other,
}

impl<'a> Block<'a> {
    /// Splits the next block off `bytes`; none at a section header, whose byte order may differ.
    pub(super) fn split<B: ByteOrder>(bytes: &'a [u8]) -> Result<Option<Self>, Stop> {
        let incomplete = Stop::Incomplete { needed: BLOCK_MIN_LEN };
        let (&kind, behind_kind) = bytes.split_first_chunk::<4>().ok_or(incomplete)?;
        let kind = B::u32(kind);
        if kind == SECTION_HEADER {
            return Ok(None);
        }
        let (&len, behind_len) = behind_kind.split_first_chunk::<4>().ok_or(incomplete)?;
        let len = B::u32(len);
        let (body, behind) = enclosed::<B>(kind, len, bytes, behind_len)?;
        Ok(Some(Self { kind, len, body, behind }))
    }

    /// Takes the block's fields apart.
    pub(super) fn body<B: ByteOrder>(&self) -> Result<Body<'a>, Stop> {
        match self.kind {
            INTERFACE_DESCRIPTION => Ok(Body::Interface(self.body)),
            ENHANCED_PACKET => self.enhanced_packet::<B>(),
            SIMPLE_PACKET => {
                let (&wire_len, room) = self.body.split_first_chunk::<4>().ok_or(self.bad_length())?;
                Ok(Body::SimplePacket { wire_len: B::u32(wire_len), room })
            }
            PACKET => self.obsolete_packet::<B>(),
            // Interface and time stand in front of the options.
            INTERFACE_STATISTICS => Ok(Body::Statistics(self.body.get(12..).unwrap_or_default())),
            _ => Ok(Body::Other),
        }
    }

    fn enhanced_packet<B: ByteOrder>(&self) -> Result<Body<'a>, Stop> {
        let (fields, room) = self.body.split_first_chunk::<20>().ok_or(self.bad_length())?;
        let [interface, high, low, captured, wire_len] = *fields.as_chunks::<4>().0 else {
            return Err(self.bad_length());
        };
        Ok(Body::Packet {
            interface: B::u32(interface),
            ticks: ticks::<B>(high, low),
            captured: B::u32(captured),
            wire_len: B::u32(wire_len),
            room,
        })
    }

    fn obsolete_packet<B: ByteOrder>(&self) -> Result<Body<'a>, Stop> {
        let (fields, room) = self.body.split_first_chunk::<20>().ok_or(self.bad_length())?;
        let [[i0, i1, _drops @ ..], high, low, captured, wire_len] = *fields.as_chunks::<4>().0 else {
            return Err(self.bad_length());
        };
        Ok(Body::Packet {
            interface: u32::from(B::u16([i0, i1])),
            ticks: ticks::<B>(high, low),
            captured: B::u32(captured),
            wire_len: B::u32(wire_len),
            room,
        })
    }

    fn bad_length(&self) -> Stop {
        Stop::Damaged(Damage::BlockLength { kind: self.kind, length: self.len })
    }
}

/// A section header that was read.
#[derive(Debug)]
pub(super) struct Section {
    pub(super) big_endian: bool,
    pub(super) len: usize,
}

/// Reads the section header that `bytes` begin with.
pub(super) fn section(bytes: &[u8]) -> Result<Section, Stop> {
    let Some(&[_, _, _, _, l0, l1, l2, l3, m0, m1, m2, m3]) = bytes.first_chunk::<BLOCK_MIN_LEN>() else {
        return Err(Stop::Incomplete { needed: SECTION_MIN_LEN });
    };
    let (len, magic) = ([l0, l1, l2, l3], [m0, m1, m2, m3]);
    if BigEndian::u32(magic) == BYTE_ORDER_MAGIC {
        ordered_section::<BigEndian>(BigEndian::u32(len), true, bytes)
    } else if LittleEndian::u32(magic) == BYTE_ORDER_MAGIC {
        ordered_section::<LittleEndian>(LittleEndian::u32(len), false, bytes)
    } else {
        Err(Stop::Damaged(Damage::ByteOrder { magic: BigEndian::u32(magic) }))
    }
}

/// Reads a section header; the length it gives for its section is a hint that writers leave out.
fn ordered_section<B: ByteOrder>(len: u32, big_endian: bool, bytes: &[u8]) -> Result<Section, Stop> {
    let bad_length = Stop::Damaged(Damage::BlockLength { kind: SECTION_HEADER, length: len });
    if size(len) < SECTION_MIN_LEN {
        return Err(bad_length);
    }
    let (body, _) = enclosed::<B>(SECTION_HEADER, len, bytes, bytes.get(8..).unwrap_or_default())?;
    let Some(&[_, _, _, _, j0, j1, n0, n1]) = body.first_chunk::<8>() else {
        return Err(bad_length);
    };
    let (major, minor) = (B::u16([j0, j1]), B::u16([n0, n1]));
    if major != MAJOR_VERSION {
        return Err(Stop::Damaged(Damage::Version { major, minor }));
    }
    Ok(Section { big_endian, len: size(len) })
}

/// Returns the body of the block of length `len`, and what is behind the block.
///
/// `behind_len` is `bytes` without type and length.
fn enclosed<'a, B: ByteOrder>(
    kind: u32,
    len: u32,
    bytes: &[u8],
    behind_len: &'a [u8],
) -> Result<(&'a [u8], &'a [u8]), Stop> {
    let bad_length = Stop::Damaged(Damage::BlockLength { kind, length: len });
    if len > MAX_BLOCK_LEN || !len.is_multiple_of(4) {
        return Err(bad_length);
    }
    let body_len = size(len).checked_sub(BLOCK_MIN_LEN).ok_or(bad_length)?;
    let incomplete = Stop::Incomplete { needed: size(len) };
    if bytes.len() < size(len) {
        return Err(incomplete);
    }
    let (body, behind_body) = behind_len.split_at_checked(body_len).ok_or(incomplete)?;
    let (&trailing, behind) = behind_body.split_first_chunk::<4>().ok_or(incomplete)?;
    let trailing = B::u32(trailing);
    if trailing != len {
        return Err(Stop::Damaged(Damage::BlockTrailer { kind, leading: len, trailing }));
    }
    Ok((body, behind))
}

fn ticks<B: ByteOrder>(high: [u8; 4], low: [u8; 4]) -> u64 {
    (u64::from(B::u32(high)) << 32) | u64::from(B::u32(low))
}
