//! Connections, versions and packets of QUIC in real captures against what tshark counts.
//!
//! The captures live outside the project; without them the test says so and passes.

#![expect(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::print_stderr,
    reason = "a test stops, and says why"
)]

#[path = "support/corpus.rs"]
mod support;

use std::collections::BTreeMap;

use serde_json::Value;

use support::{captures, corpus, measured, truth};

/// The numbers that tshark has for the types of packets, and their names.
const TYPES: [(&str, &str); 4] = [("initial", "0"), ("0-rtt", "1"), ("handshake", "2"), ("retry", "3")];

/// What tshark counts beyond us: datagrams that ICMP errors quote, which belong to no conversation (METRICS.md
/// "Conversations"). 31 errors do: 19 quote a client, 12 a server's list of versions.
const QUOTED: (&str, [(&str, u64); 2]) =
    ("quic_ndpi_interop_versions.pcapng", [("0x0a0a0a0a", 19), ("0x00000000", 12)]);

/// What there is of QUIC in a capture: connections, packets by version, packets by type.
type Counts = (u64, BTreeMap<String, u64>, BTreeMap<String, u64>);

fn count(value: &Value) -> u64 {
    value.as_u64().unwrap()
}

/// What tshark counts. Its field for types is that of version 1; version 2 has one of its own, which the truth lacks.
fn theirs(truth: &Value) -> Counts {
    let counts = truth["quic"]["counts"].as_object().unwrap();
    let of = |prefix: &str| -> BTreeMap<String, u64> {
        let counted = counts.iter().filter_map(|(key, value)| Some((key.strip_prefix(prefix)?, value)));
        counted.map(|(key, value)| (key.to_owned(), count(value))).collect()
    };
    let mut types = of("long type ");
    let named = TYPES.iter().filter_map(|(name, number)| Some(((*name).to_owned(), types.remove(*number)?)));
    let named = named.collect();
    assert!(types.is_empty(), "{types:?}");
    let streams = truth["quic"]["streams"].as_object().unwrap();
    (u64::try_from(streams.len()).unwrap(), of("version "), named)
}

fn ours(report: &Value) -> Counts {
    let quic = &report["quic"];
    let of = |field: &str| -> BTreeMap<String, u64> {
        quic[field].as_object().unwrap().iter().map(|(key, value)| (key.clone(), count(value))).collect()
    };
    let mut types = of("packet_types");
    // To tshark this one has a version and no type.
    types.remove("version_negotiation");
    if of("versions").contains_key("0x6b3343cf") {
        types.clear();
    }
    (count(&quic["connections"]), of("versions"), types)
}

#[test]
fn connections_versions_and_types_are_those_of_tshark() {
    let Some(corpus) = corpus() else { return };
    let (mut compared, mut wrong) = (0, Vec::new());
    for path in captures(&corpus) {
        let name = path.file_name().unwrap().to_string_lossy().into_owned();
        let Ok(report) = measured(&path) else { continue };
        let (ours, mut theirs) = (ours(&report), theirs(&truth(&corpus, &name)));
        if name == QUOTED.0 {
            let quoted = BTreeMap::from(QUOTED.1);
            theirs.1.iter_mut().for_each(|(version, count)| *count -= quoted[version.as_str()]);
            theirs.2.values_mut().for_each(|initials| *initials -= quoted["0x0a0a0a0a"]);
        }
        compared += u64::from(theirs.0 > 0);
        if ours != theirs {
            wrong.push(format!("{name}:\n  ours {ours:?}\n truth {theirs:?}"));
        }
    }
    assert!(wrong.is_empty(), "{} of {compared} captures differ:\n{}", wrong.len(), wrong.join("\n"));
    assert!(compared >= 17, "only {compared} captures were compared");
}
