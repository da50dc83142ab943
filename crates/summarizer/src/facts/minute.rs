//! The facts of the time since something was said last: of a minute, mostly.

use std::collections::BTreeMap;

use netsonde_messages::stream::HistoryPoint;
use netsonde_messages::{Name, ProtocolDistribution, Relation, Span, Subject, Totals, Unit, Volume};

use super::Facts;
use super::ids::{AppIds, ClassIds, Compared, MinuteIds};
use super::session::share;
use crate::figures::{Figures, classes, dns_failures};
use crate::see;

/// The sums of a moment, and what was measured of the time before it.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Mark {
    now_ms: Option<f64>,
    elapsed_s: f64,
    total: Volume,
    /// Inbound, outbound, internal, transit.
    ways: [u64; 4],
    dropped: u64,
    distribution: ProtocolDistribution,
    apps: BTreeMap<Name, u64>,
    dns: Dns,
    connections: Connections,
    before: Option<Before>,
}

/// What DNS had done.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
struct Dns {
    answers: u64,
    latencies: u64,
    latency_ms_sum: f64,
    timeouts: u64,
    failures: u64,
}

/// What connections had come to.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
struct Connections {
    begun: u64,
    resets: u64,
    refused: u64,
    unanswered: u64,
}

/// What was measured of the time before, to be compared with.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
struct Before {
    span: Span,
    throughput_bps: f64,
    rtt_p50_ms: Option<f64>,
    loss_percentage: Option<f64>,
    jitter_ms: Option<f64>,
}

impl Mark {
    /// Returns how much had been measured by then, in seconds.
    pub const fn elapsed_s(&self) -> f64 {
        self.elapsed_s
    }

    fn of(figures: &Figures<'_>) -> Self {
        let totals = &figures.measured.totals;
        let Totals { inbound, outbound, internal, transit } = &totals.totals;
        let (tcp, dns) = (&figures.measured.protocols.tcp, &figures.measured.protocols.dns);
        let latencies = dns.latency_ms.samples;
        let rows = &figures.measured.apps.apps;
        Self {
            now_ms: totals.now_ms,
            elapsed_s: totals.elapsed_s,
            total: figures.total(),
            ways: [inbound, outbound, internal, transit].map(|way| way.bytes),
            dropped: figures.dropped(),
            distribution: figures.measured.protocols.distribution,
            apps: rows.iter().map(|row| (row.app.app.clone(), row.app.bytes)).collect(),
            dns: Dns {
                answers: dns.responses,
                latencies,
                latency_ms_sum: dns.latency_ms.mean.unwrap_or(0.0) * latencies as f64,
                timeouts: dns.timeouts,
                failures: dns_failures(dns),
            },
            connections: Connections {
                begun: tcp.connections,
                resets: tcp.resets,
                refused: tcp.refused,
                unanswered: tcp.timed_out,
            },
            before: None,
        }
    }
}

/// Gathers the facts of the time since a mark, and makes the mark of this moment. `seconds` are the closed seconds of the
/// session, oldest first; those before the mark are passed over.
pub fn of_minute(figures: &Figures<'_>, since: &Mark, seconds: &[HistoryPoint]) -> (Facts, MinuteIds, Mark) {
    let mut now = Mark::of(figures);
    let elapsed_s = now.elapsed_s - since.elapsed_s;
    let span = Span { from_ms: now.now_ms.map(|now| now - elapsed_s * 1_000.0), to_ms: now.now_ms };
    let from_s = span.from_ms.map_or(0.0, |from| from / 1_000.0);
    let begin = seconds.partition_point(|point| (point.second as f64) < from_s.floor());
    let course = Course::of(seconds.get(begin..).unwrap_or_default());
    let mut minute = Minute { facts: Facts::new(span), now: &now, since, elapsed_s };
    let ids = minute.volumes(figures);
    let ids = minute.quality(&course, ids);
    let ids = minute.lookups(ids);
    let ids = minute.connections(ids);
    let facts = minute.facts;
    let before = Before {
        span,
        throughput_bps: bps(now.total.bytes.saturating_sub(since.total.bytes), elapsed_s).unwrap_or(0.0),
        rtt_p50_ms: course.rtt_p50_ms,
        loss_percentage: course.loss_percentage,
        jitter_ms: course.jitter_ms,
    };
    now.before = Some(before);
    (facts, ids, now)
}

