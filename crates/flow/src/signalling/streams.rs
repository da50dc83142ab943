//! Messages of text out of TCP segments (RFC 3261 section 18.3, RFC 7826 section 5).

use netsonde_dissect::head::message_len;
use netsonde_dissect::{Guess, Payload, Protocol, probe_tcp};
use netsonde_units::SeqNumber;

use super::place;
use crate::gathered::Gathered;
use crate::{Side, limits};

/// Which stream: the conversation's serial number, and who speaks.
type StreamId = (u64, Side);

/// What begins a packet of a stream between the messages of RTSP (RFC 7826 section 14).
const INTERLEAVED: u8 = b'$';
/// Bytes before it: that one, its channel, and its length in 16 bits.
const INTERLEAVED_HEADER: usize = 4;

/// A segment with payload.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Segment<'a> {
    /// The number of its first byte.
    pub(crate) first: SeqNumber,
    /// The number of the stream's first byte, where it is known.
    pub(crate) start: Option<SeqNumber>,
    /// Its ports, as they bear on what it may be.
    pub(crate) ports: (u16, u16),
    pub(crate) payload: Payload<'a>,
}

/// The streams of late, in a direct-mapped table: a newer one takes the place of an older one, which begins anew with
/// its next segment that begins a message.
#[derive(Debug, Default)]
pub(super) struct Streams {
    places: Vec<Option<Stream>>,
    /// Bytes that wait in all of them.
    buffered: usize,
}

#[derive(Debug)]
struct Stream {
    id: StreamId,
    /// The number of the first byte that was not read.
    next: SeqNumber,
    /// Bytes from there on that are none of a message.
    skipped: usize,
    /// What has come from there on.
    held: Gathered,
    /// How many bytes without a gap it takes to read on.
    needed: usize,
    /// Segments that came behind a gap while it was open.
    behind_gap: usize,
    /// Whether a message begins at `next`.
    is_in_step: bool,
}

impl Streams {
    /// Takes a segment with payload and hands over the messages that it completes.
    pub(super) fn push(&mut self, id: StreamId, segment: &Segment<'_>, mut each: impl FnMut(&[u8])) {
        let Some(place) = place(&mut self.places, limits::SIGNALLING_STREAMS, hash(id)) else { return };
        if let Some(other) = place.take_if(|stream| stream.id != id) {
            self.buffered = self.buffered.saturating_sub(other.held.len());
        }
        let stream = place.get_or_insert_with(|| Stream::new(id, begins(segment)));
        let others = self.buffered.saturating_sub(stream.held.len());
        stream.take(segment, &mut each);
        if others + stream.held.len() > limits::SIGNALLING_BYTES {
            stream.lose_step(stream.next);
        }
        self.buffered = others + stream.held.len();
    }
}

/// Spreads streams over the table: both sides of conversations that follow each other.
fn hash((conversation, side): StreamId) -> u64 {
    conversation.wrapping_mul(2).wrapping_add(u64::from(side == Side::High))
}

/// Returns where a stream begins of which a segment is the first to be seen: at its very beginning where that is near.
fn begins(segment: &Segment<'_>) -> SeqNumber {
    let is_near = |start: &SeqNumber| is_within(segment.first, *start);
    segment.start.filter(is_near).unwrap_or(segment.first)
}

/// Tells whether a number lies so little ahead of another that what is between may still come.
fn is_within(ahead: SeqNumber, of: SeqNumber) -> bool {
    ahead.is_after(of)
        && usize::try_from(ahead.distance_from(of)).is_ok_and(|it| it < limits::SIGNALLING_MESSAGE)
}

impl Stream {
    fn new(id: StreamId, next: SeqNumber) -> Self {
        Self { id, next, skipped: 0, held: Gathered::default(), needed: 1, behind_gap: 0, is_in_step: false }
    }

    fn take(&mut self, segment: &Segment<'_>, each: &mut impl FnMut(&[u8])) {
        let Segment { first, payload, ports, .. } = *segment;
        let wire_len = usize::try_from(payload.wire_len).unwrap_or(usize::MAX);
        let Some((offset, fresh)) = self.fresh(first, payload.bytes, wire_len) else { return };
        if self.held.len() == 0 && offset == 0 {
            // In order and whole messages, as nearly all are: read where they lie.
            let read = self.read(fresh, ports, each);
            self.hold(0, fresh.get(read..).unwrap_or_default());
        } else {
            self.hold(offset, fresh);
            self.read_held(ports, each);
        }
        let is_cut = payload.bytes.len() < wire_len;
        if is_cut && self.is_in_step && !self.held.front().is_empty() {
            // The rest of what was begun will not come.
            each(self.held.front());
        }
        self.behind_gap = if self.held.has_gap() { self.behind_gap + 1 } else { 0 };
        let is_long = self.held.len() > limits::SIGNALLING_MESSAGE;
        if is_cut || (is_long && self.behind_gap == 0) {
            self.lose_step(first.plus(payload.wire_len));
        } else if is_long || self.behind_gap > limits::SIGNALLING_BEHIND_GAP {
            self.pass_gap(ports, each);
        }
    }

