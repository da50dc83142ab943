//! The charts of a document, from the seconds of a session.

use netsonde_messages::stream::{History, HistoryBucket};
use netsonde_units::quantity::{bits_per_second, delay, percentage};

use super::chart::{Chart, Quantity, Series, Shape, Timeline};

/// A share of fewer than this is chance: one of two sent again is no loss of 50 % (docs/METRICS.md "TCP").
const ENOUGH: f64 = 20.0;

const BITS: Quantity = Quantity { write: |value| bits_per_second(Some(value)) };
const DELAY: Quantity = Quantity { write: |value| delay(Some(value)) };
const SHARE: Quantity = Quantity { write: |value| percentage(Some(value)) };

/// Returns the charts in which anything is to be seen.
pub(super) fn of(history: &History) -> Vec<Chart> {
    let timeline = Timeline::of(history);
    let half = |id, title, quantity, series: Vec<Option<Series>>| {
        Chart::of(id, title, quantity, series.into_iter().flatten().collect(), &timeline)
    };
    let line = |name, class, shape, value: &dyn Fn(&HistoryBucket) -> Option<f64>| {
        Series::of(name, class, shape, history, value)
    };
    let mut halves: Vec<_> = [
        half(
            "round-trip",
            "Round trip over TCP",
            DELAY,
            vec![
                line("95 % within", "tcp-pale", Shape::Shade, &|bucket| bucket.mean.rtt_p95_ms),
                line("half within", "tcp", Shape::Line, &|bucket| bucket.mean.rtt_p50_ms),
            ],
        ),
        half(
            "sent-again",
            "TCP segments sent again",
            SHARE,
            vec![line("of the segments with payload", "tcp", Shape::Line, &|bucket| {
                ratio(bucket.mean.resent_segments, bucket.mean.data_segments, history.step_s)
            })],
        ),
        half(
            "jitter",
            "RTP jitter",
            DELAY,
            vec![line("mean of the streams", "rtp", Shape::Line, &|bucket| bucket.mean.jitter_ms)],
        ),
        half(
            "rtp-loss",
            "RTP packets lost",
            SHARE,
            vec![line("of the packets expected", "rtp", Shape::Line, &|bucket| {
                ratio(bucket.mean.rtp_lost, bucket.mean.rtp_expected, history.step_s)
            })],
        ),
    ]
    .into_iter()
    .flatten()
    .collect();
    let is_odd = !halves.len().is_multiple_of(2);
    if let Some(last) = halves.last_mut().filter(|_| is_odd) {
        last.is_wide = true;
    }
    throughput(history, &timeline).into_iter().chain(halves).collect()
}

/// In above zero, out below, what is neither as a line; behind them the busiest second of each step.
fn throughput(history: &History, timeline: &Timeline) -> Option<Chart> {
    let area = |name, class, value: &dyn Fn(&HistoryBucket) -> Option<f64>| {
        Series::of(name, class, Shape::Area, history, value)
    };
    let is_folded = history.step_s > 1;
    let series = [
        area("in, busiest second", "in-pale", &|bucket| Some(bucket.max.inbound_bps)).filter(|_| is_folded),
        area("out, busiest second", "out-pale", &|bucket| Some(-bucket.max.outbound_bps))
            .filter(|_| is_folded),
        area("in", "in", &|bucket| Some(bucket.mean.inbound_bps)),
        area("out", "out", &|bucket| Some(-bucket.mean.outbound_bps)),
        Series::of("within and through", "other", Shape::Steps, history, &|bucket| {
            Some(bucket.mean.internal_bps + bucket.mean.transit_bps)
        }),
    ];
    let series = series.into_iter().flatten().collect();
    let mut chart = Chart::of("throughput", "Throughput", BITS, series, timeline)?;
    chart.is_wide = true;
    Some(chart)
}

/// A share in percent of what happened per second in a step; none of too little to tell.
fn ratio(part: f64, whole: f64, step_s: u64) -> Option<f64> {
    (whole * step_s as f64 >= ENOUGH).then(|| part / whole * 100.0)
}
