//! The two stacks, the wire between them, and the tap on it.

use std::cmp::{Ordering, Reverse};
use std::collections::{BinaryHeap, VecDeque};

use super::side::{Sent, Side, Urgency, low};
use super::{Chances, Fate, Open, Piece, Setup, Turn};
use crate::frame::tcp::flags::{ACK, FIN, PSH, RST, SYN};
use crate::frame::tcp::{Header, Options, Sacks};
use crate::packets::Conversation;
use crate::path::Way;
use crate::rng::Rng;
use crate::tap::{Label, Tap};
use crate::truth::judge::{Judge, Seen};
use crate::truth::{Note, Truth, Volume};

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

/// What the tap knows of the connection.
#[derive(Debug, Default)]
struct Tapped {
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

/// A segment on its way.
#[derive(Clone, Copy, Debug)]
struct Segment {
    way: Way,
    /// The place of its first byte in the sender's stream.
    begin: u64,
    len: u32,
    flags: u8,
    /// The place awaited in the receiver's stream.
    ack: u64,
    /// The window as it is written.
    window: u16,
    sacks: Sacks,
    /// The sender's clock and the echo.
    clock: (u32, u32),
    /// A segment that only asks whether the other is there.
    probe: bool,
    fate: Option<Fate>,
}

#[derive(Debug)]
enum What {
    Cross(Segment),
    Arrive(Segment),
    SendAgain(Way, Sent),
}

#[derive(Debug)]
struct Event {
    at: u64,
    number: u64,
    what: What,
}

impl Ord for Event {
    fn cmp(&self, other: &Self) -> Ordering {
        (self.at, self.number).cmp(&(other.at, other.number))
    }
}

impl PartialOrd for Event {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl PartialEq for Event {
    fn eq(&self, other: &Self) -> bool {
        self.cmp(other) == Ordering::Equal
    }
}

impl Eq for Event {}

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
            tapped: Tapped { silence: Some(Volume::default()), ..Tapped::default() },
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

/// Sending.
impl Tcp {
    fn send_syn(&mut self, now: u64) {
        let lost = match self.setup.open {
            Open::Retried(lost) | Open::Unanswered(lost) => self.syns_sent < lost,
            Open::Handshake | Open::Refused | Open::Midstream => false,
        };
        let fate = lost.then_some(Fate::LostBehind);
        let again = match self.setup.open {
            Open::Unanswered(times) => self.syns_sent + 1 < times,
            Open::Handshake | Open::Retried(_) | Open::Refused | Open::Midstream => true,
        };
        self.client.timers.resend = again.then(|| now + (SYN_WAIT << self.syns_sent.min(6)));
        self.syns_sent += 1;
        self.client.next = 1;
        self.send(now, Way::Up, 0, 0, SYN, fate);
    }

    /// Sends a segment of a side, with what it has to acknowledge.
    fn send(&mut self, now: u64, way: Way, begin: u64, len: u32, flags: u8, fate: Option<Fate>) {
        let segment = self.segment(now, way, begin, len, flags, fate);
        self.launch(now, segment);
    }

    fn segment(
        &mut self,
        now: u64,
        way: Way,
        begin: u64,
        len: u32,
        flags: u8,
        fate: Option<Fate>,
    ) -> Segment {
        let (shift, sack) = (self.shift(way), self.has_sack());
        let peer_isn = self.side(way.back()).isn;
        let side = self.side(way);
        let room = if flags & SYN == 0 { side.room() >> shift } else { side.room() };
        let window = u16::try_from(room).unwrap_or(u16::MAX);
        let ack = side.received;
        let sacks = if flags & SYN == 0 { side.acknowledge(peer_isn, sack) } else { Sacks::default() };
        // Milliseconds, from a moment that nobody else knows.
        let clock = (low(now / 1_000_000).wrapping_add(side.isn), side.clock_seen);
        Segment { way, begin, len, flags, ack, window, sacks, clock, probe: false, fate }
    }

    fn launch(&mut self, now: u64, segment: Segment) {
        let way = segment.way;
        let latency = match way {
            Way::Up => self.setup.near,
            Way::Down => self.setup.far,
        };
        let jitter = if self.setup.jitter > 0 { self.rng.below(self.setup.jitter) } else { 0 };
        let full = u64::from(self.payload_max().max(1));
        let side = self.side(way);
        let leaves = side.free_at.max(now);
        side.free_at = leaves + (side.stack.pace * u64::from(segment.len) / full).max(1_000);
        let mut crosses = (leaves + latency + jitter).max(side.crossed_at + 1_000);
        match segment.fate {
            Some(Fate::Late(late)) => crosses += late,
            _ => side.crossed_at = crosses,
        }
        self.push(crosses, What::Cross(segment));
    }

