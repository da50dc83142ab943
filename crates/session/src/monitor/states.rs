//! The state machine of sessions (INTERFACES: idle, starting, running, stopping, finished, failed).

use std::collections::VecDeque;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use netsonde_capture::OpenError;
use netsonde_messages::stream::{SourceKind, State, Status, StatusSource};
use netsonde_messages::{SessionReport, rfc3339};
use netsonde_units::Timestamp;

use super::measuring::{End, Progress};
use super::{DEMO, Ended, Origin, Refusal, Start};

/// How many ends are remembered: a viewer hears of each, also where its turn comes after the next has begun. As many
/// short captures end in the second that a slow page takes for one message.
const MOST_ENDS: usize = 64;

/// What is going on, and what it takes to change it.
#[derive(Debug, Default)]
pub(super) struct States {
    status: Current,
    /// What the status was before a source was being opened.
    before: Option<Current>,
    /// Counts the openings, so that the outcome of one that was called off is known.
    attempts: u64,
    /// The number of the newest session, from 1; never used again, so that late results of an old one are known.
    sessions: u64,
    /// Set to have the session end, or the opening of its source.
    stop: Option<Arc<AtomicBool>>,
    needs_viewers: bool,
    viewers: usize,
    /// Counts how often the last viewer has left, or a session began that nobody watched.
    absences: u64,
    /// How sessions ended, the oldest first.
    ends: VecDeque<Arc<Ended>>,
}

/// A source that is being opened.
#[derive(Clone, Debug)]
pub(super) struct Attempt {
    number: u64,
    /// Set when it is called off, and later when its session is to end.
    pub(super) stop: Arc<AtomicBool>,
}

#[derive(Clone, Debug, Default)]
struct Current {
    state: State,
    problem: Option<String>,
    session: u64,
    source: Option<StatusSource>,
    filter: Option<String>,
    started_at: Option<Timestamp>,
    summarizing: bool,
}

impl States {
    pub(super) fn status(&self) -> Status {
        let Current { state, problem, session, source, filter, started_at, summarizing } =
            self.status.clone();
        Status {
            state,
            problem,
            session,
            source,
            filter,
            started_at: started_at.map(|at| rfc3339(at.nanos())),
            summarizing,
        }
    }

    /// Takes note that a source is being opened.
    pub(super) fn begin_starting(&mut self, start: &Start) -> Result<Attempt, Refusal> {
        match self.status.state {
            State::Idle | State::Finished | State::Failed if self.status.summarizing => {
                return Err(Refusal::Summarizing);
            }
            State::Idle | State::Finished | State::Failed => {}
            State::Starting | State::Running => {
                return Err(Refusal::AlreadyRunning { source_name: self.source_name() });
            }
            State::Stopping => return Err(Refusal::Stopping { source_name: self.source_name() }),
        }
        let starting = Current {
            state: State::Starting,
            session: self.status.session,
            source: Some(source(&start.origin)),
            filter: start.filter.clone(),
            ..Current::default()
        };
        self.before = Some(std::mem::replace(&mut self.status, starting));
        self.attempts += 1;
        let attempt = Attempt { number: self.attempts, stop: Arc::default() };
        self.stop = Some(Arc::clone(&attempt.stop));
        Ok(attempt)
    }

    /// Tells whether the source of this attempt is still being waited for.
    pub(super) fn is_starting(&self, attempt: &Attempt) -> bool {
        self.status.state == State::Starting && self.attempts == attempt.number
    }

    /// The source did not open. A filter that is not valid changes nothing; anything else is a failure to be seen.
    pub(super) fn starting_failed(&mut self, attempt: &Attempt, refusal: &Refusal) {
        if !self.is_starting(attempt) {
            return;
        }
        let Some(before) = self.before.take() else { return };
        let is_new = before.session == 0;
        if matches!(refusal, Refusal::Open(OpenError::BadFilter { .. })) {
            self.status = before;
        } else {
            // What an earlier session measured stays, and so does its source; the reason names this one.
            if !is_new {
                self.status = before;
            }
            self.status.state = State::Failed;
            self.status.problem = Some(refusal.to_string());
        }
    }

    pub(super) const fn next_session(&mut self) -> u64 {
        self.sessions += 1;
        self.sessions
    }

    pub(super) fn run(&mut self, session: u64, start: &Start, now: Timestamp) {
        self.before = None;
        self.status.state = State::Running;
        self.status.session = session;
        self.status.started_at = Some(now);
        self.needs_viewers = start.needs_viewers;
        self.absences += u64::from(self.viewers == 0);
    }

