//! Handshakes of TLS over TCP on whole packets: what was chosen, whether it goes on with a session of before, how long it took.

#![expect(clippy::unwrap_used, reason = "a test's own packets are sound")]

use etherparse::PacketBuilder;
use netsonde_dissect::{Frame, LinkType, Packet};
use netsonde_flow::limits::Limits;
use netsonde_flow::{Clue, Fact, FlowEvent, FlowTable, LocalNetworks, TlsCounters};
use netsonde_units::Timestamp;

const CLIENT: [u8; 4] = [192, 0, 2, 1];
const SERVER: [u8; 4] = [198, 51, 100, 7];
const MS: u64 = 1_000_000;

const TLS_12: u16 = 0x0303;
const TLS_13: u16 = 0x0304;
/// Extensions: keys agreed on before, data before the handshake ends.
const KEY: u16 = 41;
const EARLY: u16 = 42;

fn long(list: &[u8]) -> Vec<u8> {
    [&u16::try_from(list.len()).unwrap().to_be_bytes()[..], list].concat()
}

fn record(kind: u8, content: &[u8]) -> Vec<u8> {
    [&[kind, 3, 3][..], &long(content)].concat()
}

fn hello(kind: u8, session: &[u8], suites: &[u8], extensions: &[(u16, &[u8])]) -> Vec<u8> {
    let list: Vec<_> = extensions
        .iter()
        .flat_map(|(kind, content)| [&kind.to_be_bytes()[..], &long(content)].concat())
        .collect();
    let session = [&[u8::try_from(session.len()).unwrap()], session].concat();
    let body = [&[3, 3][..], &[5; 32], &session, suites, &long(&list)].concat();
    let len = u32::try_from(body.len()).unwrap().to_be_bytes();
    record(22, &[&[kind][..], &len[1..], &body].concat())
}

/// A client's hello that offers one suite and names `a`.
fn client(session: &[u8], extension: Option<u16>) -> Vec<u8> {
    let name: (u16, &[u8]) = (0, &[0, 4, 0, 0, 1, b'a']);
    let more = extension.map(|kind| (kind, &[][..]));
    hello(1, session, &[0, 2, 0x13, 0x01, 1, 0], &[name].into_iter().chain(more).collect::<Vec<_>>())
}

fn server(session: &[u8], version: u16, extension: Option<u16>) -> Vec<u8> {
    let chosen = version.to_be_bytes();
    let versions = (version == TLS_13).then_some((43, &chosen[..]));
    let more = extension.map(|kind| (kind, &[0, 0][..]));
    hello(2, session, &[0x13, 0x01, 0], &versions.into_iter().chain(more).collect::<Vec<_>>())
}

/// A server's certificates, or what hides them.
fn long_record(kind: u8) -> Vec<u8> {
    record(kind, &[9; 3_000])
}

fn changes() -> Vec<u8> {
    record(20, &[1])
}

/// What TLS 1.3 ends the handshake with: a hash of 32 bytes, protected.
fn finished() -> Vec<u8> {
    record(23, &[0; 53])
}

struct Tap {
    table: FlowTable,
    /// The next byte of the client, and of the server.
    next: [u32; 2],
    clues: Vec<Clue>,
}

impl Tap {
    fn new() -> Self {
        let table = FlowTable::new(Limits::default(), LocalNetworks::default());
        // The client's numbers wrap within its hello.
        Self { table, next: [0xffff_ffe0, 7], clues: Vec::new() }
    }

    /// Shows the next bytes of a side.
    fn say(&mut self, at_ms: u64, by_client: bool, bytes: &[u8]) -> Option<u64> {
        let side = usize::from(!by_client);
        let first = self.next.get(side).copied().unwrap();
        *self.next.get_mut(side).unwrap() = first.wrapping_add(u32::try_from(bytes.len()).unwrap());
        self.segment(at_ms, by_client, first, bytes)
    }

