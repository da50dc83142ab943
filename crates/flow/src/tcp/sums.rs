//! What is counted of a connection.

use std::num::NonZeroU32;

use netsonde_units::Timestamp;

use crate::{DelaySums, HandshakeRtt, RttSample, Side, Slab, TcpEvent, TcpRow, TcpSent, TcpVerdict};

/// What has come of a connection: what most of them have. The rest is kept apart, in [`EventSums`].
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Sums {
    /// Of what each end sent, the round trips that were acknowledged.
    rtt: [DelaySums; 2],
    pub(crate) turn: Turn,
}

const _: () = assert!(size_of::<Sums>() <= 64);

/// The events of connections that have had any.
#[derive(Debug, Default)]
pub(crate) struct EventSums {
    ends: Slab<[Events; 2]>,
    free: Vec<NonZeroU32>,
}

/// Which events belong to a connection, from 1.
pub(crate) type EventsId = Option<NonZeroU32>;

/// What became of the segments of one end.
#[derive(Clone, Copy, Debug, Default)]
struct Events {
    resent: u32,
    spurious: u32,
    out_of_order: u32,
    lost: u32,
    duplicate_acks: u32,
    zero_windows: u32,
}

impl EventSums {
    /// Counts the events of a segment of `side`, of which there is one at least.
    pub(crate) fn count(&mut self, id: &mut EventsId, side: Side, verdict: &TcpVerdict) {
        if id.is_none() {
            *id = self.reserve();
        }
        let Some([low, high]) = id.and_then(|id| self.ends.get_mut(id.get() - 1)) else { return };
        let end = if side == Side::Low { low } else { high };
        let count = |event| u32::from(verdict.events.contains(event));
        end.resent += u32::from(verdict.sent_again);
        end.spurious += count(TcpEvent::SpuriousRetransmission);
        end.out_of_order += count(TcpEvent::OutOfOrder);
        end.lost += count(TcpEvent::LostSegment);
        end.duplicate_acks += count(TcpEvent::DuplicateAck);
        end.zero_windows += count(TcpEvent::ZeroWindow);
    }

    /// Gives back what a connection had.
    pub(crate) fn release(&mut self, id: &mut EventsId) {
        self.free.extend(id.take());
    }

    fn reserve(&mut self) -> EventsId {
        let Some(id) = self.free.pop() else {
            return NonZeroU32::new(self.ends.push(Default::default()).wrapping_add(1));
        };
        if let Some(ends) = self.ends.get_mut(id.get() - 1) {
            *ends = Default::default();
        }
        Some(id)
    }

    fn of(&self, id: EventsId) -> [Events; 2] {
        id.and_then(|id| self.ends.get(id.get() - 1)).copied().unwrap_or_default()
    }
}

impl Sums {
    /// Returns a field of the last cache line.
    #[inline]
    pub(crate) const fn last_line(&self) -> u32 {
        self.turn.answers.count
    }

    /// Counts a round trip that `side` completed.
    pub(crate) fn count(&mut self, side: Side, sample: RttSample) {
        let [low, high] = &mut self.rtt;
        let rtt = if side == Side::Low { low } else { high };
        if !sample.ambiguous
            && let Ok(nanos) = u64::try_from(sample.nanos)
        {
            rtt.add(nanos);
        }
    }

    /// Returns the row, given each end's segments with payload, the lower end's first.
    pub(crate) fn row(
        &self,
        client: Side,
        data_segments: [u32; 2],
        events: (&EventSums, EventsId),
        handshake: Option<HandshakeRtt>,
    ) -> TcpRow {
        let ([low, high], [low_rtt, high_rtt]) = (events.0.of(events.1), self.rtt);
        let [from_low, from_high] = data_segments;
        let (low, high) = (low.sent(from_low, low_rtt), high.sent(from_high, high_rtt));
        let (up, down) = if client == Side::Low { (low, high) } else { (high, low) };
        TcpRow { up, down, handshake, response: self.turn.answers }
    }
}

impl Events {
    const fn sent(self, data_segments: u32, rtt: DelaySums) -> TcpSent {
        let Self { resent, spurious, out_of_order, lost, duplicate_acks, zero_windows } = self;
        TcpSent { data_segments, resent, spurious, out_of_order, lost, duplicate_acks, zero_windows, rtt }
    }
}

/// Whose turn it is, for the time that answers take (METRICS.md "Server response time").
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Turn {
    answers: DelaySums,
    asked_at: Timestamp,
    awaits_answer: bool,
}

impl Turn {
    /// The client has sent data. `asks` tells whether they are all new, from a client that had all that the server
    /// sent: else nobody knows what the server's next bytes answer, or which copy they answer to.
    pub(crate) const fn asked(&mut self, at: Timestamp, asks: bool) {
        (self.asked_at, self.awaits_answer) = (at, asks);
    }

    /// The server has sent new data. `is_first` tells whether they are the first byte of an answer to all that the
    /// client sent. Returns how long that took, in nanoseconds.
    pub(crate) fn answered(&mut self, at: Timestamp, is_first: bool) -> Option<u64> {
        let awaited = std::mem::replace(&mut self.awaits_answer, false);
        if !awaited || !is_first || at < self.asked_at {
            return None;
        }
        let nanos = at.nanos_since(self.asked_at);
        self.answers.add(nanos);
        Some(nanos)
    }
}
