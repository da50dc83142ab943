//! The file as it is stored: counts its bytes and takes compression off.

use std::io::{self, BufReader, Chain, Cursor, ErrorKind, Read};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use crate::error::OpenError;
use crate::format::{self, Compression, MAGIC_LEN};
use crate::polled::Progress;

/// Bytes of compressed input that are read at a time.
const COMPRESSED_BUFFER_LEN: usize = 256 << 10;

/// The most that is unpacked at a time, in bytes: the window of deflate.
///
/// A decompressor that meets damage keeps back what it unpacked in the same call, so a call unpacks little.
/// How much of a damaged stream comes out therefore depends on how its bytes come in; of a sound or cut one
/// everything does. Waiting for full buffers would mend that, but hold back what a slow pipe delivers.
const UNPACKED_STEP: usize = 32 << 10;

/// What is known of the file below its packets.
#[derive(Debug)]
pub(super) struct Stored {
    compression: Option<Compression>,
    read: Arc<AtomicU64>,
    total: Option<u64>,
}

impl Stored {
    /// Recognises a compression; the reader it returns yields the capture itself.
    pub(super) fn open(
        name: &str,
        input: Box<dyn Read + Send>,
        total: Option<u64>,
    ) -> Result<(Self, Box<dyn Read + Send>), OpenError> {
        let read = Arc::new(AtomicU64::new(0));
        let mut input = Counted { input, read: Arc::clone(&read) };
        let start =
            beginning(&mut input).map_err(|source| OpenError::Read { name: name.to_owned(), source })?;
        let compression = format::compression(&start);
        let whole = Cursor::new(start).chain(input);
        let unpacked =
            match compression {
                None => Box::new(whole),
                Some(compression) => unpack(compression, whole).map_err(|source| {
                    OpenError::Decompression { name: name.to_owned(), compression, source }
                })?,
            };
        Ok((Self { compression, read, total }, unpacked))
    }

    pub(super) fn compression(&self) -> Option<Compression> {
        self.compression
    }

    pub(super) fn progress(&self) -> Option<Progress> {
        let read = self.read.load(Ordering::Relaxed);
        self.total.map(|total| Progress { read, total })
    }
}

/// Wraps `whole` into the decompressor; both go on to the next member or frame by themselves.
///
/// Zstandard's own limit holds: a frame that asks for a window above 128 MiB is refused.
fn unpack(
    compression: Compression,
    whole: Chain<Cursor<Vec<u8>>, Counted>,
) -> io::Result<Box<dyn Read + Send>> {
    let input = BufReader::with_capacity(COMPRESSED_BUFFER_LEN, whole);
    Ok(match compression {
        Compression::Gzip => Box::new(Steps(flate2::bufread::MultiGzDecoder::new(input))),
        Compression::Zstd => Box::new(Steps(zstd::Decoder::with_buffer(input)?)),
    })
}

/// A reader that is asked for at most [`UNPACKED_STEP`] bytes at a time.
struct Steps<R>(R);

impl<R: Read> Read for Steps<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let step = buffer.len().min(UNPACKED_STEP);
        self.0.read(buffer.get_mut(..step).unwrap_or_default())
    }
}

/// Reads as many bytes as a magic number has, or fewer where the input ends.
fn beginning(input: &mut impl Read) -> io::Result<Vec<u8>> {
    let mut start = Vec::with_capacity(MAGIC_LEN);
    input.take(MAGIC_LEN as u64).read_to_end(&mut start)?;
    Ok(start)
}

/// A reader that tells how many bytes went through it.
struct Counted {
    input: Box<dyn Read + Send>,
    read: Arc<AtomicU64>,
}

impl Read for Counted {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let count = loop {
            match self.input.read(buffer) {
                Err(error) if error.kind() == ErrorKind::Interrupted => {}
                other => break other?,
            }
        };
        self.read.fetch_add(count as u64, Ordering::Relaxed);
        Ok(count)
    }
}
