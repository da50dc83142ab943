//! A chart over the time of a session, drawn as SVG.

mod scale;
mod svg;
mod timeline;

use netsonde_messages::stream::{History, HistoryBucket};

pub(super) use self::scale::Scale;
pub(super) use self::timeline::Timeline;
use super::times;

/// A chart; something is to be seen in it.
pub(super) struct Chart {
    /// Names it in the page.
    pub(super) id: &'static str,
    pub(super) title: &'static str,
    /// Whether it takes the whole width of the page.
    pub(super) is_wide: bool,
    pub(super) series: Vec<Series>,
    scale: Scale,
    timeline: Timeline,
    quantity: Quantity,
}

/// How the values of a chart are written.
#[derive(Clone, Copy)]
pub(super) struct Quantity {
    pub(super) write: fn(f64) -> String,
}

/// One line of a chart, or one area.
pub(super) struct Series {
    pub(super) name: &'static str,
    /// The colour, by the class of the style.
    pub(super) class: &'static str,
    pub(super) shape: Shape,
    points: Vec<Point>,
}

/// How a series is drawn.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Shape {
    /// Filled to zero, each step as wide as its time.
    Area,
    /// The upper edge of the same.
    Steps,
    /// From middle to middle of neighbours.
    Line,
    /// Filled to zero as an area is, of what is not known everywhere: behind a line, it is told from that without colour.
    Shade,
}

impl Shape {
    /// Tells whether a step without a packet is zero, and not unknown.
    const fn is_amount(self) -> bool {
        matches!(self, Self::Area | Self::Steps)
    }
}

/// A step of a series that is known.
#[derive(Clone, Copy, Debug, PartialEq)]
struct Point {
    stretch: u32,
    second: u64,
    value: f64,
}

impl Series {
    /// Takes a value of each bucket; none where no bucket has one, or all are zero in an amount.
    pub(super) fn of(
        name: &'static str,
        class: &'static str,
        shape: Shape,
        history: &History,
        value: &dyn Fn(&HistoryBucket) -> Option<f64>,
    ) -> Option<Self> {
        let points: Vec<_> = history
            .buckets
            .iter()
            .filter_map(|bucket| {
                let value = value(bucket).filter(|value| value.is_finite())?;
                Some(Point { stretch: bucket.stretch, second: bucket.second, value })
            })
            .collect();
        let is_seen = points.iter().any(|point| !shape.is_amount() || point.value != 0.0);
        is_seen.then_some(Self { name, class, shape, points })
    }

    fn largest(&self) -> Option<Point> {
        self.points.iter().copied().max_by(|one, other| one.value.abs().total_cmp(&other.value.abs()))
    }
}

impl Chart {
    /// Makes a chart as wide as half a page; none without a series.
    pub(super) fn of(
        id: &'static str,
        title: &'static str,
        quantity: Quantity,
        series: Vec<Series>,
        timeline: &Timeline,
    ) -> Option<Self> {
        let values = || series.iter().flat_map(|series| &series.points).map(|point| point.value);
        let low = values().fold(0.0, f64::min);
        let high = values().fold(0.0, f64::max);
        (!series.is_empty()).then(|| Self {
            id,
            title,
            is_wide: false,
            scale: Scale::over(low, high),
            timeline: timeline.clone(),
            quantity,
            series,
        })
    }

    /// Says what is to be seen, for who does not see it.
    pub(super) fn description(&self) -> String {
        let (from, to) = self.timeline.ends();
        let (from, to) = (times::of_second(from), times::of_second(to));
        let mut words = format!("From {} to {}.", times::told(&from), times::told(&to));
        for series in &self.series {
            let Some(Point { second, value, .. }) = series.largest() else { continue };
            let at = times::of_second(second);
            let value = (self.quantity.write)(value.abs());
            words.push_str(
                &format_args!(" {}: at most {value}, at {}.", series.name, times::clock(&at)).to_string(),
            );
        }
        words
    }

    /// Draws it.
    pub(super) fn svg(&self) -> String {
        svg::draw(self)
    }
}

#[cfg(test)]
mod tests;
