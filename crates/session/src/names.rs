//! Names of addresses: what hosts show of themselves, what hellos and requests called them, what DNS answers told of them.

mod exchanges;
mod sourced;
mod told;

use std::collections::hash_map::Entry;
use std::collections::{HashMap, VecDeque};
use std::net::IpAddr;
use std::sync::Arc;

use foldhash::fast::RandomState;
use netsonde_flow::{Credit, DhcpPart, NamedBy};
use netsonde_messages::{HostName, LearnedNames, NameSource};
use netsonde_units::Timestamp;

use self::exchanges::Exchanges;
use self::sourced::{Sourced, Table};
use self::told::Told;
pub(crate) use self::told::{How, Named};
use crate::left_out::LeftOut;
use crate::limits::{
    CALLED_BYTES, NAMED_ADDRESSES, NAMES_BYTES, NAMES_CALLED, NAMES_OF_ADDRESS, NAMES_SHOWN, NEWEST_NAMES,
    SHOWN_BYTES,
};

/// What names of multicast DNS end in (RFC 6762 section 3).
const LOCAL: &str = ".local";

/// An answer that gives an address a name, as a fact hands it over.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Answer<'a> {
    pub(crate) client: Option<IpAddr>,
    pub(crate) name: &'a Arc<str>,
    pub(crate) address: IpAddr,
    pub(crate) ttl_s: u32,
    pub(crate) at: Timestamp,
    pub(crate) by: NamedBy,
    pub(crate) credit: Credit,
}

impl Answer<'_> {
    /// Tells whether a client may go by it. Who has no say over a name outside the link has none over who is behind it: of
    /// multicast DNS only names of the link count. Names of DHCP and `NetBIOS` are none of DNS.
    pub(crate) fn is_told(&self) -> bool {
        self.is_credible()
            && match self.by {
                NamedBy::Dns | NamedBy::Llmnr => true,
                NamedBy::Mdns => self.is_hosts_own(),
                NamedBy::Dhcp | NamedBy::Netbios => false,
            }
    }

    /// Tells whether something speaks for it; what nothing does is only listed.
    fn is_credible(&self) -> bool {
        self.credit != Credit::Nothing
    }

    /// Tells whether it is a name by DNS.
    fn is_by_dns(&self) -> bool {
        self.by == NamedBy::Dns && self.is_credible()
    }

    /// Tells whether an answer of multicast DNS says what a host is called: on the link, and not to take it back.
    fn is_hosts_own(&self) -> bool {
        self.ttl_s > 0 && self.name.ends_with(LOCAL)
    }

    /// Returns who says so where it is the host itself.
    fn shown_by(&self) -> Option<NameSource> {
        match self.by {
            _ if !self.is_credible() => None,
            NamedBy::Dns => None,
            NamedBy::Mdns => self.is_hosts_own().then_some(NameSource::Mdns),
            NamedBy::Llmnr => Some(NameSource::Llmnr),
            NamedBy::Dhcp => Some(NameSource::Dhcp),
            NamedBy::Netbios => Some(NameSource::Netbios),
        }
    }
}

/// A name that an answer gave an address.
#[derive(Debug)]
struct Listed {
    name: Arc<str>,
    /// Whether DNS did when it was asked, not only what is like it, or an answer to something else.
    by_dns: bool,
}

/// All names, in bounded tables.
#[derive(Debug)]
pub(crate) struct Names {
    /// What each client was told.
    pub(crate) told: Told,
    /// All names that answers gave each address, in order.
    of_address: HashMap<IpAddr, Vec<Listed>, RandomState>,
    of_address_bytes: usize,
    /// The addresses that were named last, the newest at the end.
    newest: VecDeque<IpAddr>,
    /// Addresses for which there was no room.
    left_out: LeftOut,
    /// What hosts show of themselves.
    shown: Table,
    exchanges: Exchanges,
    /// What hellos and requests called each address.
    called: Table,
    /// Counts names that answers gave and for which there was no room, at an address that is held.
    refused: u64,
}

impl Default for Names {
    fn default() -> Self {
        Self {
            told: Told::default(),
            of_address: HashMap::default(),
            of_address_bytes: 0,
            newest: VecDeque::new(),
            left_out: LeftOut::default(),
            shown: Table::new(NAMES_SHOWN, SHOWN_BYTES),
            exchanges: Exchanges::default(),
            called: Table::new(NAMES_CALLED, CALLED_BYTES),
            refused: 0,
        }
    }
}

