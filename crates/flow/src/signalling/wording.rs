//! Texts of strangers: bounded, and shown as they are where that is harmless.

use std::fmt::Write as _;
use std::sync::Arc;

use netsonde_dissect::Escaped;
use netsonde_units::is_hidden;
use sha2::{Digest, Sha256};

/// Bytes of a text that are kept, the ellipsis of one that is longer among them.
const MAX_TEXT: usize = 128;
/// Bytes that are kept of what names a call: a UUID and a host's name have some hundred.
const MAX_NAME: usize = 256;
/// Bytes of the hash: nobody finds two names that share as many by trying.
const HASH_BYTES: usize = 16;
/// What stands at the end of a text that is longer.
const ELLIPSIS: &str = "…";

/// Makes a text of what strangers wrote: UTF-8 where it shows (RFC 3261 section 25.1 allows it), the rest escaped.
pub(super) fn text(bytes: &[u8]) -> Arc<str> {
    bounded(bytes, MAX_TEXT).text.into()
}

/// Makes a text of what names a call, another one for each: of one that is too long the hash stands behind what is kept.
/// A text with a hash is longer than any that is whole.
pub(super) fn name(bytes: &[u8]) -> Arc<str> {
    let mut name = bounded(bytes, MAX_NAME);
    if name.is_full {
        for byte in Sha256::digest(bytes).iter().take(HASH_BYTES) {
            // A string takes any text.
            let _ = write!(name.text, "{byte:02x}");
        }
    }
    name.text.into()
}

fn bounded(bytes: &[u8], most: usize) -> Bounded {
    let mut text = Bounded::new(most);
    match Escaped(bytes).plain().filter(|plain| plain.len() <= most) {
        Some(plain) => text.text.push_str(plain),
        None => text.add(bytes),
    }
    text
}

/// Makes a text of several words, with blanks between.
pub(super) fn words(bytes: &[u8]) -> Arc<str> {
    let mut text = Bounded::new(MAX_TEXT);
    for word in bytes.split(u8::is_ascii_whitespace).filter(|word| !word.is_empty()) {
        if !text.text.is_empty() {
            text.push(" ");
        }
        text.add(word);
        if text.is_full {
            break;
        }
    }
    text.text.into()
}

/// A text that grows up to its bound, by whole letters and whole escapes; one that would be longer ends in an ellipsis.
#[derive(Debug)]
struct Bounded {
    text: String,
    most: usize,
    /// How much of the text leaves room for an ellipsis.
    roomy: usize,
    is_full: bool,
}

impl Bounded {
    const fn new(most: usize) -> Self {
        Self { text: String::new(), most, roomy: 0, is_full: false }
    }

    fn add(&mut self, bytes: &[u8]) {
        let mut letter_bytes = [0; 4];
        for chunk in bytes.utf8_chunks() {
            for letter in chunk.valid().chars() {
                let written = letter.encode_utf8(&mut letter_bytes);
                if is_hidden(letter) || matches!(letter, '\\' | ' ') {
                    self.escape(written.as_bytes());
                } else {
                    self.push(written);
                }
                if self.is_full {
                    return;
                }
            }
            self.escape(chunk.invalid());
        }
    }

    fn escape(&mut self, bytes: &[u8]) {
        // The longest letter has four bytes of four characters.
        let mut escaped = String::with_capacity(16);
        // A string takes any text.
        let _ = write!(escaped, "{}", Escaped(bytes));
        self.push(&escaped);
    }

    fn push(&mut self, piece: &str) {
        if self.is_full {
            return;
        }
        if self.text.len() + piece.len() > self.most {
            self.text.truncate(self.roomy);
            self.text.push_str(ELLIPSIS);
            self.is_full = true;
            return;
        }
        self.text.push_str(piece);
        if self.text.len() + ELLIPSIS.len() <= self.most {
            self.roomy = self.text.len();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_that_is_too_long_ends_in_an_ellipsis_behind_a_whole_letter() {
        assert_eq!(&*text(&[b'a'; 128]), "a".repeat(128));
        // Three bytes are the ellipsis.
        assert_eq!(&*text(&[b'a'; 129]), format!("{}…", "a".repeat(125)));
        // Of 125 bytes, letters of two take 124.
        assert_eq!(&*text("ä".repeat(65).as_bytes()), format!("{}…", "ä".repeat(62)));
        // Escapes of four bytes: 31 take 124.
        assert_eq!(&*text(&[1; 33]), format!("{}…", "\\001".repeat(31)));
        // Sixteen words of seven and their blanks are 127, a blank more 128; 125 bytes end within the last one.
        assert_eq!(&*words(&b"geraet. ".repeat(17)), format!("{}gerae…", "geraet. ".repeat(15)));
        assert_eq!(&*words(&b"geraet. ".repeat(16)), format!("{}geraet.", "geraet. ".repeat(15)));
    }

    #[test]
    fn names_that_differ_far_behind_stay_two_and_equal_ones_one() {
        let long = |end: &str| format!("{}{end}", "f".repeat(5_000));
        let (one, other) = (name(long("1").as_bytes()), name(long("2").as_bytes()));
        assert_ne!(one, other);
        assert_eq!(one, name(long("1").as_bytes()));
        // 253 letters, the ellipsis of three bytes, and sixteen bytes in hexadecimal.
        assert!(one.starts_with(&format!("{}…", "f".repeat(253))) && one.len() == 256 + 32, "{one}");
        // What fits is whole.
        assert_eq!(&*name(&[b'f'; 256]), "f".repeat(256));
        // Escapes of twelve bytes leave the most unused: 21 are 252, and a twenty-second does not fit.
        assert_eq!(name("\u{200b}".repeat(22).as_bytes()).len(), 252 + 3 + 32);
    }
}
