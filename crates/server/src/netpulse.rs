//! NetPulse's protocol at `/`, so that its browser client works unchanged: one viewer.
//!
//! NetPulse is the public implementation of the design document (part of `websocket_server`). Nothing outside this
//! module knows its messages, and it measures nothing: it says what the monitor publishes in other words.

mod commands;
mod messages;
mod numbers;
mod places;
mod rows;
mod talkers;
mod updates;

use std::collections::VecDeque;
use std::mem;
use std::sync::Arc;
use std::time::Duration;

use axum::extract::ws::Utf8Bytes;
use netsonde_messages::stream::{Command, Reply, ReplyData, SourceChoice, State, Status};
use netsonde_messages::{InterfaceRow, SessionReport, Summary};
use netsonde_session::Ended;
use tokio::time::Instant;

use self::commands::{Asked, DEMO, parse};
use self::messages::{CommandResponse, Interface, Message};
use self::numbers::Marks;
pub(crate) use self::updates::Pulse;
use self::updates::{Beat, text};
use crate::commands::{Commands, STOP_PATIENCE};
use crate::conversation::Speaker;
use crate::pending::Pending;

/// The most messages of a viewer that wait for its first state: a page sends two.
const MOST_WAITING: usize = 8;

/// What was asked, as the number of a command that is being carried out.
mod ask {
    /// The interfaces of the first message.
    pub(super) const FIRST_INTERFACES: u64 = 0;
    /// The interfaces.
    pub(super) const INTERFACES: u64 = 1;
    /// A start.
    pub(super) const START: u64 = 2;
    /// A stop.
    pub(super) const STOP: u64 = 3;
}

/// What is known of one viewer.
pub(crate) struct Viewer {
    pulse: Pulse,
    commands: Commands,
    pending: Pending,
    /// The newest moment it was told of.
    serial: u64,
    marks: Marks,
    /// Until when its first state may be held back for a session to end; none once it has its first state.
    held_until: Option<Instant>,
    /// What it said before that.
    waiting: VecDeque<String>,
    /// The interfaces it was told of; none before they are known.
    interfaces: Option<Vec<Interface>>,
    /// Counts its starts that are being carried out.
    starting: usize,
    stop: Stop,
    /// The newest session whose end it knows, or need not be told.
    told: u64,
    /// Until when the report of that session is waited for.
    report_until: Option<Instant>,
    /// How long a report is waited for.
    report_patience: Duration,
    /// What was said of a session last.
    summary: Option<Arc<Summary>>,
}

/// How far the stop that it asked for is.
#[derive(Clone, Debug, Default)]
enum Stop {
    /// None is under way.
    #[default]
    No,
    /// It is being carried out.
    Asked,
    /// It was carried out, or refused with the reason; its last answer is to come.
    Done(Result<(), String>),
    /// It is being carried out, and its last answer was given.
    Told,
}

impl Viewer {
    /// A viewer that has heard nothing.
    pub(crate) fn new(pulse: Pulse, commands: Commands, report_patience: Duration) -> Self {
        Self {
            pulse,
            pending: Pending::new(commands.clone().with_stops_answered_at_once()),
            commands,
            serial: 0,
            marks: Marks::default(),
            held_until: Some(Instant::now() + STOP_PATIENCE),
            waiting: VecDeque::new(),
            interfaces: None,
            starting: 0,
            stop: Stop::No,
            told: 0,
            report_until: None,
            report_patience,
            summary: None,
        }
    }

    /// Begins, unless a session is about to end: its viewers come in when it has.
    fn begin(&mut self, beat: &Beat) -> Vec<Utf8Bytes> {
        let (Some(interfaces), Some(until)) = (&self.interfaces, self.held_until) else { return Vec::new() };
        if (beat.is_ending() || beat.is_unwatched()) && Instant::now() < until {
            return Vec::new();
        }
        let mut answers = vec![beat.whole(interfaces.clone())];
        self.held_until = None;
        // It comes late, and is told of all places.
        (self.serial, self.marks) = (beat.serial, beat.marks.knowing_no_place());
        // Of a session that is over before it came, it is told nothing.
        self.told = beat.marks.session;
        if beat.is_open() {
            self.told = self.told.saturating_sub(1);
            answers.extend(self.hear_summary(beat));
        }
        self.summary.clone_from(&beat.moment.summary);
        answers.extend(self.hear_places(beat));
        for message in mem::take(&mut self.waiting) {
            answers.extend(self.answer(&message));
        }
        answers
    }

