//! Properties of the engine on random traffic.

#![expect(clippy::unwrap_used, reason = "a test's own packets are sound")]

mod quality;
mod traffic;

use netsonde_dissect::Class;
use netsonde_flow::limits::Limits;
use netsonde_flow::{Direction, Fact, FlowRow, LocalNetworks, StreamRow};
use netsonde_metrics::{MetricsCalculator, Peaks, Second, Snapshot, Tally, Tick};
use netsonde_units::Volume;
use proptest::prelude::*;
use traffic::Made;

/// Keeps what ticks hand over.
#[derive(Default)]
struct Kept {
    seconds: Vec<Second>,
    rows: Vec<FlowRow>,
    facts: Vec<Fact>,
}

impl Tick for Kept {
    fn second(&mut self, second: &Second) {
        self.seconds.push(second.clone());
    }
    fn row(&mut self, row: &FlowRow) {
        self.rows.push(*row);
    }
    fn stream(&mut self, _: &StreamRow<'_>) {}

    fn fact(&mut self, fact: Fact) {
        self.facts.push(fact.clone());
    }
}

fn engine() -> MetricsCalculator {
    MetricsCalculator::new(Limits::default(), LocalNetworks::default())
}

/// Runs packets over some workers, each pair of addresses with one of them, and merges what they have.
fn measure(packets: &[Made], workers: usize) -> Snapshot {
    let mut engines: Vec<_> = (0..workers).map(|_| engine()).collect();
    let mut kept: Vec<_> = (0..workers).map(|_| Kept::default()).collect();
    for made in packets {
        for (number, engine) in engines.iter_mut().enumerate() {
            if number == made.pair() % workers {
                engine.push(&made.packet());
            } else {
                engine.witness(made.at);
            }
        }
    }
    let mut tally = Tally::default();
    for (engine, kept) in engines.iter_mut().zip(&mut kept) {
        engine.finish();
        engine.tick(kept);
        tally.merge(&engine.tally());
    }
    let mut peaks = Peaks::default();
    for second in merged(kept) {
        peaks.observe(&second);
    }
    Snapshot::new(&tally, &peaks)
}

/// Joins the seconds of all workers, in order of time.
fn merged(kept: Vec<Kept>) -> Vec<Second> {
    let mut seconds: Vec<_> = kept.into_iter().flat_map(|kept| kept.seconds).collect();
    seconds.sort_by_key(|second| (second.stretch, second.second));
    seconds.dedup_by(|later, earlier| {
        let same = (later.stretch, later.second) == (earlier.stretch, earlier.second);
        if same {
            earlier.merge(later);
        }
        same
    });
    seconds
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, ..ProptestConfig::default() })]

    #[test]
    fn split_over_workers_gives_an_equal_snapshot(packets in traffic::any(300)) {
        let one = measure(&packets, 1);
        for workers in 2..=4 {
            prop_assert_eq!(&measure(&packets, workers), &one);
        }
    }

    #[test]
    fn a_batch_is_measured_as_its_packets_are_one_by_one(packets in traffic::any(200), size in 1_usize..50) {
        let (mut one_by_one, mut batched) = (engine(), engine());
        let expected: Vec<_> = packets.iter().map(|made| one_by_one.push(&made.packet())).collect();
        let mut verdicts = Vec::new();
        for batch in packets.chunks(size) {
            let batch: Vec<_> = batch.iter().map(Made::packet).collect();
            batched.push_all(&batch, |_, verdict, _| verdicts.push(verdict));
        }
        prop_assert_eq!(verdicts, expected);
        let (mut ours, mut theirs) = (Kept::default(), Kept::default());
        batched.tick(&mut ours);
        one_by_one.tick(&mut theirs);
        prop_assert_eq!((ours.rows, ours.facts), (theirs.rows, theirs.facts));
        let peaks = Peaks::default();
        let of = |engine: &MetricsCalculator| Snapshot::new(&engine.tally(), &peaks);
        prop_assert_eq!(of(&batched), of(&one_by_one));
    }

    #[test]
    fn classes_sum_to_total_before_and_after_recognition(packets in traffic::any(200)) {
        let (mut engine, peaks) = (engine(), Peaks::default());
        for (number, made) in packets.iter().enumerate() {
            engine.push(&made.packet());
            let now = Snapshot::new(&engine.tally(), &peaks);
            let classes: Volume = now.classes.values().iter().copied().sum();
            let protocols: Volume = now.protocols.iter().map(|&(_, volume)| volume).sum();
            let bytes: u64 = packets[..=number].iter().map(|made| made.bytes.len() as u64).sum();
            prop_assert_eq!(classes, Volume { packets: number as u64 + 1, bytes });
            prop_assert_eq!(protocols, classes);
            prop_assert_eq!(now.total.volume, classes);
            prop_assert_eq!(now.encrypted + now.unencrypted(), classes);
        }
    }

    #[test]
    fn rows_sum_to_the_traffic_of_their_conversations(packets in traffic::any(200)) {
        let (mut engine, mut kept) = (engine(), Kept::default());
        let mut ip = Volume::ZERO;
        for (number, made) in packets.iter().enumerate() {
            if engine.push(&made.packet()).flow.is_some() {
                ip += Volume::packet(made.bytes.len() as u64);
            }
            if number % 7 == 0 {
                engine.tick(&mut kept);
            }
        }
        engine.tick(&mut kept);
        let mut latest = std::collections::BTreeMap::new();
        for row in &kept.rows {
            latest.insert(row.id.serial, row.volume());
        }
        prop_assert_eq!(latest.values().copied().sum::<Volume>(), ip);
    }
}

