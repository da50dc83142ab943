//! Those who are asked over the network what nobody here knows, where the user turned that on.
//!
//! Whoever wants to know leaves an address and goes on; each of those asked has a caller, on a thread of its own, that
//! asks at its pace and leaves the answer. What is known stays known until there is a newer answer.

mod desk;
mod ip_api;
mod reverse_dns;
mod settings;
mod told;

use std::fmt;
use std::net::{IpAddr, SocketAddr};
use std::sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError};
use std::time::{Duration, Instant};

use netsonde_messages::{Lookup, Lookups, Place, Scope};
use tokio::sync::mpsc::{Receiver, Sender, channel};

pub use self::ip_api::IpApi;
pub use self::reverse_dns::ReverseDns;
pub use self::settings::{AskLimits, AskSettings};

use self::desk::{Desk, Outcome, Step};
use self::told::Told;
use crate::scope::scope;

/// What was asked and is known, and what is to be asked. Shared by all who want to know and by the callers.
#[derive(Debug, Default)]
pub(crate) struct Asked {
    names: Counter<Arc<str>>,
    places: Counter<Arc<Place>>,
    told: Arc<Mutex<Told>>,
    clock: OnceLock<fn() -> Instant>,
    /// Those that are asked for names.
    name_servers: NameServers,
}

/// The name servers that are asked, the first one first; the caller looks before each question.
type NameServers = Arc<Mutex<Arc<[SocketAddr]>>>;

impl Asked {
    /// Makes the two who ask; nobody is asked before it is turned on, and by no others.
    pub(crate) fn callers(&self, settings: AskSettings) -> (ReverseDns, IpApi) {
        let clock = *self.clock.get_or_init(|| settings.clock);
        let AskSettings { name_servers, ip_api, reverse_dns_limits, ip_api_limits, clock: _ } = settings;
        let (servers, obstacle) = told_servers(&name_servers);
        *lock(&self.name_servers) = name_servers.into();
        let names = self.names.line(&self.told, clock, reverse_dns_limits, servers, obstacle);
        let places = self.places.line(&self.told, clock, ip_api_limits, vec![ip_api.clone()], None);
        (ReverseDns::new(names, Arc::clone(&self.name_servers)), IpApi::new(places, ip_api))
    }

    /// Has these name servers asked from now on; true where they are others than before.
    pub(crate) fn set_name_servers(&self, servers: &[SocketAddr]) -> bool {
        let mut asked = lock(&self.name_servers);
        if **asked == *servers {
            return false;
        }
        *asked = servers.into();
        drop(asked);
        let (told, obstacle) = told_servers(servers);
        lock(&self.names.desk).turn_to(told, obstacle);
        self.names.ring();
        true
    }

    /// Takes note that somebody would like to know what an address is called.
    pub(crate) fn want_name(&self, address: IpAddr) {
        if let Some(clock) = self.clock_for(address) {
            self.names.want(address, clock);
        }
    }

    /// Takes note that somebody would like to know where an address is, unless that is known here.
    pub(crate) fn want_place(&self, address: IpAddr, is_placed: impl FnOnce() -> bool) {
        let Some(clock) = self.clock_for(address) else { return };
        // Nobody else is told of an address that is placed already.
        if lock(&self.places.desk).is_on() && !is_placed() {
            self.places.want(address, clock);
        }
    }

    /// Returns the clock by which an address is asked for; none where nobody can be, or none is to hear of it.
    fn clock_for(&self, address: IpAddr) -> Option<fn() -> Instant> {
        self.clock.get().copied().filter(|_| scope(address) == Scope::Global)
    }

    /// Tells whether reverse DNS answered for an address, be it long ago or that it has no name.
    pub(crate) fn is_name_told(&self, address: IpAddr) -> bool {
        lock(&self.names.desk).is_told(address)
    }

    /// Tells whether ip-api.com answered for an address, be it long ago or that it does not know it.
    pub(crate) fn is_place_told(&self, address: IpAddr) -> bool {
        lock(&self.places.desk).is_told(address)
    }

    /// Returns the name that reverse DNS gave an address.
    pub(crate) fn name(&self, address: IpAddr) -> Option<Arc<str>> {
        lock(&self.names.desk).look(address)
    }

    /// Returns where ip-api.com says an address is.
    pub(crate) fn place(&self, address: IpAddr) -> Option<Arc<Place>> {
        lock(&self.places.desk).look(address)
    }

    /// Returns the addresses of which something else is known than at a place in the course of things, which moves on;
    /// none where there are too many to tell.
    pub(crate) fn changes(&self, since: &mut u64) -> Option<Vec<IpAddr>> {
        lock(&self.told).since(since)
    }

    /// Tells how it stands with those who are asked.
    pub(crate) fn lookups(&self) -> Lookups {
        Lookups { reverse_dns: self.names.standing(), ip_api: self.places.standing() }
    }

