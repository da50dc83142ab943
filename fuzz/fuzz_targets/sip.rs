//! Any bytes read as a message of SIP give what is there, and a longer message says the same of what was whole.
//!
//! Input: the message.

#![no_main]

use libfuzzer_sys::fuzz_target;
use netsonde_dissect::head::{Head, Start, message_len};
use netsonde_dissect::sip::Message;

fuzz_target!(|input: &[u8]| {
    let Some(head) = Head::parse(input) else { return };
    // A header takes a colon and the end of a line, but for the last one.
    assert!(head.headers().count() <= input.len() / 2 + 1);
    assert!(head.body().len() <= head.rest.len());
    assert_eq!(message_len(input).is_some(), head.is_whole);
    if let Some(len) = message_len(input) {
        assert!(len >= input.len() - head.rest.len());
        let more = [input, b"x"].concat();
        assert_eq!(message_len(&more), Some(len));
    }
    let Some(message) = Message::parse(input) else { return };
    if let Start::Response { code, .. } = message.start {
        assert!((100..=699).contains(&code));
    }
    assert!(message.call_id().is_none_or(|id| !id.is_empty()));
    for party in [message.from(), message.to()].into_iter().flatten() {
        assert!(party.len() < input.len());
    }
    let _ = (message.sequence(), message.has_to_tag());
    if let Some(description) = message.description() {
        assert!(description.media().count() <= input.len() / 2);
    }
});
