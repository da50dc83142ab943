//! Sound and pictures between two ends: RTP both ways, or one, with the reports of RTCP.
//!
//! Packets are lost, late or doubled before the tap, as its quality says; the truth knows which.

use std::cmp::Reverse;
use std::collections::BinaryHeap;

use crate::packets::Conversation;
use crate::pair::Pair;
use crate::path::{Path, Way};
use crate::payload::rtp::{Codec, Reception, Stream};
use crate::rng::Rng;
use crate::tap::{Label, Tap};
use crate::truth::Note;
use crate::truth::stream::{Passed, Source, Watch};

/// How far a late packet falls behind, in nanoseconds: beyond the next, never a second behind.
const LATE: u64 = 30_000_000;

/// How far a copy is behind, in nanoseconds.
const COPY: u64 = 40_000;

/// How long packets of one picture are apart, in nanoseconds.
const PICTURE_GAP: u64 = 150_000;

/// How often a side reports, in nanoseconds (RFC 3550 section 6.2).
const REPORT_EVERY: u64 = 5_000_000_000;

/// How many packets of a stream are spared, so that its first one is the first of its numbers.
const SPARED: u64 = 8;

/// Length of the header of every packet here, in bytes.
const HEADER: usize = 12;

/// What happens to the packets of a stream, in parts of a million where not said otherwise.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Quality {
    /// How likely a loss begins.
    pub lost: u32,
    /// How likely a loss goes on with the next packet.
    pub lost_next: u32,
    /// How likely a packet is overtaken.
    pub late: u32,
    /// How likely a packet comes twice.
    pub twice: u32,
    /// How much longer a frame may take, in nanoseconds; none overtakes another by it.
    pub jitter: u64,
}

/// One direction.
#[derive(Debug)]
pub struct Voice {
    way: Way,
    stream: Stream,
    codec: Codec,
    /// Bytes of a picture, at the least and at the most.
    picture: (usize, usize),
    qualities: Vec<(u64, Quality)>,
    next_frame: u64,
    end: u64,
    /// When the last packet passes that is not late: those behind it pass later.
    last_pass: u64,
    numbered: u64,
    in_loss: bool,
    highest: u64,
    seen: u64,
    watch: Option<Watch>,
    heard: Heard,
}

/// What the other side reports of a stream (RFC 3550 section 6.4.1).
#[derive(Debug, Default)]
struct Heard {
    /// Packets expected and seen when the last report was made.
    expected: u64,
    seen: u64,
    /// How long the last packet took to the tap, in nanoseconds.
    transit: Option<u64>,
    /// The interarrival jitter times 16, in nanoseconds, as appendix A.8 keeps it.
    jitter: u64,
}

impl Heard {
    fn observe(&mut self, transit: u64) {
        if let Some(last) = self.transit.replace(transit) {
            self.jitter = (self.jitter + transit.abs_diff(last)).saturating_sub((self.jitter + 8) / 16);
        }
    }
}

impl Voice {
    /// Begins a stream from `begin` to `end`, in nanoseconds since the Unix epoch, with a quality throughout.
    pub fn new(way: Way, codec: Codec, (begin, end): (u64, u64), quality: Quality, rng: &mut Rng) -> Self {
        Self {
            way,
            stream: Stream::new(codec, rng),
            codec,
            picture: (2_000, 9_000),
            qualities: vec![(0, quality)],
            next_frame: begin,
            end,
            last_pass: 0,
            numbered: 0,
            in_loss: false,
            highest: 0,
            seen: 0,
            watch: None,
            heard: Heard::default(),
        }
    }

    /// Changes the quality at a moment, in nanoseconds since the Unix epoch, later than the ones before.
    #[must_use]
    pub fn then(mut self, at: u64, quality: Quality) -> Self {
        self.qualities.push((at, quality));
        self
    }

    /// Sets the length of a picture, at the least and at the most, in bytes.
    #[must_use]
    pub const fn pictures(mut self, least: usize, most: usize) -> Self {
        self.picture = (least, most);
        self
    }

