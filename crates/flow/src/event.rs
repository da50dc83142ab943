//! What a packet tells of its conversation beyond its volume.

use netsonde_units::PerKey;

use crate::NamedBy;

/// A judgement of TCP about one segment. Names and meaning are Wireshark's (METRICS.md "TCP").
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[repr(u8)]
pub enum TcpEvent {
    /// Sent again, after a time-out as far as one can tell.
    Retransmission,
    /// Sent again because of duplicate acknowledgements.
    FastRetransmission,
    /// Sent again although it was acknowledged already.
    SpuriousRetransmission,
    /// Came later than what follows it.
    OutOfOrder,
    /// Comes after a hole: a segment before it was not seen.
    LostSegment,
    /// Acknowledges bytes that were not seen.
    AckLostSegment,
    /// Acknowledges the same byte again.
    DuplicateAck,
    /// Asks whether the other end is still there.
    KeepAlive,
    /// Says that it is.
    KeepAliveAck,
    /// Says that the receiver has no room.
    ZeroWindow,
    /// Asks whether there is room again.
    ZeroWindowProbe,
    /// Says that there is not.
    ZeroWindowProbeAck,
    /// Fills the receiver's window.
    WindowFull,
    /// Says that there is another amount of room.
    WindowUpdate,
    /// Begins a connection on the ports of another one.
    PortReused,
}

impl TcpEvent {
    /// How many there are.
    pub const COUNT: usize = 15;
    /// All of them, in the order of their numbers.
    pub const ALL: [Self; Self::COUNT] = [
        Self::Retransmission,
        Self::FastRetransmission,
        Self::SpuriousRetransmission,
        Self::OutOfOrder,
        Self::LostSegment,
        Self::AckLostSegment,
        Self::DuplicateAck,
        Self::KeepAlive,
        Self::KeepAliveAck,
        Self::ZeroWindow,
        Self::ZeroWindowProbe,
        Self::ZeroWindowProbeAck,
        Self::WindowFull,
        Self::WindowUpdate,
        Self::PortReused,
    ];

    /// Returns its name in reports and events, as in METRICS.md.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Retransmission => "retransmission",
            Self::FastRetransmission => "fast_retransmission",
            Self::SpuriousRetransmission => "spurious_retransmission",
            Self::OutOfOrder => "out_of_order",
            Self::LostSegment => "lost_segment",
            Self::AckLostSegment => "ack_lost_segment",
            Self::DuplicateAck => "duplicate_ack",
            Self::KeepAlive => "keep_alive",
            Self::KeepAliveAck => "keep_alive_ack",
            Self::ZeroWindow => "zero_window",
            Self::ZeroWindowProbe => "zero_window_probe",
            Self::ZeroWindowProbeAck => "zero_window_probe_ack",
            Self::WindowFull => "window_full",
            Self::WindowUpdate => "window_update",
            Self::PortReused => "port_reused",
        }
    }
}

impl PerKey for TcpEvent {
    #[inline]
    fn number(self) -> usize {
        // Lossless: the enumeration is a byte.
        self as usize
    }
}

/// The events of one segment.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct TcpEvents(u16);

impl TcpEvents {
    /// No event.
    pub const NONE: Self = Self(0);

    /// Adds an event.
    pub const fn insert(&mut self, event: TcpEvent) {
        self.0 |= 1 << event as u16;
    }

    /// Tells whether an event is among them.
    #[inline]
    pub const fn contains(self, event: TcpEvent) -> bool {
        self.0 & (1 << event as u16) != 0
    }

    /// Tells whether there is none.
    #[inline]
    pub const fn is_empty(self) -> bool {
        self.0 == 0
    }

    /// Returns the events of both.
    #[must_use]
    pub const fn union(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }

    /// Returns the events in the order of their numbers.
    pub fn iter(self) -> impl Iterator<Item = TcpEvent> {
        TcpEvent::ALL.into_iter().filter(move |&event| self.contains(event))
    }
}

