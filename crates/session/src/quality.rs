//! Messages of how well the network does, made from the engine's numbers.

use netsonde_dissect::Protocol;
use netsonde_dissect::dns::Rcode;
use netsonde_flow::{DnsKind, MessageCounters, TcpEvent};
use netsonde_messages as messages;
use netsonde_metrics::{Delay, Kind, Losses, Percentiles, Snapshot, Standing};
use netsonde_units::Ratio;

use crate::groups::Groups;

pub(crate) fn tcp(metrics: &Snapshot) -> messages::TcpCounts {
    let tcp = &metrics.tcp;
    let count = |event| tcp.events[event];
    let fast_retransmissions = count(TcpEvent::FastRetransmission);
    let spurious_retransmissions = count(TcpEvent::SpuriousRetransmission);
    messages::TcpCounts {
        connections: metrics.flows.tcp_connections,
        packets: metrics.kinds[Kind::Tcp].volume.packets,
        data_segments: tcp.data_segments,
        resets: metrics.flows.tcp_resets,
        refused: metrics.flows.tcp_refused,
        timed_out: metrics.flows.tcp_timed_out,
        packet_loss: tcp.resent,
        packet_loss_percentage: tcp.loss.average.map(Ratio::percentage),
        retransmissions: count(TcpEvent::Retransmission) + fast_retransmissions + spurious_retransmissions,
        fast_retransmissions,
        spurious_retransmissions,
        out_of_order: count(TcpEvent::OutOfOrder),
        lost_segments: count(TcpEvent::LostSegment),
        ack_lost_segments: count(TcpEvent::AckLostSegment),
        duplicate_acks: count(TcpEvent::DuplicateAck),
        keep_alives: count(TcpEvent::KeepAlive),
        keep_alive_acks: count(TcpEvent::KeepAliveAck),
        zero_windows: count(TcpEvent::ZeroWindow),
        zero_window_probes: count(TcpEvent::ZeroWindowProbe),
        zero_window_probe_acks: count(TcpEvent::ZeroWindowProbeAck),
        window_full: count(TcpEvent::WindowFull),
        window_updates: count(TcpEvent::WindowUpdate),
        ports_reused: count(TcpEvent::PortReused),
        rtt_ms: delays(&tcp.rtt),
        rtt_far_ms: delays(&tcp.rtt_far),
        rtt_near_ms: delays(&tcp.rtt_near),
        initial_rtt_ms: delays(&tcp.handshake),
        server_response_ms: delays(&tcp.response),
        rtt_ambiguous: tcp.ambiguous,
        latency: latency(metrics),
        loss: loss(metrics),
    }
}

pub(crate) fn udp(metrics: &Snapshot) -> messages::UdpCounts {
    messages::UdpCounts {
        conversations: metrics.flows.udp_conversations,
        packets: metrics.kinds[Kind::Udp].volume.packets,
    }
}

/// What DNS did, with the addresses that `learned` lists and how many it leaves out.
pub(crate) fn dns(metrics: &Snapshot, learned: (Vec<messages::LearnedNames>, u64)) -> messages::DnsCounts {
    let dns = &metrics.flows.dns;
    let messages = |kind| {
        let MessageCounters { queries, responses } = dns.messages[kind];
        messages::Messages { queries, responses }
    };
    let (learned, learned_omitted) = learned;
    messages::DnsCounts {
        queries: dns.messages[DnsKind::Dns].queries,
        responses: dns.messages[DnsKind::Dns].responses,
        timeouts: dns.timeouts,
        forgotten: dns.forgotten,
        rcodes: dns.rcodes().map(|(code, count)| (rcode_name(code), count)).collect(),
        mdns: messages(DnsKind::Mdns),
        llmnr: messages(DnsKind::Llmnr),
        latency_ms: delays(&metrics.dns),
        latency: standing(&metrics.dns_latency),
        learned,
        learned_omitted,
    }
}

/// The name of a response code; of one that has none, its number.
fn rcode_name(code: Option<u16>) -> messages::Name {
    match code {
        None => "OTHER".into(),
        Some(code) => match Rcode(code).name() {
            Some(name) => name.into(),
            None => format!("RCODE{code}").into(),
        },
    }
}

