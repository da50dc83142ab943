//! The report as a document: in the files that `analyze` is asked for, and for the server to hand out.

use std::fmt;
use std::fs::{self, File, OpenOptions};
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use netsonde_messages::stream::{History, SourceKind, State, Status, StatusSource};
use netsonde_messages::{AssistantPreview, Findings, SessionReport};
use netsonde_server::{DocumentForm, Documents, Written};
use netsonde_session::{HistoryQuery, Moment, Monitor, Publication, Session};
use netsonde_summarizer::{Assistant, CHART_BUCKETS, CONTENT_POLICY, Document, Figures, Links};

use crate::config::Config;
use crate::ending::Failure;

/// What a document is written as.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Form {
    Html,
    Markdown,
}

/// A file that the report is to be written to.
pub(crate) struct Wanted {
    form: Form,
    path: PathBuf,
    folder: PathBuf,
}

/// The same, with a file beside it that takes its place when all is written.
pub(crate) struct Output {
    form: Form,
    path: PathBuf,
    part: PathBuf,
    file: File,
}

impl Form {
    const fn option(self) -> &'static str {
        match self {
            Self::Html => "--html",
            Self::Markdown => "--markdown",
        }
    }
}

/// Returns the files that the report is to be written to; `captures` are those that are read.
///
/// # Errors
///
/// A file that cannot be meant: standard output, a folder, one of the captures, twice the same.
pub(crate) fn wanted(config: &Config, captures: &[PathBuf]) -> Result<Vec<Wanted>, Failure> {
    let asked = [(Form::Html, &config.html), (Form::Markdown, &config.markdown)];
    let asked = asked.into_iter().filter_map(|(form, path)| Some((form, path.as_ref()?)));
    let wanted = asked.map(|(form, path)| one(form, path, captures)).collect::<Result<Vec<_>, _>>()?;
    if let [html, markdown] = &wanted[..]
        && html.path == markdown.path
    {
        let path = html.path.display();
        return Err(Failure::Usage(format!(
            "--html and --markdown both name {path}: a file holds one of them"
        )));
    }
    Ok(wanted)
}

fn one(form: Form, path: &Path, captures: &[PathBuf]) -> Result<Wanted, Failure> {
    let refuse = |why: &str| Err(Failure::Usage(format!("{} {}: {why}", form.option(), path.display())));
    if path == Path::new("-") {
        return refuse("standard output is for the report itself; name a file");
    }
    if path.file_name().is_none() || path.is_dir() {
        return refuse("this is a folder; name a file in it");
    }
    if path.metadata().is_ok_and(|metadata| !metadata.is_file()) {
        return refuse("this is no plain file, which alone can be replaced at once");
    }
    let same = |other: &PathBuf| other == path || is_same(other, path);
    if captures.iter().any(same) {
        return refuse("this is the capture that is read, and would be lost");
    }
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty());
    let folder = folder.unwrap_or(Path::new(".")).to_owned();
    Ok(Wanted { form, path: path.to_owned(), folder })
}

/// Tells whether two paths lead to one file that exists.
fn is_same(one: &Path, other: &Path) -> bool {
    matches!((fs::canonicalize(one), fs::canonicalize(other)), (Ok(one), Ok(other)) if one == other)
}

impl Wanted {
    /// Returns the folder that it is written in.
    pub(crate) fn folder(&self) -> &Path {
        &self.folder
    }

    /// Opens a file beside it.
    ///
    /// # Errors
    ///
    /// When there is no right to, or no folder.
    pub(crate) fn open(self) -> Result<Output, Failure> {
        let Self { form, path, folder } = self;
        let name = path.file_name().unwrap_or_default().to_string_lossy();
        let part = folder.join(format!(".{name}.{}.part", std::process::id()));
        match OpenOptions::new().write(true).create_new(true).open(&part) {
            Ok(file) => Ok(Output { form, path, part, file }),
            Err(error) => Err(not_written(&path, &error)),
        }
    }
}

impl Output {
    fn write(mut self, text: &str) -> Result<(), Failure> {
        let written = self.file.write_all(text.as_bytes()).and_then(|()| self.file.sync_all());
        written
            .and_then(|()| fs::rename(&self.part, &self.path))
            .map_err(|error| not_written(&self.path, &error))
    }
}

