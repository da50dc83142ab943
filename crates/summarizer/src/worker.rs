//! The thread that writes when there is something to write.

use std::io;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::mpsc::{TrySendError, sync_channel};
use std::thread;

use netsonde_messages::SessionReport;
use netsonde_messages::stream::State;
use netsonde_session::Monitor;

use crate::figures::Figures;
use crate::minutes::Minutes;
use crate::report::report;

/// Starts a thread that follows a monitor for as long as the program runs: it says something every minute of a running
/// session, by the session's own time, and writes the report of each that ends. The monitor's settings must say so
/// (`summarized`).
///
/// # Errors
///
/// When the system refuses the thread.
pub fn follow(monitor: Monitor) -> io::Result<()> {
    let (wake, wakes) = sync_channel(1);
    monitor.subscribe(move || match wake.try_send(()) {
        // A wake that waits is as good as another; without the thread nobody needs one.
        Ok(()) | Err(TrySendError::Full(()) | TrySendError::Disconnected(())) => {}
    });
    thread::Builder::new().name("summarizer".into()).spawn(move || {
        let mut minutes = Minutes::default();
        for () in wakes {
            // Whatever goes wrong with one text, the next session waits for its report.
            let looked = catch_unwind(AssertUnwindSafe(|| look(&monitor, &mut minutes)));
            let status = monitor.status();
            if looked.is_err() && status.summarizing {
                monitor.conclude(status.session, not_written());
            }
        }
    })?;
    Ok(())
}

fn look(monitor: &Monitor, minutes: &mut Minutes) {
    let (status, measured) = (monitor.status(), monitor.publication());
    if status.session == 0 || status.session != measured.session {
        return;
    }
    let figures = Figures { status: &status, measured: &measured };
    if status.summarizing {
        monitor.conclude(status.session, report(&figures, &monitor.moment().findings));
    } else if status.state == State::Running && minutes.are_due(&figures) {
        let (moment, seconds) = monitor.moment_with_points();
        if let Some(summary) = minutes.next(&figures, &moment.findings, &seconds) {
            monitor.add_summary(status.session, summary);
        }
    }
}

fn not_written() -> SessionReport {
    let summary = "The report could not be written; the numbers on the screen are right.".into();
    SessionReport { summary, ..SessionReport::default() }
}
