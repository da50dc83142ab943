//! Hellos and requests, however they are cut and shuffled, tell who a conversation is with.

#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test's own packets are sound")]

use std::net::Ipv4Addr;

use etherparse::PacketBuilder;
use netsonde_dissect::{Frame, LinkType, Packet, Protocol};
use netsonde_flow::limits::{self, Limits};
use netsonde_flow::{
    Aside, ClientHello, Clue, Fact, FlowTable, HelloOver, LocalNetworks, Recognition, ServerHello,
};
use netsonde_units::{Timestamp, Volume};
use proptest::prelude::*;

const CLIENT: (Ipv4Addr, u16) = (Ipv4Addr::new(192, 0, 2, 1), 40_000);
const SERVER: (Ipv4Addr, u16) = (Ipv4Addr::new(198, 51, 100, 7), 443);

/// The client's first number; its stream wraps within a long hello.
const START: u32 = 0xffff_ff00;

fn long(list: &[u8]) -> Vec<u8> {
    [&u16::try_from(list.len()).unwrap().to_be_bytes()[..], list].concat()
}

fn extension(number: u16, content: &[u8]) -> Vec<u8> {
    [&number.to_be_bytes()[..], &long(content)].concat()
}

/// A handshake message: type, length in 24 bits, body.
fn message(kind: u8, body: &[u8]) -> Vec<u8> {
    let len = u32::try_from(body.len()).unwrap().to_be_bytes();
    [&[kind][..], &len[1..], body].concat()
}

fn record(kind: u8, content: &[u8]) -> Vec<u8> {
    [&[kind, 3, 1][..], &long(content)].concat()
}

fn name_extension(name: &[u8]) -> Vec<u8> {
    extension(0, &long(&[&[0][..], &long(name)].concat()))
}

/// The body of a client's hello with these extensions.
fn body(cookie: Option<&[u8]>, extensions: &[u8]) -> Vec<u8> {
    let mut body = vec![3, 3];
    body.extend([7; 32]);
    body.push(0);
    if let Some(cookie) = cookie {
        body.push(u8::try_from(cookie.len()).unwrap());
        body.extend(cookie);
    }
    body.extend([0, 4, 0x13, 0x01, 0x13, 0x02, 1, 0]);
    body.extend(long(extensions));
    body
}

/// A hello for `WWW.Example.ORG`, with so much padding (RFC 7685).
fn hello_body(padding: usize) -> Vec<u8> {
    let list = [
        name_extension(b"WWW.Example.ORG"),
        extension(16, &long(b"\x02h2")),
        extension(43, &[4, 3, 4, 3, 3]),
        extension(21, &vec![0; padding]),
    ];
    body(None, &list.concat())
}

fn hello(padding: usize) -> Vec<u8> {
    record(22, &message(1, &hello_body(padding)))
}

/// A server's hello that chooses TLS 1.3 and 0x1302.
fn server_hello(random: [u8; 32]) -> Vec<u8> {
    let body = [&[3, 3][..], &random, &[0, 0x13, 0x02, 0], &long(&extension(43, &[3, 4]))].concat();
    record(22, &message(2, &body))
}

/// A flow table and what it told.
struct Listening {
    table: FlowTable,
    clues: Vec<Clue>,
    /// What the last packet counts as.
    protocol: Option<Protocol>,
}

impl Listening {
    fn new() -> Self {
        Self {
            table: FlowTable::new(Limits::default(), LocalNetworks::default()),
            clues: Vec::new(),
            protocol: None,
        }
    }

    /// Takes in a packet of which the capture kept `kept` bytes.
    fn take(&mut self, bytes: &[u8], kept: usize) {
        let at = Timestamp::from_parts(1_700_000_000, 0);
        let wire_len = u32::try_from(bytes.len()).unwrap();
        let bytes = &bytes[..kept.min(bytes.len())];
        let frame =
            Frame::parse(&Packet { at: Some(at), link: LinkType::RAW, interface: 0, wire_len, bytes });
        let conversation = self.table.conversation(&frame);
        let seen = self.table.observe(&frame, conversation, wire_len, at, at);
        self.protocol = Some(seen.protocol);
        for fact in self.table.relieve(at, |_| {}) {
            if let Fact::Clue { clue, .. } = fact {
                self.clues.push(clue);
            }
        }
    }

