//! Writing in network byte order, with lengths in front of what they count.

use crate::{Rng, noise};

/// The longest noise that is drawn byte by byte: keys, identifiers, nonces.
const MAX_FRESH: usize = 64;

/// Bytes of a message that grows at its end.
///
/// Parts that carry their length are written by a closure; a part that outgrows its length field is cut
/// there, so that a message always reads back.
#[derive(Clone, Debug, Default)]
pub(crate) struct Bytes(Vec<u8>);

impl Bytes {
    pub(crate) fn new() -> Self {
        Self::default()
    }

    pub(crate) fn u8(&mut self, value: u8) -> &mut Self {
        self.0.push(value);
        self
    }

    pub(crate) fn u16(&mut self, value: u16) -> &mut Self {
        self.put(&value.to_be_bytes())
    }

    pub(crate) fn u32(&mut self, value: u32) -> &mut Self {
        self.put(&value.to_be_bytes())
    }

    pub(crate) fn put(&mut self, bytes: &[u8]) -> &mut Self {
        self.0.extend_from_slice(bytes);
        self
    }

    pub(crate) fn u16s(&mut self, values: impl IntoIterator<Item = u16>) -> &mut Self {
        for value in values {
            self.u16(value);
        }
        self
    }

    pub(crate) fn zeros(&mut self, len: usize) -> &mut Self {
        self.pad_to(self.0.len().saturating_add(len))
    }

    /// Appends zeros until the message has this length.
    pub(crate) fn pad_to(&mut self, len: usize) -> &mut Self {
        if self.0.len() < len {
            self.0.resize(len, 0);
        }
        self
    }

    /// Appends noise: fresh where it is short and may have to differ from all other, else out of the common block.
    pub(crate) fn noise(&mut self, len: usize, rng: &mut Rng) -> &mut Self {
        if len > MAX_FRESH {
            noise::append(&mut self.0, rng.bits(), len);
            return self;
        }
        let start = self.0.len();
        self.zeros(len);
        if let Some(tail) = self.0.get_mut(start..) {
            rng.fill(tail);
        }
        self
    }

    /// Writes a part with its length in one byte before it.
    pub(crate) fn counted8(&mut self, part: impl FnOnce(&mut Self)) -> &mut Self {
        let part = Self::part(part, 0xff);
        self.u8(u8::try_from(part.len()).unwrap_or(u8::MAX)).put(&part)
    }

    /// Writes a part with its length in two bytes before it.
    pub(crate) fn counted16(&mut self, part: impl FnOnce(&mut Self)) -> &mut Self {
        let part = Self::part(part, 0xffff);
        self.u16(len16(part.len())).put(&part)
    }

    /// Writes a part with its length in three bytes before it.
    pub(crate) fn counted24(&mut self, part: impl FnOnce(&mut Self)) -> &mut Self {
        let part = Self::part(part, 0x00ff_ffff);
        let [_, high, middle, low] = u32::try_from(part.len()).unwrap_or(u32::MAX).to_be_bytes();
        self.put(&[high, middle, low]).put(&part)
    }

    fn part(write: impl FnOnce(&mut Self), max: usize) -> Vec<u8> {
        let mut part = Self::new();
        write(&mut part);
        part.0.truncate(max);
        part.0
    }

    pub(crate) fn len(&self) -> usize {
        self.0.len()
    }

    pub(crate) fn as_slice(&self) -> &[u8] {
        &self.0
    }

    pub(crate) fn into_vec(self) -> Vec<u8> {
        self.0
    }

    /// Takes the message out of a chain of calls.
    pub(crate) fn take(&mut self) -> Vec<u8> {
        std::mem::take(&mut self.0)
    }
}

/// Returns a length as a two-byte field holds it, saturating.
pub(crate) fn len16(len: usize) -> u16 {
    u16::try_from(len).unwrap_or(u16::MAX)
}

/// Returns bytes that say nothing: an encrypted or compressed body, a picture.
pub fn noise(len: usize, rng: &mut Rng) -> Vec<u8> {
    Bytes::new().noise(len, rng).take()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lengths_stand_before_what_they_count() {
        let bytes = Bytes::new()
            .counted24(|outer| {
                outer.counted16(|inner| {
                    inner.counted8(|innermost| {
                        innermost.u8(7);
                    });
                });
            })
            .take();
        assert_eq!(bytes, [0, 0, 4, 0, 2, 1, 7]);
    }

    #[test]
    fn part_longer_than_its_length_field_is_cut_there() {
        let bytes = Bytes::new().counted8(|part| _ = part.zeros(300)).take();
        assert_eq!((bytes[0], bytes.len()), (255, 256));
    }
}
