use std::fmt;

use ureq::http::HeaderValue;

/// A key that a provider knows its customers by. It is sent in a header, and shown nowhere.
#[derive(Clone, PartialEq, Eq)]
pub struct Key(String);

impl Key {
    /// Takes a key as it stands in a file or in the environment; blanks around it do not count.
    ///
    /// # Errors
    ///
    /// A line that says what is wrong with it, and not what it is.
    pub fn new(text: &str) -> Result<Self, String> {
        let text = text.trim();
        if text.is_empty() {
            return Err("the key is empty".into());
        }
        if text.bytes().any(|byte| !byte.is_ascii_graphic()) {
            return Err("the key holds a blank or another character that no key has".into());
        }
        Ok(Self(text.into()))
    }

    /// Returns the value of a header that carries it, behind a word such as `Bearer `.
    pub(super) fn header(&self, before: &str) -> Option<HeaderValue> {
        let mut value = HeaderValue::try_from(format!("{before}{}", self.0)).ok()?;
        value.set_sensitive(true);
        Some(value)
    }
}

impl fmt::Debug for Key {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Key(..)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_is_shown_nowhere() {
        let key = Key::new(" abc-123\n").unwrap();
        assert_eq!(format!("{key:?}"), "Key(..)");
        let header = key.header("Bearer ").unwrap();
        assert_eq!(
            (header.as_bytes(), format!("{header:?}").as_str()),
            (&b"Bearer abc-123"[..], "Sensitive")
        );
    }

    #[test]
    fn what_cannot_be_a_key_is_refused_without_repeating_it() {
        for text in ["", " \n", "abc def", "abc\ndef", "schlüssel"] {
            let problem = Key::new(text).unwrap_err();
            assert!(problem.starts_with("the key "), "{problem}");
            assert!(!problem.contains("abc") && !problem.contains("schl"), "{problem}");
        }
    }
}
