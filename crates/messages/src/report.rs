use std::collections::BTreeMap;
use std::net::IpAddr;

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::{
    App, Call, Capture, DnsCounts, Fact, Finding, HostApp, HostName, IcmpCounts, IgmpCounts, Local, Name,
    Place, PlaceDoubt, Places, ProtocolRates, QuicCounts, RtpReport, Scope, TcpCounts, Throughput, TlsCounts,
    Unlabelled,
};

/// The version of [`Report`]: it changes only when a field is taken away or changes its meaning.
pub const SCHEMA: u32 = 1;

/// Everything measured of one capture.
///
/// `F` is the list of flows: `Vec<Flow>` where a report is read, a streaming view where one is written, so
/// that a capture of millions of conversations is never held as one list.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
pub struct Report<F> {
    /// Holds the version, [`SCHEMA`].
    pub schema: u32,
    /// Says what was read and what is missing from it.
    pub capture: Capture,
    /// Tells which addresses counted as local.
    pub local: Local,
    /// Holds the volume of each direction.
    pub totals: Totals,
    /// Holds the rates of each direction.
    pub throughput: Throughput,
    /// Holds inclusive volume and rates by protocol: a TLS packet counts in `IPv4`, `TCP` and `TLS`.
    ///
    /// Keys: `TCP`, `UDP`, `RTP`, `QUIC`, `DNS`, `TLS`, `IGMP`, `ICMP`, `IPv4`, `IPv6`.
    pub protocol_rates: BTreeMap<Name, ProtocolRates>,
    /// Folds the protocols into eight classes.
    pub protocol_distribution: ProtocolDistribution,
    /// Lists the highest protocols recognised, largest first; they sum to the total.
    pub protocols: Vec<Protocol>,
    /// Splits the packets by outermost network header.
    pub ip_composition: IpComposition,
    /// Splits the packets by whether their flow is encrypted.
    pub encryption_composition: EncryptionComposition,
    /// Counts what TCP did.
    pub tcp: TcpCounts,
    /// Counts what UDP did.
    pub udp: UdpCounts,
    /// Adds up and lists the streams of RTP.
    pub rtp: RtpReport,
    /// Lists the calls in order of their beginnings.
    pub calls: Vec<Call>,
    /// Counts the calls left out of `calls`.
    pub calls_omitted: u64,
    /// Counts what QUIC did.
    pub quic: QuicCounts,
    /// Counts what TLS did.
    pub tls: TlsCounts,
    /// Counts what DNS did.
    pub dns: DnsCounts,
    /// Counts what ICMP did.
    pub icmp: IcmpCounts,
    /// Counts what IGMP and multicast listener discovery did.
    pub igmp: IgmpCounts,
    /// Lists what is wrong or worth knowing, the most severe first.
    pub findings: Vec<Finding>,
    /// Lists the facts that the findings stand on.
    pub facts: Vec<Fact>,
    /// Lists the flows in order of first packet.
    pub flows: F,
    /// Counts the flows left out of `flows`.
    pub flows_omitted: u64,
    /// Tells how full the flow table is and what it gave up.
    pub flow_table: FlowTable,
    /// Lists the hosts, largest first.
    pub hosts: Vec<Host>,
    /// Counts the hosts left out of `hosts`.
    pub hosts_omitted: u64,
    /// Tells where hosts are.
    pub places: Places,
    /// Lists the applications, largest first.
    pub apps: Vec<App>,
    /// Counts what could be said of no application; with the applications it sums to the whole capture.
    pub apps_unlabelled: Unlabelled,
    /// Lists the directed pairs with the most bytes, largest first.
    pub top_talkers: Vec<TopTalker>,
    /// Sums the pairs that the capped talker table gave up.
    pub top_talkers_evicted: Volume,
}

/// Holds the volume of each direction; the four sum to the whole capture.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct Totals {
    /// Local destination, source not local.
    pub inbound: DirectionTotal,
    /// Local source, destination not local.
    pub outbound: DirectionTotal,
    /// Both ends local.
    pub internal: DirectionTotal,
    /// Neither end local.
    pub transit: DirectionTotal,
}

/// The volume of one direction.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct DirectionTotal {
    /// Counts the packets.
    pub packets: u64,
    /// Sums the wire lengths, in bytes.
    pub bytes: u64,
    /// Sums the application payload, each byte once.
    pub goodput_bytes: u64,
}

/// A number of packets and their bytes on the wire.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct Volume {
    /// Counts the packets.
    pub packets: u64,
    /// Sums the wire lengths, in bytes.
    pub bytes: u64,
}

/// Folds all protocols into eight classes; the eight sum to the whole capture.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct ProtocolDistribution {
    /// TCP with nothing recognised above it.
    #[serde(rename = "TCP")]
    pub tcp: Volume,
    /// UDP with nothing recognised above it.
    #[serde(rename = "UDP")]
    pub udp: Volume,
    /// RTP and SRTP.
    #[serde(rename = "RTP")]
    pub rtp: Volume,
    /// TLS and DTLS.
    #[serde(rename = "TLS")]
    pub tls: Volume,
    /// QUIC and HTTP/3.
    #[serde(rename = "QUIC")]
    pub quic: Volume,
    /// DNS over UDP or TCP.
    #[serde(rename = "DNS")]
    pub dns: Volume,
    /// IGMP.
    #[serde(rename = "IGMP")]
    pub igmp: Volume,
    /// Everything else.
    #[serde(rename = "Others")]
    pub others: Volume,
}

