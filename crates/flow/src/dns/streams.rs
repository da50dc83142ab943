//! Messages out of TCP segments (RFC 1035 section 4.2.2, RFC 7766).

use std::hash::BuildHasher as _;

use foldhash::fast::RandomState;
use netsonde_dissect::dns::Message;
use netsonde_dissect::{Frame, Guess, Tcp, probe_tcp};
use netsonde_units::SeqNumber;

use crate::{Side, limits};

/// Bytes of length before each message.
const PREFIX: usize = 2;

/// Which stream: the conversation's serial number, and who speaks.
type StreamId = (u64, Side);

/// The streams of late, in a direct-mapped table: a newer one takes the place of an older one, which begins anew with
/// its next segment that begins a message.
#[derive(Debug, Default)]
pub(super) struct Streams {
    places: Vec<Option<Stream>>,
    hasher: RandomState,
    /// Bytes in all buffers.
    buffered: usize,
}

#[derive(Debug)]
struct Stream {
    id: StreamId,
    next: SeqNumber,
    /// Whether it is known where messages begin.
    is_in_step: bool,
    /// Whether no segment was seen before the present one.
    is_new: bool,
    /// A message that has begun, with its length.
    begun: Vec<u8>,
}

impl Streams {
    /// Takes a segment with payload and hands over the messages that it completes.
    pub(super) fn push(
        &mut self,
        id: StreamId,
        frame: &Frame<'_>,
        tcp: &Tcp<'_>,
        mut each: impl FnMut(&[u8]),
    ) {
        let payload = frame.payload;
        let first = if tcp.flags.syn() { tcp.sequence.plus(1) } else { tcp.sequence };
        let Some(stream) = place(&mut self.places, &self.hasher, &mut self.buffered, id, first) else {
            return;
        };
        let held = stream.begun.len();
        let Some(fresh) = stream.fresh(first, payload.bytes, payload.wire_len) else { return };
        if !stream.is_in_step && is_message(fresh) {
            // The length came in a segment before this one.
            each(fresh);
            stream.is_in_step = true;
        } else if stream.is_in_step || stream.may_begin(fresh, tcp) {
            stream.is_in_step = stream.read(fresh, &mut each);
        }
        let is_cut = payload.bytes.len() < usize::try_from(payload.wire_len).unwrap_or(usize::MAX);
        if is_cut && let Some(message) = stream.begun.get(PREFIX..) {
            each(message);
        }
        let others = self.buffered.saturating_sub(held);
        if is_cut || !stream.is_in_step || others + stream.begun.len() > limits::DNS_STREAM_BYTES {
            stream.lose_step();
        }
        self.buffered = others + stream.begun.len();
    }
}

/// Finds the place of a stream, and clears it where another one had it.
fn place<'a>(
    places: &'a mut Vec<Option<Stream>>,
    hasher: &RandomState,
    buffered: &mut usize,
    id: StreamId,
    first: SeqNumber,
) -> Option<&'a mut Stream> {
    if places.is_empty() {
        places.resize_with(limits::DNS_STREAMS, || None);
    }
    let hash = hasher.hash_one(id);
    let place = places.get_mut(usize::try_from(hash % limits::DNS_STREAMS as u64).ok()?)?;
    if let Some(other) = place.take_if(|stream| stream.id != id) {
        *buffered = buffered.saturating_sub(other.begun.len());
    }
    Some(place.get_or_insert_with(|| Stream::new(id, first)))
}

/// Tells whether these bytes are a message without its length.
fn is_message(bytes: &[u8]) -> bool {
    Message::parse(bytes).is_ok_and(|message| message.is_usual() && message.asks_plainly())
}

impl Stream {
    const fn new(id: StreamId, next: SeqNumber) -> Self {
        Self { id, next, is_in_step: false, is_new: true, begun: Vec::new() }
    }

    /// Tells whether a segment out of step may begin with the length of a message: the first one too where it is too
    /// short to tell.
    fn may_begin(&mut self, fresh: &[u8], tcp: &Tcp<'_>) -> bool {
        let is_new = std::mem::replace(&mut self.is_new, false);
        match probe_tcp(fresh, tcp.source, tcp.destination) {
            Guess::Certain(_) => true,
            Guess::Unsure => is_new,
            Guess::Nothing => false,
        }
    }

    /// Returns what of a segment was not seen before; after a hole the stream is out of step.
    fn fresh<'a>(&mut self, first: SeqNumber, payload: &'a [u8], wire_len: u32) -> Option<&'a [u8]> {
        let end = first.plus(wire_len);
        let seen = if first.is_before(self.next) { self.next.distance_from(first) } else { 0 };
        if seen >= wire_len {
            return None;
        }
        if first.is_after(self.next) {
            self.lose_step();
        }
        self.next = end;
        Some(payload.get(usize::try_from(seen).ok()?..).unwrap_or_default())
    }

    /// Reads on; tells whether it is still known where messages begin.
    fn read(&mut self, mut fresh: &[u8], each: &mut impl FnMut(&[u8])) -> bool {
        while !fresh.is_empty() {
            if self.begun.is_empty()
                && let Some((&length, behind)) = fresh.split_first_chunk::<PREFIX>()
                && let Some((message, rest)) = behind.split_at_checked(u16::from_be_bytes(length).into())
            {
                // Whole, as nearly all are: read where it lies.
                if message.len() < Message::HEADER_LEN {
                    return false;
                }
                each(message);
                fresh = rest;
                continue;
            }
            let (taken, rest) = fresh.split_at(self.missing().min(fresh.len()));
            self.begun.extend_from_slice(taken);
            fresh = rest;
            if let Some((_, message)) = self.begun.split_first_chunk::<PREFIX>()
                && self.missing() == 0
            {
                if message.len() < Message::HEADER_LEN {
                    return false;
                }
                each(message);
                self.begun = Vec::new();
            }
        }
        true
    }

    /// Counts the bytes that are missing of the length, and then of the message.
    fn missing(&self) -> usize {
        match self.begun.first_chunk::<PREFIX>() {
            None => PREFIX - self.begun.len(),
            Some(&length) => {
                (usize::from(u16::from_be_bytes(length)) + PREFIX).saturating_sub(self.begun.len())
            }
        }
    }

    fn lose_step(&mut self) {
        self.is_in_step = false;
        self.begun = Vec::new();
    }
}
