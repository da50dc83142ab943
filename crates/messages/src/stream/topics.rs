use std::collections::BTreeMap;
use std::net::IpAddr;

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::{
    DnsCounts, EncryptionComposition, Host, IcmpCounts, IgmpCounts, IpComposition, Latency, Loss, Name,
    Protocol, ProtocolDistribution, ProtocolRates, QuicCounts, RtpCounts, TcpCounts, Throughput, TlsCounts,
    TopTalker, Totals, UdpCounts,
};

/// What a viewer can subscribe to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum Topic {
    /// [`TotalsTopic`].
    Totals,
    /// [`ProtocolsTopic`].
    Protocols,
    /// [`HostsTopic`].
    Hosts,
    /// [`PacketsTopic`].
    Packets,
    /// [`super::AppsTopic`].
    Apps,
    /// [`crate::Calls`].
    Calls,
    /// [`super::PlacesTopic`].
    Places,
    /// [`crate::Findings`].
    Findings,
    /// [`crate::Summaries`].
    Summaries,
}

/// Rates, totals, composition and what is missing from them.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, TS)]
pub struct TotalsTopic {
    /// The session's time: the newest packet's or, live, the clock's, in milliseconds since the epoch.
    pub now_ms: Option<f64>,
    /// The time measured so far, in seconds.
    pub elapsed_s: f64,
    /// Packets and bytes of everything.
    pub traffic: TrafficTotals,
    /// The volume of each direction.
    pub totals: Totals,
    /// The rates of each direction.
    pub throughput: Throughput,
    /// The packets by outermost network header.
    pub ip_composition: IpComposition,
    /// The packets by whether their flow is encrypted.
    pub encryption_composition: EncryptionComposition,
    /// The conversations.
    pub flows: FlowTotals,
    /// The round trip to the far side as it stands, each flow weighted by its packets.
    pub latency: Latency,
    /// TCP segments sent again in data segments, as it stands.
    pub loss: Loss,
    /// The mean of the jitter of the streams of RTP as it stands, each weighted by its packets.
    pub jitter: Latency,
    /// Packets of RTP lost in those expected, as it stands.
    pub rtp_loss: Loss,
    /// The points of the charts that were not sent before, oldest first.
    pub points: Vec<HistoryPoint>,
}

/// Packets and bytes of everything, and what is missing from the numbers.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct TrafficTotals {
    /// Counts the packets measured.
    pub packets: u64,
    /// Sums their lengths on the wire, in bytes.
    pub bytes: u64,
    /// Counts the packets the kernel dropped; `None` where nobody counts.
    pub kernel_drops: Option<u64>,
    /// Counts the packets the interface dropped; `None` where nobody counts.
    pub interface_drops: Option<u64>,
    /// Counts packets with a layer that breaks its own rules.
    pub malformed_packets: u64,
    /// Counts the packets of this program's own pages and streams, which are left out of everything else.
    pub own_packets: u64,
}

/// Counts conversations.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct FlowTotals {
    /// Counts the conversations that are open: silent for less than the time-out of their state (METRICS.md, Conversations).
    pub open: u64,
    /// Counts the conversations with a packet in the last second.
    pub active: u64,
    /// Counts the TCP connections since the start.
    pub tcp_connections: u64,
    /// Counts the UDP conversations since the start.
    pub udp_conversations: u64,
}

/// One second of the charts; seconds without a packet are left out and mean nothing happened.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize, TS)]
pub struct HistoryPoint {
    /// Which second, since the epoch.
    pub second: u64,
    /// Which stretch of continuous time, from 1: the line breaks between two.
    pub stretch: u32,
    /// Bits on the wire from elsewhere to a local address.
    pub inbound_bits: u64,
    /// Bits on the wire from a local address to elsewhere.
    pub outbound_bits: u64,
    /// Bits on the wire between local addresses.
    pub internal_bits: u64,
    /// Bits on the wire between addresses that are not local.
    pub transit_bits: u64,
    /// Bits of application payload, each byte once.
    pub goodput_bits: u64,
    /// Packets.
    pub packets: u64,
    /// Bits on the wire of IPv4 packets, by outermost network header.
    pub ipv4_bits: u64,
    /// Bits on the wire of IPv6 packets, by outermost network header.
    pub ipv6_bits: u64,
    /// Bits on the wire of flows known to be encrypted at the time.
    pub encrypted_bits: u64,
    /// TCP segments with payload.
    pub data_segments: u64,
    /// TCP segments with payload sent again, except spurious ones.
    pub resent_segments: u64,
    /// The round trip to the far side, each flow weighted by its packets, in milliseconds; `None` without a sample.
    pub latency_ms: Option<f64>,
    /// Half of the round trips are not larger, in milliseconds.
    pub rtt_p50_ms: Option<f64>,
    /// 95 of 100 round trips are not larger, in milliseconds.
    pub rtt_p95_ms: Option<f64>,
    /// The mean time from a DNS query to its answer, in milliseconds; `None` without an answer.
    pub dns_latency_ms: Option<f64>,
    /// The mean of the jitter of the streams of RTP, each weighted by its packets, in milliseconds; `None` without a stream
    /// whose clock is known.
    pub jitter_ms: Option<f64>,
    /// Packets that the streams of RTP sent, by their sequence numbers.
    pub rtp_expected: u64,
    /// Those of them that were not seen; one that comes a second later still counts.
    pub rtp_lost: u64,
}