    /// Sends again what was sent before.
    fn resend(&mut self, now: u64, way: Way, sent: Sent) {
        if self.over {
            return;
        }
        let flags = ACK | if sent.fin { FIN } else { PSH };
        self.send(now, way, sent.begin, sent.len, flags, None);
    }

    /// Sends what may be sent; tells whether anything was.
    fn pump(&mut self, now: u64, way: Way) -> bool {
        let (mss, round_trip) = (self.payload_max(), self.round_trip());
        let mut sent_any = false;
        while !self.over && self.side(way).established {
            let side = self.side(way);
            let (begin, said) = (side.next, side.said());
            if let Some(len) = side.next_segment(now, mss) {
                let sent = Sent { begin, len, fin: false };
                side.sent(sent, now, round_trip);
                let last = side.next == said;
                let fate = self.draw_fate(way);
                if let Some(Fate::SentAgain(later)) = fate {
                    self.push(now + later, What::SendAgain(way, sent));
                }
                self.send(now, way, begin, len, if last { ACK | PSH } else { ACK }, fate);
            } else if side.shut && !side.fin_sent && side.next == said {
                side.fin_sent = true;
                side.sent(Sent { begin, len: 0, fin: true }, now, round_trip);
                self.send(now, way, begin, 0, ACK | FIN, None);
            } else {
                break;
            }
            sent_any = true;
        }
        sent_any
    }

    fn draw_fate(&mut self, way: Way) -> Option<Fate> {
        let side = self.side(way);
        let (number, pace) = (side.data_segments, side.stack.pace);
        side.data_segments += 1;
        let asked = self.setup.faults.iter().find(|fault| fault.way == way && fault.segment == number);
        let chances: Chances = match way {
            Way::Up => self.setup.client_chances,
            Way::Down => self.setup.server_chances,
        };
        asked.map(|fault| fault.fate).or_else(|| chances.draw(number, &mut self.rng, pace))
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
            let end = begin + len;
            self.tapped.notes.push_back(Awaited { way, begin, end, passed: begin, split: false, note });
        }
    }

    /// Ends everything for both sides, but for what is on its way.
    fn end(&mut self) {
        self.over = true;
        self.turns.clear();
        self.speak_at = None;
        self.client.timers = super::side::Timers::default();
        self.server.timers = super::side::Timers::default();
    }
}

/// Receiving.
impl Tcp {
    fn arrive(&mut self, now: u64, segment: &Segment) {
        if self.over {
            return;
        }
        if segment.flags & RST != 0 {
            self.end();
            return;
        }
        let way = segment.way.back();
        self.side(way).clock_seen = segment.clock.0;
        if segment.flags & SYN != 0 {
            self.arrive_syn(now, segment);
            return;
        }
        let (round_trip, shift) = (self.round_trip(), self.shift(segment.way));
        let window = u64::from(segment.window) << shift;
        let bare = segment.len == 0 && segment.flags & FIN == 0 && !segment.probe;
        let side = self.side(way);
        if !side.established {
            side.established = true;
        }
        let missing = side.acknowledged((segment.ack, window, &segment.sacks), bare, now, round_trip);
        let mut urgency = if segment.probe { Urgency::Now } else { Urgency::None };
        if (segment.len > 0 || segment.flags & FIN != 0) && !segment.probe {
            let fin = segment.flags & FIN != 0;
            let end = segment.begin + u64::from(segment.len) + u64::from(fin);
            urgency = side.accept(segment.begin, end, fin, now);
        }
        if let Some(missing) = missing {
            self.resend(now, way, missing);
        }
        let answered = self.pump(now, way);
        if urgency == Urgency::Now && (missing.is_none() && !answered) {
            let next = self.side(way).next;
            self.send(now, way, next, 0, ACK, None);
        }
        self.look_for_turn(now);
    }

    fn arrive_syn(&mut self, now: u64, segment: &Segment) {
        let window = u64::from(segment.window);
        match (segment.way, self.setup.open) {
            (Way::Up, Open::Refused) => {
                self.server.received = 1;
                self.send(now, Way::Down, 0, 0, RST | ACK, None);
            }
            (Way::Up, _) => {
                self.server.received = 1;
                self.server.next = 1;
                self.server.unacked = 0;
                self.send(now, Way::Down, 0, 0, SYN | ACK, None);
            }
            (Way::Down, _) => {
                self.client.establish(window);
                self.client.timers.resend = None;
                self.send(now, Way::Up, 1, 0, ACK, None);
                self.look_for_turn(now);
            }
        }
    }
}

/// The tap.
impl Tcp {
    /// Lets a segment pass; tells whether a packet was seen.
    fn cross(&mut self, now: u64, segment: Segment, tap: &mut Tap) -> bool {
        let simulated = &mut tap.truth_mut().tcp.simulated;
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

impl Conversation for Tcp {
    fn step(&mut self, now: u64, tap: &mut Tap) -> Option<u64> {
        if !self.begun {
            self.begin(now);
        }
        self.run(now, tap)
    }
}
