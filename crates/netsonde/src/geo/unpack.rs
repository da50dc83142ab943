//! Unpacking what was fetched, and putting it in its place.

use std::fs::{self, File, OpenOptions, Permissions};
use std::io::{self, BufRead as _, BufReader, Read, Write as _};
use std::os::unix::fs::PermissionsExt as _;
use std::path::Path;

use flate2::bufread::MultiGzDecoder;
use netsonde_geolocation::MAX_DATABASE_BYTES;
use netsonde_messages::PlaceDatabase;

use super::download::beside;
use super::name;
use crate::signals::Stop;

/// How a packed file begins (RFC 1952 section 2.3.1).
const GZIP: [u8; 2] = [0x1f, 0x8b];
/// Where the archives of tar(5) say that they are some, and what.
const TAR: (usize, &[u8]) = (257, b"ustar");
/// What is unpacked at once.
const PIECE: usize = 256 << 10;
/// Whoever may pass through the folder may read it.
const MODE: u32 = 0o644;

/// What keeps a file from being put in its place.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Unfit {
    /// It will not be another file by trying again.
    Content(String),
    /// It could be tried again.
    Place(String),
}

/// Unpacks a file and puts it in its place at once, once it is known to be a database.
///
/// # Errors
///
/// Why it is not there; what was there before is as it was.
pub(super) fn put(from: impl Read, place: &Path, stop: &Stop) -> Result<PlaceDatabase, Unfit> {
    let new = beside(place, ".new");
    let placed = unpack(from, &new, stop).and_then(|content| {
        let database = checked(&name(place), &content).map_err(Unfit::Content)?;
        exchange(&new, place).map_err(|error| Unfit::Place(format!("{}: {error}", place.display())))?;
        Ok(database)
    });
    if placed.is_err() {
        let _ = fs::remove_file(&new);
    }
    placed
}

/// Unpacks what is packed, and copies what is not. What comes out is written and returned.
fn unpack(from: impl Read, to: &Path, stop: &Stop) -> Result<Vec<u8>, Unfit> {
    let mut from = BufReader::new(from);
    let broken = |error: io::Error| Unfit::Content(format!("what was packed is damaged: {error}"));
    let is_packed = from.fill_buf().map_err(broken)?.starts_with(&GZIP);
    let mut from: Box<dyn Read> =
        if is_packed { Box::new(MultiGzDecoder::new(from)) } else { Box::new(from) };
    let not_written = |error: io::Error| Unfit::Place(format!("cannot write {}: {error}", to.display()));
    let mut file = created(to).map_err(not_written)?;
    let (mut content, mut piece) = (Vec::new(), vec![0; PIECE]);
    loop {
        if stop.asked() {
            return Err(Unfit::Place("stopped by a signal".into()));
        }
        let length = from.read(&mut piece).map_err(broken)?;
        let read = piece.get(..length).unwrap_or_default();
        if read.is_empty() {
            break;
        }
        if content.len() as u64 + read.len() as u64 > MAX_DATABASE_BYTES {
            return Err(Unfit::Content(format!(
                "unpacked it has more than {} MiB, which no database has",
                MAX_DATABASE_BYTES >> 20
            )));
        }
        content.extend_from_slice(read);
        file.write_all(read).map_err(not_written)?;
    }
    file.sync_all().map_err(not_written)?;
    Ok(content)
}

fn created(path: &Path) -> io::Result<File> {
    match fs::remove_file(path) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error),
        _ => {}
    }
    let file = OpenOptions::new().write(true).create_new(true).open(path)?;
    // Whatever the umask.
    file.set_permissions(Permissions::from_mode(MODE))?;
    Ok(file)
}

/// Reads the whole database, and says what it is.
fn checked(name: &str, content: &[u8]) -> Result<PlaceDatabase, String> {
    let (at, word) = TAR;
    if content.get(at..).is_some_and(|rest| rest.starts_with(word)) {
        return Err("it is an archive: unpack it with `tar -xf`, and give the .mmdb in it".into());
    }
    netsonde_geolocation::check(name, content)
}

/// Puts a file in the place of another, so that there is always one of them.
fn exchange(new: &Path, place: &Path) -> io::Result<()> {
    fs::rename(new, place)?;
    // That it is there is in the folder, which is on the disk only then.
    place.parent().map_or(Ok(()), |folder| File::open(folder)?.sync_all())
}
