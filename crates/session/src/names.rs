//! Names of addresses, as DNS answers told them.

use std::collections::{BTreeMap, HashMap, VecDeque};
use std::net::IpAddr;
use std::sync::Arc;

use foldhash::fast::RandomState;
use netsonde_messages::LearnedNames;
use netsonde_units::{NANOS_PER_SECOND, Timestamp};

use crate::left_out::LeftOut;
use crate::limits::{NAMED_ADDRESSES, NAMES_OF_ADDRESS, NAMES_TOLD, NEWEST_NAMES};

/// Who was told, none for everybody on the link, and the address.
type Told = (Option<IpAddr>, IpAddr);

/// A name as a DNS answer told it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NameTold {
    /// The name that was asked for, in lower case without a trailing dot.
    pub name: Arc<str>,
    /// When it was told.
    pub at: Timestamp,
    /// When the answer ceases to hold.
    pub until: Timestamp,
}

/// An answer, as a fact hands it over.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Answer<'a> {
    pub(crate) client: Option<IpAddr>,
    pub(crate) name: &'a Arc<str>,
    pub(crate) address: IpAddr,
    pub(crate) ttl_s: u32,
    pub(crate) at: Timestamp,
}

/// What answers taught, in bounded tables.
#[derive(Debug, Default)]
pub(crate) struct Names {
    /// All names of each address, in order.
    of_address: BTreeMap<IpAddr, Vec<Arc<str>>>,
    /// The addresses that were named last, the newest at the end.
    newest: VecDeque<IpAddr>,
    /// Addresses for which there was no room.
    left_out: LeftOut,
    /// The latest name of an address for each client, with the number of its answer.
    told: HashMap<Told, (u64, NameTold), RandomState>,
    /// By the number of their latest answers.
    tellings: BTreeMap<u64, Told>,
    /// Answers so far.
    answers: u64,
}

impl Names {
    /// Takes an answer.
    pub(crate) fn learn(&mut self, answer: &Answer<'_>) {
        self.list(answer);
        let &Answer { client, name, address, ttl_s, at } = answer;
        let until = at.plus_nanos(u64::from(ttl_s) * NANOS_PER_SECOND);
        let told = (client, address);
        self.answers += 1;
        // Who is told again is in use: it goes to the end of the queue.
        let telling = (self.answers, NameTold { name: Arc::clone(name), at, until });
        if let Some((before, _)) = self.told.insert(told, telling) {
            self.tellings.remove(&before);
        }
        self.tellings.insert(self.answers, told);
        if self.tellings.len() > NAMES_TOLD
            && let Some((_, oldest)) = self.tellings.pop_first()
        {
            self.told.remove(&oldest);
        }
    }

    /// Returns the name by which a client knows an address: the latest that it was told, else the latest that everybody
    /// on the link was. It may have ceased to hold: what was begun by it goes on.
    pub(crate) fn told(&self, client: IpAddr, address: IpAddr) -> Option<&NameTold> {
        let (_, told) =
            self.told.get(&(Some(client), address)).or_else(|| self.told.get(&(None, address)))?;
        Some(told)
    }

    /// Returns the addresses that have names, the first of them in order of address, and how many are left out.
    pub(crate) fn first(&self, most: usize) -> (Vec<LearnedNames>, u64) {
        self.message(self.of_address.keys().take(most).copied())
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
        if !self.of_address.contains_key(&answer.address) {
            if self.of_address.len() >= NAMED_ADDRESSES {
                self.left_out.count(answer.address);
                return;
            }
            if self.newest.len() >= NEWEST_NAMES {
                self.newest.pop_front();
            }
            self.newest.push_back(answer.address);
        }
        let names = self.of_address.entry(answer.address).or_default();
        if let Err(place) = names.binary_search(answer.name)
            && names.len() < NAMES_OF_ADDRESS
        {
            names.insert(place, Arc::clone(answer.name));
        }
    }
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

    fn name_of(names: &Names, client: u32, number: u32) -> Option<&str> {
        names.told(address(client), address(number)).map(|told| &*told.name)
    }

    #[test]
    fn each_client_knows_an_address_by_what_it_was_told_last() {
        let mut names = Names::default();
        learn(&mut names, Some(1), "a.example", 9, 10);
        learn(&mut names, Some(2), "b.example", 9, 20);
        learn(&mut names, Some(1), "c.example", 9, 30);
        learn(&mut names, None, "printer.local", 9, 40);
        assert_eq!(name_of(&names, 1, 9), Some("c.example"));
        assert_eq!(name_of(&names, 2, 9), Some("b.example"));
        assert_eq!(name_of(&names, 3, 9), Some("printer.local"));
        assert_eq!(name_of(&names, 1, 8), None);
        let told = names.told(address(2), address(9)).unwrap();
        // Told at 20 s, for 60 s.
        assert_eq!((told.at.second(), told.until.second()), (20, 80));
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
        let flood = u32::try_from(NAMED_ADDRESSES.max(NAMES_TOLD)).unwrap() + 1_000;
        for number in 0..flood {
            learn(&mut names, Some(1), "a.example", number, 10);
        }
        for number in 0..2_000 {
            learn(&mut names, Some(1), &format!("{number:04}.example"), 0, 10);
        }
        assert_eq!(names.of_address.len(), NAMED_ADDRESSES);
        assert_eq!((names.told.len(), names.tellings.len()), (NAMES_TOLD, NAMES_TOLD));
        assert_eq!(names.of_address[&address(0)].len(), NAMES_OF_ADDRESS);
        let left_out = (u64::from(flood) - NAMED_ADDRESSES as u64).min(LEFT_OUT as u64);
        assert_eq!(names.left_out.addresses(), left_out);
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
    fn name_told_again_outlives_those_told_before_it() {
        let mut names = Names::default();
        let room = u32::try_from(NAMES_TOLD).unwrap();
        for number in 0..room {
            learn(&mut names, Some(1), "a.example", number, 10);
        }
        learn(&mut names, Some(1), "b.example", 0, 20);
        learn(&mut names, Some(1), "a.example", room, 30);
        // The table is one over: address 1 has waited longest since it was told, not 0, which was told first.
        assert_eq!(name_of(&names, 1, 0), Some("b.example"));
        assert_eq!(name_of(&names, 1, 1), None);
        assert_eq!(name_of(&names, 1, 2), Some("a.example"));
    }
}
