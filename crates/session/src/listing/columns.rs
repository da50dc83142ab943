//! The order of the list: one key for each flow and column, and a page of the flows by it.

use std::cmp::Ordering;
use std::net::IpAddr;

use netsonde_dissect::Protocol;
use netsonde_flow::{FlowRow, Side};
use netsonde_messages::stream::FlowColumn;
use netsonde_units::{PerKey, Timestamp};

use super::MAX_FLOWS;
use crate::flows;
use crate::view::{FlowPlace, Listed, View};

/// Which of the rows that fit are wanted.
#[derive(Clone, Copy, Debug)]
pub(super) struct Page {
    offset: usize,
    limit: usize,
}

impl Page {
    pub(super) fn of(offset: u64, limit: u32) -> Self {
        Self {
            offset: usize::try_from(offset).unwrap_or(usize::MAX),
            limit: usize::try_from(limit.min(MAX_FLOWS)).unwrap_or(0),
        }
    }
}

/// The flows that fit, with what they are sorted by.
#[derive(Debug)]
pub(super) struct Rank<'v> {
    column: FlowColumn,
    descending: bool,
    alphabets: Alphabets,
    entries: Entries<'v>,
}

/// The place of each name in the alphabet, by number.
#[derive(Debug)]
struct Alphabets {
    protocols: [u8; Protocol::COUNT],
    /// Blank where that is not the column.
    apps: Vec<u16>,
}

/// Addresses and names are wide; all other columns are numbers.
#[derive(Debug)]
enum Entries<'v> {
    Numbers(Vec<OfFlow<u64>>),
    Ends(Vec<OfFlow<(bool, u128, u16)>>),
    Names(Vec<OfFlow<&'v str>>),
}

/// One flow; equal ones come in order of first packet.
type OfFlow<K> = Entry<K, u64, FlowPlace>;

/// One row by its key: what has none comes last in either order, and equal ones in order of `tie`.
#[derive(Clone, Copy, Debug)]
pub(super) struct Entry<K, T, P> {
    pub(super) key: Option<K>,
    pub(super) tie: T,
    pub(super) place: P,
}

impl<'v> Rank<'v> {
    pub(super) fn new(column: FlowColumn, descending: bool, view: &View) -> Self {
        let entries = match column {
            FlowColumn::Client | FlowColumn::Server => Entries::Ends(Vec::new()),
            FlowColumn::Hostname => Entries::Names(Vec::new()),
            _ => Entries::Numbers(Vec::new()),
        };
        let apps = if column == FlowColumn::App { view.labels.judge.apps.alphabet() } else { Vec::new() };
        let alphabets = Alphabets { protocols: alphabet(), apps };
        Self { column, descending, alphabets, entries }
    }

    pub(super) fn add(&mut self, place: FlowPlace, listed: Listed<'v>, view: &View) {
        let row = listed.row;
        let serial = row.id.serial;
        match &mut self.entries {
            Entries::Numbers(entries) => {
                let key = number(self.column, &self.alphabets, listed, view);
                entries.push(Entry { key, tie: serial, place });
            }
            Entries::Ends(entries) => {
                let side = if self.column == FlowColumn::Client { row.client } else { row.client.other() };
                entries.push(Entry { key: Some(end(row, side)), tie: serial, place });
            }
            Entries::Names(entries) => {
                let key = listed.identity.name().map(|name| &**name.text);
                entries.push(Entry { key, tie: serial, place });
            }
        }
    }

    /// Counts the flows.
    pub(super) fn len(&self) -> u64 {
        // Lossless: usize has at most 64 bits.
        match &self.entries {
            Entries::Numbers(entries) => entries.len() as u64,
            Entries::Ends(entries) => entries.len() as u64,
            Entries::Names(entries) => entries.len() as u64,
        }
    }

