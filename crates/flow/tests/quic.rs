//! Hellos of QUIC in made-up traffic, by whole packets: the truth about it names every server.

#![expect(clippy::unwrap_used, reason = "a test's own packets are sound")]

use std::collections::{BTreeMap, BTreeSet};

use netsonde_dissect::{Frame, IpProtocol, LinkType, Packet};
use netsonde_flow::limits::Limits;
use netsonde_flow::{
    Clue, Fact, FlowCounters, FlowEvent, FlowKey, FlowTable, HelloOver, LocalNetworks, Side,
};
use netsonde_synth::payload::quic::Order;
use netsonde_synth::payload::tls::{Alpn, Client, ClientHello};
use netsonde_synth::plan::mix;
use netsonde_synth::quic::{Exchange, Line, Quic};
use netsonde_synth::{Arrivals, Endpoint, Label, Packets, Path, Rng};
use netsonde_units::Timestamp;

/// When the traffic begins, in nanoseconds since the Unix epoch.
const BASE: u64 = 1_767_225_600_000_000_000;
const PACKETS: u64 = 60_000;

/// A conversation's ends, the server's name, and its application protocols.
type Hello = (String, String, Vec<String>);

fn ends(key: &FlowKey) -> String {
    format!("{key:?}")
}

#[test]
fn every_name_of_a_mix_is_told_once_with_its_conversation() {
    let mut packets = Packets::new(mix::Mix::new(BASE, PACKETS, 7)).limit(PACKETS);
    let mut table = FlowTable::new(Limits { flows: 1 << 16, departed: 64 }, LocalNetworks::default());
    let (mut clues, mut keys) = (Vec::new(), BTreeMap::new());
    while let Some(packet) = packets.advance() {
        let wire_len = u32::try_from(packet.bytes.len()).unwrap();
        let read = Packet { at: None, link: LinkType::ETHERNET, interface: 0, wire_len, bytes: packet.bytes };
        let frame = Frame::parse(&read);
        let at = Timestamp::EPOCH.plus_nanos(packet.time);
        let conversation = table.conversation(&frame);
        table.observe(&frame, conversation, wire_len, at, at);
        clues.extend(table.relieve(at, |_| {}));
    }
    table.tick(|row| _ = keys.insert(row.id.serial, ends(&row.key)));
    let (mut ours, mut answers) = (BTreeSet::<Hello>::new(), 0_usize);
    for clue in clues {
        match clue {
            Fact::Clue { about, clue: Clue::Client(hello), .. } if hello.over == HelloOver::Quic => {
                let alpn = hello.alpn.iter().map(ToString::to_string).collect();
                let name = hello.server_name.unwrap().to_string();
                assert!(ours.insert((keys.get(&about.serial).unwrap().clone(), name, alpn)));
            }
            // synth's servers choose TLS 1.3 and its first suite.
            Fact::Clue { about, clue: Clue::Server(hello), .. }
                if ours.iter().any(|ours| Some(&ours.0) == keys.get(&about.serial)) =>
            {
                assert_eq!((hello.version, hello.cipher), (0x0304, 0x1301));
                answers += 1;
            }
            _ => {}
        }
    }
    let truth = packets.into_truth();
    let theirs: BTreeSet<Hello> = truth
        .quic_hellos
        .iter()
        .map(|hello| {
            let ports = Some((hello.client_port, hello.server_port));
            let (key, _): (FlowKey, Side) = FlowKey::new(IpProtocol::UDP, hello.client, hello.server, ports);
            (ends(&key), hello.name.clone(), hello.alpn.iter().map(ToString::to_string).collect())
        })
        .collect();
    assert!(theirs.len() > 50, "only {} hellos", theirs.len());
    assert!(truth.quic_hellos.iter().any(|hello| hello.split), "none is split");
    assert_eq!(ours, theirs);
    // Those whose answer came after the end are few.
    assert!(answers * 10 > theirs.len() * 9, "{answers} of {}", theirs.len());
    assert_eq!(table.counters().hellos_given_up, 0);
}

/// What packets tell of connections of QUIC and TLS, by the packets' numbers.
type Told = Vec<(u64, FlowEvent)>;

