//! The hellos of TLS (RFC 8446 section 4.1, RFC 5246 section 7.4.1), DTLS (RFC 6347 section 4.2) and QUIC (RFC 9001).
//!
//! A hello is read as far as it is there: what every hello has first, then extension by extension. Every loop is
//! bounded by the message.
//!
//! ```
//! use netsonde_dissect::hello::{ClientHello, Form};
//!
//! let mut hello = vec![3, 3]; // legacy version TLS 1.2
//! hello.extend([7; 32]); // random
//! hello.extend([0, 0, 2, 0x13, 0x01, 1, 0]); // no session, one cipher suite, no compression
//! hello.extend([0, 10, 0, 0, 0, 6, 0, 4, 0, 0, 1, b'a']); // the server's name is `a`
//! let hello = ClientHello::parse(&hello, Form::Stream)?;
//! assert_eq!(hello.server_name(), Some(&b"a"[..]));
//! assert!(hello.cipher_suites().eq([0x1301]));
//! # Ok::<(), netsonde_dissect::hello::Cut>(())
//! ```

mod client;
mod lists;
mod message;
mod server;
mod session_id;

use std::fmt;

pub use client::ClientHello;
pub use lists::{Extensions, Pieces, Words};
pub use message::{FragmentHeader, MessageHeader, RecordHeader};
pub use server::ServerHello;
pub use session_id::SessionId;

/// A message that ends before what every hello has: cut by the capture, or wrong.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Cut;

impl fmt::Display for Cut {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("hello ends early")
    }
}

impl std::error::Error for Cut {}

/// What a hello travels in, which says how it is laid out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Form {
    /// A stream: TLS and QUIC.
    Stream,
    /// Datagrams: DTLS, whose client repeats a cookie (RFC 6347 section 4.2.1).
    Datagram,
}

/// Tells whether a number is one of those that exist to be ignored (RFC 8701): both bytes the same, and `a` at the end.
pub const fn is_grease(value: u16) -> bool {
    let [high, low] = value.to_be_bytes();
    high == low && low & 0x0f == 0x0a
}

/// Tells whether a version of TLS is 1.3, or one of its drafts: those of RFC 8446, and those that Facebook numbered itself.
pub const fn is_like_tls_13(version: u16) -> bool {
    matches!(version, 0x0304 | 0x7f00..=0x7fff | 0xfb00..=0xfbff)
}

/// Extensions by their number (IANA TLS `ExtensionType` values).
pub mod extension {
    /// The server's name (RFC 6066 section 3).
    pub const SERVER_NAME: u16 = 0;
    /// Groups for the key exchange (RFC 8422 section 5.1.1, RFC 8446 section 4.2.7).
    pub const GROUPS: u16 = 10;
    /// Forms that points of a curve are written in (RFC 8422 section 5.1.2).
    pub const POINT_FORMATS: u16 = 11;
    /// Signature algorithms (RFC 8446 section 4.2.3).
    pub const SIGNATURE_ALGORITHMS: u16 = 13;
    /// Application protocols (RFC 7301).
    pub const PROTOCOLS: u16 = 16;
    /// Keys agreed on before (RFC 8446 section 4.2.11).
    pub const PRE_SHARED_KEY: u16 = 41;
    /// Data before the handshake ends (RFC 8446 section 4.2.10).
    pub const EARLY_DATA: u16 = 42;
    /// Versions (RFC 8446 section 4.2.1).
    pub const SUPPORTED_VERSIONS: u16 = 43;
    /// An encrypted hello (RFC 9849).
    pub const ENCRYPTED_HELLO: u16 = 0xfe0d;
}

#[cfg(test)]
mod tests;
