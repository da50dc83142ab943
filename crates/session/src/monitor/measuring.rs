//! The thread that measures while a session runs.

use std::io;
use std::ops::ControlFlow;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::Duration;

use netsonde_capture::{AddressWatch, Source, Steady};
use netsonde_units::Timestamp;

use super::Shared;
use super::later::Later;
use crate::limits::TICK_NANOS;
use crate::{Beat, Session};

/// How a session ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum End {
    /// Its source ended or was stopped; what went wrong on the way.
    Finished(Option<String>),
    /// Measuring broke.
    Failed(String),
}

/// How far a running session is.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Progress {
    /// How far a file is read, 0 to 100.
    pub(super) percentage: Option<f64>,
    /// What keeps packets away at the moment.
    pub(super) problem: Option<String>,
}

/// Everything the thread needs.
pub(super) struct Measuring {
    pub(super) shared: Arc<Shared>,
    pub(super) session: u64,
    pub(super) live: bool,
    pub(super) duration: Option<Duration>,
    pub(super) stop: Arc<AtomicBool>,
    /// What follows the end.
    pub(super) later: Later,
}

impl Measuring {
    /// Starts to measure a source, and to follow what becomes known of its hosts afterwards.
    pub(super) fn start(mut self, source: Source, measured: Session) -> io::Result<()> {
        thread::Builder::new().name("measuring".into()).spawn(move || {
            let end = catch_unwind(AssertUnwindSafe(|| self.run(source, measured))).unwrap_or_else(|panic| {
                let words = panic.downcast_ref::<&str>().copied();
                let words = words.or_else(|| panic.downcast_ref::<String>().map(String::as_str));
                End::Failed(format!("measuring broke: {}", words.unwrap_or("for an unknown reason")))
            });
            self.shared.ended(self.session, end);
            let Self { shared, later, .. } = self;
            drop(shared);
            later.follow();
        })?;
        Ok(())
    }

    fn run(&mut self, mut source: Source, mut session: Session) -> End {
        let clock = self.shared.settings.clock;
        let began = clock();
        let mut own = AddressWatch::new();
        let mut pace = Pace { live: self.live, ticks: 0, next: began };
        let mut lasting = Steady::starting(began);
        let mut unwatched = None;
        self.learn_addresses(&mut own, &mut session, began);
        let read = session.drive(&mut source, &mut |session, beat| {
            let now = clock();
            self.learn_addresses(&mut own, session, now);
            let due = pace.is_due(session, now);
            let lasted = lasting.read(now);
            let over = self.duration.is_some_and(|duration| lasted >= duration);
            if over || self.stop.load(Ordering::Relaxed) || (due && self.is_abandoned(&mut unwatched, now)) {
                // What was measured last is published once everything is.
                return ControlFlow::Break(());
            }
            if due {
                self.publish(session, &beat);
            }
            ControlFlow::Continue(())
        });
        let read = read.and_then(|()| session.conclude(&mut source, clock));
        session.finish();
        // What becomes known from here on may be missing in what is published last.
        self.later.catch_up();
        let done = Progress { percentage: source.progress().map(percentage), problem: None };
        self.shared.publish(self.session, session.topics(), done);
        match read {
            Ok(()) => End::Finished(None),
            // A file that breaks off has been read as far as it goes; an interface that is gone ends what was asked for.
            Err(error) if self.live => End::Failed(error.to_string()),
            Err(error) => End::Finished(Some(error.to_string())),
        }
    }

    fn publish(&self, session: &mut Session, beat: &Beat) {
        let problem = session.outage().or_else(|| session.note());
        let progress = Progress { percentage: beat.progress.map(percentage), problem };
        self.shared.publish(self.session, session.topics(), progress);
    }

    fn learn_addresses(&self, own: &mut AddressWatch, session: &mut Session, now: Timestamp) {
        // Where the system does not tell, what it told last still holds.
        if self.live
            && let Ok(Some(addresses)) = own.poll(now)
        {
            session.learn_addresses(&addresses.networks, addresses.hardware);
        }
    }

    /// Tells whether nobody has watched for longer than the grace time; `unwatched` counts it, and which absence.
    fn is_abandoned(&self, unwatched: &mut Option<(u64, Steady)>, now: Timestamp) -> bool {
        let Some(absence) = self.shared.states().absence() else {
            *unwatched = None;
            return false;
        };
        let (_, lasting) = match unwatched {
            Some(counting) if counting.0 == absence => counting,
            _ => unwatched.insert((absence, Steady::starting(now))),
        };
        let lasted = lasting.read(now);
        self.shared.settings.grace.is_some_and(|grace| lasted >= grace)
    }
}

/// When to publish: live with every tick, otherwise, and before a live source tells the time, by the clock.
struct Pace {
    live: bool,
    ticks: u64,
    next: Timestamp,
}

impl Pace {
    fn is_due(&mut self, session: &mut Session, now: Timestamp) -> bool {
        if self.live && session.has_time() {
            return session.ticks() != std::mem::replace(&mut self.ticks, session.ticks());
        }
        // A clock that was set back must not silence it.
        if now < self.next && self.next.nanos_since(now) <= TICK_NANOS {
            return false;
        }
        self.next = now.plus_nanos(TICK_NANOS);
        session.tick();
        true
    }
}

/// How far a file is read, 0 to 100.
#[expect(clippy::cast_precision_loss, reason = "a bar on a screen")]
fn percentage(progress: netsonde_capture::Progress) -> f64 {
    let netsonde_capture::Progress { read, total } = progress;
    if total == 0 { 100.0 } else { (read as f64 / total as f64 * 100.0).min(100.0) }
}

#[cfg(test)]
mod tests {
    use std::io::Read;

    use netsonde_messages::stream::State;

    use super::super::{Monitor, MonitorSettings, Origin, Start};
    use super::*;

    /// A capture that breaks the program that reads it, after its header.
    struct Breaking(io::Cursor<Vec<u8>>);

    impl Read for Breaking {
        fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
            match self.0.read(buffer)? {
                0 => panic!("a wire came loose"),
                count => Ok(count),
            }
        }
    }

    #[test]
    fn a_panic_while_measuring_is_a_failure_with_its_reason() {
        let monitor = Monitor::new(MonitorSettings::new(|| Timestamp::EPOCH)).unwrap();
        let header = [&[0xd4, 0xc3, 0xb2, 0xa1, 2, 0, 4, 0][..], &[0; 8], &[0, 0, 4, 0, 1, 0, 0, 0]].concat();
        let source = Source::reader("breaking", Box::new(Breaking(io::Cursor::new(header)))).unwrap();
        let origin = Origin::File { path: "breaking".into(), name: "breaking".into(), speed: None };
        let start = Start { origin, filter: None, duration: None, needs_viewers: false };
        let attempt = monitor.shared.states().begin_starting(&start).unwrap();
        let (sender, changes) = std::sync::mpsc::channel();
        monitor.subscribe(move || {
            let _ = sender.send(());
        });
        monitor.measure(source, &start, &attempt).unwrap();
        while monitor.status().state == State::Running {
            changes.recv_timeout(Duration::from_secs(30)).unwrap();
        }
        let status = monitor.status();
        assert_eq!(status.state, State::Failed);
        assert_eq!(status.problem.as_deref(), Some("measuring broke: a wire came loose"));
    }
}
