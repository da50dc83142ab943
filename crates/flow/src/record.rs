//! One conversation's record in the table.

mod media;

use std::mem::offset_of;

use netsonde_dissect::login::Step;
use netsonde_dissect::{Cast, Frame, Guess, Protocol, Transport};
use netsonde_dissect::{probe_tcp, probe_udp};
use netsonde_units::{Timestamp, Volume};

use crate::hello::{HandshakeId, Watch};
use crate::media::MediaId;
use crate::quic::{CourseId, Courses, SoughtId};
use crate::tcp::{ConnectionId, Connections, Event};
use crate::{
    ConnectionRow, Direction, FlowId, FlowKey, FlowRow, LocalNetworks, Sent, Side, State, limits, timers,
};

/// One conversation. The order of the fields is kept, so that [`Record::touched_lines`] can name one of each line.
#[derive(Clone, Copy, Debug)]
#[repr(C, align(64))]
pub(crate) struct Record {
    pub(crate) key: FlowKey,
    pub(crate) last_seen: Timestamp,
    sent: [Sent; 2],
    /// Packets with payload and their bytes: what recognition moves to another class.
    classed: Volume,
    /// What TCP's analysis knows; none for other transports.
    pub(crate) connection: Option<ConnectionId>,
    pub(crate) protocol: Protocol,
    pub(crate) transport: Protocol,
    state: Option<State>,
    pub(crate) client: Side,
    probes_left: u8,
    directions: [Option<Direction>; 2],
    was_reset: bool,
    /// Which set of local networks the directions were judged by.
    local_generation: u32,
    /// The tick in which the record was last listed as touched.
    pub(crate) touched_in: u32,
    /// The next record in the timer's list.
    pub(crate) timer_next: u32,
    /// On no timer's list: its time-out has passed, or its first packet has not been counted yet.
    pub(crate) retired: bool,
    was_refused: bool,
    has_timed_out: bool,
    /// What is still expected of each side's beginning.
    watches: [Watch; 2],
    icmp_errors: u16,
    is_unreachable: bool,
    /// How far a login in clear text has come.
    pub(crate) login: Step,
    first_seen: Timestamp,
    serial: u64,
    /// Where it is kept while its hellos are sought.
    pub(crate) sought: Option<SoughtId>,
    /// What is known of its connection of QUIC; none for other protocols.
    pub(crate) course: Option<CourseId>,
    /// Where its streams are kept, and what may become one.
    pub(crate) media: Option<MediaId>,
    /// How often it may still be looked at in vain for a stream.
    pub(crate) looks_left: u8,
    /// Whether its ends were seen to agree on keys by DTLS.
    pub(crate) has_handshake: bool,
    /// Where its handshake of TLS is kept until it ends.
    pub(crate) handshake: Option<HandshakeId>,
}

/// Three cache lines, of which a packet touches all; a fourth would be felt.
const _: () = assert!(size_of::<Record>() == 3 * LINE);
const _: () = assert!(offset_of!(Record, last_seen) / LINE == 0);
const _: () = assert!(offset_of!(Record, classed) / LINE == 1);
const _: () = assert!(offset_of!(Record, serial) / LINE == 2);

/// Bytes of a cache line.
const LINE: usize = 64;

/// What a packet did to its record's class.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Recognition {
    /// The protocol the conversation was counted as.
    pub from: Protocol,
    /// What it is recognised as.
    pub to: Protocol,
    /// What it has contributed to `from` before this packet.
    pub moved: Volume,
    /// What it has contributed to unencrypted traffic and is encrypted by this knowledge.
    pub encrypted: Volume,
}

/// What a packet did to the connection for the first time.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct TcpChange {
    pub(crate) was_reset: bool,
    pub(crate) was_refused: bool,
}

