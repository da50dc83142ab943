//! What a page of the flows costs: a look through 200,000 of them, by each column, without and with a filter.

#![expect(clippy::unwrap_used, reason = "the benchmark's own packets are sound")]

use criterion::{Criterion, criterion_group, criterion_main};
use etherparse::PacketBuilder;
use netsonde_dissect::{LinkType, Packet};
use netsonde_messages::stream::{FlowColumn, FlowQuery};
use netsonde_session::{Session, Settings};
use netsonde_units::Timestamp;

const FLOWS: u32 = 200_000;
const START: Timestamp = Timestamp::from_parts(1_700_000_000, 0);
/// Words of every kind, which three flows in four fit.
const TEXT: &str = "tcp 10.0.0.0/8 !:22 !192.0.2.1 !reset 203.0.113.7:443";

/// A segment of one flow: the ends and the length follow from its number by a fixed mixing.
fn segment(flow: u32) -> Vec<u8> {
    let [_, a, b, c] = flow.to_be_bytes();
    let mixed = flow.wrapping_mul(2_654_435_761);
    let port = if mixed.is_multiple_of(4) { 22 } else { 443 };
    let mut bytes = Vec::new();
    PacketBuilder::ethernet2([2; 6], [4; 6])
        .ipv4([10, a, b, c], [203, 0, 113, 7], 64)
        .tcp(40_000, port, mixed, 512)
        .ack(1)
        .write(&mut bytes, &vec![0; usize::try_from(mixed >> 22).unwrap()])
        .unwrap();
    bytes
}

fn find(criterion: &mut Criterion) {
    let mut session = Session::new(Settings { live: true, ..Settings::default() });
    session.keep_pace();
    for flow in 0..FLOWS {
        let bytes = segment(flow);
        let wire_len = u32::try_from(bytes.len()).unwrap();
        let at = Some(START.plus_nanos(u64::from(flow) * 10_000));
        let link = LinkType::ETHERNET;
        session.push_all(&[Packet { at, link, interface: 0, wire_len, bytes: &bytes }]);
    }
    session.tick();
    let mut group = criterion.benchmark_group("200,000 flows");
    for sort in FlowColumn::ALL {
        for (kind, text) in [("", None), (" with text", Some(TEXT.to_owned()))] {
            // A page far from either end parts the list twice.
            let query = FlowQuery {
                sort,
                descending: true,
                text,
                offset: 70_000,
                limit: 200,
                ..FlowQuery::default()
            };
            assert_eq!(session.find_flows(&query).unwrap().rows.len(), 200);
            group.bench_function(format!("{sort:?}{kind}"), |bencher| {
                bencher.iter(|| session.find_flows(std::hint::black_box(&query)).unwrap());
            });
        }
    }
    group.finish();
}

criterion_group!(benches, find);
criterion_main!(benches);
