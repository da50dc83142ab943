//! What DNS, pings and multicast groups tell, by whole packets.

#![expect(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test's own packets are sound"
)]

use etherparse::PacketBuilder;
use netsonde_dissect::{Frame, LinkType, Packet};
use netsonde_flow::limits::{self, Limits};
use netsonde_flow::{
    Aside, Credit, DnsEvent, DnsKind, EchoEvent, Fact, FlowCounters, FlowEvent, FlowTable, GroupEvent,
    LocalNetworks, MessageCounters, NamedBy,
};
use netsonde_units::Timestamp;

const CLIENT: [u8; 4] = [192, 168, 1, 2];
const SERVER: [u8; 4] = [203, 0, 113, 53];
const MILLISECOND: u64 = 1_000_000;
const SECOND: u64 = 1_000 * MILLISECOND;

/// A table and what it was told.
struct Tap {
    table: FlowTable,
    facts: Vec<Fact>,
}

impl Tap {
    fn new() -> Self {
        let limits = Limits { flows: 64, departed: 64 };
        let mut table = FlowTable::new(limits, LocalNetworks::default());
        table.leap(at(0), at(0));
        Self { table, facts: Vec::new() }
    }

    fn see(&mut self, nanos: u64, bytes: &[u8]) -> Option<FlowEvent> {
        self.see_cut(nanos, bytes, bytes.len())
    }

    /// Sees the first `kept` bytes of a packet.
    fn see_cut(&mut self, nanos: u64, bytes: &[u8], kept: usize) -> Option<FlowEvent> {
        let wire_len = u32::try_from(bytes.len()).unwrap();
        let bytes = &bytes[..kept];
        let packet = Packet { at: None, link: LinkType::ETHERNET, interface: 0, wire_len, bytes };
        let frame = Frame::parse(&packet);
        let conversation = self.table.conversation(&frame);
        self.table.observe(&frame, conversation, wire_len, at(nanos), at(nanos)).event
    }

    /// Time comes to `nanos`.
    fn counters(&mut self, nanos: u64) -> FlowCounters {
        self.facts.extend(self.table.relieve(at(nanos), |_| {}));
        self.table.counters()
    }

    /// The names learned, as `client name address ttl`.
    fn names(&mut self) -> Vec<String> {
        self.counters(0);
        let name = |fact| match fact {
            Fact::Name { client, name, address, ttl_s, .. } => {
                let client = client.map_or_else(|| "all".to_owned(), |client| client.to_string());
                format!("{client} {name} {address} {ttl_s}")
            }
            other => panic!("no name: {other:?}"),
        };
        self.facts.drain(..).map(name).collect()
    }

    /// What speaks for the names learned.
    fn credits(&mut self) -> Vec<Credit> {
        self.counters(0);
        let credit = |fact| match fact {
            Fact::Name { credit, .. } => credit,
            other => panic!("no name: {other:?}"),
        };
        self.facts.drain(..).map(credit).collect()
    }
}

fn at(nanos: u64) -> Timestamp {
    Timestamp::from_parts(1_700_000_000, 0).plus_nanos(nanos)
}

fn ip(source: [u8; 4], destination: [u8; 4]) -> etherparse::PacketBuilderStep<etherparse::IpHeaders> {
    PacketBuilder::ethernet2([2; 6], [4; 6]).ipv4(source, destination, 64)
}

fn udp(from: ([u8; 4], u16), to: ([u8; 4], u16), payload: &[u8]) -> Vec<u8> {
    let mut bytes = Vec::new();
    ip(from.0, to.0).udp(from.1, to.1).write(&mut bytes, payload).unwrap();
    bytes
}

fn ask(id: u16, message: &[u8]) -> Vec<u8> {
    udp((CLIENT, 40_000), (SERVER, 53), &with_id(id, message))
}

fn answer(id: u16, message: &[u8]) -> Vec<u8> {
    udp((SERVER, 53), (CLIENT, 40_000), &with_id(id, message))
}

