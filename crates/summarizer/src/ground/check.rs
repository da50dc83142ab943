//! Holds one sentence of a model against the facts.

mod pairs;
mod slots;

use std::collections::{BTreeMap, BTreeSet};

use netsonde_messages::{Fact, FactValue, Finding, Piece, Relation, Sentence, Subject};

use super::senses::Senses;
use super::tokens::{Part, Token, parts, plain, tokens};
use super::{Given, Reason, words};

/// The most characters of a sentence.
const LONGEST: usize = 400;
/// The most facts of a sentence.
const MOST_SLOTS: usize = 8;

/// The facts with what their words claim.
#[derive(Debug)]
pub(super) struct Known<'a> {
    facts: BTreeMap<u32, (&'a Fact, Senses)>,
    findings: &'a [Finding],
    rules: Vec<Spoken>,
    /// The protocols that facts are about.
    protocols: BTreeSet<String>,
    /// The words of every name, which are never a model's.
    names: Vec<Vec<String>>,
}

/// A sentence of the rules: its facts, and the words between them.
#[derive(Debug)]
struct Spoken {
    facts: BTreeSet<u32>,
    /// A fact's place is an empty word before its id.
    words: Vec<(String, Option<u32>)>,
}

/// A sentence being checked.
#[derive(Debug)]
struct Draft<'a> {
    tokens: Vec<Token>,
    slots: Vec<Slot<'a>>,
    /// For every token the slot, by its place in `slots`, that it speaks of.
    owners: Vec<usize>,
}

/// A placeholder, with what is said of it.
#[derive(Debug)]
struct Slot<'a> {
    fact: &'a Fact,
    senses: &'a Senses,
    /// Its place among the tokens.
    at: usize,
    /// What the words beside it claim of it.
    said: BTreeSet<String>,
    /// Words beside it speak of an earlier time.
    earlier: bool,
}

impl<'a> Known<'a> {
    pub(super) fn new(given: &Given<'a>) -> Self {
        let by_id: BTreeMap<u32, &Fact> = given.facts.iter().map(|fact| (fact.id, fact)).collect();
        let facts = given.facts.iter().map(|fact| {
            let of = match &fact.value {
                FactValue::Comparison { of, .. } => by_id.get(of).copied(),
                FactValue::Number { .. } | FactValue::Text(_) => None,
            };
            (fact.id, (fact, Senses::read(fact, of)))
        });
        let names = given.facts.iter().flat_map(names_of).map(|name| plain(&name));
        let names = names.filter(|words| words.iter().any(|word| word.len() > 1)).collect();
        let protocols = given.facts.iter().filter_map(|fact| match &fact.subject {
            Subject::Protocol(name) => Some(plain(name)),
            _ => None,
        });
        Self {
            facts: facts.collect(),
            findings: given.findings,
            rules: given.rules.iter().map(spoken).collect(),
            protocols: protocols.flatten().map(|word| words::key(&word)).collect(),
            names,
        }
    }

    /// Turns a model's sentence into pieces, or says why it must not be said.
    pub(super) fn check(&self, text: &str) -> Result<Vec<Piece>, Reason> {
        if text.chars().count() > LONGEST {
            return Err(Reason::Long);
        }
        let parts = parts(text)?;
        let mut draft = self.draft(tokens(&parts)?)?;
        self.names(&draft)?;
        for at in 0..draft.tokens.len() {
            self.word(&mut draft, at)?;
        }
        self.inherit(&mut draft)?;
        self.slots(&draft)?;
        Ok(parts.iter().filter_map(|part| self.piece(part)).collect())
    }

