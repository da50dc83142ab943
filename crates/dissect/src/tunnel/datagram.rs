//! Tunnels over UDP whose header comes first: VXLAN (RFC 7348), GENEVE (RFC 8926), GTP-U (3GPP TS 29.281).

use super::{Opened, version};
use crate::EtherType;
use crate::span::{Span, be16, be32, byte};

const LEN: usize = 8;

/// VXLAN: the network identifier is valid; the only flag that RFC 7348 defines.
const VXLAN_IDENTIFIED: u8 = 0x08;
/// The extension that carries a group policy beside.
const VXLAN_GROUP_POLICY: u8 = 0x80;
const VNI: usize = 4;

const GENEVE_VERSION: u8 = 0xc0;
const GENEVE_OPTION_WORDS: u8 = 0x3f;
/// A control packet speaks to the tunnel's end, not through it.
const GENEVE_CONTROL: u8 = 0x80;
const GENEVE_TYPE: usize = 2;

/// Version 1, GTP rather than GTP prime.
const GTP_VERSION_TYPE: u8 = 0xf0;
const GTP_VERSION_1: u8 = 0x30;
const GTP_EXTENDED: u8 = 0x04;
/// Any of extension header, sequence number and N-PDU number: then there is room for all three.
const GTP_OPTIONAL: u8 = 0x07;
const GTP_OPTIONAL_LEN: usize = 4;
const GTP_MESSAGE: usize = 1;
/// The message that holds a user's packet.
const GTP_PACKET: u8 = 255;
const GTP_LENGTH: usize = 2;
const GTP_TEID: usize = 4;
/// User plane messages carry one or two extension headers (TS 29.281 section 5.2); beyond eight they are noise.
const MAX_EXTENSIONS: usize = 8;

pub(super) fn open_vxlan(span: Span<'_>) -> Option<Opened<'_>> {
    let header = span.bytes.first_chunk::<LEN>()?;
    let [vni @ .., reserved] = be32::<VNI, _>(header).to_be_bytes();
    let is_known = byte::<0, _>(header) & !VXLAN_GROUP_POLICY == VXLAN_IDENTIFIED && reserved == 0;
    is_known.then(|| Opened { id: Some(number(vni)), carried: EtherType::BRIDGED, rest: span.skip(LEN) })
}

pub(super) fn open_geneve(span: Span<'_>) -> Option<Opened<'_>> {
    let header = span.bytes.first_chunk::<LEN>()?;
    let [vni @ .., reserved] = be32::<VNI, _>(header).to_be_bytes();
    let first = byte::<0, _>(header);
    let is_known = first & GENEVE_VERSION == 0 && byte::<1, _>(header) & GENEVE_CONTROL == 0 && reserved == 0;
    let options = usize::from(first & GENEVE_OPTION_WORDS) << 2;
    let carried = EtherType(be16::<GENEVE_TYPE, _>(header));
    is_known.then(|| Opened { id: Some(number(vni)), carried, rest: span.skip(LEN).skip(options) })
}

pub(super) fn open_gtp(span: Span<'_>) -> Option<Opened<'_>> {
    let header = span.bytes.first_chunk::<LEN>()?;
    let flags = byte::<0, _>(header);
    if flags & GTP_VERSION_TYPE != GTP_VERSION_1 || byte::<GTP_MESSAGE, _>(header) != GTP_PACKET {
        return None;
    }
    let length = u32::from(be16::<GTP_LENGTH, _>(header));
    let mut rest = span.skip(LEN);
    if length > rest.wire_len {
        return None;
    }
    rest = rest.limit(length);
    if flags & GTP_OPTIONAL != 0 {
        let optional = rest.bytes.first_chunk::<GTP_OPTIONAL_LEN>()?;
        let mut next = if flags & GTP_EXTENDED == 0 { 0 } else { byte::<3, _>(optional) };
        rest = rest.skip(GTP_OPTIONAL_LEN);
        for _ in 0..MAX_EXTENSIONS {
            if next == 0 {
                break;
            }
            // A length in words, content, and the type of the next one at the end.
            let len = usize::from(*rest.bytes.first()?) << 2;
            next = *rest.bytes.get(len.checked_sub(1)?)?;
            rest = rest.skip(len);
        }
        if next != 0 {
            return None;
        }
    }
    Some(Opened { id: Some(be32::<GTP_TEID, _>(header)), carried: version(rest)?, rest })
}

/// A number of three bytes.
fn number([high, middle, low]: [u8; 3]) -> u32 {
    u32::from_be_bytes([0, high, middle, low])
}

#[cfg(test)]
mod tests {
    use super::*;

    type Read = Option<(Option<u32>, EtherType, Vec<u8>)>;

    fn read(open: fn(Span<'_>) -> Option<Opened<'_>>, bytes: &[u8]) -> Read {
        open(Span::of_bytes(bytes)).map(|it| (it.id, it.carried, it.rest.bytes.to_vec()))
    }

    #[test]
    fn vxlan_carries_a_frame_in_its_network() {
        let bytes = [8, 0, 0, 0, 0, 0, 123, 0, 7];
        assert_eq!(read(open_vxlan, &bytes), Some((Some(123), EtherType::BRIDGED, vec![7])));
        assert_eq!(read(open_vxlan, &[0, 0, 0, 0, 0, 0, 123, 0, 7]), None, "no valid network");
        assert_eq!(read(open_vxlan, &[8, 0, 0, 0, 0, 0, 123, 1, 7]), None, "a reserved byte is set");
    }

    #[test]
    fn geneve_skips_its_options_and_leaves_control_packets() {
        let bytes = [1, 0, 0x65, 0x58, 0, 1, 0, 0, 0xee, 0xee, 0xee, 0xee, 7];
        assert_eq!(read(open_geneve, &bytes), Some((Some(256), EtherType::BRIDGED, vec![7])));
        assert_eq!(read(open_geneve, &[1, 0x80, 0x65, 0x58, 0, 1, 0, 0, 0, 0, 0, 0, 7]), None);
    }

    #[test]
    fn gtp_walks_its_extension_headers() {
        let plain = [0x30, 255, 0, 1, 0, 0, 0, 5, 0x45, 0xee];
        assert_eq!(read(open_gtp, &plain), Some((Some(5), EtherType::IPV4, vec![0x45])));
        // Sequence number, N-PDU number, a PDU session container (0x85) of one word, no header after it.
        let extended = [0x34, 255, 0, 9, 0, 0, 0, 5, 0, 0, 0, 0x85, 1, 0x10, 0, 0, 0x60];
        assert_eq!(read(open_gtp, &extended), Some((Some(5), EtherType::IPV6, vec![0x60])));
    }

    #[test]
    fn gtp_that_speaks_of_the_tunnel_carries_nothing() {
        let echo = [0x32, 1, 0, 4, 0, 0, 0, 0, 0, 1, 0, 0];
        assert_eq!(read(open_gtp, &echo), None);
    }

    #[test]
    fn gtp_with_a_wrong_length_or_endless_headers_is_none() {
        assert_eq!(read(open_gtp, &[0x30, 255, 0, 9, 0, 0, 0, 5, 0x45]), None);
        let endless = [&[0x34, 255, 0, 84, 0, 0, 0, 5, 0, 0, 0, 1][..], &[1, 0, 0, 1].repeat(20)].concat();
        assert_eq!(read(open_gtp, &endless), None);
        // An extension header of no words.
        assert_eq!(read(open_gtp, &[0x34, 255, 0, 5, 0, 0, 0, 5, 0, 0, 0, 1, 0]), None);
    }
}
