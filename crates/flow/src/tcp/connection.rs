//! One connection: both ends, what they share, what has come of it.

use netsonde_dissect::{Tcp, TcpOption};
use netsonde_units::{SeqNumber, Timestamp};

use super::flight::{Acknowledged, FlightPool};
use super::holes::HolePool;
use super::judge::{Segment, Shared, judge};
use super::sender::{Scale, Sender};
use super::stretch::Stretch;
use super::sums::{EventSums, EventsId, Sums};
use crate::latency::Latency;
use crate::{
    Direction, HandshakeRtt, LatencyChange, RttSample, Side, TcpEvent, TcpEvents, TcpRow, TcpVerdict,
};

/// How much of a TCP header's packet is known.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Extent {
    /// All of it: so many bytes of payload.
    Whole(u32),
    /// The header, but not how much follows it.
    HeaderOnly,
    /// The first of several fragments: what it belongs to is told of the whole datagram.
    Fragment,
}

/// A TCP header as it came.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Arrival<'a> {
    pub(crate) tcp: &'a Tcp<'a>,
    pub(crate) extent: Extent,
    /// Bytes of payload for goodput, which counts those of fragments too.
    pub(crate) payload_len: u32,
    pub(crate) at: Timestamp,
    /// The table's number of the second in which it is taken in.
    pub(crate) second: u32,
    pub(crate) direction: Direction,
    pub(crate) by_client: bool,
    /// Whether this SYN has just ended another connection on the same ports.
    pub(crate) reuses_ports: bool,
}

/// What a packet's segment was found to be.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Followed {
    /// Bytes that were never sent before.
    pub(crate) new_bytes: u32,
    pub(crate) other_sent_fin: bool,
    pub(crate) verdict: TcpVerdict,
    pub(crate) latency: LatencyChange,
}

/// What connections keep in lists.
#[derive(Debug, Default)]
pub(crate) struct Pools {
    pub(crate) holes: HolePool,
    pub(crate) flights: FlightPool,
    pub(crate) events: EventSums,
}

/// One connection. A packet touches the first three lines, and the others when something has come of it.
#[derive(Clone, Copy, Debug, Default)]
#[repr(C)]
pub(crate) struct Connection {
    senders: [Sender; 2],
    stretches: [Stretch; 2],
    /// When the latest SYN was sent; the epoch, as in Wireshark, for "not seen".
    syn_at: Timestamp,
    /// The handshake's round trip in nanoseconds, 0 while it is not known.
    handshake_nanos: u64,
    /// From the latest SYN to its answer, likewise.
    server_nanos: u64,
    /// Its number in the order of first packets.
    pub(crate) stream: u32,
    /// Operations of Multipath TCP seen so far, a bit each.
    multipath: u8,
    /// Whether more than one SYN without ACK was seen.
    repeats_syn: bool,
    sums: Sums,
    /// What few connections have: events that are counted.
    events: EventsId,
    latency: Latency,
}

/// Lines of a connection, of which the last two hold what is counted.
const _: () = assert!(size_of::<Connection>() <= 5 * 64);
const _: () = assert!(std::mem::offset_of!(Connection, sums) <= 3 * 64);

impl Connection {
    /// Makes a connection of that number that has seen nothing.
    pub(crate) fn new(stream: u32) -> Self {
        Self { stream, ..Self::default() }
    }

    /// Reads a field of each line, to have all of them at hand.
    #[inline]
    pub(crate) const fn touched_lines(&self) -> (SeqNumber, SeqNumber, u32, u32, u32) {
        let [low, high] = &self.senders;
        (low.edge, high.edge, self.stream, self.sums.last_line(), self.latency.last_line())
    }

    /// Reads what both ends have in flight, likewise, once the connection itself is at hand.
    #[inline]
    pub(crate) fn touched_flights(&self, flights: &FlightPool) -> (u8, u8) {
        let [low, high] = &self.senders;
        (flights.touched_line(&low.flight), flights.touched_line(&high.flight))
    }

    /// Tells whether a SYN with this sequence number begins another connection.
    pub(crate) fn is_reused_by(&self, side: Side, tcp: &Tcp<'_>) -> bool {
        let [low, high] = &self.senders;
        let me = if side == Side::Low { low } else { high };
        tcp.flags.syn() && !tcp.flags.ack() && me.base_known && tcp.sequence != me.base
    }

