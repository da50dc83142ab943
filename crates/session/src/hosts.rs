//! Addresses: what is kept of each, and how it is told.

use std::net::IpAddr;
use std::sync::Arc;

use netsonde_dissect::Protocol;
use netsonde_flow::{FlowRow, HandshakeRtt, Side};
use netsonde_messages::{Host, HostName, Name, NameSource, Place, rfc3339};
use netsonde_units::{PerKey as _, Timestamp, Volume};

use crate::flows::milliseconds;
use crate::limits::{NAMES_OF_HOST, TOP_APPS_OF_HOST};
use crate::ranked::{self, Weight};
use crate::view::View;

/// What one address received and sent.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct HostSums {
    pub(crate) received: Volume,
    pub(crate) sent: Volume,
    /// When the first packet with a stamp of its conversations came; the epoch where none had one.
    pub(crate) first_seen: Timestamp,
    /// When the latest came.
    pub(crate) last_seen: Timestamp,
    /// The highest protocols of its conversations, by number, but for those of [`Self::bare`].
    protocols: u64,
    /// Its conversations that are nothing but TCP, and nothing but UDP: of most more is recognised later.
    bare: [u32; 2],
    /// Its conversations.
    pub(crate) flows: u32,
    /// Segments sent again in them, by either end, except spurious ones.
    pub(crate) resent: u32,
    /// The shortest round trip between here and it, in nanoseconds; 0 where there is no sample.
    rtt_nanos: u32,
    /// Its conversations, as a client, that were answered.
    answered: u32,
}

/// Kept a million times.
const _: () = assert!(size_of::<(IpAddr, HostSums)>() <= 104);

impl Weight for HostSums {
    fn weight(&self) -> u64 {
        self.received.bytes + self.sent.bytes
    }
}

impl HostSums {
    /// Adds what a row adds to one end of its conversation.
    pub(crate) fn grow(&mut self, side: Side, grown: &Grown) {
        if grown.is_new || self.weight() == 0 {
            self.flows = self.flows.saturating_add(1);
            self.speak(None, grown.protocol);
        } else if grown.before != grown.protocol {
            self.speak(Some(grown.before), grown.protocol);
        }
        self.resent = self.resent.saturating_add(grown.resent);
        let rtt = grown.rtt_nanos(side);
        if rtt > 0 && (self.rtt_nanos == 0 || rtt < self.rtt_nanos) {
            self.rtt_nanos = rtt;
        }
        let Grown { first_seen, last_seen, .. } = *grown;
        if first_seen > Timestamp::EPOCH {
            if self.first_seen == Timestamp::EPOCH || first_seen < self.first_seen {
                self.first_seen = first_seen;
            }
            self.last_seen = self.last_seen.max(last_seen);
        }
    }

    /// Takes note of what a conversation is recognised as, and of what it was taken for before.
    pub(crate) fn speak(&mut self, before: Option<Protocol>, protocol: Protocol) {
        if let Some(count) = before.and_then(|before| self.bare_mut(before)) {
            *count = count.saturating_sub(1);
        }
        match self.bare_mut(protocol) {
            Some(count) => *count = count.saturating_add(1),
            None => self.protocols |= 1 << protocol.number(),
        }
    }

    const fn bare_mut(&mut self, protocol: Protocol) -> Option<&mut u32> {
        let [tcp, udp] = &mut self.bare;
        match protocol {
            Protocol::Tcp => Some(tcp),
            Protocol::Udp => Some(udp),
            _ => None,
        }
    }

    /// Takes note that a conversation of this client was answered, or that it was not after all.
    pub(crate) const fn note_answered(&mut self, is_answered: bool) {
        self.answered =
            if is_answered { self.answered.saturating_add(1) } else { self.answered.saturating_sub(1) };
    }

    /// Returns how many conversations of this client were answered.
    pub(crate) const fn answered(&self) -> u32 {
        self.answered
    }

    /// Returns the shortest round trip between here and the address, in nanoseconds.
    pub(crate) fn rtt_nanos(&self) -> Option<u64> {
        (self.rtt_nanos > 0).then_some(self.rtt_nanos.into())
    }

    /// Returns the highest protocols of its conversations, in alphabetical order.
    pub(crate) fn protocols(&self) -> Vec<Name> {
        let [tcp, udp] = self.bare;
        let spoken = |protocol: &Protocol| match protocol {
            Protocol::Tcp => tcp > 0,
            Protocol::Udp => udp > 0,
            protocol => self.protocols & (1 << protocol.number()) != 0,
        };
        let mut names: Vec<_> =
            Protocol::ALL.into_iter().filter(spoken).map(|it| Name::from(it.name())).collect();
        names.sort_unstable();
        names
    }
}

/// What a row adds to the hosts at both ends of its conversation, beside what they sent.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Grown {
    /// Whether it is the first row of the conversation that anything is counted in.
    pub(crate) is_new: bool,
    /// What it was taken for before.
    pub(crate) before: Protocol,
    pub(crate) protocol: Protocol,
    resent: u32,
    /// The shortest round trips to the lower and the higher address, in nanoseconds; 0 where there is no sample.
    rtt_nanos: [u32; 2],
    first_seen: Timestamp,
    last_seen: Timestamp,
}