impl Names {
    /// Takes an answer.
    pub(crate) fn learn(&mut self, answer: &Answer<'_>) {
        let &Answer { name, address, at, by, .. } = answer;
        if let Some(source) = answer.shown_by() {
            self.shown.add(address, Sourced { source, at, name: Arc::clone(name) });
        }
        if matches!(by, NamedBy::Dns | NamedBy::Mdns | NamedBy::Llmnr) {
            self.list(answer);
        }
        if answer.is_told() {
            self.told.learn(answer);
        }
    }

    /// Takes a part of an exchange of DHCP: the client's name is that of the address that it is given.
    pub(crate) fn lease(&mut self, part: DhcpPart) {
        let Self { exchanges, shown, .. } = self;
        exchanges.take(part, |address, name, at| {
            shown.add(address, Sourced { source: NameSource::Dhcp, at, name: Arc::clone(name) });
        });
    }

    /// Takes note of what a hello or a request called an address. Which of them came first says nothing.
    pub(crate) fn call(&mut self, address: IpAddr, name: &Arc<str>, source: NameSource) {
        // What stands for many names is none.
        if !name.contains('*') {
            self.called.add(address, Sourced { source, at: Timestamp::EPOCH, name: Arc::clone(name) });
        }
    }

    /// Returns how many names were not kept because there was no room.
    pub(crate) const fn refused(&self) -> u64 {
        let shown = self.shown.refused() + self.shown.surplus() + self.exchanges.forgotten();
        self.refused + self.called.refused() + shown
    }

    /// Returns the names of an address, at most `most`, each once with its most trusted source: in order of source; of what
    /// the host shows of itself the newest first, else by letters.
    pub(crate) fn of(&self, address: IpAddr, most: usize) -> Vec<HostName> {
        let mut names = Vec::<HostName>::new();
        for (name, source) in self.trusted(address) {
            if names.len() >= most {
                break;
            }
            if !names.iter().any(|held| *held.name == **name) {
                names.push(HostName { name: name.to_string(), source });
            }
        }
        names
    }

    /// Returns the most trusted name of an address.
    pub(crate) fn best(&self, address: IpAddr) -> Option<(&Arc<str>, NameSource)> {
        self.trusted(address).next()
    }

    /// Names of an address, the most trusted first; one may come again, from another source.
    fn trusted(&self, address: IpAddr) -> impl Iterator<Item = (&Arc<str>, NameSource)> {
        let sourced = self.shown.of(address).iter().chain(self.called.of(address));
        let told = self.of_address.get(&address).into_iter().flatten().filter(|listed| listed.by_dns);
        sourced
            .map(|held| (&held.name, held.source))
            .chain(told.map(|listed| (&listed.name, NameSource::Dns)))
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
        let names = |address| {
            let listed = self.of_address.get(&address)?;
            Some(listed.iter().map(|listed| listed.name.to_string()).collect())
        };
        let listed: Vec<_> =
            addresses.filter_map(|address| Some(LearnedNames { address, names: names(address)? })).collect();
        let omitted = (self.of_address.len() - listed.len()) as u64 + self.left_out.addresses();
        (listed, omitted)
    }

