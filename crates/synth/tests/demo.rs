//! The demo's story: the same every time, alive from the start, never the same conversation twice.

#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test stops, and says why")]

use std::collections::{BTreeMap, BTreeSet};
use std::io::Read;
use std::net::IpAddr;

use netsonde_dissect::{Frame, LinkType, Network, Packet, Transport};
use netsonde_synth::demo::{ROUND, SEED, Story, read};

const START: u64 = 1_700_000_000_000_000_000;
const SECOND: u64 = 1_000_000_000;

/// Returns the next packet of a capture with nanoseconds: its stamp and its bytes.
fn next_packet(capture: &mut impl Read) -> (u64, Vec<u8>) {
    let mut header = [0; 16];
    capture.read_exact(&mut header).unwrap();
    let word = |at: usize| u64::from(u32::from_le_bytes(*header[at..].first_chunk().unwrap()));
    let mut bytes = vec![0; usize::try_from(word(8)).unwrap()];
    capture.read_exact(&mut bytes).unwrap();
    (word(0) * SECOND + word(4), bytes)
}

/// Opens the endless capture behind its file header.
fn opened(seed: u64) -> impl Read {
    let mut capture = read(seed, START);
    let mut header = [0; 24];
    capture.read_exact(&mut header).unwrap();
    // Little-endian with nanoseconds, version 2.4, Ethernet.
    assert_eq!(header[..8], [0x4d, 0x3c, 0xb2, 0xa1, 2, 0, 4, 0]);
    assert_eq!(header[20..], [1, 0, 0, 0]);
    capture
}

#[test]
fn same_seed_gives_the_same_bytes_and_another_seed_others() {
    let bytes = |seed| {
        let mut bytes = Vec::new();
        read(seed, START).take(20_000_000).read_to_end(&mut bytes).unwrap();
        bytes
    };
    let first = bytes(SEED);
    assert!(first == bytes(SEED));
    assert!(first != bytes(SEED + 1));
}

#[test]
fn stamps_keep_the_pace_over_the_seam_of_two_rounds() {
    let mut capture = opened(SEED);
    let mut last = START;
    while last < START + ROUND + 10 * SECOND {
        let (at, _) = next_packet(&mut capture);
        assert!(at >= last, "{last} then {at}");
        // The quietest moment of a house in which a call is going on.
        assert!(at - last < SECOND / 10, "nothing from {last} to {at}");
        last = at;
    }
}

#[test]
fn every_second_has_its_share_and_no_more() {
    let mut packets = Story::new(SEED, START).packets();
    let mut seconds = BTreeMap::<u64, (u64, u64)>::new();
    while let Some(packet) = packets.advance() {
        let (count, bits) = seconds.entry((packet.time - START) / SECOND).or_default();
        *count += 1;
        *bits += 8 * packet.bytes.len() as u64;
    }
    assert_eq!(seconds.len(), 120);
    for (second, (count, bits)) in &seconds {
        assert!((500..4000).contains(count), "second {second}: {count} packets");
        assert!((3_000_000..30_000_000).contains(bits), "second {second}: {bits} bits");
    }
    let (count, bits) = seconds.values().fold((0, 0), |sum, one| (sum.0 + one.0, sum.1 + one.1));
    assert!((1000..2500).contains(&(count / 120)), "{count} packets");
    assert!((5_000_000..15_000_000).contains(&(bits / 120)), "{bits} bits");
}

#[test]
fn everything_moves_within_the_first_three_seconds() {
    let mut packets = Story::new(SEED, START).packets();
    let mut directions = BTreeSet::new();
    while let Some(packet) = packets.advance() {
        if packet.time > START + 3 * SECOND {
            break;
        }
        if let Some((from, to)) = addresses(packet.bytes) {
            directions.insert((is_home(from), is_home(to)));
        }
    }
    assert_eq!(directions, [(false, true), (true, false), (true, true)].into());
    let truth = packets.truth();
    for protocol in [
        "TCP", "UDP", "RTP", "TLS", "QUIC", "DNS", "IGMP", "SIP", "SSH", "HTTP", "NTP", "mDNS", "DHCP",
        "ICMP", "ARP",
    ] {
        assert!(truth.protocols.contains_key(protocol), "{protocol}");
    }
    assert!(truth.ipv4.packets > 500 && truth.ipv6.packets > 500);
}

#[test]
fn rounds_share_no_conversation_be_they_next_to_each_other_or_hours_apart() {
    let first = conversations(SEED, 0);
    assert!(first.len() > 800, "{}", first.len());
    // The last is the one before ports come back.
    for round in [1, 150, 191] {
        let other = conversations(SEED, round);
        let shared: Vec<_> = first.intersection(&other).collect();
        assert!(shared.is_empty(), "round {round}: {shared:?}");
    }
}

/// The server of the large download.
const ARCHIVE: [u8; 4] = [151, 101, 1, 176];

#[test]
fn the_download_lasts_from_45_to_about_70_seconds() {
    for round in [0, 1] {
        let start = START + round * ROUND;
        let mut packets = Story::round(SEED, round, start).packets();
        let mut span: Option<(u64, u64)> = None;
        while let Some(packet) = packets.advance() {
            let frame = parsed(packet.bytes);
            if frame.payload.wire_len > 0
                && addresses(packet.bytes).is_some_and(|(from, _)| from == IpAddr::from(ARCHIVE))
            {
                let second = (packet.time - start) / SECOND;
                span = Some((span.map_or(second, |(first, _)| first), second));
            }
        }
        let (first, last) = span.unwrap();
        // 112 Mbit at 5 Mbit/s take 22.4 s; the busy disk and what is sent again at most 3 s more.
        assert!(first == 45 && (67..=70).contains(&last), "round {round}: from {first} to {last} s");
    }
}

/// Two ends and whether they speak TCP, the lower end first.
type Conversation = (bool, (IpAddr, u16), (IpAddr, u16));

/// Returns the conversations of a round between two machines; groups are spoken to for ever.
fn conversations(seed: u64, round: u64) -> BTreeSet<Conversation> {
    let mut packets = Story::round(seed, round, START + round * ROUND).packets();
    let mut found = BTreeSet::new();
    while let Some(packet) = packets.advance() {
        let Some((from, to)) = addresses(packet.bytes) else { continue };
        let ports = match parsed(packet.bytes).transport {
            Transport::Tcp(tcp) => (true, tcp.source, tcp.destination),
            Transport::Udp(udp) => (false, udp.source, udp.destination),
            _ => continue,
        };
        if to.is_multicast() || to == IpAddr::from([255; 4]) {
            continue;
        }
        let (one, other) = ((from, ports.1), (to, ports.2));
        found.insert((ports.0, one.min(other), one.max(other)));
    }
    found
}

fn parsed(bytes: &[u8]) -> Frame<'_> {
    let wire_len = bytes.len().try_into().unwrap();
    Frame::parse(&Packet { at: None, link: LinkType::ETHERNET, interface: 0, wire_len, bytes })
}

fn addresses(bytes: &[u8]) -> Option<(IpAddr, IpAddr)> {
    match parsed(bytes).network {
        Network::Ipv4(ip) => Some((ip.source.into(), ip.destination.into())),
        Network::Ipv6(ip) => Some((ip.source.into(), ip.destination.into())),
        _ => None,
    }
}

fn is_home(ip: IpAddr) -> bool {
    match ip {
        IpAddr::V4(ip) => ip.is_private() || ip.is_unspecified(),
        IpAddr::V6(ip) => ip.is_unique_local() || ip.is_unicast_link_local(),
    }
}
