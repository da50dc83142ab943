//! The flow table on whole packets: beginnings, ends, evictions, returns.

#![expect(clippy::unwrap_used, reason = "a test's own packets are sound")]

use etherparse::PacketBuilder;
use netsonde_dissect::{Frame, LinkType, Packet, Protocol};
use netsonde_flow::limits::Limits;
use netsonde_flow::{Direction, FlowRow, FlowTable, LocalNetworks, Observation, State};
use netsonde_units::Timestamp;

const CLIENT: [u8; 4] = [192, 168, 1, 2];
const SERVER: [u8; 4] = [203, 0, 113, 7];

fn at(seconds: u64) -> Timestamp {
    Timestamp::from_parts(1_700_000_000 + seconds, 0)
}

fn table(flows: u32) -> FlowTable {
    let mut table = FlowTable::new(Limits { flows, departed: 64 }, LocalNetworks::default());
    table.leap(at(0), at(0));
    table
}

fn see(table: &mut FlowTable, seconds: u64, bytes: &[u8]) -> Observation {
    let wire_len = u32::try_from(bytes.len()).unwrap();
    let packet = Packet { at: None, link: LinkType::ETHERNET, interface: 0, wire_len, bytes };
    let frame = Frame::parse(&packet);
    let conversation = table.conversation(&frame);
    table.observe(&frame, conversation, wire_len, at(seconds), at(seconds))
}

fn rows(table: &mut FlowTable, seconds: u64) -> Vec<FlowRow> {
    let mut rows = Vec::new();
    table.relieve(at(seconds), |row| rows.push(*row));
    table.tick(|row| rows.push(*row));
    rows
}

fn ip(source: [u8; 4], destination: [u8; 4]) -> etherparse::PacketBuilderStep<etherparse::IpHeaders> {
    PacketBuilder::ethernet2([2; 6], [4; 6]).ipv4(source, destination, 64)
}

fn udp(port: u16) -> Vec<u8> {
    let mut bytes = Vec::new();
    ip(CLIENT, SERVER).udp(port, 9).write(&mut bytes, b"ping").unwrap();
    bytes
}

/// A TCP packet of the connection from port 40,000 to 80.
fn tcp(from_client: bool, flags: &str, sequence: u32, payload: &[u8]) -> Vec<u8> {
    let mut builder = if from_client {
        ip(CLIENT, SERVER).tcp(40_000, 80, sequence, 512)
    } else {
        ip(SERVER, CLIENT).tcp(80, 40_000, sequence, 512)
    };
    for flag in flags.chars() {
        builder = match flag {
            'S' => builder.syn(),
            'A' => builder.ack(1),
            'F' => builder.fin(),
            _ => builder.rst(),
        };
    }
    let mut bytes = Vec::new();
    builder.write(&mut bytes, payload).unwrap();
    bytes
}

#[test]
fn a_closed_connection_is_open_no_more_after_its_time_out_until_it_speaks() {
    let mut table = table(8);
    let mut open = |seconds, packet: Option<(bool, &str, u32)>| {
        if let Some((from_client, flags, sequence)) = packet {
            see(&mut table, seconds, &tcp(from_client, flags, sequence, b""));
        }
        rows(&mut table, seconds);
        table.open()
    };
    assert_eq!(open(0, Some((true, "S", 100))), 1);
    assert_eq!(open(0, Some((false, "SA", 500))), 1);
    // Established: its time-out of 900 s has not passed.
    assert_eq!(open(100, Some((true, "FA", 101))), 1);
    assert_eq!(open(101, Some((false, "FA", 501))), 1);
    // Closed: its time-out ends at 111 s, and it is looked at 30 s after it was last, give or take the wheel's second.
    assert_eq!(open(110, None), 1);
    assert_eq!(open(101 + 30 + 2, None), 0);
    assert_eq!(open(140, Some((true, "A", 102))), 1);
    assert_eq!(open(140 + 30 + 2, None), 0);
    // Another connection on the same ports, in the place of the one that is over.
    assert_eq!(open(180, Some((true, "S", 9_000))), 1);
    assert_eq!(open(181, Some((true, "S", 19_000))), 1);
    // No answer within 20 s.
    assert_eq!(open(181 + 20 + 2, None), 0);
}

#[test]
fn a_conversation_that_takes_the_place_of_another_is_open_once() {
    let mut table = table(2);
    for (seconds, port) in [(0, 1), (1, 2), (2, 3)] {
        see(&mut table, seconds, &udp(port));
    }
    assert_eq!((table.open(), table.len()), (2, 2));
    rows(&mut table, 200);
    assert_eq!((table.open(), table.len()), (0, 2));
    // One in the place of a retired one.
    see(&mut table, 201, &udp(4));
    assert_eq!((table.open(), table.len()), (1, 2));
}