    fn segment(&mut self, is_client: bool, sequence: u32, is_syn: bool, payload: &[u8], kept: usize) {
        let (from, to) = if is_client { (CLIENT, SERVER) } else { (SERVER, CLIENT) };
        let mut builder =
            PacketBuilder::ipv4(from.0.octets(), to.0.octets(), 64).tcp(from.1, to.1, sequence, 512);
        if is_syn {
            builder = builder.syn();
        }
        if !is_client || !is_syn {
            builder = builder.ack(START.wrapping_add(1));
        }
        let mut bytes = Vec::new();
        builder.write(&mut bytes, payload).unwrap();
        self.take(&bytes, kept);
    }

    fn opened() -> Self {
        let mut listening = Self::new();
        listening.segment(true, START, true, &[], usize::MAX);
        listening.segment(false, 0, true, &[], usize::MAX);
        listening
    }

    /// Takes in a piece of the client's stream.
    fn client(&mut self, offset: usize, payload: &[u8]) {
        let offset = u32::try_from(offset).unwrap();
        self.segment(true, START.wrapping_add(1).wrapping_add(offset), false, payload, usize::MAX);
    }

    fn server(&mut self, offset: usize, payload: &[u8]) {
        self.segment(false, 1 + u32::try_from(offset).unwrap(), false, payload, usize::MAX);
    }

    fn datagram(&mut self, is_client: bool, payload: &[u8]) {
        let (from, to) = if is_client { (CLIENT, SERVER) } else { (SERVER, CLIENT) };
        let mut bytes = Vec::new();
        PacketBuilder::ipv4(from.0.octets(), to.0.octets(), 64)
            .udp(from.1, to.1)
            .write(&mut bytes, payload)
            .unwrap();
        self.take(&bytes, usize::MAX);
    }

    fn names(&self) -> Vec<Option<&str>> {
        let names = self.clues.iter().map(|clue| match clue {
            Clue::Client(hello) => hello.server_name.as_deref(),
            Clue::HttpHost(host) => Some(&**host),
            Clue::Server(_) | Clue::Handshake(_) => None,
        });
        names.collect()
    }
}

fn expected(padding: usize) -> Clue {
    Clue::Client(Box::new(ClientHello::read(&hello_body(padding), HelloOver::Tls).unwrap()))
}

#[test]
fn whole_hellos_of_both_sides_are_told_once() {
    let mut listening = Listening::opened();
    listening.client(0, &hello(100));
    listening.client(0, &hello(100));
    let answer = [server_hello([1; 32]), record(20, &[1]), record(23, &[0; 40])].concat();
    listening.server(0, &answer);
    let server = Clue::Server(ServerHello { version: 0x0304, cipher: 0x1302, resumed: Some(false) });
    assert_eq!(listening.clues, [expected(100), server]);
    let Clue::Client(hello) = &listening.clues[0] else { panic!() };
    assert_eq!((hello.server_name.as_deref(), hello.version), (Some("www.example.org"), 0x0304));
    assert_eq!(*hello.alpn, ["h2".into()]);
    // t, 1.3, with a name, two suites, four extensions, h2.
    assert!(hello.fingerprints.as_ref().unwrap().ja4().starts_with("t13d0204h2_"));
}

#[test]
fn every_cut_in_two_gives_the_clue_in_either_order() {
    let hello = hello(10);
    for cut in 1..hello.len() {
        let (front, back) = hello.split_at(cut);
        let mut in_order = Listening::opened();
        in_order.client(0, front);
        in_order.client(cut, back);
        assert_eq!(in_order.clues, [expected(10)], "cut at {cut}");
        let mut turned = Listening::opened();
        turned.client(cut, back);
        turned.client(0, front);
        assert_eq!(turned.clues, [expected(10)], "turned, cut at {cut}");
    }
}

