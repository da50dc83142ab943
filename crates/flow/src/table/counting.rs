//! One packet of a conversation: what it adds, what it is found to be.

use netsonde_dissect::{Frame, IpProtocol, Tcp, Transport};
use netsonde_units::Timestamp;

use super::{FlowTable, Observation, touch};
use crate::conversation::Ends;
use crate::tcp::{Arrival, Event, Extent};
use crate::{Direction, LatencyChange, Side, TcpVerdict};

/// How a packet comes to its conversation.
pub(super) struct Arrives {
    pub(super) ends: Ends,
    pub(super) wire_len: u32,
    pub(super) at: Timestamp,
    /// The number of the second in which it is taken in.
    pub(super) second: u32,
    /// Whether its conversation has just taken the place of another on the same ports.
    pub(super) reuses_ports: bool,
}

impl Arrives {
    /// Tells what TCP's analysis is to know of the packet.
    #[inline]
    fn of_tcp<'a>(
        &self,
        tcp: &'a Tcp<'a>,
        frame: &Frame<'_>,
        direction: Direction,
        by_client: bool,
    ) -> Arrival<'a> {
        let payload = frame.payload;
        let is_cut = payload.bytes.len() < usize::try_from(payload.wire_len).unwrap_or(usize::MAX);
        let extent = match self.ends.fragment {
            None => self
                .ends
                .payload_len
                .checked_sub(tcp.extent.header_len())
                .map_or(Extent::HeaderOnly, Extent::Whole),
            Some(_) if is_cut => Extent::HeaderOnly,
            Some(_) => Extent::Fragment,
        };
        Arrival {
            tcp,
            extent,
            payload_len: payload.wire_len,
            at: self.at,
            second: self.second,
            direction,
            by_client,
            reuses_ports: self.reuses_ports,
        }
    }
}

impl FlowTable {
    /// Counts a packet of the conversation at `slot`.
    #[expect(
        clippy::inline_always,
        reason = "all that a packet does to its conversation is one stretch of code"
    )]
    #[inline(always)]
    pub(super) fn count(
        &mut self,
        slot: u32,
        side: Side,
        frame: &Frame<'_>,
        arrives: &Arrives,
    ) -> Observation {
        let Some(record) = self.records.get_mut(slot) else { return self.outside(frame) };
        let was_retired = record.retired;
        let direction = record.direction(side, frame.link.cast, &self.local, self.local_generation);
        let recognition = record.recognise(frame);
        let payload_len = frame.payload.wire_len;
        let (mut verdict, mut latency) = (TcpVerdict::default(), LatencyChange::default());
        let goodput_bytes = match &frame.transport {
            Transport::Tcp(tcp) => {
                if record.connection.is_none() {
                    record.connection = self.connections.begin();
                }
                let arrival = arrives.of_tcp(tcp, frame, direction, side == record.client);
                let followed = record
                    .connection
                    .map(|connection| self.connections.follow(connection, side, &arrival))
                    .unwrap_or_default();
                let event = Event::of(tcp.flags, arrival.by_client, followed.other_sent_fin);
                let change = record.follow_state(event);
                self.counters.tcp_resets += u64::from(change.was_reset);
                self.counters.tcp_refused += u64::from(change.was_refused);
                (verdict, latency) = (followed.verdict, followed.latency);
                followed.new_bytes
            }
            Transport::Icmp(_)
            | Transport::Icmpv6(_)
            | Transport::Igmp(_)
            | Transport::LaterFragment(IpProtocol::ICMP | IpProtocol::ICMPV6 | IpProtocol::IGMP) => 0,
            Transport::None | Transport::Udp(_) | Transport::LaterFragment(_) | Transport::Other(_) => {
                payload_len
            }
        };
        record.count(side, arrives.wire_len, payload_len, goodput_bytes, arrives.at);
        touch(record, &mut self.touched, self.tick, slot);
        let observation = Observation {
            slot: Some(slot),
            direction,
            protocol: if payload_len > 0 { record.protocol } else { record.transport },
            transport: record.transport,
            has_tcp_payload: payload_len > 0 && matches!(frame.transport, Transport::Tcp(_)),
            goodput_bytes,
            encrypted: record.protocol.is_encrypted(),
            recognition,
            tcp: verdict,
            event: None,
            latency,
        };
        if was_retired {
            self.open += 1;
            self.arm(slot);
        }
        observation
    }
}
