//! Fetching a file over HTTP, going on from where it broke off (RFC 9110 sections 13.1.5 and 14).

use std::fs::{self, File, OpenOptions};
use std::io::{self, Read as _, Write as _};
use std::path::{Path, PathBuf};
use std::sync::mpsc::{Receiver, RecvTimeoutError, SyncSender, sync_channel};
use std::thread;
use std::time::Duration;

use netsonde_geolocation::MAX_DATABASE_BYTES;
use serde::{Deserialize, Serialize};
use ureq::http::{HeaderMap, Response, StatusCode, Uri, header};
use ureq::tls::TlsConfig;
use ureq::{Agent, Body, Error, Timeout};

use super::location::{parse, redirected};
use crate::clock;
use crate::output::Bar;
use crate::patience::LOOK_EVERY;
use crate::signals::Stop;

/// How often a server may send elsewhere.
const REDIRECTIONS_MAX: usize = 5;
/// What is read at once.
const PIECE: usize = 64 << 10;
/// How many pieces wait to be written at most.
const PIECES_WAITING: usize = 16;
/// Who we say we are.
const NAME: &str = concat!("netsonde/", env!("CARGO_PKG_VERSION"));

/// How files are fetched.
#[derive(Clone, Debug)]
pub(super) struct Line {
    /// How connections are encrypted.
    pub(super) tls: TlsConfig,
    /// How long nothing may come.
    pub(super) patience: Duration,
}

/// What came of fetching.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Fetched {
    /// The whole file is there.
    Whole,
    /// The server has no such file.
    Missing,
}

/// The part of a file that is there already, and what tells whether the server still has the rest of it.
#[derive(Debug)]
pub(super) struct Part {
    path: PathBuf,
}

/// What is known of a part, as its file of notes says.
#[derive(Debug, PartialEq, Eq, Serialize, Deserialize)]
struct Notes {
    /// Where it is from.
    url: String,
    /// The strong entity tag, or the date of the last change, that the whole had.
    validator: String,
    /// The length of the whole, where the server told.
    total: Option<u64>,
}

impl Part {
    /// Names the part of the file that is to be at `place`.
    pub(super) fn of(place: &Path) -> Self {
        Self { path: beside(place, ".part") }
    }

    /// Returns where it is.
    pub(super) fn path(&self) -> &Path {
        &self.path
    }

    /// Removes it, and what is known of it.
    pub(super) fn remove(&self) -> io::Result<()> {
        for path in [&self.path, &self.notes_path()] {
            match fs::remove_file(path) {
                Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error),
                _ => {}
            }
        }
        Ok(())
    }

    fn notes_path(&self) -> PathBuf {
        beside(&self.path, ".json")
    }

    /// Returns how much there is of what `url` names, and what is known of it; none where it cannot be gone on with.
    fn notes(&self, url: &str) -> Option<(u64, Notes)> {
        let length = self.path.metadata().ok().map(|found| found.len()).filter(|length| *length > 0)?;
        let notes: Notes = serde_json::from_slice(&fs::read(self.notes_path()).ok()?).ok()?;
        let fits = notes.url == url && notes.total.is_none_or(|total| length <= total);
        fits.then_some((length, notes))
    }

    /// Opens it to be written: anew, or behind what is there.
    fn open(&self, head: &Head, url: &str) -> io::Result<File> {
        if head.from > 0 {
            return OpenOptions::new().append(true).open(&self.path);
        }
        self.remove()?;
        let file = OpenOptions::new().write(true).create_new(true).open(&self.path)?;
        // Without a validator nobody could tell later whether the rest is the rest of this.
        if let Some(validator) = head.validator.clone() {
            let notes = Notes { url: url.to_owned(), validator, total: head.total };
            fs::write(self.notes_path(), serde_json::to_vec(&notes)?)?;
        }
        Ok(file)
    }
}

/// Returns the path of a file beside another, by what its name has in addition.
pub(super) fn beside(path: &Path, ending: &str) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(ending);
    name.into()
}

/// How an answer begins.
#[derive(Debug)]
struct Head {
    /// Where in the file it begins.
    from: u64,
    /// The length of the whole file, where the server tells.
    total: Option<u64>,
    validator: Option<String>,
}

/// What comes from the server.
enum Arrival {
    Missing,
    Head(Head),
    Piece(Vec<u8>),
    End,
}

