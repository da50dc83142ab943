//! How much each table may hold, and for how long.

use netsonde_units::NANOS_PER_SECOND;

/// Bounds of one flow table.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// Conversations held at once. At the bound a new one takes the place of a retired or long silent one.
    pub flows: u32,
    /// Keys of evicted conversations remembered, so that one that speaks again is not counted twice.
    pub departed: u32,
}

/// A million conversations take about 250 MB, and 340 MB more where all are TCP; a busy office holds some ten thousand.
impl Default for Limits {
    fn default() -> Self {
        Self { flows: 1 << 20, departed: 1 << 21 }
    }
}

/// How many records are looked at to find one to evict: enough to find an old one, few enough to cost nothing.
pub const EVICTION_SAMPLE: u32 = 8;

/// How many payloads of a conversation are probed before it is left unrecognised.
pub const PROBES: u8 = 8;

/// Holes in the sequence space remembered for each direction of a TCP connection.
///
/// Loss rarely leaves more at once; beyond it the oldest is forgotten and its bytes, should they come, are not
/// counted as new.
pub const HOLES: usize = 6;

/// A gap this wide is no loss but another sequence space (a wild packet, or a restart that was not captured).
pub const WIDEST_HOLE: u32 = 1 << 30;

/// First fragments whose ports are remembered for the fragments after them.
pub const FRAGMENTS: usize = 1024;

/// How long a datagram may take to arrive (RFC 1122 section 3.3.2 asks for 60 to 120 s).
pub const FRAGMENT_LIFE_NANOS: u64 = 60 * NANOS_PER_SECOND;

/// How long an answer may take: after 5 s common resolvers and `ping` give up (METRICS.md "DNS, QUIC, ICMP").
pub const ANSWER_NANOS: u64 = 5 * NANOS_PER_SECOND;

/// Questions of each kind (DNS queries by number, the same by all that an answer repeats, echo requests) held for their
/// answers; 26,000 a second fill it, 5 MiB. Beyond it the oldest is given up and counted.
pub const WAITING: usize = 1 << 17;

/// Clients of DNS that are known to have asked, 2 MiB. Beyond it everybody counts as one of them.
pub const DNS_CLIENTS: usize = 1 << 16;

/// Directions of DNS connections over TCP whose messages are put together at once; clients open one for a few queries.
pub const DNS_STREAMS: usize = 1 << 10;

/// Bytes of DNS messages over TCP that wait for the rest of them, all together: 16 of the largest. One that goes
/// beyond it is left out.
pub const DNS_STREAM_BYTES: usize = 1 << 20;

/// Directions of connections of SIP and RTSP whose messages are put together at once: a busy exchange has some hundred
/// connections to others like it.
pub const SIGNALLING_STREAMS: usize = 1 << 12;

/// The longest message of SIP or RTSP that is put together; those of phones have 2,000 bytes, and a datagram holds no more.
pub const SIGNALLING_MESSAGE: usize = 1 << 16;

/// Bytes of messages of SIP and RTSP over TCP that wait for the rest of them, all together. One that goes beyond it is left
/// out.
pub const SIGNALLING_BYTES: usize = 1 << 22;

/// Segments behind a gap that are waited with for what is missing, before it is given up: the window of a sender who
/// begins (RFC 6928), and those on their way meanwhile.
pub const SIGNALLING_BEHIND_GAP: usize = 16;

/// Conversations of RTSP whose descriptions are kept at once.
pub const RTSP_SESSIONS: usize = 1 << 10;

/// Bytes of hellos and requests that are waited for, both sides of a conversation together: what a record of TLS holds,
/// and more than servers accept as the head of a request.
pub const HELLO_BYTES: usize = 1 << 14;

/// Memory for all hellos and requests of which a part is missing: those of ten thousand clients who speak at once. Beyond
/// it the oldest is given up.
pub const HELLOS_BYTES: usize = 1 << 24;

/// Packets of a client of FTP, POP3, IMAP or SMTP within which it logs in: some three for each of a handful of lines, and a
/// few tries.
pub const LOGIN_PACKETS: u64 = 32;

/// Conversations of QUIC whose hellos are sought at once, 2 KiB of keys each: many times those that open within a round
/// trip. Beyond it the oldest is given up.
pub const QUIC_SOUGHT: usize = 1 << 12;

/// Bytes of the handshake kept for each direction; a hello with post-quantum shares has 2,000.
pub const QUIC_HELLO: usize = 1 << 14;

/// Bytes of hellos in QUIC that wait for the rest of them, all together: two thousand of the usual length.
/// Beyond it the oldest is given up.
pub const QUIC_BYTES: usize = 1 << 22;

/// Runs of bytes, with gaps between, of a hello that is put together: Chromium cuts one into some ten pieces a packet.
pub const QUIC_RUNS: usize = 64;

/// Datagrams of a conversation that are looked at for a hello: a client's first flight with early data, a few times over.
pub const QUIC_DATAGRAMS: u8 = 64;

/// Datagrams that are looked at for the server's hello once the client's was seen.
pub const QUIC_ANSWERS: u8 = 32;

/// Times that keys are made for one conversation: the client's, the server's, those after a Retry or for another version,
/// and some that fit nothing.
pub const QUIC_DERIVATIONS: u8 = 8;

/// Endpoints that streams or their reports were announced for, two or four a call: 4,000 calls at once, 2 KiB each where
/// all formats are listed that may be. Beyond it the oldest is given up.
pub const ANNOUNCED: usize = 1 << 14;

/// Handshakes of TLS that are timed at once, 150 bytes each: many times those that begin within a round trip. Beyond it the
/// oldest is not timed.
pub const HANDSHAKES: usize = 1 << 12;

