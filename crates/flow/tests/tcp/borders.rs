//! Where one rule ends and the next begins.

use crate::trace::{HANDSHAKE, check, check_as_it_stands};

const TWO_DUPLICATES: &str = "\
    20 > A 1001 5001 10 100 =>
    20.1 > A 1011 5001 10 100 =>
    30 < A 5001 1001 0 100 => duplicate_ack
    30 < A 5001 1001 0 100 => duplicate_ack
";

#[test]
fn exactly_20_ms_are_too_late_for_a_fast_one() {
    check(&[HANDSHAKE, TWO_DUPLICATES, "49.999999 > A 1001 5001 10 100 => fast_retransmission"]);
    check(&[HANDSHAKE, TWO_DUPLICATES, "50 > A 1001 5001 10 100 => retransmission"]);
}

#[test]
fn exactly_the_handshakes_round_trip_is_too_late_for_reordering() {
    let hole = "20 > A 1011 5001 10 100 => lost_segment";
    check(&[HANDSHAKE, hole, "30.999999 > A 1001 5001 10 100 => out_of_order"]);
    check(&[HANDSHAKE, hole, "31 > A 1001 5001 10 100 => retransmission"]);
}

#[test]
fn exactly_3_ms_are_too_late_for_reordering_where_no_handshake_was_seen() {
    let middle = "0 > A 1001 5001 10 100 =>
         20 > A 1021 5001 10 100 => lost_segment";
    check(&[middle, "22.999999 > A 1011 5001 10 100 => out_of_order"]);
    check(&[middle, "23 > A 1011 5001 10 100 => retransmission"]);
}

#[test]
fn a_segment_that_ends_at_the_edge_is_sent_again_however_early() {
    check(&[
        HANDSHAKE,
        "20 > A 1001 5001 10 100 =>
         20.000001 > A 1001 5001 10 100 => retransmission
         20.000002 > A 1005 5001 6 100 => retransmission
         20.000003 > A 1002 5001 5 100 => out_of_order",
    ]);
}

#[test]
fn half_of_the_sequence_space_away_lies_both_before_and_after() {
    // 1011 + 2^31 = 2147484659: beyond the edge, so that a hole lies between, and before it, so that it was sent again.
    check_as_it_stands(&["20 > A 1001 5001 10 100 =>
         100 > A 2147484659 5001 10 100 => retransmission, lost_segment"]);
}

#[test]
fn after_an_acknowledgement_of_the_unseen_any_resend_may_be_fast() {
    // The client acknowledges 20 bytes of the server's that were not seen: told once. The mark that keeps it from being
    // told again counts as if the server, whose last segment is 15 ms old, had doubled its acknowledgement.
    check(&[
        HANDSHAKE,
        "15 > A 1001 5001 10 100 =>
         20 > A 1011 5021 0 100 => ack_lost_segment
         25 > A 1001 5021 10 100 => fast_retransmission",
    ]);
}

#[test]
fn a_keep_alive_ack_needs_a_keep_alive_and_a_duplicate_needs_none() {
    check(&[
        HANDSHAKE,
        "20 < A 5001 1001 0 100 => duplicate_ack
         21 < A 5001 1001 0 100 => duplicate_ack
         30 > A 1000 5001 0 100 => keep_alive
         31 < A 5001 1001 0 100 => keep_alive_ack
         40 > A 1001 5001 10 100 =>
         41 < A 5001 1001 0 100 => duplicate_ack",
    ]);
}

#[test]
fn real_data_that_begin_with_the_probing_byte_are_not_sent_again() {
    check(&[
        HANDSHAKE,
        "20 > A 1001 5001 10 100 =>
         30 < A 5001 1011 0 0 => zero_window, rtt 10
         100 > A 1010 5001 1 100 => keep_alive, window_full
         200 > A 1010 5001 20 100 =>",
    ]);
}
