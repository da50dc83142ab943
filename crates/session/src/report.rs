//! The report: a session's numbers as messages.

use std::net::IpAddr;

use netsonde_dissect::{Layer, Reason};
use netsonde_messages as messages;
use netsonde_messages::{Report, rfc3339};
use netsonde_metrics::Snapshot;

use crate::calls::Which;
use crate::flows::Flows;
use crate::hosts::{self, HostSums};
use crate::largest::keep_first;
use crate::limits::{GROUPS, LISTED_CALLS, LISTED_NAMES, LISTED_STREAMS};
use crate::ranked::{Place, Weight as _};
use crate::view::View;
use crate::{Session, parts, quality, quic, tls};

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
    /// Returns everything measured so far as one report; what it comes to, its findings, is for others to say.
    pub fn report(&mut self, limit: FlowLimit) -> Report<Flows<'_>> {
        self.tick();
        let snapshot = self.snapshot();
        let metrics = &snapshot.metrics;
        let mut view = self.published.listing.view();
        let places = view.places_topic(true);
        let (calls, calls_omitted) = view.told_calls(Which::First(LISTED_CALLS));
        let flows = Flows::largest(view, limit.count());
        let view = flows.view();
        let flows_omitted = view.listed().count() as u64 + view.flows_dropped - flows.len() as u64;
        let top_talkers_evicted = parts::volume(view.totals.talkers_dropped);
        let hosts = largest_hosts(view, limit.hosts());
        let facts_dropped = view.labels.dropped();
        let apps = view.labels.apps();
        let apps_unlabelled = view.labels.unlabelled(metrics.total.volume);
        let now = self.engine.now();
        let rtp_counts = quality::rtp(metrics, view.streams.seen(), view.streams.active(now));
        let (streams, streams_omitted) = view.streams.first(LISTED_STREAMS, &view.call_of, now);
        let hosts_omitted =
            u64::from(view.totals.hosts().len()) - hosts.len() as u64 + view.totals.hosts_dropped;
        Report {
            schema: messages::SCHEMA,
            capture: self.capture(metrics),
            local: parts::local(self.engine.local()),
            totals: parts::totals(metrics),
            throughput: parts::throughput(metrics),
            protocol_rates: parts::protocol_rates(metrics),
            protocol_distribution: parts::distribution(metrics),
            protocols: parts::protocols(metrics),
            ip_composition: parts::ip_composition(metrics),
            encryption_composition: parts::encryption_composition(metrics),
            tcp: quality::tcp(metrics),
            udp: quality::udp(metrics),
            rtp: messages::RtpReport { counts: rtp_counts, streams, streams_omitted },
            calls,
            calls_omitted,
            quic: quic::counts(metrics),
            tls: tls::counts(metrics),
            dns: quality::dns(metrics, view.labels.names.first(LISTED_NAMES)),
            icmp: quality::icmp(metrics),
            igmp: quality::igmp(metrics, &self.published.groups, GROUPS),
            findings: Vec::new(),
            facts: Vec::new(),
            flows,
            flows_omitted,
            flow_table: messages::FlowTable {
                flows_open: metrics.records,
                evicted: metrics.flows.evicted,
                resumed: metrics.flows.resumed,
                cap: self.settings.limits.flow.flows.into(),
                facts_dropped: metrics.flows.facts_dropped + facts_dropped,
                gaps_forgotten: metrics.flows.holes_forgotten,
                segments_forgotten: metrics.flows.segments_forgotten,
                datagrams_reassembled: metrics.flows.datagrams_reassembled,
                datagrams_given_up: metrics.flows.datagrams_given_up,
            },
            hosts,
            hosts_omitted,
            places: places.places.clone(),
            apps,
            apps_unlabelled,
            top_talkers: snapshot
                .top_talkers
                .iter()
                .map(|talker| parts::talker(talker, self.engine.local()))
                .collect(),
            top_talkers_evicted,
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

/// The addresses with the most bytes, largest first.
fn largest_hosts(view: &View, most: usize) -> Vec<messages::Host> {
    let mut ranked: Vec<(Place, _)> = (0..).zip(view.totals.hosts().iter()).collect();
    let rank =
        |(_, (address, host)): &(Place, &(IpAddr, HostSums))| (std::cmp::Reverse(host.weight()), *address);
    keep_first(&mut ranked, most, rank);
    ranked.sort_unstable_by_key(rank);
    ranked.into_iter().map(|(place, host)| hosts::message(place, host, view)).collect()
}
