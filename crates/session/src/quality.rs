//! Messages of how well the network does, made from the engine's numbers.

use netsonde_messages as messages;
use netsonde_metrics::{Kind, Snapshot};

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

pub(crate) fn dns(_metrics: &Snapshot) -> messages::DnsCounts {
    messages::DnsCounts::default()
}

pub(crate) fn icmp(metrics: &Snapshot) -> messages::IcmpCounts {
    messages::IcmpCounts {
        packets: metrics.kinds[Kind::Icmp].volume.packets,
        ..messages::IcmpCounts::default()
    }
}

pub(crate) fn igmp(metrics: &Snapshot) -> messages::IgmpCounts {
    messages::IgmpCounts {
        packets: metrics.kinds[Kind::Igmp].volume.packets,
        ..messages::IgmpCounts::default()
    }
}

pub(crate) fn latency(_metrics: &Snapshot) -> messages::Latency {
    messages::Latency::default()
}

pub(crate) fn loss(_metrics: &Snapshot) -> messages::Loss {
    messages::Loss::default()
}
