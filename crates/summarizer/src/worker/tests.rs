//! Reports and summaries that a language model words, or fails to: sessions of a real monitor, a provider on loopback.
#![expect(clippy::disallowed_methods, reason = "a test's own clock")]

use std::io::Write as _;
use std::sync::mpsc::{Receiver, channel};
use std::time::{Duration, Instant};

use netsonde_messages::{
    AssistantState, Author, Fact, FactValue, Piece, Sentence, Severity, Span, Subject, Summaries, Summary,
    Unit,
};
use netsonde_session::{MonitorSettings, Origin, Start};
use netsonde_units::Timestamp;
use serde_json::json;
use tempfile::NamedTempFile;

use super::*;
use crate::assistant::{Api, AssistantSettings, TimeLimits};
use crate::provider::stage::{Act, PATIENCE, Stage};
use crate::provider::{Endpoint, Key};

/// Short for those who are not to answer in it, and long enough to answer.
const SOON: TimeLimits =
    TimeLimits { report: Duration::from_millis(700), summary: Duration::from_millis(700) };
const PATIENT: TimeLimits = TimeLimits { report: PATIENCE, summary: PATIENCE };
const KEY: &str = "key-of-a-test";

/// A monitor, what follows it, and the provider that is asked.
struct Scene {
    monitor: Monitor,
    editor: Editor,
    stage: Stage,
    wakes: Receiver<()>,
    capture: NamedTempFile,
}

impl Scene {
    fn new(acts: Vec<Act>, limits: TimeLimits) -> Self {
        Self::with(acts, limits, false)
    }

    fn with(acts: Vec<Act>, limits: TimeLimits, redacted: bool) -> Self {
        let stage = Stage::play(acts);
        let (assistant, caller) = Assistant::new(AssistantSettings {
            api: Api::OpenAi,
            model: "small".into(),
            endpoint: Endpoint::parse(&format!("http://{}/v1", stage.address), false).unwrap(),
            key: Some(Key::new(KEY).unwrap()),
            redacted,
            calls_per_hour: 30,
            limits,
            clock: Instant::now,
        });
        thread::spawn(move || caller.run());
        let settings = MonitorSettings {
            summarized: true,
            assistant_allowed: true,
            ..MonitorSettings::new(|| Timestamp::EPOCH)
        };
        let monitor = Monitor::new(settings).unwrap();
        let (wake, wakes) = channel();
        let published = wake.clone();
        monitor.subscribe(move || {
            let _ = published.send(());
        });
        let editor = Editor::new(Some(assistant), Arc::new(move || wake.send(()).unwrap_or_default()));
        let mut capture = NamedTempFile::new().unwrap();
        // A pcap without a packet.
        let header = [&[0xd4, 0xc3, 0xb2, 0xa1, 2, 0, 4, 0][..], &[0; 8], &[0, 0, 4, 0, 1, 0, 0, 0]].concat();
        capture.write_all(&header).unwrap();
        Self { monitor, editor, stage, wakes, capture }
    }

    /// Runs a session to its end; its report is due then.
    fn session(&self) -> u64 {
        let name = "office.pcap".into();
        let origin = Origin::File { path: self.capture.path().into(), name, speed: None };
        let start = Start { origin, filter: None, duration: None, needs_viewers: false };
        let session = self.monitor.start(&start).unwrap();
        self.wait_until(|monitor| monitor.status().summarizing);
        session
    }

    /// Publishes a report of the session, and waits until it is concluded.
    fn report(&mut self, session: u64) -> SessionReport {
        self.editor.report(&self.monitor, session, report());
        self.tend_until(|monitor| !monitor.status().summarizing);
        *self.monitor.summaries().report.unwrap()
    }

