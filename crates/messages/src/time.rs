const NANOS_PER_SECOND: u64 = 1_000_000_000;
const SECONDS_PER_DAY: u64 = 86_400;
const DAYS_PER_400_YEARS: u64 = 146_097;
/// Days from 1 March of year 0 to 1 January 1970 in the proleptic Gregorian calendar.
const DAYS_BEFORE_1970: u64 = 719_468;

/// Writes nanoseconds since the Unix epoch as RFC 3339 in UTC with 9 decimals.
///
/// Right for every `u64`: 1970-01-01 to 2554-07-21. Leap seconds do not exist in Unix time.
///
/// ```
/// assert_eq!(
///     netsonde_messages::rfc3339(1_000_000_000_000_000_001),
///     "2001-09-09T01:46:40.000000001Z"
/// );
/// ```
pub fn rfc3339(nanos: u64) -> String {
    let seconds = nanos / NANOS_PER_SECOND;
    let (year, month, day) = civil_from_days(seconds / SECONDS_PER_DAY);
    let second_of_day = seconds % SECONDS_PER_DAY;
    format!(
        "{year:04}-{month:02}-{day:02}T{:02}:{:02}:{:02}.{:09}Z",
        second_of_day / 3600,
        second_of_day / 60 % 60,
        second_of_day % 60,
        nanos % NANOS_PER_SECOND,
    )
}

/// Turns days since 1970-01-01 into year, month (1..=12) and day (1..=31).
///
/// Years are counted from 1 March, so that the leap day is the last day of its year and the months
/// from March on follow one linear rule of 153 days every 5 months.
fn civil_from_days(days_since_1970: u64) -> (u64, u64, u64) {
    let days = days_since_1970 + DAYS_BEFORE_1970;
    let cycle = days / DAYS_PER_400_YEARS;
    let day_of_cycle = days % DAYS_PER_400_YEARS;
    // The day count less the leap days already passed: one each 4 years, none each 100, one each 400.
    let year_of_cycle =
        (day_of_cycle - day_of_cycle / 1460 + day_of_cycle / 36_524 - day_of_cycle / 146_096) / 365;
    let day_of_year = day_of_cycle - (365 * year_of_cycle + year_of_cycle / 4 - year_of_cycle / 100);
    let month_from_march = (5 * day_of_year + 2) / 153;
    let day = day_of_year - (153 * month_from_march + 2) / 5 + 1;
    let (month, next_year) =
        if month_from_march < 10 { (month_from_march + 3, 0) } else { (month_from_march - 9, 1) };
    (cycle * 400 + year_of_cycle + next_year, month, day)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ends_of_the_range_are_written() {
        assert_eq!(rfc3339(0), "1970-01-01T00:00:00.000000000Z");
        // 2^64 - 1 ns = 18446744073 s + 709551615 ns; 213503 days and 84873 s: 23:34:33.
        assert_eq!(rfc3339(u64::MAX), "2554-07-21T23:34:33.709551615Z");
    }

    #[test]
    fn leap_days_follow_the_gregorian_rule() {
        let midnight = |days: u64| rfc3339(days * SECONDS_PER_DAY * NANOS_PER_SECOND);
        // 1970 to 1999: 30 years, 7 leap days; then January (31) and 28 days of February.
        assert_eq!(midnight(30 * 365 + 7 + 31 + 28), "2000-02-29T00:00:00.000000000Z");
        // 1970 to 2099: 130 years, 32 leap days (1972 to 2096, 2000 among them); 2100 has none.
        assert_eq!(midnight(130 * 365 + 32 + 31 + 28), "2100-03-01T00:00:00.000000000Z");
    }

    #[test]
    fn every_day_follows_the_one_before() {
        let (mut year, mut month, mut day) = (1970, 1, 1);
        for days in 0..=u64::MAX / NANOS_PER_SECOND / SECONDS_PER_DAY {
            assert_eq!(civil_from_days(days), (year, month, day), "{days} days");
            let leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
            let last = match month {
                2 if leap => 29,
                2 => 28,
                4 | 6 | 9 | 11 => 30,
                _ => 31,
            };
            day += 1;
            if day > last {
                (month, day) = (month + 1, 1);
            }
            if month > 12 {
                (year, month) = (year + 1, 1);
            }
        }
    }
}