    /// Shows a segment that acknowledges all there is, and returns how long the handshake took that it ends.
    fn segment(&mut self, at_ms: u64, by_client: bool, first: u32, bytes: &[u8]) -> Option<u64> {
        let [clients, servers] = self.next;
        let (from, to, ports, ack) = if by_client {
            (CLIENT, SERVER, (40_000, 443), servers)
        } else {
            (SERVER, CLIENT, (443, 40_000), clients)
        };
        let mut packet = Vec::new();
        let builder = PacketBuilder::ipv4(from, to, 64).tcp(ports.0, ports.1, first, 512).ack(ack);
        builder.write(&mut packet, bytes).unwrap();
        let wire_len = u32::try_from(packet.len()).unwrap();
        let at = Timestamp::from_nanos(1_700_000_000_000_000_000 + at_ms * MS);
        let packet = Packet { at: Some(at), link: LinkType::RAW, interface: 0, wire_len, bytes: &packet };
        let frame = Frame::parse(&packet);
        let conversation = self.table.conversation(&frame);
        let event = self.table.observe(&frame, conversation, wire_len, at, at).event;
        for fact in self.table.relieve(at, |_| {}) {
            let Fact::Clue { clue, .. } = fact else { continue };
            self.clues.push(clue);
        }
        match event {
            Some(FlowEvent::Tls(event)) => Some(event.handshake_nanos),
            _ => None,
        }
    }

    /// Whether the server's hello was told to go on with something of before.
    fn resumed(&self) -> Option<bool> {
        let hello = self
            .clues
            .iter()
            .find_map(|clue| if let Clue::Server(hello) = clue { Some(*hello) } else { None });
        hello.unwrap().resumed
    }

    fn told(&self) -> Option<u64> {
        self.clues.iter().find_map(|clue| if let Clue::Handshake(nanos) = clue { Some(*nanos) } else { None })
    }

    fn counters(&self) -> TlsCounters {
        self.table.counters().tls
    }
}

#[test]
fn handshake_of_tls_13_ends_with_the_clients_finished() {
    let mut tap = Tap::new();
    // Clients since then name a session that is none, which the server repeats (RFC 8446 appendix D.4).
    assert_eq!(tap.say(0, true, &client(&[1; 32], None)), None);
    let flight = [server(&[1; 32], TLS_13, None), changes(), long_record(23)].concat();
    let (begin, end) = flight.split_at(1_400);
    assert_eq!(tap.say(30, false, begin), None);
    assert_eq!(tap.say(31, false, end), None);
    assert_eq!(tap.say(35, true, &changes()), None);
    assert_eq!(tap.say(36, true, &finished()), Some(36 * MS));
    assert_eq!(tap.say(40, true, &finished()), None);
    assert_eq!((tap.resumed(), tap.told()), (Some(false), Some(36 * MS)));
    let counters = tap.counters();
    assert_eq!((counters.client_hellos, counters.server_hellos), (1, 1));
    assert_eq!((counters.resumed, counters.full, counters.encrypted_hellos), (0, 1, 0));
    assert!(counters.versions.iter().eq([(u32::from(TLS_13), 1)]));
    assert!(counters.ciphers.iter().eq([(0x1301, 1)]));
}

#[test]
fn keys_of_before_are_taken_up_in_tls_13() {
    let mut tap = Tap::new();
    tap.say(0, true, &client(&[1; 32], Some(KEY)));
    tap.say(20, false, &[server(&[1; 32], TLS_13, Some(KEY)), changes(), record(23, &[0; 80])].concat());
    assert_eq!(tap.say(25, true, &[changes(), finished()].concat()), Some(25 * MS));
    assert_eq!((tap.resumed(), tap.counters().resumed), (Some(true), 1));
}

#[test]
fn early_data_hides_the_end() {
    let mut tap = Tap::new();
    tap.say(0, true, &client(&[1; 32], Some(EARLY)));
    tap.say(1, true, &[changes(), long_record(23)].concat());
    tap.say(20, false, &[server(&[1; 32], TLS_13, Some(KEY)), changes()].concat());
    assert_eq!(tap.say(25, true, &finished()), None);
    assert_eq!(tap.resumed(), Some(true));
}

