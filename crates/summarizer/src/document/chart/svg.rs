//! Draws a chart.

use std::fmt::Write as _;

use super::{Chart, Point, Series, Shape};

/// The size of a chart that takes the whole width of the page, in pixels.
const WIDE: (f64, f64) = (720.0, 170.0);
/// The size of one that takes half of it.
const HALF: (f64, f64) = (350.0, 140.0);
/// Room for the values at the left, and for the moments below.
const LEFT: f64 = 62.0;
const BELOW: f64 = 20.0;
/// Room above and at the right, for half a label.
const ABOVE: f64 = 8.0;
const RIGHT: f64 = 14.0;
/// How many pixels a moment's label takes, and how many there are for one.
const LABEL: f64 = 58.0;
const PER_LABEL: f64 = 100.0;

/// Where things are drawn.
struct Plot<'a> {
    chart: &'a Chart,
    width: f64,
    height: f64,
}

/// Draws a chart with its title and description, which are named by its id.
pub(super) fn draw(chart: &Chart) -> String {
    let (width, height) = if chart.is_wide { WIDE } else { HALF };
    let plot = Plot { chart, width: width - LEFT - RIGHT, height: height - ABOVE - BELOW };
    let Chart { id, title, .. } = chart;
    let mut svg = format!(
        "<svg role=\"img\" viewBox=\"0 0 {width} {height}\" aria-labelledby=\"{id}-title {id}-description\">\
         <title id=\"{id}-title\">{title}</title><desc id=\"{id}-description\">{}</desc>",
        chart.description()
    );
    plot.lines(&mut svg);
    for (from, to) in chart.timeline.gaps() {
        let (x, width) = (plot.x(from), plot.width * (to - from));
        // Writing to a String cannot fail.
        let _ = write!(
            svg,
            "<rect class=\"gap\" x=\"{x:.1}\" y=\"{ABOVE}\" width=\"{width:.1}\" height=\"{:.1}\"/>",
            plot.height
        );
    }
    for series in &chart.series {
        plot.series(&mut svg, series);
    }
    let zero = plot.y(0.0);
    let right = LEFT + plot.width;
    let _ = write!(svg, "<path class=\"zero\" d=\"M{LEFT} {zero:.1}H{right:.1}\"/>");
    plot.moments(&mut svg);
    svg.push_str("</svg>");
    svg
}

impl Plot<'_> {
    fn x(&self, across: f64) -> f64 {
        LEFT + self.width * across
    }

    fn y(&self, value: f64) -> f64 {
        ABOVE + self.height * self.chart.scale.down(value)
    }

    /// Draws a line and its value at each tick of the scale.
    fn lines(&self, svg: &mut String) {
        let right = LEFT + self.width;
        for &tick in &self.chart.scale.ticks {
            let (y, at) = (self.y(tick), LEFT - 6.0);
            let baseline = y + 3.5;
            let label = short(&(self.chart.quantity.write)(tick.abs()), tick);
            let _ = write!(
                svg,
                "<path class=\"line\" d=\"M{LEFT} {y:.1}H{right:.1}\"/>\
                 <text class=\"value\" x=\"{at}\" y=\"{baseline:.1}\">{label}</text>"
            );
        }
    }

    /// Draws the moments below.
    fn moments(&self, svg: &mut String) {
        let bottom = ABOVE + self.height;
        for tick in self.chart.timeline.ticks(self.width / PER_LABEL, LABEL / self.width) {
            let x = self.x(tick.across);
            let (notch, baseline) = (bottom + 4.0, bottom + 15.0);
            let _ = write!(
                svg,
                "<path class=\"zero\" d=\"M{x:.1} {bottom:.1}V{notch:.1}\"/>\
                 <text class=\"moment\" x=\"{x:.1}\" y=\"{baseline:.1}\">{}</text>",
                tick.label
            );
        }
    }

    fn series(&self, svg: &mut String, series: &Series) {
        let step = self.chart.timeline.step_s;
        let is_neighbour = |one: &Point, next: &Point| {
            one.stretch == next.stretch
                && (series.shape.is_amount() || next.second.checked_sub(one.second) == Some(step))
        };
        let class = series.class;
        for run in series.points.chunk_by(is_neighbour) {
            match (series.shape, run) {
                (Shape::Area | Shape::Shade, run) => {
                    let _ = write!(svg, "<path class=\"area {class}\" d=\"{}\"/>", self.area(run));
                }
                (Shape::Steps, run) => {
                    let _ = write!(svg, "<path class=\"course {class}\" d=\"{}\"/>", self.steps(run));
                }
                // A line of one point would not be seen.
                (Shape::Line, [point]) => {
                    let (x, y) = self.middle(point);
                    let _ = write!(svg, "<circle class=\"{class}\" cx=\"{x:.1}\" cy=\"{y:.1}\" r=\"1.5\"/>");
                }
                (Shape::Line, run) => {
                    let _ = write!(svg, "<path class=\"course {class}\" d=\"{}\"/>", self.course(run));
                }
            }
        }
    }

    /// From zero over the steps back to zero.
    fn area(&self, run: &[Point]) -> String {
        let zero = self.y(0.0);
        let edge = self.steps(run);
        format!(
            "{edge}V{zero:.1}{}Z",
            run.first().map_or_else(String::new, |first| {
                format!("H{:.1}", self.x(self.chart.timeline.across(first.stretch, first.second as f64)))
            })
        )
    }

    /// Over the steps; where none is kept nothing happened.
    fn steps(&self, run: &[Point]) -> String {
        let timeline = &self.chart.timeline;
        let zero = self.y(0.0);
        let mut path = String::new();
        let mut end = None;
        for point in run {
            let (from, to) = (point.second as f64, point.second.saturating_add(timeline.step_s) as f64);
            let (left, right) =
                (self.x(timeline.across(point.stretch, from)), self.x(timeline.across(point.stretch, to)));
            let y = self.y(point.value);
            let _ = match end {
                None => write!(path, "M{left:.1} {y:.1}"),
                Some(end) if end == point.second => write!(path, "V{y:.1}"),
                Some(_) => write!(path, "V{zero:.1}H{left:.1}V{y:.1}"),
            };
            let _ = write!(path, "H{right:.1}");
            end = Some(point.second.saturating_add(timeline.step_s));
        }
        path
    }

    fn course(&self, run: &[Point]) -> String {
        let mut path = String::new();
        for point in run {
            let (x, y) = self.middle(point);
            let to = if path.is_empty() { 'M' } else { 'L' };
            let _ = write!(path, "{to}{x:.1} {y:.1}");
        }
        path
    }

    fn middle(&self, point: &Point) -> (f64, f64) {
        let timeline = &self.chart.timeline;
        let second = point.second as f64 + timeline.step_s as f64 / 2.0;
        (self.x(timeline.across(point.stretch, second)), self.y(point.value))
    }
}

/// The value of a line without the decimal that says nothing.
fn short(text: &str, value: f64) -> String {
    if value == 0.0 { "0".into() } else { text.replace(".0 ", " ") }
}
