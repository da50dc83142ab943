//! The report: a session's numbers as messages.

use std::net::IpAddr;

use netsonde_dissect::{Class, Layer, Protocol, Reason};
use netsonde_flow::{Direction, LocalNetworks, LocalRule, Slab};
use netsonde_messages as messages;
use netsonde_messages::{Report, rfc3339};
use netsonde_metrics::{DirectionRates, Kind, ProtocolRates, Snapshot, Traffic};
use netsonde_units::{BitsPerSecond, PacketsPerSecond, Ratio, Volume};

use crate::Session;
use crate::flows::Flows;
use crate::view::HostSums;

/// How many hosts a report lists, unless it lists all conversations.
const HOSTS: usize = 10_000;

/// How many conversations a report lists.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FlowLimit {
    /// Those with the most bytes, and the hosts with the most.
    Largest(usize),
    /// All, and all hosts.
    All,
}

impl FlowLimit {
    const fn count(self) -> usize {
        match self {
            Self::Largest(count) => count,
            Self::All => usize::MAX,
        }
    }

    const fn hosts(self) -> usize {
        match self {
            Self::Largest(_) => HOSTS,
            Self::All => usize::MAX,
        }
    }
}

impl Session {
    /// Returns everything measured so far as one report.
    pub fn report(&mut self, limit: FlowLimit) -> Report<Flows<'_>> {
        self.tick();
        let snapshot = self.snapshot();
        let metrics = &snapshot.metrics;
        let view = &self.published.view;
        let flows = Flows::largest(view.flows(), limit.count());
        let listed = flows.len() as u64;
        let all = view.flows().count() as u64 + view.flows_dropped;
        let hosts = hosts(view.hosts(), self.engine.local(), limit.hosts());
        let hosts_omitted = u64::from(view.hosts().len()) - hosts.len() as u64 + view.hosts_dropped;
        Report {
            schema: messages::SCHEMA,
            capture: self.capture(metrics),
            local: local(self.engine.local()),
            totals: totals(metrics),
            throughput: throughput(metrics),
            protocol_rates: Kind::ALL
                .into_iter()
                .map(|kind| (kind_name(kind).into(), protocol_rates(&metrics.kinds[kind])))
                .collect(),
            protocol_distribution: distribution(metrics),
            protocols: metrics.protocols.iter().map(protocol).collect(),
            ip_composition: ip_composition(metrics),
            encryption_composition: encryption_composition(metrics),
            tcp: messages::TcpCounts {
                connections: metrics.flows.tcp_connections,
                packets: metrics.kinds[Kind::Tcp].volume.packets,
                data_segments: metrics.flows.tcp_data_segments,
                resets: metrics.flows.tcp_resets,
                refused: metrics.flows.tcp_refused,
            },
            udp: messages::UdpCounts {
                conversations: metrics.flows.udp_conversations,
                packets: metrics.kinds[Kind::Udp].volume.packets,
            },
            flows,
            flows_omitted: all - listed,
            flow_table: messages::FlowTable {
                flows_open: metrics.records,
                evicted: metrics.flows.evicted,
                resumed: metrics.flows.resumed,
                cap: self.settings.limits.flow.flows.into(),
                facts_dropped: metrics.flows.facts_dropped,
                gaps_forgotten: metrics.flows.holes_forgotten,
            },
            hosts,
            hosts_omitted,
            top_talkers: snapshot
                .top_talkers
                .iter()
                .map(|talker| messages::TopTalker {
                    source: talker.source,
                    destination: talker.destination,
                    packets: talker.volume.packets,
                    bytes: talker.volume.bytes,
                })
                .collect(),
            top_talkers_evicted: volume(view.talkers_dropped),
        }
    }

    fn capture(&self, metrics: &Snapshot) -> messages::Capture {
        let names = self.sources.names();
        let (kernel_drops, interface_drops) = self.sources.drops();
        let span = &metrics.span;
        let seen = span.first.zip(span.last);
        let (file, files, interface) = if self.settings.live {
            (None, Vec::new(), names.first().cloned())
        } else {
            (names.first().cloned(), names, None)
        };
        messages::Capture {
            file,
            files,
            interface,
            packets: metrics.total.volume.packets,
            bytes: metrics.total.volume.bytes,
            first_seen: seen.map(|(first, _)| rfc3339(first.nanos())),
            last_seen: seen.map(|(_, last)| rfc3339(last.nanos())),
            duration_s: seen.map(|(first, last)| last.since(first).as_secs_f64()),
            link_types: self.sources.link_types().iter().map(|link| link.to_string().into()).collect(),
            truncated_packets: metrics.odd.truncated,
            not_understood_packets: metrics.odd.not_understood(),
            malformed_packets: metrics.odd.malformed(),
            malformed: stopped(metrics),
            kernel_drops,
            interface_drops,
            super_packets: metrics.odd.super_packets,
            late_packets: span.late,
            // Live, time passes before the first packet comes.
            stretches: seen.map_or(0, |_| span.stretches.into()),
            stamps_out_of_range: self.sources.stamps_out_of_range(),
            stamps_missing: self.sources.stamps_missing(),
            complete: self.problem.is_none(),
            problem: self.problem.clone(),
        }
    }
}

