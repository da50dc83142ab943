//! The versions of QUIC.

use super::PacketType;

/// A version, as on the wire.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Version(pub u32);

impl Version {
    /// No version: the packet lists those that a server speaks (RFC 8999 section 6).
    pub const NEGOTIATION: Self = Self(0);
    /// Version 1 (RFC 9000).
    pub const ONE: Self = Self(1);
    /// Version 2 (RFC 9369).
    pub const TWO: Self = Self(0x6b33_43cf);
    /// The last draft but one that was deployed widely (draft-ietf-quic-transport-29).
    pub const DRAFT_29: Self = Self(0xff00_001d);
    /// Google's last version with a handshake of its own.
    pub const Q050: Self = Self(u32::from_be_bytes(*b"Q050"));
    /// Google's first version with TLS.
    pub const T050: Self = Self(u32::from_be_bytes(*b"T050"));
    /// Google's second one.
    pub const T051: Self = Self(u32::from_be_bytes(*b"T051"));

    /// Returns the number of the working group's draft that it follows, 1 to 255; some large deployment's own
    /// numbers stand for drafts too.
    pub const fn draft(self) -> Option<u8> {
        match self.0 {
            0xface_b001 => Some(22),
            0xface_b000 | 0xface_b002..=0xface_b00f => Some(27),
            0xff00_0001..=0xff00_00ff => {
                let [_, _, _, draft] = self.0.to_be_bytes();
                Some(draft)
            }
            _ => None,
        }
    }

    /// Returns the number of a version of Google's own, 0 to 99.
    pub const fn google(self) -> Option<u8> {
        match self.0.to_be_bytes() {
            [b'Q', b'0', tens @ b'0'..=b'9', ones @ b'0'..=b'9'] => {
                Some(tens.wrapping_sub(b'0').wrapping_mul(10).wrapping_add(ones.wrapping_sub(b'0')))
            }
            _ => None,
        }
    }

    /// Tells whether it is one that nobody speaks, sent to provoke negotiation (RFC 9000 section 15).
    pub const fn is_greased(self) -> bool {
        self.0 & 0x0f0f_0f0f == 0x0a0a_0a0a
    }

    /// Tells whether its packets are laid out in a way that is known.
    pub fn is_known(self) -> bool {
        self == Self::TWO || self.is_like_version_1()
    }

    /// Tells whether its headers are Google's own: identifiers without lengths before them.
    pub const fn has_google_header(self) -> bool {
        matches!(self.google(), Some(0..50))
    }

    fn is_like_version_1(self) -> bool {
        matches!(self, Self::ONE | Self::Q050 | Self::T050 | Self::T051) || self.draft().is_some()
    }

    /// Reads the type bits of a long header, whose meaning version 2 has shifted (RFC 9369 section 3.2). A version that
    /// nobody speaks is taken for version 1, as those who send it mostly lay it out.
    pub(super) fn packet_type(self, first: u8) -> PacketType {
        let bits = match self {
            Self::NEGOTIATION => return PacketType::VersionNegotiation,
            Self::TWO => (first >> 4).wrapping_sub(1),
            _ if self.is_like_version_1() || self.is_greased() => first >> 4,
            _ => return PacketType::Unknown,
        };
        match bits & 3 {
            0 => PacketType::Initial,
            1 => PacketType::ZeroRtt,
            2 => PacketType::Handshake,
            _ => PacketType::Retry,
        }
    }
}
