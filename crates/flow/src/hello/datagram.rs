//! The handshake messages in a datagram of DTLS (RFC 6347 section 4.2), which may be pieces of longer ones.

use netsonde_dissect::hello::{FragmentHeader, MessageHeader, RecordHeader};

use super::{Heard, stream};
use crate::HelloOver;

/// Pieces of messages in a datagram; a flight of a server has half as many messages.
const MAX_PIECES: usize = 16;

/// A piece of a hello, or the whole of it.
#[derive(Clone, Copy, Debug)]
pub(super) struct Piece<'a> {
    kind: u8,
    /// The message's number in the handshake.
    pub(super) sequence: u16,
    /// Length of the message's body.
    pub(super) message_len: usize,
    /// Where in it the piece begins.
    pub(super) offset: u32,
    pub(super) bytes: &'a [u8],
}

impl Piece<'_> {
    /// Reads the message where the piece is all of it.
    pub(super) fn read_whole(&self) -> Option<Heard> {
        (self.bytes.len() == self.message_len).then(|| self.read(self.bytes))
    }

    /// Reads the message that it is a piece of.
    pub(super) fn read(&self, body: &[u8]) -> Heard {
        stream::read_message(self.kind, body, HelloOver::Dtls)
    }
}

/// Returns the pieces of hellos in a datagram, up to what is encrypted or no record.
pub(super) fn pieces(mut datagram: &[u8]) -> impl Iterator<Item = Piece<'_>> {
    let mut messages: &[u8] = &[];
    let pieces = std::iter::from_fn(move || {
        while messages.is_empty() {
            let header = RecordHeader::parse_datagram(datagram)?;
            let behind = datagram.get(RecordHeader::DATAGRAM_LEN..)?;
            let (content, rest) = behind.split_at_checked(header.len.into()).unwrap_or((behind, &[]));
            datagram = rest;
            if header.kind == RecordHeader::HANDSHAKE {
                messages = content;
            }
        }
        let header = FragmentHeader::parse(messages)?;
        let behind = messages.get(FragmentHeader::LEN..)?;
        let len = usize::try_from(header.len).ok()?;
        let (bytes, rest) = behind.split_at_checked(len).unwrap_or((behind, &[]));
        messages = rest;
        let message_len = usize::try_from(header.message.len).ok()?;
        let FragmentHeader { message, sequence, offset, .. } = header;
        Some(Piece { kind: message.kind, sequence, message_len, offset, bytes })
    });
    let is_hello = |kind| matches!(kind, MessageHeader::CLIENT_HELLO | MessageHeader::SERVER_HELLO);
    pieces.take(MAX_PIECES).filter(move |piece| is_hello(piece.kind))
}
