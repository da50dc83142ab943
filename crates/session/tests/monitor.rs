//! Sessions on command: states, publications, what is refused.

#![expect(
    clippy::unwrap_used,
    clippy::panic,
    clippy::disallowed_methods,
    reason = "a test's own clock and files"
)]

use std::fs;
use std::io::{PipeWriter, Read, Write as _};
use std::os::fd::AsRawFd as _;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::mpsc::{self, Receiver};
use std::thread;
use std::time::{Duration, SystemTime};

use etherparse::PacketBuilder;
use netsonde_messages::stream::{SourceKind, State, Status};
use netsonde_messages::{AppRule, SessionReport};
use netsonde_session::{Monitor, MonitorSettings, Origin, Start};
use netsonde_units::Timestamp;

/// Far more than any step takes on a busy machine.
const PATIENCE: Duration = Duration::from_secs(30);

fn clock() -> Timestamp {
    let now = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).unwrap();
    Timestamp::from_nanos(u64::try_from(now.as_nanos()).unwrap())
}

struct Watched {
    monitor: Monitor,
    changes: Receiver<()>,
}

impl Watched {
    fn new(grace: Option<Duration>) -> Self {
        Self::of(MonitorSettings { grace, ..MonitorSettings::new(clock) })
    }

    fn of(settings: MonitorSettings) -> Self {
        let monitor = Monitor::new(settings).unwrap();
        let (sender, changes) = mpsc::channel();
        monitor.subscribe(move || {
            let _ = sender.send(());
        });
        Self { monitor, changes }
    }

    /// Waits until the status is as wanted.
    fn wait_for(&self, is_wanted: impl Fn(&Status) -> bool) -> Status {
        loop {
            let status = self.monitor.status();
            if is_wanted(&status) {
                return status;
            }
            self.changes.recv_timeout(PATIENCE).unwrap_or_else(|_| panic!("still {status:?}"));
        }
    }
}

/// A microsecond pcap of one datagram of 102 bytes a second.
fn pcap(packets: u32) -> Vec<u8> {
    let mut file = [&[0xd4, 0xc3, 0xb2, 0xa1, 2, 0, 4, 0][..], &[0; 8], &[0, 0, 4, 0, 1, 0, 0, 0]].concat();
    let mut frame = Vec::new();
    let ip = PacketBuilder::ethernet2([2; 6], [4; 6]).ipv4([10, 0, 0, 1], [203, 0, 113, 7], 64);
    ip.udp(40_000, 9_999).write(&mut frame, &[0; 60]).unwrap();
    let length = u32::try_from(frame.len()).unwrap();
    for number in 0..packets {
        file.extend([1_700_000_000 + number, 0, length, length].map(u32::to_le_bytes).concat());
        file.extend(&frame);
    }
    file
}

fn start(path: &Path) -> Start {
    let origin = Origin::File { path: path.to_owned(), name: "office.pcap".into(), speed: None };
    Start { origin, filter: None, duration: None, needs_viewers: false }
}

fn file(folder: &tempfile::TempDir, content: &[u8]) -> PathBuf {
    let path = folder.path().join("upload");
    fs::write(&path, content).unwrap();
    path
}

/// A capture that goes on until its writer is dropped.
fn endless() -> (PipeWriter, PathBuf, std::io::PipeReader) {
    let (reader, mut writer) = std::io::pipe().unwrap();
    writer.write_all(&pcap(3)).unwrap();
    let path = format!("/proc/self/fd/{}", reader.as_raw_fd()).into();
    (writer, path, reader)
}

#[test]
fn a_file_is_measured_to_its_end_and_stays_until_reset() {
    let folder = tempfile::tempdir().unwrap();
    let watched = Watched::new(None);
    assert_eq!(watched.monitor.status().state, State::Idle);
    assert_eq!(watched.monitor.start(&start(&file(&folder, &pcap(5)))).unwrap(), 1);
    let status = watched.wait_for(|status| status.state == State::Finished);
    assert_eq!(
        (status.session, status.problem, status.source.unwrap().name.as_str()),
        (1, None, "office.pcap")
    );

    let (moment, points) = watched.monitor.moment_with_points();
    assert_eq!(moment.publication.session, 1);
    assert_eq!(moment.publication.totals.traffic.packets, 5);
    assert_eq!(moment.publication.totals.traffic.bytes, 5 * 102);
    assert_eq!(points.iter().map(|point| point.packets).collect::<Vec<_>>(), [1; 5]);
    assert_eq!(points[0].second, 1_700_000_000);
    assert_eq!(moment.publication.hosts.hosts.len(), 2);
    assert_eq!(watched.monitor.packets().unwrap().newest(), Some(5));

    watched.monitor.reset().unwrap();
    let (moment, points) = watched.monitor.moment_with_points();
    assert_eq!((moment.status.state, moment.status.session), (State::Idle, 0));
    assert_eq!((moment.publication.sequence, points.len()), (0, 0));
    assert!(watched.monitor.packets().is_none());
    assert_eq!(watched.monitor.start(&start(&file(&folder, &pcap(1)))).unwrap(), 2);
    watched.wait_for(|status| status.state == State::Finished);
    assert_eq!(watched.monitor.moment().publication.totals.traffic.packets, 1);
}

