//! `netsonde watch`: a live report every second, the final one at the end.

use std::io::{self, Write};
use std::ops::ControlFlow;
use std::sync::Arc;
use std::time::{Duration, Instant};

use console::Term;
use netsonde_capture::{AddressWatch, Engine, LiveSettings, OpenError, Source};
use netsonde_geolocation::{Locator, Standpoint};
use netsonde_messages::stream::SourceKind;
use netsonde_session::{FlowLimit, Session, Settings};
use netsonde_units::Timestamp;

use crate::clock;
use crate::config::Config;
use crate::ending::{Ending, Failure};
use crate::found::Finder;
use crate::output;
use crate::places::{self, Databases};
use crate::sandbox::{self, Reach};
use crate::signals::Stop;
use crate::text;

const REPORT_EVERY: Duration = Duration::from_secs(1);
/// Bounds the flows of the report of each second, so that its size follows the screen, not the network;
/// the final report has them all.
const FLOWS_EACH_SECOND: usize = 100;

/// Terminal controls (ECMA-48: CUP, EL, ED).
const HOME: &str = "\x1b[H";
const ERASE_REST_OF_LINE: &str = "\x1b[K";
const ERASE_BELOW: &str = "\x1b[J";

/// What is open when the rights are given up.
pub(crate) struct Opened {
    source: Source,
    places: Arc<Locator>,
    /// Where the capture is taken.
    here: Option<Standpoint>,
}

/// Opens the capture, and gives up all rights behind it: reading on takes none.
pub(crate) fn open(config: &Config) -> Result<Opened, Failure> {
    let interface = config.interface.as_deref().ok_or_else(|| {
        Failure::Usage(
            "no interface to watch: give --interface NAME (`netsonde interfaces` lists them)".into(),
        )
    })?;
    let (databases, _) = Databases::read(config);
    let here = places::configured(config).or_else(places::time_zone);
    let settings = LiveSettings {
        engine: config.engine.clone(),
        interface: interface.to_owned(),
        filter: config.filter.clone(),
        ..LiveSettings::default()
    };
    if let Engine::Tshark(_) = &config.engine {
        // What it starts has no more rights than it takes.
        sandbox::keep_capture(&config.engine, Reach::everything())?;
    }
    let source = Source::live(&settings, clock::now).map_err(|error| match error {
        OpenError::BadFilter { .. } => Failure::Usage(error.to_string()),
        OpenError::NotPermitted { .. } => {
            let advice = netsonde_session::advice(config.program.as_deref());
            Failure::Failed(format!("{error}; {advice}"))
        }
        error => Failure::Failed(error.to_string()),
    })?;
    sandbox::keep_nothing(&Reach::interfaces())?.log();
    Ok(Opened { source, places: databases.locator()?, here })
}

/// Captures until the time is over, a signal comes or nobody reads any more.
pub(crate) fn run(opened: Opened, config: &Config, stop: &Stop) -> Result<Ending, Failure> {
    let Opened { mut source, places, here } = opened;
    let mut session = Session::new(Settings {
        local: config.local.clone(),
        live: true,
        rules: config.rules.clone(),
        places,
        here,
        ..Settings::default()
    });
    let mut teacher = Teacher { watch: AddressWatch::new(), failing: false };
    teacher.teach(&mut session, clock::now());
    let interface = source.name().to_owned();
    tracing::info!("capturing on {interface}");

    let mut screen = Screen::new(config.json, Finder::new(SourceKind::Interface, &interface));
    let mut pace = Pace::starting(clock::monotonic(), config.duration);
    let mut written = Ok(());
    let mut problems = Problems::default();
    let read = session.drive(&mut source, &mut |session, beat| {
        teacher.teach(session, beat.now);
        let now = clock::monotonic();
        problems.tell(session.outage(), session.note(), &interface, now);
        if pace.report_due(now) {
            // Another machine's time is not known before its first packet.
            let at = if beat.now == Timestamp::EPOCH { clock::now() } else { beat.now };
            written = screen.second(session, at);
        }
        if stop.asked() || pace.over(now) || written.is_err() {
            ControlFlow::Break(())
        } else {
            ControlFlow::Continue(())
        }
    });
    let read = read.and_then(|()| session.conclude(&mut source, clock::now));
    let problem = read.err().map(|error| error.to_string());
    if let Some(problem) = &problem {
        session.note_problem(problem.clone());
    }
    session.finish();
    written?;
    screen.end(&mut session, config.flows)?;
    Ok(problem.map_or(Ending::Done, Ending::Partly))
}

/// Logs what goes wrong meanwhile.
#[derive(Debug, Default)]
struct Problems {
    told: Option<String>,
    is_away: bool,
    warned: Option<Instant>,
}

impl Problems {
    /// The shortest time between two warnings: a program may have something to say all the time.
    const PAUSE: Duration = Duration::from_secs(10);

