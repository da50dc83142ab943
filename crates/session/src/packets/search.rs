//! Looking for packets: of a conversation, with a text.

use std::collections::VecDeque;
use std::net::IpAddr;
use std::sync::Arc;

use netsonde_dissect::{Fragment, Frame, Network};
use netsonde_flow::{FlowKey, innermost};
use netsonde_messages::stream::{PacketRow, PacketWindow};
use netsonde_units::Timestamp;

use super::chunk::{Chunk, Kept};
use super::{Held, Packets};
use crate::rows;

/// Which packets are of a conversation.
#[derive(Clone, Copy, Debug)]
pub(crate) struct OfFlow {
    pub(crate) key: FlowKey,
    /// Its place in the flow table, which others have before it and after it.
    pub(crate) slot: u32,
    /// The conversation on the same ports before it ended then.
    pub(crate) from: Option<Timestamp>,
    /// The one after it began then.
    pub(crate) until: Option<Timestamp>,
}

impl OfFlow {
    /// Tells whether a packet is of the conversation, or of one before it on the same ports. `datagrams` are those of
    /// the conversation that came in fragments so far.
    fn fits(&self, kept: &Kept<'_>, datagrams: &mut Datagrams) -> bool {
        let is_too_late = self.until.is_some_and(|until| kept.packet.at.is_some_and(|at| at >= until));
        if is_too_late || kept.flow.is_some_and(|flow| flow != self.slot) {
            return false;
        }
        let frame = innermost(&Frame::parse(&kept.packet));
        match FlowKey::of(&frame) {
            Some((key, _)) if key == self.key => {
                datagrams.remember(&frame);
                true
            }
            // Of a piece the flow table's word holds, where it is noted: only the table knows whose a later one is, and
            // what one carries that completes its datagram.
            _ if kept.flow.is_some() => rows::fragment(&frame).is_some(),
            Some(_) => {
                datagrams.forget(&frame);
                false
            }
            None => datagrams.holds(&frame),
        }
    }

    /// Tells whether a packet that fits is of the conversation itself.
    pub(crate) fn has_begun(&self, kept: &Kept<'_>) -> bool {
        self.from.is_none_or(|from| kept.packet.at.is_none_or(|at| at >= from))
    }
}

/// The newest datagrams whose first fragment was seen: only that one shows the ports.
#[derive(Debug, Default)]
struct Datagrams(VecDeque<(IpAddr, IpAddr, u32)>);

impl Datagrams {
    /// How many are remembered.
    const MOST: usize = 64;

    fn remember(&mut self, frame: &Frame<'_>) {
        if let Some(datagram) = Self::of(frame) {
            if self.0.len() >= Self::MOST {
                self.0.pop_front();
            }
            self.0.push_back(datagram);
        }
    }

    /// Forgets a datagram whose number another conversation between the two uses from here on.
    fn forget(&mut self, frame: &Frame<'_>) {
        if let Some(datagram) = Self::of(frame) {
            self.0.retain(|held| *held != datagram);
        }
    }

    fn holds(&self, frame: &Frame<'_>) -> bool {
        Self::of(frame).is_some_and(|datagram| self.0.contains(&datagram))
    }

    /// Returns what fragments of one datagram have in common.
    fn of(frame: &Frame<'_>) -> Option<(IpAddr, IpAddr, u32)> {
        let Fragment { id, .. } = rows::fragment(frame)?;
        match frame.network {
            Network::Ipv4(ip) => Some((ip.source.into(), ip.destination.into(), id)),
            Network::Ipv6(ip) => Some((ip.source.into(), ip.destination.into(), id)),
            Network::None | Network::Arp(_) | Network::Other(_) => None,
        }
    }
}

/// Walks packets by number and holds on to one chunk at a time.
pub(super) struct Cursor<'a> {
    held: &'a Held,
    /// Whose packets are wanted; none for everybody's.
    flow: Option<&'a OfFlow>,
    chunk: Option<Arc<Chunk>>,
    datagrams: Datagrams,
    /// How many were looked at closely, and how much they were.
    looked_at: u64,
    looked_at_bytes: usize,
    pub(super) most_bytes: usize,
    /// How many of other conversations were passed by.
    passed: u64,
}

impl<'a> Cursor<'a> {
    pub(super) fn new(held: &'a Held, flow: Option<&'a OfFlow>) -> Self {
        let most_bytes = Packets::MAX_SEARCHED_BYTES;
        let datagrams = Datagrams::default();
        Self { held, flow, chunk: None, datagrams, looked_at: 0, looked_at_bytes: 0, most_bytes, passed: 0 }
    }

    pub(super) const fn is_tired(&self) -> bool {
        self.looked_at_bytes >= self.most_bytes || self.passed >= Packets::MAX_PASSED
    }

    /// Tells whether so many rows were made, or would have been, that a search ends.
    const fn has_searched(&self) -> bool {
        self.looked_at >= Packets::MAX_SEARCHED || self.is_tired()
    }