/// The volume of one protocol.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct Protocol {
    /// Names the protocol.
    pub name: Name,
    /// Counts the packets.
    pub packets: u64,
    /// Sums the wire lengths, in bytes.
    pub bytes: u64,
}

/// Splits the packets by outermost network header.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize, TS)]
pub struct IpComposition {
    /// Counts IPv4 packets.
    pub ipv4_packets: u64,
    /// Counts IPv6 packets.
    pub ipv6_packets: u64,
    /// Counts packets that are neither.
    pub other_packets: u64,
    /// Sums the wire lengths of IPv4 packets, in bytes.
    pub ipv4_bytes: u64,
    /// Sums the wire lengths of IPv6 packets, in bytes.
    pub ipv6_bytes: u64,
    /// Sums the wire lengths of the other packets, in bytes.
    pub other_bytes: u64,
    /// The share of IPv4 in IPv4 and IPv6 packets, 0 to 100; `None` without either.
    pub ipv4_percentage: Option<f64>,
    /// The share of IPv6 in IPv4 and IPv6 packets, 0 to 100; `None` without either.
    pub ipv6_percentage: Option<f64>,
}

/// Splits the packets by whether their flow was recognised as encrypted.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize, TS)]
pub struct EncryptionComposition {
    /// Counts the packets of encrypted flows.
    pub encrypted_packets: u64,
    /// Counts all other packets.
    pub unencrypted_packets: u64,
    /// Sums the wire lengths of encrypted flows, in bytes.
    pub encrypted_bytes: u64,
    /// Sums the wire lengths of all other packets, in bytes.
    pub unencrypted_bytes: u64,
    /// The share of encrypted packets, 0 to 100; `None` without a packet.
    pub encrypted_percentage: Option<f64>,
}

/// Counts what UDP did over the whole capture.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct UdpCounts {
    /// Counts conversations; silence never splits one.
    pub conversations: u64,
    /// Counts packets.
    pub packets: u64,
}

/// Tells how full the flow table is and what it gave up to stay bounded.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct FlowTable {
    /// Counts the flows in the table.
    pub flows_open: u64,
    /// Counts flows removed early because the table was full.
    pub evicted: u64,
    /// Counts evicted flows that spoke again.
    pub resumed: u64,
    /// The largest number of flows the table holds.
    pub cap: u64,
    /// Counts what packets taught (an ICMP error that quotes another flow, a name, a hello) and was dropped for want of room.
    pub facts_dropped: u64,
    /// Counts gaps in TCP streams that were forgotten for want of room; bytes that fill them are no goodput.
    pub gaps_forgotten: u64,
    /// Counts TCP segments whose acknowledgement was not waited for, for want of room; their round trips are unknown.
    pub segments_forgotten: u64,
    /// Counts datagrams in fragments that were put together.
    pub datagrams_reassembled: u64,
    /// Counts datagrams whose fragments did not all come in time, contradicted each other or had no room.
    pub datagrams_given_up: u64,
}

/// One address: what went to and from it, where it is and what it is called.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
pub struct Host {
    /// The address.
    pub address: IpAddr,
    /// Tells whether the address counted as local.
    pub local: bool,
    /// What it is by IANA's registries.
    pub scope: Scope,
    /// Its names, the most trusted first, at most 16.
    pub names: Vec<String>,
    /// The same, with who says so.
    pub named: Vec<HostName>,
    /// Where it is, and whose.
    #[serde(flatten)]
    pub place: Place,
    /// Why it is not there; `None` where nothing speaks against it.
    pub doubt: Option<PlaceDoubt>,
    /// Counts packets to the address.
    pub packets_in: u64,
    /// Counts packets from the address.
    pub packets_out: u64,
    /// Sums the wire lengths to the address, in bytes.
    pub bytes_in: u64,
    /// Sums the wire lengths from the address, in bytes.
    pub bytes_out: u64,
    /// Counts its flows.
    pub flows: u64,
    /// Segments sent again in its flows, by either end, except spurious ones.
    pub resent: u64,
    /// The highest protocols of its flows, in alphabetical order.
    pub protocols: Vec<Name>,
    /// The shortest round trip between here and the address, in milliseconds; `None` without a sample.
    pub rtt_ms: Option<f64>,
    /// When the first packet to or from it came, RFC 3339; `None` where none had a stamp.
    pub first_seen: Option<String>,
    /// When the latest did.
    pub last_seen: Option<String>,
    /// The applications with the most of its bytes, largest first, at most 3.
    pub apps: Vec<HostApp>,
}

impl Host {
    /// Returns an address that nothing went to or came from and of which nothing is known.
    pub const fn silent(address: IpAddr) -> Self {
        Self {
            address,
            local: false,
            scope: Scope::Global,
            names: Vec::new(),
            named: Vec::new(),
            place: Place::UNKNOWN,
            doubt: None,
            packets_in: 0,
            packets_out: 0,
            bytes_in: 0,
            bytes_out: 0,
            flows: 0,
            resent: 0,
            protocols: Vec::new(),
            rtt_ms: None,
            first_seen: None,
            last_seen: None,
            apps: Vec::new(),
        }
    }
}

/// The volume from one address to another.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct TopTalker {
    /// The sending address.
    pub source: IpAddr,
    /// Tells whether the sending address counted as local.
    pub source_local: bool,
    /// The receiving address.
    pub destination: IpAddr,
    /// Tells whether the receiving address counted as local.
    pub destination_local: bool,
    /// Counts the packets.
    pub packets: u64,
    /// Sums the wire lengths, in bytes.
    pub bytes: u64,
}
