//! What a report says of delays, losses, names and groups.

use netsonde_messages::{
    Delays, DnsCounts, IgmpCounts, KeyMetric, Latency, QuicCounts, RtpCounts, TcpCounts,
};
use netsonde_units::quantity::{count, counted, delay, percentage, share};

use crate::parts::metric;
use crate::words::{list, pace};

/// Under this share, in percent, one decimal would be zero.
const LEAST_SHARE: f64 = 0.05;
/// So many response codes are named.
const RCODES: usize = 4;

/// TCP's numbers; those that have none are left out.
pub(crate) fn tcp_metrics(tcp: &TcpCounts) -> Vec<KeyMetric> {
    let mut metrics = latency("Latency", &tcp.latency);
    metrics.extend(percentiles("Round trips to the far side", &tcp.rtt_far_ms));
    metrics.extend(percentiles("Handshake", &tcp.initial_rtt_ms));
    metrics.extend(percentiles("Server's answer", &tcp.server_response_ms));
    if tcp.data_segments > 0 {
        let rate = pace(tcp.loss.average_percentage, tcp.loss.peak_percentage, percentage);
        metrics.push(metric("Retransmission rate", rate));
        metrics.push(metric("Segments sent again", sent_again(tcp)));
    }
    let oddities = [
        ("Segments out of order", tcp.out_of_order),
        ("Connections reset", tcp.resets),
        ("Connections refused", tcp.refused),
        ("Connections without an answer", tcp.timed_out),
    ];
    metrics.extend(counts_of(&oddities));
    metrics
}

/// What TCP's numbers come to. Whether that is much, the findings say.
pub(crate) fn tcp_observed(tcp: &TcpCounts) -> Vec<String> {
    let mut sentences = Vec::new();
    match tcp.packet_loss_percentage {
        Some(loss) if loss > 0.0 => {
            sentences.push(format!("{} of the data segments were sent again.", small_share(loss)));
        }
        Some(_) => sentences.push("No data segment was sent again.".into()),
        None => {}
    }
    if let Some(average) = tcp.latency.average_ms {
        sentences.push(format!("Round trips to the far side took {} on average.", delay(Some(average))));
    }
    let kinds = [(tcp.refused, "refused"), (tcp.timed_out, "without an answer")];
    let kinds: Vec<_> = kinds
        .into_iter()
        .filter(|(number, _)| *number > 0)
        .map(|(number, how)| format!("{} {how}", count(number)))
        .collect();
    if !kinds.is_empty() {
        let attempts = counted(tcp.timed_out + tcp.refused, "connection");
        sentences.push(format!("{attempts} did not come about: {}.", list(&kinds)));
    }
    sentences
}

/// RTP's numbers; those that have none are left out.
pub(crate) fn rtp_metrics(rtp: &RtpCounts) -> Vec<KeyMetric> {
    if rtp.streams_seen == 0 {
        return Vec::new();
    }
    let mut metrics = vec![metric("Streams", count(rtp.streams_seen))];
    if rtp.expected > 0 {
        metrics.push(metric("Packets lost", share_of(rtp.lost, rtp.expected)));
        let rate = pace(rtp.loss.average_percentage, rtp.loss.peak_percentage, percentage);
        metrics.push(metric("Loss", rate));
    }
    metrics.extend(latency("Jitter", &rtp.jitter));
    metrics.extend(percentiles("Jitter after each packet", &rtp.jitter_ms));
    metrics.extend(percentiles("Round trips by RTCP", &rtp.rtcp_rtt_ms));
    let oddities = [("Packets out of order", rtp.out_of_order), ("Copies", rtp.duplicates)];
    metrics.extend(counts_of(&oddities));
    metrics
}

/// What RTP's numbers come to.
pub(crate) fn rtp_observed(rtp: &RtpCounts) -> Vec<String> {
    let mut sentences = Vec::new();
    match rtp.lost_percentage {
        Some(loss) if loss > 0.0 => {
            sentences.push(format!("{} of the packets were lost.", small_share(loss)));
        }
        Some(_) => sentences.push("No packet was lost.".into()),
        None => {}
    }
    if let Some(average) = rtp.jitter.average_ms {
        sentences.push(format!("The mean jitter was {}.", delay(Some(average))));
    }
    sentences
}

/// QUIC's numbers; those that have none are left out.
pub(crate) fn quic_metrics(quic: &QuicCounts) -> Vec<KeyMetric> {
    let connections = quic.connections + quic.google_connections;
    let mut metrics: Vec<_> =
        counts_of(&[("Connections", connections), ("Connections that moved", quic.migrations)]).collect();
    metrics.extend(latency("Handshake", &quic.handshake_rtt));
    metrics.extend(percentiles("Handshakes", &quic.handshake_rtt_ms));
    metrics.extend(percentiles("Round trips by the spin bit", &quic.spin_rtt_ms));
    metrics
}

