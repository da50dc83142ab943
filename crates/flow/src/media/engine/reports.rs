//! What RTCP says of streams.

use netsonde_dissect::Protocol;
use netsonde_dissect::rtcp::{self, Packet};

use super::{Heard, Media, MediaId, Told, touch};
use crate::record::Record;
use crate::{FlowEvent, FoundBy, RtcpEvent, Side};

impl Media {
    /// Takes in what has the shape of RTCP.
    #[cold]
    pub(super) fn take_rtcp(&mut self, record: &mut Record, id: MediaId, heard: &Heard<'_>) -> Option<Told> {
        let session = self.sessions.get(id.number())?;
        let (is_media, is_protected) = (session.is_media, session.is_protected || record.has_handshake);
        let ends = session.way(heard.side);
        let is_announced =
            session.endpoint(heard.side.other()).is_some_and(|endpoint| self.announced.has_reports(endpoint));
        let is_certain = rtcp::is_certain(heard.payload);
        let mut recognition = None;
        if !is_media && record.protocol == Protocol::Udp && (is_certain || is_announced) {
            recognition = Some(record.become_reports(heard.volume()));
        }
        let is_known = is_media || record.protocol == Protocol::Rtcp;
        if !is_known && !is_certain {
            record.spend_look();
        }
        let mut round_trip_nanos = None;
        // What encryption leaves of a report says nothing (RFC 3711 section 3.4).
        if (is_known || is_certain) && !is_protected {
            for packet in rtcp::packets(heard.payload) {
                if let Some(nanos) = self.take_report(id, heard, ends, &packet) {
                    round_trip_nanos = Some(nanos);
                }
            }
        }
        if !is_known {
            let session = self.sessions.get_mut(id.number())?;
            session.reports += heard.volume();
            return None;
        }
        let event = Some(FlowEvent::Rtcp(RtcpEvent { round_trip_nanos }));
        Some(Told { event, moved: [recognition, None], ..Told::plain(Protocol::Rtcp, heard.payload) })
    }

    /// Takes in one packet of a datagram; tells the round trip that it shows.
    fn take_report(
        &mut self,
        id: MediaId,
        heard: &Heard<'_>,
        (source, destination): (std::net::IpAddr, std::net::IpAddr),
        packet: &Packet<'_>,
    ) -> Option<u64> {
        if !matches!(packet.kind, Packet::SENDER_REPORT | Packet::RECEIVER_REPORT) {
            return None;
        }
        if let (Some(ssrc), Packet::SENDER_REPORT) = (packet.sender, packet.kind) {
            let stream = self.spoken_of(id, heard.side, (source, destination, ssrc));
            if let (Some(number), Some(info)) = (stream, packet.sender_info())
                && let Some(stream) = self.streams.get_mut(number)
            {
                // The middle 32 bits of 64 (RFC 3550 section 4).
                let middle = u32::try_from((info.ntp >> 16) & u64::from(u32::MAX)).unwrap_or_default();
                stream.sender_reported(middle, heard.at);
            }
        }
        let mut round_trip_nanos = None;
        for block in packet.blocks() {
            let stream = self.spoken_of(id, heard.side.other(), (destination, source, block.ssrc));
            let Some(number) = stream else { continue };
            let Some(stream) = self.streams.get_mut(number) else { continue };
            round_trip_nanos = stream.receiver_reported(&block, heard.at).or(round_trip_nanos);
            touch(stream, number, &mut self.touched);
        }
        round_trip_nanos
    }

    /// Returns the stream that a report speaks of: one of its own conversation, else one between the same addresses. What it
    /// speaks of may be a candidate, or still to come.
    fn spoken_of(&mut self, id: MediaId, sender: Side, way: super::Way) -> Option<u32> {
        let member = self.sessions.get(id.number())?.member(sender, way.2);
        let number = member.map(|member| member.stream).or_else(|| self.ways.get(&way).copied());
        let Some(number) = number else {
            self.named.insert(way);
            return None;
        };
        if let Some(stream) = self.streams.get_mut(number) {
            stream.shape.is_named = true;
            if stream.found_by.is_some() {
                stream.find(FoundBy::Rtcp);
            }
        }
        Some(number)
    }
}
