//! What was found in a capture, whoever looked, under Wireshark's names.

use std::collections::{BTreeMap, BTreeSet};

use anyhow::{Context as _, bail};
use serde_json::Value;

/// Every kind of TCP event, by Wireshark's names.
///
/// Wireshark's `retransmission` holds the fast and the spurious ones too; so it does here, whoever looked.
pub const KINDS: [&str; 15] = [
    "retransmission",
    "fast_retransmission",
    "spurious_retransmission",
    "out_of_order",
    "lost_segment",
    "ack_lost_segment",
    "duplicate_ack",
    "keep_alive",
    "keep_alive_ack",
    "zero_window",
    "zero_window_probe",
    "zero_window_probe_ack",
    "window_full",
    "window_update",
    "reused_ports",
];

/// Decimals from seconds to nanoseconds.
pub const SECONDS: usize = 9;

/// Decimals from milliseconds to nanoseconds.
pub const MILLISECONDS: usize = 6;

/// TCP's findings in one capture.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Findings {
    /// The frames of each kind; a kind without any is not in it.
    pub events: BTreeMap<&'static str, BTreeSet<u64>>,
    /// The round trips that a frame completes, in nanoseconds.
    pub ack_rtt: BTreeMap<u64, Vec<i64>>,
    /// The handshake's round trip of a stream, in nanoseconds.
    pub initial_rtt: BTreeMap<u64, i64>,
    /// The streams of the frames with a finding.
    pub streams: BTreeMap<u64, u64>,
}

impl Findings {
    /// Reads the lines of `netsonde analyze --events tcp`.
    ///
    /// # Errors
    ///
    /// When a line is not what the contract says, or names an event that nobody knows.
    pub fn from_lines(lines: &str) -> anyhow::Result<Self> {
        let mut findings = Self::default();
        for line in lines.lines() {
            findings.add(line).with_context(|| format!("cannot read the event {line:?}"))?;
        }
        Ok(findings)
    }

    /// Reads the truth about a capture; `ack_rtt` stays empty where the truth lists no samples.
    ///
    /// # Errors
    ///
    /// When the truth has no list of frames for a kind, or an entry that is not a number.
    pub fn from_truth(truth: &Value) -> anyhow::Result<Self> {
        let mut findings = Self::default();
        for kind in KINDS {
            let frames = truth.pointer(&format!("/tcp_analysis_frames/{kind}")).and_then(Value::as_array);
            for frame in frames.with_context(|| format!("the truth lists no frames of {kind}"))? {
                findings.insert(kind, number(Some(frame))?);
            }
        }
        for sample in truth.get("ack_rtt_samples").and_then(Value::as_array).into_iter().flatten() {
            let nanos = nanos(sample.get(1), SECONDS)?;
            findings.ack_rtt.entry(number(sample.get(0))?).or_default().push(nanos);
        }
        let streams = truth.get("tcp_stream_list").and_then(Value::as_object);
        for (stream, ends) in streams.context("the truth has no tcp_stream_list")? {
            let rtt = ends.get("initial_rtt");
            if rtt.is_some_and(|rtt| !rtt.is_null()) {
                findings.initial_rtt.insert(stream.parse()?, nanos(rtt, SECONDS)?);
            }
        }
        Ok(findings)
    }

    /// Adds an event under Wireshark's name, and the union that it belongs to.
    pub fn insert(&mut self, kind: &'static str, frame: u64) {
        self.events.entry(kind).or_default().insert(frame);
        if matches!(kind, "fast_retransmission" | "spurious_retransmission") {
            self.insert("retransmission", frame);
        }
    }

    /// Returns the frames of a kind, in order.
    pub fn frames(&self, kind: &str) -> impl Iterator<Item = u64> {
        self.events.get(kind).into_iter().flatten().copied()
    }

    fn add(&mut self, line: &str) -> anyhow::Result<()> {
        let value: Value = serde_json::from_str(line)?;
        let (frame, stream) = (number(value.get("frame"))?, number(value.get("stream"))?);
        self.streams.insert(frame, stream);
        match value.get("event").and_then(Value::as_str).context("it has no event")? {
            "ack_rtt" => {
                // Whether a sample is ambiguous is ours to say: Wireshark has no such word.
                let nanos = nanos(value.get("ms"), MILLISECONDS)?;
                self.ack_rtt.entry(frame).or_default().push(nanos);
            }
            "initial_rtt" => {
                self.initial_rtt.insert(stream, nanos(value.get("ms"), MILLISECONDS)?);
            }
            "port_reused" => self.insert("reused_ports", frame),
            event => match KINDS.iter().find(|kind| **kind == event) {
                Some(kind) => self.insert(kind, frame),
                None => bail!("the event {event:?} is not known"),
            },
        }
        Ok(())
    }
}

