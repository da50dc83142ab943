//! Everything about one host.

use std::cmp::Reverse;
use std::collections::BTreeMap;
use std::net::IpAddr;

use netsonde_flow::LocalNetworks;
use netsonde_messages::stream::{FlowListed, HostCourse, HostDetail, HostPeer, HostProtocol, PlaceSaid};
use netsonde_units::Volume;

use super::super::{Listing, message};
use super::{course, rows};
use crate::hosts::best_name;
use crate::largest::keep_first;
use crate::limits::{APPS_OF_HOST, FLOWS_OF_HOST, PEERS_OF_HOST};
use crate::packets::Packets;
use crate::places::Standing;
use crate::view::View;
use crate::{lock, parts};

impl Listing {
    /// Returns everything about a host; none where it is not listed. Its course is made from the packets that are still
    /// kept, and takes as long as that.
    pub(crate) fn host(&self, address: IpAddr, packets: &Packets) -> Option<HostDetail> {
        let looking = lock(&self.looking);
        let mut view = self.view();
        view.keep_up();
        let detail = detail(address, &view)?;
        let local = LocalNetworks::clone(&view.local);
        drop(view);
        drop(looking);
        let _analysing = lock(&self.analysing);
        Some(HostDetail { course: course::of(address, local, packets), ..detail })
    }
}

/// Tells everything but how it fared over its time.
fn detail(address: IpAddr, view: &View) -> Option<HostDetail> {
    let place = view.totals.place_of(address)?;
    let listed = rows(&[place], view).pop()?;
    let (protocols, flows, flows_listed) = conversations(address, view);
    Some(HostDetail {
        said: said(address, view),
        apps: view.labels.apps_of_host(place, address, APPS_OF_HOST),
        protocols,
        peers: peers(address, view),
        flows,
        flows_listed,
        course: HostCourse::default(),
        listed,
    })
}

fn said(address: IpAddr, view: &View) -> Vec<PlaceSaid> {
    let is_somewhere = Standing::of(address, &view.local) == Standing::Global;
    if is_somewhere { view.whereabouts.locator().said(address) } else { Vec::new() }
}

/// Returns the volume by protocol of the conversations of an address that are listed, the largest of them, and their
/// number.
fn conversations(address: IpAddr, view: &View) -> (Vec<HostProtocol>, Vec<FlowListed>, u64) {
    let mut volumes = BTreeMap::<_, Volume>::new();
    let mut flows = Vec::new();
    for (place, listed) in view.listed() {
        let row = listed.row;
        // A tunnel's conversation owns nothing.
        if (row.client_address() != address && row.server_address() != address) || row.volume().is_zero() {
            continue;
        }
        *volumes.entry(row.protocol.name()).or_default() += row.volume();
        flows.push((row.volume().bytes, row.id.serial, place));
    }
    let mut protocols: Vec<_> = volumes
        .into_iter()
        .map(|(name, volume)| HostProtocol { name: name.into(), volume: parts::volume(volume) })
        .collect();
    protocols.sort_by_key(|protocol| Reverse(protocol.volume.bytes));
    // Lossless: usize has at most 64 bits.
    let listed = flows.len() as u64;
    let rank = |&(bytes, serial, _): &(u64, u64, _)| (Reverse(bytes), serial);
    keep_first(&mut flows, FLOWS_OF_HOST, rank);
    flows.sort_unstable_by_key(rank);
    let told = flows.into_iter().filter_map(|(_, _, place)| Some(message(&view.at(place)?, view)));
    (protocols, told.collect(), listed)
}

/// Returns those that an address exchanged the most bytes with.
fn peers(address: IpAddr, view: &View) -> Vec<HostPeer> {
    let mut peers: Vec<_> = view.totals.exchanged_with(address).collect();
    let rank =
        |&(peer, sent, received): &(IpAddr, Volume, Volume)| (Reverse(sent.bytes + received.bytes), peer);
    keep_first(&mut peers, PEERS_OF_HOST, rank);
    peers.sort_unstable_by_key(rank);
    let peer = |(peer, sent, received)| {
        let host = view.totals.place_of(peer).and_then(|place| Some((place, view.totals.host(place)?)));
        let located = host.map(|(place, (_, sums))| view.located_at(place, peer, sums)).unwrap_or_default();
        HostPeer {
            address: peer,
            name: best_name(peer, view),
            country: located.place.and_then(|place| place.country.clone()),
            doubt: located.doubt,
            sent: parts::volume(sent),
            received: parts::volume(received),
        }
    };
    peers.into_iter().map(peer).collect()
}