#[test]
fn recognition_moves_what_came_before_it() {
    let mut engine = engine();
    // A record split after three bytes says nothing yet; the next segment shows the TLS handshake.
    let hello = traffic::client_hello();
    let segments: [&[u8]; 3] = [&[], &hello[..3], &hello];
    for (number, payload) in segments.iter().enumerate() {
        engine.push(&Made::tcp(number as u64, (1, 40_000), (200, 443), payload).packet());
    }
    let now = Snapshot::new(&engine.tally(), &Peaks::default());
    assert_eq!(now.classes[Class::Tls].packets, 2);
    assert_eq!(now.classes[Class::Tcp].packets, 1);
    assert_eq!(now.encrypted.packets, 3);
    assert_eq!(now.traffic[Direction::Outbound].volume.packets, 3);
}

#[test]
fn a_segment_sent_twice_is_goodput_once() {
    let mut engine = engine();
    for at in [0, 1] {
        engine.push(&Made::tcp(at, (1, 40_000), (200, 80), &[0; 1000]).packet());
    }
    assert_eq!(engine.tally().judged.total().goodput_bytes, 1000);
    assert_eq!(engine.tally().judged.total().volume.packets, 2);
}

#[test]
fn silence_counts_in_the_average_and_empties_the_window() {
    let mut engine = engine();
    let packet = Made::udp(0, (1, 5_000), (200, 6_000), &[0; 958]);
    assert_eq!(packet.bytes.len(), 1_000);
    engine.push(&packet.packet());
    engine.witness(packet.at.plus_nanos(10_000_000_000));
    let mut kept = Kept::default();
    engine.tick(&mut kept);
    let mut peaks = Peaks::default();
    kept.seconds.iter().for_each(|second| peaks.observe(second));
    let rates = Snapshot::new(&engine.tally(), &peaks).total_rates.throughput;
    // 1,000 bytes are 8,000 bits: in one second at most, over ten seconds 800 a second, in the last second none.
    assert_eq!(rates.now.map(|rate| rate.0), Some(0.0));
    assert_eq!(rates.peak.map(|rate| rate.0), Some(8_000.0));
    assert_eq!(rates.average.map(|rate| rate.0), Some(800.0));
}

#[test]
fn an_icmp_error_is_a_fact_about_the_conversation_it_quotes() {
    let (mut engine, mut kept) = (engine(), Kept::default());
    let asked = Made::udp(0, (1, 5_000), (200, 6_000), b"anyone there?");
    engine.push(&asked.packet());
    engine.push(&Made::port_unreachable(1, &asked).packet());
    engine.tick(&mut kept);
    let [fact] = &kept.facts[..] else { panic!("one fact expected, got {:?}", kept.facts) };
    engine.learn(fact);
    kept.rows.clear();
    engine.tick(&mut kept);
    let [row] = kept.rows[..] else { panic!("one row expected, got {:?}", kept.rows) };
    assert_eq!((row.icmp_errors, row.key.port(row.client)), (1, Some(5_000)));
}

#[test]
fn own_traffic_is_counted_and_left_out_of_everything_else() {
    let mut engine = engine();
    engine.leave_out(8765, vec![traffic::address(1).into()]);
    let (ours, other) = ((1, 8765), (2, 40_000));
    let verdicts = [
        Made::tcp(0, other, ours, b"GET / HTTP/1.1"),
        Made::tcp(1, ours, other, b"HTTP/1.1 200 OK"),
        // The same port of a machine elsewhere is somebody else's traffic.
        Made::tcp(2, other, (200, 8765), b"x"),
        // And of another machine here.
        Made::tcp(3, other, (3, 8765), b"x"),
    ]
    .map(|made| engine.push(&made.packet()).own);
    assert_eq!(verdicts, [true, true, false, false]);
    engine.finish();
    let snapshot = Snapshot::new(&engine.tally(), &Peaks::default());
    assert_eq!((snapshot.total.volume.packets, snapshot.odd.own, snapshot.flows.tcp_connections), (2, 2, 2));
}
