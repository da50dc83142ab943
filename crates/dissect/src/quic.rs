//! QUIC's packets, as far as they are in clear (RFC 8999, RFC 9000 section 17, RFC 9369), and what is inside those whose
//! keys everybody can make.
//!
//! A datagram holds one packet or several. [`Packet::parse`] takes a long header off its front; the short header of a
//! 1-RTT packet says nothing by itself. What an Initial protects is read by [`Frames`] once somebody has opened it.
//! Google's QUIC of before has headers of its own, and its hello is in clear: [`google`].

mod frames;
pub mod google;
mod reader;
mod version;

use std::fmt;

pub use frames::{Frame, Frames};
use reader::Reader;
pub use version::Version;

/// A long header has this bit set, a short one has not (RFC 8999 section 5).
pub const LONG_FORM: u8 = 0x80;
/// Every packet of the versions that are known has this bit set (RFC 9000 section 17), but a list of versions; those of ends
/// that agreed on it have it at random (RFC 9287).
pub const FIXED_BIT: u8 = 0x40;
/// What ends a Retry packet (RFC 9000 section 17.2.5).
pub const INTEGRITY_TAG_LEN: usize = 16;
/// Bytes that every long header begins with.
const FIRST_BYTE_AND_VERSION: u64 = 5;
/// RFC 9000 section 17.2.
const MAX_CONNECTION_ID: usize = 20;
/// Packets of a datagram that are read: one of each kind, and as many again for those that are cut small on purpose.
const MAX_PACKETS: usize = 8;

/// Why something could not be read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fault {
    /// It ends before what it announces: cut by the capture, or wrong.
    Cut,
    /// The header is a short one, or there is none.
    NoLongHeader,
    /// The bit that is always set is not.
    NoFixedBit,
    /// A connection identifier of more than 20 bytes.
    LongConnectionId,
    /// A frame that does not belong there.
    BadFrame,
    /// A handshake message of Google's that contradicts itself.
    BadMessage,
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Cut => "packet ends early",
            Self::NoLongHeader => "no long header",
            Self::NoFixedBit => "fixed bit not set",
            Self::LongConnectionId => "connection identifier of more than 20 bytes",
            Self::BadFrame => "frame that does not belong there",
            Self::BadMessage => "handshake message that contradicts itself",
        })
    }
}

/// What a packet with a long header is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PacketType {
    /// It carries the hellos; its keys follow from the client's first connection identifier.
    Initial,
    /// Data that a client sends before the handshake.
    ZeroRtt,
    /// The rest of the handshake.
    Handshake,
    /// A server sends the client on, with a token.
    Retry,
    /// A server lists the versions that it speaks (RFC 8999 section 6).
    VersionNegotiation,
    /// A version that is not known, of which only the invariants can be read (RFC 8999).
    Unknown,
}

/// A packet with a long header.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Packet<'a> {
    /// Its version; 0 for a list of versions.
    pub version: Version,
    /// What it is for.
    pub kind: PacketType,
    /// The identifier of who gets it.
    pub destination: &'a [u8],
    /// The identifier of who sends it.
    pub source: &'a [u8],
    /// An Initial's or a Retry's token; else nothing.
    pub token: &'a [u8],
    /// How many bytes its header announces behind itself, 0 to 2^62 - 1; of packets without a length field, how many
    /// there are.
    pub announced: u64,
    /// Its header: up to the packet number, where it has one.
    pub header: &'a [u8],
    /// What is behind the header, as far as it was captured: packet number and payload, both protected; of a Retry
    /// the integrity tag; of version negotiation the list.
    pub behind: &'a [u8],
}