    pub(super) fn stop(&mut self) -> Result<(), Refusal> {
        match self.status.state {
            State::Running => {}
            // Somebody else was faster; both get what they want.
            State::Stopping => return Ok(()),
            // Whoever opens it may wait for a pipe for ever; nobody waits for that.
            State::Starting => {
                self.order_to_stop();
                self.status = self.before.take().unwrap_or_default();
                return Ok(());
            }
            State::Idle | State::Finished | State::Failed => return Err(Refusal::NotRunning),
        }
        self.order_to_stop();
        self.status.state = State::Stopping;
        Ok(())
    }

    fn order_to_stop(&self) {
        if let Some(stop) = &self.stop {
            stop.store(true, Ordering::Relaxed);
        }
    }

    pub(super) fn reset(&mut self) -> Result<(), Refusal> {
        match self.status.state {
            State::Idle | State::Finished | State::Failed if self.status.summarizing => {
                Err(Refusal::Summarizing)
            }
            State::Idle | State::Finished | State::Failed => {
                self.status = Current::default();
                self.ends.clear();
                Ok(())
            }
            State::Starting | State::Running => {
                Err(Refusal::ResetWhileRunning { source_name: self.source_name() })
            }
            State::Stopping => Err(Refusal::Stopping { source_name: self.source_name() }),
        }
    }

    /// Takes note of a running session's progress; false where it is not the one that runs.
    pub(super) fn advance(&mut self, session: u64, progress: Progress) -> bool {
        if self.status.session != session {
            return false;
        }
        if let Some(source) = &mut self.status.source {
            source.progress_percentage = progress.percentage;
        }
        self.status.problem = progress.problem;
        true
    }

    /// The source of a session has ended; `summarized` tells whether a report follows.
    pub(super) fn ended(&mut self, session: u64, end: End, summarized: bool) {
        if self.status.session != session {
            return;
        }
        (self.status.state, self.status.problem) = match end {
            End::Finished(problem) => (State::Finished, problem),
            End::Failed(problem) => (State::Failed, Some(problem)),
        };
        self.status.summarizing = summarized;
        self.stop = None;
        if !summarized {
            self.note_end(None);
        }
    }

    /// The report of a session that has ended is written.
    pub(super) fn concluded(&mut self, session: u64, report: Arc<SessionReport>) {
        if self.status.session == session && self.status.summarizing {
            self.status.summarizing = false;
            self.note_end(Some(report));
        }
    }

    /// Returns how the sessions ended that are over since the last reset, the oldest first.
    pub(super) fn ends(&self) -> Vec<Arc<Ended>> {
        self.ends.iter().map(Arc::clone).collect()
    }

    /// Keeps how the newest session ended, in the words of this moment: the next start changes the status.
    fn note_end(&mut self, report: Option<Arc<SessionReport>>) {
        if self.ends.len() >= MOST_ENDS {
            self.ends.pop_front();
        }
        let Current { session, problem, .. } = self.status.clone();
        self.ends.push_back(Arc::new(Ended { session, source: self.source_name(), problem, report }));
    }

    pub(super) const fn viewer_came(&mut self) {
        self.viewers += 1;
    }

    pub(super) fn viewer_left(&mut self) {
        self.viewers = self.viewers.saturating_sub(1);
        self.absences += u64::from(self.viewers == 0);
    }

    /// Returns the number of the absence while nobody watches a session that needs somebody to.
    pub(super) fn absence(&self) -> Option<u64> {
        (self.viewers == 0 && self.needs_viewers).then_some(self.absences)
    }

    pub(super) fn is_stopping(&self) -> bool {
        self.status.state == State::Stopping
    }

    /// Tells whether a session is about to end, or its report about to be written.
    pub(super) fn is_ending(&self) -> bool {
        self.is_stopping() || self.status.summarizing
    }

    fn source_name(&self) -> String {
        self.status.source.as_ref().map_or_else(String::new, |source| source.name.clone())
    }
}

fn source(origin: &Origin) -> StatusSource {
    let (kind, name) = match origin {
        Origin::Interface(name) => (SourceKind::Interface, name.as_str()),
        Origin::File { name, .. } => (SourceKind::File, name.as_str()),
        Origin::Demo => (SourceKind::Demo, DEMO),
    };
    StatusSource { kind, name: name.into(), progress_percentage: None }
}

#[cfg(test)]
mod tests {
    use netsonde_messages::stream::RefusalCode;

    use super::*;

    fn start(name: &str) -> Start {
        let origin = Origin::File { path: name.into(), name: name.into(), speed: None };
        Start { origin, filter: None, duration: None, needs_viewers: false }
    }

