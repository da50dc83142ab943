//! What was measured, as facts that sentences can stand on.

mod ids;
mod minute;
mod session;

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use netsonde_messages::{Fact, FactValue, Name, Relation, Span, Subject, Unit};
use netsonde_units::{is_hidden, quantity};

pub use self::ids::{
    AppIds, ClassIds, Compared, ConversationIds, DnsIds, HandshakeIds, HostIds, IgmpIds, MinuteIds, RtpIds,
    SessionIds, TcpIds, WayIds,
};
pub(crate) use self::minute::{Course, median};
pub use self::minute::{Mark, of_minute};
pub use self::session::of_session;

/// The most characters of a name that are said; what strangers write may be long.
const LONGEST_NAME: usize = 120;
/// Between this and its inverse, two numbers are about the same.
const ABOUT: f64 = 1.25;

/// A list of facts that grows; their ids count from 1.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Facts {
    span: Span,
    list: Vec<Fact>,
}

impl Facts {
    /// Makes an empty list of facts about a time.
    pub const fn new(span: Span) -> Self {
        Self { span, list: Vec::new() }
    }

    /// Adds a number and returns its id; `method` says in a few words how it was measured, `see` where it is shown.
    pub fn number(
        &mut self,
        label: impl Into<Name>,
        subject: Subject,
        value: f64,
        unit: Unit,
        method: impl Into<Name>,
        see: String,
    ) -> u32 {
        let text = written(value, unit);
        self.add(label.into(), subject, FactValue::Number { value, unit }, text, method.into(), see)
    }

    /// Adds a number where there is one; what was not measured is no fact.
    pub fn measured(
        &mut self,
        label: impl Into<Name>,
        subject: Subject,
        value: Option<f64>,
        unit: Unit,
        method: impl Into<Name>,
        see: String,
    ) -> Option<u32> {
        let value = value.filter(|value| value.is_finite())?;
        Some(self.number(label, subject, value, unit, method, see))
    }

    /// Adds a name or an address and returns its id. Hidden characters of it are shown as escapes, and a long one is cut.
    pub fn text(
        &mut self,
        label: impl Into<Name>,
        subject: Subject,
        text: &str,
        method: impl Into<Name>,
        see: String,
    ) -> u32 {
        let name = FactValue::Text(text.to_owned());
        self.add(label.into(), subject, name, shown(text), method.into(), see)
    }

    /// Adds how one fact compares with another and returns its id; its text says it, such as `2.0 times as much`.
    pub fn compare(&mut self, of: u32, with: u32, relation: Relation) -> u32 {
        let text = self.compared(of, with, relation);
        let (label, subject, see) = self.get(of).map_or_else(
            || (Name::Borrowed("Comparison"), Subject::Session, String::new()),
            |fact| (fact.label.clone(), fact.subject.clone(), fact.see.clone()),
        );
        let value = FactValue::Comparison { of, with, relation };
        self.add(label, subject, value, text, "compared by its numbers".into(), see)
    }

    /// Adds how a number is to the same number of an earlier time, and returns the id: it rose, fell, or is about the same.
    pub fn compare_with_before(&mut self, of: u32, with: u32) -> u32 {
        let relation = match self.ratio(of, with) {
            Some(times) if times > ABOUT => Relation::Rose,
            Some(times) if times < 1.0 / ABOUT => Relation::Fell,
            None if self.amount(of) > self.amount(with) => Relation::Rose,
            Some(_) | None => Relation::Unchanged,
        };
        self.compare(of, with, relation)
    }

    /// Adds a fact that was made elsewhere, with the next id, which it returns.
    pub fn push(&mut self, fact: Fact) -> u32 {
        // Nobody makes so many.
        let id = u32::try_from(self.list.len() + 1).unwrap_or(u32::MAX);
        self.list.push(Fact { id, ..fact });
        id
    }

    /// Returns a fact by its id.
    pub fn get(&self, id: u32) -> Option<&Fact> {
        self.list.get(usize::try_from(id).ok()?.checked_sub(1)?)
    }

    /// Returns the facts so far, in order of their ids.
    pub fn list(&self) -> &[Fact] {
        &self.list
    }

    /// Returns the time that they are about.
    pub const fn span(&self) -> Span {
        self.span
    }