/// What the seconds of a time say together.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(crate) struct Course {
    /// The median of the seconds' medians: a single bad second does not move it.
    pub(crate) rtt_p50_ms: Option<f64>,
    /// The median of the seconds' 95th percentiles.
    pub(crate) rtt_p95_ms: Option<f64>,
    /// The largest mean of a second.
    pub(crate) rtt_peak_ms: Option<f64>,
    pub(crate) data_segments: u64,
    /// Those of them that were sent again.
    pub(crate) resent_segments: u64,
    pub(crate) loss_percentage: Option<f64>,
    pub(crate) rtp_expected: u64,
    pub(crate) rtp_loss_percentage: Option<f64>,
    /// The mean of the seconds' means, each weighted by the packets of its streams.
    pub(crate) jitter_ms: Option<f64>,
}

impl Course {
    pub(crate) fn of(seconds: &[HistoryPoint]) -> Self {
        let sum = |part: fn(&HistoryPoint) -> u64| seconds.iter().map(part).sum::<u64>();
        let (data, resent) = (sum(|point| point.data_segments), sum(|point| point.resent_segments));
        let (expected, lost) = (sum(|point| point.rtp_expected), sum(|point| point.rtp_lost));
        let every =
            |part: fn(&HistoryPoint) -> Option<f64>| median(seconds.iter().filter_map(part).collect());
        let jitters = seconds.iter().filter_map(|point| Some((point.jitter_ms?, point.rtp_expected as f64)));
        let (weighted, weight) =
            jitters.fold((0.0, 0.0), |(sum, all), (jitter, weight)| (sum + jitter * weight, all + weight));
        Self {
            rtt_p50_ms: every(|point| point.rtt_p50_ms),
            rtt_p95_ms: every(|point| point.rtt_p95_ms),
            rtt_peak_ms: seconds.iter().filter_map(|point| point.latency_ms).max_by(f64::total_cmp),
            data_segments: data,
            resent_segments: resent,
            loss_percentage: percentage(resent, data),
            rtp_expected: expected,
            rtp_loss_percentage: percentage(lost, expected),
            jitter_ms: (weight > 0.0).then(|| weighted / weight),
        }
    }
}

struct Minute<'a> {
    facts: Facts,
    now: &'a Mark,
    since: &'a Mark,
    elapsed_s: f64,
}

