//! What a reader must know before believing the numbers; nothing when there is nothing to say.

use netsonde_messages::Report;
use netsonde_units::quantity::{bytes, count, counted};

use super::printable;

/// How many malformed reasons are named.
const REASONS: usize = 5;

/// Lists the warnings, the gravest first.
pub(super) fn warnings<F>(report: &Report<F>) -> Vec<String> {
    let capture = &report.capture;
    let mut warnings = Vec::new();
    if !capture.complete {
        let problem = capture.problem.as_deref().unwrap_or("for an unknown reason");
        warnings.push(format!("not all was read: {}", printable(problem)));
    }
    let mut warn = |number: u64, text: String| {
        if number > 0 {
            warnings.push(text);
        }
    };
    let packets = |number: u64| counted(number, "packet");
    let (kernel, interface) = (capture.kernel_drops.unwrap_or(0), capture.interface_drops.unwrap_or(0));
    warn(kernel, format!("{} dropped by the kernel: the numbers are short", packets(kernel)));
    warn(interface, format!("{} dropped by the interface: the numbers are short", packets(interface)));
    let table = &report.flow_table;
    warn(
        table.evicted,
        format!(
            "{} evicted from the full table of {}, {} opened again",
            counted(table.evicted, "flow"),
            count(table.cap),
            count(table.resumed)
        ),
    );
    let talkers = &report.top_talkers_evicted;
    warn(
        talkers.packets,
        format!(
            "talkers of {}, {} evicted from the full table",
            packets(talkers.packets),
            bytes(talkers.bytes)
        ),
    );
    warn(
        table.facts_dropped,
        format!("{} about other flows dropped: ICMP errors are short", counted(table.facts_dropped, "fact")),
    );
    warn(
        table.gaps_forgotten,
        format!("{} in TCP streams forgotten: goodput may be short", counted(table.gaps_forgotten, "gap")),
    );
    warn(
        table.segments_forgotten,
        format!(
            "{} on their way forgotten: round trips may be missing",
            counted(table.segments_forgotten, "TCP segment")
        ),
    );
    warn(
        report.dns.forgotten,
        format!(
            "{} waited for less than 5 s: time-outs may be missing",
            counted(report.dns.forgotten, "DNS question")
        ),
    );
    warn(
        report.icmp.echo_forgotten,
        format!(
            "{} waited for less than 5 s: losses may be missing",
            counted(report.icmp.echo_forgotten, "echo request")
        ),
    );
    let not_understood = capture.not_understood_packets;
    warn(not_understood, format!("{} not understood, only counted", packets(not_understood)));
    warn(capture.malformed_packets, malformed(report));
    warn(capture.truncated_packets, format!("{} captured short", packets(capture.truncated_packets)));
    warn(capture.super_packets, format!("{} joined by offload", packets(capture.super_packets)));
    warn(capture.late_packets, format!("{} stamped before an earlier one", packets(capture.late_packets)));
    warn(
        capture.stretches.saturating_sub(1),
        format!("time jumps: measured in {} stretches", count(capture.stretches)),
    );
    warn(
        capture.stamps_out_of_range,
        format!("{} outside 1970 to 2554", counted(capture.stamps_out_of_range, "time stamp")),
    );
    warn(capture.stamps_missing, format!("{} without a time stamp", packets(capture.stamps_missing)));
    warnings
}

fn malformed<F>(report: &Report<F>) -> String {
    let capture = &report.capture;
    let named = capture.malformed.iter().take(REASONS);
    let mut reasons =
        named.map(|row| format!("{} {} {}", row.layer, row.reason, count(row.packets))).collect::<Vec<_>>();
    if capture.malformed.len() > REASONS {
        reasons.push("others".into());
    }
    let packets = counted(capture.malformed_packets, "malformed packet");
    if reasons.is_empty() { packets } else { format!("{packets}: {}", reasons.join(", ")) }
}
