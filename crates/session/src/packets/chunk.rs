//! A chunk: packets and what is noted about each, in one piece of memory.

use std::fmt;

use netsonde_dissect::{LinkType, Packet, Protocol};
use netsonde_flow::Direction;
use netsonde_metrics::Verdict;
use netsonde_units::Timestamp;

/// Packets with numbers in a row.
///
/// The packets' bytes fill the memory from the front, the entries from the back, so that it is full of either small or
/// large packets and never over its size.
pub(super) struct Chunk {
    first: u64,
    count: usize,
    filled: usize,
    memory: Box<[u8]>,
}

/// One packet as it was kept.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Kept<'a> {
    /// Its number, from 1.
    pub(crate) number: u64,
    /// The packet; its bytes may be fewer than were captured.
    pub(crate) packet: Packet<'a>,
    /// The protocol it was counted as.
    pub(crate) protocol: Protocol,
    /// Whether more of it was captured than a chunk holds.
    pub(crate) cut: bool,
    /// The place of its conversation in the flow table; none where it has none or that is not noted.
    pub(crate) flow: Option<u32>,
}

impl Chunk {
    /// The size of a chunk of copies.
    pub(super) const BYTES: usize = 1 << 20;

    /// Makes a chunk whose first packet is to be `first`.
    pub(super) fn starting(first: u64) -> Self {
        Self { first, count: 0, filled: 0, memory: vec![0; Self::BYTES].into_boxed_slice() }
    }

    /// Makes a chunk of another size: for so many packets whose bytes come to `bytes` in all.
    pub(super) fn for_packets(first: u64, packets: usize, bytes: usize) -> Self {
        let size = packets.saturating_mul(Entry::LEN).saturating_add(bytes);
        Self { first, count: 0, filled: 0, memory: vec![0; size].into_boxed_slice() }
    }

    /// Forgets its packets; the next first packet is to be `first`.
    pub(super) fn restart(&mut self, first: u64) {
        (self.first, self.count, self.filled) = (first, 0, 0);
    }

    /// Returns the number of its first packet.
    pub(super) const fn first(&self) -> u64 {
        self.first
    }

    /// Returns the number that follows its last packet's.
    pub(super) const fn end(&self) -> u64 {
        // Lossless: usize has at most 64 bits.
        self.first + self.count as u64
    }

    /// Returns the bytes of its packets together.
    pub(super) const fn filled(&self) -> usize {
        self.filled
    }

    /// Tells whether it holds the packet with this number.
    pub(super) fn contains(&self, number: u64) -> bool {
        (self.first..self.end()).contains(&number)
    }

    /// Adds a packet if there is room: an empty chunk has room for any, cut to its size.
    pub(super) fn push(&mut self, packet: &Packet<'_>, verdict: Verdict) -> bool {
        let most = self.memory.len().saturating_sub(Entry::LEN);
        let bytes = packet.bytes.get(..most).unwrap_or(packet.bytes);
        let entry_at = self.entries_start();
        let filled = self.filled + bytes.len();
        if filled + Entry::LEN > entry_at {
            return false;
        }
        let (Some(place), Ok(offset), Ok(captured)) = (
            self.memory.get_mut(self.filled..filled),
            u32::try_from(self.filled),
            u32::try_from(bytes.len()),
        ) else {
            return false;
        };
        place.copy_from_slice(bytes);
        let entry = Entry {
            at: packet.at,
            offset,
            captured,
            wire_len: packet.wire_len,
            interface: packet.interface,
            link: packet.link,
            protocol: verdict.protocol,
            direction: verdict.direction,
            flow: verdict.flow,
            cut: bytes.len() < packet.bytes.len(),
        };
        let place = self.memory.get_mut(..entry_at).and_then(<[u8]>::last_chunk_mut);
        if let Some(place) = place {
            *place = entry.to_bytes();
        }
        self.filled = filled;
        self.count += 1;
        true
    }

    /// Becomes equal to `open`, of which it may hold the beginning already.
    pub(super) fn catch_up(&mut self, open: &Self) {
        if self.first != open.first {
            self.restart(open.first);
        }
        self.copy(open, self.filled..open.filled);
        self.copy(open, open.entries_start()..self.entries_start());
        (self.count, self.filled) = (open.count, open.filled);
    }

