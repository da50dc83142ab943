//! Packets made for tests.

use etherparse::{PacketBuilder, icmpv4};
use netsonde_dissect::{LinkType, Packet};
use netsonde_units::Timestamp;
use proptest::prelude::*;

/// A packet that owns its bytes.
#[derive(Clone, Debug)]
pub(crate) struct Made {
    /// When.
    pub(crate) at: Timestamp,
    /// All of it.
    pub(crate) bytes: Vec<u8>,
    /// Its pair of addresses, whichever way round.
    pair: (u8, u8),
}

/// Host number and port.
type End = (u8, u16);

impl Made {
    /// A TCP segment of a connection whose sequence numbers begin at 1,000.
    pub(crate) fn tcp(millis: u64, from: End, to: End, payload: &[u8]) -> Self {
        Self::tcp_at(millis, from, to, 1_000, payload)
    }

    fn tcp_at(millis: u64, from: End, to: End, sequence: u32, payload: &[u8]) -> Self {
        let builder = ip(from.0, to.0).tcp(from.1, to.1, sequence, 1_024).ack(7);
        let mut bytes = Vec::new();
        builder.write(&mut bytes, payload).unwrap();
        Self::new(millis, from, to, bytes)
    }

    /// A TCP segment with ACK and everything of it said.
    pub(crate) fn segment(
        millis: u64,
        from: End,
        to: End,
        (sequence, acknowledgement): (u32, u32),
        payload: &[u8],
    ) -> Self {
        let mut bytes = Vec::new();
        let builder = ip(from.0, to.0).tcp(from.1, to.1, sequence, 1_024).ack(acknowledgement);
        builder.write(&mut bytes, payload).unwrap();
        Self::new(millis, from, to, bytes)
    }

    /// A SYN, or with an acknowledgement the answer to one.
    pub(crate) fn opening(millis: u64, from: End, to: End, sequence: u32, answers: Option<u32>) -> Self {
        let mut bytes = Vec::new();
        let builder = ip(from.0, to.0).tcp(from.1, to.1, sequence, 1_024).syn();
        let builder = if let Some(answered) = answers { builder.ack(answered) } else { builder };
        builder.write(&mut bytes, &[]).unwrap();
        Self::new(millis, from, to, bytes)
    }

    fn syn(millis: u64, from: End, to: End, sequence: u32) -> Self {
        let mut bytes = Vec::new();
        ip(from.0, to.0).tcp(from.1, to.1, sequence, 1_024).syn().write(&mut bytes, &[]).unwrap();
        Self::new(millis, from, to, bytes)
    }

    fn rst(millis: u64, from: End, to: End) -> Self {
        let mut bytes = Vec::new();
        ip(from.0, to.0).tcp(from.1, to.1, 0, 0).rst().write(&mut bytes, &[]).unwrap();
        Self::new(millis, from, to, bytes)
    }

    /// A UDP datagram.
    pub(crate) fn udp(millis: u64, from: End, to: End, payload: &[u8]) -> Self {
        let mut bytes = Vec::new();
        ip(from.0, to.0).udp(from.1, to.1).write(&mut bytes, payload).unwrap();
        Self::new(millis, from, to, bytes)
    }

    /// What the receiver of a datagram answers when nobody listens there.
    pub(crate) fn port_unreachable(millis: u64, about: &Self) -> Self {
        let (low, high) = about.pair;
        let kind = etherparse::Icmpv4Type::DestinationUnreachable(icmpv4::DestUnreachableHeader::Port);
        let mut bytes = Vec::new();
        let quoted = about.bytes.get(14..42).unwrap();
        ip(high, low).icmpv4(kind).write(&mut bytes, quoted).unwrap();
        Self::new(millis, (high, 0), (low, 0), bytes)
    }

    const VXLAN_PORT: u16 = 4_789;

    /// The packet as VXLAN carries it between two ends.
    fn in_vxlan(self, millis: u64, from: End, to: End) -> Self {
        let payload = [&[8, 0, 0, 0, 0, 0, 7, 0][..], &self.bytes].concat();
        Self::udp(millis, from, (to.0, Self::VXLAN_PORT), &payload)
    }

    /// One of the two pieces of a datagram with 48 bytes behind its IP header.
    fn piece(mut self, is_first: bool) -> Self {
        let (header, behind) = self.bytes.split_at(34);
        let (first, last) = behind.split_at(24);
        let mut header = header.to_vec();
        // The length, an identification, and where the piece lies: more follow, or three units of 8 bytes.
        let flags = if is_first { [0x20, 0] } else { [0, 3] };
        header.splice(16..22, [0, 44, 0, 9, flags[0], flags[1]]);
        header.extend(if is_first { first } else { last });
        self.bytes = header;
        self
    }

    fn new(millis: u64, from: End, to: End, bytes: Vec<u8>) -> Self {
        let at = Timestamp::from_nanos(1_700_000_000_000_000_000 + millis * 1_000_000);
        Self { at, bytes, pair: (from.0.min(to.0), from.0.max(to.0)) }
    }

    /// Returns the packet.
    pub(crate) fn packet(&self) -> Packet<'_> {
        let wire_len = u32::try_from(self.bytes.len()).unwrap();
        Packet { at: Some(self.at), link: LinkType::ETHERNET, interface: 0, wire_len, bytes: &self.bytes }
    }

    /// Returns a number that is the same for both directions.
    pub(crate) fn pair(&self) -> usize {
        usize::from(self.pair.0) * 7 + usize::from(self.pair.1)
    }
}

