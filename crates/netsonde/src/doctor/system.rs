//! What the system lets a program have: files, and the time.

use netsonde_messages::{Check, rfc3339};
use netsonde_server::{MAX_CONNECTIONS, MAX_VIEWERS};
use netsonde_units::Timestamp;
use rustix::process::{Resource, getrlimit};

use super::{no, ok};

/// Files beside those of connections: uploads, captures, libraries, the runtime's own.
const OTHER_FILES: usize = 64;
/// Before this the program was not written, in nanoseconds since 1970: 2026-01-01T00:00:00Z.
const WRITTEN: Timestamp = Timestamp::from_nanos(1_767_225_600_000_000_000);

/// Returns how many files this process may hold open; none if as many as it likes.
pub(super) fn open_files() -> Option<u64> {
    getrlimit(Resource::Nofile).current
}

/// Judges whether the server, when it is full, has files enough.
pub(super) fn check_open_files(may_open: Option<u64>) -> Check {
    const NAME: &str = "limits";
    let needed = MAX_CONNECTIONS + MAX_VIEWERS + OTHER_FILES;
    match may_open {
        None => ok(NAME, "any number of open files"),
        Some(limit) if usize::try_from(limit).is_ok_and(|limit| limit < needed) => no(
            NAME,
            format!("{limit} open files, and a full server holds {needed}"),
            "ulimit -n 1024 before it is started (LimitNOFILE=1024 in a service)",
        ),
        Some(limit) => ok(NAME, format!("{limit} open files, and a full server holds {needed}")),
    }
}

/// Judges the clock, by which live captures are stamped and charts are drawn.
pub(super) fn check_clock(now: Timestamp) -> Check {
    const NAME: &str = "clock";
    let time = rfc3339(now.nanos());
    // To the second: nobody compares more by eye.
    let time = time.split('.').next().unwrap_or(&time);
    if now < WRITTEN {
        no(
            NAME,
            format!("it is {time} UTC here, before this program was written"),
            "set it: timedatectl set-ntp true",
        )
    } else {
        ok(NAME, format!("it is {time} UTC here"))
    }
}

#[cfg(test)]
mod tests {
    use netsonde_messages::Outcome;

    use super::*;

    #[test]
    fn fewer_files_than_a_full_server_holds_say_no() {
        // 256 connections, 200 viewers, 64 others.
        let outcome = |limit| check_open_files(limit).outcome;
        assert_eq!([Some(519), Some(520), None].map(outcome), [Outcome::No, Outcome::Ok, Outcome::Ok]);
    }

    #[test]
    fn a_clock_that_was_never_set_says_no() {
        let judged = check_clock(Timestamp::from_nanos(0));
        assert_eq!(judged.outcome, Outcome::No);
        assert!(judged.finding.contains("1970-01-01T00:00:00 UTC"), "{judged:?}");
        assert_eq!(check_clock(WRITTEN).outcome, Outcome::Ok);
    }
}
