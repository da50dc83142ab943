//! What a side says: a stream of bytes that can be written again from any place.

use crate::noise;
use crate::truth::Note;

/// Most payload of a record of TLS (RFC 8446 section 5.1), and the header before it, in bytes.
const RECORD_LEN: u64 = 16_384;
const RECORD_HEADER_LEN: u64 = 5;

/// A part of what a side says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Piece {
    /// These bytes, and what is true once all of them have passed the tap.
    Bytes(Vec<u8>, Option<Note>),
    /// So many bytes without a meaning.
    Noise(u64),
    /// Application data of TLS: noise of so many bytes in records as long as they may be.
    Records(u64),
}

impl Piece {
    /// Makes a piece of given bytes that mean nothing special.
    pub fn bytes(bytes: impl Into<Vec<u8>>) -> Self {
        Self::Bytes(bytes.into(), None)
    }

    /// Returns the length in the stream, headers of records included, in bytes.
    pub fn len(&self) -> u64 {
        match self {
            Self::Bytes(bytes, _) => u64::try_from(bytes.len()).unwrap_or_default(),
            Self::Noise(len) => *len,
            Self::Records(len) => len + len.div_ceil(RECORD_LEN) * RECORD_HEADER_LEN,
        }
    }

    /// Tells whether there is nothing to say.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Appends up to `len` bytes from `at`, a place within the piece; says how many.
    fn write(&self, at: u64, len: usize, out: &mut Vec<u8>) -> usize {
        let left = usize::try_from(self.len() - at).unwrap_or(usize::MAX).min(len);
        match self {
            Self::Bytes(bytes, _) => {
                let begin = usize::try_from(at).unwrap_or(usize::MAX);
                out.extend(bytes.get(begin..begin + left).unwrap_or_default());
            }
            Self::Noise(_) => noise::append(out, at, left),
            Self::Records(_) => self.write_records(at, left, out),
        }
        left
    }

    fn write_records(&self, at: u64, len: usize, out: &mut Vec<u8>) {
        let whole = RECORD_LEN + RECORD_HEADER_LEN;
        let (end, mut at) = (out.len() + len, at);
        while out.len() < end {
            let (record, place) = (at / whole * whole, at % whole);
            let record_end = (record + whole).min(self.len());
            let before = out.len();
            if let Some(rest) = RECORD_HEADER_LEN.checked_sub(place).filter(|rest| *rest > 0) {
                let [high, low] =
                    u16::try_from(record_end - record - RECORD_HEADER_LEN).unwrap_or_default().to_be_bytes();
                let header = [0x17, 3, 3, high, low];
                let skipped = header.len() - usize::try_from(rest).unwrap_or_default();
                out.extend(header.iter().skip(skipped).take(end - before));
            } else {
                let left = usize::try_from(record_end - at).unwrap_or(usize::MAX);
                noise::append(out, at, left.min(end - before));
            }
            at += u64::try_from(out.len() - before).unwrap_or_default();
        }
    }
}

/// Everything that a side has said so far.
#[derive(Debug, Default)]
pub(super) struct Content {
    /// Where each piece begins, and the piece.
    pieces: Vec<(u64, Piece)>,
    len: u64,
}

impl Content {
    /// Adds a piece at the end; says where it begins.
    pub(super) fn push(&mut self, piece: Piece) -> u64 {
        let begin = self.len;
        self.len += piece.len();
        self.pieces.push((begin, piece));
        begin
    }

    pub(super) const fn len(&self) -> u64 {
        self.len
    }

    /// Appends `len` bytes from a place in the stream.
    pub(super) fn write(&self, at: u64, len: usize, out: &mut Vec<u8>) {
        let first = self.pieces.partition_point(|(begin, _)| *begin <= at).saturating_sub(1);
        let (mut at, mut left) = (at, len);
        if left == 0 {
            return;
        }
        for (begin, piece) in self.pieces.get(first..).unwrap_or_default() {
            let written = piece.write(at - begin, left, out);
            at += u64::try_from(written).unwrap_or_default();
            left -= written;
            if left == 0 {
                return;
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn records_say_their_length_however_they_are_cut() {
        // 20,000 bytes: a record of 16,384 and one of 3,616, each behind 5 bytes.
        let piece = Piece::Records(20_000);
        assert_eq!(piece.len(), 20_010);
        let mut content = Content::default();
        content.push(Piece::bytes(*b"first"));
        content.push(piece);
        let mut whole = Vec::new();
        content.write(0, 20_015, &mut whole);
        assert_eq!(whole[..10], [b'f', b'i', b'r', b's', b't', 0x17, 3, 3, 0x40, 0x00]);
        assert_eq!(whole[5 + 16_389..][..5], [0x17, 3, 3, 0x0e, 0x20]);
        for size in [1, 2, 3, 1_448, 16_391] {
            let mut parts = Vec::new();
            while parts.len() < whole.len() {
                let at = parts.len();
                content.write(at as u64, size.min(whole.len() - at), &mut parts);
            }
            assert!(parts == whole, "cut into {size}");
        }
    }
}
