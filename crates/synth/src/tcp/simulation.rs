//! The two stacks, the wire between them, and the tap on it.

mod event;
mod receiving;
mod sending;
mod tapped;

use std::cmp::Reverse;
use std::collections::{BinaryHeap, VecDeque};

use super::side::{Side, Timers};
use super::{Open, Piece, Setup, Turn};
use crate::frame::tcp::flags::{ACK, RST};
use crate::packets::Conversation;
use crate::path::Way;
use crate::rng::Rng;
use crate::tap::Tap;
use event::{Event, Segment, What};
use tapped::Tapped;

/// How long the first SYN waits for an answer, in nanoseconds (RFC 6298 section 2.1).
const SYN_WAIT: u64 = 1_000_000_000;

/// Bytes that a clock takes from every segment.
const CLOCK_LEN: u32 = 12;

/// A connection, simulated packet by packet.
#[derive(Debug)]
pub struct Tcp {
    setup: Setup,
    turns: VecDeque<Turn>,
    client: Side,
    server: Side,
    rng: Rng,
    events: BinaryHeap<Reverse<Event>>,
    events_made: u64,
    /// When the next turn begins.
    speak_at: Option<u64>,
    /// Whose last words everybody waits for, and where they end.
    goal: Option<(Way, u64)>,
    syns_sent: u32,
    over: bool,
    begun: bool,
    tapped: Tapped,
}

/// What a side does by itself.
#[derive(Clone, Copy, Debug)]
enum Alarm {
    Resend(Way),
    Probe(Way),
    Ack(Way),
    Read(Way),
    Speak,
}

impl Tcp {
    /// Makes a connection that draws its chance from `rng`.
    pub fn new(mut setup: Setup, mut rng: Rng) -> Self {
        let turns = std::mem::take(&mut setup.turns).into();
        let stalls = |way: Way| setup.stalls.iter().filter(|stall| stall.way == way).copied().collect();
        // Who does not read is the one that is spoken to.
        let client = Side::new(setup.client, rng.word() | 1, stalls(Way::Down));
        let server_isn = if setup.open == Open::Refused { 0 } else { rng.word() | 1 };
        let server = Side::new(setup.server, server_isn, stalls(Way::Up));
        Self {
            setup,
            turns,
            client,
            server,
            rng,
            events: BinaryHeap::new(),
            events_made: 0,
            speak_at: None,
            goal: None,
            syns_sent: 0,
            over: false,
            begun: false,
            tapped: Tapped::new(),
        }
    }

    /// Makes an arrival of it, for a plan: the client begins at `at`, in nanoseconds since the Unix epoch.
    pub fn arrival(self, at: u64) -> (u64, Box<dyn Conversation>) {
        (at, Box::new(self))
    }

    fn begin(&mut self, now: u64) {
        self.begun = true;
        if self.setup.open == Open::Midstream {
            self.client.establish(self.server.room());
            self.server.establish(self.client.room());
            self.look_for_turn(now);
        } else {
            self.send_syn(now);
        }
    }

    const fn side(&mut self, way: Way) -> &mut Side {
        match way {
            Way::Up => &mut self.client,
            Way::Down => &mut self.server,
        }
    }

    const fn round_trip(&self) -> u64 {
        2 * (self.setup.near + self.setup.far + self.setup.jitter)
    }

    fn has_clock(&self) -> bool {
        self.setup.client.timestamps && self.setup.server.timestamps
    }

    fn has_sack(&self) -> bool {
        self.setup.client.sack && self.setup.server.sack
    }

    /// Returns how far the windows that a side writes are shifted.
    const fn shift(&self, way: Way) -> u8 {
        match (self.setup.client.scale, self.setup.server.scale, way) {
            (Some(client), Some(_), Way::Up) => client,
            (Some(_), Some(server), Way::Down) => server,
            _ => 0,
        }
    }

    /// Returns the most payload of a segment.
    fn payload_max(&self) -> u32 {
        let mss = u32::from(self.setup.client.mss.min(self.setup.server.mss));
        mss - if self.has_clock() { CLOCK_LEN } else { 0 }
    }

    fn push(&mut self, at: u64, what: What) {
        self.events_made += 1;
        self.events.push(Reverse(Event { at, number: self.events_made, what }));
    }

    /// Returns the alarm that rings first.
    fn first_alarm(&self) -> Option<(u64, Alarm)> {
        let mut first: Option<(u64, Alarm)> = None;
        let mut consider = |at: Option<u64>, alarm: Alarm| {
            if let Some(at) = at
                && first.is_none_or(|(earliest, _)| at < earliest)
            {
                first = Some((at, alarm));
            }
        };
        for (side, way) in [(&self.client, Way::Up), (&self.server, Way::Down)] {
            consider(side.timers.resend, Alarm::Resend(way));
            consider(side.timers.probe, Alarm::Probe(way));
            consider(side.timers.ack, Alarm::Ack(way));
            consider(side.timers.read, Alarm::Read(way));
        }
        consider(self.speak_at, Alarm::Speak);
        first
    }

