//! The list of hosts, for whoever looks through it.

mod columns;
mod course;
mod detail;
mod filter;

use std::collections::HashMap;
use std::net::IpAddr;

use foldhash::fast::RandomState;
use netsonde_messages::stream::{HostColumn, HostListed, HostQuery, HostWindow};
use netsonde_messages::{self as messages, Host};
use netsonde_units::{NANOS_PER_SECOND, Timestamp};

use self::columns::Rank;
use self::filter::Filter;
use super::columns::Page;
use super::{FilterError, Listing, spoke_lately};
use crate::hosts::{self, HostSums};
use crate::places::point;
use crate::ranked::Place;
use crate::view::View;
use crate::{lock, parts};

/// How long what a conversation sent is told of: the steps of the small chart, and the one that is open.
const PACE_NANOS: u64 = 62 * NANOS_PER_SECOND;

impl Listing {
    /// Returns a page of the hosts that fit.
    pub(crate) fn find_hosts(&self, query: &HostQuery) -> Result<HostWindow, FilterError> {
        let filter = Filter::new(query)?;
        let page = Page::of(query.offset, query.limit);
        let _looking = lock(&self.looking);
        let mut view = self.view();
        view.keep_up();
        if filter.asks_where() || matches!(query.sort, HostColumn::Country | HostColumn::Organization) {
            view.locate_all();
        }
        let filter = filter.in_view(&view);
        let mut fitting = Rank::new(query.sort, query.descending);
        for (place, host) in (0..).zip(view.totals.hosts().iter()) {
            if filter.fits(place, host, &view) {
                fitting.add(place, host, &view);
            }
        }
        let matched = fitting.len();
        let rows = rows(&fitting.page(page), &view);
        let now_ms = (view.now > Timestamp::EPOCH).then(|| parts::milliseconds(view.now));
        let total = view.totals.hosts().len().into();
        Ok(HostWindow { total, matched, forgotten: view.totals.hosts_dropped, now_ms, rows })
    }

    /// Returns the hosts that were located, in the order in which they were, from the `from`th on; each has the
    /// coordinates of its place, or of the middle of its country.
    pub(crate) fn located(&self, from: usize, most: usize) -> Vec<Host> {
        let _looking = lock(&self.looking);
        let view = self.view();
        let addresses: Vec<_> = view.whereabouts.log.from(from, most).collect();
        addresses.into_iter().map(|address| located(address, &view)).collect()
    }
}

/// Tells of a host that was located, also of one that has made room for another since.
fn located(address: IpAddr, view: &View) -> Host {
    let held = view.totals.place_of(address).and_then(|place| Some((place, view.totals.host(place)?)));
    let host = match held {
        Some((place, host)) => hosts::message(place, host, view),
        None => hosts::gone(address, view),
    };
    let found = point(&host.place);
    let (latitude, longitude) = found.map(|(latitude, longitude, _)| (latitude, longitude)).unzip();
    Host { place: messages::Place { latitude, longitude, ..host.place }, ..host }
}

/// Says what is wrong with a query of a list that is empty, if anything.
pub(crate) fn check(query: &HostQuery) -> Result<(), FilterError> {
    Filter::new(query).map(drop)
}

/// What the conversations of a host sent lately, in bits per second.
#[derive(Clone, Debug, Default)]
struct Lately {
    to: f64,
    from: f64,
    /// Both ways, by step.
    recent: Vec<f64>,
}

/// Tells of the hosts at these places, with what they sent lately: one look through the conversations for all of them.
fn rows(places: &[Place], view: &View) -> Vec<HostListed> {
    let hosts: Vec<_> = places.iter().filter_map(|&place| Some((place, view.totals.host(place)?))).collect();
    let mut lately = if view.is_paced { paces(&hosts, view) } else { Vec::new() }.into_iter();
    let listed = |(place, host): (Place, &(IpAddr, HostSums))| {
        let lately = lately.next();
        HostListed {
            active: spoke_lately(host.1.last_seen, view.now),
            in_bps: lately.as_ref().map(|lately| lately.to),
            out_bps: lately.as_ref().map(|lately| lately.from),
            recent_bps: lately.map(|lately| lately.recent).unwrap_or_default(),
            host: hosts::message(place, host, view),
        }
    };
    hosts.into_iter().map(listed).collect()
}

fn paces(hosts: &[(Place, &(IpAddr, HostSums))], view: &View) -> Vec<Lately> {
    let numbers = hosts.iter().enumerate().map(|(number, (_, host))| (host.0, number));
    let numbers: HashMap<IpAddr, usize, RandomState> = numbers.collect();
    let mut all = vec![Lately::default(); hosts.len()];
    for (_, listed) in view.listed() {
        let row = listed.row;
        let Some(pace) = listed.pace.filter(|_| view.now.nanos_since(row.last_seen) <= PACE_NANOS) else {
            continue;
        };
        let client = numbers.get(&row.client_address());
        let server = numbers.get(&row.server_address());
        if client.is_none() && server.is_none() {
            continue;
        }
        let ((up, down), steps) = (pace.throughput_bps(view.now), pace.steps_bps(view.now));
        // What an address says to itself goes both ways, once.
        let ends = [(client, down, up), (server.filter(|_| server != client), up, down)];
        for (number, in_bps, out_bps) in ends {
            let Some(lately) = number.and_then(|&number| all.get_mut(number)) else { continue };
            lately.to += in_bps;
            lately.from += out_bps;
            lately.recent.resize(steps.len(), 0.0);
            lately.recent.iter_mut().zip(&steps).for_each(|(sum, bps)| *sum += bps);
        }
    }
    all
}

#[cfg(test)]
mod tests;
