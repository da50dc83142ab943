//! The findings of a session over its time: they begin, hold until their number is clearly inside its limit, and stay.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};

use netsonde_messages::{EvidenceItem, Fact, Finding, Severity, Subject};

use super::limits::{CALM_MS, FINDINGS, FRESH_MS, LEFT_OUT, Number};
use crate::facts::Facts;

/// A number as a rule read it.
#[derive(Clone, Debug)]
pub(super) struct Reading {
    pub(super) number: Number,
    pub(super) subject: Subject,
    pub(super) value: f64,
    /// How many bad ones stand behind it.
    pub(super) bad: u64,
    /// What only adds up holds as long as it grows.
    pub(super) grows: Option<u64>,
    pub(super) first_ms: Option<f64>,
    pub(super) last_ms: Option<f64>,
}

impl Reading {
    pub(super) const fn new(number: Number, subject: Subject, value: f64, bad: u64) -> Self {
        Self { number, subject, value, bad, grows: None, first_ms: None, last_ms: None }
    }

    fn level(&self) -> Option<Severity> {
        let limit = self.number.limit();
        limit.level(self.value).filter(|_| self.bad >= limit.least)
    }
}

/// What is said of a finding.
#[derive(Clone, Debug)]
pub(super) struct Sign {
    pub(super) title: String,
    pub(super) value: String,
    pub(super) meaning: String,
    pub(super) advice: String,
    pub(super) evidence: Vec<EvidenceItem>,
    pub(super) facts: Vec<Fact>,
    pub(super) see: String,
}

/// What began or ended in a round.
#[derive(Clone, Debug)]
pub(super) struct Turn {
    pub(super) at: f64,
    pub(super) began: bool,
    pub(super) subject: Subject,
    pub(super) title: String,
    pub(super) facts: Vec<Fact>,
    pub(super) see: String,
}

/// The findings of a session.
#[derive(Clone, Debug, Default)]
pub(super) struct Kept {
    findings: BTreeMap<(Number, Subject), Entry>,
    /// The newest id.
    last_id: u64,
    /// What there was no room for, each once, as many as are told apart.
    left_out: BTreeSet<(Number, Subject)>,
    turns: Vec<Turn>,
}

#[derive(Clone, Debug)]
struct Entry {
    id: u64,
    severity: Severity,
    sign: Sign,
    first_ms: Option<f64>,
    last_ms: Option<f64>,
    holds: bool,
    /// Since when its number is clearly inside the limit.
    calm_since: Option<f64>,
    /// What only adds up, and when it grew last.
    grown: Option<(u64, f64)>,
    /// When it was worst, what was said then.
    worst: (Severity, f64, Sign),
    looked_at: f64,
}

/// When a reading is taken.
#[derive(Clone, Copy, Debug)]
pub(super) struct At {
    /// The session's time in milliseconds.
    pub(super) ms: f64,
    /// Whether what is seen for the first time began by then; else it may have begun at any time before.
    pub(super) is_course: bool,
}

impl Kept {
    /// Takes a reading; `say` is asked what to say of it only where there is a finding.
    pub(super) fn read(&mut self, at: At, reading: &Reading, say: impl FnOnce(Severity) -> Sign) {
        let key = (reading.number, reading.subject.clone());
        match (self.findings.get_mut(&key), reading.level()) {
            (None, None) => {}
            (None, Some(severity)) => self.begin(at, reading, severity, say(severity)),
            (Some(entry), Some(severity)) => {
                let held = entry.holds;
                entry.goes_on(at, reading, severity, say(severity));
                if entry.holds && !held {
                    let turn = entry.turn(at.ms, true, &reading.subject);
                    self.turns.push(turn);
                }
            }
            (Some(entry), None) => {
                entry.looked_at = at.ms;
                let limit = reading.number.limit();
                if limit.is_clear(reading.value) || reading.bad < limit.least {
                    entry.calm(at.ms, &reading.subject, &mut self.turns);
                } else {
                    entry.calm_since = None;
                }
            }
        }
    }

    /// Lets nothing have been later than a moment.
    pub(super) fn rewind(&mut self, ms: f64) {
        for entry in self.findings.values_mut() {
            entry.looked_at = entry.looked_at.min(ms);
            entry.calm_since = entry.calm_since.map(|since| since.min(ms));
            entry.grown = entry.grown.map(|(count, grew)| (count, grew.min(ms)));
        }
    }

    /// Ends a round: what no rule has read any number of is calm.
    pub(super) fn sweep(&mut self, ms: f64) {
        for ((_, subject), entry) in &mut self.findings {
            if entry.looked_at < ms {
                entry.calm(ms, subject, &mut self.turns);
            }
        }
    }

    /// Returns what began and ended since it was asked last.
    pub(super) fn drain_turns(&mut self) -> Vec<Turn> {
        std::mem::take(&mut self.turns)
    }