fn with_id(id: u16, message: &[u8]) -> Vec<u8> {
    [&id.to_be_bytes(), &message[2..]].concat()
}

/// A header with the flags, codes and counts given.
fn header(flags: [u8; 2], counts: [u8; 4]) -> Vec<u8> {
    let [questions, answers, authorities, additionals] = counts;
    vec![0, 0, flags[0], flags[1], 0, questions, 0, answers, 0, authorities, 0, additionals]
}

/// `www.example`, whose first label is at offset 12 and second one at 16.
const ASKED: &[u8] = b"\x03www\x07example\0\0\x01\0\x01";

fn query() -> Vec<u8> {
    [&header([1, 0], [1, 0, 0, 0])[..], ASKED].concat()
}

/// An answer with the given code and no records.
fn empty_answer(code: u8) -> Vec<u8> {
    [&header([0x81, 0x80 | code], [1, 0, 0, 0])[..], ASKED].concat()
}

/// A record: name as written, type, time to live, content.
fn record(name: &[u8], kind: u8, ttl: u8, content: &[u8]) -> Vec<u8> {
    let len = u8::try_from(content.len()).unwrap();
    [name, &[0, kind, 0, 1, 0, 0, 0, ttl, 0, len], content].concat()
}

const A: u8 = 1;
const CNAME: u8 = 5;

/// `www.example` stands for `b.example`, at 192.0.2.9; `ns.example` is at 192.0.2.53. `records` gives their order.
fn aliased(order: [usize; 2]) -> Vec<u8> {
    let records =
        [record(b"\xc0\x0c", CNAME, 60, b"\x01B\xc0\x10"), record(b"\x01b\xc0\x10", A, 30, &[192, 0, 2, 9])];
    let beside = record(b"\x02ns\xc0\x10", A, 90, &[192, 0, 2, 53]);
    let head = [&header([0x81, 0x80], [1, 2, 0, 1])[..], ASKED].concat();
    [&head[..], &records[order[0]], &records[order[1]], &beside].concat()
}

const DNS_QUERY: DnsEvent = DnsEvent { kind: DnsKind::Dns, id: 7, rcode: None, latency_nanos: None };

const fn dns_answer(rcode: u16, latency_nanos: Option<u64>) -> FlowEvent {
    FlowEvent::Dns(DnsEvent { kind: DnsKind::Dns, id: 7, rcode: Some(rcode), latency_nanos })
}

#[test]
fn answer_is_timed_from_its_query_and_counted_by_code() {
    let mut tap = Tap::new();
    assert_eq!(tap.see(0, &ask(7, &query())), Some(FlowEvent::Dns(DNS_QUERY)));
    assert_eq!(
        tap.see(20 * MILLISECOND, &answer(7, &empty_answer(3))),
        Some(dns_answer(3, Some(20 * MILLISECOND)))
    );
    // The same again is an answer to nothing.
    assert_eq!(tap.see(21 * MILLISECOND, &answer(7, &empty_answer(3))), Some(dns_answer(3, None)));
    // The number is free for another query.
    tap.see(30 * MILLISECOND, &ask(7, &query()));
    assert_eq!(
        tap.see(31 * MILLISECOND, &answer(7, &empty_answer(0))),
        Some(dns_answer(0, Some(MILLISECOND)))
    );
    let dns = tap.counters(60 * SECOND).dns;
    assert_eq!(dns.messages[DnsKind::Dns], MessageCounters { queries: 2, responses: 3 });
    assert_eq!(dns.rcodes().collect::<Vec<_>>(), [(Some(0), 1), (Some(3), 2)]);
    assert_eq!((dns.timeouts, dns.forgotten), (0, 0));
}

