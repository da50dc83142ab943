//! The flow table: one look-up a packet.

mod counting;
mod ending;
mod following;
mod hearing;
mod nested;
mod passwords;
mod playing;
mod seeking;
mod signalling;
mod telling;

use std::hash::BuildHasher;
use std::sync::Arc;

use foldhash::fast::RandomState;
use netsonde_dissect::{Frame, Inside, Protocol, Transport};
use netsonde_units::Timestamp;

use self::counting::Arrives;
use self::nested::Packet;
use self::telling::Told;

use crate::conversation::{Ends, ports};
use crate::counters::FlowCounters;
use crate::departed::Departed;
use crate::dns::Dns;
use crate::fact::Facts;
use crate::fragments::Fragments;
use crate::hello::{Handshakes, Hellos};
use crate::index::Index;
use crate::limits::Limits;
use crate::media::Media;
use crate::pieces::Pieces;
use crate::quic::{Courses, Quic};
use crate::record::{Recognition, Record};
use crate::signalling::Signalling;
use crate::tcp::Connections;
use crate::timers::Timers;
use crate::waiting::Waiting;
use crate::{
    Conversation, Direction, Fact, FlowEvent, FlowKey, FlowRow, LatencyChange, LocalNetworks, Side, Slab,
    TcpVerdict,
};

pub use self::nested::Aside;

/// What the table says of one packet.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Observation {
    /// Place of its conversation in the table; none for a frame that belongs to none.
    pub slot: Option<u32>,
    /// Which way it went.
    pub direction: Direction,
    /// The protocol it counts as.
    pub protocol: Protocol,
    /// Its transport, or the highest protocol below one.
    pub transport: Protocol,
    /// Whether it is a TCP segment with payload; of a datagram in pieces only the one that completes it is.
    pub has_tcp_payload: bool,
    /// Application bytes in it that were never sent before.
    pub goodput_bytes: u32,
    /// Whether its conversation is known to be encrypted.
    pub encrypted: bool,
    /// What recognition moved, where this packet brought it.
    pub recognition: Option<Recognition>,
    /// What TCP's analysis says of it; nothing for other transports.
    pub tcp: TcpVerdict,
    /// What else it tells.
    pub event: Option<FlowEvent>,
    /// By how much it changes the weighted latency of the second in which it is taken in.
    pub latency: LatencyChange,
}

/// All conversations of one worker.
#[derive(Debug)]
pub struct FlowTable {
    limits: Limits,
    hasher: RandomState,
    index: Index,
    records: Slab<Record>,
    connections: Connections,
    fragments: Fragments,
    pieces: Pieces,
    quic: Quic,
    media: Media,
    courses: Courses,
    asides: Vec<Aside>,
    departed: Departed,
    timers: Timers,
    touched: Vec<u32>,
    ended: Vec<FlowRow>,
    facts: Facts,
    hellos: Hellos,
    handshakes: Handshakes,
    dns: Dns,
    signalling: Signalling,
    echoes: Waiting,
    counters: FlowCounters,
    /// Records whose time-out has not passed: those on a timer's list.
    open: u32,
    local: Arc<LocalNetworks>,
    local_generation: u32,
    tick: u32,
    next_serial: u64,
    /// The second in which packets are taken in, since the epoch, and its number in their order.
    second: (u64, u32),
    eviction_hand: u32,
}

impl FlowTable {
    /// Makes an empty table.
    pub fn new(limits: Limits, local: LocalNetworks) -> Self {
        Self {
            limits,
            hasher: RandomState::default(),
            index: Index::default(),
            records: Slab::default(),
            connections: Connections::default(),
            fragments: Fragments::new(),
            pieces: Pieces::default(),
            quic: Quic::default(),
            media: Media::default(),
            courses: Courses::default(),
            asides: Vec::new(),
            departed: Departed::new(limits.departed),
            timers: Timers::new(),
            touched: Vec::new(),
            ended: Vec::new(),
            facts: Facts::default(),
            hellos: Hellos::default(),
            handshakes: Handshakes::default(),
            dns: Dns::default(),
            signalling: Signalling::default(),
            echoes: Waiting::default(),
            counters: FlowCounters::default(),
            open: 0,
            local: Arc::new(local),
            local_generation: 1,
            tick: 1,
            next_serial: 0,
            second: (0, 0),
            eviction_hand: 0,
        }
    }

