//! What hosts are called in a report, from their packets on.

#![expect(clippy::unwrap_used, reason = "a test's own packets are sound")]

use std::io::Cursor;
use std::ops::ControlFlow;

use etherparse::PacketBuilder;
use netsonde_capture::Source;
use netsonde_session::{FlowLimit, Session, Settings};

const CLIENT: [u8; 4] = [192, 0, 2, 7];
const SERVER: [u8; 4] = [192, 0, 2, 1];

fn udp(from: ([u8; 4], u16), to: ([u8; 4], u16), payload: &[u8]) -> Vec<u8> {
    let mut bytes = Vec::new();
    let ip = PacketBuilder::ethernet2([2; 6], [4; 6]).ipv4(from.0, to.0, 64);
    ip.udp(from.1, to.1).write(&mut bytes, payload).unwrap();
    bytes
}

/// A message of DHCP (RFC 2131 section 2): operation, `yiaddr`, options.
fn dhcp(operation: u8, yours: [u8; 4], options: &[u8]) -> Vec<u8> {
    let mut message = vec![operation, 1, 6, 0, 0, 0, 0xbe, 0xef];
    message.resize(16, 0);
    message.extend(yours);
    message.resize(28, 0);
    message.extend([2, 0, 0, 0, 0, 5]);
    message.resize(236, 0);
    message.extend([99, 130, 83, 99]);
    message.extend(options);
    message
}

/// A file of packets (draft-ietf-opsawg-pcap), one a second.
fn capture(packets: &[Vec<u8>]) -> Vec<u8> {
    let mut file = [0xa1b2_c3d4_u32, 0x0002_0004, 0, 0, 65_535, 1].map(u32::to_be_bytes).concat();
    for (second, packet) in (1..).zip(packets) {
        let len = u32::try_from(packet.len()).unwrap();
        file.extend([second, 0, len, len].map(u32::to_be_bytes).concat());
        file.extend(packet);
    }
    file
}

#[test]
fn a_host_is_called_what_it_called_itself_when_it_was_given_its_address() {
    let request = dhcp(1, [0; 4], b"\x35\x01\x03\x0c\x05My-Pc\xff");
    let packets = [
        udp(([0; 4], 68), ([255; 4], 67), &request),
        udp((SERVER, 67), (CLIENT, 68), &dhcp(2, CLIENT, b"\x35\x01\x05\xff")),
        udp((CLIENT, 40_000), (SERVER, 7), b"echo"),
    ];
    let mut source = Source::reader("capture", Box::new(Cursor::new(capture(&packets)))).unwrap();
    let mut session = Session::new(Settings::default());
    session.drive(&mut source, &mut |_, _| ControlFlow::Continue(())).unwrap();
    session.finish();
    let report = session.report(FlowLimit::All);
    let named: Vec<_> = report
        .hosts
        .iter()
        .flat_map(|host| {
            host.named.iter().map(move |named| format!("{} {:?} {}", host.address, named.source, named.name))
        })
        .collect();
    assert_eq!(named, ["192.0.2.7 Dhcp my-pc"]);
    // It is no name of DNS.
    assert!(report.dns.learned.is_empty());
}
