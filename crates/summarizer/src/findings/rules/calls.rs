//! What people hear of streams of RTP and of calls.

use std::collections::BTreeMap;
use std::net::SocketAddr;

use netsonde_messages::{EvidenceItem, Fact, RtpStream, Severity, StreamKind, Subject, Unit};
use netsonde_units::quantity::{delay, mos, percentage};

use super::super::kept::{Kept, Reading, Sign};
use super::super::limits::{EVIDENCE, Number, STREAM_PACKETS};
use super::super::moment::milliseconds;
use super::Context;
use crate::see;

/// The number by which a stream is judged.
type Judged<'a> = (Number, f64, u64, &'a RtpStream);

/// Streams that people hear to be bad, those of a call together.
pub(in super::super) fn poor(of: &Context<'_>, kept: &mut Kept) {
    let mut by_subject: BTreeMap<Subject, Vec<Judged<'_>>> = BTreeMap::new();
    for stream in &of.figures.measured.calls.streams {
        let Some(judged) = judged(stream) else { continue };
        let subject = stream.call.map_or(Subject::Stream(stream.id), Subject::Call);
        by_subject.entry(subject).or_default().push(judged);
    }
    for (subject, mut streams) in by_subject {
        // What the worst of them is bad by is what is said of all.
        let Some(number) = streams.iter().max_by_key(|judged| level(judged)).map(|judged| judged.0) else {
            continue;
        };
        streams.retain(|judged| judged.0 == number);
        let falls = number.limit().falls;
        streams.sort_by(
            |(_, value, ..), (_, other, ..)| {
                if falls { value.total_cmp(other) } else { other.total_cmp(value) }
            },
        );
        let Some((_, value, bad, worst)) = streams.first().copied() else { continue };
        let first_ms = worst.first_seen.as_deref().and_then(milliseconds);
        let is_active = streams.iter().any(|(_, _, _, stream)| stream.active);
        let ended_ms = first_ms.zip(worst.duration_s).map(|(first, lasted)| first + lasted * 1_000.0);
        let packets = streams.iter().map(|(_, _, _, stream)| stream.packets).sum();
        let reading = Reading {
            // A stream that is over holds no longer: it has ended so.
            grows: Some(packets),
            first_ms,
            last_ms: ended_ms.filter(|_| !is_active),
            ..Reading::new(number, subject.clone(), value, bad)
        };
        kept.read(of.at, &reading, |severity| sign(of, &subject, &streams, (number, value), severity));
    }
}

/// Judges a stream by its MOS, its loss and, of sound, its jitter, whichever is worst. The MOS knows the loss that a codec
/// bears and nothing of jitter: what comes too late for the receiver's buffer is not lost here.
fn judged(stream: &RtpStream) -> Option<Judged<'_>> {
    if stream.packets < STREAM_PACKETS {
        return None;
    }
    let jitter = stream.jitter_ms_mean.filter(|_| stream.kind == Some(StreamKind::Audio));
    let losing = if stream.mos.is_some() { Number::SpeechLoss } else { Number::StreamLoss };
    let judged = [
        jitter.map(|jitter| (Number::StreamJitter, jitter, 0, stream)),
        stream.lost_percentage.map(|loss| (losing, loss, stream.lost, stream)),
        stream.mos.map(|mos| (Number::Mos, mos, 0, stream)),
    ];
    // Of equal ones the last is taken.
    judged.into_iter().flatten().max_by_key(level)
}

fn level((number, value, bad, _): &Judged<'_>) -> Option<Severity> {
    let limit = number.limit();
    limit.level(*value).filter(|_| *bad >= limit.least)
}

fn sign(
    of: &Context<'_>,
    subject: &Subject,
    streams: &[Judged<'_>],
    (number, value): (Number, f64),
    severity: Severity,
) -> Sign {
    let page = || match subject {
        Subject::Call(id) => see::call(*id),
        _ => streams.first().map_or_else(see::calls, |(_, _, _, stream)| see::stream(stream.id)),
    };
    let unit = number.limit().unit;
    let what = if matches!(subject, Subject::Call(_)) { "call" } else { "stream" };
    let (label, method, title) = match number {
        Number::Mos if severity == Severity::Critical => {
            ("MOS", "ITU-T G.107", format!("A {what} is hard to understand"))
        }
        Number::Mos => ("MOS", "ITU-T G.107", format!("A {what} sounds poor")),
        Number::StreamJitter => ("Jitter, mean", "RFC 3550", format!("A {what} arrives unevenly")),
        _ => ("RTP loss", "by sequence numbers (RFC 3550)", format!("A {what} loses packets")),
    };
    let fact = of.number(label, subject, (value, unit), method, page());
    let mut facts = vec![fact];
    if let (Number::Mos, Some((_, _, _, worst))) = (number, streams.first()) {
        facts.extend(causes(of, subject, worst));
    }
    Sign {
        title,
        value: facts.first().map_or_else(String::new, |fact| fact.text.clone()),
        meaning: "People hear gaps or distortion, or see the picture break. Packets were lost, or came too late or too \
                  unevenly to be played."
            .into(),
        advice: "Look at the stream's course. Bursts of loss speak for a full link: give sound and pictures priority \
                 there; steady loss speaks for a bad radio or cable."
            .into(),
        evidence: streams.iter().take(EVIDENCE).map(|(_, _, _, stream)| evidence(stream)).collect(),
        facts,
        see: page(),
    }
}

/// What a MOS is low by.
fn causes(of: &Context<'_>, subject: &Subject, stream: &RtpStream) -> Vec<Fact> {
    let page = || see::stream(stream.id);
    let loss = stream.lost_percentage.map(|loss| {
        of.number("RTP loss", subject, (loss, Unit::Percent), "by sequence numbers (RFC 3550)", page())
    });
    let jitter = stream
        .jitter_ms_mean
        .map(|jitter| of.number("Jitter, mean", subject, (jitter, Unit::Milliseconds), "RFC 3550", page()));
    loss.into_iter().chain(jitter).collect()
}

fn evidence(stream: &RtpStream) -> EvidenceItem {
    let mut numbers = Vec::new();
    numbers.extend(stream.mos.map(|score| format!("MOS {}", mos(Some(score)))));
    numbers.extend(stream.lost_percentage.map(|loss| format!("loss {}", percentage(Some(loss)))));
    numbers.extend(stream.jitter_ms_mean.map(|jitter| format!("jitter {}", delay(Some(jitter)))));
    // Two calls between the same hosts have other ports.
    let src = SocketAddr::new(stream.src, stream.src_port);
    let dst = SocketAddr::new(stream.dst, stream.dst_port);
    let text = format!("{src} to {dst}: {}", numbers.join(", "));
    EvidenceItem { text, flow: Some(stream.flow), packet: None, see: see::stream(stream.id) }
}
