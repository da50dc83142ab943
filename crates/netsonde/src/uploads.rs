//! The folder for uploaded captures.

use std::path::{Path, PathBuf};
use std::{fs, io};

/// The folder for uploads of this process alone; removed with all it holds at the end.
#[derive(Debug)]
pub(crate) struct Uploads {
    folder: PathBuf,
    made: io::Result<()>,
}

impl Uploads {
    /// Makes the folder in the one where the program keeps its data. That may fail: all but uploads works without.
    pub(crate) fn make(data: &Path) -> Self {
        let folder = data.join("uploads").join(std::process::id().to_string());
        let made = fs::create_dir_all(&folder);
        Self { folder, made }
    }

    /// Returns where it is.
    pub(crate) fn folder(&self) -> &Path {
        &self.folder
    }

    /// Warns where captures cannot be uploaded: root, too, without its rights cannot pass through a folder that is
    /// closed to others.
    pub(crate) fn check(&self) {
        let problem = match &self.made {
            Ok(()) => self.folder.metadata().err().map(|error| error.to_string()),
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
            Err(error) if error.kind() != io::ErrorKind::NotFound => {
                tracing::warn!("uploaded captures stay in {}: {error}", self.folder.display());
            }
            _ => {}
        }
    }
}
