//! GRE, version 0 (RFC 2784, RFC 2890) and 1 (PPTP, RFC 2637), and the mirrored frames of ERSPAN.

use super::Opened;
use crate::EtherType;
use crate::link::ppp;
use crate::span::{Span, be16, be32};

const LEN: usize = 4;
const PROTOCOL: usize = 2;

const CHECKSUM: u16 = 0x8000;
const ROUTING: u16 = 0x4000;
const KEY: u16 = 0x2000;
const SEQUENCE: u16 = 0x1000;
/// Version 1 only.
const ACKNOWLEDGEMENT: u16 = 0x0080;
const VERSION: u16 = 0x0007;

/// Every optional field of a header, and a field of ERSPAN's, is a word.
const WORD: usize = 4;

/// ERSPAN types I and II: a header of two words where frames are numbered (II), else none (I).
const ERSPAN: EtherType = EtherType(0x88be);
const ERSPAN_II_LEN: usize = 8;
/// ERSPAN type III: three words, the last with the kind of frame and whether two more follow.
const ERSPAN_III: EtherType = EtherType(0x22eb);
const ERSPAN_III_LEN: usize = 12;
const ERSPAN_III_FLAGS: usize = 8;
const ERSPAN_PLATFORM_LEN: usize = 8;

pub(super) fn open(span: Span<'_>) -> Option<Opened<'_>> {
    let header = span.bytes.first_chunk::<LEN>()?;
    let flags = be16::<0, _>(header);
    let protocol = EtherType(be16::<PROTOCOL, _>(header));
    let mut rest = span.skip(LEN);
    if flags & ROUTING != 0 {
        return None;
    }
    if flags & CHECKSUM != 0 {
        rest = rest.skip(WORD);
    }
    let mut id = None;
    if flags & KEY != 0 {
        id = Some(be32::<0, WORD>(rest.bytes.first_chunk()?));
        rest = rest.skip(WORD);
    }
    let numbered = flags & SEQUENCE != 0;
    if numbered {
        rest = rest.skip(WORD);
    }
    match flags & VERSION {
        0 => {
            let (carried, rest) = inside(protocol, numbered, rest)?;
            Some(Opened { id, carried, rest })
        }
        1 if protocol == EtherType::PPP => {
            let acknowledges = flags & ACKNOWLEDGEMENT != 0;
            let (carried, rest) = ppp::carried(if acknowledges { rest.skip(WORD) } else { rest })?;
            // The key is a length and the number of the call.
            Some(Opened { id: id.map(|key| key & 0xffff), carried, rest })
        }
        _ => None,
    }
}

fn inside(protocol: EtherType, numbered: bool, span: Span<'_>) -> Option<(EtherType, Span<'_>)> {
    match protocol {
        EtherType::PPP => ppp::carried(span),
        ERSPAN if numbered => Some((EtherType::BRIDGED, span.skip(ERSPAN_II_LEN))),
        ERSPAN => Some((EtherType::BRIDGED, span)),
        ERSPAN_III => {
            let header = span.bytes.first_chunk::<ERSPAN_III_LEN>()?;
            let flags = be32::<ERSPAN_III_FLAGS, _>(header);
            let rest = span.skip(ERSPAN_III_LEN);
            let rest = if flags & 1 == 1 { rest.skip(ERSPAN_PLATFORM_LEN) } else { rest };
            match flags >> 10 & 0x1f {
                0 => Some((EtherType::BRIDGED, rest)),
                2 => Some((super::version(rest)?, rest)),
                _ => None,
            }
        }
        protocol => Some((protocol, span)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(bytes: &[u8]) -> Option<(Option<u32>, EtherType, Vec<u8>)> {
        open(Span::of_bytes(bytes)).map(|it| (it.id, it.carried, it.rest.bytes.to_vec()))
    }

    #[test]
    fn each_flag_adds_a_word() {
        assert_eq!(read(&[0, 0, 8, 0, 0x45]), Some((None, EtherType::IPV4, vec![0x45])));
        let all = [&[0xb0, 0, 0x86, 0xdd][..], &[0; 4], &[0, 0, 0, 9], &[0; 4], &[0x60]].concat();
        assert_eq!(read(&all), Some((Some(9), EtherType::IPV6, vec![0x60])));
    }

    #[test]
    fn a_source_route_and_an_unknown_version_are_left_alone() {
        assert_eq!(read(&[0x40, 0, 8, 0, 0, 0, 0, 0, 0x45]), None);
        assert_eq!(read(&[0, 2, 8, 0, 0x45]), None);
    }

    #[test]
    fn a_call_of_pptp_carries_ppp() {
        // Key, sequence number, acknowledgement; payload length 4 and call 5 as the key.
        let flags = [0x30, 0x81, 0x88, 0x0b];
        let bytes = [&flags[..], &[0, 4, 0, 5], &[0; 8], &[0xff, 3, 0, 0x21, 0x45]].concat();
        assert_eq!(read(&bytes), Some((Some(5), EtherType::IPV4, vec![0x45])));
        // An acknowledgement alone.
        assert_eq!(read(&[0x20, 0x81, 0x88, 0x0b, 0, 0, 0, 5, 0, 0, 0, 1]), None);
    }

    #[test]
    fn each_type_of_erspan_has_its_header() {
        let frame = [7; 14];
        let expected = |id| Some((id, EtherType::BRIDGED, frame.to_vec()));
        assert_eq!(read(&[&[0, 0, 0x88, 0xbe][..], &frame].concat()), expected(None));
        assert_eq!(read(&[&[0x10, 0, 0x88, 0xbe][..], &[0; 12], &frame].concat()), expected(None));
        // Type III: kind of frame 0, with the platform's two words.
        let platform = [&[0x10, 0, 0x22, 0xeb][..], &[0; 15], &[1], &[0; 8], &frame].concat();
        assert_eq!(read(&platform), expected(None));
        // Kind of frame 2, bits 10 to 14: IP.
        let ip = [&[0x10, 0, 0x22, 0xeb][..], &[0; 14], &[2 << 2, 0], &[0x45]].concat();
        assert_eq!(read(&ip), Some((None, EtherType::IPV4, vec![0x45])));
    }
}
