//! Plays a capture file back at the pace at which it was captured, or a multiple of it.

use std::fmt;
use std::ops::Range;
use std::str::FromStr;
use std::thread;
use std::time::Duration;

use netsonde_dissect::{LinkType, Packet};
use netsonde_units::{NANOS_PER_SECOND, Timestamp};

use crate::error::ReadError;
use crate::file::FileSource;
use crate::polled::{Polled, Progress};
use crate::steady::Steady;

/// The longest wait for the next packet: whoever polls must get to tick and to stop.
const WAIT: Duration = Duration::from_millis(50);
/// Packets handed over at once.
const BATCH: usize = 64;
/// A pause in the capture longer than this is not waited for, as if it had been stopped and begun again.
const LONGEST_PAUSE_NANOS: u64 = 3_600 * NANOS_PER_SECOND;
/// A stamp so far before the one in front of it is no late packet: another capture begins there.
const FARTHEST_BACK_NANOS: u64 = 5 * NANOS_PER_SECOND;

/// How many times faster than it was captured a file is played back: 0.001 to 1,000,000.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ReplaySpeed {
    thousandths: u32,
}

impl ReplaySpeed {
    /// As fast as it was captured.
    pub const ORIGINAL: Self = Self { thousandths: 1_000 };
    const MAX_THOUSANDTHS: u32 = 1_000_000_000;
}

impl FromStr for ReplaySpeed {
    type Err = String;

    /// Reads a decimal number with at most three digits behind the point.
    fn from_str(text: &str) -> Result<Self, String> {
        let problem =
            || format!("{text:?} is not a speed: write how many times faster, from 0.001 to 1000000");
        let (whole, fraction) = text.split_once('.').unwrap_or((text, ""));
        let is_number = |digits: &str| digits.bytes().all(|digit| digit.is_ascii_digit());
        if whole.len() + fraction.len() == 0
            || fraction.len() > 3
            || !is_number(whole)
            || !is_number(fraction)
        {
            return Err(problem());
        }
        let digits = format!("{whole}{fraction:0<3}");
        match digits.parse() {
            Ok(thousandths @ 1..=Self::MAX_THOUSANDTHS) => Ok(Self { thousandths }),
            _ => Err(problem()),
        }
    }
}

impl fmt::Display for ReplaySpeed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", f64::from(self.thousandths) / 1_000.0)
    }
}

/// A capture file whose packets come when their stamps say.
#[derive(Debug)]
pub(crate) struct Replay {
    file: FileSource,
    pace: Pace,
    pending: Pending,
    /// How far the file was read before the packets that wait, and with them.
    read: Range<u64>,
}

/// Packet time on the scale of the wall clock.
#[derive(Debug)]
struct Pace {
    speed: ReplaySpeed,
    clock: fn() -> Timestamp,
    /// A moment of packet time, and the time since then on the wall.
    anchor: Option<(Timestamp, Steady)>,
    /// The stamp handed over last.
    last: Timestamp,
}

/// Packets that were read and are not due.
#[derive(Debug, Default)]
struct Pending {
    bytes: Vec<u8>,
    packets: Vec<Waiting>,
    /// How many of them were handed over.
    gone: usize,
}

#[derive(Clone, Debug)]
struct Waiting {
    at: Option<Timestamp>,
    link: LinkType,
    interface: u32,
    wire_len: u32,
    bytes: Range<usize>,
}

impl Replay {
    pub(crate) fn new(file: FileSource, speed: ReplaySpeed, clock: fn() -> Timestamp) -> Self {
        let pace = Pace { speed, clock, anchor: None, last: Timestamp::EPOCH };
        Self { file, pace, pending: Pending::default(), read: 0..0 }
    }

    pub(crate) const fn file(&self) -> &FileSource {
        &self.file
    }

    /// Returns how far the file has been handed over: what was only read ahead is not counted.
    pub(crate) fn progress(&self) -> Option<Progress> {
        let Progress { total, .. } = self.file.progress()?;
        let Range { start, end } = self.read;
        let (gone, all) = (self.pending.gone as u128, self.pending.packets.len().max(1) as u128);
        let handed = u64::try_from(u128::from(end.saturating_sub(start)) * gone / all).unwrap_or(u64::MAX);
        Some(Progress { read: start.saturating_add(handed), total })
    }

