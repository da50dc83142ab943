//! Where handshake messages begin and end: the headers of messages and of records.

use crate::Wire;

/// The header of a handshake message (RFC 8446 section 4).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct MessageHeader {
    /// Which message (IANA TLS `HandshakeType`).
    pub kind: u8,
    /// Bytes of its body, behind the header.
    pub len: u32,
}

impl MessageHeader {
    /// Bytes of the header.
    pub const LEN: usize = 4;
    /// A client's hello.
    pub const CLIENT_HELLO: u8 = 1;
    /// A server's hello.
    pub const SERVER_HELLO: u8 = 2;

    /// Reads the header in front of some bytes; none where they are too few.
    pub fn parse(bytes: &[u8]) -> Option<Self> {
        let [kind, a, b, c] = Wire(bytes).array()?;
        Some(Self { kind, len: u32::from_be_bytes([0, a, b, c]) })
    }
}

/// The header of a record of TLS (RFC 8446 section 5.1).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RecordHeader {
    /// What is in it (IANA TLS `ContentType`).
    pub kind: u8,
    /// Bytes of its content, behind the header.
    pub len: u16,
}

impl RecordHeader {
    /// Bytes of the header.
    pub const LEN: usize = 5;
    /// Bytes of the header in a datagram.
    pub const DATAGRAM_LEN: usize = 13;
    /// The most content: 2^14 bytes and the 2048 that TLS 1.2 allows encryption to add (RFC 5246 section 6.2.3).
    pub const MAX_CONTENT: u16 = (1 << 14) + 2048;
    /// Encryption begins, or nothing at all (RFC 8446 appendix D.4).
    pub const CHANGE_CIPHER_SPEC: u8 = 20;
    /// Something went wrong, or the end.
    pub const ALERT: u8 = 21;
    /// Handshake messages.
    pub const HANDSHAKE: u8 = 22;
    /// What the ends have to say to each other.
    pub const APPLICATION_DATA: u8 = 23;

    /// Reads the header in front of some bytes; none where they are too few or begin no record of TLS.
    pub fn parse(bytes: &[u8]) -> Option<Self> {
        let [kind, 3, 0..=4, high, low] = Wire(bytes).array()? else { return None };
        Self::checked(kind, [high, low])
    }

    /// Reads the header in front of a datagram's bytes, of a record that is not encrypted (RFC 6347 section 4.1); none
    /// where they are too few or begin no such record.
    pub fn parse_datagram(bytes: &[u8]) -> Option<Self> {
        let [kind, 0xfe, 0xfc | 0xfd | 0xff, 0, 0, _, _, _, _, _, _, high, low] = Wire(bytes).array()? else {
            return None;
        };
        Self::checked(kind, [high, low])
    }

    /// Tells whether a record of TLS may begin so, however few the bytes are.
    pub fn may_begin(bytes: &[u8]) -> bool {
        if bytes.len() >= Self::LEN {
            return Self::parse(bytes).is_some();
        }
        bytes.first().is_none_or(|kind| (Self::CHANGE_CIPHER_SPEC..=Self::APPLICATION_DATA).contains(kind))
            && bytes.get(1).is_none_or(|&major| major == 3)
            && bytes.get(2).is_none_or(|&minor| minor <= 4)
    }

    fn checked(kind: u8, len: [u8; 2]) -> Option<Self> {
        let len = u16::from_be_bytes(len);
        let is_sane = (Self::CHANGE_CIPHER_SPEC..=Self::APPLICATION_DATA).contains(&kind)
            && (1..=Self::MAX_CONTENT).contains(&len);
        is_sane.then_some(Self { kind, len })
    }
}

/// The header of a handshake message in a datagram, which may hold a piece of it (RFC 6347 section 4.2.2).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct FragmentHeader {
    /// Which message, and how long its body is as a whole.
    pub message: MessageHeader,
    /// The message's number in the handshake.
    pub sequence: u16,
    /// Where in the message's body the piece begins.
    pub offset: u32,
    /// Bytes of the piece, behind the header.
    pub len: u32,
}

impl FragmentHeader {
    /// Bytes of the header.
    pub const LEN: usize = 12;

    /// Reads the header in front of some bytes; none where they are too few.
    pub fn parse(bytes: &[u8]) -> Option<Self> {
        let mut wire = Wire(bytes);
        let message = MessageHeader::parse(wire.take(MessageHeader::LEN)?)?;
        let sequence = wire.be16()?;
        let [o0, o1, o2, l0, l1, l2] = wire.array()?;
        let offset = u32::from_be_bytes([0, o0, o1, o2]);
        Some(Self { message, sequence, offset, len: u32::from_be_bytes([0, l0, l1, l2]) })
    }
}
