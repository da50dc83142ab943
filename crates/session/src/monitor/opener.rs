//! Opens live captures on a thread that does nothing else, so that no other needs the right to.

use std::io;
use std::sync::mpsc::{self, Receiver, Sender};
use std::thread;

use netsonde_capture::{LiveSettings, OpenError, Source};
use netsonde_units::Timestamp;

/// The way to the opener's thread, which ends with it.
#[derive(Debug)]
pub(super) struct Opener {
    asks: Sender<Ask>,
}

#[derive(Debug)]
struct Ask {
    settings: LiveSettings,
    answer: Sender<Result<Source, OpenError>>,
}

impl Opener {
    /// Starts the thread; `clock` tells live sources the time.
    pub(super) fn start(clock: fn() -> Timestamp) -> io::Result<Self> {
        let (asks, asked): (Sender<Ask>, Receiver<Ask>) = mpsc::channel();
        thread::Builder::new().name("opener".into()).spawn(move || {
            for Ask { settings, answer } in asked {
                // Whoever asked may have given up.
                let _ = answer.send(Source::live(&settings, clock));
            }
        })?;
        Ok(Self { asks })
    }

    /// Opens a capture.
    pub(super) fn open(&self, settings: LiveSettings) -> Result<Source, OpenError> {
        let interface = settings.interface.clone();
        let (answer, answered) = mpsc::channel();
        let asked = self.asks.send(Ask { settings, answer }).ok().and_then(|()| answered.recv().ok());
        let gone =
            || OpenError::Live { interface, message: "the thread that opens captures has ended".into() };
        asked.unwrap_or_else(|| Err(gone()))
    }
}
