//! A stand-in for tshark that hangs and does not heed SIGTERM.

use std::fs::{self, Permissions};
use std::os::unix::fs::PermissionsExt as _;
use std::path::Path;
use std::sync::mpsc::{Receiver, RecvTimeoutError};

use netsonde_capture::Tshark;
use netsonde_messages::stream::State;
use tempfile::TempDir;

use super::*;
use crate::{Monitor, MonitorSettings, Origin, Refusal, Start};

/// Far more than any step takes on a busy machine, and less than tshark's own 10 s.
const PATIENCE: Duration = Duration::from_secs(8);
/// How often it is looked whether something has happened: 80 looks are the patience.
const LOOK_EVERY: Duration = Duration::from_millis(100);

/// Notes its number and does nothing, whatever it is told.
const HANGS: &str = "trap '' TERM\necho $$ >> pids\nwhile :; do sleep 600; done\n";

/// A monitor with a stand-in on its path.
struct StandIn {
    folder: TempDir,
    monitor: Monitor,
}

impl StandIn {
    fn new(script: &str) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let program = folder.path().join("tshark");
        fs::write(&program, format!("#!/bin/sh\ncd '{}'\n{script}", folder.path().display())).unwrap();
        fs::set_permissions(&program, Permissions::from_mode(0o755)).unwrap();
        let path = format!("{}:/usr/bin:/bin", folder.path().display());
        let monitor = Monitor::new(MonitorSettings {
            engine: Engine::Tshark(Tshark::new([("PATH".into(), path.into())])),
            // Time that stands still: what was noted stays fresh.
            ..MonitorSettings::new(|| Timestamp::EPOCH)
        });
        Self { folder, monitor: monitor.unwrap() }
    }

    /// Lists at once, and hangs when it is to capture.
    fn that_never_begins() -> Self {
        Self::new(&format!("if [ \"$1\" = -D ]; then echo '1. lo (Loopback)'; exit; fi\n{HANGS}"))
    }

    /// Returns the numbers of the processes that have hung so far.
    fn started(&self) -> Vec<String> {
        let pids = fs::read_to_string(self.folder.path().join("pids")).unwrap_or_default();
        pids.lines().map(Into::into).collect()
    }

    fn running(&self) -> usize {
        self.started().iter().filter(|pid| Path::new("/proc").join(pid).exists()).count()
    }

    fn start(&self) -> Receiver<Result<u64, Refusal>> {
        let origin = Origin::Interface("lo".into());
        let start = Start { origin, filter: None, duration: None, needs_viewers: false };
        in_background(&self.monitor, move |monitor| monitor.start(&start))
    }
}

fn in_background<T: Send + 'static>(
    monitor: &Monitor,
    ask: impl FnOnce(Monitor) -> T + Send + 'static,
) -> Receiver<T> {
    let (sender, answer) = mpsc::channel();
    let monitor = monitor.clone();
    thread::spawn(move || drop(sender.send(ask(monitor))));
    answer
}

fn wait_until(what: &str, is_so: impl Fn() -> bool) {
    for _ in 0..80 {
        if is_so() {
            return;
        }
        thread::park_timeout(LOOK_EVERY);
    }
    panic!("still not {what}");
}

#[test]
fn the_end_of_the_monitor_leaves_no_program_that_a_start_was_waiting_for() {
    let stand_in = StandIn::that_never_begins();
    let refused = stand_in.start();
    wait_until("started", || stand_in.running() == 1);
    assert!(stand_in.monitor.end(PATIENCE));
    assert_eq!(stand_in.running(), 0);
    assert!(refused.recv_timeout(PATIENCE).unwrap().is_err());
    // Nor is another begun while the program goes.
    let refused = stand_in.start().recv_timeout(PATIENCE).unwrap().unwrap_err();
    assert_eq!(refused.to_string(), "cannot capture on lo: the program is ending");
    assert_eq!(stand_in.started().len(), 1);
}

#[test]
fn the_end_of_the_monitor_leaves_no_program_that_was_listing() {
    let stand_in = StandIn::new(HANGS);
    let listing = in_background(&stand_in.monitor, |monitor| monitor.interfaces());
    wait_until("started", || stand_in.running() == 1);
    assert!(stand_in.monitor.end(PATIENCE));
    assert_eq!(stand_in.running(), 0);
    assert!(listing.recv_timeout(PATIENCE).unwrap().is_err());
}

#[test]
fn starts_that_are_called_off_make_room_for_others() {
    let stand_in = StandIn::that_never_begins();
    for number in 1..=MOST_OPENING + 1 {
        let refused = stand_in.start();
        wait_until("started", || stand_in.started().len() == number);
        assert_eq!(stand_in.monitor.status().state, State::Starting);
        stand_in.monitor.stop(PATIENCE).unwrap();
        let refused = refused.recv_timeout(PATIENCE).unwrap().unwrap_err();
        assert!(refused.to_string().ends_with("the start was called off"), "{refused}");
        assert_eq!(stand_in.running(), 0);
    }
    assert!(stand_in.monitor.end(PATIENCE));
}

#[test]
fn one_listing_answers_all_who_wait_and_its_failure_is_kept() {
    let stand_in = StandIn::new(
        "echo $$ >> pids\nwhile [ ! -e go ]; do sleep 0.01; done\necho 'tshark: no list' >&2\nexit 1\n",
    );
    let ask = || in_background(&stand_in.monitor, |monitor| monitor.interfaces());
    let asked = [ask(), ask(), ask()];
    wait_until("started", || stand_in.running() == 1);
    assert_eq!(asked[0].recv_timeout(LOOK_EVERY).unwrap_err(), RecvTimeoutError::Timeout);
    fs::write(stand_in.folder.path().join("go"), "").unwrap();
    for answer in asked.into_iter().chain([ask()]) {
        let error = answer.recv_timeout(PATIENCE).unwrap().unwrap_err();
        assert_eq!(error.to_string(), "tshark cannot list its interfaces: no list");
    }
    assert_eq!(stand_in.started().len(), 1);
}

/// Its own 10 s must not hold up a start: this one fails for another reason, at once.
#[test]
fn a_listing_that_hangs_keeps_nobody_from_opening() {
    let stand_in =
        StandIn::new(&format!("if mkdir first; then\n{HANGS}fi\necho 'tshark: no list' >&2\nexit 1\n"));
    let listing = in_background(&stand_in.monitor, |monitor| monitor.interfaces());
    wait_until("started", || stand_in.running() == 1);
    let refused = stand_in.start().recv_timeout(PATIENCE).unwrap().unwrap_err();
    assert_eq!(refused.to_string(), "tshark cannot list its interfaces: no list");
    assert!(stand_in.monitor.end(PATIENCE));
    assert!(listing.recv_timeout(PATIENCE).unwrap().is_err());
}
