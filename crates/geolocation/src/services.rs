//! Services that everybody knows, by address (design document: `static_geolocation_db`).
//!
//! The table is `services.tsv`: the block, the name of the service's hosts, who runs it, whether one address is announced from
//! many places, and the document that says so. No row says where a service is: each of them is in many places.

use std::net::IpAddr;
use std::sync::{Arc, LazyLock};

use netsonde_messages::Place;

use crate::prefix::Prefix;

/// A service.
#[derive(Clone, Debug)]
pub struct Service {
    /// Its addresses.
    pub prefix: Prefix,
    /// What its hosts are called; none where they have many names.
    pub name: Option<Arc<str>>,
    /// Who runs it.
    pub organization: &'static str,
    /// Whether one address is announced from many places.
    pub anycast: bool,
    /// The document that says so.
    pub source: &'static str,
}

impl Service {
    /// Returns what it says of where its addresses are.
    pub(crate) fn place(&self) -> Place {
        Place { organization: Some(self.organization.to_owned()), anycast: self.anycast, ..Place::UNKNOWN }
    }
}

/// The rows, the longest prefixes first, of IPv4 and of IPv6.
static SERVICES: LazyLock<[Vec<Service>; 2]> = LazyLock::new(|| {
    let mut rows: Vec<_> = lines().filter_map(parse).collect();
    rows.sort_by_key(|service| u8::MAX - service.prefix.length());
    let (v4, v6) = rows.into_iter().partition(|service| service.prefix.first().is_ipv4());
    [v4, v6]
});

/// Returns all services, those of IPv4 first and of them those with the longest prefixes.
pub fn services() -> impl Iterator<Item = &'static Service> {
    SERVICES.iter().flatten()
}

/// Returns the service at an address, with its place in the table.
pub(crate) fn service(address: IpAddr) -> Option<(usize, &'static Service)> {
    let [v4, v6] = &*SERVICES;
    let (rows, before) = if address.is_ipv4() { (v4, 0) } else { (v6, v4.len()) };
    let found = rows.iter().position(|service| service.prefix.contains(address))?;
    Some((before + found, rows.get(found)?))
}

/// Returns the rows of the table: lines that are neither empty nor comments.
fn lines() -> impl Iterator<Item = &'static str> {
    include_str!("../services.tsv").lines().filter(|line| !line.is_empty() && !line.starts_with('#'))
}

/// Reads a row; none where it is anything else.
fn parse(line: &'static str) -> Option<Service> {
    let mut columns = line.split('\t');
    let prefix = Prefix::parse(columns.next()?)?;
    let name = Some(columns.next()?).filter(|&name| name != "-").map(Arc::from);
    let organization = columns.next()?;
    let anycast = match columns.next()? {
        "anycast" => true,
        "unicast" => false,
        _ => return None,
    };
    let source = columns.next()?;
    columns.next().is_none().then_some(Service { prefix, name, organization, anycast, source })
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use netsonde_messages::Scope;

    use super::*;

    #[test]
    fn every_row_is_a_service_at_public_addresses_with_a_source() {
        let mut blocks = HashSet::new();
        for line in lines() {
            let service = parse(line).unwrap_or_else(|| panic!("no row: {line:?}"));
            for end in [service.prefix.first(), service.prefix.last()] {
                assert_eq!(crate::scope(end), Scope::Global, "{line:?}");
            }
            assert!(blocks.insert(service.prefix.to_string()), "twice: {line:?}");
            assert!(service.organization.trim().len() >= 3, "nobody: {line:?}");
            let documents = ["RFC ", "https://"];
            assert!(documents.iter().any(|begins| service.source.starts_with(begins)), "no source: {line:?}");
            if let Some(name) = &service.name {
                let letter =
                    |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || b".-".contains(&byte);
                assert!(name.bytes().all(letter) && name.contains('.'), "no name of a host: {line:?}");
            }
        }
        assert_eq!(services().count(), blocks.len());
    }

    #[test]
    fn no_row_says_where_a_service_is() {
        for service in services() {
            let place = service.place();
            let nowhere =
                Place { organization: place.organization.clone(), anycast: place.anycast, ..Place::UNKNOWN };
            assert_eq!(place, nowhere, "{}", service.prefix);
        }
    }

    #[test]
    fn known_anycast_addresses_are_marked() {
        let known = [
            ("1.1.1.1", "one.one.one.one"),
            ("8.8.4.4", "dns.google"),
            ("9.9.9.9", "dns.quad9.net"),
            ("198.41.0.4", "a.root-servers.net"),
            ("202.12.27.33", "m.root-servers.net"),
            ("2001:4860:4860::8888", "dns.google"),
            ("2001:500:2f::f", "f.root-servers.net"),
        ];
        for (address, name) in known {
            let (_, found) = service(address.parse().unwrap()).unwrap();
            assert_eq!((found.name.as_deref(), found.anycast), (Some(name), true), "{address}");
        }
    }

    #[test]
    fn the_most_specific_row_counts() {
        // Cloudflare's published block around 104.16.0.0 has no name of its own.
        let (_, around) = service("104.16.1.1".parse().unwrap()).unwrap();
        assert_eq!((around.name.as_deref(), around.organization), (None, "Cloudflare"));
        for rows in &*SERVICES {
            assert!(rows.is_sorted_by(|a, b| a.prefix.length() >= b.prefix.length()));
        }
    }

    #[test]
    fn all_thirteen_root_servers_are_there_by_both_protocols() {
        for letter in 'a'..='m' {
            let name = format!("{letter}.root-servers.net");
            let addresses = services().filter(|service| service.name.as_deref() == Some(&name));
            let families: Vec<_> = addresses.map(|service| service.prefix.first().is_ipv4()).collect();
            assert_eq!(families, [true, false], "{name}");
        }
    }

    #[test]
    fn addresses_of_nobody_have_no_service() {
        for address in ["10.0.0.1", "193.0.6.139", "::1", "2001:db8::1"] {
            assert!(service(address.parse().unwrap()).is_none(), "{address}");
        }
    }
}
