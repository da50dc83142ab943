//! `cargo run -p xtask -- conformance DIR`: what netsonde measures against the truth.

#![forbid(unsafe_code)]

use std::ffi::OsString;
use std::io::{self, Write};
use std::path::PathBuf;
use std::process::ExitCode;
use std::time::Duration;

use anyhow::{Context as _, bail, ensure};
use xtask::conformance::program::Netsonde;
use xtask::conformance::tshark::Tshark;
use xtask::conformance::{corpus, fuzz, table};

const USAGE: &str = "usage: xtask conformance DIR [options]

Runs every capture of DIR through netsonde and compares it with the truth beside it (truth/NAME.json next to DIR or in
it, or NAME.json in it); then compares made-up traces with tshark. The exit code is 1 where something is below its
threshold.

  --program FILE  the netsonde to run [default: target/release/netsonde]
  --frames N      frames to make up [default: 50000]; 0 leaves them out
  --seed N        the first seed [default: 1]
  --limit S       seconds that one run over one capture may take [default: 120]
  --keep DIR      where traces that differ are kept [default: target/conformance]";

/// What was asked for.
struct Options {
    folder: PathBuf,
    netsonde: Netsonde,
    plan: fuzz::Plan,
}

fn main() -> ExitCode {
    command().unwrap_or_else(|problem| {
        // Where nobody listens to the problem, the exit code still tells of it.
        drop(writeln!(io::stderr(), "xtask: {problem:#}"));
        ExitCode::FAILURE
    })
}

fn command() -> anyhow::Result<ExitCode> {
    let mut arguments = std::env::args_os().skip(1);
    match arguments.next().as_deref().and_then(|command| command.to_str()) {
        Some("conformance") => conformance(&Options::parse(arguments)?),
        Some("--help" | "-h") => {
            writeln!(io::stdout(), "{USAGE}")?;
            Ok(ExitCode::SUCCESS)
        }
        _ => bail!("{USAGE}"),
    }
}

fn conformance(options: &Options) -> anyhow::Result<ExitCode> {
    let program = &options.netsonde.program;
    ensure!(program.is_file(), "no netsonde at {}: build it with `make build`", program.display());
    let out = &mut io::stdout().lock();
    let outcome = corpus::compare_folder(&options.folder, &options.netsonde)?;
    table::write(out, &outcome)?;
    let mut complaints = outcome.complaints();
    if options.plan.frames > 0 {
        ensure!(
            Tshark::is_here(),
            "there is no tshark to compare made-up traces with: install it, or say --frames 0"
        );
        writeln!(out)?;
        match fuzz::compare_traces(&options.plan, &options.netsonde) {
            Ok(outcome) => {
                outcome.write(out)?;
                complaints.extend(outcome.complaints());
            }
            Err(problem) => complaints.push(format!("made-up traces: {problem:#}")),
        }
    }
    writeln!(out)?;
    for complaint in &complaints {
        writeln!(out, "FAILED: {complaint}")?;
    }
    if complaints.is_empty() {
        writeln!(out, "everything is as it should be")?;
    }
    Ok(if complaints.is_empty() { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

impl Options {
    fn parse(mut arguments: impl Iterator<Item = OsString>) -> anyhow::Result<Self> {
        let target = xtask::tree::root().join("target");
        let mut options = Self {
            folder: PathBuf::new(),
            netsonde: Netsonde { program: target.join("release/netsonde"), limit: Duration::from_mins(2) },
            plan: fuzz::Plan { seed: 1, frames: 50_000, folder: target.join("conformance") },
        };
        while let Some(argument) = arguments.next() {
            let Some(name) = argument.to_str().filter(|name| name.starts_with("--")) else {
                ensure!(options.folder.as_os_str().is_empty(), "one folder at a time\n{USAGE}");
                options.folder = argument.into();
                continue;
            };
            let value = arguments.next().with_context(|| format!("{name} takes a value\n{USAGE}"))?;
            let number = || {
                let number = value.to_str().and_then(|text| text.parse::<u32>().ok());
                number.with_context(|| format!("{name} takes a number\n{USAGE}"))
            };
            match name {
                "--program" => options.netsonde.program = value.into(),
                "--frames" => options.plan.frames = usize::try_from(number()?)?,
                "--seed" => options.plan.seed = number()?.into(),
                "--limit" => options.netsonde.limit = Duration::from_secs(number()?.into()),
                "--keep" => options.plan.folder = value.into(),
                _ => bail!("{name} is no option\n{USAGE}"),
            }
        }
        ensure!(!options.folder.as_os_str().is_empty(), "which folder?\n{USAGE}");
        Ok(options)
    }
}