impl Minute<'_> {
    fn volumes(&mut self, figures: &Figures<'_>) -> MinuteIds {
        let (now, since, page) = (self.now, self.since, see::dashboard);
        let source =
            self.facts.text("Source", Subject::Session, figures.source(), "as it was asked for", page());
        let elapsed = self.session("Time measured", self.elapsed_s, Unit::Seconds, "by the packets' stamps");
        let packets = now.total.packets.saturating_sub(since.total.packets);
        let volume = now.total.bytes.saturating_sub(since.total.bytes);
        let packets = self.session("Packets", packets as f64, Unit::Count, "every packet counted");
        let bytes = self.session("Bytes", volume as f64, Unit::Bytes, "bytes on the wire");
        let throughput = bps(volume, self.elapsed_s).map(|rate| {
            let before = since.before.map(|before| before.throughput_bps);
            self.compared(
                "Throughput",
                &Subject::Session,
                (rate, before),
                Unit::BitsPerSecond,
                "bits on the wire over the time",
            )
        });
        let mut ways = ["In", "Out", "Within the local networks", "Through"].into_iter();
        let mut ways = now.ways.iter().zip(since.ways).map(|(now, then)| {
            let label = ways.next()?;
            let volume = Some(now.saturating_sub(then)).filter(|volume| *volume > 0)?;
            let rate = bps(volume, self.elapsed_s)?;
            Some(self.session(label, rate, Unit::BitsPerSecond, "bits on the wire over the time"))
        });
        let mut way = || ways.next().flatten();
        let (inbound, outbound, internal, transit) = (way(), way(), way(), way());
        let drops = now.dropped.saturating_sub(since.dropped);
        let drops = (drops > 0).then(|| {
            self.session(
                "Packets dropped",
                drops as f64,
                Unit::Count,
                "counted by the system and the interface",
            )
        });
        let active = figures.measured.totals.flows.active;
        let active = self.session("Active conversations", active as f64, Unit::Count, "in the last second");
        let classes = self.classes(bytes, volume);
        let busiest_app = self.busiest_app(bytes, volume);
        MinuteIds {
            source,
            elapsed,
            packets,
            bytes,
            throughput,
            inbound,
            outbound,
            internal,
            transit,
            classes,
            drops,
            active,
            busiest_app,
            ..MinuteIds::default()
        }
    }

    fn classes(&mut self, all: u32, volume: u64) -> Vec<ClassIds> {
        let then = classes(&self.since.distribution);
        let mut grown: Vec<_> = classes(&self.now.distribution)
            .into_iter()
            .map(|(name, now)| {
                let then = then.iter().find(|(other, _)| *other == name).map_or(0, |(_, then)| then.bytes);
                // Recognition moves what was counted elsewhere before.
                (name, now.bytes.saturating_sub(then).min(volume))
            })
            .filter(|(_, grown)| *grown > 0)
            .collect();
        grown.sort_by_key(|(_, grown)| std::cmp::Reverse(*grown));
        let (method, page) = ("by the highest protocol recognised", see::composition);
        let mut ids = Vec::new();
        for (name, grown) in grown {
            let subject = || Subject::Protocol(name.into());
            let label = self.facts.text("Class of protocols", subject(), name, method, page());
            let title = format!("{name}, bytes");
            let bytes = self.facts.number(title, subject(), grown as f64, Unit::Bytes, method, page());
            let share = share(&mut self.facts, &format!("{name}, share of bytes"), bytes, all);
            ids.extend(share.map(|share| ClassIds { name: label, bytes, share, most: None }));
        }
        if ids.len() > 1
            && let Some(first) = ids.first_mut()
        {
            first.most = Some(self.facts.compare(first.bytes, all, Relation::Most));
        }
        ids
    }

    /// The application that grew most.
    fn busiest_app(&mut self, all: u32, volume: u64) -> Option<AppIds> {
        let grown = self.now.apps.iter().map(|(name, bytes)| {
            let then = self.since.apps.get(name).copied().unwrap_or(0);
            (name, bytes.saturating_sub(then).min(volume))
        });
        let (name, grown) = grown.filter(|(_, grown)| *grown > 0).max_by_key(|(_, grown)| *grown)?;
        Some(super::session::app_ids(&mut self.facts, name, grown, all))
    }

    fn quality(&mut self, course: &Course, ids: MinuteIds) -> MinuteIds {
        let before = self.since.before.unwrap_or_default();
        let (tcp, rtp) = (Subject::Protocol("TCP".into()), Subject::Protocol("RTP".into()));
        let mut compared = |label, subject, now: Option<f64>, before, unit, method| {
            now.map(|now| self.compared(label, subject, (now, before), unit, method))
        };
        let (milliseconds, percent) = (Unit::Milliseconds, Unit::Percent);
        let method = "the median of the seconds' medians";
        let rtt_p50 =
            compared("Round trip p50", &tcp, course.rtt_p50_ms, before.rtt_p50_ms, milliseconds, method);
        let method = "data segments sent again, in all of them";
        let loss =
            compared("TCP loss", &tcp, course.loss_percentage, before.loss_percentage, percent, method);
        let method = "RFC 3550, streams weighted by their packets";
        let jitter = compared("Jitter", &rtp, course.jitter_ms, before.jitter_ms, milliseconds, method);
        let mut number = |label: &'static str, protocol: &'static str, value, unit, method: &'static str| {
            let subject = Subject::Protocol(protocol.into());
            self.facts.measured(label, subject, value, unit, method, see::protocol(protocol))
        };
        let method = "the median of the seconds' 95th percentiles";
        let rtt_p95 = number("Round trip p95", "TCP", course.rtt_p95_ms, milliseconds, method);
        let method = "the mean of the worst second";
        let rtt_peak = number("Round trip, peak", "TCP", course.rtt_peak_ms, milliseconds, method);
        let method = "by sequence numbers (RFC 3550)";
        let rtp_loss = number("RTP loss", "RTP", course.rtp_loss_percentage, percent, method);
        MinuteIds { rtt_p50, rtt_p95, rtt_peak, loss, rtp_loss, jitter, ..ids }
    }

    fn lookups(&mut self, ids: MinuteIds) -> MinuteIds {
        let (now, then) = (self.now.dns, self.since.dns);
        let answers = now.latencies.saturating_sub(then.latencies);
        let latency = (answers > 0).then(|| (now.latency_ms_sum - then.latency_ms_sum) / answers as f64);
        let page = || see::protocol("DNS");
        let dns = || Subject::Protocol("DNS".into());
        let method = "the mean from a question to its answer";
        let dns_latency =
            self.facts.measured("DNS latency", dns(), latency, Unit::Milliseconds, method, page());
        let dns_answers = self.count("DNS answers", "DNS", now.answers, then.answers, "over DNS");
        let method = "nobody answered within 5 s";
        let dns_timeouts =
            self.count("DNS questions without an answer", "DNS", now.timeouts, then.timeouts, method);
        let method = "answers with neither NOERROR nor NXDOMAIN";
        let dns_failures = self.count("DNS failures", "DNS", now.failures, then.failures, method);
        MinuteIds { dns_answers, dns_latency, dns_timeouts, dns_failures, ..ids }
    }

    fn connections(&mut self, ids: MinuteIds) -> MinuteIds {
        let (now, then) = (self.now.connections, self.since.connections);
        let mut count =
            |label, now, then| self.count(label, "TCP", now, then, "TCP, every connection followed");
        MinuteIds {
            connections: count("TCP connections begun", now.begun, then.begun),
            resets: count("Connections reset", now.resets, then.resets),
            refused: count("Connections refused", now.refused, then.refused),
            unanswered: count("Connections without an answer", now.unanswered, then.unanswered),
            ..ids
        }
    }

    fn session(&mut self, label: &'static str, value: f64, unit: Unit, method: &'static str) -> u32 {
        self.facts.number(label, Subject::Session, value, unit, method, see::dashboard())
    }

    /// Adds what a count has grown by, where it has.
    fn count(
        &mut self,
        label: &'static str,
        protocol: &'static str,
        now: u64,
        then: u64,
        method: &'static str,
    ) -> Option<u32> {
        let grown = now.saturating_sub(then);
        let subject = Subject::Protocol(protocol.into());
        (grown > 0).then(|| {
            self.facts.number(label, subject, grown as f64, Unit::Count, method, see::protocol(protocol))
        })
    }

    /// Adds a number, that of the time before where there is one, and how they compare.
    fn compared(
        &mut self,
        label: &'static str,
        subject: &Subject,
        (value, before): (f64, Option<f64>),
        unit: Unit,
        method: &'static str,
    ) -> Compared {
        let page = || match subject {
            Subject::Protocol(name) => see::protocol(name),
            _ => see::dashboard(),
        };
        let now = self.facts.number(label, subject.clone(), value, unit, method, page());
        let span = self.since.before.map(|before| before.span);
        let before = before.zip(span).map(|(before, span)| {
            let title = format!("{label}, the time before");
            let id = self.facts.number(title, subject.clone(), before, unit, method, page());
            self.facts.set_span(id, span);
            id
        });
        let change = before.map(|before| self.facts.compare_with_before(now, before));
        Compared { now, before, change }
    }
}

