//! Whether a program stands still because a signal told it to.

use std::fs;

use rustix::process::Pid;

/// The most processes that are looked at: tshark, its dumpcap, and a capture program for each interface.
const MAX_PROCESSES: usize = 16;

/// Returns the first of a process and those that it started that is stopped by a signal (proc(5), stat: state T).
pub(super) fn stopped(process: Pid) -> Option<u32> {
    let mut family = vec![u32::try_from(process.as_raw_pid()).ok()?];
    let mut looked = 0;
    while let Some(process) = family.get(looked).copied().filter(|_| looked < MAX_PROCESSES) {
        if is_stopped(process) {
            return Some(process);
        }
        family.extend(children(process));
        looked += 1;
    }
    None
}

fn is_stopped(process: u32) -> bool {
    let stat = fs::read_to_string(format!("/proc/{process}/stat")).unwrap_or_default();
    // The name before it may hold anything.
    stat.rsplit_once(") ").is_some_and(|(_, rest)| rest.starts_with("T "))
}

/// Returns those that the first thread of a process has started, which in tshark is the one that does; none where the
/// kernel does not list them.
fn children(process: u32) -> Vec<u32> {
    let list = fs::read_to_string(format!("/proc/{process}/task/{process}/children")).unwrap_or_default();
    list.split_whitespace().filter_map(|child| child.parse().ok()).collect()
}
