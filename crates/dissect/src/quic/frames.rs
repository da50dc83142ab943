//! The frames inside an Initial packet (RFC 9000 sections 12.4 and 19).

use super::reader::Reader;
use super::{Fault, Version};

const PADDING: u64 = 0x00;
const PING: u64 = 0x01;
const ACK: u64 = 0x02;
const ACK_ECN: u64 = 0x03;
const CRYPTO: u64 = 0x06;
const CONNECTION_CLOSE: u64 = 0x1c;
/// Google numbered its frames in another way.
const GOOGLE_PING: u64 = 0x07;
const GOOGLE_CRYPTO: u64 = 0x08;

/// A frame that an Initial packet may hold.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Frame<'a> {
    /// Nothing: a run of it counts as one.
    Padding,
    /// A sign of life.
    Ping,
    /// What was received: packets up to this number.
    Ack {
        /// The largest number received.
        largest: u64,
    },
    /// A piece of the handshake.
    Crypto {
        /// Where it begins in the stream of handshake bytes.
        offset: u64,
        /// The piece.
        bytes: &'a [u8],
    },
    /// The end.
    ConnectionClose {
        /// The transport's reason (RFC 9000 section 20.1).
        code: u64,
    },
}

/// The frames of an opened packet, in order, up to the first fault.
#[derive(Clone, Debug)]
pub struct Frames<'a> {
    rest: Reader<'a>,
    is_google: bool,
}

impl<'a> Frames<'a> {
    /// Reads what was inside an Initial packet of this version.
    pub fn new(version: Version, payload: &'a [u8]) -> Self {
        Self { rest: Reader(payload), is_google: version.google().is_some() }
    }

    fn read(&mut self) -> Result<Frame<'a>, Fault> {
        let rest = &mut self.rest;
        match (rest.variable()?, self.is_google) {
            (PADDING, _) => {
                let more = rest.0.iter().take_while(|&&byte| byte == 0).count();
                rest.0 = rest.0.get(more..).unwrap_or_default();
                Ok(Frame::Padding)
            }
            (PING, false) | (GOOGLE_PING, true) => Ok(Frame::Ping),
            (kind @ (ACK | ACK_ECN), false) => read_ack(rest, kind == ACK_ECN),
            (CRYPTO, false) | (GOOGLE_CRYPTO, true) => {
                let (offset, len) = (rest.variable()?, rest.variable()?);
                Ok(Frame::Crypto { offset, bytes: rest.take(len)? })
            }
            (CONNECTION_CLOSE, false) => {
                let (code, _frame, reason_len) = (rest.variable()?, rest.variable()?, rest.variable()?);
                rest.take(reason_len)?;
                Ok(Frame::ConnectionClose { code })
            }
            _ => Err(Fault::BadFrame),
        }
    }
}

/// Reads an ACK frame; its ranges take two bytes at least, so that their number is bounded by the packet.
fn read_ack<'a>(rest: &mut Reader<'a>, has_ecn: bool) -> Result<Frame<'a>, Fault> {
    let (largest, _delay, ranges, _first_range) =
        (rest.variable()?, rest.variable()?, rest.variable()?, rest.variable()?);
    for _ in 0..ranges {
        let (_gap, _len) = (rest.variable()?, rest.variable()?);
    }
    if has_ecn {
        let _counts = [rest.variable()?, rest.variable()?, rest.variable()?];
    }
    Ok(Frame::Ack { largest })
}

impl<'a> Iterator for Frames<'a> {
    type Item = Result<Frame<'a>, Fault>;

    fn next(&mut self) -> Option<Self::Item> {
        if self.rest.0.is_empty() {
            return None;
        }
        let frame = self.read();
        if frame.is_err() {
            self.rest.0 = &[];
        }
        Some(frame)
    }
}
