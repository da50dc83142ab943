//! Order, pages and filters of the list of conversations.

use std::net::IpAddr;

use etherparse::PacketBuilder;
use netsonde_dissect::{LinkType, Packet};
use netsonde_flow::Clue;
use netsonde_messages::stream::FlowColumn;
use netsonde_synth::Packets;
use netsonde_synth::plan::mix::Mix;

use super::*;
use crate::{Session, Settings};

fn at(ms: u64) -> Timestamp {
    Timestamp::from_nanos(1_700_000_000 * NANOS_PER_SECOND + ms * 1_000_000)
}

fn push(session: &mut Session, at: Timestamp, bytes: &[u8]) {
    let wire_len = u32::try_from(bytes.len()).unwrap();
    session.push_all(&[Packet { at: Some(at), link: LinkType::ETHERNET, interface: 0, wire_len, bytes }]);
}

/// A datagram of 42 bytes and `payload` from 10.0.0.`host` to the echo service.
fn datagram(host: u8, payload: usize) -> Vec<u8> {
    let mut bytes = Vec::new();
    let ip = PacketBuilder::ethernet2([2; 6], [4; 6]).ipv4([10, 0, 0, host], [203, 0, 113, 7], 64);
    ip.udp(40_000, 7).write(&mut bytes, &vec![0; payload]).unwrap();
    bytes
}

/// A SYN from 10.0.0.`host` with a sequence number.
fn syn(host: u8, sequence: u32) -> Vec<u8> {
    let mut bytes = Vec::new();
    let ip = PacketBuilder::ethernet2([2; 6], [4; 6]).ipv4([10, 0, 0, host], [203, 0, 113, 7], 64);
    ip.tcp(40_000, 80, sequence, 512).syn().write(&mut bytes, &[]).unwrap();
    bytes
}

/// A session of 20,000 packets of mixed traffic.
fn mixed() -> Session {
    let mut session = Session::new(Settings::default());
    session.keep_pace();
    let mut packets = Packets::new(Mix::new(1_767_225_600_000_000_000, 20_000, 7)).limit(20_000);
    while let Some(packet) = packets.advance() {
        push(&mut session, Timestamp::from_nanos(packet.time), packet.bytes);
    }
    session.tick();
    session
}

fn query(sort: FlowColumn, descending: bool) -> FlowQuery {
    FlowQuery { sort, descending, limit: MAX_FLOWS, ..FlowQuery::default() }
}

/// Reads all pages of so many flows.
fn all(listing: &Listing, query: &FlowQuery, limit: u32) -> Vec<FlowListed> {
    let mut rows = Vec::new();
    loop {
        let offset = u64::try_from(rows.len()).unwrap();
        let window = listing.find(&FlowQuery { offset, limit, ..query.clone() }).unwrap();
        assert!(window.matched <= window.total);
        if window.rows.is_empty() {
            assert_eq!(offset, window.matched);
            return rows;
        }
        rows.extend(window.rows);
    }
}

fn fitting(listing: &Listing, text: &str) -> Vec<u64> {
    let query = FlowQuery { text: Some(text.into()), ..query(FlowColumn::FirstSeen, false) };
    all(listing, &query, MAX_FLOWS).iter().map(|listed| listed.id).collect()
}

/// What a column shows of a flow, as a text that sorts as it does; none without a value.
fn shown(column: FlowColumn, listed: &FlowListed) -> Option<String> {
    let flow = &listed.flow;
    let number = |number: u64| Some(format!("{number:020}"));
    let end = |address: IpAddr, port: Option<u16>| {
        let octets = match address {
            IpAddr::V4(address) => address.octets().to_vec(),
            IpAddr::V6(address) => address.octets().to_vec(),
        };
        Some(format!("{:02} {octets:03?} {:05}", octets.len(), port.unwrap_or(0)))
    };
    match column {
        FlowColumn::Bytes => number(flow.bytes_up + flow.bytes_down),
        FlowColumn::BytesUp => number(flow.bytes_up),
        FlowColumn::BytesDown => number(flow.bytes_down),
        FlowColumn::Packets => number(flow.packets_up + flow.packets_down),
        FlowColumn::Throughput => {
            listed.up_bps.zip(listed.down_bps).map(|(up, down)| format!("{:015.0}", up + down))
        }
        FlowColumn::FirstSeen => flow.first_seen.clone(),
        FlowColumn::LastSeen => flow.last_seen.clone(),
        FlowColumn::Duration => flow.duration_s.map(|seconds| format!("{seconds:020.9}")),
        FlowColumn::Rtt => flow.rtt_ms_mean.map(|ms| format!("{ms:015.6}")),
        FlowColumn::Resent => flow.retransmissions.and_then(number),
        FlowColumn::Client => end(flow.client, flow.client_port),
        FlowColumn::Server => end(flow.server, flow.server_port),
        FlowColumn::Protocol => Some(flow.protocol.to_lowercase()),
        FlowColumn::App => flow.app.as_deref().map(str::to_lowercase),
        FlowColumn::Hostname => flow.hostname.clone(),
        FlowColumn::State => flow.state.map(|state| format!("{}", state as u8)),
    }
}