    /// Returns the time from a frame to the next, in nanoseconds.
    fn interval(&self) -> u64 {
        u64::from(self.codec.step()) * 1_000_000_000 / u64::from(self.codec.clock_rate().max(1))
    }

    fn quality(&self, now: u64) -> Quality {
        let current = self.qualities.iter().rev().find(|(from, _)| *from <= now);
        current.map_or(Quality::default(), |(_, quality)| *quality)
    }

    /// Makes the packets of the next frame, each with the moment it passes; those that are lost are not among them.
    fn frame(&mut self, rng: &mut Rng, mut pass: impl FnMut(u64, Ready)) {
        let now = self.next_frame;
        self.next_frame = now + self.interval();
        let quality = self.quality(now);
        let (least, most) = self.picture;
        let len = least + usize::try_from(rng.below(u64::try_from(most - least).unwrap_or(0))).unwrap_or(0);
        let jitter = rng.below(quality.jitter.saturating_add(1));
        let mut at = (now + jitter).max(self.last_pass);
        let timestamp = self.stream.next_timestamp();
        for payload in self.stream.frame(len, rng) {
            let number = self.numbered;
            self.numbered += 1;
            at += PICTURE_GAP;
            self.last_pass = at;
            let spared = number < SPARED;
            self.in_loss = !spared && rng.chance(if self.in_loss { quality.lost_next } else { quality.lost });
            if self.in_loss {
                continue;
            }
            let twice = !spared && rng.chance(quality.twice);
            if twice {
                let payload = payload.clone();
                pass(at + COPY, Ready { way: self.way, number, copy: true, sent: now, timestamp, payload });
            }
            let late = if !spared && !twice && rng.chance(quality.late) { LATE } else { 0 };
            pass(at + late, Ready { way: self.way, number, copy: false, sent: now, timestamp, payload });
        }
    }

    /// Returns what the other side reports of it, and begins the time of the next report.
    fn reception(&mut self) -> Reception {
        let expected = self.highest + 1;
        let since = expected.saturating_sub(self.heard.expected);
        let lost = since.saturating_sub(self.seen.saturating_sub(self.heard.seen));
        (self.heard.expected, self.heard.seen) = (expected, self.seen);
        let jitter = self.heard.jitter / 16 * u64::from(self.codec.clock_rate()) / 1_000_000_000;
        Reception {
            ssrc: self.stream.ssrc(),
            fraction_lost: u8::try_from(lost * 256 / since.max(1)).unwrap_or(u8::MAX),
            lost: u16::try_from(expected.saturating_sub(self.seen)).unwrap_or(u16::MAX),
            highest: u32::from(self.stream.next_sequence().wrapping_sub(1)),
            jitter: u32::try_from(jitter).unwrap_or(u32::MAX),
            ..Reception::default()
        }
    }

    /// Counts a packet that passes.
    fn passed(&mut self, ready: &Ready, now: u64, path: &Path, tap: &mut Tap) {
        let passed = Passed {
            now,
            part: 0,
            number: ready.number,
            is_copy: ready.copy,
            timestamp: ready.timestamp,
            payload: ready.payload.len() - HEADER,
            is_paced: true,
            begins_talk: ready.number == 0 && self.codec.is_audio(),
        };
        let source = Source {
            ssrc: self.stream.ssrc(),
            payload_type: self.codec.payload_type(),
            clock_rate: self.codec.clock_rate(),
        };
        let truth = tap.truth_mut();
        self.watch
            .get_or_insert_with(|| Watch::new(path, self.way, source, &passed, truth))
            .count(&passed, truth);
        if !ready.copy {
            self.seen += 1;
            self.heard.observe(now.saturating_sub(ready.sent));
        }
        self.highest = self.highest.max(ready.number);
    }
}

/// A packet that will pass.
#[derive(Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Ready {
    way: Way,
    number: u64,
    copy: bool,
    /// When its frame was sent, in nanoseconds since the Unix epoch.
    sent: u64,
    timestamp: u32,
    payload: Vec<u8>,
}

