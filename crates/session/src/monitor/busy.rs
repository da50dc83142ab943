//! Knows whether anything is being done that must not be left behind.

use std::sync::{Arc, Condvar, Mutex, PoisonError};
use std::time::Duration;

use crate::lock;

/// Counts what is being done; clones count together.
#[derive(Clone, Debug, Default)]
pub(super) struct Busy(Arc<(Mutex<usize>, Condvar)>);

/// Something that is being done until the value is dropped.
#[derive(Debug)]
pub(super) struct Doing(Busy);

impl Busy {
    /// Counts something in.
    pub(super) fn enter(&self) -> Doing {
        *lock(&self.0.0) += 1;
        Doing(self.clone())
    }

    /// Waits until nothing is being done, at most about `patience`; tells whether that is so.
    pub(super) fn wait(&self, patience: Duration) -> bool {
        let (count, ends) = &*self.0;
        let waited = ends.wait_timeout_while(lock(count), patience, |count| *count > 0);
        let (count, _) = waited.unwrap_or_else(PoisonError::into_inner);
        *count == 0
    }
}

impl Drop for Doing {
    fn drop(&mut self) {
        let (count, ends) = &*self.0.0;
        let mut count = lock(count);
        *count = count.saturating_sub(1);
        ends.notify_all();
    }
}
