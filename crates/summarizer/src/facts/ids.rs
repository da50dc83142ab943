//! Which facts a writer has, by name.

/// The facts of a session that a writer may need, by their ids. What was not measured, or did not occur, is `None`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct SessionIds {
    /// The interface, file or demo, by its name.
    pub source: u32,
    /// How long was measured.
    pub elapsed: u32,
    /// Packets.
    pub packets: u32,
    /// Bytes on the wire.
    pub bytes: u32,
    /// The mean throughput.
    pub average: Option<u32>,
    /// The throughput of the busiest second; none where that says less than the mean.
    pub peak: Option<u32>,
    /// What came in.
    pub inbound: Option<WayIds>,
    /// What went out.
    pub outbound: Option<WayIds>,
    /// What stayed within the local networks.
    pub internal: Option<WayIds>,
    /// What passed through.
    pub transit: Option<WayIds>,
    /// The classes of protocols that occurred, the one with the most bytes first.
    pub classes: Vec<ClassIds>,
    /// The share of packets that belong to encrypted conversations.
    pub encrypted_share: Option<u32>,
    /// The share of IPv4 in packets of IP.
    pub ipv4_share: Option<u32>,
    /// The share of IPv6 in packets of IP.
    pub ipv6_share: Option<u32>,
    /// Packets dropped before they were measured.
    pub drops: Option<u32>,
    /// Their share in all that were there.
    pub drops_share: Option<u32>,
    /// What TCP did.
    pub tcp: TcpIds,
    /// Conversations of UDP.
    pub udp_conversations: Option<u32>,
    /// Packets of UDP.
    pub udp_packets: Option<u32>,
    /// What RTP did.
    pub rtp: RtpIds,
    /// What QUIC did.
    pub quic: HandshakeIds,
    /// What TLS did.
    pub tls: HandshakeIds,
    /// What DNS did.
    pub dns: DnsIds,
    /// What IGMP did.
    pub igmp: IgmpIds,
    /// The address elsewhere with the most bytes.
    pub busiest_host: Option<HostIds>,
    /// The application with the most bytes.
    pub busiest_app: Option<AppIds>,
    /// The conversation with the most bytes.
    pub largest_conversation: Option<ConversationIds>,
}

/// One direction.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct WayIds {
    /// Packets.
    pub packets: u32,
    /// Bytes on the wire.
    pub bytes: u32,
    /// Its share of all bytes.
    pub share: Option<u32>,
    /// The mean throughput.
    pub average: Option<u32>,
    /// The throughput of its busiest second; none where that says less than the mean.
    pub peak: Option<u32>,
}

/// One class of protocols.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct ClassIds {
    /// Its name.
    pub name: u32,
    /// Bytes on the wire.
    pub bytes: u32,
    /// Its share of all bytes.
    pub share: u32,
    /// That it is the largest, of the first one where there are several.
    pub most: Option<u32>,
}

/// What TCP did.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct TcpIds {
    /// Connections.
    pub connections: Option<u32>,
    /// Segments with payload.
    pub data_segments: Option<u32>,
    /// The share of them that were sent again.
    pub loss: Option<u32>,
    /// The same in the worst second.
    pub loss_peak: Option<u32>,
    /// Segments sent again, but spurious ones.
    pub resent: Option<u32>,
    /// Half of the round trips are not longer.
    pub rtt_p50: Option<u32>,
    /// 95 of 100 round trips are not longer.
    pub rtt_p95: Option<u32>,
    /// The mean round trip.
    pub rtt_average: Option<u32>,
    /// The mean round trip of the worst second.
    pub rtt_peak: Option<u32>,
    /// Half of the handshakes took no longer.
    pub handshake_p50: Option<u32>,
    /// Half of the servers' answers took no longer.
    pub response_p50: Option<u32>,
    /// Segments out of order.
    pub out_of_order: Option<u32>,
    /// Segments that said there was no room.
    pub zero_windows: Option<u32>,
    /// Connections that were reset.
    pub resets: Option<u32>,
    /// Connections that were refused.
    pub refused: Option<u32>,
    /// Connections that nobody answered.
    pub unanswered: Option<u32>,
}

/// What RTP did.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct RtpIds {
    /// Streams.
    pub streams: Option<u32>,
    /// The share of packets that were lost.
    pub loss: Option<u32>,
    /// The same in the worst second.
    pub loss_peak: Option<u32>,
    /// Packets that were lost.
    pub lost: Option<u32>,
    /// The mean jitter.
    pub jitter: Option<u32>,
    /// The mean jitter of the worst second.
    pub jitter_peak: Option<u32>,
    /// The least MOS of the newest streams.
    pub worst_mos: Option<u32>,
    /// Calls.
    pub calls: Option<u32>,
}

