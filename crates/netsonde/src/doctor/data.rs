//! The folder for what the program keeps.

use std::io;
use std::path::{Path, PathBuf};

use netsonde_messages::Check;
use netsonde_units::quantity::bytes;

use super::{no, note, ok};
use crate::uploads;

const NAME: &str = "disk";
/// What to do where the folder will not do: whoever shares it may need it as it is.
const ANOTHER: &str = "--data DIR chooses a folder that is this user's alone";

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
    if found.free == 0 {
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
    uploads::rehearse(folder)?;
    let disk = rustix::fs::statvfs(there)?;
    Ok(Found { exists: there == folder, free: disk.f_bavail.saturating_mul(disk.f_frsize) })
}

#[cfg(test)]
mod tests {
    use std::fs;
    use std::os::unix::fs::PermissionsExt as _;

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
        assert!(judged.outcome == Outcome::No && judged.mend.unwrap().starts_with("--data"));
        // As the folder for temporary files is.
        fs::set_permissions(folder.path(), fs::Permissions::from_mode(0o1777)).unwrap();
        assert_eq!(check(&look(folder.path()), 1).outcome, Outcome::Ok);
    }

    #[test]
    fn a_file_in_the_place_of_the_uploads_says_no() {
        let folder = tempfile::tempdir().unwrap();
        fs::write(folder.path().join("uploads"), "").unwrap();
        let judged = check(&look(folder.path()), 1);
        assert!(judged.outcome == Outcome::No && judged.finding.contains("uploads"), "{judged:?}");
        assert!(folder.path().join("uploads").is_file());
    }

    #[test]
    fn less_room_than_the_largest_upload_is_noted_and_none_says_no() {
        let judged = |free| {
            let found = Ok(Found { exists: true, free });
            check(&Tried { folder: "/data".into(), found }, 1_000)
        };
        assert_eq!(
            [0, 999, 1_000].map(|free| judged(free).outcome),
            [Outcome::No, Outcome::Note, Outcome::Ok]
        );
    }
}
