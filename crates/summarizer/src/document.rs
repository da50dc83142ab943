//! The report of a session as a document: one content, written as HTML for the page and for a file, as Markdown and as
//! JSON.

mod bars;
mod calls;
mod chart;
mod charts;
mod content;
mod escaped;
mod folded;
mod html;
mod key_figures;
mod markdown;
mod measured;
mod places;
mod severity;
mod tables;
mod times;

use netsonde_messages::stream::{History, SourceKind};
use netsonde_messages::{ReportFile, SessionReport};

use self::content::Content;
pub use self::html::CONTENT_POLICY;
use crate::figures::Figures;

/// How many buckets of the charts a document asks for: half as many as a chart is pixels wide on paper.
pub const CHART_BUCKETS: u64 = 300;
/// The most letters of a source's name in the name of a file.
const NAME_LETTERS: usize = 40;

/// What a document is made from.
#[derive(Clone, Copy, Debug)]
pub struct Document<'a> {
    /// What is said of the session.
    pub report: &'a SessionReport,
    /// What was measured.
    pub figures: Figures<'a>,
    /// The charts of the whole session, in about [`CHART_BUCKETS`] buckets.
    pub history: &'a History,
    /// The networks that the user called local, in CIDR notation; none where the rule of the source decided.
    pub local: &'a [String],
    /// The version of the program.
    pub version: &'a str,
}

/// Where the places lead that a document names.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Links {
    /// To the dashboard that shows the document in a frame.
    Dashboard,
    /// Nowhere: a file does not know where its dashboard is.
    None,
}

impl Document<'_> {
    /// Writes it as one page of HTML that loads nothing and runs nothing.
    pub fn html(&self, links: Links) -> String {
        html::page(&Content::of(self), links)
    }

    /// Writes it as Markdown (GitHub's, for the tables).
    pub fn markdown(&self) -> String {
        markdown::text(&Content::of(self))
    }

    /// Returns it as a message, with everything that it was made from.
    pub fn file(&self) -> ReportFile {
        let measured = self.figures.measured;
        ReportFile {
            schema: netsonde_messages::SCHEMA,
            version: self.version.into(),
            status: self.figures.status.clone(),
            local: self.local.to_vec(),
            report: self.report.clone(),
            totals: measured.totals.clone(),
            protocols: measured.protocols.clone(),
            hosts: measured.hosts.clone(),
            apps: measured.apps.clone(),
            calls: measured.calls.clone(),
            places: measured.places.places.clone(),
            history: self.history.clone(),
        }
    }

    /// Returns a name for a file of it, without an ending: who measured what, and when.
    pub fn file_name(&self) -> String {
        let source = self.figures.source();
        let stem = source.split_once(".pcap").map_or(source, |(stem, _)| stem);
        let mut name = String::from("netsonde");
        let started = self.started().map(|at| times::for_name(&at));
        for word in stem.split(|letter: char| !letter.is_ascii_alphanumeric()).chain(started.as_deref()) {
            let room = NAME_LETTERS.saturating_sub(name.len());
            if !word.is_empty() && room > word.len() || started.as_deref() == Some(word) {
                name.push('-');
                name.push_str(word);
            }
        }
        name
    }

    /// When it began, RFC 3339 in UTC: a file with its first packet, anything else when it was started.
    fn started(&self) -> Option<String> {
        let is_file =
            self.figures.status.source.as_ref().is_none_or(|source| source.kind == SourceKind::File);
        let first = || self.history.earliest.map(times::of_second);
        if is_file { first() } else { self.figures.status.started_at.clone().or_else(first) }
    }
}

#[cfg(test)]
mod tests;