/// Distribution, protocols and their rates.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, TS)]
pub struct ProtocolsTopic {
    /// The eight classes.
    pub distribution: ProtocolDistribution,
    /// The highest protocols recognised, largest first.
    pub protocols: Vec<Protocol>,
    /// Inclusive volume and rates by protocol, keyed as in the report.
    pub rates: BTreeMap<Name, ProtocolRates>,
    /// What TCP did.
    pub tcp: TcpCounts,
    /// What UDP did.
    pub udp: UdpCounts,
    /// What RTP did.
    pub rtp: RtpCounts,
    /// What QUIC did.
    pub quic: QuicCounts,
    /// What TLS did.
    pub tls: TlsCounts,
    /// What DNS did; of what it learned the 200 addresses named last.
    pub dns: DnsCounts,
    /// What ICMP did.
    pub icmp: IcmpCounts,
    /// What IGMP and multicast listener discovery did.
    pub igmp: IgmpCounts,
    /// Conversations in clear text, by protocol and server port, those with the most bytes first, at most 50.
    pub clear_text: Vec<ClearText>,
}

/// Conversations of a protocol that anybody on the way can read.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct ClearText {
    /// The highest protocol recognised.
    pub protocol: Name,
    /// The server's port; `None` where the protocol has no ports.
    pub server_port: Option<u16>,
    /// Counts the conversations.
    pub flows: u64,
    /// Counts their packets.
    pub packets: u64,
    /// Sums their lengths on the wire, in bytes.
    pub bytes: u64,
    /// The server with the most bytes among them.
    pub largest_server: IpAddr,
    /// The client that it had the most bytes with.
    pub largest_client: IpAddr,
}

/// The largest hosts and talkers.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, TS)]
pub struct HostsTopic {
    /// Counts the addresses seen.
    pub hosts_seen: u64,
    /// The hosts with the most bytes, largest first.
    pub hosts: Vec<Host>,
    /// The directed pairs with the most bytes, largest first.
    pub talkers: Vec<TopTalker>,
}

/// The newest packets.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, TS)]
pub struct PacketsTopic {
    /// The number of the oldest packet still held; `None` without a packet.
    pub oldest: Option<u64>,
    /// The number of the newest packet; `None` without a packet.
    pub newest: Option<u64>,
    /// The newest packets, oldest of them first, at most 200.
    pub rows: Vec<PacketRow>,
}

/// Rows of packets that were asked for.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, TS)]
pub struct PacketWindow {
    /// The number of the oldest packet still held; `None` without a packet.
    pub oldest: Option<u64>,
    /// The number of the newest packet; `None` without a packet.
    pub newest: Option<u64>,
    /// The rows, in order of their numbers.
    pub rows: Vec<PacketRow>,
    /// Where a further search goes on; `None` where everything held was looked at.
    pub next: Option<u64>,
}

/// One packet in the list.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, TS)]
pub struct PacketRow {
    /// Its number, from 1 in order of capture.
    pub number: u64,
    /// When it was captured, in milliseconds since the epoch; `None` where the capture does not say.
    pub time_ms: Option<f64>,
    /// The address it came from: IP, else hardware; blank where it shows none.
    pub source: String,
    /// The address it went to.
    pub destination: String,
    /// The highest protocol recognised in it.
    pub protocol: Name,
    /// Its length on the wire, in bytes.
    pub length: u32,
    /// What it says, in a line.
    pub info: String,
}