    /// Has the client forget another session than that of this moment.
    fn enter(&mut self, beat: &Beat) -> Vec<Utf8Bytes> {
        let session = beat.marks.session;
        if session == self.marks.session {
            return Vec::new();
        }
        let mut answers = Vec::new();
        if self.is_open() && beat.end_of(self.marks.session).is_none() {
            let words = "The capture has ended, and what it measured was dropped".into();
            answers.push(self.end(self.marks.session, words, None));
        }
        // Sessions may have come and gone since it was heard last.
        let is_news = |ended: &&Arc<Ended>| ended.session > self.told && ended.session != session;
        let ends: Vec<_> = beat.moment.ended.iter().filter(is_news).map(Arc::clone).collect();
        answers.extend(ends.iter().map(|ended| self.tell_end(ended)));
        self.marks = beat.marks.at_the_beginning();
        self.summary = None;
        answers.push(beat.anew(self.interfaces.clone().unwrap_or_default()));
        answers
    }

    /// Tells of all places that one update has no room for, or that a viewer comes late for.
    fn hear_places(&mut self, beat: &Beat) -> Vec<Utf8Bytes> {
        let mut updates = Vec::new();
        while self.marks.located < beat.marks.located {
            updates.push(beat.update(self.marks));
            self.marks = self.marks.after_update(beat.marks, places::MOST);
        }
        updates
    }

    fn hear_summary(&mut self, beat: &Beat) -> Option<Utf8Bytes> {
        let newest = beat.moment.summary.as_ref()?;
        if self.summary.as_ref().is_some_and(|heard| Arc::ptr_eq(heard, newest)) {
            return None;
        }
        self.summary = Some(Arc::clone(newest));
        Some(text(&Message::PeriodicSummary { summary: numbers::periodic_summary(newest) }))
    }

    /// Tells whether it has to be told of the end of the session that it follows.
    fn is_open(&self) -> bool {
        self.marks.session > self.told
    }

    /// Tells that the session has ended, once its report is there or was waited for long enough.
    fn hear_end(&mut self, beat: &Beat) -> Option<Utf8Bytes> {
        let Status { state, source, .. } = &beat.moment.status;
        // While another is being opened, no last numbers are told, and they come first.
        if !self.is_open() || *state == State::Starting {
            return None;
        }
        if let Some(ended) = beat.end_of(self.marks.session) {
            return Some(self.tell_end(ended));
        }
        if !beat.is_ending() {
            return None;
        }
        let until = *self.report_until.get_or_insert(Instant::now() + self.report_patience);
        let source = source.as_ref().map_or("", |source| source.name.as_str());
        let words = || format!("The capture on {source} was stopped, its report did not come");
        (Instant::now() >= until).then(|| self.end(self.marks.session, words(), None))
    }

    /// Tells how a session ended, in the words of that moment.
    fn tell_end(&mut self, ended: &Ended) -> Utf8Bytes {
        let Ended { session, source, problem, report } = ended;
        let words = match problem {
            Some(problem) => format!("The capture on {source} has ended: {problem}"),
            None => format!("The capture on {source} has ended"),
        };
        self.end(*session, words, report.as_deref())
    }

    /// Tells that a session has ended, as the answer to a stop: the client knows no other word for it.
    fn end(&mut self, session: u64, message: String, report: Option<&SessionReport>) -> Utf8Bytes {
        (self.told, self.report_until) = (session, None);
        self.stop = match self.stop {
            Stop::No | Stop::Done(_) => Stop::No,
            Stop::Asked | Stop::Told => Stop::Told,
        };
        response("stop_capture", true, message, report)
    }

