//! The demo's story: what it tells is what tshark reads.

use netsonde_synth::demo::{SEED, Story};

use crate::mix::assert_every_count;
use crate::tshark::BASE;

#[test]
fn every_count_of_a_round_is_that_of_tshark() {
    let truth = assert_every_count(Story::round(SEED, 1, BASE), u64::MAX);
    let judged = &truth.tcp.judged;
    assert!(
        judged.retransmission > 10 && judged.fast_retransmission > 50 && judged.spurious_retransmission > 0
    );
    assert!(judged.lost_segment > 50 && judged.out_of_order > 10);
    assert!(judged.zero_window > 0 && judged.window_full > 0);
    assert!(truth.tcp.refused > 300 && truth.dns.timeouts > 0 && truth.dns.rcodes.len() == 3);
    assert!(
        truth.tls_hellos.iter().any(|hello| hello.split) && truth.quic_hellos.iter().any(|hello| hello.split)
    );
    // From 25 to 60 s one packet in twenty-five at worst: of the 1,750 frames of sound in 35 s at least 30.
    assert!(truth.rtp.iter().any(|stream| stream.lost > 30 && stream.reordered > 5));
    assert!(truth.rtp.iter().any(|stream| stream.lost == 0));
}
