//! The keys of Initial packets (RFC 9001 section 5, RFC 9369 section 3.3), which everybody can make.

use std::fmt;
use std::ops::Range;

use netsonde_dissect::quic::{Packet, Version};
use ring::{aead, hkdf};

/// Who protected a packet.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Peer {
    Client,
    Server,
}

/// The sample for header protection begins where a packet number of four bytes would end, and is as long as a block of
/// AES (RFC 9001 section 5.4.2).
const SAMPLE_AT: usize = 4;
const SAMPLE_LEN: usize = 16;
/// Bits of the first byte that are protected in a long header, and those of them that tell how long the packet number is.
const PROTECTED_BITS: u8 = 0x0f;
const NUMBER_LEN_BITS: u8 = 0x03;

type Salt = [u8; 20];

/// RFC 9001 section 5.2.
const SALT_1: Salt = *b"\x38\x76\x2c\xf7\xf5\x59\x34\xb3\x4d\x17\x9a\xe6\xa4\xc8\x0c\xad\xcc\xbb\x7f\x0a";
/// RFC 9369 section 3.3.1.
const SALT_2: Salt = *b"\x0d\xed\xe3\xde\xf7\x00\xa6\xdb\x81\x93\x81\xbe\x6e\x26\x9d\xcb\xf9\xbd\x2e\xd9";
/// draft-ietf-quic-tls-29 section 5.2.
const SALT_DRAFT_29: Salt =
    *b"\xaf\xbf\xec\x28\x99\x93\xd2\x4c\x9e\x97\x86\xf1\x9c\x61\x11\xe0\x43\x90\xa8\x99";
/// draft-ietf-quic-tls-23 section 5.2.
const SALT_DRAFT_23: Salt =
    *b"\xc3\xee\xf7\x12\xc7\x2e\xbb\x5a\x11\xa7\xd2\x43\x2b\xb4\x63\x65\xbe\xf9\xf5\x02";
/// draft-ietf-quic-tls-22 section 5.2.
const SALT_DRAFT_22: Salt =
    *b"\x7f\xbc\xdb\x0e\x7c\x66\xbb\xe9\x19\x3a\x96\xcd\x21\x51\x9e\xbd\x7a\x02\x64\x4a";
/// Google's own.
const SALT_Q050: Salt = *b"\x50\x45\x74\xef\xd0\x66\xfe\x2f\x9d\x94\x5c\xfc\xdb\xd3\xa7\xf0\xd3\xb5\x6b\x45";
const SALT_T050: Salt = *b"\x7f\xf5\x79\xe5\xac\xd0\x72\x91\x55\x80\x30\x4c\x43\xa2\x36\x7c\x60\x48\x83\x10";
const SALT_T051: Salt = *b"\x7a\x4e\xde\xf4\xe7\xcc\xee\x5f\xa4\x50\x6c\x19\x12\x4f\xc8\xcc\xda\x6e\x03\x3d";

/// Returns the salt of a version; none where nobody knows it.
fn salt_of(version: Version) -> Option<&'static Salt> {
    Some(match version {
        Version::ONE => &SALT_1,
        Version::TWO => &SALT_2,
        Version::Q050 => &SALT_Q050,
        Version::T050 => &SALT_T050,
        Version::T051 => &SALT_T051,
        // What is sent to provoke negotiation is protected like a version that there is.
        _ if version.is_greased() => &SALT_1,
        _ => match version.draft()? {
            22 => &SALT_DRAFT_22,
            23..=28 => &SALT_DRAFT_23,
            29..=32 => &SALT_DRAFT_29,
            33.. => &SALT_1,
            _ => return None,
        },
    })
}

/// Room to open packets in, used again and again.
#[derive(Debug, Default)]
pub(super) struct Room {
    bytes: Vec<u8>,
    opened: Range<usize>,
}

impl Room {
    /// Returns what was inside the packet that was opened last.
    pub(super) fn opened(&self) -> &[u8] {
        self.bytes.get(self.opened.clone()).unwrap_or_default()
    }
}

/// The keys of one peer's Initial packets.
pub(super) struct Keys {
    content: aead::LessSafeKey,
    vector: [u8; aead::NONCE_LEN],
    header: aead::quic::HeaderProtectionKey,
}

