//! Messages of how well the network does, made from the engine's numbers.

use netsonde_dissect::dns::Rcode;
use netsonde_flow::{DnsKind, MessageCounters};
use netsonde_messages as messages;
use netsonde_metrics::{Kind, Snapshot};

use crate::groups::Groups;

pub(crate) fn tcp(metrics: &Snapshot) -> messages::TcpCounts {
    messages::TcpCounts {
        connections: metrics.flows.tcp_connections,
        packets: metrics.kinds[Kind::Tcp].volume.packets,
        data_segments: metrics.flows.tcp_data_segments,
        resets: metrics.flows.tcp_resets,
        refused: metrics.flows.tcp_refused,
        ..messages::TcpCounts::default()
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
        rcodes: dns.rcodes().map(|(code, count)| (rcode_name(code), count)).collect(),
        mdns: messages(DnsKind::Mdns),
        llmnr: messages(DnsKind::Llmnr),
        learned,
        learned_omitted,
        ..messages::DnsCounts::default()
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
        errors: icmp.errors,
        ..messages::IcmpCounts::default()
    }
}

/// What IGMP and MLD did, with at most so many groups.
pub(crate) fn igmp(metrics: &Snapshot, groups: &Groups, most: usize) -> messages::IgmpCounts {
    let counts = &metrics.flows.groups;
    let (listed, groups_omitted) = groups.first(most);
    messages::IgmpCounts {
        packets: metrics.kinds[Kind::Igmp].volume.packets + counts.mld_messages,
        queries: counts.queries,
        joins: counts.joins,
        leaves: counts.leaves,
        queriers: groups.queriers(),
        groups: listed,
        groups_omitted,
    }
}

pub(crate) fn latency(_metrics: &Snapshot) -> messages::Latency {
    messages::Latency::default()
}

pub(crate) fn loss(_metrics: &Snapshot) -> messages::Loss {
    messages::Loss::default()
}
