//! Scripted bursts: short dialogues that lead to one rule each, with times that fall on both sides of its limits.

use netsonde_synth::frame::tcp::{Options, flags};
use netsonde_synth::{Rng, Way};

use super::talk::{MAX_LEN, Talk, opposite};

/// A window large enough for what a burst sends.
const ROOM: u16 = 500;

impl Talk {
    /// Begins: mostly with a handshake, whole or in part, else in the middle.
    pub(super) fn begin(&mut self, rng: &mut Rng) {
        for way in [Way::Up, Way::Down] {
            let first = Self::beginning(rng);
            let end = self.end_mut(way);
            (end.first, end.edge) = (first, first);
        }
        if rng.below(10) < 2 {
            // In the middle: each end has acknowledged the other.
            for way in [Way::Up, Way::Down] {
                self.end_mut(way).ack = self.end(opposite(way)).edge;
            }
            let len = length(rng);
            self.say(rng, self.data(Way::Up, len));
            return;
        }
        self.handshake(rng);
    }

    /// Sends one of the bursts.
    pub(super) fn burst(&mut self, rng: &mut Rng) {
        let way = if rng.chance(500_000) { Way::Up } else { Way::Down };
        match rng.below(11) {
            0 => self.duplicate_acks_and_resend(rng, way),
            1 => self.probes(rng, way),
            2 => self.keep_alives(rng, way),
            3 => self.fill_window(rng, way),
            4 => self.acknowledge_beyond(rng, way),
            5 => self.leave_a_hole(rng, way),
            6 => self.resend_acknowledged(rng, way),
            7 => self.begin_again(rng),
            8 => self.end_it(rng, way),
            9 => self.update_window(rng, way),
            _ => self.acknowledge_in_parts(rng, way),
        }
    }

    fn handshake(&mut self, rng: &mut Rng) {
        let mut syn = self.plain(Way::Up);
        let shifts = rng.below(10) < 5;
        let options = |rng: &mut Rng| Options {
            mss: Some(1460),
            sack_permitted: true,
            window_scale: u8::try_from(rng.below(4)).ok().filter(|_| shifts),
            ..Options::default()
        };
        (syn.header.seq, syn.header.ack) = (self.end(Way::Up).first, 0);
        (syn.header.flags, syn.header.options) = (flags::SYN, options(rng));
        // Sometimes with data (RFC 7413), sometimes sent again.
        syn.len = if rng.below(10) == 0 { length(rng) } else { 0 };
        self.say(rng, syn);
        if rng.below(6) == 0 {
            self.say(rng, syn);
        }
        let mut answer = self.acknowledge(Way::Down);
        (answer.header.seq, answer.header.flags) = (self.end(Way::Down).first, flags::SYN | flags::ACK);
        answer.header.options = options(rng);
        match rng.below(10) {
            0 => {
                // Refused.
                answer.header.flags = flags::RST | flags::ACK;
                self.say(rng, answer);
                return;
            }
            // The answer was not captured.
            1 => {
                let first = self.end(Way::Down).first;
                self.end_mut(Way::Down).edge = first.wrapping_add(1);
            }
            _ => {
                let times = (self.gap(rng), self.gap(rng));
                self.say_after(times.0, answer);
                self.say_after(times.1, self.acknowledge(Way::Up));
                self.set_handshake(times.0 + times.1);
                return;
            }
        }
        self.say(rng, self.acknowledge(Way::Up));
    }

    fn duplicate_acks_and_resend(&mut self, rng: &mut Rng, way: Way) {
        let (back, begin, len) = (opposite(way), self.end(way).edge, length(rng));
        self.end_mut(back).window = ROOM;
        self.say(rng, self.acknowledge(back));
        for _ in 0..rng.between(2, 4) {
            self.say(rng, self.data(way, len));
        }
        for _ in 0..rng.between(1, 4) {
            let mut again = self.plain(back);
            again.header.ack = begin;
            self.say(rng, again);
        }
        let mut resent = self.data(way, len);
        resent.header.seq = begin;
        self.say(rng, resent);
        if rng.chance(300_000) {
            self.say(rng, resent);
        }
        self.say(rng, self.acknowledge(back));
    }

