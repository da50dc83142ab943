//! What follows from each call by the book, worked out by hand.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::collections::BTreeSet;

use netsonde_synth::plan::call;
use netsonde_synth::truth::Rtp;
use netsonde_synth::{Packets, Truth};

/// When the calls begin, in nanoseconds since the Unix epoch.
const BASE: u64 = 1_000_000_000;
const MILLISECOND: u64 = 1_000_000;

/// The truth about a call.
fn truth(name: &str) -> Truth {
    let case = call::named(name).unwrap();
    let mut packets = Packets::new(case.arrivals(BASE, 1).into_iter());
    while packets.advance().is_some() {}
    packets.into_truth()
}

/// The streams of a call by their sources: that of who calls, then that of who is called, then others.
fn streams<const N: usize>(name: &str) -> [Rtp; N] {
    let mut streams = truth(name).rtp;
    streams.sort_by_key(|stream| (stream.ssrc, stream.src));
    streams.try_into().unwrap()
}

/// Sent, lost, overtaken, doubled.
fn counts(stream: &Rtp) -> (u64, u64, u64, u64) {
    (stream.sent, stream.lost, stream.reordered, stream.duplicated)
}

#[test]
fn every_call_has_a_name_of_its_own() {
    let all = call::all();
    let names: BTreeSet<&str> = all.iter().map(|case| case.name).collect();
    assert_eq!(names.len(), all.len());
    assert!(call::named("nothing that happens").is_none());
}

#[test]
fn a_call_without_a_fault_loses_nothing_and_comes_evenly() {
    let truth = truth("all goes well");
    assert_eq!(truth.rtp.len(), 2);
    for stream in &truth.rtp {
        assert_eq!(counts(stream), (2_000, 0, 0, 0));
        let jitter = stream.jitter.unwrap();
        assert_eq!((jitter.last, jitter.mean, jitter.max), (0, 0, 0));
        assert_eq!((stream.payload_bytes, stream.talk_spurts), (2_000 * 160, 1));
    }
    // INVITE, ACK and BYE; ringing, an answer to each of INVITE and BYE, and one that says to wait.
    assert_eq!(truth.sip.requests.values().sum::<u64>(), 3);
    assert_eq!(
        truth.sip.answers.iter().map(|(code, count)| (*code, *count)).collect::<Vec<_>>(),
        [(100, 1), (180, 1), (200, 2)]
    );
}

#[test]
fn losses_are_as_many_as_their_names_say() {
    for (name, lost) in [("lost 0.1 %", 2), ("lost 1 %", 20), ("lost 5 %", 100)] {
        for stream in streams::<2>(name) {
            assert_eq!(counts(&stream), (2_000, lost, 0, 0), "{name}");
        }
    }
}

#[test]
fn delays_that_vary_evenly_give_a_third_of_the_most() {
    // Two even delays of up to M differ by M / 3 in the mean; J follows that with 1/16 of what each packet adds.
    for (name, most) in [("jitter 1 ms", 1), ("jitter 10 ms", 10), ("jitter 20 ms", 20)] {
        let third = most * MILLISECOND / 3;
        for stream in streams::<2>(name) {
            let mean = stream.jitter.unwrap().mean;
            assert!(mean.abs_diff(third) * 20 < third, "{name}: {mean} ns");
            // Nothing overtakes by less than the time of a packet.
            assert_eq!(stream.reordered, 0, "{name}");
        }
    }
    // Packets that wait behind each other differ less; those that overtake each other also by the time between them.
    let [up, down] = streams::<2>("jitter 80 ms");
    assert!(up.reordered == 0 && down.reordered > 500, "{up:?} {down:?}");
    let [up, down] = [up, down].map(|stream| stream.jitter.unwrap().mean);
    assert!(up < 80 * MILLISECOND / 3 && down > up, "{up} and {down} ns");
}

#[test]
fn a_packet_that_is_held_up_is_overtaken_once() {
    // Each fiftieth from the 20th on: 40 of 2,000. Whether by one packet or by five, it is one that is out of order.
    for stream in streams::<2>("overtaken") {
        assert_eq!(counts(&stream), (2_000, 0, 40, 0));
    }
    // A late packet's transit is 25 ms longer, the next one's as much shorter: J rises by 25/16 ms, loses a sixteenth and
    // rises again, every fiftieth packet, from nothing as 48 packets between leave (15/16)^48 = 4.5 % of it.
    let [up, _] = streams::<2>("overtaken");
    let step = 25.0 / 16.0;
    let peak = step + step * 15.0 / 16.0;
    let standing = peak / (1.0 - (15.0_f64 / 16.0).powi(50));
    let max = f64::from(u32::try_from(up.jitter.unwrap().max).unwrap()) / 1e6;
    assert!((max - standing).abs() < 1e-4, "{max} ms, {standing} ms");
}

