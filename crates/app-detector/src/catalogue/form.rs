//! The form of the files: what may stand in them.

use serde::Deserialize;

/// A file: one category and its applications.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct File {
    pub(super) category: String,
    #[serde(default, rename = "app")]
    pub(super) apps: Vec<Entry>,
}

/// An application, as it is written.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Entry {
    pub(super) name: String,
    /// A host name that must be found to be this application; for the linter.
    #[serde(rename = "test")]
    _test: Option<String>,
    #[serde(default)]
    pub(super) domains: Vec<String>,
    #[serde(default)]
    pub(super) except: Vec<String>,
    #[serde(default, rename = "carrier")]
    pub(super) is_carrier: bool,
    #[serde(default)]
    pub(super) ranges: Vec<String>,
    #[serde(default)]
    pub(super) ports: Vec<String>,
    #[serde(default)]
    pub(super) protocols: Vec<String>,
}

impl Entry {
    /// Tells whether nothing leads to this application.
    pub(super) fn has_no_rule(&self) -> bool {
        [&self.domains, &self.ranges, &self.ports, &self.protocols].into_iter().all(Vec::is_empty)
    }
}
