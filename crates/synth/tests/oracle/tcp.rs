//! What Wireshark calls the segments of each scenario, and what was done to them.

use std::collections::BTreeSet;
use std::path::Path;

use netsonde_synth::Truth;
use netsonde_synth::plan::scenario;
use netsonde_synth::truth::Judged;

use crate::tshark::{BASE, fields, write};

const NAMES: [&str; 15] = [
    "tcp.analysis.retransmission",
    "tcp.analysis.fast_retransmission",
    "tcp.analysis.spurious_retransmission",
    "tcp.analysis.out_of_order",
    "tcp.analysis.lost_segment",
    "tcp.analysis.ack_lost_segment",
    "tcp.analysis.duplicate_ack",
    "tcp.analysis.keep_alive",
    "tcp.analysis.keep_alive_ack",
    "tcp.analysis.zero_window",
    "tcp.analysis.zero_window_probe",
    "tcp.analysis.zero_window_probe_ack",
    "tcp.analysis.window_full",
    "tcp.analysis.window_update",
    "tcp.analysis.reused_ports",
];

/// Counts the judgements of tshark; its retransmissions include the fast and the spurious ones.
pub(crate) fn judged_by_tshark(file: &Path) -> Judged {
    let rows = fields(file, &["-Y", "tcp"], &NAMES);
    let count = |column: usize| rows.iter().filter(|row| !row[column].is_empty()).count() as u64;
    let (fast, spurious) = (count(1), count(2));
    Judged {
        retransmission: count(0) - fast - spurious,
        fast_retransmission: fast,
        spurious_retransmission: spurious,
        out_of_order: count(3),
        lost_segment: count(4),
        ack_lost_segment: count(5),
        duplicate_ack: count(6),
        keep_alive: count(7),
        keep_alive_ack: count(8),
        zero_window: count(9),
        zero_window_probe: count(10),
        zero_window_probe_ack: count(11),
        window_full: count(12),
        window_update: count(13),
        port_reused: count(14),
    }
}

/// Compares the counts that stand in the headers.
pub(crate) fn assert_headers_agree(file: &Path, truth: &Truth) {
    let names = ["frame.len", "tcp.stream", "tcp.len", "tcp.flags.syn", "tcp.flags.fin", "tcp.flags.reset"];
    let rows = fields(file, &["-Y", "tcp && !icmp && !icmpv6"], &names);
    let set = |column: usize| rows.iter().filter(|row| row[column] == "1").count() as u64;
    let streams: BTreeSet<&str> = rows.iter().map(|row| row[1].as_str()).collect();
    let tcp = &truth.tcp;
    assert_eq!(rows.len() as u64, tcp.packets, "packets of TCP");
    assert_eq!(streams.len() as u64, tcp.connections, "connections");
    assert_eq!(rows.iter().filter(|row| row[2] != "0").count() as u64, tcp.data_segments, "data segments");
    assert_eq!((set(3), set(4), set(5)), (tcp.syn, tcp.fin, tcp.rst), "SYN, FIN, RST");
}

#[test]
fn every_scenario_is_judged_as_tshark_judges_it() {
    let folder = tempfile::tempdir().unwrap();
    let mut wrong = Vec::new();
    for scenario in scenario::all() {
        let file = folder.path().join("scenario.pcap");
        let truth = write(&file, scenario.arrivals(BASE, 1));
        assert_headers_agree(&file, &truth);
        let judged = judged_by_tshark(&file);
        if judged != truth.tcp.judged {
            std::fs::copy(&file, format!("/tmp/synth-{}.pcap", scenario.name.replace(' ', "-"))).unwrap();
            wrong.push(format!("{}: tshark {judged:?}, truth {:?}", scenario.name, truth.tcp.judged));
        }
        println!("{} {:?} {:?}", scenario.name, truth.tcp.judged, truth.tcp.simulated);
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}
