use super::*;

/// A response to `1` for `WWW.example`, whose CNAME is `b.example` at 192.0.2.9, with EDNS.
fn response() -> Vec<u8> {
    let mut message = vec![0x1a, 0x2b, 0x81, 0x83, 0, 1, 0, 2, 0, 0, 0, 1];
    message.extend(b"\x03WWW\x07example\0\0\x01\0\x01"); // offset 12; "example" at 16
    message.extend(b"\xc0\x0c\0\x05\0\x01\0\0\0\x3c\0\x04\x01b\xc0\x10"); // offset 29, content at 41
    message.extend(b"\xc0\x29\0\x01\0\x01\0\0\x01\x00\0\x04\xc0\0\x02\x09");
    message.extend(b"\0\0\x29\x04\xd0\x01\0\0\0\0\0"); // extended code 1, no options
    message
}

fn message(name: &[u8]) -> Vec<u8> {
    [&[0, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0][..], name, &[0, 1, 0, 1]].concat()
}

/// The text of the one question's name, and what is wrong with it.
fn name_of(bytes: &[u8]) -> (String, Option<Fault>) {
    let message = message(bytes);
    let name = Name::new(&message, HEADER_LEN);
    let fault = name.labels().find_map(Result::err);
    (name.to_string(), fault)
}

#[test]
fn response_gives_question_alias_address_and_extended_code() {
    let bytes = response();
    let message = Message::parse(&bytes).unwrap();
    assert!(message.is_response() && !message.is_truncated());
    assert_eq!((message.id(), message.operation()), (0x1a2b, 0));
    // NXDOMAIN, 3, under EDNS's 1: 1 * 16 + 3.
    assert_eq!(message.rcode(), Rcode(19));
    let question = message.questions().next().unwrap().unwrap();
    assert_eq!(question.name.to_string(), "www.example");
    assert_eq!((question.kind, question.class), (RecordType::A, Class::INTERNET));
    let records: Vec<_> = message.records().map(Result::unwrap).collect();
    assert_eq!(records.len(), 3);
    assert!(records[0].name.is(&question.name));
    let alias = records[0].alias_of().unwrap();
    assert_eq!((alias.to_string(), records[0].ttl), ("b.example".to_owned(), 60));
    assert!(records[1].name.is(&alias) && !records[1].name.is(&question.name));
    assert_eq!(records[1].address(), Some("192.0.2.9".parse().unwrap()));
    assert_eq!((records[1].ttl, records[1].section), (256, Section::Answer));
    assert_eq!((records[2].kind, records[2].section), (RecordType::OPT, Section::Additional));
}

#[test]
fn message_cut_anywhere_gives_what_lies_before_the_cut() {
    let bytes = response();
    // Where the header, the question and each record end.
    let ends = [12, 29, 45, 61, 72];
    assert_eq!(bytes.len(), 72);
    for cut in 0..bytes.len() {
        let message = Message::parse(&bytes[..cut]);
        assert_eq!(message.is_ok(), cut >= 4, "cut at {cut}");
        let Ok(message) = message else { continue };
        assert_eq!((message.id(), message.is_response()), (0x1a2b, true));
        if cut < ends[0] {
            continue;
        }
        let questions = message.questions().flatten().count();
        let records: Vec<_> = message.records().collect();
        assert_eq!(questions, usize::from(cut >= ends[1]), "cut at {cut}");
        let whole = ends[2..].iter().filter(|&&end| cut >= end).count();
        assert_eq!(records.iter().filter(|record| record.is_ok()).count(), whole, "cut at {cut}");
        assert_eq!(records.last().unwrap().as_ref().err(), Some(&Fault::Cut), "cut at {cut}");
    }
}

#[test]
fn names_of_strangers_are_escaped_and_in_lower_case() {
    assert_eq!(name_of(b"\x02Ab\x01C\0"), ("ab.c".to_owned(), None));
    assert_eq!(name_of(b"\0"), (".".to_owned(), None));
    assert_eq!(name_of(b"\x05a.\\ \xff\0"), ("a\\.\\\\\\032\\255".to_owned(), None));
}

#[test]
fn pointers_lead_back_only() {
    // To itself, forward, and to the labels that it ends.
    for name in [&b"\xc0\x0c"[..], b"\xc0\x0e", b"\xff\xff", b"\x01a\xc0\x0c"] {
        assert_eq!(name_of(name).1, Some(Fault::BadPointer), "{name:?}");
    }
    // Into the header, whose bytes 2 and on are a name here: the root.
    assert_eq!(name_of(b"\x01a\xc0\x02"), ("a".to_owned(), None));
}

#[test]
fn reserved_labels_and_names_that_are_cut_or_too_long_are_faults() {
    assert_eq!(name_of(b"\x41a\0").1, Some(Fault::BadLabel));
    assert_eq!(name_of(b"\x80a\0").1, Some(Fault::BadLabel));
    let cut = message(b"\x3fabc");
    assert_eq!(Name::new(&cut, HEADER_LEN).labels().last(), Some(Err(Fault::Cut)));
    // Each label takes 64 bytes: three, one of 62 (63 with its length) and the root are 64 * 3 + 62 + 1 = 255.
    let label = |len: u8| [&[len][..], &vec![b'a'; len.into()]].concat();
    let longest = [label(63), label(63), label(63), label(61), vec![0]].concat();
    assert_eq!(longest.len(), 255);
    assert_eq!(name_of(&longest).1, None);
    let too_long = [label(63), label(63), label(63), label(62), vec![0]].concat();
    assert_eq!(name_of(&too_long).1, Some(Fault::NameTooLong));
}

#[test]
fn chain_of_pointers_ends_at_the_bound() {
    // From offset 12 on, each pointer leads to the one before; the first leads to the root in the header.
    let mut bytes = vec![0; HEADER_LEN];
    for step in 0..400_u16 {
        let target = if step == 0 { 0 } else { 12 + 2 * (step - 1) };
        bytes.extend((0xc000 | target).to_be_bytes());
    }
    let name = |step: usize| Name::new(&bytes, HEADER_LEN + 2 * step);
    assert!(name(200).is_whole());
    assert_eq!(name(399).labels().last(), Some(Err(Fault::NameTooLong)));
}

#[test]
fn wrong_class_or_length_gives_no_address() {
    let mut bytes = response();
    bytes[50] = 3; // class of the address record: CHAOS
    let address = |bytes: &[u8]| Message::parse(bytes).unwrap().records().nth(1).unwrap().unwrap().address();
    assert_eq!(address(&bytes), None);
    bytes[50] = 1;
    assert!(address(&bytes).is_some());
    bytes[56] = 3; // one byte less of content
    assert_eq!(address(&bytes), None);
}
