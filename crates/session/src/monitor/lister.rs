//! Lists the interfaces on threads that end with the list: with tshark that can take seconds, in which captures are
//! opened.

use std::io;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::atomic::AtomicBool;
use std::sync::mpsc::Sender;
use std::sync::{Arc, Mutex};
use std::thread;
use std::time::Duration;

use netsonde_capture::{Engine, Interface, InterfacesError, Tshark, TsharkInterfaces, interfaces_with};
use netsonde_units::Timestamp;

use super::busy::Busy;
use crate::lock;

/// How many may wait for a list; one answer is for all of them. Each holds a thread of the server.
const MOST_WAITING: usize = 64;

/// What came of a listing, for all who asked.
pub(super) type Listing = Result<Vec<Interface>, Arc<InterfacesError>>;

/// Lists the interfaces; what it knows is kept from one list to the next.
#[derive(Debug)]
pub(super) struct Lister {
    listed: Arc<Mutex<Listed>>,
    /// Those who wait for the list that is being made, if one is.
    waiting: Arc<Mutex<Option<Vec<Sender<Listing>>>>>,
    busy: Busy,
}

impl Lister {
    /// Makes one that lists what `engine` knows. `ending` is set when no list is wanted any more.
    pub(super) fn new(engine: Engine, clock: fn() -> Timestamp, ending: Arc<AtomicBool>, busy: Busy) -> Self {
        let listed = Listed { engine, clock, ending, newest: None, of_tshark: None };
        Self { listed: Arc::new(Mutex::new(listed)), waiting: Arc::default(), busy }
    }

    /// Answers with the list that is being made; where none is, a thread begins one, with the rights of the one that
    /// calls.
    pub(super) fn answer(&self, answer: Sender<Listing>) {
        let mut waiting = lock(&self.waiting);
        match &mut *waiting {
            Some(others) if others.len() < MOST_WAITING => others.push(answer),
            Some(_) => {
                let _ = answer.send(Err(failed("too many wait for the list already")));
            }
            None => {
                *waiting = Some(vec![answer]);
                drop(waiting);
                // Without the thread nobody answers, which whoever asked takes for the end of the opener.
                if self.list().is_err() {
                    lock(&self.waiting).take();
                }
            }
        }
    }

    fn list(&self) -> io::Result<()> {
        let (listed, waiting, doing) =
            (Arc::clone(&self.listed), Arc::clone(&self.waiting), self.busy.enter());
        let list = move || {
            // Whatever goes wrong, those who wait are answered.
            let listing = catch_unwind(AssertUnwindSafe(|| lock(&listed).interfaces()))
                .unwrap_or_else(|_| Err(failed("listing the interfaces broke")));
            drop(doing);
            // Any may have given up.
            for answer in lock(&waiting).take().unwrap_or_default() {
                let _ = answer.send(listing.clone());
            }
        };
        thread::Builder::new().name("opener".into()).spawn(list).map(drop)
    }
}

/// Says why there is no list, where that has nothing to do with the interfaces.
pub(super) fn failed(why: &str) -> Arc<InterfacesError> {
    Arc::new(InterfacesError::Libpcap(why.into()))
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