#[test]
fn every_column_sorts_both_ways_with_equal_flows_in_order_of_first_packet() {
    let session = mixed();
    let listing = session.listing();
    for column in FlowColumn::ALL {
        for descending in [false, true] {
            let rows = all(&listing, &query(column, descending), MAX_FLOWS);
            let keys: Vec<_> = rows.iter().map(|listed| (shown(column, listed), listed.id)).collect();
            let mut sorted = keys.clone();
            sorted.sort_by(|(a, first), (b, second)| {
                let by_value = if descending { b.cmp(a) } else { a.cmp(b) };
                // What has no value is last either way.
                a.is_none().cmp(&b.is_none()).then(by_value).then(first.cmp(second))
            });
            assert_eq!(keys, sorted, "{column:?} {descending}");
        }
    }
}

#[test]
fn many_pages_are_the_whole_list() {
    let session = mixed();
    let listing = session.listing();
    for column in [FlowColumn::Bytes, FlowColumn::Client, FlowColumn::State] {
        for text in [None, Some("tcp !:443".to_owned())] {
            let query = FlowQuery { text, ..query(column, true) };
            let whole = all(&listing, &query, MAX_FLOWS);
            assert!(whole.len() > 50, "{}", whole.len());
            for limit in [1, 7, 64] {
                assert_eq!(all(&listing, &query, limit), whole, "{column:?} by {limit}");
            }
        }
    }
    // No more than the bound at once, and beyond the end nothing.
    let window = listing.find(&FlowQuery { limit: u32::MAX, ..FlowQuery::default() }).unwrap();
    assert!(window.rows.len() <= 200 && window.total == window.matched);
    let beyond = FlowQuery { offset: u64::MAX, ..query(FlowColumn::Bytes, false) };
    assert_eq!(listing.find(&beyond).unwrap().rows, []);
}

#[test]
fn words_choose_the_flows_that_they_name() {
    let mut session = Session::new(Settings::default());
    push(&mut session, at(0), &syn(1, 1));
    push(&mut session, at(1), &datagram(2, 10));
    push(&mut session, at(2), &datagram(3, 10));
    session.tick();
    let listing = session.listing();
    for (text, ids) in [
        ("", &[0, 1, 2][..]),
        ("10.0.0.2", &[1]),
        ("10.0.0.2/31", &[1, 2]),
        ("10.0.", &[0, 1, 2]),
        ("192.168.", &[]),
        ("203.0.113.7", &[0, 1, 2]),
        (":7", &[1, 2]),
        (":40000", &[0, 1, 2]),
        ("203.0.113.7:7", &[1, 2]),
        // The port is that of the other end.
        ("10.0.0.2:7", &[]),
        ("UDP", &[1, 2]),
        ("tcp", &[0]),
        ("opening", &[0]),
        ("!opening", &[1, 2]),
        ("udp !10.0.0.3", &[1]),
    ] {
        assert_eq!(fitting(&listing, text), ids, "{text:?}");
    }
    let udp = FlowQuery { protocol: Some("udp".into()), ..query(FlowColumn::FirstSeen, false) };
    let window = listing.find(&udp).unwrap();
    assert_eq!((window.total, window.matched, window.rows[0].id), (3, 2, 1));
    assert!(matches!(
        listing.find(&FlowQuery { text: Some(":nonsense".into()), ..udp }),
        Err(FilterError::Unknown { .. })
    ));
}