    /// Lets time pass until a packet crosses the tap at `now`, or says when the next one may.
    fn run(&mut self, now: u64, tap: &mut Tap) -> Option<u64> {
        let mut crossed = false;
        loop {
            let event_at = self.events.peek().map(|Reverse(event)| event.at);
            if let Some((at, alarm)) = self.first_alarm()
                && event_at.is_none_or(|event| at < event)
            {
                self.ring(at, alarm);
                continue;
            }
            let at = event_at?;
            let crosses = matches!(self.events.peek(), Some(Reverse(Event { what: What::Cross(_), .. })));
            if crosses && (crossed || at > now) {
                return Some(at);
            }
            if let Some(Reverse(event)) = self.events.pop() {
                match event.what {
                    What::Cross(segment) => crossed = self.cross(at, segment, tap),
                    What::Arrive(segment) => self.arrive(at, &segment),
                    What::SendAgain(way, sent) => self.resend(at, way, sent),
                }
            }
        }
    }
}

/// Turns and alarms.
impl Tcp {
    fn ring(&mut self, now: u64, alarm: Alarm) {
        let round_trip = self.round_trip();
        match alarm {
            Alarm::Resend(Way::Up) if !self.client.established => self.send_syn(now),
            Alarm::Resend(way) => {
                self.side(way).timers.resend = None;
                if let Some(sent) = self.side(way).resend_after_silence(now, round_trip) {
                    self.resend(now, way, sent);
                }
            }
            Alarm::Probe(way) => {
                let begin = self.side(way).probe(now);
                let segment = self.segment(now, way, begin, 1, ACK, None);
                self.launch(now, Segment { probe: true, ..segment });
            }
            Alarm::Ack(way) => {
                let next = self.side(way).next;
                self.send(now, way, next, 0, ACK, None);
            }
            Alarm::Read(way) => {
                self.side(way).timers.read = None;
                if self.side(way).read_again() {
                    let next = self.side(way).next;
                    self.send(now, way, next, 0, ACK, None);
                }
            }
            Alarm::Speak => self.speak(now),
        }
    }

    /// Sees whether the next turn's side knows that all before is complete, and lets it think.
    fn look_for_turn(&mut self, now: u64) {
        let Some(turn) = self.turns.front().filter(|_| self.speak_at.is_none() && !self.over) else {
            return;
        };
        let (way, think) = (turn.way(), turn.think());
        let (side, peer) = match way {
            Way::Up => (&self.client, &self.server),
            Way::Down => (&self.server, &self.client),
        };
        let complete = match self.goal {
            None => true,
            Some((last, end)) if last == way => side.unacked >= end,
            Some((_, end)) => side.received >= end && peer.established,
        };
        if complete && side.established {
            self.speak_at = Some(now + think);
        }
    }

    fn speak(&mut self, now: u64) {
        self.speak_at = None;
        let Some(turn) = self.turns.pop_front() else { return };
        let way = turn.way();
        match turn {
            Turn::Say { pieces, first_segment, .. } => {
                let side = self.side(way);
                side.cut = first_segment.map(|len| side.said() + u64::from(len));
                for piece in pieces {
                    self.say(way, piece);
                }
                self.goal = Some((way, self.side(way).said()));
            }
            Turn::Shut { .. } => {
                self.side(way).shut = true;
                self.goal = Some((way, self.side(way).said() + 1));
            }
            Turn::Reset { .. } => {
                let next = self.side(way).next;
                self.send(now, way, next, 0, RST | ACK, None);
                self.end();
                return;
            }
            Turn::KeepAlive { every, times, .. } => {
                let before = self.side(way).next - 1;
                let segment = self.segment(now, way, before, 0, ACK, None);
                self.launch(now, Segment { probe: true, ..segment });
                if times > 1 {
                    self.turns.push_front(Turn::KeepAlive { way, every, times: times - 1 });
                }
            }
        }
        self.pump(now, way);
        self.look_for_turn(now);
    }

    fn say(&mut self, way: Way, piece: Piece) {
        let (len, side) = (piece.len(), self.side(way));
        let note = match &piece {
            Piece::Bytes(_, note) => note.clone(),
            Piece::Noise(_) | Piece::Records(_) => None,
        };
        let begin = 1 + side.content.push(piece);
        if let Some(note) = note {
            self.tapped.await_range(way, (begin, begin + len), note);
        }
    }

    /// Ends everything for both sides, but for what is on its way.
    fn end(&mut self) {
        self.over = true;
        self.turns.clear();
        self.speak_at = None;
        self.client.timers = Timers::default();
        self.server.timers = Timers::default();
    }
}

impl Conversation for Tcp {
    fn step(&mut self, now: u64, tap: &mut Tap) -> Option<u64> {
        if !self.begun {
            self.begin(now);
        }
        self.run(now, tap)
    }
}
