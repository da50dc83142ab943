//! A stream of RTP, counted by the book as its packets pass: RFC 3550 appendix A.3 and A.8.
//!
//! Who counts here knows every packet's place among those sent, so that nothing is guessed from sequence numbers.

use std::net::IpAddr;

use serde::Serialize;

use super::Truth;
use crate::path::{Path, Way};

/// A stream of RTP.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Rtp {
    /// The synchronisation source.
    pub ssrc: u32,
    /// Who sent it.
    pub src: IpAddr,
    /// From which port.
    pub src_port: u16,
    /// To whom.
    pub dst: IpAddr,
    /// To which port.
    pub dst_port: u16,
    /// The payload type of its first packet.
    pub payload_type: u8,
    /// The clock of its time stamps, in hertz.
    pub clock_rate: u32,
    /// Counts packets sent, from the first to the last that passed; of a stream whose numbers began anew, those of
    /// each part.
    pub sent: u64,
    /// Counts packets that passed, copies included.
    pub seen: u64,
    /// Sums their payload, in bytes: without header, sources, extension and padding.
    pub payload_bytes: u64,
    /// Counts packets lost before the tap, as far as `sent` reaches.
    pub lost: u64,
    /// Counts packets that passed after one with a higher number.
    pub reordered: u64,
    /// Counts copies.
    pub duplicated: u64,
    /// Counts times that its numbers began anew.
    pub restarts: u64,
    /// Counts packets whose marker says that sound begins after a silence (RFC 3551 section 4.1).
    pub talk_spurts: u64,
    /// How unevenly its packets came; none before the second that counts.
    pub jitter: Option<Jitter>,
}

/// The interarrival jitter of a stream (RFC 3550 section 6.4.1), in nanoseconds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Jitter {
    /// As of the last packet.
    pub last: u64,
    /// The mean of what it was after each packet but the first.
    pub mean: u64,
    /// The largest of these.
    pub max: u64,
}

/// What names a stream beside its ends.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Source {
    pub(crate) ssrc: u32,
    /// The type of its first packet.
    pub(crate) payload_type: u8,
    pub(crate) clock_rate: u32,
}

/// A packet of a stream as it passes.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Passed {
    /// When, in nanoseconds since the Unix epoch.
    pub(crate) now: u64,
    /// Which of the parts of its stream that it belongs to: numbers begin anew with each.
    pub(crate) part: u64,
    /// Its place in that part, never wrapped.
    pub(crate) number: u64,
    /// Whether it passed before.
    pub(crate) is_copy: bool,
    /// Its time stamp.
    pub(crate) timestamp: u32,
    /// Length of its payload, in bytes.
    pub(crate) payload: usize,
    /// Whether jitter goes by it: neither a telephone event nor comfort noise.
    pub(crate) is_paced: bool,
    /// Whether its marker says that sound begins.
    pub(crate) begins_talk: bool,
}

/// Counts one stream.
#[derive(Debug)]
pub(crate) struct Watch {
    truth: Rtp,
    /// Where it stands in the truth about everything.
    place: usize,
    part: u64,
    lowest: u64,
    highest: u64,
    /// Packets of this part that passed, and what the parts before it came to.
    unique: u64,
    sent_before: u64,
    lost_before: u64,
    pace: Pace,
}

impl Watch {
    /// Begins with a stream's first packet, and counts nothing yet.
    pub(crate) fn new(path: &Path, way: Way, source: Source, first: &Passed, truth: &mut Truth) -> Self {
        let (src, dst) = path.ends(way);
        let Source { ssrc, payload_type, clock_rate } = source;
        let watch = Self {
            place: truth.rtp.len(),
            truth: Rtp {
                ssrc,
                src: src.ip,
                src_port: src.port,
                dst: dst.ip,
                dst_port: dst.port,
                payload_type,
                clock_rate,
                sent: 0,
                seen: 0,
                payload_bytes: 0,
                lost: 0,
                reordered: 0,
                duplicated: 0,
                restarts: 0,
                talk_spurts: 0,
                jitter: None,
            },
            part: first.part,
            lowest: first.number,
            highest: first.number,
            unique: 0,
            sent_before: 0,
            lost_before: 0,
            pace: Pace::default(),
        };
        truth.rtp.push(watch.truth.clone());
        watch
    }

    /// Counts a packet, the first one too.
    pub(crate) fn count(&mut self, packet: &Passed, all: &mut Truth) {
        self.note(packet);
        if let Some(truth) = all.rtp.get_mut(self.place) {
            truth.clone_from(&self.truth);
        }
    }

    fn note(&mut self, packet: &Passed) {
        let truth = &mut self.truth;
        if packet.part != self.part {
            (self.sent_before, self.lost_before) = (truth.sent, truth.lost);
            (self.part, self.lowest, self.highest, self.unique) =
                (packet.part, packet.number, packet.number, 0);
            truth.restarts += 1;
            // Time stamps begin anew with the numbers.
            self.pace.last = None;
        }
        truth.seen += 1;
        truth.payload_bytes += u64::try_from(packet.payload).unwrap_or_default();
        if packet.is_copy {
            truth.duplicated += 1;
        } else {
            self.unique += 1;
            truth.reordered += u64::from(packet.number < self.highest);
            truth.talk_spurts += u64::from(packet.begins_talk);
        }
        self.lowest = self.lowest.min(packet.number);
        self.highest = self.highest.max(packet.number);
        let sent = self.highest - self.lowest + 1;
        truth.sent = self.sent_before + sent;
        truth.lost = self.lost_before + sent.saturating_sub(self.unique);
        if packet.is_paced {
            self.pace.observe(packet.now, packet.timestamp, truth.clock_rate);
            truth.jitter = self.pace.jitter(truth.clock_rate);
        }
    }
}

