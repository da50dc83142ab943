//! What the table tells about one conversation.

use std::net::IpAddr;

use netsonde_dissect::Protocol;
use netsonde_units::{Timestamp, Volume};

use crate::{FlowKey, Side, State, TcpRow};

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
    /// What TCP's analysis says of it; none for other transports.
    pub tcp: Option<TcpRow>,
}

/// Rows cross to the session by the hundred thousand; this keeps them narrow.
const _: () = assert!(size_of::<FlowRow>() <= 320);

impl FlowRow {
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