impl<'a> Packet<'a> {
    /// Takes a packet with a long header off the front of a datagram: the packet, and what is behind it.
    ///
    /// # Errors
    ///
    /// When the header cannot be read; what is cut behind it is no fault ([`Self::is_cut`]).
    pub fn parse(datagram: &'a [u8]) -> Result<(Self, &'a [u8]), Fault> {
        let &[first, v0, v1, v2, v3, ..] = datagram else { return Err(Fault::NoLongHeader) };
        if first & LONG_FORM == 0 {
            return Err(Fault::NoLongHeader);
        }
        let version = Version(u32::from_be_bytes([v0, v1, v2, v3]));
        // Ends that agreed on it may leave the bit to chance (RFC 9287).
        let may_lack_bit = version == Version::NEGOTIATION || version.is_known();
        if first & FIXED_BIT == 0 && !may_lack_bit {
            return Err(Fault::NoFixedBit);
        }
        let read = Self::read(datagram, version, version.packet_type(first));
        if read.is_err() && version.is_greased() {
            // Whoever sends it may lay it out as nobody does.
            return Self::read(datagram, version, PacketType::Unknown);
        }
        read
    }

    fn read(datagram: &'a [u8], version: Version, kind: PacketType) -> Result<(Self, &'a [u8]), Fault> {
        let mut reader = Reader(datagram);
        reader.take(FIRST_BYTE_AND_VERSION)?;
        let (mut destination, mut source, mut token) = Default::default();
        if !version.has_google_header() {
            destination = connection_id(&mut reader, kind)?;
            source = connection_id(&mut reader, kind)?;
        }
        if kind == PacketType::Initial {
            let len = reader.variable()?;
            token = reader.take(len)?;
        }
        let announced = match kind {
            PacketType::Initial | PacketType::ZeroRtt | PacketType::Handshake => Some(reader.variable()?),
            PacketType::Retry => {
                let len = reader.0.len().checked_sub(INTEGRITY_TAG_LEN).ok_or(Fault::Cut)?;
                token = reader.take(saturate(len))?;
                None
            }
            PacketType::VersionNegotiation | PacketType::Unknown => None,
        };
        let left = reader.0;
        let announced = announced.unwrap_or_else(|| saturate(left.len()));
        let header_len = datagram.len().saturating_sub(left.len());
        let header = datagram.get(..header_len).unwrap_or_default();
        let behind_len = usize::try_from(announced).unwrap_or(usize::MAX);
        let (behind, rest) = left.split_at_checked(behind_len).unwrap_or((left, &[]));
        Ok((Self { version, kind, destination, source, token, announced, header, behind }, rest))
    }

    /// Tells whether less was captured than its header announces.
    pub fn is_cut(&self) -> bool {
        saturate(self.behind.len()) != self.announced
    }

    /// Returns the versions that version negotiation lists; nothing for other packets.
    pub fn versions(&self) -> impl Iterator<Item = Version> + use<'a> {
        let list = if self.kind == PacketType::VersionNegotiation { self.behind } else { &[] };
        list.as_chunks::<4>().0.iter().map(|&version| Version(u32::from_be_bytes(version)))
    }
}

fn connection_id<'a>(reader: &mut Reader<'a>, kind: PacketType) -> Result<&'a [u8], Fault> {
    let len = usize::from(reader.byte()?);
    // Versions to come may have longer ones (RFC 8999 section 5.1).
    if len > MAX_CONNECTION_ID && kind != PacketType::Unknown {
        return Err(Fault::LongConnectionId);
    }
    reader.take(saturate(len))
}

fn saturate(len: usize) -> u64 {
    u64::try_from(len).unwrap_or(u64::MAX)
}

/// Returns the packets with long headers of a datagram, up to the first that is none; at most eight.
pub fn packets(datagram: &[u8]) -> impl Iterator<Item = Packet<'_>> {
    let mut rest = datagram;
    let next = move || {
        let (packet, behind) = Packet::parse(rest).ok()?;
        rest = behind;
        Some(packet)
    };
    std::iter::from_fn(next).take(MAX_PACKETS)
}

#[cfg(test)]
mod tests;