/// Follows traffic in so many tables, each with its own conversations; returns what was told, and what all of them counted.
fn followed(mut packets: Packets<impl Arrivals>, workers: usize) -> (Told, FlowCounters) {
    let table = || FlowTable::new(Limits { flows: 1 << 16, departed: 64 }, LocalNetworks::default());
    let mut tables: Vec<_> = (0..workers).map(|_| table()).collect();
    let mut told = Told::new();
    for number in 0.. {
        let Some(packet) = packets.advance() else { break };
        let wire_len = u32::try_from(packet.bytes.len()).unwrap();
        let read = Packet { at: None, link: LinkType::ETHERNET, interface: 0, wire_len, bytes: packet.bytes };
        let frame = Frame::parse(&read);
        let at = Timestamp::EPOCH.plus_nanos(packet.time);
        let Some((key, _)) = FlowKey::of(&frame) else { continue };
        let ports = [Side::Low, Side::High].map(|side| usize::from(key.port(side).unwrap_or_default()));
        let table = tables.get_mut(ports.iter().sum::<usize>() % workers).unwrap();
        let conversation = table.conversation(&frame);
        let event = table.observe(&frame, conversation, wire_len, at, at).event;
        let is_ours = |event: &FlowEvent| matches!(event, FlowEvent::Quic(_) | FlowEvent::Tls(_));
        told.extend(event.filter(is_ours).map(|event| (number, event)));
    }
    let mut counters = FlowCounters::default();
    for table in &tables {
        counters.merge(&table.counters());
    }
    (told, counters)
}

/// The round trips of handshakes, and those by the spin bit, in nanoseconds.
fn round_trips(told: &Told) -> (Vec<u64>, Vec<u64>) {
    let events = || {
        told.iter()
            .filter_map(|(_, event)| if let FlowEvent::Quic(event) = event { Some(event) } else { None })
    };
    (
        events().filter_map(|event| event.handshake_nanos).collect(),
        events().filter_map(|event| event.spin_nanos).collect(),
    )
}

#[test]
fn connections_of_a_mix_are_followed_alike_by_one_table_and_by_several() {
    let mix = || Packets::new(mix::Mix::new(BASE, PACKETS, 7)).limit(PACKETS);
    let (told, counters) = followed(mix(), 1);
    for workers in 2..=4 {
        let (theirs, others) = followed(mix(), workers);
        assert_eq!((theirs, others.quic, others.tls), (told.clone(), counters.quic, counters.tls));
    }
    let (handshakes, spins) = round_trips(&told);
    let tls = told.len() - handshakes.len() - spins.len();
    // All that began before the last packets have come so far, and no more than those.
    let of = |timed: usize, begun: u64| {
        u64::try_from(timed).unwrap() * 10 > begun * 9 && u64::try_from(timed).unwrap() <= begun
    };
    assert!(of(handshakes.len(), counters.quic.connections), "{} handshakes", handshakes.len());
    assert!(of(tls, counters.tls.client_hellos), "{tls} handshakes of TLS");
    assert!(!spins.is_empty());
}

#[test]
fn round_trips_of_a_connection_are_those_that_it_was_made_with() {
    const MS: u64 = 1_000_000;
    let end = |address: [u8; 4], port| Endpoint::new(address.into(), port);
    let path = Path::new(end([192, 168, 1, 2], 50_000), end([203, 0, 113, 7], 443));
    let label = Label::encrypted("web", "QUIC");
    let line = Line { path, label, near: 5 * MS, far: 15 * MS, pace: MS / 10 };
    let hello = ClientHello {
        client: Client::Firefox,
        server_name: Some("www.example.org"),
        alpn: Some(Alpn::Http3),
        post_quantum: false,
        session_id: &[],
        resumed: false,
        quic_parameters: None,
    };
    let exchange = Exchange { think: 0, request: 300, response: 20_000_000 };
    let quic = Quic::new(BASE, line, &hello, Order::Plain, vec![exchange], Rng::new(7, 0));
    let (told, _) = followed(Packets::new(std::iter::once(quic.arrival())), 1);
    let (handshakes, spins) = round_trips(&told);
    // To the server and back, 0.8 ms that it thinks, and the time that its first packet takes.
    assert_eq!(handshakes, [30 * MS + 800_000 + MS / 10]);
    // 2 · (5 + 15) ms; the client says something with every fourth packet only, 0.4 ms apart.
    let is_so = |nanos: &u64| (40 * MS..=40 * MS + 4 * line.pace).contains(nanos);
    assert!(spins.len() > 200 && spins.iter().all(is_so), "{spins:?}");
}
