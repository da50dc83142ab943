//! `netsonde analyze`: capture files in, one report out.

use std::fs::File;
use std::io::{self, BufWriter, StdoutLock, Write as _};
use std::ops::ControlFlow;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use netsonde_capture::{Progress, Source};
use netsonde_geolocation::Locator;
use netsonde_messages::Findings;
use netsonde_messages::stream::SourceKind;
use netsonde_session::{Session, Settings};

use crate::config::{Config, Events};
use crate::documents::{self, Output, Wanted};
use crate::ending::{Ending, Failure};
use crate::found::Finder;
use crate::output::{self, Bar};
use crate::places::{self, Databases};
use crate::sandbox::{self, Reach};
use crate::signals::Stop;
use crate::text::printable;

/// What is open when the rights are given up.
pub(crate) struct Prepared {
    /// The captures that could be opened before their turn.
    held: Vec<Option<File>>,
    /// The files that the report is written to beside standard output.
    documents: Vec<Output>,
    places: Arc<Locator>,
}

/// Opens what should be open by then, and gives up all rights: reading takes none, and writing no more than its folder.
pub(crate) fn prepare(files: &[PathBuf], config: &Config) -> Result<Prepared, Failure> {
    let held = sandbox::hold(files);
    let (databases, _) = Databases::read(config);
    let wanted = documents::wanted(config, files)?;
    let reach = Reach::default().and(files.iter().map(PathBuf::as_path));
    sandbox::keep_nothing(&reach.with_written(wanted.iter().map(Wanted::folder)))?;
    // What cannot be written is told before anything is read.
    let documents = wanted.into_iter().map(Wanted::open).collect::<Result<_, _>>()?;
    Ok(Prepared { held, documents, places: databases.locator()? })
}

/// Reads the files as one capture and writes the report.
///
/// A file that cannot be opened or breaks off does not keep the others from being read.
pub(crate) fn run(
    files: &[PathBuf],
    prepared: Prepared,
    config: &Config,
    stop: &Stop,
) -> Result<Ending, Failure> {
    let Prepared { held, documents, places } = prepared;
    let mut session = Session::new(Settings {
        local: config.local.clone(),
        rules: config.rules.clone(),
        places,
        here: places::configured(config),
        ..Settings::default()
    });
    let mut told = Told { out: output::standard(), result: Ok(()), wanted: config.events };
    if told.wanted.is_some() {
        session.keep_findings();
    }
    if !documents.is_empty() {
        session.keep_history();
    }
    let mut reading = Reading { opened: 0, problems: Vec::new() };
    for (file, held) in files.iter().zip(held) {
        reading.file(file, held, &mut session, stop, &mut told);
    }
    told.result?;
    let problem = reading.problems.join("; ");
    if reading.opened == 0 && !stop.asked() {
        return Err(Failure::Failed(problem));
    }
    if !problem.is_empty() {
        session.note_problem(problem.clone());
    }
    session.finish();

    let found = found(&mut session, files);
    let short = (!problem.is_empty()).then_some(&problem);
    documents::write(documents, &mut session, &found, files, short, config)?;
    let mut out = told.out;
    if config.events.is_some() {
        out.flush()?;
    } else if config.json {
        output::json(&mut out, &mut session, found, config.flows)?;
    } else {
        out.write_all(output::text(&mut session, found).as_bytes())?;
        out.flush()?;
    }
    // The process ends: the system takes back at once what would be freed piece by piece, a million times.
    std::mem::forget(session);
    Ok(if problem.is_empty() { Ending::Done } else { Ending::Partly(problem) })
}

/// Finds out what is wrong with what was read.
fn found(session: &mut Session, files: &[PathBuf]) -> Findings {
    let name = files.first().map_or_else(String::new, |file| file.display().to_string());
    Finder::new(SourceKind::File, &name).look(session)
}

/// What has come of the files so far.
struct Reading {
    /// Counts the files that are captures.
    opened: usize,
    /// Says which file stopped where.
    problems: Vec<String>,
}

impl Reading {
    fn file(&mut self, path: &Path, held: Option<File>, session: &mut Session, stop: &Stop, told: &mut Told) {
        if stop.asked() {
            return self.problems.push(format!("{}: not read, stopped by a signal", path.display()));
        }
        tracing::debug!("opening {}", printable(&path.display().to_string()));
        let opened = match held {
            Some(file) => Source::opened(path.display().to_string(), file),
            None => Source::file(path),
        };
        let mut source = match opened {
            Ok(source) => source,
            // It says which file.
            Err(error) => return self.problems.push(error.to_string()),
        };
        let name = source.name().to_owned();
        self.opened += 1;
        tracing::debug!("reading {}", printable(&name));
        let mut bar = Bar::default();
        let mut stopped = false;
        let read = session.drive(&mut source, &mut |session, beat| {
            // Nothing is shown where the size is unknown.
            if let Some(Progress { read, total, .. }) = beat.progress {
                bar.advance(&name, read, total);
            }
            told.tell(session);
            stopped = stop.asked();
            if stopped || told.result.is_err() { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
        });
        told.tell(session);
        drop(bar);
        if let Err(error) = read {
            self.problems.push(format!("{name}: {error}"));
        } else if stopped {
            self.problems.push(format!("{name}: stopped by a signal"));
        }
    }
}

/// Standard output and what was told there while files were read.
struct Told {
    out: BufWriter<StdoutLock<'static>>,
    /// The first line that could not be written.
    result: io::Result<()>,
    wanted: Option<Events>,
}

impl Told {
    fn tell(&mut self, session: &mut Session) {
        match self.wanted {
            Some(wanted) if self.result.is_ok() => {
                self.result = output::findings(&mut self.out, wanted, session.drain_findings());
            }
            Some(_) | None => {}
        }
    }
}
