//! Holds what a language model answers against the facts: what was not measured is not said.
//!
//! A model writes sentences with placeholders; the program writes the numbers and names. All other words must claim nothing
//! by themselves, or claim what the fact beside them carries, and the words of a placeholder must fit its fact and no other
//! as well. A word that is not known is struck with its sentence: a good sentence lost costs style, a false one the trust.

mod answer;
mod check;
mod senses;
mod tokens;
mod words;

use std::collections::BTreeSet;
use std::fmt;

use netsonde_messages::{Author, Fact, Finding, Piece, Sentence};

use self::check::Known;

/// The most sentences of an answer.
const MOST_SENTENCES: usize = 8;

/// What an answer is held against.
#[derive(Clone, Copy, Debug)]
pub struct Given<'a> {
    /// What was measured.
    pub facts: &'a [Fact],
    /// What was found, standing on these facts.
    pub findings: &'a [Finding],
    /// The rules' own sentences, which stand in where the model's are struck.
    pub rules: &'a [Sentence],
}

/// What is left of an answer.
#[derive(Clone, Debug, PartialEq)]
pub struct Grounded {
    /// The sentences to be shown, the model's and the rules'.
    pub sentences: Vec<Sentence>,
    /// Counts those that are the model's.
    pub accepted: usize,
    /// What was struck.
    pub struck: Vec<Struck>,
}

/// A sentence that was struck.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Struck {
    /// The sentence, as the model wrote it; the whole answer where it is not what was asked for. At most 400 characters.
    pub text: String,
    /// Why.
    pub reason: Reason,
}

/// Why a sentence was struck.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Reason {
    /// The answer is not the JSON that was asked for.
    NotJson,
    /// There are more sentences than were asked for.
    Many,
    /// It is too long.
    Long,
    /// It is not one sentence.
    Shape,
    /// It holds a letter that is neither English nor a plain mark.
    Character,
    /// It holds a digit.
    Digit,
    /// It holds a number in words.
    Number,
    /// Its braces are not a placeholder, or touch a word.
    Placeholder,
    /// It names a fact that is not there.
    UnknownFact,
    /// It stands on no fact, or on too many.
    Facts,
    /// It says what was said already.
    Duplicate,
    /// It holds a name outside a placeholder.
    Name,
    /// It holds a word that claims what no fact says.
    Word(String),
    /// A word claims of a fact what that one does not carry.
    Unfit,
    /// Its words fit another fact as well.
    Ambiguous,
    /// It says a number of something else.
    Subject,
    /// It mixes up what is and what was before.
    Time,
    /// It compares without a comparison, or the wrong way round.
    Comparing,
    /// It turns a fact round, or stretches it.
    Negation,
}

/// Holds an answer against the facts; `model` names who wrote it.
pub fn ground(answer: &str, given: &Given<'_>, model: &str) -> Grounded {
    let Some(answered) = answer::read(answer) else {
        let struck = vec![Struck { text: answer.chars().take(400).collect(), reason: Reason::NotJson }];
        return Grounded { sentences: given.rules.to_vec(), accepted: 0, struck };
    };
    let known = Known::new(given);
    let mut woven = Weaver::new(given);
    let mut struck = Vec::new();
    for (place, text) in answered.iter().enumerate() {
        if let Some(rule) = given.rules.iter().position(|rule| draft(rule) == text.trim()) {
            woven.keep(rule);
            continue;
        }
        let checked = if place < MOST_SENTENCES { known.check(text.trim()) } else { Err(Reason::Many) };
        let reason = match checked {
            Ok(pieces) => {
                let sentence = Sentence { pieces, author: Author::Model(model.to_owned()) };
                if woven.accept(sentence) {
                    continue;
                }
                Reason::Duplicate
            }
            Err(reason) => reason,
        };
        woven.replace(text);
        struck.push(Struck { text: text.chars().take(400).collect(), reason });
    }
    let accepted = woven.accepted;
    Grounded { sentences: woven.finish(), accepted, struck }
}

impl Grounded {
    /// Says in a line what was struck; `None` where nothing was.
    pub fn notice(&self) -> Option<String> {
        let first = self.struck.first()?;
        Some(match (&first.reason, self.struck.len()) {
            (Reason::NotJson, _) => "The model's answer was not in the form that was asked for.".into(),
            (reason, 1) => format!("One sentence of the model was left out: {reason}."),
            (reason, count) => {
                format!("{count} sentences of the model were left out; the first: {reason}.")
            }
        })
    }
}

