//! The captures on disk, and how many there may be.

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::{Arc, Mutex, MutexGuard};

use netsonde_session::lock;
use tokio::runtime::Handle;
use tokio::sync::watch;

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
    /// Dropped at a reset, which tells those that are arriving.
    era: watch::Sender<()>,
}

/// A capture that is arriving; dropped before it is whole, nothing of it stays.
#[derive(Debug)]
pub(super) struct Arriving {
    kept: Kept,
    /// None once it is whole.
    upload: Option<Upload>,
    bytes: u64,
    /// Tells of a reset, with which its place and its bytes are gone.
    reset: watch::Receiver<()>,
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
        Ok(Arriving { kept: self.clone(), upload: Some(upload), bytes: 0, reset: held.era.subscribe() })
    }

    pub(super) fn of(&self, id: &str) -> Option<Upload> {
        self.held().whole.get(id).map(|(upload, _)| upload.clone())
    }

    /// Forgets all captures, and tells those that are arriving; their places are free at once. Returns what is to be
    /// removed from the disk, without holding up anybody; what is arriving removes itself.
    pub(super) fn take_all(&self) -> Vec<Upload> {
        let mut held = self.held();
        // The lock is held until the era is over: what is arriving counts in one or not at all.
        let Held { whole, era, .. } = std::mem::take(&mut *held);
        drop(era);
        drop(held);
        whole.into_values().map(|(upload, _)| upload).collect()
    }

    const fn most_together(&self) -> u64 {
        self.most.saturating_mul(TOGETHER)
    }

    fn held(&self) -> MutexGuard<'_, Held> {
        lock(&self.held)
    }
}

impl Arriving {
    pub(super) fn path(&self) -> &Path {
        self.upload.as_ref().map_or(Path::new(""), |upload| &upload.path)
    }

    /// Returns what changes at a reset.
    pub(super) fn reset(&self) -> watch::Receiver<()> {
        self.reset.clone()
    }

    /// Counts bytes that came.
    pub(super) fn grow(&mut self, bytes: u64) -> Result<(), Refused> {
        let (most, most_together) = (self.kept.most, self.kept.most_together());
        let mut held = self.kept.held();
        self.check_era()?;
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
    pub(super) fn stay(mut self, id: String) -> Result<(), Refused> {
        let kept = self.kept.clone();
        let mut held = kept.held();
        if let Err(refused) = self.check_era() {
            // Its removal looks at what is held.
            drop(held);
            return Err(refused);
        }
        if let Some(upload) = self.upload.take() {
            held.whole.insert(id, (upload, self.bytes));
        }
        Ok(())
    }

    /// Tells whether it still has its place. Only whoever holds the lock can rely on the answer.
    fn check_era(&self) -> Result<(), Refused> {
        self.reset.has_changed().map(drop).map_err(|_| Refused::Reset)
    }
}

impl Drop for Arriving {
    fn drop(&mut self) {
        let Some(upload) = self.upload.take() else { return };
        let mut held = self.kept.held();
        if self.check_era().is_ok() {
            held.captures -= 1;
            held.bytes -= self.bytes;
        }
        drop(held);
        // To remove a large file takes time that a thread of the server has not.
        match Handle::try_current() {
            Ok(runtime) => drop(runtime.spawn_blocking(move || upload.remove())),
            Err(_) => upload.remove(),
        }
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
            kept.arrive(upload(&folder, id), 0).unwrap().stay(id.to_string()).unwrap();
        }
        let refused = kept.arrive(upload(&folder, 99), 0).unwrap_err();
        assert_eq!(refused.to_string(), "16 captures are kept already: reset drops them");
        assert_eq!(kept.take_all().len(), CAPTURES_MAX);
        assert!(kept.of("0").is_none());
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
            arriving.stay(id.to_string()).unwrap();
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

    #[test]
    fn a_reset_frees_the_places_of_what_is_arriving() {
        let folder = tempfile::tempdir().unwrap();
        let kept = Kept::new(100);
        let mut arriving: Vec<Arriving> =
            (0..CAPTURES_MAX).map(|id| kept.arrive(upload(&folder, id), 0).unwrap()).collect();
        assert!(arriving[0].grow(25).is_ok());
        assert!(kept.take_all().is_empty());
        let mut next: Vec<Arriving> =
            (0..CAPTURES_MAX).map(|id| kept.arrive(upload(&folder, 100 + id), 0).unwrap()).collect();
        // Neither what comes of the earlier ones nor their end counts any more.
        assert!(matches!(arriving[0].grow(1), Err(Refused::Reset)));
        assert!(matches!(arriving.pop().unwrap().stay("late".into()), Err(Refused::Reset)));
        drop(arriving);
        assert!(kept.of("late").is_none() && !folder.path().join("0").exists());
        assert!(matches!(kept.arrive(upload(&folder, 99), 0), Err(Refused::TooMany)));
        assert!(next[0].grow(100).is_ok());
    }

    #[test]
    fn a_file_is_removed_on_a_thread_that_may_wait() {
        let folder = tempfile::tempdir().unwrap();
        let kept = Kept::new(100);
        let runtime = tokio::runtime::Builder::new_current_thread().max_blocking_threads(1).build().unwrap();
        let (release, busy) = std::sync::mpsc::channel::<()>();
        // The one thread that may wait is busy, so nothing is removed by another.
        runtime.spawn_blocking(move || busy.recv());
        let arriving = kept.arrive(upload(&folder, 0), 0).unwrap();
        runtime.block_on(async { drop(arriving) });
        assert!(folder.path().join("0").exists());
        release.send(()).unwrap();
        runtime.block_on(async { tokio::task::spawn_blocking(|| ()).await.unwrap() });
        assert!(!folder.path().join("0").exists());
    }
}