impl Record {
    /// Begins a conversation with the packet of `frame`, sent by `side`.
    pub(crate) fn begin(key: FlowKey, side: Side, frame: &Frame<'_>, serial: u64, at: Timestamp) -> Self {
        let transport = frame.base_protocol();
        Self {
            key,
            last_seen: at,
            sent: [Sent::default(); 2],
            classed: Volume::ZERO,
            connection: None,
            protocol: transport,
            transport,
            state: None,
            client: client_of(&key, side, frame),
            probes_left: limits::PROBES,
            directions: [None; 2],
            was_reset: false,
            local_generation: 0,
            touched_in: 0,
            timer_next: timers::NONE,
            retired: true,
            was_refused: false,
            has_timed_out: false,
            watches: [Watch::of(transport); 2],
            icmp_errors: 0,
            is_unreachable: false,
            login: Step::Nothing,
            first_seen: at,
            serial,
            sought: None,
            course: None,
            media: None,
            looks_left: if transport == Protocol::Udp { limits::MEDIA_LOOKS } else { 0 },
            has_handshake: false,
            handshake: None,
        }
    }

    /// Reads a field of each cache line, to have all of them at hand.
    #[inline]
    pub(crate) const fn touched_lines(&self) -> (Timestamp, Volume, u64) {
        (self.last_seen, self.classed, self.serial)
    }

    /// Returns the record with the marks that belong to its place: its timer and whether it is listed as touched.
    pub(crate) const fn in_place_of(self, previous: &Self) -> Self {
        let Self { touched_in, timer_next, retired, .. } = *previous;
        Self { touched_in, timer_next, retired, ..self }
    }

    /// Returns what is still expected of the beginning of a side.
    #[inline]
    pub(crate) const fn watch(&self, side: Side) -> Watch {
        let [low, high] = self.watches;
        match side {
            Side::Low => low,
            Side::High => high,
        }
    }

    /// Returns the same to be changed.
    pub(crate) const fn watch_mut(&mut self, side: Side) -> &mut Watch {
        let [low, high] = &mut self.watches;
        match side {
            Side::Low => low,
            Side::High => high,
        }
    }

    /// Expects nothing of what is held of either side's beginning; tells whether something is.
    pub(crate) fn let_go_of_beginning(&mut self) -> bool {
        let is_held = self.watches.into_iter().any(Watch::is_collecting);
        self.watches.iter_mut().for_each(Watch::let_go);
        is_held
    }

    /// Expects nothing more of either side's beginning; tells whether something of it is held.
    pub(crate) fn settle(&mut self) -> bool {
        let watches = std::mem::replace(&mut self.watches, [Watch::SETTLED; 2]);
        watches.into_iter().any(Watch::is_collecting)
    }

    /// Returns which way packets of `side` go, judged once for each set of local networks.
    #[inline]
    pub(crate) fn direction(
        &mut self,
        side: Side,
        cast: Cast,
        local: &LocalNetworks,
        generation: u32,
    ) -> Direction {
        if self.local_generation != generation {
            self.local_generation = generation;
            self.directions = [None; 2];
        }
        let known = match side {
            Side::Low => &mut self.directions[0],
            Side::High => &mut self.directions[1],
        };
        if let Some(direction) = *known {
            return direction;
        }
        let judged = local.direction(self.key.address(side), self.key.address(side.other()), cast);
        *known = Some(judged);
        judged
    }

    /// Probes the payload while the conversation is not recognised.
    #[inline]
    pub(crate) fn recognise(&mut self, frame: &Frame<'_>) -> Option<Recognition> {
        if self.probes_left == 0 || frame.payload.bytes.is_empty() {
            return None;
        }
        let guess = match &frame.transport {
            Transport::Tcp(tcp) => probe_tcp(frame.payload.bytes, tcp.source, tcp.destination),
            Transport::Udp(udp) => probe_udp(frame.payload.bytes, udp.source, udp.destination),
            _ => Guess::Nothing,
        };
        self.probes_left -= 1;
        let Guess::Certain(to) = guess else { return None };
        self.probes_left = 0;
        let from = std::mem::replace(&mut self.protocol, to);
        let newly_encrypted = to.is_encrypted() && !from.is_encrypted();
        let encrypted = if newly_encrypted { self.volume() } else { Volume::ZERO };
        (from != to).then_some(Recognition { from, to, moved: self.classed, encrypted })
    }