impl fmt::Display for Reason {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(match self {
            Self::NotJson => "it is not in the form that was asked for",
            Self::Many => "there were more than were asked for",
            Self::Long => "it is too long",
            Self::Shape => "it is not one plain sentence",
            Self::Character => "it holds a mark that does not belong there",
            Self::Digit | Self::Number => "it states a number of its own",
            Self::Placeholder | Self::UnknownFact => "it names a fact that is not there",
            Self::Facts => "it stands on no fact, or on too many",
            Self::Duplicate => "it says what was said already",
            Self::Name => "it states a name of its own",
            Self::Word(_) => "it says more than was measured",
            Self::Unfit | Self::Ambiguous => "it says a number of something else, or not of what",
            Self::Subject => "it says a number of somebody else",
            Self::Time => "it mixes up what is and what was before",
            Self::Comparing => "it compares what was not compared so",
            Self::Negation => "it turns a fact round, or stretches it",
        })
    }
}

/// Puts the sentences of the model and the rules in order.
#[derive(Debug)]
struct Weaver<'a> {
    given: &'a Given<'a>,
    /// The sentences, each with the first sentence of the rules that shares a fact with it.
    sentences: Vec<(Option<usize>, Sentence)>,
    accepted: usize,
    /// The rules' sentences that are among them.
    used: BTreeSet<usize>,
}

impl<'a> Weaver<'a> {
    fn new(given: &'a Given<'a>) -> Self {
        Self { given, sentences: Vec::new(), accepted: 0, used: BTreeSet::new() }
    }

    /// Takes a sentence of the model, but one that says the same facts as another.
    fn accept(&mut self, sentence: Sentence) -> bool {
        let facts = facts_of(&sentence);
        if self.sentences.iter().any(|(_, other)| facts.is_subset(&facts_of(other))) {
            return false;
        }
        let rules = self.given.rules.iter();
        let rank = rules.map(facts_of).position(|of_rule| !of_rule.is_disjoint(&facts));
        self.sentences.push((rank, sentence));
        self.accepted += 1;
        true
    }

    /// Takes a sentence of the rules, which the model has kept as it was.
    fn keep(&mut self, place: usize) {
        if let Some(rule) = self.given.rules.get(place)
            && self.used.insert(place)
        {
            self.sentences.push((Some(place), rule.clone()));
        }
    }

    /// Puts the rules' sentence that shares most facts with a struck one in its place.
    fn replace(&mut self, text: &str) {
        let ids = answer::ids(text);
        let share = |rule: &Sentence| facts_of(rule).intersection(&ids).count();
        let best = self.given.rules.iter().enumerate().map(|(place, rule)| (share(rule), place));
        let best = best.filter(|(shared, place)| *shared > 0 && !self.used.contains(place));
        let Some((_, place)) = best.max_by_key(|(shared, place)| (*shared, std::cmp::Reverse(*place))) else {
            return;
        };
        if self.given.rules.get(place).is_some_and(|rule| !self.is_said(rule)) {
            self.keep(place);
        }
    }

    /// Adds what must be said and is not: what findings stand on, and what stands on no fact.
    fn finish(mut self) -> Vec<Sentence> {
        if self.accepted == 0 {
            return self.given.rules.to_vec();
        }
        for (place, rule) in self.given.rules.iter().enumerate() {
            if !self.used.contains(&place) && self.is_due(rule) {
                let behind =
                    self.sentences.iter().position(|(rank, _)| rank.is_some_and(|rank| rank > place));
                self.sentences.insert(behind.unwrap_or(self.sentences.len()), (Some(place), rule.clone()));
            }
        }
        self.sentences.into_iter().map(|(_, sentence)| sentence).collect()
    }

    fn is_due(&self, rule: &Sentence) -> bool {
        let facts = facts_of(rule);
        let found: BTreeSet<u32> =
            self.given.findings.iter().flat_map(|finding| &finding.facts).copied().collect();
        let of_finding: BTreeSet<u32> = facts.intersection(&found).copied().collect();
        if facts.is_empty() {
            return true;
        }
        let said = |(_, sentence): &(_, Sentence)| of_finding.is_subset(&facts_of(sentence));
        !of_finding.is_empty() && !self.sentences.iter().any(said)
    }

    /// Tells whether all that a sentence stands on has been said.
    fn is_said(&self, rule: &Sentence) -> bool {
        let facts = facts_of(rule);
        self.sentences.iter().any(|(_, sentence)| facts.is_subset(&facts_of(sentence)))
    }
}

/// A sentence with placeholders in the place of its facts, as a model gets and answers it.
pub(crate) fn draft(sentence: &Sentence) -> String {
    let piece = |piece: &Piece| match piece.fact {
        Some(fact) => format!("{{f{fact}}}"),
        None => piece.text.clone(),
    };
    sentence.pieces.iter().map(piece).collect()
}

fn facts_of(sentence: &Sentence) -> BTreeSet<u32> {
    sentence.pieces.iter().filter_map(|piece| piece.fact).collect()
}

#[cfg(test)]
mod tests;
