//! The most bytes for the fewest conversations: fifty, of packets as long as they may be.

use crate::noise;
use crate::packets::{Arrival, Arrivals, Conversation};
use crate::pair::Pair;
use crate::path::{Endpoint, Path, Way};
use crate::rng::Rng;
use crate::tap::{Label, Tap};
use crate::tcp::{Piece, Setup, Stack, Tcp};

/// The size by default, in packets.
pub const DEFAULT_PACKETS: u64 = 3_000_000;

/// Conversations of TCP and of UDP.
const TCP: u8 = 40;
const UDP: u8 = 10;

/// Payload of a datagram, in bytes: a frame of 1514.
const DATAGRAM_LEN: usize = 1_472;

/// How far the datagrams of one conversation are apart, in nanoseconds.
const DATAGRAM_GAP: u64 = 200_000;

/// Plans about so many packets from `base`, in nanoseconds since the Unix epoch; cut them at their number.
///
/// Forty connections send one way without a loss, acknowledged every second segment; ten conversations of UDP do
/// so unasked.
pub fn arrivals(base: u64, packets: u64, seed: u64) -> impl Arrivals {
    // More than each can need.
    let bytes = packets * 1_460;
    (0..TCP + UDP).map(move |number| {
        let at = base + u64::from(number) * 1_000_000;
        let rng = Rng::new(seed, u64::from(number));
        if number < TCP { connection(number, bytes, rng).arrival(at) } else { flood(number, at) }
    })
}

fn path(number: u8, port: u16) -> Path {
    let client = Endpoint::new([10, 9, 0, number + 2].into(), 40_000 + u16::from(number));
    Path::new(client, Endpoint::new([198, 18, 9, number + 2].into(), port))
}

fn connection(number: u8, bytes: u64, rng: Rng) -> Tcp {
    let mut setup = Setup::new(path(number, 5_201), Label::plain("few TCP", "TCP"));
    setup.far = 2_000_000 + u64::from(number) * 100_000;
    setup.server = Stack { most_segments: 128, ..Stack::default() };
    let way = if number.is_multiple_of(4) { Way::Up } else { Way::Down };
    setup.client = setup.server;
    Tcp::new(
        setup.say(Way::Up, 0, vec![Piece::Noise(100)]).say(way, 1_000_000, vec![Piece::Noise(bytes)]),
        rng,
    )
}

fn flood(number: u8, at: u64) -> Arrival {
    let pair = Pair::new(path(number, 30_000));
    let mut payload = vec![0x07, 0xee];
    noise::append(&mut payload, u64::from(number), DATAGRAM_LEN - 2);
    (at, Box::new(Flood { pair, payload }))
}

/// Datagrams without an end.
#[derive(Debug)]
struct Flood {
    pair: Pair,
    payload: Vec<u8>,
}

impl Conversation for Flood {
    fn step(&mut self, now: u64, tap: &mut Tap) -> Option<u64> {
        tap.udp(Label::plain("few UDP", "UDP"), &self.pair.path, Way::Up, &self.payload);
        self.pair.count(Way::Up, tap);
        Some(now + DATAGRAM_GAP)
    }
}