    fn tend_until(&mut self, done: impl Fn(&Monitor) -> bool) {
        let until = Instant::now() + PATIENCE;
        loop {
            self.editor.tend(&self.monitor, self.monitor.status().session);
            if done(&self.monitor) {
                return;
            }
            assert!(Instant::now() < until, "{:?}", self.monitor);
            let _ = self.wakes.recv_timeout(self.editor.left().unwrap_or(Duration::from_secs(1)));
        }
    }

    fn wait_until(&self, done: impl Fn(&Monitor) -> bool) {
        while !done(&self.monitor) {
            self.wakes.recv_timeout(PATIENCE).unwrap();
        }
    }

    /// Returns the text of the summary with this number and what is said about it.
    fn summary(&self, id: u64) -> (String, Author, Option<String>) {
        let Summaries { periodic, .. } = self.monitor.summaries();
        let summary = periodic.into_iter().find(|summary| summary.id == id).unwrap();
        (summary.text, summary.author, summary.notice)
    }
}

fn fact(id: u32, label: &'static str, subject: Subject, value: FactValue, text: &str) -> Fact {
    Fact {
        id,
        label: label.into(),
        subject,
        value,
        text: text.into(),
        span: Span::default(),
        method: "counted".into(),
        see: "/".into(),
    }
}

fn facts() -> Vec<Fact> {
    let loss = FactValue::Number { value: 2.5, unit: Unit::Percent };
    let server = Subject::Host([203, 0, 113, 7].into());
    vec![
        fact(1, "TCP loss", Subject::Protocol("TCP".into()), loss, "2.5 %"),
        fact(2, "Busiest host", server, FactValue::Text("mail.example.org".into()), "mail.example.org"),
    ]
}

/// What the rules say.
fn sentences() -> Vec<Sentence> {
    let piece = |text: &str, fact| Piece { text: text.into(), fact };
    let pieces = vec![piece("The TCP loss was ", None), piece("2.5 %", Some(1)), piece(".", None)];
    vec![Sentence { pieces, author: Author::Rules }]
}

const RULES: &str = "The TCP loss was 2.5 %.";

fn report() -> SessionReport {
    let (facts, sentences) = (facts(), sentences());
    let summary = sentences.iter().map(Sentence::text).collect();
    SessionReport { summary, facts, sentences, severity: Severity::Warning, ..SessionReport::default() }
}

fn minute(id: u64) -> Summary {
    let (facts, sentences) = (facts(), sentences());
    let text = sentences.iter().map(Sentence::text).collect();
    Summary { id, text, facts, sentences, ..Summary::default() }
}

/// The model says this, as JSON.
fn says(sentences: &[&str]) -> Act {
    completion(&json!({ "sentences": sentences }).to_string())
}

fn completion(content: &str) -> Act {
    Stage::json(&json!({ "choices": [{ "message": { "content": content }, "finish_reason": "stop" }] }))
}

const ITS_WORDS: &str = "The TCP loss is {f1}.";

#[test]
fn a_report_is_there_at_once_and_then_in_the_words_of_the_model() {
    let mut scene = Scene::new(vec![says(&[ITS_WORDS])], PATIENT);
    let session = scene.session();
    scene.editor.report(&scene.monitor, session, report());
    // The rules' words are told while the model is asked, and no other session begins.
    assert_eq!(scene.monitor.summaries().report.map(|report| report.summary), Some(RULES.into()));
    assert!(scene.monitor.status().summarizing && scene.editor.is_at_report(session));
    let begun = Start { origin: Origin::Demo, filter: None, duration: None, needs_viewers: false };
    assert!(scene.monitor.start(&begun).is_err());

    scene.tend_until(|monitor| !monitor.status().summarizing);
    let worded = scene.monitor.summaries().report.unwrap();
    assert_eq!((worded.summary.as_str(), worded.notice), ("The TCP loss is 2.5 %.", None));
    assert_eq!(worded.author, Author::Model("small".into()));
    let stands_on: Vec<_> = worded.sentences[0].pieces.iter().filter_map(|piece| piece.fact).collect();
    assert_eq!((stands_on, worded.severity), (vec![1], Severity::Warning));
    let assistant = scene.monitor.assistant();
    assert_eq!((assistant.state, assistant.problem), (AssistantState::Allowed, None));
    assert_eq!((assistant.model.as_deref(), assistant.calls_left), (Some("small"), Some(29)));
    assert_eq!(assistant.host, Some(scene.stage.address.to_string()));
}

