//! Protection of Initial packets (RFC 9001 section 5), whose keys follow from the first connection identifier.

use ring::{aead, hkdf};

/// One of the two peers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Side {
    /// The one that connects.
    Client,
    /// The one that answers.
    Server,
}

impl Side {
    /// Returns the other peer.
    #[must_use]
    pub fn peer(self) -> Self {
        match self {
            Self::Client => Self::Server,
            Self::Server => Self::Client,
        }
    }

    fn label(self) -> &'static [u8] {
        match self {
            Self::Client => b"client in",
            Self::Server => b"server in",
        }
    }
}

/// The salt of version 1 (RFC 9001 section 5.2).
const SALT: [u8; 20] = [
    0x38, 0x76, 0x2c, 0xf7, 0xf5, 0x59, 0x34, 0xb3, 0x4d, 0x17, 0x9a, 0xe6, 0xa4, 0xc8, 0x0c, 0xad, 0xcc,
    0xbb, 0x7f, 0x0a,
];
const TAG_LEN: usize = 16;
/// The sample begins four bytes after the packet number does (RFC 9001 section 5.4.2).
const SAMPLE_OFFSET: usize = 4;

/// The keys of one side's Initial packets: AES-128-GCM for content, AES-128 for the header.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct InitialKeys {
    key: [u8; 16],
    iv: [u8; 12],
    header: [u8; 16],
}

impl InitialKeys {
    /// Derives the keys from the identifier that the client first sent to (RFC 9001 section 5.2).
    pub fn derive(original_id: &[u8], side: Side) -> Self {
        let initial = hkdf::Salt::new(hkdf::HKDF_SHA256, &SALT).extract(original_id);
        let secret: [u8; 32] = expand(&initial, side.label());
        let secret = hkdf::Prk::new_less_safe(hkdf::HKDF_SHA256, &secret);
        Self {
            key: expand(&secret, b"quic key"),
            iv: expand(&secret, b"quic iv"),
            header: expand(&secret, b"quic hp"),
        }
    }

    /// Returns the protected packet: header, encrypted content, tag.
    ///
    /// `header` ends with the packet number in `number_len` bytes; its length field counts the tag. Content
    /// that is too short to sample is padded before, by whoever writes the length.
    pub fn protect(&self, header: &[u8], number_len: usize, number: u64, content: &[u8]) -> Vec<u8> {
        let mut sealed = content.to_vec();
        let Ok(key) = aead::UnboundKey::new(&aead::AES_128_GCM, &self.key).map(aead::LessSafeKey::new) else {
            return Vec::new();
        };
        let nonce = aead::Nonce::assume_unique_for_key(self.nonce(number));
        if key.seal_in_place_append_tag(nonce, aead::Aad::from(header), &mut sealed).is_err() {
            return Vec::new();
        }
        let mut packet = [header, &sealed].concat();
        self.mask_header(&mut packet, header.len().saturating_sub(number_len), number_len);
        packet
    }

    /// The vector combined with the packet number (RFC 9001 section 5.3).
    fn nonce(&self, number: u64) -> [u8; 12] {
        let mut nonce = self.iv;
        for (byte, number) in nonce.iter_mut().rev().zip(number.to_le_bytes()) {
            *byte ^= number;
        }
        nonce
    }