#[test]
fn time_out_is_judged_by_packet_time_whenever_somebody_looks() {
    let query_at = |tap: &mut Tap, nanos| tap.see(nanos, &ask(7, &query()));
    let (mut often, mut seldom) = (Tap::new(), Tap::new());
    query_at(&mut often, 0);
    query_at(&mut seldom, 0);
    assert_eq!(often.counters(5 * SECOND).dns.timeouts, 0);
    assert_eq!(often.counters(5 * SECOND + 1).dns.timeouts, 1);
    let late = answer(7, &empty_answer(0));
    assert_eq!(often.see(6 * SECOND, &late), Some(dns_answer(0, None)));
    assert_eq!(seldom.see(6 * SECOND, &late), Some(dns_answer(0, None)));
    assert_eq!(often.counters(6 * SECOND), seldom.counters(6 * SECOND));
}

#[test]
fn addresses_are_learned_under_the_name_asked_for_through_its_aliases_in_any_order() {
    for order in [[0, 1], [1, 0]] {
        let mut tap = Tap::new();
        // Without the query too: the answer repeats the question.
        tap.see(0, &answer(7, &aliased(order)));
        // What stands beside the answer keeps its own name, which nobody asked for.
        assert_eq!(
            tap.names(),
            ["192.168.1.2 www.example 192.0.2.9 30", "192.168.1.2 ns.example 192.0.2.53 90"]
        );
        tap.see(1, &answer(7, &aliased(order)));
        assert_eq!(tap.credits(), [Credit::Asked, Credit::Nothing]);
    }
}

/// `www.example` at 192.0.2.9, as answer to the question given; its first label is at offset 12.
fn answer_to(asked: &[u8]) -> Vec<u8> {
    let record = record(b"\xc0\x0c", A, 30, &[192, 0, 2, 9]);
    [&header([0x81, 0x80], [1, 1, 0, 0])[..], asked, &record].concat()
}

#[test]
fn an_answer_has_credit_only_where_it_repeats_an_open_query() {
    let after_query = |nanos, bytes: &[u8]| {
        let mut tap = Tap::new();
        tap.see(0, &ask(7, &query()));
        tap.see(nanos, bytes);
        tap.credits()
    };
    let asked = answer_to(ASKED);
    assert_eq!(after_query(5 * SECOND, &answer(7, &asked)), [Credit::Asked]);
    assert_eq!(after_query(1, &answer(7, &answer_to(b"\x03wWw\x07ExamplE\0\0\x01\0\x01"))), [Credit::Asked]);
    for (what, nanos, unasked) in [
        ("too late", 5 * SECOND + 1, answer(7, &asked)),
        ("number", 1, answer(8, &asked)),
        ("name", 1, answer(7, &answer_to(b"\x03web\x07example\0\0\x01\0\x01"))),
        ("labels", 1, answer(7, &answer_to(b"\x0bwww\x07example\0\0\x01\0\x01"))),
        ("type", 1, answer(7, &answer_to(b"\x03www\x07example\0\0\x1c\0\x01"))),
        ("port", 1, udp((SERVER, 53), (CLIENT, 40_001), &with_id(7, &asked))),
        ("server", 1, udp(([203, 0, 113, 54], 53), (CLIENT, 40_000), &with_id(7, &asked))),
        ("everybody", 1, udp((SERVER, 53), ([224, 0, 0, 1], 40_000), &with_id(7, &asked))),
        ("everybody here", 1, udp((SERVER, 53), ([255; 4], 40_000), &with_id(7, &asked))),
    ] {
        assert_eq!(after_query(nanos, &unasked), [Credit::Nothing], "{what}");
    }
}

#[test]
fn a_query_is_answered_once() {
    let mut tap = Tap::new();
    let answered = answer(7, &answer_to(ASKED));
    tap.see(0, &ask(7, &query()));
    tap.see(1, &ask(7, &query()));
    tap.see(2, &answered);
    tap.see(3, &answered);
    tap.see(4, &ask(7, &query()));
    tap.see(5, &answered);
    assert_eq!(tap.credits(), [Credit::Asked, Credit::Nothing, Credit::Asked]);
}

