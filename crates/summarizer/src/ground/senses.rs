//! What the words of a sentence must be of, where they stand beside a fact.

use std::collections::BTreeSet;

use netsonde_messages::{Fact, FactValue, Subject, Unit};

use super::{tokens::plain, words};

/// What a fact is called.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Senses {
    /// What words beside it may claim.
    pub(super) carried: BTreeSet<String>,
    /// What its label claims.
    pub(super) core: BTreeSet<String>,
    /// What its text shows without words: its unit.
    pub(super) unit: Option<&'static str>,
    /// Tells whether it is about something that has a name of its own.
    pub(super) named: bool,
    one: bool,
}

impl Senses {
    /// Reads a fact; `of` is the fact that a comparison is about.
    pub(super) fn read(fact: &Fact, of: Option<&Fact>) -> Self {
        let about = of.unwrap_or(fact);
        let mut core: BTreeSet<String> = label(&about.label);
        let (kinds, named) = subject(&about.subject, &mut core);
        let mut carried = core.clone();
        carried.extend(kinds.iter().map(|kind| (*kind).to_owned()));
        let mut unit = None;
        if let FactValue::Number { unit: of_value, .. } = &about.value {
            let (own, more) = units(*of_value);
            unit = own;
            carried.extend(own.iter().chain(more).map(|sense| (*sense).to_owned()));
            if *of_value == Unit::Percent {
                // Of what it is a share, the method says.
                carried.extend(label(&about.method));
            }
        }
        if core.contains("loss") && !core.contains("tcp") {
            carried.insert("packet".into());
        }
        if core.contains("roundtrip") {
            carried.insert("latency".into());
        }
        Self {
            carried,
            core,
            unit: unit.filter(|_| of.is_none()),
            named,
            one: about.subject != Subject::Session,
        }
    }

    /// Tells whether it is about something less than all.
    pub(super) const fn is_about_one(&self) -> bool {
        self.one
    }
}

/// The senses of a label's words.
fn label(text: &str) -> BTreeSet<String> {
    let mut senses = BTreeSet::new();
    // `In, bytes` begins with a direction, `Segments in order` has none.
    let head = text.split(',').next().unwrap_or_default().trim();
    match head {
        "In" => senses.insert("inbound".into()),
        "Out" => senses.insert("outbound".into()),
        "Through" => senses.insert("transit".into()),
        _ => false,
    };
    for word in plain(text) {
        if word == "p50" {
            senses.insert("median".into());
        } else if words::sense(&word).is_some() || !ordinary(&word) {
            senses.insert(words::key(&word));
        }
    }
    if head == "In" {
        senses.remove("in");
    }
    senses
}

fn ordinary(word: &str) -> bool {
    words::is_neutral(word) || words::turns(word) || words::is_earlier(word) || words::counts(word)
}

/// The kinds of a subject, and whether it has a name; a protocol's is a word as good as the label's.
fn subject(subject: &Subject, core: &mut BTreeSet<String>) -> (&'static [&'static str], bool) {
    match subject {
        Subject::Session => (&[], false),
        Subject::Protocol(name) => {
            core.extend(plain(name).iter().map(|word| words::key(word)));
            (&["protocol"], false)
        }
        Subject::App(_) => (&["application"], true),
        Subject::Host(_) | Subject::Pair(..) => (&["host"], true),
        Subject::Service { .. } => (&["host", "server"], true),
        Subject::Flow(_) => (&["conversation", "connection"], true),
        Subject::Stream(_) => (&["stream"], true),
        Subject::Call(_) => (&["call"], true),
    }
}

/// What a unit says by itself, and what may be said of it.
const fn units(unit: Unit) -> (Option<&'static str>, &'static [&'static str]) {
    match unit {
        Unit::Count | Unit::Times | Unit::Milliseconds => (None, &[]),
        Unit::Bytes => (Some("volume"), &["traffic"]),
        Unit::BitsPerSecond => (Some("throughput"), &["traffic", "rate"]),
        Unit::PacketsPerSecond => (Some("packet"), &["traffic", "rate"]),
        Unit::Percent => (Some("share"), &["rate"]),
        Unit::Seconds => (Some("duration"), &[]),
        Unit::Mos => (Some("mos"), &[]),
    }
}
