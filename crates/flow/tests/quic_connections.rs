//! Connections of QUIC on whole packets: counted, timed, known again on other ports.

#![expect(clippy::unwrap_used, reason = "a test's own packets are sound")]

use etherparse::PacketBuilder;
use netsonde_dissect::{Frame, LinkType, Packet, Protocol};
use netsonde_flow::limits::Limits;
use netsonde_flow::{FlowEvent, FlowRow, FlowTable, LocalNetworks, LongType, QuicRow};
use netsonde_units::Timestamp;

const CLIENT: [u8; 4] = [192, 168, 1, 2];
const SERVER: [u8; 4] = [203, 0, 113, 7];
const V1: [u8; 4] = [0, 0, 0, 1];

/// What the ends are called by each other.
const CLIENTS_ID: &[u8] = &[0xc1; 5];
const SERVERS_ID: &[u8] = &[0x5e; 8];
/// What the client calls the server at first.
const FIRST_ID: &[u8] = &[0xf1; 8];

struct Tap {
    table: FlowTable,
    /// The port that the client sends from.
    port: u16,
}

impl Tap {
    fn new() -> Self {
        let mut table = FlowTable::new(Limits { flows: 16, departed: 64 }, LocalNetworks::default());
        table.leap(ms(0), ms(0));
        Self { table, port: 50_000 }
    }

    /// Shows a datagram, and returns the round trips that it tells: of the handshake, and by the spin bit.
    fn see(&mut self, at: Timestamp, from_client: bool, datagram: &[u8]) -> (Option<u64>, Option<u64>) {
        let ends = if from_client { (CLIENT, SERVER) } else { (SERVER, CLIENT) };
        let ports = if from_client { (self.port, 443) } else { (443, self.port) };
        let mut bytes = Vec::new();
        let builder = PacketBuilder::ethernet2([2; 6], [4; 6]).ipv4(ends.0, ends.1, 64);
        builder.udp(ports.0, ports.1).write(&mut bytes, datagram).unwrap();
        let wire_len = u32::try_from(bytes.len()).unwrap();
        let packet = Packet { at: None, link: LinkType::ETHERNET, interface: 0, wire_len, bytes: &bytes };
        let frame = Frame::parse(&packet);
        let conversation = self.table.conversation(&frame);
        match self.table.observe(&frame, conversation, wire_len, at, at).event {
            Some(FlowEvent::Quic(event)) => (event.handshake_nanos, event.spin_nanos),
            _ => (None, None),
        }
    }

    fn rows(&mut self) -> Vec<FlowRow> {
        let mut rows = Vec::new();
        self.table.tick(|row| rows.push(*row));
        rows
    }

    fn row(&mut self) -> QuicRow {
        *self.rows().last().unwrap().quic().unwrap()
    }
}

fn ms(milliseconds: u64) -> Timestamp {
    Timestamp::from_nanos(1_700_000_000_000_000_000 + milliseconds * 1_000_000)
}

const MS: u64 = 1_000_000;

fn long(first: u8, version: [u8; 4], to: &[u8], from: &[u8], behind: &[u8]) -> Vec<u8> {
    let id = |id: &[u8]| [&[u8::try_from(id.len()).unwrap()], id].concat();
    [&[first][..], &version, &id(to), &id(from), behind].concat()
}

/// An Initial without a token, of 40 bytes.
fn initial(to: &[u8], from: &[u8]) -> Vec<u8> {
    long(0xc3, V1, to, from, &[&[0, 0x40, 40][..], &[7; 40]].concat())
}

fn handshake(to: &[u8], from: &[u8]) -> Vec<u8> {
    long(0xe3, V1, to, from, &[&[0x40, 40][..], &[7; 40]].concat())
}

fn short(to: &[u8]) -> Vec<u8> {
    [&[0x43][..], to, &[7; 30]].concat()
}

/// The client asks at 0 ms, the server answers at 30 ms.
fn open(tap: &mut Tap) {
    assert_eq!(tap.see(ms(0), true, &initial(FIRST_ID, CLIENTS_ID)), (None, None));
    let answer = [initial(CLIENTS_ID, SERVERS_ID), handshake(CLIENTS_ID, SERVERS_ID)].concat();
    assert_eq!(tap.see(ms(30), false, &answer), (Some(30 * MS), None));
    assert_eq!(tap.see(ms(31), false, &handshake(CLIENTS_ID, SERVERS_ID)), (None, None));
}

#[test]
fn packets_are_counted_each_and_the_handshake_is_timed_once() {
    let mut tap = Tap::new();
    open(&mut tap);
    tap.see(ms(60), true, &short(SERVERS_ID));
    let quic = tap.table.counters().quic;
    assert_eq!((quic.connections, quic.google_connections, quic.migrations), (1, 0, 0));
    // The answer's datagram holds two packets; the short header has neither version nor type.
    assert!(quic.versions.iter().eq([(1, 4)]));
    assert_eq!(LongType::ALL.map(|kind| quic.packet_types[kind]), [2, 0, 2, 0, 0]);
    let row = QuicRow { version: Some(1), handshake_nanos: Some(30 * MS), ..QuicRow::default() };
    assert_eq!(tap.row(), row);
}