/// The time from a segment to its acknowledgement (METRICS.md "RTT sample").
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RttSample {
    /// Nanoseconds; negative where the capture's clock went back.
    pub nanos: i64,
    /// Whether the segment was seen more than once, so that nobody knows which copy was acknowledged (Karn). Such
    /// samples are in no figure.
    pub ambiguous: bool,
}

/// The handshake's round trip, known once (METRICS.md "Handshake RTT").
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct HandshakeRtt {
    /// From the latest SYN to the segment that ends the handshake, in nanoseconds.
    pub nanos: u64,
    /// From the latest SYN to its SYN with ACK: what lies between here and the server. None where either was not seen.
    pub server_nanos: Option<u64>,
    /// Whether the SYN was seen more than once, so that nobody knows which copy was answered (Karn): both halves may be
    /// shorter than the way.
    pub ambiguous: bool,
}

impl HandshakeRtt {
    /// Returns what lies between here and the client.
    pub fn client_nanos(&self) -> Option<u64> {
        self.server_nanos.and_then(|server| self.nanos.checked_sub(server))
    }

    /// Tells whether a half of so many nanoseconds, less than a tenth of the whole, ends where the capture sits: its
    /// later samples are delayed acknowledgements rather than a way (METRICS.md "Delays and losses").
    pub const fn is_near(&self, half_nanos: u64) -> bool {
        half_nanos < self.nanos / 10
    }
}

/// What one TCP segment was judged to be.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct TcpVerdict {
    /// Its connection's number in order of first packets, from 0; none for what is no TCP segment.
    pub stream: Option<u32>,
    /// Its events.
    pub events: TcpEvents,
    /// Whether it was sent again and had not been acknowledged, by name or by its bytes (METRICS.md "Loss").
    pub sent_again: bool,
    /// The round trip that it completes by acknowledging: between here and its sender.
    pub rtt: Option<RttSample>,
    /// The handshake's round trip, with the segment that ends the handshake.
    pub handshake: Option<HandshakeRtt>,
    /// From the last byte of a request to this first byte of its answer, in nanoseconds.
    pub response_nanos: Option<u64>,
}

/// What a packet that is not TCP's own business tells.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FlowEvent {
    /// A name was asked for or answered.
    Dns(DnsEvent),
    /// Somebody was pinged, or answered.
    Echo(EchoEvent),
    /// A multicast group was joined, left or asked for.
    Group(GroupEvent),
    /// A packet of a stream of RTP came.
    Rtp(RtpEvent),
    /// The ends of a stream spoke about it.
    Rtcp(RtcpEvent),
    /// A connection of QUIC came one step further, or showed its round trip.
    Quic(QuicEvent),
    /// The ends of a connection agreed on how to encrypt.
    Tls(TlsEvent),
}

/// What a packet of a stream of RTP changes (METRICS.md "RTP"). The first packet after a stream was found tells of those
/// before it too.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct RtpEvent {
    /// By how many the packets sent grow, as far as sequence numbers tell.
    pub expected: u32,
    /// Packets seen for the first time.
    pub received: u32,
    /// Packets seen again.
    pub duplicates: u32,
    /// Packets behind one with a later sequence number.
    pub out_of_order: u32,
    /// The stream's jitter after this packet, in nanoseconds; none without a clock.
    pub jitter_nanos: Option<u64>,
}

/// A packet of RTCP (RFC 3550 section 6).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct RtcpEvent {
    /// From here to who reports and back, in nanoseconds, where the report answers one of the sender that was seen.
    pub round_trip_nanos: Option<u64>,
}

/// What a datagram of QUIC shows (METRICS.md "DNS, QUIC, ICMP").
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct QuicEvent {
    /// From the client's first Initial to this, the server's first packet, in nanoseconds.
    pub handshake_nanos: Option<u64>,
    /// A round trip by the spin bit (RFC 9000 section 17.4), in nanoseconds.
    pub spin_nanos: Option<u64>,
}

