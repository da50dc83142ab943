//! Sentences from words and facts: every number and every name in one is a fact's.

use std::collections::BTreeSet;

use netsonde_messages::{Author, FactValue, Name, Piece, Relation, Sentence, Subject, Unit};

use crate::facts::Facts;

/// A part of a sentence.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Phrase(Vec<Piece>);

impl Phrase {
    /// Fills in a template: `{}` is the next of the facts, `{packet|packets}` the first word where the last count before
    /// it is 1, the second where it is not. None where one of the facts does not exist: what was not measured is not said.
    pub(crate) fn of(facts: &Facts, template: &str, ids: &[Option<u32>]) -> Option<Self> {
        let mut ids = ids.iter().copied();
        let phrase = Self::filled(facts, template, |_| ids.next().flatten())?;
        ids.next().is_none().then_some(phrase)
    }

    /// Does the same with facts that have names in the template, such as `{value}`.
    pub(crate) fn named(facts: &Facts, template: &str, names: &[(&str, Option<u32>)]) -> Option<Self> {
        Self::filled(facts, template, |wanted| names.iter().find(|(name, _)| *name == wanted)?.1)
    }

    fn filled(facts: &Facts, template: &str, mut id: impl FnMut(&str) -> Option<u32>) -> Option<Self> {
        let mut phrase = Self::default();
        let mut one = false;
        let mut rest = template;
        while let Some((before, behind)) = rest.split_once('{') {
            phrase.push(before, None);
            let (mark, behind) = behind.split_once('}')?;
            if let Some((singular, plural)) = mark.split_once('|') {
                phrase.push(if one { singular } else { plural }, None);
            } else {
                let fact = facts.get(id(mark)?)?;
                if let FactValue::Number { value, unit: Unit::Count } = fact.value {
                    one = (value - 1.0).abs() < f64::EPSILON;
                }
                phrase.push(&fact.text, Some(fact.id));
            }
            rest = behind;
        }
        phrase.push(rest, None);
        Some(phrase)
    }

    /// Makes a phrase of plain words.
    pub(crate) fn words(words: &str) -> Self {
        let mut phrase = Self::default();
        phrase.push(words, None);
        phrase
    }

    /// Joins phrases as a sentence does: `a, b and c`. None of none.
    pub(crate) fn list(phrases: impl IntoIterator<Item = Self>) -> Option<Self> {
        let mut phrases: Vec<_> = phrases.into_iter().collect();
        let last = phrases.pop()?;
        let joined = phrases.into_iter().reduce(|listed, next| listed.then(", ", next));
        Some(joined.map_or_else(|| last.clone(), |listed| listed.then(" and ", last.clone())))
    }

    /// Puts another phrase behind this one.
    pub(crate) fn then(mut self, between: &str, other: Self) -> Self {
        self.push(between, None);
        for Piece { text, fact } in other.0 {
            self.push(&text, fact);
        }
        self
    }

    /// Puts another phrase behind this one, if there is one.
    pub(crate) fn then_maybe(self, between: &str, other: Option<Self>) -> Self {
        match other {
            Some(other) => self.then(between, other),
            None => self,
        }
    }

    /// Writes its first letter large, unless it begins with a fact.
    pub(crate) fn capitalised(mut self) -> Self {
        if let Some(Piece { text, fact: None }) = self.0.first_mut() {
            let mut letters = text.chars();
            if let Some(first) = letters.next() {
                *text = first.to_uppercase().chain(letters).collect();
            }
        }
        self
    }

    /// Ends the sentence.
    pub(crate) fn stop(mut self) -> Sentence {
        let ended = self.0.last().is_some_and(|piece| piece.text.ends_with(['.', '!', '?']));
        if !ended {
            self.push(".", None);
        }
        Sentence { pieces: self.0, author: Author::Rules }
    }

    /// Adds words; those between two facts are one piece.
    fn push(&mut self, text: &str, fact: Option<u32>) {
        match self.0.last_mut() {
            _ if text.is_empty() => {}
            Some(Piece { text: words, fact: None }) if fact.is_none() => words.push_str(text),
            Some(_) | None => self.0.push(Piece { text: text.to_owned(), fact }),
        }
    }
}

/// Sentences that follow each other; a number that one of them has said is nothing new to the next.
#[derive(Debug)]
pub(crate) struct Page<'a> {
    facts: &'a Facts,
    sentences: Vec<Sentence>,
    said: BTreeSet<(Name, Subject)>,
}

impl<'a> Page<'a> {
    /// Begins a page about facts.
    pub(crate) const fn new(facts: &'a Facts) -> Self {
        Self { facts, sentences: Vec::new(), said: BTreeSet::new() }
    }

    /// Fills in a template, as [`Phrase::of`] does.
    pub(crate) fn phrase(&self, template: &str, ids: &[Option<u32>]) -> Option<Phrase> {
        Phrase::of(self.facts, template, ids)
    }

    /// Fills in a template with names, as [`Phrase::named`] does.
    pub(crate) fn named(&self, template: &str, names: &[(&str, Option<u32>)]) -> Option<Phrase> {
        Phrase::named(self.facts, template, names)
    }

