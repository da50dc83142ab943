//! Packets in tunnels and datagrams in pieces, on the flow table.

#![expect(clippy::unwrap_used, reason = "a test's own packets are sound")]

use etherparse::{IpFragOffset, IpNumber, Ipv4Header, PacketBuilder, ip_number};
use netsonde_dissect::{Frame, IpProtocol, LinkType, Packet, Protocol};
use netsonde_flow::limits::{self, Limits};
use netsonde_flow::{Aside, FlowRow, FlowTable, LocalNetworks, Observation, State};
use netsonde_units::{Timestamp, Volume};

const CLIENT: [u8; 4] = [192, 168, 1, 2];
const SERVER: [u8; 4] = [203, 0, 113, 7];
const GATEWAY: [u8; 4] = [10, 0, 0, 1];
const FAR_GATEWAY: [u8; 4] = [10, 0, 0, 2];

/// The header of VXLAN, network 7.
const VXLAN: [u8; 8] = [8, 0, 0, 0, 0, 0, 7, 0];

fn at(seconds: u64) -> Timestamp {
    Timestamp::from_parts(1_700_000_000 + seconds, 0)
}

fn table() -> FlowTable {
    let mut table = FlowTable::new(Limits { flows: 16, departed: 64 }, LocalNetworks::default());
    table.leap(at(0), at(0));
    table
}

fn see_cut(table: &mut FlowTable, seconds: u64, bytes: &[u8], beyond: u32) -> Observation {
    let wire_len = u32::try_from(bytes.len()).unwrap() + beyond;
    let packet = Packet { at: None, link: LinkType::ETHERNET, interface: 0, wire_len, bytes };
    let frame = Frame::parse(&packet);
    let conversation = table.conversation(&frame);
    table.observe(&frame, conversation, wire_len, at(seconds), at(seconds))
}

fn see(table: &mut FlowTable, seconds: u64, bytes: &[u8]) -> Observation {
    see_cut(table, seconds, bytes, 0)
}

fn rows(table: &mut FlowTable) -> Vec<FlowRow> {
    let mut rows = Vec::new();
    table.relieve(at(1), |row| rows.push(*row));
    table.tick(|row| rows.push(*row));
    rows
}

fn ip(source: [u8; 4], destination: [u8; 4]) -> etherparse::PacketBuilderStep<etherparse::IpHeaders> {
    PacketBuilder::ethernet2([2; 6], [4; 6]).ipv4(source, destination, 64)
}

fn tcp(from_client: bool, flags: &str, sequence: u32, payload: &[u8]) -> Vec<u8> {
    let mut builder = if from_client {
        ip(CLIENT, SERVER).tcp(40_000, 80, sequence, 512)
    } else {
        ip(SERVER, CLIENT).tcp(80, 40_000, sequence, 512)
    };
    for flag in flags.chars() {
        builder = if flag == 'S' { builder.syn() } else { builder.ack(1) };
    }
    let mut bytes = Vec::new();
    builder.write(&mut bytes, payload).unwrap();
    bytes
}

/// A datagram between the two gateways.
fn datagram(ports: (u16, u16), payload: &[u8]) -> Vec<u8> {
    let mut bytes = Vec::new();
    ip(GATEWAY, FAR_GATEWAY).udp(ports.0, ports.1).write(&mut bytes, payload).unwrap();
    bytes
}

fn vxlan(frame: &[u8]) -> Vec<u8> {
    datagram((50_000, 4_789), &[&VXLAN, frame].concat())
}

/// Cuts an Ethernet frame with IPv4 into pieces of at most `len` bytes behind the IP header.
fn pieces(frame: &[u8], len: usize) -> Vec<Vec<u8>> {
    let (header, payload) = Ipv4Header::from_slice(frame.get(14..).unwrap()).unwrap();
    let count = payload.len().div_ceil(len);
    payload
        .chunks(len)
        .enumerate()
        .map(|(number, chunk)| {
            let chunk_len = u16::try_from(chunk.len()).unwrap();
            let mut piece =
                Ipv4Header::new(chunk_len, 64, header.protocol, header.source, header.destination).unwrap();
            piece.identification = 77;
            piece.dont_fragment = false;
            piece.more_fragments = number + 1 < count;
            piece.fragment_offset = IpFragOffset::try_new(u16::try_from(number * len / 8).unwrap()).unwrap();
            [frame.get(..14).unwrap(), &piece.to_bytes(), chunk].concat()
        })
        .collect()
}