#[test]
fn who_was_not_seen_to_ask_may_have_asked_and_time_elsewhere_begins_anew() {
    let mut tap = Tap::new();
    let answered = answer_to(ASKED);
    // Only answers are captured.
    tap.see(0, &answer(7, &answered));
    tap.see(1, &ask(7, &query()));
    tap.see(2, &answer(8, &answered));
    tap.see(3, &udp((SERVER, 53), ([192, 168, 1, 3], 40_000), &with_id(8, &answered)));
    assert_eq!(tap.credits(), [Credit::Asked, Credit::Nothing, Credit::Asked]);
    // Without its question an answer is none.
    let record = record(b"\x03www\x07example\0", A, 30, &[192, 0, 2, 9]);
    let bare = [&header([0x81, 0x80], [0, 1, 0, 0])[..], &record].concat();
    tap.see(4, &udp((SERVER, 53), ([192, 168, 1, 3], 40_000), &bare));
    assert_eq!(tap.credits(), [Credit::Nothing]);
    tap.table.leap(at(4), at(7_200 * SECOND));
    tap.see(7_200 * SECOND, &answer(8, &answered));
    assert_eq!(tap.credits(), [Credit::Asked]);
}

#[test]
fn where_more_clients_ask_than_are_known_everybody_may_have_asked() {
    let mut tap = Tap::new();
    let stranger = udp((SERVER, 53), ([192, 168, 1, 3], 40_000), &with_id(7, &answer_to(ASKED)));
    for client in 1..=u32::try_from(limits::DNS_CLIENTS).unwrap() {
        if client == 5 {
            tap.see(0, &stranger);
        }
        let address = (0x0a00_0000 | client).to_be_bytes();
        tap.see(0, &udp((address, 40_000), (SERVER, 53), &with_id(7, &query())));
    }
    tap.see(0, &stranger);
    assert_eq!(tap.credits(), [Credit::Asked, Credit::Nothing]);
}

#[test]
fn multicast_dns_tells_everybody_the_names_of_its_records() {
    let name = b"\x07Printer\x05local\0";
    let message = [header([0x84, 0], [0, 1, 0, 0]), record(name, A, 120, &[192, 168, 1, 9])].concat();
    let mut tap = Tap::new();
    let event = tap.see(0, &udp(([192, 168, 1, 9], 5353), ([224, 0, 0, 251], 5353), &message));
    let told = DnsEvent { kind: DnsKind::Mdns, id: 0, rcode: Some(0), latency_nanos: None };
    assert_eq!(event, Some(FlowEvent::Dns(told)));
    assert_eq!(tap.names(), ["all printer.local 192.168.1.9 120"]);
    // A code of multicast DNS says nothing (RFC 6762 section 18.11).
    assert_eq!(tap.counters(0).dns.rcodes().count(), 0);
}

#[test]
fn names_are_told_with_what_gave_them_and_tentative_ones_of_llmnr_are_not() {
    let by = |port, flags| {
        let head = header(flags, [1, 1, 0, 0]);
        let message = [&head[..], b"\x02pc\0\0\x01\0\x01", &record(b"\xc0\x0c", A, 30, &CLIENT)].concat();
        let mut tap = Tap::new();
        tap.see(0, &udp((CLIENT, port), (SERVER, 50_000), &message));
        tap.counters(0);
        let by = |fact: &Fact| if let Fact::Name { by, .. } = fact { Some(*by) } else { None };
        tap.facts.iter().filter_map(by).collect::<Vec<_>>()
    };
    assert_eq!(by(53, [0x84, 0]), [NamedBy::Dns]);
    assert_eq!(by(5353, [0x84, 0]), [NamedBy::Mdns]);
    assert_eq!(by(5355, [0x80, 0]), [NamedBy::Llmnr]);
    // The lowest bit of the first byte is T (RFC 4795 section 2.1.1); DNS says something else there.
    assert_eq!(by(5355, [0x81, 0]), []);
    assert_eq!(by(53, [0x81, 0]), [NamedBy::Dns]);
}

