//! What messages of RTSP tell: a description says what the streams are, and setting them up where they go.

use std::net::IpAddr;

use netsonde_dissect::head::Start;
use netsonde_dissect::rtsp::{End, Message, Transport};
use netsonde_dissect::sdp::Description;

use super::announcing::{announcements, formats, kind};
use super::{Spoken, place};
use crate::{Announcement, Format, MediaKind, limits};

/// Streams kept of a description: a film has two and some subtitles.
const MAX_MEDIA: usize = 16;
/// Bytes of the address that a stream is set up by.
const MAX_CONTROL: usize = 1024;
/// Requests that wait for their answers; clients send one after the other.
const MAX_ASKED: usize = 16;

/// The conversations of late, in a direct-mapped table: a newer one takes the place of an older one.
#[derive(Debug, Default)]
pub(super) struct Sessions {
    places: Vec<Option<Session>>,
}

/// What was said in a conversation.
#[derive(Debug)]
struct Session {
    conversation: u64,
    media: Vec<Described>,
    /// How many streams were set up.
    set_up: usize,
    /// Requests to set one up: their numbers, and which of `media`.
    asked: Vec<(u32, usize)>,
}

/// A stream of the description.
#[derive(Debug)]
struct Described {
    control: Box<[u8]>,
    kind: MediaKind,
    is_protected: bool,
    formats: Vec<Format>,
}

impl Sessions {
    /// Reads a message and returns where streams will come to; none where it is no message.
    pub(super) fn read(&mut self, bytes: &[u8], spoken: &Spoken) -> Option<Vec<Announcement>> {
        let message = Message::parse(bytes)?;
        let number = spoken.conversation;
        let place = place(&mut self.places, limits::RTSP_SESSIONS, number)?;
        if place.as_ref().is_some_and(|session| session.conversation != number) {
            *place = None;
        }
        let session = place.get_or_insert_with(|| Session::new(number));
        if let Some(description) = message.description() {
            return Some(session.describe(&description, spoken));
        }
        Some(session.set_up(&message, spoken))
    }
}

impl Session {
    const fn new(conversation: u64) -> Self {
        Self { conversation, media: Vec::new(), set_up: 0, asked: Vec::new() }
    }

    /// Keeps what a description says; streams to a group come without being set up.
    fn describe(&mut self, description: &Description<'_>, spoken: &Spoken) -> Vec<Announcement> {
        let media = description.media().take(MAX_MEDIA);
        self.media = media
            .map(|media| Described {
                control: media.control().filter(|it| it.len() <= MAX_CONTROL).unwrap_or_default().into(),
                kind: kind(media.kind),
                is_protected: media.is_protected(),
                formats: formats(&media),
            })
            .collect();
        (self.set_up, self.asked) = (0, Vec::new());
        let mut told = announcements(description, None, spoken.at);
        told.retain(|one| one.address.is_multicast());
        told
    }

    fn set_up(&mut self, message: &Message<'_>, spoken: &Spoken) -> Vec<Announcement> {
        let sequence = message.sequence();
        let (which, client, server) = match message.start {
            Start::Request { method: b"SETUP", target } => {
                let which = self.asked_for(target);
                self.set_up += 1;
                if self.asked.len() < MAX_ASKED
                    && let Some(sequence) = sequence
                {
                    self.asked.push((sequence, which));
                }
                (which, spoken.source, spoken.destination)
            }
            Start::Request { .. } => return Vec::new(),
            Start::Response { .. } => {
                let asked = self.asked.iter().position(|&(asked, _)| Some(asked) == sequence);
                // Where the request was not seen it is the latest one that was, or the first.
                let which = asked.map_or(self.set_up.saturating_sub(1), |place| self.asked.remove(place).1);
                (which, spoken.destination, spoken.source)
            }
        };
        let mut told = Vec::new();
        for transport in message.transports().filter(Transport::is_rtp_over_udp) {
            let mut add = |end: End, (address, _): (IpAddr, u16)| {
                told.extend(self.announcement(which, &transport, end, address, spoken));
            };
            add(transport.client(), client);
            add(transport.server(), server);
        }
        told
    }

    /// Tells which stream a request is about: by its address, else by the order of requests.
    fn asked_for(&self, target: &[u8]) -> usize {
        let target = target.strip_suffix(b"/").unwrap_or(target);
        let is_meant = |media: &Described| !media.control.is_empty() && target.ends_with(&media.control);
        self.media.iter().position(is_meant).unwrap_or(self.set_up)
    }

    fn announcement(
        &self,
        which: usize,
        transport: &Transport<'_>,
        end: End,
        speaker: IpAddr,
        spoken: &Spoken,
    ) -> Option<Announcement> {
        let port = end.port.filter(|&port| port != 0)?;
        let described = self.media.get(which);
        Some(Announcement {
            address: end.address.filter(|it| !it.is_unspecified()).unwrap_or(speaker),
            port,
            rtcp_port: end.rtcp_port.unwrap_or(port.saturating_add(1)),
            kind: described.map_or(MediaKind::Other, |it| it.kind),
            is_protected: transport.is_protected() || described.is_some_and(|it| it.is_protected),
            formats: described.map(|it| it.formats.clone()).unwrap_or_default(),
            call: None,
            at: spoken.at,
        })
    }
}
