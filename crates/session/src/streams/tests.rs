use std::net::IpAddr;

use netsonde_dissect::IpProtocol;
use netsonde_flow::{ClockBy, DelaySums, FlowId, FlowKey, FoundBy, MediaKind, Reported};
use netsonde_messages::{CallState, ClockSource, MosMissing, StreamKind, StreamSign};

use super::*;

const START: Timestamp = Timestamp::from_parts(1_700_000_000, 0);

/// A stream of 100 packets of 20 ms of G.711, of which 4 are lost in 2 runs.
fn stream(serial: u64) -> StreamRow<'static> {
    let address = |text: &str| text.parse::<IpAddr>().unwrap();
    let ports = Some((6_000, 7_000));
    let (key, sender) = FlowKey::new(IpProtocol::UDP, address("192.0.2.9"), address("192.0.2.2"), ports);
    StreamRow {
        serial,
        conversation: FlowId { slot: 0, serial: serial / 2 },
        key,
        sender,
        ssrc: 0xcafe,
        found_by: FoundBy::Rtcp,
        is_protected: false,
        kind: Some(MediaKind::Audio),
        payload_type: 8,
        payload_types: &[(8, 90), (101, 7)],
        codec: Some("PCMA"),
        clock_rate: Some(8_000),
        clock_by: Some(ClockBy::PayloadType),
        call: None,
        first_seen: START,
        last_seen: START.plus_nanos(2_000_000_000),
        packets: 97,
        bytes: 20_758,
        payload_bytes: 15_520,
        expected: 100,
        received: 96,
        duplicates: 1,
        out_of_order: 3,
        restarts: 0,
        talk_spurts: 1,
        loss_runs: 2,
        longest_loss: 3,
        jitter_nanos: Some(1_500_000),
        jitter_nanos_mean: Some(2_000_000),
        jitter_nanos_max: Some(4_250_000),
        reported: None,
        course: &[],
        step_nanos: 1_000_000_000,
        ended: false,
    }
}

fn kept(rows: impl IntoIterator<Item = StreamRow<'static>>) -> Streams {
    let mut streams = Streams::default();
    rows.into_iter().for_each(|row| streams.update(&row));
    streams
}

fn call(id: u64, streams: &[u64]) -> Call {
    let address: IpAddr = [192, 0, 2, 9].into();
    Call {
        id,
        call_id: None,
        state: CallState::Talking,
        from: None,
        to: None,
        caller: address,
        callee: address,
        started: None,
        duration_s: None,
        post_dial_delay_ms: None,
        result: None,
        codecs: Vec::new(),
        streams: streams.to_vec(),
        mos: None,
    }
}

fn ids((streams, omitted): (Vec<RtpStream>, u64)) -> (Vec<u64>, u64) {
    (streams.iter().map(|stream| stream.id).collect(), omitted)
}

fn near(value: Option<f64>, expected: f64) {
    assert!(value.is_some_and(|value| (value - expected).abs() < 1e-9), "{value:?}, not {expected}");
}

#[test]
fn a_stream_is_told_with_its_units() {
    let reported = Reported {
        reports: 3,
        fraction_lost: 64,
        lost: -2,
        jitter: 80,
        round_trip: DelaySums { count: 2, sum: 100_000_000, ..DelaySums::default() },
    };
    let streams = kept([StreamRow { reported: Some(reported), ..stream(0) }]);
    let (told, omitted) = streams.first(10, &CallOf::from_iter([(0, 7)]), START.plus_nanos(3_000_000_000));
    let [told] = told.try_into().unwrap();
    assert_eq!((omitted, told.call, told.flow, told.ssrc), (0, Some(7), 0, 0xcafe));
    assert_eq!((told.src.to_string(), told.src_port), ("192.0.2.9".into(), 6_000));
    assert_eq!((told.dst.to_string(), told.dst_port), ("192.0.2.2".into(), 7_000));
    assert_eq!((told.found_by, told.clock_by), (StreamSign::Rtcp, Some(ClockSource::PayloadType)));
    assert_eq!((told.kind, told.codec.as_deref()), (Some(StreamKind::Audio), Some("PCMA")));
    let types: Vec<_> = told.payload_types.iter().map(|it| (it.payload_type, it.packets)).collect();
    assert_eq!(types, [(8, 90), (101, 7)]);
    // 100 expected, 96 of them seen.
    assert_eq!((told.expected, told.lost, told.longest_loss, told.active), (100, 4, 3, true));
    near(told.lost_percentage, 4.0);
    near(told.duration_s, 2.0);
    let jitter = [told.jitter_ms, told.jitter_ms_mean, told.jitter_ms_max];
    jitter.into_iter().zip([1.5, 2.0, 4.25]).for_each(|(value, expected)| near(value, expected));
    let reported = told.reported.unwrap();
    // 64 of 256; 80 ticks of 8 kHz; 100 ms in 2 round trips.
    assert_eq!((reported.reports, reported.lost), (3, -2));
    near(Some(reported.lost_percentage), 25.0);
    near(reported.jitter_ms, 10.0);
    near(reported.rtt_ms_mean, 50.0);
    let basis = told.mos_basis;
    // Half of 50 ms, 20 ms in a packet of 160 bytes, and the least buffer; 2 lost in a run, where 1 / 0.96 were at random.
    near(basis.delay_ms, 65.0);
    near(basis.burst_ratio, 1.92);
    assert_eq!((basis.missing, basis.delay_is_measured), (None, true));
    assert!(told.mos.is_some_and(|mos| (3.5..4.4).contains(&mos)), "{:?}", told.mos);
}