#[test]
fn queries_that_nobody_in_particular_is_asked_never_time_out() {
    let mut tap = Tap::new();
    let multicast = [&header([0, 0], [1, 0, 0, 0])[..], ASKED].concat();
    tap.see(0, &udp((CLIENT, 5353), ([224, 0, 0, 251], 5353), &multicast));
    tap.see(0, &udp((CLIENT, 50_000), ([224, 0, 0, 252], 5355), &query()));
    let dns = tap.counters(60 * SECOND).dns;
    assert_eq!((dns.messages[DnsKind::Mdns].queries, dns.messages[DnsKind::Llmnr].queries), (1, 1));
    assert_eq!(dns.timeouts, 0);
}

#[test]
fn packet_cut_by_the_capture_still_counts() {
    let mut tap = Tap::new();
    // Ethernet, IPv4, UDP, and 12 bytes of header.
    tap.see_cut(0, &ask(7, &query()), 14 + 20 + 8 + 12);
    let event = tap.see_cut(MILLISECOND, &answer(7, &aliased([0, 1])), 14 + 20 + 8 + 12);
    assert_eq!(event, Some(dns_answer(0, Some(MILLISECOND))));
    assert!(tap.names().is_empty());
}

/// DNS over TCP from the client's port 40,000, as segments of a tap.
struct Stream<'a> {
    tap: &'a mut Tap,
    next: u32,
}

impl Stream<'_> {
    fn segment(&mut self, payload: &[u8]) -> Option<FlowEvent> {
        let event = self.segment_at(self.next, payload);
        self.next = self.next.wrapping_add(u32::try_from(payload.len()).unwrap());
        event
    }

    fn segment_at(&mut self, sequence: u32, payload: &[u8]) -> Option<FlowEvent> {
        let mut bytes = Vec::new();
        ip(CLIENT, SERVER).tcp(40_000, 53, sequence, 512).ack(1).write(&mut bytes, payload).unwrap();
        self.tap.see(0, &bytes)
    }
}

fn framed(message: &[u8]) -> Vec<u8> {
    [&u16::try_from(message.len()).unwrap().to_be_bytes(), message].concat()
}

#[test]
fn messages_over_tcp_are_put_together_over_segments_however_they_are_cut() {
    let two = [framed(&with_id(7, &query())), framed(&with_id(8, &query()))].concat();
    for cut in 0..=two.len() {
        let mut tap = Tap::new();
        // The sequence space wraps in the middle.
        let mut stream = Stream { tap: &mut tap, next: u32::MAX - 20 };
        // Recognised by a message that comes whole.
        stream.segment(&framed(&with_id(6, &query())));
        for part in [&two[..cut], &two[cut..]] {
            if !part.is_empty() {
                stream.segment(part);
            }
        }
        let counted = tap.counters(0).dns.messages[DnsKind::Dns];
        assert_eq!(counted, MessageCounters { queries: 3, responses: 0 }, "cut at {cut}");
    }
}

#[test]
fn length_in_a_segment_of_its_own_is_known_from_the_first_message_on() {
    let mut tap = Tap::new();
    let mut stream = Stream { tap: &mut tap, next: 1_000 };
    let message = with_id(7, &query());
    let length = u16::try_from(message.len()).unwrap().to_be_bytes();
    for _ in 0..2 {
        assert_eq!(stream.segment(&length), None);
        assert_eq!(stream.segment(&message), Some(FlowEvent::Dns(DNS_QUERY)));
    }
    assert_eq!(tap.counters(0).dns.messages[DnsKind::Dns].queries, 2);
}

#[test]
fn segments_sent_again_tell_nothing_and_a_hole_is_passed_over() {
    let mut tap = Tap::new();
    let mut stream = Stream { tap: &mut tap, next: 1_000 };
    let message = framed(&with_id(7, &query()));
    assert_eq!(stream.segment(&message), Some(FlowEvent::Dns(DNS_QUERY)));
    assert_eq!(stream.segment_at(1_000, &message), None);
    // Half a message, and its other half is lost.
    assert_eq!(stream.segment(&message[..15]), None);
    stream.next += 500;
    // What follows begins nothing.
    assert_eq!(stream.segment(&[0xff; 40]), None);
    // A message of its own: in step again.
    assert_eq!(stream.segment(&message), Some(FlowEvent::Dns(DNS_QUERY)));
    assert_eq!(tap.counters(0).dns.messages[DnsKind::Dns].queries, 2);
}

