//! Quantities as a person reads them: SI units, one decimal, `-` where nothing is known. The one formatter of reports and
//! summaries; the dashboard has its twin in TypeScript.

use std::fmt::Write as _;

/// Stands where a number is unknown.
pub const UNKNOWN: &str = "-";

const SI_PREFIXES: [&str; 7] = ["", "k", "M", "G", "T", "P", "E"];
/// The first value that one decimal would round up to the next prefix.
const NEXT_PREFIX: f64 = 999.95;

/// Writes a number of bytes: `999 B`, `1.2 GB`.
pub fn bytes(bytes: u64) -> String {
    si(bytes as f64, "B")
}

/// Writes a bit rate: `15.4 Mbps`.
pub fn bits_per_second(rate: Option<f64>) -> String {
    rate.map_or_else(|| UNKNOWN.into(), |rate| si(rate, "bps"))
}

/// Writes a packet rate without its unit, which stands in the column's head: `1.2 k`.
pub fn per_second(rate: Option<f64>) -> String {
    rate.map_or_else(|| UNKNOWN.into(), |rate| si(rate, "").trim_end().to_owned())
}

/// Writes an exact count in groups of three digits: `1,234,567`.
pub fn count(count: u64) -> String {
    let digits = count.to_string();
    let mut grouped = String::with_capacity(digits.len() + digits.len() / 3);
    for (place, digit) in digits.chars().enumerate() {
        if place > 0 && (digits.len() - place).is_multiple_of(3) {
            grouped.push(',');
        }
        grouped.push(digit);
    }
    grouped
}

/// Writes a count and its noun: `1 packet`, `2 packets`.
pub fn counted(number: u64, noun: &str) -> String {
    let mut text = format!("{} {noun}", count(number));
    if number != 1 {
        text.push('s');
    }
    text
}

/// Writes the share of a part in a whole: `12.5 %`; unknown where there is no whole.
pub fn share(part: u64, whole: u64) -> String {
    percentage((whole > 0).then(|| part as f64 * 100.0 / whole as f64))
}

/// Writes a percentage: `12.5 %`.
pub fn percentage(value: Option<f64>) -> String {
    value.map_or_else(|| UNKNOWN.into(), |value| format!("{value:.1} %"))
}

/// Writes a span of time with its two leading units: `0.4 ms`, `3.4 s`, `2 m 05 s`, `3 d 04 h`.
pub fn duration(seconds: Option<f64>) -> String {
    let Some(seconds) = seconds else { return UNKNOWN.into() };
    if seconds < 1.0 && seconds * 1000.0 < NEXT_PREFIX {
        return format!("{:.1} ms", seconds * 1000.0);
    }
    if seconds < 59.95 {
        return format!("{seconds:.1} s");
    }
    let whole = std::time::Duration::try_from_secs_f64(seconds.round()).unwrap_or_default().as_secs();
    let (minutes, hours, days) = (whole / 60, whole / 3600, whole / 86_400);
    let mut text = String::new();
    // Writing to a String cannot fail.
    let _ = match (days, hours) {
        (0, 0) => write!(text, "{minutes} m {:02} s", whole % 60),
        (0, _) => write!(text, "{hours} h {:02} m", minutes % 60),
        _ => write!(text, "{days} d {:02} h", hours % 24),
    };
    text
}

/// Writes a delay given in milliseconds, to the microsecond where it is short: `85 µs`, `12.3 ms`, `1.2 s`.
pub fn delay(milliseconds: Option<f64>) -> String {
    match milliseconds {
        Some(short) if short < 0.9995 => format!("{:.0} µs", short * 1000.0),
        other => duration(other.map(|milliseconds| milliseconds / 1000.0)),
    }
}

/// Writes a mean opinion score: `4.38`.
pub fn mos(score: Option<f64>) -> String {
    score.map_or_else(|| UNKNOWN.into(), |score| format!("{score:.2}"))
}

/// Scales to the prefix that leaves at most three digits before the point.
fn si(value: f64, unit: &str) -> String {
    let mut scaled = value;
    let mut prefixes = SI_PREFIXES.iter();
    let mut prefix = prefixes.next().copied().unwrap_or_default();
    while scaled >= NEXT_PREFIX {
        let Some(next) = prefixes.next() else { break };
        (scaled, prefix) = (scaled / 1000.0, next);
    }
    if prefix.is_empty() && scaled.fract() == 0.0 {
        format!("{scaled:.0} {unit}")
    } else {
        format!("{scaled:.1} {prefix}{unit}")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bytes_take_the_prefix_that_fits_after_rounding() {
        let cases = [
            (0, "0 B"),
            (999, "999 B"),
            (1000, "1.0 kB"),
            (999_949, "999.9 kB"),
            (999_950, "1.0 MB"),
            (1_234_567_890, "1.2 GB"),
            (u64::MAX, "18.4 EB"),
        ];
        for (value, expected) in cases {
            assert_eq!(bytes(value), expected);
        }
    }

    #[test]
    fn rates_keep_a_fraction_and_unknown_is_a_dash() {
        assert_eq!(bits_per_second(Some(15_400_000.0)), "15.4 Mbps");
        assert_eq!(bits_per_second(Some(0.5)), "0.5 bps");
        assert_eq!(bits_per_second(None), "-");
        assert_eq!(per_second(Some(12.0)), "12");
        assert_eq!(per_second(Some(1234.0)), "1.2 k");
    }

    #[test]
    fn counts_are_grouped_and_agree_with_their_noun() {
        let cases = [(0, "0"), (999, "999"), (1000, "1,000"), (1_234_567, "1,234,567")];
        for (value, expected) in cases {
            assert_eq!(count(value), expected);
        }
        assert_eq!(counted(1, "packet"), "1 packet");
        assert_eq!(counted(2000, "packet"), "2,000 packets");
    }

    #[test]
    fn shares_of_nothing_are_unknown() {
        assert_eq!(share(1, 8), "12.5 %");
        assert_eq!(share(0, 0), "-");
    }

    #[test]
    fn short_delays_are_told_to_the_microsecond() {
        let cases =
            [(0.0, "0 µs"), (0.085_4, "85 µs"), (0.999_4, "999 µs"), (0.999_5, "1.0 ms"), (1_234.0, "1.2 s")];
        for (value, expected) in cases {
            assert_eq!(delay(Some(value)), expected);
        }
        assert_eq!(delay(None), "-");
    }

    #[test]
    fn durations_show_two_leading_units() {
        let cases = [
            (0.0, "0.0 ms"),
            (0.000_4, "0.4 ms"),
            (0.999_96, "1.0 s"),
            (3.44, "3.4 s"),
            (59.94, "59.9 s"),
            (59.95, "1 m 00 s"),
            (125.0, "2 m 05 s"),
            (3_720.0, "1 h 02 m"),
            (273_600.0, "3 d 04 h"),
        ];
        for (value, expected) in cases {
            assert_eq!(duration(Some(value)), expected);
        }
    }
}
