//! What was said of sessions in words, and found out of them.

use std::collections::VecDeque;
use std::sync::Arc;

use netsonde_messages::{Assistant, Findings, SessionReport, Summaries, Summary};

/// How many summaries of a running session are kept: one a minute for a day.
const MOST: usize = 1_440;
/// How many of them every viewer is told.
const TOLD: usize = 20;

/// The words about the newest session.
#[derive(Debug, Default)]
pub(super) struct Said {
    session: u64,
    periodic: VecDeque<Arc<Summary>>,
    report: Option<Arc<SessionReport>>,
    findings: Arc<Findings>,
    assistant: Assistant,
    /// What every viewer is told, made anew when any of it changes.
    told: Arc<Summaries>,
}

impl Said {
    /// Begins with a new session, of which nothing is said yet.
    pub(super) fn of(session: u64, assistant: Assistant) -> Self {
        let findings = Arc::new(Findings { session, ..Findings::default() });
        let mut said = Self { session, findings, assistant, ..Self::default() };
        said.retell();
        said
    }

    /// Keeps a summary; false where it is of another session.
    pub(super) fn add(&mut self, session: u64, summary: Summary) -> bool {
        if session != self.session {
            return false;
        }
        // One that is worded anew takes the place of the first wording.
        if let Some(kept) = self.periodic.iter_mut().rev().find(|kept| kept.id == summary.id) {
            *kept = Arc::new(summary);
        } else {
            if self.periodic.len() >= MOST {
                self.periodic.pop_front();
            }
            self.periodic.push_back(Arc::new(summary));
        }
        self.retell();
        true
    }

    /// Keeps the report; false where it is of another session.
    pub(super) fn conclude(&mut self, session: u64, report: Arc<SessionReport>) -> bool {
        if session != self.session {
            return false;
        }
        self.report = Some(report);
        self.retell();
        true
    }

    /// Keeps what was found out; false where it is of another session.
    pub(super) fn find(&mut self, findings: Findings) -> bool {
        if findings.session != self.session {
            return false;
        }
        self.findings = Arc::new(findings);
        true
    }

    /// Keeps how it stands with the language model.
    pub(super) fn assist(&mut self, assistant: Assistant) {
        self.assistant = assistant;
        self.retell();
    }

    pub(super) const fn assistant(&self) -> &Assistant {
        &self.assistant
    }

    pub(super) fn newest(&self) -> Option<Arc<Summary>> {
        self.periodic.back().cloned()
    }

    pub(super) fn report(&self) -> Option<Arc<SessionReport>> {
        self.report.clone()
    }

    pub(super) fn findings(&self) -> Arc<Findings> {
        Arc::clone(&self.findings)
    }

    /// Returns what every viewer is told; the same value until something of it changes.
    pub(super) fn newest_ones(&self) -> Arc<Summaries> {
        Arc::clone(&self.told)
    }

    pub(super) fn all(&self) -> Summaries {
        self.last(MOST)
    }

    fn retell(&mut self) {
        self.told = Arc::new(self.last(TOLD));
    }

    fn last(&self, most: usize) -> Summaries {
        let passed_over = self.periodic.len().saturating_sub(most);
        Summaries {
            session: self.session,
            periodic: self.periodic.iter().skip(passed_over).map(|summary| Summary::clone(summary)).collect(),
            report: self.report.as_deref().cloned().map(Box::new),
            assistant: self.assistant.clone(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Summaries are told apart by their numbers.
    fn summary(id: u64, text: String) -> Summary {
        Summary { id, text, ..Summary::default() }
    }

    #[test]
    fn what_is_said_of_an_earlier_session_is_not_kept() {
        let mut said = Said::of(2, Assistant::default());
        assert!(!said.add(1, summary(1, "late".into())));
        assert!(!said.conclude(1, Arc::default()));
        assert_eq!(said.all(), Summaries { session: 2, ..Summaries::default() });
        assert!(said.add(2, summary(1, "in time".into())));
        assert!(said.conclude(2, Arc::default()));
        assert_eq!(said.all().periodic, [summary(1, "in time".into())]);
        assert_eq!(said.all().report, Some(Box::default()));
    }

    #[test]
    fn the_oldest_summaries_give_way() {
        let mut said = Said::of(1, Assistant::default());
        for number in 0..MOST as u64 + 2 {
            said.add(1, summary(number, number.to_string()));
        }
        let all = said.all().periodic;
        assert_eq!((all.len(), all[0].text.as_str()), (MOST, "2"));
    }

    #[test]
    fn a_summary_that_is_worded_anew_takes_the_place_of_the_first() {
        let mut said = Said::of(1, Assistant::default());
        for (id, text) in [(1, "one"), (2, "two"), (1, "one again")] {
            said.add(1, summary(id, text.into()));
        }
        let texts: Vec<_> = said.all().periodic.into_iter().map(|summary| summary.text).collect();
        assert_eq!(texts, ["one again", "two"]);
    }

    #[test]
    fn viewers_are_told_the_newest_and_what_was_found_out_of_this_session_only() {
        let mut said = Said::of(1, Assistant::default());
        for id in 1..=TOLD as u64 + 5 {
            said.add(1, summary(id, String::new()));
        }
        assert_eq!(said.newest_ones().periodic.first().map(|summary| summary.id), Some(6));
        assert!(said.find(Findings { session: 1, findings_omitted: 3, ..Findings::default() }));
        assert!(!said.find(Findings { session: 2, ..Findings::default() }));
    }
}