    /// Returns the numbers of packets around this one none of which is wanted, where that is known without reading them.
    pub(super) fn passed_by(&self, number: u64) -> Option<(u64, u64)> {
        let is_at_hand = self.chunk.as_ref().is_some_and(|chunk| chunk.contains(number));
        if is_at_hand { None } else { self.held.without(number, self.flow?.slot) }
    }

    /// Returns a packet that is wanted, unless it has been dropped.
    pub(super) fn packet(&mut self, number: u64) -> Option<Kept<'_>> {
        if !self.chunk.as_ref().is_some_and(|chunk| chunk.contains(number)) {
            self.chunk = self.held.chunk(number);
            // Reading a part of a file again is work whatever is in it.
            let read = self.chunk.as_ref().filter(|_| self.flow.is_some() && self.held.is_read_again());
            self.looked_at_bytes += read.map_or(0, |chunk| chunk.filled());
        }
        let Some(kept) = self.chunk.as_ref().and_then(|chunk| chunk.packet(number)) else {
            self.looked_at += 1;
            return None;
        };
        if self.flow.is_some_and(|flow| !flow.fits(&kept, &mut self.datagrams)) {
            self.passed += 1;
            return None;
        }
        self.looked_at += 1;
        self.looked_at_bytes += kept.packet.bytes.len();
        Some(kept)
    }

    /// Makes the row of a packet.
    fn row(&mut self, number: u64) -> Option<PacketRow> {
        let flow = self.flow;
        let kept = self.packet(number)?;
        flow.is_none_or(|flow| flow.has_begun(&kept)).then(|| rows::row(&kept))
    }
}

/// One search: among which packets, for how many rows, and for what.
pub(super) struct Search {
    pub(super) oldest: u64,
    pub(super) newest: u64,
    pub(super) most: u32,
    pub(super) text: Option<Text>,
}

impl Search {
    pub(super) fn upwards(self, cursor: &mut Cursor<'_>, from: u64) -> PacketWindow {
        let mut rows = Vec::new();
        let mut next = from.max(self.oldest);
        while next <= self.newest && !self.is_enough(&rows) && !cursor.has_searched() {
            if let Some((_, end)) = cursor.passed_by(next) {
                next = end;
                continue;
            }
            rows.extend(cursor.row(next).filter(|row| self.wants(row)));
            next += 1;
        }
        self.window(rows, (next <= self.newest).then_some(next))
    }

    pub(super) fn downwards(self, cursor: &mut Cursor<'_>) -> PacketWindow {
        let mut rows = Vec::new();
        let mut last = self.newest + 1;
        while last > self.oldest && !self.is_enough(&rows) && !cursor.has_searched() {
            if let Some((first, _)) = cursor.passed_by(last - 1) {
                last = first;
                continue;
            }
            last -= 1;
            rows.extend(cursor.row(last).filter(|row| self.wants(row)));
        }
        rows.reverse();
        let next = (last > self.oldest).then_some(self.oldest);
        self.window(rows, next)
    }

    fn is_enough(&self, rows: &[PacketRow]) -> bool {
        u32::try_from(rows.len()).is_ok_and(|count| count >= self.most)
    }

    fn wants(&self, row: &PacketRow) -> bool {
        self.text.as_ref().is_none_or(|text| text.is_shown_in(row))
    }

    fn window(&self, rows: Vec<PacketRow>, next: Option<u64>) -> PacketWindow {
        PacketWindow { oldest: Some(self.oldest), newest: Some(self.newest), rows, next }
    }
}

/// What a search looks for, in small letters.
pub(super) struct Text(String);

impl Text {
    pub(super) fn new(text: Option<&str>) -> Option<Self> {
        text.filter(|text| !text.is_empty()).map(|text| Self(text.to_lowercase()))
    }

    fn is_shown_in(&self, row: &PacketRow) -> bool {
        let PacketRow { number, time_ms: _, source, destination, protocol, length, info } = row;
        [source.as_str(), destination, protocol, info].into_iter().any(|column| self.is_in(column))
            || number.to_string().contains(&self.0)
            || length.to_string().contains(&self.0)
    }

    fn is_in(&self, column: &str) -> bool {
        let wanted = self.0.as_bytes();
        if self.0.is_ascii() {
            return column.as_bytes().windows(wanted.len()).any(|part| part.eq_ignore_ascii_case(wanted));
        }
        column.to_lowercase().contains(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn search_looks_in_every_column_in_any_case() {
        let row = PacketRow {
            number: 4711,
            time_ms: None,
            source: "fe80::ab".to_owned(),
            destination: "192.0.2.1".to_owned(),
            protocol: "TLS".into(),
            length: 1514,
            info: "for Ärger.example".to_owned(),
        };
        let is_shown = |text| Text::new(Some(text)).is_some_and(|text| text.is_shown_in(&row));
        for text in ["71", "FE80", "0.2.1", "tls", "514", "EXAMPLE", "ärger", "ÄRGER"] {
            assert!(is_shown(text), "{text}");
        }
        assert!(!is_shown("udp") && !is_shown("for Ärger.examples"));
    }
}
