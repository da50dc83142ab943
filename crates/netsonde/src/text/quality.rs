//! How well the network did, a line for each thing that occurred.

use std::fmt::Write as _;

use netsonde_messages::{Delays, DnsCounts, FlowTable, IcmpCounts, Report, TcpCounts};
use netsonde_units::quantity::{count, counted, delay, percentage};

use super::{media, secure};

/// How many response codes are named.
const RCODES: usize = 4;

/// Lists the labels and their texts.
pub(super) fn facts<F>(report: &Report<F>) -> Vec<(&'static str, String)> {
    let Report { tcp, rtp, quic, tls, dns, icmp, flow_table, .. } = report;
    let answers = percentiles(&tcp.server_response_ms);
    let lines = [
        ("RTT", round_trips(tcp)),
        ("Answers", answers.map(|times| format!("{times} from request to answer"))),
        ("Loss", losses(tcp)),
        ("RTP", media::rtp(&rtp.counts)),
        ("QUIC", secure::quic(quic)),
        ("TLS", secure::tls(tls)),
        ("DNS", names(dns)),
        ("Ping", pings(icmp)),
        ("Fragments", fragments(flow_table)),
    ];
    lines.into_iter().filter_map(|(label, text)| Some((label, text?))).collect()
}

/// The round trips by side, and that of the handshake.
fn round_trips(tcp: &TcpCounts) -> Option<String> {
    let sides_known = tcp.rtt_far_ms.samples + tcp.rtt_near_ms.samples > 0;
    // On a mirror port there is no near and far.
    let either = if sides_known { Delays::default() } else { tcp.rtt_ms };
    let parts: Vec<_> = [
        ("far", &tcp.rtt_far_ms),
        ("near", &tcp.rtt_near_ms),
        ("either side", &either),
        ("handshake", &tcp.initial_rtt_ms),
    ]
    .into_iter()
    .filter_map(|(name, delays)| Some(format!("{name} {}", percentiles(delays)?)))
    .collect();
    (!parts.is_empty()).then(|| parts.join("; "))
}

fn losses(tcp: &TcpCounts) -> Option<String> {
    // A SYN or a FIN is sent again, too, and is no data.
    let mut text = format!(
        "{} sent again ({} of {} with data)",
        counted(tcp.packet_loss, "segment"),
        percentage(tcp.packet_loss_percentage),
        count(tcp.data_segments),
    );
    let others = [
        (tcp.spurious_retransmissions, "more spuriously"),
        (tcp.out_of_order, "out of order"),
        (tcp.lost_segments, "behind a gap"),
        (tcp.zero_windows, "times no room"),
        (tcp.timed_out, "SYNs unanswered"),
    ];
    for (number, what) in others.into_iter().filter(|(number, _)| *number > 0) {
        // Writing to a String cannot fail.
        let _ = write!(text, ", {} {what}", count(number));
    }
    (tcp.data_segments > 0 || tcp.timed_out > 0).then_some(text)
}

fn names(dns: &DnsCounts) -> Option<String> {
    if dns.queries + dns.responses == 0 {
        return None;
    }
    let mut parts = vec![format!(
        "{}, {}, {} unanswered",
        counted(dns.queries, "question"),
        counted(dns.responses, "answer"),
        count(dns.timeouts)
    )];
    let mut codes: Vec<_> = dns.rcodes.iter().collect();
    codes.sort_by_key(|(name, number)| (std::cmp::Reverse(**number), *name));
    let codes: Vec<_> =
        codes.into_iter().take(RCODES).map(|(name, number)| format!("{name} {}", count(*number))).collect();
    parts.extend((!codes.is_empty()).then(|| codes.join(", ")));
    parts.extend(percentiles(&dns.latency_ms));
    Some(parts.join("; "))
}

fn pings(icmp: &IcmpCounts) -> Option<String> {
    if icmp.echo_requests + icmp.echo_replies == 0 {
        return None;
    }
    let counts = format!(
        "{}, {} answered, {} lost",
        counted(icmp.echo_requests, "request"),
        count(icmp.echo_replies),
        count(icmp.echo_lost)
    );
    Some(percentiles(&icmp.echo_rtt_ms).map_or_else(|| counts.clone(), |rtt| format!("{counts}; {rtt}")))
}

fn fragments(table: &FlowTable) -> Option<String> {
    if table.datagrams_reassembled + table.datagrams_given_up == 0 {
        return None;
    }
    let whole = counted(table.datagrams_reassembled, "datagram");
    let mut text = format!("{whole} put together");
    if table.datagrams_given_up > 0 {
        // Writing to a String cannot fail.
        let _ = write!(text, ", {} given up", count(table.datagrams_given_up));
    }
    Some(text)
}

/// Writes `p50 40.0 ms, p95 59.9 ms, p99 60.0 ms`.
pub(super) fn percentiles(delays: &Delays) -> Option<String> {
    let Delays { p50: Some(_), p95, p99, .. } = *delays else { return None };
    Some(format!("p50 {}, p95 {}, p99 {}", delay(delays.p50), delay(p95), delay(p99)))
}

#[cfg(test)]
mod tests {
    use super::super::sample;
    use super::*;

    fn delays(p50: f64) -> Delays {
        Delays { samples: 9, p50: Some(p50), p95: Some(p50 * 2.0), p99: Some(p50 * 3.0), ..Delays::default() }
    }

    #[test]
    fn on_a_mirror_port_there_is_one_round_trip() {
        let mut report = sample::empty();
        report.tcp.rtt_ms = delays(20.0);
        assert_eq!(facts(&report), [("RTT", "either side p50 20.0 ms, p95 40.0 ms, p99 60.0 ms".into())]);
        report.tcp.rtt_far_ms = delays(0.4);
        assert_eq!(facts(&report), [("RTT", "far p50 400 µs, p95 800 µs, p99 1.2 ms".into())]);
    }

    #[test]
    fn names_and_pings_are_told_where_there_were_any() {
        let mut report = sample::empty();
        assert_eq!(facts(&report), []);
        (report.dns.queries, report.dns.responses, report.dns.timeouts) = (12, 11, 1);
        report.dns.rcodes = [("NXDOMAIN".into(), 2), ("NOERROR".into(), 9)].into();
        (report.icmp.echo_requests, report.icmp.echo_replies, report.icmp.echo_lost) = (4, 3, 1);
        report.icmp.echo_rtt_ms = delays(5.0);
        let expected = [
            ("DNS", "12 questions, 11 answers, 1 unanswered; NOERROR 9, NXDOMAIN 2".into()),
            ("Ping", "4 requests, 3 answered, 1 lost; p50 5.0 ms, p95 10.0 ms, p99 15.0 ms".into()),
        ];
        assert_eq!(facts(&report), expected);
    }

    #[test]
    fn datagrams_in_fragments_are_told_where_there_were_any() {
        let mut report = sample::empty();
        report.flow_table.datagrams_reassembled = 12;
        assert_eq!(facts(&report), [("Fragments", "12 datagrams put together".into())]);
        report.flow_table.datagrams_given_up = 3;
        assert_eq!(facts(&report), [("Fragments", "12 datagrams put together, 3 given up".into())]);
    }
}
