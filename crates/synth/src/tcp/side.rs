//! One of the two stacks: what it has sent and not seen acknowledged, and what it has received.
//!
//! Places in a stream count from 0, its SYN; the first byte is 1. On the wire they are 32-bit numbers from the
//! initial one.

use std::collections::VecDeque;

use super::content::Content;
use super::{Stack, Stall};
use crate::frame::tcp::{MAX_SACKS, Sacks};

/// How many acknowledgements of the same place mean that the segment there is lost (RFC 5681 section 3.2).
const DUPLICATES_TO_RESEND: u32 = 3;

/// Least time before what is not acknowledged is sent again, beyond the round trip, in nanoseconds.
const RESEND_MARGIN: u64 = 200_000_000;

/// The first wait before a closed window is probed, in nanoseconds.
const PROBE_AFTER: u64 = 250_000_000;

/// Most doublings of a wait.
const MAX_BACKOFF: u32 = 6;

/// What a side has sent and the other has not acknowledged.
#[derive(Clone, Copy, Debug)]
pub(super) struct Sent {
    pub(super) begin: u64,
    pub(super) len: u32,
    pub(super) fin: bool,
}

impl Sent {
    pub(super) fn end(&self) -> u64 {
        self.begin + u64::from(self.len) + u64::from(self.fin)
    }
}

/// How soon a segment wants to be acknowledged.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Urgency {
    None,
    Later,
    Now,
}

/// What told that something was lost.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Recovery {
    /// Acknowledgements of what is behind it.
    Fast,
    /// Silence, so that nothing tells what arrived.
    Silent,
}

/// The moments at which a side does something by itself, in nanoseconds since the Unix epoch.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Timers {
    pub(super) resend: Option<u64>,
    pub(super) probe: Option<u64>,
    pub(super) ack: Option<u64>,
    /// When it reads again.
    pub(super) read: Option<u64>,
}

/// The state of one stack.
#[derive(Debug)]
pub(super) struct Side {
    pub(super) stack: Stack,
    pub(super) isn: u32,
    pub(super) established: bool,
    pub(super) timers: Timers,
    // What it sends.
    pub(super) content: Content,
    pub(super) unacked: u64,
    pub(super) next: u64,
    pub(super) shut: bool,
    pub(super) fin_sent: bool,
    pub(super) flight: VecDeque<Sent>,
    /// The place where the first segment shall end.
    pub(super) cut: Option<u64>,
    pub(super) data_segments: u64,
    /// When its card has sent everything.
    pub(super) free_at: u64,
    /// When its last segment reached the tap.
    pub(super) crossed_at: u64,
    window_end: u64,
    burst: u64,
    threshold: u64,
    duplicates: u32,
    recover: u64,
    recovery: Recovery,
    backoff: u32,
    sacked: Vec<(u64, u64)>,
    // What it receives.
    pub(super) received: u64,
    pub(super) clock_seen: u32,
    islands: Vec<(u64, u64)>,
    twice: Option<(u64, u64)>,
    waiting: u32,
    stalls: VecDeque<Stall>,
    read_until: Option<u64>,
}

impl Side {
    pub(super) fn new(stack: Stack, isn: u32, stalls: VecDeque<Stall>) -> Self {
        Self {
            stack,
            isn,
            established: false,
            timers: Timers::default(),
            content: Content::default(),
            unacked: 0,
            next: 0,
            shut: false,
            fin_sent: false,
            flight: VecDeque::new(),
            cut: None,
            data_segments: 0,
            free_at: 0,
            crossed_at: 0,
            window_end: 1,
            burst: u64::from(stack.first_burst),
            threshold: u64::from(stack.most_segments),
            duplicates: 0,
            recover: 0,
            recovery: Recovery::Fast,
            backoff: 0,
            sacked: Vec::new(),
            received: 0,
            clock_seen: 0,
            islands: Vec::new(),
            twice: None,
            waiting: 0,
            stalls,
            read_until: None,
        }
    }

    /// Begins in the middle: as if the handshake had been.
    pub(super) fn establish(&mut self, peer_window: u64) {
        self.established = true;
        (self.unacked, self.next, self.received) = (1, 1, 1);
        self.window_end = 1 + peer_window;
    }

    /// Returns the number on the wire of a place in its stream.
    pub(super) fn number(&self, place: u64) -> u32 {
        self.isn.wrapping_add(low(place))
    }