    /// Says a sentence, unless one of its facts does not exist.
    pub(crate) fn say(&mut self, template: &str, ids: &[Option<u32>]) {
        self.add_maybe(self.phrase(template, ids));
    }

    /// Says a phrase as a sentence, if there is one.
    pub(crate) fn add_maybe(&mut self, phrase: Option<Phrase>) {
        if let Some(phrase) = phrase {
            self.add(phrase.stop());
        }
    }

    /// Says a sentence.
    pub(crate) fn add(&mut self, sentence: Sentence) {
        let facts = sentence.pieces.iter().filter_map(|piece| self.facts.get(piece.fact?));
        let numbers = facts.filter(|fact| matches!(fact.value, FactValue::Number { .. }));
        self.said.extend(numbers.map(|fact| (fact.label.clone(), fact.subject.clone())));
        self.sentences.push(sentence);
    }

    /// Returns a fact that no sentence before has said.
    pub(crate) fn fresh(&self, id: Option<u32>) -> Option<u32> {
        let fact = self.facts.get(id?)?;
        (!self.said.contains(&(fact.label.clone(), fact.subject.clone()))).then_some(fact.id)
    }

    /// Tells whether a number of a name has been said, of whatever it is.
    pub(crate) fn has_said(&self, label: &str) -> bool {
        self.said.iter().any(|(said, _)| said == label)
    }

    /// Returns the text of a fact; blank of what is none.
    pub(crate) fn text(&self, id: u32) -> &str {
        self.facts.get(id).map_or("", |fact| &fact.text)
    }

    /// Returns the value of a number; 0 of what is none.
    pub(crate) fn number(&self, id: u32) -> f64 {
        match self.facts.get(id).map(|fact| &fact.value) {
            Some(FactValue::Number { value, .. }) => *value,
            Some(FactValue::Text(_) | FactValue::Comparison { .. }) | None => 0.0,
        }
    }

    /// Returns how two facts compare; none where the fact is no comparison.
    pub(crate) fn relation(&self, id: u32) -> Option<Relation> {
        match self.facts.get(id)?.value {
            FactValue::Comparison { relation, .. } => Some(relation),
            FactValue::Number { .. } | FactValue::Text(_) => None,
        }
    }

    /// Counts the sentences so far.
    pub(crate) const fn len(&self) -> usize {
        self.sentences.len()
    }

    /// Ends the page.
    pub(crate) fn into_sentences(self) -> Vec<Sentence> {
        self.sentences
    }
}

/// Joins sentences.
pub(crate) fn joined(sentences: &[Sentence]) -> String {
    sentences.iter().map(Sentence::text).collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use netsonde_messages::Subject;

    use super::*;

    /// One packet, two flows, 1,500 bytes.
    fn facts() -> Facts {
        let mut facts = Facts::default();
        for (value, unit) in [(1.0, Unit::Count), (2.0, Unit::Count), (1_500.0, Unit::Bytes)] {
            facts.number("A number", Subject::Session, value, unit, "counted", "/".into());
        }
        facts
    }

    fn piece(text: &str, fact: Option<u32>) -> Piece {
        Piece { text: text.into(), fact }
    }

    #[test]
    fn a_template_is_filled_with_facts_in_order() {
        let phrase = Phrase::of(&facts(), "It had {} in {} flows", &[Some(3), Some(2)]).unwrap();
        let pieces = [
            piece("It had ", None),
            piece("1.5 kB", Some(3)),
            piece(" in ", None),
            piece("2", Some(2)),
            piece(" flows.", None),
        ];
        assert_eq!(phrase.stop().pieces, pieces);
    }

    #[test]
    fn words_agree_with_the_last_count_before_them() {
        let said = |id| {
            let ids = [Some(id), Some(3)];
            let phrase = Phrase::of(&facts(), "{} {packet|packets} with {} {was|were} seen", &ids);
            phrase.unwrap().stop().text()
        };
        assert_eq!(said(1), "1 packet with 1.5 kB was seen.");
        assert_eq!(said(2), "2 packets with 1.5 kB were seen.");
    }

    #[test]
    fn what_was_not_measured_is_not_said() {
        for ids in [&[None][..], &[Some(9)], &[], &[Some(1), Some(2)]] {
            assert_eq!(Phrase::of(&facts(), "It was {}", ids), None, "{ids:?}");
        }
    }

    #[test]
    fn phrases_are_listed_as_a_sentence_does() {
        let listed = |words: &[&str]| {
            Phrase::list(words.iter().map(|word| Phrase::words(word))).map(|list| list.stop().text())
        };
        assert_eq!(listed(&[]), None);
        assert_eq!(listed(&["a"]).unwrap(), "a.");
        assert_eq!(listed(&["a", "b"]).unwrap(), "a and b.");
        assert_eq!(listed(&["a", "b", "c"]).unwrap(), "a, b and c.");
        // What ends in a full stop gets no second one.
        assert_eq!(listed(&["a."]).unwrap(), "a.");
    }
}