/// Versions and cipher suites of TLS that are counted one by one: all versions that there are, and what servers choose today or
/// not long ago.
pub const TLS_VERSIONS: usize = 16;
/// The same of cipher suites.
pub const TLS_CIPHERS: usize = 64;

/// Connections of QUIC whose packets are followed, 250 bytes each: a tenth of the conversations that a table holds. Beyond it
/// they are counted, and neither timed nor known again on other ports.
pub const QUIC_CONNECTIONS: u32 = 1 << 17;

/// Bytes of the shortest identifier by which a connection is known again on other ports; one of less is met by chance.
pub const QUIC_IDENTIFIER: usize = 4;

/// Versions of QUIC that are counted one by one; there are some ten, and what clients make up to keep servers on their toes.
pub const QUIC_VERSIONS: usize = 16;

/// Streams of RTP and candidates for one, 3 KiB each: 8,000 calls at once, 48 MiB. Beyond it conversations without a stream,
/// and retired ones, give way.
pub const STREAMS: usize = 1 << 14;

/// Conversations that have streams, or packets that look like one's.
pub const MEDIA_CONVERSATIONS: usize = 1 << 14;

/// Conversations that are looked at to find one that may give way.
pub const MEDIA_SAMPLE: u32 = 64;

/// Streams of one conversation: a conference has some thirty. Beyond it the longest silent one gives way.
pub const STREAMS_EACH: usize = 64;

/// Candidates of one side of a conversation: as many as may begin at once, packet by packet in turn, in a conference. Beyond
/// it the oldest gives way.
pub const CANDIDATES: usize = 16;

/// Packets of a conversation that are looked at in vain before it is left alone: of random bytes one in six looks like a
/// packet of RTP by itself.
pub const MEDIA_LOOKS: u8 = 64;

/// Steps in the course of a stream: enough for a chart.
pub const STREAM_STEPS: usize = 64;

/// Sources that RTCP has spoken of and no packet was seen of: those of a thousand calls that are about to begin.
pub const NAMED_SOURCES: usize = 1 << 12;

/// Datagrams of which pieces are waited for. Each may grow to [`LONGEST_DATAGRAM`], 4 MiB together; a sender has a few on
/// the way at once.
pub const DATAGRAMS: usize = 64;

/// The longest datagram: what IPv4's length field and IPv6's can say.
pub const LONGEST_DATAGRAM: usize = 65_535;

/// Runs of bytes, with gaps between, of a datagram that is put together: the longest one of 1,480 bytes each has 45
/// pieces, every second of which may be late.
pub const RUNS: usize = 32;

/// Bytes of the longest identifier of a client of DHCP for IPv6 (RFC 8415 section 11.1), and more than those of its names.
pub const DHCP_CLIENT: usize = 256;

/// Hosts that a message of DHCP or `NetBIOS` may name: an honest one has few addresses.
pub const NAMED_AT_ONCE: usize = 16;

/// Facts held until the next tick; a flood of ICMP errors or DNS answers beyond it is counted and dropped.
pub const FACTS: usize = 4096;

/// How many more may be clues: two of each packet that is taken in before the table is asked whether it wants relief,
/// however many names the others bring.
pub const FACTS_FOR_CLUES: usize = 256;

/// Last rows of ended conversations that may wait before the table asks to hand them over.
pub const ENDED_ROWS: usize = 1 << 14;

/// A TCP connection that closed or was reset is retired after this silence.
pub const TCP_CLOSED_NANOS: u64 = 10 * NANOS_PER_SECOND;
/// A SYN without an answer for this long has timed out (the first retries of common systems come after 1, 3 and 7 s).
pub const TCP_OPENING_NANOS: u64 = 20 * NANOS_PER_SECOND;
/// An open TCP connection is retired after this silence: two hours of keep-alive interval would hold too much.
pub const TCP_IDLE_NANOS: u64 = 900 * NANOS_PER_SECOND;
/// How often a TCP connection is looked at, so that one that closes is soon retired: a million of them, 1 % of a
/// processor at 300 ns each.
pub const TCP_LOOK_NANOS: u64 = 30 * NANOS_PER_SECOND;
/// Any other conversation is retired after this silence (RFC 4787 REQ-5: not less than two minutes).
pub const OTHER_IDLE_NANOS: u64 = 120 * NANOS_PER_SECOND;

/// Segments in flight that are listed for each direction of a TCP connection, as Wireshark does: a window of 16 MB in
/// full frames. What is sent beyond it, or never acknowledged where the other direction is not seen, is judged all the
/// same; only its round trip stays unknown.
pub const FLIGHT: u16 = 10_000;
/// Chunks of three segments in flight that all connections of a table share: 32 MB, more than a second's worth of full
/// frames at 10 Gbit/s.
pub const FLIGHT_CHUNKS: u32 = 1 << 19;
/// Segments in flight that a direction may list while more than half of the chunks are in use, so that a few directions
/// whose acknowledgements are not seen do not take them all.
pub const FLIGHT_WHEN_SCARCE: u16 = 64;
/// Segments that acknowledgements may look at in lists out of order, all together, before such a list is forgotten:
/// some 50 ms of work, and more than a thousand acknowledgements in the middle of the longest list.
pub const FLIGHT_STEPS: u32 = 1 << 24;
/// How many of them each acknowledgement gives back, so that a sender who mixes his segments on purpose costs no more.
pub const FLIGHT_STEPS_EACH: u32 = 64;

/// Sent again this soon after the other end spoke, a segment whose acknowledgement was doubled was sent again because
/// of that (Wireshark's limit).
pub const FAST_NANOS: u64 = 20_000_000;
/// A segment that comes this soon after one behind it was reordered on its way, where the handshake's round trip is not
/// known (Wireshark's limit).
pub const REORDERED_NANOS: u64 = 3_000_000;
