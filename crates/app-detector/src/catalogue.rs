//! The catalogue: its applications, and the ways to find them.

mod build;
mod domains;
mod error;
mod files;
mod form;
mod ranges;
#[cfg(test)]
mod tests;

use std::collections::BTreeMap;
use std::net::IpAddr;
use std::sync::{Arc, LazyLock};

use ipnet::IpNet;

use crate::Category;
use build::Builder;
use domains::Domains;
use ranges::Ranges;

pub use error::{CatalogueError, Problem};
pub use files::FILES;

/// The number of an application within one catalogue.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct AppId(u16);

impl AppId {
    /// Returns the number, from 0 in the order of the files and of the applications in them.
    pub const fn number(self) -> u16 {
        self.0
    }
}

/// An application or a service.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct App {
    /// The name, as its owners spell it.
    pub name: Arc<str>,
    /// What it is for.
    pub category: Category,
    /// Whether it carries the services of others (a CDN, a cloud): it is the answer only when nothing better is known.
    pub is_carrier: bool,
}

/// The application that a host name belongs to, and why.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Match<'a> {
    /// The application.
    pub app: AppId,
    /// The domain in the catalogue that the name equals or lies below.
    pub rule: &'a str,
}

/// What ports are counted in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Transport {
    /// TCP.
    Tcp,
    /// UDP.
    Udp,
}

/// The applications, found by what is seen of them.
#[derive(Debug)]
pub struct Catalogue {
    apps: Vec<App>,
    /// What an identifier of another catalogue stands for here.
    unknown: App,
    /// By name in lower case.
    names: BTreeMap<String, AppId>,
    domains: Domains,
    ranges: Ranges,
    ports: BTreeMap<(Transport, u16), AppId>,
    protocols: BTreeMap<Box<str>, AppId>,
}

impl Catalogue {
    /// Returns the catalogue that is part of the program, read at the first call.
    pub fn built_in() -> &'static Self {
        #[expect(clippy::expect_used, reason = "the files are compiled in, and a test reads them")]
        static BUILT_IN: LazyLock<Catalogue> =
            LazyLock::new(|| Catalogue::read(FILES).expect("the catalogue's own files are read by a test"));
        &BUILT_IN
    }

    /// Reads a catalogue from files, each a name (for complaints) and its text.
    ///
    /// # Errors
    ///
    /// When a file is not of the form that `catalogue/` shows, or two applications claim the same.
    pub fn read(files: &[(&str, &str)]) -> Result<Self, CatalogueError> {
        let mut builder = Builder::default();
        for (file, text) in files {
            builder.add(file, text)?;
        }
        Ok(builder.finish())
    }

    /// Returns an application; `unknown` for an identifier of another, larger catalogue.
    pub fn app(&self, id: AppId) -> &App {
        self.apps.get(usize::from(id.0)).unwrap_or(&self.unknown)
    }

    /// Goes through the applications, in order of their numbers.
    pub fn apps(&self) -> impl ExactSizeIterator<Item = (AppId, &App)> {
        // Lossless: building stops before the numbers end.
        self.apps
            .iter()
            .enumerate()
            .map(|(number, app)| (AppId(u16::try_from(number).unwrap_or(u16::MAX)), app))
    }

    /// Returns how many applications there are.
    pub fn len(&self) -> usize {
        self.apps.len()
    }

    /// Tells whether there is no application.
    pub fn is_empty(&self) -> bool {
        self.apps.is_empty()
    }

    /// Finds an application by its whole name, in upper or lower case.
    pub fn find(&self, name: &str) -> Option<AppId> {
        self.names.get(&name.to_lowercase()).copied()
    }

    /// Finds the application that a host name belongs to: by whole labels from the right, the longest rule wins.
    ///
    /// `host` is the name alone, without port; any text may stand there. ASCII letters are compared in lower case
    /// (RFC 4343), one dot at the end is the root's. Allocates nothing; the time does not grow with the name.
    pub fn by_name(&self, host: &str) -> Option<Match<'_>> {
        self.domains.find(host.as_bytes())
    }

    /// Finds the application with the narrowest published range that an address lies in.
    pub fn by_address(&self, address: IpAddr) -> Option<(AppId, IpNet)> {
        self.ranges.find(address)
    }

    /// Finds the application whose service has this port: the last resort, and only for the server's port.
    pub fn by_port(&self, transport: Transport, port: u16) -> Option<AppId> {
        self.ports.get(&(transport, port)).copied()
    }

    /// Finds the application that a recognised protocol is, by the protocol's name, letter for letter.
    pub fn by_protocol(&self, name: &str) -> Option<AppId> {
        self.protocols.get(name).copied()
    }
}