    /// Hands over packets that are due; waits a moment where none is.
    pub(crate) fn poll<F: FnMut(&[Packet<'_>])>(&mut self, mut each: F) -> Result<Polled, ReadError> {
        if self.pending.is_empty() {
            let pending = &mut self.pending;
            pending.clear();
            let polled = self.file.poll(|packets| packets.iter().for_each(|packet| pending.add(packet)))?;
            if !matches!(polled, Polled::Packets(_)) {
                return Ok(polled);
            }
            self.read = self.read.end..self.file.progress().map_or(0, |progress| progress.read);
        }
        let Self { pace, pending, .. } = self;
        let (packets, wait) = pending.hand_over(|at| pace.wait_for(at), &mut each);
        if packets > 0 {
            return Ok(Polled::Packets(packets));
        }
        thread::park_timeout(wait.min(WAIT));
        // Where the wait took longer than was asked for, the packet is due: silence ends with its stamp, not after it.
        let next = pending.next_at();
        Ok(Polled::Idle(pace.now().map(|now| next.map_or(now, |next| now.min(next)))))
    }
}

impl Pace {
    /// Returns the moment of packet time; none before the first stamp.
    fn now(&mut self) -> Option<Timestamp> {
        let (packet, since) = self.anchor.as_mut()?;
        let passed = since.read((self.clock)()).as_nanos() * u128::from(self.speed.thousandths) / 1_000;
        Some(packet.plus_nanos(u64::try_from(passed).unwrap_or(u64::MAX)))
    }

    /// Returns how long to wait for a packet with this stamp: not at all where it is due.
    fn wait_for(&mut self, at: Option<Timestamp>) -> Duration {
        let Some(at) = at else { return Duration::ZERO };
        let jumped = at.nanos_since(self.last) > LONGEST_PAUSE_NANOS
            || self.last.nanos_since(at) > FARTHEST_BACK_NANOS;
        let now = self.now().filter(|_| !jumped);
        let Some(now) = now else {
            self.anchor = Some((at, Steady::starting((self.clock)())));
            self.last = at;
            return Duration::ZERO;
        };
        if at <= now {
            self.last = at;
            return Duration::ZERO;
        }
        let wait = u128::from(at.nanos_since(now)) * 1_000 / u128::from(self.speed.thousandths);
        // Never nothing: a packet that is not due must not be handed over.
        Duration::from_nanos(u64::try_from(wait).unwrap_or(u64::MAX).max(1))
    }
}

impl Pending {
    fn is_empty(&self) -> bool {
        self.gone >= self.packets.len()
    }

    /// Returns the stamp of the packet that is to be handed over next.
    fn next_at(&self) -> Option<Timestamp> {
        self.packets.get(self.gone)?.at
    }

    fn clear(&mut self) {
        self.bytes.clear();
        self.packets.clear();
        self.gone = 0;
    }

    fn add(&mut self, packet: &Packet<'_>) {
        let &Packet { at, link, interface, wire_len, bytes } = packet;
        let start = self.bytes.len();
        self.bytes.extend_from_slice(bytes);
        self.packets.push(Waiting { at, link, interface, wire_len, bytes: start..self.bytes.len() });
    }