#[test]
fn retry_is_the_servers_first_packet_and_is_told() {
    let mut tap = Tap::new();
    tap.see(ms(0), true, &initial(FIRST_ID, CLIENTS_ID));
    // A token of 8 bytes and the integrity tag.
    let retry = long(0xf0, V1, CLIENTS_ID, &[9; 8], &[1; 24]);
    assert_eq!(tap.see(ms(20), false, &retry), (Some(20 * MS), None));
    tap.see(ms(21), true, &initial(&[9; 8], CLIENTS_ID));
    assert_eq!(tap.see(ms(45), false, &initial(CLIENTS_ID, SERVERS_ID)), (None, None));
    let row = tap.row();
    assert_eq!((row.retried, row.handshake_nanos), (true, Some(20 * MS)));
    assert_eq!(tap.table.counters().quic.packet_types[LongType::Retry], 1);
}

#[test]
fn list_of_versions_is_counted_and_the_version_is_the_one_that_is_spoken() {
    let mut tap = Tap::new();
    // Padded to the size that lets a version that nobody speaks be told from noise.
    let first = long(
        0xc3,
        [0x1a, 0x2a, 0x3a, 0x4a],
        FIRST_ID,
        CLIENTS_ID,
        &[&[0, 0x44, 0xb0][..], &[7; 1_200]].concat(),
    );
    tap.see(ms(0), true, &first);
    let list = long(0x80, [0; 4], CLIENTS_ID, FIRST_ID, &[0, 0, 0, 1]);
    assert_eq!(tap.see(ms(10), false, &list), (Some(10 * MS), None));
    tap.see(ms(11), true, &initial(FIRST_ID, CLIENTS_ID));
    let quic = tap.table.counters().quic;
    assert!(quic.versions.iter().eq([(0, 1), (1, 1), (0x1a2a_3a4a, 1)]));
    assert_eq!(LongType::ALL.map(|kind| quic.packet_types[kind]), [2, 0, 0, 0, 1]);
    assert_eq!(tap.row().version, Some(1));
}

#[test]
fn connection_goes_on_from_another_port() {
    let mut tap = Tap::new();
    open(&mut tap);
    assert_eq!(tap.rows().len(), 1);
    for port in [50_001, 50_002] {
        tap.port = port;
        tap.see(ms(100), true, &short(SERVERS_ID));
        tap.see(ms(130), false, &short(CLIENTS_ID));
    }
    let quic = tap.table.counters().quic;
    assert_eq!((quic.connections, quic.migrations), (1, 2));
    let rows = tap.rows();
    assert_eq!(rows.iter().map(|row| row.protocol).collect::<Vec<_>>(), [Protocol::Quic; 2]);
    // Each from the one before, with what was known of it.
    let known = |row: &FlowRow| row.quic().map(|quic| (quic.version, quic.migrated_from));
    let known: Vec<_> = rows.iter().map(known).collect();
    assert_eq!(known, [Some((Some(1), Some(0))), Some((Some(1), Some(1)))]);
}

#[test]
fn identifier_for_another_end_is_no_connection_that_goes_on() {
    let mut tap = Tap::new();
    open(&mut tap);
    // The server's identifier, sent to the client's port: that end is not called so.
    tap.port = 50_001;
    tap.see(ms(100), false, &short(SERVERS_ID));
    // The same length, another connection's.
    tap.port = 50_002;
    tap.see(ms(100), true, &short(&[3; 8]));
    assert_eq!(tap.table.counters().quic.migrations, 0);
    assert!(tap.rows().iter().skip(1).all(|row| row.protocol == Protocol::Udp));
}

#[test]
fn connection_that_has_ended_is_not_gone_on_with() {
    let mut tap = Tap::new();
    open(&mut tap);
    // Fifteen others fill the table; the next two take the place of the oldest ones.
    for port in 51_000..51_017 {
        tap.port = port;
        tap.see(ms(200), true, b"\x00 something else");
    }
    tap.port = 50_001;
    tap.see(ms(300), true, &short(SERVERS_ID));
    assert_eq!(tap.table.counters().quic.migrations, 0);
}

#[test]
fn googles_quic_is_counted_apart() {
    let mut tap = Tap::new();
    let public = |number: u8| [&[0x0d, 1, 2, 3, 4, 5, 6, 7, 8][..], b"Q043", &[number; 40]].concat();
    tap.see(ms(0), true, &public(1));
    tap.see(ms(9), false, &[0x08; 60]);
    let quic = tap.table.counters().quic;
    assert_eq!((quic.connections, quic.google_connections), (0, 1));
    assert_eq!(quic.versions.iter().count(), 0);
    assert_eq!(tap.rows().first().unwrap().quic(), None);
}
