//! What the two stacks send, and when it reaches the tap.

use super::event::{Segment, What};
use super::{SYN_WAIT, Tcp};
use crate::frame::tcp::Sacks;
use crate::frame::tcp::flags::{ACK, FIN, PSH, SYN};
use crate::path::Way;
use crate::tcp::side::{Sent, low};
use crate::tcp::{Chances, Fate, Open};

impl Tcp {
    pub(super) fn send_syn(&mut self, now: u64) {
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
    pub(super) fn send(&mut self, now: u64, way: Way, begin: u64, len: u32, flags: u8, fate: Option<Fate>) {
        let segment = self.segment(now, way, begin, len, flags, fate);
        self.launch(now, segment);
    }

    pub(super) fn segment(
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
        Segment { way, begin, len, flags, ack, window, sacks, clock, probe: false, again: false, fate }
    }

    pub(super) fn launch(&mut self, now: u64, segment: Segment) {
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
    pub(super) fn resend(&mut self, now: u64, way: Way, sent: Sent) {
        if self.over {
            return;
        }
        let flags = ACK | if sent.fin { FIN } else { PSH };
        let segment = self.segment(now, way, sent.begin, sent.len, flags, None);
        self.launch(now, Segment { again: sent.len > 0, ..segment });
    }

    /// Sends what may be sent; tells whether anything was.
    pub(super) fn pump(&mut self, now: u64, way: Way) -> bool {
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

    pub(super) fn draw_fate(&mut self, way: Way) -> Option<Fate> {
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