    fn probes(&mut self, rng: &mut Rng, way: Way) {
        let (back, edge) = (opposite(way), self.end(way).edge);
        let mut closed = self.acknowledge(back);
        closed.header.window = 0;
        self.say(rng, closed);
        for _ in 0..rng.between(1, 3) {
            let mut probe = self.data(way, 1);
            probe.header.seq = edge;
            self.say(rng, probe);
            self.say(rng, closed);
        }
        // The byte of the probe is taken, or not.
        let mut open = self.plain(back);
        open.header.window = 64;
        open.header.ack = edge.wrapping_add(u32::from(rng.chance(500_000)));
        self.say(rng, open);
        let len = length(rng);
        self.say(rng, self.data(way, len));
        self.say(rng, self.acknowledge(back));
    }

    fn keep_alives(&mut self, rng: &mut Rng, way: Way) {
        let back = opposite(way);
        self.say(rng, self.acknowledge(back));
        for _ in 0..rng.between(1, 4) {
            let mut alive = self.plain(way);
            alive.header.seq = alive.header.seq.wrapping_sub(1);
            alive.len = usize::from(rng.chance(500_000));
            self.say(rng, alive);
            for _ in 0..rng.between(0, 2) {
                self.say(rng, self.plain(back));
            }
        }
        let mut update = self.plain(back);
        update.header.window = update.header.window.wrapping_add(1);
        self.say(rng, update);
    }

    fn fill_window(&mut self, rng: &mut Rng, way: Way) {
        let back = opposite(way);
        let mut small = self.acknowledge(back);
        small.header.window = u16::try_from(rng.between(1, MAX_LEN)).unwrap_or(1);
        self.say(rng, small);
        let room = usize::from(small.header.window) << self.end(back).shift.min(4);
        // One short of it, exactly, one too many, and exactly again behind what is under way.
        let first = (room + 2).saturating_sub(usize::try_from(rng.between(1, 3)).unwrap_or(1));
        self.say(rng, self.data(way, first));
        self.say(rng, self.data(way, room.saturating_sub(first)));
        self.say(rng, self.acknowledge(back));
    }

    fn acknowledge_beyond(&mut self, rng: &mut Rng, way: Way) {
        let (back, len) = (opposite(way), length(rng));
        let mut beyond = self.acknowledge(back);
        beyond.header.ack = beyond.header.ack.wrapping_add(u32::try_from(len).unwrap_or(1));
        self.say(rng, beyond);
        if rng.chance(500_000) {
            self.say(rng, beyond);
        }
        // What was acknowledged comes late, or never.
        if rng.chance(500_000) {
            self.say(rng, self.data(way, len));
        } else {
            self.end_mut(way).edge = beyond.header.ack;
        }
        self.say(rng, self.data(way, len));
        self.say(rng, self.acknowledge(back));
    }

    fn leave_a_hole(&mut self, rng: &mut Rng, way: Way) {
        let (back, begin, len) = (opposite(way), self.end(way).edge, length(rng));
        self.say(rng, self.acknowledge(back));
        let step = u32::try_from(len).unwrap_or(1);
        let mut places: Vec<u32> = (0..4).collect();
        for place in (1..4).rev() {
            places.swap(place, usize::try_from(rng.below(4)).unwrap_or_default());
        }
        for place in places {
            let mut piece = self.data(way, len);
            piece.header.seq = begin.wrapping_add(place * step);
            self.say(rng, piece);
            if rng.chance(300_000) {
                let mut answer = self.plain(back);
                answer.header.ack = begin;
                let left = piece.header.seq;
                answer.header.options.sacks = [Some((left, left.wrapping_add(step))), None, None];
                self.say(rng, answer);
            }
        }
        self.say(rng, self.acknowledge(back));
    }

