//! Differences from the truth in which we are right: a short list, each with its frame and its reason.

use std::collections::BTreeSet;

use anyhow::{Context as _, ensure};
use serde::Deserialize;

use super::values::Difference;

/// The committed list.
const LIST: &str = include_str!("../../conformance/right.toml");

/// The list of differences, and which of them occurred.
#[derive(Debug, Default)]
pub struct Right {
    entries: Vec<Entry>,
    used: BTreeSet<usize>,
}

/// One difference in which we are right.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Entry {
    /// The file name of the capture.
    pub file: String,
    /// The name of the metric.
    pub metric: String,
    /// The frame that it is about; for a number of the whole capture the first frame that makes it differ.
    pub frame: u64,
    /// What we say, as the difference is printed.
    pub ours: String,
    /// What the truth says, as the difference is printed.
    pub theirs: String,
    /// Why we are right, or why the truth counts something else.
    pub why: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    right: Vec<Entry>,
}

impl Right {
    /// Reads the committed list.
    ///
    /// # Errors
    ///
    /// When it is not in its form, an entry has no reason, or one stands twice.
    pub fn committed() -> anyhow::Result<Self> {
        Self::parse(LIST)
    }

    /// Reads a list.
    ///
    /// # Errors
    ///
    /// As [`Self::committed`].
    pub fn parse(text: &str) -> anyhow::Result<Self> {
        let File { right: entries } =
            toml::from_str(text).context("cannot read the list of right differences")?;
        let mut known = BTreeSet::new();
        for entry in &entries {
            let name = format!("{}, {}, frame {}", entry.file, entry.metric, entry.frame);
            ensure!(entry.frame > 0, "{name}: frames begin with 1");
            ensure!(entry.why.split_whitespace().count() > 3, "{name}: a reason takes more words");
            ensure!(
                ![&entry.file, &entry.metric, &entry.ours, &entry.theirs]
                    .iter()
                    .any(|text| text.contains('*')),
                "{name}: there are no wildcards"
            );
            ensure!(known.insert((&entry.file, &entry.metric, entry.frame)), "{name}: it stands twice");
        }
        Ok(Self { entries, used: BTreeSet::new() })
    }

    /// Tells whether a difference is in the list, and remembers that it occurred.
    pub fn holds(&mut self, file: &str, metric: &str, difference: &Difference) -> bool {
        let place = self.entries.iter().position(|entry| {
            (&*entry.file, &*entry.metric) == (file, metric)
                && difference.frame.is_none_or(|frame| frame == entry.frame)
                && (&entry.ours, &entry.theirs) == (&difference.ours, &difference.theirs)
        });
        place.is_some_and(|place| {
            self.used.insert(place);
            true
        })
    }

    /// Lists the entries about these files that did not occur.
    pub fn unused<'a>(&'a self, files: &'a BTreeSet<String>) -> impl Iterator<Item = &'a Entry> {
        let unused = (0..).zip(&self.entries).filter(|(place, _)| !self.used.contains(place));
        unused.map(|(_, entry)| entry).filter(|entry| files.contains(&entry.file))
    }

    /// Lists the entries that occurred.
    pub fn used(&self) -> impl Iterator<Item = &Entry> {
        self.used.iter().filter_map(|place| self.entries.get(*place))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const TWO: &str = r#"
        [[right]]
        file = "a.pcap"
        metric = "out_of_order"
        frame = 7
        ours = "yes"
        theirs = "none"
        why = "the capture shows it plainly"

        [[right]]
        file = "b.pcap"
        metric = "udp.conversations"
        frame = 1
        ours = "5"
        theirs = "12"
        why = "the truth counts announcements of one pair"
    "#;

    fn difference(frame: Option<u64>, ours: &str, theirs: &str) -> Difference {
        Difference { frame, ours: ours.to_owned(), theirs: theirs.to_owned(), surplus: 1, missing: 0 }
    }

    #[test]
    fn the_committed_list_is_in_its_form() {
        Right::committed().unwrap();
    }

    #[test]
    fn a_difference_is_held_only_as_it_stands() {
        let mut right = Right::parse(TWO).unwrap();
        let out_of_order = difference(Some(7), "yes", "none");
        assert!(right.holds("a.pcap", "out_of_order", &out_of_order));
        assert!(!right.holds("b.pcap", "out_of_order", &out_of_order));
        assert!(!right.holds("a.pcap", "keep_alive", &out_of_order));
        assert!(!right.holds("a.pcap", "out_of_order", &difference(Some(8), "yes", "none")));
        assert!(!right.holds("a.pcap", "out_of_order", &difference(Some(7), "none", "yes")));
        // A number of the whole capture differs in no frame of its own.
        assert!(right.holds("b.pcap", "udp.conversations", &difference(None, "5", "12")));
        assert!(!right.holds("b.pcap", "udp.conversations", &difference(None, "6", "12")));
    }

    #[test]
    fn an_entry_that_does_not_occur_is_named_where_its_file_was_read() {
        let mut right = Right::parse(TWO).unwrap();
        right.holds("a.pcap", "out_of_order", &difference(Some(7), "yes", "none"));
        let files = |names: &[&str]| names.iter().map(|name| (*name).to_owned()).collect::<BTreeSet<_>>();
        assert_eq!(right.unused(&files(&["a.pcap"])).count(), 0);
        assert_eq!(right.unused(&files(&["a.pcap", "b.pcap"])).count(), 1);
        assert_eq!(right.used().count(), 1);
    }

    #[test]
    fn wildcards_missing_reasons_and_doubles_are_refused() {
        for (from, to) in
            [("a.pcap", "*.pcap"), ("the capture shows it plainly", "so"), ("frame = 7", "frame = 0")]
        {
            assert!(Right::parse(&TWO.replace(from, to)).is_err(), "{to}");
        }
        assert!(Right::parse(&format!("{TWO}{TWO}")).is_err());
        assert!(Right::parse(&TWO.replace("frame = 7", "frame = 7\nmaybe = true")).is_err());
    }
}
