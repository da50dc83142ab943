//! Names of addresses: what DNS answers told of them, and what hellos and requests called them.

mod told;

use std::collections::hash_map::Entry;
use std::collections::{HashMap, VecDeque};
use std::net::IpAddr;
use std::sync::Arc;

use foldhash::fast::RandomState;
use netsonde_messages::LearnedNames;
use netsonde_units::Timestamp;

use self::told::Told;
pub(crate) use self::told::{How, Named};
use crate::left_out::LeftOut;
use crate::limits::{
    CALLED_BYTES, NAMED_ADDRESSES, NAMES_BYTES, NAMES_CALLED, NAMES_OF_ADDRESS, NEWEST_NAMES,
};

/// An answer, as a fact hands it over.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Answer<'a> {
    pub(crate) client: Option<IpAddr>,
    pub(crate) name: &'a Arc<str>,
    pub(crate) address: IpAddr,
    pub(crate) ttl_s: u32,
    pub(crate) at: Timestamp,
}

/// All names, in bounded tables.
#[derive(Debug, Default)]
pub(crate) struct Names {
    /// What each client was told.
    pub(crate) told: Told,
    /// All names that answers gave each address, in order.
    of_address: HashMap<IpAddr, Vec<Arc<str>>, RandomState>,
    of_address_bytes: usize,
    /// The addresses that were named last, the newest at the end.
    newest: VecDeque<IpAddr>,
    /// Addresses for which there was no room.
    left_out: LeftOut,
    /// What hellos and requests called each address, in order.
    called: HashMap<IpAddr, Vec<Arc<str>>, RandomState>,
    called_bytes: usize,
    /// Counts names for which there was no room, at an address that is held or of a hello or request.
    refused: u64,
}

impl Names {
    /// Takes an answer.
    pub(crate) fn learn(&mut self, answer: &Answer<'_>) {
        self.list(answer);
        self.told.learn(answer);
    }

    /// Takes note of what a hello or a request called an address.
    pub(crate) fn call(&mut self, address: IpAddr, name: &Arc<str>) {
        if self.called.len() >= NAMED_ADDRESSES && !self.called.contains_key(&address) {
            self.refused += 1;
            return;
        }
        let room = CALLED_BYTES.saturating_sub(self.called_bytes);
        match enter(self.called.entry(address).or_default(), name, NAMES_CALLED, room) {
            Entered::Taking(bytes) => self.called_bytes += bytes,
            Entered::NoRoom => self.refused += 1,
        }
    }

    /// Returns how many names were not kept because all names together took too much room.
    pub(crate) const fn refused(&self) -> u64 {
        self.refused
    }

    /// Returns all names of an address, in order, at most `most`.
    pub(crate) fn of(&self, address: IpAddr, most: usize) -> Vec<String> {
        let told = self.of_address.get(&address);
        let called = self.called.get(&address);
        let mut names: Vec<_> = told.into_iter().chain(called).flatten().collect();
        names.sort_unstable();
        names.dedup();
        names.into_iter().take(most).map(ToString::to_string).collect()
    }

    /// Returns the addresses that have names, the first of them in order of address, and how many are left out.
    pub(crate) fn first(&self, most: usize) -> (Vec<LearnedNames>, u64) {
        let mut first: Vec<_> = self.of_address.keys().copied().collect();
        first.sort_unstable();
        self.message(first.into_iter().take(most))
    }

    /// Returns the addresses named last, in order of address, and how many are left out.
    pub(crate) fn newest(&self) -> (Vec<LearnedNames>, u64) {
        let mut newest: Vec<_> = self.newest.iter().copied().collect();
        newest.sort_unstable();
        self.message(newest.into_iter())
    }

    fn message(&self, addresses: impl Iterator<Item = IpAddr>) -> (Vec<LearnedNames>, u64) {
        let names = |address| Some(self.of_address.get(&address)?.iter().map(ToString::to_string).collect());
        let listed: Vec<_> =
            addresses.filter_map(|address| Some(LearnedNames { address, names: names(address)? })).collect();
        let omitted = (self.of_address.len() - listed.len()) as u64 + self.left_out.addresses();
        (listed, omitted)
    }

