//! What it costs to understand one packet, and to recognise one payload.

use std::hint::black_box;

use criterion::{Criterion, Throughput};
use netsonde_dissect::{Frame, LinkType, Packet, probe_tcp, probe_udp};

const ADDRESSES: [u8; 12] = [2, 0, 0, 0, 0, 2, 2, 0, 0, 0, 0, 1];
const DNS_QUERY: &[u8] =
    b"\x12\x34\x01\x00\x00\x01\x00\x00\x00\x00\x00\x00\x03www\x07example\x00\x00\x01\x00\x01";

fn main() {
    let mut criterion = Criterion::default().configure_from_args();
    parse(&mut criterion);
    probe(&mut criterion);
    criterion.final_summary();
}

fn parse(criterion: &mut Criterion) {
    let packets = [
        ("ethernet/ipv4/tcp", [&ADDRESSES, &[8, 0][..], &ipv4(6, &tcp(&[0x5a; 1448]))].concat()),
        (
            "ethernet/vlan/ipv6/tcp",
            [&ADDRESSES, &[0x81, 0, 0, 7, 0x86, 0xdd][..], &ipv6(6, &tcp(&[0x5a; 1428]))].concat(),
        ),
        ("ethernet/ipv4/udp/dns", [&ADDRESSES, &[8, 0][..], &ipv4(17, &udp(DNS_QUERY))].concat()),
    ];
    let mut group = criterion.benchmark_group("parse");
    group.throughput(Throughput::Elements(1));
    for (name, bytes) in &packets {
        let packet = Packet {
            at: None,
            link: LinkType::ETHERNET,
            interface: 0,
            wire_len: u32::try_from(bytes.len()).unwrap_or(u32::MAX),
            bytes,
        };
        // Callers read the frame where it lies; handing it out would time a copy that nobody makes.
        group.bench_function(*name, |bencher| {
            bencher.iter(|| {
                black_box(&Frame::parse(black_box(&packet)));
            });
        });
    }
    group.finish();
}

fn probe(criterion: &mut Criterion) {
    // A client hello that goes on in the next segment; bytes that are nothing.
    let hello = [&[22, 3, 1, 2, 0, 1, 0, 1, 0xfc, 3, 3][..], &[0x5a; 400]].concat();
    let noise = [0xa5; 400];
    let mut group = criterion.benchmark_group("probe");
    group.throughput(Throughput::Elements(1));
    group.bench_function("tcp/tls", |bencher| bencher.iter(|| probe_tcp(black_box(&hello), 40_000, 443)));
    group.bench_function("tcp/noise", |bencher| bencher.iter(|| probe_tcp(black_box(&noise), 40_000, 5000)));
    group.bench_function("udp/dns", |bencher| bencher.iter(|| probe_udp(black_box(DNS_QUERY), 40_000, 53)));
    group.bench_function("udp/noise", |bencher| bencher.iter(|| probe_udp(black_box(&noise), 40_000, 5000)));
    group.finish();
}

fn ipv4(protocol: u8, payload: &[u8]) -> Vec<u8> {
    let [high, low] = length(20, payload);
    let header = [0x45, 0, high, low, 0, 1, 0x40, 0, 64, protocol, 0, 0, 192, 0, 2, 1, 198, 51, 100, 2];
    [&header, payload].concat()
}

fn ipv6(next_header: u8, payload: &[u8]) -> Vec<u8> {
    let [high, low] = length(0, payload);
    [&[0x60, 0, 0, 0, high, low, next_header, 64], &[0x20; 32][..], payload].concat()
}

/// A segment with the time stamp option.
fn tcp(payload: &[u8]) -> Vec<u8> {
    let header = [1, 0xbb, 0x9c, 0x40, 0, 0, 0, 1, 0, 0, 0, 2, 0x80, 0x10, 2, 0, 0, 0, 0, 0];
    let options = [1, 1, 8, 10, 0, 0, 0, 1, 0, 0, 0, 2];
    [&header, &options[..], payload].concat()
}

fn udp(payload: &[u8]) -> Vec<u8> {
    let [high, low] = length(8, payload);
    [&[0x9c, 0x40, 0, 53, high, low, 0, 0], payload].concat()
}

fn length(header: u16, payload: &[u8]) -> [u8; 2] {
    u16::try_from(payload.len()).unwrap_or(u16::MAX).saturating_add(header).to_be_bytes()
}
