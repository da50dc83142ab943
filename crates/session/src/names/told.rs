//! What each client was told of an address, and when: which name its conversations go by.

use std::collections::{HashMap, VecDeque};
use std::net::IpAddr;
use std::sync::Arc;

use foldhash::fast::RandomState;
use netsonde_units::{NANOS_PER_SECOND, Timestamp};

use super::Answer;
use crate::limits::{NAMES_TOLD, TELLINGS_OF_PAIR};

/// The least time that an answer holds for whoever asked, in seconds: systems and browsers keep one that long,
/// whatever its time to live.
const LEAST_HOLD_S: u64 = 60;

/// How many places of the order may be void, beside one for each that is not.
const ORDER_SLACK: usize = 1_024;

/// Who was told, none for everybody on the link, and the address.
type Pair = (Option<IpAddr>, IpAddr);

/// A name as an answer told it.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Telling {
    name: Arc<str>,
    at: Timestamp,
    /// When an answer before it, of the same time to live, can have been told at the earliest and still have held.
    from: Timestamp,
    /// When it ceases to hold.
    until: Timestamp,
}

/// The name of a conversation's server.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Named {
    /// The name.
    pub(crate) name: Arc<str>,
    /// When it was told.
    pub(crate) at: Timestamp,
    /// How good it is.
    pub(crate) how: How,
}

impl Named {
    /// Tells whether it is nearer to the conversation's first packet than another name. While answers are held nothing
    /// better goes away; but the oldest of them give way to others.
    pub(crate) fn is_better_than(&self, other: &Self) -> bool {
        let order = match self.how {
            How::Before | How::EverybodyBefore => (other.at, &other.name).cmp(&(self.at, &self.name)),
            How::After | How::EverybodyAfter => (self.at, &self.name).cmp(&(other.at, &other.name)),
        };
        self.how.cmp(&other.how).then(order).is_lt()
    }
}

/// How a conversation came by a name, the best first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum How {
    /// Its client had been told, and the answer held.
    Before,
    /// Its client was told later, and an answer before that one can have held.
    After,
    /// Everybody on the link had been told.
    EverybodyBefore,
    /// Everybody was told later, likewise.
    EverybodyAfter,
}

/// What one client was told of one address.
#[derive(Debug, Default)]
struct History {
    /// In order of time, then of name: in whichever order they come, they stand the same.
    tellings: Vec<Telling>,
    /// The number of the latest answer.
    number: u64,
}

/// All that clients were told, in a bounded table.
#[derive(Debug, Default)]
pub(crate) struct Told {
    of_pair: HashMap<Pair, History, RandomState>,
    /// Who was told what, in order of the numbers of answers, which tell whether a later one has taken its place.
    order: VecDeque<(u64, Pair)>,
    answers: u64,
    tellings: usize,
    /// Counts what was dropped for want of room.
    forgotten: u64,
}

impl Told {
    /// Takes an answer.
    pub(crate) fn learn(&mut self, answer: &Answer<'_>) {
        let &Answer { client, name, address, ttl_s, at, .. } = answer;
        let holds_nanos = u64::from(ttl_s).max(LEAST_HOLD_S) * NANOS_PER_SECOND;
        let (from, until) = (at.minus_nanos(holds_nanos), at.plus_nanos(holds_nanos));
        let pair = (client, address);
        self.answers += 1;
        let history = self.of_pair.entry(pair).or_default();
        // Who is told again is in use: it goes to the end of the queue, and its place from before is void.
        self.order.push_back((self.answers, pair));
        history.number = self.answers;
        let before = history.tellings.len();
        self.forgotten += history.add(Telling { name: Arc::clone(name), at, from, until });
        self.tellings = self.tellings + history.tellings.len() - before;
        while self.tellings > NAMES_TOLD
            && let Some((number, oldest)) = self.order.pop_front()
        {
            if self.of_pair.get(&oldest).is_some_and(|history| history.number == number) {
                let dropped = self.of_pair.remove(&oldest).map_or(0, |history| history.tellings.len());
                self.tellings -= dropped;
                // Lossless: usize has at most 64 bits.
                self.forgotten += dropped as u64;
            }
        }
        if self.order.len() > 2 * self.of_pair.len() + ORDER_SLACK {
            let held = &self.of_pair;
            self.order.retain(|(number, pair)| held.get(pair).is_some_and(|it| it.number == *number));
        }
    }

    /// Returns the name by which a client knows an address in a conversation that began at `first`: the latest that it
    /// had been told and that held, else the earliest that it was told later, else the same of what everybody was told.
    /// A later one counts where its client may have been told the same before, unseen: what an address is called hours
    /// later may be another server's name.
    ///
    /// What it says follows from the answers alone, in whichever order and however late they come.
    pub(crate) fn named(&self, client: IpAddr, address: IpAddr, first: Timestamp) -> Option<Named> {
        let own = self.of_pair.get(&(Some(client), address));
        let everybody = || self.of_pair.get(&(None, address));
        own.and_then(|history| history.named(first, How::Before, How::After))
            .or_else(|| everybody()?.named(first, How::EverybodyBefore, How::EverybodyAfter))
    }

