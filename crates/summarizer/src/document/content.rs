//! What a document says, whatever it is written in.

use netsonde_messages::stream::{SourceKind, State};
use netsonde_messages::{Attribution, Author, Fact, ReportPart, Sentence, Severity};
use netsonde_units::quantity::{UNKNOWN, bytes, count, duration};

use super::bars::{self, Bar};
use super::chart::Chart;
use super::folded::{self, Told};
use super::key_figures::{self, KeyFigure};
use super::tables::{self, Table};
use super::{Document, calls, charts, measured, places, times};

/// Everything that a document says, in its order.
pub(super) struct Content<'a> {
    pub(super) title: String,
    /// What was measured: a name and what to say.
    pub(super) cover: Vec<(&'static str, String)>,
    pub(super) headline: Headline<'a>,
    pub(super) key_figures: Vec<KeyFigure>,
    pub(super) charts: Vec<Chart>,
    pub(super) findings: Told,
    pub(super) facts: &'a [Fact],
    pub(super) sections: Vec<Section>,
    pub(super) parts: &'a [ReportPart],
    /// How it was measured, and what is short.
    pub(super) method: Vec<(&'static str, String)>,
    /// Whom those ask to be named who say where hosts are.
    pub(super) credits: Vec<&'a Attribution>,
}

/// What matters most.
pub(super) struct Headline<'a> {
    /// None where no rule found anything.
    pub(super) severity: Option<Severity>,
    pub(super) sentences: &'a [Sentence],
    /// The same in one piece, for a report that has no sentences.
    pub(super) summary: &'a str,
    pub(super) author: String,
    pub(super) notice: Option<&'a str>,
}

/// Bars and tables under one heading; none of them is empty.
pub(super) struct Section {
    pub(super) id: &'static str,
    pub(super) title: &'static str,
    /// Whether half the width of the page is enough for it.
    pub(super) is_half: bool,
    pub(super) bars: Vec<Bar>,
    pub(super) tables: Vec<Table>,
}

impl<'a> Content<'a> {
    pub(super) fn of(document: &Document<'a>) -> Self {
        let Document { report, figures, .. } = *document;
        Self {
            title: format!("Network report: {}", figures.source()),
            cover: cover(document),
            headline: Headline {
                severity: (!report.findings.is_empty()).then_some(report.severity),
                sentences: &report.sentences,
                summary: &report.summary,
                author: author(&report.author),
                notice: report.notice.as_deref(),
            },
            key_figures: key_figures::of(figures.measured),
            charts: charts::of(document.history),
            findings: folded::of(&report.findings, &report.facts),
            facts: &report.facts,
            sections: sections(document),
            parts: &report.breakdown,
            method: measured::of(document),
            credits: places::credits(&figures),
        }
    }
}

fn cover(document: &Document<'_>) -> Vec<(&'static str, String)> {
    let figures = &document.figures;
    let status = figures.status;
    let kind = status.source.as_ref().map(|source| match source.kind {
        SourceKind::Interface => "Interface",
        SourceKind::File => "Capture file",
        SourceKind::Demo => "Demo",
    });
    let (totals, total) = (&figures.measured.totals, figures.total());
    let is_over = matches!(status.state, State::Finished | State::Failed);
    let as_of = (!is_over).then(|| totals.now_ms.map(times::of_ms)).flatten();
    let started = document.started();
    let lines = [
        Some((kind.unwrap_or("Source"), figures.source().to_owned())),
        Some(("Start", started.map_or_else(|| UNKNOWN.into(), |at| times::told(&at)))),
        Some(("Duration", duration(Some(totals.elapsed_s)))),
        as_of.map(|at| ("As of", format!("{}, still running", times::told(&at)))),
        Some(("Packets", count(total.packets))),
        Some(("Volume", bytes(total.bytes))),
        Some(("Capture filter", status.filter.clone().unwrap_or_else(|| "none".into()))),
        Some(("Measured by", format!("netsonde {}", document.version))),
    ];
    lines.into_iter().flatten().collect()
}

fn author(author: &Author) -> String {
    match author {
        Author::Rules => "Worded by netsonde's rules from what was measured.".into(),
        Author::Model(model) => {
            format!("Worded by {model}; every number and name in it was measured and written by netsonde.")
        }
    }
}

fn sections(document: &Document<'_>) -> Vec<Section> {
    let figures = &document.figures;
    let section = |id, title, bars: Vec<Option<Bar>>, tables: Vec<Option<Table>>| Section {
        id,
        title,
        is_half: id == "apps" || id == "protocols",
        bars: bars.into_iter().flatten().collect(),
        tables: tables.into_iter().flatten().collect(),
    };
    let sections = vec![
        section("talkers", "Top talkers", vec![], vec![tables::talkers(figures)]),
        section("apps", "Applications", vec![], vec![tables::apps(figures)]),
        section("protocols", "Protocols", vec![], vec![tables::protocols(figures)]),
        section(
            "composition",
            "Composition and encryption",
            vec![bars::classes(figures), bars::network(figures), bars::encrypted(figures)],
            vec![tables::clear_text(figures)],
        ),
        section("where", "Where", vec![], vec![places::countries(figures)]),
        section("calls", "Calls and streams", vec![], vec![calls::calls(figures), calls::streams(figures)]),
    ];
    sections.into_iter().filter(|section| !(section.bars.is_empty() && section.tables.is_empty())).collect()
}
