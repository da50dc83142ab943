use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::Name;

/// What a flow's application was told by, in order of strength (METRICS.md "Application").
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum EvidenceKind {
    /// A rule of the user.
    Rule,
    /// The server's name in the hello of TLS or DTLS.
    TlsSni,
    /// The server's name in the hello of QUIC.
    QuicSni,
    /// The host that an HTTP/1 request asks for.
    HttpHost,
    /// A DNS answer that gave the server's address to the client.
    Dns,
    /// The protocol itself.
    Signature,
    /// The server's address lies in a range that its owner publishes.
    AddressRange,
    /// The server's port.
    Port,
    /// Nothing: the application is not known.
    #[default]
    None,
}

/// What decided a flow's application.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct Evidence {
    /// Its kind.
    pub kind: EvidenceKind,
    /// What was seen: a host name, a protocol, an address range, a port; `None` without evidence.
    pub value: Option<String>,
    /// When it was learned, RFC 3339 in UTC; `None` where it has no time, as an address has none.
    pub learned_at: Option<String>,
}

/// One thing known of who a flow is with.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct EvidenceLink {
    /// What was seen, and when.
    #[serde(flatten)]
    pub evidence: Evidence,
    /// The application that it speaks for; `None` where neither the catalogue nor a rule knows it.
    pub app: Option<Name>,
    /// The entry of the catalogue or of the user's rules that fits: a domain, an address range, a port.
    pub rule: Option<String>,
    /// What it is worth.
    pub verdict: EvidenceVerdict,
}

/// What one thing known of a flow is worth.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum EvidenceVerdict {
    /// It decides.
    Decides,
    /// Something stronger decides, and says the same.
    Agrees,
    /// Something stronger decides, and says otherwise.
    Overruled,
    /// It names a network that carries others' services, and something names the service.
    OnlyCarrier,
    /// No entry of the catalogue fits.
    NotInCatalogue,
}

/// What is known of a flow's TLS, QUIC or DTLS from its hellos.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, TS)]
pub struct FlowTls {
    /// The version that the server chose, else the highest that the client offers.
    pub version: Option<Name>,
    /// The cipher suite that the server chose.
    pub cipher: Option<Name>,
    /// Whether both go on with what they agreed on before; `None` where the hellos do not tell.
    pub resumed: Option<bool>,
    /// From the client's hello to the end of the handshake, in milliseconds; `None` where either was not seen, and for
    /// QUIC and DTLS.
    pub handshake_ms: Option<f64>,
    /// The application protocols that the client offers, in its order.
    pub alpn: Vec<String>,
    /// The groups for the key exchange that the client offers, in its order.
    pub groups: Vec<Name>,
    /// Whether the hello has an encrypted one inside, so that its name may be that of a front (RFC 9849).
    pub encrypted_hello: bool,
    /// The JA3 fingerprint, 32 hexadecimal digits; `None` for gQUIC.
    pub ja3: Option<String>,
    /// The JA4 fingerprint; `None` for gQUIC.
    pub ja4: Option<String>,
}

/// How much an application has moved.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, TS)]
pub struct App {
    /// Its name.
    pub app: Name,
    /// What kind of application it is.
    pub category: Name,
    /// Counts its flows, ended ones too.
    pub flows: u64,
    /// Counts its packets.
    pub packets: u64,
    /// Sums their lengths on the wire, in bytes.
    pub bytes: u64,
    /// What told it, and for how many of the flows, the commonest first.
    pub told_by: Vec<ToldBy>,
}

/// How many flows something told the application of.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct ToldBy {
    /// What.
    pub kind: EvidenceKind,
    /// For how many.
    pub flows: u64,
}

/// How much could be said of no application.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct Unlabelled {
    /// Counts the flows.
    pub flows: u64,
    /// Counts their packets, and those that belong to no flow.
    pub packets: u64,
    /// Sums their lengths on the wire, in bytes.
    pub bytes: u64,
}

/// An application's part in what one address sent and received.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct HostApp {
    /// Its name.
    pub app: Name,
    /// Sums its lengths on the wire to and from the address, in bytes.
    pub bytes: u64,
}

/// A rule of the user: what fits it is this application, whatever else is known.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct AppRule {
    /// The application's name: one of the catalogue or any other.
    pub app: String,
    /// What fits: a domain (`example.org`, and all below it), an address or range (`192.0.2.0/24`), or a server's port
    /// (`tcp/8080`, `udp/5004`).
    #[serde(rename = "match")]
    pub matches: String,
    /// What kind of application it is; `None` for that of the catalogue, else Other.
    #[serde(default)]
    pub category: Option<String>,
}
