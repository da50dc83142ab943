//! `netsonde geo`: the databases that say where addresses are, and installing them.

mod download;
mod install;
mod location;
#[cfg(test)]
#[path = "../tests/support/mmdb.rs"]
pub(crate) mod mmdb;
mod unpack;

use std::fmt::Write as _;
use std::io::Write as _;
use std::path::Path;
use std::sync::Arc;

use netsonde_geolocation::Locator;
use netsonde_messages::{Attribution, PlaceDatabase};
use netsonde_units::Timestamp;

pub(crate) use install::{Install, run as install};

use crate::config::Config;
use crate::ending::{Ending, Failure};
use crate::places::{Databases, Sought, past_days};
use crate::sandbox::{self, Reach};
use crate::text::printable;
use crate::{clock, output};

/// Lists the databases, in use or not, and where they are looked for.
///
/// # Errors
///
/// The output cannot be written, or the rights cannot be given up.
pub(crate) fn status(config: &Config) -> Result<Ending, Failure> {
    let (databases, _) = Databases::read(config);
    sandbox::keep_nothing(&Reach::default())?;
    let locator = Arc::<Locator>::default();
    // What keeps a named one from being used is in the list.
    let _ = databases.load(&locator);
    let databases = locator.databases();
    let mut out = output::standard();
    if config.json {
        serde_json::to_writer(&mut out, &databases).map_err(std::io::Error::from)?;
        out.write_all(b"\n")?;
    } else {
        out.write_all(text(&databases, &Sought::of(config), clock::now()).as_bytes())?;
    }
    out.flush()?;
    Ok(Ending::Done)
}

/// Renders a line for each database, with what its licence asks to be said below it.
fn text(databases: &[PlaceDatabase], sought: &Sought, now: Timestamp) -> String {
    let mut page = String::new();
    for database in databases {
        let _ = writeln!(page, "{}", printable(&line(database, now)));
        if let Some(attribution) = &database.attribution {
            let _ = writeln!(page, "    {}", printable(&credit(attribution)));
        }
    }
    match sought {
        Sought::Folders(folders) => {
            let folders: Vec<_> = folders.iter().map(|folder| folder.display().to_string()).collect();
            let _ = writeln!(page, "Looked for in {}", printable(&folders.join(", ")));
        }
        Sought::Files(_) => page.push_str("Looked for nowhere else: these are the ones that were named\n"),
    }
    if !databases.iter().any(|database| database.file.is_some()) {
        page.push_str("Cities and organizations: `netsonde geo install` fetches databases of them\n");
    }
    page
}

/// Says whom a licence asks to be named, and where they are, once.
fn credit(Attribution { text, url }: &Attribution) -> String {
    if text.contains(url) { text.clone() } else { format!("{text}: {url}") }
}

/// Says what a database is, how old it is and what is wrong with it, in one line.
pub(crate) fn line(database: &PlaceDatabase, now: Timestamp) -> String {
    let PlaceDatabase { file, kind, built, problem, .. } = database;
    let mut line = file.clone().unwrap_or_else(|| "built in".into());
    if !kind.is_empty() {
        let _ = write!(line, ": {kind}");
    }
    if let Some(built) = built {
        let _ = write!(line, " of {}", date(built));
        if let Some(days) = past_days(built, now) {
            let _ = write!(line, ", {days} {} old", if days == 1 { "day" } else { "days" });
        }
    }
    if let Some(problem) = problem {
        let known = if kind.is_empty() { "cannot be used" } else { "was replaced by what cannot be used" };
        let _ = write!(line, "; it {known}: {problem}");
    }
    line
}

/// Returns the day of a moment in RFC 3339.
fn date(built: &str) -> &str {
    built.get(..10).unwrap_or(built)
}

/// Returns what a file is called in its folder.
fn name(path: &Path) -> String {
    path.file_name().unwrap_or(path.as_os_str()).to_string_lossy().into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn where_those_who_are_named_are_stands_once() {
        let said = |text: &str| credit(&Attribution { text: text.into(), url: "https://example.org".into() });
        assert_eq!(said("Places by Example"), "Places by Example: https://example.org");
        let told = "Data of Example, available from https://example.org.";
        assert_eq!(said(told), told);
    }
}