#[test]
fn answer_over_tcp_is_timed_like_any_other() {
    let mut tap = Tap::new();
    let mut bytes = Vec::new();
    Stream { tap: &mut tap, next: 1_000 }.segment(&framed(&with_id(7, &query())));
    let answered = framed(&with_id(7, &aliased([0, 1])));
    ip(SERVER, CLIENT).tcp(53, 40_000, 1, 512).ack(1).write(&mut bytes, &answered).unwrap();
    assert_eq!(tap.see(9 * MILLISECOND, &bytes), Some(dns_answer(0, Some(9 * MILLISECOND))));
    assert_eq!(tap.credits(), [Credit::Asked, Credit::Nothing]);
}

#[test]
fn each_message_of_a_segment_is_told_with_its_latency() {
    let mut tap = Tap::new();
    let segment = |from_client: bool, sequence: u32, messages: &[Vec<u8>]| {
        let (ends, ports) =
            if from_client { ((CLIENT, SERVER), (40_000, 53)) } else { ((SERVER, CLIENT), (53, 40_000)) };
        let payload: Vec<u8> = messages.iter().flat_map(|message| framed(message)).collect();
        let mut bytes = Vec::new();
        ip(ends.0, ends.1).tcp(ports.0, ports.1, sequence, 512).ack(1).write(&mut bytes, &payload).unwrap();
        bytes
    };
    let [first, second] = [7, 8].map(|id| with_id(id, &query()));
    let length = u32::try_from(framed(&first).len()).unwrap();
    tap.see(0, &segment(true, 1, &[first]));
    tap.see(2 * MILLISECOND, &segment(true, 1 + length, &[second]));
    assert!(!tap.table.has_asides());
    // The answers to both, in one segment, and one to nothing between them.
    let answers = [(8, 0), (9, 0), (7, 3)].map(|(id, code)| with_id(id, &empty_answer(code)));
    let last = tap.see(9 * MILLISECOND, &segment(false, 1, &answers));
    assert_eq!(last, Some(dns_answer(3, Some(9 * MILLISECOND))));
    let before =
        |id, latency_nanos| Aside::Dns(DnsEvent { kind: DnsKind::Dns, id, rcode: Some(0), latency_nanos });
    let asides: Vec<_> = tap.table.take_asides().collect();
    // Asked at 2 ms, answered at 9 ms.
    assert_eq!(asides, [before(8, Some(7 * MILLISECOND)), before(9, None)]);
}

#[test]
fn flood_of_queries_keeps_the_tables_bounded_and_is_counted() {
    let mut tap = Tap::new();
    let flood = 100_000_u64;
    for number in 0..flood {
        // Each from a port of its own in the first 60,000, then with another number.
        let port = u16::try_from(number % 60_000).unwrap() + 1_024;
        let id = u16::try_from(number / 60_000).unwrap();
        tap.see(number, &udp((CLIENT, port), (SERVER, 53), &with_id(id, &query())));
    }
    let dns = tap.counters(6 * SECOND).dns;
    assert_eq!(dns.messages[DnsKind::Dns].queries, flood);
    assert_eq!((dns.timeouts, dns.forgotten), (flood, 0));
    assert!(flood < limits::WAITING as u64);
}

#[test]
fn flood_of_answers_drops_facts_and_counts_them() {
    let mut tap = Tap::new();
    for _ in 0..limits::FACTS {
        tap.see(0, &answer(7, &aliased([0, 1])));
    }
    // Two names each.
    assert_eq!(tap.counters(0).facts_dropped, limits::FACTS as u64);
    assert_eq!(tap.names().len(), limits::FACTS);
}

