//! `netsonde geo install`: fetches databases, checks them and puts them where the program finds them.

use std::fs::{File, OpenOptions};
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};
use std::time::Duration;

use netsonde_messages::PlaceDatabase;
use netsonde_units::Timestamp;
use netsonde_units::quantity::bytes;
use ureq::http::Uri;

use super::download::{Fetched, Line, Part, fetch};
use super::location::{installed_name, parse, port};
use super::unpack::{Unfit, put};
use super::{credit, date, name};
use crate::cli::GeoInstall;
use crate::config::Config;
use crate::ending::{Ending, Failure};
use crate::places::{self, month, months_before};
use crate::sandbox::{self, Reach};
use crate::signals::Stop;
use crate::text::printable;
use crate::{clock, output};

/// Where DB-IP gives its smaller databases away, each month anew.
const HOME: &str = "https://download.db-ip.com/free";
/// Those of cities and of organizations.
const KINDS: [&str; 2] = ["dbip-city-lite", "dbip-asn-lite"];
/// How long nothing may come, where nobody says.
const PATIENCE: Duration = Duration::from_secs(30);
/// The port that redirections lead to.
const HTTPS: u16 = 443;
/// The file that is held locked while databases are installed.
const LOCK: &str = "lock";

/// What is to be installed.
#[derive(Debug)]
enum Wanted {
    /// What is at the first of these addresses that has something.
    Fetched(Vec<String>),
    /// A file of this machine.
    Copied { path: PathBuf, file: File },
}

/// What is prepared with the rights of the user.
#[derive(Debug)]
pub(crate) struct Install {
    wanted: Vec<Wanted>,
    folder: PathBuf,
    line: Line,
    /// That nobody else does the same, as long as it is held.
    _lock: File,
}

impl Install {
    /// Opens and makes what takes the user's rights, and gives them up: what is fetched is written in one folder.
    ///
    /// # Errors
    ///
    /// What is asked for is no address and no file; the folder cannot be written; somebody else installs there.
    pub(crate) fn prepare(asked: &GeoInstall, config: &Config) -> Result<Self, Failure> {
        let wanted = wanted(asked, clock::now()).map_err(Failure::Usage)?;
        let places = wanted.iter().filter_map(|wanted| match wanted {
            Wanted::Fetched(urls) => Some(urls.iter().filter_map(|url| parse(url).ok())),
            Wanted::Copied { .. } => None,
        });
        let places: Vec<Uri> = places.flatten().collect();
        let folder = asked.to.clone().unwrap_or_else(|| places::folder(&config.serve.data));
        let lock = prepare_folder(&folder)
            .map_err(|problem| Failure::Failed(format!("{}: {problem}", folder.display())))?;
        let line = Line {
            tls: netsonde_summarizer::tls(!places.is_empty()),
            patience: asked.patience.map_or(PATIENCE, |seconds| seconds.0),
        };
        let reach = match places.first() {
            Some(_) => Reach::service(HTTPS, true).with_ports(places.iter().map(port)),
            None => Reach::default(),
        };
        sandbox::keep_nothing(&reach.and([folder.as_path()]).with_written([folder.as_path()]))?;
        Ok(Self { wanted, folder, line, _lock: lock })
    }
}

/// Makes the folder where it is missing, and keeps others from installing there.
fn prepare_folder(folder: &Path) -> Result<File, String> {
    places::make_folder(folder).map_err(|error| error.to_string())?;
    let lock = OpenOptions::new().append(true).create(true).open(folder.join(LOCK));
    let lock = lock.map_err(|error| error.to_string())?;
    match lock.try_lock() {
        Err(std::fs::TryLockError::WouldBlock) => {
            Err("another `netsonde geo install` is at work here".into())
        }
        // Where there are no locks, nobody is kept from it.
        _ => Ok(lock),
    }
}

/// Reads what is asked for: by default what DB-IP gives away, of this month or, on its first days, of the last.
fn wanted(asked: &GeoInstall, now: Timestamp) -> Result<Vec<Wanted>, String> {
    if asked.from.is_empty() {
        let home = asked.mirror.as_deref().unwrap_or(HOME).trim_end_matches('/');
        let months = [month(now), months_before(now, 1)];
        let urls = |kind| months.each_ref().map(|month| format!("{home}/{kind}-{month}.mmdb.gz")).to_vec();
        parse(home)?;
        return Ok(KINDS.into_iter().map(|kind| Wanted::Fetched(urls(kind))).collect());
    }
    let one = |from: &String| {
        if from.contains("://") {
            parse(from)?;
            return Ok(Wanted::Fetched(vec![from.clone()]));
        }
        let path = PathBuf::from(from);
        let file = File::open(&path).map_err(|error| format!("{from}: {error}"))?;
        Ok(Wanted::Copied { path, file })
    };
    asked.from.iter().map(one).collect()
}