    fn list(&mut self, answer: &Answer<'_>) {
        // What nothing speaks for leaves half of the room to the rest.
        let share = if answer.is_credible() { 1 } else { 2 };
        let room = (NAMES_BYTES / share).saturating_sub(self.of_address_bytes);
        let has_room = self.of_address.len() < NAMED_ADDRESSES / share && room >= bytes_of(answer.name);
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
        let listed = Listed { name: Arc::clone(answer.name), by_dns: answer.is_by_dns() };
        match enter(names, listed, NAMES_OF_ADDRESS / share, room) {
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
fn enter(names: &mut Vec<Listed>, listed: Listed, most: usize, room: usize) -> Entered {
    let place = match names.binary_search_by(|held| held.name.cmp(&listed.name)) {
        Ok(held) => {
            if let Some(held) = names.get_mut(held) {
                held.by_dns |= listed.by_dns;
            }
            return Entered::Taking(0);
        }
        Err(place) => place,
    };
    if names.len() >= most {
        return Entered::Taking(0);
    }
    let bytes = bytes_of(&listed.name);
    if bytes > room {
        return Entered::NoRoom;
    }
    names.insert(place, listed);
    Entered::Taking(bytes)
}

/// Returns what a name takes at most: its letters, its two counters and its entry.
fn bytes_of(name: &Arc<str>) -> usize {
    name.len() + 2 * size_of::<usize>() + size_of::<Listed>()
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
            by: NamedBy::Dns,
            credit: Credit::Asked,
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
        // 255 letters, two counters of 8 bytes, and an entry: pointer, length and a mark take 24, with source and time 32.
        let long = |number| Arc::<str>::from(format!("{number:0255}"));
        let (told, called) = (NAMES_BYTES / 295, CALLED_BYTES / 303);
        for number in 0..told + 3 {
            let place = u32::try_from(number / NAMES_OF_ADDRESS).unwrap();
            names.list(&Answer {
                client: None,
                name: &long(number),
                address: address(place),
                ttl_s: 60,
                at: Timestamp::from_parts(10, 0),
                by: NamedBy::Dns,
                credit: Credit::Asked,
            });
        }
        let listed = names.of_address.values().map(Vec::len).sum::<usize>();
        assert_eq!((listed, names.refused()), (told, 3));
        for number in 0..called + 5 {
            let place = u32::try_from(number / NAMES_CALLED).unwrap();
            names.call(address(place), &long(number), NameSource::TlsSni);
        }
        let places = 0..u32::try_from(called / NAMES_CALLED).unwrap() + 1;
        let held = places.map(|place| names.called.of(address(place)).len()).sum::<usize>();
        assert_eq!((held, names.refused()), (called, 8));
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
            names.call(address(number), &"a.example".into(), NameSource::HttpHost);
        }
        let last = u32::try_from(NAMED_ADDRESSES).unwrap() - 1;
        let is_held = |number| !names.called.of(address(number)).is_empty();
        assert_eq!((is_held(last), is_held(last + 1), names.refused()), (true, false, 2));
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

    /// The names of 192.0.2.9, as `source name`.
    fn of_nine(names: &Names, most: usize) -> Vec<String> {
        let names = names.of(address(9), most);
        names.into_iter().map(|HostName { name, source }| format!("{source:?} {name}")).collect()
    }

    #[test]
    fn an_address_goes_by_its_names_in_order_of_trust_and_each_once() {
        let mut names = Names::default();
        for name in ["d.example", "b.example"] {
            learn(&mut names, Some(1), name, 9, 10);
        }
        for (name, source) in [
            ("c.example", NameSource::HttpHost),
            ("b.example", NameSource::HttpHost),
            ("b.example", NameSource::TlsSni),
            ("a.example", NameSource::TlsSni),
            ("*.example", NameSource::TlsSni),
        ] {
            names.call(address(9), &name.into(), source);
        }
        assert_eq!(
            of_nine(&names, 16),
            ["TlsSni a.example", "TlsSni b.example", "HttpHost c.example", "Dns d.example"]
        );
        assert_eq!(of_nine(&names, 2), ["TlsSni a.example", "TlsSni b.example"]);
        assert_eq!(names.best(address(9)), Some((&"a.example".into(), NameSource::TlsSni)));
        assert_eq!((names.of(address(8), 16), names.best(address(8))), (vec![], None));
        // What is called something is not learned by DNS.
        assert_eq!(names.first(10).0[0].names, ["b.example", "d.example"]);
        for number in 0..100 {
            names.call(address(8), &format!("{number:02}.example").into(), NameSource::TlsSni);
        }
        assert_eq!(names.of(address(8), 1_000).len(), NAMES_CALLED);
        assert_eq!(names.refused(), 0);
    }

    /// Takes a name of 192.0.2.9.
    fn show(names: &mut Names, by: NamedBy, name: &str, ttl_s: u32, seconds: u64) {
        let (name, at) = (name.into(), Timestamp::from_parts(seconds, 0));
        let credit = if by == NamedBy::Dns { Credit::Asked } else { Credit::Own };
        names.learn(&Answer { client: None, name: &name, address: address(9), ttl_s, at, by, credit });
    }

    #[test]
    fn what_a_host_shows_of_itself_comes_first_and_the_newest_of_it() {
        let mut names = Names::default();
        names.call(address(9), &"a.example".into(), NameSource::TlsSni);
        show(&mut names, NamedBy::Netbios, "pc", 0, 10);
        show(&mut names, NamedBy::Dhcp, "pc", 0, 10);
        show(&mut names, NamedBy::Dhcp, "phone", 0, 20);
        show(&mut names, NamedBy::Llmnr, "pc", 30, 30);
        assert_eq!(of_nine(&names, 16), ["Dhcp phone", "Dhcp pc", "TlsSni a.example"]);
        show(&mut names, NamedBy::Mdns, "pc.local", 120, 5);
        assert_eq!(names.best(address(9)), Some((&"pc.local".into(), NameSource::Mdns)));
        // Names of DHCP and NetBIOS are none of DNS, and no client goes by them.
        assert_eq!(names.first(10).0[0].names, ["pc", "pc.local"]);
        let told = |client| names.told.named(address(client), address(9), Timestamp::from_parts(10, 0));
        assert_eq!(told(1).map(|named| named.name), Some("pc.local".into()));
    }

    #[test]
    fn multicast_dns_names_hosts_of_the_link_and_what_it_takes_back_names_nobody() {
        let mut names = Names::default();
        show(&mut names, NamedBy::Mdns, "films.example", 120, 5);
        show(&mut names, NamedBy::Mdns, "gone.local", 0, 5);
        assert_eq!(of_nine(&names, 16), [""; 0]);
        assert!(names.told.is_empty());
        // What was said is listed all the same, and DNS may say the same.
        assert_eq!(names.first(10).0[0].names, ["films.example", "gone.local"]);
        show(&mut names, NamedBy::Dns, "films.example", 120, 5);
        assert_eq!(of_nine(&names, 16), ["Dns films.example"]);
    }

    #[test]
    fn what_nothing_speaks_for_is_listed_and_leaves_half_of_the_room() {
        let mut names = Names::default();
        let unasked = |names: &mut Names, name: &str, number, by| {
            let (name, at) = (name.into(), Timestamp::from_parts(10, 0));
            let credit = Credit::Nothing;
            names.learn(&Answer {
                client: None,
                name: &name,
                address: address(number),
                ttl_s: 60,
                at,
                by,
                credit,
            });
        };
        for by in [NamedBy::Dns, NamedBy::Mdns, NamedBy::Llmnr, NamedBy::Netbios] {
            unasked(&mut names, "pc.local", 9, by);
        }
        assert_eq!((of_nine(&names, 16), names.told.is_empty()), (vec![], true));
        assert_eq!(names.first(10).0[0].names, ["pc.local"]);
        for number in 0..NAMES_OF_ADDRESS {
            unasked(&mut names, &format!("{number:02}.example"), 9, NamedBy::Dns);
        }
        assert_eq!(names.of_address[&address(9)].len(), NAMES_OF_ADDRESS / 2);
        // Asked for, and so it has its name.
        learn(&mut names, Some(1), "www.example", 9, 20);
        learn(&mut names, Some(1), "pc.local", 9, 20);
        assert_eq!(of_nine(&names, 16), ["Dns pc.local", "Dns www.example"]);
        for number in 0..u32::try_from(NAMED_ADDRESSES).unwrap() {
            unasked(&mut names, "a.example", number, NamedBy::Dns);
        }
        assert_eq!(names.of_address.len(), NAMED_ADDRESSES / 2);
        learn(&mut names, Some(1), "b.example", u32::MAX >> 8, 30);
        assert_eq!(names.best(address(u32::MAX >> 8)), Some((&"b.example".into(), NameSource::Dns)));
    }

    #[test]
    fn a_lease_names_its_address_and_what_there_is_no_room_for_is_counted() {
        use netsonde_flow::{DhcpExchange, DhcpTells};
        let mut names = Names::default();
        let exchange = DhcpExchange { is_v6: false, transaction: 7, client: [2; 16].into() };
        let at = Timestamp::from_parts(10, 0);
        names.lease(DhcpPart { exchange: exchange.clone(), tells: DhcpTells::Name("pc".into()), at });
        assert_eq!(of_nine(&names, 16), [""; 0]);
        names.lease(DhcpPart { exchange, tells: DhcpTells::Address(address(9)), at });
        assert_eq!(of_nine(&names, 16), ["Dhcp pc"]);
        for number in 0..NAMES_SHOWN + 2 {
            show(&mut names, NamedBy::Netbios, &format!("pc{number}"), 0, 20);
        }
        assert_eq!((names.of(address(9), 100).len(), names.refused()), (NAMES_SHOWN, 3));
    }
}
