//! What a conversation sent lately.

use netsonde_units::{NANOS_PER_SECOND, Timestamp};

/// Seconds that the throughput as it stands is taken over, the open one among them.
const SECONDS: usize = 5;
/// Seconds of a step of the small chart.
const STEP_SECONDS: u64 = 2;
/// Steps of the small chart: a minute.
const STEPS: usize = 30;

/// Bytes of a conversation in each of the last seconds, and in each step of the last minute.
///
/// Kept by the tick for each conversation listed, so narrow: the steps are told to a sixteenth.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Pace {
    /// The second it was added to last, since the epoch.
    second: u64,
    /// What client and server sent, by second.
    sent: [[u32; 2]; SECONDS],
    /// What both sent in the step that is open.
    open: u64,
    /// What they sent in the closed ones, by step.
    steps: [u8; STEPS],
}

impl Pace {
    /// Adds what was sent up to a moment since the last time.
    pub(crate) fn add(&mut self, at: Timestamp, up: u64, down: u64) {
        self.advance(at);
        if let Some([sent_up, sent_down]) =
            slot(self.second, SECONDS).and_then(|slot| self.sent.get_mut(slot))
        {
            *sent_up = sent_up.saturating_add(u32::try_from(up).unwrap_or(u32::MAX));
            *sent_down = sent_down.saturating_add(u32::try_from(down).unwrap_or(u32::MAX));
        }
        self.open = self.open.saturating_add(up).saturating_add(down);
    }

    /// Returns bits per second of client and server over the last 4 to 5 s.
    pub(crate) fn throughput_bps(&self, now: Timestamp) -> (f64, f64) {
        let at_now = self.advanced(now);
        let of = |side: usize| {
            let bytes = at_now.sent.iter().filter_map(|sent| sent.get(side)).map(|&bytes| u64::from(bytes));
            bytes.sum::<u64>() as f64 * 8.0
        };
        let open_nanos = now.nanos() % NANOS_PER_SECOND;
        let seconds = (SECONDS - 1) as f64 + open_nanos as f64 / NANOS_PER_SECOND as f64;
        (of(0) / seconds, of(1) / seconds)
    }

    /// Returns the bytes of both over the same time.
    pub(crate) fn lately_bytes(&self, now: Timestamp) -> u64 {
        self.advanced(now).sent.iter().flatten().map(|&bytes| u64::from(bytes)).sum()
    }

    /// Returns bits per second of both in each step of the last minute, the oldest first; none of the open one.
    pub(crate) fn steps_bps(&self, now: Timestamp) -> Vec<f64> {
        let at_now = self.advanced(now);
        let open = at_now.second / STEP_SECONDS;
        let bytes = |step: u64| {
            slot(step, STEPS).and_then(|slot| at_now.steps.get(slot)).map_or(0, |&code| decode(code))
        };
        let bps = |step: u64| bytes(step) as f64 * 8.0 / STEP_SECONDS as f64;
        (0..STEPS as u64).map(|number| bps(open + number)).collect()
    }

    fn advanced(&self, now: Timestamp) -> Self {
        let mut pace = *self;
        pace.advance(now);
        pace
    }

    /// Moves on to a moment; one before the newest second counts in that, but for a stretch that lies before it.
    fn advance(&mut self, at: Timestamp) {
        let second = at.nanos() / NANOS_PER_SECOND;
        if second <= self.second && self.second - second <= SECONDS as u64 {
            return;
        }
        if second < self.second || second - self.second > STEPS as u64 * STEP_SECONDS {
            *self = Self { second, ..Self::default() };
            return;
        }
        for passed in self.second + 1..=second {
            if let Some(sent) = slot(passed, SECONDS).and_then(|slot| self.sent.get_mut(slot)) {
                *sent = [0; 2];
            }
            if passed % STEP_SECONDS == 0 {
                let closed = slot(passed / STEP_SECONDS - 1, STEPS);
                if let Some(step) = closed.and_then(|slot| self.steps.get_mut(slot)) {
                    *step = encode(self.open);
                }
                self.open = 0;
            }
        }
        self.second = second;
    }
}

/// Returns the place of a second or step among the last ones that are kept.
fn slot(number: u64, kept: usize) -> Option<usize> {
    // Lossless: usize has at most 64 bits.
    usize::try_from(number % kept as u64).ok()
}