fn bps(volume: u64, seconds: f64) -> Option<f64> {
    (seconds > 0.0).then(|| volume as f64 * 8.0 / seconds)
}

fn percentage(part: u64, whole: u64) -> Option<f64> {
    (whole > 0).then(|| part as f64 * 100.0 / whole as f64)
}

/// The middle one; of an even number the lower of both, so that it is one that was measured.
pub(crate) fn median(mut values: Vec<f64>) -> Option<f64> {
    values.sort_by(f64::total_cmp);
    let middle = values.len().checked_sub(1)? / 2;
    values.get(middle).copied()
}

#[cfg(test)]
mod tests {
    use netsonde_messages::stream::{State, Status};
    use netsonde_session::Publication;

    use super::*;

    const BEGIN: u64 = 1_700_000_000;

    fn figures(elapsed_s: u32, bytes: u64) -> Publication {
        let mut publication = Publication { session: 1, ..Publication::default() };
        let totals = &mut publication.totals;
        totals.elapsed_s = f64::from(elapsed_s);
        totals.now_ms = Some((BEGIN as f64 + totals.elapsed_s) * 1_000.0);
        (totals.traffic.packets, totals.traffic.bytes) = (bytes / 1_000, bytes);
        (totals.totals.inbound.packets, totals.totals.inbound.bytes) = (bytes / 1_000, bytes);
        publication.protocols.distribution.tls = Volume { packets: bytes / 1_000, bytes };
        publication
    }

