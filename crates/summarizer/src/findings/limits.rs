//! From which number on a rule speaks: the one table, with which METRICS.md "Findings" is compared.

use netsonde_messages::{FindingRule, Severity, Unit};

use crate::facts::written;

/// How far back most rules look, in seconds of the session.
pub const WINDOW_S: u64 = 30;
/// How far back they look at most where little happened.
pub const LONGEST_WINDOW_S: u64 = 300;
/// A finding is over when its number was clearly below the limit for so long, or nothing was added to it for
/// [`FRESH_MS`], in milliseconds of the session.
pub const CALM_MS: f64 = 10_000.0;
/// What only adds up holds for so long after the last that was added, in milliseconds of the session.
pub const FRESH_MS: f64 = 30_000.0;
/// A number this far inside its limit, as a part of it, is clearly so.
pub const CLEARLY: f64 = 0.8;
/// The same of a MOS, whose whole range is narrow.
pub const MOS_CLEARLY: f64 = 0.95;
/// The most findings of a session that are kept; the least severe of those that are over give way.
pub const FINDINGS: usize = 200;
/// The most findings without room that are told apart, so that each counts once; beyond it the count stands still.
pub const LEFT_OUT: usize = 10_000;
/// The most pieces of evidence of a finding.
pub const EVIDENCE: usize = 10;
/// The most changes that are kept.
pub const CHANGES: usize = 20;
/// Round trips are compared with those of so many seconds before, at least.
pub const BASELINE_S: usize = 60;
/// The most seconds that the baseline of round trips is made from; after two hours a session's usual is known.
pub const LONGEST_BASELINE_S: usize = 7_200;
/// Fewer round trips than this in a session say nothing of it.
pub const ROUND_TRIPS: u64 = 100;
/// A round trip that is longer by less than this, in milliseconds, is no matter.
pub const ROUND_TRIP_ABOVE_MS: f64 = 20.0;
/// A window with fewer data segments than this is made longer.
pub const DATA_SEGMENTS: u64 = 100;
/// A host that has tried so many addresses or ports in vain may be about to scan: what it tried in vain speaks for no
/// service's trouble.
pub const SCAN_BEGINS: u64 = 4;
/// Of a connection with fewer data segments than this no share is said: three of four are no 75 %.
pub const SHARE_SEGMENTS: u64 = 20;
/// A stream with fewer packets than this has not told how it fares: two seconds of speech.
pub const STREAM_PACKETS: u64 = 100;
/// DNS with fewer questions or answers in the window than this has not told how it fares.
pub const LOOKUPS: u64 = 10;
/// From this part of what the link carries on, it is full.
pub const FULL: f64 = 0.8;
/// No link is full with fewer bits per second than this, where it is not known what it carries.
pub const LEAST_FULL_BPS: f64 = 1_000_000.0;
/// No link is filled by what lasts no longer than this, in seconds.
pub const LEAST_FULL_S: f64 = 10.0;
/// So many bad ones of some are needed before all of them being bad is critical.
pub const MANY_FAILURES: u64 = 10;

/// The numbers that rules look at.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Number {
    /// The share of packets dropped before they were measured.
    Drops,
    /// The share of data segments sent again.
    Resent,
    /// The round trip beside the session's usual one.
    RoundTrip,
    /// A stream's or call's MOS.
    Mos,
    /// The loss of a stream that has a MOS, which knows most of it.
    SpeechLoss,
    /// A stream's loss.
    StreamLoss,
    /// A stream's jitter.
    StreamJitter,
    /// Segments of a connection that said there was no room.
    ZeroWindows,
    /// The share of connections to a service that came to nothing.
    NoAnswer,
    /// The mean time of DNS to an answer.
    DnsLatency,
    /// The share of questions of DNS without an answer.
    DnsUnanswered,
    /// The share of answers of DNS that are failures.
    DnsFailed,
    /// Packets of a protocol in clear text.
    ClearText,
    /// Passwords in clear text.
    Credentials,
    /// Addresses or ports that a host tried in vain.
    Scan,
    /// A conversation's share in the bytes of a full link.
    Filled,
    /// The same where it is not known what the link carries.
    FilledUnknown,
}

