//! What each segment is, by the rules of Wireshark (docs/METRICS.md "TCP"): one look at what both ends sent before.

use netsonde_dissect::TcpFlags;
use netsonde_units::{SeqNumber, Timestamp};

use super::flight::{Acknowledged, FlightPool};
use super::sender::Sender;
use crate::{TcpEvent, TcpEvents, limits};

/// SYN, FIN and RST: segments that are no part of a conversation's steady course.
const TURNS: TcpFlags = TcpFlags(TcpFlags::SYN.0 | TcpFlags::FIN.0 | TcpFlags::RST.0);
/// Flags that take a sequence number.
const NUMBERED: TcpFlags = TcpFlags(TcpFlags::SYN.0 | TcpFlags::FIN.0);

/// A segment to be judged.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Segment {
    pub(crate) sequence: SeqNumber,
    /// The field, whether or not ACK is set.
    pub(crate) acknowledgement: SeqNumber,
    pub(crate) flags: TcpFlags,
    pub(crate) window: u16,
    /// Bytes of payload on the wire.
    pub(crate) len: u32,
    pub(crate) at: Timestamp,
    /// Whether it holds bytes that were seen before.
    pub(crate) repeats: bool,
}

impl Segment {
    const fn turns(&self) -> bool {
        self.flags.intersects(TURNS)
    }

    /// Tells whether it takes a number although it may have no payload.
    const fn is_numbered(&self) -> bool {
        self.flags.intersects(NUMBERED)
    }

    /// The end of its payload.
    const fn payload_end(&self) -> SeqNumber {
        self.sequence.plus(self.len)
    }
}

/// What both ends share and the rules ask for.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Shared {
    /// The handshake's round trip in nanoseconds, 0 where it is not known.
    pub(crate) handshake_nanos: u64,
    /// The operations of Multipath TCP so far.
    pub(crate) multipath: u8,
}

/// Judges a segment that `me` sends to `peer`, and takes note of it: its events, and the segment of the peer's that it
/// acknowledges.
#[inline]
pub(crate) fn judge(
    me: &mut Sender,
    peer: &mut Sender,
    pool: &mut FlightPool,
    shared: Shared,
    segment: &Segment,
) -> (TcpEvents, Option<Acknowledged>) {
    let mut events = TcpEvents::NONE;
    judge_window(me, peer, shared, segment, &mut events);
    if segment.acknowledgement != me.acknowledged {
        me.repeats.clear();
    }
    judge_acknowledgement(peer, segment, &mut events);
    let takes_space = segment.len > 0 || segment.is_numbered();
    if takes_space && !events.contains(TcpEvent::KeepAlive) {
        judge_sequence(me, peer, shared, segment, &mut events);
    }
    note_sent(me, pool, shared, segment, takes_space, events);
    (events, pool.acknowledge(&mut peer.flight, segment.acknowledgement))
}

/// Holes, windows, keep-alives, repeated acknowledgements.
#[inline]
fn judge_window(me: &mut Sender, peer: &Sender, shared: Shared, segment: &Segment, events: &mut TcpEvents) {
    let Segment { sequence, window, len, .. } = *segment;
    let is_at_edge = sequence == me.edge;
    if len == 1 && is_at_edge && peer.window() == 0 {
        return events.insert(TcpEvent::ZeroWindowProbe);
    }
    let turns = segment.turns();
    if window == 0 && !turns {
        events.insert(TcpEvent::ZeroWindow);
    }
    if me.edge.raw() != 0 && sequence.is_after(me.edge) && !segment.flags.rst() {
        events.insert(TcpEvent::LostSegment);
    }
    if turns {
        return;
    }
    if len <= 1 && sequence == me.edge.minus(1) {
        events.insert(TcpEvent::KeepAlive);
    }
    if len > 0 {
        if peer.window_end() == Some(segment.payload_end()) {
            events.insert(TcpEvent::WindowFull);
        }
        return;
    }
    if is_at_edge && segment.acknowledgement == me.acknowledged {
        judge_repetition(me, peer, shared, window, events);
    }
}

