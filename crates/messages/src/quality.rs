//! How well the network does: delays, loss, and what TCP, DNS, ICMP and IGMP say of it.

use std::collections::BTreeMap;
use std::net::IpAddr;

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::Name;

/// The distribution of a delay over the session. Everything but `samples` is `None` without a sample.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize, TS)]
pub struct Delays {
    /// Counts the samples.
    pub samples: u64,
    /// The smallest, in milliseconds.
    pub min: Option<f64>,
    /// The mean, in milliseconds.
    pub mean: Option<f64>,
    /// Half are not larger, in milliseconds, within 1 %.
    pub p50: Option<f64>,
    /// 95 of 100 are not larger, in milliseconds, within 1 %.
    pub p95: Option<f64>,
    /// 99 of 100 are not larger, in milliseconds, within 1 %.
    pub p99: Option<f64>,
    /// The largest, in milliseconds.
    pub max: Option<f64>,
}

/// A delay as it stands: over the last 5 s, its largest second and its average. `None` where there was no sample.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize, TS)]
pub struct Latency {
    /// The mean over the last 5 s, in milliseconds.
    pub now_ms: Option<f64>,
    /// The mean of the worst closed second, in milliseconds.
    pub peak_ms: Option<f64>,
    /// The mean over the session, in milliseconds.
    pub average_ms: Option<f64>,
    /// Half of the samples of the last 5 s are not larger, in milliseconds.
    pub p50_ms: Option<f64>,
    /// 95 of 100 samples of the last 5 s are not larger, in milliseconds.
    pub p95_ms: Option<f64>,
    /// 99 of 100 samples of the last 5 s are not larger, in milliseconds.
    pub p99_ms: Option<f64>,
}

/// A share of losses as it stands, 0 to 100. `None` where nothing was sent.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize, TS)]
pub struct Loss {
    /// Over the last 5 s.
    pub now_percentage: Option<f64>,
    /// In the worst closed second in which at least 20 segments were sent.
    pub peak_percentage: Option<f64>,
    /// Over the session.
    pub average_percentage: Option<f64>,
}

/// What TCP did over the whole capture, judged as Wireshark does.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize, TS)]
pub struct TcpCounts {
    /// Counts conversations; silence never splits one.
    pub connections: u64,
    /// Counts packets.
    pub packets: u64,
    /// Counts packets with payload.
    pub data_segments: u64,
    /// Counts connections ended by a reset.
    pub resets: u64,
    /// Counts connections whose first SYN was answered by a reset.
    pub refused: u64,
    /// Counts connections whose SYN nobody answered.
    pub timed_out: u64,
    /// Counts segments sent again, SYN and FIN too, except those that had arrived: by name, or out of order with bytes
    /// that were all seen.
    pub packet_loss: u64,
    /// Gives those of them with payload in `data_segments`, 0 to 100; `None` without a data segment.
    pub packet_loss_percentage: Option<f64>,
    /// Counts segments that Wireshark's rules call sent again, for whatever reason.
    pub retransmissions: u64,
    /// Counts those of them that duplicate acknowledgements brought about.
    pub fast_retransmissions: u64,
    /// Counts those of them that had been acknowledged already.
    pub spurious_retransmissions: u64,
    /// Counts segments that came later than what follows them.
    pub out_of_order: u64,
    /// Counts segments before which one is missing.
    pub lost_segments: u64,
    /// Counts acknowledgements of what was not seen.
    pub ack_lost_segments: u64,
    /// Counts acknowledgements said again.
    pub duplicate_acks: u64,
    /// Counts questions whether the other end is still there.
    pub keep_alives: u64,
    /// Counts answers to them.
    pub keep_alive_acks: u64,
    /// Counts segments that say there is no room.
    pub zero_windows: u64,
    /// Counts questions whether there is room again.
    pub zero_window_probes: u64,
    /// Counts answers that there is not.
    pub zero_window_probe_acks: u64,
    /// Counts segments that fill the receiver's window.
    pub window_full: u64,
    /// Counts segments that say there is another amount of room.
    pub window_updates: u64,
    /// Counts connections that began on the ports of another one.
    pub ports_reused: u64,
    /// From a segment to its acknowledgement, whoever sent it; none that are ambiguous.
    pub rtt_ms: Delays,
    /// The same where the acknowledgement comes from a side that is not local.
    pub rtt_far_ms: Delays,
    /// The same where it comes from a local side: it says nothing of the network.
    pub rtt_near_ms: Delays,
    /// From SYN to the end of the handshake.
    pub initial_rtt_ms: Delays,
    /// From the last byte of a request to the first byte of its answer.
    pub server_response_ms: Delays,
    /// Counts samples left out of the delays because their segment was seen more than once.
    pub rtt_ambiguous: u64,
    /// The round trip to the far side as it stands, each flow weighted by its packets.
    pub latency: Latency,
    /// Segments sent again in data segments, as it stands.
    pub loss: Loss,
}

