//! One stream, or what may become one.

use std::sync::Arc;

use netsonde_dissect::rtcp::Block;
use netsonde_dissect::rtp::{PayloadType, Rtp};
use netsonde_units::{NANOS_PER_SECOND, Timestamp, Volume};

use super::beat::{Timekeeper, format_of};
use super::course::Course;
use super::sequence::{Came, Sequence};
use crate::{
    Announcement, ClockBy, FlowId, FlowKey, FoundBy, MediaKind, Reported, RtpEvent, Side, StreamRow,
};

/// Payload types listed of a stream: what a call uses, and a few.
const TYPES: usize = 8;
/// Reports of its sender that may still be answered.
const REPORTS: usize = 4;
/// Numbers that a packet may be ahead for it to follow the one before.
const NEAR: u16 = 16;
/// Ticks that it may be ahead: ten seconds of video. Pictures may come before those that are shown first.
const SOON: std::ops::Range<i32> = -(1 << 16)..1 << 20;

/// After so long a time nothing that was sent before still comes.
const SILENCE_NANOS: u64 = 2 * NANOS_PER_SECOND;

/// Where a stream belongs.
#[derive(Clone, Copy, Debug)]
pub(super) struct Origin {
    pub(super) flow: FlowId,
    pub(super) key: FlowKey,
    pub(super) sender: Side,
    pub(super) ssrc: u32,
}

/// What speaks for a candidate.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Shape {
    /// How many packets have followed the one before.
    pub(super) run: u8,
    /// Whether their timestamps have advanced.
    pub(super) advances: bool,
    /// Whether RTCP has spoken of it.
    pub(super) is_named: bool,
    latest_timestamp: u32,
}

/// A stream since its first packet. One that is not found yet is a candidate.
#[derive(Debug)]
pub(super) struct Stream {
    /// Its number; 0 for a candidate.
    pub(super) serial: u64,
    pub(super) origin: Origin,
    pub(super) found_by: Option<FoundBy>,
    pub(super) announced: Option<Arc<Announcement>>,
    pub(super) is_protected: bool,
    pub(super) is_touched: bool,
    pub(super) has_ended: bool,
    pub(super) shape: Shape,
    types: [(u8, u32); TYPES],
    used_types: usize,
    first_seen: Timestamp,
    pub(super) last_seen: Timestamp,
    volume: Volume,
    payload_bytes: u64,
    sequence: Sequence,
    time: Timekeeper,
    marked: u32,
    reported: Option<Reported>,
    /// The latest reports of its sender: the middle of their time, and when they came.
    sent_reports: [Option<(u32, Timestamp)>; REPORTS],
    next_report: usize,
    course: Course,
}

impl Stream {
    /// Begins with its first packet.
    pub(super) fn begin(
        origin: Origin,
        announced: Option<Arc<Announcement>>,
        rtp: &Rtp,
        wire_len: u32,
        at: Timestamp,
    ) -> Self {
        let mut stream = Self {
            serial: 0,
            origin,
            found_by: None,
            is_protected: false,
            is_touched: false,
            has_ended: false,
            shape: Shape { latest_timestamp: rtp.timestamp, ..Shape::default() },
            types: [(0, 0); TYPES],
            used_types: 0,
            first_seen: at,
            last_seen: at,
            volume: Volume::ZERO,
            payload_bytes: 0,
            sequence: Sequence::begin(rtp.sequence),
            time: Timekeeper::begin(rtp.payload_type, announced.as_deref()),
            marked: 0,
            reported: None,
            sent_reports: [None; REPORTS],
            next_report: 0,
            course: Course::default(),
            announced,
        };
        stream.note(rtp, wire_len, at, RtpEvent { expected: 1, received: 1, ..RtpEvent::default() });
        stream
    }

    /// Takes in a packet after the first one; tells what it changes.
    #[inline]
    pub(super) fn take_in(&mut self, rtp: &Rtp, wire_len: u32, at: Timestamp) -> RtpEvent {
        let (came, event) = if at.nanos_since(self.last_seen) < SILENCE_NANOS {
            self.sequence.take_in(rtp.sequence)
        } else {
            self.sequence.take_in_after_silence(rtp.sequence)
        };
        if self.found_by.is_none() {
            self.weigh(came, rtp);
        }
        match came {
            Came::Ahead(_) | Came::Behind => self.note(rtp, wire_len, at, event),
            Came::Restarted => {
                self.time.restart();
                self.note(rtp, wire_len, at, event)
            }
            // Its time is as doubtful as its number.
            Came::Strayed => self.note(rtp, wire_len, Timestamp::EPOCH, event),
        }
    }

