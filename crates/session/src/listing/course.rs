//! A conversation over its time, from the packets that are still kept: the engine that measures all of them measures
//! these once more.

use std::collections::VecDeque;
use std::ops::ControlFlow;

use netsonde_flow::limits::Limits;
use netsonde_flow::{FlowRow, LocalNetworks, TcpEvent, TcpVerdict, innermost};
use netsonde_messages::stream::{FindingCount, FlowCourse, FlowFinding, FlowStep};
use netsonde_metrics::MetricsCalculator;
use netsonde_units::{NANOS_PER_SECOND, Per, Timestamp};

use netsonde_dissect::Frame;

use crate::packets::{Kept, OfFlow, Packets};
use crate::{flows, parts};

/// The most steps of a course.
const MAX_STEPS: u64 = 120;
/// The shortest step, in nanoseconds.
const LEAST_STEP: u64 = NANOS_PER_SECOND / 100;
/// The most findings told.
const MAX_FINDINGS: usize = 200;
/// The most packets analysed: a tenth of a second of work.
pub(super) const MAX_PACKETS: usize = 400_000;

/// Bounds of the engine that analyses one conversation.
const LIMITS: Limits = Limits { flows: 16, departed: 16 };

/// Analyses the packets of a conversation that are still kept.
pub(super) fn of(
    row: &FlowRow,
    of_flow: &OfFlow,
    local: LocalNetworks,
    packets: &Packets,
) -> (FlowCourse, Vec<FlowFinding>, Vec<FindingCount>) {
    let mut analysis = Analysis::new(row);
    let mut engine = MetricsCalculator::new(LIMITS, local);
    let is_whole = packets.each_of(Some(of_flow), |kept| {
        // What went before on the same ports belongs to the analysis, and is not told of.
        let verdict = engine.push(&kept.packet);
        if of_flow.has_begun(kept) {
            analysis.add(kept, &verdict.tcp);
        }
        if analysis.samples.len() >= MAX_PACKETS { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
    });
    let Analysis { first, last, samples, findings, counts, .. } = analysis;
    let packets = samples.len() as u64;
    let span = steps(&samples);
    let course = FlowCourse { packets, first_packet: first, last_packet: last, is_cut: !is_whole, ..span };
    (course, findings.into(), told(&counts))
}

/// What was found in the packets so far.
struct Analysis<'a> {
    row: &'a FlowRow,
    first: Option<u64>,
    last: Option<u64>,
    samples: Vec<Sample>,
    findings: VecDeque<FlowFinding>,
    counts: Per<TcpEvent, u64, { TcpEvent::COUNT }>,
}

/// What one packet adds to the course of a conversation or a host.
#[derive(Clone, Copy, Debug)]
pub(super) struct Sample {
    at: Option<Timestamp>,
    wire_len: u32,
    /// By the client, or by the host.
    by_first: bool,
    is_resent: bool,
    is_disordered: bool,
    /// The round trip to its sender, in nanoseconds.
    rtt: Option<u64>,
}

impl Sample {
    /// Returns what a packet adds by what TCP's analysis says of it.
    pub(super) fn of(kept: &Kept<'_>, tcp: &TcpVerdict, by_first: bool) -> Self {
        let has = |event| tcp.events.contains(event);
        Self {
            at: kept.packet.at,
            wire_len: kept.packet.wire_len,
            by_first,
            is_resent: tcp.sent_again,
            is_disordered: (has(TcpEvent::OutOfOrder) && !tcp.sent_again) || has(TcpEvent::LostSegment),
            rtt: tcp.rtt.filter(|rtt| !rtt.ambiguous).and_then(|rtt| u64::try_from(rtt.nanos).ok()),
        }
    }
}

impl<'a> Analysis<'a> {
    fn new(row: &'a FlowRow) -> Self {
        Self {
            row,
            first: None,
            last: None,
            samples: Vec::new(),
            findings: VecDeque::with_capacity(MAX_FINDINGS),
            counts: Per::default(),
        }
    }

    fn add(&mut self, kept: &Kept<'_>, tcp: &TcpVerdict) {
        self.first.get_or_insert(kept.number);
        self.last = Some(kept.number);
        let sender = self.row.key.sender(&innermost(&Frame::parse(&kept.packet)));
        let by_client = sender.is_none_or(|side| side == self.row.client);
        self.samples.push(Sample::of(kept, tcp, by_client));
        for event in tcp.events.iter() {
            self.counts[event] += 1;
            if self.findings.len() >= MAX_FINDINGS {
                self.findings.pop_front();
            }
            self.findings.push_back(FlowFinding {
                number: kept.number,
                time_ms: kept.packet.at.map(parts::milliseconds),
                by_client,
                event: event.name().into(),
            });
        }
    }
}

/// Tells how often each kind was found that was, the most frequent first.
fn told(counts: &Per<TcpEvent, u64, { TcpEvent::COUNT }>) -> Vec<FindingCount> {
    let found = TcpEvent::ALL.into_iter().filter(|&event| counts[event] > 0);
    let mut told: Vec<_> =
        found.map(|event| FindingCount { event: event.name().into(), count: counts[event] }).collect();
    told.sort_by_key(|found| std::cmp::Reverse(found.count));
    told
}

/// The time of some packets, in equal steps.
#[derive(Clone, Debug)]
pub(super) struct Cut {
    from: Timestamp,
    width: u64,
    pub(super) sums: Vec<StepSums>,
}

impl Cut {
    /// Returns how long a step is, in seconds.
    pub(super) fn step_s(&self) -> f64 {
        self.width as f64 / NANOS_PER_SECOND as f64
    }

    /// Returns when the first step begins, in milliseconds since the epoch.
    pub(super) fn begins_ms(&self) -> f64 {
        parts::milliseconds(self.from)
    }
}

