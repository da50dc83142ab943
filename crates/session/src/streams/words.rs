//! Streams of RTP as messages tell them.

use netsonde_flow::{ClockBy, FoundBy, MediaKind, Reported, StreamRow, StreamStep};
use netsonde_messages as messages;
use netsonde_messages::{
    ClockSource, MosBasis, MosMissing, PayloadType, ReportedQuality, RtpStream, StreamCourse, StreamKind,
    StreamSign, rfc3339,
};
use netsonde_metrics::mos::{self, Judgement, Unjudged};
use netsonde_units::{Ratio, Timestamp};

use super::CallOf;
use crate::listing::spoke_lately;
use crate::parts;
use crate::quality::milliseconds;

/// Puts a stream into words.
pub(crate) fn message(row: &StreamRow<'_>, call_of: &CallOf, now: Timestamp) -> RtpStream {
    let seen = Some((row.first_seen, row.last_seen)).filter(|&(first, _)| first > Timestamp::EPOCH);
    let receiver = row.sender.other();
    let lost = mos::lost(row);
    let judged = mos::judge(row);
    RtpStream {
        id: row.serial,
        flow: row.conversation.serial,
        call: call_of.get(&row.serial).copied(),
        ssrc: row.ssrc,
        src: row.key.address(row.sender),
        src_port: row.key.port(row.sender).unwrap_or_default(),
        dst: row.key.address(receiver),
        dst_port: row.key.port(receiver).unwrap_or_default(),
        payload_type: row.payload_type,
        payload_types: row.payload_types.iter().copied().map(payload_type).collect(),
        codec: row.codec.map(Into::into),
        clock_rate: row.clock_rate,
        clock_by: row.clock_by.map(clock),
        kind: row.kind.map(kind),
        encrypted: row.is_protected,
        found_by: sign(row.found_by),
        active: spoke_lately(row.last_seen, now),
        first_seen: seen.map(|(first, _)| rfc3339(first.nanos())),
        duration_s: seen.map(|(first, last)| last.since(first).as_secs_f64()),
        packets: row.packets,
        bytes: row.bytes,
        expected: row.expected,
        lost,
        lost_percentage: Ratio::of(lost, row.expected).map(Ratio::percentage),
        out_of_order: row.out_of_order,
        duplicates: row.duplicates,
        restarts: row.restarts.into(),
        longest_loss: row.longest_loss.into(),
        talk_spurts: row.talk_spurts.into(),
        jitter_ms: row.jitter_nanos.map(milliseconds),
        jitter_ms_mean: row.jitter_nanos_mean.map(milliseconds),
        jitter_ms_max: row.jitter_nanos_max.map(milliseconds),
        mos: judged.ok().map(|judged| judged.mos()),
        mos_basis: basis(judged),
        reported: row.reported.map(|reported| quality(&reported, row.clock_rate)),
    }
}

/// Puts a stream over its time into words.
pub(crate) fn course(row: &StreamRow<'_>) -> StreamCourse {
    StreamCourse {
        stream: row.serial,
        from_ms: (row.first_seen > Timestamp::EPOCH).then(|| parts::milliseconds(row.first_seen)),
        step_s: milliseconds(row.step_nanos) / 1e3,
        steps: row.course.iter().map(|one| step(row, one)).collect(),
    }
}

fn step(row: &StreamRow<'_>, step: &StreamStep) -> messages::StreamStep {
    messages::StreamStep {
        packets: step.packets.into(),
        lost_percentage: mos::step_loss(step).map(Ratio::percentage),
        jitter_ms: (step.jitter_packets > 0)
            .then(|| step.jitter_micros_sum as f64 / 1e3 / f64::from(step.jitter_packets)),
        mos: mos::judge_step(row, step).ok().flatten().map(|judged| judged.mos()),
    }
}

fn basis(judged: Result<Judgement, Unjudged>) -> MosBasis {
    match judged {
        Ok(judged) => MosBasis {
            missing: None,
            r_factor: Some(judged.rating),
            delay_ms: Some(judged.delay.as_secs_f64() * 1e3),
            delay_is_measured: judged.is_delay_measured,
            codec_impairment: Some(judged.impairment),
            loss_robustness: Some(judged.robustness),
            burst_ratio: Some(judged.burst_ratio),
        },
        Err(unjudged) => MosBasis { missing: Some(missing(unjudged)), ..MosBasis::default() },
    }
}

fn quality(reported: &Reported, clock_rate: Option<u32>) -> ReportedQuality {
    let Reported { reports, fraction_lost, lost, jitter, round_trip } = *reported;
    let clock = clock_rate.filter(|&rate| rate > 0).map(f64::from);
    ReportedQuality {
        reports: reports.into(),
        lost: lost.into(),
        lost_percentage: f64::from(fraction_lost) / 256.0 * 100.0,
        jitter_ms: clock.map(|clock| f64::from(jitter) / clock * 1e3),
        rtt_ms_mean: round_trip.sum.checked_div(round_trip.count.into()).map(milliseconds),
    }
}

fn payload_type((payload_type, packets): (u8, u32)) -> PayloadType {
    PayloadType { payload_type, packets: packets.into() }
}

const fn sign(found_by: FoundBy) -> StreamSign {
    match found_by {
        FoundBy::Signalling => StreamSign::Signalling,
        FoundBy::Rtcp => StreamSign::Rtcp,
        FoundBy::Shape => StreamSign::Shape,
    }
}

const fn clock(clock_by: ClockBy) -> ClockSource {
    match clock_by {
        ClockBy::Signalling => ClockSource::Signalling,
        ClockBy::PayloadType => ClockSource::PayloadType,
        ClockBy::Pace => ClockSource::Pace,
    }
}

const fn kind(kind: MediaKind) -> StreamKind {
    match kind {
        MediaKind::Audio => StreamKind::Audio,
        MediaKind::Video => StreamKind::Video,
        MediaKind::Other => StreamKind::Other,
    }
}

const fn missing(unjudged: Unjudged) -> MosMissing {
    match unjudged {
        Unjudged::UnknownCodec => MosMissing::UnknownCodec,
        Unjudged::NoFigures => MosMissing::NoFigures,
        Unjudged::NotSpeech => MosMissing::NotSpeech,
    }
}