/// Installs one after the other, and says of each what it is.
///
/// # Errors
///
/// One could not be installed; the others are.
pub(crate) fn run(install: Install, stop: &Stop) -> Result<Ending, Failure> {
    let Install { wanted, folder, line, _lock } = install;
    let mut problems = Vec::new();
    for wanted in wanted {
        if stop.asked() {
            break;
        }
        let installed = match wanted {
            Wanted::Fetched(urls) => fetched(&urls, &folder, &line, stop),
            Wanted::Copied { path, file } => copied(&path, file, &folder, stop),
        };
        match installed {
            Ok((place, database)) => tell(&place, &database)?,
            Err(problem) => problems.push(problem),
        }
    }
    if problems.is_empty() && stop.asked() {
        problems.push("stopped by a signal".into());
    }
    if problems.is_empty() { Ok(Ending::Done) } else { Err(Failure::Failed(problems.join("; "))) }
}

/// Fetches a database from the first address that has one.
fn fetched(
    urls: &[String],
    folder: &Path,
    line: &Line,
    stop: &Stop,
) -> Result<(PathBuf, PlaceDatabase), String> {
    for url in urls {
        let path = parse(url)?.path().to_owned();
        let place = folder.join(installed_name(path.rsplit('/').next().unwrap_or_default()));
        let part = Part::of(&place);
        let goes_on = |problem: String| {
            let kept = part.path().exists();
            let rest = if kept { "; what came stays, and the same command goes on from there" } else { "" };
            format!("{url}: {problem}{rest}")
        };
        if fetch(line, url, &part, stop).map_err(goes_on)? == Fetched::Missing {
            continue;
        }
        let packed = File::open(part.path()).map_err(|error| goes_on(error.to_string()))?;
        let database = put(packed, &place, stop).map_err(|unfit| match unfit {
            Unfit::Content(problem) => {
                // It would be as damaged the next time.
                let _ = part.remove();
                format!("{url}: {problem}")
            }
            Unfit::Place(problem) => goes_on(problem),
        })?;
        part.remove().map_err(|error| format!("{}: {error}", part.path().display()))?;
        return Ok((place, database));
    }
    Err(format!("{}: the server has no such file", urls.join(" and ")))
}

/// Copies a database of this machine.
fn copied(path: &Path, file: File, folder: &Path, stop: &Stop) -> Result<(PathBuf, PlaceDatabase), String> {
    let place = folder.join(installed_name(&name(path)));
    match put(file, &place, stop) {
        Ok(database) => Ok((place, database)),
        Err(Unfit::Content(problem) | Unfit::Place(problem)) => Err(format!("{}: {problem}", path.display())),
    }
}

/// Says what was installed, and what its licence asks to be said.
fn tell(place: &Path, database: &PlaceDatabase) -> io::Result<()> {
    let of = database.built.as_deref().map_or(String::new(), |built| format!(" of {}", date(built)));
    let length = place.metadata().map_or(0, |found| found.len());
    let line = format!("{}: {}{of}, {}", place.display(), database.kind, bytes(length));
    let mut out = output::standard();
    writeln!(out, "{}", printable(&line))?;
    if let Some(attribution) = &database.attribution {
        writeln!(out, "    {}", printable(&credit(attribution)))?;
    }
    out.flush()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::geo::location::is_encrypted;

    #[test]
    fn without_a_word_it_is_what_db_ip_gives_away_of_this_month_or_the_last() {
        // 2024-01-15 is day 19737 since 1970-01-01.
        let now = Timestamp::from_nanos(19_737 * 86_400_000_000_000);
        let asked = GeoInstall { from: Vec::new(), data: None, to: None, mirror: None, patience: None };
        let urls: Vec<_> = wanted(&asked, now)
            .unwrap()
            .into_iter()
            .flat_map(|wanted| match wanted {
                Wanted::Fetched(urls) => urls,
                Wanted::Copied { .. } => panic!("nothing is to be copied"),
            })
            .collect();
        assert_eq!(
            urls,
            [
                "https://download.db-ip.com/free/dbip-city-lite-2024-01.mmdb.gz",
                "https://download.db-ip.com/free/dbip-city-lite-2023-12.mmdb.gz",
                "https://download.db-ip.com/free/dbip-asn-lite-2024-01.mmdb.gz",
                "https://download.db-ip.com/free/dbip-asn-lite-2023-12.mmdb.gz",
            ]
        );
        let asked = |from: &str| GeoInstall { from: vec![from.into()], ..asked.clone() };
        assert!(wanted(&asked("ftp://x/y"), now).unwrap_err().contains("is no address"));
        assert!(wanted(&asked("/missing/x.mmdb"), now).unwrap_err().starts_with("/missing/x.mmdb: "));
        assert!(is_encrypted(&parse(HOME).unwrap()));
    }
}