    /// Counts a packet; its jitter joins what it changes. One without a stamp has none.
    #[inline]
    fn note(&mut self, rtp: &Rtp, wire_len: u32, at: Timestamp, event: RtpEvent) -> RtpEvent {
        self.volume += Volume::packet(wire_len.into());
        self.payload_bytes += u64::from(rtp.payload_len);
        self.count_type(rtp.payload_type);
        if rtp.marker && !self.time.is_aside(rtp, self.announced.as_deref()) {
            self.marked = self.marked.saturating_add(1);
        }
        if at == Timestamp::EPOCH {
            self.course.packet(self.last_seen.nanos_since(self.first_seen), &event);
            return event;
        }
        self.last_seen = self.last_seen.max(at);
        let Self { time, course, first_seen, .. } = self;
        let after = at.nanos_since(*first_seen);
        course.packet(after, &event);
        let jitter_nanos = time.observe(rtp, at, self.announced.as_deref(), |at, nanos| {
            course.jitter(at.nanos_since(*first_seen), nanos);
        });
        if let Some(nanos) = jitter_nanos {
            course.jitter(after, nanos);
        }
        RtpEvent { jitter_nanos, ..event }
    }

    /// Weighs whether a packet speaks for a stream or against one; a late one or a copy does neither.
    fn weigh(&mut self, came: Came, rtp: &Rtp) {
        let ticks = rtp.timestamp.wrapping_sub(self.shape.latest_timestamp).cast_signed();
        match came {
            Came::Behind => {}
            Came::Ahead(by) if by <= NEAR && SOON.contains(&ticks) && rtp.payload_type.is_usable() => {
                self.shape.run = self.shape.run.saturating_add(1);
                self.shape.advances |= ticks != 0;
                self.shape.latest_timestamp = rtp.timestamp;
            }
            Came::Ahead(_) | Came::Strayed | Came::Restarted => {
                self.shape = Shape { run: 0, advances: false, latest_timestamp: rtp.timestamp, ..self.shape };
            }
        }
    }

    #[inline]
    fn count_type(&mut self, payload_type: PayloadType) {
        let used = self.types.iter_mut().take(self.used_types);
        if let Some((_, packets)) = used.into_iter().find(|(known, _)| *known == payload_type.0) {
            *packets = packets.saturating_add(1);
        } else if let Some(place) = self.types.get_mut(self.used_types) {
            *place = (payload_type.0, 1);
            self.used_types += 1;
        }
    }

    /// Tells whether it began with a payload type that was announced, or none was: the ports of a call that is over may be
    /// used for something else.
    pub(super) fn is_as_announced(&self) -> bool {
        let Some(announced) = self.announced.as_deref() else { return false };
        let (first, _) = self.types[0];
        announced.formats.is_empty() || format_of(PayloadType(first), Some(announced)).is_some()
    }

    /// It is one, by this evidence; the strongest counts.
    pub(super) fn find(&mut self, by: FoundBy) {
        if self.found_by.is_none() {
            self.course.reserve();
        }
        self.found_by = Some(self.found_by.map_or(by, |known| known.min(by)));
    }

    /// Tells whether an announcement may be of it: once a call has announced it, another call that uses the same ports has
    /// streams of its own.
    pub(super) fn may_learn(&self, announced: &Announcement) -> bool {
        self.announced.as_deref().is_none_or(|known| known.call.is_none() || known.call == announced.call)
    }

    /// Takes note of what was announced of it.
    pub(super) fn learn(&mut self, announced: Arc<Announcement>) {
        self.announced = Some(announced);
        let Self { time, course, first_seen, .. } = self;
        time.learn(self.announced.as_deref(), |at, nanos| {
            course.jitter(at.nanos_since(*first_seen), nanos);
        });
    }

    /// Returns all that it told while it was a candidate.
    pub(super) fn told(&self) -> RtpEvent {
        let counts = self.sequence.counts();
        let narrow = |count| u32::try_from(count).unwrap_or(u32::MAX);
        RtpEvent {
            expected: narrow(counts.expected),
            received: narrow(counts.received),
            duplicates: narrow(counts.duplicates),
            out_of_order: narrow(counts.out_of_order),
            jitter_nanos: None,
        }
    }

