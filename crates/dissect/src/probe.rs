//! Recognises applications by the first bytes of a payload.

mod dhcp;
mod dns;
mod netbios;
mod ntp;
mod quic;
mod start_line;
mod stun;
mod tls;
mod wireguard;

use crate::Protocol;

pub(crate) use start_line::METHODS;

/// What a probe makes of some payload.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Guess {
    /// It is this.
    Certain(Protocol),
    /// Too little to say; a later packet may tell.
    Unsure,
    /// Nothing known here.
    Nothing,
}

/// The ports of the packet that carries the payload.
#[derive(Clone, Copy, Debug)]
struct Ports {
    source: u16,
    destination: u16,
}

impl Ports {
    fn include(self, port: u16) -> bool {
        self.source == port || self.destination == port
    }
}

type Probe = fn(&[u8], Ports) -> Guess;

/// In order of how often they match.
const TCP: [Probe; 5] = [tls::probe, start_line::probe, start_line::probe_ssh, dns::probe_tcp, stun::probe];

/// Those bound to a port come first: they are cheap, and their bytes could be taken for something else.
const UDP: [Probe; 11] = [
    dns::probe_udp,
    ntp::probe,
    dhcp::probe_v6,
    netbios::probe,
    quic::probe,
    tls::probe_datagram,
    stun::probe,
    wireguard::probe,
    dhcp::probe,
    start_line::probe_datagram,
    dns::probe_elsewhere,
];

/// Recognises what a TCP payload begins.
///
/// `payload` is the first payload of one direction, or what a capture that starts in the middle sees first.
pub fn probe_tcp(payload: &[u8], source_port: u16, destination_port: u16) -> Guess {
    ask(&TCP, payload, Ports { source: source_port, destination: destination_port })
}

/// Recognises a UDP payload.
pub fn probe_udp(payload: &[u8], source_port: u16, destination_port: u16) -> Guess {
    ask(&UDP, payload, Ports { source: source_port, destination: destination_port })
}

/// Returns the first certain answer; failing that, whether any probe hopes for more.
fn ask(probes: &[Probe], payload: &[u8], ports: Ports) -> Guess {
    if payload.is_empty() {
        return Guess::Unsure;
    }
    let mut answer = Guess::Nothing;
    for probe in probes {
        match probe(payload, ports) {
            Guess::Nothing => {}
            Guess::Unsure => answer = Guess::Unsure,
            certain @ Guess::Certain(_) => return certain,
        }
    }
    answer
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A deterministic stream of noise (xorshift).
    struct Noise(u64);

    impl Noise {
        fn fill(&mut self, bytes: &mut [u8]) {
            for byte in bytes {
                self.0 ^= self.0 << 13;
                self.0 ^= self.0 >> 7;
                self.0 ^= self.0 << 17;
                *byte = self.0.to_le_bytes()[0];
            }
        }
    }

    #[test]
    fn noise_is_never_certain() {
        let mut noise = Noise(0x9e37_79b9_7f4a_7c15);
        let mut payload = [0; 200];
        for round in 0..200_000_usize {
            let len = round % payload.len();
            noise.fill(&mut payload[..len]);
            let tcp = probe_tcp(&payload[..len], 40_000, 50_000);
            let udp = probe_udp(&payload[..len], 40_000, 50_000);
            assert!(!matches!(tcp, Guess::Certain(_)), "{tcp:?}: {:02x?}", &payload[..len]);
            assert!(!matches!(udp, Guess::Certain(_)), "{udp:?}: {:02x?}", &payload[..len]);
        }
    }

    #[test]
    fn empty_payload_is_unsure() {
        assert_eq!(probe_tcp(&[], 1, 2), Guess::Unsure);
        assert_eq!(probe_udp(&[], 1, 2), Guess::Unsure);
    }
}
