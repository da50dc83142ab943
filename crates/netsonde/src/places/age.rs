//! How old databases are, by the calendar.

use netsonde_messages::rfc3339;
use netsonde_units::Timestamp;

const NANOS_PER_DAY: u64 = 86_400_000_000_000;

/// Returns the month of a moment, `YYYY-MM`.
pub(crate) fn month(now: Timestamp) -> String {
    months_before(now, 0)
}

/// Returns the month so many before that of a moment, `YYYY-MM`.
pub(crate) fn months_before(now: Timestamp, before: u64) -> String {
    let date = rfc3339(now.nanos());
    let mut parts = date.split('-').map(|part| part.parse().unwrap_or(1));
    let (year, month): (u64, u64) = (parts.next().unwrap_or(1970), parts.next().unwrap_or(1));
    let months = (year * 12 + month - 1).saturating_sub(before);
    format!("{:04}-{:02}", months / 12, months % 12 + 1)
}

/// Returns how many days have passed since a moment in RFC 3339; none where it is no such text. One to come is 0 days old.
pub(crate) fn past_days(since: &str, now: Timestamp) -> Option<u64> {
    let date = since.get(..10)?;
    let mut parts = date.split('-').map(str::parse::<u64>);
    let (year, month, day) = (parts.next()?.ok()?, parts.next()?.ok()?, parts.next()?.ok()?);
    if !((1970..=2554).contains(&year) && (1..=12).contains(&month) && (1..=31).contains(&day)) {
        return None;
    }
    Some((now.nanos() / NANOS_PER_DAY).saturating_sub(days_since_1970(year, month, day)))
}

/// Counts the days from 1970-01-01 to a date, years taken from 1 March so that the leap day ends them.
fn days_since_1970(year: u64, month: u64, day: u64) -> u64 {
    let (year, month) = if month > 2 { (year, month - 3) } else { (year - 1, month + 9) };
    let days = 365 * year + year / 4 - year / 100 + year / 400 + (153 * month + 2) / 5 + day - 1;
    // Those from 0000-03-01 to 1970-01-01.
    days.saturating_sub(719_468)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A day by its number since 1970-01-01.
    fn day(number: u64) -> Timestamp {
        Timestamp::from_nanos(number * NANOS_PER_DAY + 1)
    }

    #[test]
    fn the_month_before_january_is_december() {
        // 2024-01-01 is day 19723: 54 years of 365 days and 13 leap days.
        assert_eq!(month(day(19_723)), "2024-01");
        assert_eq!(months_before(day(19_723), 1), "2023-12");
        assert_eq!(months_before(day(19_723), 13), "2022-12");
        assert_eq!(month(day(0)), "1970-01");
    }

    #[test]
    fn days_are_counted_over_leap_days() {
        // 2024-03-01 is 60 days after 2024-01-01, with a 29 February.
        assert_eq!(past_days("2024-01-01T12:00:00Z", day(19_723 + 60)), Some(60));
        assert_eq!(past_days("2024-03-01T00:00:00Z", day(19_723 + 60)), Some(0));
        assert_eq!(past_days("1970-01-01", day(19_723)), Some(19_723));
        assert_eq!(past_days("2554-01-01", day(19_723)), Some(0));
        for text in ["", "2024", "2024-13-01", "2024-00-10", "soon, very soon", "0000-01-01"] {
            assert_eq!(past_days(text, day(19_723)), None, "{text}");
        }
    }
}
