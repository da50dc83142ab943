//! What packets of conversations that may have streams are.

use netsonde_dissect::rtp::{Rtp, Shared};
use netsonde_dissect::{Payload, Protocol};

use super::{Heard, Media, MediaId, Told, touch, way_of};
use crate::media::session::Member;
use crate::media::stream::{Origin, Stream};
use crate::record::{Recognition, Record};
use crate::{FlowEvent, FoundBy, RtpEvent, Side, limits};

/// How many packets must follow the one before for a stream: where another stream is known, as RFC 3550 appendix A.1 has
/// it; where the ends searched a way through address translation or agreed on keys; where nothing else speaks for one.
const RUN_BESIDE: u8 = 2;
const RUN_PREPARED: u8 = 4;
const RUN_ALONE: u8 = 8;

/// Bytes of a message of STUN before its attributes.
const STUN_HEADER: u32 = 20;
/// Bytes of a TURN channel before its data.
const CHANNEL_HEADER: u32 = 4;

/// What a packet did to the stream it may be of.
struct Counted {
    number: u32,
    event: RtpEvent,
    is_found: bool,
    /// Whether it speaks for a stream.
    follows: bool,
}

impl Media {
    /// Takes in what has the shape of RTP.
    pub(super) fn take_rtp(&mut self, record: &mut Record, id: MediaId, heard: &Heard<'_>) -> Option<Told> {
        let session = self.sessions.get(id.number())?;
        let is_media = session.is_media;
        // Of what was announced only the version is asked; anything else is of a type that somebody may use.
        let is_expected = is_media || session.announced(heard.side).is_some();
        let rtp = Rtp::parse(heard.payload).filter(|rtp| is_expected || rtp.payload_type.is_usable());
        let Some(rtp) = rtp else {
            if is_media {
                return Some(Told::plain(Protocol::Udp, heard.payload));
            }
            record.spend_look();
            return None;
        };
        let counted = self.count(id, &rtp, heard);
        if let Some(Counted { event, is_found: true, .. }) = counted {
            // Most packets: one more of a stream that is known.
            return Some(self.told(record, id, &rtp, heard, Some(event)));
        }
        if let Some(counted) = &counted
            && let Some(by) = self.evidence(record, id, counted)
        {
            let told = self.find(record, id, counted, by, heard);
            return told
                .map(|(moved, event)| Told { moved, ..self.told(record, id, &rtp, heard, Some(event)) });
        }
        if is_media {
            return Some(self.told(record, id, &rtp, heard, None));
        }
        if !counted.is_some_and(|counted| counted.follows) {
            record.spend_look();
        }
        let session = self.sessions.get_mut(id.number())?;
        session.shaped += heard.volume();
        None
    }

    /// Takes in what is neither RTP nor RTCP. Among streams each packet is what its first byte says (RFC 7983).
    pub(super) fn take_other(
        &mut self,
        record: &mut Record,
        id: MediaId,
        shared: Shared,
        heard: &Heard<'_>,
    ) -> Option<Told> {
        if !self.sessions.get(id.number())?.is_media {
            return None;
        }
        let protocol = match shared {
            Shared::Stun | Shared::TurnChannel if fills(heard.payload, shared) => Protocol::Stun,
            Shared::Dtls if record.has_handshake => Protocol::Dtls,
            _ => Protocol::Udp,
        };
        let recognition = self.protect(record, id, heard);
        Some(Told { moved: [recognition, None], ..Told::plain(protocol, heard.payload) })
    }

    /// What a packet of RTP in a conversation with streams is.
    #[inline]
    fn told(
        &mut self,
        record: &mut Record,
        id: MediaId,
        rtp: &Rtp,
        heard: &Heard<'_>,
        event: Option<RtpEvent>,
    ) -> Told {
        let recognition = self.protect(record, id, heard);
        Told {
            goodput_bytes: rtp.payload_len,
            event: event.map(FlowEvent::Rtp),
            moved: [recognition, None],
            ..Told::plain(record.protocol, heard.payload)
        }
    }

    /// Counts a packet in the stream that it is of, or may be.
    #[inline]
    fn count(&mut self, id: MediaId, rtp: &Rtp, heard: &Heard<'_>) -> Option<Counted> {
        let &Heard { side, wire_len, at, .. } = heard;
        let session = self.sessions.get(id.number())?;
        let Some(member) = session.member(side, rtp.ssrc) else { return self.begin(id, rtp, heard) };
        let stream = self.streams.get_mut(member.stream)?;
        let run = stream.shape.run;
        let event = stream.take_in(rtp, wire_len, at);
        if member.is_found {
            touch(stream, member.stream, &mut self.touched);
        }
        let follows = stream.shape.run > run && (stream.shape.advances || run < 4 * RUN_ALONE);
        Some(Counted { number: member.stream, event, is_found: member.is_found, follows })
    }

