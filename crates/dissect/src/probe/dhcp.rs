//! DHCP (RFC 2131) and `DHCPv6` (RFC 8415).

use super::{Guess, Ports};
use crate::Protocol;
use crate::span::{byte, field};

const COOKIE: usize = 236;
const MAGIC: [u8; 4] = [99, 130, 83, 99];
const HEADER_LEN: usize = 240;

/// Recognises a message by its magic cookie (RFC 2131 section 3), on whatever port.
pub(super) fn probe(payload: &[u8], _: Ports) -> Guess {
    let Some(header) = payload.first_chunk::<HEADER_LEN>() else { return Guess::Nothing };
    let is_request_or_reply = matches!(byte::<0, _>(header), 1 | 2);
    if is_request_or_reply && field::<COOKIE, 4, _>(header) == MAGIC {
        Guess::Certain(Protocol::Dhcp)
    } else {
        Guess::Nothing
    }
}

const V6_CLIENT_PORT: u16 = 546;
const V6_SERVER_PORT: u16 = 547;
const V6_HEADER_LEN: usize = 4;
const V6_RELAY_HEADER_LEN: usize = 34;

/// Recognises a message by its type and first option (RFC 8415 sections 7.3 and 21.1), on its ports.
pub(super) fn probe_v6(payload: &[u8], ports: Ports) -> Guess {
    if !ports.include(V6_CLIENT_PORT) && !ports.include(V6_SERVER_PORT) {
        return Guess::Nothing;
    }
    let header_len = match payload.first() {
        // Relay-forward and relay-reply hold two addresses.
        Some(12 | 13) => V6_RELAY_HEADER_LEN,
        Some(1..=36) => V6_HEADER_LEN,
        _ => return Guess::Nothing,
    };
    match payload.get(header_len..) {
        // Every option code in use is below 256 and not 0.
        Some([0, 1..=255, high, low, option @ ..])
            if usize::from(u16::from_be_bytes([*high, *low])) <= option.len() =>
        {
            Guess::Certain(Protocol::Dhcpv6)
        }
        _ => Guess::Nothing,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::probe_udp;

    #[test]
    fn message_with_the_cookie_is_certain() {
        let mut message = [0; 300];
        message[0] = 1;
        message[236..240].copy_from_slice(&[0x63, 0x82, 0x53, 0x63]);
        assert_eq!(probe_udp(&message, 68, 67), Guess::Certain(Protocol::Dhcp));
        message[0] = 3;
        assert_eq!(probe_udp(&message, 68, 67), Guess::Nothing);
    }

    #[test]
    fn v6_message_needs_its_port_and_a_first_option_that_fits() {
        // Solicit with a client identifier of two bytes.
        let mut solicit = [1, 7, 7, 7, 0, 1, 0, 2, 9, 9];
        assert_eq!(probe_udp(&solicit, 546, 547), Guess::Certain(Protocol::Dhcpv6));
        assert_eq!(probe_udp(&solicit, 5460, 5470), Guess::Nothing);
        solicit[7] = 3;
        assert_eq!(probe_udp(&solicit, 546, 547), Guess::Nothing);
    }
}