/// What QUIC's numbers come to.
pub(crate) fn quic_observed(quic: &QuicCounts) -> Vec<String> {
    let sentence = |average| format!("Handshakes took {} on average.", delay(Some(average)));
    quic.handshake_rtt.average_ms.map(sentence).into_iter().collect()
}

/// DNS's numbers.
pub(crate) fn dns_metrics(dns: &DnsCounts) -> Vec<KeyMetric> {
    if dns.queries + dns.responses == 0 {
        return Vec::new();
    }
    let mut metrics = vec![metric("Queries", count(dns.queries)), metric("Responses", count(dns.responses))];
    metrics.push(metric("Unanswered", share_of(dns.timeouts, dns.queries)));
    let mut codes: Vec<_> = dns.rcodes.iter().collect();
    codes.sort_by_key(|(name, number)| (std::cmp::Reverse(**number), *name));
    if !codes.is_empty() {
        let named: Vec<_> = codes
            .into_iter()
            .take(RCODES)
            .map(|(name, number)| format!("{name} {}", count(*number)))
            .collect();
        metrics.push(metric("Response codes", named.join(", ")));
    }
    metrics.extend(latency("Latency", &dns.latency));
    metrics.extend(percentiles("Time to the answer", &dns.latency_ms));
    metrics
}

/// What DNS's numbers come to.
pub(crate) fn dns_observed(dns: &DnsCounts) -> Vec<String> {
    let mut sentences = Vec::new();
    if let Some(average) = dns.latency.average_ms {
        sentences.push(format!("An answer took {} on average.", delay(Some(average))));
    }
    if dns.timeouts > 0 {
        let questions = counted(dns.timeouts, "question");
        sentences
            .push(format!("{questions} ({}) stayed without an answer.", share(dns.timeouts, dns.queries)));
    }
    let failed: u64 =
        dns.rcodes.iter().filter(|(name, _)| *name != "NOERROR").map(|(_, number)| number).sum();
    if failed > 0 {
        sentences
            .push(format!("{} of the answers had a code other than NOERROR.", share(failed, dns.responses)));
    }
    sentences
}

/// IGMP's numbers.
pub(crate) fn igmp_metrics(igmp: &IgmpCounts) -> Vec<KeyMetric> {
    let groups = igmp.groups.len() as u64 + igmp.groups_omitted;
    let counts =
        [("Groups", groups), ("Joins", igmp.joins), ("Leaves", igmp.leaves), ("Queries", igmp.queries)];
    counts_of(&counts).collect()
}

/// What IGMP's numbers come to.
pub(crate) fn igmp_observed(igmp: &IgmpCounts) -> Vec<String> {
    let groups = igmp.groups.len() as u64 + igmp.groups_omitted;
    let said =
        [(groups, "group", "groups"), (igmp.joins, "join", "joins"), (igmp.queries, "query", "queries")];
    let said: Vec<_> = said
        .into_iter()
        .filter(|(number, ..)| *number > 0)
        .map(|(number, one, several)| {
            format!("{} {}", count(number), if number == 1 { one } else { several })
        })
        .collect();
    if said.is_empty() { Vec::new() } else { vec![format!("{}.", list(&said))] }
}

/// Those that occurred.
fn counts_of(counts: &[(&'static str, u64)]) -> impl Iterator<Item = KeyMetric> {
    counts.iter().filter(|(_, number)| *number > 0).map(|&(key, number)| metric(key, count(number)))
}

fn latency(key: &'static str, latency: &Latency) -> Vec<KeyMetric> {
    let value = latency.average_ms.map(|_| metric(key, pace(latency.average_ms, latency.peak_ms, delay)));
    value.into_iter().collect()
}

fn percentiles(key: &'static str, delays: &Delays) -> Option<KeyMetric> {
    let Delays { p50: Some(_), p95, p99, .. } = *delays else { return None };
    let figures = [("half", delays.p50), ("95 %", p95), ("99 %", p99)];
    let words: Vec<_> =
        figures.into_iter().map(|(part, figure)| format!("{part} within {}", delay(figure))).collect();
    Some(metric(key, words.join(", ")))
}

fn sent_again(tcp: &TcpCounts) -> String {
    let kinds =
        [(tcp.fast_retransmissions, "fast"), (tcp.spurious_retransmissions, "although they had arrived")];
    let words: Vec<_> = kinds
        .into_iter()
        .filter(|(number, _)| *number > 0)
        .map(|(number, how)| format!("{} {how}", count(number)))
        .collect();
    // Not of so many data segments: a SYN or a FIN is sent again, too.
    let all = count(tcp.packet_loss + tcp.spurious_retransmissions);
    if words.is_empty() { all } else { format!("{all}, of which {}", list(&words)) }
}

/// Writes a share that is not zero, which stays so where it is too small for one decimal.
fn small_share(share: f64) -> String {
    if share < LEAST_SHARE { "Less than 0.1 %".into() } else { percentage(Some(share)) }
}

fn share_of(part: u64, whole: u64) -> String {
    if part == 0 { count(0) } else { format!("{} ({})", count(part), share(part, whole)) }
}
