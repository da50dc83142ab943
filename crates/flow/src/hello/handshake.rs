//! Handshakes of TLS over TCP, from the client's hello to their end.
//!
//! What follows the hellos is encrypted, or of no interest: only the headers of records are read, where they must stand by
//! the numbers of the stream. A header that did not come in its turn is not waited for: the handshake is not timed.

use std::num::NonZeroU32;

use netsonde_dissect::Payload;
use netsonde_dissect::hello::{RecordHeader, SessionId, is_like_tls_13};
use netsonde_units::{SeqNumber, Timestamp};

use super::Terms;
use crate::{Side, limits};

/// Segments with payload that a handshake may take behind the client's hello: many certificates, and their copies.
const SEGMENTS: u8 = 64;
/// [`RecordHeader::LEN`] as numbers of the stream count.
const HEADER_LEN: u32 = 5;
const _: () = assert!(RecordHeader::LEN == 5);
/// The shortest record of TLS 1.3 with a `Finished`: header and hash of 32 bytes, type, tag of 8 bytes. What is shorter is an
/// alert.
const LEAST_FINISHED: u16 = 4 + 32 + 1 + 8;

/// Where a handshake is kept, from 1.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct HandshakeId(NonZeroU32);

/// Where the headers of a side's records stand.
#[derive(Clone, Copy, Debug, Default)]
struct Records {
    /// The number of the next header's first byte, once it is known.
    next: Option<SeqNumber>,
    /// What of it came with the segment before.
    begun: [u8; RecordHeader::LEN],
    begun_len: u8,
    /// Whether what follows is encrypted with what was agreed on.
    has_changed: bool,
}

/// A header that will not come, or is none.
struct Lost;

impl Records {
    /// Reads the headers in a segment that begins at `first`.
    fn read(
        &mut self,
        first: SeqNumber,
        payload: Payload<'_>,
        mut each: impl FnMut(RecordHeader),
    ) -> Result<(), Lost> {
        loop {
            let Some(next) = self.next else { return Ok(()) };
            let wanted = next.plus(self.begun_len.into());
            if first.is_after(wanted) {
                return Err(Lost);
            }
            let place = wanted.distance_from(first);
            if place >= payload.wire_len {
                return Ok(());
            }
            let rest = usize::try_from(place).ok().and_then(|place| payload.bytes.get(place..));
            // It may lie behind what was captured.
            let (&byte, len) = (rest.and_then(<[u8]>::first).ok_or(Lost)?, usize::from(self.begun_len));
            *self.begun.get_mut(len).ok_or(Lost)? = byte;
            self.begun_len += 1;
            if len + 1 == RecordHeader::LEN {
                let header = RecordHeader::parse(&self.begun).ok_or(Lost)?;
                self.begun_len = 0;
                self.next = Some(next.plus(HEADER_LEN + u32::from(header.len)));
                each(header);
            }
        }
    }
}

/// A handshake that has begun.
#[derive(Debug)]
struct Handshake {
    /// The conversation's serial number.
    serial: u64,
    client: Side,
    asked_at: Timestamp,
    terms: Terms,
    /// The version that the server chose, once it has.
    version: Option<u16>,
    of_client: Records,
    of_server: Records,
    segments_left: u8,
}

/// What has become of a handshake with a segment.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Step {
    /// It goes on.
    GoesOn,
    /// It has ended: how long it took, in nanoseconds; none where nobody knows.
    Ended(Option<u64>),
}

/// The handshakes that have begun, in a ring: at the bound a new one takes the place of the oldest.
#[derive(Debug, Default)]
pub(crate) struct Handshakes {
    places: Vec<Option<Handshake>>,
    next: usize,
}