#[test]
fn a_conversation_opens_talks_and_closes() {
    let mut table = table(8);
    let packets: [(bool, &str, u32, &[u8]); 7] = [
        (true, "S", 100, b""),
        (false, "SA", 500, b""),
        (true, "A", 101, b"GET / HTTP/1.1\r\n\r\n"),
        (false, "A", 501, b"HTTP/1.1 200 OK\r\n\r\n"),
        (false, "FA", 520, b""),
        (true, "FA", 119, b""),
        (false, "A", 521, b""),
    ];
    for (number, (from_client, flags, sequence, payload)) in packets.into_iter().enumerate() {
        see(&mut table, number as u64, &tcp(from_client, flags, sequence, payload));
    }
    let [row] = rows(&mut table, 7)[..] else { panic!("one row expected") };
    assert_eq!((row.client_address(), row.server_address()), (CLIENT.into(), SERVER.into()));
    assert_eq!((row.up.volume.packets, row.down.volume.packets), (3, 4));
    assert_eq!((row.up.goodput_bytes, row.down.goodput_bytes), (18, 19));
    assert_eq!((row.protocol, row.state), (Protocol::Http, Some(State::Closed)));
    assert_eq!(table.counters().tcp_connections, 1);
    assert_eq!(row.tcp().map(|tcp| (tcp.up.data_segments, tcp.down.data_segments)), Some((1, 1)));
}

#[test]
fn a_capture_that_begins_with_the_answer_still_knows_the_client() {
    let mut table = table(8);
    see(&mut table, 0, &tcp(false, "A", 501, b"HTTP/1.1 200 OK\r\n\r\n"));
    let [row] = rows(&mut table, 1)[..] else { panic!("one row expected") };
    assert_eq!((row.client_address(), row.state), (CLIENT.into(), Some(State::Established)));
}

#[test]
fn a_syn_with_another_number_is_another_connection() {
    let mut table = table(8);
    for (seconds, sequence) in [(0, 100), (1, 100), (2, 900)] {
        see(&mut table, seconds, &tcp(true, "S", sequence, b""));
    }
    let rows = rows(&mut table, 3);
    let [old, new] = rows[..] else { panic!("two rows expected, got {rows:?}") };
    assert!(old.ended && !new.ended);
    assert_eq!((old.id.slot, old.up.volume.packets), (new.id.slot, 2));
    assert_eq!((old.id.serial, new.id.serial), (0, 1));
    assert_eq!(table.counters().tcp_connections, 2);
}

#[test]
fn an_unanswered_syn_times_out_and_a_refused_one_does_not() {
    let mut table = table(8);
    see(&mut table, 0, &tcp(true, "S", 100, b""));
    let [row] = rows(&mut table, 1)[..] else { panic!("one row expected") };
    assert_eq!(row.state, Some(State::Opening));
    let [row] = rows(&mut table, 60)[..] else { panic!("one row expected") };
    assert_eq!((row.state, row.ended), (Some(State::TimedOut), true));
    see(&mut table, 61, &tcp(true, "S", 100, b""));
    see(&mut table, 61, &tcp(false, "RA", 0, b""));
    let [row] = rows(&mut table, 62)[..] else { panic!("one row expected") };
    assert_eq!((row.state, row.ended), (Some(State::Refused), false));
    assert_eq!(table.counters().tcp_refused, 1);
}

#[test]
fn silence_never_splits_a_conversation() {
    let mut table = table(8);
    see(&mut table, 0, &udp(1_000));
    assert!(!rows(&mut table, 1)[0].ended);
    assert!(rows(&mut table, 600)[0].ended);
    see(&mut table, 5_000, &udp(1_000));
    let [row] = rows(&mut table, 5_001)[..] else { panic!("one row expected") };
    assert_eq!((row.ended, row.id.serial, row.up.volume.packets), (false, 0, 2));
    assert_eq!(table.counters().udp_conversations, 1);
    assert!(rows(&mut table, 6_000)[0].ended, "its timer runs again");
}

#[test]
fn an_evicted_conversation_that_speaks_again_is_counted_once() {
    let mut table = table(2);
    for (seconds, port) in [(0, 1), (1, 2), (2, 3), (3, 1)] {
        see(&mut table, seconds, &udp(port));
    }
    let counters = table.counters();
    assert_eq!((counters.udp_conversations, counters.evicted, counters.resumed), (3, 2, 1));
    assert_eq!(table.len(), 2);
    let rows = rows(&mut table, 4);
    let ended: Vec<_> = rows.iter().map(|row| (row.id.serial, row.ended)).collect();
    assert_eq!(ended, [(0, true), (1, true), (2, false), (3, false)]);
}

