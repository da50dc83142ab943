//! What the beginnings of conversations say of who they are with.

use netsonde_dissect::{Frame, Protocol, Transport};

use super::telling::Told;
use super::{Aside, FlowTable, seeking};
use crate::hello::Segment;
use crate::record::Record;
use crate::{Clue, Fact, FlowId, Side};

/// Tells whether a packet is one of a beginning; most are not.
#[inline]
pub(super) const fn may_be_heard(record: &Record, side: Side, frame: &Frame<'_>) -> bool {
    (record.watch(side).is_open() || record.sought.is_some()) && !frame.payload.bytes.is_empty()
}

/// Tells whether a conversation may still show a hello or a request: nothing is known of it, or nothing that rules both
/// out. Who searches a way through address translation goes on to DTLS.
const fn may_show(protocol: Protocol) -> bool {
    matches!(
        protocol,
        Protocol::Tcp | Protocol::Tls | Protocol::Http | Protocol::Udp | Protocol::Dtls | Protocol::Stun
    )
}

/// Returns what a conversation speaks that gives such a clue.
const fn spoken(clue: &Clue, transport: Protocol) -> Protocol {
    match (clue, transport) {
        (Clue::HttpHost(_), _) => Protocol::Http,
        (Clue::Client(_) | Clue::Server(_), Protocol::Udp) => Protocol::Dtls,
        (Clue::Client(_) | Clue::Server(_), _) => Protocol::Tls,
    }
}

impl FlowTable {
    /// Takes in a packet of a conversation's beginning, which may be what it is recognised by. Not inlined: most packets
    /// are none.
    #[inline(never)]
    pub(super) fn hear(&mut self, packet: &Told<'_>, becomes_quic: bool) {
        let &Told { slot, side, frame, at, .. } = packet;
        let Some(record) = self.records.get_mut(slot) else { return };
        if becomes_quic {
            record.sought = self.quic.begin(record.serial());
        }
        if let Some(id) = record.sought {
            seeking::show(&mut self.quic, &mut self.facts, record, id, packet);
        }
        if !may_show(record.protocol) {
            if record.settle() {
                self.hellos.forget_both(slot);
            }
            return;
        }
        let speaker = (slot, side);
        let clue = match &frame.transport {
            Transport::Tcp(tcp) => {
                let first = if tcp.flags.syn() { tcp.sequence.plus(1) } else { tcp.sequence };
                let start = record.connection.and_then(|connection| self.connections.start(connection, side));
                let segment = Segment { first, start, payload: frame.payload };
                self.hellos.segment(speaker, record.watch_mut(side), &segment)
            }
            Transport::Udp(_) => self.hellos.datagram(speaker, record.watch_mut(side), frame.payload),
            _ => None,
        };
        if let Some(clue) = clue {
            self.asides.extend(record.show(spoken(&clue, record.transport)).map(Aside::Recognised));
            let about = FlowId { slot, serial: record.serial() };
            self.facts.push(Fact::Clue { about, clue, at });
        }
    }
}
