//! The one wall clock: everything else is handed the time or lives in packet time.
#![expect(clippy::disallowed_methods, reason = "this is the one place that reads a clock")]

use std::time::{Instant, SystemTime};

use netsonde_units::Timestamp;

/// Reads the wall clock; a clock set before 1970 reads 1970, one after 2554 reads 2554.
pub(crate) fn now() -> Timestamp {
    let since_epoch = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).unwrap_or_default();
    Timestamp::from_nanos(u64::try_from(since_epoch.as_nanos()).unwrap_or(u64::MAX))
}

/// Reads the clock that nobody sets, for deadlines and intervals.
pub(crate) fn monotonic() -> Instant {
    Instant::now()
}
