//! Exchanges of DHCP: a client says its name, a server gives it an address, and both belong together.

use std::collections::hash_map::Entry;
use std::collections::{HashMap, VecDeque};
use std::net::IpAddr;
use std::sync::Arc;

use foldhash::fast::RandomState;
use netsonde_flow::{DhcpExchange, DhcpPart, DhcpTells};
use netsonde_units::Timestamp;

use crate::limits::{DHCP_ADDRESSES, DHCP_EXCHANGES};

/// What is known of one exchange.
#[derive(Debug, Default)]
struct Course {
    /// What the client calls itself, and when it first did so.
    name: Option<(Timestamp, Arc<str>)>,
    /// The addresses that it was given, and when.
    given: Vec<(Timestamp, IpAddr)>,
}

/// The exchanges, in a bounded table: the oldest gives way.
#[derive(Debug, Default)]
pub(super) struct Exchanges {
    courses: HashMap<DhcpExchange, Course, RandomState>,
    /// Their keys in order of their first part.
    order: VecDeque<DhcpExchange>,
    /// Counts those of which a part was dropped for want of room.
    forgotten: u64,
}

impl Exchanges {
    /// Takes a part and hands over the addresses that have a name by it, with when they were given. The name and the address
    /// may come in either order; what is told again later is handed over again.
    pub(super) fn take(&mut self, part: DhcpPart, mut each: impl FnMut(IpAddr, &Arc<str>, Timestamp)) {
        let DhcpPart { exchange, tells, at } = part;
        let course = match self.courses.entry(exchange) {
            Entry::Occupied(held) => held.into_mut(),
            Entry::Vacant(place) => {
                self.order.push_back(place.key().clone());
                place.insert(Course::default())
            }
        };
        match tells {
            DhcpTells::Name(name) => course.call(name, at),
            DhcpTells::Address(address) => {
                if !course.give(address, at) {
                    self.forgotten += 1;
                }
            }
        }
        if let Some((named, name)) = &course.name {
            for (at, address) in course.given.iter().filter(|(at, _)| at >= named) {
                each(*address, name, *at);
            }
        }
        while self.order.len() > DHCP_EXCHANGES
            && let Some(oldest) = self.order.pop_front()
        {
            // One that is complete has told all that it had to tell.
            let is_open = self.courses.remove(&oldest).is_some_and(|course| course.is_open());
            self.forgotten += u64::from(is_open);
        }
    }

    /// Counts what was dropped for want of room.
    pub(super) const fn forgotten(&self) -> u64 {
        self.forgotten
    }
}

impl Course {
    /// Takes a name. Some clients number all their exchanges alike: the name that they say last is theirs.
    fn call(&mut self, name: Arc<str>, at: Timestamp) {
        match &mut self.name {
            Some((since, held)) if *held == name => *since = at.min(*since),
            Some((since, _)) if at < *since => {}
            held => *held = Some((at, name)),
        }
    }

    /// Takes an address; tells whether there was room.
    fn give(&mut self, address: IpAddr, at: Timestamp) -> bool {
        if let Some((held, _)) = self.given.iter_mut().find(|(_, held)| *held == address) {
            *held = at.max(*held);
        } else if self.given.len() < DHCP_ADDRESSES {
            self.given.push((at, address));
        } else {
            return false;
        }
        true
    }

    /// Tells whether one half is still to come.
    const fn is_open(&self) -> bool {
        self.name.is_none() != self.given.is_empty()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(seconds: u64) -> Timestamp {
        Timestamp::from_parts(seconds, 0)
    }

    fn exchange(transaction: u32) -> DhcpExchange {
        DhcpExchange { is_v6: false, transaction, client: [2, 0, 0, 0, 0, 5].into() }
    }

    fn name(transaction: u32, name: &str, seconds: u64) -> DhcpPart {
        DhcpPart { exchange: exchange(transaction), tells: DhcpTells::Name(name.into()), at: at(seconds) }
    }

    fn address(transaction: u32, last: u8, seconds: u64) -> DhcpPart {
        let tells = DhcpTells::Address([192, 0, 2, last].into());
        DhcpPart { exchange: exchange(transaction), tells, at: at(seconds) }
    }

    /// Which address is called what, and since when, after all parts.
    fn named(parts: &[DhcpPart]) -> Vec<(String, String, u64)> {
        let mut exchanges = Exchanges::default();
        let mut named = Vec::new();
        for part in parts {
            exchanges.take(part.clone(), |address, name, at| {
                named.push((address.to_string(), name.to_string(), at.second()));
            });
        }
        named.sort();
        named.dedup();
        named
    }

    #[test]
    fn a_name_is_that_of_the_address_given_in_the_same_exchange_in_any_order() {
        let parts = [name(1, "pc", 10), name(1, "pc", 12), address(1, 7, 13), address(2, 8, 14)];
        let expected = [("192.0.2.7".to_owned(), "pc".to_owned(), 13)];
        let [a, b, c, d] = &parts;
        for order in [[a, b, c, d], [c, b, a, d], [d, c, b, a], [b, d, c, a]] {
            assert_eq!(named(&order.map(Clone::clone)), expected);
        }
        // Nobody was given anything.
        assert_eq!(named(&[name(1, "pc", 10), address(2, 7, 11)]), []);
    }

    #[test]
    fn a_client_that_numbers_all_alike_is_given_its_latest_name() {
        let parts = [name(1, "old", 10), address(1, 7, 11), name(1, "new", 20), address(1, 8, 21)];
        let expected = [(7, "old", 11), (8, "new", 21)]
            .map(|(last, name, at)| (format!("192.0.2.{last}"), name.to_owned(), at));
        assert_eq!(named(&parts), expected);
    }

    #[test]
    fn a_flood_of_exchanges_is_held_to_the_bounds_and_counted() {
        let mut exchanges = Exchanges::default();
        let room = u32::try_from(DHCP_EXCHANGES).unwrap();
        for transaction in 0..room + 2 {
            exchanges.take(name(transaction, "pc", 10), |_, _, _| {});
        }
        assert_eq!((exchanges.courses.len(), exchanges.order.len()), (DHCP_EXCHANGES, DHCP_EXCHANGES));
        assert_eq!(exchanges.forgotten(), 2);
        for last in 0..u8::try_from(DHCP_ADDRESSES).unwrap() + 3 {
            exchanges.take(address(room, last, 11), |_, _, _| {});
        }
        assert_eq!(exchanges.forgotten(), 5);
        // Those that were forgotten get no name; those that are complete are not missed.
        let mut count = 0;
        exchanges.take(address(0, 7, 12), |_, _, _| count += 1);
        assert_eq!((count, exchanges.forgotten()), (0, 6));
    }
}