    /// Returns the number of the first byte that `side` sends: of what is seen of it, where the capture began later.
    pub(crate) fn start(&self, side: Side) -> Option<SeqNumber> {
        let [low, high] = &self.senders;
        let me = if side == Side::Low { low } else { high };
        me.base_known.then(|| me.base.plus(1))
    }

    /// Gives back what the connection holds in lists.
    pub(crate) fn release(&mut self, pools: &mut Pools) {
        self.release_holes(&mut pools.holes);
        for sender in &mut self.senders {
            pools.flights.release(&mut sender.flight);
        }
    }

    /// Gives back everything at its end, when its row has been told.
    pub(crate) fn end(&mut self, pools: &mut Pools) {
        self.release(pools);
        pools.events.release(&mut self.events);
    }

    /// Gives back what it holds of holes.
    pub(crate) fn release_holes(&mut self, holes: &mut HolePool) {
        for stretch in &mut self.stretches {
            stretch.release(holes);
        }
    }

    /// Returns what has come of the connection.
    pub(crate) fn row(&self, client: Side, events: &EventSums) -> TcpRow {
        let [low, high] = &self.senders;
        let segments = [low.data_segments, high.data_segments];
        self.sums.row(client, segments, (events, self.events), self.handshake())
    }

    /// Takes in a segment that `side` sent.
    #[inline]
    pub(crate) fn follow(&mut self, pools: &mut Pools, side: Side, arrival: &Arrival<'_>) -> Followed {
        let tcp = arrival.tcp;
        let [low, high] = &mut self.senders;
        let [low_stretch, high_stretch] = &mut self.stretches;
        let (me, peer, stretch) = match side {
            Side::Low => (low, high, low_stretch),
            Side::High => (high, low, high_stretch),
        };
        let new_bytes = stretch.new_bytes(&mut pools.holes, tcp.flags, tcp.sequence, arrival.payload_len);
        me.data_segments += u32::from(arrival.payload_len > 0);
        me.has_sent_fin |= tcp.flags.fin();
        let other_sent_fin = peer.has_sent_fin;
        let mut verdict = TcpVerdict { stream: Some(self.stream), ..TcpVerdict::default() };
        if arrival.extent == Extent::Fragment {
            return Followed { new_bytes, other_sent_fin, verdict, ..Followed::default() };
        }

        let mut events = note_syn(me, tcp, arrival.reuses_ports);
        let mut acknowledged = None;
        if let Extent::Whole(len) = arrival.extent {
            learn_bases(me, peer, tcp);
            let shared = Shared { handshake_nanos: self.handshake_nanos, multipath: self.multipath };
            let repeats = if len > 0 { new_bytes < len } else { tcp.sequence.is_before(me.edge) };
            let segment = Segment {
                sequence: tcp.sequence,
                acknowledgement: tcp.acknowledgement,
                flags: tcp.flags,
                window: tcp.window,
                len,
                at: arrival.at,
                repeats: repeats && me.edge.raw() != 0,
            };
            let (judged, sample) = judge(me, peer, &mut pools.flights, shared, &segment);
            events = events.union(judged);
            acknowledged = sample;
        }
        let handshake_was_known = self.handshake_nanos != 0;
        let is_shown = self.note_header(side, tcp, arrival.at);
        if !handshake_was_known && self.handshake_nanos != 0 {
            verdict.handshake = self.handshake();
        }
        if !is_shown {
            return Followed { new_bytes, other_sent_fin, verdict, ..Followed::default() };
        }
        verdict.events = events;
        verdict.sent_again = is_sent_again(events, arrival, new_bytes);
        verdict.rtt = acknowledged.and_then(|segment| sample(segment, arrival.at));
        if new_bytes > 0 || !events.is_empty() || verdict.rtt.is_some() {
            if !events.is_empty() {
                pools.events.count(&mut self.events, side, &verdict);
            }
            self.sum_up(side, arrival, new_bytes, &mut verdict);
        }
        Followed { new_bytes, other_sent_fin, verdict, ..Followed::default() }
    }

