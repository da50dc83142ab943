//! One dialogue for each rule.

use crate::trace::{HANDSHAKE, check, check_as_it_stands};

#[test]
fn a_request_and_its_answer_give_round_trips_of_both_directions() {
    check(&[
        HANDSHAKE,
        "12 > PA 1001 5001 10 100 =>
         22 < A 5001 1011 0 100 => rtt 10
         23 < PA 5001 1011 30 100 => response 11
         24 > FA 1011 5031 0 100 => rtt 1
         34 < FA 5031 1012 0 100 => rtt 10
         35 > A 1012 5032 0 100 => rtt 1",
    ]);
}

#[test]
fn a_segment_sent_again_within_20_ms_of_two_duplicates_is_fast() {
    check(&[
        HANDSHAKE,
        "20 > A 1001 5001 10 100 =>
         20.1 > A 1011 5001 10 100 =>
         20.2 > A 1021 5001 10 100 =>
         30 < A 5001 1001 0 100 => duplicate_ack
         30.1 < A 5001 1001 0 100 => duplicate_ack
         40 > A 1001 5001 10 100 => fast_retransmission
         41 < A 5001 1001 0 100 => duplicate_ack
         61 > A 1001 5001 10 100 => retransmission
         70 < A 5001 1031 0 100 => rtt 49.8",
    ]);
}

#[test]
fn a_late_segment_is_out_of_order_within_a_round_trip_and_sent_again_after_it() {
    check(&[
        HANDSHAKE,
        "20 > A 1001 5001 10 100 =>
         20.1 > A 1021 5001 10 100 => lost_segment
         20.2 > A 1011 5001 10 100 => out_of_order
         30 > A 1041 5001 10 100 => lost_segment
         42 > A 1031 5001 10 100 => retransmission
         43 > A 1041 5001 10 100 => retransmission",
    ]);
}

#[test]
fn what_was_acknowledged_and_comes_again_is_spurious_and_its_sample_ambiguous() {
    check(&[
        HANDSHAKE,
        "20 > A 1001 5001 10 100 =>
         30 < A 5001 1011 0 100 => rtt 10
         31 > A 1001 5001 10 100 => spurious_retransmission
         32 < A 5001 1011 0 100 => duplicate_ack, rtt? 1",
    ]);
}

#[test]
fn keep_alives_are_answered_and_time_nothing_of_the_network() {
    check(&[
        HANDSHAKE,
        "20 > A 1001 5001 10 100 =>
         30 < A 5001 1011 0 100 => rtt 10
         9000 > A 1010 5001 1 100 => keep_alive
         9010 < A 5001 1011 0 100 => keep_alive_ack, rtt? 10
         18000 > A 1010 5001 0 100 => keep_alive
         18010 < A 5001 1011 0 100 => keep_alive_ack
         18011 < A 5001 1011 0 100 => keep_alive_ack
         18012 < A 5001 1011 0 200 => window_update",
    ]);
}

#[test]
fn a_closed_window_is_probed_until_it_opens() {
    // The byte that was accepted was no progress to the sender's edge: the acknowledgement and what follows lie beyond it.
    check(&[
        HANDSHAKE,
        "20 > A 1001 5001 100 100 => window_full
         30 < A 5001 1101 0 0 => zero_window, rtt 10
         230 > A 1101 5001 1 100 => zero_window_probe
         240 < A 5001 1101 0 0 => zero_window, zero_window_probe_ack
         440 > A 1101 5001 1 100 => zero_window_probe
         450 < A 5001 1102 0 100 => ack_lost_segment, rtt? 220
         451 > A 1102 5001 50 100 => lost_segment",
    ]);
}

#[test]
fn windows_are_scaled_but_for_those_of_the_handshake() {
    // 1101 + (50 << 2) = 1301.
    check(&["0 > S 1000 0 0 100 ws=2 =>
         10 < SA 5000 1001 0 100 ws=2 => rtt 10
         11 > A 1001 5001 0 100 => rtt 1, irtt 11
         12 > A 1001 5001 100 100 => window_full
         20 < A 5001 1101 0 50 => rtt 8
         21 > A 1101 5001 100 100 =>
         22 > A 1201 5001 100 100 => window_full"]);
}

#[test]
fn a_capture_that_begins_in_the_middle_and_misses_segments_tells_each_gap_once() {
    check(&["0 > A 1001 5001 10 100 =>
         10 < A 5001 1031 0 100 => ack_lost_segment
         11 < A 5001 1041 0 100 =>
         12 > A 1041 5001 10 100 => lost_segment
         13 < A 5001 1061 0 100 => ack_lost_segment
         14 > A 1061 5011 10 100 => lost_segment, ack_lost_segment
         15 < A 5011 1081 0 100 => lost_segment, ack_lost_segment"]);
}

#[test]
fn a_syn_with_another_number_begins_a_connection_and_such_an_answer_does_not() {
    check_as_it_stands(&[
        HANDSHAKE,
        "20 > S 1000 0 0 100 => retransmission
         30 > R 1001 0 0 100 =>
         40 > S 9000 0 0 100 => port_reused
         50 < SA 7000 9001 0 100 => rtt 10
         51 < SA 8000 9001 0 100 => lost_segment, port_reused
         52 > A 9001 8001 0 100 => ack_lost_segment, rtt 1, irtt 12",
    ]);
}

#[test]
fn a_sample_is_measured_from_the_first_copy_and_called_ambiguous() {
    check(&[
        HANDSHAKE,
        "20 > A 1001 5001 10 100 =>
         21 > A 1011 5001 10 100 =>
         230 > A 1001 5001 10 100 => retransmission
         240 < A 5001 1011 0 100 => rtt? 220
         241 < A 5001 1015 0 100 =>
         242 < A 5001 1021 0 100 => rtt 221",
    ]);
}
