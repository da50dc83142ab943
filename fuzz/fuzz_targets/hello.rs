//! Any bytes read as a hello, its headers or a request give what is there, and everything in it ends.
//!
//! Input: the bytes, of which the first says what they are.

#![no_main]

use libfuzzer_sys::fuzz_target;
use netsonde_dissect::Escaped;
use netsonde_dissect::hello::{ClientHello, Form, FragmentHeader, MessageHeader, RecordHeader, ServerHello};
use netsonde_dissect::http::{self, Asked};

fn read_client(bytes: &[u8], form: Form) {
    let Ok(hello) = ClientHello::parse(bytes, form) else { return };
    // Each number takes two bytes, each extension four.
    assert!(hello.cipher_suites().count() <= bytes.len() / 2);
    assert!(hello.extensions().count() <= bytes.len() / 4);
    assert!(hello.groups().count() + hello.signature_algorithms().count() <= bytes.len() / 2);
    assert!(hello.protocols().all(|name| name.len() <= 255));
    let _ = (hello.point_formats(), hello.highest_version(), hello.has_encrypted_hello());
    let _ = (hello.has_early_data(), hello.session_id.is_empty());
    if let Some(name) = hello.server_name() {
        let text = Escaped(name).to_string();
        assert!(text.len() <= 4 * name.len() && text.chars().all(|letter| letter.is_ascii_graphic()));
    }
}

fuzz_target!(|input: &[u8]| {
    let Some((&what, bytes)) = input.split_first() else { return };
    match what % 4 {
        0 => read_client(bytes, Form::Stream),
        1 => read_client(bytes, Form::Datagram),
        2 => {
            if let Ok(hello) = ServerHello::parse(bytes) {
                assert!(hello.is_whole || hello.is_resumed().is_none());
            }
            let _ = (MessageHeader::parse(bytes), FragmentHeader::parse(bytes));
            let _ = RecordHeader::parse_datagram(bytes);
            if RecordHeader::parse(bytes).is_some() {
                assert!((0..=bytes.len()).all(|len| RecordHeader::may_begin(&bytes[..len])));
            }
        }
        _ => match http::host_asked(bytes) {
            Asked::Host { host, .. } => {
                assert!(!host.is_empty() && http::may_begin(bytes));
                // More of it says the same.
                let more = [bytes, b"\r\nHost: other\r\n"].concat();
                assert_eq!(http::host_asked(&more), http::host_asked(bytes));
            }
            Asked::NotYet | Asked::Nobody => {}
        },
    }
});