fn row_of(rows: &[FlowRow], protocol: IpProtocol) -> &FlowRow {
    let mut found = rows.iter().filter(|row| row.key.protocol() == protocol);
    let row = found.next().unwrap();
    assert!(found.next().is_none(), "more than one conversation of {protocol}");
    row
}

#[test]
fn a_tunnelled_connection_is_measured_and_its_tunnel_owns_nothing() {
    let mut table = table();
    // The tunnel has payload, the segment none.
    assert!(!see(&mut table, 0, &vxlan(&tcp(true, "S", 100, b""))).has_tcp_payload);
    see(&mut table, 0, &vxlan(&tcp(false, "SA", 500, b"")));
    let request = vxlan(&tcp(true, "A", 101, b"GET / HTTP/1.1\r\n\r\n"));
    let seen = see(&mut table, 0, &request);
    assert_eq!((seen.protocol, seen.transport, seen.goodput_bytes), (Protocol::Http, Protocol::Tcp, 18));
    // Sent again: nothing new.
    assert_eq!(see(&mut table, 0, &request).goodput_bytes, 0);
    assert_eq!((table.counters().tcp_connections, table.counters().udp_conversations), (1, 1));

    let rows = rows(&mut table);
    let inner = row_of(&rows, IpProtocol::TCP);
    assert_eq!((inner.state, inner.client_address()), (Some(State::Established), CLIENT.into()));
    // Every byte on the wire is the connection's: that of each frame is the outer one's length.
    assert_eq!(inner.up.volume.packets + inner.down.volume.packets, 4);
    let request_len = u64::try_from(request.len()).unwrap();
    assert_eq!(inner.up.volume.bytes, 2 * request_len + request_len - 18);
    let outer = row_of(&rows, IpProtocol::UDP);
    assert_eq!((outer.protocol, outer.transport), (Protocol::Vxlan, Protocol::Udp));
    assert_eq!((outer.volume(), outer.up.goodput_bytes), (Volume::ZERO, 0));
}

#[test]
fn what_a_conversation_had_before_it_was_known_as_a_tunnel_moves_to_the_tunnel() {
    let mut table = table();
    // An echo request of GTP: nothing is inside, nothing is known yet.
    let echo = datagram((2_152, 2_152), &[0x32, 1, 0, 4, 0, 0, 0, 0, 0, 1, 0, 0]);
    assert_eq!(see(&mut table, 0, &echo).protocol, Protocol::Udp);
    let inner = &tcp(true, "S", 100, b"")[14..];
    let header = [0x30, 255, 0, u8::try_from(inner.len()).unwrap(), 0, 0, 0, 7];
    see(&mut table, 0, &datagram((2_152, 2_152), &[&header, inner].concat()));
    let asides: Vec<_> = table.take_asides().collect();
    let [Aside::Recognised(moved)] = asides[..] else { panic!("one aside: {asides:?}") };
    assert_eq!((moved.from, moved.to), (Protocol::Udp, Protocol::Gtp));
    assert_eq!(moved.moved, Volume::packet(u64::try_from(echo.len()).unwrap()));
    assert_eq!(see(&mut table, 0, &echo).protocol, Protocol::Gtp);
}

#[test]
fn nested_tunnels_give_the_innermost_packet_and_end_at_the_bound() {
    let nest = |depth: usize| (0..depth).fold(tcp(true, "S", 100, b""), |frame, _| vxlan(&frame));
    let mut one = table();
    assert_eq!(see(&mut one, 0, &nest(8)).transport, Protocol::Tcp);
    assert_eq!(see(&mut table(), 0, &nest(9)).transport, Protocol::Udp);
}

#[test]
fn generic_routing_makes_no_conversation_of_its_own() {
    let inner = &tcp(true, "S", 100, b"")[14..];
    let payload = [&[0, 0, 8, 0], inner].concat();
    let mut bytes = [&[2; 12], &[8, 0][..]].concat();
    Ipv4Header::new(u16::try_from(payload.len()).unwrap(), 64, ip_number::GRE, GATEWAY, FAR_GATEWAY)
        .unwrap()
        .write(&mut bytes)
        .unwrap();
    bytes.extend(payload);
    let mut table = table();
    assert_eq!(see(&mut table, 0, &bytes).transport, Protocol::Tcp);
    assert_eq!(table.len(), 1);
}

