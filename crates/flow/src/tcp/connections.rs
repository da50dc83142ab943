//! The connections of a flow table, apart from its records: other transports pay nothing for them.

use std::num::NonZeroU32;

use netsonde_dissect::Tcp;
use netsonde_units::SeqNumber;

use super::connection::{Arrival, Connection, Followed, Pools};
use crate::slab::Wanted;
use crate::{Side, Slab, TcpRow};

/// A connection's place, from 1.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct ConnectionId(NonZeroU32);

/// All connections. Places are used again; a free one's `stream` names the next free one.
#[derive(Debug, Default)]
pub(crate) struct Connections {
    places: Slab<Connection>,
    free: Option<NonZeroU32>,
    streams: u32,
    pools: Pools,
}

impl Connections {
    /// Begins a connection, the next one in order of first packets.
    pub(crate) fn begin(&mut self) -> Option<ConnectionId> {
        let connection = Connection::new(self.streams);
        self.streams = self.streams.wrapping_add(1);
        if let Some(id) = self.free
            && let Some(place) = self.places.get_mut(id.get() - 1)
        {
            self.free = NonZeroU32::new(place.stream);
            *place = connection;
            return Some(ConnectionId(id));
        }
        NonZeroU32::new(self.places.push(connection).wrapping_add(1)).map(ConnectionId)
    }

    /// Ends a connection and gives back all that it holds.
    pub(crate) fn end(&mut self, id: ConnectionId) {
        if let Some(place) = self.places.get_mut(id.0.get() - 1) {
            place.end(&mut self.pools);
            place.stream = self.free.map_or(0, NonZeroU32::get);
            self.free = Some(id.0);
        }
    }

    /// Takes in a segment that `side` sent.
    #[inline]
    pub(crate) fn follow(&mut self, id: ConnectionId, side: Side, arrival: &Arrival<'_>) -> Followed {
        match self.places.get_mut(id.0.get() - 1) {
            Some(connection) => {
                let followed = connection.follow(&mut self.pools, side, arrival);
                let latency = connection.note_latency(side, arrival, &followed.verdict);
                Followed { latency, ..followed }
            }
            None => Followed::default(),
        }
    }

    /// Tells whether a SYN begins another connection on the same ports.
    pub(crate) fn is_reused_by(&self, id: ConnectionId, side: Side, tcp: &Tcp<'_>) -> bool {
        self.get(id).is_some_and(|connection| connection.is_reused_by(side, tcp))
    }

    /// Returns the number of the first byte that `side` sends, where it is known.
    pub(crate) fn start(&self, id: ConnectionId, side: Side) -> Option<SeqNumber> {
        self.get(id)?.start(side)
    }

    /// Draws the conclusions of silence: nothing fills its holes, and where room is scarce nothing is acknowledged.
    pub(crate) fn fall_silent(&mut self, id: ConnectionId) {
        let Some(connection) = self.places.get_mut(id.0.get() - 1) else { return };
        if self.pools.flights.is_scarce() {
            connection.release(&mut self.pools);
        } else {
            connection.release_holes(&mut self.pools.holes);
        }
    }

    /// Returns what has come of a connection.
    pub(crate) fn row(&self, id: ConnectionId, client: Side) -> Option<TcpRow> {
        self.get(id).map(|connection| connection.row(client, &self.pools.events))
    }

    /// Counts which connections are still wanted, for [`Self::let_go`].
    pub(crate) fn wanted(&self, connections: impl Iterator<Item = ConnectionId>) -> Wanted {
        self.places.wanted(connections.map(|id| id.0.get() - 1))
    }

    /// Lets go of one of the wanted connections; memory of which none is wanted any more is given back.
    pub(crate) fn let_go(&mut self, wanted: &mut Wanted, id: ConnectionId) {
        self.places.let_go(wanted, id.0.get() - 1);
    }

    /// Reads a field of each cache line of a connection, to have it at hand.
    #[inline]
    pub(crate) fn touched_lines(&self, id: ConnectionId) -> Option<(SeqNumber, SeqNumber, u32, u32, u32)> {
        self.get(id).map(Connection::touched_lines)
    }

    /// Reads what a connection has in flight, likewise.
    #[inline]
    pub(crate) fn touched_flights(&self, id: ConnectionId) -> Option<(u8, u8)> {
        self.get(id).map(|connection| connection.touched_flights(&self.pools.flights))
    }

    /// Returns how many holes, and how many segments in flight, were forgotten because there were too many.
    pub(crate) const fn forgotten(&self) -> (u64, u64) {
        (self.pools.holes.forgotten(), self.pools.flights.forgotten())
    }

    #[inline]
    fn get(&self, id: ConnectionId) -> Option<&Connection> {
        self.places.get(id.0.get() - 1)
    }
}
