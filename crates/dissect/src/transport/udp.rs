//! UDP (RFC 768) and UDP-Lite (RFC 3828).

use super::Udp;
use crate::span::{Span, be16, saturate};
use crate::{Layer, Malformed, Reason};

const LEN: usize = 8;
const SOURCE: usize = 0;
const DESTINATION: usize = 2;
const LENGTH: usize = 4;

/// What the length field of a datagram means.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum LengthField {
    /// The datagram's length.
    Length,
    /// Likewise, or 0 for whatever IPv6 carries (RFC 2675 section 4).
    LengthOrJumbo,
    /// How much the checksum covers, 0 for all; the length is IP's (RFC 3828 section 3.1).
    Coverage,
}

impl Udp {
    /// Reads the header: the header, and the payload.
    #[inline]
    pub(crate) fn parse(span: Span<'_>, meaning: LengthField) -> Result<(Self, Span<'_>), Malformed> {
        let header = span.header::<LEN>(Layer::Udp)?;
        let length = u32::from(be16::<LENGTH, _>(header));
        let takes_remainder = match meaning {
            LengthField::Length => false,
            LengthField::LengthOrJumbo => length == 0,
            LengthField::Coverage => matches!(length, 0 | 8..),
        };
        if length < saturate(LEN) && !takes_remainder {
            return Err(span.malformed(Layer::Udp, Reason::BadLength, saturate(LEN), length));
        }
        let datagram = if takes_remainder { span } else { span.limit(length) };
        let udp = Self { source: be16::<SOURCE, _>(header), destination: be16::<DESTINATION, _>(header) };
        Ok((udp, datagram.skip(LEN)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Ports 53 and 4096, the given length field, two bytes of payload and one byte too many.
    fn datagram(length: u8) -> [u8; 11] {
        [0, 53, 16, 0, 0, length, 0, 0, 0xaa, 0xbb, 0xcc]
    }

    fn payload(length: u8, meaning: LengthField) -> Result<u32, Reason> {
        let bytes = datagram(length);
        let read = Udp::parse(Span::of_bytes(&bytes), meaning);
        read.map(|(_, payload)| payload.wire_len).map_err(|it| it.reason)
    }

    #[test]
    fn length_field_limits_the_payload() {
        let bytes = datagram(10);
        let (udp, payload) = Udp::parse(Span::of_bytes(&bytes), LengthField::Length).unwrap();
        assert_eq!((udp.source, udp.destination), (53, 4096));
        assert_eq!((payload.bytes, payload.wire_len), (&[0xaa, 0xbb][..], 2));
    }

    #[test]
    fn length_field_beyond_ip_takes_what_ip_has() {
        assert_eq!(payload(200, LengthField::Length), Ok(3));
    }

    #[test]
    fn length_field_zero_is_a_jumbogram_under_ipv6_only() {
        assert_eq!(payload(0, LengthField::Length), Err(Reason::BadLength));
        assert_eq!(payload(0, LengthField::LengthOrJumbo), Ok(3));
    }

    #[test]
    fn length_field_below_the_header_is_bad() {
        for length in 1..8 {
            for meaning in [LengthField::Length, LengthField::LengthOrJumbo, LengthField::Coverage] {
                assert_eq!(payload(length, meaning), Err(Reason::BadLength));
            }
        }
    }

    #[test]
    fn checksum_coverage_does_not_limit_the_payload() {
        assert_eq!(payload(8, LengthField::Coverage), Ok(3));
        assert_eq!(payload(0, LengthField::Coverage), Ok(3));
    }

    #[test]
    fn seven_bytes_are_too_short() {
        let short = Udp::parse(Span::of_bytes(&[0; 7]), LengthField::Length);
        assert_eq!(short.unwrap_err().reason, Reason::TooShort);
    }
}
