//! TCP (RFC 9293).

use netsonde_units::SeqNumber;

use super::{Tcp, TcpExtent, TcpFlags, TcpOptions};
use crate::span::{Span, be16, be32, byte, saturate};
use crate::{Layer, Malformed, Reason};

const LEN: usize = 20;
const SOURCE: usize = 0;
const DESTINATION: usize = 2;
const SEQUENCE: usize = 4;
const ACKNOWLEDGEMENT: usize = 8;
const DATA_OFFSET: usize = 12;
const FLAGS: usize = 13;
const WINDOW: usize = 14;

/// Up to the window: enough to find the conversation and its state. Checksum and urgent pointer follow.
const ESSENTIAL_LEN: usize = 16;

impl<'a> Tcp<'a> {
    /// Reads a header of which the first sixteen bytes were captured: it, and the length it claims.
    #[inline]
    pub(crate) fn parse(span: Span<'a>) -> Result<(Self, usize), Malformed> {
        let Some(header) = span.bytes.first_chunk::<ESSENTIAL_LEN>() else {
            return Err(span.too_short(Layer::Tcp, LEN));
        };
        let header_len = usize::from(byte::<DATA_OFFSET, _>(header) >> 4) << 2;
        let tcp = Self {
            source: be16::<SOURCE, _>(header),
            destination: be16::<DESTINATION, _>(header),
            sequence: SeqNumber::new(be32::<SEQUENCE, _>(header)),
            acknowledgement: SeqNumber::new(be32::<ACKNOWLEDGEMENT, _>(header)),
            flags: TcpFlags(byte::<FLAGS, _>(header)),
            window: be16::<WINDOW, _>(header),
            extent: TcpExtent::new(byte::<DATA_OFFSET, _>(header), span.bytes.len() >= LEN),
            options: options(span.bytes, header_len),
        };
        Ok((tcp, header_len))
    }

    /// Walks the options.
    #[inline]
    pub fn walk_options(&self) -> TcpOptions<'a> {
        let header_len = usize::try_from(self.extent.header_len()).unwrap_or(LEN);
        TcpOptions::new(self.options, header_len.saturating_sub(LEN))
    }

    /// Returns what follows a header of that length, which the segment must have room for.
    #[inline]
    pub(crate) fn payload(span: Span<'a>, header_len: usize) -> Result<Span<'a>, Malformed> {
        if header_len < LEN || saturate(header_len) > span.wire_len {
            return Err(bad_length(span, header_len));
        }
        Ok(span.skip(header_len))
    }
}

#[inline]
fn options(bytes: &[u8], header_len: usize) -> &[u8] {
    bytes.get(LEN..header_len.min(bytes.len())).unwrap_or_default()
}

#[cold]
fn bad_length(span: Span<'_>, header_len: usize) -> Malformed {
    if header_len < LEN {
        span.malformed(Layer::Tcp, Reason::BadLength, saturate(LEN), saturate(header_len))
    } else {
        span.malformed(Layer::Tcp, Reason::BadLength, saturate(header_len), span.wire_len)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Ports 80 and 12345, sequence 1, acknowledgement 2, SYN and ACK, window 512.
    const HEADER: [u8; 20] = [0, 80, 0x30, 0x39, 0, 0, 0, 1, 0, 0, 0, 2, 0x50, 0x12, 2, 0, 0, 0, 0, 0];

    /// The header with another data offset, and bytes behind it.
    fn segment(words: u8, behind: &[u8]) -> Vec<u8> {
        let mut bytes = HEADER.to_vec();
        bytes[DATA_OFFSET] = words << 4;
        bytes.extend(behind);
        bytes
    }

    #[test]
    fn plain_header_gives_every_field() {
        let bytes = segment(6, &[2, 4, 5, 0xb4, 0xaa]);
        let span = Span::of_bytes(&bytes);
        let (tcp, header_len) = Tcp::parse(span).unwrap();
        assert_eq!((tcp.source, tcp.destination), (80, 12345));
        assert_eq!((tcp.sequence.raw(), tcp.acknowledgement.raw()), (1, 2));
        assert_eq!((tcp.flags, tcp.window), (TcpFlags::SYN | TcpFlags::ACK, 512));
        assert_eq!((tcp.options, header_len), (&[2, 4, 5, 0xb4][..], 24));
        assert_eq!((tcp.extent.header_len(), tcp.extent.is_fixed_part_cut()), (24, false));
        assert_eq!(Tcp::payload(span, header_len).unwrap().bytes, [0xaa]);
    }

    #[test]
    fn header_cut_after_sixteen_bytes_keeps_the_essentials_and_the_payload_length() {
        let bytes = segment(6, &[0; 104]);
        let span = Span::of_bytes(&bytes).cut(16);
        let (tcp, header_len) = Tcp::parse(span).unwrap();
        assert_eq!((tcp.window, tcp.options), (512, &[][..]));
        assert!(tcp.extent.is_fixed_part_cut());
        let payload = Tcp::payload(span, header_len).unwrap();
        assert_eq!((payload.bytes, payload.wire_len), (&[][..], 100));
    }

    #[test]
    fn header_cut_before_sixteen_bytes_is_none() {
        let bytes = segment(5, &[]);
        let cut = Span::of_bytes(&bytes).cut(15);
        assert_eq!(Tcp::parse(cut).unwrap_err().reason, Reason::CutByCapture);
        let short = Span::of_bytes(&bytes[..15]);
        assert_eq!(Tcp::parse(short).unwrap_err().reason, Reason::TooShort);
    }

    #[test]
    fn options_cut_by_the_capture_keep_what_is_there() {
        let bytes = segment(8, &[1, 1, 8, 10, 0, 0, 0, 0, 0, 0, 0, 0, 0xaa]);
        let span = Span::of_bytes(&bytes).cut(23);
        let (tcp, header_len) = Tcp::parse(span).unwrap();
        assert_eq!((tcp.options, header_len), (&[1, 1, 8][..], 32));
        assert_eq!(Tcp::payload(span, header_len).unwrap().wire_len, 1);
    }

    #[test]
    fn data_offset_below_five_or_beyond_the_segment_is_bad() {
        for (words, needed, had) in [(4, 20, 16), (7, 28, 24)] {
            let bytes = segment(words, &[9; 4]);
            let span = Span::of_bytes(&bytes);
            let (tcp, header_len) = Tcp::parse(span).unwrap();
            let malformed = Tcp::payload(span, header_len).unwrap_err();
            assert_eq!((malformed.reason, malformed.needed, malformed.had), (Reason::BadLength, needed, had));
            assert_eq!(tcp.source, 80);
        }
    }
}
