//! What is true of a stream of packets, counted as each one is made and never read back from the output.
//!
//! Written as JSON beside a capture: `OUT.pcap` has `OUT.pcap.truth.json`.

pub mod judge;
pub mod stream;

use std::collections::BTreeMap;
use std::net::IpAddr;

use serde::Serialize;

pub use stream::{Jitter, Rtp};

/// A number of packets and their bytes on the wire.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Volume {
    /// Counts the packets.
    pub packets: u64,
    /// Sums the lengths of the frames, without their checksums, in bytes.
    pub bytes: u64,
}

impl Volume {
    /// Counts a packet of `len` bytes.
    pub fn add(&mut self, len: usize) {
        self.packets += 1;
        self.bytes += u64::try_from(len).unwrap_or_default();
    }
}

/// Everything counted.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Truth {
    /// All packets.
    #[serde(flatten)]
    pub total: Volume,
    /// When the first packet passed, in nanoseconds since the Unix epoch.
    pub first_nanos: Option<u64>,
    /// When the last packet passed, in nanoseconds since the Unix epoch.
    pub last_nanos: Option<u64>,
    /// Packets of IPv4.
    pub ipv4: Volume,
    /// Packets of IPv6.
    pub ipv6: Volume,
    /// Counts frames with at least one VLAN tag.
    pub vlan_packets: u64,
    /// Packets by the highest protocol that they carry, by the names of `netsonde`'s report; a segment of TCP
    /// without payload is TCP.
    pub protocols: BTreeMap<&'static str, Volume>,
    /// Packets of conversations that are encrypted above their transport, handshakes included, where at least one
    /// with data passed.
    pub encrypted: Volume,
    /// Packets by the kind of traffic that made them.
    pub classes: BTreeMap<&'static str, Volume>,
    /// TCP.
    pub tcp: Tcp,
    /// UDP.
    pub udp: Udp,
    /// Names asked for over UDP, not by multicast.
    pub dns: Dns,
    /// Counts messages of multicast DNS.
    pub mdns_messages: u64,
    /// Every `ClientHello` over TCP that passed as a whole, in order.
    pub tls_hellos: Vec<Hello>,
    /// Every `ClientHello` inside QUIC that passed as a whole, in order.
    pub quic_hellos: Vec<Hello>,
    /// Every stream of RTP, in order of its first packet.
    pub rtp: Vec<Rtp>,
    /// Counts packets of RTCP.
    pub rtcp_packets: u64,
    /// Signalling of calls.
    pub sip: Sip,
    /// Counts requests of HTTP that passed as a whole.
    pub http_requests: u64,
    /// ICMP and ICMPv6 together.
    pub icmp: Icmp,
    /// ARP.
    pub arp: Arp,
    /// Counts messages of IGMP.
    pub igmp_messages: u64,
    /// Counts packets of NTP.
    pub ntp_packets: u64,
    /// Counts messages of DHCP.
    pub dhcp_messages: u64,
}

/// Counts what TCP did.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Tcp {
    /// Counts packets.
    pub packets: u64,
    /// Counts conversations: a SYN with another initial number on the same addresses and ports begins a new one.
    pub connections: u64,
    /// Counts packets with payload.
    pub data_segments: u64,
    /// Counts packets with SYN, those of the answer included.
    pub syn: u64,
    /// Counts packets with FIN.
    pub fin: u64,
    /// Counts packets with RST.
    pub rst: u64,
    /// Counts connections of which a reset was seen after they had begun to be established.
    pub resets: u64,
    /// Counts connections whose SYN was answered by a reset.
    pub refused: u64,
    /// What Wireshark's rules call the packets that passed.
    pub judged: Judged,
    /// What was done to segments on purpose or by chance.
    pub simulated: Simulated,
}

/// Counts packets by what Wireshark's rules say of them.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
#[expect(missing_docs, reason = "the names are those of METRICS.md, which defines them")]
pub struct Judged {
    pub retransmission: u64,
    pub fast_retransmission: u64,
    pub spurious_retransmission: u64,
    pub out_of_order: u64,
    pub lost_segment: u64,
    pub ack_lost_segment: u64,
    pub duplicate_ack: u64,
    pub keep_alive: u64,
    pub keep_alive_ack: u64,
    pub zero_window: u64,
    pub zero_window_probe: u64,
    pub zero_window_probe_ack: u64,
    pub window_full: u64,
    pub window_update: u64,
    pub port_reused: u64,
}

impl Judged {
    /// Returns the segments sent again, of all three kinds.
    pub const fn sent_again(&self) -> u64 {
        self.retransmission + self.fast_retransmission + self.spurious_retransmission
    }
}

