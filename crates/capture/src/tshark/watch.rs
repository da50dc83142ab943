//! Ends a tshark that takes too long, or that nobody waits for any more.

use std::io;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{self, RecvTimeoutError, Sender};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::{self, JoinHandle};
use std::time::Duration;

use super::process::{Order, Process};

/// How often it is looked whether somebody still waits.
const LOOK_EVERY: Duration = Duration::from_millis(50);
/// How long tshark may take altogether, in seconds: to list its interfaces it asks each of its capture programs, some
/// of which look for devices; a capture begins once interface and filter are good.
pub(super) const PATIENCE_S: usize = 10;
/// Looks until the patience is over.
const LOOKS: usize = PATIENCE_S * 20;

/// Why a program was ended early.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Cut {
    /// The time was over.
    Late,
    /// Nobody waits for it any more.
    CalledOff,
}

/// Watches over one undertaking, whatever programs it starts, until [`Self::end`].
#[derive(Debug)]
pub(super) struct Watch {
    /// Closed to end the watch.
    done: Sender<()>,
    watched: Arc<Mutex<Watched>>,
    thread: JoinHandle<()>,
}

#[derive(Debug, Default)]
struct Watched {
    program: Option<Order>,
    cut: Option<Cut>,
}

impl Watch {
    /// Starts to watch: the time runs, and `called_off` is looked at.
    ///
    /// # Errors
    ///
    /// When the system refuses the thread.
    pub(super) fn start(called_off: &Arc<AtomicBool>) -> io::Result<Self> {
        Self::of(called_off, LOOKS)
    }

    fn of(called_off: &Arc<AtomicBool>, looks: usize) -> io::Result<Self> {
        let (done, is_done) = mpsc::channel();
        let watched = Arc::<Mutex<Watched>>::default();
        let (called_off, cuts) = (Arc::clone(called_off), Arc::clone(&watched));
        let thread = thread::Builder::new().name("tshark-watch".into()).spawn(move || {
            for _ in 0..looks {
                if called_off.load(Ordering::Relaxed) {
                    return cut(&cuts, Cut::CalledOff);
                }
                // However the reads of whoever opens are spread, this wait is as long: nothing is ever sent.
                if is_done.recv_timeout(LOOK_EVERY) != Err(RecvTimeoutError::Timeout) {
                    return;
                }
            }
            cut(&cuts, Cut::Late);
        })?;
        Ok(Self { done, watched, thread })
    }

    /// Takes a program under watch, in place of the one before; one that comes too late is asked to end at once.
    pub(super) fn over(&self, process: &Process) {
        let mut watched = self.watched.lock().unwrap_or_else(PoisonError::into_inner);
        let order = process.order();
        if watched.cut.is_some() {
            order.give();
        }
        watched.program = Some(order);
    }

    /// Ends the watch; tells whether it has cut in.
    pub(super) fn end(self) -> Option<Cut> {
        let Self { done, watched, thread } = self;
        drop(done);
        // It does not panic; if it did there would be nothing to tell.
        let _ = thread.join();
        watched.lock().unwrap_or_else(PoisonError::into_inner).cut
    }
}

fn cut(watched: &Mutex<Watched>, why: Cut) {
    let mut watched = watched.lock().unwrap_or_else(PoisonError::into_inner);
    watched.cut = Some(why);
    if let Some(order) = &watched.program {
        order.give();
    }
}

#[cfg(test)]
mod tests {
    use std::fs::File;
    use std::io::Read as _;
    use std::process::Command;

    use super::super::process::Ended;
    use super::*;

    fn shell(script: &str) -> (Process, File) {
        let mut command = Command::new("sh");
        command.args(["-c", script]);
        Process::start(command).unwrap()
    }

    fn read_to_end(mut output: File) {
        output.read_to_end(&mut Vec::new()).unwrap();
    }

    /// A byte now and then keeps no reader waiting for long, and the whole for ever.
    #[test]
    fn a_program_that_drips_is_ended_when_the_time_is_over() {
        let watch = Watch::of(&Arc::default(), 4).unwrap();
        let (mut process, output) = shell("while :; do echo x; sleep 0.01; done");
        watch.over(&process);
        read_to_end(output);
        assert_eq!((process.wait(), watch.end()), (Ended::Asked, Some(Cut::Late)));
    }

    #[test]
    fn a_program_that_nobody_waits_for_is_ended_though_it_says_nothing_and_does_not_listen() {
        let called_off = Arc::default();
        let watch = Watch::start(&called_off).unwrap();
        let (mut process, output) = shell("trap '' TERM; while :; do sleep 600; done");
        watch.over(&process);
        called_off.store(true, Ordering::Relaxed);
        read_to_end(output);
        assert_eq!((process.wait(), watch.end()), (Ended::Asked, Some(Cut::CalledOff)));
    }

    #[test]
    fn a_program_that_is_started_after_the_cut_is_ended_too() {
        let called_off = Arc::new(AtomicBool::new(true));
        let watch = Watch::start(&called_off).unwrap();
        while watch.watched.lock().unwrap().cut.is_none() {
            thread::yield_now();
        }
        let (mut process, output) = shell("while :; do sleep 600; done");
        watch.over(&process);
        read_to_end(output);
        assert_eq!((process.wait(), watch.end()), (Ended::Asked, Some(Cut::CalledOff)));
    }

    #[test]
    fn a_watch_that_ends_in_time_leaves_the_program_alone() {
        let watch = Watch::start(&Arc::default()).unwrap();
        let (mut process, output) = shell("echo begun; exit 3");
        watch.over(&process);
        assert_eq!(watch.end(), None);
        read_to_end(output);
        assert_eq!(process.wait(), Ended::Badly("tshark ended with code 3".into()));
    }
}
