//! NTP (RFC 5905), on its port.

use super::{Guess, Ports};
use crate::Protocol;

const PORT: u16 = 123;
const HEADER_LEN: usize = 48;

pub(super) fn probe(payload: &[u8], ports: Ports) -> Guess {
    let Some([first, ..]) = payload.first_chunk::<HEADER_LEN>().filter(|_| ports.include(PORT)) else {
        return Guess::Nothing;
    };
    let (version, mode) = ((first >> 3) & 7, first & 7);
    if (1..=4).contains(&version) && mode >= 1 { Guess::Certain(Protocol::Ntp) } else { Guess::Nothing }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::probe_udp;

    #[test]
    fn client_packet_is_certain_on_its_port() {
        let mut packet = [0; 48];
        packet[0] = 0x23; // version 4, mode 3
        assert_eq!(probe_udp(&packet, 123, 123), Guess::Certain(Protocol::Ntp));
        assert_eq!(probe_udp(&packet, 1230, 1230), Guess::Nothing);
        assert_eq!(probe_udp(&packet[..47], 123, 123), Guess::Nothing);
        packet[0] = 0x20; // mode 0 is reserved
        assert_eq!(probe_udp(&packet, 123, 123), Guess::Nothing);
    }
}
