//! The client's hello.

use super::{Cut, Extensions, Form, Pieces, SessionId, Words, extension, is_grease};
use crate::Wire;

const RANDOM_LEN: usize = 32;
const HOST_NAME: u8 = 0;
/// RFC 6066 section 3 allows one name of each type, and there is but one type.
const MAX_NAMES: usize = 8;

/// The first message of a client: what it offers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ClientHello<'a> {
    /// The version that it says it speaks to servers that read no extensions, as on the wire.
    pub legacy_version: u16,
    /// Whether all of its extensions are there.
    pub is_whole: bool,
    /// The session that it would go on with; since TLS 1.3 it means nothing (RFC 8446 section 4.1.2).
    pub session_id: SessionId,
    cipher_suites: &'a [u8],
    extensions: &'a [u8],
}

impl<'a> ClientHello<'a> {
    /// Reads the body of a handshake message, which may be cut behind the list of compression methods.
    ///
    /// # Errors
    ///
    /// When it ends before that.
    pub fn parse(body: &'a [u8], form: Form) -> Result<Self, Cut> {
        Self::read(body, form).ok_or(Cut)
    }

    fn read(body: &'a [u8], form: Form) -> Option<Self> {
        let mut wire = Wire(body);
        let legacy_version = wire.be16()?;
        wire.take(RANDOM_LEN)?;
        let session_id = SessionId::of(wire.short_piece()?);
        if form == Form::Datagram {
            wire.short_piece()?;
        }
        let cipher_suites = wire.long_piece()?;
        wire.short_piece()?;
        let len = usize::from(wire.be16().unwrap_or_default());
        let is_whole = len <= wire.0.len();
        let extensions = wire.take_cut(len);
        Some(Self { legacy_version, is_whole, session_id, cipher_suites, extensions })
    }

    /// Returns the cipher suites, in its order.
    pub const fn cipher_suites(&self) -> Words<'a> {
        Words(self.cipher_suites)
    }

    /// Returns the extensions, in its order.
    pub const fn extensions(&self) -> Extensions<'a> {
        Extensions::new(self.extensions)
    }

    /// Returns what is in the first extension of a number.
    pub fn extension(&self, number: u16) -> Option<&'a [u8]> {
        self.extensions().find(|&(kind, _)| kind == number).map(|(_, content)| content)
    }

    /// Returns the server's name as it is written (RFC 6066 section 3).
    pub fn server_name(&self) -> Option<&'a [u8]> {
        let mut names = Wire(Wire(self.extension(extension::SERVER_NAME)?).long_piece()?);
        let names = std::iter::from_fn(|| Some((names.byte()?, names.long_piece()?)));
        names.take(MAX_NAMES).find(|&(kind, _)| kind == HOST_NAME).map(|(_, name)| name)
    }

    /// Returns the application protocols, in its order (RFC 7301).
    pub fn protocols(&self) -> Pieces<'a> {
        Pieces(self.long_list(extension::PROTOCOLS))
    }

    /// Returns the versions that it offers where it lists them (RFC 8446 section 4.2.1).
    pub fn supported_versions(&self) -> Words<'a> {
        let content = self.extension(extension::SUPPORTED_VERSIONS).unwrap_or_default();
        Words(Wire(content).short_piece().unwrap_or_default())
    }

    /// Returns the groups for the key exchange, in its order (RFC 8446 section 4.2.7).
    pub fn groups(&self) -> Words<'a> {
        Words(self.long_list(extension::GROUPS))
    }

    /// Returns the forms of points of a curve, in its order (RFC 8422 section 5.1.2).
    pub fn point_formats(&self) -> &'a [u8] {
        let content = self.extension(extension::POINT_FORMATS).unwrap_or_default();
        Wire(content).short_piece().unwrap_or_default()
    }

    /// Returns the signature algorithms, in its order (RFC 8446 section 4.2.3).
    pub fn signature_algorithms(&self) -> Words<'a> {
        Words(self.long_list(extension::SIGNATURE_ALGORITHMS))
    }

    /// Tells whether an encrypted hello is inside, or what looks like one to all but the two ends (RFC 9849).
    pub fn has_encrypted_hello(&self) -> bool {
        self.extension(extension::ENCRYPTED_HELLO).is_some()
    }

    /// Tells whether it sends data before the handshake ends, as far as the server lets it (RFC 8446 section 4.2.10).
    pub fn has_early_data(&self) -> bool {
        self.extension(extension::EARLY_DATA).is_some()
    }

    /// Returns the highest version that it offers, as on the wire: of those that it lists, the numbers that exist to be
    /// ignored left out, else the one it begins with.
    pub fn highest_version(&self) -> u16 {
        let offered = self.supported_versions().filter(|&version| !is_grease(version));
        offered.max_by_key(|&version| rank(version)).unwrap_or(self.legacy_version)
    }

    fn long_list(&self, number: u16) -> &'a [u8] {
        let content = self.extension(number).unwrap_or_default();
        Wire(content).long_piece().unwrap_or_default()
    }
}

/// Returns where a version stands among others: drafts of TLS 1.3 between 1.2 and 1.3; those of DTLS, which count down
/// (RFC 9147 section 5.3), the other way round; what nobody standardised below all.
const fn rank(version: u16) -> (u16, u16) {
    match version {
        0x0300..=0x03ff => (version, 0),
        0x7f00..=0x7fff => (0x0303, version),
        0xfe00..=0xfeff => (!version, 0),
        _ => (0, version),
    }
}