    fn run(states: &mut States, name: &str) -> u64 {
        states.begin_starting(&start(name)).unwrap();
        let session = states.next_session();
        states.run(session, &start(name), Timestamp::EPOCH);
        session
    }

    /// Fault 52 of the design's public implementation: late results of a session leaked into the next one.
    #[test]
    fn what_an_earlier_session_says_late_changes_nothing() {
        let mut states = States::default();
        let first = run(&mut states, "first");
        states.ended(first, End::Finished(None), false);
        let second = run(&mut states, "second");
        let before = states.status();
        let late = Progress { percentage: Some(50.0), problem: Some("late".into()) };
        assert!(!states.advance(first, late.clone()));
        states.ended(first, End::Failed("late".into()), false);
        assert_eq!(states.status(), before);
        assert!(states.advance(second, late));
        // Nor after a reset, when no session has its number.
        states.ended(second, End::Finished(None), false);
        states.reset().unwrap();
        assert!(!states.advance(second, Progress::default()));
        states.ended(second, End::Failed("late".into()), false);
        assert_eq!((states.status().state, states.status().problem), (State::Idle, None));
        assert_eq!(run(&mut states, "third"), 3);
    }

    #[test]
    fn a_problem_while_running_lasts_as_long_as_it_is_said() {
        let mut states = States::default();
        let session = run(&mut states, "eth0");
        let down = Progress { percentage: None, problem: Some("eth0 is down".into()) };
        assert!(states.advance(session, down));
        assert_eq!(states.status().problem.as_deref(), Some("eth0 is down"));
        assert!(states.advance(session, Progress::default()));
        assert_eq!(states.status().problem, None);
    }

    /// Every state takes the commands that fit and refuses the others.
    #[test]
    fn commands_fit_the_states_of_the_contract() {
        for (state, starts, stops, resets) in [
            (State::Idle, true, false, true),
            // A stop calls off what is being opened.
            (State::Starting, false, true, false),
            (State::Running, false, true, false),
            (State::Stopping, false, true, false),
            (State::Finished, true, false, true),
            (State::Failed, true, false, true),
        ] {
            let states = || {
                let mut states = States::default();
                states.status.state = state;
                states
            };
            assert_eq!(states().begin_starting(&start("x")).is_ok(), starts, "start while {state:?}");
            assert_eq!(states().stop().is_ok(), stops, "stop while {state:?}");
            assert_eq!(states().reset().is_ok(), resets, "reset while {state:?}");
        }
    }

    #[test]
    fn a_start_or_a_reset_while_stopping_is_asked_to_wait() {
        let mut states = States::default();
        run(&mut states, "lo");
        states.stop().unwrap();
        for refused in [states.begin_starting(&start("lo")).unwrap_err(), states.reset().unwrap_err()] {
            assert_eq!(refused.to_string(), "the capture on lo is being stopped: please wait a moment");
            assert_eq!(refused.code(), RefusalCode::WrongState);
        }
    }

    /// A start that fails puts its own reason and state where those of the session before stood.
    #[test]
    fn how_a_session_ended_is_kept_as_it_was_whatever_is_started_next() {
        let mut states = States::default();
        let first = run(&mut states, "first");
        states.ended(first, End::Failed("first went down".into()), true);
        assert_eq!(states.ends(), [], "its report is to come");
        let report = Arc::new(SessionReport { summary: "Of the first.".into(), ..SessionReport::default() });
        states.concluded(first, Arc::clone(&report));
        let attempt = states.begin_starting(&start("second")).unwrap();
        states.starting_failed(&attempt, &Refusal::NoDemo);
        let third = run(&mut states, "third");
        states.ended(third, End::Finished(None), false);
        let ends = states.ends();
        let problem = Some("first went down".to_owned());
        let expected = [
            Ended { session: first, source: "first".into(), problem, report: Some(report) },
            Ended { session: third, source: "third".into(), problem: None, report: None },
        ];
        assert!(ends.iter().map(|ended| &**ended).eq(&expected), "{ends:?}");
        states.reset().unwrap();
        assert_eq!(states.ends(), []);
    }

    #[test]
    fn the_oldest_ends_give_way() {
        let mut states = States::default();
        for _ in 0..MOST_ENDS + 2 {
            let session = run(&mut states, "short");
            states.ended(session, End::Finished(None), false);
        }
        // Of 66 sessions the first two are forgotten.
        assert!(states.ends().iter().map(|ended| ended.session).eq(3..=66));
    }
}