#[test]
fn a_datagram_in_pieces_is_looked_at_once_in_whatever_order_they_come() {
    // A query for www.example, padded so that it needs three pieces of 16 bytes.
    let query = b"\x12\x34\x01\x00\x00\x01\x00\x00\x00\x00\x00\x00\x03www\x07example\x00\x00\x01\x00\x01";
    let parts = pieces(&datagram((5_000, 53), query), 16);
    // Eight bytes of UDP and 29 of the query.
    assert_eq!(parts.len(), 3);
    for order in [[0, 1, 2], [0, 2, 1], [2, 1, 0], [1, 0, 2]] {
        let mut table = table();
        let waiting = [see(&mut table, 0, &parts[order[0]]), see(&mut table, 0, &parts[order[1]])];
        assert!(waiting.iter().all(|seen| seen.goodput_bytes == 0), "{order:?}");
        let seen = see(&mut table, 0, &parts[order[2]]);
        assert_eq!((seen.protocol, seen.goodput_bytes), (Protocol::Dns, 29), "{order:?}");
        let rows = rows(&mut table);
        // What comes before the first piece has no ports.
        let packets: u64 = rows.iter().map(|row| row.volume().packets).sum();
        assert_eq!(packets, 3, "{order:?}");
        assert_eq!(table.counters().udp_conversations, 1);
        assert_eq!(table.counters().datagrams_reassembled, 1);
    }
}

#[test]
fn a_segment_in_pieces_counts_its_bytes_when_it_is_whole() {
    let mut table = table();
    see(&mut table, 0, &tcp(true, "S", 100, b""));
    let parts = pieces(&tcp(true, "A", 101, &[7; 100]), 64);
    // Twenty bytes of TCP and 100 of payload, in two pieces.
    let seen = [see(&mut table, 0, &parts[0]), see(&mut table, 0, &parts[1])];
    assert_eq!(seen.map(|it| (it.has_tcp_payload, it.goodput_bytes)), [(false, 0), (true, 100)]);
    let rows = rows(&mut table);
    assert_eq!(row_of(&rows, IpProtocol::TCP).up.volume.packets, 3);
}

#[test]
fn a_tunnel_in_pieces_and_pieces_in_a_tunnel_give_the_packet_inside() {
    let segment = tcp(true, "S", 100, &[7; 100]);
    let mut outer = table();
    let last = pieces(&vxlan(&segment), 64).iter().map(|part| see(&mut outer, 0, part)).last().unwrap();
    assert_eq!((last.transport, last.goodput_bytes), (Protocol::Tcp, 100));

    let mut inner = table();
    let last = pieces(&segment, 64).iter().map(|part| see(&mut inner, 0, &vxlan(part))).last().unwrap();
    assert_eq!((last.transport, last.goodput_bytes), (Protocol::Tcp, 100));
    for table in [outer, inner] {
        assert_eq!((table.counters().tcp_connections, table.counters().udp_conversations), (1, 1));
    }
}

#[test]
fn pieces_that_the_capture_cut_count_alone() {
    let mut table = table();
    let parts = pieces(&datagram((5_000, 6_000), &[7; 120]), 64);
    // Of the first piece's 64 bytes 50 are kept: without the UDP header, 56 bytes were on the wire.
    let kept = parts[0].len() - 14;
    assert_eq!(see_cut(&mut table, 0, &parts[0][..kept], 14).goodput_bytes, 56);
    assert_eq!(see(&mut table, 0, &parts[1]).goodput_bytes, 64);
    assert_eq!(table.counters().datagrams_given_up, 0);
}

#[test]
fn a_flood_of_first_pieces_is_bounded_and_counted() {
    let mut table = table();
    let first = pieces(&datagram((5_000, 6_000), &[7; 120]), 64).swap_remove(0);
    let flood = limits::DATAGRAMS + 10;
    for number in 0..flood {
        let mut piece = first.clone();
        piece[18..20].copy_from_slice(&u16::try_from(number).unwrap().to_be_bytes());
        see(&mut table, 0, &piece);
    }
    assert_eq!(table.counters().datagrams_given_up, 10);
    assert_eq!(table.len(), 1);
}

#[test]
fn later_fragments_of_icmp_carry_no_application_bytes() {
    let mut header = Ipv4Header::new(100, 64, IpNumber::ICMP, CLIENT, SERVER).unwrap();
    header.fragment_offset = IpFragOffset::try_new(185).unwrap();
    let mut bytes = [&[2; 12], &[8, 0][..]].concat();
    header.write(&mut bytes).unwrap();
    bytes.extend([0; 100]);
    assert_eq!(see(&mut table(), 0, &bytes).goodput_bytes, 0);
}
