use super::google::Hello;
use super::*;

/// A long header: first byte, version, identifiers of three and two bytes, then what the test puts behind.
fn long(first: u8, version: Version, behind: &[u8]) -> Vec<u8> {
    [&[first][..], &version.0.to_be_bytes(), &[3, 1, 2, 3, 2, 8, 9], behind].concat()
}

/// A token of one byte, a length of three in the two-byte form, three bytes.
const INITIAL: [u8; 7] = [1, 0xaa, 0x40, 3, 0xb0, 0xb1, 0xb2];

fn parse(datagram: &[u8]) -> Result<(Packet<'_>, &[u8]), Fault> {
    Packet::parse(datagram)
}

#[test]
fn initial_shows_identifiers_token_and_what_is_behind_its_header() {
    let datagram = [long(0xc0, Version::ONE, &INITIAL), vec![0xff]].concat();
    let (packet, rest) = parse(&datagram).unwrap();
    assert_eq!((packet.version, packet.kind), (Version::ONE, PacketType::Initial));
    assert_eq!((packet.destination, packet.source, packet.token), (&[1, 2, 3][..], &[8, 9][..], &[0xaa][..]));
    assert_eq!((packet.announced, packet.behind, rest), (3, &[0xb0, 0xb1, 0xb2][..], &[0xff][..]));
    // First byte, version, two identifiers with their lengths, token with its length, length.
    assert_eq!(packet.header.len(), 1 + 4 + 4 + 3 + 2 + 2);
    assert!(!packet.is_cut());
}

#[test]
fn type_bits_of_version_2_are_one_higher() {
    use PacketType::{Handshake, Initial, Retry, ZeroRtt};
    let order = [Initial, ZeroRtt, Handshake, Retry];
    for (bits, (of_1, of_2)) in order.into_iter().zip([Retry, Initial, ZeroRtt, Handshake]).enumerate() {
        let first = 0xc0 | u8::try_from(bits).unwrap() << 4;
        let behind = [&[0, 3][..], &[0; 30]].concat();
        let kind = |version| parse(&long(first, version, &behind)).unwrap().0.kind;
        assert_eq!((kind(Version::ONE), kind(Version::TWO)), (of_1, of_2));
        assert_eq!(kind(Version(0xff00_001d)), of_1, "draft 29");
        assert_eq!(kind(Version::Q050), of_1, "Google's last one");
    }
}

#[test]
fn packets_of_a_datagram_follow_each_other_until_one_has_no_long_header() {
    let handshake = long(0xe0, Version::ONE, &[2, 7, 7]);
    let datagram = [long(0xc0, Version::ONE, &INITIAL), handshake, vec![0x40, 1, 2]].concat();
    let kinds: Vec<_> = packets(&datagram).map(|packet| packet.kind).collect();
    assert_eq!(kinds, [PacketType::Initial, PacketType::Handshake]);
    let many = long(0xe0, Version::ONE, &[0]).repeat(MAX_PACKETS + 1);
    assert_eq!(packets(&many).count(), MAX_PACKETS);
}

#[test]
fn packet_that_the_capture_cut_says_so_and_nothing_is_behind_it() {
    let whole = long(0xc0, Version::ONE, &INITIAL);
    for kept in whole.len() - 3..whole.len() {
        let (packet, rest) = parse(&whole[..kept]).unwrap();
        assert!(packet.is_cut() && rest.is_empty());
    }
    // What cuts the header leaves nothing to read.
    for kept in 5..whole.len() - 3 {
        assert_eq!(parse(&whole[..kept]), Err(Fault::Cut), "{kept} bytes");
    }
}

#[test]
fn retry_ends_with_its_integrity_tag() {
    let behind = [&[7; 5][..], &[9; 16]].concat();
    let datagram = long(0xf0, Version::ONE, &behind);
    let (packet, rest) = parse(&datagram).unwrap();
    assert_eq!((packet.kind, packet.token, packet.behind), (PacketType::Retry, &[7; 5][..], &[9; 16][..]));
    assert!(rest.is_empty());
    assert_eq!(parse(&long(0xf0, Version::ONE, &[9; 15])), Err(Fault::Cut));
}

