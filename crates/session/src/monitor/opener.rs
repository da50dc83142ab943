//! Opens live captures on a thread that does nothing else, so that no other needs the right to.
//!
//! Each capture is opened on a thread that the opener starts and that ends with it: compiling a filter and looking up
//! its host names can take seconds. So is each list of the interfaces made.

use std::io;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{self, Receiver, Sender};
use std::thread::{self, JoinHandle};
use std::time::Duration;

use netsonde_capture::{Engine, LiveSettings, OpenError, Source};
use netsonde_units::Timestamp;

use super::busy::{Busy, Doing};
use super::lister::{self, Lister, Listing};

/// How many captures may be opened at the same time: one, and some that were called off and are not done.
const MOST_OPENING: usize = 4;
/// The stack of a thread that opens: libpcap compiles filters by recursion.
const STACK_BYTES: usize = 16 << 20;

const GONE: &str = "the thread that opens captures has ended";

/// The way to the opener's thread, which ends with it.
#[derive(Debug)]
pub(super) struct Opener {
    asks: Sender<Ask>,
    /// Whether captures are opened by programs, which must not be left behind.
    starts_programs: bool,
    /// Set when the program ends.
    ending: Arc<AtomicBool>,
    busy: Busy,
}

#[derive(Debug)]
enum Ask {
    Open(Opening),
    List { answer: Sender<Listing> },
}

#[derive(Debug)]
struct Opening {
    settings: LiveSettings,
    called_off: Arc<AtomicBool>,
    answer: Sender<Result<Source, OpenError>>,
}

impl Opener {
    /// Starts the thread, with the rights of the one that calls; `engine` captures, `clock` tells live sources the time.
    pub(super) fn start(engine: Engine, clock: fn() -> Timestamp) -> io::Result<Self> {
        let (asks, asked) = mpsc::channel();
        let (ending, busy) = (Arc::<AtomicBool>::default(), Busy::default());
        let starts_programs = engine != Engine::Libpcap;
        let lister = Lister::new(engine, clock, Arc::clone(&ending), busy.clone());
        thread::Builder::new().name("opener".into()).spawn(move || answer(&asked, &lister, clock))?;
        Ok(Self { asks, starts_programs, ending, busy })
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
        self.ask(|answer| Ask::Open(Opening { settings, called_off, answer }))
            .unwrap_or_else(|| Err(refused(GONE)))
    }

    /// Lists the interfaces; whether a capture opens on one is the answer of a thread that may.
    pub(super) fn interfaces(&self) -> Listing {
        self.ask(|answer| Ask::List { answer }).unwrap_or_else(|| Err(lister::failed(GONE)))
    }

    fn ask<T>(&self, ask: impl FnOnce(Sender<T>) -> Ask) -> Option<T> {
        let (answer, answered) = mpsc::channel();
        self.asks.send(ask(answer)).ok()?;
        answered.recv().ok()
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

fn answer(asked: &Receiver<Ask>, lister: &Lister, clock: fn() -> Timestamp) {
    let mut opening: Vec<JoinHandle<()>> = Vec::new();
    for ask in asked {
        opening.retain(|thread| !thread.is_finished());
        match ask {
            // Without the thread nobody answers, which whoever asked takes for the end of the opener.
            Ask::Open(ask) if opening.len() < MOST_OPENING => opening.extend(open(ask, clock)),
            Ask::Open(Opening { settings: LiveSettings { interface, .. }, answer, .. }) => {
                let message = "earlier starts are still being opened: wait a moment".into();
                let _ = answer.send(Err(OpenError::Live { interface, message }));
            }
            Ask::List { answer } => lister.answer(answer),
        }
    }
}

/// Starts the thread that opens one capture.
fn open(opening: Opening, clock: fn() -> Timestamp) -> io::Result<JoinHandle<()>> {
    let Opening { settings, called_off, answer } = opening;
    let thread = thread::Builder::new().name("opener".into()).stack_size(STACK_BYTES);
    thread.spawn(move || {
        // Whoever asked may have given up.
        let _ = answer.send(Source::live_unless(&settings, clock, &called_off));
    })
}

#[cfg(test)]
mod tests;
