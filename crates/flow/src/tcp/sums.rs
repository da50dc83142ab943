//! What is counted of a connection.

use netsonde_units::Timestamp;

use crate::{DelaySums, HandshakeRtt, Side, TcpEvent, TcpRow, TcpSent, TcpVerdict};

/// What has come of a connection.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Sums {
    pub(crate) turn: Turn,
    ends: [End; 2],
}

/// What has come of what one end sent.
#[derive(Clone, Copy, Debug, Default)]
struct End {
    rtt: DelaySums,
    resent: u32,
    spurious: u32,
    out_of_order: u32,
    lost: u32,
    duplicate_acks: u32,
    zero_windows: u32,
}

impl Sums {
    /// Returns a field of the last cache line.
    #[inline]
    pub(crate) const fn last_line(&self) -> u32 {
        let [_, high] = &self.ends;
        high.zero_windows
    }

    /// Counts what a segment of `side` was found to be.
    pub(crate) fn count(&mut self, side: Side, verdict: &TcpVerdict) {
        let [low, high] = &mut self.ends;
        let end = if side == Side::Low { low } else { high };
        if let Some(sample) = verdict.rtt
            && !sample.ambiguous
            && let Ok(nanos) = u64::try_from(sample.nanos)
        {
            end.rtt.add(nanos);
        }
        let events = verdict.events;
        if events.is_empty() {
            return;
        }
        let count = |event| u32::from(events.contains(event));
        end.resent += count(TcpEvent::Retransmission) + count(TcpEvent::FastRetransmission);
        end.spurious += count(TcpEvent::SpuriousRetransmission);
        end.out_of_order += count(TcpEvent::OutOfOrder);
        end.lost += count(TcpEvent::LostSegment);
        end.duplicate_acks += count(TcpEvent::DuplicateAck);
        end.zero_windows += count(TcpEvent::ZeroWindow);
    }

    /// Returns the row, given each end's segments with payload, the lower end's first.
    pub(crate) fn row(
        &self,
        client: Side,
        data_segments: [u32; 2],
        handshake: Option<HandshakeRtt>,
    ) -> TcpRow {
        let [low, high] = &self.ends;
        let [from_low, from_high] = data_segments;
        let (low, high) = (low.sent(from_low), high.sent(from_high));
        let (up, down) = if client == Side::Low { (low, high) } else { (high, low) };
        TcpRow { up, down, handshake, response: self.turn.answers }
    }
}

impl End {
    const fn sent(&self, data_segments: u32) -> TcpSent {
        let Self { rtt, resent, spurious, out_of_order, lost, duplicate_acks, zero_windows } = *self;
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
