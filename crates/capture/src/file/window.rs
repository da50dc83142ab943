//! The read buffer: a window that slides over a file.

use std::fmt;
use std::io::{self, ErrorKind, Read};

/// Bytes of the buffer, and so of the largest single read: so few that they are still in a core's own cache when they
/// are looked at, beside the conversations.
const BUFFER_LEN: usize = 1 << 18;

/// A sliding view of a reader's bytes; what is in it is contiguous.
pub(super) struct Window {
    input: Box<dyn Read + Send>,
    buffer: Vec<u8>,
    /// The bytes not consumed yet are `buffer[start..end]`.
    start: usize,
    end: usize,
    /// Where `start` lies in the whole input.
    offset: u64,
    ended: bool,
}

impl Window {
    pub(super) fn new(input: Box<dyn Read + Send>) -> Self {
        Self { input, buffer: vec![0; BUFFER_LEN], start: 0, end: 0, offset: 0, ended: false }
    }

    /// Returns the bytes that were read and not consumed.
    pub(super) fn unread(&self) -> &[u8] {
        self.buffer.get(self.start..self.end).unwrap_or_default()
    }

    /// Leaves `count` bytes behind.
    pub(super) fn consume(&mut self, count: usize) {
        let count = count.min(self.end - self.start);
        self.start += count;
        self.offset += count as u64;
    }

    /// Returns where the first unread byte lies in the input.
    pub(super) fn offset(&self) -> u64 {
        self.offset
    }

    /// Returns how many bytes of the input were read.
    pub(super) fn end_offset(&self) -> u64 {
        self.offset + (self.end - self.start) as u64
    }

    /// Reads until at least `needed` bytes are unread; says false when the input ends before.
    ///
    /// It stops at the first read that satisfies it, so that packets of a slow pipe are not held back.
    /// The caller bounds `needed`; the buffer grows only for a record that is larger than the buffer.
    pub(super) fn fill(&mut self, needed: usize) -> io::Result<bool> {
        if self.end - self.start >= needed {
            return Ok(true);
        }
        // A record that the end of the buffer cuts moves to its beginning.
        self.buffer.copy_within(self.start..self.end, 0);
        self.end -= self.start;
        self.start = 0;
        if self.buffer.len() < needed {
            self.buffer.resize(needed, 0);
        }
        while self.end < needed {
            if self.ended {
                return Ok(false);
            }
            match self.input.read(self.buffer.get_mut(self.end..).unwrap_or_default()) {
                Ok(0) => self.ended = true,
                // A reader that claims more than it was given room for is wrong, but must not hurt.
                Ok(count) => self.end = self.end.saturating_add(count).min(self.buffer.len()),
                Err(error) if error.kind() == ErrorKind::Interrupted => {}
                Err(error) => return Err(error),
            }
        }
        Ok(true)
    }
}

impl fmt::Debug for Window {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Window")
            .field("offset", &self.offset)
            .field("unread", &(self.end - self.start))
            .field("ended", &self.ended)
            .finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_record_cut_by_the_buffer_moves_to_its_beginning() {
        let input: Vec<u8> = (0..=255).cycle().take(BUFFER_LEN + 100).collect();
        let mut window = Window::new(Box::new(io::Cursor::new(input.clone())));
        assert!(window.fill(1).unwrap());
        window.consume(BUFFER_LEN - 10);

        assert!(window.fill(50).unwrap());

        assert_eq!(window.unread(), &input[BUFFER_LEN - 10..]);
        assert_eq!(window.offset(), BUFFER_LEN as u64 - 10);
        assert_eq!(window.end_offset(), BUFFER_LEN as u64 + 100);
        assert!(!window.fill(111).unwrap());
        assert_eq!(window.unread().len(), 110);
    }

    #[test]
    fn a_record_larger_than_the_buffer_makes_it_grow() {
        let input = vec![7; BUFFER_LEN * 2];
        let mut window = Window::new(Box::new(io::Cursor::new(input)));
        assert!(window.fill(BUFFER_LEN + 1).unwrap());
        assert_eq!(window.unread().len(), BUFFER_LEN + 1);
    }
}
