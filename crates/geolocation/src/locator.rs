//! Who knows where an address is, in order.

use std::net::{IpAddr, SocketAddr};
use std::sync::{Arc, PoisonError, RwLock};

use netsonde_messages::stream::PlaceSaid;
use netsonde_messages::{Lookups, Place, PlaceDatabase, PlaceSource, Scope};

use crate::ask::{AskSettings, Asked, IpApi, ReverseDns};
use crate::database::DatabaseFile;
use crate::databases::{Databases, known_place, merged, precision};
use crate::{scope, services};

/// The countries, as the package of them has it; empty where the program was built without it.
static COUNTRIES: &[u8] = include_bytes!(concat!(env!("OUT_DIR"), "/countries.mmdb"));

/// Says where addresses are and what they are called; never waits for anybody. Shared by all who ask.
///
/// One that is made by [`Locator::default`] knows the table of services only, so that what is made of it is the same whatever
/// the program was built with; databases come with [`Locator::set_databases`], the countries that the program brings among them.
#[derive(Debug, Default)]
pub struct Locator {
    asked: Asked,
    databases: RwLock<InUse>,
}

/// The databases, and how often they have been others.
#[derive(Debug, Default)]
struct InUse {
    databases: Arc<Databases>,
    generation: u64,
}

/// What somebody who keeps places has seen of a [`Locator`].
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Cursor {
    generation: u64,
    asked: u64,
}

/// What has become known since a [`Cursor`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Changes {
    /// Of these addresses, perhaps none.
    These(Vec<IpAddr>),
    /// Of any address: databases are others, or too much to tell.
    All,
}

impl Locator {
    /// Makes one that knows what the program brings: the table of services and the countries.
    pub fn built_in() -> Self {
        let locator = Self::default();
        locator.set_databases(Vec::new());
        locator
    }

    /// Has these databases of the user from now on, the one that counts first, and the countries that the program brings
    /// behind them. Opening them is quick, and nobody waits for it. One that cannot be opened leaves the one of its name from
    /// before in use; what is wrong with it is told.
    pub fn set_databases(&self, files: Vec<DatabaseFile>) {
        let databases = Arc::new(Databases::new(files, &self.in_use(), Some(COUNTRIES)));
        let mut in_use = self.databases.write().unwrap_or_else(PoisonError::into_inner);
        in_use.generation += 1;
        let old = std::mem::replace(&mut in_use.databases, databases);
        drop(in_use);
        // Giving much memory back takes a moment, for which nobody is to wait.
        drop(old);
    }

    /// Returns where an address is, by whoever knows it best; none where its scope is not global or nobody knows. The same
    /// place is the same `Arc` most of the time.
    pub fn locate(&self, address: IpAddr) -> Option<Arc<Place>> {
        if !is_global(address) {
            return None;
        }
        let Some(asked) = self.asked.place(address) else { return self.in_use().locate(address) };
        let place = merged(self.said_with(&asked, address).into_iter().map(|said| said.place));
        known_place(&if place == *asked { asked } else { Arc::new(place) })
    }

    /// Returns what each of those asked says of an address, the one that counts first.
    pub fn said(&self, address: IpAddr) -> Vec<PlaceSaid> {
        if !is_global(address) {
            return Vec::new();
        }
        match self.asked.place(address) {
            Some(asked) => self.said_with(&asked, address),
            None => self.in_use().said(address),
        }
    }

    /// Returns what is said of an address, with what was asked: before what is not more exact.
    fn said_with(&self, asked: &Place, address: IpAddr) -> Vec<PlaceSaid> {
        let mut said = self.in_use().said(address);
        let more_exact = said.iter().rposition(|said| precision(&said.place) > precision(asked));
        let asked = PlaceSaid { source: PlaceSource::IpApi, file: None, place: asked.clone() };
        said.insert(more_exact.map_or(0, |last| last + 1), asked);
        said
    }

    /// Returns the name of a well-known service at an address.
    pub fn service(&self, address: IpAddr) -> Option<Arc<str>> {
        let (_, service) = services::service(address)?;
        service.name.clone()
    }

    /// Returns the name that reverse DNS gave an address.
    pub fn reverse_name(&self, address: IpAddr) -> Option<Arc<str>> {
        self.asked.name(address)
    }

    /// Tells whether reverse DNS answered for an address, be it long ago or that it has no name.
    pub fn is_name_told(&self, address: IpAddr) -> bool {
        self.asked.is_name_told(address)
    }

    /// Tells whether ip-api.com answered for an address, be it long ago or that it does not know it.
    pub fn is_place_told(&self, address: IpAddr) -> bool {
        self.asked.is_place_told(address)
    }

    /// Takes note that somebody would like to know what an address is called; reverse DNS is asked where that is turned on
    /// and the address is global. Addresses that are known or wait already cost a look.
    pub fn want_name(&self, address: IpAddr) {
        self.asked.want_name(address);
    }

    /// Takes note that somebody would like to know where an address is; ip-api.com is asked as reverse DNS is for a name, but
    /// for addresses whose city is known or that are announced from many places.
    pub fn want_place(&self, address: IpAddr) {
        let is_placed = |place: Arc<Place>| place.city.is_some() || place.anycast;
        self.asked.want_place(address, || {
            self.asked.place(address).is_some_and(is_placed)
                || self.in_use().locate(address).is_some_and(is_placed)
        });
    }

    /// Returns what has become known since a cursor, which moves on.
    pub fn changes(&self, since: &mut Cursor) -> Changes {
        let generation = self.databases.read().unwrap_or_else(PoisonError::into_inner).generation;
        let asked = self.asked.changes(&mut since.asked);
        let seen = std::mem::replace(&mut since.generation, generation);
        asked.filter(|_| seen == generation).map_or(Changes::All, Changes::These)
    }

    /// Returns the databases, those that are broken among them.
    pub fn databases(&self) -> Vec<PlaceDatabase> {
        self.in_use().told()
    }

    /// Tells how it stands with those who are asked.
    pub fn lookups(&self) -> Lookups {
        self.asked.lookups()
    }

    /// Says whether reverse DNS, and ip-api.com, may be asked from now on; what is `None` stays.
    pub fn set_lookups(&self, reverse_dns: Option<bool>, ip_api: Option<bool>) {
        self.asked.set(reverse_dns, ip_api);
    }

    /// Has these name servers asked from now on, in place of those of [`AskSettings`]; true where they are others than before.
    pub fn set_name_servers(&self, servers: &[SocketAddr]) -> bool {
        self.asked.set_name_servers(servers)
    }

    /// Makes those who ask reverse DNS and ip-api.com, each to be run on a thread of its own that may connect to them.
    /// Nothing is asked before it is turned on.
    pub fn callers(&self, settings: AskSettings) -> (ReverseDns, IpApi) {
        self.asked.callers(settings)
    }

    /// Returns the databases, which stay as they are while somebody holds them.
    fn in_use(&self) -> Arc<Databases> {
        Arc::clone(&self.databases.read().unwrap_or_else(PoisonError::into_inner).databases)
    }
}

/// Tells whether an address can be anywhere.
fn is_global(address: IpAddr) -> bool {
    scope(address) == Scope::Global
}
