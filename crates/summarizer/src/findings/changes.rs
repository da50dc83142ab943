//! What has changed: half a minute beside the one before, who is new, what began and what is over.

use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::net::IpAddr;

use netsonde_messages::stream::HistoryPoint;
use netsonde_messages::{Author, Change, Fact, FactValue, Name, Piece, Relation, Sentence, Subject, Unit};

use super::kept::Turn;
use super::limits::{CHANGES, WINDOW_S};
use super::rules::Context;
use crate::facts::{Course, Facts, shown};
use crate::see;

/// What is so many times as much has risen, if it matters.
const ROSE: f64 = 1.5;
/// What is this part of what it was has fallen, if it matters.
const FELL: f64 = 0.5;
/// Who has this part of the bytes is busy.
const BUSY: f64 = 0.05;
/// A share of fewer segments or packets than this says nothing.
const ENOUGH: u64 = 100;

/// The newest changes, and what the next ones are compared with.
#[derive(Clone, Debug, Default)]
pub(super) struct Changes {
    /// Oldest first.
    noted: VecDeque<Noted>,
    /// The seconds of the part of a session that is not over.
    part: Vec<HistoryPoint>,
    before: Option<Part>,
    seen: Option<Seen>,
}

#[derive(Clone, Debug)]
struct Noted {
    at: f64,
    subject: Subject,
    what: What,
    see: String,
}

