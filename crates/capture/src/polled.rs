//! What reading found and counted, whatever the source.

use netsonde_units::Timestamp;

/// What one call of [`Source::poll`](crate::Source::poll) found.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Polled {
    /// So many packets were handed over, at least 1.
    Packets(usize),
    /// Nothing came for a moment. Of a live interface the moment is the clock's that stamps its packets, so that time
    /// goes on without them; none of a pipe, whose time only its packets tell, and of a capture on another machine
    /// before its first packet.
    Idle(Option<Timestamp>),
    /// There is no more to come.
    End,
}

/// What a source has counted since it was opened.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Counters {
    /// Packets handed over.
    pub packets: u64,
    /// Packets that the kernel dropped because this program read too slowly; none for files.
    ///
    /// On a loopback interface it counts every lost packet twice, sent and received, though it is captured once.
    pub kernel_drops: Option<u64>,
    /// Packets that the interface or its driver dropped; none for files and where unknown.
    pub interface_drops: Option<u64>,
    /// Stamps before 1970 or after 2554, which were moved to the nearest end of that range.
    pub stamps_out_of_range: u64,
    /// Packets that the file gives no stamp (pcapng simple packets).
    pub stamps_missing: u64,
    /// Packets with fewer bytes on the wire than in the file, whose captured length counts as both.
    pub wire_lengths_raised: u64,
    /// Blocks of a pcapng file that hold no packet and are not needed to read packets.
    pub blocks_skipped: u64,
}

/// How far a file has been read, in bytes as stored (before decompression).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Progress {
    /// Bytes read.
    pub read: u64,
    /// Size of the file when it was opened.
    pub total: u64,
}