    /// Counts a packet with the round trips of its second.
    #[inline]
    pub(crate) fn note_latency(
        &mut self,
        side: Side,
        arrival: &Arrival<'_>,
        verdict: &TcpVerdict,
    ) -> LatencyChange {
        if let Some(handshake) = &verdict.handshake {
            self.latency.learn(if arrival.by_client { side } else { side.other() }, handshake);
        }
        let sample = verdict.rtt.filter(|sample| !sample.ambiguous);
        let nanos = sample.and_then(|sample| u64::try_from(sample.nanos).ok());
        self.latency.count(arrival.second, side, arrival.direction, nanos)
    }

    /// Counts what a segment was found to be, and times answers.
    fn sum_up(&mut self, side: Side, arrival: &Arrival<'_>, new_bytes: u32, verdict: &mut TcpVerdict) {
        if let Some(sample) = verdict.rtt {
            self.sums.count(side, sample);
        }
        if arrival.payload_len == 0 {
            return;
        }
        let [low, high] = &self.senders;
        let peer = if side == Side::Low { high } else { low };
        let tcp = arrival.tcp;
        let has_unseen = peer.edge.raw() != 0 && peer.edge.is_after(tcp.acknowledgement);
        // Who opens with data (RFC 7413) has been sent nothing yet.
        let knows_all = (tcp.flags.ack() || tcp.flags.syn()) && !has_unseen;
        let events = verdict.events;
        if arrival.by_client {
            if !events.contains(TcpEvent::KeepAlive) {
                self.sums.turn.asked(arrival.at, new_bytes > 0 && knows_all);
            }
        } else if new_bytes > 0 {
            let is_first = knows_all && !events.contains(TcpEvent::LostSegment);
            verdict.response_nanos = self.sums.turn.answered(arrival.at, is_first);
        }
    }

    /// Takes in what a header says beside its segment; false where tshark, too, would show nothing of it.
    ///
    /// The order matters: a window is scaled, and the handshake measured, by what earlier segments said.
    #[inline]
    fn note_header(&mut self, side: Side, tcp: &Tcp<'_>, at: Timestamp) -> bool {
        if tcp.extent.header_len() < SHORTEST_HEADER {
            return false;
        }
        if !tcp.flags.syn() && tcp.flags.ack() && self.handshake_nanos == 0 {
            self.end_handshake(at);
        }
        let [low, high] = &mut self.senders;
        let (me, peer) = if side == Side::Low { (low, high) } else { (high, low) };
        if tcp.flags.syn() {
            me.window_is_raw = true;
            if !tcp.flags.ack() {
                self.repeats_syn |= self.syn_at != Timestamp::EPOCH;
                (self.syn_at, self.server_nanos) = (at, 0);
            } else if self.syn_at != Timestamp::EPOCH && self.server_nanos == 0 {
                self.server_nanos = at.nanos_since(self.syn_at);
            }
        } else if tcp.flags.ack() {
            me.window_is_raw = false;
        }
        if tcp.extent.is_fixed_part_cut() {
            return false;
        }
        if tcp.extent.header_len() > SHORTEST_HEADER && !is_only_a_timestamp(tcp.options) {
            let mut options = tcp.walk_options();
            for option in options.by_ref() {
                match (option.kind, option.body) {
                    (TcpOption::SACK, body) if !body.len().is_multiple_of(SACK_BLOCK_LEN) => return false,
                    (TcpOption::MULTIPATH, [] | [_]) => return false,
                    (TcpOption::WINDOW_SCALE, &[shift]) => me.scale = Scale::By(shift.min(LARGEST_SHIFT)),
                    (TcpOption::MULTIPATH, body) => {
                        self.multipath |= multipath_operation(body, self.multipath);
                    }
                    _ => {}
                }
            }
            if options.is_cut() {
                return false;
            }
        }
        if tcp.flags.syn() {
            agree_on_scale(me, peer, tcp.flags.ack());
        }
        true
    }

    /// The first segment with ACK and without SYN ends the handshake, whoever sent it.
    fn end_handshake(&mut self, at: Timestamp) {
        if self.syn_at != Timestamp::EPOCH {
            self.handshake_nanos = at.nanos().wrapping_sub(self.syn_at.nanos());
        }
    }

