//! TLS records and handshakes (RFC 8446, RFC 5246) as they look on the wire.
//!
//! Hellos are real, certificates of TLS 1.2 have the right shape, and what is encrypted is noise in records of
//! the right length. Each flight comes as the bytes of its TCP stream.

mod certificate;
mod client_hello;

pub use certificate::certificate;
pub use client_hello::{Alpn, Client, ClientHello};

use super::bytes::Bytes;
use crate::Rng;

const CHANGE_CIPHER_SPEC: u8 = 20;
const ALERT: u8 = 21;
const HANDSHAKE: u8 = 22;
const APPLICATION_DATA: u8 = 23;

const CLIENT_HELLO: u8 = 1;
const SERVER_HELLO: u8 = 2;
const NEW_SESSION_TICKET: u8 = 4;
const CERTIFICATE: u8 = 11;
const SERVER_KEY_EXCHANGE: u8 = 12;
const SERVER_HELLO_DONE: u8 = 14;
const CLIENT_KEY_EXCHANGE: u8 = 16;

const SSL_3_1: u16 = 0x0301;
const TLS_1_2: u16 = 0x0303;
const TLS_1_3: u16 = 0x0304;

const X25519: u16 = 0x001d;
const SECP256R1: u16 = 0x0017;
const X25519_MLKEM768: u16 = 0x11ec;

/// The most plain text that a record carries (RFC 8446 section 5.1).
const MAX_PLAIN: usize = 1 << 14;
/// What encryption in TLS 1.3 adds to a record: the inner content type and the tag.
const OVERHEAD: usize = 17;
/// An encrypted Finished: four bytes of header, the hash of 32, and the overhead.
const FINISHED_13: usize = 4 + 32 + OVERHEAD;
/// An encrypted Finished of TLS 1.2 with AES-GCM: explicit nonce, header, 12 bytes, tag.
const FINISHED_12: usize = 8 + 4 + 12 + 16;

/// What the two sides agree on, for the server's half of the handshake.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Version {
    /// TLS 1.2, RFC 5246.
    Tls12,
    /// TLS 1.3 with X25519, RFC 8446.
    Tls13,
    /// TLS 1.3 with X25519MLKEM768, whose server share is 1,120 bytes.
    Tls13PostQuantum,
}

/// Writes one record; `content` beyond the 2^16 bytes of its length field is cut.
fn record(out: &mut Bytes, content_type: u8, version: u16, content: &[u8]) {
    out.u8(content_type).u16(version).counted16(|record| _ = record.put(content));
}

/// Writes one handshake message.
fn handshake(out: &mut Bytes, kind: u8, body: impl FnOnce(&mut Bytes)) {
    out.u8(kind).counted24(body);
}

/// Returns the server hello as a handshake message, without a record around it.
///
/// `session_id` is the client's, which TLS 1.3 echoes (RFC 8446 section 4.1.3).
pub fn server_hello(version: Version, session_id: &[u8], alpn: Option<Alpn>, rng: &mut Rng) -> Vec<u8> {
    let mut out = Bytes::new();
    write_server_hello(version, session_id, &mut out, rng, |extensions| {
        if version == Version::Tls12
            && let Some(alpn) = alpn
        {
            extensions.u16(0x0010).counted16(|extension| alpn.write_first(extension));
        }
    });
    out.into_vec()
}

/// Writes a server hello; `more` appends extensions to those that every one has.
fn write_server_hello(
    version: Version,
    session_id: &[u8],
    out: &mut Bytes,
    rng: &mut Rng,
    more: impl FnOnce(&mut Bytes),
) {
    handshake(out, SERVER_HELLO, |hello| {
        hello.u16(TLS_1_2).noise(32, rng).counted8(|id| _ = id.put(session_id));
        // TLS_AES_128_GCM_SHA256, or TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256; no compression.
        hello.u16(if version == Version::Tls12 { 0xc02f } else { 0x1301 }).u8(0);
        hello.counted16(|extensions| {
            let share = match version {
                Version::Tls12 => None,
                Version::Tls13 => Some((X25519, 32)),
                Version::Tls13PostQuantum => Some((X25519_MLKEM768, 1120)),
            };
            if let Some((group, len)) = share {
                extensions.u16(0x0033).counted16(|share| {
                    share.u16(group).counted16(|key| _ = key.noise(len, rng));
                });
                extensions.u16s([0x002b, 2, TLS_1_3]);
            } else {
                // Extended master secret, renegotiation info, session ticket, point formats.
                extensions.u16s([0x0017, 0, 0xff01, 1]).u8(0).u16s([0x0023, 0, 0x000b, 2]).u16(0x0100);
            }
            more(extensions);
        });
    });
}

