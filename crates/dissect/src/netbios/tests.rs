use super::*;

/// Writes a name as RFC 1001 section 14.1 does: each half of a byte, `A` for 0.
fn encoded(name: &str, suffix: u8) -> Vec<u8> {
    let mut bytes = format!("{name:15}").into_bytes();
    bytes.push(suffix);
    bytes.iter().flat_map(|byte| [byte >> 4, byte & 0x0f].map(|half| half.wrapping_add(b'A'))).collect()
}

/// A question for a name.
fn question(name: &str, suffix: u8) -> Vec<u8> {
    [&[0x20][..], &encoded(name, suffix), &[0, 0, 0x20, 0, 1]].concat()
}

/// Who claims what, as `NAME G 192.0.2.1`.
fn claimed(payload: &[u8]) -> Vec<String> {
    let mut claimed = Vec::new();
    claims(payload, |claim| {
        let letters = String::from_utf8_lossy(claim.name.letters()).into_owned();
        let kind = if claim.is_group { "G" } else { "U" };
        let whose = claim.address.map_or_else(|| "sender".to_owned(), |address| address.to_string());
        let what = if claim.name.is_host() { "host" } else { "other" };
        claimed.push(format!("{letters} {kind} {what} {whose}"));
    });
    claimed
}

#[test]
fn the_name_of_the_rfc_is_decoded() {
    // RFC 1002 section 4.1 writes FRED so, filled up with twelve spaces (0x20, `CA`), of which the last is no letter.
    let name = NodeName::decode(b"EGFCEFEECACACACACACACACACACACACA").unwrap();
    assert_eq!((name.letters(), name.is_host()), (&b"FRED"[..], true));
    assert_eq!(NodeName::decode(b"EGFCEFEECACACACACACACACACACACACQ"), None);
    assert_eq!(NodeName::decode(b"EGFCEFEE"), None);
}

/// A registration, refresh or release as of RFC 1002 sections 4.2.2, 4.2.4 and 4.2.9: the record points to the question.
fn registration(flags: [u8; 2], name: (&str, u8), is_group: bool) -> Vec<u8> {
    let group = if is_group { 0x80 } else { 0 };
    [
        &[0x12, 0x34, flags[0], flags[1], 0, 1, 0, 0, 0, 0, 0, 1][..],
        &question(name.0, name.1),
        &[0xc0, 0x0c, 0, 0x20, 0, 1, 0, 4, 0x93, 0xe0, 0, 6, group, 0, 192, 0, 2, 9],
    ]
    .concat()
}

#[test]
fn what_is_registered_or_refreshed_is_claimed_and_what_is_released_is_not() {
    // Operation 5 is 0x28, 8 is 0x40, 9 is 0x48, 15 is 0x78; 6, a release, is 0x30; 0x01 0x10 are RD and B.
    for flags in [0x29, 0x40, 0x48, 0x79] {
        let bytes = registration([flags, 0x10], ("PC-1", 0), false);
        assert_eq!(claimed(&bytes), ["PC-1 U host 192.0.2.9"]);
    }
    assert_eq!(claimed(&registration([0x29, 0x10], ("WORKGROUP", 0), true)), ["WORKGROUP G host 192.0.2.9"]);
    assert_eq!(claimed(&registration([0x29, 0x10], ("PC-1", 3), false)), ["PC-1 U other 192.0.2.9"]);
    assert_eq!(claimed(&registration([0x31, 0x10], ("PC-1", 0), false)), [""; 0]);
    // What is asked for is nobody's, though a record stand behind it.
    assert_eq!(claimed(&registration([0x01, 0x10], ("PC-1", 0), false)), [""; 0]);
}

/// An answer to a query: flags and address for each owner (RFC 1002 section 4.2.13).
fn answer(flags: [u8; 2], kind: u8, content: &[u8]) -> Vec<u8> {
    let len = u8::try_from(content.len()).unwrap();
    [
        &[0x12, 0x34, flags[0], flags[1], 0, 0, 0, 1, 0, 0, 0, 0, 0x20][..],
        &encoded("FILES", 0x20),
        &[0, 0, kind, 0, 1, 0, 0, 0, 60, 0, len],
        content,
    ]
    .concat()
}

#[test]
fn answers_claim_for_each_owner_unless_they_say_no() {
    let owners = [0x60, 0, 192, 0, 2, 9, 0x60, 0, 192, 0, 2, 10, 0x60];
    assert_eq!(
        claimed(&answer([0x85, 0x80], 0x20, &owners)),
        ["FILES U host 192.0.2.9", "FILES U host 192.0.2.10"]
    );
    // Code 3: no such name. Operation 6: released.
    assert_eq!(claimed(&answer([0x85, 0x83], 0x20, &owners)), [""; 0]);
    assert_eq!(claimed(&answer([0xb4, 0], 0x20, &owners)), [""; 0]);
}

#[test]
fn a_node_says_its_own_names() {
    // Two names; the statistics behind them are left out (RFC 1002 section 4.2.18).
    let status =
        [&[2][..], b"FILES          \x20\x04\x00", b"OFFICE         \x00\x84\x00", &[0; 46]].concat();
    assert_eq!(claimed(&answer([0x84, 0], 0x21, &status)), ["FILES U host sender", "OFFICE G host sender"]);
    // More announced than there are.
    assert_eq!(
        claimed(&answer([0x84, 0], 0x21, &[&[9][..], &status[1..19]].concat())),
        ["FILES U host sender"]
    );
}

#[test]
fn a_datagram_says_who_sent_it() {
    // Type, flags, number, address, port, length, part (RFC 1002 section 4.4.1), then both names.
    let header = [0x11, 0x02, 0, 7, 192, 0, 2, 9, 0, 138, 0, 100, 0, 0];
    let datagram =
        [&header[..], &[0x20], &encoded("PC-1", 0), &[0], &[0x20], &encoded("OFFICE", 0x1d), &[0]].concat();
    let claim = sender(&datagram).unwrap();
    assert_eq!((claim.name.letters(), claim.name.is_host()), (&b"PC-1"[..], true));
    assert_eq!(claim.address, Some(Ipv4Addr::new(192, 0, 2, 9)));
    assert_eq!(sender(&datagram[..40]), None);
    // An error names nobody.
    assert_eq!(sender(&[&[0x13][..], &datagram[1..]].concat()), None);
}
