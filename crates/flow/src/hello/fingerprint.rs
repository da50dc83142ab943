//! Fingerprints of clients: what they offer, in short.
//!
//! JA3 (Althouse, Atkinson, Atkins, 2017) and JA4 (`FoxIO`, 2023, of whose family only this one, for clients, is free to
//! all).

use std::fmt::{self, Write as _};

use md5::Md5;
use netsonde_dissect::hello::{ClientHello, extension, is_grease};
use sha2::{Digest, Sha256};

use crate::HelloOver;

/// The highest count that JA4 has room for.
const MAX_COUNT: usize = 99;
/// Bytes that JA4 keeps of a hash, and what it writes for nothing at all.
const SHORT: usize = 6;

/// Hashes text as it is written, without keeping it.
struct Hashing<D>(D);

impl<D: Digest> fmt::Write for Hashing<D> {
    fn write_str(&mut self, text: &str) -> fmt::Result {
        self.0.update(text);
        Ok(())
    }
}

/// Writes numbers with something between.
fn join<T>(
    out: &mut impl fmt::Write,
    numbers: impl Iterator<Item = T>,
    separator: char,
    write: impl Fn(&mut dyn fmt::Write, T) -> fmt::Result,
) -> fmt::Result {
    for (place, number) in numbers.enumerate() {
        if place > 0 {
            out.write_char(separator)?;
        }
        write(out, number)?;
    }
    Ok(())
}

/// Returns the MD5 of legacy version, cipher suites, extensions, groups and point formats in decimal.
pub(super) fn ja3(hello: &ClientHello<'_>) -> [u8; 16] {
    let mut hash = Hashing(Md5::new());
    // Hashing takes any text.
    let _ = write_ja3(&mut hash, hello);
    hash.0.finalize().into()
}

fn write_ja3(out: &mut impl fmt::Write, hello: &ClientHello<'_>) -> fmt::Result {
    let decimal = |out: &mut dyn fmt::Write, number: u16| write!(out, "{number}");
    write!(out, "{},", hello.legacy_version)?;
    join(out, sincere(hello.cipher_suites()), '-', decimal)?;
    out.write_char(',')?;
    join(out, sincere(hello.extensions().map(|(kind, _)| kind)), '-', decimal)?;
    out.write_char(',')?;
    join(out, sincere(hello.groups()), '-', decimal)?;
    out.write_char(',')?;
    join(out, hello.point_formats().iter().map(|&format| format.into()), '-', decimal)
}

/// Returns JA4: what it travels in and how much it offers, the hash of its cipher suites, the hash of its extensions and
/// signature algorithms.
pub(super) fn ja4(hello: &ClientHello<'_>, over: HelloOver) -> Box<str> {
    let mut suites: Vec<u16> = sincere(hello.cipher_suites()).collect();
    let mut extensions: Vec<u16> = sincere(hello.extensions().map(|(kind, _)| kind)).collect();
    let mut text = String::with_capacity(36);
    text.push(match over {
        HelloOver::Tls => 't',
        HelloOver::Quic | HelloOver::GoogleQuic => 'q',
        HelloOver::Dtls => 'd',
    });
    text.push_str(version(hello, over));
    text.push(if extensions.contains(&extension::SERVER_NAME) { 'd' } else { 'i' });
    let (suite_count, extension_count) = (suites.len().min(MAX_COUNT), extensions.len().min(MAX_COUNT));
    let [first, last] = protocol_ends(hello.protocols().next().unwrap_or_default());
    suites.sort_unstable();
    extensions.retain(|kind| !matches!(*kind, extension::SERVER_NAME | extension::PROTOCOLS));
    extensions.sort_unstable();
    let algorithms = sincere(hello.signature_algorithms());
    // A string takes any text.
    let _ = write!(
        text,
        "{suite_count:02}{extension_count:02}{first}{last}_{}_{}",
        Short(hashed(&suites, std::iter::empty())),
        Short(hashed(&extensions, algorithms)),
    );
    text.into()
}

/// Returns the part of the hash of numbers in hexadecimal that JA4 keeps; zeros where there are none.
fn hashed(numbers: &[u16], behind: impl Iterator<Item = u16>) -> [u8; SHORT] {
    if numbers.is_empty() {
        return [0; SHORT];
    }
    let hexadecimal = |out: &mut dyn fmt::Write, number: u16| write!(out, "{number:04x}");
    let mut hash = Hashing(Sha256::new());
    // Hashing takes any text.
    let _ = join(&mut hash, numbers.iter().copied(), ',', hexadecimal);
    let mut behind = behind.peekable();
    if behind.peek().is_some() {
        let _ = hash.write_char('_');
        let _ = join(&mut hash, behind, ',', hexadecimal);
    }
    let digest: [u8; 32] = hash.0.finalize().into();
    digest.first_chunk().copied().unwrap_or_default()
}

/// The hash that JA4 keeps, in hexadecimal.
struct Short([u8; SHORT]);

impl fmt::Display for Short {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|byte| write!(f, "{byte:02x}"))
    }
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
    let digit = |nibble: u8| char::from_digit(nibble.into(), 16).unwrap_or('0');
    [digit(first >> 4), digit(last & 0x0f)]
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
    fn hash_of_the_specifications_suites_is_the_one_given_there() {
        // The suites of the example in FoxIO's description of JA4.
        let suites = [
            0x002f, 0x0035, 0x009c, 0x009d, 0x1301, 0x1302, 0x1303, 0xc013, 0xc014, 0xc02b, 0xc02c, 0xc02f,
            0xc030, 0xcca8, 0xcca9,
        ];
        assert_eq!(Short(hashed(&suites, std::iter::empty())).to_string(), "8daaf6152771");
        assert_eq!(Short(hashed(&[], [0x0403].into_iter())).to_string(), "000000000000");
    }
}
