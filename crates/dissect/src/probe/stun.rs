//! STUN and TURN messages (RFC 8489 section 5).

use super::{Guess, Ports};
use crate::Protocol;

const HEADER_LEN: usize = 20;

/// Recognises a message by its magic cookie; it fills a datagram, and may begin a TCP stream.
pub(super) fn probe(payload: &[u8], _: Ports) -> Guess {
    let Some((header, attributes)) = payload.split_first_chunk::<HEADER_LEN>() else { return Guess::Nothing };
    let [0..=0x3f, _, high, low, 0x21, 0x12, 0xa4, 0x42, ..] = *header else { return Guess::Nothing };
    let length = u16::from_be_bytes([high, low]);
    if length % 4 != 0 {
        Guess::Nothing
    } else if usize::from(length) <= attributes.len() {
        Guess::Certain(Protocol::Stun)
    } else {
        Guess::Unsure
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{probe_tcp, probe_udp};

    #[test]
    fn binding_request_is_certain_over_udp_and_tcp() {
        let mut request = vec![0, 1, 0, 4, 0x21, 0x12, 0xa4, 0x42];
        request.extend([7; 12]); // transaction
        request.extend([0x80, 0x22, 0, 0]); // an empty attribute
        assert_eq!(probe_udp(&request, 1, 2), Guess::Certain(Protocol::Stun));
        assert_eq!(probe_tcp(&request, 1, 2), Guess::Certain(Protocol::Stun));
        assert_eq!(probe_udp(&request[..22], 1, 2), Guess::Unsure);
        request[3] = 3;
        assert_eq!(probe_udp(&request, 1, 2), Guess::Nothing);
    }
}