/// From which number on a rule speaks.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Limit {
    /// The rule.
    pub rule: FindingRule,
    /// What it looks at.
    pub what: &'static str,
    /// The number's unit.
    pub unit: Unit,
    /// From here on it is worth knowing.
    pub info: Option<f64>,
    /// From here on people notice it.
    pub warning: Option<f64>,
    /// From here on something does not work.
    pub critical: Option<f64>,
    /// Whether small numbers are the bad ones.
    pub falls: bool,
    /// At least so many bad ones must be there.
    pub least: u64,
}

impl Number {
    /// All of them.
    pub const ALL: [Self; 17] = [
        Self::Drops,
        Self::Resent,
        Self::RoundTrip,
        Self::Mos,
        Self::SpeechLoss,
        Self::StreamLoss,
        Self::StreamJitter,
        Self::ZeroWindows,
        Self::NoAnswer,
        Self::DnsLatency,
        Self::DnsUnanswered,
        Self::DnsFailed,
        Self::ClearText,
        Self::Credentials,
        Self::Scan,
        Self::Filled,
        Self::FilledUnknown,
    ];

    /// Returns from which number on its rule speaks: the table.
    #[rustfmt::skip]
    pub const fn limit(self) -> Limit {
        use FindingRule as Rule;
        match self {
            Self::Drops => limit(Rule::CaptureDrops, "packets dropped, in all that were there", Unit::Percent, (0.1, 5.0), 10),
            Self::Resent => limit(Rule::Retransmissions, "TCP data segments sent again, in all of them", Unit::Percent, (1.0, 5.0), 5),
            Self::RoundTrip => limit(Rule::RoundTripRose, "round trip p50 beside that of the time before", Unit::Times, (1.5, 3.0), 0),
            Self::Mos => Limit { falls: true, ..limit(Rule::PoorCall, "MOS", Unit::Mos, (3.6, 3.1), 0) },
            Self::SpeechLoss => limit(Rule::PoorCall, "loss of a stream that has a MOS", Unit::Percent, (3.0, 10.0), 3),
            Self::StreamLoss => limit(Rule::PoorCall, "loss of a stream that has no MOS", Unit::Percent, (1.0, 5.0), 3),
            Self::StreamJitter => limit(Rule::PoorCall, "mean jitter of a stream of sound", Unit::Milliseconds, (25.0, 50.0), 0),
            Self::ZeroWindows => limit(Rule::ZeroWindows, "zero windows of one end of a connection", Unit::Count, (10.0, 100.0), 0),
            Self::NoAnswer => limit(Rule::NoAnswer, "connections to a service that came to nothing, in all tried", Unit::Percent, (50.0, 100.0), 3),
            Self::DnsLatency => limit(Rule::Dns, "mean DNS latency", Unit::Milliseconds, (150.0, 500.0), 0),
            Self::DnsUnanswered => limit(Rule::Dns, "DNS questions without an answer, in all of them", Unit::Percent, (5.0, 20.0), 3),
            Self::DnsFailed => limit(Rule::Dns, "DNS answers that are failures, in all of them", Unit::Percent, (5.0, 20.0), 3),
            Self::ClearText => Limit { info: Some(10.0), warning: None, critical: None, ..limit(Rule::ClearText, "packets of HTTP, SIP, RTSP or RTP in clear text", Unit::Count, (0.0, 0.0), 0) },
            Self::Credentials => Limit { warning: None, ..limit(Rule::Credentials, "passwords sent in clear text", Unit::Count, (1.0, 1.0), 0) },
            Self::Scan => limit(Rule::Scan, "addresses or ports that one host tried in vain", Unit::Count, (20.0, 200.0), 0),
            Self::Filled => Limit { critical: None, ..limit(Rule::LinkFilled, "one conversation's share of the bytes of a full link", Unit::Percent, (60.0, 0.0), 0) },
            Self::FilledUnknown => Limit { info: Some(60.0), warning: None, critical: None, ..limit(Rule::LinkFilled, "the same of a link whose speed is unknown, full beside its own peak", Unit::Percent, (0.0, 0.0), 0) },
        }
    }
}

