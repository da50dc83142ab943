//! Connections of QUIC (RFC 9000), and the hellos in them (RFC 9001) and in Google's QUIC of before.
//!
//! A client's hello is in the Initial packets it begins with, which are protected by keys that everybody can make from
//! the first of them. It may come in many pieces, in any order, in several packets and datagrams, and twice after a Retry.
//! A conversation that is recognised as QUIC is listened to until both hellos were seen or there is no more hope.

mod course;
mod courses;
mod keys;
mod sought;
mod spin;

use std::num::NonZeroU32;

use netsonde_dissect::hello::ServerHello;
use netsonde_dissect::quic::google;

use crate::{Side, limits};

pub(crate) use courses::{CourseId, Courses};
use keys::Room;
use sought::{Search, Sought};

/// Where a conversation whose hellos are sought is kept, from 1.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct SoughtId(NonZeroU32);

/// What a conversation says of itself.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Said<'a> {
    /// The body of the client's hello.
    Client(&'a [u8]),
    /// The client's hello as Google had it.
    GoogleClient(google::Hello<'a>),
    /// The server's hello.
    Server(ServerHello),
}

/// A datagram of a conversation whose hellos are sought.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Heard<'a> {
    /// The conversation's serial number.
    pub(crate) conversation: u64,
    /// Who sends it.
    pub(crate) side: Side,
    /// What is in it.
    pub(crate) payload: &'a [u8],
}

/// The conversations whose hellos are sought, in a ring: at the bound a new one takes the place of the oldest.
#[derive(Debug, Default)]
pub(crate) struct Quic {
    places: Vec<Option<Box<Sought>>>,
    next: usize,
    /// Bytes of hellos in all of them.
    buffered: usize,
    room: Room,
    given_up: u64,
}

impl Quic {
    /// Returns how many hellos were begun and given up: too long, too many at once, or never whole.
    pub(crate) const fn given_up(&self) -> u64 {
        self.given_up
    }

    /// Begins to seek the hellos of a conversation.
    pub(crate) fn begin(&mut self, conversation: u64) -> Option<SoughtId> {
        let place = self.next;
        self.next = (place + 1) % limits::QUIC_SOUGHT;
        if place >= self.places.len() {
            self.places.resize_with(place + 1, || None);
        }
        self.give_up(place);
        *self.places.get_mut(place)? = Some(Box::new(Sought::new(conversation)));
        let number = u32::try_from(place).ok()?.checked_add(1)?;
        NonZeroU32::new(number).map(SoughtId)
    }

    /// Takes in a datagram and hands over what it completes; tells whether more is sought.
    pub(crate) fn hear(&mut self, id: SoughtId, heard: &Heard<'_>, mut said: impl FnMut(Said<'_>)) -> bool {
        let Some(place) = usize::try_from(id.0.get()).ok().and_then(|number| number.checked_sub(1)) else {
            return false;
        };
        let sought = self.places.get_mut(place).and_then(Option::as_mut);
        let Some(sought) = sought.filter(|sought| sought.serial == heard.conversation) else { return false };
        let before = sought.buffered();
        let search = sought.hear(heard.side, heard.payload, &mut self.room, &mut said);
        self.buffered = self.buffered - before + sought.buffered();
        match search {
            Search::GoesOn => self.make_room(),
            Search::GivenUp => self.give_up(place),
            Search::Ended => self.end(place),
        }
        search == Search::GoesOn
    }

    /// Gives up the oldest while all together hold too much.
    fn make_room(&mut self) {
        let oldest_first = (self.next..self.places.len()).chain(0..self.next);
        for place in oldest_first {
            if self.buffered <= limits::QUIC_BYTES {
                return;
            }
            let sought = self.places.get(place).and_then(Option::as_ref);
            if sought.is_some_and(|sought| sought.buffered() > 0) {
                self.give_up(place);
            }
        }
    }

    fn give_up(&mut self, place: usize) {
        let sought = self.places.get(place).and_then(Option::as_ref);
        self.given_up += u64::from(sought.is_some_and(|sought| sought.is_begun()));
        self.end(place);
    }

    fn end(&mut self, place: usize) {
        if let Some(sought) = self.places.get_mut(place).and_then(Option::take) {
            self.buffered -= sought.buffered();
        }
    }
}

#[cfg(test)]
mod tests;
