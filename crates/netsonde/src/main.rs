//! `netsonde`, the program: reads the command line, wires source and session, writes the report.

#![forbid(unsafe_code)]

mod addresses;
mod analyze;
mod assistant;
mod browser;
mod cli;
mod clock;
mod config;
mod doctor;
mod documents;
mod ending;
mod found;
mod geo;
mod interfaces;
mod logging;
mod lookups;
mod manual;
mod output;
mod patience;
mod places;
mod sandbox;
mod serve;
mod signals;
mod text;
mod uploads;
mod watch;

use std::process::ExitCode;

use clap::Parser;

use cli::{Arguments, Command, GeoCommand};
use config::Config;
use ending::{Ending, Failure};
use serve::Dashboard;
use signals::Stop;

#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    let arguments = match Arguments::try_parse() {
        Ok(arguments) => arguments,
        Err(answer) => return cli::answer(&answer),
    };
    ending::exit_code(run(&arguments))
}

fn run(arguments: &Arguments) -> Result<Ending, Failure> {
    match arguments.chosen() {
        Command::Serve(_) => {
            let config = settle(arguments)?;
            let dashboard = Dashboard::prepare(&config, serve::first(&config)?)?;
            until_stopped(|stop| dashboard.serve(stop))
        }
        Command::Demo(_) => {
            let config = settle(arguments)?;
            let dashboard = Dashboard::prepare(&config, Some(serve::demo(&config)))?;
            until_stopped(|stop| dashboard.serve(stop))
        }
        Command::Interfaces(_) => interfaces::run(&settle(arguments)?),
        Command::Analyze(analyze) => {
            let config = settle(arguments)?;
            let prepared = analyze::prepare(&analyze.files, &config)?;
            until_stopped(|stop| analyze::run(&analyze.files, prepared, &config, stop))
        }
        Command::Watch(_) => {
            let config = settle(arguments)?;
            let source = watch::open(&config)?;
            until_stopped(|stop| watch::run(source, &config, stop))
        }
        Command::Geo(asked) => {
            let config = settle(arguments)?;
            match asked.command {
                Some(GeoCommand::Install(asked)) => {
                    let install = geo::Install::prepare(&asked, &config)?;
                    until_stopped(|stop| geo::install(install, stop))
                }
                Some(GeoCommand::Status(_)) | None => geo::status(&config),
            }
        }
        Command::Doctor(_) => doctor::run(arguments),
        // What these say hangs on no choice: options that do not fit must not keep it back.
        Command::Completions(completions) => manual::completions(completions.shell),
        Command::Manual(manual) => manual::run(manual.to.as_deref()),
    }
}

/// Settles the choices of this run, and logs as they say.
fn settle(arguments: &Arguments) -> Result<Config, Failure> {
    let config = Config::load(arguments.config.as_deref(), arguments.options()).map_err(Failure::Usage)?;
    logging::start(&config);
    Ok(config)
}

/// Runs a command that a signal may end early, and that has given up its rights: the thread that waits for signals
/// begins with those that are left.
fn until_stopped(command: impl FnOnce(&Stop) -> Result<Ending, Failure>) -> Result<Ending, Failure> {
    let stop =
        Stop::on_signals().map_err(|error| Failure::Failed(format!("cannot listen for signals: {error}")))?;
    let ending = command(&stop)?;
    if stop.asked() {
        tracing::info!("shutdown complete");
        return Ok(Ending::Done);
    }
    Ok(ending)
}
