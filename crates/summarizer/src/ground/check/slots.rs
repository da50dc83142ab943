//! Every placeholder must be the one fact that its words fit.

use std::collections::BTreeSet;

use netsonde_messages::{Fact, FactValue, Relation, Subject, Unit};

use super::{Draft, Known, Reason, Senses, Slot, Token, words};

impl Known<'_> {
    pub(super) fn slots(&self, draft: &Draft<'_>) -> Result<(), Reason> {
        for (place, slot) in draft.slots.iter().enumerate() {
            if !self.is_its_latency(&slot.said, slot.senses) {
                return Err(Reason::Ambiguous);
            }
            match &slot.fact.value {
                FactValue::Number { unit, .. } => self.number(draft, place, slot, *unit)?,
                FactValue::Text(_) => self.name(draft, place, slot)?,
                FactValue::Comparison { of, with, .. } => self.comparison(draft, place, slot, *of, *with)?,
            }
        }
        Ok(())
    }

    /// What is said of a number and not said anew of the next one is said of that, too: its direction and protocol, and
    /// of one in the same unit what it is.
    pub(super) fn inherit(&self, draft: &mut Draft<'_>) -> Result<(), Reason> {
        for slot in &draft.slots {
            if let FactValue::Number { unit, .. } = slot.fact.value
                && !self.reads(draft, slot, unit)
            {
                return Err(Reason::Unfit);
            }
        }
        let mut last: Option<(usize, Unit, BTreeSet<String>)> = None;
        for slot in &mut draft.slots {
            let FactValue::Number { unit, .. } = slot.fact.value else { continue };
            if let Some((at, unit_before, before)) = &last {
                let between = draft.tokens.get(at + 1..slot.at).unwrap_or_default();
                let parted = between
                    .iter()
                    .any(|token| *token == Token::Mark(';') || token.word().is_some_and(words::resets));
                let quantity = |sense: &str| {
                    !words::is_direction(sense)
                        && !words::is_statistic(sense)
                        && !self.protocols.contains(sense)
                };
                let said = slot.said.clone();
                let lacks = |is: &dyn Fn(&str) -> bool| !said.iter().any(|sense| is(sense));
                let bare = lacks(&quantity) && unit == *unit_before;
                let carried_over = before.iter().filter(|sense| {
                    let sense = sense.as_str();
                    if words::is_direction(sense) {
                        lacks(&words::is_direction)
                    } else if self.protocols.contains(sense) {
                        lacks(&|other| self.protocols.contains(other))
                    } else {
                        bare && (quantity(sense) || lacks(&words::is_statistic))
                    }
                });
                if !parted {
                    slot.said.extend(carried_over.cloned());
                }
                if !slot.said.is_subset(&slot.senses.carried) {
                    return Err(Reason::Unfit);
                }
            }
            last = Some((slot.at, unit, slot.said.clone()));
        }
        Ok(())
    }

    /// Tells whether latency, where it is said, may be that of a fact: without a protocol's name it reads as the network's,
    /// which only a round trip is.
    fn is_its_latency(&self, said: &BTreeSet<String>, senses: &Senses) -> bool {
        let names_protocol = || said.iter().any(|sense| self.protocols.contains(sense));
        !said.contains("latency") || senses.core.contains("roundtrip") || names_protocol()
    }

    fn number(&self, draft: &Draft<'_>, place: usize, slot: &Slot<'_>, unit: Unit) -> Result<(), Reason> {
        let before = draft.before(slot);
        // `over` is `during` before a time, and `more than` before anything else.
        if before == Some("over") && unit != Unit::Seconds {
            return Err(Reason::Comparing);
        }
        self.time(draft, slot)?;
        let name = draft.assigned(place);
        if let Some(name) = name
            && !is_of(&slot.fact.subject, name.fact)
            && !(slot.fact.subject == Subject::Session && name.fact.subject == Subject::Session)
            && !self.company(draft, slot, Some(name))
        {
            return Err(Reason::Subject);
        }
        let tied = name.filter(|name| is_of(&slot.fact.subject, name.fact));
        // What two had between them is not what one of them had.
        if tied.is_some() && !draft.names_both(&slot.fact.subject) {
            return Err(Reason::Subject);
        }
        // Of what is not named, the unit and the words say all, or the rules say it beside another.
        // Connections that are counted are what is measured, not who.
        let is_kind = |sense: &str| words::is_kind(sense) && unit != Unit::Count;
        let named = |sense: &&String| {
            let sense = sense.as_str();
            self.protocols.contains(sense)
                || words::is_direction(sense)
                || words::is_statistic(sense)
                || is_kind(sense)
        };
        if slot.said.iter().all(|sense| named(&sense)) {
            let rest = slot.senses.core.difference(&slot.said).filter(|sense| {
                Some(sense.as_str()) != slot.senses.unit && !(tied.is_some() && is_kind(sense))
            });
            let explained = slot.said.iter().any(|sense| !words::is_statistic(sense))
                || !slot.said.is_empty() && !draft.follows_other(place, unit);
            let whole = slot.senses.unit.is_some() && rest.count() == 0 && (tied.is_some() || explained);
            let kinds = slot.said.iter().all(|sense| is_kind(sense));
            let introduced = !kinds || draft.before(slot).is_none_or(words::introduces);
            if !introduced || !whole && !self.company(draft, slot, None) {
                return Err(Reason::Ambiguous);
            }
        }
        let mut said = slot.said.clone();
        said.extend(slot.senses.unit.map(str::to_owned));
        let rivals = self.facts.values().filter(|(rival, senses)| {
            let kind = matches!(rival.value, FactValue::Number { .. });
            let same_time = self.is_before(rival.id) == self.is_before(slot.fact.id);
            kind && same_time
                && self.is_its_latency(&said, senses)
                && rival.text != slot.fact.text
                && tied.is_none_or(|name| is_of(&rival.subject, name.fact))
        });
        unique(&said, slot, tied.is_some(), rivals)
    }

    /// Tells whether what follows a number reads as it is: a share is of its whole, volume is none of it, and only a
    /// comparison is so much `as` something.
    fn reads(&self, draft: &Draft<'_>, slot: &Slot<'_>, unit: Unit) -> bool {
        let behind = draft.tokens.get(slot.at + 1..).unwrap_or_default();
        let mut words = behind.iter().map_while(Token::word);
        let next = words.next().unwrap_or_default();
        let whole: Vec<&str> =
            words.take_while(|word| !words::is_verb(word) && !words::parts(word)).collect();
        let share = slot.senses.core.contains("share");
        let before = draft.before(slot).unwrap_or_default();
        match (unit, next) {
            (_, "as" | "than") => false,
            (_, "of") if whole.last().is_some_and(|word| words::is_time(word)) => false,
            _ if before == "between" => false,
            (Unit::Seconds, _) if before == "with" => false,
            (Unit::Percent, "") if before == "with" && slot.said.is_empty() => false,
            // A share of all bytes that came in is none of the bytes that came in.
            (Unit::Percent, "of") if share => {
                let asked = slot.senses.core.contains("query") || slot.senses.core.contains("response");
                let of_whole = |word: &str| {
                    let key = words::key(word);
                    words::is_neutral(word)
                        || words::turns(word)
                        || words::is_whole(&key)
                        || asked && self.protocols.contains(&key)
                };
                whole.into_iter().all(of_whole)
            }
            (Unit::Percent, "of" | "") => next == "of" || !share || slot.says_no_whole(),
            (Unit::Percent, next) => {
                let ends = words::is_verb(next) || words::leads(next) || words::parts(next);
                ends && (!share || slot.says_no_whole())
            }
            (Unit::Bytes, "of") => !whole.into_iter().any(|word| words::key(word) == "volume"),
            _ => true,
        }
    }

    /// What was before is not said as what is, nor the other way round.
    fn time(&self, draft: &Draft<'_>, slot: &Slot<'_>) -> Result<(), Reason> {
        let id = slot.fact.id;
        let led = matches!(draft.before(slot), Some("from" | "than"));
        if self.is_before(id) {
            let answered = self.comparisons().any(|(_, of, with, _)| with == id && draft.holds(of));
            return if answered && (led || slot.earlier) { Ok(()) } else { Err(Reason::Time) };
        }
        let limit = draft.before(slot) == Some("than")
            && self.comparisons().any(|(_, of, with, _)| with == id && draft.holds(of));
        if slot.earlier || led && !limit { Err(Reason::Time) } else { Ok(()) }
    }

    fn name(&self, draft: &Draft<'_>, place: usize, slot: &Slot<'_>) -> Result<(), Reason> {
        // Who sent and who received, only the rules know.
        if let Some(way @ ("to" | "from" | "into" | "by")) = draft.before(slot)
            && !self.leads_to(way, slot.fact.id)
        {
            return Err(Reason::Subject);
        }
        if slot.earlier {
            return Err(Reason::Time);
        }
        let tied = draft.slots.iter().enumerate().any(|(other, number)| {
            let named = draft.assigned(other).is_some_and(|name| name.fact.subject == slot.fact.subject);
            other != place && named && is_of(&number.fact.subject, slot.fact)
        });
        let led = draft.before(slot).is_none_or(|before| self.leads_to(before, slot.fact.id));
        if tied || led && self.company(draft, slot, Some(slot)) {
            return Ok(());
        }
        if slot.said.is_empty() {
            return Err(Reason::Ambiguous);
        }
        let rivals = self
            .facts
            .values()
            .filter(|(rival, _)| matches!(rival.value, FactValue::Text(_)) && rival.text != slot.fact.text);
        unique(&slot.said, slot, false, rivals)
    }

    fn comparison(
        &self,
        draft: &Draft<'_>,
        place: usize,
        slot: &Slot<'_>,
        of: u32,
        with: u32,
    ) -> Result<(), Reason> {
        // A number right behind it reads as what is compared with.
        if let Some(next) = draft.slots.get(place + 1) {
            let between = draft.tokens.get(slot.at + 1..next.at).unwrap_or_default();
            let parts =
                |token: &Token| matches!(token, Token::Mark(_)) || token.word().is_some_and(words::parts);
            let (first, rest) =
                between.split_first().map_or((None, between), |(first, rest)| (first.word(), rest));
            let joins = |token: &Token| matches!(token.word(), Some("of" | "that" | "the"));
            let leads = match first {
                Some("as" | "than") => !rest.iter().any(parts),
                None | Some("of" | "that" | "the") => between.iter().all(joins),
                Some(_) => false,
            };
            if leads && next.fact.id != with {
                return Err(Reason::Comparing);
            }
        }
        let next = draft.tokens.get(slot.at + 1);
        let leads = match next.and_then(Token::word) {
            Some(next) => words::is_compared(next),
            // Alone, it is how something in the sentence compares.
            None => draft.holds(of),
        };
        let of_what = matches!(next.and_then(Token::word), Some("of"))
            && draft.slots.get(place + 1).is_none_or(|next| next.fact.id != with);
        if !leads || of_what {
            return Err(Reason::Comparing);
        }
        let plain = |other: &&Slot<'_>| !matches!(other.fact.value, FactValue::Comparison { .. });
        let (behind, ahead) = draft.slots.split_at(place);
        let nearest = behind.iter().rev().find(plain).or_else(|| ahead.iter().find(plain));
        if draft.holds(of) {
            let fits = nearest.is_some_and(|nearest| nearest.fact.id == of);
            return if fits { Ok(()) } else { Err(Reason::Comparing) };
        }
        if slot.said.is_empty() {
            return if self.company(draft, slot, None) { Ok(()) } else { Err(Reason::Ambiguous) };
        }
        let rivals = self.facts.values().filter(|(rival, _)| {
            matches!(rival.value, FactValue::Comparison { of: other, .. } if other != of)
                && rival.text != slot.fact.text
        });
        unique(&slot.said, slot, false, rivals)
    }

    /// Tells whether the rules say a fact together with another of the sentence; with `name`, in a sentence that holds no
    /// name but that one.
    fn company(&self, draft: &Draft<'_>, slot: &Slot<'_>, name: Option<&Slot<'_>>) -> bool {
        self.rules.iter().filter(|rule| rule.facts.contains(&slot.fact.id)).any(|rule| {
            let others =
                draft.slots.iter().any(|other| other.at != slot.at && rule.facts.contains(&other.fact.id));
            let only = name.is_none_or(|name| {
                rule.facts.contains(&name.fact.id)
                    && rule.facts.iter().all(|id| *id == name.fact.id || !self.is_name(*id))
            });
            others && only
        })
    }

    /// Tells whether the rules put a word in front of a fact.
    fn leads_to(&self, word: &str, id: u32) -> bool {
        let follows = |pair: &[(String, Option<u32>)]| matches!(pair, [(before, None), (_, Some(fact))] if before == word && *fact == id);
        self.rules.iter().any(|rule| rule.words.windows(2).any(follows))
    }

    fn is_name(&self, id: u32) -> bool {
        self.facts.get(&id).is_some_and(|(fact, _)| matches!(fact.value, FactValue::Text(_)))
    }

    /// Tells whether a fact is the same thing at an earlier time.
    fn is_before(&self, id: u32) -> bool {
        let in_time = |relation| matches!(relation, Relation::Rose | Relation::Fell | Relation::Unchanged);
        self.comparisons().any(|(_, _, with, relation)| with == id && in_time(relation))
    }
}