/// Cuts the time of the packets into steps; without a packet that has a stamp there are none.
pub(super) fn cut(samples: &[Sample]) -> Option<Cut> {
    let stamps = samples.iter().filter_map(|sample| sample.at);
    let (from, to) = stamps.clone().min().zip(stamps.max())?;
    let width = step_nanos(to.nanos_since(from));
    let count = to.nanos_since(from) / width + 1;
    let mut sums = vec![StepSums::default(); usize::try_from(count).unwrap_or(0)];
    for sample in samples {
        let number = sample.at.and_then(|at| usize::try_from(at.nanos_since(from) / width).ok());
        if let Some(step) = number.and_then(|number| sums.get_mut(number)) {
            step.add(sample);
        }
    }
    Some(Cut { from, width, sums })
}

/// Tells of the steps of a conversation.
fn steps(samples: &[Sample]) -> FlowCourse {
    let Some(cut) = cut(samples) else { return FlowCourse::default() };
    let step_s = cut.step_s();
    let steps = cut.sums.iter().map(|sums| told_step(sums, step_s)).collect();
    FlowCourse { from_ms: Some(cut.begins_ms()), step_s, steps, ..FlowCourse::default() }
}

fn told_step(sums: &StepSums, step_s: f64) -> FlowStep {
    let ([up, down], [rtt_client, rtt_server]) = (sums.bps(step_s), sums.rtt_ms());
    FlowStep {
        up_bps: up,
        down_bps: down,
        packets_per_second: sums.packets as f64 / step_s,
        rtt_client_ms: rtt_client,
        rtt_server_ms: rtt_server,
        resent: sums.resent,
        disordered: sums.disordered,
    }
}

/// Returns the least of 10, 20, 50 ms, 100 ms and so on in whose steps a span is cut into at most [`MAX_STEPS`].
fn step_nanos(span: u64) -> u64 {
    let mut decade = LEAST_STEP;
    loop {
        for factor in [1, 2, 5] {
            let width = decade * factor;
            if span / width < MAX_STEPS {
                return width;
            }
        }
        decade *= 10;
    }
}

/// What was counted in a step.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct StepSums {
    pub(super) packets: u64,
    /// By the client and by the server, or by the host and by the others.
    bytes: [u64; 2],
    rtt: [u64; 2],
    rtt_samples: [u64; 2],
    pub(super) resent: u64,
    disordered: u64,
}

impl StepSums {
    fn add(&mut self, sample: &Sample) {
        self.packets += 1;
        self.resent += u64::from(sample.is_resent);
        self.disordered += u64::from(sample.is_disordered);
        let side = usize::from(!sample.by_first);
        if let Some(bytes) = self.bytes.get_mut(side) {
            *bytes += u64::from(sample.wire_len);
        }
        if let (Some(nanos), Some(sum), Some(count)) =
            (sample.rtt, self.rtt.get_mut(side), self.rtt_samples.get_mut(side))
        {
            *sum += nanos;
            *count += 1;
        }
    }

    /// Returns bits per second of the first and the other end, in a step of so many seconds.
    pub(super) fn bps(&self, step_s: f64) -> [f64; 2] {
        self.bytes.map(|bytes| bytes as f64 * 8.0 / step_s)
    }

    /// Returns the mean round trips to the first and the other end, in milliseconds.
    pub(super) fn rtt_ms(&self) -> [Option<f64>; 2] {
        let ([first, other], [firsts, others]) = (self.rtt, self.rtt_samples);
        [(first, firsts), (other, others)].map(|(sum, count)| sum.checked_div(count).map(flows::milliseconds))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_span_is_cut_into_at_most_120_round_steps() {
        let ms = 1_000_000;
        // 1.19 s are 120 steps of 10 ms (one begins at 1.19 s); 1.2 s would be 121.
        assert_eq!(step_nanos(0), 10 * ms);
        assert_eq!(step_nanos(1_190 * ms), 10 * ms);
        assert_eq!(step_nanos(1_200 * ms), 20 * ms);
        assert_eq!(step_nanos(60_000 * ms), 1_000 * ms);
        assert!(u64::MAX / step_nanos(u64::MAX) < MAX_STEPS);
    }

    #[test]
    fn each_packet_counts_in_its_step() {
        let at = |ms: u64| Some(Timestamp::from_nanos(1_700_000_000 * NANOS_PER_SECOND + ms * 1_000_000));
        let sample = |at, by_first, rtt| Sample {
            at,
            wire_len: 1_000,
            by_first,
            is_resent: false,
            is_disordered: by_first,
            rtt,
        };
        let course = steps(&[
            sample(at(0), true, None),
            sample(None, true, None),
            sample(at(25), false, Some(4_000_000)),
            sample(at(29), false, Some(6_000_000)),
        ]);
        // Steps of 10 ms: one packet of 8,000 bits in the first, two in the third, whose round trips are 4 and 6 ms.
        assert_eq!((course.steps.len(), course.from_ms), (3, Some(1_700_000_000_000.0)));
        assert!((course.step_s - 0.01).abs() < 1e-12);
        assert!((course.steps[0].up_bps - 800_000.0).abs() < 1e-3);
        assert!((course.steps[2].down_bps - 1_600_000.0).abs() < 1e-3);
        assert!((course.steps[2].packets_per_second - 200.0).abs() < 1e-6);
        assert_eq!((course.steps[2].rtt_server_ms, course.steps[2].rtt_client_ms), (Some(5.0), None));
        assert_eq!(
            (course.steps[0].disordered, course.steps[1], course.steps[2].disordered),
            (1, FlowStep::default(), 0)
        );
        assert_eq!(steps(&[sample(None, true, None)]), FlowCourse::default());
    }
}