    /// Returns the packet with this number, if it is here.
    pub(super) fn packet(&self, number: u64) -> Option<Kept<'_>> {
        let place = usize::try_from(number.checked_sub(self.first)?).ok()?;
        if place >= self.count {
            return None;
        }
        let behind = self.memory.len().checked_sub(place.checked_mul(Entry::LEN)?)?;
        let entry = Entry::of_bytes(self.memory.get(..behind)?.last_chunk()?);
        let start = usize::try_from(entry.offset).ok()?;
        let bytes = self.memory.get(start..)?.get(..usize::try_from(entry.captured).ok()?)?;
        let Entry { at, wire_len, interface, link, protocol, cut, flow, .. } = entry;
        Some(Kept { number, packet: Packet { at, link, interface, wire_len, bytes }, protocol, cut, flow })
    }

    /// Returns where the entries begin, the newest first.
    const fn entries_start(&self) -> usize {
        self.memory.len() - self.count * Entry::LEN
    }

    fn copy(&mut self, from: &Self, range: std::ops::Range<usize>) {
        if let (Some(to), Some(from)) = (self.memory.get_mut(range.clone()), from.memory.get(range)) {
            to.copy_from_slice(from);
        }
    }
}

/// Which packets; the bytes would fill screens.
impl fmt::Debug for Chunk {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Chunk")
            .field("first", &self.first)
            .field("count", &self.count)
            .field("filled", &self.filled)
            .finish_non_exhaustive()
    }
}

/// What is noted about one packet.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Entry {
    at: Option<Timestamp>,
    /// Where its bytes begin in the chunk.
    offset: u32,
    captured: u32,
    wire_len: u32,
    interface: u32,
    link: LinkType,
    protocol: Protocol,
    direction: Direction,
    /// The place of its conversation, below the highest number.
    flow: Option<u32>,
    cut: bool,
}

impl Entry {
    /// The length of an entry in a chunk.
    const LEN: usize = 32;
    const HAS_TIME: u8 = 1;
    const CUT: u8 = 2;
    /// From which bit on the direction stands among the flags.
    const DIRECTION: u8 = 2;
    /// The place of a packet without a conversation: no table has so many.
    const NO_FLOW: u32 = u32::MAX;

    fn to_bytes(self) -> [u8; Self::LEN] {
        let [a0, a1, a2, a3, a4, a5, a6, a7] = self.at.unwrap_or_default().nanos().to_le_bytes();
        let [o0, o1, o2, o3] = self.offset.to_le_bytes();
        let [c0, c1, c2, c3] = self.captured.to_le_bytes();
        let [w0, w1, w2, w3] = self.wire_len.to_le_bytes();
        let [i0, i1, i2, i3] = self.interface.to_le_bytes();
        let [l0, l1] = self.link.0.to_le_bytes();
        // Lossless: both enumerations are a byte.
        let (protocol, direction) = (self.protocol as u8, self.direction as u8);
        let [f0, f1, f2, f3] = self.flow.unwrap_or(Self::NO_FLOW).to_le_bytes();
        let has_time = if self.at.is_some() { Self::HAS_TIME } else { 0 };
        let flags = has_time | if self.cut { Self::CUT } else { 0 } | direction << Self::DIRECTION;
        [
            a0, a1, a2, a3, a4, a5, a6, a7, o0, o1, o2, o3, c0, c1, c2, c3, w0, w1, w2, w3, i0, i1, i2, i3,
            l0, l1, protocol, flags, f0, f1, f2, f3,
        ]
    }