/// What the numbers of a step count: 16 bytes, less than any packet has.
const UNIT: u64 = 16;
/// Bits of a number's mantissa below its highest one.
const MANTISSA_BITS: u32 = 3;

/// Writes bytes as five bits of exponent and three of mantissa: up to 120 GiB, to a sixteenth.
fn encode(bytes: u64) -> u8 {
    let units = bytes.div_ceil(UNIT);
    let Some(exponent) = units.checked_ilog2().and_then(|highest| highest.checked_sub(MANTISSA_BITS)) else {
        return u8::try_from(units).unwrap_or(u8::MAX);
    };
    let mantissa = (units >> exponent) & 7;
    u8::try_from(u64::from(exponent + 1) << MANTISSA_BITS | mantissa).unwrap_or(u8::MAX)
}

/// Returns the bytes that a code stands for: the middle of those that it was made of.
fn decode(code: u8) -> u64 {
    let (exponent, mantissa) = (code >> MANTISSA_BITS, u64::from(code & 7));
    let Some(shift) = exponent.checked_sub(1) else { return mantissa * UNIT };
    (((8 | mantissa) << shift) + ((1 << shift) >> 1)) * UNIT
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(seconds: u64, ms: u64) -> Timestamp {
        Timestamp::from_nanos((1_700_000_000 + seconds) * NANOS_PER_SECOND + ms * 1_000_000)
    }

    #[test]
    fn a_code_is_right_to_a_sixteenth() {
        assert_eq!((encode(0), decode(0)), (0, 0));
        let mut bytes = 60;
        while bytes < 100 << 30 {
            let told = decode(encode(bytes));
            // The middle of an eighth is told, and bytes are rounded up to a unit.
            assert!(told.abs_diff(bytes) <= bytes / 16 + UNIT, "{bytes} told as {told}");
            bytes += bytes / 7;
        }
        assert_eq!(encode(u64::MAX), u8::MAX);
    }

    #[test]
    fn the_throughput_is_that_of_the_last_seconds() {
        let mut pace = Pace::default();
        // 1,000 bytes up and 500 down in each of ten seconds.
        for second in 0..10 {
            pace.add(at(second, 0), 1_000, 500);
        }
        // Half a second into the tenth, five seconds hold 5,000 bytes: 40,000 bits in 4.5 s.
        let (up, down) = pace.throughput_bps(at(9, 500));
        assert!((up - 40_000.0 / 4.5).abs() < 1e-6 && (down - 20_000.0 / 4.5).abs() < 1e-6, "{up} {down}");
        assert_eq!(pace.lately_bytes(at(9, 500)), 7_500);
        // Three seconds later two of them are left, and after five none.
        assert_eq!(pace.lately_bytes(at(12, 0)), 3_000);
        assert_eq!(pace.lately_bytes(at(14, 0)), 0);
    }

    #[test]
    fn the_steps_are_the_closed_ones_of_the_last_minute() {
        let mut pace = Pace::default();
        pace.add(at(0, 0), 1_600, 0);
        pace.add(at(3, 0), 0, 3_200);
        // 1,600 bytes in the step before the last closed one, 3,200 in that: 6,400 and 12,800 bits per second.
        let steps = pace.steps_bps(at(4, 0));
        assert_eq!(steps.len(), 30);
        assert!((steps[28] - 6_400.0).abs() < 400.0 && (steps[29] - 12_800.0).abs() < 800.0, "{steps:?}");
        assert!(steps[..28].iter().all(|&bps| bps == 0.0));
        // The open step is not told, and a minute later nothing is left.
        pace.add(at(4, 0), 9_999, 0);
        assert_eq!(pace.steps_bps(at(5, 0)), steps);
        assert!(pace.steps_bps(at(70, 0)).iter().all(|&bps| bps == 0.0));
    }

    #[test]
    fn a_stretch_that_lies_before_begins_anew() {
        let mut pace = Pace::default();
        pace.add(at(100, 0), 1_000, 0);
        pace.add(at(99, 0), 1_000, 0);
        assert_eq!(pace.lately_bytes(at(100, 0)), 2_000);
        pace.add(at(10, 0), 5, 0);
        assert_eq!(pace.lately_bytes(at(10, 0)), 5);
    }
}