#[test]
fn a_conversation_that_fell_silent_is_held_but_not_open() {
    let folder = tempfile::tempdir().unwrap();
    let mut capture = pcap(0);
    // Other than TCP is over after 120 s: of the first the time-out ends at 120 s, of the second at 320 s.
    for (second, port) in [(0, 40_000), (200, 40_001), (201, 40_002)] {
        let mut frame = Vec::new();
        let ip = PacketBuilder::ethernet2([2; 6], [4; 6]).ipv4([10, 0, 0, 1], [203, 0, 113, 7], 64);
        ip.udp(port, 9_999).write(&mut frame, &[0; 60]).unwrap();
        capture.extend([1_700_000_000 + second, 0, 102, 102].map(u32::to_le_bytes).concat());
        capture.extend(frame);
    }
    let watched = Watched::new(None);
    watched.monitor.start(&start(&file(&folder, &capture))).unwrap();
    watched.wait_for(|status| status.state == State::Finished);
    let flows = watched.monitor.publication().totals.flows;
    assert_eq!((flows.open, flows.udp_conversations), (2, 3));
}

#[test]
fn a_replay_takes_its_time_and_gives_the_numbers_of_the_file() {
    let folder = tempfile::tempdir().unwrap();
    let path = file(&folder, &pcap(11));
    let measured = |speed: Option<&str>| {
        let watched = Watched::new(None);
        let origin = Origin::File {
            path: path.clone(),
            name: "office.pcap".into(),
            speed: speed.map(|speed| speed.parse().unwrap()),
        };
        let began = clock();
        watched.monitor.start(&Start { origin, ..start(&path) }).unwrap();
        watched.wait_for(|status| status.state == State::Finished);
        let (moment, points) = watched.monitor.moment_with_points();
        assert!(watched.monitor.packets().unwrap().packet(1).is_some());
        (moment.publication.totals.totals, moment.publication.hosts.clone(), points, clock().since(began))
    };
    let (totals, hosts, history, _) = measured(None);
    let replayed = measured(Some("40"));
    assert_eq!((&totals, &hosts, &history), (&replayed.0, &replayed.1, &replayed.2));
    // Eleven packets, one a second, forty times as fast.
    assert!(replayed.3 >= Duration::from_millis(250), "{:?}", replayed.3);
}

#[test]
fn what_was_not_read_is_not_shown_as_read() {
    let folder = tempfile::tempdir().unwrap();
    let path = file(&folder, &pcap(100));
    let watched = Watched::new(None);
    let speed = Some("1".parse().unwrap());
    let origin = Origin::File { path: path.clone(), name: "office.pcap".into(), speed };
    watched.monitor.start(&Start { origin, ..start(&path) }).unwrap();
    watched.wait_for(|status| status.source.as_ref().unwrap().progress_percentage.is_some());
    watched.monitor.stop(PATIENCE).unwrap();
    // One packet a second: few of the hundred have come.
    let percentage = watched.monitor.status().source.unwrap().progress_percentage.unwrap();
    assert!(percentage < 50.0, "{percentage}");

    watched.monitor.start(&start(&path)).unwrap();
    let status = watched.wait_for(|status| status.state == State::Finished);
    assert_eq!(status.source.unwrap().progress_percentage, Some(100.0));
}

#[test]
fn what_an_address_sends_to_itself_is_one_talker() {
    let folder = tempfile::tempdir().unwrap();
    let mut capture = pcap(0);
    for (number, ports) in [(0, (40_000, 53)), (1, (53, 40_000))] {
        let mut frame = Vec::new();
        let ip = PacketBuilder::ethernet2([2; 6], [4; 6]).ipv4([127, 0, 0, 1], [127, 0, 0, 1], 64);
        ip.udp(ports.0, ports.1).write(&mut frame, &[0; 60]).unwrap();
        capture.extend([1_700_000_000 + number, 0, 102, 102].map(u32::to_le_bytes).concat());
        capture.extend(frame);
    }
    let watched = Watched::new(None);
    watched.monitor.start(&start(&file(&folder, &capture))).unwrap();
    watched.wait_for(|status| status.state == State::Finished);
    let talkers = watched.monitor.publication().hosts.talkers.clone();
    assert_eq!(talkers.iter().map(|talker| (talker.packets, talker.bytes)).collect::<Vec<_>>(), [(2, 204)]);
}

