//! A database of places: a file of the MaxMind DB format, of MaxMind's or of ip-location-db's layout.

use std::borrow::Cow;
use std::collections::HashSet;
use std::net::IpAddr;
use std::sync::Arc;

use maxminddb::{MaxMindDbError, Metadata, Reader, WithinOptions};
use netsonde_messages::{Attribution, Place, PlaceDatabase, PlaceSource, rfc3339};

use crate::record::{Record, text};

/// The longest file that is read; the largest databases of cities that cost nothing have half of that.
pub const MAX_DATABASE_BYTES: u64 = 256 << 20;

/// How many records are tried before it is said that none can be read.
const TRIED_MAX: usize = 64;
/// The leftmost leaf of a part of the tree is found within as many steps: bits of an address.
const STEPS_MAX: usize = 128;

const NANOS_PER_SECOND: u64 = 1_000_000_000;

/// A file that is to be a database.
#[derive(Clone, Debug)]
pub struct DatabaseFile {
    /// What the file is called.
    pub name: String,
    /// What is in it, or why it could not be read.
    pub content: Result<Vec<u8>, String>,
}

/// A database, or what is wrong with it.
#[derive(Debug)]
pub(crate) struct Database {
    /// What is told of it.
    pub(crate) told: PlaceDatabase,
    /// Who it is among those who say where addresses are.
    pub(crate) source: PlaceSource,
    /// The open file; none where something is wrong with it.
    reader: Option<Arc<Reader<Cow<'static, [u8]>>>>,
}

impl Database {
    /// Opens a file of the user; what is wrong with it is told.
    pub(crate) fn open(file: DatabaseFile) -> Self {
        let opened = file.content.and_then(|content| opened(content.into()));
        Self::new(Some(file.name), PlaceSource::Database, opened)
    }

    /// Opens the one that the program brings; `content` is empty where it was built without it.
    pub(crate) fn built_in(content: &'static [u8]) -> Self {
        let opened = if content.is_empty() {
            Err("this program was built without it; make build brings it".to_owned())
        } else {
            opened(content.into())
        };
        let mut database = Self::new(None, PlaceSource::BuiltIn, opened);
        BUILT_IN.clone_into(&mut database.told.kind);
        database.told.attribution = attribution(BUILT_IN).filter(|_| database.is_open());
        database
    }

    fn new(
        file: Option<String>,
        source: PlaceSource,
        opened: Result<Reader<Cow<'static, [u8]>>, String>,
    ) -> Self {
        let (told, reader) = match opened {
            Ok(reader) => (described(file, reader.metadata()), Some(Arc::new(reader))),
            Err(problem) => {
                let (kind, built, attribution) = (String::new(), None, None);
                (PlaceDatabase { file, kind, built, attribution, problem: Some(problem) }, None)
            }
        };
        Self { told, source, reader }
    }

    /// Returns it or, where it cannot be opened, the one of its name that was in use before, with what is wrong with the new one.
    pub(crate) fn or_before(self, before: &[Self]) -> Self {
        let of_its_name = |one: &&Self| one.is_open() && one.told.file == self.told.file;
        match before.iter().find(of_its_name) {
            Some(one) if !self.is_open() => Self {
                told: PlaceDatabase { problem: self.told.problem, ..one.told.clone() },
                source: one.source,
                reader: one.reader.clone(),
            },
            _ => self,
        }
    }

    /// Tells whether it can be asked.
    pub(crate) fn is_open(&self) -> bool {
        self.reader.is_some()
    }

    /// Returns where the record of an address lies; none without one, as an address of IPv6 has none in a database of IPv4.
    pub(crate) fn offset(&self, address: IpAddr) -> Option<u32> {
        u32::try_from(self.reader.as_ref()?.lookup(address).ok()?.offset()?).ok()
    }

    /// Returns what it says of an address; none where it says nothing, or nothing that makes sense.
    pub(crate) fn place(&self, address: IpAddr) -> Option<Place> {
        let record: Record<'_> = self.reader.as_ref()?.lookup(address).ok()?.decode().ok()??;
        let place = record.place(self.source);
        (place != Place::UNKNOWN).then_some(place)
    }
}

/// What the database that the program brings is called.
const BUILT_IN: &str = "geo-whois-asn-country";

