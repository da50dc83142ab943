//! ARP for IPv4 over Ethernet (RFC 826).

use super::Arp;
use crate::span::{Span, be16, byte, field};
use crate::{Layer, Malformed, Reason};

const LEN: usize = 28;
const HARDWARE: usize = 0;
const PROTOCOL: usize = 2;
const HARDWARE_LEN: usize = 4;
const PROTOCOL_LEN: usize = 5;
const OPERATION: usize = 6;
const SENDER: usize = 14;
const TARGET: usize = 24;

/// The part that says what the addresses are.
const FIXED_LEN: usize = 8;
const ETHERNET: u16 = 1;
const IPV4: u16 = 0x0800;

impl Arp {
    pub(crate) fn parse(span: Span<'_>) -> Result<Self, Malformed> {
        let fixed = span.header::<FIXED_LEN>(Layer::Arp)?;
        let kind = (be16::<HARDWARE, _>(fixed), be16::<PROTOCOL, _>(fixed));
        let lengths = (byte::<HARDWARE_LEN, _>(fixed), byte::<PROTOCOL_LEN, _>(fixed));
        if kind != (ETHERNET, IPV4) || lengths != (6, 4) {
            return Err(span.malformed(Layer::Arp, Reason::NotSupported, 0, 0));
        }
        let header = span.header::<LEN>(Layer::Arp)?;
        Ok(Self {
            operation: be16::<OPERATION, _>(header),
            sender: field::<SENDER, 4, _>(header).into(),
            target: field::<TARGET, 4, _>(header).into(),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const REQUEST: [u8; 28] = [
        0, 1, 8, 0, 6, 4, // Ethernet, IPv4, address lengths
        0, 1, // request
        2, 0, 0, 0, 0, 1, 192, 0, 2, 1, // sender
        0, 0, 0, 0, 0, 0, 192, 0, 2, 9, // target
    ];

    #[test]
    fn request_gives_both_protocol_addresses() {
        let arp = Arp::parse(Span::of_bytes(&REQUEST)).unwrap();
        assert_eq!(arp.operation, 1);
        assert_eq!(arp.sender.octets(), [192, 0, 2, 1]);
        assert_eq!(arp.target.octets(), [192, 0, 2, 9]);
    }

    #[test]
    fn other_hardware_is_not_supported() {
        let mut infiniband = REQUEST;
        infiniband[1] = 32;
        assert_eq!(Arp::parse(Span::of_bytes(&infiniband)).unwrap_err().reason, Reason::NotSupported);
    }

    #[test]
    fn missing_target_is_too_short() {
        assert_eq!(Arp::parse(Span::of_bytes(&REQUEST[..27])).unwrap_err().reason, Reason::TooShort);
    }
}
