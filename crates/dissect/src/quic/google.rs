//! Google's QUIC of before (versions Q025 to Q046), whose hello is in clear.
//!
//! "QUIC Wire Layout Specification" and "QUIC Crypto", both Google's.

use super::reader::Reader;
use super::{FIXED_BIT, Fault, LONG_FORM, Version};

/// Flags of a public header: it has a version, and the connection's identifier of eight bytes.
const HAS_VERSION: u8 = 0x01;
const HAS_IDENTIFIER: u8 = 0x08;
const IDENTIFIER_LEN: u64 = 8;
/// What stands in for authentication before there are keys.
const HASH_LEN: u64 = 12;
/// Before this version a byte of flags was behind it.
const WITHOUT_PRIVATE_FLAGS: u8 = 34;
/// From this version on numbers are in network byte order.
const BIG_ENDIAN: u8 = 39;
/// From this version on the header is a long one of QUIC, with the lengths of both identifiers in one byte.
const LONG_HEADERS: u8 = 44;
/// From this version on a long header tells how long its packet number is; before it had four bytes.
const NUMBER_LENGTHS: u8 = 46;
/// From this version on the handshake is in a frame of its own, protected soon after.
const CRYPTO_FRAMES: u8 = 47;

const PADDING: u8 = 0x00;
const PING: u8 = 0x07;
/// Bits of a STREAM frame's type.
const STREAM: u8 = 0x80;
const STREAM_HAS_LEN: u8 = 0x20;

/// Tags of a message; the specification's messages have some twenty.
const MAX_TAGS: u16 = 128;

/// The client's hello, a list of values by tag.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Hello<'a> {
    tags: &'a [[u8; 8]],
    values: &'a [u8],
}

impl<'a> Hello<'a> {
    /// Finds the hello in a datagram of one of the versions that send it in clear.
    ///
    /// # Errors
    ///
    /// When it holds none, or one that cannot be read.
    pub fn find(datagram: &'a [u8]) -> Result<Self, Fault> {
        let mut reader = Reader(datagram);
        let google = read_header(&mut reader)?;
        reader.take(HASH_LEN)?;
        if google < WITHOUT_PRIVATE_FLAGS {
            reader.byte()?;
        }
        while !reader.0.is_empty() {
            match reader.byte()? {
                PADDING | PING => {}
                kind if kind & STREAM != 0 => {
                    let bytes = read_stream(&mut reader, kind, google)?;
                    if bytes.starts_with(b"CHLO") {
                        return Self::parse(bytes);
                    }
                }
                _ => return Err(Fault::BadFrame),
            }
        }
        Err(Fault::Cut)
    }

    /// Reads a hello.
    ///
    /// # Errors
    ///
    /// When it is none, or its tags are not all there.
    pub fn parse(message: &'a [u8]) -> Result<Self, Fault> {
        let mut reader = Reader(message);
        if reader.array()? != *b"CHLO" {
            return Err(Fault::BadMessage);
        }
        let count = u16::from_le_bytes(reader.array()?);
        let [_, _] = reader.array()?;
        if count > MAX_TAGS {
            return Err(Fault::BadMessage);
        }
        let tags = reader.0.as_chunks().0.get(..count.into()).ok_or(Fault::Cut)?;
        let values = reader.0.get(tags.as_flattened().len()..).unwrap_or_default();
        Ok(Self { tags, values })
    }

    /// Returns the name of the server; none where it says none, or what was captured ends before.
    pub fn server_name(&self) -> Option<&'a [u8]> {
        let mut begin = 0;
        for &[a, b, c, d, end @ ..] in self.tags {
            let end = usize::try_from(u32::from_le_bytes(end)).ok()?;
            if [a, b, c, d] == *b"SNI\0" {
                return self.values.get(begin..end);
            }
            begin = end;
        }
        None
    }
}

/// Tells whether a datagram begins with the public header of a client that uses one of the versions to 43.
pub fn has_public_header(datagram: &[u8]) -> bool {
    // A packet number of one byte at least is behind it.
    read_public_header(&mut Reader(datagram)).is_ok()
}

/// Passes the header; returns the version's number.
fn read_header(reader: &mut Reader<'_>) -> Result<u8, Fault> {
    if reader.0.first().is_some_and(|first| first & LONG_FORM == 0) {
        return read_public_header(reader);
    }
    let first = reader.byte()?;
    let version = Version(u32::from_be_bytes(reader.array()?)).google();
    let google = version.filter(|version| (LONG_HEADERS..CRYPTO_FRAMES).contains(version));
    let google = google.filter(|_| first & FIXED_BIT != 0).ok_or(Fault::NoLongHeader)?;
    let lengths = reader.byte()?;
    for length in [lengths >> 4, lengths & 0x0f] {
        // 0 for none, else three less than the length.
        reader.take(if length == 0 { 0 } else { u64::from(length).saturating_add(3) })?;
    }
    let number_len = if google < NUMBER_LENGTHS { 4 } else { u64::from(first & 3).saturating_add(1) };
    reader.take(number_len)?;
    Ok(google)
}

fn read_public_header(reader: &mut Reader<'_>) -> Result<u8, Fault> {
    let flags = reader.byte()?;
    if flags & LONG_FORM != 0 || flags & HAS_VERSION == 0 || flags & HAS_IDENTIFIER == 0 {
        return Err(Fault::NoLongHeader);
    }
    reader.take(IDENTIFIER_LEN)?;
    let version = Version(u32::from_be_bytes(reader.array()?)).google().ok_or(Fault::NoLongHeader)?;
    let number_len = match flags >> 4 & 3 {
        0 => 1,
        1 => 2,
        2 => 4,
        _ => 6,
    };
    reader.take(number_len)?;
    Ok(version)
}

/// Passes a STREAM frame; returns what it carries.
fn read_stream<'a>(reader: &mut Reader<'a>, kind: u8, google: u8) -> Result<&'a [u8], Fault> {
    let stream_len = u64::from(kind & 3).saturating_add(1);
    let offset_len = match kind >> 2 & 7 {
        0 => 0,
        more => u64::from(more).saturating_add(1),
    };
    reader.take(stream_len)?;
    reader.take(offset_len)?;
    if kind & STREAM_HAS_LEN == 0 {
        return Ok(std::mem::take(&mut reader.0));
    }
    let len = reader.array()?;
    let len = if google < BIG_ENDIAN { u16::from_le_bytes(len) } else { u16::from_be_bytes(len) };
    reader.take(len.into())
}
