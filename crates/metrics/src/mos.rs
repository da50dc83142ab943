//! What a listener would say of a stream of speech (ITU-T G.107), and what that rests on.

mod codec;
mod model;

use std::time::Duration;

use netsonde_flow::{MediaKind, StreamRow, StreamStep};
use netsonde_units::Ratio;

use self::codec::Codec;
use self::model::Conditions;

/// The least that a receiver's jitter buffer holds: a packet of the usual length.
const LEAST_BUFFER: Duration = Duration::from_millis(20);

/// The speech in a packet where its codec does not tell by the bytes (RFC 3551 section 4.2).
const USUAL_PACKET: Duration = Duration::from_millis(20);

/// The speech in a packet goes in tens of milliseconds, at most so many.
const MOST_TENS: u64 = 20;

/// How a listener would judge speech, and what that rests on.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Judgement {
    /// The transmission rating R, 0 to 100 (ITU-T G.107 section 7.1).
    pub rating: f64,
    /// From mouth to ear: the way as far as measured, the speech in a packet, and the receiver's jitter buffer.
    pub delay: Duration,
    /// Whether the way is a part of that, measured by RTCP; else it is taken as nothing.
    pub is_delay_measured: bool,
    /// The codec's impairment without loss, Ie (ITU-T G.113 appendix I).
    pub impairment: f64,
    /// How well the codec bears loss, Bpl (ITU-T G.113 appendix I).
    pub robustness: f64,
    /// How much longer the runs of lost packets are than they would be at random, `BurstR`: at least 1.
    pub burst_ratio: f64,
}

impl Judgement {
    /// Returns the mean opinion score, 1.0 to 4.5 (ITU-T G.107 annex B).
    pub fn mos(&self) -> f64 {
        model::opinion(self.rating)
    }
}

/// Why speech is not judged.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unjudged {
    /// Nothing tells the codec.
    UnknownCodec,
    /// ITU-T G.113 has no figures for the codec.
    NoFigures,
    /// It is not speech.
    NotSpeech,
}

/// Judges a stream by its loss and jitter over all its time (METRICS.md "MOS").
///
/// # Errors
///
/// Says why it is not judged.
pub fn judge(row: &StreamRow<'_>) -> Result<Judgement, Unjudged> {
    let jitter = Duration::from_nanos(row.jitter_nanos_mean.unwrap_or(0));
    judge_as(row, Ratio::of(lost(row), row.expected), jitter)
}

/// Judges a step of a stream by the loss and jitter in it alone; none where nothing was sent in it.
///
/// # Errors
///
/// Says why the stream is not judged.
pub fn judge_step(row: &StreamRow<'_>, step: &StreamStep) -> Result<Option<Judgement>, Unjudged> {
    let jitter = step.jitter_micros_sum.checked_div(step.jitter_packets.into()).unwrap_or(0);
    let judged = judge_as(row, step_loss(step), Duration::from_micros(jitter))?;
    Ok((step.packets > 0 || step.expected > 0).then_some(judged))
}

/// Returns the loss in a step of a stream; none where nothing was sent in it. What came late makes up for others.
pub fn step_loss(step: &StreamStep) -> Option<Ratio> {
    Ratio::of(step.expected.saturating_sub(step.received).into(), step.expected.into())
}

/// Returns how many packets of a stream are missing.
pub const fn lost(row: &StreamRow<'_>) -> u64 {
    row.expected.saturating_sub(row.received)
}

fn judge_as(row: &StreamRow<'_>, loss: Option<Ratio>, jitter: Duration) -> Result<Judgement, Unjudged> {
    let &Codec { impairment, robustness, .. } = codec(row)?;
    let way = way(row);
    let delay = way.unwrap_or(Duration::ZERO) + speech_in_packet(row) + (jitter * 2).max(LEAST_BUFFER);
    let burst_ratio = burst_ratio(row);
    let loss_ratio = loss.map_or(0.0, Ratio::value);
    let rating = model::rate(&Conditions { delay, loss_ratio, impairment, robustness, burst_ratio });
    Ok(Judgement { rating, delay, is_delay_measured: way.is_some(), impairment, robustness, burst_ratio })
}

