//! Bytes that may be cut: what was captured, and how long it was on the wire.

use crate::{Layer, Malformed, Packet, Payload, Reason};

/// What was captured from some place of a packet on, and how long that was on the wire.
///
/// Every length check of the crate is made here. `bytes.len() <= wire_len` always holds.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Span<'a> {
    pub(crate) bytes: &'a [u8],
    pub(crate) wire_len: u32,
    offset: u32,
}

impl<'a> Span<'a> {
    /// Spans a whole packet.
    #[inline]
    pub(crate) fn of(packet: &Packet<'a>) -> Self {
        let captured = saturate(packet.bytes.len());
        Self { bytes: packet.bytes, wire_len: packet.wire_len.max(captured), offset: 0 }
    }

    /// Spans bytes whose length on the wire is not known, such as a packet quoted in another.
    pub(crate) fn of_bytes(bytes: &'a [u8]) -> Self {
        Self { bytes, wire_len: saturate(bytes.len()), offset: 0 }
    }

    /// Spans a payload; offsets count from its beginning.
    pub(crate) fn of_payload(payload: Payload<'a>) -> Self {
        Self { bytes: payload.bytes, wire_len: payload.wire_len, offset: 0 }
    }

    /// Takes a header of `N` bytes off the front.
    #[inline]
    pub(crate) fn split<const N: usize>(self, layer: Layer) -> Result<(&'a [u8; N], Self), Malformed> {
        Ok((self.header(layer)?, self.skip(N)))
    }

    /// Looks at a header of `N` bytes.
    #[inline]
    pub(crate) fn header<const N: usize>(self, layer: Layer) -> Result<&'a [u8; N], Malformed> {
        self.bytes.first_chunk().ok_or_else(|| self.too_short(layer, N))
    }

    /// Checks that `len` bytes were captured.
    #[inline]
    pub(crate) fn require(self, layer: Layer, len: usize) -> Result<(), Malformed> {
        if self.bytes.len() < len { Err(self.too_short(layer, len)) } else { Ok(()) }
    }

    /// Moves past `len` bytes; past more than were captured, nothing is left but the length on the wire. There is
    /// nothing to move to past the wire's end.
    #[inline]
    pub(crate) fn skip(self, len: usize) -> Self {
        Self {
            bytes: self.bytes.get(len..).unwrap_or_default(),
            wire_len: self.wire_len.saturating_sub(saturate(len)),
            offset: self.offset.saturating_add(saturate(len).min(self.wire_len)),
        }
    }

    /// Forgets what lies beyond `wire_len` bytes: padding, trailers, another datagram.
    #[inline]
    pub(crate) fn limit(self, wire_len: u32) -> Self {
        let bytes =
            usize::try_from(wire_len).ok().and_then(|len| self.bytes.get(..len)).unwrap_or(self.bytes);
        Self { bytes, wire_len: self.wire_len.min(wire_len), ..self }
    }

    /// Forgets what a capture of `len` bytes would not have kept.
    #[cfg(test)]
    pub(crate) fn cut(self, len: usize) -> Self {
        Self { bytes: &self.bytes[..len], ..self }
    }

    /// Reports that `layer`, which begins here, needs more bytes than were captured.
    #[cold]
    pub(crate) fn too_short(self, layer: Layer, needed: usize) -> Malformed {
        let needed = saturate(needed);
        let reason = if needed <= self.wire_len { Reason::CutByCapture } else { Reason::TooShort };
        self.malformed(layer, reason, needed, saturate(self.bytes.len()))
    }

    /// Reports something wrong with `layer`, which begins here.
    #[cold]
    pub(crate) fn malformed(self, layer: Layer, reason: Reason, needed: u32, had: u32) -> Malformed {
        Malformed { layer, reason, offset: self.offset, needed, had }
    }
}

impl<'a> From<Span<'a>> for Payload<'a> {
    #[inline]
    fn from(span: Span<'a>) -> Self {
        Self { bytes: span.bytes, wire_len: span.wire_len }
    }
}

/// Copies `LEN` bytes at offset `AT` out of a header; an offset outside the header does not compile.
#[inline]
pub(crate) fn field<const AT: usize, const LEN: usize, const N: usize>(header: &[u8; N]) -> [u8; LEN] {
    const { assert!(AT <= N && LEN <= N.saturating_sub(AT), "the field lies outside the header") }
    // The default is never taken; it spares the compiler's proof a panic.
    header.get(AT..).and_then(<[u8]>::first_chunk).copied().unwrap_or([0; LEN])
}

/// Reads a byte at offset `AT` of a header.
#[inline]
pub(crate) fn byte<const AT: usize, const N: usize>(header: &[u8; N]) -> u8 {
    let [value] = field::<AT, 1, N>(header);
    value
}

/// Reads 16 bits in network byte order at offset `AT` of a header.
#[inline]
pub(crate) fn be16<const AT: usize, const N: usize>(header: &[u8; N]) -> u16 {
    u16::from_be_bytes(field::<AT, 2, N>(header))
}

/// Reads 32 bits in network byte order at offset `AT` of a header.
#[inline]
pub(crate) fn be32<const AT: usize, const N: usize>(header: &[u8; N]) -> u32 {
    u32::from_be_bytes(field::<AT, 4, N>(header))
}

/// Counts bytes in 32 bits; no packet is longer.
#[inline]
pub(crate) fn saturate(len: usize) -> u32 {
    u32::try_from(len).unwrap_or(u32::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bytes_never_outnumber_the_wire_length() {
        let packet =
            Packet { at: None, link: crate::LinkType::RAW, interface: 0, wire_len: 1, bytes: &[1, 2, 3] };
        assert_eq!(Span::of(&packet).wire_len, 3);
    }

    #[test]
    fn skip_past_the_cut_keeps_the_wire_length() {
        let span = Span { bytes: &[1, 2, 3], wire_len: 100, offset: 0 }.skip(10);
        assert!(span.bytes.is_empty());
        assert_eq!((span.wire_len, span.offset), (90, 10));
    }

    #[test]
    fn header_beyond_the_wire_is_too_short_and_beyond_the_capture_is_cut() {
        let span = Span { bytes: &[1, 2, 3], wire_len: 8, offset: 14 };
        let cut = span.header::<8>(Layer::Udp).unwrap_err();
        assert_eq!((cut.reason, cut.offset, cut.needed, cut.had), (Reason::CutByCapture, 14, 8, 3));
        let short = span.header::<9>(Layer::Udp).unwrap_err();
        assert_eq!(short.reason, Reason::TooShort);
    }

    #[test]
    fn limit_drops_padding_and_never_adds() {
        let span = Span { bytes: &[1, 2, 3], wire_len: 3, offset: 0 };
        assert_eq!(span.limit(2).bytes, [1, 2]);
        assert_eq!(span.limit(9).wire_len, 3);
    }
}
