//! Delays and losses of made connections, against numbers derived by hand.

use netsonde_flow::TcpEvent;
use netsonde_metrics::{Peaks, Snapshot};
use netsonde_units::Ratio;

use super::traffic::Made;
use super::{Kept, engine};

type End = (u8, u16);

/// Hosts below 128 are local.
const HERE: End = (1, 40_000);
const THERE: End = (200, 80);
const ELSEWHERE: End = (201, 50_000);

/// Measures packets to the end, with the peaks of their seconds.
fn measure(packets: &[Made]) -> Snapshot {
    let (mut engine, mut kept, mut peaks) = (engine(), Kept::default(), Peaks::default());
    for made in packets {
        engine.push(&made.packet());
    }
    engine.finish();
    engine.tick(&mut kept);
    kept.seconds.iter().for_each(|second| peaks.observe(second));
    Snapshot::new(&engine.tally(), &peaks)
}

/// The same as long as the capture goes on.
fn measure_so_far(packets: &[Made]) -> Snapshot {
    let mut engine = engine();
    for made in packets {
        engine.push(&made.packet());
    }
    Snapshot::new(&engine.tally(), &Peaks::default())
}

/// `count` times 100 bytes from here, each acknowledged `rtt` ms later: twice as many packets, one pair every 10 ms.
fn exchange(start: u64, rtt: u64, from: End, first: u32, count: u32) -> Vec<Made> {
    let mut packets = Vec::new();
    for number in 0..count {
        let (at, sequence) = (start + u64::from(number) * 10, first + number * 100);
        packets.push(Made::segment(at, from, THERE, (sequence, 1), &[0; 100]));
        packets.push(Made::segment(at + rtt, THERE, from, (1, sequence + 100), &[]));
    }
    packets.sort_by_key(|made| made.at);
    packets
}

fn milliseconds(nanos: Option<f64>) -> f64 {
    nanos.unwrap() / 1e6
}

#[track_caller]
fn assert_about(found: f64, expected: f64) {
    assert!((found - expected).abs() < 1e-6, "{found} is not {expected}");
}

/// Fault 8 of the design's public implementation: its latency was the mean of both directions' round trips.
#[test]
fn latency_is_the_far_sides_and_our_own_delayed_acknowledgements_are_apart() {
    let packets = [
        Made::opening(0, HERE, THERE, 100, None),
        Made::opening(40, THERE, HERE, 500, Some(101)),
        Made::segment(41, HERE, THERE, (101, 501), &[]),
        Made::segment(100, HERE, THERE, (101, 501), b"question"),
        // 60 ms later, the answer with the acknowledgement; then 200 ms of our own delayed one.
        Made::segment(160, THERE, HERE, (501, 109), b"answer"),
        Made::segment(360, HERE, THERE, (109, 507), &[]),
    ];
    let tcp = measure(&packets).tcp;
    // The far side: 40 and 60 ms. The near side: 1 and 200 ms.
    assert_eq!((tcp.rtt.samples, tcp.rtt_far.samples, tcp.rtt_near.samples), (4, 2, 2));
    assert_about(milliseconds(tcp.latency.now), 50.0);
    assert_about(milliseconds(tcp.rtt_far.percentiles.map(|it| it.mean)), 50.0);
    assert_about(milliseconds(tcp.rtt_near.percentiles.map(|it| it.mean)), 100.5);
    assert_about(milliseconds(tcp.rtt.percentiles.map(|it| it.mean)), 75.25);
    // The handshake from SYN to its end: 41 ms. The answer 60 ms after the question.
    assert_eq!(tcp.handshake.percentiles.map(|it| it.max), Some(41_000_000));
    assert_eq!(tcp.response.percentiles.map(|it| it.max), Some(60_000_000));
}

#[test]
fn connections_weigh_in_by_their_packets() {
    let mut packets = exchange(0, 30, HERE, 1_000, 4);
    packets.extend(exchange(100, 90, (2, 41_000), 1_000, 1));
    packets.sort_by_key(|made| made.at);
    // 8 packets of 30 ms and 2 of 90 ms: 420 / 10.
    assert_about(milliseconds(measure(&packets).tcp.latency.average), 42.0);
}

#[test]
fn on_a_mirror_port_both_halves_add_up() {
    let packets = [
        Made::opening(0, ELSEWHERE, THERE, 100, None),
        Made::opening(30, THERE, ELSEWHERE, 500, Some(101)),
        Made::segment(40, ELSEWHERE, THERE, (101, 501), &[]),
    ];
    let tcp = measure(&packets).tcp;
    // 30 ms to the server and 10 ms to the client. The round trips are 30 ms, while nothing is known of the client's
    // half, then 10 with those 30: half of them are not above 30 ms.
    assert_about(milliseconds(tcp.latency.average), 40.0);
    assert_eq!((tcp.rtt.samples, tcp.rtt_far.samples, tcp.rtt_near.samples), (2, 0, 0));
    let median = tcp.latency.percentiles.map(|it| it.p50).unwrap();
    assert!(median.abs_diff(30_000_000) <= 300_000, "{median}");
}