    /// Tells whether nobody was told anything.
    pub(crate) const fn is_empty(&self) -> bool {
        self.answers == 0
    }

    /// Returns how many tellings were dropped for want of room.
    pub(crate) const fn forgotten(&self) -> u64 {
        self.forgotten
    }
}

impl History {
    /// Takes a telling and returns how many were dropped for it.
    fn add(&mut self, telling: Telling) -> u64 {
        let order = |held: &Telling| (held.at, &*held.name).cmp(&(telling.at, &*telling.name));
        match self.tellings.binary_search_by(order) {
            Ok(place) => {
                if let Some(held) = self.tellings.get_mut(place) {
                    held.widen(&telling);
                }
                return 0;
            }
            Err(place) => {
                if self.tellings.is_empty() {
                    // Most addresses are told once.
                    self.tellings.reserve_exact(1);
                }
                self.tellings.insert(place, telling);
            }
        }
        if self.tellings.len() <= TELLINGS_OF_PAIR {
            return 0;
        }
        self.join();
        let surplus = self.tellings.len().saturating_sub(TELLINGS_OF_PAIR);
        self.tellings.drain(..surplus);
        // Lossless: usize has at most 64 bits.
        surplus as u64
    }

    /// Makes one of tellings of a name that follow each other without a gap.
    fn join(&mut self) {
        self.tellings.dedup_by(|next, held| {
            let goes_on = next.name == held.name && next.at <= held.until;
            if goes_on {
                held.widen(next);
            }
            goes_on
        });
    }

    fn named(&self, first: Timestamp, before: How, after: How) -> Option<Named> {
        let later = self.tellings.partition_point(|telling| telling.at <= first);
        let (earlier, later) = self.tellings.split_at_checked(later)?;
        let named = |telling: &Telling, how| Named { name: Arc::clone(&telling.name), at: telling.at, how };
        let held = earlier.iter().rfind(|telling| telling.until >= first);
        held.map(|telling| named(telling, before))
            .or_else(|| Some(named(later.iter().find(|telling| telling.from <= first)?, after)))
    }
}

impl Telling {
    /// Lets it hold for as long as another one of the same name, too.
    fn widen(&mut self, other: &Self) {
        self.from = self.from.min(other.from);
        self.until = self.until.max(other.until);
    }
}

#[cfg(test)]
mod tests {
    use netsonde_flow::{Credit, NamedBy};

    use super::*;

    fn at(seconds: u64) -> Timestamp {
        Timestamp::from_parts(seconds, 0)
    }

    fn address(number: u32) -> IpAddr {
        IpAddr::V4((0xc000_0200 + number).into())
    }

    /// Tells `client` at `seconds` that address 9 is called `name`, for `ttl_s`.
    fn tell(told: &mut Told, client: Option<u32>, name: &str, seconds: u64, ttl_s: u32) {
        told.learn(&Answer {
            client: client.map(address),
            name: &name.into(),
            address: address(9),
            ttl_s,
            at: at(seconds),
            by: NamedBy::Dns,
            credit: Credit::Asked,
        });
    }

    fn named(told: &Told, client: u32, first: u64) -> Option<(String, How)> {
        let named = told.named(address(client), address(9), at(first))?;
        Some((named.name.to_string(), named.how))
    }

    #[test]
    fn a_conversation_goes_by_the_latest_name_that_held_when_it_began() {
        let mut told = Told::default();
        tell(&mut told, Some(1), "a.example", 100, 600);
        tell(&mut told, Some(1), "b.example", 200, 120);
        tell(&mut told, Some(2), "c.example", 150, 600);
        for (first, expected) in [
            // Nothing was told before: the earliest later on.
            (99, ("a.example", How::After)),
            (100, ("a.example", How::Before)),
            (199, ("a.example", How::Before)),
            (320, ("b.example", How::Before)),
            // The second answer held until 320 s, the first one until 700 s.
            (321, ("a.example", How::Before)),
        ] {
            assert_eq!(named(&told, 1, first), Some((expected.0.into(), expected.1)), "at {first} s");
        }
        assert_eq!(named(&told, 1, 701), None);
        assert_eq!(named(&told, 2, 321), Some(("c.example".into(), How::Before)));
        assert_eq!(named(&told, 3, 321), None);
    }

    #[test]
    fn what_is_told_hours_later_names_no_conversation_of_before() {
        let mut told = Told::default();
        tell(&mut told, Some(1), "a.example", 100, 60);
        tell(&mut told, Some(1), "b.example", 7_300, 300);
        tell(&mut told, None, "printer.local", 7_300, 120);
        // An answer of 300 s that still held at 7,000 s, or later, was told before 7,300 s and maybe not seen.
        for (first, expected) in [
            (160, Some(("a.example", How::Before))),
            (161, None),
            (6_999, None),
            (7_000, Some(("b.example", How::After))),
        ] {
            assert_eq!(
                named(&told, 1, first),
                expected.map(|(name, how)| (name.into(), how)),
                "at {first} s"
            );
        }
        // Of everybody likewise, for 120 s.
        assert_eq!(named(&told, 2, 7_179), None);
        assert_eq!(named(&told, 2, 7_180), Some(("printer.local".into(), How::EverybodyAfter)));
    }

