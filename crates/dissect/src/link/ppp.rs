//! PPP (RFC 1661), with or without the address and control bytes of HDLC (RFC 1662), and `PPPoE` (RFC 2516).

use super::EtherType;
use crate::span::{Span, be16, byte};
use crate::{Layer, Malformed};

const ALL_STATIONS: u8 = 0xff;
const UNNUMBERED: u8 = 0x03;
const HDLC_LEN: usize = 2;

/// Cisco's HDLC writes an `EtherType` behind one of these addresses and a control byte of 0.
const CISCO_UNICAST: u8 = 0x0f;
const CISCO_MULTICAST: u8 = 0x8f;
const CISCO_LEN: usize = 4;
const CISCO_TYPE: usize = 2;

const IPV4: u16 = 0x0021;
const IPV6: u16 = 0x0057;
const MPLS: u16 = 0x0281;
const MPLS_MULTICAST: u16 = 0x0283;

const PPPOE_LEN: usize = 6;
/// Version 1, type 1.
const PPPOE_VERSION: u8 = 0x11;
const PPPOE_CODE: usize = 1;
const PPPOE_SESSION_DATA: u8 = 0;
const PPPOE_LENGTH: usize = 4;

/// Tells what a frame of a serial line carries, and where; PPP itself where it negotiates.
pub(super) fn parse(span: Span<'_>) -> Result<(EtherType, Span<'_>), Malformed> {
    let [first] = span.header::<1>(Layer::Link)?;
    if matches!(*first, CISCO_UNICAST | CISCO_MULTICAST) {
        let (header, rest) = span.split::<CISCO_LEN>(Layer::Link)?;
        return Ok((EtherType(be16::<CISCO_TYPE, _>(header)), rest));
    }
    span.require(Layer::Link, HDLC_LEN)?;
    Ok(carried(span).unwrap_or((EtherType::PPP, span)))
}

/// Tells what a PPP frame carries, and where; none for PPP's own protocols and for compressed headers.
pub(crate) fn carried(span: Span<'_>) -> Option<(EtherType, Span<'_>)> {
    let frame = match span.bytes {
        [ALL_STATIONS, UNNUMBERED, ..] => span.skip(HDLC_LEN),
        _ => span,
    };
    let (protocol, rest) = match *frame.bytes {
        // A protocol whose number ends in a set bit may leave out the first byte (RFC 1661 section 6.5).
        [low, ..] if low & 1 == 1 => (u16::from(low), frame.skip(1)),
        [high, low, ..] => (u16::from_be_bytes([high, low]), frame.skip(2)),
        _ => return None,
    };
    let carried = match protocol {
        IPV4 => EtherType::IPV4,
        IPV6 => EtherType::IPV6,
        MPLS => EtherType::MPLS,
        MPLS_MULTICAST => EtherType::MPLS_MULTICAST,
        _ => return None,
    };
    Some((carried, rest))
}

/// Tells what a frame of a `PPPoE` session carries, and where; none where it negotiates.
pub(super) fn in_session(span: Span<'_>) -> Result<Option<(EtherType, Span<'_>)>, Malformed> {
    let (header, rest) = span.split::<PPPOE_LEN>(Layer::Link)?;
    let is_data =
        byte::<0, _>(header) == PPPOE_VERSION && byte::<PPPOE_CODE, _>(header) == PPPOE_SESSION_DATA;
    let length = be16::<PPPOE_LENGTH, _>(header);
    Ok(if is_data { carried(rest.limit(u32::from(length))) } else { None })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(bytes: &[u8]) -> (EtherType, Vec<u8>) {
        let (carried, rest) = parse(Span::of_bytes(bytes)).unwrap();
        (carried, rest.bytes.to_vec())
    }

    #[test]
    fn framing_and_compressed_numbers_may_be_left_out() {
        for bytes in [&[0xff, 3, 0, 0x21, 7][..], &[0, 0x21, 7], &[0xff, 3, 0x21, 7], &[0x21, 7]] {
            assert_eq!(read(bytes), (EtherType::IPV4, vec![7]));
        }
        assert_eq!(read(&[0xff, 3, 0, 0x57, 7]), (EtherType::IPV6, vec![7]));
    }

    #[test]
    fn negotiation_is_ppp() {
        // The link control protocol, a configure request.
        assert_eq!(read(&[0xff, 3, 0xc0, 0x21, 1, 1, 0, 4]).0, EtherType::PPP);
    }

    #[test]
    fn cisco_hdlc_names_an_ether_type() {
        assert_eq!(read(&[0x0f, 0, 8, 0, 0x45]), (EtherType::IPV4, vec![0x45]));
    }

    #[test]
    fn session_data_ends_where_its_length_says() {
        // Version and type 1, session data, session 7, length 3: protocol and one byte; then padding.
        let bytes = [0x11, 0, 0, 7, 0, 3, 0, 0x57, 0x60, 0, 0];
        let (carried, rest) = in_session(Span::of_bytes(&bytes)).unwrap().unwrap();
        assert_eq!((carried, rest.bytes), (EtherType::IPV6, &[0x60][..]));
    }

    #[test]
    fn a_terminate_packet_carries_nothing() {
        assert!(in_session(Span::of_bytes(&[0x11, 0xa7, 0, 7, 0, 0])).unwrap().is_none());
    }
}