/// Fetches a file into its part, from where that ends.
///
/// # Errors
///
/// Why it is not whole; what there is of it stays, and the next call goes on from there.
pub(super) fn fetch(line: &Line, url: &str, part: &Part, stop: &Stop) -> Result<Fetched, String> {
    let kept = part.notes(url);
    if kept.as_ref().is_some_and(|(length, notes)| notes.total == Some(*length)) {
        return Ok(Fetched::Whole);
    }
    let agent = agent(line);
    let (tells, arrivals) = sync_channel(PIECES_WAITING);
    let (called, uri) = (agent.clone(), parse(url)?);
    let calls = move || {
        if let Err(problem) = call(&called, uri, kept, &tells) {
            let _ = tells.send(Err(problem));
        }
    };
    let spawned = thread::Builder::new().name("download".into()).spawn(calls);
    spawned.map_err(|error| format!("cannot start the thread that fetches: {error}"))?;
    let written = write(&arrivals, url, part, stop, line.patience);
    // Whatever it waits for, nobody does any more.
    agent.shutdown();
    written
}

fn agent(line: &Line) -> Agent {
    Agent::config_builder()
        .tls_config(line.tls.clone())
        .user_agent(NAME)
        .http_status_as_error(false)
        .max_redirects(0)
        .max_redirects_will_error(false)
        // Where the user's other programs go by a way round is not told here.
        .proxy(None)
        .build()
        .new_agent()
}

/// Writes down what comes.
fn write(
    arrivals: &Receiver<Result<Arrival, String>>,
    url: &str,
    part: &Part,
    stop: &Stop,
    patience: Duration,
) -> Result<Fetched, String> {
    let mut open: Option<(File, u64, Option<u64>)> = None;
    let mut bar = Bar::default();
    let path = part.path().display().to_string();
    let not_written = |error: io::Error| format!("cannot write {path}: {error}");
    loop {
        match (next(arrivals, stop, patience)?, &mut open) {
            (Arrival::Missing, _) => return Ok(Fetched::Missing),
            (Arrival::Head(head), _) => {
                if head.total.is_some_and(|total| total > MAX_DATABASE_BYTES) {
                    return Err(too_large());
                }
                open = Some((part.open(&head, url).map_err(not_written)?, head.from, head.total));
            }
            (Arrival::Piece(piece), Some((file, length, total))) => {
                *length += piece.len() as u64;
                if *length > MAX_DATABASE_BYTES {
                    part.remove().map_err(not_written)?;
                    return Err(too_large());
                }
                file.write_all(&piece).map_err(not_written)?;
                if let Some(total) = total {
                    bar.advance(&path, *length, *total);
                }
            }
            (Arrival::End, Some((file, length, total))) => {
                if total.is_some_and(|total| total != *length) {
                    return Err("the connection broke off".into());
                }
                file.sync_all().map_err(not_written)?;
                return Ok(Fetched::Whole);
            }
            (Arrival::Piece(_) | Arrival::End, None) => return Err("the answer has no beginning".into()),
        }
    }
}

fn too_large() -> String {
    format!("it has more than {} MiB, which no database has", MAX_DATABASE_BYTES >> 20)
}

/// Waits for what comes next, until a signal comes or nothing has for too long.
fn next(
    arrivals: &Receiver<Result<Arrival, String>>,
    stop: &Stop,
    patience: Duration,
) -> Result<Arrival, String> {
    let until = clock::monotonic() + patience;
    loop {
        match arrivals.recv_timeout(LOOK_EVERY) {
            Ok(arrival) => return arrival,
            Err(RecvTimeoutError::Disconnected) => return Err("the thread that fetches broke off".into()),
            Err(RecvTimeoutError::Timeout) if stop.asked() => return Err("stopped by a signal".into()),
            Err(RecvTimeoutError::Timeout) if clock::monotonic() >= until => {
                return Err(format!("nothing has come for {} s", patience.as_secs()));
            }
            Err(RecvTimeoutError::Timeout) => {}
        }
    }
}

