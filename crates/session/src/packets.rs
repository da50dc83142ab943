//! The newest packets, kept so that people can look at them.
//!
//! Packets of a capture file that is not compressed stay where they are: the store notes which part of the file holds
//! which packets, and reads a part again when somebody looks. All others are copied into chunks.

mod chunk;
mod copies;
mod index;
mod search;
mod shelf;

use std::ops::ControlFlow;
use std::sync::Arc;

use netsonde_capture::{FileSpan, Source};
use netsonde_dissect::Packet;
use netsonde_messages::stream::{PacketRow, PacketWindow, PacketsTopic};
use netsonde_metrics::Verdict;

use crate::rows;
use chunk::Chunk;
pub(crate) use chunk::Kept;
use copies::Copies;
use index::{Index, Parts};
pub(crate) use search::OfFlow;
use search::{Cursor, Search, Text};
use shelf::Shelf;

/// The writing half of the packet store; the thread that measures owns it.
///
/// Packets are numbered from 1 in the order they are kept; a number is never given twice.
#[derive(Debug)]
pub struct PacketStore {
    keeping: Keeping,
}

#[derive(Debug)]
enum Keeping {
    Copies(Copies),
    Index(Index),
}

/// The reading half of the packet store; clones read the same packets.
///
/// A reader holds the chunk it is reading from and no lock, so a slow reader delays nobody; meanwhile the chunk may
/// be dropped from the store, and lives until the reader is done with it.
#[derive(Clone, Debug)]
pub struct Packets {
    held: Held,
}

#[derive(Clone, Debug)]
enum Held {
    Copies(Arc<Shelf>),
    Parts(Arc<Parts>),
}

impl PacketStore {
    /// How much memory a store is bound to unless told otherwise, in bytes.
    pub const DEFAULT_BOUND_BYTES: usize = 64 << 20;

    /// Makes an empty store that copies packets, and holds at most `bound_bytes` in chunks of 1 MiB, five of them at least.
    ///
    /// Packets and what is noted about them (32 bytes each) share the chunks. Beyond the bound comes only what readers
    /// hold on to: each at most one chunk, while it reads.
    pub fn new(bound_bytes: usize) -> (Self, Packets) {
        let (copies, shelf) = Copies::new(bound_bytes);
        (Self { keeping: Keeping::Copies(copies) }, Packets { held: Held::Copies(shelf) })
    }

    /// Makes the empty store that fits a source: one that can be read again is not copied.
    ///
    /// Then `bound_bytes` bounds what is noted of its packets: a byte each, and some for each mebibyte of the file.
    pub fn of_source(source: &Source, bound_bytes: usize) -> (Self, Packets) {
        if !source.can_read_again() {
            return Self::new(bound_bytes);
        }
        let (index, parts) = Index::new(bound_bytes);
        (Self { keeping: Keeping::Index(index) }, Packets { held: Held::Parts(parts) })
    }

    /// Keeps what was captured of a packet; readers see it after the next [`Self::seal`].
    ///
    /// A copied packet that is larger than a chunk is cut to what fits one, and its row says so.
    #[inline]
    pub fn keep(&mut self, packet: &Packet<'_>, verdict: Verdict) {
        match &mut self.keeping {
            Keeping::Copies(copies) => copies.keep(packet, verdict),
            Keeping::Index(index) => index.note(verdict),
        }
    }

    /// Says where the packets lie that were kept since the last time, if they can be read again there.
    pub fn point(&mut self, span: Option<FileSpan>) {
        if let (Keeping::Index(index), Some(span)) = (&mut self.keeping, span) {
            index.point(span);
        }
    }

    /// Shows readers what was kept since the last time.
    pub fn seal(&mut self) {
        match &mut self.keeping {
            Keeping::Copies(copies) => copies.seal(),
            Keeping::Index(index) => index.seal(),
        }
    }
}

