//! Sound whose every packet has its fate written down: when it is sent, when it passes the tap, whether it comes at all.
//!
//! ```
//! use netsonde_synth::payload::rtp::Codec;
//! use netsonde_synth::script::{Script, Start};
//!
//! // Ten seconds, of which each hundredth packet is lost, and the third comes 25 ms late and so behind the fourth.
//! let script = Script::new(Codec::Pcma, 500, Start { ssrc: 7, sequence: 65_500, timestamp: 0 });
//! let script = script.lose(|number| number % 100 == 99).delay(|number| if number == 2 { 25_000_000 } else { 0 });
//! assert_eq!(script.lasts(), 10_000_000_000);
//! ```

mod play;

pub use play::Play;

use crate::payload::rtp::{Codec, Header};

/// Type and length of a telephone event (RFC 4733 section 2.3), by the number that SDP here gives it.
const DIGIT: (u8, usize) = (101, 4);

/// Type and length of comfort noise (RFC 3389, RFC 3551 section 6).
const COMFORT_NOISE: (u8, usize) = (13, 1);

/// How far packets are apart at the least that keep their order, in nanoseconds.
const LEAST_GAP: u64 = 10_000;

/// Where a stream begins.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Start {
    /// Its synchronisation source.
    pub ssrc: u32,
    /// The number of its first packet.
    pub sequence: u16,
    /// The time stamp of that.
    pub timestamp: u32,
}

/// A packet and what becomes of it.
#[derive(Clone, Copy, Debug)]
struct Step {
    header: Header,
    len: usize,
    /// Which part of its stream it belongs to, and its place in that.
    part: u64,
    number: u64,
    /// When it is sent, and how much later it passes the tap, in nanoseconds.
    sent: u64,
    delay: u64,
    is_lost: bool,
    /// How far a copy is behind it, in nanoseconds.
    copy: Option<u64>,
    /// Whether jitter goes by it.
    is_paced: bool,
}

impl Step {
    const fn passes(&self) -> u64 {
        self.sent + self.delay
    }
}

/// One way of a call: a packet each 20 ms, and what becomes of each. Packets are numbered from 0 on, and what changes them
/// is applied in the order in which it is called.
#[derive(Clone, Debug)]
pub struct Script {
    codec: Codec,
    steps: Vec<Step>,
    lasts: u64,
}

impl Script {
    /// Begins with so many packets, of which the first is marked and nothing befalls any.
    pub fn new(codec: Codec, packets: u32, start: Start) -> Self {
        let interval = u64::from(codec.step()) * 1_000_000_000 / u64::from(codec.clock_rate());
        let step = |number: u32| Step {
            header: Header {
                is_marked: number == 0,
                payload_type: codec.payload_type(),
                // Numbers wrap.
                sequence: start.sequence.wrapping_add(u16::try_from(number & 0xffff).unwrap_or_default()),
                timestamp: start.timestamp.wrapping_add(number.wrapping_mul(codec.step())),
                ssrc: start.ssrc,
                is_long: false,
            },
            len: codec.frame_len(),
            part: 0,
            number: number.into(),
            sent: u64::from(number) * interval,
            delay: 0,
            is_lost: false,
            copy: None,
            is_paced: true,
        };
        Self { codec, steps: (0..packets).map(step).collect(), lasts: u64::from(packets) * interval }
    }

    /// Returns how long it lasts, in nanoseconds: from its first packet to where the next one would be.
    pub const fn lasts(&self) -> u64 {
        self.lasts
    }

    /// Loses the packets that are told.
    #[must_use]
    pub fn lose(self, is_lost: impl Fn(u64) -> bool) -> Self {
        self.each(|number, step| step.is_lost |= is_lost(number))
    }

    /// Holds each packet up for as long as told, in nanoseconds; whoever is held up for longer is overtaken.
    #[must_use]
    pub fn delay(self, mut delay: impl FnMut(u64) -> u64) -> Self {
        self.each(|number, step| step.delay += delay(number))
    }

    /// Lets no packet overtake another: who would waits behind it.
    #[must_use]
    pub fn in_order(self) -> Self {
        let mut free = 0;
        self.each(|_, step| {
            step.delay = free.max(step.passes()) - step.sent;
            free = step.passes() + LEAST_GAP;
        })
    }

    /// Lets packets come twice: tells how far the copy is behind, in nanoseconds.
    #[must_use]
    pub fn copy(self, copy: impl Fn(u64) -> Option<u64>) -> Self {
        self.each(|number, step| step.copy = copy(number))
    }

    /// Falls silent before a packet, in steps of a packet's time: time stamps go on, numbers do not, and the packet is marked.
    #[must_use]
    pub fn pause(mut self, before: u64, steps: u32) -> Self {
        let stamps = steps.wrapping_mul(self.codec.step());
        let nanos = u64::from(stamps) * 1_000_000_000 / u64::from(self.codec.clock_rate());
        self.lasts += nanos;
        self.each(|number, step| {
            step.header.is_marked |= number == before;
            if number >= before {
                step.sent += nanos;
                step.header.timestamp = step.header.timestamp.wrapping_add(stamps);
            }
        })
    }

    /// Begins anew with a packet: another source, or the same one with other numbers.
    #[must_use]
    pub fn begin_anew(self, from: u64, start: Start) -> Self {
        let Some(first) = self.step(from) else { return self };
        let (was, number, part) = (first.header, first.number, first.part);
        let next = if was.ssrc == start.ssrc { part + 1 } else { 0 };
        self.each(|place, step| {
            if place >= from {
                let header = &mut step.header;
                header.ssrc = start.ssrc;
                header.sequence = header.sequence.wrapping_sub(was.sequence).wrapping_add(start.sequence);
                header.timestamp = header.timestamp.wrapping_sub(was.timestamp).wrapping_add(start.timestamp);
                header.is_marked |= place == from;
                (step.part, step.number) = (next, step.number - number);
            }
        })
    }

    /// Sends a digit in place of so many packets: telephone events of one time stamp, the first of them marked
    /// (RFC 4733 section 2.5.1).
    #[must_use]
    pub fn digit(self, from: u64, packets: u64) -> Self {
        let Some(stamp) = self.step(from).map(|first| first.header.timestamp) else { return self };
        self.each(|number, step| {
            if (from..from + packets).contains(&number) {
                (step.header.payload_type, step.len) = DIGIT;
                (step.header.timestamp, step.header.is_marked) = (stamp, number == from);
                step.is_paced = false;
            }
        })
    }

    /// Sends comfort noise in place of a packet, and nothing then for so many steps of a packet's time.
    #[must_use]
    pub fn hush(self, at: u64, steps: u32) -> Self {
        let quiet = self.each(|number, step| {
            if number == at {
                (step.header.payload_type, step.len) = COMFORT_NOISE;
                step.is_paced = false;
            }
        });
        quiet.pause(at + 1, steps)
    }

    /// Gives every packet two contributing sources, an extension of its header, and padding.
    #[must_use]
    pub fn long_headers(self) -> Self {
        self.each(|_, step| step.header.is_long = true)
    }

    /// Begins the capture behind so many packets.
    #[must_use]
    pub fn seen_from(mut self, number: usize) -> Self {
        self.steps = self.steps.split_off(number.min(self.steps.len()));
        self
    }

    fn step(&self, number: u64) -> Option<&Step> {
        self.steps.get(usize::try_from(number).ok()?)
    }

    fn each(mut self, mut change: impl FnMut(u64, &mut Step)) -> Self {
        for (number, step) in (0..).zip(&mut self.steps) {
            change(number, step);
        }
        self
    }
}