fn codec(row: &StreamRow<'_>) -> Result<&'static Codec, Unjudged> {
    match row.kind {
        Some(MediaKind::Video | MediaKind::Other) => return Err(Unjudged::NotSpeech),
        Some(MediaKind::Audio) | None => {}
    }
    let name = row.codec.ok_or(Unjudged::UnknownCodec)?;
    if codec::is_no_speech(name) {
        return Err(Unjudged::NotSpeech);
    }
    codec::named(name, row.clock_rate).ok_or(Unjudged::NoFigures)
}

/// The way to the receiver: half of what is measured there and back.
fn way(row: &StreamRow<'_>) -> Option<Duration> {
    let round_trip = row.reported?.round_trip;
    let mean = round_trip.sum.checked_div(round_trip.count.into())?;
    Some(Duration::from_nanos(mean / 2))
}

/// The speech in a packet by its mean bytes, to ten milliseconds: an authentication tag is no speech.
fn speech_in_packet(row: &StreamRow<'_>) -> Duration {
    let bytes_per_ten = codec(row).map_or(0, |codec| codec.bytes_per_ten_ms);
    let packet = row.payload_bytes.checked_div(row.packets).unwrap_or(0);
    match (packet + bytes_per_ten / 2).checked_div(bytes_per_ten) {
        Some(tens) => Duration::from_millis(tens.clamp(1, MOST_TENS) * 10),
        None => USUAL_PACKET,
    }
}

/// The mean run of lost packets in that of as much loss at random, which is `1 / (1 - loss)`.
fn burst_ratio(row: &StreamRow<'_>) -> f64 {
    let (lost, runs) = (lost(row), row.loss_runs);
    match Ratio::of(lost, row.expected).map(Ratio::value) {
        Some(loss) if runs > 0 => (lost as f64 / f64::from(runs) * (1.0 - loss)).max(1.0),
        Some(_) | None => 1.0,
    }
}

#[cfg(test)]
mod tests {
    use std::net::IpAddr;

    use netsonde_dissect::IpProtocol;
    use netsonde_flow::{DelaySums, FlowId, FlowKey, FoundBy, Reported, Side};
    use netsonde_units::Timestamp;

    use super::*;

    /// 1,000 packets of 20 ms of G.711, none lost, without jitter.
    fn stream() -> StreamRow<'static> {
        let address = |text: &str| text.parse::<IpAddr>().unwrap();
        let ports = Some((6_000, 7_000));
        let (key, sender) = FlowKey::new(IpProtocol::UDP, address("192.0.2.1"), address("192.0.2.2"), ports);
        assert_eq!(sender, Side::Low);
        StreamRow {
            serial: 0,
            conversation: FlowId { slot: 0, serial: 0 },
            key,
            sender,
            ssrc: 1,
            found_by: FoundBy::Signalling,
            is_protected: false,
            kind: Some(MediaKind::Audio),
            payload_type: 0,
            payload_types: &[(0, 1_000)],
            codec: Some("PCMU"),
            clock_rate: Some(8_000),
            clock_by: None,
            call: None,
            first_seen: Timestamp::EPOCH,
            last_seen: Timestamp::EPOCH,
            packets: 1_000,
            bytes: 214_000,
            payload_bytes: 160_000,
            expected: 1_000,
            received: 1_000,
            duplicates: 0,
            out_of_order: 0,
            restarts: 0,
            talk_spurts: 0,
            loss_runs: 0,
            longest_loss: 0,
            jitter_nanos: Some(0),
            jitter_nanos_mean: Some(0),
            jitter_nanos_max: Some(0),
            reported: None,
            course: &[],
            step_nanos: 0,
            ended: false,
        }
    }

    fn delay_ms(row: &StreamRow<'_>) -> u128 {
        judge(row).unwrap().delay.as_millis()
    }

    #[test]
    fn a_stream_without_loss_is_judged_by_its_codec_and_a_short_delay() {
        let judged = judge(&stream()).unwrap();
        // 20 ms in a packet and the least buffer of 20 ms; nothing is known of the way.
        assert_eq!((judged.delay.as_millis(), judged.is_delay_measured), (40, false));
        // 93.2 (ITU-T G.107 section 7.7) less echoes: to the talker 0.81, to the listener 0.54 - 0.15 more than without delay.
        // Annex B makes of 92.0: 1 + 0.035 x 92 + 92 x 32 x 8 x 7e-6 = 4.385.
        assert!((judged.rating - 92.0).abs() < 0.02, "{}", judged.rating);
        assert!((judged.mos() - 4.385).abs() < 0.001, "{}", judged.mos());
        assert_eq!((judged.impairment, judged.robustness, judged.burst_ratio), (0.0, 25.1, 1.0));
    }

    #[test]
    fn delay_adds_the_way_the_packet_and_the_buffer() {
        // 15 ms of mean jitter: a buffer of 30 ms beside the 20 ms in a packet.
        let jitter = StreamRow { jitter_nanos_mean: Some(15_000_000), ..stream() };
        assert_eq!(delay_ms(&jitter), 50);
        // Two round trips of 90 and 110 ms: the way is half of their mean, 50 ms.
        let round_trip = DelaySums { count: 2, sum: 200_000_000, ..DelaySums::default() };
        let reported = Some(Reported { reports: 2, round_trip, ..Reported::default() });
        let measured = StreamRow { reported, ..stream() };
        assert_eq!(delay_ms(&measured), 90);
        assert!(judge(&measured).unwrap().is_delay_measured);
        // Packets of 240 bytes hold 30 ms of G.711, and still do with 10 bytes of authentication; of 30 bytes, 30 ms of G.729.
        assert_eq!(delay_ms(&StreamRow { payload_bytes: 240_000, ..stream() }), 50);
        assert_eq!(delay_ms(&StreamRow { payload_bytes: 250_000, ..stream() }), 50);
        assert_eq!(delay_ms(&StreamRow { payload_bytes: 30_000, codec: Some("G729"), ..stream() }), 50);
    }

    #[test]
    fn loss_in_bursts_is_worse_than_at_random() {
        // 50 of 1,000 in 50 runs: at random runs would be 1 / 0.95 long, so these of 1 are none.
        let random = StreamRow { received: 950, loss_runs: 50, ..stream() };
        // In 25 runs of 2: 2 x 0.95.
        let bursts = StreamRow { loss_runs: 25, ..random };
        let (random, bursts) = (judge(&random).unwrap(), judge(&bursts).unwrap());
        assert_eq!((random.burst_ratio, bursts.burst_ratio), (1.0, 1.9));
        // Ie-eff = 95 x 5 / (5 + 25.1) = 15.78, in bursts 95 x 5 / (5 / 1.9 + 25.1) = 17.13.
        let clean = judge(&stream()).unwrap().rating;
        assert!((clean - random.rating - 15.78).abs() < 0.01, "{}", random.rating);
        assert!((clean - bursts.rating - 17.13).abs() < 0.01, "{}", bursts.rating);
    }

    #[test]
    fn what_has_no_figures_is_not_judged_and_says_why() {
        let of = |kind, codec| judge(&StreamRow { kind, codec, ..stream() }).unwrap_err();
        let audio = Some(MediaKind::Audio);
        assert_eq!(of(audio, None), Unjudged::UnknownCodec);
        assert_eq!(of(None, None), Unjudged::UnknownCodec);
        assert_eq!(of(audio, Some("opus")), Unjudged::NoFigures);
        assert_eq!(of(Some(MediaKind::Video), Some("H264")), Unjudged::NotSpeech);
        assert_eq!(of(Some(MediaKind::Other), None), Unjudged::NotSpeech);
        assert_eq!(of(audio, Some("telephone-event")), Unjudged::NotSpeech);
        // G.711's names at twice the clock are other codecs.
        assert_eq!(judge(&StreamRow { clock_rate: Some(16_000), ..stream() }), Err(Unjudged::NoFigures));
    }

    #[test]
    fn a_step_is_judged_by_what_happened_in_it() {
        let row = StreamRow { received: 980, loss_runs: 20, ..stream() };
        let step = |packets, expected, received| StreamStep {
            packets,
            expected,
            received,
            jitter_micros_sum: 500_000,
            jitter_packets: packets,
            jitter_micros_max: 20_000,
        };
        let good = judge_step(&row, &step(50, 50, 50)).unwrap().unwrap();
        let bad = judge_step(&row, &step(40, 50, 40)).unwrap().unwrap();
        // Jitter 500 / 50 = 10 ms: a buffer of 20 ms; 500 / 40 = 12.5 ms: one of 25 ms.
        assert_eq!((good.delay.as_millis(), bad.delay.as_millis()), (40, 45));
        // 20 % lost: Ie-eff = 95 x 20 / (20 + 25.1) = 42.13.
        assert!((good.rating - bad.rating - 42.13).abs() < 0.5, "{} {}", good.rating, bad.rating);
        assert_eq!(judge_step(&row, &StreamStep::default()), Ok(None));
        // More than was expected came: late ones of the step before.
        assert_eq!(step_loss(&step(60, 50, 60)).map(Ratio::value), Some(0.0));
    }
}
