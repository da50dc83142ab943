//! Opens live captures on a thread that does nothing else, so that no other needs the right to.
//!
//! Each capture is opened on a thread that the opener starts and that ends with it: compiling a filter and looking up
//! its host names can take seconds. The list of interfaces has its own thread, with the same rights.

use std::io;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{self, Receiver, Sender};
use std::thread::{self, JoinHandle};
use std::time::Duration;

use netsonde_capture::{Engine, LiveSettings, OpenError, Source};
use netsonde_units::Timestamp;

use super::busy::{Busy, Doing};
use super::lister::{Lister, Listing};

/// How many captures may be opened at the same time: one, and some that were called off and are not done.
const MOST_OPENING: usize = 4;
/// The stack of a thread that opens: libpcap compiles filters by recursion.
const STACK_BYTES: usize = 16 << 20;

/// The way to the opener's thread, which ends with it.
#[derive(Debug)]
pub(super) struct Opener {
    asks: Sender<Ask>,
    lister: Lister,
    /// Whether captures are opened by programs, which must not be left behind.
    starts_programs: bool,
    /// Set when the program ends.
    ending: Arc<AtomicBool>,
    busy: Busy,
}

#[derive(Debug)]
struct Ask {
    settings: LiveSettings,
    called_off: Arc<AtomicBool>,
    answer: Sender<Result<Source, OpenError>>,
}

impl Opener {
    /// Starts the thread, with the rights of the one that calls; `engine` captures, `clock` tells live sources the time.
    pub(super) fn start(engine: Engine, clock: fn() -> Timestamp) -> io::Result<Self> {
        let (asks, asked) = mpsc::channel();
        thread::Builder::new().name("opener".into()).spawn(move || answer(&asked, clock))?;
        let (ending, busy) = (Arc::<AtomicBool>::default(), Busy::default());
        let starts_programs = engine != Engine::Libpcap;
        let lister = Lister::start(engine, clock, Arc::clone(&ending), busy.clone())?;
        Ok(Self { asks, lister, starts_programs, ending, busy })
    }

    /// Counts a start in until the value is dropped; then what it has opened is at work, or let go of.
    pub(super) fn begin(&self) -> Doing {
        self.busy.enter()
    }

    /// Opens a capture, unless the flag is set before that is done.
    pub(super) fn open(
        &self,
        settings: LiveSettings,
        called_off: Arc<AtomicBool>,
    ) -> Result<Source, OpenError> {
        let interface = settings.interface.clone();
        let refused = |message: &str| OpenError::Live { interface, message: message.into() };
        if self.ending.load(Ordering::Relaxed) {
            return Err(refused("the program is ending"));
        }
        let (answer, answered) = mpsc::channel();
        // An opener that is gone drops the ask, and the way back with it.
        let _ = self.asks.send(Ask { settings, called_off, answer });
        answered.recv().unwrap_or_else(|_| Err(refused("the thread that opens captures has ended")))
    }

    /// Lists the interfaces; whether a capture opens on one is the answer of a thread that may.
    pub(super) fn interfaces(&self) -> Listing {
        self.lister.interfaces()
    }

    /// Opens and lists nothing any more; a list that is being made is called off.
    pub(super) fn end(&self) {
        self.ending.store(true, Ordering::Relaxed);
    }

    /// Waits until no program is left of what was called off, at most about `patience`; tells whether that is so.
    pub(super) fn has_let_go(&self, patience: Duration) -> bool {
        !self.starts_programs || self.busy.wait(patience)
    }
}

fn answer(asked: &Receiver<Ask>, clock: fn() -> Timestamp) {
    let mut opening: Vec<JoinHandle<()>> = Vec::new();
    for ask in asked {
        opening.retain(|thread| !thread.is_finished());
        if opening.len() < MOST_OPENING {
            // Without the thread nobody answers, which whoever asked takes for the end of the opener.
            opening.extend(open(ask, clock));
        } else {
            let message = "earlier starts are still being opened: wait a moment".into();
            let _ = ask.answer.send(Err(OpenError::Live { interface: ask.settings.interface, message }));
        }
    }
}

/// Starts the thread that opens one capture.
fn open(ask: Ask, clock: fn() -> Timestamp) -> io::Result<JoinHandle<()>> {
    let Ask { settings, called_off, answer } = ask;
    let thread = thread::Builder::new().name("opener".into()).stack_size(STACK_BYTES);
    thread.spawn(move || {
        // Whoever asked may have given up.
        let _ = answer.send(Source::live_unless(&settings, clock, &called_off));
    })
}

#[cfg(test)]
mod tests;