#[test]
fn what_does_not_fit_is_refused_with_the_reason() {
    let (writer, path, _reader) = endless();
    let watched = Watched::new(None);
    let refusal = watched.monitor.stop(PATIENCE).unwrap_err();
    assert_eq!(refusal.to_string(), "no capture is running");
    let filtered = Start { filter: Some("tcp".into()), ..start(&path) };
    let refusal = watched.monitor.start(&filtered).unwrap_err();
    assert_eq!(refusal.to_string(), "a capture filter works on interfaces, not on the file office.pcap");
    assert_eq!(watched.monitor.status().state, State::Idle);
    watched.monitor.start(&start(&path)).unwrap();
    let refusal = watched.monitor.start(&start(&path)).unwrap_err();
    assert_eq!(refusal.to_string(), "capture already running on office.pcap");
    let refusal = watched.monitor.reset().unwrap_err();
    assert_eq!(refusal.to_string(), "the capture on office.pcap is running: stop it before you reset");

    watched.monitor.stop(PATIENCE).unwrap();
    assert_eq!(watched.monitor.status().state, State::Finished);
    assert_eq!(watched.monitor.publication().totals.traffic.packets, 3);
    drop(writer);
}

#[test]
fn a_start_whose_pipe_says_nothing_can_be_called_off() {
    let folder = tempfile::tempdir().unwrap();
    let watched = Watched::new(None);
    watched.monitor.start(&start(&file(&folder, &pcap(3)))).unwrap();
    watched.wait_for(|status| status.state == State::Finished);

    let (reader, mut writer) = std::io::pipe().unwrap();
    let silent = start(&PathBuf::from(format!("/proc/self/fd/{}", reader.as_raw_fd())));
    let monitor = watched.monitor.clone();
    let opening = thread::spawn(move || monitor.start(&silent));
    watched.wait_for(|status| status.state == State::Starting);
    watched.monitor.stop(PATIENCE).unwrap();
    let status = watched.monitor.status();
    assert_eq!((status.state, status.session), (State::Finished, 1));
    assert_eq!(watched.monitor.publication().totals.traffic.packets, 3);

    // What comes late changes nothing.
    writer.write_all(&pcap(5)).unwrap();
    assert_eq!(opening.join().unwrap().unwrap_err().to_string(), "the start was called off");
    assert_eq!(watched.monitor.status().session, 1);
    assert_eq!(watched.monitor.publication().totals.traffic.packets, 3);
}

#[test]
fn a_source_that_does_not_open_is_a_failure_and_loses_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let watched = Watched::new(None);
    watched.monitor.start(&start(&file(&folder, &pcap(5)))).unwrap();
    watched.wait_for(|status| status.state == State::Finished);
    let origin = Origin::File { path: folder.path().join("no"), name: "no".into(), speed: None };
    let refusal = watched.monitor.start(&Start { origin, ..start(folder.path()) }).unwrap_err();
    let status = watched.monitor.status();
    assert_eq!((status.state, status.problem), (State::Failed, Some(refusal.to_string())));
    // The numbers are those of the session before, and so is what is said of their source.
    assert_eq!((status.session, status.source.unwrap().name.as_str()), (1, "office.pcap"));
    assert_eq!(watched.monitor.publication().totals.traffic.packets, 5);
}

#[test]
fn a_damaged_file_is_finished_with_its_problem() {
    let folder = tempfile::tempdir().unwrap();
    let watched = Watched::new(None);
    let capture = pcap(5);
    watched.monitor.start(&start(&file(&folder, &capture[..capture.len() - 1]))).unwrap();
    let status = watched.wait_for(|status| status.state == State::Finished);
    assert!(status.problem.unwrap().starts_with("cut at byte"));
    assert_eq!(watched.monitor.publication().totals.traffic.packets, 4);
}

#[test]
fn a_session_that_needs_viewers_ends_after_the_grace_time_and_one_that_is_watched_goes_on() {
    let (_writer, path, _reader) = endless();
    let watched = Watched::new(Some(Duration::ZERO));
    let viewer = watched.monitor.viewer();
    watched.monitor.start(&Start { needs_viewers: true, ..start(&path) }).unwrap();
    watched.wait_for(|_| watched.monitor.publication().sequence >= 3);
    assert_eq!(watched.monitor.status().state, State::Running);
    drop(viewer);
    watched.wait_for(|status| status.state == State::Finished);
    assert_eq!(watched.monitor.publication().totals.traffic.packets, 3);
}