/// What a server sends from its hello to the end of its first flight.
///
/// TLS 1.3: hello, change of cipher, and the encrypted rest in one record (`certificates_len` of it the chain).
/// TLS 1.2: hello, a chain of two certificates for `name`, key exchange, done; `certificates_len` does not matter.
pub fn server_flight(
    version: Version,
    name: &str,
    session_id: &[u8],
    certificates_len: usize,
    alpn: Option<Alpn>,
    rng: &mut Rng,
) -> Vec<u8> {
    let mut out = Bytes::new();
    let session = if version == Version::Tls12 { super::noise(32, rng) } else { session_id.to_vec() };
    let hello = server_hello(version, &session, alpn, rng);
    record(&mut out, HANDSHAKE, TLS_1_2, &hello);
    if version == Version::Tls12 {
        let chain = [certificate(name, "R11", rng), certificate("R11", "ISRG Root X1", rng)];
        let mut message = Bytes::new();
        handshake(&mut message, CERTIFICATE, |body| {
            body.counted24(|list| {
                for certificate in &chain {
                    list.counted24(|entry| _ = entry.put(certificate));
                }
            });
        });
        record(&mut out, HANDSHAKE, TLS_1_2, message.as_slice());
        let mut message = Bytes::new();
        handshake(&mut message, SERVER_KEY_EXCHANGE, |body| {
            // A named curve, its point, and an rsa_pss_rsae_sha256 signature (RFC 8422 section 5.4).
            body.u8(3).u16(X25519).counted8(|key| _ = key.noise(32, rng));
            body.u16(0x0804).counted16(|signature| _ = signature.noise(256, rng));
        });
        record(&mut out, HANDSHAKE, TLS_1_2, message.as_slice());
        record(&mut out, HANDSHAKE, TLS_1_2, &[SERVER_HELLO_DONE, 0, 0, 0]);
    } else {
        record(&mut out, CHANGE_CIPHER_SPEC, TLS_1_2, &[1]);
        // Encrypted extensions, certificate, a signature of 256 bytes, finished.
        let len = 10 + certificates_len + 264 + FINISHED_13;
        out.put(&application_data(len, rng));
    }
    out.into_vec()
}

/// What a server sends when it resumes a session of TLS 1.3: no certificate.
pub fn server_resumption(version: Version, session_id: &[u8], rng: &mut Rng) -> Vec<u8> {
    let mut hello = Bytes::new();
    // Pre-shared key: the first one offered (RFC 8446 section 4.2.11).
    write_server_hello(version, session_id, &mut hello, rng, |extensions| _ = extensions.u16s([41, 2, 0]));
    let mut out = Bytes::new();
    record(&mut out, HANDSHAKE, TLS_1_2, hello.as_slice());
    record(&mut out, CHANGE_CIPHER_SPEC, TLS_1_2, &[1]);
    // Encrypted extensions and Finished.
    out.put(&application_data(10 + FINISHED_13, rng));
    out.into_vec()
}

/// What a client sends to finish its half of the handshake.
pub fn client_finished(version: Version, rng: &mut Rng) -> Vec<u8> {
    let mut out = Bytes::new();
    if version == Version::Tls12 {
        let mut message = Bytes::new();
        handshake(&mut message, CLIENT_KEY_EXCHANGE, |body| {
            body.counted8(|key| _ = key.noise(32, rng));
        });
        record(&mut out, HANDSHAKE, TLS_1_2, message.as_slice());
    }
    record(&mut out, CHANGE_CIPHER_SPEC, TLS_1_2, &[1]);
    if version == Version::Tls12 {
        record(&mut out, HANDSHAKE, TLS_1_2, &super::noise(FINISHED_12, rng));
    } else {
        record(&mut out, APPLICATION_DATA, TLS_1_2, &super::noise(FINISHED_13, rng));
    }
    out.into_vec()
}

/// What a server answers to [`client_finished`]: its ticket, and in TLS 1.2 its own Finished.
pub fn server_finished(version: Version, rng: &mut Rng) -> Vec<u8> {
    if version != Version::Tls12 {
        // Two tickets of a common size, each in its record.
        return [application_data(233, rng), application_data(233, rng)].concat();
    }
    let mut out = Bytes::new();
    let mut message = Bytes::new();
    handshake(&mut message, NEW_SESSION_TICKET, |body| {
        body.u32(7200).counted16(|ticket| _ = ticket.noise(192, rng));
    });
    record(&mut out, HANDSHAKE, TLS_1_2, message.as_slice());
    record(&mut out, CHANGE_CIPHER_SPEC, TLS_1_2, &[1]);
    record(&mut out, HANDSHAKE, TLS_1_2, &super::noise(FINISHED_12, rng));
    out.into_vec()
}

/// Returns application data of `len` plain bytes in as many records as it takes.
///
/// The stream is 22 bytes longer for each record: header, content type, tag.
pub fn application_data(len: usize, rng: &mut Rng) -> Vec<u8> {
    let mut out = Bytes::new();
    let mut left = len;
    loop {
        let plain = left.min(MAX_PLAIN);
        record(&mut out, APPLICATION_DATA, TLS_1_2, &super::noise(plain + OVERHEAD, rng));
        left -= plain;
        if left == 0 {
            return out.into_vec();
        }
    }
}

