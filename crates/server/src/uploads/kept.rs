//! The captures on disk, and how many there may be.

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use super::{CAPTURES_MAX, Refused, TOGETHER, Upload};

/// Captures that arrived or arrive; clones are the same.
#[derive(Clone, Debug)]
pub(super) struct Kept {
    /// The largest capture, in bytes.
    most: u64,
    held: Arc<Mutex<Held>>,
}

#[derive(Debug, Default)]
struct Held {
    whole: BTreeMap<String, (Upload, u64)>,
    /// Those that are arriving included.
    captures: usize,
    bytes: u64,
}

/// A capture that is arriving; dropped before it is whole, nothing of it stays.
#[derive(Debug)]
pub(super) struct Arriving {
    kept: Kept,
    /// None once it is whole.
    upload: Option<Upload>,
    bytes: u64,
}

impl Kept {
    pub(super) fn new(most: u64) -> Self {
        Self { most, held: Arc::default() }
    }

    /// Gives a place to a capture that is announced with so many bytes; how many come is counted all the same.
    pub(super) fn arrive(&self, upload: Upload, announced: u64) -> Result<Arriving, Refused> {
        if announced > self.most {
            return Err(Refused::TooLarge { most: self.most });
        }
        let mut held = self.held();
        if held.captures >= CAPTURES_MAX {
            return Err(Refused::TooMany);
        }
        if held.bytes.saturating_add(announced) > self.most_together() {
            return Err(Refused::Full { most: self.most_together() });
        }
        held.captures += 1;
        Ok(Arriving { kept: self.clone(), upload: Some(upload), bytes: 0 })
    }

    pub(super) fn of(&self, id: &str) -> Option<Upload> {
        self.held().whole.get(id).map(|(upload, _)| upload.clone())
    }

    pub(super) fn drop_all(&self) {
        let mut held = self.held();
        for (upload, bytes) in std::mem::take(&mut held.whole).into_values() {
            held.captures -= 1;
            held.bytes -= bytes;
            remove(&upload.path);
        }
    }

    const fn most_together(&self) -> u64 {
        self.most.saturating_mul(TOGETHER)
    }

    fn held(&self) -> MutexGuard<'_, Held> {
        self.held.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Arriving {
    pub(super) fn path(&self) -> &Path {
        self.upload.as_ref().map_or(Path::new(""), |upload| &upload.path)
    }

    /// Counts bytes that came.
    pub(super) fn grow(&mut self, bytes: u64) -> Result<(), Refused> {
        let (most, most_together) = (self.kept.most, self.kept.most_together());
        let mut held = self.kept.held();
        if self.bytes.saturating_add(bytes) > most {
            return Err(Refused::TooLarge { most });
        }
        if held.bytes.saturating_add(bytes) > most_together {
            return Err(Refused::Full { most: most_together });
        }
        held.bytes += bytes;
        self.bytes += bytes;
        Ok(())
    }

    /// Keeps it by an id: it arrived whole.
    pub(super) fn stay(mut self, id: String) {
        if let Some(upload) = self.upload.take() {
            self.kept.held().whole.insert(id, (upload, self.bytes));
        }
    }
}

impl Drop for Arriving {
    fn drop(&mut self) {
        let Some(upload) = self.upload.take() else { return };
        let mut held = self.kept.held();
        held.captures -= 1;
        held.bytes -= self.bytes;
        drop(held);
        remove(&upload.path);
    }
}

fn remove(path: &Path) {
    match std::fs::remove_file(path) {
        // It was refused before it was begun.
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => {}
        Err(error) => tracing::warn!("an uploaded capture stays in {}: {error}", path.display()),
        Ok(()) => {}
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn upload(folder: &tempfile::TempDir, id: usize) -> Upload {
        let path = folder.path().join(id.to_string());
        std::fs::write(&path, "capture").unwrap();
        Upload { path, name: id.to_string() }
    }

    #[test]
    fn captures_beyond_the_number_are_refused_until_a_reset() {
        let folder = tempfile::tempdir().unwrap();
        let kept = Kept::new(100);
        for id in 0..CAPTURES_MAX {
            kept.arrive(upload(&folder, id), 0).unwrap().stay(id.to_string());
        }
        let refused = kept.arrive(upload(&folder, 99), 0).unwrap_err();
        assert_eq!(refused.to_string(), "16 captures are kept already: reset drops them");
        kept.drop_all();
        assert!(kept.of("0").is_none() && !folder.path().join("0").exists());
        assert!(kept.arrive(upload(&folder, 99), 0).is_ok());
    }

    #[test]
    fn captures_beyond_the_bytes_are_refused_by_what_is_announced_and_by_what_comes() {
        let folder = tempfile::tempdir().unwrap();
        let kept = Kept::new(100);
        // Together 400: the fourth has room for 40 of its 100.
        for id in 0..4 {
            let mut arriving = kept.arrive(upload(&folder, id), 0).unwrap();
            assert!(arriving.grow(90).is_ok());
            arriving.stay(id.to_string());
        }
        assert!(matches!(kept.arrive(upload(&folder, 4), 41), Err(Refused::Full { most: 400 })));
        let mut arriving = kept.arrive(upload(&folder, 4), 40).unwrap();
        assert!(arriving.grow(40).is_ok());
        assert!(matches!(arriving.grow(1), Err(Refused::Full { most: 400 })));
        // What does not stay gives its room back, on disk too.
        drop(arriving);
        assert!(!folder.path().join("4").exists());
        assert!(kept.arrive(upload(&folder, 4), 40).unwrap().grow(40).is_ok());
        assert!(matches!(kept.arrive(upload(&folder, 5), 101), Err(Refused::TooLarge { most: 100 })));
    }
}