    #[test]
    fn an_answer_holds_for_a_minute_at_least() {
        let mut told = Told::default();
        tell(&mut told, Some(1), "a.example", 100, 5);
        assert_eq!(named(&told, 1, 160), Some(("a.example".into(), How::Before)));
        assert_eq!(named(&told, 1, 161), None);
    }

    #[test]
    fn what_everybody_was_told_comes_after_what_the_client_was() {
        let mut told = Told::default();
        tell(&mut told, None, "printer.local", 100, 120);
        assert_eq!(named(&told, 1, 150), Some(("printer.local".into(), How::EverybodyBefore)));
        assert_eq!(named(&told, 1, 50), Some(("printer.local".into(), How::EverybodyAfter)));
        tell(&mut told, Some(1), "print.example", 300, 600);
        assert_eq!(named(&told, 1, 150), Some(("print.example".into(), How::After)));
    }

    #[test]
    fn names_stand_the_same_in_whichever_order_they_come() {
        let answers =
            [("a.example", 10, 60), ("b.example", 20, 300), ("a.example", 30, 60), ("a.example", 95, 60)];
        // Each rotation, forwards and backwards.
        for start in 0..answers.len() {
            for backwards in [false, true] {
                let mut told = Told::default();
                for step in 0..answers.len() {
                    let place = if backwards { answers.len() - 1 - step } else { step };
                    let (name, seconds, ttl_s) = answers[(start + place) % answers.len()];
                    tell(&mut told, Some(1), name, seconds, ttl_s);
                }
                let names: Vec<_> = [5, 15, 25, 35, 94, 96, 156].map(|first| named(&told, 1, first)).into();
                let expected = ["a", "a", "b", "a", "b", "a", "b"].map(|name| format!("{name}.example"));
                let names: Vec<_> = names.into_iter().map(|named| named.unwrap().0).collect();
                assert_eq!(names, expected, "from {start}, backwards {backwards}");
            }
        }
    }

    #[test]
    fn a_client_that_asks_again_and_again_is_remembered_in_few_tellings() {
        let mut told = Told::default();
        for minute in 0..1_000 {
            tell(&mut told, Some(1), "a.example", minute * 60, 60);
        }
        assert!(told.tellings <= TELLINGS_OF_PAIR, "{}", told.tellings);
        assert_eq!(told.forgotten(), 0);
        for first in [0, 30, 30_000, 59_990] {
            assert_eq!(named(&told, 1, first), Some(("a.example".into(), How::Before)));
        }
    }

    #[test]
    fn names_beyond_the_bound_of_an_address_push_out_the_oldest() {
        let mut told = Told::default();
        for number in 0..TELLINGS_OF_PAIR as u64 + 2 {
            tell(&mut told, Some(1), &format!("{number:02}.example"), 100 + number, 3_600);
        }
        assert_eq!((told.tellings, told.forgotten()), (TELLINGS_OF_PAIR, 2));
        assert_eq!(named(&told, 1, 100), Some(("02.example".into(), How::After)));
    }

    #[test]
    fn flood_of_answers_is_held_to_the_bound_and_who_is_told_again_stays() {
        let mut told = Told::default();
        let room = u32::try_from(NAMES_TOLD).unwrap();
        let learn = |told: &mut Told, number: u32, name: &str, seconds| {
            told.learn(&Answer {
                client: Some(address(1)),
                name: &name.into(),
                address: address(number),
                ttl_s: 60,
                at: at(seconds),
                by: NamedBy::Dns,
                credit: Credit::Asked,
            });
        };
        for number in 0..room {
            learn(&mut told, number, "a.example", 10);
        }
        learn(&mut told, 0, "a.example", 20);
        learn(&mut told, room, "a.example", 30);
        // Address 0 holds two tellings and there is one address more: two had to give way, those told longest ago.
        assert_eq!(
            (told.tellings, told.of_pair.len(), told.order.len()),
            (NAMES_TOLD, room as usize - 1, room as usize - 1)
        );
        assert_eq!(told.forgotten(), 2);
        let is_known = |number| told.named(address(1), address(number), at(30)).is_some();
        assert_eq!([0, 1, 2, 3, room].map(is_known), [true, false, false, true, true]);
    }
    #[test]
    fn who_is_told_the_same_again_and_again_takes_one_place_of_the_order_and_its_slack() {
        let mut told = Told::default();
        for seconds in 0..10 * ORDER_SLACK as u64 {
            tell(&mut told, Some(1), "a.example", seconds, 60);
        }
        assert!(told.order.len() <= 2 + ORDER_SLACK, "{} places", told.order.len());
    }
}