impl fmt::Debug for Keys {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Keys").field("vector", &self.vector).finish_non_exhaustive()
    }
}

impl Keys {
    /// Makes the keys from the identifier that the client sent its first Initial to; none for a version whose salt
    /// nobody knows.
    pub(super) fn derive(version: Version, destination: &[u8], peer: Peer) -> Option<Self> {
        let initial = hkdf::Salt::new(hkdf::HKDF_SHA256, salt_of(version)?).extract(destination);
        let label: &[u8] = match peer {
            Peer::Client => b"client in",
            Peer::Server => b"server in",
        };
        let secret: [u8; 32] = expand(&initial, label)?;
        let secret = hkdf::Prk::new_less_safe(hkdf::HKDF_SHA256, &secret);
        let [key, vector, header]: [&[u8]; 3] = match version {
            Version::TWO => [b"quicv2 key", b"quicv2 iv", b"quicv2 hp"],
            _ => [b"quic key", b"quic iv", b"quic hp"],
        };
        let key: [u8; 16] = expand(&secret, key)?;
        let header: [u8; 16] = expand(&secret, header)?;
        Some(Self {
            content: aead::LessSafeKey::new(aead::UnboundKey::new(&aead::AES_128_GCM, &key).ok()?),
            vector: expand(&secret, vector)?,
            header: aead::quic::HeaderProtectionKey::new(&aead::quic::AES_128, &header).ok()?,
        })
    }

    /// Opens a packet into `room`; none where these are not its keys, or some of it is missing.
    pub(super) fn open(&self, packet: &Packet<'_>, room: &mut Room) -> Option<()> {
        let Room { bytes: room, opened } = room;
        let sample = packet.behind.get(SAMPLE_AT..SAMPLE_AT + SAMPLE_LEN)?;
        let [first_mask, number_mask @ ..] = self.header.new_mask(sample).ok()?;
        room.clear();
        room.extend_from_slice(packet.header);
        room.extend_from_slice(packet.behind);
        let first = room.first_mut()?;
        *first ^= first_mask & PROTECTED_BITS;
        let number_len = usize::from(*first & NUMBER_LEN_BITS) + 1;
        let mut number = [0; 4];
        let masked = room.iter_mut().skip(packet.header.len()).zip(number_mask).take(number_len);
        for (byte, mask) in masked {
            *byte ^= mask;
            number.rotate_left(1);
            number[3] = *byte;
        }
        let header_len = packet.header.len() + number_len;
        let (header, content) = room.split_at_mut_checked(header_len)?;
        let nonce = aead::Nonce::assume_unique_for_key(self.nonce(number));
        let len = self.content.open_in_place(nonce, aead::Aad::from(header), content).ok()?.len();
        *opened = header_len..header_len + len;
        Some(())
    }

    /// Combines the vector with a packet number (RFC 9001 section 5.3). A hello is among the first packets, whose numbers
    /// are written in full.
    fn nonce(&self, number: [u8; 4]) -> [u8; aead::NONCE_LEN] {
        let mut nonce = self.vector;
        for (byte, number) in nonce.iter_mut().rev().zip(number.iter().rev()) {
            *byte ^= number;
        }
        nonce
    }
}

/// A length that `ring` asks for by type.
#[derive(Clone, Copy)]
struct Len(usize);

impl hkdf::KeyType for Len {
    fn len(&self) -> usize {
        self.0
    }
}

/// Expands a secret by a label of TLS 1.3, without context (RFC 8446 section 7.1).
fn expand<const LEN: usize>(secret: &hkdf::Prk, label: &[u8]) -> Option<[u8; LEN]> {
    const PREFIX: &[u8] = b"tls13 ";
    let len = u16::try_from(LEN).ok()?.to_be_bytes();
    let label_len = u8::try_from(PREFIX.len() + label.len()).ok()?;
    let mut expanded = [0; LEN];
    secret.expand(&[&len, &[label_len], PREFIX, label, &[0]], Len(LEN)).ok()?.fill(&mut expanded).ok()?;
    Some(expanded)
}

#[cfg(test)]
mod tests;