#[test]
fn version_negotiation_lists_whole_versions() {
    let datagram = long(0x80, Version::NEGOTIATION, &[0, 0, 0, 1, 0x6b, 0x33, 0x43, 0xcf, 0]);
    let (packet, _) = parse(&datagram).unwrap();
    assert_eq!(packet.versions().collect::<Vec<_>>(), [Version::ONE, Version::TWO]);
}

#[test]
fn what_is_no_long_header_of_a_known_version_is_told_by_its_fault() {
    let fault = |first, id_len| {
        let mut datagram = long(first, Version::ONE, &[0; 40]);
        datagram[5] = id_len;
        parse(&datagram).unwrap_err()
    };
    assert_eq!(fault(0x40, 3), Fault::NoLongHeader);
    let unknown = long(0x80, Version(0x1234_5678), &INITIAL);
    assert_eq!(parse(&unknown).unwrap_err(), Fault::NoFixedBit);
    assert_eq!(fault(0xc0, 21), Fault::LongConnectionId);
    assert_eq!(parse(&[0xc0, 0, 0]).unwrap_err(), Fault::NoLongHeader);
}

#[test]
fn known_version_is_read_without_its_fixed_bit() {
    let kind = |first, version| parse(&long(first, version, &INITIAL)).unwrap().0.kind;
    assert_eq!(kind(0x80, Version::ONE), PacketType::Initial);
    // The type bits of version 2 are one ahead (RFC 9369 section 3.2).
    assert_eq!(kind(0x90, Version::TWO), PacketType::Initial);
}

#[test]
fn version_that_nobody_speaks_is_read_like_version_1_where_it_fits() {
    let greased = Version(0x1a2a_3a4a);
    assert!(greased.is_greased() && !greased.is_known());
    assert_eq!(parse(&long(0xc0, greased, &INITIAL)).unwrap().0.kind, PacketType::Initial);
    // A token that ends beyond the datagram.
    assert_eq!(parse(&long(0xc0, greased, &[9])).unwrap().0.kind, PacketType::Unknown);
    assert_eq!(parse(&long(0xc0, Version(0x1234_5678), &[])).unwrap().0.kind, PacketType::Unknown);
}

#[test]
fn numbers_of_versions_are_those_of_their_makers() {
    assert_eq!(Version(0xff00_001d).draft(), Some(29));
    assert_eq!(Version(0xface_b001).draft(), Some(22));
    assert_eq!(Version(0xface_b002).draft(), Some(27));
    assert_eq!(Version(u32::from_be_bytes(*b"Q046")).google(), Some(46));
    assert_eq!(Version(u32::from_be_bytes(*b"Q0x6")).google(), None);
    assert_eq!((Version::ONE.draft(), Version::ONE.google()), (None, None));
}

fn frames(payload: &[u8]) -> Vec<Result<Frame<'_>, Fault>> {
    Frames::new(Version::ONE, payload).collect()
}

#[test]
fn every_frame_of_an_initial_is_read() {
    let payload = [
        &[0, 0, 0, 1][..],
        // Up to 2, delay 0, one more range, first range 0, gap 0, length 0; then with three counts.
        &[2, 2, 0, 1, 0, 0, 0],
        &[3, 5, 0, 0, 0, 1, 2, 3],
        // From 64 on, two bytes.
        &[6, 0x40, 64, 2, 0xaa, 0xbb],
        // Reason 10, frame 0, a text of one letter.
        &[0x1c, 10, 0, 1, b'x'],
    ]
    .concat();
    let expected = [
        Frame::Padding,
        Frame::Ping,
        Frame::Ack { largest: 2 },
        Frame::Ack { largest: 5 },
        Frame::Crypto { offset: 64, bytes: &[0xaa, 0xbb] },
        Frame::ConnectionClose { code: 10 },
    ];
    assert_eq!(frames(&payload), expected.map(Ok));
}