    fn draft(&self, tokens: Vec<Token>) -> Result<Draft<'_>, Reason> {
        let mut slots: Vec<Slot<'_>> = Vec::new();
        for (at, token) in tokens.iter().enumerate() {
            let Token::Slot(id) = token else { continue };
            let (fact, senses) = self.facts.get(id).ok_or(Reason::UnknownFact)?;
            if slots.iter().any(|slot| slot.fact.id == *id) {
                return Err(Reason::Duplicate);
            }
            slots.push(Slot { fact, senses, at, said: BTreeSet::new(), earlier: false });
        }
        if slots.is_empty() || slots.len() > MOST_SLOTS {
            return Err(Reason::Facts);
        }
        let owners = owners(&tokens, &slots);
        Ok(Draft { tokens, slots, owners })
    }

    fn piece(&self, part: &Part<'_>) -> Option<Piece> {
        match part {
            Part::Words("") => None,
            Part::Words(words) => Some(Piece { text: (*words).to_owned(), fact: None }),
            Part::Slot(id) => {
                let (fact, _) = self.facts.get(id)?;
                Some(Piece { text: fact.text.clone(), fact: Some(*id) })
            }
        }
    }

    /// No name stands outside a placeholder, but one that is a word of the fact beside it, such as a protocol's.
    fn names(&self, draft: &Draft<'_>) -> Result<(), Reason> {
        for name in &self.names {
            for at in 0..draft.tokens.len() {
                let same = name.iter().enumerate().all(|(offset, word)| {
                    draft.tokens.get(at + offset).and_then(Token::word) == Some(word.as_str())
                });
                let own =
                    |slot: &Slot<'_>| name.iter().all(|word| slot.senses.core.contains(&words::key(word)));
                if same && !draft.slot_of(at).is_some_and(own) {
                    return Err(Reason::Name);
                }
            }
        }
        Ok(())
    }

    /// Judges a word by the fact that it stands beside.
    fn word(&self, draft: &mut Draft<'_>, at: usize) -> Result<(), Reason> {
        let Some(word) = draft.tokens.get(at).and_then(Token::word).map(str::to_owned) else { return Ok(()) };
        let Some(&owner) = draft.owners.get(at) else { return Ok(()) };
        let Some(slot) = draft.slots.get(owner) else { return Ok(()) };
        let key = words::key(&word);
        if words::counts(&word) {
            return Err(Reason::Number);
        }
        if words::turns(&word) {
            let next = draft.tokens.get(at + 1).and_then(Token::word).unwrap_or_default();
            return if self.turned(draft, slot, &word, next) { Ok(()) } else { Err(Reason::Negation) };
        }
        if words::is_earlier(&word) {
            if let Some(slot) = draft.slots.get_mut(owner) {
                slot.earlier = true;
            }
            return Ok(());
        }
        if self.misleads(draft, &word, at) {
            return Err(Reason::Unfit);
        }
        let claims = !words::is_neutral(&word);
        if claims && slot.senses.carried.contains(&key) {
            if let Some(slot) = draft.slots.get_mut(owner) {
                slot.said.insert(key);
            }
            return Ok(());
        }
        let relations = words::relations(&word);
        if !relations.is_empty() {
            let next = draft.tokens.get(at + 1).and_then(Token::word);
            let fits = if next == Some("than") && draft.is_between(at) {
                self.compares_across(draft, at, relations)
            } else if words::is_against(&word) {
                self.compares_against(draft, owner, at, relations)
            } else {
                self.compares(draft, slot, relations)
            };
            return if fits { Ok(()) } else { Err(Reason::Comparing) };
        }
        if words::sense(&word).is_some() {
            return Err(Reason::Unfit);
        }
        if !claims {
            return Ok(());
        }
        if self.facts.values().any(|(_, senses)| senses.carried.contains(&key)) {
            return Err(Reason::Unfit);
        }
        let beside = |at: Option<usize>| at.and_then(|at| draft.tokens.get(at)?.word()).unwrap_or_default();
        let words = [beside(at.checked_sub(1)), &word, beside(Some(at + 1))];
        if self.licensed(slot.fact.id, words) { Ok(()) } else { Err(Reason::Word(word)) }
    }

    /// Tells whether the rules say these two words beside each other of a fact of the sentence.
    fn turned(&self, draft: &Draft<'_>, slot: &Slot<'_>, word: &str, next: &str) -> bool {
        let beside = |words: &[String]| {
            words.windows(2).any(|pair| matches!(pair, [one, other] if one == word && other == next))
        };
        let id = slot.fact.id;
        let labels = beside(&plain(&slot.fact.label));
        let found = self.findings_on(id).flat_map(texts_of).any(|text| beside(&plain(text)));
        labels
            || found
            || self
                .rules
                .iter()
                .filter(|rule| rule.facts.contains(&id) || draft.holds_one_of(&rule.facts))
                .any(|rule| {
                    let words: Vec<String> = rule.words.iter().map(|(word, _)| word.clone()).collect();
                    beside(&words)
                })
    }

    /// Tells whether the rules use a word of a fact, beside the same word as here: in a sentence about it, or in what a
    /// finding means that stands on it.
    fn licensed(&self, id: u32, [before, word, next]: [&str; 3]) -> bool {
        let beside =
            |words: &[&str]| words.windows(2).any(|pair| pair == [before, word] || pair == [word, next]);
        let says = |text: &str| beside(&plain(text).iter().map(String::as_str).collect::<Vec<_>>());
        self.findings_on(id).flat_map(texts_of).any(says)
            || self
                .rules
                .iter()
                .filter(|rule| rule.facts.contains(&id))
                .any(|rule| beside(&rule.words.iter().map(|(word, _)| word.as_str()).collect::<Vec<_>>()))
    }

    fn findings_on(&self, id: u32) -> impl Iterator<Item = &'a Finding> {
        self.findings.iter().filter(move |finding| finding.facts.contains(&id))
    }

    /// Tells whether a comparison carries a comparing word beside a fact.
    fn compares(&self, draft: &Draft<'_>, slot: &Slot<'_>, relations: &[Relation]) -> bool {
        if let FactValue::Comparison { relation, .. } = &slot.fact.value {
            return relations.contains(relation);
        }
        // The most of something with a name is the most of whatever is said of it.
        let same = |of: u32, relation| {
            let subject = self.facts.get(&of).map(|(fact, _)| &fact.subject);
            relation == Relation::Most && slot.senses.is_about_one() && subject == Some(&slot.fact.subject)
        };
        let of_it: Vec<_> = self
            .comparisons()
            .filter(|(_, of, _, relation)| *of == slot.fact.id || same(*of, *relation))
            .collect();
        let against = of_it.iter().any(|(_, _, _, relation)| opposed(relations, *relation));
        let named = |id: u32, with: u32| draft.holds(id) || draft.holds(with);
        let of_other = self.comparisons().any(|(_, of, with, relation)| {
            with == slot.fact.id
                && draft.holds(of)
                && relations.contains(&relation)
                && draft.before(slot) == Some("from")
        });
        of_other
            || of_it.iter().any(|(id, _, with, relation)| {
                relations.contains(relation) && (!against || named(*id, *with))
            }) && !of_it
                .iter()
                .any(|(id, _, with, relation)| against && opposed(relations, *relation) && named(*id, *with))
    }

    /// Tells whether the fact in front of a word compares so with the one behind it.
    fn compares_against(&self, draft: &Draft<'_>, owner: usize, at: usize, relations: &[Relation]) -> bool {
        let with = draft.slots.get(owner).filter(|slot| slot.at > at);
        let of = owner.checked_sub(1).and_then(|before| draft.slots.get(before));
        let Some((of, with)) = of.zip(with) else { return false };
        self.comparisons().any(|(_, one, other, relation)| {
            one == of.fact.id && other == with.fact.id && relations.contains(&relation)
        })
    }

    fn comparisons(&self) -> impl Iterator<Item = (u32, u32, u32, Relation)> {
        self.facts.values().filter_map(|(fact, _)| match fact.value {
            FactValue::Comparison { of, with, relation } => Some((fact.id, of, with, relation)),
            FactValue::Number { .. } | FactValue::Text(_) => None,
        })
    }
}

