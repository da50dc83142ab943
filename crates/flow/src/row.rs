//! What the table tells about one conversation.

use std::net::IpAddr;

use netsonde_dissect::Protocol;
use netsonde_units::{Timestamp, Volume};

use crate::{DelaySums, FlowKey, Side, State, TcpRow};

/// Which conversation a row is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct FlowId {
    /// Its place in the table; used again after its end.
    pub slot: u32,
    /// Its number in order of first packets, from 0; never used again.
    pub serial: u64,
}

/// What one end of a conversation has sent.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Sent {
    /// Packets and bytes on the wire.
    pub volume: Volume,
    /// Application bytes, each once (METRICS.md "Goodput").
    pub goodput_bytes: u64,
}

/// One conversation as it stands: all counters since its first packet.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct FlowRow {
    /// Which conversation.
    pub id: FlowId,
    /// Its addresses and ports.
    pub key: FlowKey,
    /// Which end asked: sent the SYN, else uses the less likely service port, else spoke first.
    pub client: Side,
    /// When its first packet with a stamp was seen; the epoch where none had one.
    pub first_seen: Timestamp,
    /// When its latest packet was seen.
    pub last_seen: Timestamp,
    /// What the client sent.
    pub up: Sent,
    /// What the server sent.
    pub down: Sent,
    /// Highest protocol recognised.
    pub protocol: Protocol,
    /// Its transport, or the IP protocol where there is none.
    pub transport: Protocol,
    /// Where a TCP connection stands; none for other conversations.
    pub state: Option<State>,
    /// Whether the record has ended: retired after silence, evicted, or its ports taken by a new connection.
    pub ended: bool,
    /// ICMP errors that quoted it.
    pub icmp_errors: u16,
    /// Whether one of them said that an end cannot be reached.
    pub is_unreachable: bool,
    /// What is known of its connection.
    pub connection: ConnectionRow,
}

/// What a conversation's own protocol says of it; one has but one of them.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum ConnectionRow {
    /// Nothing: it is another protocol's, or there was no room to follow it.
    #[default]
    None,
    /// What TCP's analysis says.
    Tcp(TcpRow),
    /// What the packets of QUIC show.
    Quic(QuicRow),
}

/// What the packets of a connection of QUIC show (METRICS.md "DNS, QUIC, ICMP").
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct QuicRow {
    /// Its version, as on the wire; none where no long header was seen.
    pub version: Option<u32>,
    /// From the client's first Initial to the server's first packet, in nanoseconds.
    pub handshake_nanos: Option<u64>,
    /// Its round trips by the spin bit.
    pub spin: DelaySums,
    /// Whether the server asked the client to prove its address (Retry, RFC 9000 section 8.1.2).
    pub retried: bool,
    /// The serial number of the conversation that it went on from, on other ports or addresses.
    pub migrated_from: Option<u64>,
}

/// Rows cross to the session by the hundred thousand; this keeps them narrow.
const _: () = assert!(size_of::<FlowRow>() <= 320);

impl FlowRow {
    /// Returns what TCP's analysis says of it; none for other transports.
    pub const fn tcp(&self) -> Option<&TcpRow> {
        match &self.connection {
            ConnectionRow::Tcp(row) => Some(row),
            ConnectionRow::None | ConnectionRow::Quic(_) => None,
        }
    }

    /// Returns what the packets of QUIC show of it; none for other protocols, Google's QUIC of before among them.
    pub const fn quic(&self) -> Option<&QuicRow> {
        match &self.connection {
            ConnectionRow::Quic(row) => Some(row),
            ConnectionRow::None | ConnectionRow::Tcp(_) => None,
        }
    }

    /// Returns the address of the end that asked.
    pub fn client_address(&self) -> IpAddr {
        self.key.address(self.client)
    }

    /// Returns the address of the end that was asked.
    pub fn server_address(&self) -> IpAddr {
        self.key.address(self.client.other())
    }

    /// Returns everything both ends have sent.
    pub fn volume(&self) -> Volume {
        self.up.volume + self.down.volume
    }
}