    /// Returns where the flows of a page stand, in order.
    pub(super) fn page(self, page: Page) -> Vec<FlowPlace> {
        match self.entries {
            Entries::Numbers(entries) => cut_out(entries, page, self.descending),
            Entries::Ends(entries) => cut_out(entries, page, self.descending),
            Entries::Names(entries) => cut_out(entries, page, self.descending),
        }
    }
}

/// Sorts no more than the page: the rows before it and behind it are only parted from it.
pub(super) fn cut_out<K: Ord, T: Ord, P: Copy>(
    mut entries: Vec<Entry<K, T, P>>,
    page: Page,
    descending: bool,
) -> Vec<P> {
    let order = |a: &Entry<K, T, P>, b: &Entry<K, T, P>| {
        let by_key = match (&a.key, &b.key) {
            (Some(a), Some(b)) if descending => b.cmp(a),
            (Some(a), Some(b)) => a.cmp(b),
            (Some(_), None) => Ordering::Less,
            (None, Some(_)) => Ordering::Greater,
            (None, None) => Ordering::Equal,
        };
        by_key.then_with(|| a.tie.cmp(&b.tie))
    };
    if page.offset >= entries.len() || page.limit == 0 {
        return Vec::new();
    }
    if page.offset > 0 {
        entries.select_nth_unstable_by(page.offset, order);
    }
    let Some(rest) = entries.get_mut(page.offset..) else { return Vec::new() };
    if page.limit < rest.len() {
        rest.select_nth_unstable_by(page.limit, order);
    }
    let Some(wanted) = rest.get_mut(..page.limit.min(rest.len())) else { return Vec::new() };
    wanted.sort_unstable_by(order);
    wanted.iter().map(|entry| entry.place).collect()
}

fn number(column: FlowColumn, alphabets: &Alphabets, listed: Listed<'_>, view: &View) -> Option<u64> {
    let Listed { row, identity, pace } = listed;
    let seen = row.first_seen > Timestamp::EPOCH;
    match column {
        FlowColumn::Bytes => Some(row.volume().bytes),
        FlowColumn::BytesUp => Some(row.up.volume.bytes),
        FlowColumn::BytesDown => Some(row.down.volume.bytes),
        FlowColumn::Packets => Some(row.volume().packets),
        FlowColumn::Throughput => match pace {
            Some(pace) => Some(pace.lately_bytes(view.now)),
            None => view.is_paced.then_some(0),
        },
        FlowColumn::FirstSeen => seen.then_some(row.first_seen.nanos()),
        FlowColumn::LastSeen => seen.then_some(row.last_seen.nanos()),
        FlowColumn::Duration => seen.then(|| row.last_seen.nanos_since(row.first_seen)),
        FlowColumn::Rtt => flows::rtt_nanos(row, &view.local),
        FlowColumn::Resent => flows::retransmissions(row),
        FlowColumn::Protocol => alphabets.protocols.get(row.protocol.number()).map(|&place| place.into()),
        FlowColumn::App => alphabets.apps.get(identity.label.app?.place()).map(|&place| place.into()),
        // Lossless: states are few.
        FlowColumn::State => row.state.map(|state| state as u64),
        FlowColumn::Client | FlowColumn::Server | FlowColumn::Hostname => None,
    }
}

/// Orders IPv4 before IPv6, then by address and port.
fn end(row: &FlowRow, side: Side) -> (bool, u128, u16) {
    let port = row.key.port(side).unwrap_or(0);
    match row.key.address(side) {
        IpAddr::V4(address) => (false, address.to_bits().into(), port),
        IpAddr::V6(address) => (true, address.to_bits(), port),
    }
}

/// Returns the place of each protocol's name in the alphabet, by the protocol's number.
fn alphabet() -> [u8; Protocol::COUNT] {
    let mut sorted = Protocol::ALL;
    sorted.sort_by_cached_key(|protocol| protocol.name().to_lowercase());
    let mut places = [0; Protocol::COUNT];
    for (place, protocol) in (0..).zip(sorted) {
        if let Some(slot) = places.get_mut(protocol.number()) {
            *slot = place;
        }
    }
    places
}
