//! What is counted of a whole connection, and how long its answers take.

use netsonde_flow::{DelaySums, FlowRow, TcpRow};

use crate::trace::{HANDSHAKE, check, line, see, table};

fn row(tables: &[&str]) -> TcpRow {
    let mut table = table();
    let mut end = None;
    for text in tables.iter().flat_map(|table| table.lines()).filter(|line| !line.trim().is_empty()) {
        let line = line(text, 0);
        end = Some(line.at);
        see(&mut table, &line);
    }
    let mut rows: Vec<FlowRow> = Vec::new();
    table.relieve(end.unwrap(), |row| rows.push(*row));
    table.tick(|row| rows.push(*row));
    *rows.last().unwrap().tcp().unwrap()
}

#[test]
fn each_end_has_its_own_events_and_round_trips() {
    let row = row(&[
        HANDSHAKE,
        "20 > A 1001 5001 10 100 =>
         25 > A 1021 5001 10 100 =>
         40 > A 1011 5001 10 100 =>
         41 < A 5001 1011 0 100 =>
         42 < A 5001 1011 0 100 =>
         50 < A 5001 1031 5 0 =>
         51 > A 1031 5006 0 100 =>",
    ]);
    // The hole at 1011 is filled after 15 ms, more than the handshake's 11: sent again.
    assert_eq!((row.up.data_segments, row.up.lost, row.up.resent), (3, 1, 1));
    assert_eq!((row.down.data_segments, row.down.duplicate_acks, row.down.zero_windows), (1, 1, 1));
    // From the server: 10 ms for the SYN, 41 - 20 and 50 - 25. From the client: 1 ms twice.
    let ms = 1_000_000;
    assert_eq!(row.down.rtt, DelaySums { count: 3, least: 10 * 1_000_000, sum: 56 * ms });
    assert_eq!(row.up.rtt, DelaySums { count: 2, least: 1_000_000, sum: 2 * ms });
    let handshake = row.handshake.unwrap();
    assert_eq!((handshake.nanos, handshake.server_nanos), (11 * ms, Some(10 * ms)));
    assert_eq!(handshake.client_nanos(), Some(ms));
}

#[test]
fn a_connection_on_used_ports_begins_without_the_events_of_the_one_before() {
    let row = row(&[
        HANDSHAKE,
        "20 > A 1001 5001 10 100 =>
         25 > A 1021 5001 10 100 =>
         900 > S 70000 0 0 100 =>
         910 < SA 80000 70001 0 100 =>
         911 > A 70001 80001 0 0 =>",
    ]);
    assert_eq!((row.up.lost, row.up.zero_windows, row.up.data_segments), (0, 1, 0));
}

#[test]
fn the_smallest_of_delays_too_long_to_tell_is_unknown() {
    let ms = 1_000_000;
    let slow = "20 > A 1001 5001 10 100 =>
         5020 < A 5001 1011 0 100 =>";
    // The server takes 5 s, more than 32 bits of nanoseconds hold (4.29 s); its SYN is not seen.
    let rtt = row(&[slow]).down.rtt;
    assert_eq!((rtt.count, rtt.sum, rtt.least_nanos()), (1, 5_000 * ms, None));
    // With the handshake's 10 ms the smallest is known again.
    let rtt = row(&[HANDSHAKE, slow]).down.rtt;
    assert_eq!((rtt.count, rtt.sum, rtt.least_nanos()), (2, 5_010 * ms, Some(10 * ms)));
    assert_eq!(DelaySums::default().least_nanos(), None);
}

#[test]
fn ambiguous_samples_are_in_no_figure() {
    let row = row(&[
        HANDSHAKE,
        "20 > A 1001 5001 10 100 =>
         230 > A 1001 5001 10 100 =>
         240 < A 5001 1011 0 100 =>",
    ]);
    assert_eq!(row.down.rtt.count, 1);
}

#[test]
fn the_servers_half_is_from_the_latest_syn_to_its_answer() {
    let handshake = row(&["0 > S 1000 0 0 100 =>
         1000 > S 1000 0 0 100 =>
         1020 < SA 5000 1001 0 100 =>
         1025 > A 1001 5001 0 100 =>"])
    .handshake
    .unwrap();
    assert_eq!((handshake.nanos, handshake.server_nanos), (25_000_000, Some(20_000_000)));
    // The answer may be to the first of both.
    assert!(handshake.ambiguous);
    assert!(!row(&[HANDSHAKE]).handshake.unwrap().ambiguous);
}

#[test]
fn an_answer_is_timed_from_the_requests_last_segment_to_its_own_first() {
    check(&[
        HANDSHAKE,
        "20 > A 1001 5001 10 100 =>
         22 > PA 1011 5001 10 100 =>
         30 < A 5001 1021 0 100 => rtt 8
         52 < A 5001 1021 10 100 => response 30
         53 < A 5011 1021 10 100 =>
         54 > A 1021 5021 10 100 => rtt 1
         64 < A 5021 1031 10 100 => rtt 10, response 10",
    ]);
}

#[test]
fn data_that_the_server_sent_before_it_had_the_request_are_no_answer() {
    check(&[
        HANDSHAKE,
        "20 > A 1001 5001 10 100 =>
         25 < A 5001 1001 10 100 =>
         30 < A 5011 1011 10 100 => rtt 10",
    ]);
}

#[test]
fn a_request_on_the_heels_of_another_is_not_timed() {
    // The second request came before all of the first answer was there.
    check(&[
        HANDSHAKE,
        "20 > A 1001 5001 10 100 =>
         40 < A 5001 1011 10 100 => rtt 20, response 20
         41 > A 1011 5001 10 100 =>
         50 < A 5011 1021 10 100 => rtt 9",
    ]);
}

#[test]
fn a_request_that_was_sent_again_is_not_timed() {
    check(&[
        HANDSHAKE,
        "20 > A 1001 5001 10 100 =>
         220 > A 1001 5001 10 100 => retransmission
         240 < A 5001 1011 10 100 => rtt? 220",
    ]);
}

#[test]
fn a_keep_alive_while_the_server_thinks_changes_nothing() {
    check(&[
        HANDSHAKE,
        "20 > A 1001 5001 10 100 =>
         30 < A 5001 1011 0 100 => rtt 10
         1000 > A 1010 5001 1 100 => keep_alive
         1010 < A 5001 1011 0 100 => keep_alive_ack, rtt? 10
         2020 < A 5001 1011 10 100 => response 2000",
    ]);
}