fn echo(is_reply: bool, sequence: u16) -> Vec<u8> {
    let (from, to) = if is_reply { (SERVER, CLIENT) } else { (CLIENT, SERVER) };
    let mut bytes = Vec::new();
    let step = ip(from, to);
    let step =
        if is_reply { step.icmpv4_echo_reply(99, sequence) } else { step.icmpv4_echo_request(99, sequence) };
    step.write(&mut bytes, &[0; 56]).unwrap();
    bytes
}

#[test]
fn echo_gives_its_round_trip_once_and_is_lost_after_five_seconds() {
    let mut tap = Tap::new();
    let told = |is_reply, rtt_nanos| Some(FlowEvent::Echo(EchoEvent { is_reply, rtt_nanos }));
    assert_eq!(tap.see(0, &echo(false, 1)), told(false, None));
    assert_eq!(tap.see(SECOND, &echo(false, 2)), told(false, None));
    assert_eq!(tap.see(SECOND + 5, &echo(true, 2)), told(true, Some(5)));
    assert_eq!(tap.see(SECOND + 6, &echo(true, 2)), told(true, None));
    let icmp = tap.counters(5 * SECOND + 1).icmp;
    assert_eq!((icmp.echo_requests, icmp.echo_replies, icmp.echo_lost), (2, 2, 1));
    assert_eq!(icmp.errors, 0);
}

#[test]
fn echo_to_many_is_never_lost() {
    let mut tap = Tap::new();
    for (hardware, destination) in [([1, 0, 0x5e, 0, 0, 1], [224, 0, 0, 1]), ([0xff; 6], [192, 168, 1, 255])]
    {
        let mut bytes = Vec::new();
        PacketBuilder::ethernet2([2; 6], hardware)
            .ipv4(CLIENT, destination, 1)
            .icmpv4_echo_request(1, 1)
            .write(&mut bytes, &[])
            .unwrap();
        tap.see(0, &bytes);
    }
    let icmp = tap.counters(60 * SECOND).icmp;
    assert_eq!((icmp.echo_requests, icmp.echo_lost), (2, 0));
}

/// An IGMP message in an IPv4 packet; checksums are not looked at.
fn igmp(message: &[u8]) -> Vec<u8> {
    let len = u8::try_from(20 + message.len()).unwrap();
    let mut bytes = vec![1, 0, 0x5e, 0, 0, 22, 2, 2, 2, 2, 2, 2, 8, 0];
    bytes.extend([0x45, 0, 0, len, 0, 0, 0, 0, 1, 2, 0, 0]);
    bytes.extend(CLIENT);
    bytes.extend([224, 0, 0, 22]);
    bytes.extend(message);
    bytes
}

#[test]
fn groups_are_joined_left_and_asked_for() {
    let mut tap = Tap::new();
    let query = igmp(&[0x11, 100, 0, 0, 0, 0, 0, 0]);
    assert_eq!(tap.see(0, &query), Some(FlowEvent::Group(GroupEvent::Query)));
    // Version 3: joins 239.0.0.1 (excludes nobody), leaves 239.0.0.2 (includes nobody).
    let records = [4, 0, 0, 0, 239, 0, 0, 1, 3, 0, 0, 0, 239, 0, 0, 2];
    let report = igmp(&[&[0x22, 0, 0, 0, 0, 0, 0, 2][..], &records].concat());
    let event = Some(FlowEvent::Group(GroupEvent::Report { joins: 1, leaves: 1 }));
    assert_eq!(tap.see(0, &report), event);
    let groups = tap.counters(0).groups;
    assert_eq!((groups.queries, groups.joins, groups.leaves), (1, 1, 1));
    let member = |group: [u8; 4], joins| Fact::Member { group: group.into(), member: CLIENT.into(), joins };
    assert_eq!(
        tap.facts,
        [
            Fact::Querier { address: CLIENT.into() },
            member([239, 0, 0, 1], true),
            member([239, 0, 0, 2], false)
        ]
    );
}
