use netsonde_dissect::{Guess, Protocol, probe_udp};

use super::*;
use crate::payload::tls::{Alpn, Client};

const QUIC: Guess = Guess::Certain(Protocol::Quic);

fn hello(post_quantum: bool) -> ClientHello<'static> {
    ClientHello {
        client: Client::Chromium,
        server_name: Some("www.example.org"),
        alpn: Some(Alpn::Http3),
        post_quantum,
        session_id: &[],
        resumed: false,
        quic_parameters: None,
    }
}

#[test]
fn hello_takes_one_datagram_of_1200_bytes_or_two_when_it_is_post_quantum() {
    for order in [Order::Plain, Order::Shuffled] {
        for (post_quantum, expected) in [(false, 1), (true, 2)] {
            let mut rng = Rng::new(5, 0);
            let mut connection = Connection::new(&mut rng);
            let datagrams = connection.client_initials(&hello(post_quantum), order, &mut rng);
            assert_eq!(datagrams.len(), expected, "{order:?}, post-quantum {post_quantum}");
            for datagram in &datagrams {
                assert_eq!(datagram.len(), MIN_INITIAL);
                assert_eq!(probe_udp(datagram, 50_000, 443), QUIC);
            }
        }
    }
}

#[test]
fn shuffled_pieces_cover_the_part_once() {
    let part: Vec<u8> = (0..=250).collect();
    let mut pieces = shuffled(&part, 1000, &mut Rng::new(2, 0));
    assert!(!pieces.is_sorted());
    pieces.sort_unstable();
    assert_eq!(pieces[0].0, 1000);
    let joined: Vec<u8> = pieces.iter().flat_map(|piece| piece.1.iter().copied()).collect();
    assert_eq!(joined, part);
}

#[test]
fn server_answers_with_its_initial_and_the_handshake_behind_it() {
    let mut rng = Rng::new(6, 0);
    let mut connection = Connection::new(&mut rng);
    connection.client_initials(&hello(false), Order::Plain, &mut rng);
    let datagrams = connection.server_handshake(2600, &mut rng);
    // 3,000 bytes of handshake at about 1,200 a datagram, the first of which also has the hello.
    assert_eq!(datagrams.len(), 3);
    for datagram in &datagrams {
        assert!(datagram.len() <= 1252, "{}", datagram.len());
        assert_eq!(probe_udp(datagram, 443, 50_000), QUIC);
    }
    let finished = connection.client_finished(60, &mut rng);
    assert!(finished.len() >= MIN_INITIAL);
    assert_eq!(probe_udp(&finished, 50_000, 443), QUIC);
}

#[test]
fn short_packet_has_the_fixed_bit_the_peers_identifier_and_the_spin_bit() {
    let mut rng = Rng::new(7, 0);
    let mut connection = Connection::new(&mut rng);
    let server = connection.server.clone();
    for spin in [false, true] {
        let packet = connection.short(Side::Client, 100, spin, &mut rng);
        assert_eq!(packet[0] & 0xc0, 0x40);
        assert_eq!(packet[0] & 0x20 != 0, spin);
        assert_eq!(packet[1..9], server);
        // First byte, identifier, number, content, tag.
        assert_eq!(packet.len(), 1 + 8 + 2 + 100 + 16);
    }
}

#[test]
fn retry_and_version_negotiation_are_recognised() {
    let mut rng = Rng::new(8, 0);
    let mut connection = Connection::new(&mut rng);
    assert_eq!(probe_udp(&connection.retry(&mut rng), 443, 50_000), QUIC);
    assert_eq!(probe_udp(&version_negotiation(&[1; 8], &[2; 8], &mut rng), 443, 50_000), QUIC);
}

#[test]
fn integers_take_the_shortest_form() {
    // The examples of RFC 9000 appendix A.1.
    for (value, expected) in
        [(37, vec![0x25]), (15_293, vec![0x7b, 0xbd]), (494_878_333, vec![0x9d, 0x7f, 0x3e, 0x7d])]
    {
        let mut out = Bytes::new();
        write_variable(value, &mut out);
        assert_eq!(out.into_vec(), expected);
    }
}