#[test]
fn copies_are_neither_sent_nor_out_of_order() {
    // Each fortieth from the 20th on: 50.
    for stream in streams::<2>("twice") {
        assert_eq!((counts(&stream), stream.seen), ((2_000, 0, 0, 50), 2_050));
    }
}

#[test]
fn losses_on_the_borders_of_time_are_losses_like_others() {
    // 40 s have 39 seconds within, the 39 multiples of 50 below 2,000; one packet before each of 40.
    let [up, down] = streams::<2>("lost on each second");
    assert_eq!((up.lost, down.lost), (39, 39));
    // 1,999 is a packet before 2,000: the last one, which nobody misses.
    assert_eq!((up.sent, down.sent), (2_000, 1_999));
    // In 25 packets are two ticks.
    let [up, _] = streams::<2>("lost on each tick");
    assert_eq!((up.sent, up.lost), (2_000, 159));
    let [up, _] = streams::<2>("lost on each tick of 1.5 s");
    // 26 multiples of 75 and what comes behind each, and behind 0.
    assert_eq!((up.sent, up.lost), (2_000, 53));
}

#[test]
fn numbers_that_wrap_lose_nothing() {
    for stream in streams::<2>("numbers wrap") {
        assert_eq!(counts(&stream), (2_000, 0, 0, 0));
        assert_eq!(stream.jitter.unwrap().max, 0, "the time stamp wraps too");
    }
    let [_, down] = streams::<2>("lost where numbers wrap");
    assert_eq!(counts(&down), (2_000, 3, 0, 0));
    let [up, down] = streams::<2>("overtaken where numbers wrap");
    assert_eq!((counts(&up), counts(&down)), ((2_000, 0, 1, 0), (2_000, 0, 1, 1)));
}

#[test]
fn what_begins_anew_loses_only_what_was_lost() {
    for stream in streams::<2>("numbers begin anew") {
        assert_eq!((counts(&stream), stream.restarts), ((2_000, 20, 0, 0), 1));
        assert_eq!(stream.jitter.unwrap().max, 0);
    }
    for stream in streams::<4>("another source") {
        assert_eq!((counts(&stream), stream.restarts), ((1_000, 10, 0, 0), 0));
    }
    // One source before a border and behind it is two streams.
    let [before, beyond, _] = streams::<3>("one source on two paths");
    assert_eq!((before.ssrc, before.lost, beyond.lost), (beyond.ssrc, 5, 20));
}

#[test]
fn a_capture_from_the_middle_on_expects_what_it_saw_first() {
    // From 777 on; of those, 777 is below 837: of 837 to 1,937 twelve are lost.
    for stream in streams::<2>("captured from the middle on") {
        assert_eq!((stream.sent, stream.lost), (1_223, 12));
    }
    let [_, down] = streams::<2>("captured from the middle on");
    assert_eq!(down.reordered, 1);
}

#[test]
fn silences_and_digits_are_neither_loss_nor_jitter() {
    for name in ["talk spurts", "comfort noise"] {
        for stream in streams::<2>(name) {
            assert_eq!((stream.sent, stream.lost, stream.talk_spurts), (2_000, 20, 10), "{name}");
            assert!(stream.jitter.unwrap().max < 10 * MILLISECOND, "{name}");
        }
    }
    // 103, 603, 1,103 and 1,603.
    for stream in streams::<2>("digits") {
        assert_eq!((stream.sent, stream.lost), (2_000, 4));
        assert!(stream.jitter.unwrap().max < 10 * MILLISECOND);
    }
}

#[test]
fn headers_are_no_payload() {
    let truth = truth("long headers");
    // 14 of Ethernet, 20 of IPv4, 8 of UDP; 12 of RTP, 8 of two sources, 8 of an extension, 160, 4 of padding.
    assert_eq!(truth.protocols["RTP"].bytes, 4_000 * (14 + 20 + 8 + 12 + 8 + 8 + 160 + 4));
    assert!(truth.rtp.iter().all(|stream| stream.payload_bytes == 2_000 * 160));
}
