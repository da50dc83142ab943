//! Order, pages and filters of the list of hosts, and what is kept of each.

use etherparse::PacketBuilder;
use netsonde_dissect::{LinkType, Packet};

use super::*;
use crate::{PacketStore, Session, Settings};

const CLIENT: [u8; 4] = [10, 0, 0, 1];
const SERVER: [u8; 4] = [1, 0, 0, 1];

fn at(ms: u64) -> Timestamp {
    Timestamp::from_nanos(1_700_000_000 * NANOS_PER_SECOND + ms * 1_000_000)
}

fn push(session: &mut Session, ms: u64, bytes: &[u8]) {
    let wire_len = u32::try_from(bytes.len()).unwrap();
    session.push_all(&[Packet { at: Some(at(ms)), link: LinkType::ETHERNET, interface: 0, wire_len, bytes }]);
}

fn ip(from: [u8; 4], to: [u8; 4]) -> etherparse::PacketBuilderStep<etherparse::IpHeaders> {
    PacketBuilder::ethernet2([2; 6], [4; 6]).ipv4(from, to, 64)
}

/// A datagram of 42 bytes and `payload`.
fn datagram(from: [u8; 4], to: [u8; 4], payload: usize) -> Vec<u8> {
    let mut bytes = Vec::new();
    ip(from, to).udp(40_000, 9_999).write(&mut bytes, &vec![0; payload]).unwrap();
    bytes
}

/// A connection from 10.0.0.1 to 1.0.0.1: a handshake of 22 ms, of which 20 lie before the server, 100 bytes sent twice
/// 300 ms apart, and their acknowledgement, which says nothing of the way.
fn connection(session: &mut Session) {
    let tcp = |from, to, ports: (u16, u16), sequence| ip(from, to).tcp(ports.0, ports.1, sequence, 512);
    let (up, down) = ((50_000, 80), (80, 50_000));
    let mut bytes = Vec::new();
    let mut send = |ms, build: &dyn Fn(&mut Vec<u8>)| {
        bytes.clear();
        build(&mut bytes);
        push(session, ms, &bytes);
    };
    send(0, &|bytes| tcp(CLIENT, SERVER, up, 10).syn().write(bytes, &[]).unwrap());
    send(20, &|bytes| tcp(SERVER, CLIENT, down, 70).syn().ack(11).write(bytes, &[]).unwrap());
    send(22, &|bytes| tcp(CLIENT, SERVER, up, 11).ack(71).write(bytes, &[]).unwrap());
    for ms in [30, 330] {
        send(ms, &|bytes| tcp(CLIENT, SERVER, up, 11).ack(71).psh().write(bytes, &[0; 100]).unwrap());
    }
    send(360, &|bytes| tcp(SERVER, CLIENT, down, 71).ack(111).write(bytes, &[]).unwrap());
}

fn listed(session: &Session, text: &str) -> Vec<HostListed> {
    let query = HostQuery { text: Some(text.into()), limit: 200, ..HostQuery::default() };
    session.find_hosts(&query).unwrap().rows
}

#[test]
fn a_host_has_its_conversations_round_trip_and_times() {
    let mut session = Session::new(Settings::default());
    connection(&mut session);
    push(&mut session, 500, &datagram(CLIENT, SERVER, 8));
    session.tick();
    let server = listed(&session, "1.0.0.1").remove(0).host;
    assert_eq!((server.flows, server.resent, server.rtt_ms), (2, 1, Some(20.0)));
    assert_eq!(server.protocols, ["TCP", "UDP"]);
    // 54 bytes of headers: three bare segments up and two segments of 100 bytes are 54 + 54 + 2 * 154, the datagram 50.
    assert_eq!((server.packets_in, server.bytes_in, server.packets_out, server.bytes_out), (5, 466, 2, 108));
    assert_eq!(server.first_seen.as_deref(), Some("2023-11-14T22:13:20.000000000Z"));
    assert_eq!(server.last_seen.as_deref(), Some("2023-11-14T22:13:20.500000000Z"));
    // The way to the client is the rest of the handshake.
    let client = listed(&session, "10.0.0.1").remove(0).host;
    assert_eq!((client.local, client.flows, client.resent, client.rtt_ms), (true, 2, 1, Some(2.0)));
}

#[test]
fn ticks_between_packets_change_nothing_of_a_host() {
    let mut rows = [false, true].map(|ticks| {
        let mut session = Session::new(Settings::default());
        // First nothing but TCP, then HTTP.
        connection(&mut session);
        if ticks {
            session.tick();
        }
        let mut bytes = Vec::new();
        let request = b"GET / HTTP/1.1\r\nHost: a.example\r\n\r\n";
        ip(CLIENT, SERVER).tcp(50_000, 80, 111, 512).ack(71).write(&mut bytes, request).unwrap();
        push(&mut session, 400, &bytes);
        session.tick();
        listed(&session, "")
    });
    assert_eq!(rows[0], rows[1]);
    assert_eq!(rows[0].remove(0).host.protocols.len(), 1);
}

