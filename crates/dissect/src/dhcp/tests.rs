use super::*;

/// A message of client `2:0:0:0:0:5` with options.
fn message(operation: u8, options: &[u8]) -> Vec<u8> {
    let mut message = vec![operation, 1, 6, 0, 0, 0, 0xbe, 0xef, 0, 0, 0, 0];
    // ciaddr, yiaddr, siaddr, giaddr.
    message.extend([192, 0, 2, 6, 192, 0, 2, 7, 0, 0, 0, 0, 0, 0, 0, 0]);
    message.extend([2, 0, 0, 0, 0, 5]);
    message.resize(236, 0);
    message.extend(COOKIE);
    message.extend(options);
    message
}

/// The name joined by dots.
fn joined(name: Option<ClientName<'_>>) -> Option<String> {
    let parts: Vec<_> = name?.parts().map(|part| String::from_utf8_lossy(part).into_owned()).collect();
    Some(parts.join("."))
}

#[test]
fn header_and_options_are_read_to_the_end_mark() {
    let bytes = message(1, b"\x00\x35\x01\x03\x32\x04\xc0\x00\x02\x08\x0c\x02pc\xff\x51\x05\x00\x00\x00ab");
    let message = Message::parse(&bytes).unwrap();
    assert!(message.is_request);
    assert_eq!(message.transaction, 0xbeef);
    assert_eq!(message.client_address, Ipv4Addr::new(192, 0, 2, 6));
    assert_eq!(message.your_address, Ipv4Addr::new(192, 0, 2, 7));
    assert_eq!(message.mac(), MacAddr([2, 0, 0, 0, 0, 5]));
    assert_eq!(message.kind(), Some(MessageType::REQUEST));
    assert_eq!(message.requested_address(), Some(Ipv4Addr::new(192, 0, 2, 8)));
    // The name with a domain stands behind the end.
    assert_eq!(joined(message.client_name()).as_deref(), Some("pc"));
}

#[test]
fn the_name_with_its_domain_comes_before_that_without() {
    // RFC 4702 section 2: flags, two codes, the name; in text, or with E (0x04) set as DNS writes it, whole or without
    // its domain, which is then without the root.
    let names: [(&[u8], Option<&str>); 7] = [
        (b"\x0c\x03one\x51\x09\x00\x00\x00two.it", Some("two.it")),
        (b"\x0c\x03one\x51\x0b\x05\x00\x00\x03two\x02it\x00", Some("two.it")),
        (b"\x0c\x03one\x51\x07\x04\x00\x00\x03two", Some("two")),
        // A label that is longer than what is left, an empty name, and one that points elsewhere: the host name stands.
        (b"\x0c\x03one\x51\x07\x04\x00\x00\x04two", Some("one")),
        (b"\x0c\x03one\x51\x03\x00\x00\x00", Some("one")),
        (b"\x0c\x03one\x51\x05\x04\x00\x00\xc0\x0c", Some("one")),
        // Zeros at the end are no part of it (RFC 2132 section 2).
        (b"\x0c\x05one\x00\x00", Some("one")),
    ];
    for (options, name) in names {
        let bytes = message(1, options);
        assert_eq!(joined(Message::parse(&bytes).unwrap().client_name()).as_deref(), name, "{options:?}");
    }
    for options in [&b""[..], b"\x0c\x00", b"\x0c\x02\x00\x00", b"\x0c\x09one"] {
        let bytes = message(1, options);
        assert_eq!(joined(Message::parse(&bytes).unwrap().client_name()), None, "{options:?}");
    }
}

#[test]
fn what_has_no_cookie_has_no_options_and_what_is_short_is_none() {
    let mut bytes = message(2, b"\x35\x01\x05");
    assert_eq!(Message::parse(&bytes).unwrap().kind(), Some(MessageType::ACK));
    bytes[236] = 0;
    assert_eq!(Message::parse(&bytes).unwrap().kind(), None);
    assert_eq!(Message::parse(&bytes[..239]), None);
}

/// An option of DHCP for IPv6.
fn option(code: u8, content: &[u8]) -> Vec<u8> {
    let [high, low] = u16::try_from(content.len()).unwrap().to_be_bytes();
    [&[0, code, high, low], content].concat()
}

/// `2001:db8::` and `last`, preferred for 10 s and valid for `valid_s`.
fn address(last: u8, valid_s: u8) -> Vec<u8> {
    let mut content = vec![0x20, 1, 0xd, 0xb8, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, last];
    content.extend([0, 0, 0, 10, 0, 0, 0, valid_s]);
    option(5, &content)
}

#[test]
fn v6_message_has_client_name_and_addresses_through_relays_too() {
    let association = [&[0; 12][..], &address(1, 20), &address(2, 0), &address(3, 20)].concat();
    let reply = [
        &[7, 0, 0x12, 0x34][..],
        &option(1, b"\x00\x03\x00\x01\x02\x00\x00\x00\x00\x05"),
        &option(3, &association),
        &option(39, b"\x01\x03Two\x02it\x00"),
    ]
    .concat();
    // Hops, link and peer; the interface of the relay comes first.
    let relayed =
        |kind, inner: &[u8]| [&[kind][..], &[0; 33], &option(18, b"e0"), &option(9, inner)].concat();
    for bytes in [reply.clone(), relayed(13, &reply), relayed(13, &relayed(13, &reply))] {
        let message = MessageV6::parse(&bytes).unwrap().innermost().unwrap();
        assert_eq!((message.kind, message.transaction), (MessageTypeV6::REPLY, Some(0x1234)));
        assert_eq!(message.client(), Some(&b"\x00\x03\x00\x01\x02\x00\x00\x00\x00\x05"[..]));
        assert_eq!(joined(message.client_name()).as_deref(), Some("Two.it"));
        // The second address is valid for no time.
        let given: Vec<_> = message.addresses().map(|address| address.to_string()).collect();
        assert_eq!(given, ["2001:db8::1", "2001:db8::3"]);
    }
    // The relay itself has no transaction, and one around nothing, or around too many, is none.
    assert_eq!(MessageV6::parse(&relayed(12, &reply)).unwrap().transaction, None);
    assert_eq!(MessageV6::parse(&[12; 34]).unwrap().innermost(), None);
    // Seven relays are gone through, the eighth is not.
    let around = |relays| (0..relays).fold(reply.clone(), |inner, _| relayed(12, &inner));
    let is_found = |relays| MessageV6::parse(&around(relays)).unwrap().innermost().is_some();
    assert_eq!((is_found(7), is_found(8)), (true, false));
}