    fn of_bytes(bytes: &[u8; Self::LEN]) -> Self {
        let [
            a0,
            a1,
            a2,
            a3,
            a4,
            a5,
            a6,
            a7,
            o0,
            o1,
            o2,
            o3,
            c0,
            c1,
            c2,
            c3,
            w0,
            w1,
            w2,
            w3,
            i0,
            i1,
            i2,
            i3,
            l0,
            l1,
            protocol,
            flags,
            f0,
            f1,
            f2,
            f3,
        ] = *bytes;
        let at = Timestamp::from_nanos(u64::from_le_bytes([a0, a1, a2, a3, a4, a5, a6, a7]));
        Self {
            at: (flags & Self::HAS_TIME != 0).then_some(at),
            offset: u32::from_le_bytes([o0, o1, o2, o3]),
            captured: u32::from_le_bytes([c0, c1, c2, c3]),
            wire_len: u32::from_le_bytes([w0, w1, w2, w3]),
            interface: u32::from_le_bytes([i0, i1, i2, i3]),
            link: LinkType(u16::from_le_bytes([l0, l1])),
            protocol: Protocol::ALL.get(usize::from(protocol)).copied().unwrap_or_default(),
            direction: Direction::ALL.get(usize::from(flags >> Self::DIRECTION)).copied().unwrap_or_default(),
            flow: Some(u32::from_le_bytes([f0, f1, f2, f3])).filter(|&flow| flow != Self::NO_FLOW),
            cut: flags & Self::CUT != 0,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn verdict() -> Verdict {
        Verdict { protocol: Protocol::Tls, direction: Direction::Inbound, ..Verdict::default() }
    }

    fn packet(bytes: &[u8]) -> Packet<'_> {
        let wire_len = u32::try_from(bytes.len()).unwrap();
        Packet { at: None, link: LinkType::RAW, interface: 0, wire_len, bytes }
    }

    #[test]
    fn entry_comes_back_as_it_was_written() {
        for protocol in Protocol::ALL {
            for direction in Direction::ALL {
                let entry = Entry {
                    at: (direction != Direction::Inbound).then_some(Timestamp::MAX),
                    offset: 1,
                    captured: 0x0203_0405,
                    wire_len: 0x0607_0809,
                    interface: u32::MAX,
                    link: LinkType::LINUX_SLL2,
                    protocol,
                    direction,
                    flow: (direction != Direction::Transit).then_some(0x0a0b_0c0d),
                    cut: direction == Direction::Internal,
                };
                assert_eq!(Entry::of_bytes(&entry.to_bytes()), entry);
            }
        }
    }

    #[test]
    fn chunk_is_filled_to_its_last_byte() {
        let mut chunk = Chunk::starting(7);
        // 96 bytes and 32 of entry: a chunk holds 2^20 / 2^7 of them.
        for round in 0..1_u64 << 13 {
            assert!(chunk.push(&packet(&[u8::try_from(round % 251).unwrap(); 96]), verdict()));
        }
        assert!(!chunk.push(&packet(&[]), verdict()));
        assert_eq!((chunk.first(), chunk.end()), (7, 7 + (1 << 13)));
        for number in chunk.first()..chunk.end() {
            let kept = chunk.packet(number).unwrap();
            assert_eq!(kept.packet.bytes, [u8::try_from((number - 7) % 251).unwrap(); 96]);
        }
        assert!(chunk.packet(6).is_none() && chunk.packet(chunk.end()).is_none());
    }

    #[test]
    fn packet_larger_than_a_chunk_is_cut_and_marked() {
        let bytes = vec![3; Chunk::BYTES];
        let mut chunk = Chunk::starting(1);
        assert!(chunk.push(&packet(&bytes), verdict()));
        let kept = chunk.packet(1).unwrap();
        assert!(kept.cut);
        assert_eq!(kept.packet.bytes, &bytes[..Chunk::BYTES - Entry::LEN]);
        assert_eq!(kept.packet.wire_len, 1 << 20);
    }

    #[test]
    fn copy_that_lags_catches_up() {
        let mut open = Chunk::starting(1);
        let mut copy = Chunk::starting(0);
        for number in 1..=100_u8 {
            open.push(&packet(&vec![number; usize::from(number)]), verdict());
            if number % 7 == 0 {
                copy.catch_up(&open);
            }
        }
        copy.catch_up(&open);
        for number in 1..=100_u8 {
            let kept = copy.packet(u64::from(number)).unwrap();
            assert_eq!(kept.packet.bytes, vec![number; usize::from(number)]);
        }
        assert_eq!(copy.end(), 101);
    }
}
