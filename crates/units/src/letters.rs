//! Letters that nobody sees.

/// Tells whether a letter does not show: a control character, one without width, or one that turns the direction of
/// writing, so that a text could look like another one.
///
/// Those of Unicode's categories Cc, Zl and Zp, and of Cf those that stand alone: the soft hyphen, the marks of Arabic and
/// Mongolian without a shape, U+200B to U+200F, U+2028 to U+202E, U+2060 to U+206F, the byte order mark, the marks of
/// annotations, and the tags.
#[must_use]
pub fn is_hidden(letter: char) -> bool {
    letter.is_control()
        || matches!(
            letter,
            '\u{ad}' | '\u{61c}' | '\u{180e}' | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}'
                | '\u{2060}'..='\u{206f}' | '\u{feff}' | '\u{fff9}'..='\u{fffb}' | '\u{e0000}'..='\u{e007f}'
        )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn letters_and_blanks_show_and_marks_without_a_shape_do_not() {
        assert!(!"a ä例🎧\u{a0}\u{301}".chars().any(is_hidden));
        // Escape, a C1 control, zero-width space and joiner, marks and overrides of direction, word joiner, isolates.
        let hidden = "\u{1b}\u{85}\u{200b}\u{200d}\u{200e}\u{200f}\u{202a}\u{202e}\u{2060}\u{2066}\u{2069}\u{feff}\u{61c}";
        assert!(hidden.chars().all(is_hidden));
    }
}
