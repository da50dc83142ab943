//! What of a session's past the rules look back at: its newest seconds, its usual round trip, its newest sums.

use std::collections::VecDeque;

use netsonde_messages::stream::HistoryPoint;

use super::limits::{BASELINE_S, LONGEST_BASELINE_S, LONGEST_WINDOW_S, WINDOW_S};
use crate::facts::{Course, median};
use crate::figures::{Figures, dns_failures};

/// The newest seconds, and the round trips of those before.
#[derive(Clone, Debug, Default)]
pub(super) struct Seconds {
    /// Those of the longest window, oldest first.
    points: VecDeque<HistoryPoint>,
    /// The newest second that was taken, with its stretch.
    newest: Option<(u32, u64)>,
    /// The seconds' median round trips of the newest window, oldest first.
    young: VecDeque<(u64, f64)>,
    /// Those of before, in order of size.
    usual: Vec<f64>,
}

/// How the round trip is beside what it was.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct RoundTrip {
    pub(super) now_ms: f64,
    pub(super) usual_ms: f64,
}

impl Seconds {
    /// Takes a second; false where it was taken before.
    pub(super) fn push(&mut self, point: &HistoryPoint) -> bool {
        let place = (point.stretch, point.second);
        if self.newest.is_some_and(|newest| place <= newest) {
            return false;
        }
        if self.newest.is_some_and(|(stretch, _)| stretch != point.stretch) {
            // Time has jumped: what lies before is not the time before.
            self.points.clear();
            self.young.clear();
        }
        self.newest = Some(place);
        while self.points.front().is_some_and(|old| old.second + LONGEST_WINDOW_S <= point.second) {
            self.points.pop_front();
        }
        self.points.push_back(*point);
        while self.young.front().is_some_and(|(second, _)| second + WINDOW_S <= point.second) {
            let Some((_, rtt)) = self.young.pop_front() else { break };
            if self.usual.len() < LONGEST_BASELINE_S {
                let place = self.usual.partition_point(|other| *other < rtt);
                self.usual.insert(place, rtt);
            }
        }
        self.young.extend(point.rtt_p50_ms.map(|rtt| (point.second, rtt)));
        true
    }

    /// Returns what the newest seconds say together; as many more than a window as `enough` asks for.
    pub(super) fn window(&self, enough: impl Fn(&Course) -> bool) -> (Course, f64) {
        let Some((_, newest)) = self.newest else { return (Course::default(), 0.0) };
        for window_s in [WINDOW_S, 60, 120, LONGEST_WINDOW_S] {
            let from = (newest + 1).saturating_sub(window_s);
            let begin = self.points.partition_point(|point| point.second < from);
            let seconds: Vec<_> = self.points.range(begin..).copied().collect();
            let course = Course::of(&seconds);
            if enough(&course) || window_s == LONGEST_WINDOW_S {
                return (course, window_s as f64);
            }
        }
        (Course::default(), 0.0)
    }

    /// Returns the seconds of the newest window.
    pub(super) fn newest(&self) -> impl Iterator<Item = &HistoryPoint> {
        let from = self.newest.map_or(0, |(_, newest)| (newest + 1).saturating_sub(WINDOW_S));
        self.points.iter().filter(move |point| point.second >= from)
    }

    /// Returns the round trip of the newest window beside the usual one; none before both are known.
    pub(super) fn round_trip(&self) -> Option<RoundTrip> {
        let enough = self.usual.len() >= BASELINE_S && self.young.len() as u64 * 3 >= WINDOW_S;
        if !enough {
            return None;
        }
        let usual_ms = *self.usual.get((self.usual.len() - 1) / 2)?;
        let now_ms = median(self.young.iter().map(|(_, rtt)| *rtt).collect())?;
        Some(RoundTrip { now_ms, usual_ms })
    }
}

/// The sums of a moment that rules look at by their growth.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(super) struct Sums {
    pub(super) packets: u64,
    pub(super) dropped: u64,
    pub(super) queries: u64,
    pub(super) answers: u64,
    pub(super) timeouts: u64,
    pub(super) failures: u64,
    pub(super) latencies: u64,
    pub(super) latency_ms_sum: f64,
}

/// The sums of the newest moments.
#[derive(Clone, Debug, Default)]
pub(super) struct Sampled {
    /// With the times in milliseconds, oldest first.
    samples: VecDeque<(f64, Sums)>,
}

impl Sums {
    pub(super) fn of(figures: &Figures<'_>) -> Self {
        let dns = &figures.measured.protocols.dns;
        let latencies = dns.latency_ms.samples;
        Self {
            packets: figures.total().packets,
            dropped: figures.dropped(),
            queries: dns.queries,
            answers: dns.responses,
            timeouts: dns.timeouts,
            failures: dns_failures(dns),
            latencies,
            latency_ms_sum: dns.latency_ms.mean.unwrap_or(0.0) * latencies as f64,
        }
    }

    fn since(&self, then: &Self) -> Self {
        Self {
            packets: self.packets.saturating_sub(then.packets),
            dropped: self.dropped.saturating_sub(then.dropped),
            queries: self.queries.saturating_sub(then.queries),
            answers: self.answers.saturating_sub(then.answers),
            timeouts: self.timeouts.saturating_sub(then.timeouts),
            failures: self.failures.saturating_sub(then.failures),
            latencies: self.latencies.saturating_sub(then.latencies),
            latency_ms_sum: (self.latency_ms_sum - then.latency_ms_sum).max(0.0),
        }
    }
}

impl Sampled {
    /// Takes the sums of a moment.
    pub(super) fn push(&mut self, ms: f64, sums: Sums) {
        let longest = LONGEST_WINDOW_S as f64 * 1_000.0;
        while self.samples.get(1).is_some_and(|(at, _)| *at <= ms - longest) {
            self.samples.pop_front();
        }
        self.samples.push_back((ms, sums));
    }

    /// Forgets when sums were taken: the newest ones are what lies before the window that begins at a moment.
    pub(super) fn rewind(&mut self, ms: f64) {
        let newest = self.samples.pop_back();
        self.samples.clear();
        self.samples.extend(newest.map(|(_, sums)| (ms - LONGEST_WINDOW_S as f64 * 1_000.0, sums)));
    }

    /// Returns what the sums have grown by in the newest window, or in as much more as `enough` asks for. Before the
    /// window is over, all of it.
    pub(super) fn window(&self, enough: impl Fn(&Sums) -> bool) -> Sums {
        let Some((now, newest)) = self.samples.back() else { return Sums::default() };
        let old = |(at, _): &&(f64, Sums)| *at <= now - WINDOW_S as f64 * 1_000.0;
        let windows = self.samples.iter().rev().filter(old).map(|(_, then)| newest.since(then));
        let oldest = self.samples.front().map_or(*newest, |(at, then)| {
            // The first one ever taken is what the session began with, unless it has been given up.
            if *at > now - LONGEST_WINDOW_S as f64 * 1_000.0 { *newest } else { newest.since(then) }
        });
        let mut windows = windows;
        windows.find(&enough).unwrap_or(oldest)
    }
}