    /// Returns how much it can take, in bytes.
    pub(super) fn room(&self) -> u64 {
        let read = self.read_until.unwrap_or(self.received);
        (read + u64::from(self.stack.buffer)).saturating_sub(self.received)
    }

    /// Returns the place behind the last byte that it wants to say.
    pub(super) const fn said(&self) -> u64 {
        1 + self.content.len()
    }

    /// Returns the length of the next data segment, where one may leave; arms the probe of a closed window.
    pub(super) fn next_segment(&mut self, now: u64, mss: u32) -> Option<u32> {
        let said = self.said();
        let left = said.saturating_sub(self.next);
        let uncut = self.cut.filter(|cut| *cut > self.next).map_or(left, |cut| cut - self.next);
        let len = left.min(uncut).min(u64::from(mss));
        if len == 0 || self.fin_sent {
            return None;
        }
        let window = self.window_end.saturating_sub(self.next);
        if window < len {
            if !self.flight.is_empty() {
                return None;
            }
            if window == 0 {
                let wait = PROBE_AFTER << self.backoff.min(MAX_BACKOFF);
                self.timers.probe.get_or_insert(now + wait);
                return None;
            }
            return u32::try_from(window).ok();
        }
        let arrived: u64 = self.sacked.iter().map(|(left, right)| right - left).sum();
        let on_the_way = (self.next - self.unacked).saturating_sub(arrived);
        let fits = on_the_way + len <= self.burst * u64::from(mss) || self.flight.is_empty();
        fits.then(|| u32::try_from(len).unwrap_or(mss))
    }

    /// Notes what leaves for the first time.
    pub(super) fn sent(&mut self, sent: Sent, now: u64, round_trip: u64) {
        self.next = sent.end();
        self.flight.push_back(sent);
        self.timers.resend.get_or_insert(now + self.resend_wait(round_trip));
    }

    fn resend_wait(&self, round_trip: u64) -> u64 {
        (round_trip + RESEND_MARGIN) << self.backoff.min(MAX_BACKOFF)
    }

    /// Takes an acknowledgement and the peer's window; returns what has to be sent again at once.
    pub(super) fn acknowledged(
        &mut self,
        (ack, window, sacks): (u64, u64, &Sacks),
        bare: bool,
        now: u64,
        round_trip: u64,
    ) -> Option<Sent> {
        let window_moved = ack + window != self.window_end;
        if ack >= self.unacked {
            self.window_end = ack + window;
        }
        if window > 0 {
            self.timers.probe = None;
        }
        self.keep_score(ack, sacks);
        if ack > self.unacked {
            return self.advance(ack, now, round_trip);
        }
        if ack == self.unacked && bare && !window_moved && !self.flight.is_empty() {
            self.duplicates += 1;
            if self.duplicates == DUPLICATES_TO_RESEND && self.unacked >= self.recover {
                self.recover = self.next;
                self.recovery = Recovery::Fast;
                self.burst = (self.burst / 2).max(2);
                self.threshold = self.burst;
                self.timers.resend = Some(now + self.resend_wait(round_trip));
                return self.flight.front().copied();
            }
        }
        None
    }

    fn advance(&mut self, ack: u64, now: u64, round_trip: u64) -> Option<Sent> {
        let mut gone = 0;
        while self.flight.front().is_some_and(|sent| sent.end() <= ack) {
            self.flight.pop_front();
            gone += 1;
        }
        self.unacked = ack;
        self.duplicates = 0;
        self.backoff = 0;
        self.timers.resend = (!self.flight.is_empty()).then(|| now + self.resend_wait(round_trip));
        if ack < self.recover {
            // Only part of what was on the way: the next is missing too (RFC 6582), where something behind it arrived.
            return self
                .flight
                .front()
                .filter(|sent| self.recovery == Recovery::Silent || self.is_overtaken(sent))
                .copied();
        }
        let most = u64::from(self.stack.most_segments);
        let growth = if self.burst < self.threshold { gone } else { 1 };
        self.burst = (self.burst + growth).min(most);
        None
    }

