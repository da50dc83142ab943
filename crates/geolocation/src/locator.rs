//! Who knows where an address is, in order.

use std::net::IpAddr;
use std::sync::Arc;

use netsonde_messages::stream::PlaceSaid;
use netsonde_messages::{Lookups, Place, PlaceDatabase};

/// Says where addresses are and what they are called; never waits for anybody. Shared by all who ask.
#[derive(Debug, Default)]
pub struct Locator {}

/// What somebody who keeps places has seen of a [`Locator`].
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Cursor {}

/// What has become known since a [`Cursor`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Changes {
    /// Of these addresses, perhaps none.
    These(Vec<IpAddr>),
    /// Of any address: databases are others, or too much to tell.
    All,
}

impl Locator {
    /// Returns where an address is, by whoever knows it best; none where its scope is not global or nobody knows. The same
    /// place is the same `Arc` most of the time.
    pub fn locate(&self, _address: IpAddr) -> Option<Arc<Place>> {
        None
    }

    /// Returns what each of those asked says of an address, the one that counts first.
    pub fn said(&self, _address: IpAddr) -> Vec<PlaceSaid> {
        Vec::new()
    }

    /// Returns the name of a well-known service at an address.
    pub fn service(&self, _address: IpAddr) -> Option<Arc<str>> {
        None
    }

    /// Returns the name that reverse DNS gave an address.
    pub fn reverse_name(&self, _address: IpAddr) -> Option<Arc<str>> {
        None
    }

    /// Takes note that somebody would like to know more of an address; it is asked for where that is turned on and the
    /// address is global. Addresses that are known or wait already cost a look.
    pub fn want(&self, _address: IpAddr) {}

    /// Returns what has become known since a cursor, which moves on.
    pub fn changes(&self, _since: &mut Cursor) -> Changes {
        Changes::These(Vec::new())
    }

    /// Returns the databases, those that are broken among them.
    pub fn databases(&self) -> Vec<PlaceDatabase> {
        Vec::new()
    }

    /// Tells how it stands with those who are asked.
    pub fn lookups(&self) -> Lookups {
        Lookups::default()
    }

    /// Says whether reverse DNS, and ip-api.com, may be asked from now on; what is `None` stays.
    pub fn set_lookups(&self, _reverse_dns: Option<bool>, _ip_api: Option<bool>) {}
}
