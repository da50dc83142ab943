//! A session is followed: something is said every minute of its own time, and a report when it ends.

#![expect(clippy::unwrap_used, clippy::disallowed_methods, reason = "a test's own clock and files")]

use std::fs;
use std::path::Path;
use std::sync::mpsc;
use std::time::{Duration, SystemTime};

use etherparse::PacketBuilder;
use netsonde_messages::stream::State;
use netsonde_session::{Monitor, MonitorSettings, Origin, Start};
use netsonde_units::Timestamp;

/// Far more than any step takes on a busy machine.
const PATIENCE: Duration = Duration::from_mins(1);

fn clock() -> Timestamp {
    let now = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).unwrap();
    Timestamp::from_nanos(u64::try_from(now.as_nanos()).unwrap())
}

/// A microsecond pcap of one datagram of 102 bytes a second; in the second minute two, and so on.
fn pcap(seconds: u32) -> Vec<u8> {
    let mut file = [&[0xd4, 0xc3, 0xb2, 0xa1, 2, 0, 4, 0][..], &[0; 8], &[0, 0, 4, 0, 1, 0, 0, 0]].concat();
    let mut frame = Vec::new();
    let ip = PacketBuilder::ethernet2([2; 6], [4; 6]).ipv4([10, 0, 0, 1], [203, 0, 113, 7], 64);
    ip.udp(40_000, 9_999).write(&mut frame, &[0; 60]).unwrap();
    let length = u32::try_from(frame.len()).unwrap();
    for second in 0..seconds {
        for _ in 0..=second / 60 {
            file.extend([1_700_000_000 + second, 0, length, length].map(u32::to_le_bytes).concat());
            file.extend(&frame);
        }
    }
    file
}

#[test]
fn a_minute_of_the_session_is_said_in_words_and_its_end_in_a_report() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("office.pcap");
    fs::write(&path, pcap(200)).unwrap();
    let monitor = Monitor::new(MonitorSettings { summarized: true, ..MonitorSettings::new(clock) }).unwrap();
    let (sender, changes) = mpsc::channel();
    monitor.subscribe(move || {
        let _ = sender.send(());
    });
    netsonde_summarizer::follow(monitor.clone(), None).unwrap();
    monitor.start(&start(&path)).unwrap();
    while monitor.status().state != State::Finished || monitor.status().summarizing {
        changes.recv_timeout(PATIENCE).unwrap();
    }

    let said = monitor.summaries();
    assert_eq!(said.session, 1);
    // At forty times the pace and four publications a second each summary comes some ten seconds late.
    assert!((2..=3).contains(&said.periodic.len()), "{said:?}");
    let (first, second) = (&said.periodic[0], &said.periodic[1]);
    assert!(first.duration_s >= 60 && second.duration_s >= first.duration_s + 60, "{said:?}");
    assert!(first.at.starts_with("2023-11-14T22:1"), "{first:?}");
    // One datagram of 102 bytes a second goes out.
    assert!(first.text.contains("were measured on office.pcap: 8"), "{first:?}");
    assert!(first.text.contains("All of it was UDP."), "{first:?}");
    assert!(!first.text.contains("time before"), "{first:?}");
    assert!(second.text.contains("times as much as in the time before."), "{second:?}");

    let report = said.report.unwrap();
    // 60 seconds of one datagram, 60 of two, 60 of three, 20 of four: 440 of 102 bytes, the last one in second 199.
    let words = "In 3 m 19 s, 440 packets with 44.9 kB were measured on office.pcap.";
    assert!(report.summary.starts_with(words), "{}", report.summary);
    assert_eq!(report.breakdown.len(), 9);
}

fn start(path: &Path) -> Start {
    let speed = Some("40".parse().unwrap());
    let origin = Origin::File { path: path.to_owned(), name: "office.pcap".into(), speed };
    Start { origin, filter: None, duration: None, needs_viewers: false }
}
