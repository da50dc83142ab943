//! Which databases say where addresses are, where the capture is taken, and reading databases again when they are replaced.

mod age;
mod here;
mod watcher;

use std::fs::{self, DirBuilder, File, Metadata};
use std::io::{self, ErrorKind, Read as _};
use std::os::unix::fs::{DirBuilderExt as _, MetadataExt as _};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use netsonde_geolocation::{DatabaseFile, Locator, MAX_DATABASE_BYTES, MAX_DATABASES};
use netsonde_messages::PlaceDatabase;

pub(crate) use age::{month, months_before, past_days};
pub(crate) use here::{configured, demo, time_zone};
pub(crate) use watcher::Watcher;

use crate::config::Config;
use crate::ending::Failure;

/// The most databases that are read; the program brings one more.
const FILES_MAX: usize = MAX_DATABASES - 1;
/// The most that are told of, read or not.
const TOLD_MAX: usize = 3 * FILES_MAX;
/// Where programs that fetch databases put them (geoipupdate(1)), and where packages do.
const FOLDERS: [&str; 2] = ["/var/lib/GeoIP", "/usr/share/GeoIP"];
/// What a database's name ends in.
const ENDING: &str = "mmdb";
/// Databases are no secret: who may pass through the folder of data may read them.
const FOLDER_MODE: u32 = 0o755;
/// The folder of data is, as for uploads.
const DATA_MODE: u32 = 0o700;

/// Returns the folder that databases are installed in, in the one where the program keeps its data.
pub(crate) fn folder(data: &Path) -> PathBuf {
    data.join("geo")
}

/// Makes a folder for databases where it is missing, those above it as well.
pub(crate) fn make_folder(folder: &Path) -> io::Result<()> {
    if let Some(above) = folder.parent() {
        DirBuilder::new().recursive(true).mode(DATA_MODE).create(above)?;
    }
    DirBuilder::new().recursive(true).mode(FOLDER_MODE).create(folder)
}

/// Where databases are looked for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Sought {
    /// These files, and no others.
    Files(Vec<PathBuf>),
    /// All databases of these folders.
    Folders(Vec<PathBuf>),
}

impl Sought {
    /// Returns where the user has them looked for.
    pub(crate) fn of(config: &Config) -> Self {
        if config.geo_database.is_empty() {
            let ours = folder(&config.serve.data);
            Self::Folders([ours].into_iter().chain(FOLDERS.map(PathBuf::from)).collect())
        } else {
            Self::Files(config.geo_database.clone())
        }
    }

    /// Returns the folders that must be read to see that a database was replaced: one that takes the place of another is
    /// another file, which a right on the first does not cover.
    pub(crate) fn folders(&self) -> Vec<&Path> {
        match self {
            Self::Files(files) => files.iter().map(|file| above(file)).collect(),
            Self::Folders(folders) => folders.iter().map(PathBuf::as_path).collect(),
        }
    }

    /// Lists the files, in order of precedence.
    fn list(&self) -> Vec<PathBuf> {
        match self {
            Self::Files(files) => files.clone(),
            Self::Folders(folders) => folders.iter().flat_map(|folder| databases_in(folder)).collect(),
        }
    }
}

/// Returns the folder of a file; of one that is named without, the one in which the program runs.
fn above(file: &Path) -> &Path {
    match file.parent() {
        Some(folder) if !folder.as_os_str().is_empty() => folder,
        _ => Path::new("."),
    }
}

/// Lists the databases of a folder by name; of one that is missing or closed, none.
fn databases_in(folder: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder).into_iter().flatten().flatten();
    let is_database = |path: &PathBuf| path.extension().is_some_and(|ending| ending == ENDING);
    let mut files: Vec<_> = entries.map(|entry| entry.path()).filter(is_database).collect();
    files.sort_unstable();
    files
}

/// What tells that a file is another one, or was written to.
type Stamp = Result<(u64, u64, u64, i64, i64), ErrorKind>;

