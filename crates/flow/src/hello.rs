//! What hellos and requests say of who a conversation is with, put together of the packets that carry them.
//!
//! Most conversations say it in the first packet of each side, which is read where it lies. What is split waits in a
//! table beside the records, bounded for each conversation and in all, and goes with the clue or with hope.

mod datagram;
mod fingerprint;
mod handshake;
mod held;
mod name;
mod stream;
mod watch;

use std::collections::VecDeque;

use foldhash::fast::RandomState;
use hashbrown::HashMap;
use netsonde_dissect::hello::{self, Form, SessionId, is_grease};
use netsonde_dissect::{Escaped, Payload};
use netsonde_units::SeqNumber;

use self::datagram::Piece;
use self::held::Held;
use crate::{ClientHello, Clue, HelloOver, Side, limits};

pub use self::fingerprint::{Fingerprints, Offer};
pub(crate) use self::handshake::{HandshakeId, Handshakes, Step};
pub(crate) use self::name::of_host;
pub(crate) use self::watch::Watch;

/// More protocols, more bytes of their names, and more groups than any client offers: a hello has room for thousands, and
/// what is told of it is kept for as long as its conversation is listed.
const MAX_PROTOCOLS: usize = 32;
const MAX_PROTOCOL_BYTES: usize = 128;
const MAX_GROUPS: usize = 32;
/// How many places of the order may be of what is gone, beside one for each that is not.
const ORDER_SLACK: usize = 64;

impl ClientHello {
    /// Makes the hello of Google's QUIC, of which only the server's name is known.
    pub(crate) fn of_google(server_name: &[u8]) -> Self {
        Self {
            over: HelloOver::GoogleQuic,
            server_name: of_host(server_name),
            alpn: Vec::new(),
            version: 0,
            groups: Vec::new(),
            has_encrypted_hello: false,
            fingerprints: None,
        }
    }

    /// Reads the body of a client's hello, without the header of its message; none where it is none.
    ///
    /// One that the capture cut is a clue where the server's name was kept; it has no fingerprints.
    pub fn read(body: &[u8], over: HelloOver) -> Option<Self> {
        let hello = hello::ClientHello::parse(body, form(over)).ok()?;
        let server_name = hello.server_name().and_then(of_host);
        if !hello.is_whole && server_name.is_none() {
            return None;
        }
        let mut room = MAX_PROTOCOL_BYTES;
        let protocols = hello.protocols().take(MAX_PROTOCOLS).map_while(|name| {
            room = room.checked_sub(name.len())?;
            let name = Escaped(name);
            Some(name.plain().map_or_else(|| name.to_string().into(), Box::from))
        });
        Some(Self {
            over,
            server_name,
            alpn: protocols.collect(),
            version: hello.highest_version(),
            groups: hello.groups().filter(|&group| !is_grease(group)).take(MAX_GROUPS).collect(),
            has_encrypted_hello: hello.has_encrypted_hello(),
            fingerprints: hello.is_whole.then(|| Fingerprints::of(&hello, over)),
        })
    }
}

/// What of the hellos only the table needs to know.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Terms {
    /// What the session is called.
    pub(crate) session_id: SessionId,
    /// Whether the client may send data before the handshake ends.
    pub(crate) has_early_data: bool,
    /// Whether the capture has all of it.
    pub(crate) is_whole: bool,
}

impl Terms {
    fn of_client(body: &[u8], over: HelloOver) -> Self {
        hello::ClientHello::parse(body, form(over))
            .map(|hello| Self {
                session_id: hello.session_id,
                has_early_data: hello.has_early_data(),
                is_whole: hello.is_whole,
            })
            .unwrap_or_default()
    }
}

/// What a beginning says.
#[derive(Debug)]
pub(crate) struct Greeting {
    pub(crate) clue: Clue,
    pub(crate) terms: Terms,
}

impl From<Clue> for Greeting {
    fn from(clue: Clue) -> Self {
        Self { clue, terms: Terms::default() }
    }
}

fn form(over: HelloOver) -> Form {
    if over == HelloOver::Dtls { Form::Datagram } else { Form::Stream }
}

/// What some bytes say.
#[derive(Debug)]
enum Heard {
    /// Who it is, and nothing better will follow.
    Last(Greeting),
    /// Who it is, and perhaps another clue later.
    First(Greeting),
    /// Nothing before there are so many bytes.
    NotYet(usize),
    /// Nothing that is known here.
    Nothing,
}

/// A segment with payload.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Segment<'a> {
    /// The number of its first byte of payload.
    pub(crate) first: SeqNumber,
    /// The number of the stream's first byte, where it is known.
    pub(crate) start: Option<SeqNumber>,
    pub(crate) payload: Payload<'a>,
}

/// Whose bytes: the conversation's place in the table, and who speaks.
pub(crate) type Speaker = (u32, Side);

/// Hellos and requests of which a part is missing.
#[derive(Debug, Default)]
pub(crate) struct Hellos {
    held: HashMap<Speaker, Held, RandomState>,
    /// In order of their beginnings, with the numbers that tell whether they are still there.
    begun: VecDeque<(Speaker, u64)>,
    next_number: u64,
    /// What all of them hold.
    bytes: usize,
    given_up: u64,
}

impl Hellos {
    /// Returns how many were given up because there was no room.
    pub(crate) const fn given_up(&self) -> u64 {
        self.given_up
    }