#[test]
fn what_was_not_measured_is_left_out_and_said_to_be() {
    let mut scene = Scene::new(vec![says(&["The TCP loss is 99 %."])], PATIENT);
    let session = scene.session();
    let report = scene.report(session);
    assert_eq!((report.summary.as_str(), report.author), (RULES, Author::Rules));
    let notice = "One sentence of the model was left out: it states a number of its own.";
    assert_eq!(report.notice.as_deref(), Some(notice));
}

#[test]
fn whatever_a_provider_does_the_report_comes_in_time_with_a_line_about_it() {
    for (act, notice) in [
        (Act::Hang, "The model did not answer within 0.7 s."),
        (Act::Trickle, "The model did not answer within 0.7 s."),
        (Act::Endless, "The provider answered more than an answer can be."),
        (Act::Answer(401, "X: y", KEY.into()), "The provider refused the key (401)."),
        (
            Act::Answer(429, "Retry-After: 60", String::new()),
            "The provider takes no more questions for 60 seconds (429).",
        ),
        (
            Act::Answer(302, "Location: /", String::new()),
            "The provider sent elsewhere (302), which is not followed.",
        ),
        (Stage::json(&"<html>"), "The provider answered something that is not JSON as it should be."),
        (completion("The loss is high."), "The model's answer was not in the form that was asked for."),
        (completion("{\"sentences\": [\"The"), "The model's answer was not in the form that was asked for."),
    ] {
        let mut scene = Scene::new(vec![act.clone(), says(&[ITS_WORDS])], SOON);
        let session = scene.session();
        let begun = Instant::now();
        let report = scene.report(session);
        assert!(begun.elapsed() < PATIENCE / 2, "{act:?}");
        assert_eq!((report.summary.as_str(), report.notice.as_deref()), (RULES, Some(notice)), "{act:?}");
        assert_eq!(scene.monitor.assistant().problem.as_deref(), Some(notice), "{act:?}");
        // The next session has its words again.
        let session = scene.session();
        assert_eq!(scene.report(session).summary, "The TCP loss is 2.5 %.", "{act:?}");
        assert_eq!(scene.monitor.assistant().problem, None, "{act:?}");
    }
}

#[test]
fn failures_and_broken_connections_are_tried_again() {
    let failure = Act::Answer(503, "X: y", String::new());
    for acts in [vec![failure, says(&[ITS_WORDS])], vec![Act::Half, Act::Close, says(&[ITS_WORDS])]] {
        let mut scene = Scene::new(acts, PATIENT);
        let session = scene.session();
        assert_eq!(scene.report(session).notice, None);
    }
}

#[test]
fn nothing_is_sent_before_somebody_has_allowed_it() {
    let mut scene = Scene::new(vec![says(&[ITS_WORDS])], PATIENT);
    scene.monitor.allow_assistant(false);
    let session = scene.session();
    let report = scene.report(session);
    assert_eq!((report.summary.as_str(), report.notice), (RULES, None));
    scene.editor.summary(&scene.monitor, session, minute(1));
    assert_eq!(scene.monitor.assistant().state, AssistantState::Waiting);
    assert_eq!((scene.stage.others().len(), scene.editor.left()), (0, None));

    scene.monitor.allow_assistant(true);
    let session = scene.session();
    assert_eq!(scene.report(session).author, Author::Model("small".into()));
    assert_eq!(scene.stage.others().len(), 1);
}

