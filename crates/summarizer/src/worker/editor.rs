use std::sync::Arc;
use std::time::Duration;

use netsonde_messages::{Author, Sentence, SessionReport, Summary};
use netsonde_session::Monitor;

use crate::assistant::{Assistant, Pending, Task, Worded};

/// Publishes what the rules wrote at once, and what a language model made of it when that has come.
///
/// Without a model, or as long as none is allowed, the rules have the last word.
pub(super) struct Editor {
    assistant: Option<Assistant>,
    /// Called when the model is done with something.
    wake: Arc<dyn Fn() + Send + Sync>,
    /// What the model is at: one thing at a time.
    work: Option<Work>,
}

/// Something that the model is at.
struct Work {
    session: u64,
    draft: Draft,
    pending: Pending,
}

/// As the rules wrote it.
enum Draft {
    Report(Box<SessionReport>),
    Summary(Box<Summary>),
}

impl Editor {
    pub(super) fn new(assistant: Option<Assistant>, wake: Arc<dyn Fn() + Send + Sync>) -> Self {
        Self { assistant, wake, work: None }
    }

    /// Publishes the report of a session that has ended.
    pub(super) fn report(&mut self, monitor: &Monitor, session: u64, report: SessionReport) {
        // The session waits for its report; nobody waits for the words of its last minute.
        self.give_up(monitor, "The session ended before the model had answered.");
        match self.begin(monitor, Task::of_report(&report)) {
            None => monitor.conclude(session, report),
            Some(pending) => {
                monitor.draft(session, report.clone());
                self.work = Some(Work { session, draft: Draft::Report(Box::new(report)), pending });
            }
        }
    }

    /// Publishes what is said of a minute.
    pub(super) fn summary(&mut self, monitor: &Monitor, session: u64, summary: Summary) {
        monitor.add_summary(session, summary.clone());
        if self.work.is_some() {
            return;
        }
        if let Some(pending) = self.begin(monitor, Task::of_summary(&summary)) {
            self.work = Some(Work { session, draft: Draft::Summary(Box::new(summary)), pending });
        }
    }

    /// Publishes what the model has come to, and how it stands with it; `session` is the one that is shown.
    pub(super) fn tend(&mut self, monitor: &Monitor, session: u64) {
        if self.work.as_ref().is_some_and(|work| work.session != session) {
            self.work = None;
        }
        if !monitor.may_ask() {
            self.give_up(monitor, "The model may not be asked any more.");
        } else if let Some(outcome) = self.work.as_ref().and_then(|work| work.pending.poll()) {
            self.settle(monitor, outcome);
        }
        let Some(assistant) = &self.assistant else { return };
        let standing = assistant.standing(monitor.may_ask());
        if monitor.assistant() != standing {
            monitor.set_assistant(standing);
        }
    }

    /// Ends what the model is at: the rules' words stay, with a line that says why.
    pub(super) fn give_up(&mut self, monitor: &Monitor, why: &str) {
        if self.work.is_some() {
            self.settle(monitor, Err(why.into()));
        }
    }

    /// Tells whether the report of a session is being worded.
    pub(super) fn is_at_report(&self, of: u64) -> bool {
        matches!(&self.work, Some(Work { session, draft: Draft::Report(_), .. }) if *session == of)
    }

    /// Returns how long the model has; none where it is at nothing.
    pub(super) fn left(&self) -> Option<Duration> {
        self.work.as_ref().map(|work| work.pending.left())
    }

    fn begin(&self, monitor: &Monitor, task: Task) -> Option<Pending> {
        let assistant =
            self.assistant.as_ref().filter(|_| monitor.may_ask() && !task.sentences.is_empty())?;
        let wake = Arc::clone(&self.wake);
        Some(assistant.begin(task, move || wake()))
    }

    fn settle(&mut self, monitor: &Monitor, outcome: Result<Worded, String>) {
        let Some(Work { session, draft, .. }) = self.work.take() else { return };
        let (worded, notice) = match outcome {
            Ok(Worded { sentences, notice }) => (Some(sentences), notice),
            Err(why) => (None, Some(why)),
        };
        match draft {
            Draft::Report(mut report) => {
                report.notice = notice;
                if let Some(sentences) = worded {
                    report.summary = joined(&sentences);
                    report.author = author(&sentences);
                    report.sentences = sentences;
                }
                monitor.conclude(session, *report);
            }
            Draft::Summary(mut summary) => {
                summary.notice = notice;
                if let Some(sentences) = worded {
                    summary.text = joined(&sentences);
                    summary.author = author(&sentences);
                    summary.sentences = sentences;
                }
                monitor.add_summary(session, *summary);
            }
        }
    }
}

fn joined(sentences: &[Sentence]) -> String {
    sentences.iter().map(Sentence::text).collect::<Vec<_>>().join(" ")
}

/// Names the model where it worded any sentence.
fn author(sentences: &[Sentence]) -> Author {
    let models = sentences.iter().map(|sentence| &sentence.author);
    models.into_iter().find(|author| matches!(author, Author::Model(_))).cloned().unwrap_or_default()
}
