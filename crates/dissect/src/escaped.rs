//! Bytes that strangers wrote, as text that shows what they are.

use std::fmt;

/// Bytes as text of ASCII that shows: `\\` for the backslash and `\032` for what does not show, as in RFC 4343
/// section 2.1.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Escaped<'a>(pub &'a [u8]);

impl<'a> Escaped<'a> {
    /// Returns the bytes where they show as they are; nearly all names do.
    pub fn plain(&self) -> Option<&'a str> {
        let shows = |byte: &u8| matches!(byte, 0x21..=0x7e) && *byte != b'\\';
        if self.0.iter().all(shows) { str::from_utf8(self.0).ok() } else { None }
    }
}

impl fmt::Display for Escaped<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(plain) = self.plain() {
            return f.write_str(plain);
        }
        self.0.iter().try_for_each(|&byte| match byte {
            b'\\' => f.write_str("\\\\"),
            0x21..=0x7e => write!(f, "{}", char::from(byte)),
            _ => write!(f, "\\{byte:03}"),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_does_not_show_is_written_as_its_number() {
        assert_eq!(Escaped(b"a.Example").to_string(), "a.Example");
        assert_eq!(Escaped(b"a\\b \x00\xff").to_string(), "a\\\\b\\032\\000\\255");
    }

    #[test]
    fn only_what_needs_no_escape_is_plain() {
        assert_eq!(Escaped(b"a.Example!~").plain(), Some("a.Example!~"));
        assert_eq!([Escaped(b"a\\b"), Escaped(b"a b"), Escaped(b"\x7f")].map(|it| it.plain()), [None; 3]);
    }
}