#[test]
fn hosts_are_in_the_order_of_a_column_and_then_of_address() {
    let mut session = Session::new(Settings::default());
    for (last, ms, payload) in [(3, 0, 58), (1, 10, 58), (2, 20, 158)] {
        push(&mut session, ms, &datagram(CLIENT, [1, 0, 0, last], payload));
    }
    session.tick();
    let order = |sort, descending| {
        let query =
            HostQuery { sort, descending, text: Some("1.".into()), limit: 200, ..HostQuery::default() };
        let rows = session.find_hosts(&query).unwrap().rows;
        rows.iter().map(|row| row.host.address.to_string().split_off(6)).collect::<Vec<_>>()
    };
    assert_eq!(order(HostColumn::Bytes, false), ["1", "3", "2"]);
    assert_eq!(order(HostColumn::BytesIn, true), ["2", "1", "3"]);
    assert_eq!(order(HostColumn::FirstSeen, true), ["2", "1", "3"]);
    assert_eq!(order(HostColumn::Address, true), ["3", "2", "1"]);
    for column in HostColumn::ALL {
        assert_eq!(order(column, false).len(), 3, "{column:?}");
    }
    let query = HostQuery { offset: 1, limit: 2, ..HostQuery::default() };
    let window = session.find_hosts(&query).unwrap();
    assert_eq!((window.total, window.matched, window.rows.len()), (4, 4, 2));
}

#[test]
fn words_find_hosts_by_address_network_and_organisation() {
    let mut session = Session::new(Settings::default());
    for to in [[1, 1, 1, 1], [1, 0, 0, 2], [9, 9, 9, 9]] {
        push(&mut session, 0, &datagram(CLIENT, to, 58));
    }
    session.tick();
    let found = |text: &str| {
        let mut found: Vec<_> =
            listed(&session, text).iter().map(|row| row.host.address.to_string()).collect();
        found.sort_unstable();
        found
    };
    assert_eq!(found("1.0.0.0/8"), ["1.0.0.2", "1.1.1.1"]);
    assert_eq!(found("!1. !10."), ["9.9.9.9"]);
    // Both lie in ranges of that application, whose client is the local one; the name is of one alone.
    assert_eq!(found("cloudflare 1."), ["1.0.0.2", "1.1.1.1"]);
    assert_eq!(found("one.one"), ["1.1.1.1"]);
    assert_eq!(found("AS64496"), [""; 0]);
    let error =
        |text: &str| session.find_hosts(&HostQuery { text: Some(text.into()), ..HostQuery::default() });
    assert!(matches!(error(":443"), Err(FilterError::UnknownOfHost { word }) if word == ":443"));
    let of = |query: HostQuery| session.find_hosts(&HostQuery { limit: 9, ..query }).unwrap().matched;
    assert_eq!(of(HostQuery { local: Some(true), ..HostQuery::default() }), 1);
    assert_eq!(of(HostQuery { country: Some("".into()), ..HostQuery::default() }), 4);
    assert_eq!(of(HostQuery { country: Some("de".into()), ..HostQuery::default() }), 0);
}

#[test]
fn what_went_lately_is_told_at_the_pace_of_time() {
    let mut session = Session::new(Settings::default());
    session.keep_pace();
    push(&mut session, 4_000, &datagram(CLIENT, SERVER, 958));
    push(&mut session, 5_500, &datagram(SERVER, CLIENT, 458));
    session.tick();
    // 1,000 bytes to the server and 500 from it in 4.5 s.
    let server = listed(&session, "1.0.0.1").remove(0);
    assert!(server.active && (server.in_bps.unwrap() - 8_000.0 / 4.5).abs() < 1e-6);
    assert!((server.out_bps.unwrap() - 4_000.0 / 4.5).abs() < 1e-6);
    assert_eq!(server.recent_bps.len(), 30);
    assert_eq!(listed(&session, "10.0.0.1")[0].in_bps, server.out_bps);
}

#[test]
fn a_host_is_told_of_with_its_peers_conversations_and_course() {
    let mut session = Session::new(Settings::default());
    let (store, packets) = PacketStore::new(0);
    session.keep_packets(store);
    connection(&mut session);
    push(&mut session, 500, &datagram([10, 0, 0, 2], SERVER, 8));
    push(&mut session, 510, &datagram(CLIENT, [1, 0, 0, 9], 8));
    session.tick();
    let detail = session.listing().host(SERVER.into(), &packets).unwrap();
    assert!(detail.peers.iter().map(|peer| peer.address).eq([CLIENT, [10, 0, 0, 2]].map(IpAddr::from)));
    assert_eq!((detail.peers[0].sent.bytes, detail.peers[0].received.bytes), (108, 416));
    assert_eq!((detail.flows_listed, detail.flows.len()), (2, 2));
    let protocols: Vec<_> = detail.protocols.iter().map(|it| (&*it.name, it.volume.packets)).collect();
    assert_eq!(protocols, [("TCP", 6), ("UDP", 1)]);
    let course = &detail.course;
    assert_eq!(
        (course.packets, course.first_packet, course.last_packet, course.is_cut),
        (7, Some(1), Some(7), false)
    );
    // Steps of 10 ms: the handshake's answer in the third shows 20 ms, one segment is sent again.
    assert_eq!((course.steps.len(), course.steps[2].rtt_ms), (51, Some(20.0)));
    assert_eq!(course.steps.iter().map(|step| step.resent).sum::<u64>(), 1);
    assert!(session.listing().host([9, 9, 9, 9].into(), &packets).is_none());
}
