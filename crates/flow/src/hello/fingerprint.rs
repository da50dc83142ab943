//! Fingerprints of clients: what they offer, in short.
//!
//! JA3 (Althouse, Atkinson, Atkins, 2017) and JA4 (`FoxIO`, 2023, of whose family only this one, for clients, is free to
//! all).

use md5::Md5;
use netsonde_dissect::hello::{ClientHello, extension, is_grease};
use sha2::{Digest, Sha256};

use crate::HelloOver;

/// The highest count that JA4 has room for.
const MAX_COUNT: u16 = 99;
/// Bytes that JA4 keeps of a hash, and what it writes for nothing at all.
const SHORT: usize = 6;
/// Length of every JA4.
const JA4_LEN: usize = 36;

/// Room for the text of nearly all fingerprints.
const USUAL_TEXT: usize = 512;
/// Room for the cipher suites or the extensions of nearly all clients.
const USUAL_NUMBERS: usize = 64;

/// Writes numbers with something between.
fn join<T>(
    out: &mut Vec<u8>,
    numbers: impl Iterator<Item = T>,
    separator: u8,
    write: impl Fn(&mut Vec<u8>, T),
) {
    for (place, number) in numbers.enumerate() {
        if place > 0 {
            out.push(separator);
        }
        write(out, number);
    }
}

/// Writes a number in decimal. Digits are written by hand: formatting them took as long as hashing them did.
fn decimal(out: &mut Vec<u8>, number: u16) {
    for unit in [10_000, 1_000, 100, 10] {
        if number >= unit {
            out.push(digit(number / unit % 10));
        }
    }
    out.push(digit(number % 10));
}

/// Writes a number in four hexadecimal digits.
fn hexadecimal(out: &mut Vec<u8>, number: u16) {
    out.extend([12, 8, 4, 0].map(|shift| digit(number >> shift & 0x0f)));
}

/// Returns a digit below 16.
const fn digit(value: u16) -> u8 {
    // Lossless: the high byte of a digit is 0.
    let [_, low] = value.to_be_bytes();
    if low < 10 { b'0' + low } else { b'a' + (low - 10) }
}

/// Returns the MD5 of legacy version, cipher suites, extensions, groups and point formats in decimal.
pub(super) fn ja3(hello: &ClientHello<'_>) -> [u8; 16] {
    let mut text = Vec::with_capacity(USUAL_TEXT);
    decimal(&mut text, hello.legacy_version);
    text.push(b',');
    join(&mut text, sincere(hello.cipher_suites()), b'-', decimal);
    text.push(b',');
    join(&mut text, sincere(hello.extensions().map(|(kind, _)| kind)), b'-', decimal);
    text.push(b',');
    join(&mut text, sincere(hello.groups()), b'-', decimal);
    text.push(b',');
    join(&mut text, hello.point_formats().iter().map(|&format| format.into()), b'-', decimal);
    Md5::digest(&text).into()
}

/// Returns JA4: what it travels in and how much it offers, the hash of its cipher suites, the hash of its extensions and
/// signature algorithms.
pub(super) fn ja4(hello: &ClientHello<'_>, over: HelloOver) -> Box<str> {
    let mut suites = collected(hello.cipher_suites());
    let mut extensions = collected(hello.extensions().map(|(kind, _)| kind));
    let mut text = String::with_capacity(JA4_LEN);
    text.push(match over {
        HelloOver::Tls => 't',
        HelloOver::Quic | HelloOver::GoogleQuic => 'q',
        HelloOver::Dtls => 'd',
    });
    text.push_str(version(hello, over));
    text.push(if extensions.contains(&extension::SERVER_NAME) { 'd' } else { 'i' });
    let counted = |list: &[u16]| u16::try_from(list.len()).map_or(MAX_COUNT, |count| count.min(MAX_COUNT));
    let (suite_count, extension_count) = (counted(&suites), counted(&extensions));
    let [first, last] = protocol_ends(hello.protocols().next().unwrap_or_default());
    suites.sort_unstable();
    extensions.retain(|kind| !matches!(*kind, extension::SERVER_NAME | extension::PROTOCOLS));
    extensions.sort_unstable();
    let algorithms = sincere(hello.signature_algorithms());
    text.extend(two_digits(suite_count));
    text.extend(two_digits(extension_count));
    text.extend([first, last, '_']);
    text.extend(short(hashed(&suites, std::iter::empty())));
    text.push('_');
    text.extend(short(hashed(&extensions, algorithms)));
    text.into()
}

/// Returns the numbers that mean something, in a list of their own.
fn collected(numbers: impl Iterator<Item = u16>) -> Vec<u16> {
    let mut list = Vec::with_capacity(USUAL_NUMBERS);
    list.extend(sincere(numbers));
    list
}

