//! What `analyze --events dns` prints, line by line.

#![expect(clippy::expect_used, reason = "a test fails by panicking")]

use std::process::{Command, Stdio};

const CLIENT: [u8; 4] = [10, 0, 0, 1];
const SERVER: [u8; 4] = [192, 0, 2, 53];

/// A question for the address of `a.example`, or its answer, which says only a code.
fn message(id: u16, response_code: Option<u8>) -> Vec<u8> {
    let mut message = id.to_be_bytes().to_vec();
    // Recursion desired; a response has the first bit, and its code behind.
    message.extend(response_code.map_or([1, 0], |code| [0x81, code]));
    message.extend([0, 1, 0, 0, 0, 0, 0, 0]);
    message.extend(b"\x01a\x07example\x00\x00\x01\x00\x01");
    message
}

fn datagram(from_client: bool, payload: &[u8]) -> Vec<u8> {
    let (source, destination) = if from_client { (CLIENT, SERVER) } else { (SERVER, CLIENT) };
    let (from, to) = if from_client { (40_000_u16, 53_u16) } else { (53, 40_000) };
    let udp_length = u16::try_from(8 + payload.len()).expect("a short packet");
    // Two hardware addresses and the type IPv4.
    let mut packet = vec![2, 0, 0, 0, 0, 2, 2, 0, 0, 0, 0, 1, 8, 0];
    packet.extend([0x45, 0]);
    packet.extend((20 + udp_length).to_be_bytes());
    // Identification, flags, time to live 64, UDP, no checksum.
    packet.extend([0, 0, 0x40, 0, 64, 17, 0, 0]);
    packet.extend([source, destination].concat());
    packet.extend([from, to, udp_length, 0].map(u16::to_be_bytes).concat());
    packet.extend(payload);
    packet
}

/// A little-endian pcap file of Ethernet frames, each at its microsecond.
fn pcap(packets: &[(u32, Vec<u8>)]) -> Vec<u8> {
    let mut file = [0xa1b2_c3d4_u32, 0x0004_0002, 0, 0, 65_535, 1].map(u32::to_le_bytes).concat();
    for (micros, packet) in packets {
        let length = u32::try_from(packet.len()).expect("a short packet");
        file.extend([1_700_000_000, *micros, length, length].map(u32::to_le_bytes).concat());
        file.extend(packet);
    }
    file
}

/// A segment of a TCP connection with these messages, each behind its length.
fn segment(from_client: bool, messages: &[Vec<u8>]) -> Vec<u8> {
    let (source, destination) = if from_client { (CLIENT, SERVER) } else { (SERVER, CLIENT) };
    let (from, to) = if from_client { (40_001_u16, 53_u16) } else { (53, 40_001) };
    let length = |bytes: &[u8]| u16::try_from(bytes.len()).expect("a short message").to_be_bytes();
    let payload: Vec<u8> =
        messages.iter().flat_map(|message| [&length(message)[..], message].concat()).collect();
    let mut packet = vec![2, 0, 0, 0, 0, 2, 2, 0, 0, 0, 0, 1, 8, 0];
    packet.extend([0x45, 0]);
    packet.extend(u16::try_from(40 + payload.len()).expect("a short packet").to_be_bytes());
    // Identification, flags, time to live 64, TCP, no checksum.
    packet.extend([0, 0, 0x40, 0, 64, 6, 0, 0]);
    packet.extend([source, destination].concat());
    packet.extend([from, to].map(u16::to_be_bytes).concat());
    // Sequence 1, acknowledgement 1, five words, ACK, window 512, no checksum, nothing urgent.
    packet.extend([0, 0, 0, 1, 0, 0, 0, 1, 0x50, 0x10, 2, 0, 0, 0, 0, 0]);
    packet.extend(payload);
    packet
}

/// Runs the program on a capture of these packets; returns what it prints.
fn analyzed(options: &[&str], packets: &[(u32, Vec<u8>)]) -> String {
    let folder = tempfile::tempdir().expect("a folder of temporary files");
    let file = folder.path().join("dns.pcap");
    std::fs::write(&file, pcap(packets)).expect("the folder is writable");
    let mut command = Command::new(env!("CARGO_BIN_EXE_netsonde"));
    command.arg("analyze").args(options).arg(&file);
    command.env_clear().current_dir(folder.path()).stdin(Stdio::null());
    let ended = command.output().expect("the program starts");
    let complaints = String::from_utf8_lossy(&ended.stderr);
    assert_eq!((ended.status.code(), &*complaints), (Some(0), ""));
    String::from_utf8(ended.stdout).expect("lines of text")
}

#[test]
fn each_answer_in_a_segment_is_a_line_and_a_sample() {
    let packets = [
        (0, segment(true, &[message(7, None), message(8, None), message(9, None)])),
        (4_000, segment(false, &[message(9, Some(0)), message(7, Some(3)), message(8, Some(0))])),
    ];
    let printed = analyzed(&["--events", "dns"], &packets);
    assert_eq!(
        printed.lines().collect::<Vec<_>>(),
        [
            r#"{"frame":1,"event":"dns_query","kind":"dns","id":7}"#,
            r#"{"frame":1,"event":"dns_query","kind":"dns","id":8}"#,
            r#"{"frame":1,"event":"dns_query","kind":"dns","id":9}"#,
            r#"{"frame":2,"event":"dns_response","kind":"dns","id":9,"rcode":0,"ms":4.000000}"#,
            r#"{"frame":2,"event":"dns_response","kind":"dns","id":7,"rcode":3,"ms":4.000000}"#,
            r#"{"frame":2,"event":"dns_response","kind":"dns","id":8,"rcode":0,"ms":4.000000}"#,
        ]
    );
    let report: serde_json::Value = serde_json::from_str(&analyzed(&["--json"], &packets)).expect("JSON");
    assert_eq!(report.pointer("/dns/latency_ms/samples"), Some(&serde_json::json!(3)));
}

#[test]
fn every_message_of_dns_is_a_line_and_an_answer_says_how_long_it_took() {
    let packets = [
        (0, datagram(true, &message(7, None))),
        (1_000, datagram(true, &message(8, None))),
        // Another protocol's packet has a number and no line.
        (2_000, datagram(false, b"")),
        (12_345, datagram(false, &message(8, Some(3)))),
        (20_000, datagram(false, &message(7, Some(0)))),
        // Nobody asked.
        (21_000, datagram(false, &message(9, Some(0)))),
    ];
    let printed = analyzed(&["--events", "dns"], &packets);
    // 12.345 - 1 ms and 20 - 0 ms.
    assert_eq!(
        printed.lines().collect::<Vec<_>>(),
        [
            r#"{"frame":1,"event":"dns_query","kind":"dns","id":7}"#,
            r#"{"frame":2,"event":"dns_query","kind":"dns","id":8}"#,
            r#"{"frame":4,"event":"dns_response","kind":"dns","id":8,"rcode":3,"ms":11.345000}"#,
            r#"{"frame":5,"event":"dns_response","kind":"dns","id":7,"rcode":0,"ms":20.000000}"#,
            r#"{"frame":6,"event":"dns_response","kind":"dns","id":9,"rcode":0}"#,
        ]
    );
}
