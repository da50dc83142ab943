//! A model's sentence in words, placeholders and marks.

use super::{Reason, words};

/// The most digits of a placeholder's id.
const LONGEST_ID: usize = 6;

/// A part of a sentence.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Token {
    /// A word in lower case.
    Word(String),
    /// A placeholder, by the fact's id.
    Slot(u32),
    /// A mark that parts clauses.
    Mark(char),
}

impl Token {
    /// The word, where it is one.
    pub(super) fn word(&self) -> Option<&str> {
        match self {
            Self::Word(word) => Some(word),
            Self::Slot(_) | Self::Mark(_) => None,
        }
    }
}

/// A piece of the text as the model wrote it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Part<'a> {
    /// Words and marks.
    Words(&'a str),
    /// A placeholder, by the fact's id.
    Slot(u32),
}

/// Parts a text at its placeholders.
pub(super) fn parts(text: &str) -> Result<Vec<Part<'_>>, Reason> {
    let mut parts = Vec::new();
    let mut rest = text;
    while let Some((before, behind)) = rest.split_once('{') {
        let (inside, after) = behind.split_once('}').ok_or(Reason::Placeholder)?;
        let digits = inside.strip_prefix('f').ok_or(Reason::Placeholder)?;
        let wrong = digits.is_empty()
            || digits.len() > LONGEST_ID
            || digits.starts_with('0')
            || !digits.bytes().all(|digit| digit.is_ascii_digit())
            || before.contains('}');
        // What touches a placeholder would be read as a part of its number.
        let begins = before.chars().next_back().map_or(parts.is_empty(), |last| matches!(last, ' ' | '('));
        let ends = after.chars().next().is_some_and(|next| matches!(next, ' ' | ',' | '.' | ';' | ':' | ')'));
        if wrong || !begins || !ends {
            return Err(Reason::Placeholder);
        }
        parts.push(Part::Words(before));
        parts.push(Part::Slot(digits.parse().map_err(|_| Reason::Placeholder)?));
        rest = after;
    }
    if rest.contains('}') {
        return Err(Reason::Placeholder);
    }
    parts.push(Part::Words(rest));
    Ok(parts)
}

/// Reads the words of a sentence; only letters of English and the marks of a plain sentence are any.
pub(super) fn tokens(parts: &[Part<'_>]) -> Result<Vec<Token>, Reason> {
    let mut tokens = Vec::new();
    for part in parts {
        match part {
            Part::Words(text) => read(text, &mut tokens)?,
            Part::Slot(id) => tokens.push(Token::Slot(*id)),
        }
    }
    // One full stop, at the end.
    let stops = parts.iter().filter_map(|part| match part {
        Part::Words(text) => Some(text.matches('.').count()),
        Part::Slot(_) => None,
    });
    let ends = matches!(parts.last(), Some(Part::Words(text)) if text.ends_with('.'));
    if !ends || stops.sum::<usize>() != 1 {
        return Err(Reason::Shape);
    }
    Ok(directed(joined(&tokens)))
}

/// Splits plain text into words, without judging it.
pub(super) fn plain(text: &str) -> Vec<String> {
    let words = text.split(|letter: char| !letter.is_ascii_alphanumeric() && letter != '\'');
    let tokens: Vec<Token> =
        words.filter(|word| !word.is_empty()).flat_map(spelled).map(Token::Word).collect();
    joined(&tokens).iter().filter_map(Token::word).map(str::to_owned).collect()
}

fn read(text: &str, tokens: &mut Vec<Token>) -> Result<(), Reason> {
    let mut word = String::new();
    for letter in text.chars() {
        match letter {
            'a'..='z' | 'A'..='Z' | '\'' => word.push(letter),
            ' ' | '-' | ',' | ';' | ':' | '(' | ')' | '.' => {
                tokens.extend(spelled(&word).into_iter().map(Token::Word));
                word.clear();
                if !matches!(letter, ' ' | '-') {
                    tokens.push(Token::Mark(letter));
                }
            }
            digit if digit.is_numeric() => return Err(Reason::Digit),
            _ => return Err(Reason::Character),
        }
    }
    tokens.extend(spelled(&word).into_iter().map(Token::Word));
    Ok(())
}

/// A word in lower case without an apostrophe's ending; what hides a negation shows it.
fn spelled(word: &str) -> Vec<String> {
    let lower = word.trim_matches('\'').to_ascii_lowercase();
    if lower.is_empty() {
        Vec::new()
    } else if lower == "cannot" || lower.ends_with("n't") {
        vec!["not".into()]
    } else if let Some(owner) = lower.strip_suffix("'s") {
        vec![owner.to_owned()]
    } else {
        vec![lower]
    }
}

fn joined(tokens: &[Token]) -> Vec<Token> {
    let mut joined = Vec::with_capacity(tokens.len());
    let mut rest = tokens;
    while let Some((token, behind)) = rest.split_first() {
        let run: Vec<&str> = rest.iter().map_while(Token::word).take(4).collect();
        if let Some((one, length)) = words::compound(&run) {
            joined.push(Token::Word(one.into()));
            rest = rest.get(length..).unwrap_or_default();
        } else {
            joined.push(token.clone());
            rest = behind;
        }
    }
    joined
}

/// `in` is a direction where nothing that one could be in follows: `15.4 Mbps in and 2.0 Mbps out`.
fn directed(mut tokens: Vec<Token>) -> Vec<Token> {
    for at in 0..tokens.len() {
        let alone = match tokens.get(at + 1) {
            None | Some(Token::Mark(_)) => true,
            Some(Token::Word(next)) => words::parts(next) || next == "average",
            Some(Token::Slot(_)) => false,
        };
        if let Some(Token::Word(word)) = tokens.get_mut(at)
            && word == "in"
            && alone
        {
            *word = "inbound".into();
        }
    }
    tokens
}
