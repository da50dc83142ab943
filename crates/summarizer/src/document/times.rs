//! Moments as a document tells them: in UTC, because whoever reads it may be anywhere.

use netsonde_messages::{Finding, rfc3339};

const NANOS: u64 = 1_000_000_000;

/// Returns a second since the epoch, RFC 3339 in UTC.
pub(super) fn of_second(second: u64) -> String {
    rfc3339(second.saturating_mul(NANOS))
}

/// Returns a moment in milliseconds since the epoch, RFC 3339 in UTC.
pub(super) fn of_ms(ms: f64) -> String {
    of_second(std::time::Duration::try_from_secs_f64(ms / 1_000.0).unwrap_or_default().as_secs())
}

/// Writes a moment for people: `2026-11-22 10:40:07 UTC`.
pub(super) fn told(rfc3339: &str) -> String {
    format!("{} {} UTC", date(rfc3339), clock(rfc3339))
}

/// Writes a moment for the name of a file: `2026-11-22-1040`.
pub(super) fn for_name(rfc3339: &str) -> String {
    let clock = rfc3339.get(11..16).unwrap_or_default().replace(':', "");
    format!("{}-{clock}", date(rfc3339))
}

/// Says when a finding was seen; none without stamps.
pub(super) fn seen(finding: &Finding) -> Option<String> {
    let (first, last) = (finding.first_ms.map(of_ms)?, finding.last_ms.map(of_ms)?);
    let since = if finding.holds { ", and still at the end" } else { "" };
    Some(if first == last {
        format!("Seen at {}{since}.", told(&first))
    } else if date(&first) == date(&last) {
        format!("Seen from {} {} to {} UTC{since}.", date(&first), clock(&first), clock(&last))
    } else {
        format!("Seen from {} to {}{since}.", told(&first), told(&last))
    })
}

/// The day: `2026-11-22`.
pub(super) fn date(rfc3339: &str) -> &str {
    rfc3339.get(..10).unwrap_or_default()
}

/// The time of day: `10:40:07`.
pub(super) fn clock(rfc3339: &str) -> &str {
    rfc3339.get(11..19).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn moments_are_told_in_utc() {
        // The famous round second.
        let at = of_second(1_000_000_000);
        assert_eq!(told(&at), "2001-09-09 01:46:40 UTC");
        assert_eq!(for_name(&at), "2001-09-09-0146");
        assert_eq!(of_ms(1_000_000_000_999.0), at);
    }
}
