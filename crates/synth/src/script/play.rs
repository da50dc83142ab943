//! A script as it passes the tap.

use std::collections::BTreeMap;
use std::collections::btree_map::Entry;
use std::vec;

use super::{Script, Step};
use crate::packets::{Arrival, Conversation};
use crate::pair::Pair;
use crate::path::{Path, Way};
use crate::rng::Rng;
use crate::tap::{Label, Tap};
use crate::truth::stream::{Passed, Source, Watch};

/// Two scripts on one path, one each way or one of them alone.
#[derive(Debug)]
pub struct Play {
    label: Label,
    media: Pair,
    /// What passes, in order.
    passing: vec::IntoIter<Passing>,
    next: Option<Passing>,
    watches: BTreeMap<(Way, u32), Watch>,
    rng: Rng,
}

#[derive(Clone, Copy, Debug)]
struct Passing {
    /// When, in nanoseconds since the Unix epoch.
    at: u64,
    way: Way,
    clock_rate: u32,
    step: Step,
    is_copy: bool,
}

impl Play {
    /// Plays scripts from a moment on, in nanoseconds since the Unix epoch; `announced` says whether SDP named the ports.
    pub fn new(
        label: Label,
        path: Path,
        announced: bool,
        at: u64,
        scripts: &[(Way, Script)],
        rng: Rng,
    ) -> Self {
        let mut passing = Vec::new();
        for (way, script) in scripts {
            let clock_rate = script.codec.clock_rate();
            for step in script.steps.iter().filter(|step| !step.is_lost) {
                let at = at + step.passes();
                let first = Passing { at, way: *way, clock_rate, step: *step, is_copy: false };
                passing.push(first);
                passing.extend(step.copy.map(|behind| Passing { at: at + behind, is_copy: true, ..first }));
            }
        }
        passing.sort_by_key(|one| one.at);
        let mut passing = passing.into_iter();
        Self {
            label,
            media: if announced { Pair::announced(path) } else { Pair::new(path) },
            next: passing.next(),
            passing,
            watches: BTreeMap::new(),
            rng,
        }
    }

    /// Makes an arrival of it, for a plan.
    pub fn arrival(self) -> Arrival {
        (self.next.map_or(0, |passing| passing.at), Box::new(self))
    }

    fn pass(&mut self, one: &Passing, tap: &mut Tap) {
        let Passing { way, step, clock_rate, .. } = *one;
        let header = step.header;
        tap.udp(self.label, &self.media.path, way, &header.packet(step.len, &mut self.rng));
        self.media.count(way, tap);
        let passed = Passed {
            now: one.at,
            part: step.part,
            number: step.number,
            is_copy: one.is_copy,
            timestamp: header.timestamp,
            payload: step.len,
            is_paced: step.is_paced,
            begins_talk: step.is_paced && header.is_marked,
        };
        let watch = match self.watches.entry((way, header.ssrc)) {
            Entry::Occupied(known) => known.into_mut(),
            Entry::Vacant(new) => {
                let source = Source { ssrc: header.ssrc, payload_type: header.payload_type, clock_rate };
                new.insert(Watch::new(&self.media.path, way, source, &passed, tap.truth_mut()))
            }
        };
        watch.count(&passed, tap.truth_mut());
    }
}

impl Conversation for Play {
    fn step(&mut self, now: u64, tap: &mut Tap) -> Option<u64> {
        if let Some(one) = self.next.filter(|one| one.at <= now) {
            self.next = self.passing.next();
            self.pass(&one, tap);
        }
        self.next.map(|next| next.at)
    }
}