/// A segment without payload that acknowledges what the one before it did.
fn judge_repetition(me: &mut Sender, peer: &Sender, shared: Shared, window: u16, events: &mut TcpEvents) {
    let is_same_window = u32::from(window) == me.window();
    match (window, is_same_window) {
        (0, true) if peer.probed => events.insert(TcpEvent::ZeroWindowProbeAck),
        (0, _) => {}
        (_, false) => events.insert(TcpEvent::WindowUpdate),
        (_, true) if peer.kept_alive => events.insert(TcpEvent::KeepAliveAck),
        (_, true) => {
            let brings_operation = shared.multipath != 0 && shared.multipath != me.multipath_seen;
            if !brings_operation {
                me.repeats.count();
                events.insert(TcpEvent::DuplicateAck);
            }
        }
    }
}

/// Acknowledgements of what was not seen; each gap is told once.
#[inline]
fn judge_acknowledgement(peer: &mut Sender, segment: &Segment, events: &mut TcpEvents) {
    let acknowledges_unseen =
        segment.flags.ack() && peer.solid.raw() != 0 && segment.acknowledgement.is_after(peer.solid);
    if !acknowledges_unseen {
        return;
    }
    if peer.solid.is_before(peer.edge) {
        peer.solid = peer.edge;
        events.insert(TcpEvent::AckLostSegment);
        return;
    }
    if peer.repeats.none() {
        events.insert(TcpEvent::AckLostSegment);
    }
    peer.repeats.mark();
}

/// Segments sent again, and late ones.
#[inline]
fn judge_sequence(me: &Sender, peer: &Sender, shared: Shared, segment: &Segment, events: &mut TcpEvents) {
    let Segment { sequence, len, at, .. } = *segment;
    let was_acknowledged =
        len > 0 && peer.acknowledged.raw() != 0 && segment.payload_end().is_at_or_before(peer.acknowledged);
    if was_acknowledged {
        return events.insert(TcpEvent::SpuriousRetransmission);
    }
    let lies_back = me.edge.raw() != 0 && sequence.is_before(me.edge);
    // Data that begin with the byte that probed a closed window.
    let follows_probe = len > 1 && sequence == me.edge.minus(1);
    if !lies_back || follows_probe {
        return;
    }
    let asked_for = peer.repeats.ask_for_more() && peer.acknowledged == sequence;
    if asked_for && nanos_between(peer.last_at, at) < limits::FAST_NANOS {
        return events.insert(TcpEvent::FastRetransmission);
    }
    let limit = if shared.handshake_nanos == 0 { limits::REORDERED_NANOS } else { shared.handshake_nanos };
    let end = segment.payload_end().plus(u32::from(segment.is_numbered()));
    events.insert(if nanos_between(me.edge_at, at) < limit && end != me.edge {
        TcpEvent::OutOfOrder
    } else {
        TcpEvent::Retransmission
    });
}

/// Time that went back is as good as endless.
const fn nanos_between(earlier: Timestamp, later: Timestamp) -> u64 {
    later.nanos().wrapping_sub(earlier.nanos())
}

#[inline]
fn note_sent(
    me: &mut Sender,
    pool: &mut FlightPool,
    shared: Shared,
    segment: &Segment,
    takes_space: bool,
    events: TcpEvents,
) {
    let Segment { sequence, at, .. } = *segment;
    let mut end = segment.payload_end();
    if takes_space && me.flight.has_room() {
        end = end.plus(u32::from(segment.is_numbered()));
        pool.send(&mut me.flight, sequence, end, at, segment.repeats);
    }
    let probes = events.contains(TcpEvent::ZeroWindowProbe);
    if !probes {
        if end.is_after(me.edge) || me.edge.raw() == 0 {
            (me.edge, me.edge_at) = (end, at);
        }
        if sequence == me.solid || me.solid.raw() == 0 {
            me.solid = me.edge;
        }
    }
    me.set_window(segment.window);
    me.acknowledged = segment.acknowledgement;
    me.last_at = at;
    me.kept_alive = events.contains(TcpEvent::KeepAlive);
    me.probed = probes;
    me.multipath_seen = shared.multipath;
}