    fn ask(&mut self, asked: Asked) -> Vec<Utf8Bytes> {
        let refused = match asked {
            Asked::Interfaces => self.pending.begin(ask::INTERFACES, Command::GetInterfaces),
            Asked::Status => return vec![self.pulse.newest().status()],
            Asked::Start(None) => {
                let sentence = "a start needs the id of an interface of the list".into();
                return vec![response("start_capture", false, sentence, None)];
            }
            Asked::Start(Some(id)) => {
                let is_demo = id == DEMO && self.commands.has_demo();
                let source = if is_demo { SourceChoice::Demo } else { SourceChoice::Interface(id) };
                let command = Command::StartCapture { source, filter: None, duration_s: None };
                self.starting += 1;
                self.pending.begin(ask::START, command)
            }
            Asked::Stop => return self.ask_stop(),
        };
        refused.map(|refused| self.hear(refused)).unwrap_or_default()
    }

    /// Answers a stop at once; the answer that the client waits for comes with the session's end.
    fn ask_stop(&mut self) -> Vec<Utf8Bytes> {
        const ACKNOWLEDGED: &str = "stop_capture_ack";
        let status = self.commands.status();
        let is_ending = status.state == State::Stopping || status.summarizing;
        let has_begun = matches!(status.state, State::Starting | State::Running);
        if !is_ending && !has_begun && self.starting == 0 {
            let sentence = "no capture is running";
            return vec![
                response(ACKNOWLEDGED, false, sentence.into(), None),
                self.refuse_stop(sentence.into()),
            ];
        }
        // What a start of its own opens is not known yet.
        let source = status.source.filter(|_| is_ending || has_begun);
        let source = source.map_or_else(String::new, |source| format!(" on {}", source.name));
        let mut answers = vec![response(ACKNOWLEDGED, true, format!("Stopping the capture{source}"), None)];
        self.stop = Stop::Asked;
        if let Some(refused) = self.pending.begin(ask::STOP, Command::StopCapture) {
            self.stop = Stop::No;
            answers.push(response("stop_capture", false, refused.error.unwrap_or_default(), None));
        }
        answers
    }

    fn hear_start(&mut self, reply: Reply) -> Vec<Utf8Bytes> {
        self.starting = self.starting.saturating_sub(1);
        let beat = self.pulse.now();
        let mut answers = Vec::new();
        if let Some(ReplyData::Status(status)) = reply.data {
            let source = status.source.map_or_else(String::new, |source| source.name);
            answers.extend(self.enter(&beat));
            answers.push(response("start_capture", true, format!("Capture started on {source}"), None));
        } else {
            answers.push(response("start_capture", false, reply.error.unwrap_or_default(), None));
        }
        answers.extend(self.follow(&beat));
        answers
    }

    fn hear_stop(&mut self, reply: Reply) -> Vec<Utf8Bytes> {
        self.stop = match self.stop {
            Stop::Asked => Stop::Done(reply.error.map_or(Ok(()), Err)),
            // Whoever asked twice is answered once.
            Stop::No | Stop::Told | Stop::Done(_) => Stop::No,
        };
        let beat = self.pulse.now();
        self.follow(&beat)
    }

    /// Answers a stop that found no session to end.
    fn answer_stop(&mut self) -> Option<Utf8Bytes> {
        if self.is_open() || self.starting > 0 {
            return None;
        }
        let Stop::Done(outcome) = &self.stop else { return None };
        let answer = match outcome {
            Ok(()) => response("stop_capture", true, "The start was called off".to_owned(), None),
            Err(sentence) => self.refuse_stop(sentence.clone()),
        };
        self.stop = Stop::No;
        Some(answer)
    }

    /// Refuses a stop, with the report of the session that is over: without one, the client puts away what it has.
    fn refuse_stop(&self, sentence: String) -> Utf8Bytes {
        let beat = self.pulse.now();
        response("stop_capture", false, sentence, beat.moment.report.as_deref())
    }

    fn listed(&self, rows: Vec<InterfaceRow>) -> Vec<Interface> {
        let demo = Interface { id: DEMO.into(), name: for_wifi("Demo traffic"), full_path: DEMO.into() };
        let named = |row: InterfaceRow| Interface {
            id: row.name.clone(),
            name: for_wifi(row.description.as_deref().filter(|words| !words.is_empty()).unwrap_or(&row.name)),
            full_path: row.name,
        };
        rows.into_iter().map(named).chain(self.commands.has_demo().then_some(demo)).collect()
    }
}