#[test]
fn message_over_many_records_is_put_together() {
    let message = message(1, &hello_body(50));
    let records: Vec<u8> = message.chunks(3).flat_map(|piece| record(22, piece)).collect();
    let mut listening = Listening::opened();
    for (place, piece) in records.chunks(11).enumerate() {
        listening.client(place * 11, piece);
    }
    assert_eq!(listening.clues, [expected(50)]);
}

#[test]
fn capture_that_begins_late_or_sees_one_side_tells_as_much() {
    let mut late = Listening::new();
    late.client(0, &hello(10));
    assert_eq!(late.clues, [expected(10)]);
    let mut server_only = Listening::new();
    server_only.server(0, &server_hello([1; 32]));
    assert_eq!(server_only.clues.len(), 1);
}

#[test]
fn hello_behind_words_in_clear_is_found() {
    let mut mail = Listening::opened();
    mail.server(0, b"220 mail.example ESMTP\r\n");
    mail.client(0, b"EHLO a.example\r\n");
    mail.client(16, b"STARTTLS\r\n");
    mail.client(26, &hello(10));
    assert_eq!(mail.clues, [expected(10)]);
    let mut proxy = Listening::opened();
    let connect = b"CONNECT c.example:443 HTTP/1.1\r\n\r\n";
    proxy.client(0, connect);
    proxy.client(connect.len(), &hello(10));
    assert_eq!(proxy.names(), [Some("c.example"), Some("www.example.org")]);
}

#[test]
fn second_hello_tells_only_a_name_that_the_first_did_not() {
    // RFC 8446 section 4.1.3.
    let retry = [
        0xcf, 0x21, 0xad, 0x74, 0xe5, 0x9a, 0x61, 0x11, 0xbe, 0x1d, 0x8c, 0x02, 0x1e, 0x65, 0xb8, 0x91, 0xc2,
        0xa2, 0x11, 0x16, 0x7a, 0xbb, 0x8c, 0x5e, 0x07, 0x9e, 0x09, 0xe2, 0xc8, 0xa8, 0x33, 0x9c,
    ];
    let nameless = record(22, &message(1, &body(None, &extension(43, &[2, 3, 4]))));
    let again = [record(20, &[1]), hello(10)].concat();
    let mut listening = Listening::opened();
    listening.client(0, &nameless);
    listening.server(0, &server_hello(retry));
    listening.client(nameless.len(), &again);
    assert_eq!(listening.names(), [None, Some("www.example.org")]);
    let mut twice = Listening::opened();
    twice.client(0, &hello(10));
    twice.client(hello(10).len(), &[record(20, &[1]), hello(20)].concat());
    assert_eq!(twice.clues, [expected(10)]);
}

#[test]
fn request_in_two_segments_names_its_host() {
    let request = b"GET /index.html HTTP/1.1\r\nAccept: */*\r\nHost: A.Example:8080\r\n\r\n";
    for cut in 1..request.len() {
        let mut listening = Listening::opened();
        listening.client(0, &request[..cut]);
        listening.client(cut, &request[cut..]);
        assert_eq!(listening.names(), [Some("a.example")], "cut at {cut}");
    }
}

#[test]
fn request_behind_an_empty_line_names_its_host_without_who_asks() {
    let request = b"\r\nGET / HTTP/1.1\r\nHost: me@a.example\r\n\r\n";
    for cut in 1..request.len() {
        let mut listening = Listening::opened();
        listening.client(0, &request[..cut]);
        listening.client(cut, &request[cut..]);
        assert_eq!(listening.names(), [Some("a.example")], "cut at {cut}");
    }
}

