//! The streams of one worker: where they are kept, and how they are found.

mod packets;
mod reports;
mod rows;

use std::num::NonZeroU32;
use std::sync::Arc;

use foldhash::fast::RandomState;
use hashbrown::HashMap;
use netsonde_dissect::rtp::Shared;
use netsonde_dissect::{Payload, Protocol};
use netsonde_units::{Timestamp, Volume};

use super::announced::Announced;
use super::named::{Named, Way};
use super::pool::Pool;
use super::session::Session;
use super::stream::Stream;
use crate::record::{Recognition, Record};
use crate::{Announcement, FlowEvent, FlowId, FoundBy, Side, limits};

/// Where the streams of a conversation are kept, from 1.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct MediaId(NonZeroU32);

impl MediaId {
    fn of(number: u32) -> Option<Self> {
        NonZeroU32::new(number.checked_add(1)?).map(Self)
    }

    const fn number(self) -> u32 {
        self.0.get() - 1
    }
}

/// A packet of a conversation that may have streams.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Heard<'a> {
    /// The conversation's place.
    pub(crate) slot: u32,
    /// Who sends it.
    pub(crate) side: Side,
    pub(crate) payload: Payload<'a>,
    pub(crate) wire_len: u32,
    pub(crate) at: Timestamp,
}

/// What a packet of a conversation with streams was found to be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Told {
    /// The protocol that it counts as.
    pub(crate) protocol: Protocol,
    /// Application bytes in it.
    pub(crate) goodput_bytes: u32,
    pub(crate) event: Option<FlowEvent>,
    /// What the packets before it are found to be: those of streams, and reports between them.
    pub(crate) moved: [Option<Recognition>; 2],
}

impl Heard<'_> {
    fn volume(&self) -> Volume {
        Volume::packet(self.wire_len.into())
    }
}

impl Told {
    const fn plain(protocol: Protocol, payload: Payload<'_>) -> Self {
        Self { protocol, goodput_bytes: payload.wire_len, event: None, moved: [None, None] }
    }
}

/// The streams of one worker, and what was announced of them.
#[derive(Debug, Default)]
pub(crate) struct Media {
    announced: Announced,
    sessions: Pool<Session>,
    streams: Pool<Stream>,
    /// Streams by who sends to whom: reports may come on other ports.
    ways: HashMap<Way, u32, RandomState>,
    named: Named,
    touched: Vec<u32>,
    ended: Vec<u32>,
    next_serial: u64,
    /// Where to look next for a conversation that gives way.
    hand: u32,
    given_up: u64,
}

impl Media {
    /// Takes in what SDP says of a stream: one that is here already, or one that will come.
    pub(crate) fn announce(&mut self, announcement: &Announcement) {
        self.announced.announce(announcement);
    }

    /// Returns how many streams were given up, or not begun, because there were too many.
    pub(crate) const fn given_up(&self) -> u64 {
        self.given_up
    }

    /// Takes in a packet of a conversation for which [`Record::may_have_media`]. None where it has no stream as far as is
    /// known: it counts as what its conversation is.
    #[inline(never)]
    pub(crate) fn take_in(&mut self, record: &mut Record, heard: &Heard<'_>) -> Option<Told> {
        let shared = Shared::of(heard.payload.bytes);
        match shared {
            Shared::Dtls => record.note_handshake(heard.payload.bytes),
            Shared::Quic | Shared::Other if record.protocol == Protocol::Udp => record.spend_look(),
            _ => {}
        }
        let id = self.session_of(record, shared, heard)?;
        self.learn(id);
        let told = match shared {
            Shared::Rtp => self.take_rtp(record, id, heard),
            Shared::Rtcp => self.take_rtcp(record, id, heard),
            other => self.take_other(record, id, other, heard),
        };
        if !self.sessions.get(id.number()).is_some_and(|session| session.is_media) && record.looks_left == 0 {
            record.media = None;
            self.end_session(id);
        }
        told
    }

    /// Ends the streams of a conversation that ends.
    pub(crate) fn end(&mut self, id: MediaId, serial: u64) {
        if self.is_of(id, serial) {
            self.end_session(id);
        }
    }