#[test]
fn encrypted_alert_ends_no_handshake() {
    let mut tap = Tap::new();
    tap.say(0, true, &client(&[1; 32], None));
    tap.say(20, false, &[server(&[1; 32], TLS_13, None), long_record(23)].concat());
    // Level, description, type and a tag of 16 bytes.
    assert_eq!(tap.say(25, true, &record(23, &[0; 19])), None);
    assert_eq!(tap.say(26, true, &finished()), None);
}

#[test]
fn full_handshake_of_tls_12_ends_with_the_server() {
    let mut tap = Tap::new();
    tap.say(0, true, &client(&[], None));
    tap.say(30, false, &[server(&[8; 32], TLS_12, None), long_record(22)].concat());
    // Key exchange, its change, the message that is hidden; the header of the change lies in two segments.
    let flight = [record(22, &[0; 70]), changes(), record(22, &[0; 40])].concat();
    let (begin, end) = flight.split_at(75 + 2);
    assert_eq!(tap.say(35, true, begin), None);
    assert_eq!(tap.say(36, true, end), None);
    // A ticket comes before the server's change.
    let last = [record(22, &[0; 200]), changes(), record(22, &[0; 40])].concat();
    assert_eq!(tap.say(66, false, &last), Some(66 * MS));
    assert_eq!((tap.resumed(), tap.counters().full), (Some(false), 1));
}

#[test]
fn resumed_handshake_of_tls_12_ends_with_the_client() {
    let mut tap = Tap::new();
    tap.say(0, true, &client(&[8; 32], None));
    let answer = [server(&[8; 32], TLS_12, None), changes(), record(22, &[0; 40])].concat();
    assert_eq!(tap.say(30, false, &answer), None);
    assert_eq!(tap.say(32, true, &[changes(), record(22, &[0; 40])].concat()), Some(32 * MS));
    assert_eq!((tap.resumed(), tap.counters().resumed), (Some(true), 1));
}

#[test]
fn segments_seen_again_change_nothing() {
    let mut tap = Tap::new();
    tap.say(0, true, &client(&[], None));
    let server_first = tap.next[1];
    let answer = [server(&[8; 32], TLS_12, None), long_record(22)].concat();
    tap.say(30, false, &answer);
    tap.segment(31, false, server_first, &answer);
    let client_first = tap.next[0];
    let flight = [record(22, &[0; 70]), changes()].concat();
    tap.say(35, true, &flight);
    tap.segment(40, true, client_first, &flight);
    assert_eq!(tap.say(66, false, &changes()), Some(66 * MS));
}

#[test]
fn header_out_of_its_turn_is_not_waited_for() {
    let mut tap = Tap::new();
    tap.say(0, true, &client(&[], None));
    tap.say(30, false, &[server(&[8; 32], TLS_12, None), long_record(22)].concat());
    // The key exchange and the change come after what follows them.
    let first = tap.next[0];
    let flight = [record(22, &[0; 70]), changes()].concat();
    let behind = first.wrapping_add(u32::try_from(flight.len()).unwrap());
    tap.segment(35, true, behind, &record(22, &[0; 40]));
    tap.segment(36, true, first, &flight);
    assert_eq!(tap.say(66, false, &changes()), None);
}

#[test]
fn gap_within_a_record_is_no_matter() {
    let mut tap = Tap::new();
    tap.say(0, true, &client(&[], None));
    let answer = [server(&[8; 32], TLS_12, None), long_record(22)].concat();
    // The middle of the certificates is not seen.
    tap.say(30, false, &answer[..500]);
    tap.next[1] = tap.next[1].wrapping_add(1_500);
    tap.say(31, false, &answer[2_000..]);
    tap.say(35, true, &[record(22, &[0; 70]), changes()].concat());
    assert_eq!(tap.say(66, false, &changes()), Some(66 * MS));
}

#[test]
fn server_alone_is_counted_and_says_nothing_of_sessions_before_tls_13() {
    let mut tap = Tap::new();
    tap.say(30, false, &server(&[8; 32], TLS_12, None));
    assert_eq!((tap.counters().server_hellos, tap.resumed()), (1, None));
    assert_eq!((tap.counters().resumed, tap.counters().full), (0, 0));
}
