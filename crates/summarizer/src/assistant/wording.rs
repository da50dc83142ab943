use netsonde_messages::{Author, Fact, Finding, Sentence, SessionReport, Summary};

use crate::ground::{Given, ground};
use crate::prompt::{self, Kind, Prompt};
use crate::provider::Question;
use crate::redact::Redaction;

/// What is to be worded anew, with what it stands on.
#[derive(Clone, Debug)]
pub(crate) struct Task {
    pub(crate) kind: Kind,
    pub(crate) facts: Vec<Fact>,
    pub(crate) findings: Vec<Finding>,
    /// How the rules word it.
    pub(crate) sentences: Vec<Sentence>,
}

/// What has been worded anew.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Worded {
    pub(crate) sentences: Vec<Sentence>,
    /// Says in a line what of it is not the model's, and why.
    pub(crate) notice: Option<String>,
}

impl Worded {
    /// Tells whether any of it is the model's.
    pub(super) fn is_models(&self) -> bool {
        self.sentences.iter().any(|sentence| matches!(sentence.author, Author::Model(_)))
    }
}

impl Task {
    pub(crate) fn of_report(report: &SessionReport) -> Self {
        let SessionReport { facts, findings, sentences, .. } = report.clone();
        Self { kind: Kind::Final, facts, findings, sentences }
    }

    /// Nothing is found out of a minute that its sentences do not say.
    pub(crate) fn of_summary(summary: &Summary) -> Self {
        let Summary { facts, sentences, .. } = summary.clone();
        Self { kind: Kind::Minute, facts, findings: Vec::new(), sentences }
    }

    /// Returns what a model is asked; where it is redacted nobody is named in it.
    pub(super) fn question(&self, redacted: bool) -> Question {
        let redaction = redacted.then(|| Redaction::of(&self.facts, &self.findings));
        let Prompt { instructions, data } = Prompt::of(self.kind, &self.given(), redaction.as_ref());
        Question { instructions, material: data, schema: prompt::schema() }
    }

    /// Holds an answer against the facts. Aliases need not be turned back: the answer has placeholders where names
    /// stand, and a sentence with any name of its own is struck.
    pub(super) fn read(&self, answer: &str, model: &str) -> Worded {
        let grounded = ground(answer, &self.given(), model);
        Worded { notice: grounded.notice(), sentences: grounded.sentences }
    }

    fn given(&self) -> Given<'_> {
        Given { facts: &self.facts, findings: &self.findings, rules: &self.sentences }
    }
}
