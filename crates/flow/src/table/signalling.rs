//! What signalling tells of calls and of where streams will come to.

use netsonde_dissect::{Frame, Protocol, Tcp, Transport};

use super::FlowTable;
use super::nested::Aside;
use super::telling::Told as Packet;
use crate::conversation::{Ends, ports};
use crate::signalling::{Segment, Spoken, Told};
use crate::{Announcement, Fact};

/// The port of SIP (RFC 3261 section 19.1.2).
const SIP: u16 = 5060;
/// Those of RTSP (RFC 2326 section 3.2).
const RTSP: u16 = 554;
const RTSP_ALTERNATE: u16 = 8554;

/// Tells whether a conversation that is not recognised may prove to be signalling: its first segments may be too short to
/// tell.
pub(super) const fn may_become(tcp: &Tcp<'_>) -> bool {
    matches!(tcp.source, SIP | RTSP | RTSP_ALTERNATE)
        || matches!(tcp.destination, SIP | RTSP | RTSP_ALTERNATE)
}

/// Tells whether a packet may be one of signalling.
pub(super) fn may_speak(frame: &Frame<'_>, protocol: Protocol) -> bool {
    match (protocol, &frame.transport) {
        (Protocol::Sip | Protocol::Rtsp, _) => true,
        (Protocol::Tcp, Transport::Tcp(tcp)) => may_become(tcp),
        _ => false,
    }
}

impl FlowTable {
    /// Reads the messages that a packet completes.
    pub(super) fn tell_signalling(&mut self, packet: &Packet<'_>, ends: &Ends) {
        let &Packet { slot, side, frame, at, .. } = packet;
        if frame.payload.bytes.is_empty() {
            return;
        }
        let Some((record, (from, to))) = self.records.get(slot).zip(ports(frame)) else { return };
        let (source, destination) = ((ends.source, from), (ends.destination, to));
        let spoken = Spoken { conversation: record.serial(), side, source, destination, at };
        let Transport::Tcp(tcp) = &frame.transport else {
            if let Some(told) = self.signalling.datagram(&spoken, frame.payload.bytes) {
                self.take_told(slot, told);
            }
            return;
        };
        let start = record.connection.and_then(|connection| self.connections.start(connection, side));
        let segment = Segment {
            first: if tcp.flags.syn() { tcp.sequence.plus(1) } else { tcp.sequence },
            start,
            ports: (from, to),
            payload: frame.payload,
        };
        let mut messages = Vec::new();
        self.signalling.segment(&spoken, &segment, |told| messages.push(told));
        for told in messages {
            self.take_told(slot, told);
        }
    }

    fn take_told(&mut self, slot: u32, told: Told) {
        if let Some(record) = self.records.get_mut(slot) {
            self.asides.extend(record.show(told.protocol()).map(Aside::Recognised));
        }
        match told {
            Told::Sip(message) => {
                for announcement in &message.media {
                    self.announce(announcement);
                }
                self.facts.push(Fact::Sip(message));
            }
            Told::Rtsp(announcements) => {
                for announcement in &announcements {
                    self.announce(announcement);
                }
            }
        }
    }

    /// Takes in where a stream will come to, and hands it over for the streams of others.
    fn announce(&mut self, announcement: &Announcement) {
        self.media.announce(announcement);
        self.facts.push(Fact::Media(Box::new(announcement.clone())));
    }
}