    fn hold(&mut self, offset: usize, bytes: &[u8]) {
        if !bytes.is_empty() {
            self.held.put(offset, bytes);
        }
    }

    /// Returns what of a segment was not read before and where it lies from `next` on; none where nothing is new.
    fn fresh<'a>(&mut self, first: SeqNumber, bytes: &'a [u8], wire_len: usize) -> Option<(usize, &'a [u8])> {
        let is_far = first != self.next && !is_within(first, self.next) && !is_within(self.next, first);
        if is_far {
            self.lose_step(first);
        }
        if !first.is_before(self.next) {
            return Some((usize::try_from(first.distance_from(self.next)).ok()?, bytes));
        }
        let seen = usize::try_from(self.next.distance_from(first)).ok()?;
        (seen < wire_len).then(|| (0, bytes.get(seen..).unwrap_or_default()))
    }

    /// Reads on in what is held, and lets go of what was read.
    fn read_held(&mut self, ports: (u16, u16), each: &mut impl FnMut(&[u8])) {
        if self.held.front().len() < self.needed {
            return;
        }
        let mut held = std::mem::take(&mut self.held);
        let read = self.read(held.front(), ports, each);
        held.cut_front(read);
        self.held = held;
    }

    /// Reads bytes without a gap; returns how many need not be kept.
    fn read(&mut self, bytes: &[u8], ports: (u16, u16), each: &mut impl FnMut(&[u8])) -> usize {
        let mut rest = bytes;
        loop {
            let skipped = self.skipped.min(rest.len());
            self.skipped -= skipped;
            rest = without_line_ends(rest.get(skipped..).unwrap_or_default());
            self.needed = rest.len() + 1;
            let len = match self.next_len(rest, ports) {
                Begins::Message(len) => len,
                Begins::Other(len) => {
                    self.is_in_step = true;
                    self.skipped = len;
                    continue;
                }
                Begins::NotYet => break,
                Begins::Nothing => {
                    self.is_in_step = false;
                    rest = &[];
                    break;
                }
            };
            self.is_in_step = true;
            let Some((message, behind)) = rest.split_at_checked(len) else {
                self.needed = len;
                break;
            };
            each(message);
            rest = behind;
        }
        let read = bytes.len() - rest.len();
        self.next = self.next.plus(u32::try_from(read).unwrap_or(u32::MAX));
        read
    }

    /// Tells what some bytes begin with.
    fn next_len(&self, bytes: &[u8], (source, destination): (u16, u16)) -> Begins {
        if let [INTERLEAVED, rest @ ..] = bytes
            && self.is_in_step
        {
            return match rest {
                [_, high, low, ..] => {
                    Begins::Other(INTERLEAVED_HEADER + usize::from(u16::from_be_bytes([*high, *low])))
                }
                _ => Begins::NotYet,
            };
        }
        if bytes.is_empty() {
            return Begins::NotYet;
        }
        match probe_tcp(bytes, source, destination) {
            Guess::Certain(Protocol::Sip | Protocol::Rtsp) => match message_len(bytes) {
                Some(len) => Begins::Message(len),
                None => Begins::NotYet,
            },
            Guess::Unsure => Begins::NotYet,
            Guess::Certain(_) | Guess::Nothing => Begins::Nothing,
        }
    }

    /// Gives up what is missing and the message that it is missing of, and reads on behind it.
    fn pass_gap(&mut self, ports: (u16, u16), each: &mut impl FnMut(&[u8])) {
        let passed = self.held.behind_gap();
        self.held.cut_front(passed);
        self.next = self.next.plus(u32::try_from(passed).unwrap_or(u32::MAX));
        // What is missing may be none of a message.
        self.is_in_step &= passed <= self.skipped;
        self.skipped = self.skipped.saturating_sub(passed);
        (self.behind_gap, self.needed) = (0, 1);
        self.read_held(ports, each);
    }

    /// Lets go of everything; what begins at `next` may be a message.
    fn lose_step(&mut self, next: SeqNumber) {
        *self = Self::new(self.id, next);
    }
}

/// What some bytes begin with.
enum Begins {
    /// A message of so many bytes.
    Message(usize),
    /// So many bytes that are none of a message.
    Other(usize),
    /// More of them will tell.
    NotYet,
    /// Nothing that is known here.
    Nothing,
}

/// Returns the bytes behind the empty lines that keep a connection open (RFC 5626 section 3.5.1).
fn without_line_ends(mut bytes: &[u8]) -> &[u8] {
    while let [b'\r' | b'\n', rest @ ..] = bytes {
        bytes = rest;
    }
    bytes
}
