//! SIGINT and SIGTERM: the first asks to stop, the second ends the program at once.

use std::io;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc;
use std::thread;

use signal_hook::consts::{SIGINT, SIGTERM};
use signal_hook::iterator::Signals;

use crate::patience::ORDERLY_END;

/// What a shell reports for a program ended by signal N: 128 + N.
const ENDED_BY_SIGNAL: i32 = 128;

/// Tells whether the user asked to stop.
#[derive(Debug)]
pub(crate) struct Stop {
    asked: Arc<AtomicBool>,
}

impl Stop {
    /// Listens for SIGINT and SIGTERM from here on.
    ///
    /// # Errors
    ///
    /// The system refuses the signal handler or the thread that waits for it.
    pub(crate) fn on_signals() -> io::Result<Self> {
        let mut signals = Signals::new([SIGINT, SIGTERM])?;
        let asked = Arc::new(AtomicBool::new(false));
        let flag = Arc::clone(&asked);
        thread::Builder::new().name("signals".into()).spawn(move || {
            for signal in signals.forever() {
                // No other thread sets it.
                if flag.load(Ordering::Relaxed) {
                    std::process::exit(ENDED_BY_SIGNAL + signal);
                }
                // First of all that is said of the end.
                tracing::info!("stopping");
                end_in_time();
                flag.store(true, Ordering::Relaxed);
            }
        })?;
        Ok(Self { asked })
    }

    /// Returns what becomes true when a signal comes.
    pub(crate) const fn flag(&self) -> &Arc<AtomicBool> {
        &self.asked
    }

    /// Tells whether a signal has come.
    pub(crate) fn asked(&self) -> bool {
        self.asked.load(Ordering::Relaxed)
    }
}

/// Ends the program after [`ORDERLY_END`] if it has not ended by itself.
fn end_in_time() {
    let deadline = thread::Builder::new().name("deadline".into()).spawn(|| {
        // Nothing is ever sent: the channel is a wait that needs no clock.
        let (_sender, receiver) = mpsc::channel::<()>();
        let _ = receiver.recv_timeout(ORDERLY_END);
        tracing::warn!("the source or the reader of the report did not let go in time");
        tracing::info!("shutdown complete");
        std::process::exit(0);
    });
    if let Err(error) = deadline {
        tracing::warn!(%error, "no deadline for stopping");
    }
}