    /// Logs when packets stay away, when nothing keeps them away any more, and what the program that captures notes.
    fn tell(&mut self, outage: Option<String>, note: Option<String>, interface: &str, now: Instant) {
        let is_away = outage.is_some();
        let newest = outage.or(note);
        if let Some(problem) = newest.as_ref().filter(|problem| self.told.as_ref() != Some(problem)) {
            if self.warned.is_some_and(|warned| now.saturating_duration_since(warned) < Self::PAUSE) {
                return;
            }
            tracing::warn!("{problem}");
            self.warned = Some(now);
        }
        if self.is_away && !is_away {
            tracing::info!("{interface} is back");
        }
        (self.told, self.is_away) = (newest, is_away);
    }
}

/// Keeps the session informed of this machine's addresses.
struct Teacher {
    watch: AddressWatch,
    failing: bool,
}

impl Teacher {
    fn teach(&mut self, session: &mut Session, now: Timestamp) {
        match self.watch.poll(now) {
            Ok(changed) => {
                self.failing = false;
                if let Some(own) = changed {
                    session.learn_addresses(&own.networks, own.hardware);
                }
            }
            Err(error) => {
                if !std::mem::replace(&mut self.failing, true) {
                    tracing::warn!("directions may be wrong: {error}");
                }
            }
        }
    }
}

/// Knows when the next report is due and when the time is over.
struct Pace {
    next_report: Instant,
    end: Option<Instant>,
}

impl Pace {
    fn starting(now: Instant, duration: Option<Duration>) -> Self {
        Self {
            next_report: now + REPORT_EVERY,
            // A duration beyond the clock's range is no bound.
            end: duration.and_then(|duration| now.checked_add(duration)),
        }
    }

    /// Tells whether a report is due; seconds that were missed are not made up for.
    fn report_due(&mut self, now: Instant) -> bool {
        if now < self.next_report {
            return false;
        }
        while self.next_report <= now {
            self.next_report += REPORT_EVERY;
        }
        true
    }

    fn over(&self, now: Instant) -> bool {
        self.end.is_some_and(|end| now >= end)
    }
}

/// Writes the reports: JSON lines, a page redrawn on a terminal, or a line a second elsewhere.
struct Screen {
    json: bool,
    terminal: Option<Term>,
    finder: Finder,
}

impl Screen {
    fn new(json: bool, finder: Finder) -> Self {
        let terminal = Some(Term::stdout()).filter(|terminal| !json && terminal.is_term());
        Self { json, terminal, finder }
    }

    fn second(&mut self, session: &mut Session, now: Timestamp) -> io::Result<()> {
        let mut out = output::standard();
        // Also where nothing is shown of it every second: it tells when something began.
        let found = self.finder.look(session);
        if self.json {
            return output::json(&mut out, session, found, FlowLimit::Largest(FLOWS_EACH_SECOND));
        }
        match &self.terminal {
            Some(terminal) => {
                let page = redrawn(&output::text(session, found), terminal.size().0);
                out.write_all(page.as_bytes())?;
            }
            None => writeln!(out, "{}", text::line(&session.report(FlowLimit::Largest(0)), now))?,
        }
        out.flush()
    }

    fn end(&mut self, session: &mut Session, flows: FlowLimit) -> io::Result<()> {
        let mut out = output::standard();
        let found = self.finder.look(session);
        if self.json {
            return output::json(&mut out, session, found, flows);
        }
        if self.terminal.is_some() {
            write!(out, "{HOME}{ERASE_BELOW}")?;
        }
        out.write_all(output::text(session, found).as_bytes())?;
        out.flush()
    }
}

/// Draws a page over the one before, line over line, so that nothing flickers.
fn redrawn(page: &str, rows: u16) -> String {
    // The last row stays free: a line break there would scroll the first one away.
    let lines = page.lines().take(usize::from(rows).saturating_sub(1));
    let mut drawn = HOME.to_owned();
    lines.for_each(|line| drawn.extend([line, ERASE_REST_OF_LINE, "\n"]));
    drawn + ERASE_BELOW
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn report_is_due_each_second_and_missed_seconds_are_skipped() {
        let start = clock::monotonic();
        let mut pace = Pace::starting(start, Some(Duration::from_secs(5)));
        let at = |millis: u64| start + Duration::from_millis(millis);
        assert!(!pace.report_due(at(999)));
        assert!(pace.report_due(at(1000)));
        assert!(!pace.report_due(at(1999)));
        assert!(pace.report_due(at(4500)));
        assert!(!pace.report_due(at(4999)));
        assert!(!pace.over(at(4999)));
        assert!(pace.over(at(5000)));
    }

    #[test]
    fn page_is_drawn_over_the_last_one_and_cut_to_the_screen() {
        assert_eq!(redrawn("one\ntwo\nthree\n", 3), "\x1b[Hone\x1b[K\ntwo\x1b[K\n\x1b[J");
    }
}
