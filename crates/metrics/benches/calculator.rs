//! Nanoseconds a packet through the whole engine: dissection, flow table, sums.

#![expect(clippy::unwrap_used, reason = "the benchmark's own packets are sound")]

use criterion::{BatchSize, Criterion, Throughput, criterion_group, criterion_main};
use etherparse::PacketBuilder;
use netsonde_dissect::{LinkType, Packet};
use netsonde_flow::limits::Limits;
use netsonde_flow::{Fact, FlowRow, LocalNetworks, StreamRow};
use netsonde_metrics::{Distribution, MetricsCalculator, Second, Tick};
use netsonde_units::Timestamp;

const PACKETS: usize = 200_000;

struct Nobody;

impl Tick for Nobody {
    fn second(&mut self, _: &Second) {}
    fn row(&mut self, _: &FlowRow) {}
    fn stream(&mut self, _: &StreamRow<'_>) {}

    fn fact(&mut self, _: Fact) {}
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

/// Connections in turn, each a segment of 400 bytes and its acknowledgement: every second packet completes a round
/// trip.
fn round_trips(flows: u32) -> Vec<Vec<u8>> {
    let body = [0_u8; 400];
    (0..u32::try_from(PACKETS).unwrap())
        .map(|number| {
            let (flow, step) = (number % flows, number / flows);
            let [_, a, b, c] = flow.to_be_bytes();
            let (sent, is_answer) = (step / 2 * 400 + 1, step % 2 == 1);
            let (from, to) = ([10, a, b, c], [203, 0, 113, 7]);
            let (from, to) = if is_answer { (to, from) } else { (from, to) };
            let ends = if is_answer { (443, 40_000) } else { (40_000, 443) };
            let (sequence, acknowledgement) = if is_answer { (1, sent + 400) } else { (sent, 1) };
            let mut bytes = Vec::new();
            PacketBuilder::ethernet2([2; 6], [4; 6])
                .ipv4(from, to, 64)
                .tcp(ends.0, ends.1, sequence, 512)
                .ack(acknowledgement)
                .write(&mut bytes, if is_answer { &[] } else { &body })
                .unwrap();
            bytes
        })
        .collect()
}

/// Datagrams of many conversations in turn: streams of sound, or as much of what is none.
fn datagrams(flows: u32, is_media: bool) -> Vec<Vec<u8>> {
    (0..u32::try_from(PACKETS).unwrap())
        .map(|number| {
            let (flow, round) = (number % flows, number / flows);
            let [_, a, b, c] = flow.to_be_bytes();
            let [_, _, s0, s1] = round.to_be_bytes();
            let first = if is_media { 0x80 } else { 0x08 };
            let header = [&[first, 0, s0, s1][..], &(round * 160).to_be_bytes(), &[0, a, b, c]].concat();
            let mut bytes = Vec::new();
            PacketBuilder::ethernet2([2; 6], [4; 6])
                .ipv4([10, a, b, c], [203, 0, 113, 7], 64)
                .udp(40_000, 5_004)
                .write(&mut bytes, &[&header[..], &[0xd5; 160]].concat())
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
        engine.push_all(&packets, |_, _, _| ());
        if engine.wants_relief() {
            engine.relieve(&mut Nobody);
        }
    }
}

fn push(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("push");
    group.throughput(Throughput::Elements(PACKETS as u64)).sample_size(10);
    for (name, packets) in [
        ("50 flows, 1,460 B", traffic(50, 1_460)),
        ("10,000 flows, 400 B", traffic(10_000, 400)),
        ("200,000 flows, 6 B", traffic(200_000, 6)),
        ("50 flows, 400 B and their acknowledgements", round_trips(50)),
        ("10,000 flows, 400 B and their acknowledgements", round_trips(10_000)),
        ("140 flows, 172 B of RTP", datagrams(140, true)),
        ("140 flows, 172 B of something else over UDP", datagrams(140, false)),
        ("4,000 flows, 172 B of RTP", datagrams(4_000, true)),
        ("4,000 flows, 172 B of something else over UDP", datagrams(4_000, false)),
    ] {
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

/// Delays of 1 to 100 ms, in no order.
fn distribution(criterion: &mut Criterion) {
    let samples: Vec<u64> =
        (0..100_000_u64).map(|number| 1_000_000 + number.wrapping_mul(2_654_435_761) % 99_000_000).collect();
    let mut group = criterion.benchmark_group("distribution");
    group.throughput(Throughput::Elements(samples.len() as u64)).sample_size(20);
    group.bench_function("observe", |bencher| {
        let mut distribution = Distribution::default();
        bencher.iter(|| samples.iter().for_each(|&nanos| distribution.observe(nanos)));
    });
    let mut full = Distribution::default();
    for &nanos in &samples {
        full.observe(nanos);
    }
    group.throughput(Throughput::Elements(1));
    group.bench_function("percentiles", |bencher| bencher.iter(|| full.percentiles()));
    group.finish();
}

criterion_group!(benches, push, distribution);
criterion_main!(benches);
