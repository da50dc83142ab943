//! The classic capture format: a file header, then records one behind the other.
//!
//! Format: draft-ietf-opsawg-pcap.

use netsonde_dissect::{LinkType, Packet};
use netsonde_units::{NANOS_PER_SECOND, Timestamp};

use super::record::{BigEndian, ByteOrder, LittleEndian, MAX_PACKET_LEN, Stop, Tally, Walk, size};
use crate::error::Damage;
use crate::format::PcapMagic;

/// Bytes of the file header.
pub(super) const FILE_HEADER_LEN: usize = 24;

/// Bytes in front of every packet: seconds, fraction, captured length, wire length.
const RECORD_HEADER_LEN: usize = 16;

/// The version in use since 1998.
const MAJOR_VERSION: u16 = 2;

/// Up to this minor version some writers swapped the two lengths of a record.
const LAST_SWAPPED_MINOR: u16 = 3;

/// A reader of the classic format, positioned behind the file header.
#[derive(Clone, Copy, Debug)]
pub(super) struct Pcap {
    magic: PcapMagic,
    lengths_may_be_swapped: bool,
    link: LinkType,
}

impl Pcap {
    /// Reads the file header; says how many bytes it has.
    pub(super) fn open(bytes: &[u8]) -> Result<(Self, usize), Stop> {
        let incomplete = Stop::Incomplete { needed: FILE_HEADER_LEN };
        let header = bytes.first_chunk::<FILE_HEADER_LEN>().ok_or(incomplete)?;
        let [magic, versions, _zone, _accuracy, _snaplen, network] = *header.as_chunks::<4>().0 else {
            return Err(incomplete);
        };
        // Whoever calls has recognised the magic number before.
        let magic = PcapMagic::recognise(magic).ok_or(incomplete)?;
        let [m0, m1, n0, n1] = versions;
        let (major, minor, network) = if magic.big_endian {
            (BigEndian::u16([m0, m1]), BigEndian::u16([n0, n1]), BigEndian::u32(network))
        } else {
            (LittleEndian::u16([m0, m1]), LittleEndian::u16([n0, n1]), LittleEndian::u32(network))
        };
        if major != MAJOR_VERSION {
            return Err(Stop::Damaged(Damage::Version { major, minor }));
        }
        let pcap =
            Self { magic, lengths_may_be_swapped: minor <= LAST_SWAPPED_MINOR, link: link_type(network) };
        Ok((pcap, FILE_HEADER_LEN))
    }

    pub(super) fn link(&self) -> LinkType {
        self.link
    }

    /// Hands over the whole records of `bytes`.
    pub(super) fn walk<'b, F: FnMut(Packet<'b>)>(
        &self,
        bytes: &'b [u8],
        tally: &mut Tally,
        each: &mut F,
    ) -> Walk {
        let walk = if self.magic.big_endian {
            self.walk_ordered::<BigEndian, F>(bytes, tally, each)
        } else {
            self.walk_ordered::<LittleEndian, F>(bytes, tally, each)
        };
        tally.packets += walk.packets as u64;
        walk
    }

    fn walk_ordered<'b, B: ByteOrder, F: FnMut(Packet<'b>)>(
        &self,
        bytes: &'b [u8],
        tally: &mut Tally,
        each: &mut F,
    ) -> Walk {
        let mut rest = bytes;
        let mut packets = 0;
        let stop = loop {
            let Some((header, behind)) = rest.split_first_chunk::<RECORD_HEADER_LEN>() else {
                break Stop::Incomplete { needed: RECORD_HEADER_LEN };
            };
            let [seconds, fraction, captured, wire] = *header.as_chunks::<4>().0 else {
                break Stop::Incomplete { needed: RECORD_HEADER_LEN };
            };
            let (mut captured, mut wire_len) = (B::u32(captured), B::u32(wire));
            if wire_len < captured && self.lengths_may_be_swapped {
                (captured, wire_len) = (wire_len, captured);
            }
            if captured > MAX_PACKET_LEN {
                break Stop::Damaged(Damage::PacketTooLong { captured, max: MAX_PACKET_LEN });
            }
            let Some((packet, next)) = behind.split_at_checked(size(captured)) else {
                break Stop::Incomplete { needed: RECORD_HEADER_LEN + size(captured) };
            };
            if wire_len < captured {
                wire_len = captured;
                tally.wire_lengths_raised += 1;
            }
            let at = stamp(B::u32(seconds), B::u32(fraction), self.magic.fraction_nanos);
            each(Packet { at: Some(at), link: self.link, interface: 0, wire_len, bytes: packet });
            packets += 1;
            rest = next;
        };
        Walk { consumed: bytes.len() - rest.len(), packets, stop }
    }
}

/// Makes the stamp; 32 bits of seconds and 32 bits of micro- or nanoseconds always fit.
///
/// A fraction above a second, which some writers produce, carries.
fn stamp(seconds: u32, fraction: u32, fraction_nanos: u64) -> Timestamp {
    Timestamp::from_nanos(u64::from(seconds) * NANOS_PER_SECOND + u64::from(fraction) * fraction_nanos)
}

/// Takes the link type from the network field, whose upper half says whether frames end in a checksum.
fn link_type(network: u32) -> LinkType {
    let [_, _, high, low] = network.to_be_bytes();
    LinkType(u16::from_be_bytes([high, low]))
}
