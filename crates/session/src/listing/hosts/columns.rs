//! The order of the hosts.

use std::net::IpAddr;

use netsonde_messages::stream::HostColumn;
use netsonde_units::Timestamp;

use super::super::columns::{Entry, Page, cut_out};
use crate::hosts::{HostSums, best_name};
use crate::ranked::{Place, Weight as _};
use crate::view::View;

/// The hosts that fit, with what they are sorted by; equal ones in order of address, IPv4 before IPv6.
#[derive(Debug)]
pub(super) struct Rank {
    column: HostColumn,
    descending: bool,
    entries: Entries,
}

#[derive(Debug)]
enum Entries {
    Numbers(Vec<Entry<u64, IpAddr, Place>>),
    Addresses(Vec<Entry<IpAddr, (), Place>>),
    Texts(Vec<Entry<String, IpAddr, Place>>),
}

impl Rank {
    pub(super) const fn new(column: HostColumn, descending: bool) -> Self {
        let entries = match column {
            HostColumn::Address => Entries::Addresses(Vec::new()),
            HostColumn::Name | HostColumn::Country | HostColumn::Organization => Entries::Texts(Vec::new()),
            _ => Entries::Numbers(Vec::new()),
        };
        Self { column, descending, entries }
    }

    pub(super) fn add(&mut self, place: Place, host: &(IpAddr, HostSums), view: &View) {
        let address = host.0;
        match &mut self.entries {
            Entries::Numbers(entries) => {
                entries.push(Entry { key: number(self.column, &host.1), tie: address, place });
            }
            Entries::Addresses(entries) => entries.push(Entry { key: Some(address), tie: (), place }),
            Entries::Texts(entries) => {
                entries.push(Entry { key: text(self.column, place, host, view), tie: address, place });
            }
        }
    }

    /// Counts the hosts.
    pub(super) fn len(&self) -> u64 {
        // Lossless: usize has at most 64 bits.
        match &self.entries {
            Entries::Numbers(entries) => entries.len() as u64,
            Entries::Addresses(entries) => entries.len() as u64,
            Entries::Texts(entries) => entries.len() as u64,
        }
    }

    /// Returns where the hosts of a page stand, in order.
    pub(super) fn page(self, page: Page) -> Vec<Place> {
        match self.entries {
            Entries::Numbers(entries) => cut_out(entries, page, self.descending),
            Entries::Addresses(entries) => cut_out(entries, page, self.descending),
            Entries::Texts(entries) => cut_out(entries, page, self.descending),
        }
    }
}

fn number(column: HostColumn, sums: &HostSums) -> Option<u64> {
    let stamp = |at: Timestamp| (at > Timestamp::EPOCH).then_some(at.nanos());
    match column {
        HostColumn::Bytes => Some(sums.weight()),
        HostColumn::BytesIn => Some(sums.received.bytes),
        HostColumn::BytesOut => Some(sums.sent.bytes),
        HostColumn::Packets => Some(sums.received.packets + sums.sent.packets),
        HostColumn::Flows => Some(sums.flows.into()),
        HostColumn::Rtt => sums.rtt_nanos(),
        HostColumn::Resent => Some(sums.resent.into()),
        HostColumn::FirstSeen => stamp(sums.first_seen),
        HostColumn::LastSeen => stamp(sums.last_seen),
        HostColumn::Address | HostColumn::Name | HostColumn::Country | HostColumn::Organization => None,
    }
}

fn text(
    column: HostColumn,
    at: Place,
    &(address, ref sums): &(IpAddr, HostSums),
    view: &View,
) -> Option<String> {
    if column == HostColumn::Name {
        return best_name(address, view).map(|name| name.to_lowercase());
    }
    let place = view.located_at(at, address, sums).place?;
    match column {
        HostColumn::Country => place.country.as_ref().map(ToString::to_string),
        _ => place.organization.as_ref().map(|name| name.to_lowercase()),
    }
}
