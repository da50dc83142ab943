//! The server's hello.

use super::{Cut, Extensions, SessionId, extension, is_like_tls_13};
use crate::Wire;

const DTLS_13: u16 = 0xfefc;
const RANDOM_LEN: usize = 32;
/// The random of a hello that asks the client for another one: SHA-256 of `HelloRetryRequest` (RFC 8446 section 4.1.3).
const RETRY_RANDOM: [u8; RANDOM_LEN] = [
    0xcf, 0x21, 0xad, 0x74, 0xe5, 0x9a, 0x61, 0x11, 0xbe, 0x1d, 0x8c, 0x02, 0x1e, 0x65, 0xb8, 0x91, 0xc2,
    0xa2, 0x11, 0x16, 0x7a, 0xbb, 0x8c, 0x5e, 0x07, 0x9e, 0x09, 0xe2, 0xc8, 0xa8, 0x33, 0x9c,
];

/// The first message of a server: what it chose. DTLS's is laid out as TLS's is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ServerHello {
    /// The version that it chose, as on the wire.
    pub version: u16,
    /// The cipher suite that it chose, as on the wire.
    pub cipher_suite: u16,
    /// The session's name; the client's where both go on with one. Since TLS 1.3 it is always the client's.
    pub session_id: SessionId,
    /// Whether it takes up keys agreed on before (RFC 8446 section 4.2.11).
    pub has_pre_shared_key: bool,
    /// Whether all of its extensions are there.
    pub is_whole: bool,
    /// Whether it asks the client for another hello instead (`HelloRetryRequest`).
    pub is_retry: bool,
}

impl ServerHello {
    /// Tells whether both go on with what they agreed on before; none where that takes the client's hello to tell, or the
    /// capture cut this one.
    pub const fn is_resumed(&self) -> Option<bool> {
        match self.version {
            _ if !self.is_whole => None,
            DTLS_13 => Some(self.has_pre_shared_key),
            version if is_like_tls_13(version) => Some(self.has_pre_shared_key),
            _ => None,
        }
    }

    /// Reads the body of a handshake message, which may be cut behind the compression method.
    ///
    /// # Errors
    ///
    /// When it ends before that.
    pub fn parse(body: &[u8]) -> Result<Self, Cut> {
        Self::read(body).ok_or(Cut)
    }

    fn read(body: &[u8]) -> Option<Self> {
        let mut wire = Wire(body);
        let legacy_version = wire.be16()?;
        let is_retry = wire.array()? == RETRY_RANDOM;
        let session_id = SessionId::of(wire.short_piece()?);
        let cipher_suite = wire.be16()?;
        wire.byte()?;
        let len = usize::from(wire.be16().unwrap_or_default());
        let is_whole = len <= wire.0.len();
        let extensions = Extensions::new(wire.take_cut(len));
        let extension =
            |number| extensions.clone().find(|&(kind, _)| kind == number).map(|(_, content)| content);
        let chosen = extension(extension::SUPPORTED_VERSIONS);
        let version = chosen.and_then(|content| Wire(content).be16()).unwrap_or(legacy_version);
        let has_pre_shared_key = extension(extension::PRE_SHARED_KEY).is_some();
        Some(Self { version, cipher_suite, session_id, has_pre_shared_key, is_whole, is_retry })
    }
}