    fn list(&mut self, answer: &Answer<'_>) {
        let room = NAMES_BYTES.saturating_sub(self.of_address_bytes);
        let has_room = self.of_address.len() < NAMED_ADDRESSES && room >= bytes_of(answer.name);
        let names = match self.of_address.entry(answer.address) {
            Entry::Occupied(known) => known.into_mut(),
            Entry::Vacant(_) if !has_room => {
                self.left_out.count(answer.address);
                return;
            }
            Entry::Vacant(place) => {
                if self.newest.len() >= NEWEST_NAMES {
                    self.newest.pop_front();
                }
                self.newest.push_back(answer.address);
                place.insert(Vec::new())
            }
        };
        match enter(names, answer.name, NAMES_OF_ADDRESS, room) {
            Entered::Taking(bytes) => self.of_address_bytes += bytes,
            Entered::NoRoom => self.refused += 1,
        }
    }
}

/// How a name was entered among others.
enum Entered {
    /// It takes so many bytes: none if it was there, or if as many are kept of its address as may be.
    Taking(usize),
    /// It is not: all names together take too much.
    NoRoom,
}

/// Enters a name among others in order, while there are fewer than `most` and `room` for its bytes.
fn enter(names: &mut Vec<Arc<str>>, name: &Arc<str>, most: usize, room: usize) -> Entered {
    let Err(place) = names.binary_search(name) else { return Entered::Taking(0) };
    if names.len() >= most {
        return Entered::Taking(0);
    }
    let bytes = bytes_of(name);
    if bytes > room {
        return Entered::NoRoom;
    }
    names.insert(place, Arc::clone(name));
    Entered::Taking(bytes)
}