    /// Says whether reverse DNS, and ip-api.com, may be asked from now on; what is `None` stays.
    pub(crate) fn set(&self, reverse_dns: Option<bool>, ip_api: Option<bool>) {
        if let Some(on) = reverse_dns {
            self.names.set(on);
        }
        if let Some(on) = ip_api {
            self.places.set(on);
        }
    }
}

/// Where addresses are left for one of those who are asked.
struct Counter<T> {
    desk: Arc<Mutex<Desk<T>>>,
    /// Rings at the caller's; gone with the last who could leave an address, which ends the caller.
    bell: Mutex<Option<Sender<()>>>,
}

impl<T: Clone + PartialEq> Counter<T> {
    /// Makes the caller's end.
    fn line(
        &self,
        told: &Arc<Mutex<Told>>,
        clock: fn() -> Instant,
        limits: AskLimits,
        servers: Vec<String>,
        obstacle: Option<String>,
    ) -> Line<T> {
        let (bell, rings) = channel(1);
        let timeout = limits.timeout;
        lock(&self.desk).open(limits, servers, obstacle);
        let line = Line {
            desk: Arc::clone(&self.desk),
            told: Arc::clone(told),
            bell: bell.downgrade(),
            rings,
            clock,
            timeout,
        };
        *lock(&self.bell) = Some(bell);
        line
    }

    fn want(&self, address: IpAddr, clock: fn() -> Instant) {
        let mut desk = lock(&self.desk);
        if desk.is_on() && desk.want(address, clock()) {
            drop(desk);
            self.ring();
        }
    }

    fn set(&self, on: bool) {
        lock(&self.desk).set(on);
        self.ring();
    }

    fn standing(&self) -> Lookup {
        lock(&self.desk).standing()
    }

    fn ring(&self) {
        if let Some(bell) = &*lock(&self.bell) {
            // One that has not been heard yet is enough.
            let _ = bell.try_send(());
        }
    }
}

/// The caller's end of a [`Counter`].
struct Line<T> {
    desk: Arc<Mutex<Desk<T>>>,
    told: Arc<Mutex<Told>>,
    bell: tokio::sync::mpsc::WeakSender<()>,
    rings: Receiver<()>,
    clock: fn() -> Instant,
    timeout: Duration,
}

impl<T: Clone + PartialEq> Line<T> {
    /// Returns what is to be done next.
    fn next(&self) -> Step {
        lock(&self.desk).next((self.clock)())
    }

    /// Waits until something may have changed, or for so long; false where nobody can leave an address any more.
    async fn wait(&mut self, at_most: Option<Duration>) -> bool {
        let ring = self.rings.recv();
        match at_most {
            None => ring.await.is_some(),
            Some(limit) => tokio::time::timeout(limit, ring).await.map_or(true, |ring| ring.is_some()),
        }
    }

    /// Returns what leaves an answer here, on whichever thread.
    fn mailbox(&self) -> Mailbox<T> {
        Mailbox {
            desk: Arc::clone(&self.desk),
            told: Arc::clone(&self.told),
            bell: self.bell.clone(),
            clock: self.clock,
        }
    }
}

/// Where answers are left.
struct Mailbox<T> {
    desk: Arc<Mutex<Desk<T>>>,
    told: Arc<Mutex<Told>>,
    bell: tokio::sync::mpsc::WeakSender<()>,
    clock: fn() -> Instant,
}

impl<T: Clone + PartialEq> Mailbox<T> {
    /// Leaves what came of asking for an address.
    fn leave(&self, address: IpAddr, outcome: Outcome<T>) {
        let is_new = lock(&self.desk).answered(address, outcome, (self.clock)());
        if is_new {
            lock(&self.told).tell(address);
        }
        if let Some(bell) = self.bell.upgrade() {
            let _ = bell.try_send(());
        }
    }

    /// Asks nobody for so long.
    fn rest(&self, pause: Duration) {
        lock(&self.desk).rest(pause, (self.clock)());
    }

    /// Takes note of what keeps anybody from being asked.
    fn give_up(&self, obstacle: String) {
        lock(&self.desk).close(obstacle);
    }
}

/// Writes name servers as people do, without the port that all have; and what keeps them from being asked.
fn told_servers(servers: &[SocketAddr]) -> (Vec<String>, Option<String>) {
    let told = |server: &SocketAddr| {
        if server.port() == settings::DNS { server.ip().to_string() } else { server.to_string() }
    };
    let obstacle = servers.is_empty().then(|| "no name server is known".to_owned());
    (servers.iter().map(told).collect(), obstacle)
}

impl<T> Default for Counter<T> {
    fn default() -> Self {
        Self { desk: Arc::default(), bell: Mutex::default() }
    }
}

impl<T> fmt::Debug for Counter<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Counter").finish_non_exhaustive()
    }
}

/// Locks what no panic leaves half done.
fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
