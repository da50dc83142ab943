//! What takes more than one look: packets in tunnels, datagrams in pieces.

use std::hash::BuildHasher as _;

use netsonde_dissect::{Fragment, Frame, Inner, Inside, Malformed, Payload, Transport};
use netsonde_units::Timestamp;

use super::{FlowTable, Observation, touch};
use crate::conversation::{Conversation, Ends, ports};
use crate::fragments::DatagramId;
use crate::pieces::Piece;
use crate::record::Recognition;
use crate::{DnsEvent, FlowKey};

/// What a packet tells beside its [`Observation`], where it holds another packet or several messages.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Aside {
    /// A conversation that carries others was recognised as doing so.
    Recognised(Recognition),
    /// A packet inside stopped early; its offset counts from that packet's beginning.
    Stopped(Malformed),
    /// A DNS message before the one that the observation tells, in the same segment of TCP.
    Dns(DnsEvent),
}

/// The packet that all of it came in: how long it was, its stamp, and when it was taken in.
#[derive(Clone, Copy)]
pub(super) struct Packet {
    pub(super) wire_len: u32,
    pub(super) at: Timestamp,
    pub(super) now: Timestamp,
}

impl FlowTable {
    /// Tells whether the latest packet told anything beside its observation.
    #[inline]
    pub const fn has_asides(&self) -> bool {
        !self.asides.is_empty()
    }

    /// Hands over what the latest packet told beside its observation, in order. Whoever observes takes them before the
    /// next packet; few have any.
    pub fn take_asides(&mut self) -> std::vec::Drain<'_, Aside> {
        self.asides.drain(..)
    }

    /// Counts a packet whose conversation [`Self::conversation`] could not tell: that of the innermost packet, once all
    /// of it is there. Conversations that carry it are kept open, and own nothing of it.
    #[cold]
    #[inline(never)]
    pub(super) fn observe_nested(&mut self, frame: &Frame<'_>, packet: Packet, depth: usize) -> Observation {
        let Some(ends) = Ends::of(frame) else { return self.outside(frame) };
        match (frame.inside, ends.fragment) {
            (Inside::Piece { bytes, wire_len }, Some(fragment)) => {
                self.observe_piece(frame, &ends, fragment, Payload { bytes, wire_len }, packet, depth)
            }
            (Inside::Tunnel(_), _) if depth < Inner::MAX_DEPTH => match frame.carried() {
                Some(inner) => self.observe_inner(frame, &ends, &inner, packet, depth),
                None => self.observe_plain(frame, &ends, ports(frame), packet),
            },
            _ => self.observe_plain(frame, &ends, ports(frame), packet),
        }
    }

    fn observe_inner(
        &mut self,
        frame: &Frame<'_>,
        ends: &Ends,
        inner: &Inner<'_>,
        packet: Packet,
        depth: usize,
    ) -> Observation {
        if let Some(protocol) = inner.tunnel.protocol() {
            let conversation = self.conversation_of(ends, ports(frame));
            let (slot, _) = self.find_or_begin(&conversation, frame, packet.at);
            if let Some(record) = self.records.get_mut(slot) {
                let was_retired = record.retired;
                let recognition = record.carry(protocol, packet.at);
                self.asides.extend(recognition.map(Aside::Recognised));
                touch(record, &mut self.touched, self.tick, slot);
                if was_retired {
                    self.open += 1;
                    self.arm(slot);
                }
            }
        }
        self.asides.extend(inner.frame.stopped.map(Aside::Stopped));
        self.observe_nested(&inner.frame, packet, depth + 1)
    }

    /// A piece counts in the conversation whose ports its datagram's first piece has shown; what the datagram carries
    /// is looked at once, in the packet that completes it. One that the capture cut is as good as it gets.
    fn observe_piece(
        &mut self,
        frame: &Frame<'_>,
        ends: &Ends,
        fragment: Fragment,
        piece: Payload<'_>,
        packet: Packet,
        depth: usize,
    ) -> Observation {
        let Ends { source, destination, protocol, .. } = *ends;
        let id = DatagramId { source, destination, protocol, id: fragment.id };
        let outcome = self.pieces.add(id, fragment, piece, packet.at);
        let ports = self.ports_of_piece(&id, ports(frame), packet.at);
        match outcome {
            Piece::Completes(bytes) if depth < Inner::MAX_DEPTH => {
                self.counters.datagrams_reassembled += 1;
                let whole = frame.reassembled(&bytes);
                self.asides.extend(whole.stopped.map(Aside::Stopped));
                let seen = self.observe_nested(&whole, packet, depth + 1);
                self.pieces.give_back(bytes);
                seen
            }
            Piece::Completes(_) | Piece::Alone => self.observe_plain(frame, ends, ports, packet),
            Piece::Waits => self.observe_waiting(frame, ends, ports, packet),
        }
    }

    fn observe_waiting(
        &mut self,
        frame: &Frame<'_>,
        ends: &Ends,
        ports: Option<(u16, u16)>,
        packet: Packet,
    ) -> Observation {
        let conversation = self.conversation_of(ends, ports);
        // Whether a SYN in it begins another connection is judged once it is whole.
        let known = self.find(conversation.hash, &conversation.key);
        let slot = known.unwrap_or_else(|| self.begin(&conversation, frame, packet.at));
        let transport = Transport::LaterFragment(ends.protocol);
        let waiting = Frame { transport, payload: Payload::default(), inside: Inside::Nothing, ..*frame };
        self.take_in(&waiting, *ends, &conversation, (slot, false), packet)
    }

    fn observe_plain(
        &mut self,
        frame: &Frame<'_>,
        ends: &Ends,
        ports: Option<(u16, u16)>,
        packet: Packet,
    ) -> Observation {
        let conversation = self.conversation_of(ends, ports);
        let found = self.find_or_begin(&conversation, frame, packet.at);
        self.take_in(frame, *ends, &conversation, found, packet)
    }

    fn conversation_of(&self, ends: &Ends, ports: Option<(u16, u16)>) -> Conversation {
        let (key, side) = FlowKey::new(ends.protocol, ends.source, ends.destination, ports);
        Conversation { key, side, hash: self.hasher.hash_one(key) }
    }

    /// The ports of a later piece are those of the first one, where it came before.
    fn ports_of_piece(
        &mut self,
        id: &DatagramId,
        ports: Option<(u16, u16)>,
        at: Timestamp,
    ) -> Option<(u16, u16)> {
        let (key, _) = FlowKey::new(id.protocol, id.source, id.destination, None);
        let hash = self.hasher.hash_one((key, id.id));
        match ports {
            Some(ports) => {
                self.fragments.remember(hash, *id, ports, at);
                Some(ports)
            }
            None => self.fragments.ports_of(hash, id, at),
        }
    }
}