/// Returns what a name takes at most: its letters, its two counters and what points to it.
fn bytes_of(name: &Arc<str>) -> usize {
    name.len() + 2 * size_of::<usize>() + size_of::<Arc<str>>()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::limits::LEFT_OUT;

    fn address(number: u32) -> IpAddr {
        IpAddr::V4((0xc000_0200 + number).into())
    }

    fn learn(names: &mut Names, client: Option<u32>, name: &str, number: u32, seconds: u64) {
        names.learn(&Answer {
            client: client.map(address),
            name: &name.into(),
            address: address(number),
            ttl_s: 60,
            at: Timestamp::from_parts(seconds, 0),
        });
    }

    #[test]
    fn addresses_list_all_their_names_once_and_in_order() {
        let mut names = Names::default();
        for name in ["b.example", "a.example", "b.example"] {
            learn(&mut names, Some(1), name, 9, 10);
        }
        learn(&mut names, Some(1), "c.example", 8, 10);
        let (listed, omitted) = names.first(10);
        let row = |number, names: &[&str]| LearnedNames {
            address: address(number),
            names: names.iter().map(ToString::to_string).collect(),
        };
        assert_eq!(listed, [row(8, &["c.example"]), row(9, &["a.example", "b.example"])]);
        assert_eq!(omitted, 0);
        let (listed, omitted) = names.first(1);
        assert_eq!((listed.len(), omitted), (1, 1));
    }

    #[test]
    fn newest_are_those_that_were_named_last() {
        let mut names = Names::default();
        let count = u32::try_from(NEWEST_NAMES).unwrap();
        for number in (0..=count).rev() {
            learn(&mut names, None, "x.local", number, 10);
        }
        let (listed, omitted) = names.newest();
        // The first one named, which has the highest address, gave way.
        assert_eq!((listed.len(), omitted), (NEWEST_NAMES, 1));
        assert_eq!(listed.first().map(|row| row.address), Some(address(0)));
        assert_eq!(listed.last().map(|row| row.address), Some(address(count - 1)));
    }

    #[test]
    fn flood_of_answers_is_held_to_the_bounds() {
        let mut names = Names::default();
        let flood = u32::try_from(NAMED_ADDRESSES).unwrap() + 1_000;
        for number in 0..flood {
            learn(&mut names, Some(1), "a.example", number, 10);
        }
        for number in 0..2_000 {
            learn(&mut names, Some(1), &format!("{number:04}.example"), 0, 10);
        }
        assert_eq!(names.of_address.len(), NAMED_ADDRESSES);
        assert_eq!(names.of_address[&address(0)].len(), NAMES_OF_ADDRESS);
        let left_out = (u64::from(flood) - NAMED_ADDRESSES as u64).min(LEFT_OUT as u64);
        assert_eq!(names.left_out.addresses(), left_out);
    }

    #[test]
    fn long_names_are_held_to_the_bounds_in_bytes_and_the_others_are_counted() {
        let mut names = Names::default();
        // 255 letters, two counters and a pointer with a length of 8 bytes each: 287 bytes a name.
        let long = |number| Arc::<str>::from(format!("{number:0255}"));
        let (told, called) = (NAMES_BYTES / 287, CALLED_BYTES / 287);
        for number in 0..told + 3 {
            let place = u32::try_from(number / NAMES_OF_ADDRESS).unwrap();
            names.list(&Answer {
                client: None,
                name: &long(number),
                address: address(place),
                ttl_s: 60,
                at: Timestamp::from_parts(10, 0),
            });
        }
        let count = |lists: &mut dyn Iterator<Item = &Vec<Arc<str>>>| lists.map(Vec::len).sum::<usize>();
        assert_eq!((count(&mut names.of_address.values()), names.refused()), (told, 3));
        for number in 0..called + 5 {
            names.call(address(u32::try_from(number / NAMES_CALLED).unwrap()), &long(number));
        }
        assert_eq!((count(&mut names.called.values()), names.refused()), (called, 8));
        // What is held already needs no room; an address that is new is left out.
        learn(&mut names, None, &long(0), 0, 20);
        assert_eq!((names.refused(), names.left_out.addresses()), (8, 0));
        learn(&mut names, None, &long(0), 1 << 20, 20);
        assert_eq!((names.refused(), names.left_out.addresses()), (8, 1));
    }

    #[test]
    fn what_beyond_the_addresses_held_is_called_something_is_counted() {
        let mut names = Names::default();
        for number in 0..u32::try_from(NAMED_ADDRESSES).unwrap() + 2 {
            names.call(address(number), &"a.example".into());
        }
        assert_eq!((names.called.len(), names.refused()), (NAMED_ADDRESSES, 2));
    }

    #[test]
    fn address_left_out_counts_once_however_often_it_is_told() {
        let mut names = Names::default();
        let room = u32::try_from(NAMED_ADDRESSES).unwrap();
        for number in 0..room + 2 {
            learn(&mut names, Some(1), "a.example", number, 10);
        }
        for name in ["b.example", "c.example", "b.example"] {
            learn(&mut names, Some(1), name, room, 20);
        }
        // Two addresses beyond the table's room, one of them told four times.
        assert_eq!(names.first(NAMED_ADDRESSES).1, 2);
    }

    #[test]
    fn an_address_goes_by_what_it_was_told_and_called_in_one_list() {
        let mut names = Names::default();
        learn(&mut names, Some(1), "b.example", 9, 10);
        for name in ["c.example", "a.example", "b.example"] {
            names.call(address(9), &name.into());
        }
        assert_eq!(names.of(address(9), 16), ["a.example", "b.example", "c.example"]);
        assert_eq!(names.of(address(9), 2), ["a.example", "b.example"]);
        assert_eq!(names.of(address(8), 16), [""; 0]);
        // What is called something is not learned by DNS.
        assert_eq!(names.first(10).0[0].names, ["b.example"]);
        for number in 0..100 {
            names.call(address(8), &format!("{number:02}.example").into());
        }
        assert_eq!(names.of(address(8), 1_000).len(), NAMES_CALLED);
    }
}
