//! Moments as flows tell them: RFC 3339 in UTC.

/// Days from 1970-01-01 to the first day of March of the year 0, counted backwards.
const DAYS_BEFORE_1970: i64 = 719_468;

/// Reads a moment as `netsonde_messages::rfc3339` writes it, in milliseconds since the epoch.
pub(super) fn milliseconds(text: &str) -> Option<f64> {
    let (date, time) = text.strip_suffix('Z')?.split_once('T')?;
    let mut date = date.split('-').map(str::parse::<i64>);
    let (year, month, day) = (date.next()?.ok()?, date.next()?.ok()?, date.next()?.ok()?);
    let mut time = time.split(':');
    let hours: f64 = time.next()?.parse().ok()?;
    let minutes: f64 = time.next()?.parse().ok()?;
    let seconds: f64 = time.next()?.parse().ok()?;
    // Years begin in March, so that the leap day is the last one.
    let from_march = (month + 9) % 12;
    let year = if month <= 2 { year - 1 } else { year };
    let days = 365 * year + year / 4 - year / 100 + year / 400 + (153 * from_march + 2) / 5 + day
        - 1
        - DAYS_BEFORE_1970;
    let days = f64::from(i32::try_from(days).ok()?);
    Some((((days * 24.0 + hours) * 60.0 + minutes) * 60.0 + seconds) * 1_000.0)
}

#[cfg(test)]
mod tests {
    use netsonde_messages::rfc3339;

    use super::*;

    #[test]
    fn what_is_written_is_read_again() {
        // The begin, a leap day, the last of February and the first of March of a year without one, a fraction.
        for seconds in [0_u64, 951_782_400, 4_107_456_000, 4_107_542_400, 1_700_000_000] {
            let text = rfc3339(seconds * 1_000_000_000 + 250_000_000);
            assert_eq!(milliseconds(&text), Some(seconds as f64 * 1_000.0 + 250.0), "{text}");
        }
        assert_eq!(milliseconds("yesterday"), None);
    }
}