    /// Returns the local networks.
    pub const fn local(&self) -> &Arc<LocalNetworks> {
        &self.local
    }

    /// Replaces the local networks; packets from here on are judged by them.
    pub fn set_local(&mut self, local: LocalNetworks) {
        self.local = Arc::new(local);
        self.local_generation = self.local_generation.wrapping_add(1);
    }

    /// Returns the counters.
    pub const fn counters(&self) -> FlowCounters {
        let (holes_forgotten, segments_forgotten) = self.connections.forgotten();
        FlowCounters {
            holes_forgotten,
            segments_forgotten,
            datagrams_given_up: self.pieces.given_up(),
            streams_given_up: self.media.given_up(),
            hellos_given_up: self.hellos.given_up() + self.quic.given_up(),
            facts_dropped: self.facts.dropped,
            dns: self.dns.counters(),
            icmp: self.icmp_counters(),
            ..self.counters
        }
    }

    /// Returns how many records the table holds.
    pub const fn len(&self) -> u32 {
        self.records.len()
    }

    /// Returns how many conversations are open: they spoke within the time-out of their state (limits `*_NANOS`), as of
    /// the last [`Self::relieve`].
    pub const fn open(&self) -> u32 {
        self.open
    }

    /// Tells whether the table holds no record.
    pub const fn is_empty(&self) -> bool {
        self.records.is_empty()
    }

    /// Tells which conversation a frame belongs to, without touching the table; none where only the table knows
    /// (fragments, tunnels) or where it belongs to none.
    #[inline]
    pub fn conversation(&self, frame: &Frame<'_>) -> Option<Conversation> {
        let ends = Ends::of(frame)?;
        if ends.fragment.is_some() || frame.inside != Inside::Nothing {
            return None;
        }
        let ports = ports(frame);
        let (key, side) = FlowKey::new(ends.protocol, ends.source, ends.destination, ports);
        Some(Conversation { key, side, hash: self.hasher.hash_one(key) })
    }

    /// Fetches the records of conversations into the cache before their packets are observed, so that the waits for
    /// memory overlap. Changes nothing. (Bench `push`, 200,000 flows.)
    #[inline]
    pub fn fetch(&self, conversations: &[Option<Conversation>]) {
        let mut slots = [None; Self::FETCHED];
        for (slot, conversation) in slots.iter_mut().zip(conversations) {
            *slot = conversation.as_ref().and_then(|conversation| self.index.guess(conversation.hash));
        }
        for record in slots.iter().flatten().filter_map(|&slot| self.records.get(slot)) {
            std::hint::black_box(record.touched_lines());
        }
        let connections = slots.map(|slot| self.records.get(slot?)?.connection);
        for &connection in connections.iter().flatten() {
            std::hint::black_box(self.connections.touched_lines(connection));
        }
        for &connection in connections.iter().flatten() {
            std::hint::black_box(self.connections.touched_flights(connection));
        }
        let courses = slots.map(|slot| self.records.get(slot?)?.course);
        for &course in courses.iter().flatten() {
            std::hint::black_box(self.courses.touched_line(course));
        }
    }

    /// How many conversations are fetched at once: enough misses in flight for any memory, few enough for the
    /// first-level cache to keep their packets.
    pub const FETCHED: usize = 16;

