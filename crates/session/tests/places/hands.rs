//! A clock whose hands the tests move.

use std::sync::LazyLock;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

/// Far more than any step takes on a busy machine.
pub(crate) const PATIENCE: Duration = Duration::from_secs(30);

static NOON: LazyLock<Instant> = LazyLock::new(Instant::now);
static SECONDS: AtomicU64 = AtomicU64::new(0);

/// What the clock shows.
pub(crate) fn shown() -> Duration {
    Duration::from_secs(SECONDS.load(Ordering::SeqCst))
}

/// Moves it on.
pub(crate) fn pass(time: Duration) {
    SECONDS.fetch_add(time.as_secs(), Ordering::SeqCst);
}

pub(crate) fn clock() -> Instant {
    *NOON + shown()
}
