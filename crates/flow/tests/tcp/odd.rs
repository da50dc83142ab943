//! Headers that are cut or contradict themselves, clocks that go back, connections that begin in unusual ways.

use crate::trace::{HANDSHAKE, check, check_as_it_stands, line, see, table, written};

#[test]
fn a_header_cut_before_its_end_is_judged_and_nothing_of_it_is_shown() {
    // The segment that was not shown is the edge that the next one follows.
    check(&[
        HANDSHAKE,
        "20 < A 5001 1001 0 100 => duplicate_ack
         21 < A 5001 1001 0 100 cut=19 =>
         22 < A 5001 1001 0 100 => duplicate_ack
         30 > A 1021 5001 10 100 cut=19 =>
         31 > A 1031 5001 10 100 =>",
    ]);
}

#[test]
fn a_broken_block_of_sack_or_operation_of_multipath_hides_the_segment() {
    // Any other kind of one byte hides nothing.
    check(&[
        HANDSHAKE,
        "20 > A 1011 5001 10 100 bad=5 =>
         21 > A 1031 5001 10 100 bad=30 =>
         22 > A 1051 5001 10 100 bad=77 => lost_segment",
    ]);
}

#[test]
fn an_option_cut_by_the_capture_hides_the_segment() {
    check(&[
        HANDSHAKE,
        "20 > A 1011 5001 10 100 ws=2 cut=23 =>
         21 > A 1031 5001 10 100 ws=2 cut=24 => lost_segment",
    ]);
}

#[test]
fn a_data_offset_below_five_is_judged_unseen_and_one_beyond_the_packet_is_not_judged() {
    // 4 words: 20 + 10 - 16 = 14 bytes, so that 1015 follows. 15 words do not fit: 1015 stays the edge.
    check(&[
        HANDSHAKE,
        "20 > A 1001 5001 10 100 off=4 =>
         21 > A 1015 5001 0 100 off=15 =>
         22 > A 1016 5001 10 100 => lost_segment",
    ]);
}

#[test]
fn a_clock_that_goes_back_gives_a_negative_sample_and_no_reordering() {
    check(&[
        HANDSHAKE,
        "30 > A 1011 5001 10 100 => lost_segment
         29 > A 1001 5001 10 100 => retransmission
         28.5 < A 5001 1021 0 100 => rtt -1.5",
    ]);
}

#[test]
fn a_syn_with_data_that_is_acknowledged_wholly_needs_them_no_more() {
    // ISN + 1 + 10 bytes.
    check(&["0 > S 1000 0 10 100 =>
         10 < SA 5000 1011 0 100 => rtt 10
         11 > A 1011 5001 0 100 => rtt 1, irtt 11
         12 > A 1001 5001 10 100 => spurious_retransmission"]);
}

#[test]
fn a_syn_with_data_of_which_only_the_syn_is_acknowledged_gives_no_sample() {
    check(&["0 > S 1000 0 10 100 =>
         10 < SA 5000 1001 0 100 =>
         11 > A 1001 5001 0 100 => rtt 1, irtt 11
         23 > A 1001 5001 10 100 => retransmission
         33 < A 5001 1011 0 100 => rtt? 33"]);
}

#[test]
fn both_ends_may_open_at_once() {
    check_as_it_stands(&["0 > S 1000 0 0 100 =>
         1 < S 5000 0 0 100 =>
         10 > SA 1000 5001 0 100 => retransmission, rtt 9
         11 < SA 5000 1001 0 100 => retransmission, rtt? 11
         12 > A 1001 5001 0 100 => duplicate_ack, rtt? 1, irtt 11"]);
}

#[test]
fn half_closed_connections_go_on() {
    check(&[
        HANDSHAKE,
        "20 > FA 1001 5001 0 100 =>
         30 < A 5001 1002 0 100 => rtt 10
         40 < A 5001 1002 10 100 =>
         41 > A 1002 5011 0 100 => rtt 1
         50 < FA 5011 1002 0 100 =>
         51 > A 1002 5012 0 100 => rtt 1",
    ]);
}

#[test]
fn one_side_alone_is_judged_by_itself() {
    check(&["0 > A 1001 5001 10 100 =>
         1 > A 1011 5001 10 100 =>
         2 > A 1011 5011 10 100 => retransmission
         3 > A 1041 5021 10 100 => lost_segment"]);
}

#[test]
fn what_is_sent_beyond_a_full_list_gives_no_sample() {
    let mut table = table();
    let (mut lines, mut verdicts) = (Vec::new(), Vec::new());
    for segment in 0..10_001_u32 {
        lines.push(format!("{segment} > A {} 5001 10 100 =>", 1_001 + segment * 10));
    }
    // The ends of the last that is listed and of the first that is not: 1001 + 100,000 and 10 bytes more.
    lines.push("10001 < A 5001 101001 0 100 =>".to_owned());
    lines.push("10002 < A 5001 101011 0 100 =>".to_owned());
    for text in &lines {
        verdicts.push(written(&see(&mut table, &line(text, 0))));
    }
    assert_eq!(verdicts[10_000..], ["", "rtt 2", ""]);
}

#[test]
fn streams_are_numbered_in_order_of_first_packets() {
    let mut table = table();
    let streams = ["0 > S 1000 0 0 100 =>", "1 > S 9000 0 0 100 =>", "2 < SA 5000 9001 0 100 =>"]
        .map(|text| see(&mut table, &line(text, 0)).stream);
    assert_eq!(streams, [Some(0), Some(1), Some(1)]);
}