/// Packets that break a rule, by layer and reason.
fn stopped(metrics: &Snapshot) -> Vec<messages::MalformedCount> {
    let every = Layer::ALL
        .into_iter()
        .flat_map(|layer| Reason::ALL.map(|reason| (layer, reason)))
        .filter(|(_, reason)| reason.is_packets_fault());
    every
        .map(|(layer, reason)| messages::MalformedCount {
            layer: layer.name().into(),
            reason: reason.name().into(),
            packets: metrics.odd.stopped[layer][reason],
        })
        .filter(|count| count.packets > 0)
        .collect()
}

fn local(local: &LocalNetworks) -> messages::Local {
    messages::Local {
        rule: match local.rule() {
            LocalRule::Given => messages::LocalRule::Given,
            LocalRule::PrivateRanges => messages::LocalRule::PrivateRanges,
            LocalRule::InterfaceAddresses => messages::LocalRule::InterfaceAddresses,
        },
        networks: local.networks().iter().map(ToString::to_string).collect(),
    }
}

fn totals(metrics: &Snapshot) -> messages::Totals {
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

fn throughput(metrics: &Snapshot) -> messages::Throughput {
    messages::Throughput {
        inbound: rates(&metrics.rates[Direction::Inbound]),
        outbound: rates(&metrics.rates[Direction::Outbound]),
        internal: rates(&metrics.rates[Direction::Internal]),
        transit: rates(&metrics.rates[Direction::Transit]),
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

fn protocol_rates(rates: &ProtocolRates) -> messages::ProtocolRates {
    let ProtocolRates { volume, packets, inbound, outbound } = rates;
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
    }
}

fn bps(rate: Option<BitsPerSecond>) -> Option<f64> {
    rate.map(|rate| rate.0)
}

fn pps(rate: Option<PacketsPerSecond>) -> Option<f64> {
    rate.map(|rate| rate.0)
}

const fn kind_name(kind: Kind) -> &'static str {
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

fn distribution(metrics: &Snapshot) -> messages::ProtocolDistribution {
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

fn protocol((protocol, volume): &(Protocol, Volume)) -> messages::Protocol {
    messages::Protocol { name: protocol.name().into(), packets: volume.packets, bytes: volume.bytes }
}

fn ip_composition(metrics: &Snapshot) -> messages::IpComposition {
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

fn encryption_composition(metrics: &Snapshot) -> messages::EncryptionComposition {
    let unencrypted = metrics.unencrypted();
    messages::EncryptionComposition {
        encrypted_packets: metrics.encrypted.packets,
        unencrypted_packets: unencrypted.packets,
        encrypted_bytes: metrics.encrypted.bytes,
        unencrypted_bytes: unencrypted.bytes,
        encrypted_percentage: metrics.encrypted_ratio().map(Ratio::percentage),
    }
}

const fn volume(volume: Volume) -> messages::Volume {
    messages::Volume { packets: volume.packets, bytes: volume.bytes }
}

/// The addresses with the most bytes, largest first.
fn hosts(all: &Slab<(IpAddr, HostSums)>, local: &LocalNetworks, most: usize) -> Vec<messages::Host> {
    let mut ranked: Vec<_> = all.iter().collect();
    let size = |(address, host): &&(IpAddr, HostSums)| {
        (std::cmp::Reverse(host.received.bytes + host.sent.bytes), *address)
    };
    if let Some(last) = most.checked_sub(1)
        && ranked.len() > most
    {
        ranked.select_nth_unstable_by_key(last, size);
    }
    ranked.truncate(most);
    ranked.sort_unstable_by_key(size);
    let message = |(address, host): &(IpAddr, HostSums)| messages::Host {
        address: *address,
        local: local.contains(*address),
        packets_in: host.received.packets,
        packets_out: host.sent.packets,
        bytes_in: host.received.bytes,
        bytes_out: host.sent.bytes,
    };
    ranked.into_iter().map(message).collect()
}