#[test]
fn words_and_applications_choose_the_flows_of_that_name() {
    let mut session = Session::new(Settings::default());
    for host in 1..=3 {
        push(&mut session, at(host.into()), &syn(host, 1));
    }
    session.tick();
    let listing = session.listing();
    for (flow, host) in [(0, "WWW.netflix.com"), (1, "printer.example")] {
        let about = FlowId { slot: flow, serial: flow.into() };
        listing.view().take_clue(about, Clue::HttpHost(host.to_lowercase().into()), at(5));
    }
    for (text, ids) in [
        ("netflix", &[0][..]),
        ("NETFLIX.com", &[0]),
        ("!netflix", &[1, 2]),
        ("example", &[1]),
        ("e tcp", &[0, 1]),
        // The application's name has a capital.
        ("Netflix", &[0]),
        ("nobody", &[]),
    ] {
        assert_eq!(fitting(&listing, text), ids, "{text:?}");
    }
    let of_app = |app: &str| {
        let query = FlowQuery { app: Some(app.to_owned().into()), ..query(FlowColumn::FirstSeen, false) };
        all(&listing, &query, MAX_FLOWS).iter().map(|listed| listed.id).collect::<Vec<_>>()
    };
    assert_eq!(of_app("netflix"), [0]);
    assert_eq!(of_app(""), [1, 2]);
    assert_eq!(of_app("No such application"), [0; 0]);
}

#[test]
fn a_flow_is_active_for_five_seconds_and_its_throughput_is_told_at_the_pace_of_time() {
    let told = |is_paced: bool| {
        let mut session = Session::new(Settings::default());
        if is_paced {
            session.keep_pace();
        }
        push(&mut session, at(0), &datagram(1, 58));
        push(&mut session, at(4_000), &datagram(2, 958));
        session.tick();
        push(&mut session, at(5_500), &datagram(2, 958));
        session.tick();
        let listing = session.listing();
        let active = FlowQuery { active: true, ..query(FlowColumn::Throughput, true) };
        assert!(listing.find(&active).unwrap().rows.iter().map(|listed| listed.id).eq([1]));
        let window = listing.find(&query(FlowColumn::FirstSeen, false)).unwrap();
        assert_eq!(window.now_ms, Some(1_700_000_005_500.0));
        window
            .rows
            .into_iter()
            .map(|listed| (listed.active, listed.up_bps, listed.recent_bps))
            .collect::<Vec<_>>()
    };
    // The second sent 2,000 bytes in the last five seconds, half a second of the last: 16,000 bits in 4.5 s.
    let rows = told(true);
    assert_eq!((rows[0].0, rows[0].1), (false, Some(0.0)));
    let bps = rows[1].1.unwrap();
    assert!(rows[1].0 && (bps - 16_000.0 / 4.5).abs() < 1e-6, "{bps}");
    // Its first packet came in the step that is open at 5.5 s, the first one's in the one before the last closed.
    assert!(rows[0].2[28] > 0.0 && rows[0].2[29] == 0.0, "{rows:?}");
    assert_eq!(rows[1].2, [0.0; 30]);
    assert!(told(false).iter().all(|(_, bps, recent)| bps.is_none() && recent.is_empty()));
}

#[test]
fn a_flow_whose_ports_are_used_again_stays_listed_as_ended() {
    let mut session = Session::new(Settings::default());
    push(&mut session, at(0), &syn(1, 100));
    session.tick();
    push(&mut session, at(1_000), &syn(1, 5_000));
    session.tick();
    let window = session.listing().find(&query(FlowColumn::FirstSeen, false)).unwrap();
    assert!(window.rows.iter().map(|listed| listed.id).eq([0, 1]));
    assert_eq!((window.total, window.forgotten), (2, 0));
}

#[test]
fn the_earliest_ended_of_too_many_are_forgotten_and_counted() {
    let mut limits = Limits { ended_flows: 2, ..Limits::default() };
    limits.flow.flows = 4;
    let mut session = Session::new(Settings { limits, ..Settings::default() });
    for host in 1..=10 {
        push(&mut session, at(u64::from(host)), &datagram(host, 10));
        session.tick();
    }
    // Of ten flows four are in the table and two of the others listed.
    let window = session.listing().find(&query(FlowColumn::FirstSeen, false)).unwrap();
    assert_eq!((window.total, window.forgotten), (6, 4));
}