#[test]
fn what_nobody_knows_is_absent() {
    let unknown = StreamRow {
        codec: None,
        clock_rate: None,
        clock_by: None,
        kind: None,
        jitter_nanos: None,
        jitter_nanos_mean: None,
        jitter_nanos_max: None,
        first_seen: Timestamp::EPOCH,
        last_seen: Timestamp::EPOCH,
        reported: Some(Reported::default()),
        ..stream(0)
    };
    let (told, _) = kept([unknown]).first(1, &CallOf::default(), START);
    let [told] = told.try_into().unwrap();
    assert_eq!((told.codec, told.clock_rate, told.kind, told.call), (None, None, None, None));
    assert_eq!((told.jitter_ms, told.jitter_ms_mean, told.jitter_ms_max), (None, None, None));
    assert_eq!((told.first_seen, told.duration_s, told.active), (None, None, false));
    assert_eq!((told.mos, told.mos_basis.missing), (None, Some(MosMissing::UnknownCodec)));
    let reported = told.reported.unwrap();
    assert_eq!((reported.jitter_ms, reported.rtt_ms_mean), (None, None));
}

#[test]
fn a_later_row_takes_the_place_of_the_one_before() {
    let mut streams = kept([stream(0)]);
    let step = StreamStep { packets: 50, expected: 50, received: 50, ..StreamStep::default() };
    let later = StreamRow {
        packets: 200,
        codec: Some("opus"),
        payload_types: &[(96, 200)],
        course: &[step, step],
        last_seen: START.plus_nanos(4_000_000_000),
        ..stream(0)
    };
    streams.update(&later);
    assert_eq!(streams.rows().collect::<Vec<_>>(), [later]);
    assert_eq!(streams.seen(), 1);
    // Active until 5 s after its last packet, at 4 s.
    let active = [8, 9, 10].map(|second| streams.active(START.plus_nanos(second * 1_000_000_000)));
    assert_eq!(active, [1, 1, 0]);
}

#[test]
fn a_course_tells_each_step_by_itself() {
    let step = |packets, received, jitter_packets| StreamStep {
        packets,
        expected: 50,
        received,
        jitter_micros_sum: 100_000,
        jitter_packets,
        jitter_micros_max: 3_000,
    };
    let steps = [step(50, 50, 50), step(41, 40, 40), StreamStep::default()];
    let mut streams = Streams::default();
    streams.update(&StreamRow { course: &steps, ..stream(5) });
    let course = streams.course(5).unwrap();
    assert_eq!((course.stream, course.steps.len()), (5, 3));
    near(course.from_ms, 1_700_000_000_000.0);
    near(Some(course.step_s), 1.0);
    let [good, bad, silent] = course.steps.try_into().unwrap();
    // 100 ms in 50 packets and in 40; 10 of 50 lost.
    near(good.jitter_ms, 2.0);
    near(bad.jitter_ms, 2.5);
    near(good.lost_percentage, 0.0);
    near(bad.lost_percentage, 20.0);
    assert!(good.mos.unwrap() > bad.mos.unwrap() + 1.0, "{good:?} {bad:?}");
    assert_eq!((silent.packets, silent.lost_percentage, silent.jitter_ms, silent.mos), (0, None, None, None));
    assert_eq!(streams.course(4), None);
}

#[test]
fn the_newest_are_told_behind_those_of_calls() {
    let streams = kept((0..6).map(stream));
    let calls = [call(1, &[2, 0]), call(0, &[0])];
    let call_of = CallOf::from_iter([(2, 1), (0, 1)]);
    assert_eq!(ids(streams.newest(4, &calls, &call_of, START)), (vec![2, 0, 5, 4], 2));
    assert_eq!(ids(streams.first(4, &call_of, START)), (vec![0, 1, 2, 3], 2));
    // Two streams to a flow.
    let of_flow = streams.of_flow(1, &call_of, START);
    assert_eq!(of_flow.iter().map(|it| (it.id, it.call)).collect::<Vec<_>>(), [(2, Some(1)), (3, None)]);
}

#[test]
fn beyond_the_bound_ended_streams_give_way_and_are_counted() {
    let bound = u64::try_from(STREAMS).unwrap();
    let ended = |serial| StreamRow { ended: serial == 3 || serial == 5, ..stream(serial) };
    let mut streams = kept((0..bound + 2).map(ended));
    // 3 and 5 made room for two.
    assert_eq!((streams.rows().count(), streams.course(3), streams.course(5)), (STREAMS, None, None));
    // Nobody else has ended: the newest is left out, and what is kept goes on.
    streams.update(&stream(bound + 2));
    streams.update(&StreamRow { packets: 500, ..stream(4) });
    assert_eq!((streams.seen(), streams.course(bound + 2)), (bound + 3, None));
    assert_eq!(streams.rows().find(|row| row.serial == 4).unwrap().packets, 500);
    let (told, omitted) = streams.first(STREAMS, &CallOf::default(), START);
    assert_eq!((told.len(), omitted), (STREAMS, 3));
}
