//! Hosts and what they tried in vain.

use std::cmp::Reverse;
use std::collections::{HashMap, HashSet};
use std::net::IpAddr;

use foldhash::fast::RandomState;
use netsonde_flow::FlowRow;
use netsonde_units::Timestamp;

use super::Scan;
use super::attempts::{Failure, milliseconds};
use crate::limits::{SCANNERS, TOLD_SCANS, TRIED, TRIED_EACH};

/// How many hosts are looked at to find one that gives way.
const EVICTION_SAMPLE: usize = 8;

/// The fewest things tried in vain that make somebody's list.
const FEWEST: usize = 2;

/// Hosts whose conversations came to nothing.
#[derive(Debug, Default)]
pub(super) struct Scans {
    hosts: Vec<(IpAddr, Scanner)>,
    places: HashMap<IpAddr, usize, RandomState>,
    /// Where the next one is sought that gives way.
    hand: usize,
    /// What all hosts together have tried, as far as it is told apart.
    held: usize,
    pub(super) dropped: u64,
}

/// What one host tried in vain. What is answered late after all stays in what it tried.
#[derive(Debug, Default)]
struct Scanner {
    failed: u64,
    /// Addresses, and how many ports of each.
    addresses: HashMap<IpAddr, usize, RandomState>,
    ports: HashSet<u16, RandomState>,
    services: HashSet<(IpAddr, u16), RandomState>,
    first: Option<Timestamp>,
    last: Option<Failure>,
}

impl Scanner {
    fn held(&self) -> usize {
        self.addresses.len() + self.ports.len() + self.services.len()
    }

    /// Tells apart what was tried, as far as there is room.
    fn tell_apart(&mut self, address: IpAddr, port: u16) {
        if self.ports.len() < TRIED_EACH {
            self.ports.insert(port);
        }
        let is_new = self.services.len() < TRIED_EACH && self.services.insert((address, port));
        if let Some(ports) = self.addresses.get_mut(&address) {
            *ports += usize::from(is_new);
        } else if self.addresses.len() < TRIED_EACH {
            self.addresses.insert(address, usize::from(is_new));
        }
    }

    /// Returns the address of which most ports were tried; of several the lowest.
    fn target(&self) -> Option<IpAddr> {
        let most = self.addresses.iter().max_by_key(|&(address, ports)| (*ports, Reverse(*address)));
        most.map(|(address, _)| *address)
    }

    fn told(&self, host: IpAddr, answered: u64) -> Option<Scan> {
        let last = self.last?;
        Some(Scan {
            host,
            // Lossless: usize has at most 64 bits.
            addresses: self.addresses.len() as u64,
            ports: self.ports.len() as u64,
            failed: self.failed,
            answered,
            target: self.target()?,
            flow: last.flow,
            first_ms: self.first.and_then(milliseconds),
            last_ms: milliseconds(last.at),
        })
    }
}

impl Scans {
    /// Takes in a conversation that came to nothing.
    pub(super) fn fail(&mut self, row: &FlowRow) {
        let Some(port) = row.key.port(row.client.other()) else { return };
        let place = self.place_of(row.client_address());
        let has_room = self.held < TRIED;
        let Some((_, scanner)) = self.hosts.get_mut(place) else { return };
        scanner.failed += 1;
        scanner.first = Some(scanner.first.map_or(row.first_seen, |first| first.min(row.first_seen)));
        scanner.last = scanner.last.max(Some(Failure::of(row)));
        if has_room {
            let before = scanner.held();
            scanner.tell_apart(row.server_address(), port);
            self.held += scanner.held() - before;
        }
    }

    /// Takes back that a conversation came to nothing.
    pub(super) fn take_back(&mut self, row: &FlowRow) {
        let place = self.places.get(&row.client_address());
        if let Some((_, scanner)) = place.and_then(|&place| self.hosts.get_mut(place)) {
            scanner.failed = scanner.failed.saturating_sub(1);
        }
    }

    /// Returns the hosts that tried most in vain; `answered` says how many conversations of a host were answered.
    pub(super) fn told(&self, answered: impl Fn(IpAddr) -> u64) -> Vec<Scan> {
        let tried = |scanner: &Scanner| scanner.addresses.len().max(scanner.ports.len());
        let mut hosts: Vec<_> = self
            .hosts
            .iter()
            .filter(|(_, scanner)| scanner.failed > 0 && tried(scanner) >= FEWEST)
            .map(|(host, scanner)| ((Reverse(tried(scanner)), Reverse(scanner.failed), *host), scanner))
            .collect();
        hosts.sort_unstable_by_key(|&(rank, _)| rank);
        hosts.truncate(TOLD_SCANS);
        hosts.into_iter().filter_map(|((.., host), scanner)| scanner.told(host, answered(host))).collect()
    }

    /// Finds a host's place, or makes one.
    fn place_of(&mut self, host: IpAddr) -> usize {
        if let Some(&place) = self.places.get(&host) {
            return place;
        }
        let place = if self.hosts.len() < SCANNERS {
            self.hosts.push((host, Scanner::default()));
            self.hosts.len() - 1
        } else {
            self.replace_a_small_one(host)
        };
        self.places.insert(host, place);
        place
    }

    fn replace_a_small_one(&mut self, host: IpAddr) -> usize {
        let sample = (0..EVICTION_SAMPLE).map(|step| (self.hand + step) % SCANNERS);
        let smallest =
            sample.min_by_key(|&place| self.hosts.get(place).map_or(u64::MAX, |(_, scanner)| scanner.failed));
        let place = smallest.unwrap_or_default();
        self.hand = (self.hand + EVICTION_SAMPLE) % SCANNERS;
        if let Some(held) = self.hosts.get_mut(place) {
            let (dropped, scanner) = std::mem::replace(held, (host, Scanner::default()));
            self.places.remove(&dropped);
            self.held = self.held.saturating_sub(scanner.held());
            self.dropped += 1;
        }
        place
    }
}