/// Fault 18 of the design's public implementation: its peak and average were those of its ticks' means, whatever was in
/// them.
#[test]
fn the_peak_is_the_worst_second_and_the_average_weighs_every_packet() {
    let mut packets = exchange(0, 100, HERE, 1_000, 1);
    packets.extend(exchange(1_000, 10, HERE, 2_000, 4));
    let latency = measure(&packets).tcp.latency;
    // A second with 2 packets of 100 ms, then one with 8 of 10 ms: 280 / 10, not the mean of 100 and 10.
    assert_about(milliseconds(latency.peak), 100.0);
    assert_about(milliseconds(latency.average), 28.0);
}

#[test]
fn latency_now_is_of_five_seconds() {
    let mut packets = exchange(0, 100, HERE, 1_000, 1);
    packets.extend(exchange(4_000, 10, HERE, 2_000, 1));
    // In the fifth second both still count: (2 × 100 + 2 × 10) / 4.
    assert_about(milliseconds(measure_so_far(&packets).tcp.latency.now), 55.0);
    packets.push(Made::udp(5_000, HERE, THERE, b"x"));
    assert_about(milliseconds(measure_so_far(&packets).tcp.latency.now), 10.0);
    packets.push(Made::udp(9_000, HERE, THERE, b"x"));
    let latency = measure_so_far(&packets).tcp.latency;
    assert_eq!((latency.now, latency.percentiles), (None, None));
    assert_about(milliseconds(latency.average), 55.0);
}

/// Fault 9 of the design's public implementation: loss in percent of all packets, bare acknowledgements included.
#[test]
fn loss_is_of_data_segments_and_its_peak_needs_twenty() {
    let sent_again = |at| Made::segment(at, HERE, THERE, (1_000, 1), &[0; 100]);
    // 19 segments in the first second and one of them again: 20 in all. Long after, one and its repetition.
    let mut packets: Vec<_> = (0..19)
        .map(|number| {
            Made::segment(number, HERE, THERE, (1_000 + 100 * u32::try_from(number).unwrap(), 1), &[0; 100])
        })
        .collect();
    packets.push(sent_again(700));
    packets.push(Made::segment(20_000, HERE, THERE, (2_900, 1), &[0; 100]));
    packets.push(Made::segment(20_900, HERE, THERE, (2_900, 1), &[0; 100]));
    let snapshot = measure(&packets);
    let loss = snapshot.tcp.loss;
    assert_eq!((snapshot.tcp.resent, snapshot.tcp.data_segments), (2, 22));
    let percent = |ratio: Option<Ratio>| ratio.map(Ratio::percentage).unwrap();
    // 1 of 2 in the last five seconds; 1 of 20 in the only second with enough of them; 2 of 22 in all.
    assert_about(percent(loss.now), 50.0);
    assert_about(percent(loss.peak), 5.0);
    assert_about(percent(loss.average), 200.0 / 22.0);
}

/// Fault 10 of the design's public implementation: what was sent again although it had arrived was goodput.
#[test]
fn a_spurious_retransmission_is_neither_goodput_nor_loss() {
    let mut packets = exchange(0, 20, HERE, 1_000, 1);
    packets.push(Made::segment(300, HERE, THERE, (1_000, 1), &[0; 100]));
    let snapshot = measure(&packets);
    assert_eq!(snapshot.total.goodput_bytes, 100);
    assert_eq!(snapshot.tcp.events[TcpEvent::SpuriousRetransmission], 1);
    assert_eq!((snapshot.tcp.resent, snapshot.tcp.data_segments), (0, 2));
}

/// Fault 17 of the design's public implementation: packets per second were over another time than bits per second.
#[test]
fn packets_and_bits_per_second_are_of_the_same_second() {
    // One packet of 1,000 bytes every 100 ms for 2.5 s.
    let packets: Vec<_> = (0..25).map(|tenth| Made::udp(tenth * 100, HERE, THERE, &[0; 958])).collect();
    let rates = measure_so_far(&packets).total_rates;
    let (packets, bits) = (rates.packets.now.unwrap().0, rates.throughput.now.unwrap().0);
    assert_about(packets, 10.0);
    assert_about(bits, packets * 8_000.0);
}

#[test]
fn a_syn_that_nobody_answers_times_out_once() {
    let mut packets = vec![Made::opening(0, HERE, THERE, 100, None)];
    packets.push(Made::opening(30_000, HERE, THERE, 100, None));
    packets.push(Made::udp(90_000, HERE, THERE, b"x"));
    let flows = measure(&packets).flows;
    assert_eq!((flows.tcp_connections, flows.tcp_timed_out, flows.tcp_refused), (1, 1, 0));
}