/// Counts what happened to segments on their way.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Simulated {
    /// Lost between the sender and the tap: seen once, late.
    pub lost_before_tap: u64,
    /// Lost between the tap and the receiver: seen twice.
    pub lost_behind_tap: u64,
    /// Overtaken by others before the tap.
    pub reordered: u64,
    /// Sent again though they had arrived.
    pub sent_again_needlessly: u64,
    /// Passed the tap and were not captured.
    pub missed_by_capture: u64,
    /// Sent again for whatever reason: data that may have passed the tap before, or been lost before it.
    pub sent_again: u64,
}

/// Counts what UDP did.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Udp {
    /// Counts packets, each fragment of a datagram too.
    pub packets: u64,
    /// Counts datagrams; one in fragments counts with its last.
    pub datagrams: u64,
    /// Counts pairs of addresses and ports, either direction.
    pub conversations: u64,
    /// Counts what Wireshark numbers as a stream: as `conversations`, but the two directions of media that SDP
    /// announced are two.
    pub streams: u64,
}

/// Counts questions and answers of DNS.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Dns {
    /// Counts questions.
    pub queries: u64,
    /// Counts answers.
    pub answers: u64,
    /// Counts questions that had no answer 5 s later, in captures that last so long.
    pub timeouts: u64,
    /// Counts answers by their code (RFC 1035 section 4.1.1).
    pub rcodes: BTreeMap<u8, u64>,
}

/// A `ClientHello`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Hello {
    /// Who sent it.
    pub client: IpAddr,
    /// From which port.
    pub client_port: u16,
    /// To whom.
    pub server: IpAddr,
    /// To which port.
    pub server_port: u16,
    /// The server's name it asks for.
    pub name: String,
    /// The protocols it offers, in its order.
    pub alpn: Vec<&'static str>,
    /// Whether it took more than one packet.
    pub split: bool,
}

/// Counts messages of SIP.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Sip {
    /// Requests by method.
    pub requests: BTreeMap<&'static str, u64>,
    /// Answers by status.
    pub answers: BTreeMap<u16, u64>,
}

/// Counts messages of ICMP and ICMPv6.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Icmp {
    /// Counts all messages.
    pub messages: u64,
    /// Counts echo requests.
    pub echo_requests: u64,
    /// Counts echo replies.
    pub echo_replies: u64,
    /// Counts errors about other packets.
    pub errors: u64,
}

/// Counts packets of ARP.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Arp {
    /// Counts requests.
    pub requests: u64,
    /// Counts replies.
    pub replies: u64,
}

/// What a packet means above its transport, to be counted when it passes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Note {
    /// A question of DNS.
    DnsQuery,
    /// An answer of DNS with its code.
    DnsAnswer(u8),
    /// Five seconds have passed since a question that has no answer.
    DnsTimeout,
    /// A message of multicast DNS.
    Mdns,
    /// A `ClientHello` over TCP.
    TlsHello(Box<Hello>),
    /// A `ClientHello` inside QUIC.
    QuicHello(Box<Hello>),
    /// A request of SIP.
    SipRequest(&'static str),
    /// An answer of SIP.
    SipAnswer(u16),
    /// A packet of RTCP.
    Rtcp,
    /// A request of HTTP.
    HttpRequest,
    /// An echo request.
    EchoRequest,
    /// An echo reply.
    EchoReply,
    /// An error about another packet.
    IcmpError,
    /// A packet of NTP.
    Ntp,
    /// A message of DHCP.
    Dhcp,
}

impl Truth {
    /// Counts what a packet means.
    pub fn note(&mut self, note: &Note) {
        match note {
            Note::DnsQuery => self.dns.queries += 1,
            Note::DnsAnswer(rcode) => {
                self.dns.answers += 1;
                *self.dns.rcodes.entry(*rcode).or_default() += 1;
            }
            Note::DnsTimeout => self.dns.timeouts += 1,
            Note::Mdns => self.mdns_messages += 1,
            Note::TlsHello(hello) => self.tls_hellos.push((**hello).clone()),
            Note::QuicHello(hello) => self.quic_hellos.push((**hello).clone()),
            Note::SipRequest(method) => *self.sip.requests.entry(method).or_default() += 1,
            Note::SipAnswer(status) => *self.sip.answers.entry(*status).or_default() += 1,
            Note::Rtcp => self.rtcp_packets += 1,
            Note::HttpRequest => self.http_requests += 1,
            Note::EchoRequest => self.icmp.echo_requests += 1,
            Note::EchoReply => self.icmp.echo_replies += 1,
            Note::IcmpError => self.icmp.errors += 1,
            Note::Ntp => self.ntp_packets += 1,
            Note::Dhcp => self.dhcp_messages += 1,
        }
    }
}
