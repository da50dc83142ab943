//! A certificate of the right shape and size (RFC 5280), signed by noise.

use crate::Rng;

const INTEGER: u8 = 0x02;
const BIT_STRING: u8 = 0x03;
const OCTET_STRING: u8 = 0x04;
const UTF8_STRING: u8 = 0x0c;
const UTC_TIME: u8 = 0x17;
const SEQUENCE: u8 = 0x30;
const SET: u8 = 0x31;
/// Explicit tags 0 (version) and 3 (extensions) of the certificate.
const VERSION: u8 = 0xa0;
const EXTENSIONS: u8 = 0xa3;
/// Tag of a DNS name among the subject's alternative names.
const DNS_NAME: u8 = 0x82;

/// 1.2.840.113549.1.1.11, sha256WithRSAEncryption, and 1.2.840.113549.1.1.1, rsaEncryption, each with NULL.
const SHA256_RSA: [u8; 13] = [0x06, 0x09, 0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x01, 0x0b, 0x05, 0x00];
const RSA: [u8; 13] = [0x06, 0x09, 0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x01, 0x01, 0x05, 0x00];
/// 2.5.4.3, commonName, and 2.5.29.17, subjectAltName.
const COMMON_NAME: [u8; 5] = [0x06, 0x03, 0x55, 0x04, 0x03];
const ALTERNATIVE_NAME: [u8; 5] = [0x06, 0x03, 0x55, 0x1d, 0x11];

/// Returns a certificate for a name: an RSA key of 2,048 bits, valid for 2020 to 2049, with that name also as
/// alternative name.
pub fn certificate(subject: &str, issuer: &str, rng: &mut Rng) -> Vec<u8> {
    let version = tlv(VERSION, &tlv(INTEGER, &[2]));
    let serial = tlv(INTEGER, &positive(16, rng));
    let algorithm = tlv(SEQUENCE, &SHA256_RSA);
    let validity =
        tlv(SEQUENCE, &[tlv(UTC_TIME, b"200101000000Z"), tlv(UTC_TIME, b"491231235959Z")].concat());
    // A modulus of all its bits would be negative without a zero before it.
    let modulus = [vec![0, 0xb5], super::super::noise(255, rng)].concat();
    let key = tlv(SEQUENCE, &[tlv(INTEGER, &modulus), tlv(INTEGER, &[1, 0, 1])].concat());
    let key = tlv(SEQUENCE, &[tlv(SEQUENCE, &RSA), bits(&key)].concat());
    let names = tlv(SEQUENCE, &tlv(DNS_NAME, subject.as_bytes()));
    let extension = tlv(SEQUENCE, &[ALTERNATIVE_NAME.to_vec(), tlv(OCTET_STRING, &names)].concat());
    let extensions = tlv(EXTENSIONS, &tlv(SEQUENCE, &extension));
    let signed = tlv(
        SEQUENCE,
        &[version, serial, algorithm.clone(), name(issuer), validity, name(subject), key, extensions]
            .concat(),
    );
    tlv(SEQUENCE, &[signed, algorithm, bits(&super::super::noise(256, rng))].concat())
}

fn name(common_name: &str) -> Vec<u8> {
    let attribute = [COMMON_NAME.to_vec(), tlv(UTF8_STRING, common_name.as_bytes())].concat();
    tlv(SEQUENCE, &tlv(SET, &tlv(SEQUENCE, &attribute)))
}

/// A bit string without unused bits.
fn bits(content: &[u8]) -> Vec<u8> {
    tlv(BIT_STRING, &[&[0], content].concat())
}

/// A number whose first byte is neither zero nor negative.
fn positive(len: usize, rng: &mut Rng) -> Vec<u8> {
    let mut number = super::super::noise(len, rng);
    if let Some(first) = number.first_mut() {
        *first = (*first & 0x7f) | 0x40;
    }
    number
}

/// Writes tag, length and value in the distinguished encoding (X.690 section 10.1).
fn tlv(tag: u8, value: &[u8]) -> Vec<u8> {
    let mut out = vec![tag];
    let len = super::super::bytes::len16(value.len());
    let [high, low] = len.to_be_bytes();
    match len {
        0..=0x7f => out.push(low),
        0x80..=0xff => out.extend([0x81, low]),
        _ => out.extend([0x82, high, low]),
    }
    out.extend_from_slice(value);
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lengths_take_the_shortest_form() {
        assert_eq!(tlv(INTEGER, &[5]), [2, 1, 5]);
        assert_eq!(tlv(OCTET_STRING, &[0; 0x80])[..3], [4, 0x81, 0x80]);
        assert_eq!(tlv(OCTET_STRING, &[0; 0x100])[..4], [4, 0x82, 1, 0]);
    }

    #[test]
    fn certificate_is_one_sequence_as_long_as_it_says() {
        let der = certificate("example.org", "R11", &mut Rng::new(1, 0));
        assert_eq!(der[..2], [SEQUENCE, 0x82]);
        assert_eq!(usize::from(u16::from_be_bytes([der[2], der[3]])), der.len() - 4);
    }
}