/// Reads a decimal number as a whole one of units `places` decimals down; digits beyond are cut off.
///
/// # Errors
///
/// When the text is no decimal number, or too large a one.
pub fn fixed(text: &str, places: usize) -> anyhow::Result<i64> {
    let (sign, digits) = text.strip_prefix('-').map_or((1, text), |digits| (-1, digits));
    let (whole, fraction) = digits.split_once('.').unwrap_or((digits, ""));
    let fraction: String = fraction.chars().chain(std::iter::repeat('0')).take(places).collect();
    let number: i64 =
        format!("{whole}{fraction}").parse().with_context(|| format!("{text:?} is no number"))?;
    Ok(sign * number)
}

fn nanos(value: Option<&Value>, places: usize) -> anyhow::Result<i64> {
    let number = value.and_then(Value::as_f64).context("a time is missing")?;
    fixed(&format!("{number:.places$}"), places)
}

fn number(value: Option<&Value>) -> anyhow::Result<u64> {
    value.and_then(Value::as_u64).context("a number is missing")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_read_to_the_nanosecond() {
        assert_eq!(fixed("0.000226", SECONDS).unwrap(), 226_000);
        assert_eq!(fixed("-1.000000001", SECONDS).unwrap(), -1_000_000_001);
        assert_eq!(fixed("-0.5", MILLISECONDS).unwrap(), -500_000);
        assert_eq!(fixed("12", MILLISECONDS).unwrap(), 12_000_000);
        // Digits below the unit are cut off.
        assert_eq!(fixed("0.0000019", MILLISECONDS).unwrap(), 1);
        assert!(fixed("soon", SECONDS).is_err());
    }

    #[test]
    fn events_of_ours_are_read_under_the_names_of_wireshark() {
        let lines = "{\"frame\":3,\"stream\":0,\"event\":\"initial_rtt\",\"ms\":11.000000}\n\
                     {\"frame\":7,\"stream\":0,\"event\":\"fast_retransmission\"}\n\
                     {\"frame\":8,\"stream\":1,\"event\":\"port_reused\"}\n\
                     {\"frame\":9,\"stream\":1,\"event\":\"ack_rtt\",\"ms\":1.234567,\"ambiguous\":false}\n";
        let findings = Findings::from_lines(lines).unwrap();
        assert_eq!(findings.frames("retransmission").collect::<Vec<_>>(), [7]);
        assert_eq!(findings.frames("fast_retransmission").collect::<Vec<_>>(), [7]);
        assert_eq!(findings.frames("reused_ports").collect::<Vec<_>>(), [8]);
        assert_eq!(findings.ack_rtt[&9], [1_234_567]);
        assert_eq!(findings.initial_rtt[&0], 11_000_000);
        assert_eq!(findings.streams[&8], 1);
    }

    #[test]
    fn an_event_that_nobody_knows_is_an_error() {
        assert!(Findings::from_lines("{\"frame\":3,\"stream\":0,\"event\":\"hiccup\"}").is_err());
        assert!(Findings::from_lines("{\"stream\":0,\"event\":\"keep_alive\"}").is_err());
        assert!(Findings::from_lines("no JSON").is_err());
    }

    #[test]
    fn the_truth_is_read_in_seconds() {
        let frames: serde_json::Map<String, Value> =
            KINDS.iter().map(|kind| ((*kind).to_owned(), Value::Array(Vec::new()))).collect();
        let mut truth = serde_json::json!({
            "tcp_analysis_frames": frames,
            "ack_rtt_samples": [[2, 0.110_525], [3, 0.000_226]],
            "tcp_stream_list": { "0": { "initial_rtt": 0.110_751 }, "1": { "initial_rtt": null } },
        });
        truth["tcp_analysis_frames"]["retransmission"] = serde_json::json!([4, 5]);
        let findings = Findings::from_truth(&truth).unwrap();
        assert_eq!(findings.frames("retransmission").collect::<Vec<_>>(), [4, 5]);
        assert_eq!((&findings.ack_rtt[&2], &findings.ack_rtt[&3]), (&vec![110_525_000], &vec![226_000]));
        assert_eq!(findings.initial_rtt, BTreeMap::from([(0, 110_751_000)]));
        truth["tcp_analysis_frames"]["keep_alive"] = Value::Null;
        assert!(Findings::from_truth(&truth).is_err());
    }
}
