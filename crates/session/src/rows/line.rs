//! A line of bounded length that strangers cannot break.

use std::fmt;

/// The info of a row as it is written: never longer than [`Self::MAX_CHARS`], never with a control character.
///
/// Our own words come in through `write!`, which cannot fail here: what is over the bound is left out. Words off the
/// wire come in through [`Self::wire`].
#[derive(Debug, Default)]
pub(super) struct Line {
    text: String,
    chars: usize,
    full: bool,
}

impl Line {
    /// The most characters of a line, the ellipsis of one that is longer among them.
    pub(super) const MAX_CHARS: usize = 200;

    /// Returns the text.
    pub(super) fn into_text(self) -> String {
        self.text
    }

    /// Writes our own words; `write!` calls it.
    pub(super) fn write_fmt(&mut self, words: fmt::Arguments<'_>) {
        // The only error is a full line.
        let _ = fmt::Write::write_fmt(self, words);
    }

    /// Writes bytes off the wire: UTF-8 that shows as it is, the rest escaped.
    ///
    /// Control characters, invisible ones and those that turn the direction of writing become `\u{202e}`, bytes that
    /// are no UTF-8 `\xff`, and the backslash is doubled so that the two can be told from text that looks like them.
    pub(super) fn wire(&mut self, bytes: &[u8]) {
        for chunk in bytes.utf8_chunks() {
            for letter in chunk.valid().chars() {
                match letter {
                    '"' | '\'' => write!(self, "{letter}"),
                    _ => write!(self, "{}", letter.escape_debug()),
                }
                if self.full {
                    return;
                }
            }
            for byte in chunk.invalid() {
                write!(self, "\\x{byte:02x}");
            }
        }
    }

    /// Writes what stands between two parts, unless nothing stands before it.
    pub(super) fn separate(&mut self, separator: &str) {
        if !self.text.is_empty() && !self.text.ends_with(' ') {
            write!(self, "{separator}");
        }
    }

    /// Lets `describe` write; where it finds that it cannot, what it wrote is taken back.
    pub(super) fn attempt(&mut self, describe: impl FnOnce(&mut Self) -> Option<()>) -> bool {
        let (len, chars, full) = (self.text.len(), self.chars, self.full);
        let is_described = describe(self).is_some();
        if !is_described && !full {
            self.text.truncate(len);
            (self.chars, self.full) = (chars, full);
        }
        is_described
    }
}

impl fmt::Write for Line {
    fn write_str(&mut self, words: &str) -> fmt::Result {
        if self.full {
            return Err(fmt::Error);
        }
        for letter in words.chars() {
            if self.chars == Self::MAX_CHARS {
                self.text.pop();
                self.text.push('…');
                self.full = true;
                return Err(fmt::Error);
            }
            self.text.push(letter);
            self.chars += 1;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn wire(bytes: &[u8]) -> String {
        let mut line = Line::default();
        line.wire(bytes);
        line.into_text()
    }

    #[test]
    fn text_off_the_wire_shows_as_it_is_where_it_is_harmless() {
        assert_eq!(wire("räksmörgås \"例え\" 'x'".as_bytes()), "räksmörgås \"例え\" 'x'");
    }

    #[test]
    fn control_characters_and_bad_bytes_are_escaped() {
        assert_eq!(wire(b"a\0b\r\n\x1b[31m\xff\\"), "a\\0b\\r\\n\\u{1b}[31m\\xff\\\\");
        // Right-to-left override, zero-width space, line separator, C1 control.
        assert_eq!(wire("\u{202e}\u{200b}\u{2028}\u{85}".as_bytes()), "\\u{202e}\\u{200b}\\u{2028}\\u{85}");
    }

    #[test]
    fn line_ends_in_an_ellipsis_only_where_something_is_left_out() {
        let mut line = Line::default();
        write!(line, "{}", "é".repeat(Line::MAX_CHARS));
        assert!(!line.text.ends_with('…'));
        write!(line, "more");
        write!(line, "and more");
        assert_eq!(line.text.chars().count(), Line::MAX_CHARS);
        assert!(line.text.ends_with("é…"));
    }

    #[test]
    fn failed_attempt_leaves_nothing_behind() {
        let mut line = Line::default();
        write!(line, "one");
        assert!(!line.attempt(|line| {
            write!(line, "{}", "x".repeat(300));
            None
        }));
        write!(line, " two");
        assert_eq!(line.into_text(), "one two");
    }
}
