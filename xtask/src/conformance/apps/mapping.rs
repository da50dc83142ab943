//! Which of our names mean the same as one of nDPI's, and who is right where none does.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

use anyhow::{Context as _, ensure};
use serde::Deserialize;

use super::Differing;

/// The committed lists.
const LISTS: &str = include_str!("../../../conformance/apps.toml");

/// What nDPI's names mean here.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Mapping {
    /// nDPI's names of protocols, which say nothing of the application.
    protocols: BTreeSet<String>,
    /// Our names that mean what one of nDPI's means, or a part of it.
    same: BTreeMap<String, Vec<String>>,
    /// nDPI's names of a kind of application, and the category that it is here.
    kinds: BTreeMap<String, String>,
    /// The conversations that are labelled otherwise, and who is right.
    #[serde(default)]
    differs: Vec<Differs>,
}

/// A conversation that is labelled otherwise.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Differs {
    /// The file name of the capture.
    pub file: String,
    /// Its ends, as the difference is printed.
    pub flow: String,
    /// Our application.
    pub ours: String,
    /// nDPI's name.
    pub theirs: String,
    /// Who is right.
    pub right: Side,
    /// Why.
    pub why: String,
}

/// Who is right.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Side {
    /// We are.
    Ours,
    /// nDPI is.
    Theirs,
    /// Both: they name two things.
    Both,
}

impl Mapping {
    /// Reads the committed lists.
    ///
    /// # Errors
    ///
    /// When they are not in their form.
    pub fn committed() -> anyhow::Result<Self> {
        Self::parse(LISTS)
    }

    /// Reads lists.
    ///
    /// # Errors
    ///
    /// When they are not in their form, hold a pattern, or a conversation without a reason or twice.
    pub fn parse(text: &str) -> anyhow::Result<Self> {
        let mapping: Self = toml::from_str(text).context("cannot read the lists of applications")?;
        let names = mapping.same.iter().flat_map(|(theirs, ours)| ours.iter().chain([theirs]));
        for name in names.chain(&mapping.protocols) {
            ensure!(!name.contains('*'), "{name}: there are no wildcards");
        }
        let mut known = BTreeSet::new();
        for one in &mapping.differs {
            let name = format!("{}, {}", one.file, one.flow);
            ensure!(one.why.split_whitespace().count() > 3, "{name}: a reason takes more words");
            ensure!(known.insert((&one.file, &one.flow)), "{name}: it stands twice");
        }
        Ok(mapping)
    }

    /// Tells whether a name of nDPI's is that of a protocol.
    pub fn is_protocol(&self, theirs: &str) -> bool {
        self.protocols.contains(theirs)
    }

    /// Tells whether our application is what nDPI's name means, or a part of it.
    ///
    /// Names that differ in nothing but case, spaces and punctuation are the same.
    pub fn is_same(&self, theirs: &str, ours: &str, category: &str) -> bool {
        folded(theirs).eq(folded(ours))
            || self.same.get(theirs).is_some_and(|same| same.iter().any(|name| name == ours))
            || self.kinds.get(theirs).is_some_and(|kind| kind == category)
    }

    /// Finds what is said of a conversation that is labelled otherwise.
    pub fn listed(&self, file: &str, differing: &Differing) -> Option<&Differs> {
        self.differs.iter().find(|listed| listed.is_about(file, differing))
    }

    /// Returns all conversations that are said to be labelled otherwise.
    pub fn differs(&self) -> &[Differs] {
        &self.differs
    }
}

fn folded(name: &str) -> impl Iterator<Item = char> {
    name.chars().filter(|letter| letter.is_alphanumeric()).flat_map(char::to_lowercase)
}

impl Differs {
    /// Tells whether it is about this difference, as it stands.
    pub fn is_about(&self, file: &str, differing: &Differing) -> bool {
        self.file == file
            && (&self.flow, &self.ours, &self.theirs) == (&differing.flow, &differing.ours, &differing.theirs)
    }
}

impl fmt::Display for Differs {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let who = match self.right {
            Side::Ours => "we are right",
            Side::Theirs => "nDPI is right",
            Side::Both => "both are right",
        };
        write!(f, "{who}: {}", self.why.trim())
    }
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;

    #[derive(Deserialize)]
    struct Catalogue {
        category: String,
        app: Vec<App>,
    }

    #[derive(Deserialize)]
    struct App {
        name: String,
    }

    /// Names and categories of the catalogue, read as anybody would.
    fn catalogue() -> (BTreeSet<String>, BTreeSet<String>) {
        let (mut apps, mut categories) = (BTreeSet::new(), BTreeSet::new());
        let folder = crate::tree::root().join("crates/app-detector/catalogue");
        for file in fs::read_dir(folder).unwrap() {
            let file: Catalogue = toml::from_str(&fs::read_to_string(file.unwrap().path()).unwrap()).unwrap();
            categories.insert(file.category);
            apps.extend(file.app.into_iter().map(|app| app.name));
        }
        (apps, categories)
    }

    #[test]
    fn the_committed_lists_name_applications_and_categories_of_the_catalogue() {
        let (mapping, (apps, categories)) = (Mapping::committed().unwrap(), catalogue());
        let strange: Vec<_> = mapping.same.values().flatten().filter(|name| !apps.contains(*name)).collect();
        assert!(strange.is_empty(), "not in the catalogue: {strange:?}");
        assert!(mapping.kinds.values().all(|kind| categories.contains(kind)), "{:?}", mapping.kinds);
    }

    #[test]
    fn a_protocol_is_no_application_too() {
        let mapping = Mapping::committed().unwrap();
        let both: Vec<_> = mapping.same.keys().filter(|name| mapping.is_protocol(name)).collect();
        assert!(both.is_empty(), "{both:?}");
    }

    #[test]
    fn spelling_makes_no_other_application() {
        let mapping = Mapping::default();
        assert!(mapping.is_same("MS_OneDrive", "MS OneDrive", "") && mapping.is_same("eBay", "EBay", ""));
        assert!(!mapping.is_same("Google", "Google Docs", ""));
    }

    #[test]
    fn patterns_missing_reasons_and_doubles_are_refused() {
        let good = r#"
            protocols = ["TLS"]
            [same]
            Google = ["Google Search"]
            [kinds]
            [[differs]]
            file = "a.pcap"
            flow = "tcp 192.0.2.1:1 > 192.0.2.2:443"
            ours = "unknown"
            theirs = "TLS.Tor"
            right = "theirs"
            why = "the name is made up for every connection"
        "#;
        assert!(Mapping::parse(good).is_ok());
        for (from, to) in [
            ("Google Search", "Google *"),
            ("the name is made up for every connection", "so"),
            ("\"theirs\"", "\"nobody\""),
        ] {
            assert!(Mapping::parse(&good.replace(from, to)).is_err(), "{to}");
        }
        let twice = good.split_once("[[differs]]").unwrap().1;
        assert!(Mapping::parse(&format!("{good}[[differs]]{twice}")).is_err());
    }
}