/// Returns a plain alert: 40 is `handshake_failure`, 48 `unknown_ca` (RFC 8446 section 6).
pub fn fatal_alert(description: u8) -> Vec<u8> {
    let mut out = Bytes::new();
    record(&mut out, ALERT, TLS_1_2, &[2, description]);
    out.into_vec()
}

/// Returns the encrypted alert that ends a connection in order.
pub fn close_notify(version: Version, rng: &mut Rng) -> Vec<u8> {
    if version != Version::Tls12 {
        return application_data(2, rng);
    }
    let mut out = Bytes::new();
    // Explicit nonce, the two bytes of the alert, tag.
    record(&mut out, ALERT, TLS_1_2, &super::noise(8 + 2 + 16, rng));
    out.into_vec()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Splits a stream into its records: type and content.
    fn records(mut stream: &[u8]) -> Vec<(u8, Vec<u8>)> {
        let mut records = Vec::new();
        while let [kind, 3, 1 | 3, high, low, rest @ ..] = stream {
            let (content, next) = rest.split_at(usize::from(u16::from_be_bytes([*high, *low])));
            records.push((*kind, content.to_vec()));
            stream = next;
        }
        assert!(stream.is_empty(), "{stream:02x?}");
        records
    }

    #[test]
    fn server_flight_of_tls_1_3_is_hello_change_and_encrypted_rest() {
        let mut rng = Rng::new(1, 0);
        let flight =
            server_flight(Version::Tls13, "example.org", &[7; 32], 2800, Some(Alpn::Http2), &mut rng);
        let records = records(&flight);
        let kinds: Vec<u8> = records.iter().map(|record| record.0).collect();
        assert_eq!(kinds, [22, 20, 23]);
        // Type, length, version, random, session identifier of 32 bytes with its length.
        let hello = &records[0].1;
        assert_eq!((hello[0], hello[4], hello[5], hello[38]), (2, 3, 3, 32));
        assert_eq!(hello[39..71], [7; 32]);
        // Cipher suite, compression, extensions: a share of 4 + 4 + 32 and a version of 4 + 2 bytes.
        assert_eq!(hello[71..76], [0x13, 0x01, 0, 0, 46]);
        assert_eq!(hello.len(), 76 + 46);
    }

    #[test]
    fn server_flight_of_tls_1_2_ends_with_done() {
        let mut rng = Rng::new(1, 0);
        let flight = server_flight(Version::Tls12, "example.org", &[], 0, Some(Alpn::Http1), &mut rng);
        let first_bytes: Vec<(u8, u8)> =
            records(&flight).iter().map(|(kind, content)| (*kind, content[0])).collect();
        assert_eq!(first_bytes, [(22, 2), (22, 11), (22, 12), (22, 14)]);
    }

    #[test]
    fn resumption_names_the_key_and_has_no_certificate() {
        let mut rng = Rng::new(1, 0);
        let flight = server_resumption(Version::Tls13, &[7; 32], &mut rng);
        let records = records(&flight);
        assert_eq!(records.iter().map(|record| record.0).collect::<Vec<_>>(), [22, 20, 23]);
        // The last extension of the hello: pre_shared_key, two bytes, the first identity.
        assert!(records[0].1.ends_with(&[0, 41, 0, 2, 0, 0]));
        assert!(flight.len() < 300);
    }

    #[test]
    fn post_quantum_share_makes_the_server_hello_longer_by_its_key() {
        let mut rng = Rng::new(1, 0);
        let classic = server_hello(Version::Tls13, &[], None, &mut rng).len();
        let post_quantum = server_hello(Version::Tls13PostQuantum, &[], None, &mut rng).len();
        assert_eq!(post_quantum - classic, 1120 - 32);
    }

    #[test]
    fn application_data_is_cut_into_records_of_at_most_2_to_the_14() {
        let mut rng = Rng::new(1, 0);
        // 40,000 = 16,384 + 16,384 + 7,232, each with 17 bytes of encryption.
        let lens: Vec<usize> =
            records(&application_data(40_000, &mut rng)).iter().map(|record| record.1.len()).collect();
        assert_eq!(lens, [16_401, 16_401, 7_249]);
        assert_eq!(application_data(0, &mut rng).len(), 5 + 17);
    }

    #[test]
    fn close_notify_is_an_alert_that_only_tls_1_2_shows() {
        let mut rng = Rng::new(1, 0);
        assert_eq!(records(&close_notify(Version::Tls12, &mut rng))[0].0, 21);
        assert_eq!(records(&close_notify(Version::Tls13, &mut rng))[0].0, 23);
        assert_eq!(fatal_alert(40), [21, 3, 3, 0, 2, 2, 40]);
    }
}
