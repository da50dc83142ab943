//! Recognises what a file is by its first bytes.

use std::fmt;

/// How packets are laid out in a capture file.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Format {
    /// The classic format of libpcap, with its four magic numbers.
    Pcap,
    /// The block format that Wireshark writes.
    Pcapng,
}

impl fmt::Display for Format {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Pcap => "pcap",
            Self::Pcapng => "pcapng",
        })
    }
}

/// How a capture file is compressed as a whole.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Compression {
    /// One or more gzip members (RFC 1952).
    Gzip,
    /// One or more Zstandard frames (RFC 8878).
    Zstd,
}

impl fmt::Display for Compression {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Gzip => "gzip",
            Self::Zstd => "zstd",
        })
    }
}

/// Bytes that [`compression`] and [`capture`] look at.
pub(crate) const MAGIC_LEN: usize = 4;

/// Bytes that [`describe`] likes to see.
pub(crate) const DESCRIBED_LEN: usize = 16;

/// Type of a pcapng section header block; a palindrome, so that it reads the same in both byte orders.
const SECTION_HEADER: [u8; 4] = [0x0a, 0x0d, 0x0d, 0x0a];

/// Returns the compression that `start` announces.
pub(crate) fn compression(start: &[u8]) -> Option<Compression> {
    match *start.first_chunk::<MAGIC_LEN>()? {
        [0x1f, 0x8b, ..] => Some(Compression::Gzip),
        // A frame, or a skippable frame in front of one (RFC 8878 section 3.1).
        [0x28, 0xb5, 0x2f, 0xfd] | [0x50..=0x5f, 0x2a, 0x4d, 0x18] => Some(Compression::Zstd),
        _ => None,
    }
}

/// Returns the capture format that `start` announces.
pub(crate) fn capture(start: &[u8]) -> Option<Format> {
    let magic = *start.first_chunk::<MAGIC_LEN>()?;
    if magic == SECTION_HEADER {
        return Some(Format::Pcapng);
    }
    PcapMagic::recognise(magic).map(|_| Format::Pcap)
}

/// What the magic number of a classic file says about the numbers that follow it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct PcapMagic {
    /// Whether numbers are big-endian.
    pub(crate) big_endian: bool,
    /// Nanoseconds in one unit of the stamps' fractions: 1 or 1,000.
    pub(crate) fraction_nanos: u64,
}

impl PcapMagic {
    /// Tells the four magic numbers apart.
    pub(crate) fn recognise(magic: [u8; 4]) -> Option<Self> {
        let (big_endian, fraction_nanos) = match magic {
            [0xa1, 0xb2, 0xc3, 0xd4] => (true, 1_000),
            [0xd4, 0xc3, 0xb2, 0xa1] => (false, 1_000),
            [0xa1, 0xb2, 0x3c, 0x4d] => (true, 1),
            [0x4d, 0x3c, 0xb2, 0xa1] => (false, 1),
            _ => return None,
        };
        Some(Self { big_endian, fraction_nanos })
    }
}

