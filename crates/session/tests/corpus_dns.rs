//! DNS in real captures against what tshark says of it.
//!
//! The captures live outside the project; without them the test says so and passes.

#![expect(clippy::unwrap_used, clippy::print_stderr, reason = "a test stops, and says why")]

#[path = "support/corpus.rs"]
mod support;

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use support::{captures, corpus, measured, truth};

const FUZZED: &str = "bad_ndpi_fuzz_2006_06_26.pcap";
const DAMAGED: &str = "frame 452 says 100 questions and has a control character in its name, frame 615 is 0xaa from \
                       its flags on: nothing but the port says DNS";
const QUOTED: &str =
    "frames 34 and 36 are ICMP errors that quote the queries of frames 33 and 35: tshark reads those again";
const NOISY: &str = "bad_tcpdump_dns_badlabel.pcap";
const NOISE: &str =
    "frame 1 is noise from port 53: operation 15, a reserved bit, 64,259 questions and no name";

/// Where the truth and we differ and we are right: file, what, ours, theirs, why.
const DIFFERENT: &[(&str, &str, u64, u64, &str)] = &[
    (FUZZED, "dns responses", 47, 49, DAMAGED),
    (FUZZED, "rcode NOERROR", 46, 47, DAMAGED),
    (FUZZED, "rcode NOTZONE", 1, 2, DAMAGED),
    ("enc_zeek_gre_sample.pcap", "dns queries", 2, 4, QUOTED),
    (NOISY, "dns responses", 0, 1, NOISE),
    (NOISY, "rcode RCODE15", 0, 1, NOISE),
];

/// Counts by what they count, those that are not 0.
type Counts = BTreeMap<String, u64>;

/// Names by address.
type Learned = BTreeMap<String, BTreeSet<String>>;

fn our_counts(dns: &Value) -> Counts {
    let mut counts = Counts::new();
    for (kind, messages) in [("dns", dns), ("mdns", &dns["mdns"]), ("llmnr", &dns["llmnr"])] {
        for what in ["queries", "responses"] {
            counts.insert(format!("{kind} {what}"), messages[what].as_u64().unwrap());
        }
    }
    for (code, responses) in dns["rcodes"].as_object().unwrap() {
        counts.insert(format!("rcode {code}"), responses.as_u64().unwrap());
    }
    counts.retain(|_, count| *count > 0);
    counts
}

fn their_counts(truth: &Value) -> Counts {
    let mut counts = Counts::new();
    for (what, list) in [("queries", "dns_queries"), ("responses", "dns_answers")] {
        for message in truth[list].as_array().unwrap() {
            let kind = message["kind"].as_str().unwrap();
            *counts.entry(format!("{kind} {what}")).or_default() += 1;
            if let (Some(code), "dns") = (message.pointer("/rcode/0").and_then(Value::as_str), kind) {
                *counts.entry(format!("rcode {}", rcode(code))).or_default() += 1;
            }
        }
    }
    counts
}

/// IANA's name of a code.
fn rcode(code: &str) -> String {
    let named = [
        "NOERROR",
        "FORMERR",
        "SERVFAIL",
        "NXDOMAIN",
        "NOTIMP",
        "REFUSED",
        "YXDOMAIN",
        "YXRRSET",
        "NXRRSET",
        "NOTAUTH",
        "NOTZONE",
        "DSOTYPENI",
    ];
    let name = code.parse::<usize>().ok().and_then(|code| named.get(code));
    name.map_or_else(|| format!("RCODE{code}"), ToString::to_string)
}

fn names(list: &Value) -> BTreeSet<String> {
    list.as_array().unwrap().iter().map(|name| name.as_str().unwrap().to_ascii_lowercase()).collect()
}

fn our_names(dns: &Value) -> Learned {
    assert_eq!(dns["learned_omitted"], 0);
    let learned = dns["learned"].as_array().unwrap();
    learned.iter().map(|row| (row["address"].as_str().unwrap().to_owned(), names(&row["names"]))).collect()
}

fn their_names(truth: &Value) -> Learned {
    let learned = truth["dns_learned"].as_object().unwrap();
    learned.iter().map(|(address, learned)| (address.clone(), names(learned))).collect()
}

/// The names of all records in the answers that hold an address. The truth gives an address the question of its
/// message, or all names of one without a question; it does not tell an answer from the address of a name server
/// beside it. We give the latter its own name, which is among these.
fn names_beside(truth: &Value, address: &str) -> BTreeSet<String> {
    let answers = truth["dns_answers"].as_array().unwrap().iter();
    let holding = answers.filter(|answer| {
        ["a", "aaaa"].iter().any(|list| answer[list].as_array().unwrap().iter().any(|held| held == address))
    });
    holding.flat_map(|answer| names(&answer["names"])).collect()
}

#[test]
fn queries_answers_codes_and_names_of_real_captures_are_those_of_tshark() {
    let Some(corpus) = corpus() else { return };
    let (mut values, mut wrong) = (0, Vec::new());
    for path in captures(&corpus) {
        let name = path.file_name().unwrap().to_string_lossy().into_owned();
        let Ok(report) = measured(&path) else { continue };
        let (dns, truth) = (&report["dns"], truth(&corpus, &name));
        let (ours, theirs) = (our_counts(dns), their_counts(&truth));
        for what in ours.keys().chain(theirs.keys()).collect::<BTreeSet<_>>() {
            let count = |counts: &Counts| counts.get(what).copied().unwrap_or_default();
            let (ours, theirs) = (count(&ours), count(&theirs));
            values += 1;
            let row = (name.as_str(), what.as_str(), ours, theirs);
            let is_right = DIFFERENT.iter().any(|other| (other.0, other.1, other.2, other.3) == row);
            if ours != theirs && !is_right {
                wrong.push(format!("{name}: {what}: ours {ours}, truth {theirs}"));
            }
        }
        let (ours, theirs) = (our_names(dns), their_names(&truth));
        for address in ours.keys().chain(theirs.keys()).collect::<BTreeSet<_>>() {
            let names = |learned: &Learned| learned.get(address).cloned().unwrap_or_default();
            let (ours, theirs) = (names(&ours), names(&theirs));
            values += 1;
            if ours.is_empty() || !(ours == theirs || ours.is_subset(&names_beside(&truth, address))) {
                wrong.push(format!("{name}: {address}: ours {ours:?}, truth {theirs:?}"));
            }
        }
    }
    assert!(wrong.is_empty(), "{} of {values} values differ:\n{}", wrong.len(), wrong.join("\n"));
    assert!(values > 600, "only {values} values were compared");
}