    /// Returns the facts, in order of their ids.
    pub fn into_list(self) -> Vec<Fact> {
        self.list
    }

    /// Says that a fact is about another time than the others.
    pub fn set_span(&mut self, id: u32, span: Span) {
        let place = usize::try_from(id).ok().and_then(|id| id.checked_sub(1));
        if let Some(fact) = place.and_then(|place| self.list.get_mut(place)) {
            fact.span = span;
        }
    }

    /// Puts facts of another list behind these, with those that they compare, and returns the ids that they have here.
    pub(crate) fn adopt(
        &mut self,
        others: &[Fact],
        ids: impl IntoIterator<Item = u32>,
    ) -> BTreeMap<u32, u32> {
        let mut wanted: BTreeSet<u32> = ids.into_iter().collect();
        for other in others.iter().filter(|other| wanted.contains(&other.id)).collect::<Vec<_>>() {
            if let FactValue::Comparison { of, with, .. } = other.value {
                wanted.extend([of, with]);
            }
        }
        let chosen: Vec<_> = others.iter().filter(|other| wanted.contains(&other.id)).collect();
        let first = u32::try_from(self.list.len() + 1).unwrap_or(u32::MAX);
        let here: BTreeMap<u32, u32> = chosen.iter().map(|fact| fact.id).zip(first..).collect();
        let id = |id: u32| here.get(&id).copied().unwrap_or_default();
        self.list.extend(chosen.into_iter().map(|fact| {
            let value = match fact.value {
                FactValue::Comparison { of, with, relation } => {
                    FactValue::Comparison { of: id(of), with: id(with), relation }
                }
                FactValue::Number { .. } | FactValue::Text(_) => fact.value.clone(),
            };
            Fact { id: id(fact.id), value, ..fact.clone() }
        }));
        here
    }

    fn add(
        &mut self,
        label: Name,
        subject: Subject,
        value: FactValue,
        text: String,
        method: Name,
        see: String,
    ) -> u32 {
        self.push(Fact { id: 0, label, subject, value, text, span: self.span, method, see })
    }

    fn value(&self, id: u32) -> Option<(f64, Unit)> {
        match self.get(id)?.value {
            FactValue::Number { value, unit } => Some((value, unit)),
            FactValue::Text(_) | FactValue::Comparison { .. } => None,
        }
    }

    fn amount(&self, id: u32) -> Option<f64> {
        self.value(id).map(|(value, _)| value)
    }

    /// How many times as much the first is as the second; none where that says nothing.
    fn ratio(&self, of: u32, with: u32) -> Option<f64> {
        let ((value, unit), (other, other_unit)) = (self.value(of)?, self.value(with)?);
        (unit == other_unit && other > 0.0).then(|| value / other)
    }

    fn compared(&self, of: u32, with: u32, relation: Relation) -> String {
        let amount = match self.value(of) {
            Some((_, Unit::Count)) => "many",
            Some((_, Unit::Milliseconds | Unit::Seconds)) => "long",
            Some(_) | None => "much",
        };
        match (relation, self.ratio(of, with)) {
            (Relation::Rose | Relation::More, Some(times)) if times > ABOUT => {
                format!("{times:.1} times as {amount}")
            }
            (Relation::Fell | Relation::Less, Some(times)) if times < 1.0 / ABOUT => {
                format!("{} of that", quantity::percentage(Some(times * 100.0)))
            }
            (Relation::Rose | Relation::More, _) => "more".into(),
            (Relation::Fell | Relation::Less, _) => "less".into(),
            (Relation::Unchanged, _) => format!("about as {amount}"),
            (Relation::Most, _) => "the most".into(),
            (Relation::New, _) => "new".into(),
        }
    }
}

/// Writes a number with its unit, as everywhere.
pub fn written(value: f64, unit: Unit) -> String {
    match unit {
        Unit::Count => quantity::count(whole(value)),
        Unit::Bytes => quantity::bytes(whole(value)),
        Unit::BitsPerSecond => quantity::bits_per_second(Some(value)),
        Unit::PacketsPerSecond => format!("{} packets/s", quantity::per_second(Some(value))),
        Unit::Percent => quantity::percentage(Some(value)),
        Unit::Milliseconds => quantity::delay(Some(value)),
        Unit::Seconds => quantity::duration(Some(value)),
        Unit::Mos => quantity::mos(Some(value)),
        Unit::Times => format!("{value:.1} times"),
    }
}

