//! The folder for uploaded captures.

use std::fs::{self, DirBuilder, File, OpenOptions, TryLockError};
use std::hash::{BuildHasher as _, RandomState};
use std::io::{self, ErrorKind};
use std::os::unix::fs::{DirBuilderExt as _, MetadataExt as _, OpenOptionsExt as _};
use std::path::{Path, PathBuf};

use crate::sandbox;

/// Nobody else may look into the folders, whatever the umask.
const FOLDER_MODE: u32 = 0o700;
/// Nor into the files.
const FILE_MODE: u32 = 0o600;
/// What lets others put files in a folder.
const OTHERS_MAY_WRITE: u32 = 0o022;
/// What keeps them from renaming and removing those of somebody else there.
const STICKY: u32 = 0o1000;
/// The file in each folder that its program holds locked until it ends, in whatever way.
const LOCK: &str = "lock";
/// The page that leads a browser to the dashboard.
const START_PAGE: &str = "start.html";
/// Digits of a folder's name.
const NAME_LENGTH: usize = 16;

/// The folder for uploads of this run alone; removed with all it holds at the end.
///
/// Whatever ends the program without a chance to do that, the lock ends with it: the next run removes the folder. A
/// number of the process would not do for a name, since containers that share a volume all have number 1.
#[derive(Debug)]
pub(crate) struct Uploads {
    folder: PathBuf,
    /// The lock of the folder, which ends when it is dropped.
    made: io::Result<File>,
}

impl Uploads {
    /// Makes the folder in the one where the program keeps its data, and removes those of runs that are over. That may
    /// fail: all but uploads works without.
    pub(crate) fn make(data: &Path) -> Self {
        let above = data.join("uploads");
        let folder = above.join(name());
        let made = make(data, &above, &folder);
        Self { folder, made }
    }

    /// Returns where it is.
    pub(crate) fn folder(&self) -> &Path {
        &self.folder
    }

    /// Writes a page that sends a browser on to `url`, which only this user may read, and returns where it is.
    pub(crate) fn write_start_page(&self, url: &str) -> io::Result<PathBuf> {
        // Who opens it may be in another folder.
        let path = std::path::absolute(self.folder.join(START_PAGE))?;
        let url = escaped(url);
        let page = format!(
            "<!doctype html><meta charset=\"utf-8\"><meta name=\"referrer\" content=\"no-referrer\">\
             <meta http-equiv=\"refresh\" content=\"0;url={url}\"><a href=\"{url}\">netsonde</a>\n"
        );
        io::Write::write_all(&mut create(&path)?, page.as_bytes())?;
        Ok(path)
    }

    /// Warns where captures cannot be uploaded: root, too, without its rights cannot pass through a folder that is
    /// closed to others.
    pub(crate) fn check(&self) {
        let problem = match &self.made {
            Ok(_) => self.folder.metadata().err().map(|error| error.to_string()),
            Err(error) => Some(error.to_string()),
        };
        if let Some(problem) = problem {
            let folder = self.folder.display();
            tracing::warn!(
                "captures cannot be uploaded: {folder}: {problem}; --data DIR chooses another folder"
            );
        }
    }
}

impl Drop for Uploads {
    fn drop(&mut self) {
        if self.made.is_err() {
            return;
        }
        match fs::remove_dir_all(&self.folder) {
            Err(error) if error.kind() != ErrorKind::NotFound => {
                tracing::warn!("uploaded captures stay in {}: {error}", self.folder.display());
            }
            _ => {}
        }
    }
}

/// Tries whether captures can be uploaded, and leaves everything as it was: `data` must be an absolute path.
///
/// # Errors
///
/// What [`Uploads::check`] would warn of.
pub(crate) fn rehearse(data: &Path) -> io::Result<()> {
    let above = data.join("uploads");
    let missing: Vec<&Path> = above.ancestors().take_while(|path| !path.exists()).collect();
    let had_lock = data.join(LOCK).exists();
    let tried = share(data, &above).and_then(|starting| {
        // A run that starts takes a folder that nobody has locked yet for one that is left over.
        let _ = starting.lock();
        let folder = above.join(name());
        DirBuilder::new().mode(FOLDER_MODE).create(&folder)?;
        // Its captures come from a thread without rights, which cannot pass through what is closed to others.
        let written = sandbox::without_capabilities(|| create(&folder.join(LOCK)).map(drop));
        fs::remove_dir_all(&folder)?;
        written.map_err(io::Error::other)?
    });
    if !had_lock {
        let _ = fs::remove_file(data.join(LOCK));
    }
    // One into which somebody else has put something meanwhile stays.
    for made in missing {
        let _ = fs::remove_dir(made);
    }
    tried
}

