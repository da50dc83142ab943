//! A connection of QUIC: a handshake that anybody can read, and packets that nobody can.

mod spin;

use std::cmp::Reverse;
use std::collections::{BinaryHeap, VecDeque};

use crate::packets::Conversation;
use crate::pair::Pair;
use crate::path::{Path, Way};
use crate::payload::quic::{Connection, Order, Side};
use crate::payload::tls::ClientHello;
use crate::rng::Rng;
use crate::tap::{Label, Tap};
use crate::truth::{Hello, Note};
use spin::Spin;

/// The most that a packet carries, in bytes.
const MAX_PAYLOAD: u64 = 1_220;

/// Packets of the first round of an answer, and of the largest.
const FIRST_ROUND: u64 = 12;
const LARGEST_ROUND: u64 = 64;

/// How many packets are acknowledged at once.
const ACK_EVERY: u64 = 4;

/// A question and its answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Exchange {
    /// How long the client thinks before, in nanoseconds.
    pub think: u64,
    /// Bytes that the client sends.
    pub request: u64,
    /// Bytes that the server answers.
    pub response: u64,
}

/// Where a connection runs.
#[derive(Clone, Copy, Debug)]
pub struct Line {
    /// The two ends.
    pub path: Path,
    /// What its packets are counted as.
    pub label: Label,
    /// From the client to the tap, one way, in nanoseconds.
    pub near: u64,
    /// From the tap to the server, one way, in nanoseconds.
    pub far: u64,
    /// How long a full packet takes, in nanoseconds.
    pub pace: u64,
}

/// A connection of QUIC, in which nothing is lost.
#[derive(Debug)]
pub struct Quic {
    line: Line,
    pair: Pair,
    connection: Connection,
    exchanges: VecDeque<Exchange>,
    /// What passes, in order of time and of making.
    ready: BinaryHeap<Reverse<(u64, u64, Ready)>>,
    made: u64,
    hello: Option<Box<Hello>>,
    spin: Spin,
    rng: Rng,
}

#[derive(Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Ready {
    Datagram(Way, Vec<u8>),
    /// The last datagram of the client's hello.
    Greeting(Vec<u8>),
    Short(Way, u64),
    /// The next round of an answer: bytes left, packets in the round.
    Round(u64, u64),
    Ask,
}

impl Quic {
    /// Makes a connection whose hello passes at `at`, in nanoseconds since the Unix epoch.
    pub fn new(
        at: u64,
        line: Line,
        hello: &ClientHello<'_>,
        order: Order,
        exchanges: Vec<Exchange>,
        mut rng: Rng,
    ) -> Self {
        let mut connection = Connection::new(&mut rng);
        let initials = connection.client_initials(hello, order, &mut rng);
        let (client, server) = (line.path.client, line.path.server);
        let hello = hello.server_name.map(|name| {
            Box::new(Hello {
                client: client.ip,
                client_port: client.port,
                server: server.ip,
                server_port: server.port,
                name: name.to_owned(),
                alpn: hello.alpn.map(|alpn| alpn.names().to_vec()).unwrap_or_default(),
                split: initials.len() > 1,
            })
        });
        let mut quic = Self {
            line,
            pair: Pair::new(line.path),
            connection,
            exchanges: exchanges.into(),
            ready: BinaryHeap::new(),
            made: 0,
            hello,
            spin: Spin::new(2 * line.near, 2 * line.far),
            rng,
        };
        quic.greet(at, initials);
        quic
    }

    /// Makes an arrival of it, for a plan.
    pub fn arrival(self) -> (u64, Box<dyn Conversation>) {
        (self.next().unwrap_or_default(), Box::new(self))
    }

    fn next(&self) -> Option<u64> {
        self.ready.peek().map(|Reverse((at, ..))| *at)
    }

    fn push(&mut self, at: u64, ready: Ready) {
        self.made += 1;
        self.ready.push(Reverse((at, self.made, ready)));
    }

