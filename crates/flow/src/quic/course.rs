//! One connection of QUIC, as its packets show it from outside.

use netsonde_dissect::quic::{FIXED_BIT, LONG_FORM, Packet, PacketType, Version};
use netsonde_units::Timestamp;

use super::spin::Spin;
use crate::{DelaySums, QuicEvent, QuicRow, Side, limits};

/// The bit of a short header that spins (RFC 9000 section 17.3.1).
const SPIN_BIT: u8 = 0x20;

/// A connection's identifier, as one end has chosen it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub(crate) struct Identifier {
    bytes: [u8; Self::MAX],
    len: u8,
}

impl Identifier {
    /// The longest one (RFC 9000 section 17.2).
    pub(crate) const MAX: usize = 20;

    /// Returns the identifier where it is one by which a connection can be known again.
    pub(crate) fn of(id: &[u8]) -> Option<Self> {
        let mut bytes = [0; Self::MAX];
        let len = u8::try_from(id.len()).ok()?;
        bytes.get_mut(..id.len())?.copy_from_slice(id);
        (id.len() >= limits::QUIC_IDENTIFIER).then_some(Self { bytes, len })
    }

    pub(crate) const fn len(&self) -> u8 {
        self.len
    }
}

/// A connection of QUIC.
#[derive(Clone, Debug)]
pub(crate) struct Course {
    spin: Spin,
    /// The conversation that it is, and its place in the table.
    pub(super) serial: u64,
    pub(super) slot: u32,
    client: Side,
    version: Option<Version>,
    retried: bool,
    migrated_from: Option<u64>,
    /// When the client's first Initial came, until the server answers.
    asked_at: Option<Timestamp>,
    is_answered: bool,
    handshake_nanos: Option<u64>,
    round_trips: DelaySums,
    /// What each end is called by the other: of the lower, of the higher one.
    pub(super) identifiers: [Option<Identifier>; 2],
}

impl Course {
    pub(super) fn new(slot: u32, serial: u64, client: Side) -> Self {
        Self {
            spin: Spin::default(),
            serial,
            slot,
            client,
            version: None,
            retried: false,
            migrated_from: None,
            asked_at: None,
            is_answered: false,
            handshake_nanos: None,
            round_trips: DelaySums::default(),
            identifiers: [None; 2],
        }
    }

    /// Returns the connection as it goes on in another conversation, where the end called `owner` here is `receiver`.
    pub(super) fn go_on(&self, slot: u32, serial: u64, owner: Side, receiver: Side) -> Self {
        let is_turned = owner != receiver;
        let [low, high] = self.identifiers;
        Self {
            client: if is_turned { self.client.other() } else { self.client },
            version: self.version,
            migrated_from: Some(self.serial),
            identifiers: if is_turned { [high, low] } else { [low, high] },
            ..Self::new(slot, serial, self.client)
        }
    }

    /// Takes in a packet with a long header.
    pub(super) fn take_long(&mut self, side: Side, packet: &Packet<'_>, at: Timestamp) -> QuicEvent {
        if packet.version != Version::NEGOTIATION {
            self.version = Some(packet.version);
        }
        self.retried |= packet.kind == PacketType::Retry;
        let is_timed = at > Timestamp::EPOCH;
        if side == self.client {
            let is_first = self.asked_at.is_none() && !self.is_answered;
            if is_first && packet.kind == PacketType::Initial && is_timed {
                self.asked_at = Some(at);
            }
            return QuicEvent::default();
        }
        self.is_answered = true;
        let Some(asked_at) = self.asked_at.take() else { return QuicEvent::default() };
        // Where the capture's clock went back nobody knows how long it took.
        self.handshake_nanos = Some(at.nanos_since(asked_at)).filter(|_| is_timed && at >= asked_at);
        QuicEvent { handshake_nanos: self.handshake_nanos, spin_nanos: None }
    }

    /// Takes in a datagram that begins with `first`, of a short header.
    #[inline]
    pub(super) fn take_short(&mut self, side: Side, first: u8, at: Timestamp) -> Option<u64> {
        if first & (LONG_FORM | FIXED_BIT) != FIXED_BIT {
            return None;
        }
        let handshake = self.handshake_nanos.unwrap_or_default();
        let nanos = self.spin.observe(side == self.client, first & SPIN_BIT != 0, at, handshake)?;
        self.round_trips.add(nanos);
        Some(nanos)
    }

    /// Reads a field that packets need, to have it at hand.
    #[inline]
    pub(super) const fn touched_line(&self) -> Timestamp {
        self.spin.touched_line()
    }

    pub(super) fn row(&self) -> QuicRow {
        QuicRow {
            version: self.version.map(|Version(version)| version),
            handshake_nanos: self.handshake_nanos,
            spin: self.round_trips,
            retried: self.retried,
            migrated_from: self.migrated_from,
        }
    }
}
