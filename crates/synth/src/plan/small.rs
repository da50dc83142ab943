//! The worst for a table of conversations: ten packets of the least length each, from a random one every time.

use std::net::Ipv4Addr;

use crate::frame::tcp::flags::{ACK, FIN, PSH, SYN};
use crate::frame::tcp::{Header, Options};
use crate::noise;
use crate::packets::{Arrival, Arrivals, Conversation};
use crate::path::{Endpoint, Path, Way};
use crate::rng::Rng;
use crate::tap::{Label, Tap};

/// The size by default, in packets: a million conversations.
pub const DEFAULT_PACKETS: u64 = 10_000_000;

/// How many packets a conversation has.
const PACKETS_EACH: u8 = 10;

/// How far packets are apart, in nanoseconds.
const GAP: u64 = 2_000;

/// Payload of a UDP datagram and of a segment of TCP, in bytes: a frame of 60.
const DATAGRAM_LEN: usize = 18;
const SEGMENT_LEN: usize = 6;

const TCP: Label = Label::plain("small TCP", "TCP");
const UDP: Label = Label::plain("small UDP", "UDP");

/// The ten packets of a connection: which way, its bits, its payload, and how far either side has come.
const STEPS: [(Way, u8, usize, [u32; 2]); 10] = [
    (Way::Up, SYN, 0, [0, 0]),
    (Way::Down, SYN | ACK, 0, [0, 1]),
    (Way::Up, ACK, 0, [1, 1]),
    (Way::Up, ACK | PSH, SEGMENT_LEN, [1, 1]),
    (Way::Down, ACK, 0, [1, 7]),
    (Way::Down, ACK | PSH, SEGMENT_LEN, [1, 7]),
    (Way::Up, ACK, 0, [7, 7]),
    (Way::Up, ACK | FIN, 0, [7, 7]),
    (Way::Down, ACK | FIN, 0, [7, 8]),
    (Way::Up, ACK, 0, [8, 8]),
];

/// Plans so many packets, a tenth as many conversations, from `base`, in nanoseconds since the Unix epoch.
///
/// Three of four are connections of TCP: handshake, six bytes either way, the end. The others are UDP.
pub fn arrivals(base: u64, packets: u64, seed: u64) -> impl Arrivals {
    let conversations = packets.div_ceil(u64::from(PACKETS_EACH));
    let conversations = u32::try_from(conversations).unwrap_or(u32::MAX);
    let open = (0..conversations).map(|number| (number, 0)).collect();
    let crowd: Box<dyn Conversation> = Box::new(Crowd { open, seed, rng: Rng::new(seed, 0) });
    let arrival: Arrival = (base, crowd);
    std::iter::once(arrival)
}

/// All conversations at once, because a box for each would take more memory than they are worth.
#[derive(Debug)]
struct Crowd {
    /// The number of each conversation that is not over, and how many packets it had.
    open: Vec<(u32, u8)>,
    seed: u64,
    rng: Rng,
}

impl Crowd {
    /// Draws a conversation; returns its number and which of its packets is next.
    fn draw(&mut self) -> Option<(u32, u8)> {
        let count = u64::try_from(self.open.len()).unwrap_or_default();
        let place = usize::try_from(self.rng.below(count)).unwrap_or_default();
        let drawn = self.open.get_mut(place)?;
        let (number, step) = *drawn;
        drawn.1 += 1;
        if drawn.1 == PACKETS_EACH {
            self.open.swap_remove(place);
        }
        Some((number, step))
    }
}

impl Conversation for Crowd {
    fn step(&mut self, now: u64, tap: &mut Tap) -> Option<u64> {
        let (number, step) = self.draw()?;
        // What a conversation is made of comes from its number, so that nothing has to be kept.
        let mut rng = Rng::new(self.seed, u64::from(number) + 1);
        let path = path(number, &mut rng);
        if rng.chance(250_000) {
            let mut payload = Vec::with_capacity(DATAGRAM_LEN);
            // Above what any protocol begins with.
            payload.extend([0x07, 0xee]);
            noise::append(&mut payload, u64::from(number), DATAGRAM_LEN - 2);
            let way = if step.is_multiple_of(2) { Way::Up } else { Way::Down };
            tap.udp(UDP, &path, way, &payload);
            let udp = &mut tap.truth_mut().udp;
            udp.conversations += u64::from(step == 0);
            udp.streams += u64::from(step == 0);
        } else if let Some((way, flags, len, [seq, ack])) = STEPS.get(usize::from(step)).copied() {
            let (client, server) = (rng.word(), rng.word());
            let (mine, theirs) = if way == Way::Up { (client, server) } else { (server, client) };
            let acks = if flags & ACK == 0 { 0 } else { theirs.wrapping_add(ack) };
            let options = Options::default();
            let header = Header { seq: mine.wrapping_add(seq), ack: acks, flags, window: 64_240, options };
            tap.tcp(TCP, &path, way, &header, len, |out| noise::append(out, u64::from(number), len));
            tap.truth_mut().tcp.connections += u64::from(step == 0);
        }
        (!self.open.is_empty()).then(|| now + GAP)
    }
}

/// Returns the path of a conversation: sixteen ports of each client.
fn path(number: u32, rng: &mut Rng) -> Path {
    let [_, a, b, c] = (number / 16).to_be_bytes();
    let client = Ipv4Addr::new(10, a | 0x80, b, c);
    let [_, _, low, last] = rng.word().to_be_bytes();
    let server = Ipv4Addr::new(198, 18 + (low & 1), last, low);
    let port = 32_768 + u16::try_from(number % 16).unwrap_or_default() * 1_024;
    let server_port = 20_000 + u16::try_from(rng.below(10_000)).unwrap_or_default();
    Path::new(Endpoint::new(client.into(), port), Endpoint::new(server.into(), server_port))
}
