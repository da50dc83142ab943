//! Reads captures of mixed packet sizes from a warm file: bytes and packets a second.

use std::hint::black_box;
use std::io::Write;
use std::path::Path;

use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use netsonde_capture::{Polled, Source};
use netsonde_dissect::Packet;
use netsonde_units::Timestamp;
use tempfile::NamedTempFile;

/// Bytes of each file.
const FILE_LEN: usize = 64 << 20;

/// Sizes of packets in turn: mostly small or full, 660 bytes on average.
const SIZES: [usize; 8] = [60, 1_514, 66, 1_514, 90, 571, 1_400, 66];

/// Writes `header`, then what `record` makes of packets, and counts the packets.
fn write(header: &[u8], record: impl Fn(&mut Vec<u8>, u32, &[u8])) -> std::io::Result<(NamedTempFile, u64)> {
    let mut bytes = header.to_vec();
    let mut packets = 0;
    for (second, size) in (1_700_000_000_u32..).zip(SIZES.into_iter().cycle()) {
        if bytes.len() > FILE_LEN {
            break;
        }
        record(&mut bytes, second, &vec![0x5a; size]);
        packets += 1;
    }
    let mut file = NamedTempFile::new()?;
    file.write_all(&bytes)?;
    file.flush()?;
    Ok((file, packets))
}

fn pcap() -> std::io::Result<(NamedTempFile, u64)> {
    let header: Vec<u8> =
        [0xa1b2_3c4d_u32, 0x0004_0002, 0, 0, 262_144, 1].into_iter().flat_map(u32::to_le_bytes).collect();
    write(&header, |bytes, second, packet| {
        let len = u32::try_from(packet.len()).unwrap_or_default();
        bytes.extend([second, 0, len, len].into_iter().flat_map(u32::to_le_bytes));
        bytes.extend(packet);
    })
}

fn pcapng() -> std::io::Result<(NamedTempFile, u64)> {
    // Section header, then one Ethernet interface with microseconds.
    let section = [0x0a0d_0d0a, 28, 0x1a2b_3c4d, 1, u32::MAX, u32::MAX, 28];
    let interface = [1, 20, 1, 0, 20];
    let header: Vec<u8> = section.into_iter().chain(interface).flat_map(u32::to_le_bytes).collect();
    write(&header, |bytes, second, packet| {
        let len = u32::try_from(packet.len()).unwrap_or_default();
        let padded = len.next_multiple_of(4);
        let ticks = u64::from(second) * 1_000_000;
        let fields = [6, 32 + padded, 0];
        bytes.extend(fields.into_iter().flat_map(u32::to_le_bytes));
        let [l0, l1, l2, l3, h0, h1, h2, h3] = ticks.to_le_bytes();
        bytes.extend([h0, h1, h2, h3, l0, l1, l2, l3]);
        bytes.extend([len, len].into_iter().flat_map(u32::to_le_bytes));
        bytes.extend(packet);
        bytes.resize(bytes.len().next_multiple_of(4), 0);
        bytes.extend((32 + padded).to_le_bytes());
    })
}

/// Reads a file to its end and looks at every packet's fields.
fn read(path: &Path) -> Option<u64> {
    let mut source = Source::file(path).ok()?;
    let mut sum = 0;
    let mut look = |packets: &[Packet<'_>]| {
        sum += packets
            .iter()
            .map(|packet| packet.at.map_or(0, Timestamp::nanos) ^ u64::from(packet.wire_len))
            .sum::<u64>();
    };
    while let Polled::Packets(_) = source.poll(&mut look).ok()? {}
    black_box(sum);
    Some(source.counters().packets)
}

fn reader(criterion: &mut Criterion) {
    for (name, file) in [("pcap", pcap()), ("pcapng", pcapng())] {
        let (file, packets) = file.unwrap_or_else(|error| fail(name, &error.to_string()));
        if read(file.path()) != Some(packets) {
            fail(name, "reads other packets than were written");
        }
        let len = file.path().metadata().map_or(0, |metadata| metadata.len());
        let mut group = criterion.benchmark_group(name);
        group.throughput(Throughput::Bytes(len)).sample_size(20);
        group.bench_function("bytes", |bencher| bencher.iter(|| read(file.path())));
        group.throughput(Throughput::Elements(packets));
        group.bench_function("packets", |bencher| bencher.iter(|| read(file.path())));
        group.finish();
    }
}

#[expect(clippy::panic, reason = "a bench that cannot run must fail, not pass")]
fn fail(name: &str, reason: &str) -> ! {
    panic!("{name}: {reason}")
}

criterion_group!(benches, reader);
criterion_main!(benches);
