//! What each address, and each pair of addresses, received and sent.

use std::net::IpAddr;

use netsonde_flow::{LocalNetworks, Side, Slab};
use netsonde_units::Volume;

use crate::Talker;
use crate::hosts::{Grown, HostSums};
use crate::limits::{Limits, TOP_HOSTS, TOP_TALKERS};
use crate::ranked::{Place, Ranked, Weight};
use crate::top::Top;

/// What two addresses sent to each other.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct TalkerSums {
    pub(crate) from_low: Volume,
    pub(crate) from_high: Volume,
}

impl TalkerSums {
    const fn sent_by(&self, side: Side) -> Volume {
        match side {
            Side::Low => self.from_low,
            Side::High => self.from_high,
        }
    }

    const fn sent_by_mut(&mut self, side: Side) -> &mut Volume {
        match side {
            Side::Low => &mut self.from_low,
            Side::High => &mut self.from_high,
        }
    }

    const fn is_zero(&self) -> bool {
        self.from_low.is_zero() && self.from_high.is_zero()
    }
}

impl Weight for TalkerSums {
    fn weight(&self) -> u64 {
        self.from_low.bytes + self.from_high.bytes
    }
}

/// The lower and the higher address of a conversation.
pub(crate) type Pair = (IpAddr, IpAddr);

/// Where the sums of a conversation were found, to be tried first when it adds to them again.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Places {
    /// Those of the lower and the higher address.
    pub(crate) hosts: [Place; 2],
    talkers: Place,
}

/// Sums by address and by pair, and the largest of both.
#[derive(Debug)]
pub(crate) struct Totals {
    hosts: Ranked<IpAddr, HostSums>,
    pub(crate) hosts_dropped: u64,
    talkers: Ranked<Pair, TalkerSums>,
    pub(crate) talkers_dropped: Volume,
    top_hosts: Top<Place, TOP_HOSTS>,
    top: Top<(Place, Side), TOP_TALKERS>,
    top_from_local: Top<(Place, Side), TOP_TALKERS>,
    has_local: bool,
    has_remote: bool,
}

impl Totals {
    pub(crate) fn new(limits: Limits) -> Self {
        Self {
            hosts: Ranked::new(limits.hosts),
            hosts_dropped: 0,
            talkers: Ranked::new(limits.talkers),
            talkers_dropped: Volume::ZERO,
            top_hosts: Top::default(),
            top: Top::default(),
            top_from_local: Top::default(),
            has_local: false,
            has_remote: false,
        }
    }

    /// Adds what the two ends of a conversation sent to both hosts and both directed pairs.
    pub(crate) fn add(
        &mut self,
        pair: Pair,
        places: &mut Places,
        (added, grown): (&TalkerSums, &Grown),
        local: &LocalNetworks,
    ) {
        let Places { hosts: [low, high], talkers } = places;
        // A tunnel's row owns nothing: its ends are no hosts by it.
        if added.is_zero() {
            if !grown.is_new && grown.before != grown.protocol {
                self.recognise(pair, [*low, *high], grown);
            }
            return;
        }
        // What an address says to itself is one conversation of it.
        let higher = (pair.0 != pair.1).then_some((Side::High, grown));
        self.add_host(pair.0, low, (added.from_low, added.from_high), Some((Side::Low, grown)), local);
        self.add_host(pair.1, high, (added.from_high, added.from_low), higher, local);
        self.add_talkers(pair, talkers, added, local);
    }

    /// Takes note at both ends that a conversation is recognised as something else.
    fn recognise(&mut self, pair: Pair, places: [Place; 2], grown: &Grown) {
        let ends = [pair.0, pair.1].into_iter().zip(places);
        for (address, place) in ends.take(if pair.0 == pair.1 { 1 } else { 2 }) {
            if let Some((_, host)) = self.hosts.get_mut(place).filter(|(held, _)| *held == address) {
                host.speak(Some(grown.before), grown.protocol);
            }
        }
    }

    /// Fetches the sums of pairs not met before into the cache, so that the waits for memory overlap. Changes nothing.
    pub(crate) fn fetch(&self, pairs: &[Option<Pair>]) {
        let mut places = [(None, None, None); Self::FETCHED];
        for (places, (low, high)) in places.iter_mut().zip(pairs.iter().flatten()) {
            *places = (self.hosts.guess(low), self.hosts.guess(high), self.talkers.guess(&(*low, *high)));
        }
        for (low, high, talkers) in places {
            self.hosts.fetch(low);
            self.hosts.fetch(high);
            self.talkers.fetch(talkers);
        }
    }

    /// How many pairs are fetched at once, three entries each.
    pub(crate) const FETCHED: usize = 16;

    /// Returns all addresses, in no order.
    pub(crate) const fn hosts(&self) -> &Slab<(IpAddr, HostSums)> {
        self.hosts.entries()
    }