/// What a sentence is made from.
#[derive(Clone, Debug)]
enum What {
    Compared { label: &'static str, relation: Relation, now: Fact, before: Fact },
    New { noun: &'static str, name: Fact, share: Fact },
    Turned { began: bool, title: String, fact: Option<Fact> },
}

/// A part of a session.
#[derive(Clone, Copy, Debug, Default)]
struct Part {
    begin: u64,
    stretch: u32,
    throughput_bps: f64,
    course: Course,
}

/// Who was there when it was looked last.
#[derive(Clone, Debug)]
struct Seen {
    at: f64,
    bytes: u64,
    apps: BTreeMap<Name, u64>,
    /// The largest hosts, and whether these were all.
    hosts: BTreeSet<IpAddr>,
    are_all_hosts: bool,
    /// Who was called new before, or was there at first.
    known: BTreeSet<Subject>,
}

/// A number that is compared: what it is, from which difference on it matters.
struct Compared {
    label: &'static str,
    protocol: Option<&'static str>,
    unit: Unit,
    matters: f64,
    method: &'static str,
    now: Option<f64>,
    before: Option<f64>,
}

impl Changes {
    /// Takes a second; a part that is over is compared with the one before.
    pub(super) fn push(&mut self, of: &Context<'_>, point: &HistoryPoint) {
        if let Some(first) = self.part.first()
            && (point.second >= first.second + WINDOW_S || point.stretch != first.stretch)
        {
            let part = Part::of(&self.part);
            if let Some(before) = self.before {
                self.compare(of, &part, &before);
            }
            self.before = Some(part);
            // A part in which nothing happened lies between.
            if part.stretch == point.stretch && point.second >= part.begin + 2 * WINDOW_S {
                let begin = part.begin + WINDOW_S;
                let silence = Part { begin, stretch: part.stretch, ..Part::default() };
                self.compare(of, &silence, &part);
                self.before = Some(silence);
            }
            self.part.clear();
        }
        self.part.push(*point);
    }

    /// Looks who is busy and was not there before, once in each part of a session.
    pub(super) fn look(&mut self, of: &Context<'_>) {
        let Some(seen) = &self.seen else {
            self.seen = Some(Seen::of(of, BTreeSet::new()));
            return;
        };
        if of.at.ms < seen.at + WINDOW_S as f64 * 1_000.0 {
            return;
        }
        let mut known = seen.known.clone();
        let volume = of.figures.total().bytes.saturating_sub(seen.bytes);
        let busy = |bytes: u64| volume > 0 && bytes as f64 >= volume as f64 * BUSY;
        let mut found = Vec::new();
        for row in &of.figures.measured.apps.apps {
            let subject = Subject::App(row.app.app.to_string());
            if !seen.apps.contains_key(&row.app.app) && busy(row.app.bytes) && known.insert(subject.clone()) {
                found.push(("application", subject, row.app.app.to_string(), row.app.bytes));
            }
        }
        // One that was not among the largest may have been there all the same.
        let hosts = of.figures.measured.hosts.hosts.iter().filter(|host| seen.are_all_hosts && !host.local);
        for host in hosts.filter(|host| !seen.hosts.contains(&host.address)) {
            let (bytes, subject) = (host.bytes_in + host.bytes_out, Subject::Host(host.address));
            if busy(bytes) && known.insert(subject.clone()) {
                let name = host.names.first().map_or_else(|| host.address.to_string(), |name| shown(name));
                found.push(("host", subject, name, bytes));
            }
        }
        for (noun, subject, name, bytes) in found {
            let see = match &subject {
                Subject::Host(address) => see::host(*address),
                _ => see::flows_of_app(&name),
            };
            let share = (bytes as f64 * 100.0 / volume as f64).min(100.0);
            let label = Fact {
                value: FactValue::Text(name.clone()),
                text: shown(&name),
                ..of.number("Name", &subject, (0.0, Unit::Count), "by what is known of it", see.clone())
            };
            let method = "its bytes on the wire, in those of all";
            let share = of.number("Share of bytes", &subject, (share, Unit::Percent), method, see.clone());
            self.note(Noted { at: of.at.ms, subject, what: What::New { noun, name: label, share }, see });
        }
        self.seen = Some(Seen::of(of, known));
    }

    /// Lets nobody have been looked for later than a moment.
    pub(super) fn rewind(&mut self, ms: f64) {
        if let Some(seen) = &mut self.seen {
            seen.at = seen.at.min(ms);
        }
    }

    /// Takes what began and what is over.
    pub(super) fn turned(&mut self, turns: Vec<Turn>) {
        for turn in turns {
            let Turn { at, began, subject, title, facts, see } = turn;
            let fact = facts.into_iter().next();
            self.note(Noted { at, subject, what: What::Turned { began, title, fact }, see });
        }
    }

    /// Returns the changes, the newest first; `facts` gets theirs.
    pub(super) fn told(&self, has_stamps: bool, facts: &mut Facts) -> Vec<Change> {
        let told = self.noted.iter().rev().map(|noted| Change {
            at_ms: has_stamps.then_some(noted.at),
            subject: noted.subject.clone(),
            sentence: Sentence { pieces: noted.what.pieces(facts), author: Author::Rules },
            see: noted.see.clone(),
        });
        told.collect()
    }

    fn compare(&mut self, of: &Context<'_>, part: &Part, before: &Part) {
        if part.stretch != before.stretch {
            return;
        }
        let at = (part.begin + WINDOW_S) as f64 * 1_000.0;
        for compared in numbers(part, before) {
            let (Some(now), Some(then)) = (compared.now, compared.before) else { continue };
            let relation = if now >= then * ROSE && now - then >= compared.matters {
                Relation::Rose
            } else if now <= then * FELL && then - now >= compared.matters {
                Relation::Fell
            } else {
                continue;
            };
            let Compared { label, protocol, unit, method, .. } = compared;
            let subject = protocol.map_or(Subject::Session, |name| Subject::Protocol(name.into()));
            let see = protocol.map_or_else(see::dashboard, see::protocol);
            let fact = |value| of.number(label, &subject, (value, unit), method, see.clone());
            let what = What::Compared { label, relation, now: fact(now), before: fact(then) };
            self.note(Noted { at, subject, what, see });
        }
    }

    fn note(&mut self, noted: Noted) {
        // What is found out late may have begun before what was noted.
        let place = self.noted.partition_point(|other| other.at <= noted.at);
        self.noted.insert(place, noted);
        if self.noted.len() > CHANGES {
            self.noted.pop_front();
        }
    }
}

fn numbers(part: &Part, before: &Part) -> [Compared; 5] {
    let (now, then) = (&part.course, &before.course);
    let loss = |course: &Course| course.loss_percentage.filter(|_| course.data_segments >= ENOUGH);
    let rtp_loss = |course: &Course| course.rtp_loss_percentage.filter(|_| course.rtp_expected >= ENOUGH);
    let compared = |label, protocol, unit, matters, method| Compared {
        label,
        protocol,
        unit,
        matters,
        method,
        now: None,
        before: None,
    };
    let (tcp, rtp) = (Some("TCP"), Some("RTP"));
    [
        Compared {
            now: Some(part.throughput_bps),
            before: Some(before.throughput_bps),
            ..compared("Throughput", None, Unit::BitsPerSecond, 1_000_000.0, "the mean of half a minute")
        },
        Compared {
            now: now.rtt_p50_ms,
            before: then.rtt_p50_ms,
            ..compared("Round trip p50", tcp, Unit::Milliseconds, 20.0, "the median of the seconds' medians")
        },
        Compared {
            now: loss(now),
            before: loss(then),
            ..compared("TCP loss", tcp, Unit::Percent, 0.5, "data segments sent again, in all of them")
        },
        Compared {
            now: rtp_loss(now),
            before: rtp_loss(then),
            ..compared("RTP loss", rtp, Unit::Percent, 0.5, "by sequence numbers (RFC 3550)")
        },
        Compared {
            now: now.jitter_ms,
            before: then.jitter_ms,
            ..compared("Jitter", rtp, Unit::Milliseconds, 10.0, "RFC 3550, streams weighted by their packets")
        },
    ]
}

impl Part {
    fn of(seconds: &[HistoryPoint]) -> Self {
        let bits = |point: &HistoryPoint| {
            point.inbound_bits + point.outbound_bits + point.internal_bits + point.transit_bits
        };
        let all: u64 = seconds.iter().map(bits).sum();
        let first = seconds.first().copied().unwrap_or_default();
        Self {
            begin: first.second,
            stretch: first.stretch,
            throughput_bps: all as f64 / WINDOW_S as f64,
            course: Course::of(seconds),
        }
    }
}

impl Seen {
    fn of(of: &Context<'_>, known: BTreeSet<Subject>) -> Self {
        let measured = of.figures.measured;
        let hosts = &measured.hosts;
        Self {
            at: of.at.ms,
            bytes: of.figures.total().bytes,
            apps: measured.apps.apps.iter().map(|row| (row.app.app.clone(), row.app.bytes)).collect(),
            hosts: hosts.hosts.iter().map(|host| host.address).collect(),
            are_all_hosts: hosts.hosts_seen <= hosts.hosts.len() as u64,
            known,
        }
    }
}

impl What {
    fn pieces(&self, facts: &mut Facts) -> Vec<Piece> {
        let words = |text: &str| Piece { text: text.into(), fact: None };
        let mut say = |fact: &Fact| {
            let id = facts.push(fact.clone());
            (Piece { text: fact.text.clone(), fact: Some(id) }, id)
        };
        match self {
            Self::Compared { label, relation, now, before } => {
                let ((now, of), (before, with)) = (say(now), say(before));
                let verb = if *relation == Relation::Rose { "rose" } else { "fell" };
                let id = facts.compare(of, with, *relation);
                let verb = Piece { text: verb.into(), fact: Some(id) };
                let label = words(&format!("{label} "));
                vec![label, verb, words(" from "), before, words(" to "), now, words(".")]
            }
            Self::New { noun, name, share } => {
                let ((name, _), (share, _)) = (say(name), say(share));
                vec![
                    words(&format!("A busy {noun} is new: ")),
                    name,
                    words(", with "),
                    share,
                    words(" of the bytes of the last half minute."),
                ]
            }
            Self::Turned { began: true, title, fact: Some(fact) } => {
                let (fact, id) = say(fact);
                vec![Piece { text: title.clone(), fact: Some(id) }, words(": "), fact, words(".")]
            }
            Self::Turned { began, title, fact } => {
                let id = fact.as_ref().map(|fact| say(fact).1);
                let begin = if *began { "" } else { "Over: " };
                vec![words(begin), Piece { text: title.clone(), fact: id }, words(".")]
            }
        }
    }
}
