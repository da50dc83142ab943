//! Texts of strangers: bounded, and shown as they are where that is harmless.

use std::fmt::Write as _;
use std::sync::Arc;

use netsonde_dissect::Escaped;
use netsonde_units::is_hidden;

/// Bytes of a text that are kept.
const MAX_TEXT: usize = 128;

/// Makes a text of what strangers wrote: UTF-8 where it shows (RFC 3261 section 25.1 allows it), the rest escaped.
pub(super) fn text(bytes: &[u8]) -> Arc<str> {
    if let Some(plain) = Escaped(bytes).plain().filter(|plain| plain.len() <= MAX_TEXT) {
        return plain.into();
    }
    let mut text = Bounded::default();
    text.add(bytes);
    text.text.into()
}

/// Makes a text of several words, with blanks between.
pub(super) fn words(bytes: &[u8]) -> Arc<str> {
    let mut text = Bounded::default();
    for word in bytes.split(u8::is_ascii_whitespace).filter(|word| !word.is_empty()) {
        if !text.text.is_empty() {
            text.push(" ");
        }
        text.add(word);
    }
    text.text.into()
}

/// A text that grows up to its bound and takes only whole letters and whole escapes.
#[derive(Debug, Default)]
struct Bounded {
    text: String,
    is_full: bool,
}

impl Bounded {
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
        self.is_full |= self.text.len() + piece.len() > MAX_TEXT;
        if !self.is_full {
            self.text.push_str(piece);
        }
    }
}
