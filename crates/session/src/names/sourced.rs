//! Names of addresses with who says so.

use std::collections::HashMap;
use std::net::IpAddr;
use std::sync::Arc;

use foldhash::fast::RandomState;
use netsonde_messages::NameSource;
use netsonde_units::Timestamp;

use crate::limits::NAMED_ADDRESSES;

/// A name of an address.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Sourced {
    pub(super) source: NameSource,
    /// When it was said, where that matters: of two names of one source the newer comes first.
    pub(super) at: Timestamp,
    pub(super) name: Arc<str>,
}

/// Names of addresses, in a bounded table. Each list is in order of source, then the newest first, then by letters, and keeps
/// its first; so what it holds follows from what was said, in whichever order it came.
#[derive(Debug)]
pub(super) struct Table {
    of_address: HashMap<IpAddr, Vec<Sourced>, RandomState>,
    /// How many names of one address are kept.
    each: usize,
    /// How many bytes all of them may take.
    room: usize,
    bytes: usize,
    /// Counts those for which there was no room in the table.
    refused: u64,
    /// Counts those that others of the same address left no room for.
    surplus: u64,
}

impl Table {
    pub(super) fn new(each: usize, room: usize) -> Self {
        Self { of_address: HashMap::default(), each, room, bytes: 0, refused: 0, surplus: 0 }
    }

    /// Takes note of a name; one that is held already has the best of its sources, and of that one the latest time.
    pub(super) fn add(&mut self, address: IpAddr, added: Sourced) {
        if self.of_address.len() >= NAMED_ADDRESSES && !self.of_address.contains_key(&address) {
            self.refused += 1;
            return;
        }
        let names = self.of_address.entry(address).or_default();
        let held = names.iter().position(|held| held.name == added.name);
        let place = names.partition_point(|held| held.precedes(&added));
        if let Some(held) = held {
            if place <= held {
                names.remove(held);
                names.insert(place, added);
            }
            return;
        }
        if place >= self.each {
            self.surplus += 1;
            return;
        }
        let bytes = added.bytes();
        let gives_way = if names.len() >= self.each { names.last().map_or(0, Sourced::bytes) } else { 0 };
        if self.bytes + bytes > self.room + gives_way {
            self.refused += 1;
            return;
        }
        if names.len() >= self.each {
            names.pop();
            self.surplus += 1;
        }
        self.bytes = self.bytes + bytes - gives_way;
        names.insert(place, added);
    }

    /// Returns the names of an address, the most trusted first.
    pub(super) fn of(&self, address: IpAddr) -> &[Sourced] {
        self.of_address.get(&address).map_or(&[], Vec::as_slice)
    }

    /// Counts the names for which there was no room in the table.
    pub(super) const fn refused(&self) -> u64 {
        self.refused
    }

    /// Counts the names that others of the same address left no room for.
    pub(super) const fn surplus(&self) -> u64 {
        self.surplus
    }
}

impl Sourced {
    fn precedes(&self, other: &Self) -> bool {
        let order = self.source.cmp(&other.source).then(other.at.cmp(&self.at));
        order.then_with(|| self.name.cmp(&other.name)).is_lt()
    }

    /// Returns what it takes at most: itself, its letters and their two counters.
    fn bytes(&self) -> usize {
        self.name.len() + 2 * size_of::<usize>() + size_of::<Self>()
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::{Strategy, any, proptest};

    use super::*;

    const ADDRESS: IpAddr = IpAddr::V4(std::net::Ipv4Addr::new(192, 0, 2, 9));

    fn sourced(source: NameSource, seconds: u64, name: &str) -> Sourced {
        Sourced { source, at: Timestamp::from_parts(seconds, 0), name: name.into() }
    }

    fn names(table: &Table) -> Vec<(NameSource, &str)> {
        table.of(ADDRESS).iter().map(|held| (held.source, &*held.name)).collect()
    }

    #[test]
    fn names_stand_by_source_then_the_newest_first_and_each_once() {
        let mut table = Table::new(4, 1_000);
        for (source, seconds, name) in [
            (NameSource::Llmnr, 9, "a"),
            (NameSource::Dhcp, 1, "old"),
            (NameSource::Dhcp, 2, "new"),
            (NameSource::Netbios, 3, "new"),
            (NameSource::Mdns, 0, "a"),
            // Told again: it is the newest.
            (NameSource::Dhcp, 3, "old"),
        ] {
            table.add(ADDRESS, sourced(source, seconds, name));
        }
        assert_eq!(
            names(&table),
            [(NameSource::Mdns, "a"), (NameSource::Dhcp, "old"), (NameSource::Dhcp, "new")]
        );
        assert_eq!((table.refused(), table.surplus()), (0, 0));
    }

    #[test]
    fn the_least_trusted_gives_way_and_bytes_are_bounded() {
        // 48 bytes of entry and counters beside one letter: 49 each, and room for five of them.
        let entry = size_of::<Sourced>() + 16 + 1;
        let mut table = Table::new(2, 5 * entry);
        table.add(ADDRESS, sourced(NameSource::Llmnr, 1, "a"));
        table.add(ADDRESS, sourced(NameSource::Dhcp, 1, "b"));
        table.add(ADDRESS, sourced(NameSource::Llmnr, 0, "c"));
        assert_eq!(
            (names(&table), table.surplus()),
            (vec![(NameSource::Dhcp, "b"), (NameSource::Llmnr, "a")], 1)
        );
        table.add(ADDRESS, sourced(NameSource::Mdns, 1, "d"));
        assert_eq!(
            (names(&table), table.surplus()),
            (vec![(NameSource::Mdns, "d"), (NameSource::Dhcp, "b")], 2)
        );
        for last in 0..4 {
            table.add([192, 0, 2, last].into(), sourced(NameSource::Mdns, 1, "e"));
        }
        // Two and three; the last had no room. What gives way makes some.
        assert_eq!((table.bytes, table.refused()), (5 * entry, 1));
        table.add(ADDRESS, sourced(NameSource::Mdns, 2, "f"));
        assert_eq!((table.bytes, table.refused(), table.surplus()), (5 * entry, 1, 3));
    }

    proptest! {
        /// Whatever the order, the same is held.
        #[test]
        fn names_in_any_order_give_an_equal_list(
            said in proptest::collection::vec((0..4_u8, 0..4_u64, 0..12_u8), 0..40),
            order in proptest::collection::vec(any::<u16>(), 40).prop_map(|order| order),
        ) {
            let sources = [NameSource::Mdns, NameSource::Dhcp, NameSource::Netbios, NameSource::TlsSni];
            let fill = |said: &mut dyn Iterator<Item = (u8, u64, u8)>| {
                let mut table = Table::new(4, 10_000);
                for (source, at, name) in said {
                    table.add(ADDRESS, sourced(sources[usize::from(source)], at, &name.to_string()));
                }
                table.of(ADDRESS).to_vec()
            };
            let mut shuffled: Vec<_> = said.iter().copied().zip(order).collect();
            shuffled.sort_by_key(|&(_, rank)| rank);
            assert_eq!(fill(&mut said.iter().copied()), fill(&mut shuffled.into_iter().map(|(said, _)| said)));
        }
    }
}
