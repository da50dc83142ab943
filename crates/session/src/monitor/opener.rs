//! Opens live captures on a thread that does nothing else, so that no other needs the right to.
//!
//! Each capture is opened on a thread that the opener starts and that ends with it: compiling a filter and looking up
//! its host names can take seconds, in which others want the list of interfaces.

use std::io;
use std::sync::mpsc::{self, Receiver, Sender};
use std::thread::{self, JoinHandle};
use std::time::Duration;

use netsonde_capture::{
    Engine, Interface, InterfacesError, LiveSettings, OpenError, Source, TsharkInterfaces, interfaces_with,
};
use netsonde_units::Timestamp;

/// How many captures may be opened at the same time: one, and some that were called off and are not done.
const MOST_OPENING: usize = 4;
/// The stack of a thread that opens: libpcap compiles filters by recursion.
const STACK_BYTES: usize = 16 << 20;

const GONE: &str = "the thread that opens captures has ended";

/// The way to the opener's thread, which ends with it.
#[derive(Debug)]
pub(super) struct Opener {
    asks: Sender<Ask>,
}

#[derive(Debug)]
enum Ask {
    Open { settings: LiveSettings, answer: Sender<Result<Source, OpenError>> },
    List { answer: Sender<Result<Vec<Interface>, InterfacesError>> },
}

/// The interfaces as listed last.
#[derive(Debug)]
struct Listed {
    engine: Engine,
    newest: Option<(Timestamp, Vec<Interface>)>,
    of_tshark: Option<(Timestamp, TsharkInterfaces)>,
}

impl Listed {
    /// How long a list is good for: it opens a capture on each interface, and every viewer that chooses one asks
    /// once a second.
    const FRESH: Duration = Duration::from_millis(500);
    /// How long tshark's list is: it starts each of its capture programs for that.
    const FRESH_OF_TSHARK: Duration = Duration::from_secs(10);

    fn interfaces(&mut self, now: Timestamp) -> Result<Vec<Interface>, InterfacesError> {
        if let Some(fresh) = fresh(self.newest.as_ref(), now, Self::FRESH) {
            return Ok(fresh.clone());
        }
        let interfaces = match &self.engine {
            Engine::Libpcap => netsonde_capture::interfaces()?,
            Engine::Tshark(tshark) => {
                if fresh(self.of_tshark.as_ref(), now, Self::FRESH_OF_TSHARK).is_none() {
                    self.of_tshark = Some((now, tshark.interfaces()?));
                }
                let listed = self.of_tshark.as_ref().map(|(_, listed)| interfaces_with(listed));
                listed.unwrap_or_else(netsonde_capture::interfaces)?
            }
        };
        self.newest = Some((now, interfaces.clone()));
        Ok(interfaces)
    }
}

/// Returns what was noted less than so long ago; a clock that was set back makes it old.
fn fresh<T>(noted: Option<&(Timestamp, T)>, now: Timestamp, time: Duration) -> Option<&T> {
    let (at, noted) = noted?;
    (now >= *at && now.since(*at) < time).then_some(noted)
}

/// Starts the thread that opens one capture.
fn open(
    settings: LiveSettings,
    answer: Sender<Result<Source, OpenError>>,
    clock: fn() -> Timestamp,
) -> io::Result<JoinHandle<()>> {
    let thread = thread::Builder::new().name("opener".into()).stack_size(STACK_BYTES);
    thread.spawn(move || {
        // Whoever asked may have given up.
        let _ = answer.send(Source::live(&settings, clock));
    })
}

impl Opener {
    /// Starts the thread, with the rights of the one that calls; `engine` captures, `clock` tells live sources the time.
    pub(super) fn start(engine: Engine, clock: fn() -> Timestamp) -> io::Result<Self> {
        let (asks, asked): (Sender<Ask>, Receiver<Ask>) = mpsc::channel();
        thread::Builder::new().name("opener".into()).spawn(move || {
            let mut listed = Listed { engine, newest: None, of_tshark: None };
            let mut opening: Vec<JoinHandle<()>> = Vec::new();
            for ask in asked {
                opening.retain(|thread| !thread.is_finished());
                match ask {
                    Ask::Open { settings, answer } if opening.len() < MOST_OPENING => {
                        // Without the thread nobody answers, which whoever asked takes for the end of the opener.
                        opening.extend(open(settings, answer, clock));
                    }
                    Ask::Open { settings: LiveSettings { interface, .. }, answer } => {
                        let message = "earlier starts are still being opened: wait a moment".into();
                        let _ = answer.send(Err(OpenError::Live { interface, message }));
                    }
                    // Whoever asked may have given up.
                    Ask::List { answer } => drop(answer.send(listed.interfaces(clock()))),
                }
            }
        })?;
        Ok(Self { asks })
    }

    /// Opens a capture.
    pub(super) fn open(&self, settings: LiveSettings) -> Result<Source, OpenError> {
        let interface = settings.interface.clone();
        self.ask(|answer| Ask::Open { settings, answer })
            .unwrap_or_else(|| Err(OpenError::Live { interface, message: GONE.into() }))
    }

    /// Lists the interfaces; whether a capture opens on one is the answer of a thread that may.
    pub(super) fn interfaces(&self) -> Result<Vec<Interface>, InterfacesError> {
        self.ask(|answer| Ask::List { answer }).unwrap_or_else(|| Err(InterfacesError::Libpcap(GONE.into())))
    }

    fn ask<T>(&self, ask: impl FnOnce(Sender<T>) -> Ask) -> Option<T> {
        let (answer, answered) = mpsc::channel();
        self.asks.send(ask(answer)).ok()?;
        answered.recv().ok()
    }
}
