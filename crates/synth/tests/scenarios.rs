//! What follows from each scenario by the rules, worked out by hand.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use netsonde_synth::plan::scenario;
use netsonde_synth::truth::{Judged, Simulated, Tcp};
use netsonde_synth::{Packets, Truth};

/// The truth about a scenario.
fn tcp(name: &str) -> Tcp {
    let scenario = scenario::named(name).unwrap();
    let mut packets = Packets::new(scenario.arrivals(1_000_000_000, 1).into_iter());
    while packets.advance().is_some() {}
    let truth: Truth = packets.into_truth();
    truth.tcp
}

const NOTHING: Judged = Judged {
    retransmission: 0,
    fast_retransmission: 0,
    spurious_retransmission: 0,
    out_of_order: 0,
    lost_segment: 0,
    ack_lost_segment: 0,
    duplicate_ack: 0,
    keep_alive: 0,
    keep_alive_ack: 0,
    zero_window: 0,
    zero_window_probe: 0,
    zero_window_probe_ack: 0,
    window_full: 0,
    window_update: 0,
    port_reused: 0,
};

#[test]
fn a_download_without_a_fault_has_no_name() {
    let tcp = tcp("all goes well");
    assert_eq!((tcp.judged, tcp.simulated), (NOTHING, Simulated::default()));
    // A request of 300 bytes; 30,000 bytes in segments of 1,448 (1,460 less 12 of the clock) are 20.7, so 21.
    assert_eq!((tcp.connections, tcp.data_segments, tcp.syn, tcp.fin, tcp.rst), (1, 22, 2, 2, 0));
}

#[test]
fn a_loss_before_the_tap_is_a_hole_and_one_copy() {
    let tcp = tcp("lost before the tap");
    // Segment 8 shows the hole; the duplicates ask for 7, which comes again within 20 ms of the last of them.
    let names = (tcp.judged.lost_segment, tcp.judged.fast_retransmission, tcp.judged.sent_again());
    assert_eq!(names, (1, 1, 1));
    // The first burst ends with segment 9, so that 8 and 9 give two duplicates; the acknowledged part of the burst has
    // let others leave by then, of which each gives one more.
    assert!(tcp.judged.duplicate_ack > 2);
    // The lost one never passed: as many data segments as without a loss.
    assert_eq!((tcp.data_segments, tcp.simulated.lost_before_tap), (22, 1));
}

#[test]
fn a_loss_behind_the_tap_is_two_copies_and_no_hole() {
    let tcp = tcp("lost behind the tap");
    let names = (tcp.judged.lost_segment, tcp.judged.fast_retransmission, tcp.judged.sent_again());
    assert_eq!(names, (0, 1, 1));
    assert_eq!((tcp.data_segments, tcp.simulated.lost_behind_tap), (23, 1));
}

#[test]
fn a_lost_last_segment_is_sent_again_after_silence() {
    // Nothing behind it, so that before the tap it shows nowhere, and behind it as a copy that is not fast.
    assert_eq!(tcp("last segment lost before the tap").judged, NOTHING);
    assert_eq!(tcp("last segment lost behind the tap").judged, Judged { retransmission: 1, ..NOTHING });
}

#[test]
fn a_segment_that_is_overtaken_is_a_hole_that_fills_by_itself() {
    // Segment 6 shows the hole; 5 comes 6 us behind it, long before a round trip: out of order.
    let judged = tcp("overtaken by one").judged;
    assert_eq!(judged, Judged { lost_segment: 1, out_of_order: 1, ..NOTHING });
}

#[test]
fn a_copy_of_what_arrived_is_spurious_and_is_acknowledged_twice() {
    let judged = tcp("sent again without need").judged;
    assert_eq!(judged, Judged { spurious_retransmission: 1, duplicate_ack: 1, ..NOTHING });
}

#[test]
fn what_the_capture_missed_is_acknowledged_all_the_same() {
    let judged = tcp("missed by the capture").judged;
    assert_eq!(judged, Judged { lost_segment: 1, ack_lost_segment: 1, ..NOTHING });
}

#[test]
fn a_closed_window_is_probed_until_it_opens() {
    // It fills up once. Closed for 900 ms: probes after 250 and 500 ms more, each answered; the third would come after
    // 1,750. Zero windows: the acknowledgement that closes it and the two answers.
    let probed = Judged {
        window_full: 1,
        zero_window: 3,
        zero_window_probe: 2,
        zero_window_probe_ack: 2,
        window_update: 1,
        ..NOTHING
    };
    assert_eq!(tcp("zero window with probes").judged, probed);
    // Closed for 100 ms, less than a probe waits.
    let unprobed = Judged { window_full: 1, zero_window: 1, window_update: 1, ..NOTHING };
    assert_eq!(tcp("zero window without a probe").judged, unprobed);
}

#[test]
fn keep_alives_are_answered() {
    assert_eq!(tcp("keep-alives").judged, Judged { keep_alive: 3, keep_alive_ack: 3, ..NOTHING });
}

#[test]
fn a_syn_that_comes_again_is_a_retransmission() {
    assert_eq!(tcp("second SYN answered").judged, Judged { retransmission: 1, ..NOTHING });
    // Four SYNs: the first and three copies.
    let unanswered = tcp("no SYN answered");
    assert_eq!(unanswered.judged, Judged { retransmission: 3, ..NOTHING });
    assert_eq!((unanswered.packets, unanswered.connections, unanswered.resets), (4, 1, 0));
}

#[test]
fn a_refusal_is_no_reset_of_a_connection() {
    let refused = tcp("refused");
    assert_eq!((refused.packets, refused.rst, refused.refused, refused.resets), (2, 1, 1, 0));
    for name in ["reset by the server", "reset by the client"] {
        let reset = tcp(name);
        assert_eq!((reset.rst, reset.refused, reset.resets), (1, 0, 1), "{name}");
    }
}

#[test]
fn a_port_that_is_used_again_is_another_connection() {
    let tcp = tcp("port used again");
    assert_eq!((tcp.connections, tcp.judged.port_reused), (2, 1));
}

#[test]
fn a_connection_from_the_middle_begins_without_a_syn() {
    let tcp = tcp("picked up in the middle");
    assert_eq!((tcp.connections, tcp.syn, tcp.fin, tcp.judged), (1, 0, 2, NOTHING));
}