    fn gather(measured: &Publication, since: &Mark, seconds: &[HistoryPoint]) -> (Facts, MinuteIds, Mark) {
        let status = Status {
            state: State::Running,
            problem: None,
            session: 1,
            source: None,
            filter: None,
            started_at: None,
            summarizing: false,
        };
        of_minute(&Figures { status: &status, measured }, since, seconds)
    }

    fn text(facts: &Facts, id: Option<u32>) -> &str {
        id.and_then(|id| facts.get(id)).map_or("none", |fact| fact.text.as_str())
    }

    /// Seconds from the begin on, each with this round trip.
    fn seconds(round_trips: impl IntoIterator<Item = f64>) -> Vec<HistoryPoint> {
        let second =
            |(second, rtt)| HistoryPoint { second, rtt_p50_ms: Some(rtt), ..HistoryPoint::default() };
        (BEGIN..).zip(round_trips).map(second).collect()
    }

    #[test]
    fn a_minute_is_what_came_since_the_last_one() {
        let course = seconds([10.0; 60].into_iter().chain([30.0; 60]));
        // 600,000 B in 60 s are 80 kbps; 1,200,000 B in the next 60 s are 160 kbps.
        let (facts, ids, mark) = gather(&figures(60, 600_000), &Mark::default(), &course[..60]);
        let first = ids.throughput.unwrap();
        assert_eq!((text(&facts, Some(first.now)), first.before, first.change), ("80.0 kbps", None, None));
        let (facts, ids, _) = gather(&figures(120, 1_800_000), &mark, &course);
        let second = ids.throughput.unwrap();
        assert_eq!(text(&facts, Some(second.now)), "160.0 kbps");
        assert_eq!(text(&facts, second.before), "80.0 kbps");
        assert_eq!(text(&facts, second.change), "2.0 times as much");
        let before = facts.get(second.before.unwrap()).unwrap().span;
        assert_eq!(before.to_ms, Some((BEGIN + 60) as f64 * 1_000.0));
        let rtt = ids.rtt_p50.unwrap();
        assert_eq!((text(&facts, Some(rtt.now)), text(&facts, rtt.change)), ("30.0 ms", "3.0 times as long"));
        assert_eq!(text(&facts, Some(ids.bytes)), "1.2 MB");
        assert_eq!((ids.outbound, ids.loss, ids.jitter, ids.dns_latency), (None, None, None, None));
    }

    #[test]
    fn one_bad_second_does_not_move_the_median() {
        let course = seconds([10.0, 10.0, 900.0, 10.0, 11.0]);
        assert_eq!(Course::of(&course).rtt_p50_ms, Some(10.0));
        assert_eq!(Course::of(&[]).rtt_p50_ms, None);
    }

    #[test]
    fn what_recognition_moves_is_no_growth_beyond_what_came() {
        let (_, _, mark) = gather(&figures(60, 600_000), &Mark::default(), &[]);
        let mut moved = figures(120, 700_000);
        let distribution = &mut moved.protocols.distribution;
        distribution.quic = std::mem::take(&mut distribution.tls);
        let (facts, ids, _) = gather(&moved, &mark, &[]);
        // All 700,000 B are QUIC now; 100,000 B came.
        assert_eq!(text(&facts, ids.classes.first().map(|class| class.bytes)), "100.0 kB");
    }
}