impl Slot<'_> {
    /// Tells whether a share is not said to be the whole that it is of.
    fn says_no_whole(&self) -> bool {
        self.said.contains("share") || !["volume", "packet"].iter().any(|whole| self.said.contains(*whole))
    }
}

impl Draft<'_> {
    /// The name that a number is read as being of: the one before it, or behind it where the sentence begins with a number
    /// that is of something with a name.
    fn assigned(&self, place: usize) -> Option<&Slot<'_>> {
        let is_name = |slot: &&Slot<'_>| matches!(slot.fact.value, FactValue::Text(_));
        let slot = self.slots.get(place)?;
        if !matches!(slot.fact.value, FactValue::Number { .. }) {
            return None;
        }
        let (behind, ahead) = self.slots.split_at(place);
        let first = self.slots.iter().find(|slot| is_name(slot) || self.begins(slot))?;
        if is_name(&first) { behind.iter().rev().find(is_name) } else { ahead.iter().find(is_name) }
    }

    /// Tells whether nothing else is named than what something is about: of two ends, both, or what is between them.
    fn names_both(&self, subject: &Subject) -> bool {
        if !matches!(subject, Subject::Flow(_) | Subject::Pair(..)) {
            return true;
        }
        let of_it =
            |slot: &&Slot<'_>| matches!(slot.fact.value, FactValue::Text(_)) && slot.fact.subject == *subject;
        let is_conversation = |word: &str| matches!(words::sense(word), Some("conversation" | "connection"));
        self.slots.iter().filter(of_it).count() > 1
            || self.tokens.iter().filter_map(Token::word).any(is_conversation)
    }

    /// Tells whether a number of another unit stands before this one.
    fn follows_other(&self, place: usize, unit: Unit) -> bool {
        let other = |slot: &Slot<'_>| matches!(slot.fact.value, FactValue::Number { unit: of_other, .. } if of_other != unit);
        self.slots.iter().take(place).any(other)
    }

    /// Tells whether a number is of something that a name of the sentence is of.
    fn begins(&self, number: &Slot<'_>) -> bool {
        let number_of = |slot: &Slot<'_>| {
            matches!(slot.fact.value, FactValue::Text(_)) && is_of(&number.fact.subject, slot.fact)
        };
        matches!(number.fact.value, FactValue::Number { .. })
            && (number.senses.named || self.slots.iter().any(number_of))
    }
}

/// What is said must fit no other fact as tightly.
fn unique<'a>(
    said: &BTreeSet<String>,
    slot: &Slot<'_>,
    tied: bool,
    mut rivals: impl Iterator<Item = &'a (&'a Fact, Senses)>,
) -> Result<(), Reason> {
    let more = |senses: &Senses| senses.core.difference(said).count() + usize::from(senses.named && !tied);
    let own = more(slot.senses);
    let rival = rivals.any(|(_, senses)| said.is_subset(&senses.carried) && more(senses) <= own);
    if rival { Err(Reason::Ambiguous) } else { Ok(()) }
}

/// Tells whether a name names what something is about.
fn is_of(subject: &Subject, name: &Fact) -> bool {
    let text = &name.text;
    match subject {
        Subject::Session => false,
        Subject::Host(address) | Subject::Pair(address, _) if address.to_string() == *text => true,
        Subject::Service { address, .. } if address.to_string() == *text => true,
        Subject::App(app) if app == text => true,
        Subject::Protocol(protocol) if protocol == text => true,
        subject => *subject == name.subject,
    }
}