pub(crate) fn icmp(metrics: &Snapshot) -> messages::IcmpCounts {
    let icmp = &metrics.flows.icmp;
    messages::IcmpCounts {
        packets: metrics.kinds[Kind::Icmp].volume.packets,
        echo_requests: icmp.echo_requests,
        echo_replies: icmp.echo_replies,
        echo_lost: icmp.echo_lost,
        echo_forgotten: icmp.echo_forgotten,
        errors: icmp.errors,
        echo_rtt_ms: delays(&metrics.echo),
    }
}

/// What IGMP and MLD did, with at most so many groups.
pub(crate) fn igmp(metrics: &Snapshot, groups: &Groups, most: usize) -> messages::IgmpCounts {
    let counts = &metrics.flows.groups;
    let (listed, groups_omitted) = groups.first(most);
    messages::IgmpCounts {
        packets: metrics.kinds[Kind::Igmp].volume.packets + counts.mld_messages,
        queries: counts.queries,
        reports: counts.joins + counts.leaves,
        joins: groups.joins(),
        leaves: groups.leaves(),
        queriers: groups.queriers(),
        groups: listed,
        groups_omitted,
    }
}

pub(crate) fn latency(metrics: &Snapshot) -> messages::Latency {
    standing(&metrics.tcp.latency)
}

pub(crate) fn loss(metrics: &Snapshot) -> messages::Loss {
    losses(&metrics.tcp.loss)
}

pub(crate) fn jitter(metrics: &Snapshot) -> messages::Latency {
    standing(&metrics.rtp.jitter.standing)
}

pub(crate) fn rtp_loss(metrics: &Snapshot) -> messages::Loss {
    losses(&metrics.rtp.loss)
}

/// What all streams of RTP did, so many of them, of which so many spoke lately.
pub(crate) fn rtp(metrics: &Snapshot, streams_seen: u64, streams_active: u64) -> messages::RtpCounts {
    let sums = &metrics.rtp.sums;
    let rtcp = metrics.protocols.iter().find(|(protocol, _)| *protocol == Protocol::Rtcp);
    messages::RtpCounts {
        streams_seen,
        streams_active,
        packets: sums.received + sums.duplicates,
        expected: sums.expected,
        lost: sums.lost(),
        lost_percentage: sums.loss().map(Ratio::percentage),
        duplicates: sums.duplicates,
        out_of_order: sums.out_of_order,
        rtcp_packets: rtcp.map_or(0, |(_, volume)| volume.packets),
        jitter_ms: delays(&metrics.rtp.jitter.all),
        jitter: jitter(metrics),
        loss: rtp_loss(metrics),
        rtcp_rtt_ms: delays(&metrics.rtp.round_trip),
    }
}

fn losses(losses: &Losses) -> messages::Loss {
    let Losses { now, peak, average } = *losses;
    messages::Loss {
        now_percentage: now.map(Ratio::percentage),
        peak_percentage: peak.map(Ratio::percentage),
        average_percentage: average.map(Ratio::percentage),
    }
}

pub(crate) fn delays(delay: &Delay) -> messages::Delays {
    let figure = |part: fn(&Percentiles) -> u64| delay.percentiles.as_ref().map(part).map(milliseconds);
    messages::Delays {
        samples: delay.samples,
        min: figure(|it| it.min),
        mean: delay.percentiles.map(|it| mean_milliseconds(it.mean)),
        p50: figure(|it| it.p50),
        p95: figure(|it| it.p95),
        p99: figure(|it| it.p99),
        max: figure(|it| it.max),
    }
}

pub(crate) fn standing(standing: &Standing) -> messages::Latency {
    let Standing { now, peak, average, percentiles } = standing;
    let mean = |nanos: &Option<f64>| nanos.map(mean_milliseconds);
    let figure = |part: fn(&Percentiles) -> u64| percentiles.as_ref().map(part).map(milliseconds);
    messages::Latency {
        now_ms: mean(now),
        peak_ms: mean(peak),
        average_ms: mean(average),
        p50_ms: figure(|it| it.p50),
        p95_ms: figure(|it| it.p95),
        p99_ms: figure(|it| it.p99),
    }
}

const NANOS_PER_MILLISECOND: f64 = 1e6;

/// Nanoseconds as messages tell them: a double holds those of a hundred days exactly.
pub(crate) fn milliseconds(nanos: u64) -> f64 {
    nanos as f64 / NANOS_PER_MILLISECOND
}

/// A mean in nanoseconds as messages tell it.
pub(crate) fn mean_milliseconds(nanos: f64) -> f64 {
    nanos / NANOS_PER_MILLISECOND
}
