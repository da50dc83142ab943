//! Traffic that is known to the byte, as the demo of a test's monitor.

use std::io::{self, Read};
use std::net::{Ipv4Addr, Ipv6Addr};

use netsonde_units::Timestamp;

const US: Ipv4Addr = Ipv4Addr::new(192, 168, 0, 2);
const NEIGHBOUR: Ipv4Addr = Ipv4Addr::new(192, 168, 0, 3);
const SERVER: Ipv4Addr = Ipv4Addr::new(203, 0, 113, 7);
const RESOLVER: Ipv4Addr = Ipv4Addr::new(203, 0, 113, 53);
const ELSEWHERE: Ipv4Addr = Ipv4Addr::new(198, 51, 100, 1);
const ALL_SYSTEMS: Ipv4Addr = Ipv4Addr::new(224, 0, 0, 1);

const HOUR: u64 = 3_600_000_000;

/// Nine packets at one moment, then silence.
///
/// 1 UDP out, 52 bytes, 10 of them payload; 2 UDP in, 62 and 20; 3 UDP inside, 72 and 30; 4 UDP passing by, 82 and 40;
/// 5 UDP over IPv6 out, 67 and 5; 6 ESP out, 50 and 16; 7 a DNS query out, 71 and 29; 8 IGMP out, 42; 9 a SYN out, 54.
pub(super) fn nine(at: Timestamp) -> Box<dyn Read + Send> {
    let packets = [
        udp(US, 40_000, SERVER, 9_999, &[0xee; 10]),
        udp(SERVER, 9_999, US, 40_000, &[0xee; 20]),
        udp(US, 40_001, NEIGHBOUR, 9_999, &[0xee; 30]),
        udp(SERVER, 40_002, ELSEWHERE, 9_999, &[0xee; 40]),
        udp6(&[0xee; 5]),
        ipv4(50, US, SERVER, &[0xee; 16]),
        udp(US, 40_003, RESOLVER, 53, &dns_query()),
        // A general query of version 2 (RFC 2236 section 2).
        ipv4(2, US, ALL_SYSTEMS, &[0x11, 100, 0xee, 0x9b, 0, 0, 0, 0]),
        ipv4(6, US, SERVER, &syn()),
    ];
    let micros = micros(at);
    let packets = packets.into_iter().map(move |packet| (micros, packet));
    stream(packets.chain([(micros + HOUR, udp(US, 1, SERVER, 1, &[]))]))
}

/// Three packets, and the end.
pub(super) fn short(at: Timestamp) -> Box<dyn Read + Send> {
    let micros = micros(at);
    stream((0..3).map(move |_| (micros, udp(US, 40_000, SERVER, 9_999, &[0xee; 10]))))
}

/// A packet of 52 bytes to each of 450 addresses of RIPE NCC's own network, 193.0.0.1 to 193.0.1.194, at one moment, then
/// silence.
pub(crate) fn abroad(at: Timestamp) -> Box<dyn Read + Send> {
    let micros = micros(at);
    let first = u32::from(Ipv4Addr::new(193, 0, 0, 1));
    let packet = |to: u32| udp(US, 40_000, to.into(), 9_999, &[0xee; 10]);
    let packets = (first..first + 450).map(move |to| (micros, packet(to)));
    stream(packets.chain([(micros + HOUR, udp(US, 1, SERVER, 1, &[]))]))
}

/// A thousand packets a second, for ever.
pub(super) fn lively(at: Timestamp) -> Box<dyn Read + Send> {
    let micros = micros(at);
    let packet = |number: u64| udp(US, 40_000, SERVER, 9_999, &number.to_be_bytes());
    stream((0..).map(move |number| (micros + number * 1_000, packet(number))))
}

fn micros(at: Timestamp) -> u64 {
    at.nanos() / 1_000
}

/// A pcap of microseconds and Ethernet, made as it is read.
fn stream(packets: impl Iterator<Item = (u64, Vec<u8>)> + Send + 'static) -> Box<dyn Read + Send> {
    let header = [&[0xd4, 0xc3, 0xb2, 0xa1, 2, 0, 4, 0][..], &[0; 8], &[0, 0, 4, 0, 1, 0, 0, 0]].concat();
    let records = packets.map(|(micros, packet)| {
        let length = u32::try_from(packet.len()).unwrap();
        let (seconds, rest) = (micros / 1_000_000, micros % 1_000_000);
        let head = [u32::try_from(seconds).unwrap(), u32::try_from(rest).unwrap(), length, length];
        [&head.map(u32::to_le_bytes).concat()[..], &packet].concat()
    });
    Box::new(Made { parts: Box::new(std::iter::once(header).chain(records)), rest: Vec::new().into_iter() })
}

struct Made {
    parts: Box<dyn Iterator<Item = Vec<u8>> + Send>,
    rest: std::vec::IntoIter<u8>,
}

impl Read for Made {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        if self.rest.len() == 0 {
            self.rest = self.parts.next().unwrap_or_default().into_iter();
        }
        let read = buffer.iter_mut().zip(self.rest.by_ref()).map(|(place, byte)| *place = byte).count();
        Ok(read)
    }
}

fn ethernet(kind: u16, payload: &[u8]) -> Vec<u8> {
    [&[2, 0, 0, 0, 0, 1, 2, 0, 0, 0, 0, 2][..], &kind.to_be_bytes(), payload].concat()
}

fn ipv4(protocol: u8, from: Ipv4Addr, to: Ipv4Addr, payload: &[u8]) -> Vec<u8> {
    let length = u16::try_from(20 + payload.len()).unwrap().to_be_bytes();
    let head = [&[0x45, 0][..], &length, &[0, 0, 0, 0, 64, protocol, 0, 0], &from.octets(), &to.octets()];
    ethernet(0x0800, &[&head.concat()[..], payload].concat())
}

fn datagram(from: u16, to: u16, payload: &[u8]) -> Vec<u8> {
    let length = u16::try_from(8 + payload.len()).unwrap();
    [&[from, to, length, 0].map(u16::to_be_bytes).concat()[..], payload].concat()
}

fn udp(from: Ipv4Addr, from_port: u16, to: Ipv4Addr, to_port: u16, payload: &[u8]) -> Vec<u8> {
    ipv4(17, from, to, &datagram(from_port, to_port, payload))
}

fn udp6(payload: &[u8]) -> Vec<u8> {
    let (from, to) = ("fd00::2".parse::<Ipv6Addr>().unwrap(), "2001:db8::1".parse::<Ipv6Addr>().unwrap());
    let datagram = datagram(40_000, 9_999, payload);
    let length = u16::try_from(datagram.len()).unwrap().to_be_bytes();
    let head = [&[0x60, 0, 0, 0][..], &length, &[17, 64], &from.octets(), &to.octets()].concat();
    ethernet(0x86dd, &[head, datagram].concat())
}

/// A question for example.com: 12 bytes of header, 13 of name, 4 of type and class.
fn dns_query() -> Vec<u8> {
    [&[0x12, 0x34, 1, 0, 0, 1, 0, 0, 0, 0, 0, 0][..], b"\x07example\x03com\0", &[0, 1, 0, 1]].concat()
}

fn syn() -> Vec<u8> {
    let ports = [40_000_u16, 443].map(u16::to_be_bytes).concat();
    [&ports[..], &1_000_u32.to_be_bytes(), &[0; 4], &[0x50, 0x02, 0xff, 0xff, 0, 0, 0, 0]].concat()
}