/// Makes the folder and returns its lock, held.
fn make(data: &Path, above: &Path, folder: &Path) -> io::Result<File> {
    // Two that start at once: one would take the other's folder, not locked yet, for one that is left over.
    let starting = share(data, above)?;
    if let Err(error) = starting.lock() {
        // Where there are no locks, nothing is known to be left over.
        tracing::debug!("{} has no locks: {error}", data.display());
    } else {
        remove_left_over(above);
    }
    DirBuilder::new().mode(FOLDER_MODE).create(folder)?;
    let lock = create(&folder.join(LOCK))?;
    if let Err(error) = lock.lock() {
        tracing::debug!("{} has no locks: {error}", folder.display());
    }
    Ok(lock)
}

/// Makes the folders that all runs share, and returns the file that one of them locks while it starts.
fn share(data: &Path, above: &Path) -> io::Result<File> {
    let user = user(data)?;
    for shared in [data, above] {
        let made = DirBuilder::new().recursive(true).mode(FOLDER_MODE).create(shared);
        made.map_err(|error| io::Error::new(error.kind(), format!("{}: {error}", shared.display())))?;
        refuse_folder_of_others(shared, user)?;
    }
    OpenOptions::new().write(true).create(true).mode(FILE_MODE).open(data.join(LOCK))
}

/// Returns who the system takes this program for, which it tells by the owner of a new file.
fn user(data: &Path) -> io::Result<u32> {
    DirBuilder::new().recursive(true).mode(FOLDER_MODE).create(data)?;
    let path = data.join(name());
    let owner = create(&path)?.metadata().map(|metadata| metadata.uid());
    fs::remove_file(&path)?;
    owner
}

/// Refuses to keep captures where somebody else could put others in their place.
///
/// In a sticky folder, such as the one for temporary files, that is up to who owns a file, whoever may write
/// (`inode(7)`).
fn refuse_folder_of_others(folder: &Path, user: u32) -> io::Result<()> {
    let found = folder.metadata()?;
    let (owner, mode) = (found.uid(), found.mode());
    let folder = folder.display();
    let problem = if owner != user {
        format!("{folder} belongs to user {owner}, and this program runs as user {user}")
    } else if mode & OTHERS_MAY_WRITE != 0 && mode & STICKY == 0 {
        format!("others may write in {folder} (mode {:03o})", mode & 0o777)
    } else {
        return Ok(());
    };
    Err(io::Error::new(ErrorKind::PermissionDenied, problem))
}

/// Removes the folders of runs that are over, and nothing that does not look like one.
fn remove_left_over(above: &Path) {
    for entry in above.read_dir().into_iter().flatten().flatten() {
        let is_folder = entry.file_type().is_ok_and(|kind| kind.is_dir());
        if !(is_folder && entry.file_name().to_str().is_some_and(is_name)) {
            continue;
        }
        let folder = entry.path();
        let removed = match OpenOptions::new().write(true).open(folder.join(LOCK)) {
            Ok(lock) => match lock.try_lock() {
                Ok(()) => fs::remove_dir_all(&folder),
                Err(TryLockError::WouldBlock) => continue,
                Err(TryLockError::Error(error)) => Err(error),
            },
            // It was begun only: there is nothing in it, or it is not removed.
            Err(error) if error.kind() == ErrorKind::NotFound => fs::remove_dir(&folder),
            Err(error) => Err(error),
        };
        match removed {
            Ok(()) => tracing::info!("uploads of an earlier run are removed: {}", folder.display()),
            // Its program ended it at this moment.
            Err(error) if error.kind() == ErrorKind::NotFound => {}
            Err(error) => {
                tracing::warn!("uploads of an earlier run stay in {}: {error}", folder.display());
            }
        }
    }
}

fn create(path: &Path) -> io::Result<File> {
    OpenOptions::new().write(true).create_new(true).mode(FILE_MODE).open(path)
}

/// Returns a name that no other run has. It need not be a secret: the folders above are closed.
fn name() -> String {
    format!("{:0NAME_LENGTH$x}", RandomState::new().hash_one(std::process::id()))
}

fn is_name(name: &str) -> bool {
    name.len() == NAME_LENGTH && name.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f'))
}

