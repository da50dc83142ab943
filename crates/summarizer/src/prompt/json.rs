//! JSON that text from strangers can not leave.

use std::io;

use netsonde_units::is_hidden;
use serde::Serialize;
use serde_json::ser::{CompactFormatter, Formatter, Serializer};

/// Writes a value; braces inside of strings are escaped, so that no name is a placeholder.
pub(super) fn escaped(value: &impl Serialize) -> String {
    written(value, Escaping { braces: true })
}

/// Writes a text with its placeholders.
pub(super) fn with_braces(text: &str) -> String {
    written(&text, Escaping { braces: false })
}

fn written(value: &impl Serialize, escaping: Escaping) -> String {
    let mut bytes = Vec::new();
    // Writing to memory cannot fail, and every key is a string.
    let _ = value.serialize(&mut Serializer::with_formatter(&mut bytes, escaping));
    String::from_utf8(bytes).unwrap_or_default()
}

/// Escapes what could end the block, read as markup, or change how the text is shown.
struct Escaping {
    braces: bool,
}

impl Formatter for Escaping {
    fn write_string_fragment<W: ?Sized + io::Write>(
        &mut self,
        writer: &mut W,
        fragment: &str,
    ) -> io::Result<()> {
        for letter in fragment.chars() {
            let braces = self.braces && matches!(letter, '{' | '}');
            if braces || matches!(letter, '<' | '>' | '&' | '`') || is_hidden(letter) {
                let mut units = [0; 2];
                for unit in letter.encode_utf16(&mut units) {
                    write!(writer, "\\u{unit:04x}")?;
                }
            } else {
                CompactFormatter.write_string_fragment(writer, letter.encode_utf8(&mut [0; 4]))?;
            }
        }
        Ok(())
    }
}
