//! Several databases, and what they say together with the table of services.

use std::collections::HashMap;
use std::net::IpAddr;
use std::sync::{Arc, Mutex, PoisonError};

use netsonde_messages::stream::PlaceSaid;
use netsonde_messages::{Place, PlaceDatabase, PlaceSource};

use crate::database::{Database, DatabaseFile};
use crate::services;

/// How many databases are asked; what is more is told to be left out.
pub const MAX_DATABASES: usize = 16;
/// How many places are kept to be shared; those of all addresses of one country are one.
const MAX_PLACES: usize = 1 << 16;
/// Where there is no record, or no service.
const NONE: u32 = u32::MAX;

/// What a place is made of: the service's place in its table, and the records' in their databases.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
struct Made {
    service: u32,
    records: [u32; MAX_DATABASES],
}

/// The databases that are in use.
#[derive(Debug, Default)]
pub(crate) struct Databases {
    /// Those of the user first.
    all: Vec<Database>,
    places: Mutex<HashMap<Made, Arc<Place>>>,
}

impl Databases {
    /// Opens those of the user; the one that the program brings follows, where it is there. One that cannot be opened stays as it
    /// was among those before, under the same name.
    pub(crate) fn new(files: Vec<DatabaseFile>, before: &Self, built_in: Option<&'static [u8]>) -> Self {
        let most = MAX_DATABASES - usize::from(built_in.is_some());
        let mut all = Vec::with_capacity(files.len() + 1);
        for (index, mut file) in files.into_iter().enumerate() {
            if index >= most {
                file.content = Err(format!("it is left out: {most} databases are enough"));
            }
            all.push(Database::open(file).or_before(&before.all));
        }
        all.extend(built_in.map(Database::built_in));
        Self { all, places: Mutex::default() }
    }

    /// Tells what is known of each.
    pub(crate) fn told(&self) -> Vec<PlaceDatabase> {
        self.all.iter().map(|database| database.told.clone()).collect()
    }

    /// Returns where a global address is by the table of services and the databases.
    pub(crate) fn locate(&self, address: IpAddr) -> Option<Arc<Place>> {
        let service = services::service(address);
        let index = service.and_then(|(index, _)| u32::try_from(index).ok());
        let mut made = Made { service: index.unwrap_or(NONE), records: [NONE; MAX_DATABASES] };
        let in_use = self.all.iter().filter(|database| database.is_open());
        for (record, database) in made.records.iter_mut().zip(in_use) {
            *record = database.offset(address).unwrap_or(NONE);
        }
        if made == (Made { service: NONE, records: [NONE; MAX_DATABASES] }) {
            return None;
        }
        let mut places = self.places.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(known) = places.get(&made) {
            return known_place(known);
        }
        let place = Arc::new(merged(self.said(address).into_iter().map(|said| said.place)));
        if places.len() >= MAX_PLACES {
            places.clear();
        }
        places.insert(made, Arc::clone(&place));
        known_place(&place)
    }

    /// Returns what the table and each database says of an address, the one that counts first.
    pub(crate) fn said(&self, address: IpAddr) -> Vec<PlaceSaid> {
        let service = services::service(address).map(|(_, service)| service.place());
        let table = service.map(|place| PlaceSaid { source: PlaceSource::Table, file: None, place });
        let mut of_databases: Vec<_> = self
            .all
            .iter()
            .filter_map(|database| {
                let (source, file) = (database.source, database.told.file.clone());
                database.place(address).map(|place| PlaceSaid { source, file, place })
            })
            .collect();
        of_databases.sort_by_key(|said| u8::MAX - precision(&said.place));
        table.into_iter().chain(of_databases).collect()
    }
}

/// Returns a place, unless nothing is known of it: a record may hold nothing that makes sense.
pub(crate) fn known_place(place: &Arc<Place>) -> Option<Arc<Place>> {
    (**place != Place::UNKNOWN).then(|| Arc::clone(place))
}

/// Tells how exactly a place is known: not at all, by country, by city, by its coordinates.
pub(crate) fn precision(place: &Place) -> u8 {
    match place {
        Place { latitude: Some(_), .. } => 3,
        Place { city: Some(_), .. } => 2,
        Place { country: Some(_), .. } => 1,
        _ => 0,
    }
}

/// Makes one place of what several say, the one that counts first: where it is, by the most exact of them; whose it is, by the
/// first that knows. An address of many places has a country at most.
pub(crate) fn merged(said: impl Iterator<Item = Place>) -> Place {
    let mut all = Place::UNKNOWN;
    for one in said {
        if precision(&one) > precision(&all) {
            let Place { country, region, city, latitude, longitude, place_source, .. } = one;
            all = Place { country, region, city, latitude, longitude, place_source, ..all };
        }
        all.asn = all.asn.or(one.asn);
        all.organization = all.organization.or(one.organization);
        all.anycast |= one.anycast;
    }
    if all.anycast {
        all = Place { region: None, city: None, latitude: None, longitude: None, ..all };
        all.place_source = all.place_source.filter(|_| all.country.is_some());
    }
    all
}