/// Media between two ends.
#[derive(Debug)]
pub struct Media {
    label: Label,
    packets: Pair,
    reports: Pair,
    voices: Vec<Voice>,
    ready: BinaryHeap<Reverse<(u64, Ready)>>,
    next_report: Option<(u64, Way)>,
    rng: Rng,
}

impl Media {
    /// Makes media of one or two voices on a path whose ports are even; its reports use the ports behind them
    /// (RFC 3550 section 11).
    ///
    /// `announced` says whether SDP named the ports.
    pub fn new(label: Label, path: Path, announced: bool, voices: Vec<Voice>, rng: Rng) -> Self {
        let control = path.at_ports(path.client.port + 1, path.server.port + 1);
        let pair = if announced { Pair::announced } else { Pair::new };
        let begin = voices.iter().map(|voice| voice.next_frame).min().unwrap_or_default();
        Self {
            label,
            packets: pair(path),
            reports: pair(control),
            voices,
            ready: BinaryHeap::new(),
            next_report: Some((begin + REPORT_EVERY / 2, Way::Up)),
            rng,
        }
    }

    /// Makes an arrival of it, for a plan.
    pub fn arrival(self) -> (u64, Box<dyn Conversation>) {
        (self.next().unwrap_or_default(), Box::new(self))
    }

    fn next(&self) -> Option<u64> {
        let frame = self.next_voice().map(|(at, _)| at);
        let ready = self.ready.peek().map(|Reverse((at, _))| *at);
        let report = self.next_report.map(|(at, _)| at);
        [frame, ready, report].into_iter().flatten().min()
    }

    fn next_voice(&self) -> Option<(u64, usize)> {
        let open = self.voices.iter().enumerate().filter(|(_, voice)| voice.next_frame < voice.end);
        open.map(|(place, voice)| (voice.next_frame, place)).min()
    }

    /// Sends the report of a side about itself and the other.
    fn report(&mut self, now: u64, way: Way, tap: &mut Tap) {
        let heard = self.voices.iter_mut().find(|voice| voice.way != way);
        let about = heard.map_or_else(Reception::default, Voice::reception);
        let Some(voice) = self.voices.iter().find(|voice| voice.way == way) else { return };
        let payload = voice.stream.sender_report(now, about, "user@host.example");
        let label = Label { protocol: "RTCP", ..self.label };
        tap.udp(label, &self.reports.path, way, &payload);
        tap.note(&Note::Rtcp);
        self.reports.count(way, tap);
    }
}

impl Conversation for Media {
    fn step(&mut self, now: u64, tap: &mut Tap) -> Option<u64> {
        while let Some((at, place)) = self.next_voice()
            && at <= now
            && let Some(voice) = self.voices.get_mut(place)
        {
            let ready = &mut self.ready;
            voice.frame(&mut self.rng, |at, packet| ready.push(Reverse((at, packet))));
        }
        if let Some((at, way)) = self.next_report
            && at <= now
        {
            // The other side reports a quarter of a second later.
            let pause = if way == Way::Up { REPORT_EVERY / 20 } else { REPORT_EVERY * 19 / 20 };
            let ends = self.voices.iter().map(|voice| voice.end).max().unwrap_or_default();
            self.next_report = Some((at + pause, way.back())).filter(|(at, _)| *at < ends);
            self.report(at, way, tap);
        } else if self.ready.peek().is_some_and(|Reverse((at, _))| *at <= now)
            && let Some(Reverse((_, packet))) = self.ready.pop()
        {
            tap.udp(self.label, &self.packets.path, packet.way, &packet.payload);
            self.packets.count(packet.way, tap);
            let path = &self.packets.path;
            if let Some(voice) = self.voices.iter_mut().find(|voice| voice.way == packet.way) {
                voice.passed(&packet, now, path, tap);
            }
        }
        self.next()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reported_jitter_is_that_of_appendix_a_8() {
        let mut heard = Heard::default();
        // The first packet gives no difference; the second 1,600 whole; the third none, less (1,600 + 8) / 16.
        for (transit, expected) in [(500, 0), (2_100, 1_600), (2_100, 1_500)] {
            heard.observe(transit);
            assert_eq!(heard.jitter, expected);
        }
    }
}