impl Packets {
    /// The most rows given at once.
    pub const MAX_ROWS: u32 = 200;
    /// The most packets that one search looks at: some tens of milliseconds of work.
    pub const MAX_SEARCHED: u64 = 20_000;
    /// About the most bytes of packets that one search looks at, as large packets take longer.
    pub const MAX_SEARCHED_BYTES: usize = 32 << 20;
    /// The most packets of other conversations that a search for those of one passes by.
    const MAX_PASSED: u64 = 1_000_000;
    /// About the most bytes of packets that the analysis of one conversation looks at.
    const MAX_ANALYSED_BYTES: usize = 64 << 20;

    /// Returns the number of the oldest packet still held; `None` without a packet.
    pub fn oldest(&self) -> Option<u64> {
        self.held.range().map(|(oldest, _)| oldest)
    }

    /// Returns the number of the newest packet; `None` without a packet.
    pub fn newest(&self) -> Option<u64> {
        self.held.range().map(|(_, newest)| newest)
    }

    /// Returns the newest rows, at most `limit` and [`Self::MAX_ROWS`].
    pub fn newest_rows(&self, limit: u32) -> PacketsTopic {
        let PacketWindow { oldest, newest, rows, .. } = self.find(None, limit, None);
        PacketsTopic { oldest, newest, rows }
    }

    /// Returns rows in order of their numbers, at most `limit` and [`Self::MAX_ROWS`].
    ///
    /// With `from`, the first rows from that number on; without, the newest. With `text`, only rows that show it, in
    /// any case, in a column other than the time (which every viewer shows in its own way). At most
    /// [`Self::MAX_SEARCHED`] packets are looked at, of [`Self::MAX_SEARCHED_BYTES`]; where some were not, [`PacketWindow::next`] says from where an
    /// upward search goes on. After a search for the newest that is the oldest packet held.
    pub fn find(&self, from: Option<u64>, limit: u32, text: Option<&str>) -> PacketWindow {
        self.find_of(from, limit, text, None)
    }

    /// Returns rows as [`Self::find`] does, with `flow` only those of a conversation; packets of others cost little.
    pub(crate) fn find_of(
        &self,
        from: Option<u64>,
        limit: u32,
        text: Option<&str>,
        flow: Option<&OfFlow>,
    ) -> PacketWindow {
        let Some((oldest, newest)) = self.held.range() else { return PacketWindow::default() };
        let search = Search { oldest, newest, most: limit.min(Self::MAX_ROWS), text: Text::new(text) };
        let mut cursor = Cursor::new(&self.held, flow);
        match from {
            Some(from) => search.upwards(&mut cursor, from),
            None => search.downwards(&mut cursor),
        }
    }

    /// Hands over the packets of a conversation, or everybody's, oldest first, until `each` breaks or enough bytes were looked at; tells
    /// whether all that are held were.
    pub(crate) fn each_of(
        &self,
        flow: Option<&OfFlow>,
        mut each: impl FnMut(&Kept<'_>) -> ControlFlow<()>,
    ) -> bool {
        let Some((oldest, newest)) = self.held.range() else { return true };
        let mut cursor = Cursor::new(&self.held, flow);
        cursor.most_bytes = Self::MAX_ANALYSED_BYTES;
        let mut next = oldest;
        while next <= newest {
            if cursor.is_tired() {
                return false;
            }
            next = match cursor.passed_by(next) {
                Some((_, end)) => end,
                None if cursor.packet(next).is_some_and(|kept| each(&kept).is_break()) => return false,
                None => next + 1,
            };
        }
        true
    }

    /// Returns the row of a packet and what was captured of it; `None` where it is not held.
    pub fn packet(&self, number: u64) -> Option<(PacketRow, Vec<u8>)> {
        let chunk = self.held.chunk(number)?;
        let kept = chunk.packet(number)?;
        Some((rows::row(&kept), kept.packet.bytes.to_vec()))
    }
}

impl Held {
    /// Returns the numbers of the oldest and of the newest packet.
    fn range(&self) -> Option<(u64, u64)> {
        match self {
            Self::Copies(shelf) => shelf.range(),
            Self::Parts(parts) => parts.range(),
        }
    }

    /// Tells whether packets are read again when somebody looks.
    const fn is_read_again(&self) -> bool {
        matches!(self, Self::Parts(_))
    }

