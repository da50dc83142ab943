//! The thread that writes when there is something to write.

mod editor;
#[cfg(test)]
mod tests;

use std::io;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::sync::mpsc::{RecvTimeoutError, TrySendError, sync_channel};
use std::thread;

use netsonde_messages::SessionReport;
use netsonde_messages::stream::State;
use netsonde_session::Monitor;

use self::editor::Editor;
use crate::assistant::Assistant;
use crate::figures::Figures;
use crate::findings::{self, Memory};
use crate::minutes::Minutes;
use crate::report::report;

/// How often findings are looked for while a session runs, in seconds of its own time.
const FINDINGS_S: f64 = 1.0;

/// Starts a thread that follows a monitor for as long as the program runs: it looks for findings every second of a running
/// session, by the session's own time, says something every minute, and writes the report of each session that ends. The
/// monitor's settings must say so (`summarized`). A language model words both anew, where there is one and it is allowed.
///
/// # Errors
///
/// When the system refuses the thread.
pub fn follow(monitor: Monitor, assistant: Option<Assistant>) -> io::Result<()> {
    let (wake, wakes) = sync_channel(1);
    let wake = Arc::new(move || match wake.try_send(()) {
        // A wake that waits is as good as another; without the thread nobody needs one.
        Ok(()) | Err(TrySendError::Full(()) | TrySendError::Disconnected(())) => {}
    });
    let published = Arc::clone(&wake);
    monitor.subscribe(move || published());
    thread::Builder::new().name("summarizer".into()).spawn(move || {
        let (mut minutes, mut watched) = (Minutes::default(), Watched::default());
        let mut editor = Editor::new(assistant, wake);
        loop {
            // Whatever goes wrong with one look, the next one comes. The hook has said what it was.
            let _ = catch_unwind(AssertUnwindSafe(|| watched.look(&monitor)));
            // Whatever goes wrong with one text, the next session waits for its report.
            let looked = catch_unwind(AssertUnwindSafe(|| look(&monitor, &mut minutes, &mut editor)));
            let status = monitor.status();
            if looked.is_err() && editor.is_at_report(status.session) {
                editor.give_up(&monitor, "Something went wrong while the model was asked.");
            } else if looked.is_err() && status.summarizing {
                monitor.conclude(status.session, not_written());
            }
            let waited = match editor.left() {
                Some(left) => wakes.recv_timeout(left),
                None => wakes.recv().map_err(Into::into),
            };
            if waited == Err(RecvTimeoutError::Disconnected) {
                return;
            }
        }
    })?;
    Ok(())
}

fn look(monitor: &Monitor, minutes: &mut Minutes, editor: &mut Editor) {
    editor.tend(monitor, monitor.status().session);
    // Read after that: a report may have been concluded.
    let (status, measured) = (monitor.status(), monitor.publication());
    if status.session == 0 || status.session != measured.session {
        return;
    }
    let figures = Figures { status: &status, measured: &measured };
    if status.summarizing && !editor.is_at_report(status.session) {
        editor.report(monitor, status.session, report(&figures, &monitor.moment().findings));
    } else if status.state == State::Running && minutes.are_due(&figures) {
        let (moment, seconds) = monitor.moment_with_points();
        if let Some(summary) = minutes.next(&figures, &moment.findings, &seconds) {
            editor.summary(monitor, status.session, summary);
        }
    }
}

/// What findings look back at, and when they were looked for last.
#[derive(Debug, Default)]
struct Watched {
    memory: Memory,
    session: u64,
    due_s: f64,
    /// Whether the whole of a session that has ended was looked at.
    is_over: bool,
}

impl Watched {
    /// Looks for findings, where it is time to.
    fn look(&mut self, monitor: &Monitor) {
        let status = monitor.status();
        let is_over = matches!(status.state, State::Finished | State::Failed);
        if status.session == 0 || (status.session == self.session && self.is_over) {
            return;
        }
        if status.session != self.session {
            *self = Self { session: status.session, ..Self::default() };
        }
        if !is_over && monitor.publication().totals.elapsed_s < self.due_s {
            return;
        }
        let (moment, points) = monitor.moment_with_points();
        let measured = &moment.publication;
        if measured.session != self.session || moment.status.session != self.session {
            return;
        }
        // Before anything can go wrong, so that it does not go wrong again at every wake.
        self.is_over = matches!(moment.status.state, State::Finished | State::Failed);
        self.due_s = measured.totals.elapsed_s + FINDINGS_S;
        self.memory.note(self.session, &points);
        let figures = Figures { status: &moment.status, measured };
        monitor.set_findings(findings::of(&figures, &mut self.memory));
    }
}

fn not_written() -> SessionReport {
    let summary = "The report could not be written; the numbers on the screen are right.".into();
    SessionReport { summary, ..SessionReport::default() }
}