/// Writes a text so that it is one in HTML, also between quotes.
fn escaped(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for letter in text.chars() {
        match letter {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '"' => escaped.push_str("&quot;"),
            '\'' => escaped.push_str("&#39;"),
            letter => escaped.push(letter),
        }
    }
    escaped
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::{PermissionsExt as _, chown};

    use super::*;

    fn mode(path: &Path) -> u32 {
        path.metadata().unwrap().permissions().mode() & 0o777
    }

    #[test]
    fn nobody_else_may_look_into_what_is_made() {
        let folder = tempfile::tempdir().unwrap();
        let data = folder.path().join("share/netsonde");
        let uploads = Uploads::make(&data);
        for made in [&folder.path().join("share"), &data, &data.join("uploads"), &uploads.folder] {
            assert_eq!(mode(made), 0o700, "{}", made.display());
        }
        assert_eq!(mode(&uploads.folder.join(LOCK)), 0o600);
        let page = uploads.write_start_page("http://h/#token=\"><script>'&").unwrap();
        assert_eq!(mode(&page), 0o600);
        let text = fs::read_to_string(page).unwrap();
        assert!(text.contains("0;url=http://h/#token=&quot;&gt;&lt;script&gt;&#39;&amp;\""), "{text}");
    }

    #[test]
    fn runs_on_one_volume_leave_each_other_alone_and_remove_what_is_left_over() {
        let data = tempfile::tempdir().unwrap();
        let above = data.path().join("uploads");
        let first = Uploads::make(data.path());
        // What a killed run leaves: a folder whose lock is free, or one that was begun only.
        let (killed, begun) = (above.join("0123456789abcdef"), above.join("0000000000000000"));
        fs::create_dir(&killed).unwrap();
        fs::create_dir(&begun).unwrap();
        fs::write(killed.join(LOCK), "").unwrap();
        fs::write(killed.join("capture"), "packets").unwrap();
        // What somebody else keeps in a folder of that name.
        let kept = [above.join("holiday"), above.join("fedcba9876543210")];
        for folder in &kept {
            fs::create_dir(folder).unwrap();
            fs::write(folder.join("photo"), "").unwrap();
        }

        let second = Uploads::make(data.path());
        assert!(!killed.exists() && !begun.exists());
        assert!(kept.iter().all(|folder| folder.join("photo").exists()));
        assert_ne!(first.folder, second.folder);
        let (first, second) = (first.folder.clone(), {
            drop(first);
            second
        });
        assert!(!first.exists() && second.folder.join(LOCK).exists());
    }

    #[test]
    fn a_folder_that_others_write_in_is_refused_unless_it_is_sticky_and_a_trial_says_the_same() {
        for ours in ["", "uploads"] {
            let data = tempfile::tempdir().unwrap();
            fs::create_dir(data.path().join("uploads")).unwrap();
            let ours = data.path().join(ours);
            for (mode, is_refused) in
                [(0o770, true), (0o707, true), (0o2775, true), (0o1777, false), (0o755, false)]
            {
                fs::set_permissions(&ours, fs::Permissions::from_mode(mode)).unwrap();
                let tried = rehearse(data.path());
                let made = Uploads::make(data.path());
                assert_eq!((tried.is_err(), made.made.is_err()), (is_refused, is_refused), "{mode:o}");
                if let (Err(tried), Err(refused)) = (&tried, &made.made) {
                    assert_eq!(tried.to_string(), refused.to_string());
                    assert!(refused.to_string().starts_with("others may write in "), "{refused}");
                }
            }
        }
    }

    #[test]
    fn a_trial_leaves_everything_as_it_was() {
        let folder = tempfile::tempdir().unwrap();
        rehearse(&folder.path().join("share/netsonde")).unwrap();
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 0);
        // What a killed run leaves may be what somebody is about to look for.
        let killed = folder.path().join("uploads/0123456789abcdef");
        fs::create_dir_all(&killed).unwrap();
        fs::write(folder.path().join(LOCK), "").unwrap();
        rehearse(folder.path()).unwrap();
        assert!(killed.exists() && folder.path().join(LOCK).exists());
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 2);
        assert_eq!(fs::read_dir(folder.path().join("uploads")).unwrap().count(), 1);
    }

    #[test]
    fn a_folder_of_somebody_else_is_refused() {
        for theirs in ["", "uploads"] {
            let data = tempfile::tempdir().unwrap();
            let theirs = data.path().join(theirs);
            // They may have run the program there.
            fs::create_dir_all(data.path().join("uploads")).unwrap();
            fs::write(data.path().join(LOCK), "").unwrap();
            chown(data.path().join(LOCK), Some(65_534), None).unwrap_or_default();
            if let Err(error) = chown(&theirs, Some(65_534), Some(65_534)) {
                eprintln!("UPLOADS TEST SKIPPED, needs root: {error}");
                return;
            }
            let refused = Uploads::make(data.path());
            let refused = refused.made.as_ref().unwrap_err().to_string();
            assert!(refused.contains("belongs to user 65534, and this program runs as user 0"), "{refused}");
            // Nor is anything left there.
            let names = fs::read_dir(data.path()).unwrap().map(|entry| entry.unwrap().file_name());
            assert_eq!(names.filter(|name| name != LOCK && name != "uploads").count(), 0);
            assert_eq!(fs::read_dir(data.path().join("uploads")).unwrap().count(), 0);
        }
    }
}
