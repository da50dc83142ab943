//! What publishing costs: it follows the conversations touched, not the size of the table.

#![expect(clippy::unwrap_used, reason = "the benchmark's own packets are sound")]

use criterion::{Criterion, criterion_group, criterion_main};
use etherparse::PacketBuilder;
use netsonde_dissect::{LinkType, Packet};
use netsonde_session::{Session, Settings};
use netsonde_units::Timestamp;

const ACTIVE: u32 = 1_000;
const START: Timestamp = Timestamp::from_parts(1_700_000_000, 0);

fn datagram(flow: u32) -> Vec<u8> {
    let [_, a, b, c] = flow.to_be_bytes();
    let mut bytes = Vec::new();
    PacketBuilder::ethernet2([2; 6], [4; 6])
        .ipv4([10, a, b, c], [203, 0, 113, 7], 64)
        .udp(40_000, 9_999)
        .write(&mut bytes, &[0; 100])
        .unwrap();
    bytes
}

fn push(session: &mut Session, at: Timestamp, bytes: &[u8]) {
    let wire_len = u32::try_from(bytes.len()).unwrap_or(u32::MAX);
    session.push_all(&[Packet { at: Some(at), link: LinkType::ETHERNET, interface: 0, wire_len, bytes }]);
}

fn publish(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("publish 1,000 active flows");
    for idle in [2_000_u32, 200_000] {
        let mut session = Session::new(Settings { live: true, ..Settings::default() });
        for flow in 0..idle {
            push(&mut session, START, &datagram(ACTIVE + flow));
        }
        session.tick();
        let active: Vec<_> = (0..ACTIVE).map(datagram).collect();
        let mut at = START;
        group.bench_function(format!("{idle} idle"), |bencher| {
            bencher.iter_custom(|rounds| {
                let mut spent = std::time::Duration::ZERO;
                for _ in 0..rounds {
                    at = at.plus_nanos(1_000);
                    for bytes in &active {
                        push(&mut session, at, bytes);
                    }
                    spent += time(|| {
                        session.tick();
                        std::hint::black_box(session.snapshot());
                    });
                }
                spent
            });
        });
    }
    group.finish();
}

#[expect(clippy::disallowed_methods, reason = "a benchmark measures time")]
fn time(work: impl FnOnce()) -> std::time::Duration {
    let start = std::time::Instant::now();
    work();
    start.elapsed()
}

criterion_group!(benches, publish);
criterion_main!(benches);