/// What DNS, multicast DNS and LLMNR did over the whole capture.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, TS)]
pub struct DnsCounts {
    /// Counts queries over DNS.
    pub queries: u64,
    /// Counts responses over DNS.
    pub responses: u64,
    /// Counts queries over DNS that nobody answered within 5 s.
    pub timeouts: u64,
    /// Counts queries over DNS that were waited for less than that: too many waited, or the capture's time went back.
    pub forgotten: u64,
    /// Counts responses over DNS by code, such as `NOERROR` and `NXDOMAIN`.
    pub rcodes: BTreeMap<Name, u64>,
    /// From query to answer, over DNS.
    pub latency_ms: Delays,
    /// The same as it stands.
    pub latency: Latency,
    /// Counts what multicast DNS said.
    pub mdns: Messages,
    /// Counts what LLMNR said.
    pub llmnr: Messages,
    /// Lists the addresses that answers named, in order of address.
    pub learned: Vec<LearnedNames>,
    /// Counts addresses left out of `learned`, each once; of those for which there was no room at all, up to 65,536.
    pub learned_omitted: u64,
}

/// Counts queries and responses.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct Messages {
    /// Counts queries.
    pub queries: u64,
    /// Counts responses.
    pub responses: u64,
}

/// The names by which an address was asked for.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct LearnedNames {
    /// The address.
    pub address: IpAddr,
    /// The names that were asked for and led to it, lower case without a trailing dot, in order.
    pub names: Vec<String>,
}

/// What ICMP and `ICMPv6` did over the whole capture.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize, TS)]
pub struct IcmpCounts {
    /// Counts packets.
    pub packets: u64,
    /// Counts echo requests.
    pub echo_requests: u64,
    /// Counts their replies.
    pub echo_replies: u64,
    /// Counts echo requests without a reply within 5 s.
    pub echo_lost: u64,
    /// Counts echo requests that were waited for less than that: too many waited, or the capture's time went back.
    pub echo_forgotten: u64,
    /// From request to reply.
    pub echo_rtt_ms: Delays,
    /// Counts errors, such as "unreachable".
    pub errors: u64,
}

/// What IGMP and multicast listener discovery did over the whole capture.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct IgmpCounts {
    /// Counts messages.
    pub packets: u64,
    /// Counts questions who listens.
    pub queries: u64,
    /// Counts what members said: for each group that one is in it, or not, also what was said before.
    pub reports: u64,
    /// Counts times that an address came to be in a group, as far as seen: it said so and was not known to be.
    pub joins: u64,
    /// Counts times that an address ceased to be in a group: it said so and was not known to have.
    pub leaves: u64,
    /// Lists the addresses that asked.
    pub queriers: Vec<IpAddr>,
    /// Lists the groups, in order of address.
    pub groups: Vec<MulticastGroup>,
    /// Counts groups left out of `groups`, each once; of those for which there was no room at all, up to 65,536.
    pub groups_omitted: u64,
}

/// A multicast group.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct MulticastGroup {
    /// Its address.
    pub address: IpAddr,
    /// Counts addresses that joined and have not left, as far as seen.
    pub members: u64,
    /// Counts times that an address came to be in it.
    pub joins: u64,
    /// Counts times that an address ceased to be in it.
    pub leaves: u64,
}

/// What one end of a TCP connection sent, beyond its volume.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize, TS)]
pub struct FlowTcpSide {
    /// Counts segments with payload.
    pub data_segments: u64,
    /// Counts segments sent again, by name or by their bytes, except spurious ones.
    pub resent: u64,
    /// Counts segments sent again although they had been acknowledged.
    pub spurious: u64,
    /// Counts segments out of order.
    pub out_of_order: u64,
    /// Counts segments before which one is missing.
    pub lost: u64,
    /// Counts duplicate acknowledgements.
    pub duplicate_acks: u64,
    /// Counts segments that say there is no room.
    pub zero_windows: u64,
    /// The mean round trip from here to this end, in milliseconds.
    pub rtt_ms_mean: Option<f64>,
    /// The smallest one; `None` too where none was shorter than 4.29 s.
    pub rtt_ms_min: Option<f64>,
    /// Counts its samples.
    pub rtt_samples: u64,
}

/// What TCP's analysis says of one flow.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize, TS)]
pub struct FlowTcp {
    /// By the client.
    pub up: FlowTcpSide,
    /// By the server.
    pub down: FlowTcpSide,
    /// The part of the handshake's round trip that lies between here and the server, in milliseconds.
    pub handshake_server_ms: Option<f64>,
    /// The part that lies between here and the client, in milliseconds.
    pub handshake_client_ms: Option<f64>,
    /// The mean time from the last byte of a request to the first byte of its answer, in milliseconds.
    pub server_response_ms_mean: Option<f64>,
}