/// Writes what a stranger may have written: hidden characters as escapes, a long one cut.
pub fn shown(text: &str) -> String {
    let mut shown = String::with_capacity(text.len().min(LONGEST_NAME));
    for (place, character) in text.chars().enumerate() {
        if place >= LONGEST_NAME {
            shown.push('…');
            break;
        }
        if is_hidden(character) {
            shown.extend(character.escape_default());
        } else {
            shown.push(character);
        }
    }
    shown
}

/// The whole part of a number that is not negative.
pub(crate) fn whole(value: f64) -> u64 {
    Duration::try_from_secs_f64(value).unwrap_or_default().as_secs()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn number(facts: &mut Facts, value: f64, unit: Unit) -> u32 {
        facts.number("Throughput", Subject::Session, value, unit, "a count", "/".into())
    }

    #[test]
    fn facts_are_numbered_from_one_and_written_with_their_units() {
        let mut facts = Facts::default();
        let cases = [
            (1_234.0, Unit::Count, "1,234"),
            (1_500.0, Unit::Bytes, "1.5 kB"),
            (15_400_000.0, Unit::BitsPerSecond, "15.4 Mbps"),
            (1_200.0, Unit::PacketsPerSecond, "1.2 k packets/s"),
            (2.25, Unit::Percent, "2.2 %"),
            (12.34, Unit::Milliseconds, "12.3 ms"),
            (125.0, Unit::Seconds, "2 m 05 s"),
            (4.382, Unit::Mos, "4.38"),
            (2.0, Unit::Times, "2.0 times"),
        ];
        for (place, (value, unit, text)) in (1..).zip(cases) {
            assert_eq!(number(&mut facts, value, unit), place);
            assert_eq!(facts.get(place).unwrap().text, text);
        }
        assert_eq!((facts.get(0), facts.get(10)), (None, None));
        assert_eq!(facts.into_list().len(), cases.len());
    }

    #[test]
    fn a_comparison_says_how_much_more_it_is() {
        let mut facts = Facts::default();
        let [small, large, near] =
            [10.0, 25.0, 11.0].map(|value| number(&mut facts, value, Unit::BitsPerSecond));
        let mut said = |of, with| {
            let id = facts.compare_with_before(of, with);
            let fact = facts.get(id).unwrap();
            let FactValue::Comparison { relation, .. } = fact.value else { panic!("{fact:?}") };
            (relation, fact.text.clone())
        };
        assert_eq!(said(large, small), (Relation::Rose, "2.5 times as much".into()));
        assert_eq!(said(small, large), (Relation::Fell, "40.0 % of that".into()));
        assert_eq!(said(near, small), (Relation::Unchanged, "about as much".into()));
    }

    #[test]
    fn more_than_nothing_has_no_factor() {
        let mut facts = Facts::default();
        let [nothing, some] = [0.0, 3.0].map(|value| number(&mut facts, value, Unit::Count));
        let id = facts.compare_with_before(some, nothing);
        assert_eq!(facts.get(id).unwrap().text, "more");
        let id = facts.compare_with_before(nothing, nothing);
        assert_eq!(facts.get(id).unwrap().text, "about as many");
    }

    #[test]
    fn what_was_not_measured_is_no_fact() {
        let mut facts = Facts::default();
        for value in [None, Some(f64::NAN)] {
            let id = facts.measured("MOS", Subject::Session, value, Unit::Mos, "G.107", "/".into());
            assert_eq!(id, None);
        }
        assert!(facts.into_list().is_empty());
    }

    #[test]
    fn names_from_the_wire_show_hidden_characters_and_are_cut() {
        let mut facts = Facts::default();
        let wire = format!("a\n\u{202e}{}", "b".repeat(500));
        let id = facts.text("Host", Subject::Session, &wire, "by DNS", "/".into());
        let text = &facts.get(id).unwrap().text;
        assert!(text.starts_with("a\\n\\u{202e}bbb"), "{text}");
        assert!(text.ends_with("b…"), "{text}");
    }
}