    /// Finds the conversation of the innermost packet, or begins it, and counts the packet, stamped `at` and taken in at
    /// `now`, which is never less. `conversation` is what [`Self::conversation`] said of the frame.
    #[inline]
    pub fn observe(
        &mut self,
        frame: &Frame<'_>,
        conversation: Option<Conversation>,
        wire_len: u32,
        at: Timestamp,
        now: Timestamp,
    ) -> Observation {
        let Some(ends) = Ends::of(frame) else { return self.outside(frame) };
        let Some(conversation) = conversation else {
            return self.observe_nested(frame, Packet { wire_len, at, now }, 0);
        };
        let (slot, reuses_ports) = self.find_or_begin(&conversation, frame, at);
        self.take_in(frame, ends, &conversation, (slot, reuses_ports), Packet { wire_len, at, now })
    }

    /// Takes in a fact that another conversation taught, perhaps to another table.
    pub fn learn(&mut self, fact: &Fact) {
        match fact {
            Fact::IcmpError { about, kind, code } => {
                let hash = self.hasher.hash_one(about);
                if let Some(slot) = self.find(hash, about)
                    && let Some(record) = self.records.get_mut(slot)
                {
                    let is_v6 = about.address(Side::Low).is_ipv6();
                    record.note_icmp_error(telling::is_unreachable(*kind, *code, is_v6));
                    touch(record, &mut self.touched, self.tick, slot);
                }
            }
            Fact::Media(announcement) => self.media.announce(announcement),
            Fact::Name { .. }
            | Fact::Dhcp(_)
            | Fact::Clue { .. }
            | Fact::Member { .. }
            | Fact::Querier { .. }
            | Fact::Password { .. }
            | Fact::Sip(_) => {}
        }
    }

    /// Ends a tick: gives the rows of every conversation touched since the last one. Ended rows must have been
    /// handed over before.
    pub fn tick(&mut self, mut each: impl FnMut(&FlowRow)) {
        for slot in self.touched.drain(..) {
            if let Some(record) = self.records.get(slot) {
                each(&record.row(slot, &self.connections, &self.courses));
            }
        }
        self.tick = self.tick.wrapping_add(1).max(1);
    }

    /// Numbers the seconds in which packets are taken in: one of a new stretch is another although its stamp may be the
    /// same.
    #[inline]
    const fn number_of(&mut self, second: u64) -> u32 {
        if self.second.0 != second {
            self.second = (second, self.second.1.wrapping_add(1));
        }
        self.second.1
    }

    fn outside(&self, frame: &Frame<'_>) -> Observation {
        let protocol = frame.base_protocol();
        Observation {
            slot: None,
            direction: self.local.direction_of_frame(frame),
            protocol,
            transport: protocol,
            has_tcp_payload: false,
            goodput_bytes: 0,
            encrypted: protocol.is_encrypted(),
            recognition: None,
            tcp: TcpVerdict::default(),
            event: None,
            latency: LatencyChange::default(),
        }
    }

    #[inline]
    fn find(&self, hash: u64, key: &FlowKey) -> Option<u32> {
        self.index.find(hash, |slot| self.records.get(slot).is_some_and(|record| record.key == *key))
    }

    /// Returns the place of a conversation, and whether it has just taken that of another on the same ports.
    #[inline]
    fn find_or_begin(
        &mut self,
        conversation: &Conversation,
        frame: &Frame<'_>,
        now: Timestamp,
    ) -> (u32, bool) {
        let Conversation { key, side, hash } = *conversation;
        let Some(slot) = self.find(hash, &key) else { return (self.begin(conversation, frame, now), false) };
        if let Transport::Tcp(tcp) = &frame.transport
            && tcp.flags.syn()
            && let Some(connection) = self.records.get(slot).and_then(|record| record.connection)
            && self.connections.is_reused_by(connection, side, tcp)
        {
            self.begin_again(slot, conversation, frame, now);
            return (slot, true);
        }
        (slot, false)
    }

