//! `netsonde doctor`: what may keep the program from working here, and how to mend it.
//!
//! Each check looks at one thing, and judges what it saw in a function without a look of its own.

mod capture;
mod choices;
mod confinement;
mod data;
mod llm;
mod lookups;
mod places;
mod port;
mod privileges;
mod program;
mod system;
mod tshark;

use std::fmt::Write as _;
use std::io::Write as _;

use console::style;
use netsonde_geolocation::Locator;
use netsonde_messages::{Check, DoctorReport, Outcome, PlaceDatabase, SCHEMA};

use crate::cli::Arguments;
use crate::config::{Config, Origins};
use crate::ending::{Ending, Failure};
use crate::places::{Databases, Sought};
use crate::text::printable;
use crate::{clock, logging, output};

/// Checks everything, writes what was found, and fails if something says no.
///
/// # Errors
///
/// [`Failure::Failed`] when a check says no; the output cannot be written.
pub(crate) fn run(arguments: &Arguments) -> Result<Ending, Failure> {
    let settled = Config::load(arguments.config.as_deref(), arguments.options());
    let choices = choices::look(&settled);
    // What is wrong with the choices is one of the findings; the others go by what is left.
    let config = settled.unwrap_or_else(|_| Config::of_flags(arguments.options()));
    logging::start(&config);
    let origins = Origins::of_this_run(arguments.config.as_deref());
    let report = report(checks(&config, choices::check(choices, &origins)));

    let mut out = output::standard();
    if config.json {
        serde_json::to_writer(&mut out, &report).map_err(std::io::Error::from)?;
        out.write_all(b"\n")?;
    } else {
        out.write_all(text(&report.checks).as_bytes())?;
    }
    out.flush()?;
    match report.checks.iter().filter(|check| check.outcome == Outcome::No).count() {
        0 => Ok(Ending::Done),
        1 => Err(Failure::Failed(format!("1 of {} checks says no", report.checks.len()))),
        count => Err(Failure::Failed(format!("{count} of {} checks say no", report.checks.len()))),
    }
}

/// Makes all checks, in the order in which somebody who starts anew meets the things.
fn checks(config: &Config, choices: Check) -> Vec<Check> {
    let rights = privileges::look(config.program.as_deref());
    let mut checks = vec![
        choices,
        privileges::check(&rights),
        capture::check(&capture::look(), &rights),
        tshark::check(&tshark::look()),
        port::check(&port::look(config.serve.listen)),
        program::check_pages(netsonde_server::has_pages(), netsonde_server::pages_on_disk()),
        data::check(&data::look(&config.serve.data), config.serve.upload_max),
        llm::check(&config.llm, netsonde_summarizer::trusted_authorities),
    ];
    checks.extend(places::check(&databases(config), &Sought::of(config), clock::now()));
    checks.extend([
        lookups::check_reverse_dns(&config.lookups, &crate::lookups::name_servers(&config.lookups)),
        lookups::check_ip_api(&config.lookups),
        places::check_here(crate::places::configured(config), crate::places::time_zone()),
        confinement::check(&crate::sandbox::rehearse()),
        system::check_open_files(system::open_files()),
        system::check_clock(clock::now()),
    ]);
    checks
}

/// Returns the databases of places, those that cannot be used among them.
fn databases(config: &Config) -> Vec<PlaceDatabase> {
    let locator = Locator::default();
    // What keeps a named one from being used is among the findings.
    let _ = Databases::read(config).0.load(&locator);
    locator.databases()
}

fn report(checks: Vec<Check>) -> DoctorReport {
    DoctorReport { schema: SCHEMA, ok: checks.iter().all(|check| check.outcome != Outcome::No), checks }
}

/// Renders a line for each check, and a line for what to do about it; colours where standard output is a terminal.
fn text(checks: &[Check]) -> String {
    let width = checks.iter().map(|check| check.name.len()).max().unwrap_or_default();
    let mut page = String::new();
    for Check { name, outcome, finding, mend } in checks {
        let word = style(format!("{outcome:<4}"));
        let word = match outcome {
            Outcome::Ok => word.green(),
            Outcome::Note => word.yellow(),
            Outcome::No => word.red().bold(),
        };
        let _ = writeln!(page, "{word}  {name:<width$}  {}", printable(finding));
        if let Some(mend) = mend {
            let _ = writeln!(page, "      {:<width$}  mend: {}", "", printable(mend));
        }
    }
    page
}

/// Makes a check that found everything as it should be.
fn ok(name: &'static str, finding: impl Into<String>) -> Check {
    Check { name: name.into(), outcome: Outcome::Ok, finding: finding.into(), mend: None }
}

/// Makes a check that found something to know.
fn note(name: &'static str, finding: impl Into<String>) -> Check {
    Check { outcome: Outcome::Note, ..ok(name, finding) }
}

/// Makes a check that found what will not work, and what to do about it.
fn no(name: &'static str, finding: impl Into<String>, mend: impl Into<String>) -> Check {
    Check { outcome: Outcome::No, mend: Some(mend.into()), ..ok(name, finding) }
}

/// Lists names, the first few of many.
fn listed(names: &[&str]) -> String {
    /// As many as a line takes; a machine with containers has hundreds of interfaces.
    const NAMED: usize = 6;
    let mut list = names.iter().take(NAMED).copied().collect::<Vec<_>>().join(", ");
    if let Some(more) = names.len().checked_sub(NAMED).filter(|more| *more > 0) {
        let _ = write!(list, " and {more} more");
    }
    list
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_says_no_has_its_mend_on_the_line_below_and_strangers_words_are_escaped() {
        let checks =
            [ok("disk", "has room"), note("tshark", "is not here"), no("ports", "taken\n", "take another")];
        let plain = console::strip_ansi_codes(&text(&checks)).into_owned();
        assert_eq!(
            plain,
            "ok    disk    has room\n\
             note  tshark  is not here\n\
             no    ports   taken\\n\n              mend: take another\n"
        );
        assert!(!report(checks.to_vec()).ok);
        assert!(report(checks[..2].to_vec()).ok);
    }

    #[test]
    fn many_names_are_cut_and_counted() {
        assert_eq!(listed(&["lo", "eth0"]), "lo, eth0");
        assert_eq!(listed(&["a"; 9]), "a, a, a, a, a, a and 3 more");
    }
}
