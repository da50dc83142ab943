//! Fingerprints of clients: what they offer, in short.
//!
//! JA3 (Althouse, Atkinson, Atkins, 2017) and JA4 (`FoxIO`, 2023, of whose family only this one, for clients, is free to
//! all).

use std::ops::Range;

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
/// Room for what nearly all clients offer.
const USUAL_NUMBERS: usize = 64;
/// Numbers that are kept of an offer; clients offer about fifty.
const KEPT_NUMBERS: usize = 256;

/// The fingerprints of a client, or what they are made of when somebody asks: of most hellos nobody does.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Fingerprints {
    /// Both, to be made.
    Of(Offer),
    /// Both, as they are.
    Made {
        /// JA3.
        ja3: [u8; 16],
        /// JA4.
        ja4: Box<str>,
    },
}

impl Fingerprints {
    /// Keeps what a hello offers. Where that is more than any client does, the fingerprints take less room.
    pub(super) fn of(hello: &ClientHello<'_>, over: HelloOver) -> Self {
        let offer = Offer::of(hello, over);
        if offer.numbers.len() <= KEPT_NUMBERS {
            Self::Of(offer)
        } else {
            Self::Made { ja3: offer.ja3(), ja4: offer.ja4() }
        }
    }

    /// Returns JA3: the MD5 of legacy version, cipher suites, extensions, groups and point formats in decimal.
    pub fn ja3(&self) -> [u8; 16] {
        match self {
            Self::Of(offer) => offer.ja3(),
            Self::Made { ja3, .. } => *ja3,
        }
    }

    /// Returns JA4: what it travels in and how much it offers, the hash of its cipher suites, the hash of its extensions
    /// and signature algorithms.
    pub fn ja4(&self) -> Box<str> {
        match self {
            Self::Of(offer) => offer.ja4(),
            Self::Made { ja4, .. } => ja4.clone(),
        }
    }
}

/// What a client offers, without the numbers that exist to be ignored (RFC 8701).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Offer {
    over: HelloOver,
    legacy_version: u16,
    /// The version as JA4 writes it.
    version: &'static str,
    /// The ends of the first protocol's name as JA4 writes them.
    protocol_ends: [char; 2],
    /// One list behind the other: cipher suites, extensions, groups, point formats, signature algorithms.
    numbers: Box<[u16]>,
    /// Where the lists before the last one end.
    ends: [usize; 4],
}

impl Offer {
    fn of(hello: &ClientHello<'_>, over: HelloOver) -> Self {
        let mut numbers = Vec::with_capacity(USUAL_NUMBERS);
        let mut add = |list: &mut dyn Iterator<Item = u16>| {
            numbers.extend(list.filter(|&number| !is_grease(number)));
            numbers.len()
        };
        let ends = [
            add(&mut hello.cipher_suites()),
            add(&mut hello.extensions().map(|(kind, _)| kind)),
            add(&mut hello.groups()),
            add(&mut hello.point_formats().iter().map(|&format| format.into())),
        ];
        add(&mut hello.signature_algorithms());
        Self {
            over,
            legacy_version: hello.legacy_version,
            version: version(hello, over),
            protocol_ends: protocol_ends(hello.protocols().next().unwrap_or_default()),
            numbers: numbers.into(),
            ends,
        }
    }

    /// Returns its lists, in their order.
    fn lists(&self) -> [&[u16]; 5] {
        let [suites, extensions, groups, formats] = self.ends;
        let list = |range: Range<usize>| self.numbers.get(range).unwrap_or_default();
        [
            list(0..suites),
            list(suites..extensions),
            list(extensions..groups),
            list(groups..formats),
            list(formats..self.numbers.len()),
        ]
    }

    fn ja3(&self) -> [u8; 16] {
        let [suites, extensions, groups, formats, _] = self.lists();
        let mut text = Vec::with_capacity(USUAL_TEXT);
        decimal(&mut text, self.legacy_version);
        for list in [suites, extensions, groups, formats] {
            text.push(b',');
            join(&mut text, list, b'-', decimal);
        }
        Md5::digest(&text).into()
    }