    fn begin(&mut self, conversation: &Conversation, frame: &Frame<'_>, now: Timestamp) -> u32 {
        let Conversation { key, side, hash } = *conversation;
        let came_back = self.departed.take(hash);
        let is_syn = matches!(&frame.transport, Transport::Tcp(tcp) if tcp.flags.syn() && !tcp.flags.ack());
        if came_back && !is_syn {
            self.counters.resumed += 1;
        } else {
            self.count_beginning(frame);
        }
        let record = Record::begin(key, side, frame, self.take_serial(), now);
        let slot = if self.records.len() < self.limits.flows {
            self.records.push(record)
        } else {
            let slot = self.evict();
            self.replace(slot, record);
            slot
        };
        self.index.insert(hash, slot);
        if following::may_go_on(frame) {
            self.go_on(slot, frame);
        }
        slot
    }

    /// A SYN with another initial sequence number: the ports are used for a new connection.
    fn begin_again(&mut self, slot: u32, conversation: &Conversation, frame: &Frame<'_>, now: Timestamp) {
        self.end(slot);
        self.count_beginning(frame);
        let record = Record::begin(conversation.key, conversation.side, frame, self.take_serial(), now);
        self.replace(slot, record);
    }

    fn count_beginning(&mut self, frame: &Frame<'_>) {
        match frame.transport {
            Transport::Tcp(_) => self.counters.tcp_connections += 1,
            Transport::Udp(_) => self.counters.udp_conversations += 1,
            _ => {}
        }
    }

    const fn take_serial(&mut self) -> u64 {
        let serial = self.next_serial;
        self.next_serial += 1;
        serial
    }

    /// Puts another conversation into a place whose record has ended; its timer and its mark as touched stay.
    fn replace(&mut self, slot: u32, record: Record) {
        if let Some(place) = self.records.get_mut(slot) {
            *place = record.in_place_of(place);
        }
    }

    /// Counts a packet in the conversation found for it, and hears what it tells.
    #[inline]
    fn take_in(
        &mut self,
        frame: &Frame<'_>,
        ends: Ends,
        conversation: &Conversation,
        (slot, reuses_ports): (u32, bool),
        Packet { wire_len, at, now }: Packet,
    ) -> Observation {
        let (mut is_beginning, mut may_play) = (false, false);
        if let Some(record) = self.records.get_mut(slot) {
            is_beginning = hearing::may_be_heard(record, conversation.side, frame);
            may_play = playing::may_play(record, frame);
            if record.is_silent(now) {
                // Judged here too, so that the outcome does not depend on when the table was relieved.
                let times_out = record.fall_silent(&mut self.connections, now);
                self.counters.tcp_timed_out += u64::from(times_out);
                if record.let_go_of_beginning() {
                    self.hellos.forget_both(slot);
                }
            }
        }
        let arrives = Arrives { ends, wire_len, at, second: self.number_of(now.second()), reuses_ports };
        let mut observation = self.count(slot, conversation.side, frame, &arrives);
        let packet = Told { slot, side: conversation.side, frame, at, now };
        let becomes_quic =
            observation.recognition.is_some_and(|recognition| recognition.to == Protocol::Quic);
        if is_beginning || becomes_quic {
            observation.event = self.hear(&packet, becomes_quic).map(FlowEvent::Tls);
        }
        if observation.protocol == Protocol::Quic {
            observation.event = self.follow_quic(&packet, becomes_quic).map(FlowEvent::Quic);
        }
        if may_play {
            self.play(&packet, wire_len, &mut observation);
        }
        if passwords::may_carry(frame, &observation) {
            self.tell_password(&packet, observation.protocol, &ends);
        }
        if telling::may_tell(frame, observation.protocol) {
            observation.event = self.tell(&packet, observation.protocol, &ends);
        }
        observation
    }
}

/// Lists a record as touched, once a tick.
#[inline]
fn touch(record: &mut Record, touched: &mut Vec<u32>, tick: u32, slot: u32) {
    if record.touched_in != tick {
        record.touched_in = tick;
        touched.push(slot);
    }
}
