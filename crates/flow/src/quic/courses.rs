//! The connections of QUIC of a flow table, apart from its records, and the identifiers that they are known again by.

use std::num::NonZeroU32;

use foldhash::fast::RandomState;
use hashbrown::HashMap;
use netsonde_dissect::quic::Packet;
use netsonde_units::Timestamp;

use super::course::{Course, Identifier};
use crate::{QuicEvent, QuicRow, Side, Slab, limits};

/// Where a connection is kept, from 1.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct CourseId(NonZeroU32);

/// A connection that a datagram on other ports may belong to.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Candidate {
    id: CourseId,
    /// The end that the datagram's identifier stands for.
    pub(crate) owner: Side,
    /// Its conversation.
    pub(crate) slot: u32,
    pub(crate) serial: u64,
}

/// All connections. Places are used again.
#[derive(Debug, Default)]
pub(crate) struct Courses {
    places: Slab<Course>,
    free: Vec<CourseId>,
    /// Which connection an identifier stands for, and which end of it.
    identifiers: HashMap<Identifier, (CourseId, Side), RandomState>,
    /// The lengths of identifiers that there are, a bit for each.
    lengths: u32,
}

impl Courses {
    /// Begins to follow a connection; none where there is no room.
    pub(crate) fn begin(&mut self, slot: u32, serial: u64, client: Side) -> Option<CourseId> {
        self.place(Course::new(slot, serial, client))
    }

    /// Follows a connection on in another conversation, in which `receiver` is the end that the identifier stood for.
    pub(crate) fn go_on(
        &mut self,
        candidate: &Candidate,
        slot: u32,
        serial: u64,
        receiver: Side,
    ) -> Option<CourseId> {
        let course = self.get(candidate.id)?.go_on(slot, serial, candidate.owner, receiver);
        let identifiers = course.identifiers;
        let id = self.place(course)?;
        for (side, identifier) in [Side::Low, Side::High].into_iter().zip(identifiers) {
            if let Some(identifier) = identifier {
                self.identifiers.insert(identifier, (id, side));
            }
        }
        Some(id)
    }

    fn place(&mut self, course: Course) -> Option<CourseId> {
        if let Some(id) = self.free.pop() {
            *self.places.get_mut(id.0.get() - 1)? = course;
            return Some(id);
        }
        if self.places.len() >= limits::QUIC_CONNECTIONS {
            return None;
        }
        NonZeroU32::new(self.places.push(course).wrapping_add(1)).map(CourseId)
    }

    /// Ends a connection.
    pub(crate) fn end(&mut self, id: CourseId) {
        let Some(course) = self.places.get_mut(id.0.get() - 1) else { return };
        for identifier in std::mem::take(&mut course.identifiers).into_iter().flatten() {
            // Another conversation may go by it.
            if self.identifiers.get(&identifier).is_some_and(|(known, _)| *known == id) {
                self.identifiers.remove(&identifier);
            }
        }
        self.free.push(id);
    }

    /// Takes in a packet with a long header.
    pub(crate) fn take_long(
        &mut self,
        id: CourseId,
        side: Side,
        packet: &Packet<'_>,
        at: Timestamp,
    ) -> QuicEvent {
        let Some(course) = self.places.get_mut(id.0.get() - 1) else { return QuicEvent::default() };
        let event = course.take_long(side, packet, at);
        let own = match side {
            Side::Low => &mut course.identifiers[0],
            Side::High => &mut course.identifiers[1],
        };
        let chosen = Identifier::of(packet.source);
        if chosen.is_some() && *own != chosen {
            let before = std::mem::replace(own, chosen);
            if let Some(before) = before
                && self.identifiers.get(&before).is_some_and(|(known, _)| *known == id)
            {
                self.identifiers.remove(&before);
            }
            if let Some(chosen) = chosen {
                self.lengths |= 1 << chosen.len();
                self.identifiers.insert(chosen, (id, side));
            }
        }
        event
    }

    /// Takes in a datagram of a short header, and returns the round trip that it completes, in nanoseconds.
    #[inline]
    pub(crate) fn take_short(&mut self, id: CourseId, side: Side, first: u8, at: Timestamp) -> Option<u64> {
        self.places.get_mut(id.0.get() - 1)?.take_short(side, first, at)
    }

    /// Returns the connections whose identifiers stand where a short header has the receiver's.
    pub(crate) fn candidates(&self, behind_first: &[u8]) -> impl Iterator<Item = Candidate> {
        let lengths = (0..=Identifier::MAX).filter(|len| self.lengths & 1 << len != 0);
        lengths.filter_map(|len| {
            let identifier = Identifier::of(behind_first.get(..len)?)?;
            let &(id, owner) = self.identifiers.get(&identifier)?;
            let &Course { slot, serial, .. } = self.get(id)?;
            Some(Candidate { id, owner, slot, serial })
        })
    }

    /// Tells whether no connection can be known again.
    pub(crate) fn is_unknown(&self) -> bool {
        self.identifiers.is_empty()
    }

    /// Returns what is known of a connection.
    pub(crate) fn row(&self, id: CourseId) -> Option<QuicRow> {
        self.get(id).map(Course::row)
    }

    /// Reads what a packet of a connection needs, to have it at hand.
    #[inline]
    pub(crate) fn touched_line(&self, id: CourseId) -> Option<Timestamp> {
        self.get(id).map(Course::touched_line)
    }

    #[inline]
    fn get(&self, id: CourseId) -> Option<&Course> {
        self.places.get(id.0.get() - 1)
    }
}