    /// Begins a candidate with its first packet. None where there is no room.
    #[cold]
    fn begin(&mut self, id: MediaId, rtp: &Rtp, heard: &Heard<'_>) -> Option<Counted> {
        let &Heard { side, wire_len, at, .. } = heard;
        self.give_way(id, side);
        while self.streams.len() >= limits::STREAMS {
            self.make_room()?;
        }
        let session = self.sessions.get_mut(id.number())?;
        let origin = Origin { flow: session.flow, key: session.key, sender: side, ssrc: rtp.ssrc };
        let announced = session.announced(side).cloned();
        let number = self.streams.put(Stream::begin(origin, announced, rtp, wire_len, at));
        session.members.push(Member { sender: side, ssrc: rtp.ssrc, stream: number, is_found: false });
        let event = RtpEvent { expected: 1, received: 1, ..RtpEvent::default() };
        Some(Counted { number, event, is_found: false, follows: false })
    }

    /// Makes room among the streams of a conversation: the oldest candidate of a side gives way, or the stream that has been
    /// silent for longest.
    fn give_way(&mut self, id: MediaId, side: Side) {
        let Some(session) = self.sessions.get_mut(id.number()) else { return };
        let mut candidates =
            session.members.iter().enumerate().filter(|(_, it)| it.sender == side && !it.is_found);
        let oldest = candidates.next().map(|(index, _)| index);
        let place = if candidates.count() + 1 >= limits::CANDIDATES {
            oldest
        } else if session.members.len() >= limits::STREAMS_EACH {
            self.given_up += 1;
            let last_seen = |member: &Member| self.streams.get(member.stream).map(|stream| stream.last_seen);
            let members = session.members.iter().enumerate();
            members.min_by_key(|(_, member)| last_seen(member)).map(|(index, _)| index)
        } else {
            None
        };
        if let Some(place) = place {
            let member = session.members.remove(place);
            self.end_stream(member.stream);
        }
    }

    /// Tells what speaks for a candidate, where that is enough.
    fn evidence(&self, record: &Record, id: MediaId, counted: &Counted) -> Option<FoundBy> {
        let session = self.sessions.get(id.number())?;
        let stream = self.streams.get(counted.number)?;
        let is_in_use = session.is_media || stream.is_as_announced() || stream.shape.run >= RUN_BESIDE;
        if stream.announced.is_some() && is_in_use {
            return Some(FoundBy::Signalling);
        }
        if stream.shape.is_named || (counted.follows && self.named.contains(&way_of(stream))) {
            return Some(FoundBy::Rtcp);
        }
        let is_prepared = record.has_handshake || record.protocol == Protocol::Stun;
        let needed = match (session.is_media, is_prepared) {
            (true, _) => RUN_BESIDE,
            (false, true) => RUN_PREPARED,
            (false, false) => RUN_ALONE,
        };
        let may_stand = session.is_media || is_prepared;
        let shape = &stream.shape;
        (shape.run >= needed && (shape.advances || may_stand)).then_some(FoundBy::Shape)
    }

    /// A candidate is a stream. Tells what moves by that, and all that the stream has told so far.
    #[cold]
    fn find(
        &mut self,
        record: &mut Record,
        id: MediaId,
        counted: &Counted,
        by: FoundBy,
        heard: &Heard<'_>,
    ) -> Option<([Option<Recognition>; 2], RtpEvent)> {
        let session = self.sessions.get_mut(id.number())?;
        let stream = self.streams.get_mut(counted.number)?;
        let member = session.members.iter_mut().find(|member| member.stream == counted.number)?;
        member.is_found = true;
        // Numbered when it is one, so that numbers count streams: there are many more candidates.
        stream.serial = self.next_serial;
        self.next_serial += 1;
        stream.find(by);
        stream.is_protected = session.is_protected || record.has_handshake;
        touch(stream, counted.number, &mut self.touched);
        self.ways.insert(way_of(stream), counted.number);
        let event = RtpEvent { jitter_nanos: counted.event.jitter_nanos, ..stream.told() };
        let mut moved = [None, None];
        if !std::mem::replace(&mut session.is_media, true) {
            session.is_protected |= record.has_handshake;
            let to = if session.is_protected { Protocol::Srtp } else { Protocol::Rtp };
            moved = record.become_media(to, heard.volume(), session.shaped, session.reports);
        }
        Some((moved, event))
    }

    /// Takes note that what a conversation carries is encrypted, once that is known.
    #[inline]
    fn protect(&mut self, record: &mut Record, id: MediaId, heard: &Heard<'_>) -> Option<Recognition> {
        if record.protocol != Protocol::Rtp {
            return None;
        }
        let session = self.sessions.get_mut(id.number())?;
        session.is_protected |= record.has_handshake;
        if !session.is_protected {
            return None;
        }
        for member in &session.members {
            if let Some(stream) = self.streams.get_mut(member.stream) {
                stream.is_protected = true;
            }
        }
        Some(record.become_protected(heard.volume()))
    }
}

/// Tells whether a datagram has the length that it says as a message of STUN (RFC 8489 section 5), or as data of a TURN
/// channel (RFC 8656 section 12.4), which may be padded: what else goes on the ports of streams, as fax and what keeps them
/// open, begins like them.
fn fills(payload: Payload<'_>, shared: Shared) -> bool {
    let &[_, _, high, low, ..] = payload.bytes else { return false };
    let len = u32::from(u16::from_be_bytes([high, low]));
    match shared {
        Shared::Stun => len % 4 == 0 && payload.wire_len == STUN_HEADER + len,
        _ => (len..len + 4).contains(&payload.wire_len.saturating_sub(CHANNEL_HEADER)),
    }
}