    /// Hands over the first packets, up to a batch, that `wait_for` does not let wait; returns how many, and how long
    /// the next one waits.
    fn hand_over(
        &mut self,
        mut wait_for: impl FnMut(Option<Timestamp>) -> Duration,
        each: &mut impl FnMut(&[Packet<'_>]),
    ) -> (usize, Duration) {
        let mut batch = [Packet::default(); BATCH];
        let mut count = 0;
        let mut wait = Duration::ZERO;
        for (place, waiting) in batch.iter_mut().zip(self.packets.iter().skip(self.gone)) {
            wait = wait_for(waiting.at);
            if !wait.is_zero() {
                break;
            }
            let bytes = self.bytes.get(waiting.bytes.clone()).unwrap_or_default();
            let &Waiting { at, link, interface, wire_len, .. } = waiting;
            *place = Packet { at, link, interface, wire_len, bytes };
            count += 1;
        }
        if let Some(due) = batch.get(..count).filter(|due| !due.is_empty()) {
            each(due);
        }
        self.gone += count;
        (count, wait)
    }
}

#[cfg(test)]
mod tests {
    use std::cell::Cell;
    use std::io::Cursor;

    use super::*;

    thread_local! {
        /// The wall clock of a test, in milliseconds.
        static WALL_MS: Cell<u64> = const { Cell::new(0) };
        /// How far it goes on whenever it is read.
        static STEP_MS: Cell<u64> = const { Cell::new(0) };
    }

    fn clock() -> Timestamp {
        let wall = WALL_MS.get();
        WALL_MS.set(wall + STEP_MS.get());
        Timestamp::from_nanos(wall * 1_000_000)
    }

    /// A microsecond pcap of one-byte packets with these stamps, in milliseconds; the byte counts them.
    fn replay(stamps_ms: &[u32], speed: &str) -> Replay {
        let mut file =
            [&[0xd4, 0xc3, 0xb2, 0xa1, 2, 0, 4, 0][..], &[0; 8], &[0, 0, 4, 0, 1, 0, 0, 0]].concat();
        for (number, ms) in (0_u8..).zip(stamps_ms) {
            file.extend([ms / 1_000, ms % 1_000 * 1_000, 1, 1].map(u32::to_le_bytes).concat());
            file.push(number);
        }
        let file = FileSource::open("replay".into(), Box::new(Cursor::new(file)), None).unwrap();
        Replay::new(file, speed.parse().unwrap(), clock)
    }

    /// What a poll at a moment of the wall clock hands over.
    fn poll_at(replay: &mut Replay, wall_ms: u64) -> Vec<u8> {
        WALL_MS.set(wall_ms);
        let mut seen = Vec::new();
        replay.poll(|packets| seen.extend(packets.iter().map(|packet| packet.bytes[0]))).unwrap();
        seen
    }

    #[test]
    fn packets_come_when_their_stamps_say() {
        let mut replay = replay(&[5_000, 5_100, 5_100, 7_000], "1");
        assert_eq!(replay.progress(), None);
        assert_eq!(poll_at(&mut replay, 90_000), [0]);
        assert_eq!(poll_at(&mut replay, 90_099), []);
        assert_eq!(poll_at(&mut replay, 90_100), [1, 2]);
        // Silence goes on in packet time: 5,000 and 1,000 since the first packet.
        WALL_MS.set(91_000);
        assert_eq!(replay.poll(|_| ()).unwrap(), Polled::Idle(Some(Timestamp::from_parts(6, 0))));
        assert_eq!(poll_at(&mut replay, 92_500), [3]);
        assert_eq!(replay.poll(|_| ()).unwrap(), Polled::End);
    }

    #[test]
    fn a_wait_that_lasts_too_long_ends_with_the_next_packet() {
        let mut replay = replay(&[5_000, 6_000], "1");
        assert_eq!(poll_at(&mut replay, 90_000), [0]);
        // The clock stands at 90.5 s when the packet of 6 s is not due, and at 92.5 s after the wait.
        WALL_MS.set(90_500);
        STEP_MS.set(2_000);
        assert_eq!(replay.poll(|_| ()).unwrap(), Polled::Idle(Some(Timestamp::from_parts(6, 0))));
    }

    #[test]
    fn a_speed_is_a_multiple_of_the_pace() {
        // Ten times: 1 s of the capture lasts 100 ms.
        let mut fast = replay(&[0, 1_000, 2_000], "10");
        assert_eq!(poll_at(&mut fast, 0), [0]);
        assert_eq!(poll_at(&mut fast, 99), []);
        assert_eq!(poll_at(&mut fast, 100), [1]);
        // Half: it lasts 2 s.
        let mut slow = replay(&[0, 1_000], "0.5");
        assert_eq!(poll_at(&mut slow, 0), [0]);
        assert_eq!(poll_at(&mut slow, 1_999), []);
        assert_eq!(poll_at(&mut slow, 2_000), [1]);
    }

    #[test]
    fn a_jump_of_the_stamps_is_not_waited_for() {
        // More than an hour ahead, then back to the beginning, then on at its pace.
        let mut replay = replay(&[10_000, 3_620_001, 10_000, 10_050], "1");
        assert_eq!(poll_at(&mut replay, 0), [0, 1, 2]);
        assert_eq!(poll_at(&mut replay, 49), []);
        assert_eq!(poll_at(&mut replay, 50), [3]);
    }

    #[test]
    fn a_late_packet_comes_at_once_and_moves_nothing() {
        let mut replay = replay(&[10_000, 10_020, 9_000, 10_040], "1");
        assert_eq!(poll_at(&mut replay, 0), [0]);
        assert_eq!(poll_at(&mut replay, 20), [1, 2]);
        assert_eq!(poll_at(&mut replay, 39), []);
        assert_eq!(poll_at(&mut replay, 40), [3]);
    }

    #[test]
    fn what_is_no_speed_is_refused() {
        let largest = ("1000000", 1_000_000_000);
        for (text, thousandths) in [("1", 1_000), ("0.5", 500), ("2.125", 2_125), (".001", 1), largest] {
            assert_eq!(text.parse(), Ok(ReplaySpeed { thousandths }), "{text}");
        }
        for text in ["", ".", "0", "0.0", "-1", "1e3", "1.0001", "1000001", "99999999999", "fast", "+1"] {
            assert!(text.parse::<ReplaySpeed>().is_err(), "{text}");
        }
        assert_eq!("0.25".parse::<ReplaySpeed>().unwrap().to_string(), "0.25");
    }
}