    /// Returns the address at a place of the table.
    pub(crate) fn host(&self, place: Place) -> Option<&(IpAddr, HostSums)> {
        self.hosts.get(place)
    }

    /// Returns an address's place in the table.
    pub(crate) fn place_of(&self, address: IpAddr) -> Option<Place> {
        self.hosts.place_of(&address)
    }

    /// Returns everybody that an address exchanged packets with: what it sent, and what it received.
    pub(crate) fn exchanged_with(&self, address: IpAddr) -> impl Iterator<Item = (IpAddr, Volume, Volume)> {
        self.talkers.entries().iter().filter_map(move |&((low, high), sums)| match address {
            // What an address says to itself is added up at the lower side.
            _ if low == address && high == address => Some((high, sums.from_low, sums.from_low)),
            _ if low == address => Some((high, sums.from_low, sums.from_high)),
            _ if high == address => Some((low, sums.from_high, sums.from_low)),
            _ => None,
        })
    }

    /// Tells whether an address has this place in the table.
    pub(crate) fn is_host(&self, place: Place, address: IpAddr) -> bool {
        self.hosts.get(place).is_some_and(|&(held, _)| held == address)
    }

    /// Takes note that a conversation of a client, in the table at that place, was answered, or that it was not after all.
    pub(crate) fn note_answered(&mut self, place: Place, client: IpAddr, is_answered: bool) {
        let Some((_, host)) = self.hosts.get_mut(place).filter(|(held, _)| *held == client) else { return };
        host.note_answered(is_answered);
    }

    /// Returns how many conversations of a client were answered.
    pub(crate) fn answered(&self, client: IpAddr) -> u64 {
        self.hosts.find(&client).map_or(0, |host| host.answered().into())
    }

    /// Returns the addresses with the most bytes, largest first, and their places in the table.
    pub(crate) fn top_hosts(&self) -> Vec<(Place, &(IpAddr, HostSums))> {
        let places = self.top_hosts.entries().copied();
        let mut hosts: Vec<_> = places.filter_map(|place| Some((place, self.hosts.get(place)?))).collect();
        hosts.sort_unstable_by_key(|(_, (address, sums))| (std::cmp::Reverse(sums.weight()), *address));
        hosts
    }

    /// Returns the largest directed pairs: those whose source is local, or all where no address is local or every
    /// one is.
    pub(crate) fn top_talkers(&self) -> Vec<Talker> {
        let top = if self.has_local && self.has_remote { &self.top_from_local } else { &self.top };
        let mut talkers: Vec<_> = top
            .entries()
            .filter_map(|&(place, side)| {
                let ((low, high), sums) = *self.talkers.get(place)?;
                let (source, destination) = match side {
                    Side::Low => (low, high),
                    Side::High => (high, low),
                };
                Some(Talker { source, destination, volume: sums.sent_by(side) })
            })
            .collect();
        talkers.sort_unstable_by_key(|talker| {
            (std::cmp::Reverse(talker.volume.bytes), talker.source, talker.destination)
        });
        talkers
    }

    fn add_talkers(&mut self, pair: Pair, place: &mut Place, added: &TalkerSums, local: &LocalNetworks) {
        let (found, sums, dropped) = self.talkers.entry(pair, *place);
        *place = found;
        if let Some((_, dropped)) = dropped {
            self.talkers_dropped += dropped.from_low + dropped.from_high;
            self.top.forget(|&(held, _)| held == found);
            self.top_from_local.forget(|&(held, _)| held == found);
        }
        let Some(sums) = sums else { return };
        for (sender, source) in [(Side::Low, pair.0), (Side::High, pair.1)] {
            if added.sent_by(sender).is_zero() {
                continue;
            }
            // What an address sends to itself, from whichever port, is one directed pair.
            let side = if pair.0 == pair.1 { Side::Low } else { sender };
            *sums.sent_by_mut(side) += added.sent_by(sender);
            let bytes = sums.sent_by(side).bytes;
            self.top.offer((found, side), bytes);
            if self.top_from_local.would_take(bytes) && (source.is_unspecified() || local.contains(source)) {
                self.top_from_local.offer((found, side), bytes);
            }
        }
    }

    fn add_host(
        &mut self,
        address: IpAddr,
        place: &mut Place,
        (sent, received): (Volume, Volume),
        grown: Option<(Side, &Grown)>,
        local: &LocalNetworks,
    ) {
        let (found, host, dropped) = self.hosts.entry(address, *place);
        *place = found;
        if dropped.is_some() {
            self.hosts_dropped += 1;
            self.top_hosts.forget(|&held| held == found);
        }
        if let Some(host) = host {
            if host.weight() == 0 {
                let is_local = address.is_unspecified() || local.contains(address);
                self.has_local |= is_local;
                self.has_remote |= !is_local && !address.is_multicast();
            }
            if let Some((side, grown)) = grown {
                host.grow(side, grown);
            }
            host.sent += sent;
            host.received += received;
            self.top_hosts.offer(found, host.weight());
        }
    }
}