    /// Lays out the handshake.
    fn greet(&mut self, at: u64, mut initials: Vec<Vec<u8>>) {
        let (near, far, pace) = (2 * self.line.near, 2 * self.line.far, self.line.pace);
        let last = initials.pop();
        let mut time = at;
        for initial in initials {
            self.push(time, Ready::Datagram(Way::Up, initial));
            time += pace;
        }
        self.push(time, Ready::Greeting(last.unwrap_or_default()));
        let certificates = 2_000 + usize::try_from(self.rng.below(1_500)).unwrap_or_default();
        let mut answered = time + far + 800_000;
        for datagram in self.connection.server_handshake(certificates, &mut self.rng) {
            answered += pace;
            self.push(answered, Ready::Datagram(Way::Down, datagram));
        }
        let exchange = self.exchanges.pop_front();
        let request = exchange.map_or(40, |exchange| exchange.request.min(400));
        let request = usize::try_from(request).unwrap_or_default();
        let finished = self.connection.client_finished(request, &mut self.rng);
        let finish = answered + near + 300_000;
        self.push(finish, Ready::Datagram(Way::Up, finished));
        if let Some(exchange) = exchange {
            self.push(finish + far + 2_000_000, Ready::Round(exchange.response, FIRST_ROUND));
        }
    }

    /// Lays out one round of an answer; the next begins when this one can be acknowledged.
    fn round(&mut self, now: u64, left: u64, packets: u64) {
        let (near, pace) = (2 * self.line.near, self.line.pace);
        let (mut left, mut time) = (left, now);
        for packet in 1..=packets.min(left.div_ceil(MAX_PAYLOAD)) {
            let len = left.min(MAX_PAYLOAD);
            left -= len;
            self.push(time, Ready::Short(Way::Down, len));
            if packet % ACK_EVERY == 0 || left == 0 {
                let len = self.rng.between(20, 34);
                self.push(time + near + 50_000, Ready::Short(Way::Up, len));
            }
            time += pace;
        }
        let round_trip = near + 2 * self.line.far;
        if left > 0 {
            let next = time.max(now + round_trip);
            self.push(next, Ready::Round(left, (packets * 2).min(LARGEST_ROUND)));
        } else if let Some(next) = self.exchanges.front() {
            self.push(time + near + next.think, Ready::Ask);
        }
    }

    fn ask(&mut self, now: u64) {
        let Some(exchange) = self.exchanges.pop_front() else { return };
        let mut time = now;
        let mut left = exchange.request;
        while left > 0 {
            let len = left.min(MAX_PAYLOAD);
            left -= len;
            self.push(time, Ready::Short(Way::Up, len));
            time += self.line.pace;
        }
        self.push(time + 2 * self.line.far + 3_000_000, Ready::Round(exchange.response, FIRST_ROUND));
    }

    fn send(&mut self, way: Way, payload: &[u8], tap: &mut Tap) {
        tap.udp(self.line.label, &self.line.path, way, payload);
        self.pair.count(way, tap);
    }
}

impl Conversation for Quic {
    fn step(&mut self, now: u64, tap: &mut Tap) -> Option<u64> {
        let Reverse((_, _, ready)) = self.ready.pop()?;
        match ready {
            Ready::Datagram(way, payload) => self.send(way, &payload, tap),
            Ready::Greeting(payload) => {
                self.send(Way::Up, &payload, tap);
                if let Some(hello) = self.hello.take() {
                    tap.note(&Note::QuicHello(hello));
                }
            }
            Ready::Short(way, len) => {
                let (side, spin) = match way {
                    Way::Up => (Side::Client, self.spin.client(now)),
                    Way::Down => (Side::Server, self.spin.server(now)),
                };
                let len = usize::try_from(len).unwrap_or_default();
                let payload = self.connection.short(side, len, spin, &mut self.rng);
                self.send(way, &payload, tap);
            }
            Ready::Round(left, packets) => self.round(now, left, packets),
            Ready::Ask => self.ask(now),
        }
        self.next()
    }
}
