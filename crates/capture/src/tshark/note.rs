//! What is told of a program's words while it goes on.

use std::time::Duration;

use netsonde_units::Timestamp;

use crate::steady::Steady;

/// How long something is told: what it says in passing is no state.
const LASTS: Duration = Duration::from_secs(10);

/// Tells the newest message for some seconds.
#[derive(Debug, Default)]
pub(super) struct Note(Option<(u64, Steady)>);

impl Note {
    /// Returns the newest message, unless it is old; `heard` is the count of lines up to it.
    pub(super) fn told(&mut self, newest: Option<(u64, String)>, now: Timestamp) -> Option<String> {
        let (heard, message) = newest?;
        let noted = &mut self.0;
        let (_, since) = match noted {
            Some(known) if known.0 == heard => known,
            _ => noted.insert((heard, Steady::starting(now))),
        };
        (since.read(now) < LASTS).then_some(message)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_message_is_told_for_ten_seconds_and_again_when_it_is_said_again() {
        let mut note = Note::default();
        let said = |heard| Some((heard, "slow disk".to_owned()));
        // Looked at every second: the words come with the first look, and again with the 15th.
        let told: String = (0..30)
            .map(|second| note.told(said(if second < 15 { 1 } else { 2 }), Timestamp::from_parts(second, 0)))
            .map(|told| if told.is_some() { '+' } else { '-' })
            .collect();
        assert_eq!(told, "++++++++++-----++++++++++-----");
        assert_eq!(note.told(None, Timestamp::from_parts(30, 0)), None);
    }
}
