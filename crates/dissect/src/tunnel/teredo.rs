//! Teredo (RFC 4380): IPv6 behind its optional headers.

use super::Opened;
use crate::EtherType;
use crate::span::{Span, be16};

/// Authentication comes first, then the origin of a packet; each at most once (RFC 4380 section 5.1.1).
const MAX_HEADERS: usize = 2;
const AUTHENTICATION: u16 = 0x0001;
const AUTHENTICATION_LEN: usize = 4;
/// A nonce and a byte of confirmation behind both texts.
const NONCE_LEN: usize = 9;
const ORIGIN: u16 = 0x0000;
const ORIGIN_LEN: usize = 8;

const IPV6_LEN: usize = 40;
const PAYLOAD_LENGTH: usize = 4;

pub(super) fn open(span: Span<'_>) -> Option<Opened<'_>> {
    let mut rest = span;
    for _ in 0..MAX_HEADERS {
        rest = match be16::<0, 2>(rest.bytes.first_chunk()?) {
            AUTHENTICATION => {
                let &[_, _, client, value] = rest.bytes.first_chunk::<AUTHENTICATION_LEN>()?;
                let texts = usize::from(client).saturating_add(usize::from(value));
                rest.skip(AUTHENTICATION_LEN).skip(texts).skip(NONCE_LEN)
            }
            ORIGIN => rest.skip(ORIGIN_LEN),
            _ => break,
        };
    }
    let header = rest.bytes.first_chunk::<IPV6_LEN>()?;
    let payload_len = u32::from(be16::<PAYLOAD_LENGTH, _>(header));
    // Any payload may begin with a 6; the length must fit, too.
    let is_ipv6 = header.first()? >> 4 == 6 && payload_len <= rest.skip(IPV6_LEN).wire_len;
    is_ipv6.then_some(Opened { id: None, carried: EtherType::IPV6, rest })
}

#[cfg(test)]
mod tests {
    use super::*;

    /// An IPv6 header that nothing follows.
    fn bubble() -> Vec<u8> {
        [&[0x60, 0, 0, 0, 0, 0, 59, 21][..], &[0x20; 32]].concat()
    }

    #[test]
    fn both_optional_headers_are_passed() {
        let origin = [0, 0, 0xf0, 0, 1, 2, 3, 4];
        // No client identifier, an authentication value of one byte, nonce and confirmation.
        let authentication = [&[0, 1, 0, 1, 0xaa][..], &[0; NONCE_LEN]].concat();
        for front in
            [vec![], origin.to_vec(), authentication.clone(), [&authentication[..], &origin].concat()]
        {
            let bytes = [&front[..], &bubble()].concat();
            assert_eq!(open(Span::of_bytes(&bytes)).unwrap().rest.bytes, bubble());
        }
    }

    #[test]
    fn a_length_that_does_not_fit_is_no_teredo() {
        let mut bytes = bubble();
        bytes[5] = 1;
        assert!(open(Span::of_bytes(&bytes)).is_none());
        assert!(open(Span::of_bytes(&bubble()[..39])).is_none());
    }
}
