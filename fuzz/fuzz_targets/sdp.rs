//! Any bytes read as a description give streams, and everything in it ends.
//!
//! Input: how long the type is, the type, and the body.

#![no_main]

use libfuzzer_sys::fuzz_target;
use netsonde_dissect::sdp::Description;

fuzz_target!(|input: &[u8]| {
    let Some((&len, rest)) = input.split_first() else { return };
    let (kind, body) = rest.split_at(usize::from(len).min(rest.len()));
    let Some(description) = Description::within(kind, body) else { return };
    let mut streams = 0;
    for media in description.media() {
        streams += 1;
        assert!(media.rtpmaps().all(|map| map.payload_type < 128 && !map.encoding.is_empty()));
        assert!(media.candidates().count() + media.rtpmaps().count() <= body.len() / 4);
        assert!(media.port_of(0) == Some(media.port));
        assert!(media.control().is_none_or(|control| control.len() < body.len()));
        let _ = (media.address(), media.rtcp_port(), media.is_rtp());
        let _ = (media.is_protected(), media.is_inactive(), media.port_of(media.count));
    }
    // `m=a 1 b` and an end of line.
    assert!(streams <= body.len() / 7);
});
