//! The values of a chart: where zero is, and which values have a line.

/// How many lines a chart is to have at least about.
const LINES: f64 = 4.0;
/// More than any scale has.
const MOST_LINES: u32 = 16;
/// What a step may begin with: people add such numbers.
const NICE: [f64; 5] = [1.0, 2.0, 2.5, 5.0, 10.0];

/// The scale of the values of a chart; it always holds zero.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Scale {
    low: f64,
    high: f64,
    /// The values that have a line, upwards.
    pub(super) ticks: Vec<f64>,
}

impl Scale {
    /// Makes the scale for values from `low`, zero at most, to `high`, zero at least.
    pub(crate) fn over(low: f64, high: f64) -> Self {
        let (low, high) = if high > low { (low, high) } else { (0.0, 1.0) };
        let step = nice((high - low) / LINES);
        let first = (low / step).ceil() * step;
        // Half a step more than the values need is room wasted.
        let half = step / 2.0;
        let (low, high) = ((low / half).floor() * half, (high / half).ceil() * half);
        let ticks = (0..MOST_LINES).map(|line| first + f64::from(line) * step);
        let ticks = ticks.take_while(|tick| *tick < high + step / 4.0);
        // What should be zero may be off by a rounding.
        let ticks = ticks.map(|tick| if tick.abs() < step / 2.0 { 0.0 } else { tick }).collect();
        Self { low, high, ticks }
    }

    /// Returns how far down a value is, 0 at the top to 1.
    pub(super) fn down(&self, value: f64) -> f64 {
        ((self.high - value) / (self.high - self.low)).clamp(0.0, 1.0)
    }
}

/// The smallest nice number that is not smaller.
fn nice(wanted: f64) -> f64 {
    let magnitude = 10_f64.powf(wanted.log10().floor());
    let fits = |digit: &f64| digit * magnitude >= wanted * 0.999_999;
    NICE.into_iter().find(fits).unwrap_or(10.0) * magnitude
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_stand_at_values_that_people_add() {
        // A quarter of 930 is 232.5, the next nice number 250.
        assert_eq!(Scale::over(0.0, 930.0).ticks, [0.0, 250.0, 500.0, 750.0, 1_000.0]);
        // 1.0 over four lines is 0.25, which is nice itself.
        assert_eq!(Scale::over(0.0, 1.0).ticks, [0.0, 0.25, 0.5, 0.75, 1.0]);
    }

    #[test]
    fn what_goes_out_is_below_zero_on_the_same_scale() {
        // 2 down and 11 up are 13, a quarter 3.25, the next nice number 5; the ends are at -2.5 and 12.5.
        let scale = Scale::over(-2.0, 11.0);
        assert_eq!(scale.ticks, [0.0, 5.0, 10.0]);
        // Zero lies 12.5 of 15 below the top.
        assert!((scale.down(0.0) - 12.5 / 15.0).abs() < 1e-12);
        assert!((scale.down(12.5) - 0.0).abs() < 1e-12);
    }

    #[test]
    fn nothing_but_zero_has_a_scale_too() {
        assert_eq!(Scale::over(0.0, 0.0), Scale::over(0.0, 1.0));
    }
}
