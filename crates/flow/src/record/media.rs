//! What a record knows of the streams in its conversation.

use netsonde_dissect::Protocol;
use netsonde_units::Volume;

use super::{Recognition, Record};
use crate::Side;

impl Record {
    /// Tells whether a datagram of the conversation may be one of a stream, or stand among them; most conversations are
    /// something else, or were looked at long enough.
    #[inline]
    pub(crate) const fn may_have_media(&self, datagram: &[u8]) -> bool {
        let [first, ..] = *datagram else { return false };
        self.media.is_some()
            || (self.looks_left > 0
                && self.may_become_media()
                && match first {
                    128..=191 => true,
                    20..=25 => !self.has_handshake,
                    _ => matches!(self.protocol, Protocol::Udp),
                })
    }

    /// Tells whether streams may be found in the conversation: nothing is known of it, or nothing that rules them out.
    pub(crate) const fn may_become_media(&self) -> bool {
        matches!(self.protocol, Protocol::Udp | Protocol::Stun | Protocol::Dtls | Protocol::Rtcp)
    }

    /// Takes note of a handshake of DTLS, which makes keys for the streams beside it (RFC 5764).
    pub(crate) const fn note_handshake(&mut self, datagram: &[u8]) {
        if matches!(datagram, [20..=25, 0xfe, 0xfd | 0xff, ..]) {
            self.has_handshake = true;
        }
    }

    /// The conversation was looked at in vain.
    pub(crate) const fn spend_look(&mut self) {
        self.looks_left = self.looks_left.saturating_sub(1);
    }

    /// A stream is found, to which `packet` belongs, already counted. Returns what moves to it: of the packets before those
    /// that had the shape of RTP, and likewise of RTCP.
    pub(crate) fn become_media(
        &mut self,
        to: Protocol,
        packet: Volume,
        shaped: Volume,
        reports: Volume,
    ) -> [Option<Recognition>; 2] {
        let from = std::mem::replace(&mut self.protocol, to);
        self.probes_left = 0;
        self.classed = shaped + packet;
        let newly_encrypted = to.is_encrypted() && !from.is_encrypted();
        let encrypted = if newly_encrypted { self.volume() - packet } else { Volume::ZERO };
        let media = Recognition { from, to, moved: shaped, encrypted };
        let reports = Recognition { from, to: Protocol::Rtcp, moved: reports, encrypted: Volume::ZERO };
        [Some(media), (from != Protocol::Rtcp && !reports.moved.is_zero()).then_some(reports)]
    }

    /// The streams are encrypted. Returns what had been counted as if they were not, before `packet`.
    #[cold]
    pub(crate) fn become_protected(&mut self, packet: Volume) -> Recognition {
        let from = std::mem::replace(&mut self.protocol, Protocol::Srtp);
        let (moved, encrypted) = (self.classed - packet, self.volume() - packet);
        Recognition { from, to: Protocol::Srtp, moved, encrypted }
    }

    /// The conversation is one of reports. Returns what it contributed before `packet`.
    #[cold]
    pub(crate) fn become_reports(&mut self, packet: Volume) -> Recognition {
        let from = std::mem::replace(&mut self.protocol, Protocol::Rtcp);
        self.probes_left = 0;
        let moved = self.classed - packet;
        Recognition { from, to: Protocol::Rtcp, moved, encrypted: Volume::ZERO }
    }

    /// Takes back of a packet, already counted, what is not of the conversation's class, and what of it is no payload.
    pub(crate) fn recount(&mut self, side: Side, packet: Volume, is_classed: bool, no_goodput: u32) {
        if !is_classed {
            self.classed -= packet;
        }
        let sent = match side {
            Side::Low => &mut self.sent[0],
            Side::High => &mut self.sent[1],
        };
        sent.goodput_bytes = sent.goodput_bytes.saturating_sub(no_goodput.into());
    }
}
