//! Any bytes read as a packet of RTP give one that is no longer than they are, or none.
//!
//! Input: the payload of UDP, of which the last byte says how much more was on the wire.

#![no_main]

use libfuzzer_sys::fuzz_target;
use netsonde_dissect::Payload;
use netsonde_dissect::rtp::{Rtp, Shared};

fuzz_target!(|input: &[u8]| {
    let Some((&more, bytes)) = input.split_last() else { return };
    let wire_len = u32::try_from(bytes.len()).unwrap() + u32::from(more);
    let shared = Shared::of(bytes);
    let Some(rtp) = Rtp::parse(Payload { bytes, wire_len }) else { return };
    assert_eq!(shared, Shared::Rtp);
    assert!(rtp.payload_len + 12 <= wire_len && rtp.payload_type.0 < 128);
    let _ = (rtp.payload_type.assigned(), rtp.payload_type.is_usable());
});