/// Fault 38 of the design's public implementation: a reload of the page stopped the capture and dropped everything.
#[test]
fn a_reload_within_the_grace_time_changes_nothing() {
    let (_writer, path, _reader) = endless();
    let watched = Watched::new(Some(PATIENCE));
    let viewer = watched.monitor.viewer();
    watched.monitor.start(&Start { needs_viewers: true, ..start(&path) }).unwrap();
    drop(viewer);
    // Whether anybody watches is looked at with every publication.
    let left = watched.monitor.publication().sequence;
    watched.wait_for(|_| watched.monitor.publication().sequence >= left + 3);
    let _reloaded = watched.monitor.viewer();
    let moment = watched.monitor.moment();
    assert_eq!((moment.status.state, moment.status.session), (State::Running, 1));
    assert_eq!(moment.publication.totals.traffic.packets, 3);
    assert_eq!(watched.monitor.packets().unwrap().newest(), Some(3));
}

/// Fault 42 of the design's public implementation: a start in the middle of a stop left a capture that nobody owned.
#[test]
fn of_many_starts_and_stops_at_once_one_session_runs() {
    let (_writer, path, _reader) = endless();
    let watched = Watched::new(None);
    let at_once = |act: &(dyn Fn() -> bool + Sync)| {
        thread::scope(|scope| {
            let acting: Vec<_> = (0..8).map(|_| scope.spawn(act)).collect();
            acting.into_iter().map(|one| one.join().unwrap()).filter(|done| *done).count()
        })
    };
    assert_eq!(at_once(&|| watched.monitor.start(&start(&path)).is_ok()), 1);
    assert_eq!(watched.monitor.status().session, 1);
    // All get what they want, but those who come when it has ended.
    assert!(at_once(&|| watched.monitor.stop(PATIENCE).is_ok()) >= 1);
    assert_eq!(watched.monitor.status().state, State::Finished);
    // The first session has read what was in the pipe.
    let (_writer, path, _reader) = endless();
    assert_eq!(at_once(&|| watched.monitor.start(&start(&path)).is_ok()), 1);
    assert_eq!((watched.monitor.status().state, watched.monitor.status().session), (State::Running, 2));
}

#[test]
fn the_end_of_the_program_ends_the_session() {
    let (_writer, path, _reader) = endless();
    let watched = Watched::new(None);
    watched.monitor.start(&start(&path)).unwrap();
    assert!(watched.monitor.end(PATIENCE));
    assert_eq!(watched.monitor.status().state, State::Finished);
}

#[test]
fn a_session_with_a_report_to_come_refuses_the_next_until_it_is_there() {
    let folder = tempfile::tempdir().unwrap();
    let file = file(&folder, &pcap(2));
    let watched = Watched::of(MonitorSettings { summarized: true, ..MonitorSettings::new(clock) });
    assert_eq!(watched.monitor.start(&start(&file)).unwrap(), 1);
    let status = watched.wait_for(|status| status.state == State::Finished);
    assert!(status.summarizing);
    let words = "please wait, the previous session's summary is still being generated";
    assert_eq!(watched.monitor.start(&start(&file)).unwrap_err().to_string(), words);
    assert_eq!(watched.monitor.reset().unwrap_err().to_string(), words);

    // A report of another session changes nothing.
    watched.monitor.conclude(7, SessionReport::default());
    assert!(watched.monitor.status().summarizing);
    let report = SessionReport { summary: "All is well.".into(), ..SessionReport::default() };
    watched.monitor.conclude(1, report.clone());
    assert!(!watched.monitor.status().summarizing);
    let report = Arc::new(report);
    assert_eq!(watched.monitor.moment().report.as_ref(), Some(&report));
    assert_eq!(watched.monitor.summaries().report.as_deref(), Some(&*report));

    // What was said goes with its session.
    assert_eq!(watched.monitor.start(&start(&file)).unwrap(), 2);
    let moment = watched.monitor.moment();
    assert_eq!(moment.report, None);
    // But for how it ended, which a slow viewer may have to be told yet.
    assert_eq!(moment.ended[0].report.as_ref(), Some(&report));
}