#[test]
fn a_flood_of_conversations_does_not_grow_the_table() {
    let mut table = table(100);
    for port in 0..60_000 {
        see(&mut table, u64::from(port) / 10_000, &udp(port));
        if table.wants_relief() {
            rows(&mut table, u64::from(port) / 10_000);
        }
    }
    assert_eq!((table.len(), table.counters().evicted), (100, 59_900));
    assert_eq!(table.counters().udp_conversations, 60_000);
}

#[test]
fn a_new_address_changes_the_direction_of_the_next_packet() {
    let mut table = table(8);
    assert_eq!(see(&mut table, 0, &udp(1)).direction, Direction::Outbound);
    table.set_local(LocalNetworks::of_interfaces(&["203.0.113.7/24".parse().unwrap()], Vec::new()));
    assert_eq!(see(&mut table, 1, &udp(1)).direction, Direction::Inbound);
}

#[test]
fn silence_is_judged_alike_whether_or_not_the_table_was_relieved() {
    // A SYN whose answer comes after the time-out, and a hole that is filled after the longest one.
    let outcome = |relieved: bool| {
        let mut table = table(8);
        let mut goodput = 0;
        for (seconds, from_client, flags, sequence, payload) in [
            (0, true, "S", 100, &b""[..]),
            (70, false, "RA", 0, b""),
            (100, true, "S", 100, b""),
            (100, false, "SA", 500, b""),
            (101, true, "A", 101, &[1; 100]),
            (101, true, "A", 301, &[1; 100]),
            (1_101, true, "A", 201, &[1; 100]),
        ] {
            if relieved {
                rows(&mut table, seconds);
            }
            goodput += see(&mut table, seconds, &tcp(from_client, flags, sequence, payload)).goodput_bytes;
        }
        let counters = table.counters();
        (goodput, counters.tcp_refused, counters.tcp_resets, counters.tcp_connections)
    };
    assert_eq!(outcome(false), (200, 1, 0, 1));
    assert_eq!(outcome(true), outcome(false));
}

#[test]
fn a_connection_refused_again_and_again_is_one_refused_connection() {
    let mut table = table(8);
    for seconds in 0..3 {
        see(&mut table, seconds, &tcp(true, "S", 100, b""));
        see(&mut table, seconds, &tcp(false, "RA", 0, b""));
    }
    assert_eq!((table.counters().tcp_connections, table.counters().tcp_refused), (1, 1));
}

#[test]
fn a_reset_after_both_ends_closed_changes_nothing() {
    let mut table = table(8);
    for (from_client, flags, sequence) in
        [(true, "S", 100), (false, "SA", 500), (true, "FA", 101), (false, "FA", 501), (true, "R", 102)]
    {
        see(&mut table, 0, &tcp(from_client, flags, sequence, b""));
    }
    assert_eq!(table.counters().tcp_resets, 0);
    assert_eq!(rows(&mut table, 0)[0].state, Some(State::Closed));
}

#[test]
fn the_last_rows_are_those_of_a_tick_and_their_memory_is_given_back() {
    // Three blocks of records, every second conversation TCP's; of the first block only some are touched last.
    let packet = |number: u16| {
        let mut bytes = Vec::new();
        let ip = ip(CLIENT, SERVER);
        if number.is_multiple_of(2) {
            ip.tcp(number, 80, 7, 512).syn().write(&mut bytes, b"").unwrap();
        } else {
            ip.udp(number, 9).write(&mut bytes, b"ping").unwrap();
        }
        bytes
    };
    let measured = || {
        let mut table = table(20_000);
        for number in 1..=2_000 {
            see(&mut table, 1, &packet(number));
        }
        table.tick(|_| {});
        for number in (1_990..=10_000).rev() {
            see(&mut table, 2, &packet(number));
        }
        table
    };
    let (mut ticking, mut concluding) = (measured(), measured());
    let (mut expected, mut last) = (Vec::new(), Vec::new());
    ticking.tick(|row| expected.push(*row));
    concluding.conclude(|row| last.push(*row));
    assert_eq!(last, expected);
    assert_eq!(last.len(), 10_000 - 1_990 + 1);
    assert_eq!((concluding.counters(), concluding.len()), (ticking.counters(), ticking.len()));
    // Its record was in the first block, so it is another conversation; the last block stays.
    see(&mut concluding, 3, &packet(9_999));
    let after = rows(&mut concluding, 3);
    let volumes: Vec<_> = after.iter().map(|row| row.volume().packets).collect();
    assert_eq!(volumes, [1]);
}
