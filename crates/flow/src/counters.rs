//! What a flow table counts.

use netsonde_dissect::quic::{Packet, PacketType, Version};
use netsonde_units::{Per, PerKey};

use crate::{Counted, DnsKind, ServerHello, limits};

/// What the table counts about itself and its conversations, since the start.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct FlowCounters {
    /// TCP conversations (METRICS.md "Time").
    pub tcp_connections: u64,
    /// TCP connections that RST ended.
    pub tcp_resets: u64,
    /// TCP connections whose SYN was answered by RST.
    pub tcp_refused: u64,
    /// TCP connections whose SYN nobody answered.
    pub tcp_timed_out: u64,
    /// UDP conversations.
    pub udp_conversations: u64,
    /// Records evicted because the table was full.
    pub evicted: u64,
    /// Evicted conversations that spoke again.
    pub resumed: u64,
    /// Holes in TCP sequence spaces forgotten because there were too many.
    pub holes_forgotten: u64,
    /// TCP segments in flight that were not listed because there were too many, or forgotten because their order cost
    /// too much to follow: their round trips stay unknown.
    pub segments_forgotten: u64,
    /// Datagrams put together of several packets.
    pub datagrams_reassembled: u64,
    /// Datagrams whose pieces did not all come, contradicted each other or had no room.
    pub datagrams_given_up: u64,
    /// Hellos and requests in parts of which too much was missing for too long, or that were too long.
    pub hellos_given_up: u64,
    /// Streams of RTP given up, or not looked for, because there were too many.
    pub streams_given_up: u64,
    /// Facts dropped because too many came between two ticks.
    pub facts_dropped: u64,
    /// What DNS said.
    pub dns: DnsCounters,
    /// What ICMP and ICMPv6 said.
    pub icmp: IcmpCounters,
    /// What IGMP and MLD said.
    pub groups: GroupCounters,
    /// What QUIC did.
    pub quic: QuicCounters,
    /// What TLS over TCP did.
    pub tls: TlsCounters,
}

/// Counts queries and responses.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct MessageCounters {
    /// Queries.
    pub queries: u64,
    /// Responses.
    pub responses: u64,
}

/// What DNS, multicast DNS and LLMNR said.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct DnsCounters {
    /// Messages by protocol.
    pub messages: Per<DnsKind, MessageCounters, { DnsKind::COUNT }>,
    /// Responses over DNS by code, 0 to 23; the last place is for all above, which are not assigned.
    pub(crate) rcodes: [u64; Self::RCODES],
    /// Queries over DNS that nobody answered within 5 s.
    pub timeouts: u64,
    /// Queries over DNS given up before the 5 s had passed, because there were too many or time went back.
    pub forgotten: u64,
}

impl DnsCounters {
    /// Codes 0 to 23, and the rest.
    const RCODES: usize = 25;

    /// Returns the responses over DNS by code, those that occur; none is all codes above 23 (IANA has assigned none).
    pub fn rcodes(&self) -> impl Iterator<Item = (Option<u16>, u64)> {
        let codes = (0_u16..).zip(self.rcodes).filter(|&(_, count)| count > 0);
        codes.map(|(code, count)| ((usize::from(code) + 1 < Self::RCODES).then_some(code), count))
    }

    pub(crate) fn count_rcode(&mut self, rcode: u16) {
        let place = usize::from(rcode).min(Self::RCODES - 1);
        if let Some(count) = self.rcodes.get_mut(place) {
            *count += 1;
        }
    }

    fn merge(&mut self, other: &Self) {
        self.messages.zip_with(&other.messages, |mine, theirs| {
            mine.queries += theirs.queries;
            mine.responses += theirs.responses;
        });
        for (mine, theirs) in self.rcodes.iter_mut().zip(other.rcodes) {
            *mine += theirs;
        }
        self.timeouts += other.timeouts;
        self.forgotten += other.forgotten;
    }
}

/// What ICMP and ICMPv6 said.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct IcmpCounters {
    /// Echo requests.
    pub echo_requests: u64,
    /// Echo replies.
    pub echo_replies: u64,
    /// Echo requests to one address without a reply within 5 s.
    pub echo_lost: u64,
    /// Echo requests given up before the 5 s had passed, because there were too many or time went back.
    pub echo_forgotten: u64,
    /// Errors.
    pub errors: u64,
}

impl IcmpCounters {
    const fn merge(&mut self, other: &Self) {
        self.echo_requests += other.echo_requests;
        self.echo_replies += other.echo_replies;
        self.echo_lost += other.echo_lost;
        self.echo_forgotten += other.echo_forgotten;
        self.errors += other.errors;
    }
}

/// What IGMP and MLD said.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct GroupCounters {
    /// Messages of MLD; those of IGMP count as a protocol.
    pub mld_messages: u64,
    /// Questions who listens.
    pub queries: u64,
    /// Groups that somebody said to be in, whether or not that was known.
    pub joins: u64,
    /// Groups that somebody said not to be in, whether or not that was known.
    pub leaves: u64,
}

impl GroupCounters {
    const fn merge(&mut self, other: &Self) {
        self.mld_messages += other.mld_messages;
        self.queries += other.queries;
        self.joins += other.joins;
        self.leaves += other.leaves;
    }
}

