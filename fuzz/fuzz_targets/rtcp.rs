//! Any bytes read as RTCP give packets that end, and no more of them than there is room for.
//!
//! Input: the payload of UDP, of which the last byte says how much more was on the wire.

#![no_main]

use libfuzzer_sys::fuzz_target;
use netsonde_dissect::{Payload, rtcp};

fuzz_target!(|input: &[u8]| {
    let Some((&more, bytes)) = input.split_last() else { return };
    let wire_len = u32::try_from(bytes.len()).unwrap() + u32::from(more);
    let payload = Payload { bytes, wire_len };
    let mut packets = 0;
    for packet in rtcp::packets(payload) {
        assert!(packet.blocks().count() <= usize::from(packet.count));
        let _ = packet.sender_info();
        packets += 1;
    }
    // A packet has a header of four bytes.
    assert!(packets * 4 <= bytes.len());
    assert!(!rtcp::is_certain(payload) || packets > 0);
});
