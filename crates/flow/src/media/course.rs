//! How a stream fares over its time.

use netsonde_units::NANOS_PER_SECOND;

use crate::{RtpEvent, StreamStep, limits};

/// Equal steps of time from the first packet on. They begin with a second; when there are too many, pairs of them become
/// one, and a step is twice as long.
#[derive(Clone, Debug)]
pub(super) struct Course {
    steps: Vec<StreamStep>,
    step_nanos: u64,
}

impl Default for Course {
    fn default() -> Self {
        Self { steps: Vec::new(), step_nanos: NANOS_PER_SECOND }
    }
}

impl Course {
    /// Makes room for all steps at once.
    pub(super) fn reserve(&mut self) {
        self.steps.reserve_exact(limits::STREAM_STEPS.saturating_sub(self.steps.len()));
    }

    pub(super) fn steps(&self) -> &[StreamStep] {
        &self.steps
    }

    pub(super) const fn step_nanos(&self) -> u64 {
        self.step_nanos
    }

    /// Takes in a packet that came so long after the first one.
    #[inline]
    pub(super) fn packet(&mut self, after_nanos: u64, event: &RtpEvent) {
        let Some(step) = self.step(after_nanos) else { return };
        step.packets = step.packets.saturating_add(1);
        step.expected = step.expected.saturating_add(event.expected);
        step.received = step.received.saturating_add(event.received);
    }

    /// Takes in the jitter after a packet that came so long after the first one.
    #[inline]
    pub(super) fn jitter(&mut self, after_nanos: u64, jitter_nanos: u64) {
        let Some(step) = self.step(after_nanos) else { return };
        let micros = (jitter_nanos + 500) / 1_000;
        step.jitter_packets = step.jitter_packets.saturating_add(1);
        step.jitter_micros_sum = step.jitter_micros_sum.saturating_add(micros);
        let micros = u32::try_from(micros).unwrap_or(u32::MAX);
        step.jitter_micros_max = step.jitter_micros_max.max(micros);
    }

    #[inline]
    fn step(&mut self, after_nanos: u64) -> Option<&mut StreamStep> {
        let number = loop {
            let number = usize::try_from(after_nanos / self.step_nanos).unwrap_or(usize::MAX);
            if number < limits::STREAM_STEPS {
                break number;
            }
            self.merge();
        };
        if number >= self.steps.len() {
            self.steps.resize(number + 1, StreamStep::default());
        }
        self.steps.get_mut(number)
    }

    #[cold]
    fn merge(&mut self) {
        let (mut from, mut to) = (0, 0);
        while let Some(&first) = self.steps.get(from) {
            let merged = self.steps.get(from + 1).map_or(first, |second| first.joined(second));
            if let Some(place) = self.steps.get_mut(to) {
                *place = merged;
            }
            from += 2;
            to += 1;
        }
        self.steps.truncate(to);
        self.step_nanos = self.step_nanos.saturating_mul(2);
    }
}

impl StreamStep {
    fn joined(self, next: &Self) -> Self {
        Self {
            packets: self.packets.saturating_add(next.packets),
            expected: self.expected.saturating_add(next.expected),
            received: self.received.saturating_add(next.received),
            jitter_micros_sum: self.jitter_micros_sum.saturating_add(next.jitter_micros_sum),
            jitter_packets: self.jitter_packets.saturating_add(next.jitter_packets),
            jitter_micros_max: self.jitter_micros_max.max(next.jitter_micros_max),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SECOND: u64 = NANOS_PER_SECOND;
    const PACKET: RtpEvent =
        RtpEvent { expected: 1, received: 1, duplicates: 0, out_of_order: 0, jitter_nanos: None };

    #[test]
    fn steps_are_seconds_until_there_are_too_many() {
        let mut course = Course::default();
        for second in 0..64 {
            course.packet(second * SECOND, &PACKET);
        }
        assert_eq!((course.steps().len(), course.step_nanos()), (64, SECOND));
        course.packet(64 * SECOND, &PACKET);
        // Pairs of 64 seconds, and the one that begins the next pair.
        assert_eq!((course.steps().len(), course.step_nanos()), (33, 2 * SECOND));
        assert!(course.steps()[..32].iter().all(|step| (step.packets, step.expected) == (2, 2)));
        assert_eq!(course.steps()[32].packets, 1);
    }

    #[test]
    fn a_leap_of_years_makes_steps_as_long() {
        let mut course = Course::default();
        course.packet(0, &PACKET);
        course.packet(10 * 365 * 86_400 * SECOND, &PACKET);
        assert!(course.steps().len() <= 64);
        assert_eq!(course.steps().iter().map(|step| step.packets).sum::<u32>(), 2);
        course.packet(u64::MAX, &PACKET);
        assert!(course.steps().len() <= 64);
    }

    #[test]
    fn jitter_has_its_sum_and_its_largest_in_microseconds() {
        let mut course = Course::default();
        course.jitter(0, 1_400);
        course.jitter(1, 2_600);
        // 1.4 and 2.6 are rounded to 1 and 3.
        let step = course.steps()[0];
        assert_eq!((step.jitter_micros_sum, step.jitter_packets, step.jitter_micros_max), (4, 2, 3));
    }
}