    /// Takes note of a report that its sender sent: the middle of its time stamp, and when it came.
    pub(super) fn sender_reported(&mut self, ntp_middle: u32, at: Timestamp) {
        if let Some(place) = self.sent_reports.get_mut(self.next_report) {
            *place = Some((ntp_middle, at));
            self.next_report = (self.next_report + 1) % REPORTS;
        }
    }

    /// Takes note of what its receiver reported; tells the round trip from here to the receiver, in nanoseconds, where it
    /// answers a report of the sender (RFC 3550 section 6.4.1).
    pub(super) fn receiver_reported(&mut self, block: &Block, at: Timestamp) -> Option<u64> {
        let sent = self.sent_reports.iter().flatten().find(|(middle, _)| *middle == block.last_report);
        // The delay is in units of 2^-16 s.
        let delay_nanos = (u64::from(block.delay) * 1_000_000_000) >> 16;
        let round_trip = sent
            .filter(|_| block.last_report != 0)
            .and_then(|(_, sent_at)| at.nanos_since(*sent_at).checked_sub(delay_nanos));
        let reported = self.reported.get_or_insert_default();
        reported.reports = reported.reports.saturating_add(1);
        (reported.fraction_lost, reported.lost, reported.jitter) =
            (block.fraction_lost, block.lost, block.jitter);
        if let Some(nanos) = round_trip {
            reported.round_trip.add(nanos);
        }
        round_trip
    }

    /// Returns the row of the stream as it stands; none of a candidate.
    pub(super) fn row(&self) -> Option<StreamRow<'_>> {
        let types = self.types.get(..self.used_types).unwrap_or_default();
        // Of several with as many packets, the first one.
        let &(main, _) = types.iter().rev().max_by_key(|(_, packets)| packets)?;
        let main = PayloadType(main);
        let announced = self.announced.as_deref();
        let signalled = format_of(main, announced).map(|format| &*format.codec);
        let clock = self.time.clock(main, announced);
        let kind = self.kind(main, clock);
        let jitter = self.time.jitter();
        let counts = self.sequence.counts();
        let Origin { flow, key, sender, ssrc } = self.origin;
        Some(StreamRow {
            serial: self.serial,
            conversation: flow,
            key,
            sender,
            ssrc,
            found_by: self.found_by?,
            is_protected: self.is_protected,
            kind,
            payload_type: main.0,
            payload_types: types,
            codec: signalled.or_else(|| main.assigned().map(|it| it.codec)),
            clock_rate: clock.map(|(rate, _)| rate),
            clock_by: clock.map(|(_, by)| by),
            call: announced.and_then(|it| it.call.as_deref()),
            first_seen: self.first_seen,
            last_seen: self.last_seen,
            packets: self.volume.packets,
            bytes: self.volume.bytes,
            payload_bytes: self.payload_bytes,
            expected: counts.expected,
            received: counts.received,
            duplicates: counts.duplicates,
            out_of_order: counts.out_of_order,
            restarts: counts.restarts,
            talk_spurts: if kind == Some(MediaKind::Audio) { self.marked } else { 0 },
            loss_runs: counts.loss_runs,
            longest_loss: counts.longest_loss,
            jitter_nanos: jitter.map(|(latest, _, _)| latest),
            jitter_nanos_mean: jitter.map(|(_, mean, _)| mean),
            jitter_nanos_max: jitter.map(|(_, _, max)| max),
            reported: self.reported,
            course: self.course.steps(),
            step_nanos: self.course.step_nanos(),
            ended: self.has_ended,
        })
    }

    /// Tells what it carries. Where nobody says, 90 kHz are video's clock (RFC 3551 section 5), and others sound's.
    fn kind(&self, main: PayloadType, clock: Option<(u32, ClockBy)>) -> Option<MediaKind> {
        const VIDEO: u32 = 90_000;
        let signalled = self.announced.as_deref().map(|it| it.kind);
        let assigned =
            || main.assigned().map(|it| if it.is_video { MediaKind::Video } else { MediaKind::Audio });
        signalled.or_else(assigned).or_else(|| match clock? {
            (VIDEO, _) => Some(MediaKind::Video),
            _ => Some(MediaKind::Audio),
        })
    }
}
