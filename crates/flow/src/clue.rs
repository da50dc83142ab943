//! What the first payloads of a conversation show of who it is with.

use std::sync::Arc;

use crate::Fingerprints;

/// Something that a conversation's own payload says of who it is with.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Clue {
    /// The client's hello.
    Client(Box<ClientHello>),
    /// The server's hello.
    Server(ServerHello),
    /// How long the handshake of TLS over TCP took, from the client's hello to its end, in nanoseconds.
    Handshake(u64),
    /// The host that an HTTP/1 request asks for: in lower case, escaped, without port and trailing dot (RFC 9110
    /// section 7.2).
    HttpHost(Arc<str>),
}

/// What a hello came over.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum HelloOver {
    /// TLS over TCP.
    Tls,
    /// QUIC.
    Quic,
    /// Google's QUIC of before, which has a hello of its own.
    GoogleQuic,
    /// DTLS.
    Dtls,
}

/// The first message of a client that wants to speak in secret (RFC 8446 section 4.1.2).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ClientHello {
    /// What it came over.
    pub over: HelloOver,
    /// The server's name (RFC 6066 section 3): in lower case, escaped, without trailing dot.
    pub server_name: Option<Arc<str>>,
    /// The application protocols that it offers, in its order, escaped (RFC 7301): the first 32, up to 128 bytes.
    pub alpn: Vec<Box<str>>,
    /// The highest version that it offers, as on the wire; 0 for Google's QUIC.
    pub version: u16,
    /// The groups for the key exchange that it offers, in its order, without GREASE (RFC 8701): the first 32.
    pub groups: Vec<u16>,
    /// Whether an encrypted hello is inside (RFC 9849); what looks like one to all but the two ends counts too.
    pub has_encrypted_hello: bool,
    /// Its fingerprints. None for Google's QUIC, and where the capture cut the hello.
    pub fingerprints: Option<Fingerprints>,
}

/// The answer to it (RFC 8446 section 4.1.3).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ServerHello {
    /// The version that it chose, as on the wire.
    pub version: u16,
    /// The cipher suite that it chose, as on the wire.
    pub cipher: u16,
    /// Whether both go on with what they agreed on before; none where the hellos do not tell.
    pub resumed: Option<bool>,
}
