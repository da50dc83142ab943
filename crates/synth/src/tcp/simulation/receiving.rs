//! What the two stacks make of what arrives.

use super::Tcp;
use super::event::Segment;
use crate::frame::tcp::flags::{ACK, FIN, RST, SYN};
use crate::path::Way;
use crate::tcp::Open;
use crate::tcp::side::Urgency;

impl Tcp {
    pub(super) fn arrive(&mut self, now: u64, segment: &Segment) {
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
