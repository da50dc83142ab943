//! Signs by construction: rows of which is known what they say.

use std::net::IpAddr;

use netsonde_dissect::{IpProtocol, Protocol};
use netsonde_flow::{ConnectionRow, FlowId, FlowKey, FlowRow, Sent, State, TcpRow, TcpSent};
use netsonde_units::{Timestamp, Volume};

use crate::limits::{Limits, SCANNERS, TRIED_EACH};
use crate::symptoms::Symptoms;
use crate::view::View;

fn client(number: u32) -> IpAddr {
    let [_, a, b, c] = number.to_be_bytes();
    [10, a, b, c].into()
}

const SERVER: IpAddr = IpAddr::V4(std::net::Ipv4Addr::new(203, 0, 113, 9));

fn sent(packets: u64, bytes: u64) -> Sent {
    Sent { volume: Volume { packets, bytes }, goodput_bytes: 0 }
}

/// A SYN of 60 bytes and what became of it; second number `serial` of 2023-11-14 22:13:20 UTC on.
fn tried(serial: u64, from: IpAddr, (to, port): (IpAddr, u16), state: State) -> FlowRow {
    let from_port = 40_000 + u16::try_from(serial % 20_000).unwrap();
    let (key, client) = FlowKey::new(IpProtocol::TCP, from, to, Some((from_port, port)));
    let is_answered = matches!(state, State::Established | State::Refused);
    let at = Timestamp::from_parts(1_700_000_000 + serial, 0);
    FlowRow {
        id: FlowId { slot: u32::try_from(serial).unwrap(), serial },
        key,
        client,
        first_seen: at,
        last_seen: at,
        up: sent(1, 60),
        down: if is_answered { sent(1, 60) } else { Sent::default() },
        protocol: Protocol::Tcp,
        transport: Protocol::Tcp,
        state: Some(state),
        ended: false,
        icmp_errors: 0,
        is_unreachable: false,
        connection: ConnectionRow::Tcp(TcpRow::default()),
    }
}

fn symptoms(rows: &[FlowRow]) -> Symptoms {
    let mut view = View::new(Limits::default());
    view.update(rows);
    view.symptoms(rows.iter().map(|row| row.volume().bytes).sum())
}

#[test]
fn a_service_is_told_by_how_its_connections_went() {
    let service = (SERVER, 8_443);
    let rows = [
        tried(0, client(1), service, State::Established),
        tried(1, client(1), service, State::TimedOut),
        tried(2, client(2), service, State::Refused),
        // Young: nobody knows yet.
        tried(3, client(3), service, State::Opening),
        // Answered by a router: that way leads nowhere.
        FlowRow { is_unreachable: true, ..tried(4, client(4), service, State::Opening) },
        tried(5, client(5), (SERVER, 443), State::Established),
    ];
    let told = symptoms(&rows).unanswered;
    let counts: Vec<_> = told.iter().map(|it| (it.port, it.tried, it.unanswered, it.refused)).collect();
    // Port 443 has nothing to be told of.
    assert_eq!(counts, [(8_443, 4, 1, 2)]);
    assert_eq!((told[0].address, told[0].client, told[0].flow), (SERVER, client(4), 4));
    // From the second after the beginning to the fourth.
    assert_eq!((told[0].first_ms, told[0].last_ms), (Some(1_700_000_001_000.0), Some(1_700_000_004_000.0)));
}

#[test]
fn an_answer_that_comes_late_takes_the_failure_back() {
    let service = (SERVER, 8_443);
    let mut view = View::new(Limits::default());
    view.update(&[tried(0, client(1), service, State::TimedOut)]);
    assert_eq!(view.symptoms(60).unanswered.len(), 1);
    view.update(&[tried(0, client(1), service, State::Established)]);
    assert_eq!(view.symptoms(120).unanswered, []);
    assert_eq!(view.totals.answered(client(1)), 1);
}

#[test]
fn datagrams_are_refused_by_an_error_and_only_where_nobody_answered() {
    let udp = |serial, port, down, is_unreachable| {
        let row = tried(serial, client(1), (SERVER, port), State::Opening);
        let (key, client) = FlowKey::new(IpProtocol::UDP, client(1), SERVER, Some((40_000, port)));
        let transport = Protocol::Udp;
        FlowRow { key, client, transport, protocol: transport, state: None, down, is_unreachable, ..row }
    };
    let rows = [
        udp(0, 161, Sent::default(), true),
        // The client said so, of an answer that came when it had gone.
        udp(1, 53, sent(1, 80), true),
        // Nobody knows whether it wanted an answer.
        udp(2, 514, Sent::default(), false),
    ];
    let told: Vec<_> = symptoms(&rows).unanswered.iter().map(|it| (it.port, it.tried, it.refused)).collect();
    assert_eq!(told, [(161, 1, 1)]);
}

#[test]
fn a_scan_is_told_by_distinct_addresses_and_ports() {
    let mut rows: Vec<_> = (0..30)
        .map(|n| tried(n, client(1), (SERVER, 1_000 + u16::try_from(n).unwrap()), State::Refused))
        .collect();
    // One of the ports twice, one at another address, one open.
    rows.push(tried(30, client(1), (SERVER, 1_000), State::Refused));
    rows.push(tried(31, client(1), (client(9), 1_001), State::TimedOut));
    rows.push(tried(32, client(1), (SERVER, 22), State::Established));
    // Whoever tries one service again and again is no scanner.
    rows.extend((33..60).map(|n| tried(n, client(2), (SERVER, 5_432), State::Refused)));
    let told = symptoms(&rows);
    let [scan] = &told.scans[..] else { panic!("{:?}", told.scans) };
    assert_eq!((scan.host, scan.addresses, scan.ports), (client(1), 2, 30));
    assert_eq!((scan.failed, scan.answered, scan.target, scan.flow), (32, 1, SERVER, 31));
    // The service that refused 27 times comes before the 30 that did once or twice, of which 19 find room.
    assert_eq!((told.unanswered.len(), told.unanswered[0].port, told.unanswered[0].refused), (20, 5_432, 27));
}