/// Asks for what is missing of a file, wherever the server sends to, and tells what comes.
fn call(
    agent: &Agent,
    mut uri: Uri,
    kept: Option<(u64, Notes)>,
    tells: &SyncSender<Result<Arrival, String>>,
) -> Result<(), String> {
    // Nobody may be listening any more.
    let tell = |arrival| tells.send(Ok(arrival)).is_ok();
    let mut kept = kept;
    let mut redirections = 0;
    loop {
        let mut request = agent.get(&uri).header(header::ACCEPT_ENCODING, "identity");
        if let Some((length, notes)) = &kept {
            request = request.header(header::RANGE, format!("bytes={length}-"));
            request = request.header(header::IF_RANGE, &notes.validator);
        }
        let answer = request.call().map_err(|error| problem(&error))?;
        let status = answer.status();
        if status.is_redirection() {
            redirections += 1;
            if redirections > REDIRECTIONS_MAX {
                return Err(format!("it leads elsewhere more than {REDIRECTIONS_MAX} times"));
            }
            let location =
                text(answer.headers(), header::LOCATION).ok_or("it leads elsewhere and not where")?;
            uri = redirected(&uri, &location)?;
            continue;
        }
        match status {
            StatusCode::OK => {
                let total = content_length(answer.headers());
                return pass(answer, 0, total, tell);
            }
            StatusCode::PARTIAL_CONTENT => {
                let rest = kept.take().and_then(|(from, notes)| rest(answer.headers(), from, &notes));
                if let Some((from, total)) = rest {
                    return pass(answer, from, Some(total), tell);
                }
            }
            // What is there is longer than what it has.
            StatusCode::RANGE_NOT_SATISFIABLE if kept.is_some() => kept = None,
            StatusCode::NOT_FOUND | StatusCode::GONE => {
                tell(Arrival::Missing);
                return Ok(());
            }
            status => return Err(format!("the server answers {status}")),
        }
        // Another part than the one asked for: all of it, from the beginning.
        redirections += 1;
        if redirections > REDIRECTIONS_MAX {
            return Err("the server answers with parts that nobody asked for".into());
        }
    }
}

/// Passes an answer on, piece by piece.
fn pass(
    answer: Response<Body>,
    from: u64,
    total: Option<u64>,
    tell: impl Fn(Arrival) -> bool,
) -> Result<(), String> {
    let head = Head { from, total, validator: validator(answer.headers()) };
    let mut goes_on = tell(Arrival::Head(head));
    let mut body = answer.into_body().into_with_config().limit(u64::MAX).reader();
    while goes_on {
        let mut piece = vec![0; PIECE];
        let length = body.read(&mut piece).map_err(|error| format!("the connection broke off: {error}"))?;
        piece.truncate(length);
        if length == 0 {
            tell(Arrival::End);
            break;
        }
        goes_on = tell(Arrival::Piece(piece));
    }
    Ok(())
}

/// Returns what tells later whether the file is still the same: a weak tag does not (RFC 9110 section 13.1.5).
fn validator(headers: &HeaderMap) -> Option<String> {
    let tag = text(headers, header::ETAG).filter(|tag| !tag.starts_with("W/"));
    tag.or_else(|| text(headers, header::LAST_MODIFIED))
}

fn content_length(headers: &HeaderMap) -> Option<u64> {
    text(headers, header::CONTENT_LENGTH)?.parse().ok()
}

/// Returns where in the file an answer begins and how long that is, where it is from `from` on and of the same file as what is
/// there (RFC 9110 sections 14.4 and 15.3.7.3): a server may pay no heed to what the file was to be.
fn rest(headers: &HeaderMap, from: u64, notes: &Notes) -> Option<(u64, u64)> {
    let range = text(headers, header::CONTENT_RANGE)?;
    let (range, total) = range.strip_prefix("bytes ")?.split_once('/')?;
    let first: u64 = range.split_once('-')?.0.parse().ok()?;
    let total: u64 = total.parse().ok()?;
    let is_same = validator(headers).as_ref() == Some(&notes.validator)
        && notes.total.is_none_or(|noted| noted == total);
    (is_same && first == from && from < total).then_some((from, total))
}

fn text(headers: &HeaderMap, name: header::HeaderName) -> Option<String> {
    headers.get(name)?.to_str().ok().map(Into::into)
}

/// Says what keeps a server from answering.
fn problem(error: &Error) -> String {
    match error {
        Error::HostNotFound => "its name is not known here".into(),
        Error::Timeout(Timeout::Connect | Timeout::Resolve) => "nobody answers at its address".into(),
        Error::Tls(_) | Error::Rustls(_) => format!("it is not known to be who it is: {error}"),
        Error::Io(error) if error.kind() == io::ErrorKind::ConnectionRefused => {
            "nobody listens at its address".into()
        }
        Error::Io(error) if error.kind() == io::ErrorKind::PermissionDenied => {
            "the program may not connect to its port, which is another than the one that was named".into()
        }
        error => error.to_string(),
    }
}