    /// Tells how many findings were left out.
    pub(super) fn omitted(&self) -> u64 {
        self.left_out.len() as u64
    }

    /// Returns the findings: those that hold first, then the most severe, then the newest. `facts` gets theirs.
    pub(super) fn told(&self, has_stamps: bool, facts: &mut Facts) -> Vec<Finding> {
        let mut entries: Vec<_> = self.findings.iter().collect();
        entries.sort_by_key(|(_, entry)| (Reverse(entry.holds), Reverse(entry.told().0), Reverse(entry.id)));
        let mut findings = Vec::with_capacity(entries.len());
        for ((number, subject), entry) in entries {
            let limit = number.limit();
            let (severity, sign) = entry.told();
            findings.push(Finding {
                id: entry.id,
                rule: limit.rule,
                severity,
                title: sign.title.clone(),
                subject: subject.clone(),
                value: sign.value.clone(),
                limit: limit.of(severity),
                meaning: sign.meaning.clone(),
                advice: sign.advice.clone(),
                evidence: sign.evidence.clone(),
                facts: sign.facts.iter().map(|fact| facts.push(fact.clone())).collect(),
                first_ms: entry.first_ms.filter(|_| has_stamps),
                last_ms: entry.last_ms.filter(|_| has_stamps),
                holds: entry.holds,
                see: sign.see.clone(),
            });
        }
        findings
    }

    fn begin(&mut self, at: At, reading: &Reading, severity: Severity, sign: Sign) {
        let key = (reading.number, reading.subject.clone());
        if self.findings.len() >= FINDINGS && !self.make_room(severity) {
            self.leave_out(key);
            return;
        }
        self.left_out.remove(&key);
        self.last_id += 1;
        let last_ms = reading.last_ms.or(Some(at.ms));
        let grown = reading.grows.map(|count| (count, reading.last_ms.unwrap_or(at.ms)));
        let entry = Entry {
            id: self.last_id,
            severity,
            worst: (severity, reading.value, sign.clone()),
            sign,
            first_ms: reading.first_ms.or(at.is_course.then_some(at.ms)),
            last_ms,
            holds: grown.is_none_or(|(_, grew)| at.ms - grew <= FRESH_MS),
            calm_since: None,
            grown,
            looked_at: at.ms,
        };
        if at.is_course || entry.first_ms.is_some() {
            self.turns.push(entry.turn(entry.first_ms.unwrap_or(at.ms), true, &reading.subject));
        }
        self.findings.insert(key, entry);
    }

    fn leave_out(&mut self, key: (Number, Subject)) {
        if self.left_out.len() < LEFT_OUT {
            self.left_out.insert(key);
        }
    }

    /// Gives up the least severe of the findings that are over, the oldest of them; false where none is as little.
    fn make_room(&mut self, severity: Severity) -> bool {
        let over = self.findings.iter().filter(|(_, entry)| !entry.holds && entry.told().0 <= severity);
        let Some(key) = over.min_by_key(|(_, entry)| (entry.told().0, entry.id)).map(|(key, _)| key.clone())
        else {
            return false;
        };
        self.findings.remove(&key);
        self.leave_out(key);
        true
    }
}

impl Entry {
    fn goes_on(&mut self, at: At, reading: &Reading, severity: Severity, sign: Sign) {
        self.looked_at = at.ms;
        if let (Some((count, grew)), Some(newest)) = (&mut self.grown, reading.grows) {
            if newest > *count {
                (*count, *grew) = (newest, reading.last_ms.unwrap_or(at.ms));
            }
            self.holds = at.ms - *grew <= FRESH_MS;
            self.last_ms = Some(*grew);
        } else {
            self.holds = true;
            self.last_ms = reading.last_ms.or(Some(at.ms));
        }
        self.calm_since = None;
        let (worst, value, _) = &self.worst;
        let falls = reading.number.limit().falls;
        let is_worse = if falls { reading.value <= *value } else { reading.value >= *value };
        if severity > *worst || (severity == *worst && is_worse) {
            self.worst = (severity, reading.value, sign.clone());
        }
        (self.severity, self.sign) = (severity, sign);
    }

    fn calm(&mut self, ms: f64, subject: &Subject, turns: &mut Vec<Turn>) {
        let since = *self.calm_since.get_or_insert(ms);
        if self.holds && ms - since >= CALM_MS {
            self.holds = false;
            turns.push(self.turn(ms, false, subject));
        }
    }

    fn turn(&self, at: f64, began: bool, subject: &Subject) -> Turn {
        let sign = &self.sign;
        Turn {
            at,
            began,
            subject: subject.clone(),
            title: sign.title.clone(),
            facts: sign.facts.first().cloned().into_iter().collect(),
            see: sign.see.clone(),
        }
    }

    /// What is said of it: how it stands, or how it was at its worst.
    const fn told(&self) -> (Severity, &Sign) {
        if self.holds { (self.severity, &self.sign) } else { (self.worst.0, &self.worst.2) }
    }
}