/// The end of a handshake of TLS over TCP.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct TlsEvent {
    /// From the client's hello to this, the last packet of the handshake, in nanoseconds.
    pub handshake_nanos: u64,
}

/// Which of the protocols with DNS's messages.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[repr(u8)]
pub enum DnsKind {
    /// DNS (RFC 1035), over UDP or TCP.
    Dns,
    /// Multicast DNS (RFC 6762).
    Mdns,
    /// Link-local multicast name resolution (RFC 4795).
    Llmnr,
}

impl DnsKind {
    /// How many there are.
    pub const COUNT: usize = 3;

    /// Returns what names by an answer are named by.
    pub(crate) const fn names_by(self) -> NamedBy {
        match self {
            Self::Dns => NamedBy::Dns,
            Self::Mdns => NamedBy::Mdns,
            Self::Llmnr => NamedBy::Llmnr,
        }
    }
}

impl PerKey for DnsKind {
    #[inline]
    fn number(self) -> usize {
        // Lossless: the enumeration is a byte.
        self as usize
    }
}

/// A DNS message.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct DnsEvent {
    /// Which protocol.
    pub kind: DnsKind,
    /// Its identifier.
    pub id: u16,
    /// Its response code with EDNS's upper bits (RFC 6891); none for a query.
    pub rcode: Option<u16>,
    /// From the query to this, its first answer, in nanoseconds.
    pub latency_nanos: Option<u64>,
}

/// An echo request, or its reply (RFC 792, RFC 4443).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct EchoEvent {
    /// Whether it is a reply.
    pub is_reply: bool,
    /// From the request to this, its first reply, in nanoseconds.
    pub rtt_nanos: Option<u64>,
}

/// What was said about multicast groups (RFC 3376, RFC 3810, RFC 2236, RFC 1112).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum GroupEvent {
    /// A querier asks who listens.
    Query,
    /// A member says it listens to so many groups.
    Report {
        /// Groups in it that its sender joins.
        joins: u16,
        /// Groups in it that its sender leaves.
        leaves: u16,
    },
}

/// What is known of one direction's delays, in nanoseconds.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct DelaySums {
    /// How many there were.
    pub count: u32,
    /// The smallest one; the largest number where none is smaller than that, 4.29 s. 0 without any.
    pub least: u32,
    /// All together.
    pub sum: u64,
}

impl DelaySums {
    /// Returns the smallest delay in nanoseconds; none without any, and where none is shorter than [`Self::least`] can
    /// tell.
    pub fn least_nanos(&self) -> Option<u64> {
        (self.count > 0 && self.least < u32::MAX).then_some(self.least.into())
    }

    /// Adds a delay.
    pub(crate) fn add(&mut self, nanos: u64) {
        let narrow = u32::try_from(nanos).unwrap_or(u32::MAX);
        self.least = if self.count == 0 { narrow } else { self.least.min(narrow) };
        self.count = self.count.saturating_add(1);
        self.sum = self.sum.saturating_add(nanos);
    }
}

/// What one end of a TCP connection has sent, beyond its volume.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct TcpSent {
    /// Segments with payload.
    pub data_segments: u32,
    /// Segments sent again, by name or by their bytes, except spurious ones.
    pub resent: u32,
    /// Segments sent again although they were acknowledged.
    pub spurious: u32,
    /// Segments that Wireshark's rules call out of order, also those sent again.
    pub out_of_order: u32,
    /// Segments that came after a hole.
    pub lost: u32,
    /// Duplicate acknowledgements.
    pub duplicate_acks: u32,
    /// Times it said that it has no room.
    pub zero_windows: u32,
    /// Round trips to this end, from the segment sent to it to its acknowledgement; none that are ambiguous.
    pub rtt: DelaySums,
}

/// What TCP did in one conversation.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct TcpRow {
    /// By the client.
    pub up: TcpSent,
    /// By the server.
    pub down: TcpSent,
    /// The handshake's round trip.
    pub handshake: Option<HandshakeRtt>,
    /// From the last byte of a request to the first byte of its answer.
    pub response: DelaySums,
}