    /// Counts a packet.
    #[inline]
    pub(crate) fn count(&mut self, side: Side, wire_len: u32, payload_len: u32, goodput: u32, at: Timestamp) {
        let volume = Volume::packet(u64::from(wire_len));
        if payload_len > 0 {
            self.classed += volume;
        }
        if self.first_seen == Timestamp::EPOCH {
            // The packets before had no stamp.
            self.first_seen = at;
        }
        self.last_seen = self.last_seen.max(at);
        self.retired = false;
        let sent = match side {
            Side::Low => &mut self.sent[0],
            Side::High => &mut self.sent[1],
        };
        sent.volume += volume;
        sent.goodput_bytes += u64::from(goodput);
    }

    /// Takes note of a packet that carries another one: it keeps the conversation open, and counts in the other's.
    ///
    /// Returns what the conversation had contributed before it was known to be a tunnel.
    pub(crate) fn carry(&mut self, tunnel: Protocol, at: Timestamp) -> Option<Recognition> {
        self.last_seen = self.last_seen.max(at);
        self.retired = false;
        self.probes_left = 0;
        let from = std::mem::replace(&mut self.protocol, tunnel);
        (from != tunnel).then_some(Recognition {
            from,
            to: tunnel,
            moved: self.classed,
            encrypted: Volume::ZERO,
        })
    }

    /// Takes note that the conversation, of which nothing was counted, is one of QUIC that began on other ports.
    pub(crate) const fn be_quic(&mut self) {
        self.protocol = Protocol::Quic;
        self.probes_left = 0;
    }

    /// Takes note of what a hello or a request shows, put together of packets too small to be recognised one by one.
    ///
    /// Returns what the conversation had contributed, with the packet that completes it, while it was not recognised.
    pub(crate) fn show(&mut self, protocol: Protocol) -> Option<Recognition> {
        if self.protocol != self.transport {
            return None;
        }
        self.probes_left = 0;
        let from = std::mem::replace(&mut self.protocol, protocol);
        let encrypted = if protocol.is_encrypted() { self.volume() } else { Volume::ZERO };
        (from != protocol).then_some(Recognition { from, to: protocol, moved: self.classed, encrypted })
    }

    /// Takes note of what a TCP segment means for the state, and returns what changed.
    #[inline]
    pub(crate) fn follow_state(&mut self, event: Event) -> TcpChange {
        let after = self.state.map_or_else(|| State::first(event), |state| state.after(event));
        self.state = Some(after);
        let first = |state, known: &mut bool| after == state && !std::mem::replace(known, true);
        let was_reset = first(State::Reset, &mut self.was_reset);
        let was_refused = first(State::Refused, &mut self.was_refused);
        TcpChange { was_reset, was_refused }
    }

    /// Returns how many packets a side has sent.
    pub(crate) const fn packets_of(&self, side: Side) -> u64 {
        let [low, high] = &self.sent;
        match side {
            Side::Low => low.volume.packets,
            Side::High => high.volume.packets,
        }
    }

    /// Returns the conversation's number, which no other one has.
    pub(crate) const fn serial(&self) -> u64 {
        self.serial
    }

    /// Takes note of an ICMP error that quotes the conversation.
    pub(crate) fn note_icmp_error(&mut self, is_unreachable: bool) {
        self.icmp_errors = self.icmp_errors.saturating_add(1);
        self.is_unreachable |= is_unreachable;
    }

    /// Returns when silence retires the record.
    pub(crate) fn deadline(&self) -> Timestamp {
        self.last_seen.plus_nanos(match self.state {
            None => limits::OTHER_IDLE_NANOS,
            Some(State::Opening) => limits::TCP_OPENING_NANOS,
            Some(state) if state.is_over() => limits::TCP_CLOSED_NANOS,
            Some(_) => limits::TCP_IDLE_NANOS,
        })
    }

