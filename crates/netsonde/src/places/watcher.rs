//! The thread that reads files again when they are replaced: databases, and the list of this machine's name servers.

use std::sync::Arc;
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender, channel};
use std::thread;
use std::time::Duration;

use netsonde_geolocation::Locator;

use super::{Shelf, log};
use crate::ending::Failure;
use crate::lookups::ResolvConf;
use crate::sandbox::{self, Reach};

/// How often it looks: a new database is there once a month, other name servers when a machine goes elsewhere, and a look
/// is a call of the system or two for each file.
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
    /// of the databases, and that of the list of name servers where there is one to follow.
    ///
    /// # Errors
    ///
    /// When the rights cannot be given up, or the system refuses the thread.
    pub(crate) fn start(
        mut shelf: Shelf,
        resolv_conf: Option<ResolvConf>,
        locator: Arc<Locator>,
    ) -> Result<Self, Failure> {
        let (asks, asked) = channel();
        let (tells, told) = channel();
        let looks = move || {
            let of_servers = resolv_conf.as_ref().and_then(ResolvConf::folder);
            let folders = shelf.sought.folders().into_iter().chain(of_servers.as_deref());
            let confined = sandbox::keep_nothing(&Reach::default().and(folders)).map(drop);
            let may_look = confined.is_ok();
            // Whoever started it waits for this.
            let _ = tells.send(confined);
            if may_look {
                watch(&mut shelf, resolv_conf.as_ref(), &locator, &asked);
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
fn watch(
    shelf: &mut Shelf,
    resolv_conf: Option<&ResolvConf>,
    locator: &Locator,
    asked: &Receiver<Sender<()>>,
) {
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
        if let Some(resolv_conf) = resolv_conf {
            resolv_conf.follow(locator);
        }
        if let Some(asker) = asker {
            let _ = asker.send(());
        }
    }
}

#[cfg(test)]
mod tests {
    use std::fs;
    use std::os::unix::fs::symlink;

    use super::*;
    use crate::geo::mmdb::database;
    use crate::places::{Sought, problems};

    #[test]
    fn a_database_that_is_replaced_is_used_and_a_broken_one_leaves_the_one_before() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("city.mmdb");
        let locator = Arc::<Locator>::default();
        let shelf = Shelf::new(Sought::Folders(vec![folder.path().to_owned()]));
        let watcher = Watcher::start(shelf, None, Arc::clone(&locator)).unwrap();
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

    #[test]
    fn name_servers_are_those_of_a_file_that_was_replaced_and_stay_when_it_is_gone() {
        let folder = tempfile::tempdir().unwrap();
        let [list, link, new] = ["run.conf", "resolv.conf", "new"].map(|name| folder.path().join(name));
        fs::write(&list, "nameserver 192.0.2.1\n").unwrap();
        symlink(&list, &link).unwrap();
        let locator = Arc::<Locator>::default();
        let nothing = Shelf::new(Sought::Folders(Vec::new()));
        let watcher =
            Watcher::start(nothing, Some(ResolvConf::at(link.clone())), Arc::clone(&locator)).unwrap();
        let servers = || locator.lookups().reverse_dns.servers;
        watcher.look();
        assert_eq!(servers(), ["192.0.2.1"]);

        fs::write(&new, "nameserver 192.0.2.2\nnameserver 2001:db8::2\n").unwrap();
        fs::rename(&new, &list).unwrap();
        watcher.look();
        assert_eq!(servers(), ["192.0.2.2", "2001:db8::2"]);
        fs::remove_file(&list).unwrap();
        watcher.look();
        assert_eq!(servers(), ["192.0.2.2", "2001:db8::2"]);
        // No network.
        fs::write(&list, "# none\n").unwrap();
        watcher.look();
        let standing = locator.lookups().reverse_dns;
        assert_eq!(
            (standing.servers.len(), standing.problem.as_deref()),
            (0, Some("no name server is known"))
        );
        fs::write(&list, "nameserver 192.0.2.3\n").unwrap();
        watcher.look();
        let standing = locator.lookups().reverse_dns;
        assert_eq!((standing.servers, standing.problem), (vec!["192.0.2.3".to_owned()], None));
    }

    #[test]
    fn name_servers_are_those_of_a_file_that_was_missing_at_the_start() {
        // No file, and a link into a folder beside its own that leads to none yet.
        for target in [None, Some("../run/stub.conf")] {
            let folder = tempfile::tempdir().unwrap();
            let [etc, run] = ["etc", "run"].map(|name| folder.path().join(name));
            fs::create_dir(&etc).unwrap();
            fs::create_dir(&run).unwrap();
            let path = etc.join("resolv.conf");
            if let Some(target) = target {
                symlink(target, &path).unwrap();
            }
            let locator = Arc::<Locator>::default();
            let nothing = Shelf::new(Sought::Folders(Vec::new()));
            let watcher =
                Watcher::start(nothing, Some(ResolvConf::at(path.clone())), Arc::clone(&locator)).unwrap();
            watcher.look();
            assert_eq!(locator.lookups().reverse_dns.servers, [""; 0]);
            // Written by way of the link, where there is one.
            fs::write(&path, "nameserver 192.0.2.1\n").unwrap();
            watcher.look();
            assert_eq!(locator.lookups().reverse_dns.servers, ["192.0.2.1"], "{target:?}");
        }
    }
}