    /// Returns the numbers of packets around this one none of which is of the conversation at a place of the flow table,
    /// where that is known without reading them.
    fn without(&self, number: u64, flow: u32) -> Option<(u64, u64)> {
        match self {
            Self::Copies(_) => None,
            Self::Parts(parts) => parts.without(number, flow),
        }
    }

    /// Returns the chunk that holds the packet with this number.
    fn chunk(&self, number: u64) -> Option<Arc<Chunk>> {
        match self {
            Self::Copies(shelf) => shelf.chunk(number),
            Self::Parts(parts) => parts.chunk(number),
        }
    }
}

#[cfg(test)]
mod tests {
    use netsonde_dissect::LinkType;

    use super::*;

    fn verdict() -> Verdict {
        Verdict::default()
    }

    fn keep(store: &mut PacketStore, bytes: &[u8]) {
        let wire_len = u32::try_from(bytes.len()).unwrap();
        store.keep(&Packet { at: None, link: LinkType::RAW, interface: 0, wire_len, bytes }, verdict());
    }

    #[test]
    fn packets_show_once_they_are_sealed() {
        let (mut store, packets) = PacketStore::new(0);
        keep(&mut store, &[1]);
        assert_eq!((packets.oldest(), packets.newest()), (None, None));
        assert_eq!(packets.newest_rows(10), PacketsTopic::default());
        store.seal();
        keep(&mut store, &[2]);
        assert_eq!((packets.oldest(), packets.newest()), (Some(1), Some(1)));
        assert_eq!(packets.packet(1).unwrap().1, [1]);
        assert!(packets.packet(0).is_none() && packets.packet(2).is_none());
    }

    #[test]
    fn search_goes_on_where_it_says() {
        let (mut store, packets) = PacketStore::new(PacketStore::DEFAULT_BOUND_BYTES);
        // One packet in 10,000 goes to 192.0.2.171, the others to 192.0.2.172.
        for number in 1..=50_000 {
            let last = if number % 10_000 == 0 { 171 } else { 172 };
            keep(&mut store, &[0x45, 0, 0, 20, 0, 0, 0, 0, 64, 47, 0, 0, 192, 0, 2, 1, 192, 0, 2, last]);
        }
        store.seal();
        let numbers = |window: &PacketWindow| window.rows.iter().map(|row| row.number).collect::<Vec<_>>();
        let text = Some(".171");
        let window = packets.find(Some(1), 10, text);
        assert_eq!((numbers(&window), window.next), (vec![10_000, 20_000], Some(20_001)));
        let window = packets.find(window.next, 1, text);
        assert_eq!((numbers(&window), window.next), (vec![30_000], Some(30_001)));
        let window = packets.find(Some(40_000), 10, text);
        assert_eq!((numbers(&window), window.next), (vec![40_000, 50_000], None));
        let window = packets.find(None, 10, text);
        assert_eq!((numbers(&window), window.next), (vec![40_000, 50_000], Some(1)));
        assert_eq!(packets.find(Some(60_000), 10, None).rows, []);
    }

    #[test]
    fn search_among_large_packets_ends_by_their_bytes() {
        let (mut store, packets) = PacketStore::new(PacketStore::DEFAULT_BOUND_BYTES);
        // 1,000 packets of 48 KiB: 683 come to 32 MiB.
        for _ in 0..1_000 {
            keep(&mut store, &vec![0; 48 << 10]);
        }
        store.seal();
        let window = packets.find(Some(1), 10, Some("nowhere"));
        assert_eq!((window.rows, window.next), (Vec::new(), Some(684)));
    }

    #[test]
    fn windows_are_bounded_and_in_order() {
        let (mut store, packets) = PacketStore::new(0);
        for _ in 0..500 {
            keep(&mut store, &[0; 9]);
        }
        store.seal();
        let newest = packets.newest_rows(u32::MAX);
        assert!(newest.rows.iter().map(|row| row.number).eq(301..=500));
        let window = packets.find(Some(0), u32::MAX, None);
        assert!(window.rows.iter().map(|row| row.number).eq(1..=200));
        assert_eq!((window.oldest, window.newest, window.next), (Some(1), Some(500), Some(201)));
        assert_eq!(packets.find(Some(301), 200, Some("")).next, None);
    }
}
