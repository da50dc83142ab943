//! Reads a capture twice, at once and in pieces, and compares.

use std::io::{self, Cursor, Read};

use netsonde_capture::{OpenError, Polled, ReadError, Source};

/// The most batches that are read of one input, so that a compression bomb costs no time.
const MAX_POLLS: usize = 4_096;

/// A reader that hands out at most `size` bytes at a time.
struct Pieces {
    bytes: Cursor<Vec<u8>>,
    size: usize,
}

impl Read for Pieces {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let size = self.size.min(buffer.len());
        self.bytes.read(&mut buffer[..size])
    }
}

/// What a reading comes to: packets, a sum over their fields, the error.
type Outcome = (u64, u64, Option<String>);

/// Checks `bytes` read at once against `bytes` read `size` at a time.
pub fn check(bytes: &[u8], size: u8) {
    let at_once = outcome(bytes, usize::MAX);
    let in_pieces = outcome(bytes, usize::from(size).max(1));
    // Only readings that came to their end can be compared.
    if let (Some(at_once), Some(in_pieces)) = (at_once, in_pieces) {
        assert_eq!(at_once, in_pieces);
    }
}

fn outcome(bytes: &[u8], size: usize) -> Option<Outcome> {
    let pieces = Pieces { bytes: Cursor::new(bytes.to_vec()), size };
    let mut source = match Source::reader("fuzz", Box::new(pieces)) {
        Ok(source) => source,
        // How much of a damaged compressed stream comes out depends on how its bytes come in.
        Err(OpenError::Decompression { .. }) => return None,
        Err(error) => return Some((0, 0, Some(error.to_string()))),
    };
    let mut sum = 0_u64;
    for _ in 0..MAX_POLLS {
        let polled = source.poll(|packets| {
            for packet in packets {
                assert!(packet.bytes.len() as u64 <= u64::from(packet.wire_len));
                let bytes: u64 = packet.bytes.iter().copied().map(u64::from).sum();
                let fields = packet.at.map_or(0, |at| at.nanos())
                    ^ u64::from(packet.interface)
                    ^ u64::from(packet.link.0) << 32;
                sum = sum.rotate_left(5) ^ fields ^ bytes;
            }
        });
        match polled {
            Ok(Polled::Packets(_)) => {}
            Ok(Polled::Idle(_)) => unreachable!("a file is never idle"),
            Ok(Polled::End) => return Some((source.counters().packets, sum, None)),
            Err(ReadError::Decompression { .. }) => return None,
            Err(error) => return Some((source.counters().packets, sum, Some(error.to_string()))),
        }
    }
    None
}