    /// Where the clock went back meanwhile, the rules have their limit, and people no round trip.
    fn handshake(&self) -> Option<HandshakeRtt> {
        let went_back = i64::try_from(self.handshake_nanos).is_err();
        let server_nanos = (self.server_nanos != 0).then_some(self.server_nanos);
        (self.handshake_nanos != 0 && !went_back).then_some(HandshakeRtt {
            nanos: self.handshake_nanos,
            server_nanos,
            ambiguous: self.repeats_syn,
        })
    }
}

/// Bytes of a header without options.
const SHORTEST_HEADER: u32 = 20;
/// The first and the last number of a block (RFC 2018 section 3). Of a segment with part of one, or with an operation of
/// Multipath TCP without its flags, tshark shows nothing.
const SACK_BLOCK_LEN: usize = 8;
/// RFC 7323 section 2.3.
const LARGEST_SHIFT: u8 = 14;

/// Tells whether options are two of padding and a time-stamp, as in most segments of most connections (RFC 7323
/// appendix A).
#[inline]
fn is_only_a_timestamp(options: &[u8]) -> bool {
    options.len() == 12 && options.starts_with(&[1, 1, 8, 10])
}

/// Takes note of a repeated SYN, or of an answer with another initial sequence number.
#[inline]
fn note_syn(me: &mut Sender, tcp: &Tcp<'_>, reuses_ports: bool) -> TcpEvents {
    let mut events = TcpEvents::NONE;
    if !tcp.flags.syn() {
        return events;
    }
    if reuses_ports {
        events.insert(TcpEvent::PortReused);
    }
    if me.base_known {
        match (tcp.flags.ack(), tcp.sequence == me.base) {
            (false, true) => me.edge = me.solid,
            (true, false) => {
                me.base = tcp.sequence;
                events.insert(TcpEvent::PortReused);
            }
            // A SYN with another number has begun another connection.
            (false, false) | (true, true) => {}
        }
    }
    events
}

/// Learns initial sequence numbers; what they must have been where the capture began later.
#[inline]
fn learn_bases(me: &mut Sender, peer: &mut Sender, tcp: &Tcp<'_>) {
    if !me.base_known {
        me.base = if tcp.flags.syn() { tcp.sequence } else { tcp.sequence.minus(1) };
        me.base_known = true;
    }
    if !peer.base_known && tcp.flags.ack() {
        peer.base = tcp.acknowledgement.minus(1);
        peer.base_known = true;
    }
}

/// Windows are scaled only where both SYNs offer it.
fn agree_on_scale(me: &mut Sender, peer: &mut Sender, is_answer: bool) {
    if me.scale == Scale::Unknown {
        (me.scale, peer.scale) = (Scale::None, Scale::None);
    } else if is_answer && peer.scale == Scale::None {
        me.scale = Scale::None;
    }
}

/// Returns the bit of an operation of Multipath TCP (RFC 8684 section 3), given those seen before; none for a
/// capability that names no key or comes after other operations.
const fn multipath_operation(body: &[u8], before: u8) -> u8 {
    const CAPABLE: u8 = 0;
    const LAST: u8 = 7;
    /// Subtype, version and flags.
    const WITHOUT_KEY: usize = 2;
    let [first, ..] = *body else { return 0 };
    match first >> 4 {
        CAPABLE if body.len() == WITHOUT_KEY || before != 0 => 0,
        subtype @ ..=LAST => 1 << subtype,
        _ => 0,
    }
}

/// Tells whether a segment was sent again and had not been acknowledged, whatever it is called: soon after newer data the
/// rules cannot tell one sent again from one that was overtaken, but one overtaken brings bytes never seen.
#[inline]
const fn is_sent_again(events: TcpEvents, arrival: &Arrival<'_>, new_bytes: u32) -> bool {
    events.contains(TcpEvent::Retransmission)
        || events.contains(TcpEvent::FastRetransmission)
        || (events.contains(TcpEvent::OutOfOrder) && arrival.payload_len > 0 && new_bytes == 0)
}

/// Makes a sample of an acknowledged segment; one of no time at all is none.
fn sample(segment: Acknowledged, at: Timestamp) -> Option<RttSample> {
    let nanos = at.nanos().cast_signed().wrapping_sub(segment.at.nanos().cast_signed());
    (nanos != 0).then_some(RttSample { nanos, ambiguous: segment.repeated })
}