impl Draft<'_> {
    fn holds(&self, id: u32) -> bool {
        self.slots.iter().any(|slot| slot.fact.id == id)
    }

    fn holds_one_of(&self, ids: &BTreeSet<u32>) -> bool {
        self.slots.iter().any(|slot| ids.contains(&slot.fact.id))
    }

    /// The slot that a token speaks of.
    fn slot_of(&self, at: usize) -> Option<&Slot<'_>> {
        self.slots.get(*self.owners.get(at)?)
    }

    /// The word in front of a slot.
    fn before(&self, slot: &Slot<'_>) -> Option<&str> {
        self.tokens.get(slot.at.checked_sub(1)?)?.word()
    }
}

/// Gives every token to the slot that it speaks of: words before the first slot to the first, words between two are
/// parted where another clause begins, else where a word leads over to the next.
fn owners(tokens: &[Token], slots: &[Slot<'_>]) -> Vec<usize> {
    let mut owners = vec![0; tokens.len()];
    for (place, slot) in slots.iter().enumerate() {
        let next = slots.get(place + 1).map_or(tokens.len(), |next| next.at);
        let gap = tokens.get(slot.at + 1..next).unwrap_or_default();
        let parted = if next == tokens.len() { gap.len() } else { cut(gap) };
        for at in slot.at..next {
            if let Some(owner) = owners.get_mut(at) {
                *owner = if at < slot.at + 1 + parted { place } else { place + 1 };
            }
        }
    }
    owners
}

/// How many tokens between two slots speak of the first.
fn cut(gap: &[Token]) -> usize {
    let first = |is: fn(&str) -> bool| gap.iter().position(|token| token.word().is_some_and(is));
    let strong = gap
        .iter()
        .position(|token| matches!(token, Token::Mark(_)) || token.word().is_some_and(words::parts));
    let last = || gap.iter().rposition(|token| token.word().is_some_and(words::leads));
    strong.or_else(|| first(words::is_verb)).or_else(last).unwrap_or(gap.len())
}

fn spoken(sentence: &Sentence) -> Spoken {
    let mut words = Vec::new();
    for piece in &sentence.pieces {
        match piece.fact {
            Some(id) => words.push((String::new(), Some(id))),
            None => words.extend(plain(&piece.text).into_iter().map(|word| (word, None))),
        }
    }
    Spoken { facts: sentence.pieces.iter().filter_map(|piece| piece.fact).collect(), words }
}

/// The names that a fact holds.
fn names_of(fact: &Fact) -> Vec<String> {
    let mut names = Vec::new();
    if let FactValue::Text(name) = &fact.value {
        names.extend([name.clone(), fact.text.clone()]);
    }
    if let Subject::App(name) = &fact.subject {
        names.push(name.clone());
    }
    names
}

fn texts_of(finding: &Finding) -> [&str; 2] {
    [&finding.title, &finding.meaning]
}

/// Tells whether a comparison says the opposite of what a word says.
fn opposed(relations: &[Relation], other: Relation) -> bool {
    use Relation::{Fell, Less, More, Most, New, Rose, Unchanged};
    relations.iter().any(|relation| match relation {
        Rose | More => matches!(other, Fell | Less | Unchanged),
        Fell | Less => matches!(other, Rose | More | Unchanged),
        Unchanged => matches!(other, Rose | Fell),
        Most => other == Less,
        New => false,
    })
}
