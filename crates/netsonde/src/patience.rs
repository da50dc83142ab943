//! How long the parts of an orderly end of the dashboard may take: together less than the 3 s that are promised.

use std::time::Duration;

/// How often it is looked whether a signal has come.
pub(crate) const LOOK_EVERY: Duration = Duration::from_millis(50);
/// How long a session has to write down its last numbers.
pub(crate) const SESSION: Duration = Duration::from_secs(1);
/// How long the last numbers may take to the viewers before the connections are closed: they are told something four
/// times a second.
pub(crate) const LAST_NUMBERS: Duration = Duration::from_millis(400);
/// How long answers that are under way may take.
pub(crate) const FAREWELL: Duration = Duration::from_millis(500);
/// How long the server's threads may take to let go.
pub(crate) const THREADS: Duration = Duration::from_millis(300);
/// Ends the program when a part did not let go in time: a source that blocks (an idle pipe) must not hold it.
pub(crate) const ORDERLY_END: Duration = Duration::from_millis(2500);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_parts_of_the_end_fit_into_the_whole_and_that_into_what_is_promised() {
        let parts: Duration = [LOOK_EVERY, SESSION, LAST_NUMBERS, FAREWELL, THREADS].iter().sum();
        // Some is left for the folder of uploads to be removed.
        assert!(parts + Duration::from_millis(200) <= ORDERLY_END, "{parts:?}");
        assert!(ORDERLY_END + Duration::from_millis(300) <= Duration::from_secs(3));
    }
}
