//! Text from the wire, harmless in a document: names, titles of files and addresses were written by strangers.

use std::borrow::Cow;

/// Stands for what is not to be shown: it would reorder or hide what is around it.
const HIDDEN: char = '\u{fffd}';

/// Escapes for HTML, between tags and in quoted attributes.
pub(super) fn html(text: &str) -> Cow<'_, str> {
    with(text, |letter, escaped| match letter {
        '&' => escaped.push_str("&amp;"),
        '<' => escaped.push_str("&lt;"),
        '>' => escaped.push_str("&gt;"),
        '"' => escaped.push_str("&quot;"),
        '\'' => escaped.push_str("&#39;"),
        other => escaped.push(other),
    })
}

/// Escapes for a line of Markdown, in a table too.
pub(super) fn markdown(text: &str) -> Cow<'_, str> {
    with(text, |letter, escaped| {
        if "\\`*_{}[]<>()#|!~&$".contains(letter) {
            escaped.push('\\');
        }
        escaped.push(letter);
    })
}

fn with(text: &str, write: impl Fn(char, &mut String)) -> Cow<'_, str> {
    if text
        .chars()
        .all(|letter| letter.is_ascii_alphanumeric() || matches!(letter, ' ' | '.' | ',' | ':' | '%'))
    {
        return Cow::Borrowed(text);
    }
    let mut escaped = String::with_capacity(text.len() + 16);
    for letter in text.chars() {
        write(if hides(letter) { HIDDEN } else { letter }, &mut escaped);
    }
    Cow::Owned(escaped)
}

/// Tells whether a letter is not itself seen: controls, and marks of direction (Unicode, annex 9).
fn hides(letter: char) -> bool {
    letter.is_control()
        || matches!(letter, '\u{61c}' | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{2069}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn markup_is_text_and_what_hides_is_shown() {
        assert_eq!(html("<b a=\"x\">'&"), "&lt;b a=&quot;x&quot;&gt;&#39;&amp;");
        assert_eq!(html("a\u{202e}gpj.exe\n"), "a\u{fffd}gpj.exe\u{fffd}");
        assert_eq!(markdown("|[x](y)|"), "\\|\\[x\\]\\(y\\)\\|");
        assert_eq!(html("1.2 Mbps"), "1.2 Mbps");
    }
}
