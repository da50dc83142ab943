//! Connections of QUIC from packet to packet.

use netsonde_dissect::quic::{self, FIXED_BIT, LONG_FORM, Packet};
use netsonde_dissect::{Frame, Transport};

use super::FlowTable;
use super::telling::Told;
use crate::{QuicEvent, Side};

/// Tells whether a conversation may go on with a connection of QUIC from other ports: it begins with a short header.
pub(super) fn may_go_on(frame: &Frame<'_>) -> bool {
    matches!(frame.transport, Transport::Udp(_))
        && frame.payload.bytes.first().is_some_and(|first| first & (LONG_FORM | FIXED_BIT) == FIXED_BIT)
}

impl FlowTable {
    /// Takes in a datagram of QUIC, which may be what its conversation was recognised by.
    #[inline]
    pub(super) fn follow_quic(&mut self, packet: &Told<'_>, is_first: bool) -> Option<QuicEvent> {
        let &first = packet.frame.payload.bytes.first()?;
        if first & LONG_FORM != 0 || is_first {
            return self.follow_long(packet, is_first);
        }
        let course = self.records.get(packet.slot)?.course?;
        let spin_nanos = self.courses.take_short(course, packet.side, first, packet.at)?;
        Some(QuicEvent { handshake_nanos: None, spin_nanos: Some(spin_nanos) })
    }

    /// Takes in the long headers of a datagram. Not inlined: a connection begins with a few.
    #[inline(never)]
    fn follow_long(&mut self, packet: &Told<'_>, is_first: bool) -> Option<QuicEvent> {
        let &Told { slot, side, frame, at, .. } = packet;
        let record = self.records.get_mut(slot)?;
        let counters = &mut self.counters.quic;
        if is_first {
            let is_googles = Packet::parse(frame.payload.bytes)
                .map_or(true, |(packet, _)| packet.version.has_google_header());
            if is_googles {
                counters.google_connections += 1;
                return None;
            }
            counters.connections += 1;
            record.course = self.courses.begin(slot, record.serial(), record.client);
        }
        let mut event = QuicEvent::default();
        for packet in quic::packets(frame.payload.bytes) {
            if packet.version.has_google_header() {
                break;
            }
            counters.count(&packet);
            if let Some(course) = record.course {
                let told = self.courses.take_long(course, side, &packet, at);
                event.handshake_nanos = event.handshake_nanos.or(told.handshake_nanos);
            }
        }
        event.handshake_nanos.is_some().then_some(event)
    }

    /// Looks whether a conversation that has just begun goes on with a connection: its first datagram is for an end of
    /// it, by address, port and identifier.
    #[cold]
    #[inline(never)]
    pub(super) fn go_on(&mut self, slot: u32, frame: &Frame<'_>) {
        if self.courses.is_unknown() {
            return;
        }
        let Some(record) = self.records.get(slot) else { return };
        let Some(receiver) = record.key.sender(frame).map(Side::other) else { return };
        let end = |key: &crate::FlowKey, side| (key.address(side), key.port(side));
        let behind_first = frame.payload.bytes.get(1..).unwrap_or_default();
        let found = self.courses.candidates(behind_first).find(|candidate| {
            self.records.get(candidate.slot).is_some_and(|from| {
                from.serial() == candidate.serial
                    && end(&from.key, candidate.owner) == end(&record.key, receiver)
            })
        });
        let Some(found) = found else { return };
        let serial = record.serial();
        if let Some(course) = self.courses.go_on(&found, slot, serial, receiver)
            && let Some(record) = self.records.get_mut(slot)
        {
            record.be_quic();
            record.course = Some(course);
            self.counters.quic.migrations += 1;
        }
    }
}
