//! From files to the tables that are searched.

use std::collections::btree_map::Entry as Slot;

use std::collections::BTreeMap;
use std::sync::Arc;

use super::domains::{Domains, is_below, is_domain};
use super::form::{Entry, File};
use super::ranges::{Ranges, RangesBuilder};
use super::{App, AppId, Catalogue, CatalogueError, Problem, Transport};
use crate::Category;

/// A catalogue that is being read.
#[derive(Debug, Default)]
pub(super) struct Builder {
    apps: Vec<App>,
    names: BTreeMap<String, AppId>,
    domains: Domains,
    ranges: RangesBuilder,
    ports: BTreeMap<(Transport, u16), AppId>,
    protocols: BTreeMap<Box<str>, AppId>,
}

impl Builder {
    /// Adds the applications of one file.
    pub(super) fn add(&mut self, file: &str, text: &str) -> Result<(), CatalogueError> {
        let wrong = |app: Option<&str>, problem| CatalogueError {
            file: file.to_owned(),
            app: app.map(str::to_owned),
            problem,
        };
        let File { category, apps } =
            toml::from_str(text).map_err(|error| wrong(None, Problem::Form(error.to_string())))?;
        let category =
            Category::from_name(&category).ok_or_else(|| wrong(None, Problem::Category(category)))?;
        for entry in &apps {
            self.add_app(category, entry).map_err(|problem| wrong(Some(&entry.name), problem))?;
        }
        Ok(())
    }

    /// Makes the tables.
    pub(super) fn finish(self) -> Catalogue {
        Catalogue {
            apps: self.apps,
            unknown: App { name: Arc::from("unknown"), category: Category::Other, is_carrier: false },
            names: self.names,
            domains: self.domains,
            ranges: Ranges::from(self.ranges),
            ports: self.ports,
            protocols: self.protocols,
        }
    }

    fn add_app(&mut self, category: Category, entry: &Entry) -> Result<(), Problem> {
        // One identifier stays free, so that a number of applications is one, too.
        let number = u16::try_from(self.apps.len()).ok().filter(|&number| number < u16::MAX);
        let id = AppId(number.ok_or(Problem::TooMany)?);
        if entry.has_no_rule() {
            return Err(Problem::NoRule);
        }
        claim(&mut self.names, entry.name.to_lowercase(), id).ok_or(Problem::NameTaken)?;
        self.add_domains(id, entry)?;
        for text in &entry.ranges {
            self.ranges.add(text, id)?;
        }
        for text in &entry.ports {
            let port = port(text).ok_or_else(|| Problem::Port(text.clone()))?;
            claim(&mut self.ports, port, id).ok_or_else(|| Problem::PortTaken(text.clone()))?;
        }
        for name in &entry.protocols {
            claim(&mut self.protocols, name.as_str().into(), id)
                .ok_or_else(|| Problem::ProtocolTaken(name.clone()))?;
        }
        self.apps.push(App { name: entry.name.as_str().into(), category, is_carrier: entry.is_carrier });
        Ok(())
    }

    fn add_domains(&mut self, id: AppId, entry: &Entry) -> Result<(), Problem> {
        let owned = entry.domains.iter().map(|domain| (domain, Some(id)));
        let excepted = entry.except.iter().map(|domain| (domain, None));
        for (domain, app) in owned.chain(excepted) {
            if !is_domain(domain) {
                return Err(Problem::Domain(domain.clone()));
            }
            if app.is_none() && !entry.domains.iter().any(|above| is_below(domain, above)) {
                return Err(Problem::Exception(domain.clone()));
            }
            if !self.domains.add(domain, app) {
                return Err(Problem::DomainTaken(domain.clone()));
            }
        }
        Ok(())
    }
}

/// Enters what an application claims; nothing when it is taken.
fn claim<K: Ord>(table: &mut BTreeMap<K, AppId>, key: K, id: AppId) -> Option<()> {
    match table.entry(key) {
        Slot::Vacant(slot) => {
            slot.insert(id);
            Some(())
        }
        Slot::Occupied(_) => None,
    }
}

/// Reads `tcp/3306`.
fn port(text: &str) -> Option<(Transport, u16)> {
    let (transport, port) = text.split_once('/')?;
    let transport = match transport {
        "tcp" => Transport::Tcp,
        "udp" => Transport::Udp,
        _ => return None,
    };
    Some((transport, port.parse().ok().filter(|&port| port != 0)?))
}
