//! What was said of sessions in words.

use std::collections::VecDeque;
use std::sync::Arc;

use netsonde_messages::{SessionReport, Summaries, Summary};

/// How many summaries of a running session are kept: one a minute for a day.
const MOST: usize = 1_440;

/// The words about the newest session.
#[derive(Debug, Default)]
pub(super) struct Said {
    session: u64,
    periodic: VecDeque<Arc<Summary>>,
    report: Option<Arc<SessionReport>>,
}

impl Said {
    /// Begins with a new session, of which nothing is said yet.
    pub(super) fn of(session: u64) -> Self {
        Self { session, ..Self::default() }
    }

    /// Keeps a summary; false where it is of another session.
    pub(super) fn add(&mut self, session: u64, summary: Summary) -> bool {
        if session != self.session {
            return false;
        }
        if self.periodic.len() >= MOST {
            self.periodic.pop_front();
        }
        self.periodic.push_back(Arc::new(summary));
        true
    }

    /// Keeps the report; false where it is of another session.
    pub(super) fn conclude(&mut self, session: u64, report: Arc<SessionReport>) -> bool {
        if session != self.session {
            return false;
        }
        self.report = Some(report);
        true
    }

    pub(super) fn newest(&self) -> Option<Arc<Summary>> {
        self.periodic.back().cloned()
    }

    pub(super) fn report(&self) -> Option<Arc<SessionReport>> {
        self.report.clone()
    }

    pub(super) fn all(&self) -> Summaries {
        Summaries {
            session: self.session,
            periodic: self.periodic.iter().map(|summary| Summary::clone(summary)).collect(),
            report: self.report.as_deref().cloned(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn summary(text: String) -> Summary {
        Summary { text, ..Summary::default() }
    }

    #[test]
    fn what_is_said_of_an_earlier_session_is_not_kept() {
        let mut said = Said::of(2);
        assert!(!said.add(1, summary("late".into())));
        assert!(!said.conclude(1, Arc::default()));
        assert_eq!(said.all(), Summaries { session: 2, ..Summaries::default() });
        assert!(said.add(2, summary("in time".into())));
        assert!(said.conclude(2, Arc::default()));
        assert_eq!(said.all().periodic, [summary("in time".into())]);
        assert_eq!(said.all().report, Some(SessionReport::default()));
    }

    #[test]
    fn the_oldest_summaries_give_way() {
        let mut said = Said::of(1);
        for number in 0..MOST + 2 {
            said.add(1, summary(number.to_string()));
        }
        let all = said.all().periodic;
        assert_eq!((all.len(), all[0].text.as_str()), (MOST, "2"));
    }
}
