//! A host over its time, from the packets that are still kept.

use std::net::IpAddr;
use std::ops::ControlFlow;

use netsonde_dissect::{Frame, Network};
use netsonde_flow::limits::Limits;
use netsonde_flow::{LocalNetworks, innermost};
use netsonde_messages::stream::{HostCourse, HostStep};
use netsonde_metrics::MetricsCalculator;

use super::super::course::{Cut, MAX_PACKETS, Sample, StepSums, cut};
use crate::packets::{Kept, Packets};

/// Bounds of the engine that analyses the conversations of one host.
const LIMITS: Limits = Limits { flows: 1 << 12, departed: 1 << 12 };

/// Analyses the packets to and from an address that are still kept.
pub(super) fn of(address: IpAddr, local: LocalNetworks, packets: &Packets) -> HostCourse {
    let mut engine = MetricsCalculator::new(LIMITS, local);
    let (mut first, mut last) = (None, None);
    let mut samples = Vec::new();
    let is_whole = packets.each_of(None, |kept| {
        let Some(sent) = is_sent_by(address, kept) else { return ControlFlow::Continue(()) };
        let verdict = engine.push(&kept.packet);
        first.get_or_insert(kept.number);
        last = Some(kept.number);
        samples.push(Sample::of(kept, &verdict.tcp, sent));
        if samples.len() >= MAX_PACKETS { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
    });
    let cut = cut(&samples);
    HostCourse {
        // Lossless: usize has at most 64 bits.
        packets: samples.len() as u64,
        first_packet: first,
        last_packet: last,
        is_cut: !is_whole,
        from_ms: cut.as_ref().map(Cut::begins_ms),
        step_s: cut.as_ref().map_or(0.0, Cut::step_s),
        steps: cut
            .map(|cut| cut.sums.iter().map(|sums| told(sums, cut.step_s())).collect())
            .unwrap_or_default(),
    }
}

/// Tells whether a packet is one of the address, and if so whether it sent it, by the innermost addresses.
fn is_sent_by(address: IpAddr, kept: &Kept<'_>) -> Option<bool> {
    let (source, destination): (IpAddr, IpAddr) = match innermost(&Frame::parse(&kept.packet)).network {
        Network::Ipv4(ip) => (ip.source.into(), ip.destination.into()),
        Network::Ipv6(ip) => (ip.source.into(), ip.destination.into()),
        Network::None | Network::Arp(_) | Network::Other(_) => return None,
    };
    (source == address || destination == address).then_some(source == address)
}

/// Tells of a step, in which the host is the first of both ends.
fn told(sums: &StepSums, step_s: f64) -> HostStep {
    let [sent, received] = sums.bps(step_s);
    let [rtt, _] = sums.rtt_ms();
    HostStep {
        in_bps: received,
        out_bps: sent,
        packets_per_second: sums.packets as f64 / step_s,
        rtt_ms: rtt,
        resent: sums.resent,
    }
}
