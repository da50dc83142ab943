//! The folder for what the program keeps.

use std::fs::{self, DirBuilder};
use std::io;
use std::os::unix::fs::{DirBuilderExt as _, PermissionsExt as _};
use std::path::{Path, PathBuf};

use netsonde_messages::Check;

use super::{no, note, ok};
use crate::{sandbox, uploads};
use netsonde_units::quantity::bytes;

const NAME: &str = "disk";
/// What lets others put files in the place of ours.
const OTHERS_MAY_WRITE: u32 = 0o022;
/// What to do where the folder will not do.
const ANOTHER: &str = "--data DIR chooses a folder of this user";

/// What was found of the folder.
#[derive(Debug)]
pub(super) struct Tried {
    folder: PathBuf,
    found: Result<Found, String>,
}

#[derive(Debug, PartialEq, Eq)]
struct Found {
    /// Whether it is there already, or could be made.
    exists: bool,
    /// Whether others may write in it.
    open_to_others: bool,
    /// The room for files, in bytes.
    free: u64,
}

/// Tries what `serve` does with the folder, and leaves everything as it was.
pub(super) fn look(folder: &Path) -> Tried {
    let folder = std::path::absolute(folder).unwrap_or_else(|_| folder.into());
    Tried { found: tried(&folder).map_err(|error| error.to_string()), folder }
}

/// Judges the folder, and whether an upload of `upload_max` bytes has room.
pub(super) fn check(tried: &Tried, upload_max: u64) -> Check {
    let folder = tried.folder.display();
    let found = match &tried.found {
        Ok(found) => found,
        Err(problem) => {
            return no(NAME, format!("captures cannot be uploaded to {folder}: {problem}"), ANOTHER);
        }
    };
    let free = bytes(found.free);
    if found.open_to_others {
        no(NAME, format!("others may write in {folder}"), format!("chmod go-w '{folder}'"))
    } else if found.free == 0 {
        no(NAME, format!("the disk of {folder} is full"), ANOTHER)
    } else if found.free < upload_max {
        let largest = bytes(upload_max);
        note(NAME, format!("{folder} has {free} free, less than the largest upload may have ({largest})"))
    } else if found.exists {
        ok(NAME, format!("{folder} is ours and has {free} free"))
    } else {
        ok(NAME, format!("{folder} can be made and has {free} free"))
    }
}

fn tried(folder: &Path) -> io::Result<Found> {
    let there = folder.ancestors().find(|above| above.exists()).unwrap_or(folder);
    if !there.is_dir() {
        return Err(io::Error::new(
            io::ErrorKind::NotADirectory,
            format!("{} is no folder", there.display()),
        ));
    }
    let exists = there == folder;
    let mut open_to_others = false;
    if exists {
        let user = uploads::user(folder)?;
        for ours in [folder, &folder.join("uploads")].into_iter().filter(|ours| ours.exists()) {
            uploads::refuse_folder_of_another(ours, user)?;
            open_to_others |= fs::metadata(ours)?.permissions().mode() & OTHERS_MAY_WRITE != 0;
        }
        reached(folder)?;
    } else {
        // A folder is made and removed, rather than the one that is missing: that comes with the first upload.
        let trial = there.join(format!(".{}", uploads::name()));
        DirBuilder::new().mode(uploads::FOLDER_MODE).create(&trial)?;
        let reached = reached(&trial);
        fs::remove_dir(&trial)?;
        reached?;
    }
    let disk = rustix::fs::statvfs(there)?;
    Ok(Found { exists, open_to_others, free: disk.f_bavail.saturating_mul(disk.f_frsize) })
}

/// Looks into the folder as the program will: root, too, without its rights cannot pass through what is closed to it.
fn reached(folder: &Path) -> io::Result<()> {
    let looked = sandbox::without_capabilities(|| fs::read_dir(folder).map(drop));
    looked.unwrap_or_else(|problem| Err(io::Error::other(problem)))
}

#[cfg(test)]
mod tests {
    use netsonde_messages::Outcome;

    use super::*;

    #[test]
    fn a_folder_of_ours_is_ok_and_one_that_is_missing_is_not_made() {
        let folder = tempfile::tempdir().unwrap();
        assert_eq!(check(&look(folder.path()), 1).outcome, Outcome::Ok);
        let missing = folder.path().join("share/netsonde");
        let judged = check(&look(&missing), 1);
        assert!(judged.outcome == Outcome::Ok && judged.finding.contains("can be made"), "{judged:?}");
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 0);
    }

    #[test]
    fn a_file_in_its_place_and_a_folder_that_others_write_in_say_no() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("file");
        fs::write(&file, "").unwrap();
        for path in [&file, &file.join("below")] {
            let judged = check(&look(path), 1);
            assert!(
                judged.outcome == Outcome::No && judged.finding.ends_with("file is no folder"),
                "{judged:?}"
            );
        }
        fs::set_permissions(folder.path(), fs::Permissions::from_mode(0o777)).unwrap();
        let judged = check(&look(folder.path()), 1);
        assert!(judged.outcome == Outcome::No && judged.mend.unwrap().starts_with("chmod go-w"));
    }

    #[test]
    fn less_room_than_the_largest_upload_is_noted_and_none_says_no() {
        let judged = |free| {
            let found = Ok(Found { exists: true, open_to_others: false, free });
            check(&Tried { folder: "/data".into(), found }, 1_000)
        };
        assert_eq!(
            [0, 999, 1_000].map(|free| judged(free).outcome),
            [Outcome::No, Outcome::Note, Outcome::Ok]
        );
    }
}