    /// Takes note that silence has retired a conversation.
    pub(crate) fn retire(&mut self, id: MediaId, serial: u64) {
        if self.is_of(id, serial) {
            self.set_retired(id, true);
        }
    }

    fn is_of(&self, id: MediaId, serial: u64) -> bool {
        self.sessions.get(id.number()).is_some_and(|session| session.flow.serial == serial)
    }

    /// Returns where the conversation's streams are kept; a packet that may be one's first begins that.
    fn session_of(&mut self, record: &mut Record, shared: Shared, heard: &Heard<'_>) -> Option<MediaId> {
        let serial = record.serial();
        if let Some(id) = record.media {
            if self.is_of(id, serial) {
                let is_media = self.sessions.get(id.number()).is_some_and(|session| session.is_media);
                if is_media || record.may_become_media() {
                    self.set_retired(id, false);
                    return Some(id);
                }
                self.end_session(id);
            }
            record.media = None;
        }
        if !matches!(shared, Shared::Rtp | Shared::Rtcp) || !record.may_become_media() {
            return None;
        }
        if self.sessions.len() >= limits::MEDIA_CONVERSATIONS {
            self.make_room()?;
        }
        let flow = FlowId { slot: heard.slot, serial };
        record.media = MediaId::of(self.sessions.put(Session::new(flow, record.key)));
        record.media
    }

    /// Asks what was announced of a conversation, where something was; what it is told holds for streams known already.
    fn learn(&mut self, id: MediaId) {
        let Self { announced, sessions, streams, .. } = self;
        let Some(session) = sessions.get_mut(id.number()) else { return };
        if !session.may_learn(announced) || !session.learn(announced) {
            return;
        }
        for member in &session.members {
            let Some(stream) = streams.get_mut(member.stream) else { continue };
            let Some(known) = session.announced(member.sender).filter(|known| stream.may_learn(known)) else {
                continue;
            };
            if stream.found_by.is_some() {
                stream.find(FoundBy::Signalling);
            }
            stream.learn(Arc::clone(known));
        }
    }

    fn set_retired(&mut self, id: MediaId, is_retired: bool) {
        let Some(session) = self.sessions.get_mut(id.number()) else { return };
        if std::mem::replace(&mut session.is_retired, is_retired) == is_retired {
            return;
        }
        for member in session.members.iter().filter(|member| member.is_found) {
            let Some(stream) = self.streams.get_mut(member.stream) else { continue };
            stream.has_ended = is_retired;
            touch(stream, member.stream, &mut self.touched);
        }
    }

    /// Ends a conversation of which no stream was found, or that was retired; of few, so that it costs little. None where
    /// there is none.
    fn make_room(&mut self) -> Option<()> {
        for _ in 0..limits::MEDIA_SAMPLE {
            let number = self.hand;
            self.hand = (number + 1) % self.sessions.places().max(1);
            if self.sessions.get(number).is_some_and(|session| !session.is_media || session.is_retired) {
                self.end_session(MediaId::of(number)?);
                return Some(());
            }
        }
        self.given_up += 1;
        None
    }

    fn end_session(&mut self, id: MediaId) {
        let Some(session) = self.sessions.take(id.number()) else { return };
        for member in &session.members {
            self.end_stream(member.stream);
        }
    }

    /// Ends a stream, which waits for its last row to be handed over; of a candidate there is none.
    fn end_stream(&mut self, number: u32) {
        let Some(stream) = self.streams.get_mut(number) else { return };
        let way = way_of(stream);
        if self.ways.get(&way) == Some(&number) {
            self.ways.remove(&way);
        }
        if stream.found_by.is_some() {
            stream.has_ended = true;
            self.ended.push(number);
        } else {
            self.streams.take(number);
        }
    }
}

/// Lists a stream as touched.
#[inline]
fn touch(stream: &mut Stream, number: u32, touched: &mut Vec<u32>) {
    if !std::mem::replace(&mut stream.is_touched, true) {
        touched.push(number);
    }
}

/// Returns by which reports on other ports find a stream.
fn way_of(stream: &Stream) -> Way {
    let origin = &stream.origin;
    let sender = origin.sender;
    (origin.key.address(sender), origin.key.address(sender.other()), origin.ssrc)
}