const fn limit(
    rule: FindingRule,
    what: &'static str,
    unit: Unit,
    (warning, critical): (f64, f64),
    least: u64,
) -> Limit {
    Limit {
        rule,
        what,
        unit,
        info: None,
        warning: Some(warning),
        critical: Some(critical),
        falls: false,
        least,
    }
}

impl Limit {
    /// Returns how bad a number is; none inside the limits.
    pub fn level(&self, value: f64) -> Option<Severity> {
        let beyond = |limit: Option<f64>| limit.is_some_and(|limit| self.is_beyond(value, limit));
        if beyond(self.critical) {
            Some(Severity::Critical)
        } else if beyond(self.warning) {
            Some(Severity::Warning)
        } else {
            beyond(self.info).then_some(Severity::Info)
        }
    }

    /// Tells whether a number is so far inside the first limit that it does not come back at once.
    pub fn is_clear(&self, value: f64) -> bool {
        let first = self.info.or(self.warning).or(self.critical);
        first.is_some_and(|first| {
            let clear = if self.falls { first / MOS_CLEARLY } else { first * CLEARLY };
            !self.is_beyond(value, clear)
        })
    }

    /// Returns the number from which on a severity is given, as people read it; none where anything at all is enough.
    pub fn of(&self, severity: Severity) -> Option<String> {
        let number = match severity {
            Severity::Info => self.info,
            Severity::Warning => self.warning,
            Severity::Critical => self.critical,
        };
        let is_anything = matches!(self.rule, FindingRule::ClearText | FindingRule::Credentials);
        number.filter(|_| !is_anything).map(|number| written(number, self.unit))
    }

    fn is_beyond(&self, value: f64, limit: f64) -> bool {
        if self.falls { value < limit } else { value >= limit }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A row of the table as METRICS.md writes it.
    fn row(limit: &Limit) -> String {
        let name = |debug: String| {
            let mut snake = String::new();
            for letter in debug.chars() {
                if letter.is_ascii_uppercase() && !snake.is_empty() {
                    snake.push('_');
                }
                snake.push(letter.to_ascii_lowercase());
            }
            snake
        };
        let below = if limit.falls { "below " } else { "" };
        let number = |limit: Option<f64>| limit.map_or_else(|| "-".into(), |limit| format!("{below}{limit}"));
        let (info, warning, critical) = (number(limit.info), number(limit.warning), number(limit.critical));
        let (rule, unit) = (name(format!("{:?}", limit.rule)), name(format!("{:?}", limit.unit)));
        format!("| {rule} | {} | {unit} | {info} | {warning} | {critical} | {} |", limit.what, limit.least)
    }

    #[test]
    fn the_table_of_limits_is_that_of_metrics_md() {
        let document = include_str!("../../../../docs/METRICS.md");
        let section = document.split("\n## Findings\n").nth(1).unwrap().split("\n## ").next().unwrap();
        let rows: Vec<_> = section.lines().filter(|line| line.starts_with("| ")).skip(1).collect();
        let table: Vec<_> = Number::ALL.map(|number| row(&number.limit())).into();
        assert_eq!(rows, table);
    }

    #[test]
    fn every_rule_has_a_number() {
        for rule in FindingRule::ALL {
            assert!(Number::ALL.iter().any(|number| number.limit().rule == rule), "{rule:?}");
        }
    }

    #[test]
    fn a_number_is_clear_a_fifth_inside_its_limit() {
        let (loss, mos) = (Number::Resent.limit(), Number::Mos.limit());
        assert_eq!((loss.is_clear(0.79), loss.is_clear(0.8), loss.is_clear(1.0)), (true, false, false));
        // 3.6 / 0.95 is 3.79.
        assert_eq!((mos.is_clear(3.78), mos.is_clear(3.8)), (false, true));
        assert_eq!(loss.level(0.99), None);
        assert_eq!(mos.level(3.59), Some(Severity::Warning));
    }
}
