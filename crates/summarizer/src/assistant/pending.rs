use std::sync::mpsc::{Receiver, TryRecvError};
use std::time::{Duration, Instant};

use super::Worded;
use crate::provider::{Handset, ProviderError};

/// How much longer than its time is waited for a call that has run out of it to say so itself.
const GRACE: Duration = Duration::from_millis(100);

/// Something that is being worded. Dropped, it ends the call.
#[derive(Debug)]
pub(crate) struct Pending {
    answer: Receiver<Result<Worded, String>>,
    _handset: Handset,
    limit: Duration,
    until: Instant,
    clock: fn() -> Instant,
}

impl Pending {
    pub(super) fn new(
        answer: Receiver<Result<Worded, String>>,
        handset: Handset,
        limit: Duration,
        clock: fn() -> Instant,
    ) -> Self {
        Self { answer, _handset: handset, limit, until: clock() + limit + GRACE, clock }
    }

    /// Returns the words, or a line that says why there are none; none as long as there is hope.
    pub(crate) fn poll(&self) -> Option<Result<Worded, String>> {
        match self.answer.try_recv() {
            Ok(answer) => Some(answer),
            Err(TryRecvError::Disconnected) => Some(Err("The model could not be asked.".into())),
            Err(TryRecvError::Empty) if (self.clock)() >= self.until => {
                Some(Err(ProviderError::Late(self.limit).to_string()))
            }
            Err(TryRecvError::Empty) => None,
        }
    }

    /// Returns how long there is hope.
    pub(crate) fn left(&self) -> Duration {
        self.until.saturating_duration_since((self.clock)())
    }
}
