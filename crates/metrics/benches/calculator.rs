//! Nanoseconds a packet through the whole engine: dissection, flow table, sums.

#![expect(clippy::unwrap_used, reason = "the benchmark's own packets are sound")]

use criterion::{BatchSize, Criterion, Throughput, criterion_group, criterion_main};
use etherparse::PacketBuilder;
use netsonde_dissect::{LinkType, Packet};
use netsonde_flow::limits::Limits;
use netsonde_flow::{Fact, FlowRow, LocalNetworks};
use netsonde_metrics::{MetricsCalculator, Second, Tick};
use netsonde_units::Timestamp;

const PACKETS: usize = 200_000;

struct Nobody;

impl Tick for Nobody {
    fn second(&mut self, _: &Second) {}
    fn row(&mut self, _: &FlowRow) {}
    fn fact(&mut self, _: &Fact) {}
}

/// TCP data of many connections in turn, one packet every microsecond.
fn traffic(flows: u32, payload: usize) -> Vec<Vec<u8>> {
    let body = vec![0_u8; payload];
    (0..PACKETS)
        .map(|number| {
            let flow = u32::try_from(number).unwrap() % flows;
            let round = u32::try_from(number).unwrap() / flows;
            let [_, a, b, c] = flow.to_be_bytes();
            let size = u32::try_from(payload).unwrap();
            let mut bytes = Vec::new();
            PacketBuilder::ethernet2([2; 6], [4; 6])
                .ipv4([10, a, b, c], [203, 0, 113, 7], 64)
                .tcp(40_000, 443, round * size + 1, 512)
                .ack(1)
                .write(&mut bytes, &body)
                .unwrap();
            bytes
        })
        .collect()
}

fn push_all(engine: &mut MetricsCalculator, packets: &[Vec<u8>]) {
    let mut at = Timestamp::from_parts(1_700_000_000, 0);
    for batch in packets.chunks(64) {
        let packets: Vec<_> = batch
            .iter()
            .map(|bytes| {
                at = at.plus_nanos(1_000);
                let wire_len = u32::try_from(bytes.len()).unwrap_or(u32::MAX);
                Packet { at: Some(at), link: LinkType::ETHERNET, interface: 0, wire_len, bytes }
            })
            .collect();
        engine.push_all(&packets, |_, _| ());
        if engine.wants_relief() {
            engine.relieve(&mut Nobody);
        }
    }
}

fn push(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("push");
    group.throughput(Throughput::Elements(PACKETS as u64)).sample_size(10);
    for (name, flows, payload) in [
        ("50 flows, 1,460 B", 50, 1_460),
        ("10,000 flows, 400 B", 10_000, 400),
        ("200,000 flows, 6 B", 200_000, 6),
    ] {
        let packets = traffic(flows, payload);
        group.bench_function(name, |bencher| {
            bencher.iter_batched_ref(
                || MetricsCalculator::new(Limits::default(), LocalNetworks::default()),
                |engine| push_all(engine, &packets),
                BatchSize::PerIteration,
            );
        });
    }
    group.finish();
}

criterion_group!(benches, push);
criterion_main!(benches);