/// Returns the digits of a count up to [`MAX_COUNT`].
fn two_digits(count: u16) -> [char; 2] {
    [digit(count / 10).into(), digit(count % 10).into()]
}

/// Returns the part of the hash of numbers in hexadecimal that JA4 keeps; zeros where there are none.
fn hashed(numbers: &[u16], behind: impl Iterator<Item = u16>) -> [u8; SHORT] {
    if numbers.is_empty() {
        return [0; SHORT];
    }
    let mut text = Vec::with_capacity(USUAL_TEXT);
    join(&mut text, numbers.iter().copied(), b',', hexadecimal);
    let mut behind = behind.peekable();
    if behind.peek().is_some() {
        text.push(b'_');
        join(&mut text, behind, b',', hexadecimal);
    }
    let digest: [u8; 32] = Sha256::digest(&text).into();
    digest.first_chunk().copied().unwrap_or_default()
}

/// Returns the digits of the hash that JA4 keeps.
fn short(hash: [u8; SHORT]) -> impl Iterator<Item = char> {
    let digits = |byte: u8| [digit(u16::from(byte >> 4)), digit(u16::from(byte & 0x0f))];
    hash.into_iter().flat_map(digits).map(char::from)
}

/// Returns the version as JA4 writes it. What it does not know, drafts among it, is `00`.
fn version(hello: &ClientHello<'_>, over: HelloOver) -> &'static str {
    let offered = sincere(hello.supported_versions());
    let highest = if over == HelloOver::Dtls {
        hello.highest_version()
    } else {
        offered.max().unwrap_or(hello.legacy_version)
    };
    match highest {
        0x0002 => "s2",
        0x0300 => "s3",
        0x0301 => "10",
        0x0302 => "11",
        0x0303 => "12",
        0x0304 => "13",
        0xfeff => "d1",
        0xfefd => "d2",
        0xfefc => "d3",
        _ => "00",
    }
}

/// Returns the first and the last letter of a protocol's name, or those of its bytes in hexadecimal where it begins or
/// ends with something else.
fn protocol_ends(name: &[u8]) -> [char; 2] {
    let (Some(&first), Some(&last)) = (name.first(), name.last()) else { return ['0'; 2] };
    if first.is_ascii_alphanumeric() && last.is_ascii_alphanumeric() {
        return [first.into(), last.into()];
    }
    [digit(u16::from(first >> 4)).into(), digit(u16::from(last & 0x0f)).into()]
}

/// Leaves out the numbers that exist to be ignored.
fn sincere(numbers: impl Iterator<Item = u16>) -> impl Iterator<Item = u16> {
    numbers.filter(|&number| !is_grease(number))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn protocols_are_told_by_their_ends() {
        assert_eq!(protocol_ends(b"http/1.1"), ['h', '1']);
        assert_eq!(protocol_ends(b"h2"), ['h', '2']);
        assert_eq!(protocol_ends(b"h"), ['h', 'h']);
        assert_eq!(protocol_ends(b""), ['0', '0']);
        // The examples of the specification.
        assert_eq!(protocol_ends(&[0xab]), ['a', 'b']);
        assert_eq!(protocol_ends(&[0xab, 0xcd]), ['a', 'd']);
        assert_eq!(protocol_ends(&[0x30, 0xab]), ['3', 'b']);
        assert_eq!(protocol_ends(&[0x30, 0x31, 0xab, 0xcd]), ['3', 'd']);
        assert_eq!(protocol_ends(&[0x30, 0xab, 0xcd, 0x31]), ['0', '1']);
    }

    #[test]
    fn numbers_are_written_without_zeros_before_them_in_decimal_and_with_four_digits_in_hexadecimal() {
        let mut text = Vec::new();
        join(&mut text, [0, 7, 10, 99, 100, 4_865, 9_999, 10_000, u16::MAX].into_iter(), b'-', decimal);
        assert_eq!(text, b"0-7-10-99-100-4865-9999-10000-65535");
        text.clear();
        join(&mut text, [0, 0x0a, 0x1301, 0xcca9, u16::MAX].into_iter(), b',', hexadecimal);
        assert_eq!(text, b"0000,000a,1301,cca9,ffff");
    }

    #[test]
    fn hash_of_the_specifications_suites_is_the_one_given_there() {
        // The suites of the example in FoxIO's description of JA4.
        let suites = [
            0x002f, 0x0035, 0x009c, 0x009d, 0x1301, 0x1302, 0x1303, 0xc013, 0xc014, 0xc02b, 0xc02c, 0xc02f,
            0xc030, 0xcca8, 0xcca9,
        ];
        assert_eq!(short(hashed(&suites, std::iter::empty())).collect::<String>(), "8daaf6152771");
        assert_eq!(short(hashed(&[], [0x0403].into_iter())).collect::<String>(), "000000000000");
    }
}