/// The arithmetic of appendix A.8, in units of a nanosecond divided by the clock's rate: whole numbers throughout.
#[derive(Debug, Default)]
struct Pace {
    /// When the last packet came, in nanoseconds, and its time stamp.
    last: Option<(u64, u32)>,
    /// The jitter times 16.
    scaled: u128,
    packets: u128,
    sum: u128,
    largest: u128,
}

impl Pace {
    fn observe(&mut self, now: u64, timestamp: u32, clock_rate: u32) {
        let Some((before, stamp)) = self.last.replace((now, timestamp)) else { return };
        let (earlier, later) = (i128::from(before), i128::from(now));
        // Half of the space lies behind, half before: a step that is as large says nothing.
        let step = i64::from(timestamp.wrapping_sub(stamp));
        let step = if step < 1 << 31 { step } else { step - (1 << 32) };
        let difference = (later - earlier) * i128::from(clock_rate) - i128::from(step) * 1_000_000_000;
        self.scaled = self.scaled + difference.unsigned_abs() - (self.scaled + 8) / 16;
        self.packets += 1;
        self.sum += self.scaled;
        self.largest = self.largest.max(self.scaled);
    }

    fn jitter(&self, clock_rate: u32) -> Option<Jitter> {
        let unit = 16 * u128::from(clock_rate.max(1));
        let nanos = |scaled: u128| u64::try_from((scaled + unit / 2) / unit).unwrap_or(u64::MAX);
        let mean = self.sum.checked_div(self.packets)?;
        Some(Jitter { last: nanos(self.scaled), mean: nanos(mean), max: nanos(self.largest) })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::path::Endpoint;

    const MILLISECOND: u64 = 1_000_000;

    /// Counts packets of 20 ms at 8 kHz: part, number, delay in milliseconds, whether it is a copy.
    fn counted(packets: &[(u64, u64, u64, bool)]) -> Rtp {
        let end = |last| Endpoint::new([192, 0, 2, last].into(), 4_000);
        let path = Path::new(end(1), end(2));
        let passed = |&(part, number, delay, is_copy): &(u64, u64, u64, bool)| Passed {
            now: (number * 20 + delay) * MILLISECOND,
            part,
            number,
            is_copy,
            timestamp: u32::try_from(number * 160).unwrap(),
            payload: 160,
            is_paced: true,
            begins_talk: number == 0,
        };
        let (source, mut truth) = (Source { ssrc: 7, payload_type: 0, clock_rate: 8_000 }, Truth::default());
        let mut watch = Watch::new(&path, Way::Up, source, &passed(&packets[0]), &mut truth);
        for packet in packets {
            watch.count(&passed(packet), &mut truth);
        }
        truth.rtp.remove(0)
    }

    #[test]
    fn jitter_is_that_of_appendix_a_8() {
        // Delays of 0, 16, 16 and 0 ms are differences of 16, 0 and 16: J is 1, then 1 - 1/16, then that and (16 - that)/16.
        let jitter = counted(&[(0, 0, 0, false), (0, 1, 16, false), (0, 2, 16, false), (0, 3, 0, false)])
            .jitter
            .unwrap();
        let second = MILLISECOND * 15 / 16;
        let third = second + (16 * MILLISECOND - second) / 16;
        assert_eq!((jitter.last, jitter.max), (third, third));
        assert_eq!(jitter.mean, (MILLISECOND + second + third) / 3);
        assert_eq!(counted(&[(0, 0, 5, false)]).jitter, None);
    }

    #[test]
    fn what_is_late_or_doubled_is_not_lost() {
        // Of 2 to 9 the 5 is lost; 3 passes after 4, 7 twice.
        let numbers = [(2, 0), (4, 0), (3, 30), (6, 0), (7, 0), (7, 1), (8, 0), (9, 0)];
        let truth = counted(&numbers.map(|(number, delay)| (0, number, delay, delay == 1)));
        assert_eq!((truth.sent, truth.seen, truth.lost, truth.reordered, truth.duplicated), (8, 8, 1, 1, 1));
    }

    #[test]
    fn a_first_packet_that_was_overtaken_was_sent_too() {
        let truth = counted(&[(0, 5, 0, false), (0, 4, 21, false), (0, 6, 0, false)]);
        assert_eq!((truth.sent, truth.lost, truth.reordered), (3, 0, 1));
    }

    #[test]
    fn parts_add_up() {
        // 2 of the first part is lost, and 1 of the second.
        let truth = counted(&[(0, 1, 0, false), (0, 3, 0, false), (1, 0, 0, false), (1, 2, 0, false)]);
        assert_eq!((truth.sent, truth.lost, truth.restarts), (6, 2, 1));
    }
}
