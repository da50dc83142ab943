//! Lists the interfaces on a thread of its own: with tshark that can take seconds, in which captures are opened.

use std::io;
use std::iter::once;
use std::sync::Arc;
use std::sync::atomic::AtomicBool;
use std::sync::mpsc::{self, Receiver, Sender, SyncSender};
use std::thread;
use std::time::Duration;

use netsonde_capture::{Engine, Interface, InterfacesError, Tshark, TsharkInterfaces, interfaces_with};
use netsonde_units::Timestamp;

use super::busy::Busy;

/// How many may wait for a list; one answer is for all of them. Each holds a thread of the server.
const MOST_WAITING: usize = 64;

/// What came of a listing, for all who asked.
pub(super) type Listing = Result<Vec<Interface>, Arc<InterfacesError>>;

/// The way to the thread that lists, which ends with it.
#[derive(Debug)]
pub(super) struct Lister {
    asks: SyncSender<Sender<Listing>>,
}

impl Lister {
    /// Starts the thread, with the rights of the one that calls. `ending` is set when no list is wanted any more.
    pub(super) fn start(
        engine: Engine,
        clock: fn() -> Timestamp,
        ending: Arc<AtomicBool>,
        busy: Busy,
    ) -> io::Result<Self> {
        let (asks, asked) = mpsc::sync_channel(MOST_WAITING);
        let listed = Listed { engine, clock, ending, newest: None, of_tshark: None };
        thread::Builder::new().name("lister".into()).spawn(move || answer(listed, &asked, &busy))?;
        Ok(Self { asks })
    }

    /// Lists the interfaces; whether a capture opens on one is the answer of a thread that may.
    pub(super) fn interfaces(&self) -> Listing {
        let failed = |why: &str| Arc::new(InterfacesError::Libpcap(why.into()));
        let (answer, answered) = mpsc::channel();
        self.asks.try_send(answer).map_err(|_| failed("too many wait for the list already"))?;
        answered.recv().unwrap_or_else(|_| Err(failed("the thread that lists has ended")))
    }
}

fn answer(mut listed: Listed, asked: &Receiver<Sender<Listing>>, busy: &Busy) {
    for first in asked {
        let listing = {
            let _doing = busy.enter();
            listed.interfaces()
        };
        // Those who asked meanwhile, too; any may have given up.
        for answer in once(first).chain(asked.try_iter()) {
            let _ = answer.send(listing.clone());
        }
    }
}

/// The interfaces as listed last.
#[derive(Debug)]
struct Listed {
    engine: Engine,
    clock: fn() -> Timestamp,
    ending: Arc<AtomicBool>,
    newest: Option<(Timestamp, Vec<Interface>)>,
    of_tshark: Option<(Timestamp, Result<TsharkInterfaces, Arc<InterfacesError>>)>,
}

impl Listed {
    /// How long a list is good for: it opens a capture on each interface, and every viewer that chooses one asks
    /// once a second.
    const FRESH: Duration = Duration::from_millis(500);
    /// How long tshark's list is: it starts each of its capture programs for that.
    const FRESH_OF_TSHARK: Duration = Duration::from_secs(10);
    /// How long it is believed that tshark does not list: one that hangs takes as long to find out again.
    const FRESH_FAILURE: Duration = Duration::from_secs(5);

    fn interfaces(&mut self) -> Listing {
        if let Some(fresh) = fresh(self.newest.as_ref(), (self.clock)(), Self::FRESH) {
            return Ok(fresh.clone());
        }
        let interfaces = match self.engine.clone() {
            Engine::Libpcap => netsonde_capture::interfaces(),
            Engine::Tshark(tshark) => interfaces_with(&self.of_tshark(&tshark)?),
        };
        let interfaces = interfaces.map_err(Arc::new)?;
        self.newest = Some(((self.clock)(), interfaces.clone()));
        Ok(interfaces)
    }

    fn of_tshark(&mut self, tshark: &Tshark) -> Result<TsharkInterfaces, Arc<InterfacesError>> {
        let is_failure = matches!(self.of_tshark, Some((_, Err(_))));
        let time = if is_failure { Self::FRESH_FAILURE } else { Self::FRESH_OF_TSHARK };
        if let Some(fresh) = fresh(self.of_tshark.as_ref(), (self.clock)(), time) {
            return fresh.clone();
        }
        let listed = tshark.interfaces_unless(&self.ending).map_err(Arc::new);
        // It took its time.
        self.of_tshark = Some(((self.clock)(), listed.clone()));
        listed
    }
}

/// Returns what was noted less than so long ago; a clock that was set back makes it old.
fn fresh<T>(noted: Option<&(Timestamp, T)>, now: Timestamp, time: Duration) -> Option<&T> {
    let (at, noted) = noted?;
    (now >= *at && now.since(*at) < time).then_some(noted)
}
