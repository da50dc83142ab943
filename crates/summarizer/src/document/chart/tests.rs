use netsonde_messages::stream::HistoryRates;
use netsonde_units::quantity::bits_per_second;

use super::*;

const BITS: Quantity = Quantity { write: |value| bits_per_second(Some(value)) };

fn history(seconds: &[(u32, u64, f64)]) -> History {
    let bucket = |&(stretch, second, inbound_bps): &(u32, u64, f64)| HistoryBucket {
        second,
        stretch,
        mean: HistoryRates { inbound_bps, ..HistoryRates::default() },
        ..HistoryBucket::default()
    };
    History { step_s: 1, buckets: seconds.iter().map(bucket).collect(), ..History::default() }
}

fn chart(shape: Shape, seconds: &[(u32, u64, f64)]) -> Chart {
    let history = history(seconds);
    let series = Series::of("in", "in", shape, &history, &|bucket| Some(bucket.mean.inbound_bps));
    Chart::of("it", "It", BITS, series.into_iter().collect(), &Timeline::of(&history)).unwrap()
}

/// Half a page: 350 wide less 62 at the left and 14 at the right are 274; 140 high less 8 above and 20 below are 112.
#[test]
fn a_missing_second_of_an_amount_is_zero() {
    // Four seconds, the third missing, of 68.5 pixels each; the scale ends at 400, the largest.
    let svg = chart(Shape::Area, &[(1, 0, 400.0), (1, 1, 200.0), (1, 3, 400.0)]).svg();
    let path = "M62.0 8.0H130.5V64.0H199.0V120.0H267.5V8.0H336.0V120.0H62.0Z";
    assert!(svg.contains(path), "{svg}");
}

#[test]
fn a_missing_second_of_a_delay_breaks_the_line() {
    let svg = chart(Shape::Line, &[(1, 0, 400.0), (1, 1, 200.0), (1, 3, 400.0)]).svg();
    // The middles of the first two seconds, 34.25 and 102.75 from the left, and a dot in that of the last.
    assert!(svg.contains("M96.2 8.0L164.8 64.0\""), "{svg}");
    assert!(svg.contains("cx=\"301.8\" cy=\"8.0\""), "{svg}");
}

#[test]
fn between_stretches_nothing_is_drawn_but_a_gap() {
    // Two seconds and, much later, two: 3 % of 4 s between them, all 4.12 s wide.
    let svg = chart(Shape::Area, &[(1, 0, 4.0), (1, 1, 4.0), (2, 90_000, 4.0), (2, 90_001, 4.0)]).svg();
    assert_eq!(svg.matches("class=\"area in\"").count(), 2, "{svg}");
    // 62 + 274 * 2 / 4.12 = 195.0, as wide as 274 * 0.12 / 4.12 = 8.0.
    assert!(svg.contains("<rect class=\"gap\" x=\"195.0\" y=\"8\" width=\"8.0\""), "{svg}");
}

#[test]
fn values_have_a_unit_and_the_description_tells_the_largest() {
    let chart = chart(Shape::Area, &[(1, 0, 2_000_000.0), (1, 1, 4_000_000.0)]);
    let svg = chart.svg();
    // 1 Mbps is a quarter of the largest, so every line is one.
    for label in [">0<", ">1 Mbps<", ">4 Mbps<"] {
        assert!(svg.contains(label), "{label}: {svg}");
    }
    let words = "From 1970-01-01 00:00:00 UTC to 1970-01-01 00:00:02 UTC. in: at most 4.0 Mbps, at 00:00:01.";
    assert_eq!(chart.description(), words);
}

#[test]
fn a_series_without_a_value_is_not_drawn() {
    let history = history(&[(1, 0, 0.0)]);
    let of = |shape| Series::of("in", "in", shape, &history, &|bucket| Some(bucket.mean.inbound_bps));
    assert!(of(Shape::Area).is_none());
    assert!(of(Shape::Line).is_some());
}
