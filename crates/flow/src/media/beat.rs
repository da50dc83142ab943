//! Which clock the packets of a stream go by.

use netsonde_dissect::rtp::{PayloadType, Rtp};
use netsonde_units::Timestamp;

use super::timing::{Jitter, Pace};
use crate::{Announcement, ClockBy, Format};

/// What a payload type means for the time of its packets.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Beat {
    /// Their timestamps go by this clock, in hertz.
    Clock(u32),
    /// They go by one that is to be found.
    Unknown,
    /// They have no beat of their own: tones and comfort noise are sent when there is something to say.
    Aside,
}

/// The clock of a stream and the jitter of its packets. Tones and comfort noise stay out of it (METRICS.md "RTP").
#[derive(Clone, Debug)]
pub(super) struct Timekeeper {
    first_type: PayloadType,
    /// The payload type of the latest packet, and what it means.
    latest: (PayloadType, Beat),
    jitter: Jitter,
    /// Looks for the clock while nothing tells it.
    pace: Option<Box<Pace>>,
    /// What it found.
    found: Option<u32>,
}

impl Timekeeper {
    /// Begins with a packet of this type.
    pub(super) fn begin(first_type: PayloadType, announced: Option<&Announcement>) -> Self {
        let beat = beat_of(first_type, announced, None);
        Self { first_type, latest: (first_type, beat), jitter: Jitter::default(), pace: None, found: None }
    }

    /// Takes in a packet; tells the jitter after it, and hands `each` those of the packets before it that could not be
    /// measured until now.
    #[inline]
    pub(super) fn observe(
        &mut self,
        rtp: &Rtp,
        at: Timestamp,
        announced: Option<&Announcement>,
        each: impl FnMut(Timestamp, u64),
    ) -> Option<u64> {
        if self.latest.0 != rtp.payload_type {
            self.latest = (rtp.payload_type, beat_of(rtp.payload_type, announced, self.found));
        }
        match self.latest.1 {
            Beat::Clock(rate) if self.found != Some(rate) || !self.is_tone(rtp, announced) => {
                self.jitter.observe(at, rtp.timestamp, rate)
            }
            Beat::Unknown if !self.is_tone(rtp, announced) => self.seek(rtp, at, each),
            Beat::Clock(_) | Beat::Unknown | Beat::Aside => None,
        }
    }

    /// Takes note that something else was announced; measures what waited for that.
    pub(super) fn learn(&mut self, announced: Option<&Announcement>, each: impl FnMut(Timestamp, u64)) {
        let (payload_type, before) = self.latest;
        let beat = beat_of(payload_type, announced, self.found);
        self.latest.1 = beat;
        match (before, beat) {
            (Beat::Unknown, Beat::Clock(rate)) => _ = self.measure_kept(rate, each),
            (Beat::Clock(former), Beat::Clock(rate)) if former != rate => self.jitter = Jitter::default(),
            _ => {}
        }
    }

    /// The stream has begun anew, with timestamps of another beginning.
    pub(super) fn restart(&mut self) {
        self.jitter.restart();
        if let Some(pace) = &mut self.pace {
            pace.restart();
        }
    }

    /// Returns the clock of a payload type, and where it is known from.
    pub(super) fn clock(
        &self,
        payload_type: PayloadType,
        announced: Option<&Announcement>,
    ) -> Option<(u32, ClockBy)> {
        let signalled = format_of(payload_type, announced).and_then(|format| format.clock_rate);
        let signalled = signalled.map(|rate| (rate, ClockBy::Signalling));
        let assigned = || payload_type.assigned().map(|it| (it.clock_rate, ClockBy::PayloadType));
        signalled.or_else(assigned).or_else(|| Some((self.found?, ClockBy::Pace)))
    }

    /// Returns the jitter: after the latest packet, its mean, its largest value, in nanoseconds.
    pub(super) fn jitter(&self) -> Option<(u64, u64, u64)> {
        self.jitter.nanos()
    }

    /// Tells whether a packet is a tone or comfort noise.
    pub(super) fn is_aside(&self, rtp: &Rtp, announced: Option<&Announcement>) -> bool {
        beat_of(rtp.payload_type, announced, self.found) == Beat::Aside || self.is_tone(rtp, announced)
    }

    /// Tells whether a packet looks like a tone, where nobody has said which ones are (RFC 4733 section 2.3): four bytes
    /// of another type than the stream began with.
    fn is_tone(&self, rtp: &Rtp, announced: Option<&Announcement>) -> bool {
        const TONE: u32 = 4;
        rtp.payload_len == TONE
            && rtp.payload_type != self.first_type
            && format_of(rtp.payload_type, announced).is_none()
    }

    /// Looks for the clock by the pace of timestamps, but for a stream whose first packets have one: nothing tells that
    /// the others go by it.
    #[cold]
    fn seek(&mut self, rtp: &Rtp, at: Timestamp, each: impl FnMut(Timestamp, u64)) -> Option<u64> {
        if self.first_type.assigned().is_some() {
            return None;
        }
        let rate = self.pace.get_or_insert_default().observe(at, rtp.timestamp)?;
        self.found = Some(rate);
        self.latest.1 = Beat::Clock(rate);
        self.measure_kept(rate, each)
    }

    /// Measures the packets that were kept, with the jitter after the last of them as the outcome; it is not handed over.
    fn measure_kept(&mut self, rate: u32, mut each: impl FnMut(Timestamp, u64)) -> Option<u64> {
        let mut kept = self.pace.take()?.take_kept();
        let (last_at, last) = kept.pop_back()?;
        for (at, timestamp) in kept {
            if let Some(nanos) = self.jitter.observe(at, timestamp, rate) {
                each(at, nanos);
            }
        }
        self.jitter.observe(last_at, last, rate)
    }
}

/// Returns what was announced of a payload type.
pub(super) fn format_of(payload_type: PayloadType, announced: Option<&Announcement>) -> Option<&Format> {
    announced?.formats.iter().find(|format| format.payload_type == payload_type.0)
}

fn beat_of(payload_type: PayloadType, announced: Option<&Announcement>, found: Option<u32>) -> Beat {
    let format = format_of(payload_type, announced);
    let is = |codec: &str| format.is_some_and(|format| format.codec.eq_ignore_ascii_case(codec));
    if is("telephone-event") || is("tone") || is("CN") || payload_type.is_comfort_noise() {
        return Beat::Aside;
    }
    let rate = format
        .and_then(|format| format.clock_rate)
        .or_else(|| payload_type.assigned().map(|it| it.clock_rate))
        .or(found)
        .filter(|&rate| rate > 0);
    rate.map_or(Beat::Unknown, Beat::Clock)
}
