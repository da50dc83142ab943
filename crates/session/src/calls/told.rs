//! Calls with their streams, as they are told.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::net::IpAddr;

use foldhash::fast::RandomState;
use netsonde_flow::{FlowId, MediaKind, Side, StreamRow};
use netsonde_messages::{Call, CallState, rfc3339};
use netsonde_metrics::mos;
use netsonde_units::Timestamp;

use super::{Calls, Named};
use crate::listing::spoke_lately;
use crate::streams::CallOf;

/// Which calls are told.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Which {
    /// So many of the oldest, these first.
    First(usize),
    /// So many of the newest, these first.
    Newest(usize),
}

/// What the streams of a call show.
#[derive(Debug)]
struct Media {
    streams: Vec<u64>,
    codecs: Vec<String>,
    /// The least of its streams.
    mos: Option<f64>,
    first_seen: Timestamp,
    last_seen: Timestamp,
    conversation: FlowId,
    /// Who sent the first packet, and to whom.
    ends: (IpAddr, IpAddr),
}

impl Media {
    fn begin(row: &StreamRow<'_>) -> Self {
        let ends = (row.key.address(row.sender), row.key.address(row.sender.other()));
        Self {
            streams: Vec::new(),
            codecs: Vec::new(),
            mos: None,
            first_seen: row.first_seen,
            last_seen: row.last_seen,
            conversation: row.conversation,
            ends,
        }
    }

    fn add(&mut self, row: &StreamRow<'_>) {
        self.streams.push(row.serial);
        if let Some(codec) = row.codec
            && !self.codecs.iter().any(|known| known == codec)
        {
            self.codecs.push(codec.to_owned());
        }
        let mos = mos::judge(row).ok().map(|judged| judged.mos());
        self.mos = self.mos.into_iter().chain(mos).reduce(f64::min);
        self.last_seen = self.last_seen.max(row.last_seen);
    }
}

impl Calls {
    /// Finds the call of each stream: by the name that announced it or another one of its conversation, else by the sound
    /// that goes the other way in it.
    pub(crate) fn join<'a, I: Iterator<Item = StreamRow<'a>>>(&mut self, rows: impl Fn() -> I) -> CallOf {
        let mut named = HashMap::<u64, u64, RandomState>::default();
        let mut ways = BTreeMap::<u64, [bool; 2]>::new();
        for row in rows() {
            let conversation = row.conversation.serial;
            if let Some(&number) = row.call.and_then(|name| self.numbers.get(name)) {
                named.insert(conversation, number);
            } else if row.call.is_none() && row.kind == Some(MediaKind::Audio) {
                let [low, high] = ways.entry(conversation).or_default();
                *(if row.sender == Side::Low { low } else { high }) = true;
            }
        }
        ways.retain(|conversation, ways| *ways == [true; 2] && !named.contains_key(conversation));
        self.paired.retain(|conversation, _| {
            let is_paired = ways.contains_key(conversation);
            // What has a name is a call of that; what is gone gave way to others.
            self.given_up += u64::from(!is_paired && !named.contains_key(conversation));
            is_paired
        });
        for &conversation in ways.keys() {
            if !self.paired.contains_key(&conversation) {
                let number = self.take_number();
                self.paired.insert(conversation, number);
            }
        }
        let call_of = |row: StreamRow<'_>| {
            let conversation = row.conversation.serial;
            let own = row.call.and_then(|name| self.numbers.get(name));
            let number = own.or_else(|| named.get(&conversation)).or_else(|| self.paired.get(&conversation));
            Some((row.serial, *number?))
        };
        rows().filter_map(call_of).collect()
    }

    /// Returns calls, and how many there are beside them. `asked` tells the ends of a conversation, who asked first.
    pub(crate) fn told<'a>(
        &self,
        which: Which,
        rows: impl Iterator<Item = StreamRow<'a>>,
        call_of: &CallOf,
        asked: impl Fn(FlowId) -> Option<(IpAddr, IpAddr)>,
        now: Timestamp,
    ) -> (Vec<Call>, u64) {
        let every: BTreeSet<u64> = self.dialogues.keys().chain(self.paired.values()).copied().collect();
        let others = |told: usize| self.given_up + (every.len() - told) as u64;
        let numbers: Vec<u64> = match which {
            Which::First(most) => every.iter().copied().take(most).collect(),
            Which::Newest(most) => every.iter().rev().copied().take(most).collect(),
        };
        let mut media = numbers.iter().map(|&number| (number, None)).collect::<BTreeMap<_, _>>();
        for row in rows {
            if let Some(media) = call_of.get(&row.serial).and_then(|number| media.get_mut(number)) {
                media.get_or_insert_with(|| Media::begin(&row)).add(&row);
            }
        }
        let call = |number: &u64| {
            let media = media.remove(number).flatten();
            let call = match (self.dialogues.get(number), &media) {
                (Some(named), _) => of_dialogue(*number, named, now),
                (None, Some(media)) => {
                    of_streams(*number, media, asked(media.conversation).unwrap_or(media.ends), now)
                }
                (None, None) => return None,
            };
            Some(match media {
                Some(Media { streams, codecs, mos, .. }) => Call { streams, codecs, mos, ..call },
                None => call,
            })
        };
        let calls: Vec<_> = numbers.iter().filter_map(call).collect();
        let omitted = others(calls.len());
        (calls, omitted)
    }
}

/// Puts a dialogue into words.
fn of_dialogue(id: u64, named: &Named, now: Timestamp) -> Call {
    let Named { name, dialogue } = named;
    let parties = dialogue.parties();
    // A message without the header tells nobody.
    let party = |name: &str| (!name.is_empty()).then(|| name.to_owned());
    Call {
        id,
        call_id: Some(name.to_string()),
        state: dialogue.state(now),
        from: party(&parties.from),
        to: party(&parties.to),
        caller: parties.caller.0,
        callee: parties.callee.0,
        started: stamp(dialogue.started()),
        duration_s: dialogue.duration_s(now),
        post_dial_delay_ms: dialogue.post_dial_delay_ms(),
        result: dialogue.result(now),
        codecs: Vec::new(),
        streams: Vec::new(),
        mos: None,
    }
}

/// Puts streams both ways into words: a call as far as they show one.
fn of_streams(id: u64, media: &Media, (caller, callee): (IpAddr, IpAddr), now: Timestamp) -> Call {
    let is_active = spoke_lately(media.last_seen, now);
    let has_time = media.first_seen > Timestamp::EPOCH;
    Call {
        id,
        call_id: None,
        state: if is_active { CallState::Talking } else { CallState::Ended },
        from: None,
        to: None,
        caller,
        callee,
        started: stamp(media.first_seen),
        duration_s: has_time.then(|| media.last_seen.since(media.first_seen).as_secs_f64()),
        post_dial_delay_ms: None,
        result: None,
        codecs: Vec::new(),
        streams: Vec::new(),
        mos: None,
    }
}

fn stamp(at: Timestamp) -> Option<String> {
    (at > Timestamp::EPOCH).then(|| rfc3339(at.nanos()))
}
