use super::*;

/// A list with its length in 16 bits before it.
fn long(list: &[u8]) -> Vec<u8> {
    [&u16::try_from(list.len()).unwrap().to_be_bytes()[..], list].concat()
}

fn extension(number: u16, content: &[u8]) -> Vec<u8> {
    [&number.to_be_bytes()[..], &long(content)].concat()
}

/// Version, random, a session of one byte, in datagrams a cookie of two, two suites, one compression.
fn front(form: Form) -> Vec<u8> {
    let mut bytes = vec![3, 3];
    bytes.extend([9; 32]);
    bytes.extend([1, 0xee]);
    if form == Form::Datagram {
        bytes.extend([2, 0xcc, 0xcc]);
    }
    bytes.extend([0, 4, 0x2a, 0x2a, 0x13, 0x02, 1, 0]);
    bytes
}

fn with_extensions(form: Form) -> Vec<u8> {
    let list = [
        extension(0x1a1a, &[]),
        // A name of another type, which does not exist, before the host's.
        extension(
            extension::SERVER_NAME,
            &long(&[&[7][..], &long(b"x"), &[0], &long(b"a.example")].concat()),
        ),
        extension(extension::GROUPS, &long(&[0x11, 0xec, 0, 29])),
        extension(extension::POINT_FORMATS, &[1, 0]),
        extension(extension::SIGNATURE_ALGORITHMS, &long(&[4, 3, 8, 4])),
        extension(extension::PROTOCOLS, &long(b"\x02h2\x08http/1.1")),
        extension(extension::SUPPORTED_VERSIONS, &[6, 0x7a, 0x7a, 3, 4, 3, 3]),
        extension(extension::ENCRYPTED_HELLO, &[0]),
    ]
    .concat();
    [front(form), long(&list)].concat()
}

#[test]
fn everything_that_a_client_offers_is_read_in_its_order() {
    for form in [Form::Stream, Form::Datagram] {
        let bytes = with_extensions(form);
        let hello = ClientHello::parse(&bytes, form).unwrap();
        assert_eq!((hello.legacy_version, hello.is_whole, hello.highest_version()), (0x0303, true, 0x0304));
        assert!(hello.cipher_suites().eq([0x2a2a, 0x1302]));
        assert_eq!(hello.extensions().map(|(kind, _)| kind).next(), Some(0x1a1a));
        assert_eq!(hello.extensions().count(), 8);
        assert_eq!(hello.server_name(), Some(&b"a.example"[..]));
        assert!(hello.protocols().eq([&b"h2"[..], b"http/1.1"]));
        assert!(hello.groups().eq([0x11ec, 29]));
        assert_eq!(hello.point_formats(), [0]);
        assert!(hello.signature_algorithms().eq([0x0403, 0x0804]));
        assert!(hello.has_encrypted_hello() && !hello.has_early_data());
        assert_eq!(hello.session_id, SessionId::of(&[0xee]));
    }
}

#[test]
fn hello_without_extensions_offers_its_legacy_version() {
    let bytes = front(Form::Stream);
    let hello = ClientHello::parse(&bytes, Form::Stream).unwrap();
    assert_eq!((hello.highest_version(), hello.is_whole), (0x0303, true));
    assert_eq!((hello.server_name(), hello.extensions().count()), (None, 0));
}

#[test]
fn hello_that_is_cut_is_read_up_to_its_last_whole_extension() {
    let bytes = with_extensions(Form::Stream);
    let whole = front(Form::Stream).len();
    for len in 0..bytes.len() {
        let hello = ClientHello::parse(&bytes[..len], Form::Stream);
        // The front ends with the compression methods.
        assert_eq!(hello.is_ok(), len >= whole, "{len} bytes");
        // Behind it stand two bytes of length; a list whose length is not there is taken for none.
        assert!(hello.is_ok_and(|hello| !hello.is_whole) == (len >= whole + 2), "{len} bytes");
    }
}

#[test]
fn versions_of_dtls_count_down() {
    let list = extension(extension::SUPPORTED_VERSIONS, &[4, 0xfe, 0xfd, 0xfe, 0xfc]);
    let bytes = [front(Form::Datagram), long(&list)].concat();
    assert_eq!(ClientHello::parse(&bytes, Form::Datagram).unwrap().highest_version(), 0xfefc);
}

