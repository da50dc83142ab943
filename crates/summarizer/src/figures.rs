use std::borrow::Cow;

use netsonde_messages::stream::{Status, StatusSource};
use netsonde_messages::{DnsCounts, ProtocolDistribution, ProtocolRates, Volume};
use netsonde_session::Publication;

/// What a text is written from: the state of a session, and what it measured.
#[derive(Clone, Copy, Debug)]
pub struct Figures<'a> {
    /// Tells what was measured, and how it ended.
    pub status: &'a Status,
    /// Holds the numbers.
    pub measured: &'a Publication,
}

impl<'a> Figures<'a> {
    /// Names the interface, file or demo.
    pub(crate) fn source(&self) -> &'a str {
        self.status.source.as_ref().map_or("an unknown source", |StatusSource { name, .. }| name)
    }

    /// Returns the volume of everything.
    pub(crate) fn total(&self) -> Volume {
        let traffic = &self.measured.totals.traffic;
        Volume { packets: traffic.packets, bytes: traffic.bytes }
    }

    /// Returns the packets that were there and are missing from the numbers.
    pub(crate) fn dropped(&self) -> u64 {
        let traffic = &self.measured.totals.traffic;
        traffic.kernel_drops.unwrap_or(0) + traffic.interface_drops.unwrap_or(0)
    }

    /// Returns the rates of a protocol, `TCP` for instance; nothing measured where it does not occur.
    pub(crate) fn protocol(&self, name: &'static str) -> ProtocolRates {
        self.measured.protocols.rates.get(&Cow::Borrowed(name)).copied().unwrap_or_default()
    }
}

/// Returns the eight classes with their names, the largest first.
pub(crate) fn classes(distribution: &ProtocolDistribution) -> Vec<(&'static str, Volume)> {
    let ProtocolDistribution { tcp, udp, rtp, tls, quic, dns, igmp, others } = *distribution;
    let mut classes = vec![
        ("TCP", tcp),
        ("UDP", udp),
        ("RTP", rtp),
        ("TLS", tls),
        ("QUIC", quic),
        ("DNS", dns),
        ("IGMP", igmp),
        ("other protocols", others),
    ];
    classes.sort_by_key(|(_, volume)| std::cmp::Reverse(volume.bytes));
    classes
}

/// Counts answers that say the server could not or would not answer: neither `NOERROR` nor `NXDOMAIN` (RFC 1035 section
/// 4.1.1).
pub(crate) fn dns_failures(dns: &DnsCounts) -> u64 {
    let answered = |name: &str| matches!(name, "NOERROR" | "NXDOMAIN");
    dns.rcodes.iter().filter(|(name, _)| !answered(name)).map(|(_, count)| count).sum()
}