impl Handshakes {
    /// Begins a handshake with the hello of `client`, completed by a packet of `at`, which acknowledges the server's bytes
    /// up to `answer`.
    pub(crate) fn begin(
        &mut self,
        serial: u64,
        client: Side,
        at: Timestamp,
        terms: Terms,
        answer: Option<SeqNumber>,
    ) -> Option<HandshakeId> {
        let place = self.next;
        self.next = (place + 1) % limits::HANDSHAKES;
        if place >= self.places.len() {
            self.places.resize_with(place + 1, || None);
        }
        *self.places.get_mut(place)? = Some(Handshake {
            serial,
            client,
            asked_at: at,
            terms,
            version: None,
            of_client: Records::default(),
            of_server: Records { next: answer, ..Records::default() },
            segments_left: SEGMENTS,
        });
        NonZeroU32::new(u32::try_from(place).ok()?.checked_add(1)?).map(HandshakeId)
    }

    /// Takes in the server's hello, whose packet acknowledges the client's bytes up to `next`. Tells whether both go on with
    /// a session of before: the server names the one that the client named (RFC 5246 section 7.4.1.2, RFC 5077 section 3.4).
    pub(crate) fn answer(
        &mut self,
        id: HandshakeId,
        serial: u64,
        version: u16,
        session_id: &SessionId,
        next: Option<SeqNumber>,
    ) -> Option<bool> {
        let handshake = self.get_mut(id, serial)?;
        handshake.version = Some(version);
        handshake.of_client.next = next;
        Some(!session_id.is_empty() && *session_id == handshake.terms.session_id)
    }

    /// Takes in a segment with payload, of a hello's packet too.
    pub(crate) fn segment(
        &mut self,
        id: HandshakeId,
        serial: u64,
        side: Side,
        first: SeqNumber,
        payload: Payload<'_>,
        at: Timestamp,
    ) -> Step {
        let Some(handshake) = self.get_mut(id, serial) else { return Step::Ended(None) };
        let step = handshake.segment(side, first, payload, at);
        if step != Step::GoesOn {
            self.end(id);
        }
        step
    }

    fn end(&mut self, id: HandshakeId) {
        if let Some(place) = place(id).and_then(|place| self.places.get_mut(place)) {
            *place = None;
        }
    }

    fn get_mut(&mut self, id: HandshakeId, serial: u64) -> Option<&mut Handshake> {
        let handshake = self.places.get_mut(place(id)?)?.as_mut()?;
        (handshake.serial == serial).then_some(handshake)
    }
}

fn place(id: HandshakeId) -> Option<usize> {
    usize::try_from(id.0.get()).ok()?.checked_sub(1)
}

impl Handshake {
    fn segment(&mut self, side: Side, first: SeqNumber, payload: Payload<'_>, at: Timestamp) -> Step {
        let is_like_13 = self.version.is_some_and(is_like_tls_13);
        // Early data of a client looks like what ends the handshake.
        let is_hidden = is_like_13 && self.terms.has_early_data;
        let Some(left) = self.segments_left.checked_sub(1).filter(|_| !is_hidden) else {
            return Step::Ended(None);
        };
        self.segments_left = left;
        let by_client = side == self.client;
        let records = if by_client { &mut self.of_client } else { &mut self.of_server };
        let (mut has_changed, mut first_encrypted) = (false, None);
        let read = records.read(first, payload, |header| match header.kind {
            RecordHeader::CHANGE_CIPHER_SPEC => has_changed = true,
            RecordHeader::APPLICATION_DATA => first_encrypted = first_encrypted.or(Some(header.len)),
            _ => {}
        });
        records.has_changed |= has_changed;
        if read.is_err() {
            records.next = None;
        }
        let is_lost = read.is_err() && self.version.is_some();
        match first_encrypted {
            Some(len) if is_like_13 && by_client => {
                Step::Ended((len >= LEAST_FINISHED).then(|| self.time(at)).flatten())
            }
            _ if is_like_13 => {
                if is_lost && by_client {
                    Step::Ended(None)
                } else {
                    Step::GoesOn
                }
            }
            _ if self.of_client.has_changed && self.of_server.has_changed => Step::Ended(self.time(at)),
            _ if is_lost => Step::Ended(None),
            _ => Step::GoesOn,
        }
    }

    /// Returns how long it has taken; none where a stamp is missing, or the capture's clock went back.
    fn time(&self, at: Timestamp) -> Option<u64> {
        (self.asked_at > Timestamp::EPOCH && at >= self.asked_at).then(|| at.nanos_since(self.asked_at))
    }
}