/// Completes the name of an interface: the client starts none whose name does not speak of Wi-Fi.
fn for_wifi(name: &str) -> String {
    if name.to_ascii_lowercase().contains("wi-fi") {
        name.to_owned()
    } else {
        format!("{name} (Wi-Fi not required)")
    }
}

impl Speaker for Viewer {
    type News = Beat;

    fn greet(&mut self) -> Vec<Utf8Bytes> {
        // The first message holds them. Nothing else is under way that this could be too much beside.
        self.pending.begin(ask::FIRST_INTERFACES, Command::GetInterfaces);
        Vec::new()
    }

    fn answer(&mut self, request: &str) -> Vec<Utf8Bytes> {
        if self.held_until.is_some() {
            if self.waiting.len() >= MOST_WAITING {
                return vec![self.wrong("too many messages before the first answer: wait for initial_state")];
            }
            self.waiting.push_back(request.into());
            return Vec::new();
        }
        match parse(request) {
            Ok(asked) => self.ask(asked),
            Err(sentence) => vec![self.wrong(&sentence)],
        }
    }

    fn wrong(&self, sentence: &str) -> Utf8Bytes {
        text(&Message::Error { message: sentence.into() })
    }

    fn follow(&mut self, beat: &Beat) -> Vec<Utf8Bytes> {
        if beat.is_unwatched() {
            self.pulse.ask_for_rows();
        }
        if self.held_until.is_some() {
            return self.begin(beat);
        }
        // The client forgets everything at the answer to its start: what is new comes behind it.
        if self.starting > 0 || beat.serial <= self.serial || beat.is_unwatched() || beat.is_behind() {
            return Vec::new();
        }
        let mut answers = self.enter(beat);
        self.serial = beat.serial;
        let is_changing = matches!(beat.moment.status.state, State::Starting | State::Stopping);
        if !is_changing && beat.marks.is_news_to(self.marks) {
            answers.push(beat.update(self.marks));
            self.marks = self.marks.after_update(beat.marks, places::MOST);
            answers.extend(self.hear_places(beat));
        }
        answers.extend(self.hear_summary(beat));
        answers.extend(self.hear_end(beat));
        answers
    }

    fn pending(&mut self) -> &mut Pending {
        &mut self.pending
    }

    fn hear(&mut self, reply: Reply) -> Vec<Utf8Bytes> {
        let mut answers = match reply.id {
            ask::FIRST_INTERFACES => {
                // Where the system does not list them, the first message holds none, and asking says why.
                self.interfaces = Some(self.listed(rows(reply).unwrap_or_default()));
                let beat = self.pulse.now();
                self.follow(&beat)
            }
            ask::INTERFACES => match rows(reply) {
                Ok(rows) => {
                    let interfaces = self.listed(rows);
                    self.interfaces = Some(interfaces.clone());
                    vec![text(&Message::InterfacesResponse { interfaces })]
                }
                Err(sentence) => vec![self.wrong(&sentence)],
            },
            ask::START => self.hear_start(reply),
            _ => self.hear_stop(reply),
        };
        answers.extend(self.answer_stop());
        answers
    }

    fn due(&self) -> Option<Instant> {
        match self.held_until {
            // Without the interfaces there is nothing to say yet.
            Some(until) => self.interfaces.as_ref().map(|_| until),
            // Nothing is said before a start is answered.
            None => self.report_until.filter(|_| self.starting == 0),
        }
    }

    fn overdue(&mut self) -> Vec<Utf8Bytes> {
        let beat = self.pulse.now();
        self.follow(&beat)
    }
}

fn rows(reply: Reply) -> Result<Vec<InterfaceRow>, String> {
    match reply.data {
        Some(ReplyData::Interfaces(rows)) => Ok(rows),
        _ => Err(reply.error.unwrap_or_default()),
    }
}

fn response(
    command: &'static str,
    success: bool,
    message: String,
    report: Option<&SessionReport>,
) -> Utf8Bytes {
    let summary = report.map(numbers::report);
    text(&Message::CommandResponse(CommandResponse { command, success, message, summary }))
}