fn stamp(path: &Path) -> Stamp {
    let of = |found: Metadata| (found.dev(), found.ino(), found.len(), found.mtime(), found.mtime_nsec());
    path.metadata().map(of).map_err(|error| error.kind())
}

/// The databases as they were found last.
#[derive(Debug)]
pub(crate) struct Shelf {
    sought: Sought,
    /// What was there; none before the first look.
    seen: Option<Vec<(PathBuf, Stamp)>>,
}

impl Shelf {
    /// Makes one of which nothing is known yet.
    pub(crate) fn new(sought: Sought) -> Self {
        Self { sought, seen: None }
    }

    /// Reads all databases again if any was replaced, added or removed since the last look.
    pub(crate) fn look(&mut self) -> Option<Vec<DatabaseFile>> {
        let mut files = self.sought.list();
        files.truncate(TOLD_MAX);
        // Of before they are read: one that changes meanwhile is read again at the next look.
        let stamped = |path: PathBuf| {
            let stamp = stamp(&path);
            (path, stamp)
        };
        let found: Vec<_> = files.into_iter().map(stamped).collect();
        if self.seen.as_ref() == Some(&found) {
            return None;
        }
        let names: Vec<_> = found.iter().map(|(path, _)| name(path)).collect();
        let read = |(number, (path, _)): (usize, &(PathBuf, Stamp))| {
            let is_only = names.iter().filter(|other| **other == name(path)).count() < 2;
            let name = if is_only { name(path) } else { path.display().to_string() };
            let content = if number < FILES_MAX {
                read(path).map_err(|error| error.to_string())
            } else {
                Err(format!("it is left out: {FILES_MAX} databases are read"))
            };
            DatabaseFile { name, content }
        };
        let read = found.iter().enumerate().map(read).collect();
        self.seen = Some(found);
        Some(read)
    }
}

fn name(path: &Path) -> String {
    path.file_name().unwrap_or(path.as_os_str()).to_string_lossy().into_owned()
}

fn read(path: &Path) -> io::Result<Vec<u8>> {
    let found = path.metadata()?;
    if !found.is_file() {
        return Err(io::Error::other("it is no file"));
    }
    let mut content =
        Vec::with_capacity(usize::try_from(found.len().min(MAX_DATABASE_BYTES)).unwrap_or_default());
    File::open(path)?.take(MAX_DATABASE_BYTES + 1).read_to_end(&mut content)?;
    if content.len() as u64 > MAX_DATABASE_BYTES {
        return Err(io::Error::other(format!("it has more than {} MiB", MAX_DATABASE_BYTES >> 20)));
    }
    Ok(content)
}

/// Databases that are read and not understood yet: what strangers made is looked into when the rights are given up.
#[derive(Debug)]
pub(crate) struct Databases {
    files: Vec<DatabaseFile>,
    /// Those that the user named.
    named: Vec<PathBuf>,
}

impl Databases {
    /// Reads them, with the rights of the calling thread; the shelf tells later whether they were replaced.
    pub(crate) fn read(config: &Config) -> (Self, Shelf) {
        let sought = Sought::of(config);
        let named = if let Sought::Files(files) = &sought { files.clone() } else { Vec::new() };
        let mut shelf = Shelf::new(sought);
        let files = shelf.look().unwrap_or_default();
        (Self { files, named }, shelf)
    }

    /// Has them used from here on.
    ///
    /// # Errors
    ///
    /// One that the user named cannot be used.
    pub(crate) fn load(self, locator: &Locator) -> Result<(), Failure> {
        locator.set_databases(self.files);
        let databases = locator.databases();
        if let Some((file, problem)) = problems(&databases).next() {
            if !self.named.is_empty() {
                // Two of a name are told by their paths already.
                let path = self.named.iter().find(|path| name(path) == file);
                let file = path.map_or_else(|| file.to_owned(), |path| path.display().to_string());
                return Err(Failure::Failed(format!("{file}: {problem}")));
            }
            log(&databases);
        }
        Ok(())
    }