impl Drop for Output {
    fn drop(&mut self) {
        // It is not there where it has taken its place.
        let _ = fs::remove_file(&self.part);
    }
}

fn not_written(path: &Path, error: &io::Error) -> Failure {
    Failure::Failed(format!("cannot write {}: {error}", path.display()))
}

/// Writes what was measured and found out into the files that were asked for.
///
/// # Errors
///
/// The first file that cannot be written.
pub(crate) fn write(
    outputs: Vec<Output>,
    session: &mut Session,
    found: &Findings,
    captures: &[PathBuf],
    problem: Option<&String>,
    config: &Config,
) -> Result<(), Failure> {
    if outputs.is_empty() {
        return Ok(());
    }
    let status = Status {
        state: State::Finished,
        problem: problem.cloned(),
        session: 1,
        source: Some(StatusSource {
            kind: SourceKind::File,
            name: names(captures),
            progress_percentage: None,
        }),
        filter: None,
        started_at: None,
        summarizing: false,
    };
    let history = session.history(charts());
    let measured = session.publication();
    let local: Vec<_> = config.local.iter().map(ToString::to_string).collect();
    let report = said(&status, &measured, found);
    let document = document(&report, &status, &measured, &history, &local);
    for output in outputs {
        let text = match output.form {
            Form::Html => document.html(Links::None),
            Form::Markdown => document.markdown(),
        };
        output.write(&text)?;
    }
    Ok(())
}

/// Writes the reports of a monitor's sessions for the server.
pub(crate) struct Reports {
    monitor: Monitor,
    /// The language model that would word them, if any.
    assistant: Option<Assistant>,
    /// The networks that the user called local, in CIDR notation.
    local: Vec<String>,
}

impl Reports {
    /// Writes of `monitor` what the server asks for.
    pub(crate) fn new(monitor: Monitor, assistant: Option<Assistant>, config: &Config) -> Self {
        Self { monitor, assistant, local: config.local.iter().map(ToString::to_string).collect() }
    }
}

impl fmt::Debug for Reports {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Reports").field("local", &self.local).finish_non_exhaustive()
    }
}

impl Documents for Reports {
    fn report(&self, form: DocumentForm) -> Option<Written> {
        let Moment { status, publication: measured, findings, report: written, .. } = self.monitor.moment();
        if status.session == 0 || status.session != measured.session {
            return None;
        }
        let history = self.monitor.history(charts());
        let report = written.unwrap_or_else(|| Arc::new(said(&status, &measured, &findings)));
        let document = document(&report, &status, &measured, &history, &self.local);
        let text = match form {
            DocumentForm::Html => document.html(Links::None),
            DocumentForm::Linked => document.html(Links::Dashboard),
            DocumentForm::Markdown => document.markdown(),
            // Plain numbers and texts serialise.
            DocumentForm::Json => serde_json::to_string(&document.file()).ok()?,
        };
        Some(Written { name: document.file_name(), text })
    }

    fn content_policy(&self) -> &'static str {
        CONTENT_POLICY
    }

    fn preview(&self) -> AssistantPreview {
        let Some(assistant) = &self.assistant else { return AssistantPreview::default() };
        assistant.preview(&self.monitor)
    }
}

/// Returns what is asked of the charts of a document: the whole session.
fn charts() -> HistoryQuery {
    HistoryQuery { points: Some(CHART_BUCKETS), ..HistoryQuery::default() }
}

/// Says what there is to say of a session, by rules.
fn said(status: &Status, measured: &Publication, findings: &Findings) -> SessionReport {
    netsonde_summarizer::report(&Figures { status, measured }, findings)
}

fn document<'a>(
    report: &'a SessionReport,
    status: &'a Status,
    measured: &'a Publication,
    history: &'a History,
    local: &'a [String],
) -> Document<'a> {
    let version = env!("CARGO_PKG_VERSION");
    Document { report, figures: Figures { status, measured }, history, local, version }
}

/// Names the captures without their folders, as the dashboard does.
fn names(captures: &[PathBuf]) -> String {
    let name = |path: &PathBuf| match path.file_name() {
        _ if path == Path::new("-") => "standard input".to_owned(),
        Some(name) => name.to_string_lossy().into_owned(),
        None => path.display().to_string(),
    };
    match captures {
        [one] => name(one),
        [first, rest @ ..] => format!("{} and {} more", name(first), rest.len()),
        [] => String::new(),
    }
}
