//! How a command ends: its exit code and its one line on standard error.

use std::io::{self, ErrorKind, Write as _};
use std::process::ExitCode;

use crate::text::printable;

const FAILED: u8 = 1;
const WRONG_USAGE: u8 = 2;
const PARTLY_READ: u8 = 3;

/// The end of a command that wrote its report.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Ending {
    /// Everything asked for was read, or a signal asked to stop.
    Done,
    /// Reading stopped early: the report covers the rest and says why.
    Partly(String),
}

/// The end of a command without a report.
#[derive(Debug)]
pub(crate) enum Failure {
    /// What was asked cannot be meant.
    Usage(String),
    /// Nothing could be read.
    Failed(String),
    /// Standard output could not be written to.
    Output(io::Error),
}

impl From<io::Error> for Failure {
    fn from(error: io::Error) -> Self {
        Self::Output(error)
    }
}

/// Turns the end of a command into the exit code, with the reason on standard error.
///
/// A reader that closed the pipe has seen what it wanted (`netsonde ... | head`), which is no failure.
pub(crate) fn exit_code(end: Result<Ending, Failure>) -> ExitCode {
    let (code, reason) = match end {
        Ok(Ending::Done) => return ExitCode::SUCCESS,
        Ok(Ending::Partly(problem)) => (PARTLY_READ, format!("partly read: {problem}")),
        Err(Failure::Usage(reason)) => (WRONG_USAGE, reason),
        Err(Failure::Failed(reason)) => (FAILED, reason),
        Err(Failure::Output(error)) if error.kind() == ErrorKind::BrokenPipe => return ExitCode::SUCCESS,
        Err(Failure::Output(error)) => (FAILED, format!("cannot write to standard output: {error}")),
    };
    // Standard error may be closed too; then nobody is there to be told.
    let _ = writeln!(io::stderr(), "netsonde: {}", printable(&reason));
    ExitCode::from(code)
}
