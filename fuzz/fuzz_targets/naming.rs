//! Any bytes read as DHCP, DHCP for IPv6 or `NetBIOS` give names and addresses, and everything in them ends.
//!
//! Input: the message.

#![no_main]

use libfuzzer_sys::fuzz_target;
use netsonde_dissect::dhcp::{ClientName, Message, MessageV6};
use netsonde_dissect::netbios;

/// A name is something, and no longer than where it stands allows.
fn read_name(name: ClientName<'_>) {
    let (mut len, mut parts) = (0, 0);
    for part in name.parts() {
        assert!(!part.is_empty());
        len += 1 + part.len();
        parts += 1;
    }
    assert!(parts > 0 && len <= 256, "{len}");
}

fuzz_target!(|input: &[u8]| {
    if let Some(message) = Message::parse(input) {
        let _ = (message.kind(), message.mac(), message.requested_address(), message.host_name());
        if let Some(name) = message.client_name() {
            read_name(name);
        }
    }
    if let Some(message) = MessageV6::parse(input).and_then(MessageV6::innermost) {
        assert!(message.transaction.is_some());
        assert!(message.client().is_none_or(|client| client.len() < input.len()));
        if let Some(name) = message.client_name() {
            read_name(name);
        }
        // An address takes 28 bytes with its header.
        assert!(message.addresses().count() <= input.len() / 28);
    }
    let mut claims = 0;
    netbios::claims(input, |claim| {
        assert!(claim.name.letters().len() <= 15);
        claims += 1;
    });
    // Flags and an address, the shortest claim.
    assert!(claims <= input.len() / 6);
    if let Some(claim) = netbios::sender(input) {
        assert!(claim.address.is_some() && claim.name.letters().len() <= 15);
    }
});