    /// Hides the low bits of the first byte and the packet number (RFC 9001 section 5.4.1).
    fn mask_header(&self, packet: &mut [u8], number_at: usize, number_len: usize) {
        let start = number_at + SAMPLE_OFFSET;
        let Some(sample) = packet.get(start..start + TAG_LEN) else { return };
        let Ok(key) = aead::quic::HeaderProtectionKey::new(&aead::quic::AES_128, &self.header) else {
            return;
        };
        let Ok([first_mask, masks @ ..]) = key.new_mask(sample) else { return };
        if let Some(first) = packet.first_mut() {
            // A long header hides four bits.
            *first ^= first_mask & 0x0f;
        }
        let number = packet.iter_mut().skip(number_at).take(number_len);
        for (byte, mask) in number.zip(masks) {
            *byte ^= mask;
        }
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

/// Expands a secret by a label of TLS 1.3 (RFC 8446 section 7.1).
fn expand<const LEN: usize>(secret: &hkdf::Prk, label: &[u8]) -> [u8; LEN] {
    let mut out = [0; LEN];
    let len = super::super::bytes::len16(LEN).to_be_bytes();
    let prefix = b"tls13 ";
    let label_len = u8::try_from(prefix.len() + label.len()).unwrap_or(u8::MAX);
    // The context is empty.
    let info: [&[u8]; 5] = [&len, &[label_len], prefix, label, &[0]];
    // Only a length beyond 255 hashes can fail, and ours are at most one.
    if let Ok(expanded) = secret.expand(&info, Len(LEN)) {
        let _filled = expanded.fill(&mut out);
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The identifier of RFC 9001 appendix A.
    const ID: [u8; 8] = [0x83, 0x94, 0xc8, 0xf0, 0x3e, 0x51, 0x57, 0x08];

    fn bytes(hex: &str) -> Vec<u8> {
        let digits: Vec<u8> =
            hex.chars().map(|digit| u8::try_from(digit.to_digit(16).unwrap()).unwrap()).collect();
        digits.chunks(2).map(|pair| pair[0] << 4 | pair[1]).collect()
    }

    #[test]
    fn keys_are_those_of_rfc_9001_appendix_a_1() {
        let client = InitialKeys::derive(&ID, Side::Client);
        assert_eq!(client.key.to_vec(), bytes("1f369613dd76d5467730efcbe3b1a22d"));
        assert_eq!(client.iv.to_vec(), bytes("fa044b2f42a3fd3b46fb255c"));
        assert_eq!(client.header.to_vec(), bytes("9f50449e04a0e810283a1e9933adedd2"));
        let server = InitialKeys::derive(&ID, Side::Server);
        assert_eq!(server.key.to_vec(), bytes("cf3a5331653c364c88f0f379b6067e37"));
        assert_eq!(server.iv.to_vec(), bytes("0ac1493ca1905853b0bba03e"));
        assert_eq!(server.header.to_vec(), bytes("c206b8d9b9f0f37644430b490eeaa314"));
    }

    /// The tag at its end authenticates every byte before it, so that the ends decide about the whole packet.
    #[test]
    fn client_initial_is_that_of_rfc_9001_appendix_a_2() {
        let crypto = "060040f1010000ed0303ebf8fa56f12939b9584a3896472ec40bb863cfd3e86804fe3a47f06a2b69484c\
            00000413011302010000c000000010000e00000b6578616d706c652e636f6dff01000100000a000800060\
            01d0017001800100007000504616c706e000500050100000000003300260024001d00209370b2c9caa47f\
            babaf4559fedba753de171fa71f50f1ce15d43e994ec74d748002b0003020304000d0010000e040305030\
            6030203080408050806002d00020101001c00024001003900320408ffffffffffffffff05048000ffff07\
            048000ffff0801100104800075300901100f088394c8f03e51570806048000ffff";
        let mut content = bytes(crypto);
        content.resize(1162, 0);
        let header = bytes("c300000001088394c8f03e5157080000449e00000002");
        let packet = InitialKeys::derive(&ID, Side::Client).protect(&header, 4, 2, &content);
        assert_eq!(packet.len(), 1200);
        assert_eq!(
            packet[..42],
            bytes("c000000001088394c8f03e5157080000449e7b9aec34d1b1c98dd7689fb8ec11d242b123dc9bd8bab936")
        );
        assert_eq!(packet[1184..], bytes("e221af44860018ab0856972e194cd934"));
    }

    #[test]
    fn server_initial_is_that_of_rfc_9001_appendix_a_3() {
        let content = bytes(
            "02000000000600405a020000560303eefce7f7b37ba1d1632e96677825ddf73988cfc79825df566dc5430b9a\
             045a1200130100002e00330024001d00209d3c940d89690b84d08a60993c144eca684d1081287c834d5311bc\
             f32bb9da1a002b00020304",
        );
        let header = bytes("c1000000010008f067a5502a4262b50040750001");
        let packet = InitialKeys::derive(&ID, Side::Server).protect(&header, 2, 1, &content);
        assert_eq!(packet[..20], bytes("cf000000010008f067a5502a4262b5004075c0d9"));
        assert_eq!(packet.len(), 20 + content.len() + 16);
    }
}