#[test]
fn server_chooses_version_and_cipher_suite_or_asks_again() {
    let hello = |random: [u8; 32], extensions: &[u8]| {
        let bytes = [&[3, 3][..], &random, &[0, 0x13, 0x01, 0], &long(extensions)].concat();
        ServerHello::parse(&bytes).unwrap()
    };
    let chosen = extension(extension::SUPPORTED_VERSIONS, &[3, 4]);
    let plain = ServerHello {
        version: 0x0303,
        cipher_suite: 0x1301,
        session_id: SessionId::default(),
        has_pre_shared_key: false,
        is_whole: true,
        is_retry: false,
    };
    assert_eq!(hello([1; 32], &[]), plain);
    assert_eq!(hello([1; 32], &chosen), ServerHello { version: 0x0304, ..plain });
    // RFC 8446 section 4.1.3 gives these 32 bytes.
    let retry = [
        0xcf, 0x21, 0xad, 0x74, 0xe5, 0x9a, 0x61, 0x11, 0xbe, 0x1d, 0x8c, 0x02, 0x1e, 0x65, 0xb8, 0x91, 0xc2,
        0xa2, 0x11, 0x16, 0x7a, 0xbb, 0x8c, 0x5e, 0x07, 0x9e, 0x09, 0xe2, 0xc8, 0xa8, 0x33, 0x9c,
    ];
    assert!(hello(retry, &chosen).is_retry);
    assert_eq!(ServerHello::parse(&[3, 3, 1]), Err(Cut));
}

#[test]
fn server_goes_on_with_a_key_or_a_session_of_before() {
    let hello = |session: &[u8], extensions: &[u8]| {
        let session = [&[u8::try_from(session.len()).unwrap()], session].concat();
        [&[3, 3][..], &[1; 32], &session, &[0x13, 0x01, 0], &long(extensions)].concat()
    };
    let chosen = extension(extension::SUPPORTED_VERSIONS, &[3, 4]);
    let key = extension(extension::PRE_SHARED_KEY, &[0, 0]);
    let resumed = |bytes: &[u8]| ServerHello::parse(bytes).unwrap().is_resumed();
    let both = hello(&[], &[&chosen[..], &key].concat());
    assert_eq!([resumed(&both), resumed(&hello(&[7; 32], &chosen))], [Some(true), Some(false)]);
    // Before TLS 1.3 the client's hello tells, and of a hello that is cut nothing does.
    assert_eq!([resumed(&hello(&[7; 32], &[])), resumed(&both[..both.len() - 1])], [None, None]);
    let named = |session| ServerHello::parse(&hello(session, &[])).unwrap().session_id;
    assert!(named(&[7; 32]) == named(&[7; 32]) && named(&[7; 32]) != named(&[7; 31]));
    // There is no longer one (RFC 5246 section 7.4.1.2).
    assert!(named(&[]).is_empty() && named(&[7; 33]).is_empty());
}

#[test]
fn grease_is_the_sixteen_numbers_of_its_rfc() {
    let grease: Vec<u16> = (0..=u16::MAX).filter(|&value| is_grease(value)).collect();
    assert_eq!((grease.len(), grease[0], grease[15]), (16, 0x0a0a, 0xfafa));
}

#[test]
fn headers_say_how_much_follows() {
    assert_eq!(MessageHeader::parse(&[1, 0, 2, 0]), Some(MessageHeader { kind: 1, len: 512 }));
    assert_eq!(RecordHeader::parse(&[22, 3, 1, 0, 9]), Some(RecordHeader { kind: 22, len: 9 }));
    assert_eq!(RecordHeader::parse(&[22, 3, 1, 0, 0]), None);
    assert_eq!(RecordHeader::parse(&[24, 3, 1, 0, 9]), None);
    assert!(RecordHeader::may_begin(&[22, 3]) && !RecordHeader::may_begin(&[22, 4]));
    let datagram = [22, 0xfe, 0xfd, 0, 0, 0, 0, 0, 0, 0, 5, 0, 9];
    assert_eq!(RecordHeader::parse_datagram(&datagram), Some(RecordHeader { kind: 22, len: 9 }));
    // The second epoch is encrypted.
    let encrypted = [22, 0xfe, 0xfd, 0, 1, 0, 0, 0, 0, 0, 5, 0, 9];
    assert_eq!(RecordHeader::parse_datagram(&encrypted), None);
    let fragment = FragmentHeader::parse(&[1, 0, 1, 0, 0, 3, 0, 0, 100, 0, 0, 50]);
    let message = MessageHeader { kind: 1, len: 256 };
    assert_eq!(fragment, Some(FragmentHeader { message, sequence: 3, offset: 100, len: 50 }));
}