    fn resend_acknowledged(&mut self, rng: &mut Rng, way: Way) {
        let (back, begin, len) = (opposite(way), self.end(way).edge, length(rng));
        self.say(rng, self.data(way, len));
        self.say(rng, self.acknowledge(back));
        let mut resent = self.data(way, len);
        resent.header.seq = begin;
        self.say(rng, resent);
        self.say(rng, self.plain(back));
    }

    /// Another connection on the same ports, the same one's SYN again, or a second answer.
    fn begin_again(&mut self, rng: &mut Rng) {
        match rng.below(3) {
            0 => {
                let first = Self::beginning(rng);
                self.end_mut(Way::Up).first = first;
                self.handshake(rng);
            }
            1 => self.handshake(rng),
            _ => {
                let mut answer = self.acknowledge(Way::Down);
                (answer.header.seq, answer.header.flags) = (Self::beginning(rng), flags::SYN | flags::ACK);
                self.say(rng, answer);
                self.say(rng, self.acknowledge(Way::Up));
            }
        }
    }

    fn end_it(&mut self, rng: &mut Rng, way: Way) {
        let back = opposite(way);
        if rng.chance(300_000) {
            let mut reset = self.plain(way);
            reset.header.flags = flags::RST;
            reset.header.ack = 0;
            self.say(rng, reset);
            return;
        }
        for side in [way, back] {
            let mut fin = self.acknowledge(side);
            fin.header.flags |= flags::FIN;
            self.say(rng, fin);
            if rng.chance(300_000) {
                self.say(rng, fin);
            }
            self.say(rng, self.acknowledge(opposite(side)));
        }
    }

    fn update_window(&mut self, rng: &mut Rng, way: Way) {
        let back = opposite(way);
        let len = length(rng);
        self.say(rng, self.data(way, len));
        for window in [0, 64, 65, 65] {
            let mut update = self.acknowledge(back);
            update.header.window = window;
            self.say(rng, update);
        }
    }

    fn acknowledge_in_parts(&mut self, rng: &mut Rng, way: Way) {
        let (back, begin) = (opposite(way), self.end(way).edge);
        let len = length(rng);
        let count = rng.between(2, 6);
        for _ in 0..count {
            self.say(rng, self.data(way, len));
        }
        let all = count * (len as u64);
        let mut acknowledged = 0;
        while acknowledged < all {
            // At the end of a segment, or inside one.
            acknowledged = (acknowledged + rng.between(1, 2 * len as u64)).min(all);
            let part =
                if rng.chance(500_000) { acknowledged / len as u64 * len as u64 } else { acknowledged };
            let mut answer = self.plain(back);
            answer.header.ack = begin.wrapping_add(u32::try_from(part).unwrap_or_default());
            self.say(rng, answer);
        }
    }
}

fn length(rng: &mut Rng) -> usize {
    usize::try_from(rng.between(1, MAX_LEN)).unwrap_or(1)
}

#[cfg(test)]
mod tests {
    use netsonde_synth::Endpoint;

    use super::super::talk::Segment;
    use super::*;

    fn talk() -> Talk {
        let end = |last| Endpoint::new([192, 0, 2, last].into(), 40_000);
        Talk::new(end(1), end(2))
    }

    fn said(talk: &mut Talk, rng: &mut Rng) -> Vec<Segment> {
        talk.step(rng)
    }

    #[test]
    fn a_talk_never_falls_silent() {
        for seed in 0..50 {
            let (mut talk, mut rng) = (talk(), Rng::new(seed, 0));
            for _ in 0..100 {
                assert!(!said(&mut talk, &mut rng).is_empty());
            }
        }
    }

    #[test]
    fn most_talks_begin_with_a_handshake_and_some_in_the_middle() {
        let begins_with_syn = |seed| {
            let segments = said(&mut talk(), &mut Rng::new(seed, 0));
            segments.first().is_some_and(|segment| segment.header.flags == flags::SYN)
        };
        let handshakes = (0..100).filter(|seed| begins_with_syn(*seed)).count();
        // Eight in ten.
        assert!((70..=90).contains(&handshakes), "{handshakes}");
    }
}