/// Names what a file that is no capture of ours seems to be.
pub(crate) fn describe(start: &[u8]) -> String {
    /// Beginnings that people hand to a packet analyser by mistake.
    const KNOWN: [(&[u8], &str); 14] = [
        (&[0xa1, 0xb2, 0xcd, 0x34], "a pcap file modified by Kuznetzov's patch (magic a1b2cd34)"),
        (&[0x34, 0xcd, 0xb2, 0xa1], "a pcap file modified by Kuznetzov's patch (magic a1b2cd34)"),
        (b"snoop\0\0\0", "a Solaris snoop capture"),
        (b"RTSS", "a Microsoft Network Monitor 1 capture"),
        (b"GMBU", "a Microsoft Network Monitor 2 capture"),
        (b"\x1f\x8b", "a gzip file inside a compressed file"),
        (b"\x28\xb5\x2f\xfd", "a zstd file inside a compressed file"),
        (b"\xfd7zXZ\0", "an xz file: unpack it first"),
        (b"BZh", "a bzip2 file: unpack it first"),
        (&[0x04, 0x22, 0x4d, 0x18], "an LZ4 file: unpack it first"),
        (b"PK\x03\x04", "a zip archive: unpack it first"),
        (b"7z\xbc\xaf\x27\x1c", "a 7-Zip archive: unpack it first"),
        (b"%PDF", "a PDF document"),
        (b"\x7fELF", "a program"),
    ];
    if let Some((_, name)) = KNOWN.iter().find(|(magic, _)| start.starts_with(magic)) {
        return (*name).to_owned();
    }
    if seems_erf(start) {
        return "an Endace ERF capture".to_owned();
    }
    let text = start.trim_ascii_start();
    if text.first() == Some(&b'<') {
        return "HTML or XML, perhaps an error page saved under the capture's name".to_owned();
    }
    if !text.is_empty() && text.iter().all(|byte| byte.is_ascii_graphic() || byte.is_ascii_whitespace()) {
        return format!("text: {:?}", String::from_utf8_lossy(text));
    }
    let shown: Vec<String> = start.iter().take(8).map(|byte| format!("{byte:02x}")).collect();
    format!("something else: it begins with {}", shown.join(" "))
}

/// Says whether `start` could be the header of an ERF record, which has no magic number.
///
/// Its fields: a 64-bit little-endian stamp with whole seconds above, type, flags, big-endian record length.
fn seems_erf(start: &[u8]) -> bool {
    /// 1996, before the first cards that wrote the format.
    const EARLIEST_SECOND: u32 = 820_000_000;
    /// The highest record type in use, without the flag for extension headers.
    const LAST_TYPE: u8 = 48;
    /// A record is at least its header.
    const HEADER_LEN: u16 = 16;
    let Some(&[_, _, _, _, s0, s1, s2, s3, kind, _flags, len_high, len_low]) = start.first_chunk::<12>()
    else {
        return false;
    };
    let kind = kind & 0x7f;
    u32::from_le_bytes([s0, s1, s2, s3]) > EARLIEST_SECOND
        && (1..=LAST_TYPE).contains(&kind)
        && (HEADER_LEN..=u16::MAX / 2).contains(&u16::from_be_bytes([len_high, len_low]))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn captures_and_compressions_are_told_by_their_magic() {
        assert_eq!(capture(&[0xd4, 0xc3, 0xb2, 0xa1]), Some(Format::Pcap));
        assert_eq!(capture(&[0xa1, 0xb2, 0x3c, 0x4d, 9]), Some(Format::Pcap));
        assert_eq!(capture(&[0x0a, 0x0d, 0x0d, 0x0a]), Some(Format::Pcapng));
        assert_eq!(capture(&[0x0a, 0x0d, 0x0d]), None);
        assert_eq!(compression(&[0x1f, 0x8b, 8, 0]), Some(Compression::Gzip));
        assert_eq!(compression(&[0x28, 0xb5, 0x2f, 0xfd]), Some(Compression::Zstd));
        assert_eq!(compression(&[0x5a, 0x2a, 0x4d, 0x18]), Some(Compression::Zstd));
    }

    #[test]
    fn what_is_no_capture_is_named() {
        for (start, name) in [
            (&b"snoop\0\0\0\0\0\0\x02"[..], "snoop"),
            (&[0xa1, 0xb2, 0xcd, 0x34], "Kuznetzov"),
            (&[0x34, 0xcd, 0xb2, 0xa1], "Kuznetzov"),
            (b"  \n<!DOCTYPE html>", "HTML"),
            (b"no capture", "text: \"no capture\""),
            (&[0x00, 0x01, 0xff], "00 01 ff"),
            // Stamp 0.5 s after second 0x60000000 (2021), type 2 (Ethernet), record length 80.
            (&[0, 0, 0, 0x80, 0, 0, 0, 0x60, 2, 4, 0, 80, 0, 0, 0, 60], "ERF"),
        ] {
            assert!(describe(start).contains(name), "{start:?}: {}", describe(start));
        }
    }
}