/// Hosts below 128 are private ones, the others public.
pub(crate) fn address(host: u8) -> [u8; 4] {
    if host < 128 { [192, 168, 1, host] } else { [203, 1, 113, host] }
}

fn ip(from: u8, to: u8) -> etherparse::PacketBuilderStep<etherparse::IpHeaders> {
    PacketBuilder::ethernet2([2, 0, 0, 0, 0, from], [2, 0, 0, 0, 0, to]).ipv4(address(from), address(to), 64)
}

/// A TLS `ClientHello`, as far as a record and a handshake header show it.
pub(crate) fn client_hello() -> Vec<u8> {
    let body = [0_u8; 60];
    let mut hello = vec![22, 3, 1, 0, 64, 1, 0, 0, 60];
    hello.extend(body);
    hello
}

/// Random traffic of a few hosts: TCP with resets and reused ports, TLS whose hello comes late, UDP, DNS; the same in
/// tunnels, whose own messages come before and between, and in pieces; streams of RTP with what shares their ports; time
/// that stands, goes on, is late, and leaps.
pub(crate) fn any(most: usize) -> impl Strategy<Value = Vec<Made>> {
    let step = prop_oneof![
        8 => 0..400_i64,
        2 => -4_000..0_i64,
        1 => Just(20_000_i64),
        1 => Just(4_000_000_i64),
        1 => Just(-9_000_i64),
    ];
    let host = prop_oneof![1..4_u8, 200..203_u8];
    let packet =
        (step, host.clone(), host, prop_oneof![2 => 0..15_u8, 1 => Just(15_u8)], 0..3_u16, 0..200_usize);
    prop::collection::vec(packet, 1..most).prop_map(|steps| {
        let mut millis = 20_000_000_i64;
        steps
            .into_iter()
            .zip((0..=u16::MAX).cycle().skip(65_500))
            .map(|((step, from, to, kind, port, size), number)| {
                millis = (millis + step).max(0);
                match kind {
                    15.. => media(millis.unsigned_abs(), number, size),
                    _ => one(millis.unsigned_abs(), from, to, kind, port, size),
                }
            })
            .collect()
    })
}

/// A packet of a stream whose numbers follow those of all packets, wrap and leave some out; RTCP, STUN and DTLS beside it.
fn media(millis: u64, number: u16, size: usize) -> Made {
    let (here, there) = ((1, 40_000), (200, 5_004));
    let ticks = u32::from(number) * 160;
    let payload = match size {
        0..150 => {
            let [s0, s1] = number.to_be_bytes();
            // Mu-law, or what has no clock of its own, of one of two sources.
            let kind = if size.is_multiple_of(5) { 96 } else { 0 };
            [&[0x80, kind, s0, s1][..], &ticks.to_be_bytes(), &[0, 0, 0, kind], &vec![7; size]].concat()
        }
        150..170 => vec![0x80, 201, 0, 1, 0, 0, 0, 0],
        170..180 => {
            let cookie = [0x21, 0x12, 0xa4, 0x42];
            [&[0, 1, 0, 0][..], &cookie, &[0; 12]].concat()
        }
        180..190 => [&[20, 0xfe, 0xfd, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1][..], &[1]].concat(),
        _ => vec![0xb0; size],
    };
    let (from, to) = if size.is_multiple_of(7) { (there, here) } else { (here, there) };
    Made::udp(millis, from, to, &payload)
}

fn one(millis: u64, from: u8, to: u8, kind: u8, port: u16, size: usize) -> Made {
    let (client, server) = ((from, 40_000 + port), (to, 443));
    let sequence = u32::try_from(size).unwrap() * 50;
    // One of four segments of 100 bytes, and what acknowledges it.
    let (first, end) = (5_000 + sequence % 200 * 2, 5_100 + sequence % 200 * 2);
    match kind {
        0 => Made::syn(millis, client, server, sequence),
        1 => Made::tcp_at(millis, client, server, sequence, &client_hello()),
        2 => Made::tcp_at(millis, server, client, sequence, &vec![0; size]),
        3 => Made::rst(millis, server, client),
        4 => {
            Made::udp(millis, client, (to, 53), &[0, 1, 1, 0, 0, 1, 0, 0, 0, 0, 0, 0, 1, b'a', 0, 0, 1, 0, 1])
        }
        5 => Made::udp(millis, (to, 9_999), client, &vec![7; size]),
        6 => Made::port_unreachable(millis, &Made::udp(millis, client, server, &[1; 20])),
        9 => Made::segment(millis, client, server, (first, 7), &[0; 100]),
        10 => Made::segment(millis, server, client, (7, end), &[]),
        7 => Made::tcp_at(millis, client, server, sequence, &vec![0; size]),
        11 => {
            Made::tcp_at(millis, client, server, sequence, &client_hello()).in_vxlan(millis, client, server)
        }
        12 => Made::udp(millis, client, server, &[1; 20]).in_vxlan(millis, client, server),
        13 => Made::udp(millis, client, (to, Made::VXLAN_PORT), &vec![0; size]),
        14 => Made::udp(millis, client, (to, 53), &[7; 40]).piece(size.is_multiple_of(2)),
        _ => {
            let mut cut = Made::tcp_at(millis, client, server, sequence, &[0; 10]);
            cut.bytes.truncate(14 + size % 50);
            cut
        }
    }
}