/// What a protocol with handshakes did.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct HandshakeIds {
    /// Connections of QUIC, or hellos of TLS's clients.
    pub connections: Option<u32>,
    /// Half of the handshakes took no longer.
    pub handshake_p50: Option<u32>,
    /// 95 of 100 handshakes took no longer.
    pub handshake_p95: Option<u32>,
}

/// What DNS did.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct DnsIds {
    /// Questions.
    pub queries: Option<u32>,
    /// Answers.
    pub answers: Option<u32>,
    /// Half of the answers took no longer.
    pub latency_p50: Option<u32>,
    /// 95 of 100 answers took no longer.
    pub latency_p95: Option<u32>,
    /// Questions that nobody answered.
    pub timeouts: Option<u32>,
    /// Their share of all questions.
    pub timeouts_share: Option<u32>,
    /// Answers that say the server could not or would not answer.
    pub failures: Option<u32>,
    /// Their share of all answers.
    pub failures_share: Option<u32>,
    /// Answers that say the name does not exist.
    pub no_such_name: Option<u32>,
}

/// What IGMP and multicast listener discovery did.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct IgmpIds {
    /// Groups.
    pub groups: Option<u32>,
    /// Times that an address came to be in a group.
    pub joins: Option<u32>,
    /// Times that an address left one.
    pub leaves: Option<u32>,
    /// Questions who listens.
    pub queries: Option<u32>,
}

/// An address.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct HostIds {
    /// The address.
    pub address: u32,
    /// A name of it.
    pub name: Option<u32>,
    /// Bytes on the wire to and from it.
    pub bytes: u32,
    /// Their share of all bytes.
    pub share: Option<u32>,
    /// That it is the largest of its kind.
    pub most: u32,
}

/// An application.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct AppIds {
    /// Its name.
    pub name: u32,
    /// Bytes on the wire.
    pub bytes: u32,
    /// Their share of all bytes.
    pub share: Option<u32>,
    /// That it is the largest.
    pub most: u32,
}

/// A conversation.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct ConversationIds {
    /// The address of its client.
    pub client: u32,
    /// The address of its server.
    pub server: u32,
    /// The name that the server goes by.
    pub name: Option<u32>,
    /// What it is: its application or its protocol.
    pub kind: u32,
    /// Bytes on the wire of both ends.
    pub bytes: u32,
    /// Their share of all bytes.
    pub share: Option<u32>,
    /// That it is the largest.
    pub most: u32,
}

/// The facts of a minute that a writer may need, by their ids. What was not measured, or did not occur, is `None`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct MinuteIds {
    /// The interface, file or demo, by its name.
    pub source: u32,
    /// How long it was.
    pub elapsed: u32,
    /// Packets.
    pub packets: u32,
    /// Bytes on the wire.
    pub bytes: u32,
    /// The mean throughput; none where no time passed.
    pub throughput: Option<Compared>,
    /// The mean throughput of what came in; none where nothing did.
    pub inbound: Option<u32>,
    /// The same of what went out.
    pub outbound: Option<u32>,
    /// The same of what stayed within the local networks.
    pub internal: Option<u32>,
    /// The same of what passed through.
    pub transit: Option<u32>,
    /// The classes of protocols that occurred, the one with the most bytes first.
    pub classes: Vec<ClassIds>,
    /// Packets dropped before they were measured.
    pub drops: Option<u32>,
    /// Half of the round trips were not longer.
    pub rtt_p50: Option<Compared>,
    /// 95 of 100 round trips were not longer.
    pub rtt_p95: Option<u32>,
    /// The largest mean round trip of a second.
    pub rtt_peak: Option<u32>,
    /// The share of data segments that were sent again.
    pub loss: Option<Compared>,
    /// The share of packets of RTP that were lost.
    pub rtp_loss: Option<u32>,
    /// The mean jitter of RTP.
    pub jitter: Option<Compared>,
    /// Answers of DNS.
    pub dns_answers: Option<u32>,
    /// The mean time from a question of DNS to its answer.
    pub dns_latency: Option<u32>,
    /// Questions of DNS that nobody answered.
    pub dns_timeouts: Option<u32>,
    /// Answers that say the server could not or would not answer.
    pub dns_failures: Option<u32>,
    /// Connections of TCP that began.
    pub connections: Option<u32>,
    /// Connections that were reset.
    pub resets: Option<u32>,
    /// Connections that were refused.
    pub refused: Option<u32>,
    /// Connections that nobody answered.
    pub unanswered: Option<u32>,
    /// Conversations with a packet in the last second.
    pub active: u32,
    /// The application with the most bytes.
    pub busiest_app: Option<AppIds>,
}

/// A number of a minute beside that of the minute before.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Compared {
    /// The number.
    pub now: u32,
    /// That of the time before; none where it was not measured.
    pub before: Option<u32>,
    /// How the number is to that of the time before.
    pub change: Option<u32>,
}
