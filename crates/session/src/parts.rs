//! Parts of messages, made from the engine's numbers: one translation for the report and the dashboard.

use std::collections::BTreeMap;

use netsonde_dissect::{Class, Protocol};
use netsonde_flow::{Direction, LocalNetworks, LocalRule};
use netsonde_messages as messages;
use netsonde_metrics::{DirectionRates, Kind, ProtocolRates, Snapshot, Traffic};
use netsonde_units::{BitsPerSecond, PacketsPerSecond, Ratio, Timestamp, Volume};

use crate::Talker;

pub(crate) fn local(local: &LocalNetworks) -> messages::Local {
    messages::Local {
        rule: match local.rule() {
            LocalRule::Given => messages::LocalRule::Given,
            LocalRule::PrivateRanges => messages::LocalRule::PrivateRanges,
            LocalRule::InterfaceAddresses => messages::LocalRule::InterfaceAddresses,
        },
        networks: local.networks().iter().map(ToString::to_string).collect(),
    }
}

pub(crate) fn totals(metrics: &Snapshot) -> messages::Totals {
    let total = |direction| {
        let Traffic { volume, goodput_bytes } = metrics.traffic[direction];
        messages::DirectionTotal { packets: volume.packets, bytes: volume.bytes, goodput_bytes }
    };
    messages::Totals {
        inbound: total(Direction::Inbound),
        outbound: total(Direction::Outbound),
        internal: total(Direction::Internal),
        transit: total(Direction::Transit),
    }
}

pub(crate) fn throughput(metrics: &Snapshot) -> messages::Throughput {
    messages::Throughput {
        inbound: rates(&metrics.rates[Direction::Inbound]),
        outbound: rates(&metrics.rates[Direction::Outbound]),
        internal: rates(&metrics.rates[Direction::Internal]),
        transit: rates(&metrics.rates[Direction::Transit]),
        outward: rates(&metrics.outward_rates),
        total: rates(&metrics.total_rates),
    }
}

fn rates(rates: &DirectionRates) -> messages::Rates {
    let DirectionRates { throughput, goodput, packets } = rates;
    messages::Rates {
        throughput_bps: bps(throughput.now),
        throughput_bps_peak: bps(throughput.peak),
        throughput_bps_average: bps(throughput.average),
        goodput_bps: bps(goodput.now),
        goodput_bps_peak: bps(goodput.peak),
        goodput_bps_average: bps(goodput.average),
        packets_per_second: pps(packets.now),
        packets_per_second_peak: pps(packets.peak),
        packets_per_second_average: pps(packets.average),
    }
}

fn kind_rates(rates: &ProtocolRates) -> messages::ProtocolRates {
    let ProtocolRates { volume, packets, inbound, outbound, outward } = rates;
    messages::ProtocolRates {
        packets: volume.packets,
        bytes: volume.bytes,
        packets_per_second: pps(packets.now),
        packets_per_second_peak: pps(packets.peak),
        packets_per_second_average: pps(packets.average),
        inbound_throughput_bps: bps(inbound.now),
        inbound_throughput_bps_peak: bps(inbound.peak),
        inbound_throughput_bps_average: bps(inbound.average),
        outbound_throughput_bps: bps(outbound.now),
        outbound_throughput_bps_peak: bps(outbound.peak),
        outbound_throughput_bps_average: bps(outbound.average),
        outward_throughput_bps: bps(outward.now),
        outward_throughput_bps_peak: bps(outward.peak),
        outward_throughput_bps_average: bps(outward.average),
    }
}

fn bps(rate: Option<BitsPerSecond>) -> Option<f64> {
    rate.map(|rate| rate.0)
}

fn pps(rate: Option<PacketsPerSecond>) -> Option<f64> {
    rate.map(|rate| rate.0)
}

/// Rates by protocol, inclusive.
pub(crate) fn protocol_rates(metrics: &Snapshot) -> BTreeMap<messages::Name, messages::ProtocolRates> {
    Kind::ALL.into_iter().map(|kind| (kind_name(kind).into(), kind_rates(&metrics.kinds[kind]))).collect()
}

pub(crate) const fn kind_name(kind: Kind) -> &'static str {
    match kind {
        Kind::Tcp => "TCP",
        Kind::Udp => "UDP",
        Kind::Rtp => "RTP",
        Kind::Quic => "QUIC",
        Kind::Dns => "DNS",
        Kind::Tls => "TLS",
        Kind::Igmp => "IGMP",
        Kind::Icmp => "ICMP",
        Kind::Ipv4 => "IPv4",
        Kind::Ipv6 => "IPv6",
    }
}

pub(crate) fn distribution(metrics: &Snapshot) -> messages::ProtocolDistribution {
    let class = |class| volume(metrics.classes[class]);
    messages::ProtocolDistribution {
        tcp: class(Class::Tcp),
        udp: class(Class::Udp),
        rtp: class(Class::Rtp),
        tls: class(Class::Tls),
        quic: class(Class::Quic),
        dns: class(Class::Dns),
        igmp: class(Class::Igmp),
        others: class(Class::Others),
    }
}

pub(crate) fn protocols(metrics: &Snapshot) -> Vec<messages::Protocol> {
    let message = |(protocol, volume): &(Protocol, Volume)| messages::Protocol {
        name: protocol.name().into(),
        packets: volume.packets,
        bytes: volume.bytes,
    };
    metrics.protocols.iter().map(message).collect()
}

pub(crate) fn ip_composition(metrics: &Snapshot) -> messages::IpComposition {
    let other = metrics.other_network();
    messages::IpComposition {
        ipv4_packets: metrics.ipv4.packets,
        ipv6_packets: metrics.ipv6.packets,
        other_packets: other.packets,
        ipv4_bytes: metrics.ipv4.bytes,
        ipv6_bytes: metrics.ipv6.bytes,
        other_bytes: other.bytes,
        ipv4_percentage: metrics.ipv4_ratio().map(Ratio::percentage),
        ipv6_percentage: metrics.ipv6_ratio().map(Ratio::percentage),
    }
}

pub(crate) fn encryption_composition(metrics: &Snapshot) -> messages::EncryptionComposition {
    let unencrypted = metrics.unencrypted();
    messages::EncryptionComposition {
        encrypted_packets: metrics.encrypted.packets,
        unencrypted_packets: unencrypted.packets,
        encrypted_bytes: metrics.encrypted.bytes,
        unencrypted_bytes: unencrypted.bytes,
        encrypted_percentage: metrics.encrypted_ratio().map(Ratio::percentage),
    }
}

pub(crate) const fn volume(volume: Volume) -> messages::Volume {
    messages::Volume { packets: volume.packets, bytes: volume.bytes }
}

pub(crate) fn talker(talker: &Talker, local: &LocalNetworks) -> messages::TopTalker {
    let Talker { source, destination, volume } = *talker;
    messages::TopTalker {
        source,
        source_local: local.contains(source),
        destination,
        destination_local: local.contains(destination),
        packets: volume.packets,
        bytes: volume.bytes,
    }
}

/// Milliseconds since the epoch, to the microsecond.
#[expect(clippy::cast_precision_loss, reason = "a double holds the microseconds exactly until the year 2255")]
pub(crate) fn milliseconds(at: Timestamp) -> f64 {
    (at.nanos() / 1_000) as f64 / 1_000.0
}
