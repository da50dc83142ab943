use std::collections::{BTreeSet, HashMap, VecDeque};
use std::net::IpAddr;
use std::time::{Duration, Instant};

use netsonde_messages::Lookup;

use super::AskLimits;

/// The most addresses of which an answer is kept: as many as a large capture has hosts, some MiB.
const KNOWN_MAX: usize = 1 << 16;
/// The most addresses that wait. Who finds no room comes again.
const WANTED_MAX: usize = 1 << 14;

/// What came of asking for an address.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Outcome<T> {
    /// It is known, for so long.
    Known(T, Duration),
    /// Nothing is known of it, for so long.
    Nothing(Duration),
    /// It could not be told although somebody answered.
    Refused,
    /// Nobody answered what can be understood, and why.
    Failed(String),
    /// Somebody wants to be left alone for so long; that is no fault of the address.
    Busy(Duration),
}

/// What a caller does next.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Step {
    /// Asks for an address.
    Ask(IpAddr),
    /// Waits for a ring, or for so long.
    Wait(Option<Duration>),
}

/// What is known by asking somebody, what is to be asked, and when. Knows no network and no clock.
pub(super) struct Desk<T> {
    limits: AskLimits,
    servers: Vec<String>,
    /// Why nobody can be asked.
    obstacle: Option<String>,
    /// Whether there is a caller.
    is_open: bool,
    /// Why there is none any more, whoever is to be asked.
    gone: Option<String>,
    on: bool,
    known: HashMap<IpAddr, Known<T>>,
    /// The same addresses, from the one that is looked at first when there is no room.
    kept: VecDeque<IpAddr>,
    /// How often asking failed, of every address that waits or is under way.
    wanted: HashMap<IpAddr, usize>,
    queue: VecDeque<IpAddr>,
    /// Those that are asked for again, by when.
    later: BTreeSet<(Instant, IpAddr)>,
    /// Counts the questions on their way, also those that nobody wants answered any more.
    under_way: usize,
    /// When the next question may go.
    next: Option<Instant>,
    failures_in_a_row: u32,
    problem: Option<String>,
    asked: u64,
    answered: u64,
    failed: u64,
}

/// What is known of an address.
struct Known<T> {
    answer: Option<T>,
    /// Whether somebody ever answered, be it that there is nothing.
    is_told: bool,
    /// When it is to be asked for again, if somebody wants it.
    until: Instant,
    /// Whether somebody looked since room was last made.
    is_used: bool,
}

impl<T> Default for Desk<T> {
    fn default() -> Self {
        Self {
            limits: AskLimits::reverse_dns(),
            servers: Vec::new(),
            obstacle: None,
            is_open: false,
            gone: None,
            on: false,
            known: HashMap::new(),
            kept: VecDeque::new(),
            wanted: HashMap::new(),
            queue: VecDeque::new(),
            later: BTreeSet::new(),
            under_way: 0,
            next: None,
            failures_in_a_row: 0,
            problem: None,
            asked: 0,
            answered: 0,
            failed: 0,
        }
    }
}

impl<T: Clone + PartialEq> Desk<T> {
    /// Takes note that there is a caller.
    pub(super) fn open(&mut self, limits: AskLimits, servers: Vec<String>, obstacle: Option<String>) {
        (self.limits, self.servers, self.obstacle) = (limits, servers, obstacle);
        (self.is_open, self.gone) = (true, None);
    }

    /// Takes note that others are asked from now on: what went wrong before was not their fault.
    pub(super) fn turn_to(&mut self, servers: Vec<String>, obstacle: Option<String>) {
        if obstacle.is_some() {
            self.forget_wishes();
        }
        (self.servers, self.obstacle) = (servers, obstacle);
        (self.failures_in_a_row, self.problem, self.next) = (0, None, None);
    }

    /// Takes note that the caller is gone, and why.
    pub(super) fn close(&mut self, why: String) {
        (self.is_open, self.gone) = (false, Some(why));
        self.forget_wishes();
    }

    /// Tells whether somebody may be asked.
    pub(super) fn is_on(&self) -> bool {
        self.on && self.is_open && self.obstacle.is_none()
    }

    /// Says whether somebody may be asked. Turned off, nothing waits any more; what is known stays, and so does what was
    /// promised to those who are asked.
    pub(super) fn set(&mut self, on: bool) {
        if !on {
            self.forget_wishes();
            self.problem = None;
        }
        self.on = on;
    }

    fn forget_wishes(&mut self) {
        self.queue.clear();
        self.later.clear();
        self.wanted.clear();
    }

    /// Takes note that an address is wanted; true where it is to be asked for.
    pub(super) fn want(&mut self, address: IpAddr, now: Instant) -> bool {
        let is_known = self.known.get(&address).is_some_and(|known| now < known.until);
        let has_room = self.wanted.len() < WANTED_MAX;
        if !self.is_on() || is_known || !has_room || self.wanted.contains_key(&address) {
            return false;
        }
        self.wanted.insert(address, 0);
        self.queue.push_back(address);
        true
    }

    /// Returns what is known of an address, be it old.
    pub(super) fn look(&mut self, address: IpAddr) -> Option<T> {
        let known = self.known.get_mut(&address)?;
        known.is_used = true;
        known.answer.clone()
    }

