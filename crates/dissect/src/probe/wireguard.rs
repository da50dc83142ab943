//! WireGuard messages: a type, three zeros, and a fixed size but for data.

use super::{Guess, Ports};
use crate::Protocol;

const WIREGUARD: Guess = Guess::Certain(Protocol::WireGuard);
const INITIATION_LEN: usize = 148;
const RESPONSE_LEN: usize = 92;
const COOKIE_LEN: usize = 64;
/// Header and authentication tag around an empty packet (a keep-alive).
const MIN_DATA: usize = 32;

pub(super) fn probe(payload: &[u8], _: Ports) -> Guess {
    let &[kind, 0, 0, 0, ..] = payload else { return Guess::Nothing };
    match (kind, payload.len()) {
        (1, INITIATION_LEN) | (2, RESPONSE_LEN) | (3, COOKIE_LEN) => WIREGUARD,
        // Too weak to name it; a handshake follows within two minutes.
        (4, len) if len >= MIN_DATA && len % 16 == 0 => Guess::Unsure,
        _ => Guess::Nothing,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::probe_udp;

    fn message(kind: u8, len: usize) -> Guess {
        let mut bytes = vec![0x55; len];
        bytes[..4].copy_from_slice(&[kind, 0, 0, 0]);
        probe_udp(&bytes, 51820, 51820)
    }

    #[test]
    fn handshake_messages_have_their_size() {
        assert_eq!(message(1, 148), WIREGUARD);
        assert_eq!(message(2, 92), WIREGUARD);
        assert_eq!(message(3, 64), WIREGUARD);
        assert_eq!(message(1, 149), Guess::Nothing);
    }

    #[test]
    fn data_alone_is_unsure() {
        assert_eq!(message(4, 96), Guess::Unsure);
        assert_eq!(message(4, 97), Guess::Nothing);
    }
}