/// What QUIC did (METRICS.md "DNS, QUIC, ICMP").
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct QuicCounters {
    /// Connections; one that goes on from another address or port counts once.
    pub connections: u64,
    /// Connections of Google's QUIC of before, whose headers are its own; they are in nothing else here.
    pub google_connections: u64,
    /// Times that a connection went on from another address or port.
    pub migrations: u64,
    /// Packets with a long header by version, as on the wire.
    pub versions: Counted<{ limits::QUIC_VERSIONS }>,
    /// Packets with a long header by type, of those versions whose types are known.
    pub packet_types: Per<LongType, u64, { LongType::COUNT }>,
}

/// What a packet of QUIC with a long header is for (RFC 9000 section 17.2).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[repr(u8)]
pub enum LongType {
    /// It carries the hellos.
    Initial,
    /// Data that a client sends before the handshake.
    ZeroRtt,
    /// The rest of the handshake.
    Handshake,
    /// A server sends the client on, with a token.
    Retry,
    /// A server lists the versions that it speaks.
    VersionNegotiation,
}

impl LongType {
    /// How many there are.
    pub const COUNT: usize = 5;
    /// All of them, in the order of their numbers.
    pub const ALL: [Self; Self::COUNT] =
        [Self::Initial, Self::ZeroRtt, Self::Handshake, Self::Retry, Self::VersionNegotiation];

    /// Returns its name in reports.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Initial => "initial",
            Self::ZeroRtt => "0-rtt",
            Self::Handshake => "handshake",
            Self::Retry => "retry",
            Self::VersionNegotiation => "version_negotiation",
        }
    }

    const fn of(kind: PacketType) -> Option<Self> {
        Some(match kind {
            PacketType::Initial => Self::Initial,
            PacketType::ZeroRtt => Self::ZeroRtt,
            PacketType::Handshake => Self::Handshake,
            PacketType::Retry => Self::Retry,
            PacketType::VersionNegotiation => Self::VersionNegotiation,
            PacketType::Unknown => return None,
        })
    }
}

impl PerKey for LongType {
    #[inline]
    fn number(self) -> usize {
        // Lossless: the enumeration is a byte.
        self as usize
    }
}

impl QuicCounters {
    pub(crate) fn count(&mut self, packet: &Packet<'_>) {
        let Version(version) = packet.version;
        self.versions.add(version, 1);
        if let Some(kind) = LongType::of(packet.kind) {
            self.packet_types[kind] += 1;
        }
    }

    fn merge(&mut self, other: &Self) {
        self.connections += other.connections;
        self.google_connections += other.google_connections;
        self.migrations += other.migrations;
        self.versions.merge(&other.versions);
        self.packet_types.zip_with(&other.packet_types, |mine, theirs| *mine += theirs);
    }
}

/// What the hellos of TLS over TCP say (METRICS.md "QUIC and TLS").
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct TlsCounters {
    /// Clients' hellos, one for each handshake.
    pub client_hellos: u64,
    /// Those of them with an encrypted one inside, or what looks like one to all but the two ends.
    pub encrypted_hellos: u64,
    /// Servers' hellos, but those that ask the client for another one.
    pub server_hellos: u64,
    /// Those of them that go on with what was agreed on before.
    pub resumed: u64,
    /// Those of them that agree anew.
    pub full: u64,
    /// Servers' hellos by the version that they chose, as on the wire.
    pub versions: Counted<{ limits::TLS_VERSIONS }>,
    /// Servers' hellos by the cipher suite that they chose, as on the wire.
    pub ciphers: Counted<{ limits::TLS_CIPHERS }>,
}

impl TlsCounters {
    pub(crate) fn count_server(&mut self, hello: ServerHello) {
        self.server_hellos += 1;
        self.versions.add(hello.version.into(), 1);
        self.ciphers.add(hello.cipher.into(), 1);
        match hello.resumed {
            Some(true) => self.resumed += 1,
            Some(false) => self.full += 1,
            None => {}
        }
    }

    fn merge(&mut self, other: &Self) {
        self.client_hellos += other.client_hellos;
        self.encrypted_hellos += other.encrypted_hellos;
        self.server_hellos += other.server_hellos;
        self.resumed += other.resumed;
        self.full += other.full;
        self.versions.merge(&other.versions);
        self.ciphers.merge(&other.ciphers);
    }
}

impl FlowCounters {
    /// Adds what another table counted.
    pub fn merge(&mut self, other: &Self) {
        self.tcp_connections += other.tcp_connections;
        self.tcp_resets += other.tcp_resets;
        self.tcp_refused += other.tcp_refused;
        self.tcp_timed_out += other.tcp_timed_out;
        self.udp_conversations += other.udp_conversations;
        self.evicted += other.evicted;
        self.resumed += other.resumed;
        self.holes_forgotten += other.holes_forgotten;
        self.segments_forgotten += other.segments_forgotten;
        self.datagrams_reassembled += other.datagrams_reassembled;
        self.datagrams_given_up += other.datagrams_given_up;
        self.hellos_given_up += other.hellos_given_up;
        self.streams_given_up += other.streams_given_up;
        self.facts_dropped += other.facts_dropped;
        self.dns.merge(&other.dns);
        self.icmp.merge(&other.icmp);
        self.groups.merge(&other.groups);
        self.quic.merge(&other.quic);
        self.tls.merge(&other.tls);
    }
}