    fn ja4(&self) -> Box<str> {
        let [suites, extensions, _, _, algorithms] = self.lists();
        let mut text = String::with_capacity(JA4_LEN);
        text.push(match self.over {
            HelloOver::Tls => 't',
            HelloOver::Quic | HelloOver::GoogleQuic => 'q',
            HelloOver::Dtls => 'd',
        });
        text.push_str(self.version);
        text.push(if extensions.contains(&extension::SERVER_NAME) { 'd' } else { 'i' });
        text.extend([suites, extensions].into_iter().flat_map(|list| two_digits(list.len())));
        text.extend(self.protocol_ends);
        let (mut suites, mut extensions) = (suites.to_vec(), extensions.to_vec());
        suites.sort_unstable();
        extensions.retain(|kind| !matches!(*kind, extension::SERVER_NAME | extension::PROTOCOLS));
        extensions.sort_unstable();
        for hash in [hashed(&suites, &[]), hashed(&extensions, algorithms)] {
            text.push('_');
            text.extend(short(hash));
        }
        text.into()
    }
}

/// Writes numbers with something between.
fn join(out: &mut Vec<u8>, numbers: &[u16], separator: u8, write: impl Fn(&mut Vec<u8>, u16)) {
    for (place, &number) in numbers.iter().enumerate() {
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

/// Returns the digits of a count, or of the highest one.
fn two_digits(count: usize) -> [char; 2] {
    let count = u16::try_from(count).map_or(MAX_COUNT, |count| count.min(MAX_COUNT));
    [digit(count / 10).into(), digit(count % 10).into()]
}

/// Returns the part of the hash of numbers in hexadecimal that JA4 keeps; zeros where there are none.
fn hashed(numbers: &[u16], behind: &[u16]) -> [u8; SHORT] {
    if numbers.is_empty() {
        return [0; SHORT];
    }
    let mut text = Vec::with_capacity(USUAL_TEXT);
    join(&mut text, numbers, b',', hexadecimal);
    if !behind.is_empty() {
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
    let offered = hello.supported_versions().filter(|&version| !is_grease(version));
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

#[cfg(test)]
mod tests {
    use netsonde_dissect::hello::Form;

    use super::*;

    #[test]
    fn of_what_no_client_offers_only_the_fingerprints_are_kept() {
        for (count, is_kept) in [(256, true), (257, false)] {
            let suites: Vec<u16> = (0x1000..).filter(|&suite| !is_grease(suite)).take(count).collect();
            // Version, random, no session, the suites, no compression, no extensions.
            let list = suites.iter().flat_map(|suite| suite.to_be_bytes());
            let len = u16::try_from(2 * count).unwrap().to_be_bytes();
            let body: Vec<u8> =
                [3, 3].into_iter().chain([0; 33]).chain(len).chain(list).chain([1, 0]).collect();
            let hello = ClientHello::parse(&body, Form::Stream).unwrap();
            let fingerprints = Fingerprints::of(&hello, HelloOver::Tls);
            assert_eq!(matches!(fingerprints, Fingerprints::Of(_)), is_kept);
            let text: Vec<_> = suites.iter().map(ToString::to_string).collect();
            let ja3: [u8; 16] = Md5::digest(format!("771,{},,,", text.join("-"))).into();
            assert_eq!(fingerprints.ja3(), ja3);
            // TLS 1.2, no name, more suites than are counted, neither extensions nor protocols.
            assert!(fingerprints.ja4().starts_with("t12i990000_"));
        }
    }

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
        join(&mut text, &[0, 7, 10, 99, 100, 4_865, 9_999, 10_000, u16::MAX], b'-', decimal);
        assert_eq!(text, b"0-7-10-99-100-4865-9999-10000-65535");
        text.clear();
        join(&mut text, &[0, 0x0a, 0x1301, 0xcca9, u16::MAX], b',', hexadecimal);
        assert_eq!(text, b"0000,000a,1301,cca9,ffff");
    }

    #[test]
    fn hash_of_the_specifications_suites_is_the_one_given_there() {
        // The suites of the example in FoxIO's description of JA4.
        let suites = [
            0x002f, 0x0035, 0x009c, 0x009d, 0x1301, 0x1302, 0x1303, 0xc013, 0xc014, 0xc02b, 0xc02c, 0xc02f,
            0xc030, 0xcca8, 0xcca9,
        ];
        assert_eq!(short(hashed(&suites, &[])).collect::<String>(), "8daaf6152771");
        assert_eq!(short(hashed(&[], &[0x0403])).collect::<String>(), "000000000000");
    }
}