#[test]
fn rows_in_any_order_tell_the_same() {
    let rows: Vec<_> = (0..200_u64)
        .map(|n| {
            let states = [State::Refused, State::TimedOut, State::Established];
            let state = states[usize::try_from(n % 3).unwrap()];
            let service =
                (client(1_000 + u32::try_from(n % 7).unwrap()), u16::try_from(100 + n % 11).unwrap());
            tried(n, client(u32::try_from(n % 5).unwrap()), service, state)
        })
        .collect();
    let backwards: Vec<_> = rows.iter().rev().copied().collect();
    let (one, other) = (symptoms(&rows), symptoms(&backwards));
    assert_eq!((one.unanswered, one.scans), (other.unanswered, other.scans));
}

#[test]
fn the_worst_connections_are_told_and_what_they_show() {
    let row = |serial: u64, resent, zero_windows| {
        let up = TcpSent { data_segments: 100, resent, zero_windows, ..TcpSent::default() };
        let down = TcpSent { data_segments: 50, spurious: 1, ..TcpSent::default() };
        let connection = ConnectionRow::Tcp(TcpRow { up, down, ..TcpRow::default() });
        let volume = sent(200, 1_000 * (serial + 1));
        FlowRow { connection, up: volume, ..tried(serial, client(1), (SERVER, 80), State::Established) }
    };
    let rows: Vec<_> = (0..30).map(|n| row(n, u32::try_from(n).unwrap(), u32::from(n == 7))).collect();
    let told = symptoms(&rows);
    let resent: Vec<_> = told.resent.iter().map(|it| (it.flow.id, it.count, it.of)).collect();
    // The last ten, worst first; one of each is spurious, and 150 segments carry data.
    let expected: Vec<_> = (20..30).rev().map(|n| (n, n + 1, 150)).collect();
    assert_eq!(resent, expected);
    // 200 packets up and one down.
    let full: Vec<_> = told.zero_windows.iter().map(|it| (it.flow.id, it.count, it.of)).collect();
    assert_eq!(full, [(7, 1, 201)]);
    // 1,000 bytes for each, once more for each before it, and 60 down: 30 * 31 / 2 * 1,000 + 30 * 60.
    assert_eq!((told.largest[0].flow.id, told.largest[0].count, told.largest[0].of), (29, 30_060, 466_800));
}

#[test]
fn conversations_that_are_not_listed_any_more_make_room() {
    let mut view = View::new(Limits { ended_flows: 2, ..Limits::default() });
    let at = |serial, bytes| {
        let row = tried(serial, client(1), (SERVER, 80), State::Established);
        FlowRow { id: FlowId { slot: 0, serial }, up: sent(1, bytes), ..row }
    };
    // Each takes the place of the one before, of which two stay listed.
    view.update(&(0..20).map(|n| at(n, 10_000 - n)).collect::<Vec<_>>());
    let _ = view.symptoms(0);
    view.update(&[at(20, 5), at(21, 4)]);
    let told: Vec<_> = view.symptoms(0).largest.iter().map(|it| it.flow.id).collect();
    // 19 was among the largest no more than the first ten let it be.
    assert_eq!(told, [20, 21]);
}

#[test]
fn a_flood_of_tuples_is_bounded_and_a_dead_service_outlasts_it() {
    let mut view = View::new(Limits::default());
    let dead = (SERVER, 5_432);
    view.update(&(0..50).map(|n| tried(n, client(7), dead, State::TimedOut)).collect::<Vec<_>>());
    let flood: Vec<_> = (50..100_050_u64)
        .map(|n| {
            let number = u32::try_from(n).unwrap();
            let port = u16::try_from(1 + n % 60_000).unwrap();
            let row = tried(n, client(number), (client(number / 3), port), State::Refused);
            FlowRow { id: FlowId { slot: number % 64, serial: n }, ..row }
        })
        .collect();
    view.update(&flood);
    let told = view.symptoms(1);
    assert_eq!((told.unanswered.len(), told.unanswered[0].unanswered), (20, 50));
    // Each host of the flood tried one service once.
    assert!(told.dropped > 2 * 90_000 - SCANNERS as u64, "{}", told.dropped);
    assert!(told.scans.is_empty());
}

#[test]
fn one_host_that_tries_everything_is_counted_on_as_at_least() {
    let mut view = View::new(Limits::default());
    let rows: Vec<_> = (0..100_000_u64)
        .map(|n| {
            let number = u32::try_from(n).unwrap();
            let service = (client(100 + number / 4), u16::try_from(1 + n % 60_000).unwrap());
            FlowRow {
                id: FlowId { slot: number % 64, serial: n },
                ..tried(n, client(1), service, State::TimedOut)
            }
        })
        .collect();
    view.update(&rows);
    let told = view.symptoms(1);
    let bound = TRIED_EACH as u64;
    assert_eq!((told.scans[0].addresses, told.scans[0].ports, told.scans[0].failed), (bound, bound, 100_000));
}