#[test]
fn fault_ends_the_frames() {
    assert_eq!(frames(&[1, 6, 0, 2, 9]), [Ok(Frame::Ping), Err(Fault::Cut)]);
    // A STREAM frame does not belong there.
    assert_eq!(frames(&[8, 0, 1]), [Err(Fault::BadFrame)]);
    // As many ranges as a number can say.
    assert_eq!(frames(&[2, 0, 0, 0xff, 255, 255, 255, 255, 255, 255, 255, 0, 1, 1]), [Err(Fault::Cut)]);
}

#[test]
fn frames_of_google_have_numbers_of_their_own() {
    let payload = [7, 8, 0, 1, 9, 0];
    let read: Vec<_> = Frames::new(Version::Q050, &payload).flatten().collect();
    assert_eq!(read, [Frame::Ping, Frame::Crypto { offset: 0, bytes: &[9] }, Frame::Padding]);
}

/// A hello with padding of three bytes before the server's name.
fn google_hello() -> Vec<u8> {
    [
        &b"CHLO\x03\x00\x00\x00"[..],
        b"PAD\x00\x03\x00\x00\x00",
        b"SNI\x00\x0e\x00\x00\x00",
        b"VER\x00\x12\x00\x00\x00",
        b"---example.orgQ043",
    ]
    .concat()
}

/// A STREAM frame with a length, on stream 1, without an offset.
fn google_stream(is_big_endian: bool) -> Vec<u8> {
    let hello = google_hello();
    let len = u16::try_from(hello.len()).unwrap();
    let len = if is_big_endian { len.to_be_bytes() } else { len.to_le_bytes() };
    [&[0xa0, 1][..], &len, &hello, &[0; 4]].concat()
}

fn google_name(datagram: &[u8]) -> Result<Option<&[u8]>, Fault> {
    Hello::find(datagram).map(|hello| hello.server_name())
}

#[test]
fn hello_of_google_is_found_behind_every_header_it_had() {
    let hash = [0x55; 12];
    // Version and identifier, a packet number of one byte; in the last one of four.
    let public =
        |flags: u8, version: &[u8], number: &[u8]| [&[flags][..], &[7; 8], version, number, &hash].concat();
    let datagrams = [
        // Private flags behind the hash.
        [public(0x09, b"Q033", &[1]), vec![0], google_stream(false)].concat(),
        [public(0x0d, b"Q035", &[1]), google_stream(false)].concat(),
        [public(0x29, b"Q043", &[0, 0, 0, 1]), google_stream(true)].concat(),
        // A ping and padding before.
        [public(0x09, b"Q039", &[1]), vec![7, 0], google_stream(true)].concat(),
        // Identifiers of eight bytes and none, a packet number of four.
        [&b"\xc3Q046\x50"[..], &[7; 8], &[0, 0, 0, 1], &hash, &google_stream(true)].concat(),
    ];
    for datagram in &datagrams {
        assert_eq!(google_name(datagram), Ok(Some(&b"example.org"[..])), "{datagram:02x?}");
    }
}

#[test]
fn message_of_google_that_ends_early_has_no_name() {
    let hello = google_hello();
    // Eight bytes before the tags, three tags, then 14 bytes up to the end of the name.
    let name_end = 8 + 3 * 8 + 14;
    assert!(Hello::parse(&hello[..name_end]).unwrap().server_name().is_some());
    assert_eq!(Hello::parse(&hello[..name_end - 1]).unwrap().server_name(), None);
    assert_eq!(Hello::parse(&hello[..8 + 3 * 8 - 1]), Err(Fault::Cut));
    assert_eq!(Hello::parse(b"REJ\0\0\0\0\0"), Err(Fault::BadMessage));
    assert_eq!(Hello::parse(b"CHLO\xff\0\0\0"), Err(Fault::BadMessage));
}

#[test]
fn value_that_ends_before_it_begins_is_no_name() {
    let mut hello = google_hello();
    // The name's end, behind the first tag and its own four letters.
    hello[8 + 8 + 4] = 2;
    assert_eq!(Hello::parse(&hello).unwrap().server_name(), None);
}
