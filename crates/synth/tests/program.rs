//! The program that writes captures.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::process::{Command, Output};

use serde_json::Value;

fn synth(arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_netsonde-synth")).args(arguments).output().unwrap()
}

#[test]
fn a_capture_is_written_with_its_truth_beside_it() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("small.pcap");
    let output = synth(&["small", file.to_str().unwrap(), "--packets", "100", "--seed", "3"]);
    assert!(output.status.success());
    // A file header of 24 bytes, and 100 frames of 60 behind record headers of 16.
    assert_eq!(std::fs::metadata(&file).unwrap().len(), 24 + 100 * (16 + 60));
    let truth = std::fs::read(folder.path().join("small.pcap.truth.json")).unwrap();
    let truth: Value = serde_json::from_slice(&truth).unwrap();
    let number = |path: &str| truth.pointer(path).and_then(Value::as_u64).unwrap();
    assert_eq!((number("/packets"), number("/bytes")), (100, 6_000));
    assert_eq!(number("/tcp/connections") + number("/udp/conversations"), 10);
}

#[test]
fn a_capture_that_cannot_be_written_is_named() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("missing/mix.pcap");
    let output = synth(&["mix", file.to_str().unwrap(), "--packets", "10"]);
    assert_eq!(output.status.code(), Some(1));
    let words = String::from_utf8(output.stderr).unwrap();
    assert!(words.contains("missing/mix.pcap"), "{words}");
}

#[test]
fn a_call_is_written_with_what_befalls_it_and_an_unknown_case_lists_all() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("call.pcap");
    let output = synth(&["call", file.to_str().unwrap(), "--case", "lost 5 %"]);
    assert!(output.status.success());
    let truth = std::fs::read(folder.path().join("call.pcap.truth.json")).unwrap();
    let truth: Value = serde_json::from_slice(&truth).unwrap();
    // 100 of 2,000.
    assert_eq!(truth.pointer("/rtp/0/lost").and_then(Value::as_u64), Some(100));

    let output = synth(&["call", file.to_str().unwrap(), "--case", "list"]);
    assert_eq!(output.status.code(), Some(1));
    let words = String::from_utf8(output.stderr).unwrap();
    assert!(words.contains("all goes well; ") && words.contains("; lost 5 %; "), "{words}");
}

#[test]
fn a_trouble_is_written_and_the_list_says_what_is_true_of_each() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("refused.pcap");
    let output = synth(&["trouble", "--case", "refused", file.to_str().unwrap()]);
    assert!(output.status.success());
    let truth = std::fs::read(folder.path().join("refused.pcap.truth.json")).unwrap();
    let truth: Value = serde_json::from_slice(&truth).unwrap();
    assert_eq!(truth.pointer("/tcp/refused").and_then(Value::as_u64), Some(15));

    let words = String::from_utf8(synth(&["trouble", "--list"]).stdout).unwrap();
    assert_eq!(words.lines().count(), 12);
    assert!(words.contains("dns-slow") && words.contains("700 ms"), "{words}");
    let output = synth(&["trouble", "--case", "none", file.to_str().unwrap()]);
    assert_eq!(output.status.code(), Some(1));
}