    /// Takes in a segment, and tells what it completes.
    pub(crate) fn segment(
        &mut self,
        speaker: Speaker,
        watch: &mut Watch,
        segment: &Segment<'_>,
    ) -> Option<Greeting> {
        let Segment { first, start, payload } = *segment;
        let is_cut = is_cut(payload);
        let read = |bytes: &[u8]| stream::read(bytes, is_cut);
        if watch.is_collecting() {
            let heard = self.add(speaker, first, payload.bytes, is_cut, read);
            return self.conclude(speaker, watch, heard, is_cut);
        }
        let mut heard = read(payload.bytes);
        let begins = match heard {
            Heard::NotYet(needed) => Some((first, needed)),
            Heard::Nothing if watch.is_fresh() => {
                start.filter(|&start| is_ahead(first, start)).map(|it| (it, 1))
            }
            _ => None,
        };
        if let Some((begins, needed)) = begins.filter(|_| !is_cut) {
            self.begin(speaker, begins, needed);
            heard = self.add(speaker, first, payload.bytes, false, read);
        }
        self.conclude(speaker, watch, heard, is_cut)
    }

    /// Takes in a datagram, and tells what it completes.
    pub(crate) fn datagram(
        &mut self,
        speaker: Speaker,
        watch: &mut Watch,
        payload: Payload<'_>,
    ) -> Option<Greeting> {
        let is_cut = is_cut(payload);
        let mut heard = Heard::Nothing;
        for piece in datagram::pieces(payload.bytes) {
            heard = match piece.read_whole() {
                Some(heard) => heard,
                None if is_cut => piece.read(piece.bytes),
                None => self.add_piece(speaker, &piece),
            };
            if matches!(heard, Heard::First(_) | Heard::Last(_)) {
                break;
            }
        }
        if matches!(heard, Heard::Nothing) && watch.is_collecting() {
            // Something else between the pieces of a message.
            watch.look();
            if !watch.is_open() {
                self.forget(speaker);
            }
            return None;
        }
        self.conclude(speaker, watch, heard, false)
    }

    fn add_piece(&mut self, speaker: Speaker, piece: &Piece<'_>) -> Heard {
        let begins = SeqNumber::new(piece.sequence.into());
        if self.held.get(&speaker).is_none_or(|held| !held.is(begins, piece.message_len)) {
            self.begin(speaker, begins, piece.message_len);
        }
        self.add(speaker, begins.plus(piece.offset), piece.bytes, false, |bytes| piece.read(bytes))
    }

    /// Lets go of what is held for both sides of a conversation.
    pub(crate) fn forget_both(&mut self, slot: u32) {
        self.forget((slot, Side::Low));
        self.forget((slot, Side::High));
    }

    /// Draws the conclusion for the watch.
    fn conclude(
        &mut self,
        speaker: Speaker,
        watch: &mut Watch,
        heard: Heard,
        is_over: bool,
    ) -> Option<Greeting> {
        let greeting = match heard {
            Heard::NotYet(_) if !is_over => {
                watch.collect();
                return None;
            }
            Heard::NotYet(_) | Heard::Nothing => {
                watch.look();
                None
            }
            Heard::First(greeting) => watch.tell(greeting),
            Heard::Last(greeting) => {
                let told = watch.tell(greeting);
                watch.settle();
                told
            }
        };
        self.forget(speaker);
        watch.let_go();
        greeting
    }

    /// Begins to hold what a speaker says from `begins` on.
    fn begin(&mut self, speaker: Speaker, begins: SeqNumber, needed: usize) {
        self.forget(speaker);
        self.next_number += 1;
        let held = Held::new(self.next_number, begins, needed);
        self.bytes += held.weight();
        self.begun.push_back((speaker, held.number));
        self.held.insert(speaker, held);
        if self.begun.len() > 2 * self.held.len() + ORDER_SLACK {
            let held = &self.held;
            self.begun.retain(|(speaker, number)| held.get(speaker).is_some_and(|it| it.number == *number));
        }
    }

    /// Adds bytes, and reads once there are as many as were asked for, or nothing more will come.
    fn add(
        &mut self,
        (slot, side): Speaker,
        first: SeqNumber,
        bytes: &[u8],
        is_last: bool,
        read: impl FnOnce(&[u8]) -> Heard,
    ) -> Heard {
        let others = self.held.get(&(slot, side.other())).map_or(0, Held::len);
        // Gone where room was made for another.
        let Some(held) = self.held.get_mut(&(slot, side)) else { return Heard::Nothing };
        let before = held.weight();
        let has_room = held.add(first, bytes, limits::HELLO_BYTES.saturating_sub(others));
        self.bytes = (self.bytes + held.weight()).saturating_sub(before);
        let mut heard = Heard::NotYet(held.needed);
        if has_room && (is_last || held.front().len() >= held.needed) {
            heard = read(held.front());
        }
        if let Heard::NotYet(needed) = heard {
            held.needed = needed;
            if !has_room || needed > limits::HELLO_BYTES {
                self.given_up += 1;
                return Heard::Nothing;
            }
            self.make_room();
        }
        heard
    }

    /// Gives up the oldest while all together hold too much.
    fn make_room(&mut self) {
        while self.bytes > limits::HELLOS_BYTES {
            let Some((speaker, number)) = self.begun.pop_front() else { return };
            if self.held.get(&speaker).is_some_and(|held| held.number == number) {
                self.forget(speaker);
                self.given_up += 1;
            }
        }
    }

    fn forget(&mut self, speaker: Speaker) {
        if let Some(held) = self.held.remove(&speaker) {
            self.bytes = self.bytes.saturating_sub(held.weight());
        }
    }
}

/// Tells whether a segment lies behind one that has not come, and near enough to wait for that.
fn is_ahead(first: SeqNumber, start: SeqNumber) -> bool {
    first.is_after(start)
        && usize::try_from(first.distance_from(start)).is_ok_and(|distance| distance < limits::HELLO_BYTES)
}

fn is_cut(payload: Payload<'_>) -> bool {
    payload.bytes.len() < usize::try_from(payload.wire_len).unwrap_or(usize::MAX)
}