    /// Returns what says where addresses are, by them and by what the program brings.
    ///
    /// # Errors
    ///
    /// One that the user named cannot be used.
    pub(crate) fn locator(self) -> Result<Arc<Locator>, Failure> {
        let locator = Arc::<Locator>::default();
        self.load(&locator)?;
        Ok(locator)
    }
}

/// Returns which files cannot be used, and why.
pub(crate) fn problems(databases: &[PlaceDatabase]) -> impl Iterator<Item = (&str, &str)> {
    databases.iter().filter_map(|one| Some((one.file.as_deref()?, one.problem.as_deref()?)))
}

/// Tells the user which files cannot be used.
fn log(databases: &[PlaceDatabase]) {
    for (file, problem) in problems(databases) {
        tracing::warn!("database of places {file}: {problem}");
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(read: &[DatabaseFile]) -> Vec<&str> {
        read.iter().map(|file| file.name.as_str()).collect()
    }

    #[test]
    fn what_is_in_the_folders_is_read_once_and_again_when_it_is_another() {
        let folder = tempfile::tempdir().unwrap();
        let path = |name: &str| folder.path().join(name);
        fs::write(path("b.mmdb"), "b").unwrap();
        fs::write(path("a.mmdb"), "a").unwrap();
        fs::write(path("c.mmdb.part"), "half of it").unwrap();
        fs::create_dir(path("d.mmdb")).unwrap();
        let missing = path("missing");
        let mut shelf = Shelf::new(Sought::Folders(vec![missing, folder.path().to_owned()]));
        let read = shelf.look().unwrap();
        assert_eq!(names(&read), ["a.mmdb", "b.mmdb", "d.mmdb"]);
        assert_eq!(read[0].content.as_deref(), Ok(b"a".as_slice()));
        assert_eq!(read[2].content.as_ref().unwrap_err(), "it is no file");
        assert!(shelf.look().is_none());
        // Of the same length, and of a time that may be the same: another file.
        fs::write(path("new"), "z").unwrap();
        fs::rename(path("new"), path("a.mmdb")).unwrap();
        assert_eq!(shelf.look().unwrap()[0].content.as_deref(), Ok(b"z".as_slice()));
        fs::remove_file(path("b.mmdb")).unwrap();
        assert_eq!(names(&shelf.look().unwrap()), ["a.mmdb", "d.mmdb"]);
    }

    #[test]
    fn too_many_are_left_out_and_said_and_two_of_a_name_are_told_apart() {
        let folder = tempfile::tempdir().unwrap();
        for number in 0..=FILES_MAX {
            fs::write(folder.path().join(format!("{number:02}.mmdb")), "").unwrap();
        }
        let (one, other) = (folder.path().join("x/00.mmdb"), folder.path().join("00.mmdb"));
        let mut shelf = Shelf::new(Sought::Folders(vec![folder.path().to_owned()]));
        let read = shelf.look().unwrap();
        assert_eq!(read.len(), FILES_MAX + 1);
        assert_eq!(read[FILES_MAX].content.as_ref().unwrap_err(), "it is left out: 15 databases are read");
        let read = Shelf::new(Sought::Files(vec![one.clone(), other.clone()])).look().unwrap();
        assert_eq!(names(&read), [one.to_str().unwrap(), other.to_str().unwrap()]);
        assert!(read[0].content.is_err() && read[1].content.is_ok());
    }

    #[test]
    fn a_file_larger_than_any_database_is_not_read() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("large.mmdb");
        // Holes take no room on the disk.
        File::create(&path).unwrap().set_len(MAX_DATABASE_BYTES + 1).unwrap();
        let found = read(&path).map(drop).unwrap_err().to_string();
        assert_eq!(found, "it has more than 256 MiB");
    }

    #[test]
    fn a_file_without_a_folder_is_in_the_one_of_the_program() {
        let named = Sought::Files(vec!["city.mmdb".into(), "/a/b.mmdb".into()]);
        assert_eq!(named.folders(), [Path::new("."), Path::new("/a")]);
    }
}