/// The first payloads are too short for a probe, and there are more of them than are probed.
#[test]
fn hello_of_single_bytes_recognises_the_conversation_and_moves_its_volume() {
    let hello = hello(10);
    let request = b"GET / HTTP/1.1\r\nHost: a.example\r\n";
    for (stream, to) in [(&hello[..], Protocol::Tls), (request, Protocol::Http)] {
        let mut listening = Listening::opened();
        for (offset, byte) in stream.iter().enumerate() {
            listening.client(offset, &[*byte]);
        }
        // Headers of 20 bytes each and a byte a segment; the two of the handshake have none.
        let packets = stream.len() as u64;
        let moved = Volume { packets, bytes: packets * 41 };
        let all = Volume { packets: packets + 2, bytes: packets * 41 + 2 * 40 };
        let encrypted = if to == Protocol::Tls { all } else { Volume::ZERO };
        let recognition = Recognition { from: Protocol::Tcp, to, moved, encrypted };
        let asides: Vec<_> = listening.table.take_asides().collect();
        assert_eq!(asides, [Aside::Recognised(recognition)], "{to:?}");
        // What follows belongs to it, and moves nothing again.
        listening.client(stream.len(), stream);
        assert_eq!(listening.protocol, Some(to));
        assert!(!listening.table.has_asides());
    }
}

/// A hello is kept for as long as its conversation is listed: a stranger's long lists must not be.
#[test]
fn of_long_lists_no_more_is_told_than_clients_offer() {
    let name = [&[40][..], &[1; 40]].concat();
    let groups: Vec<u8> = (1..=640_u16).flat_map(u16::to_be_bytes).collect();
    let lists = [extension(16, &long(&name.repeat(30))), extension(10, &long(&groups))].concat();
    let hello = ClientHello::read(&body(None, &lists), HelloOver::Tls).unwrap();
    // Three names of 40 bytes are within 128; a byte that is no letter is written in four.
    assert_eq!(hello.alpn, vec![Box::from("\\001".repeat(40)); 3]);
    assert_eq!(hello.groups, (1..=32).collect::<Vec<u16>>());
}

#[test]
fn cut_hello_has_its_name_and_no_fingerprint() {
    let mut listening = Listening::opened();
    let hello = hello(500);
    // Two headers of 20 bytes, and the record up to its padding.
    listening.segment(true, START.wrapping_add(1), false, &hello, 40 + hello.len() - 500);
    let [Clue::Client(told)] = &listening.clues[..] else { panic!("{:?}", listening.clues) };
    assert_eq!((told.server_name.as_deref(), &told.fingerprints), (Some("www.example.org"), &None));
}

#[test]
fn what_never_comes_whole_is_given_up_and_counted() {
    let mut listening = Listening::opened();
    // A record that says it is longer than what is held for a conversation.
    listening.client(0, &[&[22, 3, 1, 0x40, 0, 1, 0, 0xff, 0xff, 3, 3][..], &[0; 1000]].concat());
    assert_eq!(listening.table.counters().hellos_given_up, 1);
    let mut endless = Listening::opened();
    let target = [&b"GET /"[..], &[b'a'; 995]].concat();
    for place in 0..16 {
        endless.client(place * 1000, &target);
        assert_eq!(endless.table.counters().hellos_given_up, 0);
    }
    // 17,000 bytes are more than 16 KiB.
    endless.client(16_000, &target);
    assert_eq!(endless.table.counters().hellos_given_up, 1);
    assert_eq!((listening.clues, endless.clues), (vec![], vec![]));
}

