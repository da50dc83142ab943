//! Bytes that strangers wrote, as text that shows what they are.

use std::fmt;

/// Bytes as text of ASCII that shows: `\\` for the backslash and `\032` for what does not show, as in RFC 4343
/// section 2.1.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Escaped<'a>(pub &'a [u8]);

impl fmt::Display for Escaped<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
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
}