impl Grown {
    /// Returns what a row adds to the one before.
    pub(crate) fn between(before: &FlowRow, row: &FlowRow) -> Self {
        let resent = |row: &FlowRow| row.tcp().map_or(0, |tcp| tcp.up.resent.saturating_add(tcp.down.resent));
        let is_new = before.volume().is_zero();
        let resent_before = if is_new { 0 } else { resent(before) };
        Self {
            is_new,
            before: before.protocol,
            protocol: row.protocol,
            resent: resent(row).saturating_sub(resent_before),
            rtt_nanos: [Side::Low, Side::High].map(|side| narrow(shortest(row, side))),
            first_seen: row.first_seen,
            last_seen: row.last_seen,
        }
    }

    const fn rtt_nanos(&self, side: Side) -> u32 {
        let [low, high] = self.rtt_nanos;
        match side {
            Side::Low => low,
            Side::High => high,
        }
    }
}

/// Returns the shortest round trip between here and one end of a conversation, in nanoseconds (METRICS.md "Places").
/// Packets with one and the same stamp tell of no way, nor does an answer to one of two SYNs.
fn shortest(row: &FlowRow, side: Side) -> Option<u64> {
    let is_client = row.client == side;
    let of_tcp = row.tcp().and_then(|tcp| {
        let sent = if is_client { &tcp.up } else { &tcp.down };
        let half = if is_client { HandshakeRtt::client_nanos } else { |it: &HandshakeRtt| it.server_nanos };
        let handshake = tcp.handshake.as_ref().filter(|handshake| !handshake.ambiguous);
        least(sent.rtt.least_nanos(), handshake.and_then(half))
    });
    let of_quic = row.quic().filter(|_| !is_client);
    least(of_tcp, of_quic.and_then(|quic| least(quic.handshake_nanos, quic.spin.least_nanos())))
}

fn least(a: Option<u64>, b: Option<u64>) -> Option<u64> {
    [a, b].into_iter().flatten().filter(|&nanos| nanos > 0).min()
}

/// Returns nanoseconds as they are kept: 0 for none, and for more than 4.29 s.
fn narrow(nanos: Option<u64>) -> u32 {
    nanos.and_then(|nanos| u32::try_from(nanos).ok()).unwrap_or(0)
}

/// Tells everything of an address that its row in a list says.
pub(crate) fn message(place: ranked::Place, &(address, ref sums): &(IpAddr, HostSums), view: &View) -> Host {
    let named = named(address, view);
    let located = view.located_at(place, address, sums);
    Host {
        address,
        local: view.local.contains(address),
        scope: netsonde_geolocation::scope(address),
        names: named.iter().map(|name| name.name.clone()).collect(),
        named,
        doubt: located.doubt,
        place: located.place.map_or(Place::UNKNOWN, |place| Place::clone(&place)),
        packets_in: sums.received.packets,
        packets_out: sums.sent.packets,
        bytes_in: sums.received.bytes,
        bytes_out: sums.sent.bytes,
        flows: sums.flows.into(),
        resent: sums.resent.into(),
        protocols: sums.protocols(),
        rtt_ms: sums.rtt_nanos().map(milliseconds),
        first_seen: stamp(sums.first_seen),
        last_seen: stamp(sums.last_seen),
        apps: view.labels.apps_of_host(place, address, TOP_APPS_OF_HOST),
    }
}

/// Tells of an address whose sums have made room for another's.
pub(crate) fn gone(address: IpAddr, view: &View) -> Host {
    let named = named(address, view);
    let place = view.whereabouts.locator().locate(address);
    Host {
        scope: netsonde_geolocation::scope(address),
        names: named.iter().map(|name| name.name.clone()).collect(),
        named,
        place: place.map_or(Place::UNKNOWN, |place| Place::clone(&place)),
        ..Host::silent(address)
    }
}

fn stamp(at: Timestamp) -> Option<String> {
    (at > Timestamp::EPOCH).then(|| rfc3339(at.nanos()))
}

/// Returns the names of an address, the most trusted first.
pub(crate) fn named(address: IpAddr, view: &View) -> Vec<HostName> {
    let mut named = view.labels.names.of(address, NAMES_OF_HOST);
    let locator = view.whereabouts.locator();
    let said = [
        (locator.service(address), NameSource::Table),
        (locator.reverse_name(address), NameSource::ReverseDns),
    ];
    for (name, source) in said {
        if let Some(name) = name
            && named.len() < NAMES_OF_HOST
            && named.iter().all(|held| *held.name != *name)
        {
            named.push(HostName { name: name.to_string(), source });
        }
    }
    named
}

/// Returns the most trusted name of an address.
pub(crate) fn best_name(address: IpAddr, view: &View) -> Option<String> {
    let locator = view.whereabouts.locator();
    let said = || locator.service(address).or_else(|| locator.reverse_name(address));
    let shown = view.labels.names.best(address).map(|(name, _)| Arc::clone(name));
    shown.or_else(said).map(|name| name.to_string())
}