#[test]
fn who_takes_the_permission_back_ends_the_call() {
    let mut scene = Scene::new(vec![Act::Hang], PATIENT);
    let session = scene.session();
    scene.editor.report(&scene.monitor, session, report());
    scene.stage.request();
    scene.monitor.allow_assistant(false);
    scene.tend_until(|monitor| !monitor.status().summarizing);
    let notice = scene.monitor.summaries().report.unwrap().notice;
    assert_eq!(notice.as_deref(), Some("The model may not be asked any more."));
    scene.stage.wait_for_end();
}

#[test]
fn without_a_model_the_rules_have_the_last_word_at_once() {
    let mut scene = Scene::new(vec![Act::Hang], PATIENT);
    scene.editor = Editor::new(None, Arc::new(|| {}));
    let session = scene.session();
    scene.editor.report(&scene.monitor, session, report());
    assert!(!scene.monitor.status().summarizing);
    assert_eq!(scene.monitor.assistant().state, AssistantState::Off);
}

#[test]
fn a_summary_that_fails_does_not_keep_the_next_from_being_worded() {
    let mut scene = Scene::new(vec![Act::Hang, says(&[ITS_WORDS])], SOON);
    let session = scene.session();
    scene.editor.summary(&scene.monitor, session, minute(1));
    assert_eq!(scene.summary(1), (RULES.into(), Author::Rules, None));
    // While the model is at one, another is the rules'.
    scene.editor.summary(&scene.monitor, session, minute(2));
    scene.tend_until(|monitor| monitor.summaries().periodic[0].notice.is_some());
    let late = Some("The model did not answer within 0.7 s.".into());
    assert_eq!(scene.summary(1), (RULES.into(), Author::Rules, late));
    assert_eq!(scene.summary(2), (RULES.into(), Author::Rules, None));

    scene.editor.summary(&scene.monitor, session, minute(3));
    scene.tend_until(|monitor| monitor.summaries().periodic[2].author != Author::Rules);
    assert_eq!(scene.summary(3).0, "The TCP loss is 2.5 %.");
}

#[test]
fn a_report_does_not_wait_for_the_words_of_a_minute() {
    let mut scene = Scene::new(vec![Act::Hang, says(&[ITS_WORDS])], PATIENT);
    let session = scene.session();
    scene.editor.summary(&scene.monitor, session, minute(1));
    scene.stage.request();
    let begun = Instant::now();
    assert_eq!(scene.report(session).notice, None);
    assert!(begun.elapsed() < PATIENCE / 2);
    // The first call was ended, and says so.
    scene.stage.wait_for_end();
    let ended = Some("The session ended before the model had answered.".into());
    assert_eq!(scene.summary(1), (RULES.into(), Author::Rules, ended));
}

#[test]
fn words_of_a_session_that_is_gone_are_not_waited_for() {
    let mut scene = Scene::new(vec![Act::Hang, says(&[ITS_WORDS])], PATIENT);
    let session = scene.session();
    scene.monitor.conclude(session, report());
    scene.editor.summary(&scene.monitor, session, minute(1));
    scene.stage.request();
    let next = scene.session();
    scene.editor.tend(&scene.monitor, next);
    assert_eq!(scene.editor.left(), None);
    scene.stage.wait_for_end();
    assert_eq!(scene.monitor.summaries().periodic, []);
}

#[test]
fn with_redaction_no_address_and_no_name_leaves_the_machine() {
    for redacted in [false, true] {
        let mut scene = Scene::with(vec![says(&[ITS_WORDS])], PATIENT, redacted);
        let session = scene.session();
        scene.report(session);
        let sent = scene.stage.request();
        assert_eq!(sent.contains("mail.example.org"), !redacted);
        assert_eq!(sent.contains("203.0.113.7"), !redacted);
        // The number is sent either way, and the model is told nothing else of it.
        assert!(sent.contains("2.5 %"));
    }
}
