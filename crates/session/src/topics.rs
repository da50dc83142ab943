//! What the dashboard is told: a session's numbers by topic.

use std::sync::Arc;

use netsonde_messages::Calls;
use netsonde_messages::stream::{
    AppsTopic, FlowTotals, HistoryPoint, HostsTopic, PlacesTopic, ProtocolsTopic, TotalsTopic, TrafficTotals,
};

use crate::calls::Which;
use crate::limits::{NEWEST_NAMES, TOLD_CALLS, TOLD_STREAMS};
use crate::{Session, Symptoms, parts, quality, quic, tls};

/// What a session publishes at one moment.
#[derive(Clone, Debug)]
pub(crate) struct Topics {
    pub(crate) totals: TotalsTopic,
    pub(crate) protocols: ProtocolsTopic,
    pub(crate) hosts: HostsTopic,
    pub(crate) apps: AppsTopic,
    pub(crate) calls: Calls,
    pub(crate) places: Arc<PlacesTopic>,
    pub(crate) symptoms: Symptoms,
}

impl Session {
    /// Returns the numbers as of the last tick, with the points that were not taken before.
    pub(crate) fn topics(&mut self) -> Topics {
        let points: Vec<HistoryPoint> = self.published.points.drain(..).collect();
        let snapshot = self.snapshot();
        let metrics = &snapshot.metrics;
        let (kernel_drops, interface_drops) = self.sources.drops();
        let total = metrics.total.volume;
        let mut view = self.published.listing.view();
        let now = self.engine.now();
        let active = view.active.count(now);
        let (calls, calls_omitted) = view.told_calls(Which::Newest(TOLD_CALLS));
        let (streams, streams_omitted) = view.streams.newest(TOLD_STREAMS, &calls, &view.call_of, now);
        view.measured = total;
        let local = self.engine.local();
        Topics {
            totals: TotalsTopic {
                now_ms: (metrics.span.stretches > 0).then(|| parts::milliseconds(now)),
                elapsed_s: metrics.span.elapsed.as_secs_f64(),
                traffic: TrafficTotals {
                    packets: total.packets,
                    bytes: total.bytes,
                    kernel_drops,
                    interface_drops,
                    malformed_packets: metrics.odd.malformed(),
                    own_packets: metrics.odd.own,
                },
                totals: parts::totals(metrics),
                throughput: parts::throughput(metrics),
                ip_composition: parts::ip_composition(metrics),
                encryption_composition: parts::encryption_composition(metrics),
                flows: FlowTotals {
                    open: metrics.open,
                    active,
                    tcp_connections: metrics.flows.tcp_connections,
                    udp_conversations: metrics.flows.udp_conversations,
                },
                latency: quality::latency(metrics),
                loss: quality::loss(metrics),
                jitter: quality::jitter(metrics),
                rtp_loss: quality::rtp_loss(metrics),
                points,
            },
            protocols: ProtocolsTopic {
                distribution: parts::distribution(metrics),
                protocols: parts::protocols(metrics),
                rates: parts::protocol_rates(metrics),
                tcp: quality::tcp(metrics),
                udp: quality::udp(metrics),
                rtp: quality::rtp(metrics, view.streams.seen(), view.streams.active(now)),
                quic: quic::counts(metrics),
                tls: tls::counts(metrics),
                dns: quality::dns(metrics, view.labels.names.newest()),
                icmp: quality::icmp(metrics),
                igmp: quality::igmp(metrics, &self.published.groups, NEWEST_NAMES),
                clear_text: view.clear_text.told(),
            },
            hosts: HostsTopic {
                hosts_seen: u64::from(view.totals.hosts().len()) + view.totals.hosts_dropped,
                hosts: view.told_hosts(),
                talkers: snapshot.top_talkers.iter().map(|talker| parts::talker(talker, local)).collect(),
            },
            apps: view.apps_topic(),
            calls: Calls { calls, calls_omitted, streams, streams_omitted },
            places: view.places_topic(false),
            symptoms: Symptoms { link_bps: self.sources.speed_bps(), ..view.symptoms(total.bytes) },
        }
    }
}
