//! Words that claim something only beside each other, or between two facts.

use netsonde_messages::Relation;

use super::{Draft, Known, Spoken, Token, words};

impl Known<'_> {
    /// Tells whether a word that claims nothing makes a claim with the one behind it: `of which` says that one thing is a
    /// part of another, `left the session` and `at a time` what nobody has measured.
    pub(super) fn misleads(&self, draft: &Draft<'_>, word: &str, at: usize) -> bool {
        let token = draft.tokens.get(at + 1);
        let next = token.and_then(Token::word).unwrap_or_default();
        match word {
            "of" => words::is_part_of(next) && !self.rules.iter().any(|rule| rule.says([word, next])),
            "a" => next == "time",
            "at" => next == "times",
            "left" => !matches!(token, Some(Token::Slot(_))) && next != "unanswered",
            _ => false,
        }
    }

    /// Tells whether the facts on both sides of `more than` and its like are so compared.
    pub(super) fn compares_across(&self, draft: &Draft<'_>, at: usize, relations: &[Relation]) -> bool {
        let of = draft.slots.iter().rev().find(|slot| slot.at < at);
        let with = draft.slots.iter().find(|slot| slot.at > at);
        let Some((of, with)) = of.zip(with) else { return false };
        self.comparisons().any(|(_, one, other, relation)| {
            one == of.fact.id && other == with.fact.id && relations.contains(&relation)
        })
    }
}

impl Draft<'_> {
    /// Tells whether facts stand on both sides of a token.
    pub(super) fn is_between(&self, at: usize) -> bool {
        self.slots.iter().any(|slot| slot.at < at) && self.slots.iter().any(|slot| slot.at > at)
    }
}

impl Spoken {
    /// Tells whether two words stand beside each other.
    fn says(&self, [one, other]: [&str; 2]) -> bool {
        self.words
            .windows(2)
            .any(|pair| matches!(pair, [(first, _), (second, _)] if first == one && second == other))
    }
}
