//! The tap between the two stacks: what it sees, and what it knows by that.

use std::collections::VecDeque;

use super::Tcp;
use super::event::{Segment, What};
use crate::frame::tcp::flags::{ACK, RST, SYN};
use crate::frame::tcp::{Header, Options};
use crate::path::Way;
use crate::tap::{Label, Tap};
use crate::tcp::Fate;
use crate::truth::judge::{Judge, Seen};
use crate::truth::{Note, Truth, Volume};

/// What the tap knows of the connection.
#[derive(Debug, Default)]
pub(super) struct Tapped {
    judge: Judge,
    seen: bool,
    reset: bool,
    answered: bool,
    notes: VecDeque<Awaited>,
    /// What passed before the first segment with data; `None` once that one has.
    silence: Option<Volume>,
}

/// A note that becomes true once a range of a stream has passed.
#[derive(Debug)]
struct Awaited {
    way: Way,
    begin: u64,
    end: u64,
    /// What of it has passed, from its beginning; what came ahead of a hole is not remembered.
    passed: u64,
    split: bool,
    note: Note,
}

impl Tcp {
    /// Lets a segment pass; tells whether a packet was seen.
    pub(super) fn cross(&mut self, now: u64, segment: Segment, tap: &mut Tap) -> bool {
        let simulated = &mut tap.truth_mut().tcp.simulated;
        simulated.sent_again += u64::from(segment.again);
        let (passes, arrives) = match segment.fate {
            None => (true, true),
            Some(Fate::LostBefore) => {
                simulated.lost_before_tap += 1;
                (false, false)
            }
            Some(Fate::LostBehind) => {
                simulated.lost_behind_tap += 1;
                (true, false)
            }
            Some(Fate::Late(_)) => {
                simulated.reordered += 1;
                (true, true)
            }
            Some(Fate::SentAgain(_)) => {
                simulated.sent_again_needlessly += 1;
                (true, true)
            }
            Some(Fate::Missed) => {
                simulated.missed_by_capture += 1;
                (false, true)
            }
        };
        if passes {
            self.write(now, &segment, tap);
        }
        if arrives {
            let latency = match segment.way {
                Way::Up => self.setup.far,
                Way::Down => self.setup.near,
            };
            self.push(now + latency, What::Arrive(segment));
        }
        passes
    }

    fn write(&mut self, now: u64, segment: &Segment, tap: &mut Tap) {
        let way = segment.way;
        let header = self.header(segment);
        let side = match way {
            Way::Up => &self.client,
            Way::Down => &self.server,
        };
        let len = usize::try_from(segment.len).unwrap_or_default();
        let at = segment.begin.saturating_sub(1);
        // Before a word is said nothing tells that what follows is encrypted.
        let encrypted = self.setup.label.encrypted && (self.tapped.silence.is_none() || len > 0);
        let label = Label { encrypted, ..self.setup.label };
        tap.tcp(label, &self.setup.path, way, &header, len, |out| side.content.write(at, len, out));
        self.tapped.count_silence(self.setup.label.encrypted, len, tap);
        let Header { seq, ack, flags, window, options } = header;
        let seen =
            Seen { time: now, way, seq, ack, flags, len: segment.len, window, scale: options.window_scale };
        self.tapped.count(&seen, self.setup.reuses_port, tap.truth_mut());
        self.tapped.pass(segment, tap);
    }

    fn header(&self, segment: &Segment) -> Header {
        let (side, peer) = match segment.way {
            Way::Up => (&self.client, &self.server),
            Way::Down => (&self.server, &self.client),
        };
        let syn = segment.flags & SYN != 0;
        let mut options = Options { sacks: segment.sacks, ..Options::default() };
        if syn {
            let offered = |ours: bool, both: bool| if segment.way == Way::Up { ours } else { both };
            options.mss = Some(side.stack.mss);
            options.sack_permitted = offered(side.stack.sack, self.has_sack());
            let scales = offered(true, peer.stack.scale.is_some());
            options.window_scale = side.stack.scale.filter(|_| scales);
            options.timestamps = offered(side.stack.timestamps, self.has_clock()).then_some(segment.clock);
        } else if segment.flags & RST == 0 && self.has_clock() {
            options.timestamps = Some(segment.clock);
        }
        let acks = segment.flags & ACK != 0;
        Header {
            seq: side.number(segment.begin),
            ack: if acks { peer.number(segment.ack) } else { 0 },
            flags: segment.flags,
            window: if segment.flags & RST != 0 { 0 } else { segment.window },
            options,
        }
    }
}

impl Tapped {
    pub(super) fn new() -> Self {
        Self { silence: Some(Volume::default()), ..Self::default() }
    }

    /// Awaits that a range of a stream passes, which makes a note true.
    pub(super) fn await_range(&mut self, way: Way, (begin, end): (u64, u64), note: Note) {
        self.notes.push_back(Awaited { way, begin, end, passed: begin, split: false, note });
    }

    /// Counts the segments before the first with data as encrypted once that one passes.
    fn count_silence(&mut self, encrypted: bool, len: usize, tap: &mut Tap) {
        let Some(silence) = &mut self.silence else { return };
        if len == 0 {
            silence.add(tap.bytes().len());
            return;
        }
        if encrypted {
            let counted = &mut tap.truth_mut().encrypted;
            counted.packets += silence.packets;
            counted.bytes += silence.bytes;
        }
        self.silence = None;
    }

    fn count(&mut self, seen: &Seen, reuses_port: bool, truth: &mut Truth) {
        let tcp = &mut truth.tcp;
        if !self.seen {
            self.seen = true;
            tcp.connections += 1;
            tcp.judged.port_reused += u64::from(reuses_port);
        }
        self.judge.judge(seen, &mut tcp.judged);
        if seen.flags & RST != 0 && !self.reset {
            self.reset = true;
            if seen.way == Way::Down && !self.answered {
                tcp.refused += 1;
            } else {
                tcp.resets += 1;
            }
        }
        self.answered |= seen.way == Way::Down;
    }

    /// Counts what becomes true as the bytes of a segment pass.
    fn pass(&mut self, segment: &Segment, tap: &mut Tap) {
        if self.notes.is_empty() || segment.len == 0 {
            return;
        }
        let (begin, end) = (segment.begin, segment.begin + u64::from(segment.len));
        self.notes.retain_mut(|awaited| {
            if awaited.way != segment.way || end <= awaited.passed || begin > awaited.passed {
                return true;
            }
            awaited.split |= end < awaited.end || begin > awaited.begin;
            awaited.passed = end;
            if end < awaited.end {
                return true;
            }
            if let Note::TlsHello(hello) = &mut awaited.note {
                hello.split = awaited.split;
            }
            tap.note(&awaited.note);
            false
        });
    }
}
