//! A part of a capture file that can be read again.

use std::fs::File;
use std::io;
use std::os::unix::fs::FileExt as _;
use std::sync::Arc;

use netsonde_dissect::Packet;

use super::Decoder;
use super::record::Tally;

/// Where some packets lie in a capture file that is not compressed, and how to read them there.
///
/// Clones share the open file, so that it can be read even after it was renamed or removed.
#[derive(Clone, Debug)]
pub struct FileSpan {
    pub(super) file: Arc<File>,
    /// The first byte of the first record.
    pub(super) offset: u64,
    /// Bytes of all records.
    pub(super) len: usize,
    /// The decoder as it was before the first record.
    pub(super) decoder: Decoder,
}

impl FileSpan {
    /// Hands the packets to `each` as they were handed over the first time.
    ///
    /// # Errors
    ///
    /// When the file cannot be read, or is shorter than it was. A file whose bytes were changed gives other packets.
    pub fn read<F: FnMut(Packet<'_>)>(&self, mut each: F) -> io::Result<()> {
        let mut bytes = vec![0; self.len];
        self.file.read_exact_at(&mut bytes, self.offset)?;
        self.decoder.clone().walk(&bytes, &mut Tally::default(), &mut |packet| each(packet));
        Ok(())
    }

    /// Returns how many bytes the packets' records have in the file.
    pub const fn len_bytes(&self) -> usize {
        self.len
    }

    /// Returns at most how much memory the value holds, in bytes: part of it may be shared with other spans.
    pub fn held_bytes(&self) -> usize {
        size_of::<Self>() + self.decoder.held_bytes()
    }
}