#[test]
fn clues_come_through_a_flood_of_other_facts() {
    let mut table = FlowTable::new(Limits::default(), LocalNetworks::default());
    let at = Timestamp::from_parts(1_700_000_000, 0);
    let mut take = |bytes: &[u8]| {
        let wire_len = u32::try_from(bytes.len()).unwrap();
        let frame =
            Frame::parse(&Packet { at: Some(at), link: LinkType::RAW, interface: 0, wire_len, bytes });
        let conversation = table.conversation(&frame);
        table.observe(&frame, conversation, wire_len, at, at);
    };
    // An ICMP error quotes its own flow: as many facts as there is room for, and more.
    let mut quoted = Vec::new();
    PacketBuilder::ipv4([192, 0, 2, 1], [198, 51, 100, 7], 64).udp(1, 2).write(&mut quoted, &[0; 8]).unwrap();
    let mut error = Vec::new();
    PacketBuilder::ipv4([198, 51, 100, 7], [192, 0, 2, 1], 64)
        .icmpv4_raw(3, 3, [0; 4])
        .write(&mut error, &quoted)
        .unwrap();
    for _ in 0..=limits::FACTS {
        take(&error);
    }
    let mut bytes = Vec::new();
    PacketBuilder::ipv4(CLIENT.0.octets(), SERVER.0.octets(), 64)
        .tcp(CLIENT.1, SERVER.1, 1, 512)
        .write(&mut bytes, &hello(10))
        .unwrap();
    take(&bytes);
    assert_eq!(table.counters().facts_dropped, 1);
    assert!(table.wants_relief());
    let clues = table.relieve(at, |_| {}).filter(|fact| matches!(fact, Fact::Clue { .. })).count();
    assert_eq!(clues, 1);
}

/// A record of a datagram with a piece of a handshake message.
fn piece(kind: u8, sequence: u16, body: &[u8], from: usize, to: usize) -> Vec<u8> {
    let three = |number: usize| u32::try_from(number).unwrap().to_be_bytes()[1..].to_vec();
    let content = [
        vec![kind],
        three(body.len()),
        sequence.to_be_bytes().to_vec(),
        three(from),
        three(to - from),
        body[from..to].to_vec(),
    ]
    .concat();
    [&[22, 0xfe, 0xfd, 0, 0, 0, 0, 0, 0, 0, 0][..], &long(&content)].concat()
}

#[test]
fn hello_in_pieces_of_datagrams_is_told_once_whatever_the_cookie() {
    let list = name_extension(b"a.example");
    let first = body(Some(&[]), &list);
    let again = body(Some(&[9; 20]), &list);
    let middle = first.len() / 2;
    let mut listening = Listening::new();
    listening.datagram(true, &piece(1, 0, &first, middle, first.len()));
    listening.datagram(true, &piece(1, 0, &first, 0, middle));
    listening.datagram(false, &piece(3, 0, &[0xfe, 0xfd, 1, 9], 0, 4));
    listening.datagram(true, &piece(1, 1, &again, 0, again.len()));
    let server = [&[0xfe, 0xfd][..], &[5; 32], &[0, 0xc0, 0x2b, 0, 0, 0]].concat();
    listening.datagram(false, &piece(2, 1, &server, 0, server.len()));
    assert_eq!(listening.names(), [Some("a.example"), None]);
    assert_eq!(
        listening.clues[1],
        Clue::Server(ServerHello { version: 0xfefd, cipher: 0xc02b, resumed: None })
    );
}

/// Pieces of so many bytes at most, in an order, some of them twice.
fn shuffled(len: usize) -> impl Strategy<Value = Vec<(usize, usize)>> {
    let cuts = prop::collection::vec(1..len, 0..12);
    let repeats = prop::collection::vec((0..len, 1..200_usize), 0..4);
    (cuts, repeats)
        .prop_map(move |(mut cuts, repeats)| {
            cuts.extend([0, len]);
            cuts.sort_unstable();
            cuts.dedup();
            let pieces = cuts.windows(2).map(|pair| (pair[0], pair[1]));
            pieces
                .chain(repeats.into_iter().map(|(from, count)| (from, (from + count).min(len))))
                .collect::<Vec<_>>()
        })
        .prop_shuffle()
}

proptest! {
    #[test]
    fn any_segmentation_order_and_repetition_gives_the_same_clue(pieces in shuffled(hello(1_500).len())) {
        let hello = hello(1_500);
        let mut listening = Listening::opened();
        for (from, to) in pieces {
            listening.client(from, &hello[from..to]);
        }
        prop_assert_eq!(&listening.clues[..], [expected(1_500)]);
        prop_assert_eq!(listening.table.counters().hellos_given_up, 0);
    }
}