    /// Returns when to look whether silence retires the record: a connection that closes meanwhile has less time left.
    pub(crate) fn next_look(&self, now: Timestamp) -> Timestamp {
        match self.state {
            None => self.deadline(),
            Some(_) => self.deadline().min(now.plus_nanos(limits::TCP_LOOK_NANOS)),
        }
    }

    /// Tells whether the conversation has been silent for its time-out; one from a stretch that lies ahead has.
    #[inline]
    pub(crate) fn is_silent(&self, now: Timestamp) -> bool {
        !self.retired && (self.deadline() <= now || self.last_seen > now)
    }

    /// Draws the conclusions of silence; the conversation may still go on. Tells whether it is the first time that nobody
    /// answered its SYN.
    pub(crate) fn fall_silent(&mut self, connections: &mut Connections, now: Timestamp) -> bool {
        let before = self.state;
        self.state = before.map(|state| state.after(Event::Silence));
        let times_out = before != self.state && self.state == Some(State::TimedOut);
        self.last_seen = self.last_seen.min(now);
        if let Some(connection) = self.connection {
            connections.fall_silent(connection);
        }
        times_out && !std::mem::replace(&mut self.has_timed_out, true)
    }

    /// Gives back what the record holds outside of itself.
    pub(crate) fn release(&mut self, connections: &mut Connections, courses: &mut Courses) {
        if let Some(connection) = self.connection.take() {
            connections.end(connection);
        }
        if let Some(course) = self.course.take() {
            courses.end(course);
        }
    }

    /// Returns the row of the conversation as it stands.
    pub(crate) fn row(&self, slot: u32, connections: &Connections, courses: &Courses) -> FlowRow {
        let [low, high] = self.sent;
        let (up, down) = match self.client {
            Side::Low => (low, high),
            Side::High => (high, low),
        };
        FlowRow {
            id: FlowId { slot, serial: self.serial },
            key: self.key,
            client: self.client,
            first_seen: self.first_seen,
            last_seen: self.last_seen,
            up,
            down,
            protocol: self.protocol,
            transport: self.transport,
            state: self.state,
            ended: self.retired,
            icmp_errors: self.icmp_errors,
            is_unreachable: self.is_unreachable,
            connection: self.connection_row(connections, courses),
        }
    }

    fn connection_row(&self, connections: &Connections, courses: &Courses) -> ConnectionRow {
        let tcp = || self.connection.and_then(|connection| connections.row(connection, self.client));
        let quic = || self.course.and_then(|course| courses.row(course));
        tcp().map(ConnectionRow::Tcp).or_else(|| quic().map(ConnectionRow::Quic)).unwrap_or_default()
    }

    fn volume(&self) -> Volume {
        self.sent.iter().map(|sent| sent.volume).sum()
    }
}

/// Tells which end asked: the one that sent the SYN, else the one whose peer has the likelier service port, else
/// the one that spoke first.
fn client_of(key: &FlowKey, sender: Side, frame: &Frame<'_>) -> Side {
    let receiver = sender.other();
    if let Transport::Tcp(tcp) = &frame.transport
        && tcp.flags.syn()
    {
        return if tcp.flags.ack() { receiver } else { sender };
    }
    if key.address(receiver).is_multicast() {
        return sender;
    }
    match (key.port(sender), key.port(receiver)) {
        (Some(from), Some(to)) if remoteness(from) < remoteness(to) => receiver,
        _ => sender,
    }
}

/// How unlikely a port is to be a service's: system ports, user ports, ephemeral ones (RFC 6335 section 6).
const fn remoteness(port: u16) -> u8 {
    match port {
        0..1024 => 0,
        1024..32768 => 1,
        32768..=u16::MAX => 2,
    }
}