    /// Remembers what arrived beyond the acknowledged.
    fn keep_score(&mut self, ack: u64, sacks: &Sacks) {
        self.sacked.retain(|(_, right)| *right > ack);
        for (left, right) in sacks.iter().flatten() {
            let place = |number: u32| ack + u64::from(number.wrapping_sub(self.number(ack)));
            let block = (place(*left), place(*right));
            // A block before the acknowledged tells of something that came twice (RFC 2883).
            if block.1 <= self.next && block.0 < block.1 {
                merge(&mut self.sacked, block);
            }
        }
    }

    fn is_overtaken(&self, sent: &Sent) -> bool {
        !self.stack.sack || self.sacked.iter().any(|(left, _)| sent.end() <= *left)
    }

    /// Waited in vain: returns what has to be sent again.
    pub(super) fn resend_after_silence(&mut self, now: u64, round_trip: u64) -> Option<Sent> {
        self.backoff += 1;
        self.recover = self.next;
        self.recovery = Recovery::Silent;
        self.duplicates = 0;
        self.threshold = (self.burst / 2).max(2);
        self.burst = 2;
        self.sacked.clear();
        self.timers.resend = (!self.flight.is_empty()).then(|| now + self.resend_wait(round_trip));
        self.flight.front().copied()
    }

    /// Probes a closed window: returns the place of the byte to send.
    pub(super) fn probe(&mut self, now: u64) -> u64 {
        self.backoff += 1;
        self.timers.probe = Some(now + (PROBE_AFTER << self.backoff.min(MAX_BACKOFF)));
        self.next
    }

    /// Takes a segment that has data or ends the stream; says how soon it wants to be acknowledged.
    pub(super) fn accept(&mut self, begin: u64, end: u64, fin: bool, now: u64) -> Urgency {
        if begin == self.received && self.room() == 0 {
            return Urgency::Now;
        }
        if end <= self.received {
            self.twice = Some((begin, end));
            return Urgency::Now;
        }
        if begin > self.received {
            merge(&mut self.islands, (begin, end));
            return Urgency::Now;
        }
        self.received = end;
        let mut filled = false;
        while let Some(place) = self.islands.iter().position(|(left, _)| *left <= self.received) {
            let (_, right) = self.islands.remove(place);
            self.received = self.received.max(right);
            filled = true;
        }
        self.stop_reading(now);
        self.waiting += 1;
        if filled || fin || self.waiting >= 2 || !self.islands.is_empty() {
            Urgency::Now
        } else {
            self.timers.ack.get_or_insert(now + self.stack.ack_delay);
            Urgency::Later
        }
    }

    fn stop_reading(&mut self, now: u64) {
        if self.read_until.is_none()
            && let Some(stall) = self.stalls.front().filter(|stall| self.received > 1 + stall.after)
        {
            self.read_until = Some(1 + stall.after);
            self.timers.read = Some(now + stall.lasting);
            self.stalls.pop_front();
        }
    }

    /// Reads again; tells whether the other side has to be told.
    pub(super) fn read_again(&mut self) -> bool {
        let before = self.room();
        self.read_until = None;
        self.room() >= before + 2 * u64::from(self.stack.mss)
    }

    /// Notes that everything received is acknowledged by a segment that leaves; returns its SACK blocks.
    pub(super) fn acknowledge(&mut self, peer_isn: u32, sack: bool) -> Sacks {
        self.waiting = 0;
        self.timers.ack = None;
        let mut sacks = Sacks::default();
        if sack {
            let twice = self.twice.take();
            let blocks = twice.iter().chain(self.islands.iter()).take(MAX_SACKS);
            for (to, (left, right)) in sacks.iter_mut().zip(blocks) {
                *to = Some((peer_isn.wrapping_add(low(*left)), peer_isn.wrapping_add(low(*right))));
            }
        }
        self.twice = None;
        sacks
    }
}

/// Adds a range to ranges that do not touch, the newest first.
fn merge(ranges: &mut Vec<(u64, u64)>, (mut left, mut right): (u64, u64)) {
    ranges.retain(|range| {
        let apart = range.1 < left || right < range.0;
        if !apart {
            (left, right) = (left.min(range.0), right.max(range.1));
        }
        apart
    });
    ranges.insert(0, (left, right));
}

/// Returns the low 32 bits, what a number on the wire has of a place.
pub(super) fn low(place: u64) -> u32 {
    u32::try_from(place & u64::from(u32::MAX)).unwrap_or_default()
}
