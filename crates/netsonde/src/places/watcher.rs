//! The thread that reads databases again when they are replaced.

use std::sync::Arc;
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender, channel};
use std::thread;
use std::time::Duration;

use netsonde_geolocation::Locator;

use super::{Shelf, log};
use crate::ending::Failure;
use crate::sandbox::{self, Reach};

/// How often it looks: a new database is there once a month, and a look is a call of the system for each.
const LOOK_EVERY: Duration = Duration::from_secs(10);

/// The thread that looks whether databases were replaced, and has the new ones used; it ends when this is dropped.
#[derive(Debug)]
pub(crate) struct Watcher {
    /// Has it look at once; it answers when it has.
    #[cfg_attr(not(test), expect(dead_code, reason = "the thread ends when it is dropped"))]
    asks: Sender<Sender<()>>,
}

impl Watcher {
    /// Starts it, with the rights of the calling thread to begin with; then it gives up everything but to read the folders
    /// of the databases.
    ///
    /// # Errors
    ///
    /// When the rights cannot be given up, or the system refuses the thread.
    pub(crate) fn start(mut shelf: Shelf, locator: Arc<Locator>) -> Result<Self, Failure> {
        let (asks, asked) = channel();
        let (tells, told) = channel();
        let looks = move || {
            let confined = sandbox::keep_nothing(&Reach::default().and(shelf.sought.folders())).map(drop);
            let may_look = confined.is_ok();
            // Whoever started it waits for this.
            let _ = tells.send(confined);
            if may_look {
                watch(&mut shelf, &locator, &asked);
            }
        };
        let not_started =
            |why: String| Failure::Failed(format!("cannot start the thread that looks at databases: {why}"));
        thread::Builder::new()
            .name("databases".into())
            .spawn(looks)
            .map_err(|error| not_started(error.to_string()))?;
        told.recv().map_err(|_| not_started("it broke off".into()))??;
        Ok(Self { asks })
    }

    /// Has it look, and waits until it has.
    #[cfg(test)]
    fn look(&self) {
        let (tells, told) = channel();
        self.asks.send(tells).unwrap();
        told.recv().unwrap();
    }
}

/// Looks again and again until nobody can ask any more.
fn watch(shelf: &mut Shelf, locator: &Locator, asked: &Receiver<Sender<()>>) {
    loop {
        let asker = match asked.recv_timeout(LOOK_EVERY) {
            Ok(asker) => Some(asker),
            Err(RecvTimeoutError::Timeout) => None,
            Err(RecvTimeoutError::Disconnected) => return,
        };
        if let Some(files) = shelf.look() {
            locator.set_databases(files);
            let databases = locator.databases();
            let used = databases.iter().filter(|one| one.file.is_some() && one.problem.is_none()).count();
            tracing::info!("databases of places have changed: {used} in use");
            log(&databases);
        }
        if let Some(asker) = asker {
            let _ = asker.send(());
        }
    }
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;
    use crate::geo::mmdb::database;
    use crate::places::{Sought, problems};

    #[test]
    fn a_database_that_is_replaced_is_used_and_a_broken_one_leaves_the_one_before() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("city.mmdb");
        let locator = Arc::<Locator>::default();
        let shelf = Shelf::new(Sought::Folders(vec![folder.path().to_owned()]));
        let watcher = Watcher::start(shelf, Arc::clone(&locator)).unwrap();
        let kinds = || -> Vec<String> {
            locator.databases().into_iter().filter(|one| one.file.is_some()).map(|one| one.kind).collect()
        };
        watcher.look();
        assert_eq!(kinds(), [""; 0]);

        fs::write(&path, database("First", 0)).unwrap();
        watcher.look();
        assert_eq!(kinds(), ["First"]);
        let new = folder.path().join("new");
        fs::write(&new, database("Second", 0)).unwrap();
        fs::rename(&new, &path).unwrap();
        watcher.look();
        assert_eq!(kinds(), ["Second"]);

        fs::write(&new, "no database").unwrap();
        fs::rename(&new, &path).unwrap();
        watcher.look();
        assert_eq!(kinds(), ["Second"]);
        assert_eq!(problems(&locator.databases()).next().unwrap().0, "city.mmdb");
        fs::write(&path, database("Third", 0)).unwrap();
        watcher.look();
        assert_eq!((kinds(), problems(&locator.databases()).count()), (vec!["Third".to_owned()], 0));
        fs::remove_file(&path).unwrap();
        watcher.look();
        assert_eq!(kinds(), [""; 0]);
    }
}
