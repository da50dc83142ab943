//! Any bytes read as a DNS message give a header or a fault, and everything in it ends.
//!
//! Input: the message.

#![no_main]

use std::fmt::Write as _;

use libfuzzer_sys::fuzz_target;
use netsonde_dissect::dns::{Message, Name};

/// A name of 255 bytes, each escaped with three digits and a backslash, and the ellipsis.
const LONGEST_TEXT: usize = 4 * 255 + 3;

fn read_name(name: &Name<'_>) {
    let mut len = 1;
    for label in name.labels().flatten() {
        len += 1 + label.len();
    }
    assert!(len <= 255, "{len}");
    let mut text = String::new();
    write!(text, "{name}").unwrap();
    assert!(
        text.len() <= LONGEST_TEXT && text.chars().all(|letter| letter.is_ascii_graphic() || letter == '…')
    );
    assert_eq!(name.is_whole(), name.is(name));
}

fuzz_target!(|input: &[u8]| {
    let Ok(message) = Message::parse(input) else { return };
    let _ = (message.rcode(), message.is_usual(), message.asks_plainly());
    let mut questions = 0;
    for question in message.questions().flatten() {
        read_name(&question.name);
        questions += 1;
    }
    // A question takes five bytes at least, a record eleven.
    assert!(questions <= input.len() / 5);
    let mut records = 0;
    for record in message.records().flatten() {
        read_name(&record.name);
        read_name(&record.name_in_content(0));
        let _ = (record.address(), record.alias_of().map(|name| name.is_whole()));
        records += 1;
    }
    assert!(records <= input.len() / 11);
});
