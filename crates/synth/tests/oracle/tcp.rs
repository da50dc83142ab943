//! What Wireshark calls the segments of each scenario, and what was done to them.

use netsonde_synth::plan::scenario::{self, Scenario};
use netsonde_synth::truth::Judged;

use crate::tshark::{BASE, Frames, frames, write};

/// The fields that hold judgements.
pub(crate) const JUDGEMENTS: [&str; 15] = [
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
pub(crate) fn judged(frames: &Frames) -> Judged {
    let count = |name: &str| {
        let field = format!("tcp.analysis.{name}");
        frames.column(&field).filter(|value| !value.is_empty()).count() as u64
    };
    let (fast, spurious) = (count("fast_retransmission"), count("spurious_retransmission"));
    Judged {
        retransmission: count("retransmission") - fast - spurious,
        fast_retransmission: fast,
        spurious_retransmission: spurious,
        out_of_order: count("out_of_order"),
        lost_segment: count("lost_segment"),
        ack_lost_segment: count("ack_lost_segment"),
        duplicate_ack: count("duplicate_ack"),
        keep_alive: count("keep_alive"),
        keep_alive_ack: count("keep_alive_ack"),
        zero_window: count("zero_window"),
        zero_window_probe: count("zero_window_probe"),
        zero_window_probe_ack: count("zero_window_probe_ack"),
        window_full: count("window_full"),
        window_update: count("window_update"),
        port_reused: count("reused_ports"),
    }
}

fn all_arrivals(scenarios: Vec<Scenario>) -> Vec<netsonde_synth::Arrival> {
    let mut arrivals: Vec<_> = scenarios.into_iter().flat_map(|one| one.arrivals(BASE, 1)).collect();
    arrivals.sort_by_key(|(at, _)| *at);
    arrivals
}

#[test]
fn every_scenario_is_judged_as_tshark_judges_it() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("scenarios.pcap");
    let truth = write(&file, all_arrivals(scenario::all()).into_iter(), u64::MAX);
    assert_eq!(judged(&frames(&file, &JUDGEMENTS)), truth.tcp.judged);
}

#[test]
fn a_hostile_line_is_judged_as_tshark_judges_it() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("hostile.pcap");
    let truth = write(&file, scenario::hostile(BASE, 400, 1).into_iter(), u64::MAX);
    assert!(truth.tcp.packets > 15_000, "{} packets", truth.tcp.packets);
    assert_eq!(judged(&frames(&file, &JUDGEMENTS)), truth.tcp.judged);
}
