//! A program run over a capture, within a time limit.

use std::io::{self, Read};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::mpsc;
use std::thread::{self, JoinHandle};
use std::time::Duration;

use anyhow::{Context as _, bail};
use serde_json::Value;

use super::conversations::Conversation;
use super::findings::Findings;

/// Exit codes of `netsonde analyze`.
const DONE: i32 = 0;
const NOTHING_READ: i32 = 1;
const PARTLY_READ: i32 = 3;

/// How often one looks whether a program has ended.
const GLANCE: Duration = Duration::from_millis(2);

/// A built `netsonde`.
#[derive(Clone, Debug)]
pub struct Netsonde {
    /// The program.
    pub program: PathBuf,
    /// How long one run over one capture may take.
    pub limit: Duration,
}

/// What came of reading a capture.
#[derive(Clone, Debug)]
pub enum Reading {
    /// It was measured, as a whole or up to where it breaks.
    Measured(Box<Measured>),
    /// It was refused, for this reason.
    Refused(String),
}

/// What is said of a capture.
#[derive(Clone, Debug)]
pub struct Measured {
    /// The report.
    pub report: Value,
    /// Its conversations that have ports.
    pub conversations: Vec<Conversation>,
    /// The findings of TCP.
    pub findings: Findings,
}

impl Netsonde {
    /// Reads a capture twice: for its report, and for TCP's findings.
    ///
    /// # Errors
    ///
    /// When the program does not start, takes longer than the limit, ends in another way than the contract says, or
    /// writes what cannot be read.
    pub fn read(&self, capture: &Path) -> anyhow::Result<Reading> {
        let report: Value = match self.analyze(capture, &["--json", "--flows", "all"])? {
            Ok(text) => serde_json::from_slice(&text).context("the report is no JSON")?,
            Err(reason) => return Ok(Reading::Refused(reason)),
        };
        let (conversations, findings) = (Conversation::all(&report)?, self.findings(capture)?);
        Ok(Reading::Measured(Box::new(Measured { report, conversations, findings })))
    }

    /// Returns TCP's findings in a capture that can be read.
    ///
    /// # Errors
    ///
    /// As [`Self::read`], and when the capture is refused.
    pub fn findings(&self, capture: &Path) -> anyhow::Result<Findings> {
        match self.analyze(capture, &["--events", "tcp"])? {
            Ok(text) => Findings::from_lines(&String::from_utf8(text)?),
            Err(reason) => bail!("--events tcp was refused: {reason}"),
        }
    }

    fn analyze(&self, capture: &Path, options: &[&str]) -> anyhow::Result<Result<Vec<u8>, String>> {
        let mut command = Command::new(&self.program);
        command.arg("analyze").args(options).arg(capture);
        let ran = run(command, self.limit)?;
        match ran.status.code() {
            Some(DONE | PARTLY_READ) => Ok(Ok(ran.output)),
            Some(NOTHING_READ) => Ok(Err(ran.problem.trim().to_owned())),
            _ => bail!("{} {}: {}: {}", options.join(" "), capture.display(), ran.status, ran.problem.trim()),
        }
    }
}

/// What a program did.
#[derive(Debug)]
pub struct Ran {
    /// How it ended.
    pub status: ExitStatus,
    /// What it wrote.
    pub output: Vec<u8>,
    /// What it complained of.
    pub problem: String,
}

/// Runs a program to its end; one that takes longer than the limit is ended.
///
/// # Errors
///
/// When it does not start, its output cannot be read, or it takes longer than the limit.
pub fn run(mut command: Command, limit: Duration) -> anyhow::Result<Ran> {
    let name = command.get_program().to_string_lossy().into_owned();
    command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = command.spawn().with_context(|| format!("cannot start {name}"))?;
    let (output, problem) = (collect(child.stdout.take()), collect(child.stderr.take()));
    let Some(status) = wait(&mut child, limit)? else {
        // One that has ended by itself meanwhile is no problem.
        drop(child.kill());
        child.wait()?;
        bail!("{name} took longer than {} s", limit.as_secs());
    };
    let read =
        |side: JoinHandle<io::Result<Vec<u8>>>| side.join().ok().context("nobody read what was written");
    let (output, problem) = (read(output)??, read(problem)??);
    Ok(Ran { status, output, problem: String::from_utf8_lossy(&problem).into_owned() })
}

/// Reads one of a program's outputs to its end, beside whoever waits for the program.
fn collect(side: Option<impl Read + Send + 'static>) -> JoinHandle<io::Result<Vec<u8>>> {
    thread::spawn(move || {
        let mut bytes = Vec::new();
        side.map_or(Ok(0), |mut side| side.read_to_end(&mut bytes)).map(|_| bytes)
    })
}

/// Waits for the end of a program; none where it takes longer than the limit.
fn wait(child: &mut Child, limit: Duration) -> io::Result<Option<ExitStatus>> {
    let mut left = limit;
    loop {
        let status = child.try_wait()?;
        if status.is_some() || left.is_zero() {
            return Ok(status);
        }
        let step = left.min(GLANCE);
        thread::park_timeout(step);
        left -= step;
    }
}

/// Works on items two at a time, and returns the results in the order of the items.
///
/// # Panics
///
/// When `work` does.
pub fn two_at_a_time<T: Send, R: Send>(items: Vec<T>, work: impl Fn(T) -> R + Sync) -> Vec<R> {
    let (places, results) = mpsc::channel();
    let items = std::sync::Mutex::new(items.into_iter().enumerate());
    let next = || items.lock().ok().and_then(|mut items| items.next());
    thread::scope(|scope| {
        for _ in 0..2 {
            let (places, next, work) = (places.clone(), &next, &work);
            scope.spawn(move || {
                while let Some((place, item)) = next() {
                    // The receiver lives until every worker has ended.
                    drop(places.send((place, work(item))));
                }
            });
        }
    });
    drop(places);
    let mut done: Vec<(usize, R)> = results.iter().collect();
    done.sort_by_key(|(place, _)| *place);
    done.into_iter().map(|(_, result)| result).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shell(script: &str) -> Command {
        let mut command = Command::new("sh");
        command.args(["-c", script]);
        command
    }

    #[test]
    fn what_a_program_writes_and_how_it_ends_is_told() {
        let ran = run(shell("echo out; echo err >&2; exit 3"), Duration::from_mins(1)).unwrap();
        assert_eq!((ran.status.code(), &*ran.output, &*ran.problem), (Some(3), &b"out\n"[..], "err\n"));
    }

    #[test]
    fn a_program_that_does_not_end_is_ended() {
        let problem = run(shell("exec cat /dev/zero > /dev/null"), Duration::from_millis(50)).unwrap_err();
        assert!(problem.to_string().contains("longer than"), "{problem}");
    }

    #[test]
    fn results_come_in_the_order_of_the_items() {
        assert_eq!(
            two_at_a_time((0..100).collect(), |number: u32| number * 2),
            (0..200).step_by(2).collect::<Vec<_>>()
        );
    }
}