#[test]
fn a_stop_waits_for_the_report() {
    let (writer, path, _reader) = endless();
    let watched = Watched::of(MonitorSettings { summarized: true, ..MonitorSettings::new(clock) });
    watched.monitor.start(&start(&path)).unwrap();
    let writing = watched.monitor.clone();
    watched.monitor.subscribe(move || {
        let writing = writing.clone();
        // Not from the thread that tells of the end: it holds what a report changes.
        thread::spawn(move || {
            if writing.status().summarizing {
                writing.conclude(1, SessionReport::default());
            }
        });
    });
    watched.monitor.stop(PATIENCE).unwrap();
    let status = watched.monitor.status();
    assert_eq!((status.state, status.summarizing), (State::Finished, false));
    assert!(watched.monitor.moment().report.is_some());
    drop(writer);
}

#[test]
fn the_demo_plays_at_its_pace_until_it_is_stopped() {
    fn demo(from: Timestamp) -> Box<dyn Read + Send> {
        // The packets of the file, one now and the others long after the test.
        let mut file = pcap(3);
        for (number, at) in [(0, 0), (1, 3_000), (2, 3_001)] {
            let second = u32::try_from(from.second()).unwrap() + at;
            file[24 + number * 118..][..4].copy_from_slice(&second.to_le_bytes());
        }
        Box::new(std::io::Cursor::new(file))
    }
    let watched = Watched::of(MonitorSettings { demo: Some(demo), ..MonitorSettings::new(clock) });
    let start = Start { origin: Origin::Demo, filter: None, duration: None, needs_viewers: false };
    let filtered = Start { filter: Some("tcp".into()), ..start.clone() };
    let refusal = watched.monitor.start(&filtered).unwrap_err().to_string();
    assert_eq!(refusal, "a capture filter works on interfaces, not on the demo");
    watched.monitor.start(&start).unwrap();
    let status = watched.wait_for(|_| watched.monitor.publication().totals.traffic.packets == 1);
    let source = status.source.unwrap();
    assert_eq!((status.state, source.kind, source.name.as_str()), (State::Running, SourceKind::Demo, "demo"));
    watched.monitor.stop(PATIENCE).unwrap();
    assert_eq!(watched.monitor.status().state, State::Finished);

    let without = Watched::new(None);
    let refusal = without.monitor.start(&start).unwrap_err().to_string();
    assert_eq!(refusal, "this program has no demo: choose an interface or open a capture");
}

fn rule(app: &str, matches: &str) -> AppRule {
    AppRule { app: app.into(), matches: matches.into(), category: None }
}

#[test]
fn rules_hold_for_all_sessions_and_label_one_that_has_ended() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("office.pcap");
    fs::write(&path, pcap(3)).unwrap();
    let watched = Watched::new(None);
    let monitor = &watched.monitor;
    let apps = || {
        let publication = monitor.publication();
        let apps = &publication.apps.apps;
        apps.iter().map(|row| (row.app.app.to_string(), row.app.bytes)).collect::<Vec<_>>()
    };
    // Nothing is measured yet: whoever looks sees the rules all the same.
    monitor.set_rules(&[rule("Meters", "udp/9999")]).unwrap();
    assert_eq!(monitor.publication().apps.rules, [rule("Meters", "udp/9999")]);

    monitor.start(&start(&path)).unwrap();
    watched.wait_for(|status| status.state == State::Finished);
    // Three datagrams of 102 bytes.
    assert_eq!(apps(), [("Meters".into(), 306)]);
    let before = monitor.publication();
    monitor.set_rules(&[rule("Sensors", "203.0.113.0/24"), rule("Meters", "udp/9999")]).unwrap();
    assert_eq!(apps(), [("Sensors".into(), 306)]);
    let after = monitor.publication();
    assert_eq!((after.session, after.sequence), (before.session, before.sequence + 1));
    assert!(after.totals.points.is_empty(), "points of the charts are published once");
    let host = &after.hosts.hosts[0];
    assert_eq!((&*host.apps[0].app, host.apps[0].bytes), ("Sensors", 306));

    let refused = monitor.set_rules(&[rule("Sensors", "no where")]).unwrap_err().to_string();
    assert!(refused.starts_with("rule 1: \"no where\" is neither"), "{refused}");
    assert_eq!(monitor.rules().len(), 2);
    monitor.reset().unwrap();
    assert_eq!((monitor.publication().apps.rules.len(), apps()), (2, Vec::new()));
    monitor.start(&start(&path)).unwrap();
    watched.wait_for(|status| status.state == State::Finished);
    assert_eq!(apps(), [("Sensors".into(), 306)]);
    monitor.set_rules(&[]).unwrap();
    assert_eq!(apps(), []);
    assert_eq!(monitor.publication().apps.unlabelled.bytes, 306);
}
