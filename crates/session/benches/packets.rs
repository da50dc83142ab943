//! What keeping a packet costs on the packet path, chunks turning over and ticks included; and what a search costs.

use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use netsonde_dissect::{LinkType, Packet, Protocol};
use netsonde_flow::Direction;
use netsonde_metrics::Verdict;
use netsonde_session::{PacketStore, Packets};
use netsonde_units::Timestamp;

/// A quarter of a second at four million packets a second.
const PACKETS_A_TICK: u64 = 1_000_000;

fn keep(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("packets");
    group.throughput(Throughput::Elements(1));
    for len in [60_u32, 1_500] {
        let bytes = vec![0x45; usize::try_from(len).unwrap_or_default()];
        let at = Some(Timestamp::from_parts(1_700_000_000, 0));
        let packet = Packet { at, link: LinkType::ETHERNET, interface: 0, wire_len: len, bytes: &bytes };
        let verdict = Verdict {
            protocol: Protocol::Tcp,
            direction: Direction::Inbound,
            flow: Some(1),
            own: false,
            ..Verdict::default()
        };
        let (mut store, _packets) = PacketStore::new(PacketStore::DEFAULT_BOUND_BYTES);
        let mut kept = 0_u64;
        group.bench_function(format!("keep/{len} bytes"), |bencher| {
            bencher.iter(|| {
                store.keep(std::hint::black_box(&packet), verdict);
                kept += 1;
                if kept.is_multiple_of(PACKETS_A_TICK) {
                    store.seal();
                }
            });
        });
    }
    group.finish();
}

/// A search that finds nothing and so looks at as many packets as one may.
fn find(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("packets");
    group.throughput(Throughput::Elements(Packets::MAX_SEARCHED));
    // A TCP segment from 192.0.2.1 to 192.0.2.2 without payload.
    let segment = [
        0x45, 0, 0, 40, 0, 0, 0, 0, 64, 6, 0, 0, 192, 0, 2, 1, 192, 0, 2, 2, 1, 187, 0x9c, 0x40, 0, 1, 2, 3,
        0, 4, 5, 6, 0x50, 0x10, 2, 0, 0, 0, 0, 0,
    ];
    let packet = Packet { at: None, link: LinkType::RAW, interface: 0, wire_len: 40, bytes: &segment };
    let verdict = Verdict {
        protocol: Protocol::Tls,
        direction: Direction::Inbound,
        flow: None,
        own: false,
        ..Verdict::default()
    };
    let (mut store, packets) = PacketStore::new(PacketStore::DEFAULT_BOUND_BYTES);
    for _ in 0..Packets::MAX_SEARCHED {
        store.keep(&packet, verdict);
    }
    store.seal();
    group.bench_function("find nothing", |bencher| {
        bencher.iter(|| packets.find(None, Packets::MAX_ROWS, Some("example.org")));
    });
    group.finish();
}

criterion_group!(benches, keep, find);
criterion_main!(benches);