/// Opens what a file holds.
fn opened(content: Cow<'static, [u8]>) -> Result<Reader<Cow<'static, [u8]>>, String> {
    let length = content.len() as u64;
    if length > MAX_DATABASE_BYTES {
        return Err(format!("it has {length} bytes, and the limit is {MAX_DATABASE_BYTES}"));
    }
    let reader = Reader::from_source(content).map_err(|error| shown(&error))?;
    let version = reader.metadata().binary_format_major_version;
    if version != 2 {
        return Err(format!("its format is of version {version}, and only 2 is known"));
    }
    probe(&reader)?;
    Ok(reader)
}

/// Looks for a record that can be read, in blocks across all addresses; says why none can. One is enough: what is damaged
/// here and there says less, and what holds no record says nothing.
fn probe(reader: &Reader<Cow<'static, [u8]>>) -> Result<(), String> {
    let every = WithinOptions::default().include_networks_without_data();
    let (mut tried, mut problem) = (HashSet::new(), None);
    // By an odd stride each block has its turn once, and neighbours are far apart.
    let blocks = (0..=u8::MAX).map(|number| number.wrapping_mul(37));
    for block in blocks.flat_map(|block| [format!("{block}.0.0.0/8"), format!("{block:02x}00::/8")]) {
        if tried.len() >= TRIED_MAX {
            break;
        }
        let Ok(networks) =
            block.parse().map_err(drop).and_then(|block| reader.within(block, every).map_err(drop))
        else {
            // Of IPv6, in a database of IPv4.
            continue;
        };
        for found in networks.take(STEPS_MAX) {
            let read = found.and_then(|found| {
                let is_new = found.offset().is_some_and(|offset| tried.insert(offset));
                if is_new { found.decode::<Record<'_>>().map(|record| record.is_some()) } else { Ok(false) }
            });
            match read {
                Ok(true) => return Ok(()),
                Ok(false) => {}
                Err(error) => {
                    problem.get_or_insert(error);
                }
            }
        }
    }
    problem.map_or(Ok(()), |error| Err(format!("none of its records can be read: {}", shown(&error))))
}

/// Returns what is said of an error, which may hold text of the file.
fn shown(error: &MaxMindDbError) -> String {
    text(&error.to_string()).unwrap_or_default()
}

/// Reads a whole database and says what it is.
///
/// Opening one looks at its end and at a record; this follows every address to its record, which takes a second for a large one.
///
/// # Errors
///
/// What is wrong with it.
pub fn check(name: &str, content: &[u8]) -> Result<PlaceDatabase, String> {
    let reader = opened(content.to_vec().into())?;
    let wrong = |error: MaxMindDbError| shown(&error);
    // A tree of n nodes has n + 1 leaves, and the addresses of IPv4 may hang at three more places.
    let most = u64::from(reader.metadata().node_count).saturating_mul(4).saturating_add(4);
    let mut seen = HashSet::new();
    let (mut steps, mut places) = (0, 0_u64);
    let every = WithinOptions::default().include_networks_without_data();
    for network in reader.networks(every).map_err(wrong)? {
        let found = network.map_err(wrong)?;
        steps += 1;
        if steps > most {
            return Err("its tree leads in circles".to_owned());
        }
        if found.offset().is_some_and(|offset| seen.insert(offset)) {
            let record: Option<Record<'_>> = found.decode().map_err(wrong)?;
            places += u64::from(record.is_some_and(|it| it.place(PlaceSource::Database) != Place::UNKNOWN));
        }
    }
    if places == 0 {
        return Err("it says nothing about places".to_owned());
    }
    Ok(described(Some(name.to_owned()), reader.metadata()))
}

/// Tells what a database says of itself.
fn described(file: Option<String>, metadata: &Metadata) -> PlaceDatabase {
    let kind = text(&metadata.database_type).unwrap_or_default();
    let names = metadata.description.values().map(String::as_str).chain(file.as_deref());
    let attribution = attribution(&names.fold(kind.clone(), |all, name| all + " " + name));
    let built = metadata.build_epoch.checked_mul(NANOS_PER_SECOND).filter(|&nanos| nanos > 0).map(rfc3339);
    PlaceDatabase { file, kind, built, attribution, problem: None }
}

/// Returns whom the licence of a database asks to be named, by what it and its file are called.
fn attribution(names: &str) -> Option<Attribution> {
    let names = names.to_ascii_lowercase();
    let said = |text: &str, url: &str| Attribution { text: text.to_owned(), url: url.to_owned() };
    if names.contains("dbip") || names.contains("db-ip") {
        Some(said("IP Geolocation by DB-IP", "https://db-ip.com"))
    } else if names.contains("geolite") {
        // GeoLite's licence has these words.
        Some(said(
            "This product includes GeoLite Data created by MaxMind, available from https://www.maxmind.com.",
            "https://www.maxmind.com",
        ))
    } else if names.contains("geo-whois") || names.contains("geo-asn") {
        Some(said("Countries by the Number Resource Organization, CC BY 4.0", "https://www.nro.net"))
    } else {
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_the_program_was_built_without_is_credited_to_nobody() {
        let told = Database::built_in(&[]).told;
        assert_eq!((told.kind.as_str(), told.attribution), (BUILT_IN, None));
        assert!(told.problem.is_some());
    }
}
