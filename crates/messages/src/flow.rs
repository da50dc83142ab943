use std::fmt;
use std::net::IpAddr;

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::{Evidence, Name};

/// One conversation: a protocol, two addresses and two ports, both directions.
///
/// *Up* is from client to server, *down* the other way.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
pub struct Flow {
    /// Names the highest protocol recognised.
    pub protocol: Name,
    /// Names the protocol above IP.
    pub transport: Name,
    /// The side that began the conversation, as far as seen.
    pub client: IpAddr,
    /// The client's port; `None` where the protocol has no ports.
    pub client_port: Option<u16>,
    /// The side that was asked.
    pub server: IpAddr,
    /// The server's port; `None` where the protocol has no ports.
    pub server_port: Option<u16>,
    /// Holds the earliest packet time, RFC 3339 in UTC; `None` without a packet that has a stamp.
    pub first_seen: Option<String>,
    /// Holds the latest packet time, RFC 3339 in UTC; `None` without a packet that has a stamp.
    pub last_seen: Option<String>,
    /// Spans the latest less the earliest packet time, in seconds; `None` without a packet that has a stamp.
    pub duration_s: Option<f64>,
    /// How far a TCP connection has come; `None` for other transports.
    pub state: Option<FlowState>,
    /// Counts the packets from client to server.
    pub packets_up: u64,
    /// Counts the packets from server to client.
    pub packets_down: u64,
    /// Sums the wire lengths from client to server, in bytes.
    pub bytes_up: u64,
    /// Sums the wire lengths from server to client, in bytes.
    pub bytes_down: u64,
    /// Sums the application payload from client to server, each byte once.
    pub goodput_bytes_up: u64,
    /// Sums the application payload from server to client, each byte once.
    pub goodput_bytes_down: u64,
    /// Counts the ICMP and ICMPv6 errors that quoted a packet of it.
    pub icmp_errors: u64,
    /// Counts segments sent again, by name or by their bytes, for whatever reason; `None` for other transports than TCP.
    pub retransmissions: Option<u64>,
    /// The mean round trip to its far side, in milliseconds; to both where neither or each is local. `None` without a sample.
    pub rtt_ms_mean: Option<f64>,
    /// From SYN to the end of the handshake, in milliseconds; `None` where it was not seen.
    pub initial_rtt_ms: Option<f64>,
    /// Names the application; `None` where it is not known.
    pub app: Option<Name>,
    /// What kind of application it is; `None` where it is not known.
    pub category: Option<Name>,
    /// What the application was told by.
    pub evidence: Evidence,
    /// The best name of the server: from the hello, the request, or a DNS answer to the client. In lower case without a
    /// trailing dot.
    pub hostname: Option<String>,
    /// The server's name in the hello of TLS, QUIC or DTLS.
    pub sni: Option<String>,
    /// The application protocols that the hello offers, in its order, with commas between.
    pub alpn: Option<String>,
    /// The JA3 fingerprint of the hello, 32 hexadecimal digits; `None` for gQUIC.
    pub ja3: Option<String>,
    /// The JA4 fingerprint of the hello; `None` for gQUIC.
    pub ja4: Option<String>,
    /// Tells whether the conversation was recognised as encrypted.
    pub encrypted: bool,
}

/// The state of a TCP connection, as a reader of reports needs it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum FlowState {
    /// The handshake has begun and not ended.
    Opening,
    /// Both sides may send.
    Established,
    /// One side has said its last byte.
    Closing,
    /// Both sides have ended it in order.
    Closed,
    /// A reset ended it.
    Reset,
    /// A reset answered the first SYN.
    Refused,
    /// Nobody answered the SYN.
    TimedOut,
}

impl fmt::Display for FlowState {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Self::Opening => "opening",
            Self::Established => "established",
            Self::Closing => "closing",
            Self::Closed => "closed",
            Self::Reset => "reset",
            Self::Refused => "refused",
            Self::TimedOut => "timed out",
        })
    }
}