    /// Tells whether somebody answered for an address, be it long ago or that there is nothing.
    pub(super) fn is_told(&mut self, address: IpAddr) -> bool {
        self.known.get_mut(&address).is_some_and(|known| {
            known.is_used = true;
            known.is_told
        })
    }

    /// Returns what the caller does next; the address that it asks for is under way then.
    pub(super) fn next(&mut self, now: Instant) -> Step {
        let first_later = self.later.first().map(|(due, _)| *due);
        let is_due = first_later.is_some_and(|due| due <= now);
        if !self.is_on()
            || self.under_way >= self.limits.at_once
            || (self.queue.is_empty() && first_later.is_none())
        {
            return Step::Wait(None);
        }
        if let Some(pause) = self.next.and_then(|next| next.checked_duration_since(now))
            && !pause.is_zero()
        {
            return Step::Wait(Some(pause));
        }
        let again = if is_due { self.later.pop_first().map(|(_, address)| address) } else { None };
        let Some(address) = again.or_else(|| self.queue.pop_front()) else {
            return Step::Wait(first_later.map(|due| due.saturating_duration_since(now)));
        };
        self.under_way += 1;
        self.asked += 1;
        self.next = Some(now + self.limits.pace);
        Step::Ask(address)
    }

    /// Takes what came of asking for an address; true where something else is known of it than before. An answer that
    /// nobody waits for any more is only counted.
    pub(super) fn answered(&mut self, address: IpAddr, outcome: Outcome<T>, now: Instant) -> bool {
        self.under_way = self.under_way.saturating_sub(1);
        let is_answer = matches!(outcome, Outcome::Known(..) | Outcome::Nothing(_));
        *if is_answer { &mut self.answered } else { &mut self.failed } += 1;
        self.judge(&outcome, now);
        let Some(failures) = self.wanted.get_mut(&address) else { return false };
        match outcome {
            Outcome::Known(answer, time) => self.learn(address, Some(answer), true, now + time),
            Outcome::Nothing(time) => self.learn(address, None, true, now + time),
            Outcome::Busy(_) => {
                self.queue.push_front(address);
                false
            }
            Outcome::Refused | Outcome::Failed(_) => {
                let pause = self.limits.retries.get(*failures).copied();
                *failures += 1;
                if let Some(pause) = pause {
                    self.later.insert((now + pause, address));
                    return false;
                }
                // What was known before may be so still.
                let known = self.known.get(&address);
                let (before, is_told) =
                    known.map_or((None, false), |known| (known.answer.clone(), known.is_told));
                self.learn(address, before, is_told, now + self.limits.given_up)
            }
        }
    }

    /// Asks nobody for so long.
    pub(super) fn rest(&mut self, pause: Duration, now: Instant) {
        self.next = self.next.max(now.checked_add(pause));
    }

    /// Judges by an outcome how well the network does.
    fn judge<U>(&mut self, outcome: &Outcome<U>, now: Instant) {
        match outcome {
            Outcome::Known(..) | Outcome::Nothing(_) | Outcome::Refused => {
                self.failures_in_a_row = 0;
                self.problem = None;
            }
            Outcome::Busy(pause) => {
                self.rest(*pause, now);
                self.problem = Some(format!("it asked to be left alone for {} s", pause.as_secs()));
            }
            Outcome::Failed(why) => {
                self.failures_in_a_row = self.failures_in_a_row.saturating_add(1);
                if let Some(more) = self.failures_in_a_row.checked_sub(AskLimits::FAILURES) {
                    let pause = self.limits.pause.saturating_mul(1 << more.min(16));
                    let pause = pause.min(self.limits.pause_max);
                    self.rest(pause, now);
                    self.problem = Some(format!("{why}; the next try is {} s later", pause.as_secs()));
                }
            }
        }
        if !self.on {
            self.problem = None;
        }
    }

    /// Keeps what is known of an address; true where it is something else than before.
    fn learn(&mut self, address: IpAddr, answer: Option<T>, is_told: bool, until: Instant) -> bool {
        self.wanted.remove(&address);
        if let Some(known) = self.known.get_mut(&address) {
            let is_new = known.answer != answer;
            (known.answer, known.is_told, known.until) = (answer, is_told, until);
            return is_new;
        }
        if self.known.len() >= KNOWN_MAX {
            self.make_room();
        }
        let is_new = answer.is_some();
        self.known.insert(address, Known { answer, is_told, until, is_used: false });
        self.kept.push_back(address);
        is_new
    }

    /// Forgets one address that nobody looked up since the last time that it was its turn.
    fn make_room(&mut self) {
        while let Some(oldest) = self.kept.pop_front() {
            match self.known.get_mut(&oldest) {
                Some(known) if known.is_used => {
                    known.is_used = false;
                    self.kept.push_back(oldest);
                }
                _ => {
                    self.known.remove(&oldest);
                    return;
                }
            }
        }
    }

    /// Tells how it stands.
    pub(super) fn standing(&self) -> Lookup {
        Lookup {
            on: self.on,
            servers: self.servers.clone(),
            asked: self.asked,
            answered: self.answered,
            failed: self.failed,
            waiting: (self.queue.len() + self.later.len()) as u64,
            problem: self.gone.as_ref().or(self.obstacle.as_ref()).or(self.problem.as_ref()).cloned(),
        }
    }
}

#[cfg(test)]
mod tests;
